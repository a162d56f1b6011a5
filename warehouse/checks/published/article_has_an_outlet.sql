-- critical: every article belongs to an outlet of the panel
SELECT article_id, outlet_id FROM published.articles ANTI JOIN published.outlets USING (outlet_id)
