"""A folded copy of a text, in which names can be looked up, with an exact map back to the text as it stands.

Folding takes away case, diacritics (composed or decomposed), soft hyphens, zero-width characters and hyphens at line breaks, makes one
kind of space, apostrophe and hyphen of the many, and one space of several. What a folded word means belongs elsewhere.

Most characters fold one to one, so a whole text goes through one table of code points; only where a length changes (a decomposed letter, a
soft hyphen, a run of spaces) the text is cut and the cut noted. A text without such places needs no map at all. Long texts are looked at as
arrays of code points, which is many times faster than a regular expression or ``str.translate``; short ones are not worth the way there.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

_MARKS = "\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u064b-\u065f\u0670\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
_INVISIBLE = "\u00ad\u034f\u061c\u0640\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufe00-\ufe0f\ufeff"
_SPACES = " \t\n\r\x0b\x0c\x1c-\x1f\x85\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_HYPHENS = "-\u2010\u2011\u2012\u2013\u2014\u2212\ufe58\ufe63\uff0d"
_APOSTROPHES = "'\u2018\u2019\u201b\u02bc\u02b9\u2032\u00b4`\uff07"
_LIGATURES = "\ufb00-\ufb06\u01c4-\u01cc\u0132\u0133"  # their compatibility form is longer

# Letters that Unicode does not decompose: the nearest plain letter, one for one, the same for names and texts.
_PLAIN = dict(zip("ßæøłđðþœıŋħŧəґ", "saolddtoinhtaг", strict=True))
_PLAIN |= {"ς": "σ", "ى": "ي", "ة": "ه", "ک": "ك", "ی": "ي"}

# Places where the folded text is of another length: spaces in a row, a hyphen at a line break, marks, invisible characters, ligatures.
# Both patterns begin with one class of characters, which makes the search fast.
_BREAK = r"[ \t]*\r?\n[ \t]*"
_UNEVEN_ASCII = re.compile(rf"[ \t\n\r\x0b\x0c\x1c-\x1f-](?:(?<=-){_BREAK}|(?<=\s)[ \t\n\r\x0b\x0c\x1c-\x1f]+)")
_UNEVEN = re.compile(
    rf"[{_SPACES}\-\u2010{_MARKS}{_INVISIBLE}{_LIGATURES}](?:(?<=[-\u2010\u00ad]){_BREAK}|(?<=[{_SPACES}])[{_SPACES}]+"
    rf"|(?<=[{_MARKS}])[{_MARKS}]*|(?<=[{_INVISIBLE}])[{_INVISIBLE}]*|(?<=[{_LIGATURES}]))"
)
_IS_LIGATURE = re.compile(f"[{_LIGATURES}]")
_IS_MARK = re.compile(f"[{_MARKS}]")
_ALONE = re.compile(f"[{_MARKS}{_INVISIBLE}{_LIGATURES}]")
_SPACE = re.compile(f"[{_SPACES}]")


def _fold_char(char: str) -> str:
    """The folded form of one character where it is one character, else the character in lower case, else itself."""
    base = "".join(c for c in unicodedata.normalize("NFKD", char) if not unicodedata.combining(c)).lower() or char
    base = "".join(c for c in unicodedata.normalize("NFD", base) if not unicodedata.combining(c))
    base = "".join(_PLAIN.get(c, c) for c in base)
    return base if len(base) == 1 else (char.lower() if len(char.lower()) == 1 else char)


def _table() -> dict[int, int]:
    table: dict[int, int] = {}
    for code in (*range(0x41, 0x2000), *range(0xFF10, 0xFF5B)):
        folded = ord(_fold_char(chr(code)))
        if folded != code:
            table[code] = folded
    for code in range(0x3100):
        char = chr(code)
        if re.match(f"[{_SPACES}]", char):
            table[code] = 0x20
        elif char in _APOSTROPHES:
            table[code] = 0x27
        elif re.match(f"[{_HYPHENS}]", char):
            table[code] = 0x2D
    return table


_TABLE = _table()
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]+")
_ASCII_SIGNS = re.compile(r"[\t\n\r\x0b\x0c\x1c-\x1f`]")


SHORT = 200  # characters; a shorter text is folded without arrays


@cache
def _code_points() -> NDArray[np.uint32]:
    """For every code point the folded one: small letters first, then the table."""
    table = np.arange(0x110000, dtype=np.uint32)
    for low, high in ((0, 0xD800), (0xE000, 0x110000)):  # surrogates have no case
        every = "".join("I" if code == 0x130 else chr(code) for code in range(low, high))
        table[low:high] = np.frombuffer(every.lower().encode("utf-32-le"), dtype="<u4")
    table[0x3A3] = 0x3C3  # the capital sigma, which is one letter here wherever it stands
    plain = np.arange(0x110000, dtype=np.uint32)
    plain[np.fromiter(_TABLE, dtype=np.int64)] = np.fromiter(_TABLE.values(), dtype=np.int64)
    return plain[table]


NO, ALONE, SPACE, HYPHEN = 0, 1, 2, 3  # kinds of code points: what is uneven alone, behind its like, before a line break


@cache
def _kinds() -> NDArray[np.uint8]:
    """For every code point whether an uneven place may begin there."""
    kinds = np.zeros(0x110000, dtype=np.uint8)
    for code in range(0x10000):
        char = chr(code)
        if _ALONE.match(char):
            kinds[code] = ALONE
        elif _SPACE.match(char):
            kinds[code] = SPACE
        elif char in "-\u2010":
            kinds[code] = HYPHEN
    return kinds


def _uneven_places(text: str) -> Iterator[re.Match[str]]:
    """Where a length changes, from left to right."""
    pattern = _UNEVEN_ASCII if text.isascii() else _UNEVEN
    if len(text) < SHORT:
        yield from pattern.finditer(text)
        return
    kinds = _kinds()[_array(text)]
    before, after = kinds[:-1], kinds[1:]
    begins = kinds == ALONE
    begins[:-1] |= (after == SPACE) & (before >= SPACE)
    done = 0
    for at in np.flatnonzero(begins).tolist():
        if at >= done and (place := pattern.match(text, at)) is not None:
            yield place
            done = place.end()


def _array(text: str) -> NDArray[np.uint8] | NDArray[np.uint32]:
    """The code points of a text."""
    if text.isascii():
        return np.frombuffer(text.encode("ascii"), dtype=np.uint8)
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")


def fold_even(text: str) -> str:
    """Every character by the table. A table over a text that is not all ASCII is slow, so it is kept to the stretches that need it."""
    if text.isascii():
        return text.translate(_TABLE)
    if len(text) >= SHORT:
        return _code_points()[_array(text)].tobytes().decode("utf-32-le", "surrogatepass")
    text = text.replace("\u0130", "I").lower()  # the one letter that grows in lower case
    text = _ASCII_SIGNS.sub(lambda m: "'" if m[0] == "`" else " ", text)
    return _BEYOND_ASCII.sub(lambda m: m[0].translate(_TABLE), text)


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text and the way back: run i begins at ``_folded[i]`` and stands for the original from ``_original[i]``.

    A run is even (character for character) where ``_ends[i]`` is 0, else one folded piece that stands for the original up to ``_ends[i]``.
    """

    text: str  # folded
    source: str  # as given
    _folded: tuple[int, ...] = ()
    _original: tuple[int, ...] = ()
    _ends: tuple[int, ...] = ()

    def start(self, position: int) -> int:
        """The offset in the source of the folded character at ``position``."""
        if not self._folded:
            return position
        run = bisect_right(self._folded, position) - 1
        return self._original[run] if self._ends[run] else self._original[run] + position - self._folded[run]

    def end(self, position: int) -> int:
        """The offset in the source just behind the folded character before ``position``; invisible characters behind it stay outside."""
        if not self._folded or position == 0:
            return position
        run = bisect_right(self._folded, position - 1) - 1
        return self._ends[run] or self._original[run] + position - self._folded[run]

    def char(self, position: int) -> str:
        """The source's own character (with its case) at a folded position."""
        return self.source[self.start(position)]


def fold(text: str) -> Folded:
    """The folded copy of a text with its offset map. Never raises; linear in the length of the text."""
    pieces: list[str] = []
    folded, original, ends = [], [], []
    length = done = 0
    for place in _uneven_places(text):
        start, end = place.span()
        piece = _piece(text, start, end)
        if piece is None:
            continue
        if start > done and _IS_MARK.match(text, start) and text[start - 1].isalpha():
            start, piece = start - 1, text[start - 1]
        if start > done:
            pieces.append(text[done:start])
            folded.append(length)
            original.append(done)
            ends.append(0)
            length += start - done
        if piece:
            pieces.append(piece)
            folded.append(length)
            original.append(start)
            ends.append(end)
            length += len(piece)
        done = end
    if not done:
        return Folded(fold_even(text), text)
    if done < len(text):
        pieces.append(text[done:])
        folded.append(length)
        original.append(done)
        ends.append(0)
    return Folded(fold_even("".join(pieces)), text, tuple(folded), tuple(original), tuple(ends))


def _piece(text: str, start: int, end: int) -> str | None:
    """What an uneven place becomes; None where it stays as it is (a hyphen at a line's end that no letter precedes)."""
    place = text[start:end]
    if place[0] in "-\u2010\u00ad" and "\n" in place:
        if not (text[max(start - 1, 0)].isalpha() and text[end : end + 1].isalpha()):
            return "" if place[0] == "\u00ad" else None
        return "" if place[0] == "\u00ad" or _splits_word(text, start, end) else "-"
    if place.isspace():
        return BLANK_LINE if place.count("\n") > 1 or "\u2029" in place else " "
    return unicodedata.normalize("NFKC", place) if _IS_LIGATURE.match(place) else ""


BLANK_LINE = "\u2404"  # stands for a break between paragraphs in a folded text; no name goes over it


def _splits_word(text: str, hyphen: int, after: int) -> bool:
    """Whether a hyphen at a line break was put in by the typesetter: small letters follow, or capitals in a word of capitals."""
    following = text[after : after + 2]
    return following[:1].islower() or (following.isupper() and text[max(hyphen - 2, 0) : hyphen].isupper() and len(following) > 1)


def fold_text(text: str) -> str:
    """Only the folded text, for names and lexicon entries."""
    return fold(text).text
