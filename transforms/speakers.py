"""Who may be speaking: candidates, officials, other persons by name, offices and institutions, pronouns.

Belongs here: finding a person in a stretch of text, and which of them is the subject of a verb of saying. Does not belong here: what was
said (:mod:`transforms.quotes`).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from transforms.normalise import Folded
from transforms.offices import Sightings
from transforms.records import Field
from transforms.speech_words import Speech

BEHIND = 70  # code points between a verb and a subject behind it
BEFORE = 160
BESIDE = 45  # code points between an office and the name that it goes with


class Person(NamedTuple):
    """Somebody who may speak; offsets of the text as given."""

    start: int
    end: int
    name: str  # full where it is known, else as it stands there
    candidate: str = ""
    is_pronoun: bool = False


NOBODY = Person(0, 0, "", "")
_UPPER = r"[^\W\d_a-zà-öø-ÿ]"
# Two words with capitals or more, particles between them: a person as likely as not where it is the subject of a verb of saying.
_NAME = re.compile(rf"(?<![\w-]){_UPPER}[\w'’-]*\.?(?: (?:de|van|von|der|den|la|di|af|al|du|da|del|ten|le|el|bin|zu))*(?: {_UPPER}[\w'’-]+\.?){{1,3}}")
_ALONE = re.compile(rf"\s*({_UPPER}[\w’'-]{{2,}}) ?\Z")
_OF = re.compile(r" [^\W\d_A-Z]{1,4}[ '’]\w[\w'’-]*(?: [A-ZÀ-Þ][\w'’-]+)*")  # of Hungary, van het …
_WORDS_BEFORE = re.compile(r"(?:[\w'’-]+ ){1,3}\Z")
_SHORT = re.compile(r"(?:\A|[ '’])[^\W\d_A-Z]{1,4}['’ ]+\Z")
_GENITIVE = re.compile(r"['’]s? \w|['’] \w")
_OTHER_FIRST = frozenset("The A An In On At But And For It He She They We I This That Then El La Los Las Le Les Un Une Una Der Die Das Ein Eine De Het Een Il Lo Gli Den Det En Et".split())


@dataclass(slots=True)
class Cast:
    """The persons of one field; found where they are asked for."""

    source: str
    low: str  # folded, letter for letter the source's offsets
    candidates: Sequence[Person]  # by name or by office, in order
    seen: Sightings
    copy: Folded
    field: Field
    speech: Speech
    _starts: list[int] = field(default_factory=list)
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

    def officials(self) -> list[Person]:
        """Officials of the watch list by name; candidates are in their own list."""
        if self._officials is None:
            here = (o for o in self.seen.officials if o.field == self.field)
            found = [Person(self.copy.start(o.start), self.copy.end(o.end), o.name) for o in here]
            self._officials = [o for o in found if not any(c.start < o.end and o.start < c.end for c in self.candidates)]
        return self._officials

    def countries(self) -> list[Person]:
        """Countries and seats of power, which speak like persons."""
        if self._countries is None:
            found = [(self.copy.start(c.start), self.copy.end(c.end)) for c in self.seen.countries if c.field == self.field and c.role in ("name", "seat")]
            self._countries = [Person(a, b, self.source[a:b]) for a, b in found]
        return self._countries

    def first_in(self, low: int, high: int, *, adjacent: bool = False, pronouns: bool = True) -> Person | None:
        """The first person between two places. ``adjacent``: a verb follows, so that one word with a capital before it may be a name."""
        source = self.source
        named = [c for c in self.candidates_in(low, high) if not _GENITIVE.match(source, c.end)]
        if named and named[0].start - low <= 1:
            return named[0]
        named += [o for o in self.officials() if low <= o.start < high and not _GENITIVE.match(source, o.end)]
        if not named or min(named).start > low + 1:
            for match in _NAME.finditer(source, low, high):
                start, end = match.span()
                if source[start : source.find(" ", start)] in _OTHER_FIRST:
                    start = source.find(" ", start) + 1
                if " " in source[start:end] and not any(n.start < end and start < n.end for n in named) and not _GENITIVE.match(source, end):
                    named.append(Person(start, end, source[start:end]))
        best = min(named) if named else None
        noun = self._noun_in(low, best.start if best else high, named, high)
        if noun is not None:
            return noun
        he = self.speech.he
        if pronouns and he is not None and (match := he.search(self.low, low, best.start if best else high)) is not None:
            return Person(match.start(), match.end(), source[match.start() : match.end()], "", True)
        if best is not None:
            return best
        country = next((c for c in self.countries() if low <= c.start < low + 5 and c.start < high), None)
        if country is not None and high - country.end < 30:
            return country
        if adjacent and (match := _ALONE.match(source, low, high)) is not None and match[1] not in _OTHER_FIRST and source.count(match[1]) > 1:
            return Person(match.start(1), match.end(1), match[1])
        return None

    def _noun_in(self, low: int, high: int, named: Sequence[Person], stop: int) -> Person | None:
        """A speaker without a name, unless the words are somebody's title."""
        source = self.source
        for noun in self.speech.nouns.find(self.low[low:high]):
            start, end = low + noun.start, low + noun.end
            while end < stop and (self.low[end].isalnum() or self.low[end] == "-"):
                end += 1
            behind = next((p for p in sorted(named) if p.start >= end), None)
            if behind is not None and behind.start - end <= BESIDE and "\n" not in source[end : behind.start]:
                gap = source[end : behind.start]
                speaks_for = noun.kind == "spokes" and behind.candidate
                if not speaks_for and not _SHORT.search(gap) and gap.count(",") <= 1:
                    return behind
            of = _OF.match(source, end, stop)
            before = _WORDS_BEFORE.search(source, low, start)
            return Person(start, of.end() if of else end, source[before.start() if before else start : of.end() if of else end])
        return None


_STOP_BEHIND = re.compile(r"[,.;:!?()\n“”„«»\"—]|[ ][–-] ")
_STOP_BEFORE = re.compile(r"[,.;:!?()\n“”„«»\"—]|[ ][–-] ")


def subject_of(cast: Cast, view: str, start: int, end: int, low: int, high: int, *, follows: bool, names: bool = False) -> Person | None:
    """The subject of a verb at ``start:end`` in the sentence ``low:high``; ``view`` is the text without the words in marks.

    ``follows``: the verb stands right behind what was said, where its subject comes behind it as often as before. ``names``: the verb is
    one of naming, which has its object behind it.
    """
    speech = cast.speech
    stop = _STOP_BEHIND.search(view, end, min(end + BEHIND, high))
    behind_end = stop.start() if stop else min(end + BEHIND, high)
    if speech.opens is not None and (opener := speech.opens.search(cast.low, end, behind_end)) is not None:
        behind_end = opener.start()
    behind = cast.first_in(end, behind_end) if behind_end - end > 1 and (follows or not speech.first) else None
    if behind is not None and (follows or not names) and not view[end : behind.start].strip(" -"):
        return behind
    at = start
    for turn in range(3):
        edge = low
        for mark in _STOP_BEFORE.finditer(view, max(low, at - BEFORE), at):
            edge = mark.end()
        words = len(view[edge:at].split())
        if words > 1 or turn or view[edge:at].strip()[:1].isupper():
            person = cast.first_in(edge, at, adjacent=not turn)
            if person is not None:
                return person
        at = edge - 1
        if at <= low or view[at] not in ",—–()”»“\"" or (follows and view[at] in "”»“\""):
            break
        if words <= 1 and not turn:  # Kallas, speaking after a meeting with Rutte, said
            marks = [m.end() for m in _STOP_BEFORE.finditer(view, max(low, at - BEFORE), at)]
            edge = max(low, marks[-2] if len(marks) > 1 else low)
            person = cast.first_in(edge, at, pronouns=False)
            if person is not None:
                return person
    return behind
