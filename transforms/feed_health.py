"""How well a source does, and when it is worth asking again.

Belongs here: what follows from one poll for the next, as numbers in and numbers out. Does not belong here: asking (``flows.collectors``),
what a poll means for the counts (``warehouse/marts/collection_health.sql``).

Failures weigh differently, as in Media Cloud's rss-fetcher: an address that is wrong will not mend itself, a server in trouble usually
does. A failure counts for the time since the poll before it, a day at most, so that asking more often makes no source die sooner.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median

from transforms.date_strings import EARLIEST
from transforms.records import Reason, SourceState

# Weight of a day without an answer.
_HARD = frozenset(
    {
        Reason.NOT_FOUND, Reason.FORBIDDEN, Reason.ROBOTS, Reason.NOT_A_FEED, Reason.INVALID_URL, Reason.DNS, Reason.ADDRESS_REFUSED,
        Reason.HTTP_STATUS,
    }
)  # fmt: skip
_TEMPORARY = frozenset(
    {
        Reason.TIMEOUT, Reason.CONNECTION, Reason.DNS_UNAVAILABLE, Reason.RATE_LIMITED, Reason.SERVER_ERROR, Reason.CUT_SHORT,
        Reason.OUTLET_UNAVAILABLE,
    }
)  # fmt: skip
HARD, SOFT, TEMPORARY = 1.0, 1 / 3, 1 / 10  # all other reasons are soft: something is wrong, and we do not know for how long
DEAD_AT = 3.0  # weighted days: three of a missing feed, nine of a broken one, thirty of a silent server
DEAD_FAILURES = 3  # polls in a row, at least
MAX_STEP = timedelta(days=1)  # what one failure can count for

MIN_INTERVAL, START_INTERVAL, MAX_INTERVAL = 30.0, 60.0, 360.0  # minutes between two polls of a source that answers
TURNOVER = 0.25  # of the list may be new at a poll: four times the safety against items that come and go unseen
QUIET_GROWTH = 1.5  # by which the interval grows when nothing was new
DEAD_INTERVAL = timedelta(days=1)  # doubled with each further weighted day of silence, up to:
MAX_DEAD_INTERVAL = timedelta(days=7)

FUTURE_SLACK = timedelta(days=1)  # a source may name a time zone wrongly; a date further ahead is no date
LONE_GAP = timedelta(hours=72)  # a list reaches back without a break: an item older than the next by more than this stands alone …
LONE_FACTOR = 10  # … unless the list is so thin that such gaps are usual in it, which takes
USUAL_GAPS = 3  # of them to say


@dataclass(frozen=True, slots=True, kw_only=True)
class Prospect:
    """What a poll leaves for the next one."""

    failures: int
    failing: float
    interval_minutes: float | None
    due_at: datetime


def weight(reason: Reason) -> float:
    """What a day of failing for this reason counts."""
    return HARD if reason in _HARD else TEMPORARY if reason in _TEMPORARY else SOFT


def is_dead(failures: int, failing: float) -> bool:
    """Whether a source has failed so long and so surely that somebody has to look at it."""
    return failures >= DEAD_FAILURES and failing >= DEAD_AT


def after_failure(before: SourceState | None, reason: Reason, now: datetime) -> Prospect:
    """The prospect after a poll without an answer that could be used. ``now`` is aware, in UTC."""
    since = now - before.last_polled_at if before is not None else timedelta(0)
    step = min(max(since, timedelta(0)), MAX_STEP) / timedelta(days=1)
    failures = (before.failures if before is not None else 0) + 1
    failing = (before.failing if before is not None else 0.0) + weight(reason) * step
    interval = before.interval_minutes if before is not None else None
    if is_dead(failures, failing):
        wait = min(DEAD_INTERVAL * 2 ** min(failing - DEAD_AT, 10), MAX_DEAD_INTERVAL)
    else:
        wait = timedelta(minutes=interval or START_INTERVAL)
    return Prospect(failures=failures, failing=failing, interval_minutes=interval, due_at=now + wait)


def after_answer(before: SourceState | None, listed: int, new: int, now: datetime) -> Prospect:
    """The prospect after a poll that was answered: ``new`` of ``listed`` items had not been seen (0 of 0: not modified).

    The interval aims at a quarter of the list being new at each poll, and comes half of the way (geometrically) at a time.
    """
    interval = (before.interval_minutes if before is not None else None) or START_INTERVAL
    if before is not None and before.last_answered_at is not None:
        elapsed = (now - before.last_answered_at) / timedelta(minutes=1)
        if new == 0:
            # a poll sooner than was meant says less about the source's pace
            interval *= QUIET_GROWTH if elapsed >= interval else 1.0
        elif elapsed > 0 and listed > 0:
            target = TURNOVER * listed * elapsed / new
            if new >= listed:  # all of it is new, and who knows how much came and went: no reason to ask more rarely
                target = min(target, interval)
            interval = (interval * target) ** 0.5
    interval = round(min(max(interval, MIN_INTERVAL), MAX_INTERVAL), 1)
    return Prospect(failures=0, failing=0.0, interval_minutes=interval, due_at=now + timedelta(minutes=interval))


def listed_span(dates: Iterable[datetime], now: datetime) -> tuple[datetime | None, datetime | None]:
    """The oldest and newest date to which a list reaches without a break, both None where it has no date of use.

    A pinned article, a date of 1970 or one of 2099 says nothing about what else is in the list.
    """
    known = sorted((at for at in dates if at.date() >= EARLIEST and at <= now + FUTURE_SLACK), reverse=True)
    if not known:
        return None, None
    gaps = [newer - older for newer, older in pairwise(known)]
    usual = timedelta(seconds=median(gap.total_seconds() for gap in gaps)) if len(gaps) >= USUAL_GAPS else timedelta(0)
    bearable = max(LONE_GAP, LONE_FACTOR * usual)
    oldest = known[0]
    for older, gap in zip(known[1:], gaps, strict=True):
        if gap > bearable:
            break
        oldest = older
    return oldest, known[0]
