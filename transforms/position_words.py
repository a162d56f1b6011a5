"""The words by which a text says a country's position: one lexicon a language, compiled to one automaton.

Belongs here: reading ``lexicons/endorsements/<language>.toml``, its notation, and finding its entries in a folded sentence. What the words
mean together is decided in :mod:`transforms.clauses` and :mod:`transforms.attribution`.

Notation: words separated by spaces, compared folded; a word is whole unless it ends in ``*``; ``…`` stands for up to four other words;
``(a|b)`` for either.
"""

from __future__ import annotations

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
from transforms.phrases import expand

CLASSES = ("supports", "nominates", "opposes", "withholds", "withdraws")
VOICES = ("active", "passive", "tight", "judged")
PREDICATES = frozenset(f"{name}.{voice}" for name in CLASSES for voice in VOICES)
SECTIONS: Mapping[str, tuple[str, ...]] = {
    "polarity": ("refuses", "not_yet", "ended", "none", "for_now", "never"),
    "modality": ("expected", "conditional", "promised", "unreal", "departure", "gone", "earlier", "then", "failed", "denial", "headline"),
    "source": ("says", "tells", "according", "refers", "restates", "unnamed", "hearsay", "official"),
    "agents": ("government", "nobody", "allies", "except", "own", "generic", "first", "group", "place", "by"),
    "people": ("pronouns", "clitics", "anybody", "both", "described", "bid"),
    "objects": ("other", "purpose", "office"),
    "clauses": ("breaks", "reported", "lists", "besides", "listing", "instead"),
    "ellipsis": ("same", "contrary", "refusal", "also", "joining", "unlike", "yes", "no"),
}
LOOKED_FOR = PREDICATES | {"refers", "restates", "denial", "same", "contrary", "refusal", "also", "joining", "unlike", "yes", "no"}
STANDING_IN = ("own", "government")  # kinds of words that may stand for the country named before
PRONOUNS = ("pronouns", "clitics", "both")  # and for a candidate
SIDES = ("before", "both")
ORDERS = ("fixed", "free")
CLITIC_LENGTH = 3  # letters; so short a word behind a hyphen belongs to the one before it (prepara-se)
REACH = 160  # code points before the key in which the rest of an entry is looked for
OPEN = r"\w*"  # the ending of a word that may have one
GAP = r"((?: [^ ,;:]+){0,4}?)"  # what stands for …; it does not run over a comma


class Hit(NamedTuple):
    """An entry in a folded field. A tuple, since a sentence has dozens of them."""

    start: int
    end: int
    kind: str  # "supports.active", "refuses", "says", …
    gaps: tuple[tuple[int, int], ...] = ()  # what stands for its …


Place = tuple[int, int, int]  # beginning, end and number of a key in a folded field; what stands beside it is still to be seen


class Entry(NamedTuple):
    """What has to stand around the key of an entry."""

    kind: str
    whole: bool  # a word ends with the key
    before: re.Pattern[str] | None  # None for nothing
    word_before: str  # the longest word of what stands before the key: without it the pattern is not tried
    behind: re.Pattern[str] | None  # None for nothing, but for the ending of an open word
    word_behind: str


@dataclass(frozen=True, slots=True)
class Table:
    """Entries in one automaton, each under its key: its most telling stretch of whole words."""

    entries: tuple[tuple[Entry, ...], ...]
    automaton: CharwiseDoubleArrayAhoCorasick

    def find(self, text: str, start: int, end: int) -> list[Hit]:
        """The entries that stand in a part of a folded text, by the ends of their keys; offsets are the whole text's."""
        return self.fitting(text, start, end, self.places(text, start, end))

    def places(self, text: str, start: int, end: int) -> list[Place]:
        """Where keys begin with a word in a part of a folded text, by end; offsets are the whole text's."""
        part = text[start:end]
        found = []
        for at, stop, index in self.automaton.find_overlapping(part):
            if at:
                before = part[at - 1]
                if (before.isalnum() or (before == "-" and stop - at <= CLITIC_LENGTH)) and part[at].isalnum():
                    continue
            found.append((start + at, start + stop, index))
        return found

    def fitting(self, text: str, start: int, end: int, places: Iterable[Place]) -> list[Hit]:
        """The entries whose keys stand at some places of a sentence, with their other words in it, too."""
        found = []
        entries, find = self.entries, text.find
        for at, stop, index in places:
            goes_on = stop < end and text[stop].isalnum()
            low = at - REACH if at - REACH > start else start
            for kind, whole, before, word_before, behind, word_behind in entries[index]:
                if whole and goes_on:
                    continue
                finish = stop
                begin, gaps = at, NO_GAPS
                if behind is not None:
                    if word_behind and find(word_behind, stop, end) < 0:
                        continue
                    match = behind.match(text, stop, end)
                    if match is None:
                        continue
                    finish = match.end()
                    if behind.groups:
                        gaps = tuple([(a, b) for a, b in match.regs[1:] if b > a])
                elif goes_on:
                    finish = _word_end(text, stop, end)
                if before is not None:
                    if find(word_before, low, at) < 0:
                        continue
                    match = before.search(text, low, at)
                    if match is None:
                        continue
                    begin = match.start()
                    if before.groups:
                        gaps = (*[(a, b) for a, b in match.regs[1:] if b > a], *gaps)
                found.append(Hit(begin, finish, kind, gaps))
        return found


NO_GAPS: tuple[tuple[int, int], ...] = ()
_WORD = re.compile(r"\w*")


def _word_end(text: str, start: int, end: int) -> int:
    match = _WORD.match(text, start, end)
    return match.end() if match else start


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The lexicon of one language, joined with the watch list's own words."""

    everything: Table
    looked_for: Table  # what a sentence must have to be read
    standing_in: Table  # words that stand for a country
    pronouns: Table  # words that stand for a candidate
    contest: Table  # the post, and posts elsewhere
    elsewhere: Table  # these alone
    leaving: Table  # that somebody gives up a candidacy
    gone: Table  # the words for that alone
    negation_behind: bool  # a negation may stand behind its predicate
    named_lists: bool  # the lexicon says what joins a list: no other short word does
    nouns: Mapping[str, tuple[tuple[str, bool], ...]]  # country → its names, and whether an ending may follow
    free_order: bool  # who does it may stand behind an active predicate, without a preposition
    article: str  # before an adjective that stands alone, as a noun does (the Dutchman's rival, the Romanian); "" where none tells


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
    return Words(
        everything=table_of(kinds),
        looked_for=_part(kinds, LOOKED_FOR),
        standing_in=_part(kinds, STANDING_IN),
        pronouns=_part(kinds, PRONOUNS),
        contest=_part(kinds, ("elsewhere", "post")),
        elsewhere=_part(kinds, ("elsewhere",)),
        leaving=_part(kinds, ("gone", "refuses", "not_yet")),
        gone=_part(kinds, ("gone",)),
        negation_behind=side == "both",
        named_lists=bool(kinds["lists"]),
        nouns=_nouns(watchlist, language),
        free_order=order == "free",
        article=fold_text(data.get("people", {}).get("article", "")),
    )


def _part(kinds: Mapping[str, Sequence[str]], wanted: Iterable[str]) -> Table:
    return table_of({kind: kinds[kind] for kind in wanted})


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
    extra = {"polarity": ("side",), "people": ("article",), "clauses": ("order",)}
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


def compile_entry(phrase: str) -> tuple[str, bool, str, str, str, str]:
    """The parts of an entry: its key, whether a word ends with it, and what stands before it and behind it.

    Each of these is a pattern ("" for nothing) and the longest word in it.
    """
    words = phrase.replace("…", " … ").split()
    if all(word == "…" for word in words):
        raise ValueError(f"lexicons/endorsements: {phrase!r} has no word")
    first, last = _stretch(words)
    key = " ".join(fold_text(word.rstrip("*")) for word in words[first:last])
    before = r"(?<![^\W_])" + _pattern(words[:first]).removeprefix("[ -]") + "[ -]" + r"\Z" if first else ""
    is_open = words[last - 1].endswith("*")
    behind = _pattern(words[last:])
    if behind or not (is_open or _border(key)):
        behind = (OPEN if is_open else "") + behind or "(?:)"
    return key, bool(_border(key)) and not is_open, before, _longest(words[:first]), behind, _longest(words[last:])


def _longest(words: Iterable[str]) -> str:
    return max((fold_text(word.rstrip("*")) for word in words if word != "…"), key=len, default="")


def _stretch(words: Sequence[str]) -> tuple[int, int]:
    """The stretch of words without an open place inside that has the longest word, since long words are rare; an open word may end it."""
    stretches = []
    first = 0
    for at, word in enumerate(words):
        if word == "…":
            first = at + 1
            continue
        sizes = [len(w) for w in words[first : at + 1]]
        stretches.append((max(sizes), sum(sizes), -first, at + 1))
        if word.endswith("*"):
            first = at + 1
    *_, first, last = max(stretches)
    return -first, last


def _pattern(words: Sequence[str]) -> str:
    """The pattern of words behind another word."""
    pattern = ""
    for word in words:
        if word == "…":
            pattern += GAP
            continue
        text = fold_text(word.rstrip("*"))
        pattern += "[ -]" + re.escape(text) + (OPEN if word.endswith("*") else _border(text))
    return pattern


def _border(text: str) -> str:
    return r"(?!\w)" if text[-1:].isalnum() else ""


def table_of(kinds: Mapping[str, Iterable[str]]) -> Table:
    """A table of entries by kind."""
    found: dict[str, dict[Entry, None]] = {}
    for kind, entries in kinds.items():
        for entry in entries:
            for phrase in expand(entry):
                key, whole, before, word_before, behind, word_behind = compile_entry(phrase)
                compiled = Entry(kind, whole, _compiled(before), word_before, _compiled(behind), word_behind)
                found.setdefault(key, {})[compiled] = None
    keys = sorted(found) or ["\u2404\u2404"]
    return Table(tuple(tuple(found.get(key, ())) for key in keys), CharwiseDoubleArrayAhoCorasick(keys, MATCH_KIND_STANDARD))


@cache
def _compiled(pattern: str) -> re.Pattern[str] | None:
    return re.compile(pattern) if pattern else None
