"""Who held which office of a country when, and the offices, countries and officials that a text names.

Belongs here: what a watch list knows of officials, compiled, and the reading of a text, kept since several stages ask for the same. How a
text is read: :mod:`transforms.sightings`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from transforms.normalise import fold_text
from transforms.office_words import Around, Table, table_of, title_kind
from transforms.officials import Person, in_office, persons_of
from transforms.params import Office, Official, Watchlist
from transforms.passage import Passage
from transforms.phrases import Word
from transforms.sightings import CountryHit, OfficeHit, OfficialHit, Sightings, read_passage

__all__ = ["Around", "CountryHit", "OfficeHit", "Offices", "OfficialHit", "Sightings", "compile_offices", "in_office"]


@dataclass(frozen=True, slots=True)
class Offices:
    """Who held which office when, and how offices, countries and officials are called. May be shared between threads."""

    watchlist: Watchlist
    persons: tuple[Person, ...]
    candidates: Mapping[tuple[str, str], tuple[tuple[str, Official], ...]]  # country and kind → candidates and their offices
    heads: tuple[tuple[str, Office], ...]  # candidates with the post itself, or one of its kind, at the body of the contest
    _tables: dict[str, Table] = dataclasses.field(default_factory=dict, repr=False, compare=False)  # made when a language first comes
    _last: list[tuple[Passage, Sightings] | None] = dataclasses.field(default_factory=lambda: [None], repr=False, compare=False)

    def read(self, passage: Passage) -> Sightings:
        """Countries, offices and officials in a title and a text."""
        last = self._last[0]
        if last is not None and last[0] is passage:
            return last[1]
        sightings = read_passage(self.table(passage.language), self.persons, passage)
        self._last[0] = (passage, sightings)
        return sightings

    def officials_in(self, passage: Passage) -> tuple[OfficialHit, ...]:
        """Named officials, candidates who hold an office of a country among them."""
        return self.read(passage).officials

    def office_hits(self, passage: Passage) -> tuple[OfficeHit, ...]:
        """Offices, each with the country that stands beside it."""
        return self.read(passage).offices

    def countries_in(self, passage: Passage) -> tuple[CountryHit, ...]:
        """Countries by name, adjective, demonym or seat of power."""
        return self.read(passage).countries

    def holder(self, country: str, kind: str, day: date | None) -> Official | None:
        """Who held an office of a country on a day; nobody where no day is known.

        Where a country has no office of that kind of its own the head of state is its head of government.
        """
        if day is None:
            return None
        held = [o for p in self.persons if p.country == country for o in p.offices if o.office == kind and in_office(o, day)]
        if held:
            return max(held, key=lambda o: o.held_from or date.min)
        if kind == "head_of_government" and not any(o.office == kind for p in self.persons if p.country == country for o in p.offices):
            return self.holder(country, "head_of_state", day)
        return None

    def table(self, language: str) -> Table:
        """The words of a language; English ones where it is not known."""
        table = self._tables.get(language)
        if table is None:
            table = self._tables[language] = table_of(self.watchlist, self.persons, language)
        return table


def compile_offices(watchlist: Watchlist, languages: Sequence[str]) -> Offices:
    """Who speaks for the endorsers of a watch list. The words of each language are made ready when its first text comes."""
    del languages
    bodies = [Word(fold_text(b.rstrip("|")), b.endswith("|")) for words in watchlist.bodies.values() for b in words]
    heads = [
        (candidate.id, office)
        for candidate in watchlist.candidates
        for office in candidate.offices
        if office.country is None
        and title_kind(office.title) == "head_of_organisation"
        and any(b.fits(w) for b in bodies for w in fold_text(office.title).split())
    ]
    persons = persons_of(watchlist, title_kind)
    candidates: dict[tuple[str, str], tuple[tuple[str, Official], ...]] = {}
    for person in persons:
        for held in person.offices if person.candidate_id else ():
            key = person.country, held.office
            candidates[key] = (*candidates.get(key, ()), (person.candidate_id, held))
    return Offices(watchlist, persons, MappingProxyType(candidates), tuple(heads))
