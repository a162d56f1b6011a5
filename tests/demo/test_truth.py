"""The published file of the demo equals demo/truth*.toml, to the last row. The comparison (demo/compare.py) is tested beside this file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import recount

from demo.compare import TRUTH, compare, demo_world
from demo.facts import load_facts
from demo.newsroom_server import FOLDER
from demo.rehearsal import slips
from demo.server.layout import load_newsroom
from transforms.ledger import Statement, settle
from transforms.records import Stance, StatementStatus

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def found(demo_coverage: Path) -> dict[str, list[str]]:
    return compare(demo_coverage)


@pytest.mark.parametrize(
    "table", ["outcomes", "articles", "versions", "mentions", "stories", "days", "cells", "positions", "boards", "grains"]
)
def test_published_equals_truth(found: dict[str, list[str]], table: str) -> None:
    if found[table]:
        pytest.fail(f"{len(found[table])} differences in {table}:\n" + "\n".join(found[table]), pytrace=False)


def test_published_equals_its_own_rows(demo_coverage: Path) -> None:
    """The counts once more, from the articles and mentions of the file itself."""
    tables = recount.export(demo_coverage)
    assert recount.wrong_cells(tables, recount.facts_of(tables), recount.statuses_of(tables)) == []
    assert recount.wrong_article_candidates(tables) + recount.wrong_stories(tables) + recount.wrong_days(tables) == []


ARTICLES_RIGHT = (
    0.6  # of the positions that a careful reader finds in single articles, with speaker and day; what is lost is named by demo.compare
)


def test_most_positions_of_single_articles_are_found_as_readers_find_them(found: dict[str, list[str]]) -> None:
    """The ledger is exact; in single articles asides and counts are missed. A difference is a line, mostly of one position."""
    told = [p for a in load_facts(*TRUTH).published.values() for p in a.positions if not p.open]
    assert len(found["endorsements"]) <= (1 - ARTICLES_RIGHT) * len(told), "\n".join(found["endorsements"])


def test_the_truth_is_about_every_page_of_the_newsroom() -> None:
    facts = load_facts(*TRUTH)
    pages = {f"{site.id}{a.path}" for site in load_newsroom(FOLDER) for a in site.articles}
    assert sorted(pages ^ {a.key for a in facts.articles}) == []


def test_the_truth_goes_with_the_newsroom() -> None:
    assert slips(load_facts(*TRUTH), load_newsroom(FOLDER)) == []


@pytest.mark.parametrize("with_open", [False, True])
def test_the_ledger_follows_from_the_articles(with_open: bool) -> None:
    """The product's rule, fed with what readers found in the articles, gives the ledger that readers expect, with asides and without."""
    facts = load_facts(*TRUTH)
    moments = {f"{site.id}{a.path}": a.published for site in load_newsroom(FOLDER) for a in site.articles}
    told = [
        Statement(
            article_id=key,
            endorser=p.endorser,
            candidate_id=p.candidate,
            stance=Stance(p.stance),
            status=StatementStatus(p.status),
            said_on=p.said_on,
            published_on=article.published_on,
            published_at=moments[key],
        )
        for key, article in facts.published.items()
        for p in article.positions
        if with_open or not p.open
    ]
    settled = {
        (p.statement.endorser, p.statement.candidate_id, p.statement.stance, p.statement.status, p.statement.day, p.flag)
        for p in settle(told).positions
    }
    assert settled == {(p.endorser, p.candidate, p.stance, p.status, p.changed_on, p.flag) for p in facts.positions}
    assert {p.endorser for p in facts.positions} <= set(demo_world().endorsers)


# The contest as it is known: what was said on the record or reported on a certain day (facts, not articles).
KNOWN = """
US GB DE  mark-rutte          supports   stated    2024-02-22
FR        mark-rutte          supports   reported  2024-02-22
PL        mark-rutte          withholds  stated    2024-02-22
NO        mark-rutte          withholds  stated    2024-02-24
AL        mark-rutte          supports   stated    2024-02-27
HU        mark-rutte          opposes    stated    2024-03-05
RO        klaus-iohannis      supports   stated    2024-03-12
TR        mark-rutte          withholds  stated    2024-03-31
EE LT     mark-rutte          supports   stated    2024-04-02
ES        mark-rutte          supports   reported  2024-04-02
SE IT     mark-rutte          supports   stated    2024-04-04
TR        mark-rutte          supports   reported  2024-04-29
CZ        mark-rutte          supports   stated    2024-05-09
SK        mark-rutte          withholds  stated    2024-06-17
SK HU     mark-rutte          supports   stated    2024-06-18
RO        mark-rutte          supports   stated    2024-06-20
DE        ursula-von-der-leyen  opposes  reported  2024-02-17
"""


def test_the_ledger_has_every_position_of_the_contest_that_has_a_day() -> None:
    known = {
        (country, candidate, stance, status, day)
        for *countries, candidate, stance, status, day in (line.split() for line in KNOWN.strip().splitlines())
        for country in countries
    }
    ledger = {(p.endorser, p.candidate, p.stance, p.status, p.changed_on.isoformat()) for p in load_facts(*TRUTH).positions}
    assert known - ledger == set()
