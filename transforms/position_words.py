"""The words by which a text says a country's position: one lexicon a language, compiled to one automaton.

Belongs here: reading ``lexicons/endorsements/<language>.toml``, its notation, and finding its entries in a folded sentence. What the words
mean together is decided in :mod:`transforms.clauses` and :mod:`transforms.attribution`.

Notation: words separated by spaces, compared folded; a word is whole unless it ends in ``*``; ``…`` stands for up to four other words;
``(a|b)`` for either.
"""

from __future__ import annotations

import itertools
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from daachorse import MATCH_KIND_STANDARD, CharwiseDoubleArrayAhoCorasick

from transforms.names import ANY, lexicon
from transforms.normalise import fold_text
from transforms.params import Watchlist

CLASSES = ("supports", "nominates", "opposes", "withholds", "withdraws")
VOICES = ("active", "passive", "tight")
PREDICATES = frozenset(f"{name}.{voice}" for name in CLASSES for voice in VOICES)
SECTIONS: Mapping[str, tuple[str, ...]] = {
    "polarity": ("refuses", "not_yet", "ended"),
    "modality": ("expected", "conditional", "promised", "unreal", "departure", "earlier", "denial"),
    "source": ("says", "tells", "according", "refers", "unnamed", "official"),
    "agents": ("government", "nobody", "allies", "except", "own", "place", "by"),
    "people": ("pronouns", "clitics", "both", "described", "bid"),
    "objects": ("other",),
    "clauses": ("breaks", "reported", "lists", "instead"),
    "ellipsis": ("same", "contrary"),
}
SIDES = ("before", "both")
ORDERS = ("fixed", "free")
GAP = r"((?: [^ ,;:]+){0,4}?)"  # what stands for …; it does not run over a comma


@dataclass(frozen=True, slots=True)
class Hit:
    """An entry in a folded field."""

    start: int
    end: int
    kind: str  # "supports.active", "refuses", "says", …
    gaps: tuple[tuple[int, int], ...] = ()  # what stands for its …


@dataclass(frozen=True, slots=True)
class Table:
    """Entries in one automaton: key → kinds with what has to follow the key."""

    entries: tuple[tuple[tuple[str, re.Pattern[str]], ...], ...]
    automaton: CharwiseDoubleArrayAhoCorasick

    def find(self, text: str, start: int, end: int) -> list[Hit]:
        """The entries that stand in a part of a folded text, by start; offsets are the whole text's."""
        part = text[start:end]
        found = []
        for at, stop, index in self.automaton.find_overlapping(part):
            if at and part[at - 1].isalnum() and part[at].isalnum():
                continue
            for kind, rest in self.entries[index]:
                match = rest.match(part, stop)
                if match:
                    gaps = tuple((start + a, start + b) for a, b in match.regs[1:] if b > a)
                    found.append(Hit(start + at, start + match.end(), kind, gaps))
        return found

    def any(self, text: str) -> bool:
        """Whether any entry stands in a text."""
        for at, stop, index in self.automaton.find_overlapping(text):
            if at and text[at - 1].isalnum():
                continue
            if any(rest.match(text, stop) for _, rest in self.entries[index]):
                return True
        return False


@dataclass(frozen=True, slots=True)
class Words:
    """The lexicon of one language, joined with the watch list's own words."""

    everything: Table
    predicates: Table  # the gate: a text without one says no position
    negation_behind: bool  # a negation may stand behind its predicate
    named_lists: bool  # the lexicon says what joins a list: no other short word does
    nouns: Mapping[str, tuple[tuple[str, bool], ...]]  # country → its names, and whether an ending may follow
    free_order: bool  # who does it may stand behind an active predicate, without a preposition


def compile_words(watchlist: Watchlist, language: str) -> Words | None:
    """The words of a language; None where it has no lexicon."""
    data = read_lexicon(language)
    if data is None:
        return None
    kinds: dict[str, list[str]] = {f"{name}.{voice}": data[name].get(voice, []) for name in CLASSES for voice in VOICES}
    for section, keys in SECTIONS.items():
        kinds |= {key: data.get(section, {}).get(key, []) for key in keys}
    predicates = table_of({kind: kinds[kind] for kind in PREDICATES})
    for kind, terms in (("elsewhere", watchlist.elsewhere), ("post", watchlist.context), ("post", watchlist.bodies)):
        kinds.setdefault(kind, []).extend(_watchlist_terms(terms, language))
    side = data["polarity"].get("side", "before")
    order = data.get("clauses", {}).get("order", "free")
    if side not in SIDES or order not in ORDERS:
        raise ValueError(f"lexicons/endorsements/{language}.toml: side or order: {side!r}, {order!r}: are none of {SIDES}, {ORDERS}")
    return Words(table_of(kinds), predicates, side == "both", bool(kinds["lists"]), _nouns(watchlist, language), order == "free")


@cache
def read_lexicon(language: str) -> Mapping[str, Any] | None:
    code = lexicon("race")["same"].get(language, language)
    for name in dict.fromkeys((language, code)):
        file = files("transforms.lexicons").joinpath("endorsements", f"{name}.toml")
        if name and file.is_file():
            data = tomllib.loads(file.read_text(encoding="utf-8"))
            _check(data, name)
            return data
    return None


def _check(data: Mapping[str, Any], language: str) -> None:
    known = {**dict.fromkeys(CLASSES, VOICES), **SECTIONS}
    extra = {"polarity": ("side",), "clauses": ("order",)}
    wrong = [f"{section}.{key}" for section, keys in data.items() for key in keys if key not in known.get(section, ()) + extra.get(section, ())]
    missing = [section for section in CLASSES if section not in data]
    if wrong or missing:
        raise ValueError(f"lexicons/endorsements/{language}.toml: unknown keys {wrong}, missing sections {missing}")


def _nouns(watchlist: Watchlist, language: str) -> dict[str, tuple[tuple[str, bool], ...]]:
    """The names of countries, which some languages write like the adjectives."""
    known: Mapping[str, Any] = lexicon(f"countries/{lexicon('race')['same'].get(language, language)}")
    countries = {e.country for e in watchlist.endorsers}
    return {
        country: tuple((fold_text(name.rstrip("*")), name.endswith("*")) for entry in terms.get("names", ()) for name in expand(entry))
        for country, terms in known.items()
        if country in countries
    }


def _watchlist_terms(terms: Mapping[str, Sequence[str]], language: str) -> list[str]:
    """Terms in the notation of watch lists (beginnings of words, ``|`` ends a whole one) in that of the lexicon."""
    own = terms.get(language) or terms.get(lexicon("race")["same"].get(language, language)) or terms.get("en", ())
    return [term[:-1] if term.endswith("|") else term + "*" for term in (*own, *terms.get(ANY, ()))]


# Notation -----------------------------------------------------------------------------------------------------------------------------

_CHOICE = re.compile(r"\(([^()]*)\)")


def expand(entry: str) -> list[str]:
    """An entry without ``(a|b)``: every reading of it."""
    parts = _CHOICE.split(entry)
    choices = itertools.product(*(part.split("|") if at % 2 else (part,) for at, part in enumerate(parts)))
    return [" ".join("".join(choice).split()) for choice in choices]


def compile_entry(phrase: str) -> tuple[str, str]:
    """The key of a phrase (folded text up to the first open place) and the pattern of what follows it."""
    words = phrase.replace("…", " … ").split()
    key: list[str] = []
    rest = ""
    for word in words:
        if word == "…":
            rest += (_border(key[-1]) if not rest else "") + GAP
            continue
        text = fold_text(word.rstrip("*"))
        if rest:
            rest += "[ -]" + re.escape(text)
        else:
            key.append(text)
        if word.endswith("*"):
            rest += r"\w*"
        elif rest:
            rest += _border(text)
    return " ".join(key), rest or _border(key[-1])


def _border(text: str) -> str:
    return r"(?!\w)" if text[-1:].isalnum() else ""


def table_of(kinds: Mapping[str, Iterable[str]]) -> Table:
    found: dict[str, dict[tuple[str, str], None]] = {}
    for kind, entries in kinds.items():
        for entry in entries:
            for phrase in expand(entry):
                key, rest = compile_entry(phrase)
                found.setdefault(key, {})[kind, rest] = None
    keys = sorted(found) or ["\u2404\u2404"]
    patterns: dict[str, re.Pattern[str]] = {}
    entries = tuple(
        tuple((kind, patterns.setdefault(rest, re.compile(rest))) for kind, rest in found.get(key, ())) for key in keys
    )
    return Table(entries, CharwiseDoubleArrayAhoCorasick(keys, MATCH_KIND_STANDARD))
