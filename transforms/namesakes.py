"""Other bearers of a name: other given names, things and phrases, and spellings that are near enough to be the same name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Literal, get_args

from daachorse import MATCH_KIND_STANDARD, CharwiseDoubleArrayAhoCorasick

from transforms.names import inflect, lexicon
from transforms.normalise import fold_text

_SOUNDS = (("ph", "f"), ("th", "t"), ("ck", "k"), ("c", "k"), ("q", "k"), ("y", "i"), ("j", "i"), ("w", "v"), ("z", "s"), ("h", ""))
_SCANS = (("rn", "m"), ("1", "l"), ("i", "l"), ("|", "l"), ("0", "o"), ("5", "s"), ("8", "b"), ("3", "e"), ("4", "a"))
SHORTEST = 4  # letters of a name that may be misspelled
LONG = 8  # letters of a name in which two may be wrong


@cache
def _given_names() -> frozenset[str]:
    data = lexicon("given_names")
    return frozenset(fold_text(word) for part in data.values() for word in part.split())


@cache
def _words_of(table: str, language: str) -> frozenset[str]:
    words = lexicon("honorifics")[table]
    return frozenset(fold_text(word) for word in words.get(language, ()))


@cache
def _words(table: str) -> frozenset[str]:
    return frozenset(fold_text(word) for words in lexicon("honorifics")[table].values() for word in words)


@lru_cache(maxsize=1 << 16)
def other_given_name(word: str, language: str) -> bool:
    """Whether a folded word is a given name in use, in its base form or with an ending of the language."""
    names = _given_names()
    if word in _words_of("no_given_names", language):
        return False
    if word in names:
        return True
    for cut in range(1, min(5, len(word) - 2)):
        stem = word[:-cut]
        if any(base in names and word in inflect(base, language) for base in (stem, stem + "a", stem + "e", stem + "o")):
            return True
    return False


def is_given_name(word: str, language: str) -> bool:
    """Whether a folded word is a given name in its base form: a surname that only looks like an inflected one (Rutte, of Rut) is none."""
    return word in _given_names() and word not in _words_of("no_given_names", language)


@dataclass(frozen=True, slots=True)
class Beside:
    """A bare surname and what stands beside it, all folded but ``shown``."""

    name: str
    before: str
    after: str
    shown: str  # what follows, as given
    language: str
    inflected: bool  # whether the name has an ending


def stands_for_a_thing(beside: Beside) -> bool:
    """Whether the words beside a surname make a street, a firm, a family, a saint or a Latin phrase of it."""
    return _before_a_thing(beside) or _behind_a_thing(beside)


def _before_a_thing(beside: Beside) -> bool:
    following = re.match(r"[ -]+([^\W\d_]+)", beside.after)
    shown = re.match(r"[\s\-\u2010-\u2015\u00ad]*([^\W\d_])", beside.shown)
    if following and shown:
        if following[1] in _words("things") and (shown[1].isupper() or beside.after.startswith("-")):
            return True
        if following[1] in _words("latin") | _words("kin"):
            return True
    return bool(_AND_SONS.match(beside.after))


_AND_SONS = re.compile(r" (?:&|and sons|und sohne|et fils|en zonen|e figli|y hijos)")
_TWO_WORDS_BEFORE = re.compile(r"(?:([^\W\d_]+) )?([^\W\d_]+)\.? $")


def _behind_a_thing(beside: Beside) -> bool:
    words = _TWO_WORDS_BEFORE.search(beside.before)
    if not words:
        return False
    last = words[2]
    if last in _words("latin") | _words("kin") | _words("saints"):
        return True
    if last in _words_of("things_before", beside.language):
        return not beside.inflected  # "the firm of Novak" is the person's, in a language that shows the genitive
    if beside.inflected and beside.name.endswith("s") and last in _words_of("plural_articles", beside.language):
        return True
    return words[1] in _words("scriptures")


@lru_cache(maxsize=1 << 12)
def is_peoples_name(word: str, language: str) -> bool:
    """Whether a folded word is a name of a people or of an institution in some form, written like a surname."""
    return word in _peoples(language)


@cache
def _peoples(language: str) -> frozenset[str]:
    words = _words_of("peoples", language)
    return words | frozenset(form for word in words for form in inflect(word, language))


Walk = Literal["person", "work", "field"]  # trades of sport, stage and arts, other trades, and what is spoken of there


@dataclass(frozen=True, slots=True)
class Trades:
    """The words of walks of life that are no politics, of one language."""

    patterns: tuple[str, ...]
    kinds: tuple[Walk, ...]
    whole: tuple[bool, ...]  # whether a pattern is a whole word, not the beginning of one
    automaton: CharwiseDoubleArrayAhoCorasick


@cache
def _trades(language: str) -> Trades | None:
    data = lexicon("trades")
    words = data.get(data["same"].get(language, language))
    if not words:
        return None
    kinds: dict[str, tuple[Walk, bool]] = {}
    for kind in get_args(Walk):
        kinds.update({fold_text(word.rstrip("|")): (kind, word.endswith("|")) for word in words[kind]})
    patterns = tuple(sorted(kinds))
    automaton = CharwiseDoubleArrayAhoCorasick(list(patterns), MATCH_KIND_STANDARD)
    return Trades(patterns, tuple(kinds[p][0] for p in patterns), tuple(kinds[p][1] for p in patterns), automaton)


def walks_of_life(text: str, language: str) -> frozenset[tuple[Walk, str]]:
    """The different words of a folded text that speak of sport, arts, kitchens or of those who live by them."""
    trades = _trades(language)
    if trades is None:
        return frozenset()
    found: set[tuple[Walk, str]] = set()
    for start, end, index in trades.automaton.find_overlapping(text):
        if not (start and text[start - 1].isalnum()) and not (trades.whole[index] and text[end : end + 1].isalnum()):
            found.add((trades.kinds[index], trades.patterns[index]))
    return frozenset(found)


@cache
def _minor(table: str) -> tuple[str, ...]:
    return tuple(fold_text(word) for word in lexicon("trades")["minor"][table])


def comes_by_everywhere(before: str, word: str) -> bool:
    """Whether a word of public affairs is one that texts of all kinds have: a minister or a mayor, but no head of government."""
    if not word.startswith(_minor("beginnings")) or word.startswith(_minor("heads")):
        return False
    return not before.rstrip(" -").rpartition(" ")[2].startswith(_minor("first"))


_SIGNS = re.compile(r".*[^\w' -]")
_TRADE_BEHIND = re.compile(r"(?:, \d{1,3})?(?:,| \(| -) ?((?:[^\W\d_]+[' -]*){1,4})")


def has_a_trade(before: str, after: str, language: str) -> bool:
    """Whether one of the two words before a name or of the first words of an apposition behind it is a trade."""
    words = _SIGNS.sub("", " ".join(before.split(" ")[-3:])) if before.endswith((" ", "-")) else ""
    behind = _TRADE_BEHIND.match(after) if after[:2] in (", ", " (", " -") else None
    return any(kind != "field" for near in (words, behind[0] if behind else "") if near for kind, _ in walks_of_life(near, language))


@lru_cache(maxsize=1 << 14)
def _respell(word: str, rules: tuple[tuple[str, str], ...]) -> str:
    for old, new in rules:
        word = word.replace(old, new)
    return re.sub(r"(.)\1+", r"\1", word)


@lru_cache(maxsize=1 << 14)
def resembles(word: str, name: str) -> bool:
    """Whether a folded word is a likely misspelling of a name: it sounds the same, was misread by a scanner, or has one letter wrong.

    A word that is a given name of its own is no misspelling unless it sounds the same.
    """
    if word == name:
        return True
    if len(name) < SHORTEST or len(word) < SHORTEST - 1 or abs(len(word) - len(name)) > 2:
        return False
    if _respell(word, _SOUNDS) == _respell(name, _SOUNDS) or _respell(word, _SCANS) == _respell(name, _SCANS):
        return True
    if word in _given_names() or word[0] != name[0]:
        return False
    return _distance(word, name) <= (2 if len(name) >= LONG else 1)


_MISREAD = {"l": "[l1i|]", "i": "[i1l|]", "o": "[o0]", "s": "[s5]", "b": "[b8]", "e": "[e3c]", "a": "[a4]", "g": "[g9]", "m": "(?:m|rn)"}


@lru_cache(maxsize=1 << 10)
def misread(name: str, *, exact: bool) -> re.Pattern[str]:
    """A folded name as a scanner may read it, as a word of its own, and as it is only where ``exact``; the first letter is right.

    The pattern begins with the letters that nobody misreads and looks behind them only then, which makes the search fast.
    """
    sure = next((at for at, letter in enumerate(name) if at and letter in _MISREAD), len(name))
    letters = "".join(_MISREAD.get(letter, re.escape(letter)) for letter in name[sure:])
    first, others = re.escape(name[:sure]), "" if exact else rf"(?!{re.escape(name[sure:])}(?![\w@]))"
    return re.compile(rf"{first}(?<![\w@#.]{first}){others}{letters}(?![\w@])")


def _distance(a: str, b: str) -> int:
    """Edits between two short words (Levenshtein, with a swap of neighbours as one)."""
    rows = [list(range(len(b) + 1))]
    for i, x in enumerate(a, 1):
        row = [i]
        for j, y in enumerate(b, 1):
            cost = min(rows[-1][j] + 1, row[-1] + 1, rows[-1][j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                cost = min(cost, rows[-2][j - 2] + 1)
            row.append(cost)
        rows.append(row)
    return rows[-1][-1]
