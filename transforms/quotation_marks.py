"""Where words stand in quotation marks.

Belongs here: the pairs of marks in use and finding what they enclose. Who says the words is decided in :mod:`transforms.quotes`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

LONGEST = 1_500  # code points; marks that are further apart are not a pair
# Opening mark → closing marks, as the languages of the press have them (CLDR, "delimiters"): „German“, «French», »Danish«, ”Finnish”.
_PAIRS = {
    "“": "”“",
    "„": '“”"„',
    "”": "”",
    "«": "»",
    "»": "«»",
    "‹": "›",
    "›": "‹",
    '"': '"',
    "‘": "’",
    "‚": "‘’",
}
_APOSTROPHE = re.compile(r"\w’\w")
_OPENING = re.compile("[" + "".join(_PAIRS) + "]")


@dataclass(frozen=True, slots=True)
class Quotation:
    """A stretch in quotation marks: offsets of the marks and, inside them, of the words."""

    start: int
    end: int
    first: int
    last: int


def quotations(text: str) -> list[Quotation]:
    """The outermost stretches in quotation marks, in order; no stretch goes over a break between paragraphs."""
    found: list[Quotation] = []
    at = 0
    while (opening := _OPENING.search(text, at)) is not None:
        start = opening.start()
        at = start + 1
        if _inside_a_word(text, start) or not _opens(text, start):
            continue
        close = _closing(text, start)
        if close is None:
            continue
        first, last = start + 1, close
        while first < last and text[first].isspace():
            first += 1
        while last > first and text[last - 1].isspace():
            last -= 1
        if first < last:
            found.append(Quotation(start, close + 1, first, last))
        at = close + 1
    return found


def _inside_a_word(text: str, at: int) -> bool:
    return text[at] in "’‘" and bool(_APOSTROPHE.match(text, max(at - 1, 0)))


def _opens(text: str, at: int) -> bool:
    """A mark that can close as well as open opens where no word stands right before it."""
    return at == 0 or not (text[at - 1].isalnum() or text[at - 1] in ".,!?")


def _closing(text: str, start: int) -> int | None:
    marks = _PAIRS[text[start]]
    stop = min(len(text), start + LONGEST)
    break_at = text.find("\n", start, stop)
    if break_at >= 0:
        stop = break_at
    for at in range(start + 1, stop):
        mark = text[at]
        if mark in marks and not _inside_a_word(text, at):
            if mark == "’" and text[at - 1] == "s" and at + 1 < stop and text[at + 1] == " " and "’" in text[at + 1 : stop]:
                continue  # allies’ views: a genitive, while the words go on
            if mark == text[start] and at + 1 < stop and text[at + 1].isalnum():
                continue  # opens another one inside
            return at
    return None
