"""Every published count, counted again by other hands: from the file's own rows, and from what was planted."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import builders as b
import generated
import pytest
import recount
from generated import Newsroom, Plan
from recount import Tables

from demo.facts import Facts
from warehouse import load, publish


def published(newsroom: Newsroom, folder: Path, journals: int = 12) -> Tables:
    """The newsroom in one publication of everything."""
    with b.world(folder, newsroom.settings) as world:
        for events in newsroom.journals(journals):
            world.record(*events)
        load.stage(world.connection, newsroom.batches)
        world.commit()
        publication = world.publish("all")
        assert publication.snapshot_hash is not None, [r for r in publication.results if not r.success and r.severity == "critical"]
        return recount.export(world.target)


@pytest.fixture(scope="module")
def year() -> Newsroom:
    return generated.generate(Plan(articles=3.0))


@pytest.fixture(scope="module")
def tables(year: Newsroom, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tables]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(publish, "audit", lambda *_, **__: [])
        yield published(year, tmp_path_factory.mktemp("year"))


def statuses(newsroom: Newsroom) -> dict[recount.DayKey, str]:
    return recount.judge_days(newsroom.events, newsroom.outlets, newsroom.facts, newsroom.archived, newsroom.unreached)


def test_the_year_has_everything(year: Newsroom, tables: Tables) -> None:
    """Otherwise the recount says nothing of it."""
    assert len(year.facts) > 5_000
    assert {f.copy_kind for f in year.facts} == {"original", "exact", "near", "syndicated"}
    assert {f.uncounted for f in year.facts} == {None, "undated", "future", "off_panel"}
    assert set(recount.statuses_of(tables).values()) == {"complete", "partial", "outage", "blocked", "archive"}
    assert year.suppress
    for kind in ("new", "known", "rejected", "failed"):
        assert any(end == kind for _, _, end in year.ends)


def test_cells_equal_the_rows_that_they_come_from(tables: Tables) -> None:
    assert recount.wrong_cells(tables, recount.facts_of(tables), recount.statuses_of(tables)) == []


def test_cells_equal_what_was_planted(year: Newsroom, tables: Tables) -> None:
    assert recount.wrong_cells(tables, Facts(articles=tuple(year.facts)), statuses(year)) == []


def test_days_are_judged_as_they_were_planted(year: Newsroom, tables: Tables) -> None:
    found = recount.statuses_of(tables)
    assert found == statuses(year)
    written = {(f.outlet_id, f.published_on) for f in year.facts if f.uncounted is None}
    for key in (year.unknown & found.keys()) - written:
        assert found[key] in ("outage", "blocked"), key
    for row in tables["collection_health"]:
        ended = {end: row[end] for end in ("new", "known", "rejected", "failed")}
        assert ended == {end: year.ends[row["outlet_id"], row["day"], end] for end in ended}, row


def test_articles_are_as_planted(year: Newsroom, tables: Tables) -> None:
    of_file = {fact.key: fact for fact in recount.facts_of(tables).articles}
    planted = {fact.key: fact.model_copy(update={"in_race": True}) for fact in year.facts}
    assert of_file.keys() == planted.keys()
    for key, fact in planted.items():
        assert sorted(of_file[key].mentions, key=lambda m: m.candidate) == list(fact.mentions), key
        assert of_file[key].model_copy(update={"mentions": ()}) == fact.model_copy(update={"mentions": ()})
    assert {(r["article_id"], r["candidate_id"]) for r in tables["article_candidates"] if r["in_lead"]} == year.leads


def test_article_candidates_stories_and_days(tables: Tables) -> None:
    assert recount.wrong_article_candidates(tables) == []
    assert recount.wrong_stories(tables) == []
    assert recount.wrong_days(tables) == []


def test_archived_articles_without_text_are_counted_and_are_in_no_story(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publish, "audit", lambda *_, **__: [])
    newsroom = generated.generate(Plan(outlets=3, days=20, archived_days=12, textless=True))
    tables = published(newsroom, tmp_path, 3)
    assert {row["article_id"] for row in tables["articles"] if row["story_id"] is None} == newsroom.without_text != set()
    assert recount.wrong_cells(tables, Facts(articles=tuple(newsroom.facts)), statuses(newsroom)) == []
    assert recount.wrong_stories(tables) + recount.wrong_days(tables) + recount.wrong_article_candidates(tables) == []


@pytest.mark.system
@pytest.mark.parametrize("seed", range(3))
def test_other_years_with_the_audit(tmp_path: Path, seed: int) -> None:
    newsroom = generated.generate(Plan(seed=100 + seed, articles=6.0, outages=0.05))
    tables = published(newsroom, tmp_path)
    assert recount.statuses_of(tables) == statuses(newsroom)
    for facts in (recount.facts_of(tables), Facts(articles=tuple(newsroom.facts))):
        assert recount.wrong_cells(tables, facts, statuses(newsroom)) == []
    assert recount.wrong_stories(tables) + recount.wrong_days(tables) + recount.wrong_article_candidates(tables) == []
