"""The published counts."""

from __future__ import annotations

from great_expectations.expectations.expectation import Expectation

from warehouse.expectations._common import between, one_of, present, unique

TABLE = "published.coverage_by_outlet_day"
COLUMNS = """
    outlet_id, day, watchlist_id, candidate_id, articles, mentions, race_articles, originals, total_articles, share_of_voice,
    collection_status, is_final,
    articles - race_articles AS off_race, articles - unique_articles AS repeated, unique_articles - originals AS led_elsewhere,
    total_articles - articles AS others, mentions - articles AS repeats, list_mentions - mentions AS of_others,
    CASE
        WHEN collection_status IN ('outage', 'blocked', 'not_due')
            THEN coalesce(articles, race_articles, unique_articles, originals, mentions, total_articles, list_mentions) IS NULL
                AND share_of_voice IS NULL
        ELSE articles + race_articles + unique_articles + originals + mentions + total_articles + list_mentions IS NOT NULL
    END::INTEGER AS unknown_is_null
"""


def expectations() -> list[Expectation]:
    """Counts nest in one another, unknown is NULL and only unknown is."""
    return [
        unique("outlet_id", "day", "candidate_id"),
        *present("outlet_id", "day", "watchlist_id", "candidate_id", "collection_status", "is_final"),
        one_of("collection_status", "complete", "partial", "outage", "blocked", "not_due", "archive"),
        between("race_articles", 0, None, "race_articles are a number"),
        between("originals", 0, None, "originals are a number"),
        between("off_race", 0, None, "race_articles are among the articles"),
        between("repeated", 0, None, "stories are no more than articles"),
        between("led_elsewhere", 0, None, "originals are among the stories"),
        between("others", 0, None, "articles are among all articles"),
        between("repeats", 0, None, "each article has a mention"),
        between("of_others", 0, None, "mentions are among those of the watch list"),
        between("share_of_voice", 0, 1, "share_of_voice is a share"),
        between("unknown_is_null", 1, 1, "unknown is NULL, and nothing else is"),
    ]
