-- critical: outlets, watch lists, candidates and endorsers are those of the configuration, each once
SELECT 'outlets' AS found_in, outlet_id AS name
FROM (
    (SELECT outlet_id, name, country, language, timezone, homepage, is_agency, panel_from, panel_until FROM warehouse.core.outlets
     EXCEPT ALL
     SELECT outlet_id, name, country, language, timezone, homepage, is_agency, panel_from, panel_until FROM published.outlets)
    UNION ALL
    (SELECT outlet_id, name, country, language, timezone, homepage, is_agency, panel_from, panel_until FROM published.outlets
     EXCEPT ALL
     SELECT outlet_id, name, country, language, timezone, homepage, is_agency, panel_from, panel_until FROM warehouse.core.outlets)
)
UNION
SELECT 'watchlists', watchlist_id
FROM (
    (SELECT watchlist_id, title, kind, watched_from, watched_until, decided_on FROM warehouse.core.watchlists
     EXCEPT ALL
     SELECT watchlist_id, title, kind, watched_from, watched_until, decided_on FROM published.watchlists)
    UNION ALL
    (SELECT watchlist_id, title, kind, watched_from, watched_until, decided_on FROM published.watchlists
     EXCEPT ALL
     SELECT watchlist_id, title, kind, watched_from, watched_until, decided_on FROM warehouse.core.watchlists)
)
UNION
SELECT 'candidates', candidate_id
FROM (
    (SELECT candidate_id, watchlist_id, name, country, status, withdrew_on FROM warehouse.core.candidates
     EXCEPT ALL
     SELECT candidate_id, watchlist_id, name, country, status, withdrew_on FROM published.candidates)
    UNION ALL
    (SELECT candidate_id, watchlist_id, name, country, status, withdrew_on FROM published.candidates
     EXCEPT ALL
     SELECT candidate_id, watchlist_id, name, country, status, withdrew_on FROM warehouse.core.candidates)
)
UNION
SELECT 'endorsers', watchlist_id || '/' || endorser
FROM (
    (SELECT watchlist_id, country AS endorser, name FROM warehouse.core.endorsers
     EXCEPT ALL
     SELECT watchlist_id, endorser, name FROM published.endorsers)
    UNION ALL
    (SELECT watchlist_id, endorser, name FROM published.endorsers
     EXCEPT ALL
     SELECT watchlist_id, country AS endorser, name FROM warehouse.core.endorsers)
)
