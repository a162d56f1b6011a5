-- Grain: article. Reads: article_pages, core.story_members, core.page_mentions, core.suppressions, collection.fetches, settings.
SELECT
    pages.article_id,
    pages.outlet_id,
    pages.canonical_url AS url,
    pages.title,
    pages.authors,
    pages.byline_org,
    pages.language,
    pages.published_at,
    pages.published_on,
    pages.date_source,
    pages.date_precision,
    pages.article_first_seen_at AS first_seen_at,
    pages.word_count,
    pages.access,
    members.copy_kind,
    members.copy_of,
    members.story_id,
    pages.wire_agency,
    CASE
        WHEN settings.publish_text = 'all' THEN pages.text
        WHEN settings.publish_text = 'mentions' AND EXISTS (
            SELECT 1
            FROM warehouse.core.page_mentions AS mentions
            ANTI JOIN warehouse.core.suppressions AS suppressions
                ON mentions.candidate_id = suppressions.candidate_id AND pages.article_id = suppressions.article_id
            WHERE mentions.fetch_id = pages.fetch_id
        ) THEN pages.text
    END AS text,
    fetches.opt_outs,
    coalesce((pages.published_at AT TIME ZONE 'Europe/Brussels')::DATE, pages.published_on) AS brussels_on
FROM article_pages AS pages
CROSS JOIN settings
LEFT JOIN warehouse.collection.fetches AS fetches USING (fetch_id)
LEFT JOIN warehouse.core.story_members AS members ON pages.article_id = members.article_id
ORDER BY pages.article_id
