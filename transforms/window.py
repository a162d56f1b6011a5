"""A window of publication days that somebody asks for, and whether a link or a sitemap can lie in it.

Belongs here: judging what a source says before a page is fetched. Does not belong here: the date of an article (``dates``), which is
judged again when the page is read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from transforms.date_strings import date_in_url
from transforms.records import ArticleLink

SLACK = timedelta(days=1)  # addresses and dates without a zone may be a day off
# A year and month in the name of an archive's sitemap or page: sitemap-2024-06.xml, /2024/06/, articles_202406.xml.gz
_MONTH = re.compile(r"(?<!\d)(?P<year>19[89]\d|20[0-4]\d)(?:[-_/.]?(?P<month>0[1-9]|1[0-2]))?(?!\d)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Days of publication, both included; None is open."""

    since: date | None = None
    until: date | None = None

    def holds(self, day: date) -> bool:
        """Whether a day lies in the window."""
        return (self.since is None or day >= self.since) and (self.until is None or day <= self.until)

    def meets(self, first: date, last: date) -> bool:
        """Whether any of the days from ``first`` to ``last`` does, give or take a day."""
        return (self.since is None or _later(last, SLACK) >= self.since) and (self.until is None or first <= _later(self.until, SLACK))


def link_day(link: ArticleLink, zone: tzinfo) -> date | None:
    """The day on which a link says that its article was published, by its source or its address; None where neither says."""
    if link.published_at is not None:
        return _local_day(link.published_at, zone)
    stamp = date_in_url(link.url)
    return stamp.day if stamp is not None else None


def may_hold(window: Window, link: ArticleLink, zone: tzinfo) -> bool:
    """Whether the link's article can lie in the window, as far as is known before it is fetched."""
    day = link_day(link, zone)
    if day is not None:
        return window.meets(day, day)
    if link.modified_at is not None and window.since is not None:  # published no later than it was last changed
        return _later(_local_day(link.modified_at, zone), SLACK) >= window.since
    return True


def is_recent(link: ArticleLink, since: date, zone: tzinfo) -> bool:
    """Whether something says that the article is no older than ``since``; without any date it is not."""
    day = link_day(link, zone)
    if day is None and link.modified_at is not None:
        day = _local_day(link.modified_at, zone)
    return day is not None and day >= since


def sitemap_may_hold(window: Window, url: str, modified_at: datetime | None) -> bool:
    """Whether a sitemap of an index can list articles of the window: by the month or year in its address, and by its last change."""
    if modified_at is not None and window.since is not None and _later(modified_at.date(), SLACK) < window.since:
        return False
    months = list(_MONTH.finditer(url.partition("://")[2].partition("/")[2]))
    if not months:
        return True
    return any(window.meets(*_span(int(match["year"]), int(match["month"]) if match["month"] else None)) for match in months)


def _local_day(at: datetime, zone: tzinfo) -> date:
    """A source may state the last second of the calendar, which has no name in zones ahead of UTC."""
    try:
        return at.astimezone(zone).date()
    except OverflowError:
        return at.date()


def _later(day: date, by: timedelta) -> date:
    return day + by if day <= date.max - by else date.max


def _span(year: int, month: int | None) -> tuple[date, date]:
    if month is None:
        return date(year, 1, 1), date(year, 12, 31)
    following = date(year + month // 12, month % 12 + 1, 1)
    return date(year, month, 1), following - timedelta(days=1)
