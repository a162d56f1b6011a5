"""Countries, offices and officials found in one text, and which country an office belongs to: Hungary's foreign minister, Péter Szijjártó.

Belongs here: finding them with the words of :mod:`transforms.office_words`. Whose name it is is decided in :mod:`transforms.officials`,
which candidate an office alone means in :mod:`transforms.references`, what a country says in :mod:`transforms.endorsements`.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, cast

from transforms.namesakes import other_given_name
from transforms.normalise import Folded
from transforms.office_words import Around, Table, kind_in
from transforms.officials import Person, Piece, choose, in_office
from transforms.passage import Passage
from transforms.phrases import Entry, headline_case, matches
from transforms.records import Field
from transforms.weighing import Name

Role = Literal["name", "adjective", "person", "seat"]


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
    new: bool  # said to be new in it


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
class _Span:
    start: int
    end: int
    entry: Entry


def read_passage(table: Table, persons: Sequence[Person], passage: Passage) -> Sightings:
    """Everything found in a title and a text; nothing in one that names no candidate."""
    if not passage.names:
        return Sightings()  # nobody is spoken of: nothing in it can matter
    countries: list[CountryHit] = []
    found: list[OfficeHit] = []
    pieces: list[Piece] = []
    for field, copy in passage.folded.items():
        taken = [(n.start, n.end) for n in passage.names if n.field == field]
        spans = [s for s in _spans(table, copy) if not covered(s.start, s.end, taken)]
        here = _countries(copy, spans, field, passage.language)
        countries += here
        found += _offices(table, copy, field, spans, here)
        words = {(c.start, c.end) for c in here}
        names = (s for s in spans if s.entry.role == "official")
        pieces += (Piece(field, s.start, s.end, int(s.entry.value), s.entry.part, (s.start, s.end) in words) for s in names)
    people = list(_officials(persons, passage, pieces, found, {c.country for c in countries}))
    named: dict[Field, list[tuple[int, int]]] = {f: [(p.start, p.end) for p in people if p.field == f] for f in passage.folded}
    countries = [c for c in countries if not covered(c.start, c.end, named[c.field])]
    return Sightings(tuple(countries), tuple(found), tuple(people))


def covered(start: int, end: int, taken: Sequence[tuple[int, int]]) -> bool:
    """Whether a span touches one of some spans that are in order and apart."""
    at = bisect_right(taken, (start, end))
    return (at > 0 and taken[at - 1][1] > start) or (at < len(taken) and taken[at][0] < end)


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
                if entry.role == "body" and last > end + 1:
                    spans += _joined(table, copy, end, last)
    return sorted(spans, key=lambda s: (s.start, -s.end, -len(s.entry.key)))


def _joined(table: Table, copy: Folded, start: int, end: int) -> list[_Span]:
    """An office that is written together with the body before it, with or without a joining s."""
    for begin in (start, start + 1) if copy.text[start] == "s" else (start,):
        for entry in table.offices:
            key = entry.key
            if copy.text.startswith(key, begin) and matches(entry, copy, begin, begin + len(key)) == end:
                return [_Span(begin, end, entry)]
    return []


def _proclitic(text: str, start: int, proclitics: Sequence[str]) -> bool:
    if not proclitics:
        return False
    word = re.search(r"[^\W_]*$", text[max(0, start - 5) : start])
    return word is not None and word[0] in proclitics


def _countries(copy: Folded, spans: Sequence[_Span], field: Field, language: str) -> list[CountryHit]:
    """The longest countries; of several readings of one word a whole name first (the US), the beginning of one last (Nederlands)."""
    order = ("not", "adjective", "person", "seat", "name")
    here = [s for s in spans if s.entry.role in order and not _persons_name(copy, s, language)]
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
        if s.entry.role != "not"
    ]


_WORD_BEFORE = re.compile(r"(?<![\w'])([^\W\d_]{2,}) $")
_WORD_BEHIND = re.compile(r" ([^\W\d_][\w'-]+)")


def _persons_name(copy: Folded, span: _Span, language: str) -> bool:
    """Whether a name or seat of a country is part of a person's: a given name stands before it, or it is one and a surname follows."""
    if span.entry.role not in ("name", "seat") or not span.entry.capitals:
        return False
    before = _WORD_BEFORE.search(copy.text[max(0, span.start - 30) : span.start])
    if before and copy.char(span.start - len(before[0])).isupper() and other_given_name(before[1], language):
        return True
    behind = _WORD_BEHIND.match(copy.text, span.end)
    if behind is None or not copy.char(behind.start(1)).isupper() or headline_case(copy):
        return False
    return other_given_name(copy.text[span.start : span.end], "")


def _offices(table: Table, copy: Folded, field: Field, spans: Sequence[_Span], countries: Sequence[CountryHit]) -> Iterator[OfficeHit]:
    around, done = table.around, 0
    bodies = [CountryHit(field=field, start=s.start, end=s.end, country="", role="name") for s in spans if s.entry.role == "body"]
    for span in spans:
        if span.entry.role != "office" or span.start < done:
            continue
        of_body = span.entry.value in OF_BODIES and _beside(table, copy, span, bodies)
        country = of_body or _beside(table, copy, span, countries)
        if not country and span.entry.value in OF_BODIES:
            continue  # the head of anything
        if not of_body and span.entry.value == "head_of_organisation":
            continue
        done = span.end
        first = min(span.start, country.start) if country else span.start
        last = max(span.end, country.end) if country else span.end
        value = span.entry.value
        if country and country.start == span.end + 1 and value == "minister":  # el ministro húngaro de Exteriores
            value, last = _parted(table, copy, span, country)
        before = _words_before(copy.text, first)
        passed = len(before)
        while passed and around.beside.have(before[passed - 1]):
            passed -= 1
        before, beside = before[:passed], before[passed:]
        gap = copy.text[country.end : span.start].split() if country and country.end <= span.start else ()
        behind = _NEXT.match(copy.text, last)
        dated = any(around.other_times.have(word) for word in (*before[-1:], *gap))
        dated = dated or (behind is not None and around.other_times_behind.have(behind[1]))
        yield OfficeHit(
            field=field,
            start=span.start,
            end=span.end,
            kind="head_of_organisation" if of_body else kind_in(value, country.country if country else None),
            country=country.country or None if country else None,
            first=first,
            last=last,
            in_office=not dated,
            new=any(around.new.have(word) for word in (*beside, *gap, *((behind[1],) if behind else ()))),
            certain=not (before and around.indefinite.have(before[-1])),
        )


def _parted(table: Table, copy: Folded, span: _Span, country: CountryHit) -> tuple[str, int]:
    """The kind of an office in whose name the country stands, and where it ends; that of its beginning where nothing follows."""
    words, behind = copy.text[span.start : span.end], copy.text[country.end : country.end + GAP]
    whole, best = words + behind, (span.entry.value, country.end)
    for entry in table.offices:
        size = len(entry.key)
        if entry.whole and len(words) < size and whole.startswith(entry.key) and not whole[size : size + 1].isalnum():
            best = max(best, (entry.value, country.end + size - len(words)), key=lambda b: b[1])
    return best


_WORDS = re.compile(r"[^\W_]+")
_STOP = re.compile(r"[.,;:!?()\u2404\"]")
_NEXT = re.compile(r"[ -]([^\W_]+)")
_PARTS = re.compile(r"[ '-]")
OF_BODIES = ("head_of_organisation", "leader")


def _words_before(text: str, at: int) -> list[str]:
    """The last words before a place, up to a stop."""
    return _WORDS.findall(_STOP.split(text[max(0, at - GAP) : at])[-1])


_BEFORE = re.compile(r"(?:'\w{0,6})?[ -]((?:[^\W_]+[ -])*)")
_BEHIND = re.compile(r"[ -]((?:[^\W_]+[ '])*)")
GAP = 40  # code points between an office and its country
REACH = 120  # code points before an office in which its country begins


def _beside(table: Table, copy: Folded, span: _Span, countries: Sequence[CountryHit]) -> CountryHit | None:
    """The country right before or behind an office: the nearer of the two."""
    found: list[tuple[int, CountryHit]] = []
    around = table.around
    low = bisect_left(countries, span.start - REACH, key=lambda c: c.start)
    high = bisect_right(countries, span.end + GAP, key=lambda c: c.start)
    for hit in countries[low:high]:
        if hit.start < span.start < hit.end == span.end:
            found.append((0, hit))  # written together
        elif 0 < span.start - hit.end <= GAP and hit.role != "person":
            gap = _BEFORE.fullmatch(_to_word(copy.text[hit.end : span.start], table))
            if gap and not _others(around, _PARTS.split(gap[1])):
                found.append((span.start - hit.end, hit))
        elif 0 < hit.start - span.end <= GAP:
            gap = _BEHIND.fullmatch(_to_word(copy.text[span.end : hit.start], table))
            if gap and " ".join(_others(around, _PARTS.split(gap[1]))) in around.behind:
                found.append((hit.start - span.end, hit))
    return min(found, key=lambda f: f[0])[1] if found else None


def _others(around: Around, words: Sequence[str]) -> list[str]:
    """The words between an office and a country that may not simply be passed over."""
    return [word for word in words if word and not around.passed.have(word)]


def _to_word(gap: str, table: Table) -> str:
    """What lies before the beginning of a word: letters written together with it left out."""
    word = re.search(r"[^\W_]+$", gap) if table.proclitics else None
    return gap[: word.start()] if word and word[0] in table.proclitics else gap


def _officials(
    persons: Sequence[Person], passage: Passage, pieces: Sequence[Piece], found: Sequence[OfficeHit], countries: Collection[str]
) -> Iterator[OfficialHit]:
    """Officials by name, with those candidates who hold an office of a country."""
    titled = {(o.field, place): o for o in found for place in (o.end, o.last)}
    chosen = choose(persons, passage, pieces, titled, countries)
    by_id = {p.candidate_id: p for p in persons if p.candidate_id}
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
