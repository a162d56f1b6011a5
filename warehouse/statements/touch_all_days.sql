-- The cells that are made anew: all.
CREATE OR REPLACE TEMP TABLE touched_days AS SELECT outlet_id, day FROM collection_health
