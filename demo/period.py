"""The months that the sample newsroom covers, and when its outlets are polled. No other dates of the demo belong anywhere else.

From February to the middle of June, while little happens, a poll a week is enough: no feed is so short that an article drops out in
between. The last three weeks, with the outage and the decision, have two polls a day.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

DESK = ZoneInfo("Europe/Brussels")
POLL_TIMES = (time(7), time(19))  # of every day, local time of the desk
SPARSE_DAY = 3  # Thursday evenings, before the daily polls begin
FIRST_POLL = datetime(2024, 2, 15, 19, tzinfo=DESK)
FIRST_DAILY_POLL = datetime(2024, 6, 17, 7, tzinfo=DESK)
LAST_POLL = datetime(2024, 7, 8, 19, tzinfo=DESK)


def poll_times(first: datetime = FIRST_POLL) -> tuple[datetime, ...]:
    """Every poll of the replay from ``first`` on, oldest first, in the desk's time zone."""
    days = (LAST_POLL.date() - first.date()).days + 1
    moments = (datetime.combine(first.date() + timedelta(days=d), t, tzinfo=DESK) for d in range(days) for t in POLL_TIMES)
    return tuple(m for m in moments if first <= m <= LAST_POLL and (m >= FIRST_DAILY_POLL or _is_sparse_poll(m)))


def _is_sparse_poll(moment: datetime) -> bool:
    return moment.weekday() == SPARSE_DAY and moment.time() == POLL_TIMES[-1]
