-- warning: the articles of the file that is being replaced are still there, unless their outlet left the configuration
SELECT article_id, outlet_id
FROM previous.articles
SEMI JOIN published.outlets USING (outlet_id)
ANTI JOIN published.articles USING (article_id)
