"""Which country stands behind whom, as one text says it.

Belongs here: the way in, and the one position of each country on each candidate that comes of a text's statements. Words are found in
:mod:`transforms.position_words`, actors in :mod:`transforms.actors`, statements in :mod:`transforms.statements`, which asks
:mod:`transforms.clauses` who does what to whom and :mod:`transforms.attribution` who says it. Nothing here knows a person, a country or
a post: they come from the watch list.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import cast

from transforms.offices import Offices
from transforms.params import Watchlist
from transforms.passage import Passage
from transforms.position_words import compile_words
from transforms.records import Endorsement, Stance, StatementStatus
from transforms.said_on import said_on
from transforms.statements import Positions, Reader, Statement

__all__ = ["Positions", "compile_positions", "find_endorsements"]


def compile_positions(watchlist: Watchlist, languages: Sequence[str]) -> Positions:
    """The words of all languages that have a lexicon."""
    compiled = {language: compile_words(watchlist, language) for language in languages if language} if watchlist.endorsers else {}
    return Positions(
        {language: words for language, words in compiled.items() if words},
        {c.id: c.country for c in watchlist.candidates},
        frozenset(e.country for e in watchlist.endorsers),
        watchlist.watched_from,
        watchlist.watched_until,
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
    return _settled(list(reader.statements()), passage)


FIRMNESS = ("stated", "denied", "conditional", "reported", "expected")


def _settled(statements: Sequence[Statement], passage: Passage) -> tuple[Endorsement, ...]:
    """One position for each country and candidate: the last that the text tells as present, in its firmest form."""
    pairs: dict[tuple[str, str], list[Statement]] = {}
    for statement in statements:
        pairs.setdefault((statement.endorser, statement.candidate), []).append(statement)
    return tuple(_endorsement(_final(pairs[pair]), passage) for pair in sorted(pairs))


def _final(told: Sequence[Statement]) -> Statement:
    present = [s for s in told if not s.verdict.earlier] or list(told)
    last = present[-1]
    if last.verdict.stance == "withholds":  # no longer objects, but will not say that it supports
        dropped = [s for s in present if s.verdict.stance == "withdraws" and s.by_word]
        last = dropped[-1] if dropped else last
    if last.verdict.stance == "withdraws" and any(s.verdict.stance == "supports" for s in present):
        last = next(s for s in reversed(present) if s.verdict.stance == "supports")
    same = [s for s in present if s.verdict.stance == last.verdict.stance]
    same = [s for s in same if s.reading.field == "text"] or same
    denied = [s for s in same if s.verdict.status == "denied"]
    if denied:
        return denied[0]
    return min(same, key=lambda s: (FIRMNESS.index(s.verdict.status), s.verdict.speaker is None))


def _endorsement(statement: Statement, passage: Passage) -> Endorsement:
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
        said_on=said_on(copy.text[reading.start : reading.end], passage.language, passage.published_on),
        field=reading.field,
        start=start,
        end=end,
        evidence=copy.source[start:end],
        rule=statement.rule,
    )


STANCES = {"supports": "supports", "opposes": "opposes", "withholds": "withholds", "withdraws": "withdraws-objection"}
