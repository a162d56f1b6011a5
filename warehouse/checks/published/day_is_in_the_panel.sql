-- critical: collection health is of outlets of the panel, on days inside their dates, and sources are theirs
SELECT health.outlet_id, health.day, outlets.panel_from, outlets.panel_until
FROM published.collection_health AS health
LEFT JOIN published.outlets AS outlets USING (outlet_id)
WHERE outlets.name IS NULL OR health.day < outlets.panel_from OR health.day > outlets.panel_until
UNION ALL
SELECT outlet_id, NULL, NULL, NULL
FROM published.sources
ANTI JOIN published.outlets USING (outlet_id)
