-- critical: a staged page stands in the collection record as received
SELECT fetch_id FROM staging.pages ANTI JOIN (SELECT fetch_id FROM collection.fetches WHERE result = 'fetched') USING (fetch_id)
