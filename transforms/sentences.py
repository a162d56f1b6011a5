"""Sentences around a span: a small splitter by rules for many languages; abbreviations are data (``lexicons/abbreviations.toml``)."""

from __future__ import annotations

import re
from functools import cache

from transforms.names import lexicon

_END = re.compile(r"""[.!?…。؟;]+["'»”’)\]]*(?=\s|$)|\n\s*\n|\n(?=\s*[-•–—]\s)|[。！？]""")
LONGEST = 2_000  # code points looked at on either side: a text without points is no sentence


@cache
def _abbreviations(language: str | None) -> frozenset[str]:
    data = lexicon("abbreviations")
    return frozenset(data["any"]) | frozenset(data.get(language or "", ()))


def _ends_sentence(text: str, mark: re.Match[str], language: str | None) -> bool:
    if not mark[0].startswith("."):
        return mark[0][0] != ";" or language == "el"  # the Greek question mark
    word = re.search(r"[\w.]*$", text[max(mark.start() - 20, 0) : mark.start()])
    before = word[0] if word else ""
    if mark[0] == "." and (before.lower() in _abbreviations(language) or re.fullmatch(r"(?:[^\W\d_]\.)*[^\W\d_]", before)):
        return False  # an abbreviation or an initial
    following = text[mark.end() :].lstrip()[:1]
    return not following.islower() and not (before.isdigit() and len(before) < 3 and mark[0] == "." and not following.isupper())


def sentence_at(text: str, start: int, end: int, language: str | None) -> str:
    """The sentence in which ``text[start:end]`` stands, without the space around it; verbatim, so it occurs in the text.

    Points behind abbreviations, initials and ordinal numbers do not end a sentence; a blank line does.
    """
    low, high = max(0, start - LONGEST), min(len(text), end + LONGEST)
    begin, finish = low, high
    for mark in _END.finditer(text, low, high):
        if mark.end() <= start and _ends_sentence(text, mark, language):
            begin = mark.end()
        elif mark.start() >= end and _ends_sentence(text, mark, language):
            finish = mark.end()
            break
    return text[begin:finish].strip()


_END_OR_LINE = re.compile(r"""[.!?…。؟;]+["'»”’)\]]*(?=\s|$)|\n|[。！？]""")
_INNER_END = re.compile(r"""[.!?…。؟;]["'»”’)\]]*\s|[。！？]|\n""")


def sentence_around(text: str, start: int, end: int, low: int, language: str | None) -> tuple[int, int]:
    """The sentence in which ``text[start:end]`` stands, as :func:`next_end` has it; nothing before ``low`` is looked at."""
    begin = max(low, text.rfind("\n", low, start) + 1)
    if begin and text[begin : begin + 1].islower():
        begin = low  # a line broken within its sentence
    if _INNER_END.search(text, begin, start) is not None:
        while (stop := next_end(text, begin, language)) <= start:
            begin = stop
    finish = next_end(text, begin, language, end)
    while begin < start and text[begin].isspace():
        begin += 1
    return begin, finish


def next_end(text: str, start: int, language: str | None, least: int = 0) -> int:
    """Where the sentence ends that begins at ``start``, not before ``least``. A line ends one, too, unless a small letter follows."""
    for mark in _END_OR_LINE.finditer(text, max(start, least - 4)):
        end = mark.end()
        if text[mark.start()] == "\n":
            if text[start : mark.start()].strip() and not text[end : end + 1].islower():
                return mark.start()
        elif end >= least and (text[end : end + 1] in "\n" or _ends_sentence(text, mark, language)):
            return end
    return len(text)
