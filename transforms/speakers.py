"""Who may be speaking: candidates, officials, other persons by name, offices and institutions, pronouns.

Belongs here: finding a person in a stretch of text, and which of them is the subject of a verb of saying. Does not belong here: what was
said (:mod:`transforms.quotes`).
"""

from __future__ import annotations

import dataclasses
import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from transforms.normalise import Folded
from transforms.offices import Sightings
from transforms.records import Field
from transforms.speech_words import CAPITALS, Speech

BEHIND = 70  # code points between a verb and a subject behind it
BEFORE = 160
LONGEST = 20_000  # code points in which a name is looked for a second time
BESIDE = 45  # code points between an office and the name that it goes with


class Person(NamedTuple):
    """Somebody who may speak; offsets of the text as given."""

    start: int
    end: int
    name: str  # full where it is known, else as it stands there
    candidate: str = ""
    is_pronoun: bool = False
    is_noun: bool = False  # an office, an institution


NOBODY = Person(0, 0, "", "")
_UPPER = r"[^\W\d_a-zà-öø-ÿ]"
# Two words with capitals or more, particles between them: a person as likely as not where it is the subject of a verb of saying.
_NAME = re.compile(
    rf"(?<![\w-]){_UPPER}[\w'’-]*\.?(?: (?:de|van|von|der|den|la|di|af|al|du|da|del|ten|le|el|bin|zu))*(?: {_UPPER}[\w'’-]+\.?){{1,3}}"
)
_ALONE = re.compile(rf"\s*({_UPPER}[\w’'-]{{2,}}) ?\Z")
_OF = re.compile(r" [^\W\d_A-Z]{1,4}[ '’]\w[\w'’-]*(?: [A-ZÀ-Þ][\w'’-]+)*")  # of Hungary, van het …
_WORDS_BEFORE = re.compile(r"(?:[\w'’-]+ ){1,3}\Z")
_SHORT = re.compile(r"(?:\A|[ '’])[^\W\d_A-Z]{1,4}['’ ]+\Z")
_OWNERS = ("'s", "’s", "s'", "s’")
_GENITIVE = re.compile(r"['’]s? \w|['’] \w")


@dataclass(slots=True)
class Cast:
    """The persons of one field; found where they are asked for."""

    source: str
    view: str  # the source without the words in quotation marks
    low: str  # the same, folded
    candidates: Sequence[Person]  # by name or by office, in order
    seen: Sightings
    copy: Folded
    field: Field
    speech: Speech
    _starts: list[int] = dataclasses.field(default_factory=list)
    _officials: list[Person] | None = None
    _countries: list[Person] | None = None

    def __post_init__(self) -> None:
        self._starts = [c.start for c in self.candidates]

    def candidates_in(self, low: int, high: int) -> Sequence[Person]:
        """Candidates named between two places."""
        first = last = bisect_left(self._starts, low)
        while last < len(self._starts) and self._starts[last] < high:
            last += 1
        return self.candidates[first:last]

    def is_outside(self, person: Person) -> bool:
        """Whether a name stands outside quotation marks."""
        return self.view[person.start : person.end] == self.source[person.start : person.end]

    def officials(self) -> list[Person]:
        """Officials of the watch list by name; candidates are in their own list."""
        if self._officials is None:
            own = set(self._starts)
            places = ((self.copy.start(o.start), o) for o in self.seen.officials if o.field == self.field)
            self._officials = sorted(Person(start, self.copy.end(o.end), o.name) for start, o in places if start not in own)
        return self._officials

    def countries(self) -> list[Person]:
        """Countries and seats of power, which speak like persons."""
        if self._countries is None:
            here = (c for c in self.seen.countries if c.field == self.field and c.role in ("name", "seat"))
            spans = sorted((self.copy.start(c.start), self.copy.end(c.end)) for c in here)
            self._countries = [Person(start, end, self.source[start:end]) for start, end in spans]
        return self._countries

    def first_in(self, low: int, high: int, *, adjacent: bool = False, pronouns: bool = True) -> Person | None:
        """The first person between two places. ``adjacent``: a verb follows, so that one word with a capital before it may be a name."""
        source = self.view
        named = [c for c in self.candidates_in(low, high) if self.is_outside(c) and not _GENITIVE.match(source, c.end)]
        if named and named[0].start - low <= 1:
            return named[0]
        named += [o for o in _within(self.officials(), low, high) if self.is_outside(o) and not _GENITIVE.match(source, o.end)]
        if not named or min(named).start > low + 1:
            for found in _NAME.finditer(source, low, high):
                start, end = found.span()
                if source[start : source.find(" ", start)] in CAPITALS:
                    start = source.find(" ", start) + 1
                name = source[start:end]
                if " " in name and not name.endswith(_OWNERS) and not any(n.start < end and start < n.end for n in named):
                    named.append(Person(start, end, name))
        best = min(named) if named else None
        noun = self._noun_in(low, best.start if best else high, named, high)
        if noun is not None:
            return noun
        he = self.speech.he
        if pronouns and he is not None and (match := he.search(self.low, low, best.start if best else high)) is not None:
            return Person(match.start(), match.end(), source[match.start() : match.end()], "", True)
        if best is not None:
            return best
        country = next(iter(_within(self.countries(), low, min(low + 5, high))), None)
        if country is not None and high - country.end < 30:
            return country
        alone = _ALONE.match(source, low, high) if adjacent else None
        if alone is not None and alone[1] not in CAPITALS and source.count(alone[1], 0, LONGEST) > 1:
            return Person(alone.start(1), alone.end(1), alone[1])
        return None

    def _word_end(self, at: int, stop: int) -> int:
        while at < stop and (self.low[at].isalnum() or self.low[at] == "-"):
            at += 1
        return at

    def _noun_in(self, low: int, high: int, named: Sequence[Person], stop: int) -> Person | None:
        """A speaker without a name, unless the words are somebody's title."""
        source = self.source
        nouns = self.speech.nouns.find(self.low[low:high])
        for at, noun in enumerate(nouns):
            start, end = low + noun.start, self._word_end(low + noun.end, stop)
            if _GENITIVE.match(source, end):
                continue  # the prime minister's office
            for other in nouns[at + 1 :]:
                if low + other.start - end != 1:
                    break
                end = self._word_end(low + other.end, stop)  # a government source
            behind = next((p for p in sorted(named) if p.start >= end), None)
            if behind is not None and behind.start - end <= BESIDE and "\n" not in source[end : behind.start]:
                gap = source[end : behind.start]
                speaks_for = noun.kind == "spokes" and behind.candidate
                if not speaks_for and not _SHORT.search(gap) and gap.count(",") <= 1:
                    return behind
            of = _OF.match(source, end, stop)
            before = _WORDS_BEFORE.search(source, low, start)
            return Person(
                start, of.end() if of else end, source[before.start() if before else start : of.end() if of else end], is_noun=True
            )
        return None


def _within(persons: Sequence[Person], low: int, high: int) -> Sequence[Person]:
    return persons[bisect_left(persons, (low,)) : bisect_left(persons, (high,))]


def subject_of(
    cast: Cast, stops: Sequence[tuple[int, int]], start: int, end: int, low: int, high: int, *, follows: bool, names: bool = False
) -> Person | None:
    """The subject of a verb at ``start:end`` in the sentence ``low:high``, which ``stops`` part.

    ``follows``: the verb stands right behind what was said, where its subject comes behind it as often as before. ``names``: the verb is
    one of naming, which has its object behind it.
    """
    view, speech = cast.view, cast.speech
    at = bisect_left(stops, (end,))
    behind = None
    if follows or not speech.first:
        limit = min(stops[at][0] if at < len(stops) else high, end + BEHIND)
        if speech.opens is not None and (opener := speech.opens.search(cast.low, end, limit)) is not None:
            limit = opener.start()
        behind = cast.first_in(end, limit) if limit - end > 1 else None
        if behind is not None and (follows or (not names and not view[end : behind.start].strip(" -"))):
            return behind
    while at and stops[at - 1][1] > start:
        at -= 1
    edge = stops[at - 1][1] if at else low
    if edge < start:
        person = cast.first_in(edge, start, adjacent=True)
        if person is not None:
            return person
    while at and start - edge < BEFORE and view[stops[at - 1][0]] in (_SKIPPED if follows else _SKIPPED_MARKS):
        # Kallas, speaking after a meeting with Rutte, said: what is put in stands between two stops, its person behind the first
        until = stops[at - 1][0]
        at = max(at - 2, 0)
        edge = stops[at - 1][1] if at else low
        person = cast.first_in(edge, until, pronouns=False)
        if person is not None:
            return person
    return behind


_SKIPPED = ",—–-()"
_SKIPPED_MARKS = _SKIPPED + '“”„«»"'
