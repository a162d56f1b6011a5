"""The endorsement ledger: from what articles say of countries' positions to where each country stands since when.

Belongs here: putting the statements on one endorser and candidate in order, and deciding which of them open a position, which confirm one
and which contradict it. Does not belong here: finding statements in a text (``endorsements``), tables (``warehouse/ledger.py``).

A statement counts on the day that it was made, where the text says the day, else on the day that it was published. A restatement never
moves the first date. What is only expected is no position. A statement on the record may take back an earlier one, which is flagged;
hearsay may not take back what was said on the record: it is kept beside the ledger with a flag, for a reader to judge.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from types import MappingProxyType

from transforms.records import Stance, StatementStatus

# How far a country has come towards a candidate: a step up needs no more than a report, a step down from what was said on the record does.
_STEPS = {Stance.OPPOSES: 0, Stance.WITHHOLDS: 1, Stance.WITHDRAWS_OBJECTION: 2, Stance.SUPPORTS: 3}
# Of reports of one day the firmest stands for it.
_FIRMNESS = {
    StatementStatus.STATED: 0,
    StatementStatus.DENIED: 1,
    StatementStatus.CONDITIONAL: 2,
    StatementStatus.REPORTED: 3,
    StatementStatus.EXPECTED: 4,
}
_ON_RECORD = frozenset({StatementStatus.STATED, StatementStatus.DENIED, StatementStatus.CONDITIONAL})
_NEVER = date.max


class Relation(StrEnum):
    """What a statement is to the ledger."""

    FIRST = "first"  # opens a position
    CONFIRMS = "confirms"  # says again what is known
    EXPECTS = "expects"  # foresees a position
    CONTRADICTS = "contradicts"  # says otherwise than the ledger, which stays as it is
    UNDATED = "undated"  # says otherwise in an article without a date: nobody knows whether before or after


class Flag(StrEnum):
    """Why a reader should look at a position."""

    CONTRADICTS = "contradicts"  # not taken: hearsay against what was said on the record
    REVERSES = "reverses"  # taken: the country takes back what it said
    CONFLICT = "conflict"  # taken: one report against another
    DENIES = "denies"  # taken: the country denies a report


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One article's word on one endorser and candidate."""

    article_id: str
    endorser: str
    candidate_id: str
    stance: Stance
    status: StatementStatus
    said_on: date | None  # as the text has it
    published_on: date | None  # local day of the outlet
    published_at: datetime | None  # UTC; None where only the day is known

    @property
    def day(self) -> date | None:
        """The day on which it counts; None where nothing is known. No statement was made after it was reported."""
        if self.is_said:
            return self.said_on
        return self.published_on

    @property
    def is_said(self) -> bool:
        """Whether the day is that of the statement, not of the article."""
        return self.said_on is not None and (self.published_on is None or self.said_on <= self.published_on)


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """Where an endorser stands on a candidate from a day on."""

    number: int  # among those of its endorser and candidate, from 1
    statement: Statement  # that opened it; of the reports of that day the firmest, then the earliest
    flag: Flag | None
    confirmations: int  # further articles that say the same while it lasts
    stated_on: date | None  # first day on which it was said on the record
    last_confirmed_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """All positions, and what each statement is to them."""

    positions: tuple[Position, ...]  # by endorser, candidate, day; undated ones last
    relations: Mapping[tuple[str, str, str], Relation]  # (article_id, endorser, candidate_id)


def settle(statements: Iterable[Statement]) -> Ledger:
    """The ledger of all statements, whatever their order. At most one statement of an article on an endorser and candidate."""
    threads: dict[tuple[str, str], list[Statement]] = defaultdict(list)
    for statement in statements:
        threads[statement.endorser, statement.candidate_id].append(statement)
    positions: list[Position] = []
    relations: dict[tuple[str, str, str], Relation] = {}
    for key in sorted(threads):
        thread = _Thread()
        for statement in sorted(threads[key], key=_order):
            thread.take(statement)
        positions += thread.positions()
        relations |= thread.relations()
    return Ledger(positions=tuple(positions), relations=MappingProxyType(relations))


def _order(statement: Statement) -> tuple[date, datetime, str]:
    # a day without a time counts as its end
    moment = statement.published_at or datetime.max.replace(tzinfo=UTC)
    return (statement.day or _NEVER, moment, statement.article_id)


@dataclass(slots=True)
class _Run:
    """Statements that say the same while a position lasts, in order."""

    members: list[Statement]
    flag: Flag | None

    @property
    def stance(self) -> Stance:
        return self.members[0].stance


def _is_said_by(run: _Run, stance: Stance) -> bool:
    """Whether a position says as much already: who supports a candidate has withdrawn every objection."""
    return stance is run.stance or (run.stance is Stance.SUPPORTS and stance is Stance.WITHDRAWS_OBJECTION)


class _Thread:
    """One endorser and candidate, statement by statement."""

    def __init__(self) -> None:
        self._runs: list[_Run] = []  # taken or flagged, in order of their beginning
        self._current: _Run | None = None
        self._disputed: dict[Stance, _Run] = {}  # contradictions of the current position
        self._expected: list[Statement] = []
        self._undated: list[Statement] = []

    def take(self, statement: Statement) -> None:
        if statement.status is StatementStatus.EXPECTED:
            self._expected.append(statement)
            return
        current = self._current
        if current is not None and _is_said_by(current, statement.stance):
            current.members.append(statement)
            return
        if current is not None and statement.day is None:
            self._undated.append(statement)
            return
        if current is None or (flag := _flag(current.members, statement)) is not Flag.CONTRADICTS:
            run = _Run([statement], None if current is None else flag)
            self._runs.append(run)
            self._current, self._disputed = run, {}
        elif statement.stance in self._disputed:
            self._disputed[statement.stance].members.append(statement)
        else:
            run = _Run([statement], flag)
            self._disputed[statement.stance] = run
            self._runs.append(run)

    def positions(self) -> list[Position]:
        return [_position(number, run) for number, run in enumerate(self._runs, 1)]

    def relations(self) -> dict[tuple[str, str, str], Relation]:
        found = {_key(s): Relation.EXPECTS for s in self._expected} | {_key(s): Relation.UNDATED for s in self._undated}
        for run in self._runs:
            disputed = run.flag is Flag.CONTRADICTS
            opening = _opening(run.members)
            for member in run.members:
                first = Relation.FIRST if member is opening else Relation.CONFIRMS
                found[_key(member)] = Relation.CONTRADICTS if disputed else first
        return found


def _key(statement: Statement) -> tuple[str, str, str]:
    return (statement.article_id, statement.endorser, statement.candidate_id)


def _flag(known: Sequence[Statement], statement: Statement) -> Flag | None:
    """What to think of a statement that says otherwise than those before it. None: the country has come nearer to the candidate."""
    if _STEPS[statement.stance] > _STEPS[known[0].stance]:
        return None
    if statement.status in _ON_RECORD:
        return Flag.DENIES if statement.status is StatementStatus.DENIED else Flag.REVERSES
    return Flag.CONTRADICTS if any(s.status in _ON_RECORD for s in known) else Flag.CONFLICT


def _opening(members: Sequence[Statement]) -> Statement:
    first_day = members[0].day
    return min(
        (s for s in members if s.day == first_day and s.stance is members[0].stance), key=lambda s: (_FIRMNESS[s.status], *_order(s))
    )


def _position(number: int, run: _Run) -> Position:
    on_record = [s.day for s in run.members if s.status in _ON_RECORD and s.stance is run.stance and s.day is not None]
    days = [s.day for s in run.members if s.day is not None]
    return Position(
        number=number,
        statement=_opening(run.members),
        flag=run.flag,
        confirmations=len(run.members) - 1,
        stated_on=min(on_record, default=None),
        last_confirmed_on=max(days, default=None) if len(run.members) > 1 else None,
    )
