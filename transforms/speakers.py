"""Who may be speaking: candidates, officials, offices, other persons by name, and pronouns; and who is the subject of a verb of saying.

Belongs here: persons in a text and which of them goes with a verb. Does not belong here: what was said (:mod:`transforms.quotes`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from transforms.normalise import Folded
from transforms.offices import Sightings
from transforms.passage import Passage
from transforms.records import Field

BEFORE = 90  # code points between a subject and its verb
BEHIND = 45
_INSERTION = re.compile(r",[^,\n]{1,80},\s*$")
# Two words with capitals or more, particles between them: a person as likely as not where it is the subject of a verb of saying.
_NAME = re.compile(
    r"(?<![\w-])(?!The\b|El\b|La\b|Le\b|Die\b|Der\b|Das\b)[^\W\d_a-zà-ÿ][\w'’.-]*(?: (?:de|van|von|der|den|la|di|af|al|du|da) )?"
    r"(?: ?[^\W\d_a-zà-ÿ][\w'’-]+){1,3}"
)


_BESIDE = re.compile(r",? (?:[^\W\d_]{1,4} )?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who may speak; offsets of the text as given."""

    start: int
    end: int
    name: str  # full where it is known, else as it stands there
    candidate: str | None = None
    is_pronoun: bool = False


def persons_of(
    field: Field, copy: Folded, passage: Passage, seen: Sightings, pronouns: Iterable[tuple[int, int]], known: Mapping[str, str]
) -> list[Person]:
    """Everybody in a field, in order; of overlapping ones the better known: candidates, officials, names, offices, pronouns.

    ``known``: names of the candidates by id.
    """
    found: list[Person] = []

    def add(start: int, end: int, name: str | None = None, candidate: str | None = None, *, is_pronoun: bool = False) -> None:
        if not any(p.start < end and start < p.end for p in found):
            found.append(Person(start=start, end=end, name=name or copy.source[start:end], candidate=candidate, is_pronoun=is_pronoun))

    for name in passage.names:
        if name.field == field:
            add(copy.start(name.start), copy.end(name.end), known[name.candidate], name.candidate)
    for official in seen.officials:
        if official.field == field:
            add(copy.start(official.start), copy.end(official.end), official.name)
    for match in _NAME.finditer(copy.source):
        add(match.start(), match.end())
    for office in seen.offices:
        if office.field == field:
            start, end = copy.start(office.first), copy.end(office.last)
            if not any(_BESIDE.fullmatch(copy.source[end : p.start] if end <= p.start else copy.source[p.end : start]) for p in found):
                add(start, end)  # an office beside a name is the person's
    for start, end in pronouns:
        add(start, end, is_pronoun=True)
    return sorted(found, key=lambda p: p.start)


def subject_of(persons: Sequence[Person], text: str, start: int, end: int, low: int, high: int, *, follows: bool) -> Person | None:
    """The subject of a verb at ``start:end`` in the sentence ``low:high``.

    ``follows``: the verb stands right behind what was said, where its subject comes behind it as often as before.
    """
    behind = next((p for p in persons if end <= p.start <= min(end + BEHIND, high) and not re.search(r"[.;:]", text[end : p.start])), None)
    if follows and behind is not None and behind.start - end <= 4:
        return behind
    edge = start
    insertion = _INSERTION.search(text, max(low, start - BEFORE), start)
    if insertion and any(p.end <= insertion.start() for p in persons):
        edge = insertion.start()  # Kallas, speaking after a meeting with Rutte, said
    before = [p for p in persons if p.end <= edge and edge - p.end <= BEFORE and not re.search(r"[;:]", text[p.end : edge])]
    if before:
        return before[-1]
    return behind
