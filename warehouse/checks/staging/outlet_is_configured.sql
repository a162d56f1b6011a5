-- critical: a staged page belongs to an outlet of the configuration
SELECT fetch_id, outlet_id FROM staging.pages ANTI JOIN core.outlets USING (outlet_id)
