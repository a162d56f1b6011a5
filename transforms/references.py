"""Persons named by an office alone (the Dutch premier), resolved by the article's date; and by their country (the Dutchman).

A reference stands for a candidate who held the office on the day of the article. It is none where a name stands beside it (that is the
person's title), where it is a former or future office, or anybody's (no Dutch prime minister). A demonym stands for the one candidate of
the country whom the text names. References are kept apart from mentions and never overlap one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from transforms.namesakes import other_given_name
from transforms.normalise import Folded
from transforms.offices import Around, CountryHit, OfficeHit, Offices, Sightings, compile_offices, in_office
from transforms.passage import Passage
from transforms.records import Field, Reference

__all__ = ["Offices", "compile_offices", "find_references"]

HELD_BY_ONE = frozenset({"head_of_government", "head_of_state", "foreign_minister", "defence_minister", "deputy", "head_of_organisation"})
NOUNS_WITH_CAPITAL = frozenset({"de", "lb"})


def find_references(offices: Offices, passage: Passage) -> tuple[Reference, ...]:
    """The candidates that a text means by an office or a country alone; nobody where the day is not known."""
    if passage.published_on is None:
        return ()
    sightings = offices.read(passage)
    found = [*_by_office(offices, passage, sightings), *_by_country(offices, passage, sightings)]
    return tuple(sorted(found, key=lambda r: (r.field != "title", r.start)))


def _by_office(offices: Offices, passage: Passage, sightings: Sightings) -> Iterator[Reference]:
    for hit in sightings.offices:
        if hit.kind not in HELD_BY_ONE or not (hit.in_office and hit.certain):
            continue
        candidates = _holders(offices, passage, hit)
        if len(candidates) == 1 and not _named(passage, sightings, hit.field, hit.first, hit.last):
            yield _reference(passage, candidates.pop(), hit.field, hit.first, hit.last, f"office:{hit.kind}")


def _holders(offices: Offices, passage: Passage, hit: OfficeHit) -> set[str]:
    """The candidates who held an office on the day of the article: a country's, or that of the body whose post it is."""
    day = passage.published_on
    assert day is not None
    if hit.country is None:
        return {c for c, office in offices.heads if hit.kind == "head_of_organisation" and in_office(office, day)}
    held = [p for p in offices.persons if p.candidate_id and p.country == hit.country]
    return {p.candidate_id for p in held if any(o.office == hit.kind and in_office(o, day) for o in p.offices)}


def _by_country(offices: Offices, passage: Passage, sightings: Sightings) -> Iterator[Reference]:
    home = {c.id: c.country for c in offices.watchlist.candidates}
    around = offices.table(passage.language).around
    offices_at = {(o.field, at) for o in sightings.offices for at in range(o.first, o.last)}
    for hit in sightings.countries:
        mentioned = {n.candidate for n in passage.names if home[n.candidate] == hit.country}
        if not hit.is_person or len(mentioned) != 1 or (hit.field, hit.start) in offices_at:
            continue
        if not _one_person(passage.folded[hit.field], hit, around) or _another_meant(offices, passage, sightings, hit, home):
            continue
        if not _named(passage, sightings, hit.field, hit.start, hit.end):
            yield _reference(passage, mentioned.pop(), hit.field, hit.start, hit.end, "country")


def _one_person(copy: Folded, hit: CountryHit, around: Around) -> bool:
    """Whether a demonym is the person just spoken of: with an article where the language has one, and no adjective before a noun."""
    before = re.search(r"([^\W_]+)[ ']$", copy.text[max(0, hit.start - 20) : hit.start])
    if around.definite and not (before and before[1] in around.definite):
        return False
    if before and any(w.fits(before[1]) for w in (*around.indefinite, *around.other_times)):
        return False
    if hit.role != "adjective":
        return True
    behind = re.match(r"(?:[ -]([^\W_]+))?", copy.text[hit.end : hit.end + 20])
    if around.adjective_first:
        return not (behind and behind[1]) or behind[1] in around.adjective_first
    return bool(around.definite)


def _another_meant(offices: Offices, passage: Passage, sightings: Sightings, hit: CountryHit, home: Mapping[str, str]) -> bool:
    """Whether the person of that country named last before is somebody else."""
    candidates = {p.name for p in offices.persons if p.candidate_id}
    own = [n.start for n in passage.names if n.field == hit.field and home[n.candidate] == hit.country and n.end <= hit.start]
    others = [o.start for o in sightings.officials if o.field == hit.field and o.country == hit.country and o.name not in candidates]
    return any(max(own, default=-1) < start < hit.start for start in others)


_BEHIND = re.compile(r"(,?) (?:[^\W\d_]{1,3}\. )?([^\W\d_][\w'-]+)(?: ([^\W\d_][\w'-]+))?")
_BEFORE = re.compile(r"([^\W\d_][\w'-]+) ([^\W\d_][\w'-]+), (?:[^\W\d_]{1,4} ){0,2}$")


def _named(passage: Passage, sightings: Sightings, field: Field, first: int, last: int) -> bool:
    """Whether a name stands beside a phrase: right behind it, or with a comma on either side."""
    copy = passage.folded[field]
    text = copy.text
    names = {(n.start, n.end) for n in passage.names if n.field == field}
    for start, end in names | {(o.start, o.end) for o in sightings.officials if o.field == field}:
        if start >= last and re.fullmatch(r",? ?(?:[^\W\d_]{1,4}\.? )?", text[last:start]):
            return True
        if end <= first and re.fullmatch(r", (?:[^\W\d_]{1,4} ){0,2}|[ -]", text[end:first]):
            return True
    behind = _BEHIND.match(text, last)
    if behind and copy.char(behind.start(2)).isupper() and not _headline_case(copy):
        two = behind[3] is not None and copy.char(behind.start(3)).isupper()
        if two or (not behind[1] and (passage.language not in NOUNS_WITH_CAPITAL or other_given_name(behind[2], passage.language))):
            return not any(c.field == field and c.start == behind.start(2) for c in sightings.countries)
    before = _BEFORE.search(text, max(0, first - 60), first)
    return bool(before and copy.char(before.start(1)).isupper() and copy.char(before.start(2)).isupper())


HEADLINE_CASE = 0.7  # share of the longer words


def _headline_case(copy: Folded) -> bool:
    """Whether most words begin with a capital, as in some headlines: then a capital says nothing."""
    words = re.findall(r"[^\W\d_]{4,}", copy.source)
    return sum(str(w)[0].isupper() for w in words) > HEADLINE_CASE * len(words)


def _reference(passage: Passage, candidate: str, field: Field, first: int, last: int, rule: str) -> Reference:
    copy = passage.folded[field]
    start, end = copy.start(first), copy.end(last)
    return Reference(candidate_id=candidate, field=field, start=start, end=end, surface=copy.source[start:end], rule=rule)
