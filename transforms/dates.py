"""When an article was first published: the verdict on what a page, its address and the feed say.

Belongs here: how agreement decides, precision, time zones. Does not belong here: what a statement is worth (``date_evidence``), finding
and reading statements (``structured``, ``page_state``, ``datelines``, ``date_strings``), what a day means for counts (``warehouse``).

Statements that mean the same day are added up, one of each kind of place, and the heaviest day wins; so a single template field that is
filled with the last change loses against an address and a dateline that agree. A time comes from the heaviest statement of that day that
has one. The day of the fetch is never a default, and a date of something else (an event, a copyright, another story, a comment) is none.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from typing import TYPE_CHECKING

from transforms.date_evidence import (
    FUTURE_SLACK,
    LAST_RESORT,
    SAME_MOMENT,
    STATE,
    Evidence,
    gather,
    modification,
    moment_of,
    only_day,
    seen,
    weighed,
)
from transforms.date_strings import EARLIEST, Stamp
from transforms.datelines import datelines
from transforms.language import normalise_tag
from transforms.page_state import state_dates
from transforms.relative_dates import relative_date
from transforms.structured import Structured, texts

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from lxml.html import HtmlElement

    from transforms.records import ArticleLink, DatePrecision

ENOUGH = 1.5  # of weight; less is no date
SURE = 9.0  # the article's own node, or two strong statements that agree: nothing more is looked for
RIVAL = 2.5  # unless another day has as much as this
FUTURE_ENOUGH = 5.0  # of a statement of a day to come that is kept as such
NOON = (time(10), time(14))  # UTC times between are on the same day for nearly all of the press
WEST, EAST = timedelta(hours=10), timedelta(hours=13)  # how far local time may lie behind and before UTC
QUARTERS = 15  # minutes: zones differ by multiples
MAX_ACCOUNT = 6  # days in the account


@dataclass(frozen=True, slots=True, kw_only=True)
class Dating:
    """The verdict. ``published_at`` and ``modified_at`` are UTC; ``published_on`` is a day of the outlet's zone (see :func:`decide`)."""

    published_at: datetime | None = None
    published_on: date | None = None
    modified_at: datetime | None = None
    source: str | None = None
    precision: DatePrecision = "none"
    account: tuple[str, ...] = ()  # each day that something spoke for, the heaviest first, with its weight and what spoke


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    """A day with the evidence that speaks for it, the heaviest first."""

    day: date
    evidence: tuple[Evidence, ...]

    @property
    def weight(self) -> float:
        return sum(item.weight for item in self.evidence)

    def __str__(self) -> str:
        return f"{self.day} {self.weight:.1f}: {', '.join(map(str, self.evidence))}"


def date_page(
    page: Structured, tree: HtmlElement | None, link: ArticleLink | None, url: str, *, zone: tzinfo | None, fetched_at: datetime
) -> Dating:
    """The date of a page.

    What the visible page and its scripts say is only looked for where markup, feed and address do not settle the matter; ``tree`` None
    leaves it out.
    """
    evidence = gather(page, link, url)
    modified = modification(page)
    last_change: Stamp | None = None
    if tree is not None and not _settled(evidence, zone, fetched_at):
        language = normalise_tag(page.html_lang)
        headlines = (*page.headings[:2], *(texts(page.articles[0].get("headline"), limit=1) if page.articles else ()))
        stated = state_dates(tree, headlines)
        evidence.extend(Evidence(source="text", stamp=stamp, weight=STATE, kind="state", note="script") for stamp in stated)
        visible, last_change = seen(datelines(tree, page, language), fetched_at)
        evidence.extend(visible)
        if not evidence and last_change is not None:
            # readers are told no other date; it is not modified's, which would be struck out as a change
            evidence.append(Evidence(source="text", stamp=last_change, weight=LAST_RESORT, kind="visible", note="last change"))
        elif not evidence:
            told = relative_date(tree, page, language, fetched_at.astimezone(zone or UTC))
            if told is not None:
                evidence.append(Evidence(source="text", stamp=told, weight=LAST_RESORT, kind="visible", note="told by its distance"))
    local = zone or _page_zone([item.stamp for item in evidence])
    against = modified or (last_change if any(item.note != "last change" for item in evidence) else None)
    return decide(weighed(evidence, against, page, url, local, fetched_at), modified or last_change, zone, fetched_at)


def _settled(evidence: Sequence[Evidence], zone: tzinfo | None, fetched_at: datetime) -> bool:
    """Whether the visible page can be left unread."""
    cases = _cases([item for item in evidence if _trusted(item.stamp, fetched_at)], zone or UTC, zone)
    if not cases or cases[0].weight < SURE or (len(cases) > 1 and cases[1].weight >= RIVAL):
        return False
    # a time in UTC does not tell the day of an unknown outlet
    timed = [item.stamp for item in cases[0].evidence if not only_day(item.stamp)]
    return zone is not None or not timed or any(stamp.offset or NOON[0] <= (stamp.clock or NOON[1]) < NOON[1] for stamp in timed)


def decide(evidence: Sequence[Evidence], modified: Stamp | None, zone: tzinfo | None, fetched_at: datetime) -> Dating:
    """The date of first publication.

    ``zone`` is the outlet's; without it zone-less times are taken in an offset that the page uses elsewhere, else in UTC, and
    ``published_on`` is the day in the page's own offset, as far as it can be known. ``fetched_at`` only bounds what can be believed.
    """
    local = zone or _page_zone([*(item.stamp for item in evidence), *([modified] if modified else [])])
    modified_at = None
    if modified is not None and _trusted(modified, fetched_at) and modified.clock is not None:
        modified_at = _utc(moment_of(modified, local))
    trusted = [item for item in evidence if _trusted(item.stamp, fetched_at)]
    if not trusted:
        # a date that has not come yet is kept, so that the article is listed as such and in no count
        trusted = [item for item in evidence if item.stamp.day >= EARLIEST and item.weight >= FUTURE_ENOUGH][:1]
    cases = _cases(trusted, local, zone)
    account = tuple(map(str, cases[:MAX_ACCOUNT]))
    if not cases or cases[0].weight < ENOUGH or _undecided(cases):
        return Dating(modified_at=modified_at, account=account)
    best = cases[0]
    timed = next((item for item in best.evidence if not only_day(item.stamp)), None)
    return Dating(
        published_at=_utc(moment_of(timed.stamp, local)) if timed is not None else None,
        published_on=best.day,
        modified_at=modified_at,
        source=(timed or best.evidence[0]).source,
        precision="second" if timed is not None else "day",
        account=account,
    )


def _undecided(cases: Sequence[_Case]) -> bool:
    """Whether nothing tells the two readings of 2/7/2024 apart."""
    return len(cases) > 1 and cases[0].weight == cases[1].weight and any(item.swapped for case in cases[:2] for item in case.evidence)


def _cases(evidence: Sequence[Evidence], local: tzinfo, zone: tzinfo | None) -> list[_Case]:
    """The days in question, the heaviest first; of equal ones that of the heaviest single statement.

    Where nobody knows the outlet's zone, a UTC time speaks for the day before or after too if the page names that day in two places.
    """
    known = evidence if zone is not None else _in_own_offset(evidence)
    by_day: dict[date, list[Evidence]] = defaultdict(list)
    for item in known:
        by_day[_day(item.stamp, local, zone)].append(item)
    cases: list[_Case] = []
    for day, direct in by_day.items():
        lent: list[Evidence] = []
        if zone is None and len({item.kind for item in direct if item.kind != "weak meta" and not _is_utc(item.stamp)}) > 1:
            lent = [item for item in known if _is_utc(item.stamp) and item not in direct and _could_be(item.stamp, day)]
        best: dict[str, Evidence] = {}
        for item in (*direct, *lent):
            if item.kind not in best or item.weight > best[item.kind].weight:
                best[item.kind] = item
        cases.append(_Case(day=day, evidence=tuple(sorted(best.values(), key=lambda item: -item.weight))))
    cases.sort(key=lambda case: (-case.weight, -case.evidence[0].weight))
    return cases


# ---- zones


def _trusted(stamp: Stamp, fetched_at: datetime) -> bool:
    return EARLIEST <= stamp.day <= (fetched_at + FUTURE_SLACK).date()


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(microsecond=0)


def _day(stamp: Stamp, local: tzinfo, zone: tzinfo | None) -> date:
    if only_day(stamp):
        return stamp.day
    moment = moment_of(stamp, local)
    return moment.astimezone(zone).date() if zone is not None else moment.date()


def _page_zone(stamps: Iterable[Stamp]) -> tzinfo:
    """The offset that the page uses somewhere, for its zone-less times; UTC where it uses none."""
    for stamp in stamps:
        if stamp.offset:
            return timezone(stamp.offset)
    return UTC


def _is_utc(stamp: Stamp) -> bool:
    return stamp.offset == timedelta(0) and not only_day(stamp)


def _could_be(stamp: Stamp, day: date) -> bool:
    """Whether a UTC time falls on ``day`` in some zone."""
    moment = datetime.combine(stamp.day, stamp.clock or time(0, 0))
    return day in {(moment - WEST).date(), (moment + EAST).date()}


def _in_own_offset(evidence: Sequence[Evidence]) -> Sequence[Evidence]:
    """The evidence with its UTC times told in the page's own offset, if the page tells one of these moments there as well."""
    offset = next(
        (
            apart
            for utc in evidence
            if _is_utc(utc.stamp)
            for other in evidence
            if other.stamp.clock is not None and not _is_utc(other.stamp) and (apart := _apart(utc.stamp, other.stamp)) is not None
        ),
        None,
    )
    if offset is None:
        return evidence
    return [replace(item, stamp=_told_in(item.stamp, offset)) if _is_utc(item.stamp) else item for item in evidence]


def _apart(utc: Stamp, other: Stamp) -> timedelta | None:
    """The offset in which ``other`` tells the moment of ``utc``; None where it cannot be the same moment."""
    apart = moment_of(other, UTC).replace(tzinfo=None) - moment_of(utc, UTC).replace(tzinfo=None)
    if other.offset is not None:
        return other.offset if abs(apart - other.offset) <= SAME_MOMENT else None
    minutes, seconds = divmod(apart.total_seconds(), 60)
    whole = timedelta(minutes=minutes + (1 if seconds > 0 else 0))  # the visible time leaves out seconds
    return whole if -WEST <= whole <= EAST and whole and whole.total_seconds() / 60 % QUARTERS == 0 else None


def _told_in(stamp: Stamp, offset: timedelta) -> Stamp:
    moment = moment_of(stamp, UTC).astimezone(timezone(offset))
    return replace(stamp, day=moment.date(), clock=moment.time(), offset=offset)
