-- critical: a staged page stands in the collection record as received, from the same outlet and address at the same time
SELECT pages.fetch_id, pages.outlet_id, fetches.outlet_id AS recorded_outlet_id, pages.url, fetches.url AS recorded_url, pages.fetched_at
FROM staging.pages AS pages
LEFT JOIN collection.fetches AS fetches ON pages.fetch_id = fetches.fetch_id AND fetches.result = 'fetched'
WHERE
    fetches.fetch_id IS NULL
    OR pages.outlet_id <> fetches.outlet_id
    OR pages.item_id <> fetches.item_id
    OR pages.url <> fetches.url
    OR pages.fetched_at <> fetches.fetched_at
