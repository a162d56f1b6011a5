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
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from daachorse import MATCH_KIND_STANDARD, CharwiseDoubleArrayAhoCorasick

from transforms.names import ANY, lexicon
from transforms.normalise import fold_text
from transforms.params import Watchlist

CLASSES = ("supports", "nominates", "opposes", "withholds", "withdraws")
VOICES = ("active", "passive", "tight", "judged")
PREDICATES = frozenset(f"{name}.{voice}" for name in CLASSES for voice in VOICES)
SECTIONS: Mapping[str, tuple[str, ...]] = {
    "polarity": ("refuses", "not_yet", "ended", "none", "for_now"),
    "modality": ("expected", "conditional", "promised", "unreal", "departure", "earlier", "denial", "headline"),
    "source": ("says", "tells", "according", "refers", "unnamed", "hearsay", "official"),
    "agents": ("government", "nobody", "allies", "except", "own", "first", "group", "place", "by"),
    "people": ("pronouns", "clitics", "both", "described", "bid"),
    "objects": ("other", "purpose"),
    "clauses": ("breaks", "reported", "lists", "besides", "listing", "instead"),
    "ellipsis": ("same", "contrary", "refusal", "also", "joining", "unlike", "yes", "no"),
}
LOOKED_FOR = PREDICATES | {"refers", "denial", "same", "contrary", "refusal", "also", "joining", "unlike", "yes", "no"}
GATED = frozenset(p for p in LOOKED_FOR if not p.endswith(".tight")) | {"elsewhere", "post"}
SIDES = ("before", "both")
ORDERS = ("fixed", "free")
CLITIC_LENGTH = 3  # letters; so short a word behind a hyphen belongs to the one before it (prepara-se)
REACH = 160  # code points before the key in which the rest of an entry is looked for
GAP = r"((?: [^ ,;:]+){0,4}?)"  # what stands for …; it does not run over a comma


class Hit(NamedTuple):
    """An entry in a folded field."""

    start: int
    end: int
    kind: str  # "supports.active", "refuses", "says", …
    gaps: tuple[tuple[int, int], ...] = ()  # what stands for its …


@dataclass(frozen=True, slots=True)
class Entry:
    """What has to stand around the key of an entry; None for nothing (a word ends behind the key)."""

    kind: str
    before: re.Pattern[str] | None
    behind: re.Pattern[str] | None


@dataclass(frozen=True, slots=True)
class Table:
    """Entries in one automaton, each under its key: its longest stretch of whole words."""

    entries: tuple[tuple[Entry, ...], ...]
    automaton: CharwiseDoubleArrayAhoCorasick

    def find(self, text: str, start: int, end: int) -> list[Hit]:
        """The entries that stand in a part of a folded text, by start; offsets are the whole text's."""
        part = text[start:end]
        size = len(part)
        found = []
        for at, stop, index in self.automaton.find_overlapping(part):
            if at and part[at].isalnum() and (part[at - 1].isalnum() or (part[at - 1] == "-" and stop - at <= CLITIC_LENGTH)):
                continue
            for entry in self.entries[index]:
                begin, finish = at, stop
                gaps: tuple[tuple[int, int], ...] = ()
                if entry.behind is not None:
                    match = entry.behind.match(part, stop)
                    if match is None:
                        continue
                    finish = match.end()
                    gaps = tuple((start + a, start + b) for a, b in match.regs[1:] if b > a)
                elif stop < size and part[stop].isalnum():
                    continue
                if entry.before is not None:
                    match = entry.before.search(part, max(0, at - REACH), at)
                    if match is None:
                        continue
                    begin = match.start()
                    gaps = (*((start + a, start + b) for a, b in match.regs[1:] if b > a), *gaps)
                found.append(Hit(start + begin, start + finish, entry.kind, gaps))
        return found


@dataclass(frozen=True, slots=True)
class Gate:
    """One telling word of each entry that a sentence must have to be read: its longest. Quick, and never misses an entry."""

    kinds: tuple[tuple[str, ...], ...]
    whole: tuple[bool, ...]
    automaton: CharwiseDoubleArrayAhoCorasick

    def find(self, text: str, first: int, last: int) -> list[tuple[int, int, tuple[str, ...]]]:
        """Place and kinds of the words in a part of a folded text; offsets are the whole text's."""
        part = text[first:last] if first or last < len(text) else text
        found = []
        size = len(part)
        for start, end, index in self.automaton.find_overlapping(part):
            if (start and part[start - 1].isalnum()) or (self.whole[index] and end < size and part[end].isalnum()):
                continue
            found.append((first + start, first + end, self.kinds[index]))
        return found


@dataclass(frozen=True, slots=True)
class Words:
    """The lexicon of one language, joined with the watch list's own words."""

    everything: Table
    contest: Table  # the post, and posts elsewhere
    leaving: Table  # that somebody gives up a candidacy
    tight: Table  # predicates too common for the gate
    telling: Table  # all predicates, what looks back at one, and words that stand for a country
    gate: Gate  # a quick look for these, and for the contest that the text is at
    negation_behind: bool  # a negation may stand behind its predicate
    named_lists: bool  # the lexicon says what joins a list: no other short word does
    nouns: Mapping[str, tuple[tuple[str, bool], ...]]  # country → its names, and whether an ending may follow
    free_order: bool  # who does it may stand behind an active predicate, without a preposition


class WordsByLanguage:
    """The lexicons of a watch list, each compiled when it is first asked for (0.1 s)."""

    def __init__(self, watchlist: Watchlist, languages: Set[str]) -> None:
        self._watchlist, self._languages = watchlist, languages
        self._made: dict[str, Words | None] = {}

    def get(self, language: str) -> Words | None:
        """The words of a language; None where it has no lexicon, or nobody's position is followed."""
        if language not in self._languages or not language:
            return None
        if language not in self._made:
            self._made[language] = compile_words(self._watchlist, language)
        return self._made[language]


def compile_words(watchlist: Watchlist, language: str) -> Words | None:
    """The words of a language; None where it has no lexicon."""
    data = read_lexicon(language)
    if data is None:
        return None
    kinds: dict[str, list[str]] = {f"{name}.{voice}": data[name].get(voice, []) for name in CLASSES for voice in VOICES}
    for section, keys in SECTIONS.items():
        kinds |= {key: data.get(section, {}).get(key, []) for key in keys}
    for kind, terms in (("elsewhere", watchlist.elsewhere), ("post", watchlist.context), ("post", watchlist.bodies)):
        kinds.setdefault(kind, []).extend(_watchlist_terms(terms, language))
    side = data["polarity"].get("side", "before")
    order = data.get("clauses", {}).get("order", "free")
    if side not in SIDES or order not in ORDERS:
        raise ValueError(f"lexicons/endorsements/{language}.toml: side or order: {side!r}, {order!r}: are none of {SIDES}, {ORDERS}")
    gate = _gate({kind: kinds[kind] for kind in GATED})
    tight = table_of({kind: kinds[kind] for kind in PREDICATES if kind.endswith(".tight")})
    contest = table_of({kind: kinds[kind] for kind in ("elsewhere", "post")})
    leaving = table_of({"departure": kinds["departure"]})
    telling = table_of({kind: kinds[kind] for kind in (*LOOKED_FOR, "own", "government")})
    return Words(
        table_of(kinds), contest, leaving, tight, telling, gate, side == "both", bool(kinds["lists"]), _nouns(watchlist, language), order == "free"
    )


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
    wrong = [
        f"{section}.{key}" for section, keys in data.items() for key in keys if key not in known.get(section, ()) + extra.get(section, ())
    ]
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


def compile_entry(phrase: str) -> tuple[str, str, str]:
    """The key of a phrase, the pattern of what stands before it ("" for nothing), and of what follows it."""
    words = phrase.replace("…", " … ").split()
    if all(word == "…" for word in words):
        raise ValueError(f"lexicons/endorsements: {phrase!r} has no word")
    first, last = _longest(words)
    key = " ".join(fold_text(word.rstrip("*")) for word in words[first:last])
    before = r"(?<![^\W_])" + _pattern(words[:first]).removeprefix("[ -]") + "[ -]" + r"\Z" if first else ""
    behind = (r"\w*" if words[last - 1].endswith("*") else _border(key) or "(?:)") + _pattern(words[last:])
    return key, before, behind


def _longest(words: Sequence[str]) -> tuple[int, int]:
    """The longest stretch of words without an open place inside; a word that is open may end it."""
    stretches = []
    first = 0
    for at, word in enumerate(words):
        if word == "…":
            first = at + 1
            continue
        stretches.append((sum(len(w) for w in words[first : at + 1]), -first, at + 1))
        if word.endswith("*"):
            first = at + 1
    _, first, last = max(stretches)
    return -first, last


def _pattern(words: Sequence[str]) -> str:
    """The pattern of words behind another word."""
    pattern = ""
    for word in words:
        if word == "…":
            pattern += GAP
            continue
        text = fold_text(word.rstrip("*"))
        pattern += "[ -]" + re.escape(text) + (r"\w*" if word.endswith("*") else _border(text))
    return pattern


def _border(text: str) -> str:
    return r"(?!\w)" if text[-1:].isalnum() else ""


def table_of(kinds: Mapping[str, Iterable[str]]) -> Table:
    """A table of entries by kind."""
    found: dict[str, dict[tuple[str, str, str], None]] = {}
    for kind, entries in kinds.items():
        for entry in entries:
            for phrase in expand(entry):
                key, before, behind = compile_entry(phrase)
                found.setdefault(key, {})[kind, before, behind] = None
    keys = sorted(found) or ["\u2404\u2404"]
    patterns: dict[str, re.Pattern[str] | None] = {"": None, _border("a"): None}
    for _, before, behind in (triple for triples in found.values() for triple in triples):
        patterns.update({p: re.compile(p) for p in (before, behind) if p not in patterns})
    everything = [tuple(Entry(kind, patterns[before], patterns[behind]) for kind, before, behind in found.get(key, ())) for key in keys]
    return Table(tuple(everything), CharwiseDoubleArrayAhoCorasick(keys, MATCH_KIND_STANDARD))


def _gate(kinds: Mapping[str, Iterable[str]]) -> Gate:
    found: dict[tuple[str, bool], set[str]] = {}
    for kind, entries in kinds.items():
        for entry in entries:
            for phrase in expand(entry):
                word = max(phrase.replace("…", " ").split(), key=lambda w: len(w.rstrip("*")))
                found.setdefault((fold_text(word.rstrip("*")), not word.endswith("*")), set()).add(kind)
    open_ends = {word for word, whole in found if not whole}
    keys = sorted({word for word, _ in found}) or ["\u2404\u2404"]
    meanings = tuple(tuple(sorted(found.get((k, True), set()) | found.get((k, False), set()))) for k in keys)
    return Gate(meanings, tuple(k not in open_ends for k in keys), CharwiseDoubleArrayAhoCorasick(keys, MATCH_KIND_STANDARD))
