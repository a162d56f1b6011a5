"""Whom a sentence means beside those whom it names: he, the two, the Dutchman, the Dutch prime minister.

Belongs here: pronouns and descriptions of candidates. What is said of them is found in :mod:`transforms.clauses`; references that are
published, for offices held on a day, in :mod:`transforms.references`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from transforms.clause_reading import Person
from transforms.normalise import Folded
from transforms.position_words import Hit
from transforms.sightings import CountryHit
from transforms.weighing import Name

CLOSING = "”»"  # marks that end a quotation, beside the straight one


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of candidates when a sentence is read."""

    before: Sequence[str]  # named in the sentences before, the last one first
    anywhere: Sequence[str]  # those of the sentence itself, those before, those of the whole text
    home: Mapping[str, str]  # candidate → country
    article: str  # of the language, see position_words.Words


def people_in(
    copy: Folded,
    described: Sequence[Name],
    countries: Sequence[CountryHit],
    kinds: Mapping[str, Sequence[Hit]],
    known: Known,
) -> list[Person]:
    """The candidates that a sentence means, by start.

    ``described``: their names, with what stands beside them to describe them; ``countries`` and ``kinds``: what else stands in it.
    """
    people = [Person(n.candidate, n.start, n.end, True) for n in described]
    for country in countries:  # the Dutchman, the Dutch prime minister
        if any(p.start <= country.start < p.end for p in people):
            continue
        candidate = next((c for c in known.anywhere if known.home[c] == country.country), None)
        end = (
            country.end
            if country.role == "person" or _alone(copy, country, kinds.get("lists", ()), known.article)
            else _described_end(copy, country.end, kinds.get("described", ()))
        )
        begin = country.start
        if not end and country.role == "adjective":  # le premier ministre néerlandais
            begin = _described_start(copy, country.start, kinds.get("described", ()))
            end = country.end if begin else 0
        if candidate and end and country.role in ("person", "adjective"):
            people.append(Person(candidate, begin, end, False))
    for hit in kinds.get("both", ()):
        people += (Person(c, hit.start, hit.end, False) for c in known.anywhere[:2] if len(known.anywhere) > 1)
    for hit in (*kinds.get("pronouns", ()), *kinds.get("clitics", ())):
        before = [p for p in people if p.named and p.end <= hit.start]
        after = [p for p in people if p.named and p.start >= hit.end and _quote_ends(copy, hit.end, p.start)]
        candidate = before[-1].candidate if before else next(iter(known.before), after[0].candidate if after else None)
        if candidate and not any(p.start <= hit.start < p.end for p in people):
            people.append(Person(candidate, hit.start, hit.end, False, pronoun=True, clitic=hit.kind == "clitics"))
    return sorted(people, key=lambda p: p.start)


def _quote_ends(copy: Folded, start: int, end: int) -> bool:
    """Whether a quotation ends in a stretch: a pronoun inside it may mean who is named behind ("He has our vote," she said of Berg)."""
    return any(c in CLOSING or c == '"' for c in copy.text[start:end])


def _alone(copy: Folded, country: CountryHit, lists: Sequence[Hit], article: str) -> bool:
    """Whether an adjective with an article stands alone, as a noun does (between the Romanian and the Dutchman)."""
    text, before, end = copy.text, f"{article} ", country.end
    if not article or country.role != "adjective" or text[max(0, country.start - len(before)) : country.start] != before:
        return False
    joined = (h.end for h in lists if h.start == end + 1)  # and, or; an entry may hold the article (and the)
    return text[end : end + 1] in _STOPS or any(
        text[at - len(before) : at] == f" {article}" or text.startswith(before, at + 1) for at in joined
    )


_STOPS = ("", *",.;:)")


def _described_end(copy: Folded, at: int, described: Sequence[Hit]) -> int:
    """Where a description ends that begins with a country's adjective; 0 where none does."""
    return next((h.end for h in described if 0 <= h.start - at <= 20 and re.fullmatch(r" (?:[\w-]+ )?", copy.text[at : h.start])), 0)


def _described_start(copy: Folded, at: int, described: Sequence[Hit]) -> int:
    """Where a description begins that ends with a country's adjective; 0 where none does."""
    return next((h.start for h in described if 0 <= at - h.end <= 20 and re.fullmatch(r" (?:[\w-]+ )?", copy.text[h.end : at])), 0)
