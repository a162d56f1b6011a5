"""The audit: damage planted in one place is named there, and a clean batch raises nothing."""

# ruff: noqa: E501 (the damage stands in tables)

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib import import_module, resources
from pathlib import Path

import builders as b
import pytest
from builders import RUN, World, answers, fetch, mention, page, poll

from warehouse import audit
from warehouse.audit import QualityResult
from warehouse.database import Connection

TEXT = "Ann Stone met Bob Stone.\nAnn Stone left."
ARTICLE = "item_id = (SELECT min(item_id) FROM staging.pages WHERE rejected_reason IS NULL)"


def findings(pages: list[b.Row]) -> dict[str, list[b.Row]]:
    """What else was found in pages: one statement, quote and reference each."""
    return {
        "page_endorsements": [b.statement(row, "FR", "ann", "Ann Stone left.") for row in pages],
        "page_quotes": [b.quote(row, "met Bob", "ann") for row in pages],
        "page_references": [b.reference(row, "left", "ann") for row in pages],
    }


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A batch of two articles and a rejection in staging, two articles in the core, and the marts of these. Tests undo what they do."""
    with b.world(tmp_path_factory.mktemp("audit")) as made:
        events = [fetch(name, "2024-07-02 08:00") for name in ("a", "b", "c", "d", "bad")]
        made.record(poll("2024-07-01 06:00"), poll("2024-07-03 06:00", known=1, items=["a", "b"]), *events[:2])
        kept = [page(event, text=TEXT) for event in events[:2]]
        made.add(*kept, mentions=[mention(row, name) for row in kept for name in ("ann", "bob")], **findings(kept))
        made.build()
        made.record(*events[2:])
        fresh = [page(event, text=TEXT) for event in events[2:4]]
        found = [mention(row, "ann", number=n) for row in fresh for n in (0, 1)]
        made.stage(
            [*fresh, b.rejected(events[4], "no_text")],
            [a for row in fresh for a in answers(row, in_race=["ann"])],
            found,
            **findings(fresh),
        )
        made.connection.execute("INSERT INTO previous.mentions FROM published.mentions")
        made.connection.execute("INSERT INTO previous.mentions SELECT * REPLACE ('eve' AS candidate_id) FROM published.mentions LIMIT 1")
        yield made


@pytest.fixture
def connection(sample: World) -> Iterator[Connection]:
    """The same, and nothing of what a test does stays."""
    sample.connection.begin()
    yield sample.connection
    sample.connection.rollback()


def failures(results: list[QualityResult]) -> set[tuple[str, str, str]]:
    return {(r.suite.removeprefix("staging.").removeprefix("published."), r.expectation, r.severity) for r in results if not r.success}


def judge_one(connection: Connection, suite: str, name: str, monkeypatch: pytest.MonkeyPatch) -> list[QualityResult]:
    """One expectation or check alone, as judging all of them each time takes a minute; that the others are silent is tested on the clean batch."""
    group, _, stage = suite.partition("/")
    if group == "checks":
        rules = [rule for rule in audit.checks(stage) if rule.name == name]
        monkeypatch.setattr(audit, "checks", lambda _: rules)
        return audit.judge_checks(connection, stage)
    module = import_module(f"warehouse.expectations.{suite}")
    wanted = [entry for entry in module.expectations() if entry.meta["name"] == name]
    monkeypatch.setattr(module, "expectations", lambda: wanted)
    return audit.judge_table(connection, suite)


def test_a_clean_batch_raises_nothing(connection: Connection) -> None:
    staging, published = audit.audit(connection, "staging"), audit.audit(connection, "published")
    assert failures(staging) == set()
    assert failures(published) == set()
    assert len(staging) > 40
    assert len(published) > 35
    for results in (staging, published):
        names = [(r.suite, r.expectation) for r in results]
        assert len(names) == len(set(names))


def test_an_empty_batch_raises_nothing(connection: Connection) -> None:
    for table in audit.SUITES["staging"]:
        connection.execute(f"DELETE FROM staging.{table}")
    assert failures(audit.audit(connection, "staging")) == set()


def test_a_batch_of_rejections_raises_nothing(connection: Connection) -> None:
    connection.execute(
        "DELETE FROM staging.pages WHERE rejected_reason IS NULL;"
        + ";".join(f"DELETE FROM staging.{table}" for table in audit.SUITES["staging"] if table != "pages")
    )
    assert failures(audit.audit(connection, "staging")) == set()


def test_empty_tables_to_publish_raise_nothing(tmp_path: Path) -> None:
    with b.world(tmp_path) as made:
        made.build()
        assert failures(audit.audit(made.connection, "published")) == set()


STAGED = [
    # what is done, where it is found, by what name
    ("UPDATE staging.page_endorsements SET stance = 'likes'", "page_endorsements", "stance is known"),
    ("UPDATE staging.page_endorsements SET status = 'rumoured'", "page_endorsements", "status is known"),
    ("UPDATE staging.page_endorsements SET endorser = 'France'", "page_endorsements", "endorser is a country's code"),
    ("UPDATE staging.page_endorsements SET endorser = 'XX'", "checks/staging", "statement_of_a_known_endorser"),
    ("UPDATE staging.page_endorsements SET candidate_id = 'nobody'", "checks/staging", "statement_of_a_known_endorser"),
    ("UPDATE staging.page_endorsements SET char_start = char_start + 1", "checks/staging", "evidence_stands_in_the_text"),
    ("UPDATE staging.page_endorsements SET evidence = evidence || '.'", "checks/staging", "evidence_stands_in_the_text"),
    ("INSERT INTO staging.page_endorsements FROM staging.page_endorsements LIMIT 1", "page_endorsements", "fetch_id, watchlist_id, endorser, candidate_id is the key"),
    ("UPDATE staging.page_endorsements SET watchlist_id = 'other'", "checks/staging", "finding_has_its_answer"),
    ("UPDATE staging.page_quotes SET direction = 'from'", "page_quotes", "direction is known"),
    ("UPDATE staging.page_quotes SET char_end = char_start", "page_quotes", "the words are not empty"),
    ("UPDATE staging.page_quotes SET quote = 'other words'", "checks/staging", "quote_stands_in_the_text"),
    ("UPDATE staging.page_quotes SET fetch_id = 'gone'", "checks/staging", "finding_has_its_answer"),
    ("UPDATE staging.page_references SET surface = 'other words'", "checks/staging", "reference_reproduces_its_surface"),
    ("UPDATE staging.page_references SET field = 'lead'", "page_references", "field is known"),
    ("INSERT INTO staging.pages FROM staging.pages WHERE {one}", "pages", "fetch_id is the key"),
    ("UPDATE staging.pages SET title = NULL WHERE {one}", "pages", "title_length is present"),
    ("UPDATE staging.pages SET title = '' WHERE {one}", "pages", "title has a length that headlines have"),
    ("UPDATE staging.pages SET title = repeat('x', 2001) WHERE {one}", "pages", "title has a length that headlines have"),
    ("UPDATE staging.pages SET text = '' WHERE {one}", "pages", "text has a length that articles have"),
    ("UPDATE staging.pages SET text = NULL WHERE {one}", "pages", "text_length is present"),
    ("UPDATE staging.pages SET outlet_id = NULL WHERE {one}", "pages", "outlet_id is present"),
    ("UPDATE staging.pages SET outlet_id = 'nobody' WHERE {one}", "checks/staging", "outlet_is_configured"),
    ("UPDATE staging.pages SET url = NULL WHERE {one}", "pages", "url is present"),
    ("UPDATE staging.pages SET first_seen_at = NULL WHERE {one}", "pages", "first_seen_at is present"),
    ("UPDATE staging.pages SET read_version = NULL WHERE {one}", "pages", "read_version is present"),
    ("UPDATE staging.pages SET article_id = NULL WHERE {one}", "pages", "article_id is present"),
    ("UPDATE staging.pages SET article_id = 'xyz' WHERE {one}", "pages", "article_id is a hash"),
    ("UPDATE staging.pages SET canonical_url = NULL WHERE {one}", "pages", "canonical_url is present"),
    ("UPDATE staging.pages SET canonical_url = 'ftp://post.example/a' WHERE {one}", "pages", "canonical_url is a web address"),
    ("UPDATE staging.pages SET authors = NULL WHERE {one}", "pages", "author_count is present"),
    ("UPDATE staging.pages SET access = NULL WHERE {one}", "pages", "access is present"),
    ("UPDATE staging.pages SET access = 'free' WHERE {one}", "pages", "access is known"),
    ("UPDATE staging.pages SET origin = NULL WHERE {one}", "pages", "origin is present"),
    ("UPDATE staging.pages SET origin = 'elsewhere' WHERE {one}", "pages", "origin is known"),
    ("UPDATE staging.pages SET date_precision = NULL WHERE {one}", "pages", "date_precision is present"),
    ("UPDATE staging.pages SET date_precision = 'month' WHERE {one}", "pages", "date_precision is known"),
    ("UPDATE staging.pages SET language = 'eng' WHERE {one}", "pages", "language is ISO 639-1"),
    ("UPDATE staging.pages SET language = 'EN' WHERE {one}", "pages", "language is ISO 639-1"),
    ("UPDATE staging.pages SET published_at = NULL, published_on = '1989-12-31', date_precision = 'day' WHERE {one}", "pages", "published_on is not before 1990"),
    ("UPDATE staging.pages SET published_at = NULL WHERE {one}", "checks/staging", "date_agrees_with_its_precision"),
    ("UPDATE staging.pages SET published_on = published_on + 2 WHERE {one}", "checks/staging", "date_agrees_with_its_precision"),
    ("UPDATE staging.pages SET date_precision = 'day' WHERE {one}", "checks/staging", "date_agrees_with_its_precision"),
    ("UPDATE staging.pages SET published_at = NULL, date_precision = 'none' WHERE {one}", "checks/staging", "date_agrees_with_its_precision"),
    ("DELETE FROM staging.page_watchlists WHERE fetch_id = (SELECT min(fetch_id) FROM staging.page_watchlists); DELETE FROM staging.page_mentions WHERE fetch_id NOT IN (SELECT fetch_id FROM staging.page_watchlists)", "checks/staging", "article_has_every_watchlist"),
    ("INSERT INTO staging.page_watchlists FROM staging.page_watchlists LIMIT 1", "page_watchlists", "fetch_id, watchlist_id is the key"),
    ("UPDATE staging.page_watchlists SET in_race = NULL", "page_watchlists", "in_race is present"),
    ("UPDATE staging.page_watchlists SET candidates_in_race = NULL", "page_watchlists", "candidate_count is present"),
    ("UPDATE staging.page_watchlists SET list_version = NULL", "page_watchlists", "list_version is present"),
    ("INSERT INTO staging.page_watchlists SELECT fetch_id, 'the-post', false, [], 'l' FROM staging.pages WHERE rejected_reason IS NOT NULL", "checks/staging", "answer_belongs_to_an_article"),
    ("DELETE FROM collection.fetches WHERE fetch_id IN (SELECT fetch_id FROM staging.pages WHERE {one})", "checks/staging", "fetch_is_recorded"),
    ("INSERT INTO staging.page_mentions FROM staging.page_mentions WHERE char_start = 0 LIMIT 1", "page_mentions", "fetch_id, candidate_id, field, char_start is the key"),
    ("UPDATE staging.page_mentions SET char_start = char_start + 1, char_end = char_end + 1", "checks/staging", "mention_reproduces_its_surface"),
    ("UPDATE staging.page_mentions SET surface = 'Stone', sentence = 'Stone'", "checks/staging", "mention_reproduces_its_surface"),
    ("UPDATE staging.page_mentions SET candidate_id = 'nobody'", "checks/staging", "mention_of_a_known_candidate"),
    ("UPDATE staging.page_mentions SET candidate_id = NULL", "page_mentions", "candidate_id is present"),
    ("UPDATE staging.page_mentions SET field = NULL", "page_mentions", "field is present"),
    ("UPDATE staging.page_mentions SET sentence = NULL", "page_mentions", "sentence_length is present"),
    ("UPDATE staging.page_mentions SET rule = NULL", "page_mentions", "rule is present"),
    ("UPDATE staging.page_mentions SET sentence = 'Somebody else.'", "page_mentions", "the sentence holds the name"),
    ("INSERT INTO staging.page_mentions SELECT 'no-page', * EXCLUDE fetch_id FROM staging.page_mentions LIMIT 1", "checks/staging", "mention_has_its_answer"),
    ("INSERT INTO staging.page_mentions SELECT fetch_id, 'another', * EXCLUDE (fetch_id, watchlist_id) FROM staging.page_mentions LIMIT 1", "checks/staging", "mention_has_its_answer"),
]  # fmt: skip


@pytest.mark.parametrize(("damage", "suite", "name"), STAGED, ids=[f"{name}-{number}" for number, (_, _, name) in enumerate(STAGED)])
def test_damage_in_staging_is_found_by_name(
    connection: Connection, monkeypatch: pytest.MonkeyPatch, damage: str, suite: str, name: str
) -> None:
    connection.execute(damage.format(one=ARTICLE))
    results = judge_one(connection, suite, name, monkeypatch)
    assert (suite, name, "critical") in failures(results)
    assert audit.refusals(results)


STAGED_WARNINGS = [
    (
        "UPDATE staging.pages SET published_at = NULL, published_on = NULL, date_precision = 'none' WHERE {one}",
        "pages",
        "few articles without a date",
    ),
    ("UPDATE staging.pages SET language = NULL WHERE {one}", "pages", "language is mostly known"),
    ("UPDATE staging.pages SET title = title || chr(65533) WHERE {one}", "pages", "few pages with undecodable characters"),
    (
        "UPDATE staging.pages SET first_seen_at = fetched_at + INTERVAL 1 SECOND WHERE {one}",
        "checks/staging",
        "article_found_no_later_than_fetched",
    ),
]


@pytest.mark.parametrize(("damage", "suite", "name"), STAGED_WARNINGS, ids=[name for *_, name in STAGED_WARNINGS])
def test_what_may_be_true_is_a_warning_alone(connection: Connection, damage: str, suite: str, name: str) -> None:
    connection.execute(damage.format(one=ARTICLE))
    results = audit.audit(connection, "staging")
    assert failures(results) == {(suite, name, "warning")}
    assert not audit.refusals(results)


CELL = "day = '2024-07-02' AND candidate_id = 'ann'"
PUBLISHED = [
    ("INSERT INTO published.articles FROM published.articles LIMIT 1", "articles", "article_id is the key"),
    ("INSERT INTO published.articles SELECT 'ffffffffffffffff', * EXCLUDE article_id FROM published.articles LIMIT 1", "articles", "outlet_id, url is the key"),
    ("UPDATE published.articles SET copy_kind = 'twin'", "articles", "copy_kind is known"),
    ("UPDATE published.articles SET story_id = NULL", "articles", "a story says what place an article has in it"),
    ("UPDATE published.articles SET date_precision = 'month'", "articles", "date_precision is known"),
    ("UPDATE published.articles SET access = 'free'", "articles", "access is known"),
    ("UPDATE published.articles SET url = 'a'", "articles", "url is a web address"),
    ("UPDATE published.articles SET outlet_id = 'nobody'", "checks/published", "article_has_an_outlet"),
    ("UPDATE published.endorsements SET relation = 'seconds'", "endorsements", "relation is known"),
    ("UPDATE published.endorsements SET endorser = 'DE'", "checks/published", "position_has_its_statement"),
    ("UPDATE published.endorsements SET endorser = 'XX'", "checks/published", "endorser_is_followed"),
    ("DELETE FROM published.endorsements", "checks/published", "position_has_its_statement"),
    ("DELETE FROM published.positions", "checks/published", "position_has_its_statement"),
    ("UPDATE published.positions SET stance = 'likes'", "positions", "stance is known"),
    ("UPDATE published.positions SET status = 'expected'", "positions", "status is known"),
    ("INSERT INTO published.positions FROM published.positions", "positions", "watchlist_id, endorser, candidate_id, number is the key"),
    ("INSERT INTO published.positions SELECT * REPLACE (number + 1 AS number) FROM published.positions", "checks/published", "positions_are_in_order"),
    ("UPDATE published.quotes SET direction = 'from'", "quotes", "direction is known"),
    ("UPDATE published.office_references SET char_end = char_start", "office_references", "an office has a length that names of offices have"),
    ("INSERT INTO published.mentions FROM published.mentions LIMIT 1", "mentions", "article_id, candidate_id, field, char_start is the key"),
    ("UPDATE published.mentions SET field = 'lead'", "mentions", "field is known"),
    ("UPDATE published.mentions SET char_end = char_start", "mentions", "a name has a length that names have"),
    ("UPDATE published.mentions SET article_id = 'nothing' WHERE candidate_id = 'ann'", "checks/published", "mention_has_an_article"),
    ("UPDATE published.mentions SET candidate_id = 'nobody' WHERE candidate_id = 'ann'", "checks/published", "mention_has_an_article"),
    ("DELETE FROM published.mentions WHERE candidate_id = 'ann'", "checks/published", "mentions_equal_the_rows"),
    (f"UPDATE published.coverage_by_outlet_day SET mentions = mentions + 1 WHERE {CELL}", "checks/published", "mentions_equal_the_rows"),
    (f"UPDATE published.coverage_by_outlet_day SET articles = articles - 1, race_articles = 0, unique_articles = 0, originals = 0 WHERE {CELL}", "checks/published", "mentions_equal_the_rows"),
    (f"UPDATE published.coverage_by_outlet_day SET total_articles = total_articles + 1 WHERE {CELL}", "checks/published", "totals_equal_the_articles"),
    (f"UPDATE published.coverage_by_outlet_day SET articles = NULL WHERE {CELL}", "coverage_by_outlet_day", "unknown is NULL, and nothing else is"),
    (f"UPDATE published.coverage_by_outlet_day SET originals = NULL WHERE {CELL}", "coverage_by_outlet_day", "unknown is NULL, and nothing else is"),
    (f"UPDATE published.coverage_by_outlet_day SET collection_status = 'outage' WHERE {CELL}", "coverage_by_outlet_day", "unknown is NULL, and nothing else is"),
    (f"UPDATE published.coverage_by_outlet_day SET collection_status = 'fine' WHERE {CELL}", "coverage_by_outlet_day", "collection_status is known"),
    (f"UPDATE published.coverage_by_outlet_day SET share_of_voice = 1.01 WHERE {CELL}", "coverage_by_outlet_day", "share_of_voice is a share"),
    (f"UPDATE published.coverage_by_outlet_day SET share_of_voice = 0.9 WHERE {CELL}", "checks/published", "shares_add_up"),
    (f"UPDATE published.coverage_by_outlet_day SET share_of_voice = NULL WHERE {CELL}", "checks/published", "shares_add_up"),
    (f"UPDATE published.coverage_by_outlet_day SET race_articles = articles + 1 WHERE {CELL}", "coverage_by_outlet_day", "race_articles are among the articles"),
    (f"UPDATE published.coverage_by_outlet_day SET unique_articles = articles + 1 WHERE {CELL}", "coverage_by_outlet_day", "stories are no more than articles"),
    (f"UPDATE published.coverage_by_outlet_day SET originals = unique_articles + 1 WHERE {CELL}", "coverage_by_outlet_day", "originals are among the stories"),
    (f"INSERT INTO published.coverage_by_outlet_day FROM published.coverage_by_outlet_day WHERE {CELL}", "coverage_by_outlet_day", "outlet_id, day, candidate_id is the key"),
    (f"DELETE FROM published.coverage_by_outlet_day WHERE {CELL}", "checks/published", "grid_is_whole"),
    ("DELETE FROM published.coverage_by_outlet_day WHERE day = '2024-07-02'", "checks/published", "article_is_counted_once"),
    ("INSERT INTO published.uncounted SELECT article_id, 'undated' FROM published.articles LIMIT 1", "checks/published", "article_is_counted_once"),
    ("INSERT INTO published.uncounted SELECT article_id, 'whim' FROM published.articles LIMIT 1", "checks/published", "article_is_counted_once"),
    ("DELETE FROM published.collection_health WHERE day = '2024-07-02'", "checks/published", "grid_is_whole"),
    ("UPDATE published.collection_health SET status = 'fine'", "collection_health", "status is known"),
    ("UPDATE published.collection_health SET discovered = discovered + 1", "collection_health", "discovered is the sum of what became of it"),
    ("INSERT INTO published.collection_health FROM published.collection_health LIMIT 1", "collection_health", "outlet_id, day is the key"),
    ("UPDATE published.collection_health SET volume = 'enough'", "collection_health", "volume is known"),
    ("INSERT INTO published.sources FROM published.sources LIMIT 1", "sources", "outlet_id, source_url is the key"),
    ("UPDATE published.sources SET status = 'poorly'", "sources", "status is known"),
    ("UPDATE published.sources SET kind = 'rumour'", "sources", "kind is known"),
    ("UPDATE published.sources SET answered = polls + 1", "sources", "answers are among the polls"),
    ("UPDATE published.sources SET failures = -1", "sources", "failures are a number of polls"),
    ("UPDATE published.stories SET lead_article_id = 'nothing'", "checks/published", "story_has_its_lead"),
    ("UPDATE published.articles SET copy_kind = 'near'", "checks/published", "story_has_its_lead"),
    ("DELETE FROM published.stories", "checks/published", "article_has_its_story"),
    ("UPDATE published.stories SET article_count = article_count + 1", "checks/published", "article_has_its_story"),
]  # fmt: skip


@pytest.mark.parametrize(("damage", "suite", "name"), PUBLISHED, ids=[f"{name}-{number}" for number, (_, _, name) in enumerate(PUBLISHED)])
def test_damage_in_what_is_to_be_published_is_found_by_name(
    connection: Connection, monkeypatch: pytest.MonkeyPatch, damage: str, suite: str, name: str
) -> None:
    connection.execute(damage)
    results = judge_one(connection, suite, name, monkeypatch)
    assert (suite, name, "critical") in failures(results)
    assert audit.refusals(results)


def test_what_vanished_is_a_warning(connection: Connection) -> None:
    connection.execute("INSERT INTO previous.articles FROM published.articles")
    connection.execute("UPDATE previous.articles SET article_id = 'gone', outlet_id = 'post' WHERE url LIKE '%/a'")
    connection.execute("UPDATE previous.articles SET article_id = 'of an outlet that left', outlet_id = 'left' WHERE url LIKE '%/b'")
    results = audit.audit(connection, "published")
    assert failures(results) == {("checks/published", "no_article_vanished", "warning")}


def test_a_candidate_whom_nobody_names_any_more_is_a_warning(connection: Connection) -> None:
    connection.execute("DELETE FROM published.mentions WHERE candidate_id = 'ann'")
    assert ("checks/published", "no_candidate_vanished", "warning") in failures(audit.judge_checks(connection, "published"))


def test_a_report_that_contradicts_the_ledger_is_a_warning(connection: Connection) -> None:
    connection.execute("UPDATE published.positions SET flag = 'reverses'")
    assert failures(audit.audit(connection, "published")) == {("checks/published", "position_contradicts_the_ledger", "warning")}


def test_a_day_on_which_many_items_fail_is_a_warning(connection: Connection) -> None:
    connection.execute("UPDATE published.collection_health SET discovered = discovered + 9, failed = 9 WHERE day = '2024-07-02'")
    assert failures(audit.judge_table(connection, "collection_health")) == {("collection_health", "few items of a day fail", "warning")}


@pytest.mark.parametrize(
    ("damage", "name"),
    [
        ("UPDATE published.collection_health SET volume = 'low' WHERE day = '2024-07-02'", "volume_is_usual"),
        ("UPDATE published.sources SET status = 'dead'", "sources_are_in_order"),
        ("UPDATE published.sources SET moved_to = 'https://post.example/feed2'", "sources_are_in_order"),
        ("UPDATE published.sources SET stands_for = 'https://post.example/feed2'", "sources_are_in_order"),
    ],
)
def test_what_a_person_should_look_at_is_a_warning(connection: Connection, damage: str, name: str) -> None:
    connection.execute(damage)
    assert failures(audit.audit(connection, "published")) == {("checks/published", name, "warning")}


def test_an_expectation_that_cannot_be_evaluated_has_failed(connection: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    from warehouse.expectations import page_watchlists
    from warehouse.expectations._common import between

    monkeypatch.setattr(
        page_watchlists,
        "expectations",
        lambda: [between("no_such_column", 0, 1, "impossible"), between("list_version", 0, 1, "of words", "warning")],
    )
    results = [r for r in audit.audit(connection, "staging") if r.suite == "staging.page_watchlists"]
    assert [(r.expectation, r.success, r.severity) for r in results] == [("impossible", False, "critical"), ("of words", False, "warning")]
    assert all(r.observed is not None and "could not be evaluated" in r.observed for r in results)
    assert audit.refusals(results) == [results[0]]


def test_a_check_that_cannot_be_evaluated_stops_the_run(connection: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = audit.Check(name="broken", severity="critical", meaning="x", query="SELECT nothing FROM nowhere")
    monkeypatch.setattr(audit, "checks", lambda stage: [broken])
    results = [r for r in audit.audit(connection, "staging") if r.suite == "checks/staging"]
    assert [(r.expectation, r.success, r.severity, r.failing_rows) for r in results] == [("broken", False, "critical", None)]
    assert results[0].observed is not None
    assert "could not be evaluated" in results[0].observed


def test_results_say_how_many_rows_and_show_some(connection: Connection) -> None:
    connection.execute("UPDATE staging.page_mentions SET char_start = char_start + 1, char_end = char_end + 1")
    connection.execute("UPDATE staging.pages SET language = 'xyz' WHERE rejected_reason IS NULL")
    found = {r.expectation: r for r in audit.audit(connection, "staging")}
    moved, language = found["mention_reproduces_its_surface"], found["language is ISO 639-1"]
    assert (moved.failing_rows, moved.observed, moved.expected) == (4, "4 wrong rows", "the offsets of a mention give its surface")
    assert moved.sample is not None
    assert {row["surface"] for row in json.loads(moved.sample)} == {"Ann Stone"}
    assert (language.failing_rows, language.observed) == (2, "2 of 3")
    assert language.sample is not None
    assert [row["language"] for row in json.loads(language.sample)] == ["xyz", "xyz"]


def test_a_finding_is_known_by_all_its_rows(connection: Connection) -> None:
    """An acceptance holds for one finding, so what is found must not look the same where other rows fail."""

    def findings() -> set[str | None]:
        wrong = ("language is ISO 639-1", "mention_reproduces_its_surface")
        found = {r.expectation: r for r in audit.audit(connection, "staging")}
        return {found[name].finding for name in wrong}

    ids = [row[0] for row in connection.execute("SELECT fetch_id FROM staging.pages WHERE rejected_reason IS NULL").fetchall()]
    assert findings() == {None}
    seen = []
    for fetch_id in ids:
        connection.execute("UPDATE staging.page_mentions SET surface = 'Ann' || surface WHERE fetch_id = ?", [fetch_id])
        connection.execute(
            "UPDATE staging.pages SET language = CASE fetch_id WHEN ? THEN 'xyz' ELSE 'en' END WHERE title IS NOT NULL", [fetch_id]
        )
        seen.append(findings())
        assert findings() == seen[-1]
    assert len(set.union(*seen)) == 2 * len(ids)


def test_results_are_appended_to_the_history(connection: Connection) -> None:
    results = audit.audit(connection, "staging")
    for run in (RUN, "run-two"):
        audit.record(connection, run, results)
    audit.record(connection, RUN, [])
    assert connection.execute("SELECT run_id, count(*) FROM history.quality_results GROUP BY ALL ORDER BY ALL").fetchall() == [
        (RUN, len(results)), ("run-two", len(results)),
    ]  # fmt: skip


def test_every_check_says_its_severity_and_meaning() -> None:
    for stage in ("staging", "published"):
        assert all(rule.meaning and rule.severity in {"critical", "warning"} for rule in audit.checks(stage))


def test_a_check_without_a_first_line_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "checks" / "staging").mkdir(parents=True)
    (tmp_path / "checks" / "staging" / "silent.sql").write_text("SELECT 1")
    monkeypatch.setattr("warehouse.audit.resources.files", lambda _: tmp_path)
    monkeypatch.setattr("warehouse.audit.sql", lambda name: (tmp_path / name).read_text())
    with pytest.raises(ValueError, match=r"silent\.sql"):
        audit.checks("staging")


def test_every_suite_has_its_module_and_every_module_its_suite() -> None:
    names = {
        entry.name.removesuffix(".py")
        for entry in resources.files("warehouse").joinpath("expectations").iterdir()
        if entry.name[0].isalpha()
    }
    assert names == {name for suites in audit.SUITES.values() for name in suites}
