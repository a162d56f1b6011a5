"""Whether a link or a sitemap can lie in a window of days, as far as is known before it is fetched."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.records import ArticleLink
from transforms.window import Window, is_recent, link_day, may_hold, sitemap_may_hold

ZONE = ZoneInfo("Europe/Amsterdam")
JUNE = Window(since=date(2024, 6, 1), until=date(2024, 6, 30))
windows = st.builds(Window, since=st.none() | st.dates(), until=st.none() | st.dates())
instants = st.none() | st.datetimes(timezones=st.just(UTC))


def link(path: str = "/a", published: str | None = None, modified: str | None = None) -> ArticleLink:
    def instant(text: str | None) -> datetime | None:
        return datetime.fromisoformat(text).replace(tzinfo=UTC) if text else None

    return ArticleLink(url=f"https://daily.example{path}", published_at=instant(published), modified_at=instant(modified))


def sitemap(path: str, modified: str | None = None, window: Window = JUNE) -> bool:
    return sitemap_may_hold(
        window, f"https://daily.example{path}", datetime.fromisoformat(modified).replace(tzinfo=UTC) if modified else None
    )


# ---- days


def test_both_ends_belong_to_a_window() -> None:
    assert [JUNE.holds(date(2024, *day)) for day in ((5, 31), (6, 1), (6, 30), (7, 1))] == [False, True, True, False]
    assert Window().holds(date.min) and Window().holds(date.max)
    assert Window(since=date(2024, 6, 1)).holds(date.max) and not Window(until=date(2024, 6, 1)).holds(date.max)


@given(windows, st.dates(), st.dates())
def test_a_span_meets_a_window_that_holds_any_of_its_days(window: Window, one: date, other: date) -> None:
    first, last = sorted((one, other))
    if window.holds(first) or window.holds(last):
        assert window.meets(first, last)


def test_a_day_off_still_meets_and_two_do_not() -> None:
    assert [JUNE.meets(day, day) for day in (date(2024, 5, 30), date(2024, 5, 31), date(2024, 7, 1), date(2024, 7, 2))] == [
        False,
        True,
        True,
        False,
    ]


# ---- links


def test_the_source_says_the_day_before_the_address_does() -> None:
    assert link_day(link("/2024/05/03/a", "2024-06-20 12:00"), ZONE) == date(2024, 6, 20)
    assert link_day(link("/2024/05/03/a"), ZONE) == date(2024, 5, 3)
    assert link_day(link("/a"), ZONE) is None


def test_a_day_is_that_of_the_outlet() -> None:
    assert link_day(link(published="2024-06-30 22:30"), ZONE) == date(2024, 7, 1)
    assert link_day(link(published="2024-06-30 22:30"), ZoneInfo("UTC")) == date(2024, 6, 30)


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (link(published="2024-06-15 08:00"), True),
        (link(published="2024-05-15 08:00"), False),
        (link(published="2024-07-15 08:00"), False),
        (link("/2024/06/15/a"), True),
        (link("/2023/06/15/a"), False),
        (link(), True),  # nothing is known
        (link(modified="2024-07-15 08:00"), True),  # changed later, published who knows when
        (link(modified="2024-05-15 08:00"), False),  # published no later than it was last changed
        (link(published="2024-06-15 08:00", modified="2024-05-15 08:00"), True),
    ],
)
def test_links_that_can_lie_in_june(found: ArticleLink, expected: bool) -> None:
    assert may_hold(JUNE, found, ZONE) is expected


def test_an_open_window_takes_everything_on_that_side() -> None:
    assert may_hold(Window(until=date(2024, 6, 30)), link(modified="2020-01-01 00:00"), ZONE)
    assert may_hold(Window(since=date(2024, 6, 1)), link(published="2031-01-01 00:00"), ZONE)
    assert may_hold(Window(), link(published="1970-01-01 00:00"), ZONE)


def test_recent_is_what_something_says_to_be() -> None:
    since = date(2024, 6, 24)
    assert is_recent(link(published="2024-06-24 08:00"), since, ZONE)
    assert is_recent(link("/2024/06/25/a"), since, ZONE)
    assert is_recent(link(modified="2024-06-25 08:00"), since, ZONE)
    assert not is_recent(link(published="2024-06-23 08:00", modified="2024-06-25 08:00"), since, ZONE), "an old article that was edited"
    assert not is_recent(link("/2024/06/01/a"), since, ZONE)
    assert not is_recent(link(), since, ZONE)


@given(windows, instants, instants, st.dates(), st.sampled_from(["Pacific/Kiritimati", "America/Los_Angeles", "Europe/Amsterdam", "UTC"]))
def test_no_date_is_too_far_away_to_be_judged(
    window: Window, published: datetime | None, modified: datetime | None, since: date, zone: str
) -> None:
    found = ArticleLink(url="https://daily.example/a", published_at=published, modified_at=modified)
    assert may_hold(window, found, ZoneInfo(zone)) in {True, False}
    assert is_recent(found, since, ZoneInfo(zone)) in {True, False}
    assert sitemap_may_hold(window, "https://daily.example/sitemap-2024.xml", modified) in {True, False}


@pytest.mark.parametrize("at", [datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)], ids=["first", "last"])
@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "America/Los_Angeles"])
def test_the_ends_of_the_calendar_can_be_judged(at: datetime, zone: str) -> None:
    found = ArticleLink(url="https://daily.example/a", published_at=at)
    assert not may_hold(JUNE, found, ZoneInfo(zone))
    assert may_hold(Window(since=date.min, until=date.max), found, ZoneInfo(zone))
    assert sitemap_may_hold(JUNE, "https://daily.example/", datetime.max.replace(tzinfo=UTC))


@given(windows, st.datetimes(min_value=datetime(1980, 1, 1), max_value=datetime(2049, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_a_link_of_a_day_in_the_window_is_always_taken(window: Window, at: datetime) -> None:
    if window.holds(at.astimezone(ZONE).date()):
        assert may_hold(window, ArticleLink(url="https://daily.example/a", published_at=at), ZONE)


# ---- sitemaps


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/sitemap-2024-06.xml", True),
        ("/sitemap-2024-04.xml", False),
        ("/sitemap-2024-07.xml", True),  # a day off
        ("/sitemap-2024-08.xml", False),
        ("/2024/06/sitemap.xml", True),
        ("/2024/03/sitemap.xml", False),
        ("/articles_202406.xml.gz", True),
        ("/articles_202402.xml.gz", False),
        ("/sitemap-2024.xml", True),
        ("/sitemap-2022.xml", False),
        ("/sitemap.xml?year=2022", False),
        ("/sitemap-17.xml", True),  # names no month
        ("/sitemap-news.xml", True),
        ("/sitemap-1202406.xml", True),  # a number, no month
        ("/", True),
    ],
)
def test_the_month_or_year_in_a_sitemaps_address(path: str, expected: bool) -> None:
    assert sitemap(path) is expected


def test_numbers_in_the_host_are_no_month() -> None:
    assert sitemap_may_hold(JUNE, "https://2021.daily.example/sitemap.xml", None)


def test_a_sitemap_that_was_last_changed_before_the_window_holds_none_of_it() -> None:
    assert not sitemap("/sitemap-17.xml", "2024-05-20 12:00")
    assert not sitemap("/sitemap-2024-06.xml", "2024-05-20 12:00")
    assert sitemap("/sitemap-17.xml", "2024-05-31 23:00"), "a day off"
    assert sitemap("/sitemap-17.xml", "2026-01-01 12:00"), "changed later, listing who knows what"
    assert sitemap("/sitemap-17.xml", "2019-01-01 12:00", Window(until=date(2024, 6, 30)))


@given(
    st.dates(min_value=date(1980, 1, 1), max_value=date(2049, 12, 31)),
    st.integers(0, 400),
    st.sampled_from(["/{:%Y-%m}.xml", "/{:%Y/%m}/map", "/{:%Y}.xml"]),
)
def test_the_sitemap_of_a_days_month_is_always_read(day: date, more: int, pattern: str) -> None:
    window = Window(since=day, until=day + timedelta(days=more))
    assert sitemap_may_hold(window, "https://daily.example" + pattern.format(day), None)
