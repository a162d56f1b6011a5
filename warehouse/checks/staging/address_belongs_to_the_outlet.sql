-- warning: the address of an article lies on a domain of its outlet, or on a subdomain of one (not so for pages read again after a domain left the file)
-- As in transforms/urls.py; domains outside ASCII are not judged, as addresses show them in another form.
WITH addresses AS (
    SELECT DISTINCT
        outlet_id,
        regexp_extract(canonical_url, '^https?://([^/:?#]+|\[[^\]]*\])', 1) AS host,
        coalesce(
            nullif(regexp_extract(canonical_url, '^https?://(?:[^/:?#]+|\[[^\]]*\]):([0-9]+)', 1), ''),
            CASE WHEN starts_with(canonical_url, 'https:') THEN '443' ELSE '80' END
        ) AS port
    FROM staging.pages
    WHERE rejected_reason IS NULL
),

domains AS (
    SELECT outlet_id, regexp_replace(domain, ':[0-9]+$', '') AS domain, nullif(regexp_extract(domain, ':([0-9]+)$', 1), '') AS port
    FROM core.outlet_domains
)

SELECT addresses.outlet_id, addresses.host, addresses.port
FROM addresses
SEMI JOIN domains USING (outlet_id)
ANTI JOIN domains
    ON addresses.outlet_id = domains.outlet_id
    AND (
        regexp_matches(domains.domain, '[^\x00-\x7F]')
        OR (
            (addresses.host = domains.domain OR ends_with(addresses.host, '.' || domains.domain))
            AND coalesce(domains.port = addresses.port, true)
        )
    )
ORDER BY addresses.outlet_id, addresses.host
