-- A hash over the configuration that content tables are a function of, and $others. Corrections are not among it: the articles that they are about
-- are noted as changed.
SELECT sha256(concat_ws(chr(10),
    $others,
    (SELECT string_agg(to_json(o)::VARCHAR, chr(10) ORDER BY outlet_id) FROM core.outlets AS o),
    (SELECT string_agg(to_json(w)::VARCHAR, chr(10) ORDER BY watchlist_id) FROM core.watchlists AS w),
    (SELECT string_agg(to_json(c)::VARCHAR, chr(10) ORDER BY candidate_id) FROM core.candidates AS c),
    (SELECT string_agg(to_json(e)::VARCHAR, chr(10) ORDER BY watchlist_id, country) FROM core.endorsers AS e)
))
