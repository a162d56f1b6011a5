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


def sentence_spans(text: str, language: str | None) -> list[tuple[int, int]]:
    """Where the sentences of a text begin and end, without the space around them."""
    found: list[tuple[int, int]] = []
    begin = 0
    for mark in (*_END.finditer(text), None):
        if mark is not None and not _ends_sentence(text, mark, language):
            continue
        end = len(text) if mark is None else mark.end()
        part = text[begin:end]
        size = len(part.strip())
        if size:
            start = begin + len(part) - len(part.lstrip())
            found.append((start, start + size))
        begin = end
    return found


_END_OR_LINE = re.compile(r"""[.!?…。؟;]+["'»”’)\]]*(?=\s|$)|\n|[。！？]""")


def next_end(text: str, start: int, language: str | None) -> int:
    """Where the sentence ends that begins at ``start``. A line ends one, too, unless a small letter follows."""
    for mark in _END_OR_LINE.finditer(text, start):
        if mark[0] == "\n":
            if text[start : mark.start()].strip() and not text[mark.end() : mark.end() + 1].islower():
                return mark.start()
        elif _ends_sentence(text, mark, language):
            return mark.end()
    return len(text)
