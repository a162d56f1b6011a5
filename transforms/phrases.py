"""Words and phrases of a lexicon, and whether they stand at a place in a folded text.

The notation of lexicons/offices.toml: words separated by spaces, compared folded; a word is whole unless it ends in ``*``; ``(a|b)`` for
either. Watch lists have their own: beginnings of words, with ``|`` at the end of a whole one. In both a word that is written with a capital
asks for one in the text, and one in capitals for capitals (US is no us). What the words mean belongs to those who read them.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from transforms.normalise import Folded, fold_text


@dataclass(frozen=True, slots=True)
class Word:
    """A folded word, or the beginning of one."""

    text: str
    whole: bool

    @classmethod
    def of(cls, written: str) -> Word:
        return cls(fold_text(written.rstrip("*")), not written.endswith("*"))

    def fits(self, word: str) -> bool:
        return word == self.text if self.whole else word.startswith(self.text)


@dataclass(frozen=True, slots=True)
class Words:
    """Words of which any will do."""

    whole: frozenset[str]
    beginnings: tuple[str, ...]

    @classmethod
    def of(cls, words: Iterable[Word]) -> Words:
        known = tuple(words)
        return cls(frozenset(w.text for w in known if w.whole), tuple(w.text for w in known if not w.whole))

    def have(self, word: str) -> bool:
        return word in self.whole or word.startswith(self.beginnings)


@dataclass(frozen=True, slots=True)
class Entry:
    """A phrase as an automaton finds it: ``key`` is its text up to the first open end, ``rest`` the words behind that."""

    key: str
    role: str
    value: str
    whole: bool  # the key ends with a word
    capitals: int = 0  # 1: the first letter, 2: all letters
    rest: tuple[Word, ...] = ()
    part: str = ""  # of a person's name

    @property
    def text(self) -> str:
        """The folded phrase without marks."""
        return " ".join((self.key, *(w.text for w in self.rest)))


_CHOICE = re.compile(r"\(([^()]*)\)")


def entries_of(terms: Iterable[str], role: str, value: str) -> Iterator[Entry]:
    """The entries of phrases in the notation of the lexicon."""
    for term in terms:
        for phrase in expand(term):
            yield _entry(phrase, role, value)


def expand(term: str) -> list[str]:
    """A term without ``(a|b)``: every reading of it."""
    parts = _CHOICE.split(term)
    choices = itertools.product(*(part.split("|") if at % 2 else (part,) for at, part in enumerate(parts)))
    return [" ".join("".join(choice).split()) for choice in choices]


def _entry(phrase: str, role: str, value: str) -> Entry:
    words = phrase.split()
    for at, word in enumerate(words):
        if word.endswith("*"):
            head, rest = words[: at + 1], words[at + 1 :]
            text = " ".join(head)[:-1]
            return Entry(fold_text(text), role, value, False, _capitals(text), tuple(Word.of(w) for w in rest))
    return Entry(fold_text(phrase), role, value, True, _capitals(phrase))


def proper(term: str, role: str, value: str, *, cased: bool = True) -> Entry:
    """The entry of a term in the notation of watch lists."""
    text = term.rstrip("|")
    return Entry(fold_text(text), role, value, term.endswith("|"), _capitals(text) if cased else 0)


def _capitals(text: str) -> int:
    letters = [c for c in text if c.isalpha()]
    if len(letters) > 1 and all(c.isupper() for c in letters):
        return 2
    return int(text[:1].isupper())


def matches(entry: Entry, copy: Folded, start: int, end: int) -> int:
    """Where an entry ends whose key stands at a place, or 0 where it does not fit. A letter before it is the caller's affair."""
    text = copy.text
    if entry.whole and end < len(text) and text[end].isalnum():
        return 0
    if entry.capitals == 1 and copy.char(start).islower():
        return 0
    if entry.capitals == 2 and any(copy.char(i).islower() for i in range(start, end)):
        return 0
    last = _word_end(text, end)
    for word in entry.rest:
        if text[last : last + 1] not in (" ", "-"):
            return 0
        begin, last = last + 1, _word_end(text, last + 1)
        if not word.fits(text[begin:last]):
            return 0
    return last


def _word_end(text: str, at: int) -> int:
    while at < len(text) and text[at].isalnum():
        at += 1
    return at


HEADLINE = 300  # code points; a longer text is none, nor is a sentence with its point
HEADLINE_CASE = 0.7  # share of the longer words


def headline_case(copy: Folded) -> bool:
    """Whether most words begin with a capital, as in some headlines: then a capital says nothing."""
    if len(copy.source) > HEADLINE or copy.source.rstrip().endswith("."):
        return False
    words: list[str] = re.findall(r"[^\W\d_]{4,}", copy.source)
    return sum(word[0].isupper() for word in words) > HEADLINE_CASE * len(words)
