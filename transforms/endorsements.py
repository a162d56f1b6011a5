"""Which country stands behind whom, as one text says it.

Belongs here: the way in, and the one position of each country on each candidate that comes of a text's statements. Words are found in
:mod:`transforms.position_words`, actors in :mod:`transforms.actors`, statements in :mod:`transforms.statements`, which asks
:mod:`transforms.clauses` who does what to whom and :mod:`transforms.attribution` who says it. Nothing here knows a person, a country or
a post: they come from the watch list.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import cast

from transforms.clause_reading import Reading, sentences_in
from transforms.offices import Offices
from transforms.params import Watchlist
from transforms.passage import Passage
from transforms.position_words import PREDICATES, WordsByLanguage
from transforms.records import Endorsement, Stance, StatementStatus
from transforms.said_on import Told, counts_from_before, days_in, part_of, said_on_at
from transforms.statements import Positions, Reader, Statement

__all__ = ["Positions", "compile_positions", "find_endorsements"]


def compile_positions(watchlist: Watchlist, languages: Sequence[str]) -> Positions:
    """What finding positions goes by. The words of each language are made ready when its first text comes."""
    return Positions(
        WordsByLanguage(watchlist, frozenset(languages) if watchlist.endorsers else frozenset()),
        {c.id: c.country for c in watchlist.candidates},
        frozenset(e.country for e in watchlist.endorsers),
    )


def find_endorsements(positions: Positions, offices: Offices, passage: Passage) -> tuple[Endorsement, ...]:
    """The position of each endorser on each candidate that a text tells, by endorser and candidate. Never raises."""
    words = positions.words.get(passage.language)
    if words is None or not passage.names:
        return ()
    seen = offices.read(passage)
    if not (seen.countries or seen.offices or seen.officials):
        return ()
    reader = Reader(positions, offices, passage, words)
    told = list(reader.statements())
    told = [s for s in told if not _long_ago(s, passage)]
    return _settled([s for s in told if s.candidate not in reader.gone], passage)  # positions on who has left are over


_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_HEADING = re.compile(r"[^:\n]{0,30}:")  # a month or year before all that a paragraph tells of it (June 2023: …)


def _long_ago(statement: Statement, passage: Passage) -> bool:
    """Whether a statement is told of a year gone by (in 2023 London campaigned for): of another contest, or of a state that is over."""
    if passage.published_on is None:
        return False
    copy, reading = statement.reading.copy, statement.reading
    begin, end = part_of(copy.text, reading.start, reading.end, statement.at[0])
    opening = part_of(copy.text, reading.start, reading.end, reading.start)
    years = [int(m[0]) for a, b in {(begin, end), opening} for m in _YEAR.finditer(copy.text, a, b)]
    sentence = copy.start(reading.start)
    heading = _HEADING.match(copy.source, copy.source.rfind("\n", 0, sentence) + 1, sentence)
    years += [int(m[0]) for m in _YEAR.finditer(heading[0])] if heading else []
    return bool(years) and max(years) < passage.published_on.year


FIRMNESS = ("stated", "denied", "conditional", "reported", "expected")


def _settled(statements: Sequence[Statement], passage: Passage) -> tuple[Endorsement, ...]:
    """One position for each country and candidate: the last that the text tells as present, in its firmest form."""
    pairs: dict[tuple[str, str], list[Statement]] = {}
    for statement in statements:
        pairs.setdefault((statement.endorser, statement.candidate), []).append(statement)
    days = _Days(passage)
    finals = {pair: _final(told, days) for pair, told in pairs.items()}
    return tuple(_endorsement(finals[pair], pairs[pair], days, passage) for pair in sorted(_one_each(finals, days)))


def _one_each(finals: dict[tuple[str, str], Statement], days: _Days) -> list[tuple[str, str]]:
    """Without the candidates that a country left for another: it supports one at a time, the one it came round to last."""
    kept = []
    for (country, candidate), mine in finals.items():
        rivals = [
            s
            for (c, other), s in finals.items()
            if c == country and other != candidate and s.verdict.stance == mine.verdict.stance == "supports" and s.at != mine.at
        ]
        if not any(_later(rival, mine, days) for rival in rivals):
            kept.append((country, candidate))
    return kept


def _later(one: Statement, other: Statement, days: _Days) -> bool:
    """Whether of two statements of support the first is the newer position."""
    if one.nominates != other.nominates:
        return other.nominates  # a country that leaves its own candidate
    day, before = days.of(one), days.of(other)
    if day and before and day != before:
        return day > before
    return one.order > other.order


class _Days:
    """The days on which statements of a text were made."""

    def __init__(self, passage: Passage) -> None:
        self._passage = passage
        self._named: dict[tuple[str, int], date | None] = {}
        self._told: dict[tuple[str, int], list[Told]] = {}
        self._days: dict[tuple[str, int, tuple[int, int], int | None], date | None] = {}

    def of(self, statement: Statement) -> date | None:
        """The day that the text gives with a statement, or with the source that it names in another sentence."""
        reading, source = statement.reading, statement.source
        key = (reading.field, reading.start, statement.at, source.start if source is not None else None)
        if key not in self._days:
            self._days[key] = self._of(statement)
        return self._days[key]

    def _of(self, statement: Statement) -> date | None:
        reading = statement.reading
        told = self._in(reading)
        others = [
            h.start - reading.start
            for h in reading.of(*PREDICATES, "departure")
            if not (statement.at[0] <= h.start < statement.at[1]) and h.start >= reading.start
        ]
        found = said_on_at(told, reading.copy.text[reading.start : reading.end], max(0, statement.at[0] - reading.start), others)
        if found is None and statement.source is not None:
            days = {t.day for t in self._in(statement.source)}
            found = days.pop() if len(days) == 1 else None
        return found

    def _in(self, reading: Reading) -> list[Told]:
        key = (reading.field, reading.start)
        if key not in self._told:
            language, text = self._passage.language, reading.copy.text[reading.start : reading.end]
            before = self._before(reading) if counts_from_before(text, language) else None
            self._told[key] = days_in(text, language, self._passage.published_on, before)
        return self._told[key]

    def _before(self, reading: Reading) -> date | None:
        """The day that the text names last before a sentence."""
        key = (reading.field, reading.start)
        if key not in self._named:
            last = None
            for start, end in sentences_in(reading.copy, 0, reading.start):
                told = days_in(reading.copy.text[start:end], self._passage.language, self._passage.published_on, last)
                last = told[-1].day if told else last
            self._named[key] = last
        return self._named[key]


def _final(told: Sequence[Statement], days: _Days) -> Statement:
    newest = max((day for s in told if (day := days.of(s)) is not None), default=None)
    # earlier than the text, yet the last that it tells (two days earlier Hungary came round)
    present = [s for s in told if not s.verdict.earlier or (len(told) > 1 and newest is not None and days.of(s) == newest)] or list(told)
    dated = [day for s in present if (day := days.of(s)) is not None]
    if len(set(dated)) > 1:  # an older position is told as background, wherever it stands
        present = [s for s in present if (days.of(s) or max(dated)) == max(dated)]
    last = present[-1]
    if last.verdict.stance == "withholds":  # no longer objects, but will not say that it supports
        dropped = [s for s in present if s.verdict.stance == "withdraws" and s.by_word]
        last = dropped[-1] if dropped else last
    if last.verdict.stance == "withdraws" and any(s.verdict.stance == "supports" for s in told):
        last = next(s for s in reversed(told) if s.verdict.stance == "supports")
    same = [s for s in present if s.verdict.stance == last.verdict.stance] or [last]
    same = [s for s in same if s.reading.field == "text"] or same
    denied = [s for s in same if s.verdict.status == "denied"]
    if denied:
        return denied[0]
    return min(same, key=lambda s: (FIRMNESS.index(s.verdict.status), s.verdict.speaker is None))


def _endorsement(statement: Statement, told: Sequence[Statement], days: _Days, passage: Passage) -> Endorsement:
    same = [s for s in told if s.verdict.stance == statement.verdict.stance and s.verdict.earlier == statement.verdict.earlier]
    day = next((day for s in (statement, *same) if (day := days.of(s)) is not None), None)
    reading, found = statement.reading, statement.verdict
    copy = reading.copy
    start, end = copy.start(reading.start), copy.end(reading.end)
    while start < end and copy.source[start].isspace():
        start += 1
    tail = re.compile(r"""[.!?…。؟]*['"»”’)\]]*""").match(copy.source, end)
    end = tail.end() if tail else end
    return Endorsement(
        endorser=statement.endorser,
        candidate_id=statement.candidate,
        stance=cast("Stance", STANCES[found.stance]),
        status=cast("StatementStatus", found.status),
        speaker=found.speaker if found.status != "reported" else None,
        speaker_role=found.role,
        said_on=day,
        field=reading.field,
        start=start,
        end=end,
        evidence=copy.source[start:end],
        rule=statement.rule,
    )


STANCES = {"supports": "supports", "opposes": "opposes", "withholds": "withholds", "withdraws": "withdraws-objection"}
