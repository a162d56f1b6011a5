"""What the published counts must be, counted in plain Python from the truth alone: a second pair of hands beside the warehouse's SQL.
Pure: nothing here knows DuckDB or the product."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from zoneinfo import ZoneInfo

    from demo.facts import ArticleFact, Facts

UNKNOWN = frozenset({"outage", "blocked", "not_due"})  # days of which nothing is known: every count is NULL
FINAL_AFTER = timedelta(hours=48)  # after the local end of the day

CellKey = tuple[str, date, str, str]  # outlet, day, watch list, candidate
DayKey = tuple[str, date]


@dataclass(frozen=True, slots=True, kw_only=True)
class Contest:
    """A watch list as far as counting goes."""

    id: str
    first_day: date
    last_day: date
    candidates: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A row of coverage_by_outlet_day without its key. None stands for NULL."""

    articles: int | None
    race_articles: int | None
    unique_articles: int | None
    originals: int | None
    mentions: int | None
    total_articles: int | None
    share_of_voice: float | None
    collection_status: str
    is_final: bool


def day_statuses(facts: Facts, zones: Mapping[str, ZoneInfo], first_poll: datetime, last_poll: datetime) -> dict[DayKey, str]:
    """Every day of every outlet with its status: first poll's local day to the last one's, and earlier days that have an article."""
    grid: dict[DayKey, str] = {}
    for outlet, zone in zones.items():
        day, last = first_poll.astimezone(zone).date(), last_poll.astimezone(zone).date()
        while day <= last:
            grid[outlet, day] = "complete"
            day += timedelta(days=1)
    grid |= {(a.outlet_id, a.published_on): "complete" for a in counted(facts) if a.published_on}
    return grid | {(d.outlet_id, d.day): d.status for d in facts.days}


def counted(facts: Facts) -> list[ArticleFact]:
    """The articles that are in a cell."""
    return [a for a in facts.articles if a.is_published and a.uncounted is None]


def recount(
    facts: Facts, statuses: Mapping[DayKey, str], contests: tuple[Contest, ...], zones: Mapping[str, ZoneInfo], last_poll: datetime
) -> dict[CellKey, Cell]:
    """Every row of coverage_by_outlet_day."""
    by_day: dict[DayKey, list[ArticleFact]] = {}
    for article in counted(facts):
        if article.published_on:
            by_day.setdefault((article.outlet_id, article.published_on), []).append(article)
    rows: dict[CellKey, Cell] = {}
    for (outlet, day), status in statuses.items():
        final = last_poll >= _end_of(day, zones[outlet]) + FINAL_AFTER
        for contest in contests:
            if contest.first_day <= day <= contest.last_day:
                for candidate in contest.candidates:
                    rows[outlet, day, contest.id, candidate] = _cell(by_day.get((outlet, day), []), contest, candidate, status, final)
    return rows


def _cell(articles: list[ArticleFact], contest: Contest, candidate: str, status: str, final: bool) -> Cell:
    if status in UNKNOWN:
        return Cell(
            articles=None,
            race_articles=None,
            unique_articles=None,
            originals=None,
            mentions=None,
            total_articles=None,
            share_of_voice=None,
            collection_status=status,
            is_final=final,
        )
    naming = [(a, m) for a in articles for m in a.mentions if m.candidate == candidate]
    mentions = sum(m.count for _, m in naming)
    of_all = sum(m.count for a in articles for m in a.mentions if m.candidate in contest.candidates)
    leads = {a.lead for a, _ in naming}
    return Cell(
        articles=len(naming),
        race_articles=sum(m.in_race for _, m in naming),
        unique_articles=len(leads),
        originals=len(leads & {a.key for a, _ in naming}),
        mentions=mentions,
        total_articles=len(articles),
        share_of_voice=mentions / of_all if of_all else None,
        collection_status=status,
        is_final=final,
    )


def _end_of(day: date, zone: ZoneInfo) -> datetime:
    following = day + timedelta(days=1)
    return datetime(following.year, following.month, following.day, tzinfo=zone)
