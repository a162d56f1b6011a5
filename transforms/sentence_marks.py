"""What was found in a text, handed to its sentences: names, countries, offices, officials, keys of the lexicon.

Belongs here: telling which sentence a find lies in, without looking at any sentence twice. What a sentence says is read in
:mod:`transforms.statements`.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

from transforms.normalise import Folded
from transforms.position_words import Place, Words
from transforms.records import Field
from transforms.sightings import CountryHit, OfficeHit, OfficialHit, Sightings
from transforms.weighing import Name


@dataclass(slots=True)
class Marks:
    """What was found in one sentence, by start."""

    names: list[Name] = field(default_factory=list)
    countries: list[CountryHit] = field(default_factory=list)
    offices: list[OfficeHit] = field(default_factory=list)
    officials: list[OfficialHit] = field(default_factory=list)
    contest: list[Place] = field(default_factory=list)
    leaves: bool = False  # a word may say that somebody left the contest


NOTHING = Marks()


class InTurn:
    """Keys that were found in a field, handed out sentence by sentence."""

    def __init__(self, places: Sequence[Place]) -> None:
        self.places, self.done, self.count = places, 0, len(places)

    def until(self, end: int) -> Sequence[Place]:
        """Those up to the end of the next sentence."""
        first = last = self.done
        while last < self.count and self.places[last][1] <= end:
            last += 1
        self.done = last
        return self.places[first:last]


def marks_by_sentence(
    copy: Folded, field_name: Field, names: Sequence[Name], seen: Sightings, words: Words, spans: Sequence[tuple[int, int]]
) -> dict[int, Marks]:
    """What stands in the sentences ``spans``, by their numbers; those in which nothing stands are left out."""
    text, start, end = copy.text, spans[0][0], spans[-1][1]
    starts = [low for low, _ in spans]
    found: dict[int, Marks] = {}

    def of(place: int) -> Marks:
        at = max(bisect_right(starts, place) - 1, 0)
        here = found.get(at)
        if here is None:
            here = found[at] = Marks()
        return here

    for name in names:
        of(name.start).names.append(name)
    for country in seen.countries:
        if country.field == field_name and start <= country.start < end:
            of(country.start).countries.append(country)
    for office in seen.offices:
        if office.field == field_name and start <= office.start < end:
            of(office.start).offices.append(office)
    for official in seen.officials:
        if official.field == field_name and start <= official.start < end:
            of(official.start).officials.append(official)
    for place in words.gone.places(text, start, end):
        of(place[0]).leaves = True
    if words.elsewhere.places(text, start, end):
        for place in words.contest.places(text, start, end):
            of(place[0]).contest.append(place)
    return found
