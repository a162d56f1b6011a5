"""Offices, countries and officials as a text names them: the foreign minister, Hungary's, Péter Szijjártó.

Belongs here: how these words are found, which country an office belongs to, and who held it on a day. Words come from
``lexicons/offices.toml`` and from the endorsers of a watch list. Which candidate is meant by an office alone is decided in
:mod:`transforms.references`, what a country says in :mod:`transforms.endorsements`.

A text is read once, by one automaton for everything; the last reading is kept, since two stages ask for it.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any, Literal, cast

from daachorse import MATCH_KIND_STANDARD, CharwiseDoubleArrayAhoCorasick

from transforms.names import ANY, lexicon
from transforms.normalise import Folded, fold_text
from transforms.officials import Person, Piece, choose, name_entries, persons_of
from transforms.params import Office, Official, Watchlist
from transforms.passage import Passage
from transforms.phrases import Entry, Word, entries_of, matches, proper
from transforms.records import Field
from transforms.weighing import Name

Role = Literal["name", "adjective", "person", "seat"]
FALLBACK = "en"  # for a language that is not known or not covered


@dataclass(frozen=True, slots=True, kw_only=True)
class CountryHit:
    """A country as a text names it; folded offsets."""

    field: Field
    start: int
    end: int
    country: str
    role: Role  # name: Hungary; adjective: Hungarian; person: a Hungarian; seat: Budapest, the White House
    is_person: bool = False  # the word can be one person of the country, whatever else it can be


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeHit:
    """An office as a text names it; folded offsets. ``first`` and ``last`` bound the phrase with the country beside it."""

    field: Field
    start: int
    end: int
    kind: str  # head_of_government, head_of_state, foreign_minister, defence_minister, minister, deputy, ambassador, …
    country: str | None  # that stands beside it
    first: int
    last: int
    in_office: bool  # not a former, future or shadow one
    certain: bool  # not any one, or none (a prime minister, no president)


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficialHit:
    """A named official of the watch list; folded offsets of the name."""

    field: Field
    start: int
    end: int
    country: str
    name: str  # full
    office: str | None  # kind of the office held on the day of the article; None where there was none, or no day is known
    full: bool  # a given name stands with the surname


@dataclass(frozen=True, slots=True)
class Sightings:
    """Everything found in one text, by field (title first) and start."""

    countries: tuple[CountryHit, ...] = ()
    offices: tuple[OfficeHit, ...] = ()
    officials: tuple[OfficialHit, ...] = ()


@dataclass(frozen=True, slots=True)
class Around:
    """What may stand around an office in one language."""

    behind: frozenset[str]  # words that join an office to a country behind it; "" where none is needed
    between: tuple[Word, ...]  # words that may stand between the two: outgoing, caretaker
    other_times: tuple[Word, ...]  # former, future, shadow
    indefinite: tuple[Word, ...]
    definite: frozenset[str]  # what stands before one person of a country; empty where the language needs nothing
    adjective_first: frozenset[str]  # where an adjective stands before its noun: words that no noun can be, behind a person


@dataclass(frozen=True, slots=True)
class Table:
    """The words of one language: key of the automaton → entries that begin with it."""

    keys: tuple[str, ...]
    entries: tuple[tuple[Entry, ...], ...]
    automaton: CharwiseDoubleArrayAhoCorasick
    around: Around
    proclitics: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Offices:
    """Who held which office when, and how offices, countries and officials are called. May be shared between threads."""

    watchlist: Watchlist
    persons: tuple[Person, ...]
    heads: tuple[tuple[str, Office], ...]  # candidates with the post itself, or one of its kind, at the body of the contest
    _tables: dict[str, Table] = dataclasses.field(default_factory=dict, repr=False, compare=False)  # made when a language first comes
    _last: list[tuple[Passage, Sightings] | None] = dataclasses.field(default_factory=lambda: [None], repr=False, compare=False)

    def read(self, passage: Passage) -> Sightings:
        """Countries, offices and officials in a title and a text."""
        last = self._last[0]
        if last is not None and last[0] is passage:
            return last[1]
        sightings = _read(self, passage)
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
            table = self._tables[language] = _table(self.watchlist, self.persons, language)
        return table


def in_office(office: Official | Office, day: date) -> bool:
    """Whether an office was held on a day."""
    return (office.held_from or date.min) <= day <= (office.held_until or date.max)


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
    return Offices(watchlist, persons_of(watchlist, title_kind), tuple(heads))


def title_kind(title: str) -> str | None:
    """The kind of an office by its English title, or None for one that is none of a country's (a commissioner)."""
    words = title.split()
    for size in range(len(words), 0, -1):
        for at in range(len(words) - size + 1):
            kind = _titles().get(" ".join(words[at : at + size]).lower())
            if kind:
                return _kind(kind, None)
    return None


def _titles() -> Mapping[str, str]:
    return {e.text: e.value for kind, words in lexicon("offices")["en"]["kinds"].items() for e in entries_of(words, "office", kind)}


def _kind(kind: str, country: str | None) -> str:
    """What an office is in a country: a chancellor heads the government here, and is a minister there."""
    meanings: Mapping[str, str] | None = lexicon("offices")["meanings"].get(kind)
    return kind if meanings is None else meanings.get(country or ANY, meanings[ANY])


# The words of a language ------------------------------------------------------------------------------------------------------------------


def _table(watchlist: Watchlist, persons: Sequence[Person], language: str) -> Table:
    data: Mapping[str, Any] = lexicon("offices")
    code = data["same"].get(language, language)
    code = code if code in data else FALLBACK
    words: Mapping[str, Any] = data[code]
    entries: dict[str, list[Entry]] = {}

    def add(found: Iterator[Entry] | Sequence[Entry]) -> None:
        for entry in found:
            entries.setdefault(entry.key, []).append(entry)

    for kind, terms in words["kinds"].items():
        add(entries_of(terms, "office", kind))
    add(_country_entries(watchlist, code))
    bodies = (*watchlist.bodies.get(language, ()), *watchlist.bodies.get(ANY, ()))
    for term in bodies:
        add([proper(term, "body", "", cased=False)])
    add(name_entries(persons, language))
    keys = tuple(sorted(entries))
    around = words["around"]
    return Table(
        keys,
        tuple(tuple(entries[key]) for key in keys),
        CharwiseDoubleArrayAhoCorasick(list(keys), MATCH_KIND_STANDARD),
        Around(
            frozenset(around["behind"]),
            (*(Word.of(w) for w in around["between"]), *(Word(fold_text(b.rstrip("|")), b.endswith("|")) for b in bodies)),
            *(tuple(Word.of(w) for w in around[name]) for name in ("other_times", "indefinite")),
            *(frozenset(around.get(name, ())) for name in ("definite", "adjective_first")),
        ),
        tuple(data["proclitics"].get(code, ())),
    )


ROLES: Mapping[str, Role] = MappingProxyType({"names": "name", "adjectives": "adjective", "persons": "person", "seats": "seat"})


def _country_entries(watchlist: Watchlist, language: str) -> Iterator[Entry]:
    """What the lexicon knows of the countries of a watch list; its own name for one that the lexicon has not."""
    known = lexicon(f"countries/{language}")
    names = {e.country: e.name for e in watchlist.endorsers}
    for country in sorted(names.keys() | {c.country for c in watchlist.candidates}):
        for key, terms in known.get(country, {}).items():
            yield from entries_of(terms, ROLES[key], country)
        if country not in known and country in names:
            yield proper(names[country], "name", country)


# Reading ----------------------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Span:
    start: int
    end: int
    entry: Entry


def _read(offices: Offices, passage: Passage) -> Sightings:
    if not passage.names:
        return Sightings()  # nobody is spoken of: nothing in it can matter
    table = offices.table(passage.language)
    countries: list[CountryHit] = []
    found: list[OfficeHit] = []
    pieces: list[Piece] = []
    for field, copy in passage.folded.items():
        taken = [(n.start, n.end) for n in passage.names if n.field == field]
        spans = [s for s in _spans(table, copy) if not any(a < s.end and s.start < b for a, b in taken)]
        here = _countries(spans, field)
        countries += here
        found += _offices(table, copy, field, spans, here)
        pieces += (Piece(field, s.start, s.end, int(s.entry.value), s.entry.part) for s in spans if s.entry.role == "official")
    people = list(_officials(offices, passage, pieces, found))
    inside = [(p.field, p.start, p.end) for p in people]
    countries = [c for c in countries if not any(c.field == f and a < c.end and c.start < b for f, a, b in inside)]
    return Sightings(tuple(countries), tuple(found), tuple(people))


def _spans(table: Table, copy: Folded) -> list[_Span]:
    """Entries that stand in a text as words of their own, in capitals where they are written so; by start, longest first."""
    text = copy.text
    spans: list[_Span] = []
    for start, end, index in table.automaton.find_overlapping(text):
        if start and text[start - 1].isalnum() and not _proclitic(text, start, table.proclitics):
            continue
        for entry in table.entries[index]:
            last = matches(entry, copy, start, end)
            if last:
                spans.append(_Span(start, last, entry))
    return sorted(spans, key=lambda s: (s.start, -s.end, -len(s.entry.text)))


def _proclitic(text: str, start: int, proclitics: Sequence[str]) -> bool:
    if not proclitics:
        return False
    word = re.search(r"[^\W_]*$", text[max(0, start - 5) : start])
    return word is not None and word[0] in proclitics


def _countries(spans: Sequence[_Span], field: Field) -> list[CountryHit]:
    """The longest countries; of several readings of one word a whole name first (the US), the beginning of one last (Nederlands)."""
    order = ("adjective", "person", "seat", "name")
    here = [s for s in spans if s.entry.role in order]
    best: list[_Span] = []
    for span in sorted(here, key=lambda s: (s.start, -s.end, not (s.entry.whole and s.entry.role == "name"), order.index(s.entry.role))):
        if not best or span.start >= best[-1].end:
            best.append(span)
    persons = {(s.start, s.end, s.entry.value) for s in here if s.entry.role == "person"}
    return [
        CountryHit(
            field=field,
            start=s.start,
            end=s.end,
            country=s.entry.value,
            role=cast("Role", s.entry.role),
            is_person=(s.start, s.end, s.entry.value) in persons,
        )
        for s in best
    ]


def _offices(table: Table, copy: Folded, field: Field, spans: Sequence[_Span], countries: Sequence[CountryHit]) -> Iterator[OfficeHit]:
    around, done = table.around, 0
    bodies = [CountryHit(field=field, start=s.start, end=s.end, country="", role="name") for s in spans if s.entry.role == "body"]
    for span in spans:
        if span.entry.role != "office" or span.start < done:
            continue
        of_body = span.entry.value in OF_BODIES and _beside(table, copy, span, bodies)
        country = of_body or _beside(table, copy, span, countries)
        if not of_body and span.entry.value == "head_of_organisation":
            continue  # the head of anything
        done = span.end
        first = min(span.start, country.start) if country else span.start
        last = max(span.end, country.end) if country else span.end
        before = _words_before(copy.text, first)
        while before and any(w.fits(before[-1]) for w in around.between):
            before.pop()
        gap = copy.text[country.end : span.start].split() if country and country.end <= span.start else ()
        behind = re.match(r"[ -]([^\W_]+)", copy.text[last : last + 20])
        dated = (*before[-1:], *gap, *((behind[1],) if behind else ()))
        yield OfficeHit(
            field=field,
            start=span.start,
            end=span.end,
            kind="head_of_organisation" if of_body else _kind(span.entry.value, country.country if country else None),
            country=country.country or None if country else None,
            first=first,
            last=last,
            in_office=not any(w.fits(word) for w in around.other_times for word in dated),
            certain=not (before and any(w.fits(before[-1]) for w in around.indefinite)),
        )


OF_BODIES = ("head_of_organisation", "leader")


def _words_before(text: str, at: int) -> list[str]:
    """The last words before a place, up to a stop."""
    return re.findall(r"[^\W_]+", re.split(r"[.,;:!?()\u2404\"]", text[max(0, at - 40) : at])[-1])


_BEFORE = re.compile(r"(?:'\w{0,6})?[ -]((?:[^\W_]+[ -])*)")
_BEHIND = re.compile(r"[ -]((?:[^\W_]+[ '])*)")
GAP = 40  # code points between an office and its country


def _beside(table: Table, copy: Folded, span: _Span, countries: Sequence[CountryHit]) -> CountryHit | None:
    """The country right before or behind an office: the nearer of the two."""
    found: list[tuple[int, CountryHit]] = []
    around = table.around
    for hit in countries:
        if 0 < span.start - hit.end <= GAP and hit.role != "person":
            gap = _BEFORE.fullmatch(copy.text[hit.end : span.start])
            if gap and all(any(w.fits(word) for w in (*around.between, *around.other_times)) for word in gap[1].replace("-", " ").split()):
                found.append((span.start - hit.end, hit))
        elif 0 < hit.start - span.end <= GAP:
            gap = _BEHIND.fullmatch(copy.text[span.end : hit.start])
            if gap:
                rest = [w for w in gap[1].replace("'", " ").split() if not any(b.fits(w) for b in (*around.between, *around.other_times))]
                if " ".join(rest) in around.behind:
                    found.append((hit.start - span.end, hit))
    return min(found, key=lambda f: f[0])[1] if found else None


def _is_country(countries: Sequence[CountryHit], span: _Span) -> bool:
    return any(c.start == span.start and c.end == span.end for c in countries)


def _officials(offices: Offices, passage: Passage, pieces: Sequence[Piece], found: Sequence[OfficeHit]) -> Iterator[OfficialHit]:
    """Officials by name, with those candidates who hold an office of a country."""
    titled = {(o.field, place): o for o in found for place in (o.end, o.last)}
    chosen = choose(offices.persons, passage, pieces, titled)
    by_id = {p.candidate_id: p for p in offices.persons if p.candidate_id}
    whole: list[tuple[Field, int, int, Person, bool]] = [(b.field, b.start, b.end, person, b.full) for b, person in chosen]
    for name in passage.names:
        if name.candidate in by_id:
            whole.append((name.field, name.start, name.end, by_id[name.candidate], _of_several_words(passage, name)))
    day = passage.published_on
    for field, start, end, person, full in sorted(whole, key=lambda w: (w[0] != "title", w[1])):
        held = [o.office for o in person.offices if day and in_office(o, day)]
        yield OfficialHit(
            field=field, start=start, end=end, country=person.country, name=person.name, office=held[0] if held else None, full=full
        )


def _of_several_words(passage: Passage, name: Name) -> bool:
    return " " in passage.folded[name.field].text[name.start : name.end]
