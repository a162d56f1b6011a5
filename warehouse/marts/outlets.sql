-- Grain: outlet. Reads: core.outlets (the configuration).
SELECT outlet_id, name, country, language, timezone, homepage, is_agency, panel_from, panel_until
FROM warehouse.core.outlets
ORDER BY outlet_id
