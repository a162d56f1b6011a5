"""How a source fares over days of polls: when it dies, how often it is asked, how far its list reaches back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms import feed_health
from transforms.date_strings import EARLIEST
from transforms.feed_health import MAX_INTERVAL, MIN_INTERVAL, Prospect, after_answer, after_failure, is_dead, listed_span, weight
from transforms.records import Reason, SourceState

START = datetime(2024, 7, 1, 6, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
reasons = st.sampled_from(list(Reason))


def state(prospect: Prospect, now: datetime, answered: datetime | None = None) -> SourceState:
    return SourceState(
        last_polled_at=now, last_answered_at=answered, failures=prospect.failures, failing=prospect.failing,
        interval_minutes=prospect.interval_minutes, due_at=prospect.due_at,
    )  # fmt: skip


HEALTHY = SourceState(last_polled_at=START, last_answered_at=START, interval_minutes=60.0, due_at=START + HOUR)


def dies_after(reason: Reason, every: timedelta, limit: timedelta = timedelta(days=60)) -> timedelta | None:
    """How long a source that answered at the start fails before it is dead; None where it does not die."""
    before, now = HEALTHY, START
    while now - START < limit:
        now += every
        prospect = after_failure(before, reason, now)
        if is_dead(prospect.failures, prospect.failing):
            return now - START
        before = state(prospect, now, START)
    return None


# ---- dying


@pytest.mark.parametrize(
    "reason", [Reason.NOT_FOUND, Reason.NOT_A_FEED, Reason.FORBIDDEN, Reason.DNS, Reason.EMPTY_FEED, Reason.TLS_CERTIFICATE]
)
def test_asking_more_often_makes_no_source_die_sooner(reason: Reason) -> None:
    hourly, rarely = dies_after(reason, HOUR), dies_after(reason, 6 * HOUR)
    assert hourly is not None
    assert rarely is not None
    assert abs(hourly - rarely) <= 6 * HOUR


def test_a_missing_feed_is_dead_within_four_days_and_not_within_two() -> None:
    for every in (HOUR, 6 * HOUR, 12 * HOUR, DAY):
        lasted = dies_after(Reason.NOT_FOUND, every)
        assert lasted is not None
        assert 2 * DAY < lasted <= 4 * DAY, every


def test_the_worse_the_fault_the_sooner() -> None:
    hard, soft, temporary = (dies_after(reason, 6 * HOUR) for reason in (Reason.NOT_FOUND, Reason.EMPTY_FEED, Reason.SERVER_ERROR))
    assert hard is not None
    assert soft is not None
    assert temporary is not None
    assert 2 * hard < soft
    assert 2 * soft < temporary


@pytest.mark.parametrize("reason", [Reason.SERVER_ERROR, Reason.TIMEOUT, Reason.CONNECTION, Reason.RATE_LIMITED, Reason.DNS_UNAVAILABLE])
@pytest.mark.parametrize("every", [timedelta(minutes=5), HOUR, 6 * HOUR, DAY])
def test_a_server_that_is_down_for_two_days_is_never_dead(reason: Reason, every: timedelta) -> None:
    assert dies_after(reason, every, limit=2 * DAY) is None


@given(st.lists(st.tuples(reasons, st.integers(0, 60 * 24 * 30)), min_size=1, max_size=2))
def test_one_or_two_failures_are_no_death(failures: list[tuple[Reason, int]]) -> None:
    before, now = HEALTHY, START
    for reason, minutes in failures:
        now += timedelta(minutes=minutes)
        prospect = after_failure(before, reason, now)
        assert not is_dead(prospect.failures, prospect.failing)
        before = state(prospect, now, START)


def test_a_failure_after_a_long_pause_counts_for_a_day_at_most() -> None:
    after_holidays = after_failure(HEALTHY, Reason.NOT_FOUND, START + 20 * DAY)
    assert after_holidays.failing == pytest.approx(1.0)


def test_an_answer_makes_all_well() -> None:
    dead = SourceState(last_polled_at=START, last_answered_at=START - 9 * DAY, failures=40, failing=7.5, interval_minutes=60.0)
    revived = after_answer(dead, listed=20, new=20, now=START + DAY)
    assert (revived.failures, revived.failing) == (0, 0.0)
    assert not is_dead(revived.failures, revived.failing)


def test_a_source_that_never_answered_can_die_too() -> None:
    before, now = None, START
    for _ in range(10):
        prospect = after_failure(before, Reason.NOT_FOUND, now)
        before, now = state(prospect, now), now + 12 * HOUR
    assert is_dead(prospect.failures, prospect.failing)


def test_a_dead_source_is_asked_ever_more_rarely_and_once_a_week_at_least() -> None:
    before, now, waits = HEALTHY, START, list[timedelta]()
    for _ in range(100):
        prospect = after_failure(before, Reason.NOT_FOUND, now)
        if is_dead(prospect.failures, prospect.failing):
            waits.append(prospect.due_at - now)
        before, now = state(prospect, now, START), prospect.due_at
    assert waits == sorted(waits)
    assert waits[0] >= DAY
    assert waits[-1] == 7 * DAY


@given(
    reasons,
    st.integers(0, 10**5),
    st.floats(0, 1e4),
    st.one_of(st.none(), st.floats(MIN_INTERVAL, MAX_INTERVAL)),
    st.integers(-(10**6), 10**6),
)
def test_a_failure_never_mends_and_is_due_later(
    reason: Reason, failures: int, failing: float, interval: float | None, minutes: int
) -> None:
    before = SourceState(last_polled_at=START, failures=failures, failing=failing, interval_minutes=interval)
    now = START + timedelta(minutes=minutes)  # a replayed clock may stand before the last poll
    prospect = after_failure(before, reason, now)
    assert prospect.failures == failures + 1
    assert failing <= prospect.failing <= failing + 1
    assert prospect.interval_minutes == interval
    assert now + timedelta(minutes=MIN_INTERVAL) <= prospect.due_at <= now + 7 * DAY


def test_every_reason_has_a_weight() -> None:
    assert {weight(reason) for reason in Reason} == {feed_health.HARD, feed_health.SOFT, feed_health.TEMPORARY}


# ---- how often


def intervals(listed: int, new_each: list[int]) -> list[float]:
    """The intervals after polls that come when they are due, each with so many new items."""
    before, now, found = None, START, list[float]()
    for new in new_each:
        prospect = after_answer(before, listed, new, now)
        assert prospect.interval_minutes is not None
        found.append(prospect.interval_minutes)
        before, now = state(prospect, now, now), prospect.due_at
    return found


def test_a_quiet_feed_is_asked_ever_more_rarely() -> None:
    found = intervals(30, [30] + [0] * 12)
    assert found == sorted(found)
    assert found[0] < found[-1] == MAX_INTERVAL


def test_a_busy_feed_is_asked_ever_more_often() -> None:
    found = intervals(30, [30] * 10)
    assert found == sorted(found, reverse=True)
    assert found[-1] == MIN_INTERVAL


def test_a_feed_settles_where_a_quarter_of_its_list_is_new() -> None:
    before, now, listed, per_hour = None, START, 40, 5  # a quarter of the list in two hours
    for _ in range(30):
        elapsed = (now - before.last_polled_at) / HOUR if before else 0.0
        prospect = after_answer(before, listed, min(listed, round(per_hour * elapsed)), now)
        before, now = state(prospect, now, now), prospect.due_at
    assert before is not None
    assert before.interval_minutes == pytest.approx(120, rel=0.15)


def test_a_list_that_was_all_new_after_a_pause_is_not_asked_more_rarely() -> None:
    after_weekend = after_answer(HEALTHY, listed=20, new=20, now=START + 2 * DAY)
    assert after_weekend.interval_minutes is not None
    assert after_weekend.interval_minutes <= 60, "who knows how much came and went meanwhile"


def test_polls_sooner_than_due_say_nothing_of_a_quiet_feed() -> None:
    by_hand = after_answer(HEALTHY, listed=20, new=0, now=START + timedelta(minutes=1))
    assert by_hand.interval_minutes == 60.0
    not_modified = after_answer(HEALTHY, listed=0, new=0, now=START + HOUR)
    assert not_modified.interval_minutes is not None
    assert not_modified.interval_minutes > 60.0


@given(
    st.one_of(st.none(), st.floats(0.001, 1e6)), st.integers(0, 10**6), st.integers(0, 10**6), st.integers(-(10**7), 10**7), st.booleans()
)
def test_intervals_stay_in_bounds(interval: float | None, listed: int, new: int, minutes: int, answered: bool) -> None:
    before = SourceState(
        last_polled_at=START, last_answered_at=START if answered else None, interval_minutes=interval, failures=3, failing=2.0
    )
    now = START + timedelta(minutes=minutes)
    prospect = after_answer(before, listed, new, now)
    assert prospect.interval_minutes is not None
    assert MIN_INTERVAL <= prospect.interval_minutes <= MAX_INTERVAL
    assert prospect.due_at == now + timedelta(minutes=prospect.interval_minutes)
    assert (prospect.failures, prospect.failing) == (0, 0.0)


# ---- how far a list reaches back


NOW = datetime(2024, 7, 1, 12, tzinfo=UTC)
RECENT = [NOW - timedelta(hours=hours) for hours in range(1, 40, 3)]
PLAIN = (RECENT[-1], RECENT[0])


def test_a_list_reaches_from_its_newest_to_its_oldest() -> None:
    assert listed_span(RECENT, NOW) == PLAIN
    assert listed_span(reversed(RECENT), NOW) == PLAIN


@pytest.mark.parametrize(
    "stray",
    [datetime(1970, 1, 1, tzinfo=UTC), datetime(2099, 1, 1, tzinfo=UTC), datetime.max.replace(tzinfo=UTC), NOW - timedelta(days=90)],
)
def test_dates_that_stand_alone_do_not_stretch_it(stray: datetime) -> None:
    assert listed_span([*RECENT, stray], NOW) == PLAIN
    assert listed_span([stray, *RECENT], NOW) == PLAIN


def test_several_pinned_articles_do_not_stretch_it() -> None:
    assert listed_span([*RECENT, *(NOW - timedelta(days=days) for days in (60, 90, 400))], NOW) == PLAIN


@pytest.mark.parametrize("stray", [datetime(1970, 1, 1, tzinfo=UTC), datetime(1985, 3, 1, tzinfo=UTC), NOW - timedelta(days=90)])
@pytest.mark.parametrize("listed", [1, 2, 3])
def test_they_do_not_stretch_a_short_list_either(stray: datetime, listed: int) -> None:
    assert listed_span([*RECENT[:listed], stray], NOW) == (RECENT[listed - 1], RECENT[0])


def test_a_thin_list_is_not_cut() -> None:
    weekly = [NOW - timedelta(days=days) for days in range(0, 70, 7)]
    assert listed_span(weekly, NOW) == (weekly[-1], weekly[0])


def test_a_weekend_is_no_break() -> None:
    days = [NOW - timedelta(days=days) for days in (0, 0.2, 0.4, 3.2, 3.4, 3.6)]
    assert listed_span(days, NOW) == (days[-1], days[0])


def test_a_wrong_time_zone_is_borne_and_a_far_future_is_not() -> None:
    ahead = NOW + timedelta(hours=9)
    assert listed_span([*RECENT, ahead], NOW) == (RECENT[-1], ahead)
    assert listed_span([NOW + timedelta(days=3)], NOW) == (None, None)


def test_no_date_is_no_span() -> None:
    assert listed_span([], NOW) == (None, None)
    assert listed_span([NOW], NOW) == (NOW, NOW)


@given(st.lists(st.datetimes(timezones=st.just(UTC)), max_size=30))
def test_a_span_is_of_dates_that_are_listed(dates: list[datetime]) -> None:
    oldest, newest = listed_span(dates, NOW)
    usable = [at for at in dates if at.date() >= EARLIEST and at <= NOW + DAY]
    assert (oldest is None) == (newest is None) == (not usable)
    if usable:
        assert newest == max(usable)
        assert oldest in usable
