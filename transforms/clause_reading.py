"""A sentence as the clause stage sees it: words, actors, candidates, and the predicates to be filled.

Belongs here: the records and questions about places in a sentence. What fills the slots of a predicate is found in :mod:`transforms.slots`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from transforms.actor_runs import Actor
from transforms.normalise import BLANK_LINE, Folded
from transforms.position_words import Hit
from transforms.records import Field

# One set of characters comes first, since a pattern that begins with a set is looked for many times faster than one of two branches.
_STOP = re.compile(rf"[.!?…。؟{BLANK_LINE}](?:(?<={BLANK_LINE})|['\")»”’\]]* )")


_NO_STOP = re.compile(r"(?<!\w)(?:[^\W\d_]{1,2}|\d{1,2})$")  # initials, short titles, ordinal numbers


def sentences_in(copy: Folded, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The sentences of a part of a folded field, without their points; case is looked up in the source. A semicolon ends none."""
    text, begin = copy.text, start
    for mark in _STOP.finditer(text, start, end):
        if mark[0] != BLANK_LINE:
            if mark.end() < len(text) and copy.char(mark.end()).islower():
                continue
            short = _NO_STOP.search(text, max(begin, mark.start() - 4), mark.start()) if mark[0][0] == "." else None
            if short and not copy.char(short.start()).islower():
                continue
        if mark.start() > begin:
            yield begin, mark.start()
        begin = mark.end()
    if end > begin:
        yield begin, end


@dataclass(frozen=True, slots=True)
class Person:
    """A candidate in a sentence: named, or by a word that stands for a name."""

    candidate: str
    start: int
    end: int
    named: bool
    pronoun: bool = False
    clitic: bool = False  # la France le soutient


@dataclass(slots=True, kw_only=True)
class Predicate:
    """A predicate with what it governs."""

    start: int
    end: int
    stance: str  # as the words say, before negation: supports, nominates, opposes, withholds, withdraws
    voice: str  # active, passive, tight
    result: str | None = None  # after negation; None where nothing is said
    actors: tuple[Actor, ...] = ()
    people: tuple[str, ...] = ()
    gaps: tuple[tuple[int, int], ...] = ()
    outer: Actor | None = None  # who speaks of the one who acts (would not say whether Germany backs)
    shared: bool = False  # its slot was filled from another predicate or sentence
    trace: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A sentence with everything that was found in it, by start; folded offsets."""

    field: Field
    copy: Folded
    start: int
    end: int
    words: Mapping[str, Sequence[Hit]]  # kind → hits
    actors: Sequence[Actor]
    lists: Mapping[int, tuple[Actor, ...]]  # position in actors → the list it stands in
    people: Sequence[Person]
    named_lists: bool
    free_order: bool
    negation_behind: bool

    def of(self, *kinds: str) -> list[Hit]:
        """Hits of some kinds, by start."""
        return sorted((h for kind in kinds for h in self.words.get(kind, ())), key=lambda h: (h.start, -h.end))

    def between(self, start: int, end: int, *kinds: str) -> bool:
        """Whether a hit of some kind stands in a stretch."""
        return any(start <= h.start and h.end <= end for kind in kinds for h in self.words.get(kind, ()))

    def within(self, hit: Hit, kind: str) -> bool:
        """Whether a hit is part of one of some kind."""
        return any(h.start <= hit.start and hit.end <= h.end for h in self.words.get(kind, ()))

    def gap(self, start: int, end: int) -> int:
        """Number of words in a stretch."""
        return len(_WORD.findall(self.copy.text, start, end)) if end > start else 0

    def commas(self, start: int, end: int) -> int:
        """Number of commas in a stretch: one opens or closes something, two enclose an aside."""
        return self.copy.text.count(",", start, end)

    def near(self, start: int, end: int) -> int:
        """Number of words in a stretch without an aside between commas."""
        text = self.copy.text
        if text[start : start + 1] == "," and text[:end].rstrip().endswith(","):
            return 0
        return self.gap(start, end)

    def clause(self, position: int) -> tuple[int, int]:
        """The stretch between breaks in which a position stands."""
        low, high = self.start, self.end
        for hit in self.words.get("breaks", ()):
            if hit.end <= position:
                low = max(low, hit.end)
            elif hit.start > position:
                high = min(high, hit.start)
        return low, high


NEGATION = 6  # words between a negation, or a pronoun, and its predicate
_WORD = re.compile(r"[^\W_][\w'-]*")
