"""From statements to positions: dates that restatements do not move, and contradictions that nobody takes silently."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.ledger import Flag, Ledger, Relation, Statement, settle
from transforms.records import Stance, StatementStatus

YEAR = 2024
SUPPORTS, OPPOSES, WITHHOLDS, WITHDRAWS = Stance.SUPPORTS, Stance.OPPOSES, Stance.WITHHOLDS, Stance.WITHDRAWS_OBJECTION
STATED, REPORTED, EXPECTED = StatementStatus.STATED, StatementStatus.REPORTED, StatementStatus.EXPECTED


def said(
    article_id: str,
    day: str | None,
    stance: Stance = SUPPORTS,
    status: StatementStatus = STATED,
    *,
    said_on: str | None = None,
    hour: int | None = 12,
    endorser: str = "HU",
) -> Statement:
    published_on = date.fromisoformat(f"{YEAR}-{day}") if day else None
    moment = datetime(published_on.year, published_on.month, published_on.day, hour, tzinfo=UTC) if published_on and hour else None
    return Statement(
        article_id=article_id,
        endorser=endorser,
        candidate_id="ann",
        stance=stance,
        status=status,
        said_on=date.fromisoformat(f"{YEAR}-{said_on}") if said_on else None,
        published_on=published_on,
        published_at=moment,
    )


def steps(ledger: Ledger) -> list[tuple[str, str | None, str, str | None]]:
    return [
        (p.statement.article_id, p.statement.day and f"{p.statement.day:%m-%d}", str(p.statement.stance), p.flag) for p in ledger.positions
    ]


def test_a_restatement_confirms_and_moves_no_date() -> None:
    ledger = settle([said("new", "07-09"), said("first", "02-22"), said("again", "03-01", status=REPORTED)])
    (position,) = ledger.positions
    assert position.statement.article_id == "first"
    assert (position.confirmations, position.last_confirmed_on) == (2, date(YEAR, 7, 9))
    assert ledger.relations["new", "HU", "ann"] is Relation.CONFIRMS
    assert ledger.relations["first", "HU", "ann"] is Relation.FIRST


def test_a_day_that_the_text_says_counts_before_the_day_of_the_article() -> None:
    (position,) = settle([said("late", "03-10", said_on="02-22"), said("early", "03-01")]).positions
    assert (position.statement.article_id, position.statement.day, position.statement.is_said) == ("late", date(YEAR, 2, 22), True)
    (position,) = settle([said("foresight", "03-10", said_on="03-12")]).positions
    assert (position.statement.day, position.statement.is_said) == (date(YEAR, 3, 10), False)


def test_a_country_that_comes_round_has_a_position_for_each_step() -> None:
    ledger = settle(
        [
            said("no", "03-05", OPPOSES),
            said("still no", "05-27", OPPOSES),
            said("if", "06-04", WITHHOLDS, StatementStatus.CONDITIONAL),
            said("not against", "06-17", WITHDRAWS, REPORTED),
            said("yes", "06-18", status=REPORTED),
        ]
    )
    assert steps(ledger) == [
        ("no", "03-05", "opposes", None),
        ("if", "06-04", "withholds", None),
        ("not against", "06-17", "withdraws-objection", None),
        ("yes", "06-18", "supports", None),
    ]
    assert [p.number for p in ledger.positions] == [1, 2, 3, 4]


def test_hearsay_does_not_take_back_what_was_said_on_the_record() -> None:
    ledger = settle([said("yes", "06-18"), said("stale", "06-19", OPPOSES, REPORTED), said("stale too", "06-20", OPPOSES, REPORTED)])
    assert steps(ledger) == [("yes", "06-18", "supports", None), ("stale", "06-19", "opposes", "contradicts")]
    assert ledger.relations["stale too", "HU", "ann"] is Relation.CONTRADICTS
    assert settle([said("yes", "06-18"), said("b", "06-19", OPPOSES, REPORTED), said("c", "06-20")]).positions[0].confirmations == 1


@pytest.mark.parametrize(
    ("status", "before", "flag"),
    [
        (STATED, STATED, Flag.REVERSES),
        (STATED, REPORTED, Flag.REVERSES),
        (StatementStatus.DENIED, REPORTED, Flag.DENIES),
        (REPORTED, REPORTED, Flag.CONFLICT),
    ],
)
def test_a_step_back_is_taken_and_flagged(status: StatementStatus, before: StatementStatus, flag: Flag) -> None:
    ledger = settle([said("yes", "03-01", status=before), said("no", "03-02", WITHHOLDS, status)])
    assert steps(ledger)[1] == ("no", "03-02", "withholds", flag)


def test_who_supports_has_withdrawn_every_objection() -> None:
    ledger = settle(
        [said("yes", "06-18", hour=9), said("no veto", "06-18", WITHDRAWS, hour=18), said("again", "06-19", WITHDRAWS, REPORTED)]
    )
    assert steps(ledger) == [("yes", "06-18", "supports", None)]
    assert ledger.relations["no veto", "HU", "ann"] is Relation.CONFIRMS


def test_what_is_expected_is_no_position() -> None:
    ledger = settle([said("soon", "03-01", status=EXPECTED)])
    assert ledger.positions == ()
    assert ledger.relations["soon", "HU", "ann"] is Relation.EXPECTS


def test_the_firmest_report_of_the_first_day_opens_a_position() -> None:
    reports = [said("hearsay", "06-18", status=REPORTED, hour=7), said("record", "06-18", hour=15), said("later", "06-19", hour=7)]
    (position,) = settle(reports).positions
    assert (position.statement.article_id, position.stated_on, position.confirmations) == ("record", date(YEAR, 6, 18), 2)


def test_a_change_within_a_day_is_told_by_the_hour() -> None:
    ledger = settle([said("noon", "06-18", hour=12), said("morning", "06-18", OPPOSES, hour=7)])
    assert steps(ledger) == [("morning", "06-18", "opposes", None), ("noon", "06-18", "supports", None)]
    ledger = settle([said("day only", "06-18", hour=None), said("morning", "06-18", OPPOSES, hour=7)])
    assert [p.statement.article_id for p in ledger.positions] == ["morning", "day only"]


def test_an_article_without_a_date_changes_nothing() -> None:
    ledger = settle([said("dated", "03-01"), said("undated", None, OPPOSES), said("same", None)])
    assert steps(ledger) == [("dated", "03-01", "supports", None)]
    assert ledger.relations["undated", "HU", "ann"] is Relation.UNDATED
    assert ledger.relations["same", "HU", "ann"] is Relation.CONFIRMS
    assert steps(settle([said("undated", None)])) == [("undated", None, "supports", None)]


STATEMENTS = st.lists(
    st.builds(
        said,
        st.integers(0, 10_000).map(str),
        st.sampled_from(["02-22", "03-05", "04-02", "06-18", None]),
        st.sampled_from(Stance),
        st.sampled_from(StatementStatus),
        said_on=st.sampled_from([None, "02-20", "05-01"]),
        hour=st.sampled_from([None, 7, 12]),
        endorser=st.sampled_from(["HU", "SK"]),
    ),
    max_size=12,
    unique_by=lambda s: s.article_id,
)


@given(STATEMENTS, st.randoms(use_true_random=False))
def test_the_ledger_does_not_depend_on_the_order_and_knows_every_statement(statements: list[Statement], shuffle: random.Random) -> None:
    ledger = settle(statements)
    shuffled = statements.copy()
    shuffle.shuffle(shuffled)
    assert settle(shuffled) == ledger
    assert len(ledger.relations) == len(statements)
    assert sum(p.confirmations + 1 for p in ledger.positions) == sum(
        r not in {Relation.EXPECTS, Relation.UNDATED} for r in ledger.relations.values()
    )
    for endorser in ("HU", "SK"):
        taken = [p for p in ledger.positions if p.statement.endorser == endorser and p.flag is not Flag.CONTRADICTS]
        days = [p.statement.day or date.max for p in taken]
        assert days == sorted(days)
        assert all(one.statement.stance is not other.statement.stance for one, other in pairwise(taken))


@given(STATEMENTS, st.sampled_from([STATED, REPORTED]))
def test_a_restatement_of_where_a_country_stands_moves_nothing(statements: list[Statement], status: StatementStatus) -> None:
    before = settle(statements)
    echoes = [
        said(f"echo {p.statement.endorser}", "12-31", p.statement.stance, status, endorser=p.statement.endorser)
        for p in {p.statement.endorser: p for p in before.positions if p.flag is not Flag.CONTRADICTS and p.statement.day}.values()
    ]
    after = settle([*statements, *echoes])
    dated = [(p.statement, p.flag) for p in before.positions if p.statement.day]
    assert [(p.statement, p.flag) for p in after.positions if p.statement.day] == dated
