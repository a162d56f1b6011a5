"""The report, worded: the records that templates read. Every number here is text already, in the reader's language.

No query and no arithmetic belongs here; :mod:`warehouse.page` fills these records from the answers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Row = Mapping[str, Any]  # of an answer: column → value


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A headline figure."""

    name: str
    value: str
    note: str
    change: str  # empty where there is no line for it


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """A candidate's panel of the chart."""

    name: str
    total: str
    accent: int
    svg: str
    alternative: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A candidate's line in the table of share of voice."""

    name: str
    accent: int
    share: str
    width: float  # of the longest bar, 0 to 1
    counts: tuple[str, ...]  # mentions, articles, stories, originals, about the contest, outlets
    change: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatCell:
    """A cell of the heat map."""

    kind: str  # count, partial, unknown, absent
    value: str
    level: int  # 0 to 5
    spoken: str  # for screen readers and as a tip
    anchor: str  # of its articles; empty where there are none


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatRow:
    """An outlet, or the line of totals."""

    name: str
    cells: tuple[HeatCell, ...]
    total: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """An article in the list, or a story."""

    title: str
    url: str  # empty where it is no web address
    sentence: tuple[tuple[bool, str], ...]  # runs of text: (is a name, text)
    note: str
    names: tuple[str, ...] = ()
    people: str = ""  # indexes for the filter
    language: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The articles of an outlet-day."""

    anchor: str
    heading: str
    outlet: str
    day: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """All of one contest."""

    key: str
    title: str
    caveats: tuple[str, ...]
    complete: str  # the good news; empty where there is none
    figures: tuple[Figure, ...]
    basis: str
    panels: tuple[Panel, ...]
    chart_notes: tuple[str, ...]
    days: tuple[tuple[str, str], ...]  # short and long name
    numbers: tuple[tuple[str, tuple[str, ...]], ...]  # candidate, mentions by day
    shares: tuple[Share, ...]
    quiet: str
    rows: tuple[HeatRow, ...]
    stories: tuple[Item, ...]
    nothing: str  # said in place of an empty list where nothing is known; empty otherwise
    groups: tuple[Group, ...]
    limit: str
    articles: int
    people: tuple[str, ...]
    languages: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """The whole report, worded."""

    title: str
    heading: str
    dates: str
    caveats: tuple[str, ...]  # that hold for every contest
    sections: tuple[Section, ...]
    quiet: tuple[str, ...]
    collection: str
    gaps: tuple[tuple[str, ...], ...]
    quality: tuple[tuple[str, ...], ...]
    uncounted: tuple[tuple[Item, str, str], ...]
    seal: Row
    sealed: tuple[tuple[str, str], ...]
