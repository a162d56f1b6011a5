"""The words around names in bylines, in the languages of the press.

Belongs here: reading ``lexicons/bylines.toml`` into sets and patterns. Does not belong here: taking bylines apart (``bylines``).
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

from transforms.date_words import fold_word

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True, kw_only=True)
class BylineWords:
    """The lexicon, ready to be looked at."""

    label: re.Pattern[str]  # what stands before those who wrote, at the start of a piece
    inner: re.Pattern[str]  # the same inside a piece, before a capital letter
    others: re.Pattern[str]  # what stands before those who did not write
    writers: re.Pattern[str]  # a label with its colon, which ends the credit of others
    joining: re.Pattern[str]
    joining_capitals: re.Pattern[str]  # for bylines in capitals
    joining_surnames: re.Pattern[str]
    on_behalf: re.Pattern[str]
    joining_words: frozenset[str]
    articles: frozenset[str]
    surname_words: frozenset[str]
    loose_labels: frozenset[str]
    particles: frozenset[str]
    titles: frozenset[str]
    beside_numbers: frozenset[str]
    desks: frozenset[str]
    desk_endings: tuple[str, ...]
    desks_and_surnames: frozenset[str]
    nobody: frozenset[str]
    places: frozenset[str]
    roles: frozenset[str]
    beside_roles: frozenset[str]
    small: frozenset[str]  # every word in lower case that bylines have
    given: frozenset[str]


def _table(name: str) -> dict[str, object]:
    return tomllib.loads(files("transforms.lexicons").joinpath(f"{name}.toml").read_text(encoding="utf-8"))


def _any(words: Iterable[str]) -> str:
    return "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in sorted(set(words), key=lambda word: (-len(word), word)))


def _all(table: object) -> list[str]:
    return [word for words in table.values() for word in words] if isinstance(table, dict) else []


@lru_cache(maxsize=1)
def byline_words() -> BylineWords:
    """``lexicons/bylines.toml`` and the given names."""
    table = _table("bylines")
    flat = {name: [str(word) for word in words] for name, words in table.items() if isinstance(words, list)}
    leading = _all(table["leading"])
    others = _all(table["others"])
    spoken = [word for word in others if " " in word]  # "photos by" needs no colon
    small = [word for word in flat["joining"] if len(word) > 1]
    roles, beside_roles = _all(table["roles"]), _all(table["beside_roles"])
    joining, capitals = _any(flat["joining"]), _any(flat["joining_capitals"])
    return BylineWords(
        label=re.compile(rf"(?:{_any(leading)})(?:\s*[:：/／]\s*|\.?\s+|(?<=[\u3400-\u9fff]))(?=\S)", re.IGNORECASE),
        inner=re.compile(rf"(?:^|(?<=\s))(?i:{_any(word for word in leading if len(word) < 6)})\s+(?=[^\W\d_a-zà-ÿ])"),
        others=re.compile(rf"(?<!\w)(?:(?:{_any(others)})\s*[:：]|(?:{_any(spoken)})\s)", re.IGNORECASE),
        writers=re.compile(rf"(?<!\w)(?:{_any(leading)})\s*[:：]|[;|\n]|\b(?:written|words|text|story|reporting)\s+by\s", re.IGNORECASE),
        joining=re.compile(rf"(?<=\S)\s+(?:{joining}|(?i:{capitals})(?=\s+[^\W\d_a-zà-ÿ]))\s+(?=\S)"),
        joining_capitals=re.compile(rf"(?<=\S)\s+(?:{_any(small)})\s+(?=\S)", re.IGNORECASE),
        joining_surnames=re.compile(rf"^(?P<first>\S.*\s\S+)\s(?:{_any(flat['joining_surnames'])})\s(?P<second>[^\W\d_a-zà-ÿ]\S+)$"),
        on_behalf=re.compile(rf"(?<=\S\s)(?:{_any(flat['on_behalf'])})\s+(?=[^\W\d_a-zà-ÿ]|[dD](?:er|ie|as)\s).*"),
        joining_words=frozenset(flat["joining"]),
        articles=frozenset(flat["articles"]),
        surname_words=frozenset(_all(table["surname_words"])),
        loose_labels=frozenset(flat["loose_labels"]),
        particles=frozenset(flat["particles"]),
        titles=frozenset(flat["titles"]),
        beside_numbers=frozenset(fold_word(word) for word in (*flat["beside_numbers"], *flat["weekdays"])),
        desks=frozenset(flat["desks"]),
        desk_endings=tuple(flat["desk_endings"]),
        desks_and_surnames=frozenset(flat["desks_and_surnames"]),
        nobody=frozenset(flat["nobody"]),
        places=frozenset(flat["places"]),
        roles=frozenset(roles),
        beside_roles=frozenset(beside_roles),
        small=frozenset((*flat["joining"], *flat["particles"], *roles, *beside_roles, *" ".join(leading).split())),
        given=frozenset(word for words in _table("given_names").values() for word in str(words).split()),
    )
