-- Outlets of the panel that differ. Grain: outlet and measure that differs.
WITH measured AS (
    SELECT
        CASE WHEN before.outlet_id IS NULL THEN 'came' WHEN after.outlet_id IS NULL THEN 'went' ELSE 'changed' END AS change, outlet_id,
        unnest([
            {measure: 'name', before: before.name::VARCHAR, after: after.name::VARCHAR},
            {measure: 'country', before: before.country::VARCHAR, after: after.country::VARCHAR},
            {measure: 'language', before: before.language::VARCHAR, after: after.language::VARCHAR},
            {measure: 'timezone', before: before.timezone::VARCHAR, after: after.timezone::VARCHAR},
            {measure: 'homepage', before: before.homepage::VARCHAR, after: after.homepage::VARCHAR},
            {measure: 'is_agency', before: before.is_agency::VARCHAR, after: after.is_agency::VARCHAR},
            {measure: 'panel_from', before: before.panel_from::VARCHAR, after: after.panel_from::VARCHAR},
            {measure: 'panel_until', before: before.panel_until::VARCHAR, after: after.panel_until::VARCHAR}
        ], recursive := true)
    FROM earlier.outlets AS before
    FULL JOIN later.outlets AS after USING (outlet_id)
    WHERE before IS DISTINCT FROM after
)

SELECT * FROM measured WHERE before IS DISTINCT FROM after
