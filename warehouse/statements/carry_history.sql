-- The history of the old warehouse (old) in the place of what a rebuild has written of the same; ended_now (ended_in_rebuild.sql) goes with
-- it. Not in one transaction: until this is done, the rebuilt file is none.
INSERT INTO history.runs BY NAME FROM old.history.runs ON CONFLICT (run_id) DO NOTHING;
INSERT INTO history.quality_results BY NAME FROM old.history.quality_results;
INSERT INTO history.revisions BY NAME FROM old.history.revisions;
INSERT INTO history.acceptances BY NAME FROM old.history.acceptances;
TRUNCATE history.outcomes;
INSERT INTO history.outcomes BY NAME FROM old.history.outcomes;
INSERT INTO history.outcomes BY NAME FROM ended_now
