"""Kinds of damage that are planted into a clean warehouse, one function each, with the rules that must find them, by name.

``staging`` damage is done to the staged batch, ``published`` damage to the tables that are about to be published. What is named is what must
speak; others may speak too. Names are ``suite: expectation``; of checks the suite is left out. ``tests/warehouse/test_damage.py`` does it.
"""

# ruff: noqa: E501 (the damage is one statement each)

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from warehouse.database import Connection

Stage = Literal["staging", "published"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Damage:
    """One kind of damage."""

    name: str
    stage: Stage
    plant: Callable[[Connection], None]
    found_by: tuple[str, ...]


DAMAGES: list[Damage] = []

ARTICLE = "(SELECT min(fetch_id) FROM staging.pages WHERE rejected_reason IS NULL AND origin = 'own' AND date_precision = 'second')"
DATED = "date_precision = 'second' AND rejected_reason IS NULL"


def _damage(stage: Stage, *found_by: str) -> Callable[[Callable[[Connection], None]], Callable[[Connection], None]]:
    def keep(plant: Callable[[Connection], None]) -> Callable[[Connection], None]:
        DAMAGES.append(Damage(name=plant.__name__, stage=stage, plant=plant, found_by=found_by))
        return plant

    return keep


def _of_page(connection: Connection, change: str) -> None:
    """Change one staged article."""
    connection.execute(f"UPDATE staging.pages SET {change} WHERE fetch_id = {ARTICLE}")


def _where(table: str, condition: str) -> str:
    """The one row of a published table that is damaged: the first that fulfils the condition."""
    return f"WHERE rowid = (SELECT min(rowid) FROM published.{table} WHERE {condition})"


def _nullable(connection: Connection, table: str, column: str) -> None:
    connection.execute(f"ALTER TABLE published.{table} ALTER {column} DROP NOT NULL")


# ---- the staged batch: identity


@_damage("staging", "pages: fetch_id is present")
def null_key(connection: Connection) -> None:
    _of_page(connection, "fetch_id = NULL")


@_damage("staging", "pages: fetch_id is the key")
def doubled_page(connection: Connection) -> None:
    connection.execute(f"INSERT INTO staging.pages FROM staging.pages WHERE fetch_id = {ARTICLE}")


@_damage("staging", "page_mentions: fetch_id, candidate_id, field, char_start is the key")
def doubled_mention(connection: Connection) -> None:
    connection.execute("INSERT INTO staging.page_mentions FROM staging.page_mentions LIMIT 1")


@_damage("staging", "page_watchlists: fetch_id, watchlist_id is the key")
def doubled_answer(connection: Connection) -> None:
    connection.execute("INSERT INTO staging.page_watchlists FROM staging.page_watchlists LIMIT 1")


@_damage("staging", "outlet_is_configured", "fetch_is_recorded")
def unknown_outlet(connection: Connection) -> None:
    _of_page(connection, "outlet_id = 'nobody'")


@_damage("staging", "fetch_is_recorded")
def swapped_outlet_of_a_page(connection: Connection) -> None:
    _of_page(connection, "outlet_id = (SELECT max(outlet_id) FROM core.outlets WHERE outlet_id <> staging.pages.outlet_id)")


@_damage("staging", "article_id_means_one_outlet")
def article_of_two_outlets(connection: Connection) -> None:
    connection.execute(
        "UPDATE staging.pages SET article_id = (SELECT min(article_id) FROM core.pages WHERE outlet_id <> staging.pages.outlet_id AND rejected_reason IS NULL)"
        f" WHERE fetch_id = {ARTICLE}"
    )


@_damage("staging", "address_means_one_article")
def address_of_two_articles(connection: Connection) -> None:
    connection.execute(
        "UPDATE staging.pages SET canonical_url = (SELECT min(canonical_url) FROM staging.pages WHERE outlet_id = 'post') WHERE outlet_id = 'post'"
    )


@_damage("staging", "address_belongs_to_the_outlet")
def address_of_another_site(connection: Connection) -> None:
    _of_page(connection, "canonical_url = 'https://elsewhere.example/a'")


@_damage("staging", "fetch_is_recorded")
def swapped_fetches(connection: Connection) -> None:
    connection.execute(
        "UPDATE staging.pages SET fetch_id = (SELECT max(fetch_id) FROM staging.pages) WHERE fetch_id = (SELECT min(fetch_id) FROM staging.pages)"
    )


# ---- the staged batch: texts


@_damage("staging", "pages: title_length is present")
def lost_title(connection: Connection) -> None:
    _of_page(connection, "title = NULL")


@_damage("staging", "word_count_agrees_with_the_text")
def truncated_text(connection: Connection) -> None:
    _of_page(connection, "text = left(text, 20)")


@_damage("staging", "word_count_agrees_with_the_text")
def wrong_word_count(connection: Connection) -> None:
    _of_page(connection, "word_count = word_count * 10")


@_damage("staging", "texts_are_readable", "pages: few pages in the wrong encoding")
def mojibake(connection: Connection) -> None:
    connection.execute(
        "UPDATE staging.pages SET text = text || ' cafÃ© naÃ¯ve â€œwordsâ€', title = title || ' cafÃ©' WHERE rejected_reason IS NULL"
    )


@_damage("staging", "pages: few pages with undecodable characters", "texts_are_readable")
def undecodable_characters(connection: Connection) -> None:
    connection.execute("UPDATE staging.pages SET title = title || chr(65533) WHERE rejected_reason IS NULL")


@_damage("staging", "texts_are_whole")
def the_same_text_everywhere(connection: Connection) -> None:
    connection.execute("UPDATE staging.pages SET text = 'Please accept.', word_count = 2 WHERE rejected_reason IS NULL")


@_damage("staging", "texts_are_as_long_as_usual")
def beginnings_alone(connection: Connection) -> None:
    connection.execute(
        "UPDATE staging.pages SET text = left(text, 100), word_count = 14 WHERE rejected_reason IS NULL AND text IS NOT NULL"
    )


@_damage("staging", "pages: language is known")
def wrong_language(connection: Connection) -> None:
    _of_page(connection, "language = 'qq'")


@_damage("staging", "pages: language is mostly known")
def lost_language(connection: Connection) -> None:
    connection.execute("UPDATE staging.pages SET language = NULL")


# ---- the staged batch: days


@_damage("staging", "date_agrees_with_its_precision")
def shifted_day(connection: Connection) -> None:
    connection.execute(
        f"UPDATE staging.pages SET published_on = published_on + 1 WHERE {DATED} AND hour(published_at AT TIME ZONE (SELECT timezone FROM core.outlets WHERE outlets.outlet_id = pages.outlet_id)) BETWEEN 4 AND 20"
    )


@_damage("staging", "date_agrees_with_its_precision")
def wrong_zone_of_a_batch(connection: Connection) -> None:
    connection.execute("UPDATE core.outlets SET timezone = 'Pacific/Kiritimati'")


@_damage("staging", "date_agrees_with_its_precision")
def instant_of_a_mere_day(connection: Connection) -> None:
    _of_page(connection, "date_precision = 'day'")


@_damage("staging", "pages: published_on is not before 1990")
def date_of_the_epoch(connection: Connection) -> None:
    _of_page(connection, "published_at = TIMESTAMPTZ '1970-01-01 00:00:00+00', published_on = DATE '1970-01-01'")


@_damage("staging", "pages: few articles dated after their fetch")
def future_dates(connection: Connection) -> None:
    connection.execute(
        f"UPDATE staging.pages SET published_at = published_at + INTERVAL 90 DAYS, published_on = published_on + 90 WHERE {DATED}"
    )


@_damage("staging", "pages: few articles without a date")
def lost_dates(connection: Connection) -> None:
    connection.execute("UPDATE staging.pages SET published_at = NULL, published_on = NULL, date_precision = 'none'")


@_damage("staging", "article_found_no_later_than_fetched")
def seen_after_the_fetch(connection: Connection) -> None:
    _of_page(connection, "first_seen_at = fetched_at + INTERVAL 1 DAY")


# ---- the staged batch: findings


@_damage("staging", "mention_reproduces_its_surface")
def offsets_off_by_one(connection: Connection) -> None:
    connection.execute("UPDATE staging.page_mentions SET char_start = char_start + 1, char_end = char_end + 1")


@_damage("staging", "mention_reproduces_its_surface", "page_mentions: the sentence holds the name")
def offsets_in_bytes(connection: Connection) -> None:
    connection.execute("UPDATE staging.page_mentions SET surface = 'é' || surface WHERE char_start > 0")


@_damage("staging", "mention_of_a_known_candidate")
def unknown_candidate(connection: Connection) -> None:
    connection.execute("UPDATE staging.page_mentions SET candidate_id = 'zoe' WHERE candidate_id = 'ann'")


@_damage("staging", "mention_of_a_known_candidate")
def candidate_of_another_list(connection: Connection) -> None:
    connection.execute("UPDATE staging.page_mentions SET candidate_id = 'dee' WHERE candidate_id = 'ann'")


@_damage("staging", "mention_has_its_answer")
def mention_without_an_answer(connection: Connection) -> None:
    connection.execute("UPDATE staging.page_mentions SET fetch_id = 'no-page' WHERE candidate_id = 'ann'")


@_damage("staging", "article_has_every_watchlist")
def lost_watchlist(connection: Connection) -> None:
    connection.execute("DELETE FROM staging.page_watchlists WHERE watchlist_id = 'two'")


@_damage("staging", "answer_belongs_to_an_article")
def answer_for_a_rejected_page(connection: Connection) -> None:
    connection.execute(
        "INSERT INTO staging.page_watchlists SELECT fetch_id, 'one', false, [], 'l' FROM staging.pages WHERE rejected_reason IS NOT NULL"
    )


@_damage("staging", "contender_is_a_candidate")
def contender_of_another_list(connection: Connection) -> None:
    connection.execute("UPDATE staging.page_watchlists SET candidates_in_race = ['dee'] WHERE watchlist_id = 'one'")


@_damage("staging", "evidence_stands_in_the_text")
def evidence_not_in_the_text(connection: Connection) -> None:
    connection.execute("UPDATE staging.page_endorsements SET evidence = 'France backs somebody else.'")


@_damage("staging", "statement_of_a_known_endorser", "page_endorsements: endorser is a country's code")
def unknown_endorser(connection: Connection) -> None:
    connection.execute("UPDATE staging.page_endorsements SET endorser = 'France'")


@_damage("staging", "statement_is_not_of_the_future")
def statement_of_next_year(connection: Connection) -> None:
    connection.execute("UPDATE staging.page_endorsements SET said_on = DATE '2030-01-01'")


@_damage("staging", "quote_stands_in_the_text")
def shifted_quote(connection: Connection) -> None:
    connection.execute("UPDATE staging.page_quotes SET char_start = char_start + 1, char_end = char_end + 1")


@_damage("staging", "finding_of_a_known_candidate", "page_quotes: direction is known")
def quote_of_nobody(connection: Connection) -> None:
    connection.execute("UPDATE staging.page_quotes SET candidate_id = 'zoe', direction = 'from'")


@_damage("staging", "reference_reproduces_its_surface", "page_references: an office has a length that names of offices have")
def reference_without_words(connection: Connection) -> None:
    connection.execute("UPDATE staging.page_references SET char_end = char_start")


@_damage("staging", "finding_has_its_answer")
def findings_of_another_page(connection: Connection) -> None:
    connection.execute("UPDATE staging.page_quotes SET fetch_id = 'no-page'")


# ---- the published tables: configuration


@_damage("published", "configuration_is_published", "article_has_an_outlet", "day_is_in_the_panel", "articles_equal_the_pages")
def lost_outlet(connection: Connection) -> None:
    for table in ("outlets", "articles"):
        connection.execute(
            f"DELETE FROM published.{table} WHERE outlet_id = 'wire'" + (" AND copy_kind = 'original'" if table == "articles" else "")
        )


@_damage("published", "configuration_is_published", "article_lies_on_its_local_day", "day_is_final_after_48_hours")
def wrong_zone(connection: Connection) -> None:
    connection.execute(
        "UPDATE published.outlets SET timezone = CASE timezone WHEN 'UTC' THEN 'Pacific/Kiritimati' ELSE 'Pacific/Pago_Pago' END"
    )


@_damage("published", "outlets: outlet_id is the key", "configuration_is_published")
def doubled_outlet(connection: Connection) -> None:
    connection.execute("INSERT INTO published.outlets FROM published.outlets LIMIT 1")


@_damage("published", "configuration_is_published")
def swapped_candidates(connection: Connection) -> None:
    connection.execute(
        "UPDATE published.candidates SET name = CASE candidate_id WHEN 'ann' THEN 'Bob Stone' ELSE 'Ann Stone' END WHERE candidate_id IN ('ann', 'bob')"
    )


@_damage("published", "candidates: who withdrew has that status")
def withdrawal_without_a_status(connection: Connection) -> None:
    connection.execute("UPDATE published.candidates SET withdrew_on = DATE '2024-01-05'")


@_damage("published", "watchlists: watched dates are in order", "configuration_is_published")
def dates_the_wrong_way_round(connection: Connection) -> None:
    connection.execute("UPDATE published.watchlists SET watched_from = watched_until + 1")


@_damage("published", "endorsers: endorser is a country's code", "endorser_is_followed", "position_is_followed")
def endorser_unknown(connection: Connection) -> None:
    connection.execute("UPDATE published.endorsers SET endorser = 'France' WHERE endorser = 'FR'")


# ---- the published tables: articles


@_damage("published", "articles: article_id is the key", "article_is_unique", "articles_equal_the_pages")
def doubled_article(connection: Connection) -> None:
    connection.execute(f"INSERT INTO published.articles FROM published.articles {_where('articles', 'true')}")


@_damage("published", "articles: outlet_id, url is the key", "address_is_unique")
def article_under_a_second_key(connection: Connection) -> None:
    connection.execute(
        f"INSERT INTO published.articles SELECT 'ffffffffffffffff', * EXCLUDE article_id FROM published.articles {_where('articles', 'true')}"
    )


@_damage("published", "article_equals_its_page", "articles_equal_the_pages")
def swapped_outlet(connection: Connection) -> None:
    connection.execute(
        "UPDATE published.articles SET outlet_id = CASE outlet_id WHEN 'post' THEN 'mill' ELSE 'post' END WHERE outlet_id IN ('post', 'mill')"
    )


@_damage("published", "article_equals_its_page")
def swapped_title(connection: Connection) -> None:
    connection.execute(f"UPDATE published.articles SET title = (SELECT max(title) FROM published.articles) {_where('articles', 'true')}")


@_damage("published", "articles_equal_the_pages", "totals_equal_the_articles", "article_lies_on_its_local_day")
def shifted_days(connection: Connection) -> None:
    connection.execute("UPDATE published.articles SET published_on = published_on + 1, brussels_on = brussels_on + 1")


@_damage("published", "article_lies_on_its_local_day")
def brussels_day_of_elsewhere(connection: Connection) -> None:
    connection.execute("UPDATE published.articles SET brussels_on = brussels_on + 1")


@_damage("published", "articles: an instant is known where the precision says so")
def invented_time_of_day(connection: Connection) -> None:
    connection.execute("UPDATE published.articles SET published_at = published_on::TIMESTAMPTZ WHERE date_precision = 'day'")


@_damage("published", "article_is_not_of_the_future")
def counted_future(connection: Connection) -> None:
    connection.execute("DELETE FROM published.uncounted WHERE reason = 'future'")


@_damage("published", "article_is_not_of_the_future", "article_equals_its_page")
def seen_in_the_future(connection: Connection) -> None:
    connection.execute("UPDATE published.articles SET first_seen_at = first_seen_at + INTERVAL 1 YEAR")


@_damage("published", "article_is_counted_once")
def lost_uncounted(connection: Connection) -> None:
    connection.execute("DELETE FROM published.uncounted WHERE reason = 'undated'")


@_damage("published", "uncounted_has_its_reason")
def wrong_reason(connection: Connection) -> None:
    connection.execute("UPDATE published.uncounted SET reason = CASE reason WHEN 'undated' THEN 'off_panel' ELSE 'undated' END")


@_damage("published", "uncounted: reason is known", "uncounted: article_id is the key")
def doubled_uncounted(connection: Connection) -> None:
    connection.execute("INSERT INTO published.uncounted SELECT article_id, 'whim' FROM published.uncounted LIMIT 1")


@_damage("published", "article_equals_its_page", "mention_stands_in_the_article")
def texts_of_other_articles(connection: Connection) -> None:
    connection.execute("UPDATE published.articles SET text = 'Other words.', word_count = 2 WHERE text IS NOT NULL")


@_damage("published", "versions_begin_with_the_first")
def lost_first_version(connection: Connection) -> None:
    connection.execute("DELETE FROM published.article_versions WHERE changed = 'first'")


@_damage("published", "article_versions: changed is known", "finding_is_unique")
def doubled_version(connection: Connection) -> None:
    connection.execute(
        "UPDATE published.article_versions SET changed = 'nothing'; INSERT INTO published.article_versions FROM published.article_versions LIMIT 1"
    )


@_damage("published", "answer_has_an_article", "article_has_its_answers", "finding_has_an_article")
def answers_of_another_newsroom(connection: Connection) -> None:
    connection.execute("UPDATE published.article_watchlists SET watchlist_id = 'three' WHERE watchlist_id = 'two'")
    connection.execute(f"DELETE FROM published.articles {_where('articles', 'true')}")


@_damage("published", "article_watchlists: article_id, watchlist_id is the key", "answer_is_unique")
def doubled_answer_of_an_article(connection: Connection) -> None:
    connection.execute("INSERT INTO published.article_watchlists FROM published.article_watchlists LIMIT 1")


# ---- the published tables: copies


@_damage("published", "copy_has_its_lead", "copies_equal_the_comparison", "articles: a story says what place an article has in it")
def copy_counted_as_original(connection: Connection) -> None:
    connection.execute("UPDATE published.articles SET copy_kind = 'original' WHERE copy_kind = 'exact'")


@_damage("published", "copies_equal_the_texts", "copies_equal_the_comparison", "article_has_its_story")
def original_of_its_own(connection: Connection) -> None:
    connection.execute(
        "UPDATE published.articles SET copy_kind = 'original', copy_of = NULL, story_id = article_id WHERE copy_kind = 'exact'"
    )


@_damage("published", "copies_equal_the_texts", "copies_equal_the_comparison")
def near_copy_called_exact(connection: Connection) -> None:
    connection.execute("UPDATE published.articles SET copy_kind = 'exact' WHERE copy_kind IN ('near', 'syndicated')")


@_damage("published", "copy_has_its_lead", "article_has_its_story")
def copy_of_another_story(connection: Connection) -> None:
    connection.execute(
        f"UPDATE published.articles SET story_id = (SELECT max(story_id) FROM published.articles) {_where('articles', chr(39) + 'exact' + chr(39) + ' = copy_kind')}"
    )


@_damage("published", "lead_is_the_earliest", "story_has_its_lead")
def lead_after_its_copies(connection: Connection) -> None:
    connection.execute(
        "UPDATE published.articles SET published_at = published_at + INTERVAL 20 DAYS, published_on = published_on + 20 WHERE copy_kind = 'original'"
    )


@_damage("published", "article_has_its_story")
def dropped_copy(connection: Connection) -> None:
    connection.execute("DELETE FROM published.articles WHERE copy_kind <> 'original'")


@_damage("published", "story_has_its_lead", "stories: a story has the name of its lead")
def story_without_lead(connection: Connection) -> None:
    connection.execute(f"UPDATE published.stories SET lead_article_id = 'nobody' {_where('stories', 'article_count = 1')}")


@_damage("published", "article_has_its_story")
def wrong_story_count(connection: Connection) -> None:
    connection.execute(f"UPDATE published.stories SET article_count = article_count + 1 {_where('stories', 'article_count > 1')}")


@_damage("published", "article_has_its_story")
def wrong_outlet_count(connection: Connection) -> None:
    connection.execute(f"UPDATE published.stories SET outlet_count = 1 {_where('stories', 'outlet_count > 1')}")


@_damage("published", "stories: story_id is the key", "story_is_unique", "article_has_its_story")
def doubled_story(connection: Connection) -> None:
    connection.execute("INSERT INTO published.stories FROM published.stories LIMIT 1")


# ---- the published tables: mentions and findings


@_damage("published", "mentions_equal_the_rows", "mentions_equal_the_pages", "named_equals_the_mentions")
def lost_mentions(connection: Connection) -> None:
    connection.execute("DELETE FROM published.mentions WHERE candidate_id = 'ann'")


@_damage(
    "published",
    "mentions: article_id, candidate_id, field, char_start is the key",
    "mention_is_unique",
    "mentions_equal_the_rows",
    "mentions_equal_the_pages",
)
def doubled_mentions(connection: Connection) -> None:
    connection.execute("INSERT INTO published.mentions FROM published.mentions WHERE candidate_id = 'ann'")


@_damage("published", "mentions_equal_the_pages", "mentions_equal_the_rows")
def swapped_candidates_of_mentions(connection: Connection) -> None:
    connection.execute(
        "UPDATE published.mentions SET candidate_id = CASE candidate_id WHEN 'ann' THEN 'bob' ELSE 'ann' END WHERE candidate_id IN ('ann', 'bob')"
    )


@_damage("published", "mentions_equal_the_pages", "mention_stands_in_the_article")
def published_offsets_off_by_one(connection: Connection) -> None:
    connection.execute("UPDATE published.mentions SET char_start = char_start + 1, char_end = char_end + 1")


@_damage("published", "mention_has_an_article", "mentions_equal_the_rows")
def wrong_join(connection: Connection) -> None:
    connection.execute("UPDATE published.mentions SET article_id = reverse(article_id)")


@_damage("published", "suppressed_is_not_counted", "suppressed_mentions: a correction has its reason", "mentions_equal_the_pages")
def suppressed_all_the_same(connection: Connection) -> None:
    connection.execute(
        "INSERT INTO published.mentions SELECT article_id, candidate_id, field, char_start, char_end, surface, surface, 'full_name' FROM published.suppressed_mentions"
    )
    connection.execute("UPDATE published.suppressed_mentions SET reason = ' '")


@_damage("published", "named_equals_the_mentions", "article_candidates: who is there is named")
def nobody_named(connection: Connection) -> None:
    connection.execute("UPDATE published.article_candidates SET mention_count = 0")


@_damage("published", "race_is_of_the_contest", "stories_equal_the_rows")
def in_a_race_that_is_none(connection: Connection) -> None:
    connection.execute("UPDATE published.article_candidates SET in_race = true")


@_damage(
    "published",
    "findings_equal_the_pages",
    "quotes: article_id, candidate_id, direction, field, char_start is the key",
    "finding_is_unique",
)
def doubled_quote(connection: Connection) -> None:
    connection.execute("UPDATE published.quotes SET direction = 'about'; INSERT INTO published.quotes FROM published.quotes LIMIT 1")


@_damage("published", "findings_equal_the_pages", "finding_has_an_article", "office_references: surface is present")
def references_of_no_article(connection: Connection) -> None:
    _nullable(connection, "office_references", "surface")
    connection.execute("UPDATE published.office_references SET article_id = reverse(article_id), surface = NULL")


@_damage("published", "endorser_is_followed", "findings_equal_the_pages", "endorsements: relation is known")
def statement_of_another_candidate(connection: Connection) -> None:
    connection.execute("UPDATE published.endorsements SET candidate_id = 'dee', relation = 'seconds'")


@_damage("published", "mention_stands_in_the_article", "findings_equal_the_pages", "position_has_its_statement")
def evidence_of_other_words(connection: Connection) -> None:
    connection.execute("UPDATE published.endorsements SET evidence = 'France backs somebody else.'")


@_damage("published", "positions: watchlist_id, endorser, candidate_id, number is the key", "positions_are_in_order")
def duplicated_position(connection: Connection) -> None:
    connection.execute("INSERT INTO published.positions FROM published.positions")


@_damage("published", "positions_are_in_order")
def reordered_positions(connection: Connection) -> None:
    connection.execute(
        "UPDATE published.positions SET number = most - number + 1 FROM (SELECT endorser, candidate_id, max(number) AS most FROM published.positions GROUP BY ALL) AS all_of"
        " WHERE positions.endorser = all_of.endorser AND positions.candidate_id = all_of.candidate_id"
    )


@_damage("published", "position_has_its_statement")
def lost_position(connection: Connection) -> None:
    connection.execute(f"DELETE FROM published.positions {_where('positions', 'number = 1')}")


@_damage("published", "position_contradicts_the_ledger")
def flagged_position(connection: Connection) -> None:
    connection.execute("UPDATE published.positions SET flag = 'reverses'")


# ---- the published tables: counts

KNOWN = "articles > 0 AND collection_status = 'complete'"
UNKNOWN = "collection_status IN ('outage', 'blocked', 'not_due')"


@_damage("published", "coverage_by_outlet_day: unknown is NULL, and nothing else is")
def unknown_turned_into_zero(connection: Connection) -> None:
    connection.execute(
        f"UPDATE published.coverage_by_outlet_day SET articles = 0, race_articles = 0, unique_articles = 0, originals = 0, mentions = 0, total_articles = 0, list_mentions = 0 WHERE {UNKNOWN}"
    )


@_damage("published", "coverage_by_outlet_day: unknown is NULL, and nothing else is")
def zero_turned_into_unknown(connection: Connection) -> None:
    connection.execute("UPDATE published.coverage_by_outlet_day SET articles = NULL WHERE articles = 0")


@_damage("published", "day_is_final_after_48_hours")
def final_too_early(connection: Connection) -> None:
    connection.execute("UPDATE as_of SET as_of = as_of - INTERVAL 9 DAYS")


@_damage("published", "day_is_final_after_48_hours")
def never_final(connection: Connection) -> None:
    connection.execute("UPDATE published.coverage_by_outlet_day SET is_final = false")


@_damage("published", "shares_add_up")
def share_of_the_wrong_denominator(connection: Connection) -> None:
    connection.execute(
        "UPDATE published.coverage_by_outlet_day SET share_of_voice = mentions / total_articles WHERE mentions > 0 AND total_articles > 0"
    )


@_damage("published", "shares_add_up", "coverage_by_outlet_day: mentions are among those of the watch list")
def wrong_denominator(connection: Connection) -> None:
    connection.execute("UPDATE published.coverage_by_outlet_day SET list_mentions = mentions - 1 WHERE mentions > 0")


@_damage("published", "mentions_equal_the_rows")
def articles_counted_as_mentions(connection: Connection) -> None:
    connection.execute("UPDATE published.coverage_by_outlet_day SET mentions = articles")


@_damage("published", "stories_equal_the_rows")
def copies_counted_as_originals(connection: Connection) -> None:
    connection.execute("UPDATE published.coverage_by_outlet_day SET originals = articles, unique_articles = articles")


@_damage("published", "stories_equal_the_rows", "coverage_by_outlet_day: race_articles are among the articles")
def more_races_than_articles(connection: Connection) -> None:
    connection.execute("UPDATE published.coverage_by_outlet_day SET race_articles = articles + 1")


@_damage("published", "totals_equal_the_articles")
def total_of_the_mentioned_alone(connection: Connection) -> None:
    connection.execute("UPDATE published.coverage_by_outlet_day SET total_articles = articles")


@_damage("published", "grid_is_whole")
def lost_zeros(connection: Connection) -> None:
    connection.execute("DELETE FROM published.coverage_by_outlet_day WHERE articles = 0")


@_damage("published", "coverage_by_outlet_day: outlet_id, day, candidate_id is the key", "cell_is_unique")
def doubled_cell(connection: Connection) -> None:
    connection.execute(
        f"INSERT INTO published.coverage_by_outlet_day FROM published.coverage_by_outlet_day {_where('coverage_by_outlet_day', KNOWN)}"
    )


@_damage("published", "mentions_equal_the_rows", "totals_equal_the_articles")
def shifted_cells(connection: Connection) -> None:
    connection.execute("UPDATE published.coverage_by_outlet_day SET day = day + 1")


@_damage("published", "mentions_equal_the_rows")
def swapped_cells(connection: Connection) -> None:
    connection.execute(
        "UPDATE published.coverage_by_outlet_day SET candidate_id = CASE candidate_id WHEN 'ann' THEN 'bob' ELSE 'ann' END WHERE candidate_id IN ('ann', 'bob')"
    )


# ---- the published tables: collection


@_damage("published", "collection_health: discovered is the sum of what became of it", "health_equals_the_items")
def health_that_does_not_reconcile(connection: Connection) -> None:
    connection.execute("UPDATE published.collection_health SET discovered = discovered + 1")


@_damage("published", "health_equals_the_items")
def failures_counted_as_rejections(connection: Connection) -> None:
    connection.execute("UPDATE published.collection_health SET rejected = rejected + failed, failed = 0")


@_damage("published", "unknown_day_has_no_article", "collection_health: a day that is not whole has its reason")
def outage_with_articles(connection: Connection) -> None:
    connection.execute("UPDATE published.collection_health SET status = 'outage', reason = NULL WHERE new > 0")


@_damage("published", "grid_is_whole")
def partial_called_complete(connection: Connection) -> None:
    connection.execute("UPDATE published.collection_health SET status = 'complete', reason = NULL WHERE status = 'partial'")


@_damage("published", "collection_health: outlet_id, day is the key")
def doubled_day(connection: Connection) -> None:
    connection.execute("INSERT INTO published.collection_health FROM published.collection_health LIMIT 1")


@_damage("published", "day_is_in_the_panel")
def day_outside_the_panel(connection: Connection) -> None:
    connection.execute("UPDATE published.collection_health SET day = day - 400")


@_damage("published", "item_has_ended", "health_equals_the_items")
def doubled_journal(connection: Connection) -> None:
    connection.execute("INSERT INTO collection.items SELECT reverse(item_id), * EXCLUDE item_id FROM collection.items")
    connection.execute("INSERT INTO core.item_ends FROM core.item_ends LIMIT 5")


@_damage("published", "volume_is_usual")
def unusual_volume(connection: Connection) -> None:
    connection.execute("UPDATE published.collection_health SET volume = 'low'")


@_damage("published", "collection_health: few items of a day fail")
def many_failures(connection: Connection) -> None:
    connection.execute("UPDATE published.collection_health SET failed = discovered")


@_damage("published", "sources: answers are among the polls", "sources_are_in_order")
def dead_source(connection: Connection) -> None:
    connection.execute("UPDATE published.sources SET status = 'dead', answered = polls + 1")


# ---- the published tables: what a person should look at


@_damage("published", "correction_matches")
def correction_of_nothing(connection: Connection) -> None:
    connection.execute("INSERT INTO core.suppressions VALUES ('ffffffffffffffff', 'ann', 'no such article')")


@_damage("published", "few_copies_within_an_outlet")
def copies_everywhere(connection: Connection) -> None:
    connection.execute("UPDATE published.articles SET copy_kind = 'exact', copy_of = article_id")


@_damage("published", "few_articles_are_undated")
def undated_everywhere(connection: Connection) -> None:
    connection.execute("UPDATE published.articles SET published_on = NULL")


@_damage("published", "candidate_is_named_somewhere")
def candidate_at_zero(connection: Connection) -> None:
    connection.execute("DELETE FROM published.mentions WHERE candidate_id = 'cor'")


@_damage("published", "language_is_usual")
def language_that_turned(connection: Connection) -> None:
    connection.execute("UPDATE published.articles SET language = 'fr' WHERE published_on > (SELECT as_of::DATE FROM as_of) - 7")


@_damage("published", "no_article_vanished")
def vanished_article(connection: Connection) -> None:
    connection.execute(f"DELETE FROM published.articles {_where('articles', 'true')}")


@_damage("published", "no_candidate_vanished")
def vanished_candidate(connection: Connection) -> None:
    connection.execute("DELETE FROM published.mentions WHERE candidate_id = 'bob'")
