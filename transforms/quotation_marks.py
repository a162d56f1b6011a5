"""Where words stand in quotation marks, behind the dash of a dialogue, or behind the name of a speaker in a transcript.

Belongs here: the pairs of marks in use and finding what they enclose. Who says the words is decided in :mod:`transforms.quotes`.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Container, Sequence
from typing import NamedTuple

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
    "'": "'",
}
MARKS = tuple(mark for mark in _PAIRS if mark not in "‘‚'")  # as they stand in a folded text, which has one apostrophe
_SINGLE = "’‘'"
_APOSTROPHE = re.compile(r"\w[’']\w")
_OPENING = re.compile("[" + "".join(_PAIRS) + "]")
_CLOSING = {opening: re.compile(f"[\n{closing}]") for opening, closing in _PAIRS.items()}


class Quotation(NamedTuple):
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
            line = text.find("\n", start)
            if line >= 0 and text[line : line + 4].lstrip()[:1] == text[start] and (start == 0 or text[start - 1] == "\n"):
                at = line  # the words go on in the next paragraph, which begins with the mark again
                if (quotation := between(text, start, line, start + 1, line)) is not None:
                    found.append(quotation)
            continue
        quotation = between(text, start, close + 1, start + 1, close)
        if quotation is not None:
            found.append(quotation)
        at = close + 1
    return found


def between(text: str, start: int, end: int, first: int, last: int) -> Quotation | None:
    """A quotation without the space at the edges of its words; None where nothing is left."""
    while first < last and text[first].isspace():
        first += 1
    while last > first and text[last - 1].isspace():
        last -= 1
    return Quotation(start, end, first, last) if first < last else None


def _inside_a_word(text: str, at: int) -> bool:
    return text[at] in _SINGLE and bool(_APOSTROPHE.match(text, max(at - 1, 0)))


def _opens(text: str, at: int) -> bool:
    """A mark that can close as well as open opens where no word stands right before it."""
    return at == 0 or not (text[at - 1].isalnum() or text[at - 1] in ".,!?")


def _closing(text: str, start: int) -> int | None:
    stop = min(len(text), start + LONGEST)
    for match in _CLOSING[text[start]].finditer(text, start + 1, stop):
        at = match.start()
        if text[at] == "\n":
            return None
        if _inside_a_word(text, at):
            continue
        if text[at] in "’'" and text[at - 1] == "s" and text[at + 1 : at + 2] == " " and text[at] in text[at + 1 : stop]:
            continue  # allies’ views: a genitive, while the words go on
        if text[at] == text[start] and at + 1 < stop and text[at + 1].isalnum():
            continue  # opens another one inside
        return at
    return None


_DASHES = ("–", "—", "―", "- ")
_LINE = re.compile(r"(?:^|(?<=\n))[–—―-][ \u00a0]?(?=[^\W\d_a-z]|¿|¡)[^\n]*")
_PAUSE = re.compile(r"[ \u00a0][–—-]{1,2}[ \u00a0]|, — |,? – ")


def has_dialogue(text: str) -> bool:
    """Whether a line begins with a dash."""
    if not any(dash in text for dash in "–—―-"):  # one character is found much faster than two
        return False
    return text.startswith(_DASHES) or "\n–" in text or "\n—" in text or "\n―" in text or "\n- " in text


def dialogue(text: str, verbs: Sequence[tuple[int, int]]) -> list[Quotation]:
    """The speech in lines that begin with a dash. ``verbs``: where verbs of saying stand, in order.

    Such a line is speech until a dash or a comma before a verb of saying; behind another dash speech goes on.
    """
    found: list[Quotation] = []
    for line in _LINE.finditer(text):
        start, stop = line.span()
        begin = start + 1
        here = verbs[bisect_left(verbs, (begin,)) : bisect_left(verbs, (stop,))]
        parts = [begin, *(m.start() for m in _PAUSE.finditer(text, begin + 1, stop)), stop]
        pauses = [m.end() for m in _PAUSE.finditer(text, begin + 1, stop)]
        if pauses and any(0 <= v[0] - p <= 3 for v in here for p in pauses):  # – Words – said Ann. – Words.
            spoken = True
            for at, part in enumerate(parts[1:]):
                first = begin if at == 0 else pauses[at - 1]
                narrated = any(0 <= v[0] - first <= 3 for v in here)
                spoken = not narrated
                if spoken and (quotation := between(text, first if at else start, part, first, part)):
                    found.append(quotation)
            continue
        cut = next(
            (text.rfind(mark, begin, v[0]) + (mark != ",") for v in here for mark in ",?!." if _ends_there(text, mark, begin, v[0])), stop
        )
        quotation = between(text, start, cut, begin, cut)
        if quotation is not None:
            found.append(quotation)
    return found


def _ends_there(text: str, mark: str, begin: int, verb: int) -> bool:
    """Whether a mark stands right before a verb: …, says Ann."""
    at = text.rfind(mark, begin, verb)
    return at >= 0 and not text[at + 1 : verb].strip()


def blanked(text: str, source: str, marks: Sequence[Quotation], followed: Container[int]) -> str:
    """A text with the words in quotation marks made one long word, but for a stop at their end that ends a sentence.

    ``source``: the text with its capitals; ``followed``: ends of the marks behind which the sentence goes on for another reason.
    """
    parts: list[str] = []
    done = 0
    for mark in marks:
        ends = source[mark.last - 1] in ".!?…" and mark.end not in followed and not _goes_on(source, mark.end)
        size = mark.last - mark.first - ends
        parts += (text[done : mark.first], "x" * size)
        done = mark.first + size
    return "".join(parts) + text[done:]


def _goes_on(text: str, at: int) -> bool:
    """Whether a sentence goes on behind a quotation: with a small letter, a comma, a dash."""
    rest = text[at : at + 3].lstrip(" \u00a0")
    return bool(rest) and (rest[0].islower() or rest[0] in "–—-,;:") and not text.startswith("\n", at)


def outermost(marks: Sequence[Quotation]) -> list[Quotation]:
    """Quotations in order without those inside others."""
    kept: list[Quotation] = []
    for mark in sorted(marks, key=lambda m: (m.start, -m.end)):
        if not kept or mark.start >= kept[-1].end:
            kept.append(mark)
    return kept


# A label, and its paragraph: lines may be broken, and the next label ends it.
_LABEL = re.compile(
    r"(?:^|(?<=\n))(?=[^\W\d_a-z])[^\n:“„«\"]{2,40}: [ \u00a0]?(?![“„«\"‘»”\s])[^\n]*(?:\n(?![^\n:]{1,40}: )[^\n]+)*(?<=[.!?…])"
)


def transcript(source: str) -> list[Quotation]:
    """Lines that begin with a speaker and a colon, as briefings are written down; the words are all that follows."""
    found = []
    for match in _LABEL.finditer(source):
        first = source.index(": ", match.start()) + 2
        while source[first].isspace():
            first += 1
        found.append(Quotation(match.start(), match.end(), first, match.end()))
    return found
