-- The period that every question is about. Grain: one row. Parameters: since, until (days, inclusive), days, label, command.
CREATE TEMP TABLE period AS
SELECT $since::DATE AS since, $until::DATE AS until, $days::INTEGER AS days, $label::VARCHAR AS label, $command::VARCHAR AS command;
