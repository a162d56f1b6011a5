"""Dates told by their distance from the moment of reading: "3 hours ago", "yesterday, 14:20".

Belongs here: finding such words beside the headline and the day that they mean at the moment of the fetch. Does not belong here: dates
that are written out (``datelines``), weighing (``dates``).

A span says less than a date: "3 hours ago" may be nearly four. Where that could be two different days it is no date, and days ago are
never one.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from transforms.date_strings import Stamp
from transforms.date_words import fold_word, relative_words
from transforms.page_parts import headline_element, is_outside, marks_of, names_a_date
from transforms.structured import element_text

if TYPE_CHECKING:
    from lxml.html import HtmlElement

    from transforms.structured import Structured

MAX_CHARS = 60  # of the line
MAX_ELEMENTS = 150  # behind the headline
_NUMBER = re.compile(r"\d")
_LINES = ("time", "span", "div", "p", "li", "small", "abbr", "em", "i")


def relative_date(tree: HtmlElement, page: Structured, language: str | None, now: datetime) -> Stamp | None:
    """The day that a dated line just behind the headline means; ``now`` is the moment of the fetch in the outlet's zone."""
    headline = headline_element(tree, page)
    if headline is None or language is None:
        return None
    seen = 0
    behind = False
    for element in tree.iter(headline.tag, *_LINES):
        if element is headline:
            behind = True
        if not behind:
            continue
        seen += 1
        if seen > MAX_ELEMENTS:
            return None
        words = element_text(element) if len(element) <= 2 and _is_dated(element) else ""
        stamp = read_relative(words, language, now) if 0 < len(words) <= MAX_CHARS else None
        if stamp is not None:
            return stamp
    return None


def _is_dated(element: HtmlElement) -> bool:
    """Whether an element or the one above it is called a date or a byline."""
    above = element.getparent()
    named = names_a_date(marks_of(element)) or (above is not None and names_a_date(marks_of(above)))
    return (element.tag == "time" or named) and not is_outside(element)


def read_relative(text: str, language: str, now: datetime) -> Stamp | None:
    """The day that words such as "3 hours ago" mean at ``now``; None where they may mean two."""
    folded, words = fold_word(text), relative_words(language)
    for pattern, unit in ((words.hours_ago, timedelta(hours=1)), (words.minutes_ago, timedelta(minutes=1))):
        match = pattern.search(folded)
        if match is not None:
            latest = now - int(match["n"]) * unit
            earliest = latest - unit
            return Stamp(day=latest.date()) if latest.date() == earliest.date() else None
    if words.yesterday.search(folded):
        return Stamp(day=(now - timedelta(days=1)).date())
    # "today" alone may head a column; with a time it dates a piece
    return Stamp(day=now.date()) if words.today.search(folded) and _NUMBER.search(folded) else None
