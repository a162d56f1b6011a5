"""A folded copy of a text, in which names can be looked up, with an exact map back to the text as it stands.

Folding takes away case, diacritics (composed or decomposed), soft hyphens, zero-width characters and hyphens at line breaks, makes one
kind of space, apostrophe and hyphen of the many, and one space of several. What a folded word means belongs elsewhere.

Most characters fold one to one, so a whole text goes through ``str.translate``; only where a length changes (a decomposed letter, a soft
hyphen, a run of spaces) the text is cut and the cut noted. A text without such places needs no map at all.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass

_MARKS = "\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u064b-\u065f\u0670\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
_INVISIBLE = "\u00ad\u034f\u061c\u0640\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufe00-\ufe0f\ufeff"
_SPACES = " \t\n\r\x0b\x0c\x1c-\x1f\x85\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_HYPHENS = "-\u2010\u2011\u2012\u2013\u2014\u2212\ufe58\ufe63\uff0d"
_APOSTROPHES = "'\u2018\u2019\u201b\u02bc\u02b9\u2032\u00b4`\uff07"
_LIGATURES = "\ufb00-\ufb06\u01c4-\u01cc\u0132\u0133"  # their compatibility form is longer

# Letters that Unicode does not decompose: the nearest plain letter, one for one, the same for names and texts.
_PLAIN = dict(zip("ßæøłđðþœıŋħŧəґєјљњћђџқңұүһ", "saoldptoinhtaгеjљњћђџкнуух", strict=True)) | {"ј": "ј", "ς": "σ", "ى": "ي", "ة": "ه", "ک": "ك", "ی": "ي"}

# Places where the folded text is of another length. Groups: 1 a letter with marks, 2 a line-break hyphen, 3 invisible, 4 spaces, 5 ligature.
_UNEVEN = re.compile(
    rf"([^\W\d_][{_MARKS}]+)|((?<=[^\W\d_])[-\u2010\u00ad][ \t]*\r?\n[ \t]*(?=[^\W\d_]))|([{_INVISIBLE}{_MARKS}]+)"
    rf"|([{_SPACES}]{{2,}})|([{_LIGATURES}])"
)


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
    place = _UNEVEN.search(text)
    if place is None:
        return Folded(text.translate(_TABLE), text)
    pieces: list[str] = []
    folded, original, ends = [], [], []
    length = done = 0
    while place is not None:
        if place.start() > done:
            pieces.append(text[done : place.start()])
            folded.append(length)
            original.append(done)
            ends.append(0)
            length += place.start() - done
        piece = _piece(text, place)
        if piece:
            pieces.append(piece)
            folded.append(length)
            original.append(place.start())
            ends.append(place.end())
            length += len(piece)
        done = place.end()
        place = _UNEVEN.search(text, done)
    if done < len(text):
        pieces.append(text[done:])
        folded.append(length)
        original.append(done)
        ends.append(0)
    result = "".join(pieces).translate(_TABLE)
    return Folded(result, text, tuple(folded), tuple(original), tuple(ends))


def _piece(text: str, place: re.Match[str]) -> str:
    """What an uneven place becomes. A blank line stays visible as a vertical tab's worth of one newline mark."""
    letter, hyphen, _, spaces, ligature = place.groups()
    if letter:
        return letter[0]
    if hyphen:
        return "" if "\u00ad" in hyphen or _splits_word(text, place.start(), place.end()) else "-"
    if spaces:
        return BLANK_LINE if spaces.count("\n") > 1 or "\u2029" in spaces else " "
    return unicodedata.normalize("NFKC", ligature) if ligature else ""


BLANK_LINE = "\u2404"  # stands for a break between paragraphs in a folded text; no name goes over it


def _splits_word(text: str, hyphen: int, after: int) -> bool:
    """Whether a hyphen at a line break was put in by the typesetter: small letters follow, or capitals in a word of capitals."""
    following = text[after : after + 2]
    return following[:1].islower() or (following.isupper() and text[max(hyphen - 2, 0) : hyphen].isupper() and len(following) > 1)


def fold_text(text: str) -> str:
    """Only the folded text, for names and lexicon entries."""
    return fold(text).text
