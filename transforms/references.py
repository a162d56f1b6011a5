"""Persons named by an office alone (the Dutch premier), resolved by the article's date; and by their country (the Dutchman).

A reference stands for a candidate who held the office on the day of the article. It is none where a name stands beside it (that is the
person's title), where it is a former or future office, or anybody's (no Dutch prime minister). A demonym stands for the one candidate of
the country whom the text names. References are kept apart from mentions and never overlap one.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from transforms.names import lexicon
from transforms.namesakes import other_given_name
from transforms.normalise import Folded
from transforms.offices import Around, CountryHit, OfficeHit, Offices, Sightings, compile_offices, in_office
from transforms.officials import NOUNS_WITH_CAPITAL
from transforms.passage import Passage
from transforms.phrases import headline_case
from transforms.records import Field, Reference

__all__ = ["Offices", "compile_offices", "find_references"]

NEW = timedelta(days=200)  # in which the holder of an office is new in it
BESIDE = 12  # code points between an office and a name
HELD_BY_ONE = frozenset({"head_of_government", "head_of_state", "foreign_minister", "defence_minister", "deputy", "head_of_organisation"})


def find_references(offices: Offices, passage: Passage) -> tuple[Reference, ...]:
    """The candidates that a text means by an office or a country alone; nobody where the day is not known."""
    if passage.published_on is None:
        return ()
    sightings = offices.read(passage)
    home = {c.id: c.country for c in offices.watchlist.candidates}
    names = _names(passage, sightings, home)
    found = [*_by_office(offices, passage, sightings, names), *_by_country(offices, passage, sightings, names, home)]
    return tuple(sorted(found, key=lambda r: (r.field != "title", r.start)))


@dataclass(frozen=True, slots=True)
class Names:
    """Where names stand in each field."""

    persons: Mapping[Field, tuple[list[int], list[int]]]  # beginnings and ends, in order
    countries: Mapping[Field, frozenset[int]]  # beginnings
    candidates: Mapping[tuple[Field, str], list[int]]  # field and country → ends
    officials: Mapping[tuple[Field, str], list[int]]  # of those who are no candidates


def _names(passage: Passage, sightings: Sightings, home: Mapping[str, str]) -> Names:
    spans: dict[Field, set[tuple[int, int]]] = {f: set() for f in passage.folded}
    candidates: dict[tuple[Field, str], list[int]] = {}
    officials: dict[tuple[Field, str], list[int]] = {}
    for name in passage.names:
        spans[name.field].add((name.start, name.end))
        candidates.setdefault((name.field, home[name.candidate]), []).append(name.end)
    for official in sightings.officials:
        if (official.start, official.end) not in spans[official.field]:
            officials.setdefault((official.field, official.country), []).append(official.end)
    for official in sightings.officials:
        spans[official.field].add((official.start, official.end))
    return Names(
        {f: (sorted(a for a, _ in here), sorted(b for _, b in here)) for f, here in spans.items()},
        {f: frozenset(c.start for c in sightings.countries if c.field == f) for f in passage.folded},
        candidates,
        officials,
    )


def _by_office(offices: Offices, passage: Passage, sightings: Sightings, names: Names) -> Iterator[Reference]:
    around = offices.table(passage.language).around
    for hit in sightings.offices:
        if hit.kind not in HELD_BY_ONE or not (hit.in_office and hit.certain):
            continue
        candidates = _holders(offices, passage, hit)
        if len(candidates) == 1 and not _named(passage, around, names, hit.field, hit.first, hit.last):
            yield _reference(passage, candidates.pop(), hit.field, hit.first, hit.last, f"office:{hit.kind}")


def _holders(offices: Offices, passage: Passage, hit: OfficeHit) -> set[str]:
    """The candidates who held an office on the day of the article: a country's, or that of the body whose post it is."""
    day = passage.published_on
    assert day is not None
    if hit.country is None:
        return {c for c, office in offices.heads if hit.kind == "head_of_organisation" and in_office(office, day)}
    since = day - NEW if hit.new else date.min
    held = ((c, o) for c, o in offices.candidates.get((hit.country, hit.kind), ()) if in_office(o, day))
    return {candidate for candidate, office in held if (office.held_from or since) >= since}


def _by_country(offices: Offices, passage: Passage, sightings: Sightings, names: Names, home: Mapping[str, str]) -> Iterator[Reference]:
    around = offices.table(passage.language).around
    in_offices = {(o.field, place) for o in sightings.offices for place in (o.first, o.last)}
    mentioned: dict[str, set[str]] = {}
    for name in passage.names:
        mentioned.setdefault(home[name.candidate], set()).add(name.candidate)
    for hit in sightings.countries:
        candidates = mentioned.get(hit.country, set())
        if not hit.is_person or len(candidates) != 1 or in_offices & {(hit.field, hit.start), (hit.field, hit.end)}:
            continue
        if not _one_person(passage.folded[hit.field], hit, around) or _another_meant(names, hit):
            continue
        if not _named(passage, around, names, hit.field, hit.start, hit.end):
            yield _reference(passage, min(candidates), hit.field, hit.start, hit.end, "country")


def _one_person(copy: Folded, hit: CountryHit, around: Around) -> bool:
    """Whether a demonym is the person just spoken of: with an article where the language has one, and no adjective before a noun."""
    before = re.search(r"([^\W_]+)[ ']$", copy.text[max(0, hit.start - 20) : hit.start])
    if around.definite and not (before and before[1] in around.definite):
        return False
    if before and (around.indefinite.have(before[1]) or around.other_times.have(before[1])):
        return False
    if hit.role != "adjective":
        return True
    behind = re.match(r"(?:[ -]([^\W_]+))?", copy.text[hit.end : hit.end + 20])
    if around.adjective_first:
        return not (behind and behind[1]) or behind[1] in around.adjective_first
    return True


def _another_meant(names: Names, hit: CountryHit) -> bool:
    """Whether the person of that country named last before is somebody else."""
    own, others = (kind.get((hit.field, hit.country), ()) for kind in (names.candidates, names.officials))
    last, other = bisect_right(own, hit.start) - 1, bisect_right(others, hit.start) - 1
    return other >= 0 and (last < 0 or own[last] < others[other])


_BEHIND = re.compile(r"(,?) (?:[^\W\d_]{1,3}\. )?([^\W\d_][\w'-]+)(?: ([^\W\d_][\w'-]+))?")
_BEFORE = re.compile(r"([^\W\d_][\w'-]+) ([^\W\d_][\w'-]+), (?:([^\W_]+)[ '])?$")


def _named(passage: Passage, around: Around, names: Names, field: Field, first: int, last: int) -> bool:
    """Whether a name stands beside a phrase: right behind it, or with a comma on either side."""
    copy = passage.folded[field]
    text = copy.text
    starts, ends = names.persons[field]
    at = bisect_left(starts, last)
    if at < len(starts) and starts[at] - last <= BESIDE:
        gap = re.fullmatch(r",? ?(?:([^\W\d_]+)\.? )?", text[last : starts[at]])
        if gap and (gap[1] is None or gap[1] in lexicon("offices")["titles"]["any"]):
            return True
    at = bisect_right(ends, first) - 1
    if at >= 0 and first - ends[at] <= BESIDE:
        gap = re.fullmatch(r"(, )(?:([^\W_]+)[ '])?|[ -]", text[ends[at] : first])
        if gap and _article(gap[2], around):
            return True
    behind = _BEHIND.match(text, last)
    if behind and copy.char(behind.start(2)).isupper() and not headline_case(copy):
        two = behind[3] is not None and copy.char(behind.start(3)).isupper()
        if two or (not behind[1] and (passage.language not in NOUNS_WITH_CAPITAL or other_given_name(behind[2], passage.language))):
            return behind.start(2) not in names.countries[field]
    before = _BEFORE.search(text, max(0, first - 60), first)
    capitals = before is not None and copy.char(before.start(1)).isupper() and copy.char(before.start(2)).isupper()
    return before is not None and capitals and _article(before[3], around)


def _article(word: str | None, around: Around) -> bool:
    """Whether what stands between a comma and an office is nothing or an article."""
    return word is None or word in around.definite or around.indefinite.have(word)


def _reference(passage: Passage, candidate: str, field: Field, first: int, last: int, rule: str) -> Reference:
    copy = passage.folded[field]
    start, end = copy.start(first), copy.end(last)
    return Reference(candidate_id=candidate, field=field, start=start, end=end, surface=copy.source[start:end], rule=rule)
