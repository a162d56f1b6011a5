"""Dates in the data that a page hands to its own scripts: the state of a single-page application, a data layer for analytics.

Belongs here: finding well-known keys of first publication in inline scripts and telling this page's from those of other stories. Does not
belong here: JSON-LD and meta elements (``structured``), weighing (``dates``).

Such data is no statement to the public and often holds the stories of a whole section, so a value counts only if the script knows one
day of publication, or if it stands near this page's own headline.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, cast

from lxml import etree

from transforms.date_strings import EARLIEST, Stamp, read_date

if TYPE_CHECKING:
    from lxml.html import HtmlElement

MAX_SCRIPTS, MAX_SCRIPT_CHARS, MAX_VALUES = 80, 3_000_000, 400
NEAR_HEADLINE = 2_500  # characters between a key and the headline of the same object
MIN_HEADLINE = 12

_SCRIPTS = etree.XPath("//script[not(@src)][not(contains(@type, 'ld+json'))]/text()")
# Keys that content systems use for the day of first publication, without regard to case and underscores.
_ANCHOR = re.compile(r"[pP][uU][bB](?:[lL][iI][sScC]|[-_]?[dD]ate)")
_KEY = re.compile(
    r"(?<![A-Za-z])(?:(?:article|page|content|post|story|first|original|initial|date)?[-_]?"
    r"(?:publi(?:sh(?:ed)?|cation)[-_]?(?:date(?:time)?|time|at|on|timestamp)|datepublished|pub[-_]?date)(?:[-_]?(?:time|utc|gmt|iso))*"
    r"|(?:first|originally)[-_]?published(?:[-_]?(?:at|on|date|time))?|date[-_]?publi(?:shed|cation))"
    r"\\?['\"]?\s*[:=,]\s*(?:new Date\()?\\?['\"]?([^'\"\\,}\]\n]{6,40})",
    re.IGNORECASE,
)
KEY_LEAD, KEY_TRAIL = 24, 110  # characters around an anchor that hold the whole key and its value
_LITERALS = ("ubli", "UBLI", "ubdate", "ubDate", "ub_date", "ub-date")


def state_dates(tree: HtmlElement, headlines: tuple[str, ...]) -> tuple[Stamp, ...]:
    """The days of first publication that the page's scripts state of this page; at most one a script, in order, doubtful ones left out."""
    found: list[Stamp] = []
    for script in cast("list[str]", _SCRIPTS(tree))[:MAX_SCRIPTS]:
        if len(script) > MAX_SCRIPT_CHARS or not any(literal in script for literal in _LITERALS):
            continue
        stamp = _own(script, headlines)
        if stamp is not None:
            found.append(stamp)
    return tuple(found)


def _own(script: str, headlines: tuple[str, ...]) -> Stamp | None:
    stated: list[tuple[int, Stamp]] = []
    done = 0
    for anchor in _ANCHOR.finditer(script):
        if anchor.start() < done:
            continue
        begin = max(done, anchor.start() - KEY_LEAD)
        match = _KEY.search(script[begin : anchor.end() + KEY_TRAIL])
        if match is None:
            continue
        done = begin + match.end()
        stamp = read_date(match[1].strip())
        if stamp is not None and stamp.day >= EARLIEST:
            stated.append((begin + match.start(), stamp))
        if len(stated) >= MAX_VALUES:
            break
    if not stated:
        return None
    if len({stamp.day for _, stamp in stated}) == 1:
        return stated[0][1]
    places = [at for headline in headlines if len(headline) >= MIN_HEADLINE for at in _all_places(script, headline)]
    near = min(((abs(at - place), stamp) for at, stamp in stated for place in places), key=lambda pair: pair[0], default=None)
    return near[1] if near is not None and near[0] <= NEAR_HEADLINE else None


def _all_places(script: str, headline: str) -> list[int]:
    places: list[int] = []
    at = script.find(headline)
    while at >= 0 and len(places) < MAX_VALUES:
        places.append(at)
        at = script.find(headline, at + 1)
    return places
