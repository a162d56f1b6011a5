"""Who speaks for a country: the officials of a watch list, candidates in office among them, and their names in a text.

A full name stands for itself. A surname alone is the official's once the text has given the full name, right behind his or her office,
or where the press uses it alone: for those at the head of a government, a state or a ministry, while they are. A name that is a given name,
too (Michal, Pavel), asks for the country besides; a surname that several officials share is nobody's without such a sign.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from transforms.names import Form, forms, is_latin, parse_name
from transforms.namesakes import other_given_name
from transforms.normalise import Folded
from transforms.params import Candidate, Office, Official, Watchlist
from transforms.passage import Passage
from transforms.phrases import Entry, headline_case
from transforms.records import Field

LETTERS = frozenset("øłđæœßþð")
NOUNS_WITH_CAPITAL = frozenset({"de", "lb"})
KNOWN_BY_SURNAME = frozenset({"head_of_government", "head_of_state", "foreign_minister", "defence_minister"})


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with the offices held for one country."""

    name: str
    country: str
    offices: tuple[Official, ...]
    named: Candidate  # what names.forms reads
    candidate_id: str = ""  # where he or she is in the running; then the name is found elsewhere

    def forms(self, language: str) -> frozenset[Form]:
        """The forms of the name that are to be found here."""
        return frozenset() if self.candidate_id else forms(self.named, language or None)

    def on(self, day: date | None) -> Official | None:
        """The office held on a day."""
        return next((o for o in self.offices if day and in_office(o, day)), None)


def in_office(office: Official | Office, day: date) -> bool:
    """Whether an office was held on a day."""
    return (office.held_from or date.min) <= day <= (office.held_until or date.max)


class OfficeBefore(Protocol):
    """An office in the text, as far as it matters to a name behind it."""

    @property
    def kind(self) -> str: ...
    @property
    def country(self) -> str | None: ...


def persons_of(watchlist: Watchlist, title_kind: Callable[[str], str | None]) -> tuple[Person, ...]:
    """The officials of a watch list, one person for all offices, and the candidates with theirs."""
    found: dict[tuple[str, str], list[Official]] = {}
    for endorser in watchlist.endorsers:
        for official in endorser.officials:
            found.setdefault((endorser.country, official.name), []).append(official)
    persons: list[Person] = []
    for (country, name), offices in found.items():
        variants = {code: names for o in offices for code, names in o.variants.items()}
        surname = next((o.surname for o in offices if o.surname), None)
        named = Candidate(id=f"official-{len(persons)}", name=name, country=country, surname=surname, variants=variants)
        persons.append(Person(name, country, tuple(offices), named))
    for candidate in watchlist.candidates:
        held: dict[str, list[Official]] = {}
        for office in candidate.offices:
            kind = title_kind(office.title)
            if office.country and kind:
                fields = {"name": candidate.name, "office": kind, "from": office.held_from, "until": office.held_until}
                held.setdefault(office.country, []).append(Official.model_validate(fields))
        persons += (Person(candidate.name, country, tuple(o), candidate, candidate.id) for country, o in held.items())
    return tuple(persons)


def name_entries(persons: Sequence[Person], language: str) -> Iterator[Entry]:
    """What an automaton has to find: surnames, and the given names and second surnames that may stand with them."""
    for at, person in enumerate(persons):
        for form in sorted(person.forms(language), key=lambda f: (f.text, f.part)):
            yield Entry(form.text, "official", str(at), whole=True, capitals=1, part=form.part)


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of an official's name in a folded field; ``person`` is its number."""

    field: Field
    start: int
    end: int
    person: int
    part: str
    is_country: bool = False  # the word is a country, too


@dataclass(frozen=True, slots=True)
class Bearer:
    """A name found: of one person, or of several with the same surname."""

    field: Field
    start: int
    end: int
    persons: tuple[int, ...]
    full: bool
    is_country: bool = False


def choose(
    persons: Sequence[Person],
    passage: Passage,
    pieces: Sequence[Piece],
    titled: Mapping[tuple[Field, int], OfficeBefore],
    countries: Collection[str],
) -> list[tuple[Bearer, Person]]:
    """Whose name each is; those that may be anybody's are left out.

    ``titled``: offices by field and the place where they end; ``countries``: those that the text names.
    """
    found = [b for field in passage.folded for b in _bearers(passage.folded[field], [p for p in pieces if p.field == field])]
    introduced = {b.persons[0] for b in found if b.full}
    kept = []
    for bearer in found:
        if bearer.full:
            kept.append((bearer, persons[bearer.persons[0]]))
            continue
        copy = passage.folded[bearer.field]
        if _another(copy, bearer, passage.language):
            continue
        known = [p for p in bearer.persons if p in introduced]
        if not known:
            office = _office_before(copy, bearer, titled)
            if office:
                held = [(p, _holds(persons[p], office, passage.published_on)) for p in bearer.persons]
                best = max((fit for _, fit in held), default=0)
                known = [p for p, fit in held if fit and fit == best]
            if not known and not bearer.is_country:
                may_be_given = other_given_name(copy.text[bearer.start : bearer.end], passage.language)
                here = [p for p in bearer.persons if not may_be_given or persons[p].country in countries]
                known = [p for p in here if _prominent(persons[p], passage.published_on) and _spelled(copy, bearer, persons[p])]
        if len({persons[p].name for p in known}) == 1:
            kept.append((bearer, persons[known[0]]))
    return kept


def _bearers(copy: Folded, pieces: Sequence[Piece]) -> Iterator[Bearer]:
    """Surnames with the given names beside them, in either order."""
    by_end: dict[int, list[Piece]] = {}
    by_start: dict[int, list[Piece]] = {}
    tails: dict[int, list[Piece]] = {}  # second surnames
    surnames: dict[tuple[int, int], list[Piece]] = {}
    for piece in pieces:
        if piece.part == "given":
            by_end.setdefault(piece.end, []).append(piece)
            by_start.setdefault(piece.start, []).append(piece)
        elif piece.part == "tail":
            tails.setdefault(piece.start, []).append(piece)
        elif piece.part == "surname":
            surnames.setdefault((piece.start, piece.end), []).append(piece)
    text, done = copy.text, 0
    for (start, end), found in sorted(surnames.items(), key=lambda s: (s[0][0], -s[0][1])):
        if start < done:
            continue
        here = dict.fromkeys(p.person for p in found)
        before = [g for g in by_end.get(start - 1, ()) if g.person in here and text[g.end] in " -"]
        gap = next((gap for gap in (", ", " ") if text.startswith(gap, end)), "")
        behind = [g for g in by_start.get(end + len(gap), ()) if gap and g.person in here]
        done = max([end, *(t.end for t in tails.get(end + 1, ()) if t.person in here and text[end] in " -")])
        if before:
            first, person = before[0].start, before[0].person
            while more := next((g for g in by_end.get(first - 1, ()) if g.person == person), None):
                first = more.start
            yield Bearer(before[0].field, first, done, (person,), full=True)
        elif behind:
            yield Bearer(behind[0].field, start, behind[0].end, (behind[0].person,), full=True)
        else:
            yield Bearer(found[0].field, start, done, tuple(here), full=False, is_country=found[0].is_country)


_WORD_BEFORE = re.compile(r"([^\W\d_][\w'-]*)(\.?) $")
_WORD_BEHIND = re.compile(r" ([^\W\d_][\w'-]+)")


def _another(copy: Folded, bearer: Bearer, language: str) -> bool:
    """Whether a surname alone is part of another name: a given name stands before it, or a capital follows (Costa Rica).

    Where nouns have capitals only a name that may be a given one needs the second. A letter that no accent makes (ø, ł) has to be there:
    without it the word is another one (store).
    """
    before = _WORD_BEFORE.search(copy.text[max(0, bearer.start - 40) : bearer.start])
    if before and copy.char(bearer.start - len(before[0])).isupper() and other_given_name(before[1], language):
        return True
    behind = _WORD_BEHIND.match(copy.text, bearer.end)
    if behind is None or not copy.char(behind.start(1)).isupper() or headline_case(copy):
        return False
    return language not in NOUNS_WITH_CAPITAL or other_given_name(copy.text[bearer.start : bearer.end], language)


def _spelled(copy: Folded, bearer: Bearer, person: Person) -> bool:
    """Whether the letters that no accent makes stand in a surname."""
    own = set(parse_name(person.name, person.named.surname).surname.lower()) & LETTERS
    surface = copy.source[copy.start(bearer.start) : copy.end(bearer.end)].lower()
    return not own or not is_latin(surface) or bool(own & set(surface))


def _office_before(copy: Folded, bearer: Bearer, titled: Mapping[tuple[Field, int], OfficeBefore]) -> OfficeBefore | None:
    gap = copy.text[max(0, bearer.start - 2) : bearer.start]
    return titled.get((bearer.field, bearer.start - (2 if gap == ", " else 1))) if gap.endswith(" ") else None


def _holds(person: Person, office: OfficeBefore, day: date | None) -> int:
    """How well an office fits a person: 2 where he or she held it on the day, 1 where another one, 0 where none or another country's."""
    if office.country not in (None, person.country):
        return 0
    held = [o for o in person.offices if day is None or in_office(o, day)]
    return 2 if any(o.office == office.kind for o in held) else int(bool(held))


def _prominent(person: Person, day: date | None) -> bool:
    if not all(o.by_surname for o in person.offices):
        return False
    if day is None:
        return any(o.office in KNOWN_BY_SURNAME for o in person.offices)
    held = person.on(day)
    return held is not None and held.office in KNOWN_BY_SURNAME
