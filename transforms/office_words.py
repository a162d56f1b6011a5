"""The words of one language for offices, countries and officials, made ready to be found.

They come from ``lexicons/offices.toml``, ``lexicons/countries/`` and a watch list (its officials, the body whose post it is). How a text
is read with them is the work of :mod:`transforms.sightings`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any

from daachorse import MATCH_KIND_STANDARD, CharwiseDoubleArrayAhoCorasick

from transforms.names import ANY, lexicon
from transforms.normalise import fold_text
from transforms.officials import Person, name_entries
from transforms.params import Watchlist
from transforms.phrases import Entry, Word, Words, entries_of, proper

FALLBACK = "en"  # for a language that is not known or not covered
# How lexicons/countries calls what a word says of a country. What is "not" one holds its name and is something else (a newspaper).
ROLES: Mapping[str, str] = MappingProxyType(
    {"names": "name", "adjectives": "adjective", "persons": "person", "seats": "seat", "not": "not"}
)


PASSED = ("between", "new", "other_times", "other_times_behind")


@dataclass(frozen=True, slots=True)
class Around:
    """What may stand around an office in one language."""

    behind: frozenset[str]  # words that join an office to a country behind it; "" where none is needed
    passed: Words  # what may stand between the two, among them words for other times
    beside: Words  # what may stand before the two
    new: Words
    other_times: Words  # former, future, shadow
    other_times_behind: Words  # designate, elect
    indefinite: Words
    definite: frozenset[str]  # what stands before one person of a country; empty where the language needs nothing
    adjective_first: frozenset[str]  # where an adjective stands before its noun: words that no noun can be, behind a person


@dataclass(frozen=True, slots=True)
class Table:
    """The words of one language: key of the automaton → entries that begin with it."""

    keys: tuple[str, ...]
    entries: tuple[tuple[Entry, ...], ...]
    automaton: CharwiseDoubleArrayAhoCorasick
    around: Around
    offices: tuple[Entry, ...]
    proclitics: tuple[str, ...]


def title_kind(title: str) -> str | None:
    """The kind of an office by its English title, or None for one that is none of a country's (a commissioner)."""
    words = title.split()
    for size in range(len(words), 0, -1):
        for at in range(len(words) - size + 1):
            kind = _titles().get(" ".join(words[at : at + size]).lower())
            if kind:
                return kind_in(kind, None)
    return None


@cache
def _titles() -> Mapping[str, str]:
    return {e.text: e.value for kind, words in lexicon("offices")["en"]["kinds"].items() for e in entries_of(words, "office", kind)}


def kind_in(kind: str, country: str | None) -> str:
    """What an office is in a country: a chancellor heads the government here, and is a minister there."""
    meanings: Mapping[str, str] | None = lexicon("offices")["meanings"].get(kind)
    return kind if meanings is None else meanings.get(country or ANY, meanings[ANY])


def table_of(watchlist: Watchlist, persons: Sequence[Person], language: str) -> Table:
    data: Mapping[str, Any] = lexicon("offices")
    code = data["same"].get(language, language)
    code = code if code in data else FALLBACK
    words: Mapping[str, Any] = data[code]
    entries: dict[str, list[Entry]] = {}

    def add(found: Iterator[Entry] | Sequence[Entry]) -> None:
        for entry in found:
            entries.setdefault(entry.key, []).append(entry)

    offices = tuple(entry for kind, terms in words["kinds"].items() for entry in entries_of(terms, "office", kind))
    add(offices)
    add(_country_entries(watchlist, code))
    bodies = (*watchlist.bodies.get(language, ()), *watchlist.bodies.get(ANY, ()))
    for term in bodies:
        add([proper(term, "body", "", cased=False)])
    add(name_entries(persons, language))
    body_words = tuple(Word(fold_text(b.rstrip("|")), b.endswith("|")) for b in bodies)
    keys = tuple(sorted(entries))
    around = words["around"]
    return Table(
        keys,
        tuple(tuple(entries[key]) for key in keys),
        CharwiseDoubleArrayAhoCorasick(list(keys), MATCH_KIND_STANDARD),
        Around(
            behind=frozenset(map(fold_text, around["behind"])),
            passed=Words.of((*map(Word.of, (w for name in PASSED for w in around.get(name, ()))), *body_words)),
            beside=Words.of((*map(Word.of, (*around["between"], *around["new"])), *body_words)),
            new=Words.of(map(Word.of, around["new"])),
            other_times=Words.of(map(Word.of, around["other_times"])),
            other_times_behind=Words.of(map(Word.of, around.get("other_times_behind", ()))),
            indefinite=Words.of(map(Word.of, around["indefinite"])),
            definite=frozenset(map(fold_text, around.get("definite", ()))),
            adjective_first=frozenset(map(fold_text, around.get("adjective_first", ()))),
        ),
        offices,
        tuple(map(fold_text, data["proclitics"].get(code, ()))),
    )


def _country_entries(watchlist: Watchlist, language: str) -> Iterator[Entry]:
    """What the lexicon knows of the countries of a watch list; its own name for one that the lexicon has not."""
    known, everywhere = lexicon(f"countries/{language}"), lexicon(f"countries/{ANY}")
    names = {e.country: e.name for e in watchlist.endorsers}
    for country in sorted(names.keys() | {c.country for c in watchlist.candidates}):
        for key, terms in (*known.get(country, {}).items(), *everywhere.get(country, {}).items()):
            yield from entries_of(terms, ROLES[key], country)
        if country not in known and country in names:
            yield proper(names[country], "name", country)
