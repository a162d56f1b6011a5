"""The three weeks that the sample newsroom covers, and when its outlets are polled. No other dates of the demo belong anywhere else."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

DESK = ZoneInfo("Europe/Brussels")
POLL_TIMES = (time(7), time(19))  # of every day, local time of the desk
FIRST_POLL = datetime(2024, 6, 17, 7, tzinfo=DESK)
LAST_POLL = datetime(2024, 7, 8, 19, tzinfo=DESK)


def poll_times() -> tuple[datetime, ...]:
    """Every poll of the replay, oldest first, in the desk's time zone."""
    days = (LAST_POLL.date() - FIRST_POLL.date()).days + 1
    moments = (datetime.combine(FIRST_POLL.date() + timedelta(days=d), t, tzinfo=DESK) for d in range(days) for t in POLL_TIMES)
    return tuple(m for m in moments if FIRST_POLL <= m <= LAST_POLL)
