"""The mutation test of the audit: planted damage is caught by name, the clean warehouse passes, and no rule is there that cannot fail."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from importlib import import_module

import builders as b
import generated
import pytest
from builders import World
from damage import DAMAGES, Damage

from warehouse import audit
from warehouse.audit import QualityResult
from warehouse.database import Connection, sql

PLAN = generated.Plan(seed=11, first_day=date(2024, 3, 20), days=30, articles=9.0, outages=0.06, textless=True)
STAGED = 4  # every fourth page is in the batch that waits


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A newsroom of some weeks: most of it is about to be published, the rest staged. Tests undo what they do."""
    newsroom = generated.generate(PLAN)
    journals = newsroom.journals(2)
    with b.world(tmp_path_factory.mktemp("damage"), newsroom.settings) as made:
        for events in journals:
            made.record(*events)
        load_batches(made, [batch for number, batch in enumerate(newsroom.batches) if number % STAGED])
        made.commit()
        made.build()
        connection = made.connection
        for table in ("articles", "mentions"):
            connection.execute(f"INSERT INTO previous.{table} FROM published.{table}").fetchall()
        load_batches(made, newsroom.batches[::STAGED])
        yield made


def load_batches(world: World, batches: list[generated.Batch]) -> None:
    """Stage whole batches."""
    tables: dict[str, list[b.Row]] = {}
    for batch in batches:
        for table, rows in batch.items():
            tables.setdefault(table, []).extend(rows)
    pages, lists, mentions = (tables.pop(name, []) for name in ("pages", "page_watchlists", "page_mentions"))
    world.stage(pages, lists, mentions, **tables)


@pytest.fixture
def connection(sample: World) -> Iterator[Connection]:
    sample.connection.begin()
    yield sample.connection
    sample.connection.rollback()


def name_of(result: QualityResult) -> str:
    """As damage names what finds it."""
    suite = result.suite.partition(".")[2]
    return f"{suite}: {result.expectation}" if suite else result.expectation


def test_the_sample_holds_what_is_damaged(sample: World) -> None:
    counts = dict(
        sample.query(
            """
            SELECT 'exact', count(*) FROM published.articles WHERE copy_kind = 'exact'
            UNION ALL SELECT 'near', count(*) FROM published.articles WHERE copy_kind IN ('near', 'syndicated')
            UNION ALL SELECT 'textless', count(*) FROM published.articles WHERE story_id IS NULL
            UNION ALL SELECT 'versions', count(*) FROM published.article_versions
            UNION ALL SELECT 'suppressed', count(*) FROM published.suppressed_mentions
            UNION ALL SELECT 'positions', count(*) FROM published.positions WHERE number > 1
            UNION ALL SELECT 'uncounted', count(DISTINCT reason) - 2 FROM published.uncounted
            UNION ALL SELECT 'outages', count(*) FROM published.collection_health WHERE status IN ('outage', 'blocked')
            UNION ALL SELECT 'archive', count(*) FROM published.collection_health WHERE status = 'archive'
            UNION ALL SELECT 'staged', count(*) FROM staging.pages
            UNION ALL SELECT 'rejected', count(*) FROM staging.pages WHERE rejected_reason IS NOT NULL
            UNION ALL SELECT 'statements', count(*) FROM staging.page_endorsements
            """
        )
    )
    assert [name for name, count in counts.items() if not count] == []


def test_the_clean_one_is_not_refused(sample: World) -> None:
    assert [name_of(result) for stage in ("staging", "published") for result in audit.refusals(audit.audit(sample.connection, stage))] == []


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.name)
def test_damage_is_found_by_name(connection: Connection, monkeypatch: pytest.MonkeyPatch, damage: Damage) -> None:
    damage.plant(connection)
    results = {name_of(result): result for result in judge(connection, damage, monkeypatch)}
    assert set(damage.found_by) <= results.keys()
    assert {name for name in damage.found_by if results[name].success} == set()
    assert {name: results[name].observed for name in damage.found_by if "evaluated" in (results[name].observed or "")} == {}


def judge(connection: Connection, damage: Damage, monkeypatch: pytest.MonkeyPatch) -> list[QualityResult]:
    """The rules that are named and no others: judging all of them each time takes minutes."""
    if damage.stage == "staging":
        connection.execute(sql("statements/judged_pages.sql")).fetchall()
    rules = [rule for rule in audit.checks(damage.stage) if rule.name in damage.found_by]
    monkeypatch.setattr(audit, "checks", lambda _: rules)
    results = audit.judge_checks(connection, damage.stage) if rules else []
    for suite in sorted({name.partition(": ")[0] for name in damage.found_by if ": " in name}):
        module = import_module(f"warehouse.expectations.{suite}")
        wanted = [entry for entry in module.expectations() if f"{suite}: {entry.meta['name']}" in damage.found_by]
        monkeypatch.setattr(module, "expectations", lambda wanted=wanted: wanted)
        results += audit.judge_table(connection, suite)
    return results


def test_there_are_many_kinds_of_damage() -> None:
    assert len({damage.name for damage in DAMAGES}) == len(DAMAGES) >= 100


@pytest.mark.parametrize("stage", ["staging", "published"])
def test_every_rule_finds_some_damage(stage: str) -> None:
    """No check and no suite is there that nothing can fail."""
    found = {name for damage in DAMAGES if damage.stage == stage for name in damage.found_by}
    assert {rule.name for rule in audit.checks(stage)} - found == set()
    assert set(audit.SUITES[stage]) - {name.partition(": ")[0] for name in found if ": " in name} == set()
