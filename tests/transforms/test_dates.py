"""When an article was first published."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.date_strings import date_in_url, read_date
from transforms.dates import Dating, date_page
from transforms.records import ArticleLink
from transforms.structured import parse_html, read_structured

FETCHED = datetime(2024, 7, 10, 12, tzinfo=UTC)
AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def dated(
    head: str, *, body: str = "", url: str = "https://example.org/a", zone: ZoneInfo | None = None, link: ArticleLink | None = None
) -> Dating:
    tree = parse_html(f"<html><head>{head}</head><body><h1>Title</h1>{body}<p>Text.</p></body></html>")
    assert tree is not None
    return date_page(read_structured(tree), tree, link, url, zone=zone, fetched_at=FETCHED)


def ld(published: str, modified: str = "") -> str:
    node = {"@type": "NewsArticle", "headline": "T", "datePublished": published, "dateModified": modified}
    return f'<script type="application/ld+json">{json.dumps(node)}</script>'


@pytest.mark.parametrize(
    ("value", "day", "clock", "offset"),
    [
        ("2024-07-02T10:30:05Z", date(2024, 7, 2), time(10, 30, 5), 0),
        ("2024-07-02T10:30:05.123+02:00", date(2024, 7, 2), time(10, 30, 5), 2),
        ("2024-07-02T10:30+0300", date(2024, 7, 2), time(10, 30), 3),
        ("2024-07-02 10:30:05", date(2024, 7, 2), time(10, 30, 5), None),
        ("2024-07-02", date(2024, 7, 2), None, None),
        ("20240702T103005Z", date(2024, 7, 2), time(10, 30, 5), 0),
        ("Tue, 02 Jul 2024 10:30:05 +0200", date(2024, 7, 2), time(10, 30, 5), 2),
        ("Fri Apr 28 19:20:36 CEST 2023", date(2023, 4, 28), time(19, 20, 36), 2),
        ("1719916205", date(2024, 7, 2), time(10, 30, 5), 0),
        ("1719916205000", date(2024, 7, 2), time(10, 30, 5), 0),
        ("02.07.2024, 10:30 Uhr", date(2024, 7, 2), time(10, 30), None),
        ("7/25/2024", date(2024, 7, 25), None, None),
        ("July 2, 2024 3:47 pm", date(2024, 7, 2), time(15, 47), None),
        ("2 mei 2024, 15.47 uur", date(2024, 5, 2), time(15, 47), None),
        ("2 iulie 2024", date(2024, 7, 2), None, None),
        ("15 Μαΐου 2024", date(2024, 5, 15), None, None),
        ("2 Temmuz 2024", date(2024, 7, 2), None, None),
        ("2 июля 2024", date(2024, 7, 2), None, None),
        ("2 липня 2024, 10:30", date(2024, 7, 2), time(10, 30), None),
        ("2 de julio de 2024", date(2024, 7, 2), None, None),
        ("2. července 2024", date(2024, 7, 2), None, None),
        ("2024年7月2日", date(2024, 7, 2), None, None),
    ],
)
def test_date_strings(value: str, day: date, clock: time | None, offset: int | None) -> None:
    stamp = read_date(value)
    assert stamp is not None
    assert (stamp.day, stamp.clock) == (day, clock)
    assert stamp.offset == (None if offset is None else timedelta(hours=offset))


@pytest.mark.parametrize("value", ["", "yesterday", "2024-13-45", "99999999999999999999", "version 2.3", "x" * 500 + "2024-07-02"])
def test_what_is_no_date(value: str) -> None:
    assert read_date(value) is None


@given(st.text(alphabet="0123456789-/.:TZ+ aprjulyé年月日", max_size=40))
def test_reading_never_raises(value: str) -> None:
    read_date(value)
    date_in_url(f"https://example.org/{value}")


@pytest.mark.parametrize(
    ("url", "day"),
    [
        ("https://example.org/2024/07/02/title", date(2024, 7, 2)),
        ("https://example.org/news/2024-07-02-title", date(2024, 7, 2)),
        ("https://example.org/world/20240702-OYT1/", date(2024, 7, 2)),
        ("https://example.org/world/2024/jul/02/title", date(2024, 7, 2)),
        ("https://example.org/story/3000000218734/title", None),
        ("https://example.org/a?d=2024-07-02", None),
    ],
)
def test_dates_in_urls(url: str, day: date | None) -> None:
    stamp = date_in_url(url)
    assert (stamp.day if stamp else None) == day


def test_day_of_the_outlet_zone() -> None:
    verdict = dated(ld("2024-07-01T22:30:00Z"), zone=AMSTERDAM)
    assert verdict.published_at == datetime(2024, 7, 1, 22, 30, tzinfo=UTC)
    assert verdict.published_on == date(2024, 7, 2)
    assert (verdict.source, verdict.precision) == ("jsonld", "second")


def test_without_an_outlet_the_day_of_the_pages_own_offset() -> None:
    assert dated(ld("2024-07-02T00:30:00+02:00")).published_on == date(2024, 7, 2)
    assert dated(ld("2024-07-01T22:30:00Z")).published_on == date(2024, 7, 1)


def test_times_without_a_zone() -> None:
    assert dated(ld("2024-07-02T10:00:00"), zone=AMSTERDAM).published_at == datetime(2024, 7, 2, 8, tzinfo=UTC)
    assert dated(ld("2024-07-02T10:00:00", "2024-07-02T11:00:00+03:00")).published_at == datetime(2024, 7, 2, 7, tzinfo=UTC)
    assert dated(ld("2024-07-02T10:00:00")).published_at == datetime(2024, 7, 2, 10, tzinfo=UTC)


@pytest.mark.parametrize("value", ["2024-07-02", "2024-07-02T00:00:00", "2024-07-02T00:00:00Z", "2024-07-02T00:00:00+00:00"])
def test_a_day_is_a_day(value: str) -> None:
    verdict = dated(ld(value), zone=AMSTERDAM)
    assert (verdict.published_at, verdict.published_on, verdict.precision) == (None, date(2024, 7, 2), "day")


def test_another_statement_lends_its_time_to_a_day() -> None:
    verdict = dated(ld("2024-07-02") + '<meta property="article:published_time" content="2024-07-02T09:15:00+02:00">', zone=AMSTERDAM)
    assert verdict.published_at == datetime(2024, 7, 2, 7, 15, tzinfo=UTC)
    assert (verdict.source, verdict.precision) == ("meta", "second")


@pytest.mark.parametrize("value", ["1970-01-01T00:00:00Z", "1980-05-05", "0001-01-01T00:00:00"])
def test_dates_that_nobody_should_believe(value: str) -> None:
    assert dated(ld(value)).precision == "none"
    assert dated(ld(value) + '<meta name="date" content="2024-07-02T10:00:00Z">').published_on == date(2024, 7, 2)


def test_a_date_to_come_is_kept_where_nothing_better_is_said() -> None:
    """So that the article is listed as ``future`` and in no count; a guess would put it on some past day."""
    assert dated(ld("2031-01-01T10:00:00Z"), body="<p>Copyright 2024</p><p>He came on 3 June 2024 and left.</p>").published_on == date(
        2031, 1, 1
    )
    assert dated(ld("2031-01-01T10:00:00Z") + '<meta name="date" content="2024-07-02T10:00:00Z">').published_on == date(2024, 7, 2)


@pytest.mark.parametrize(
    "body",
    [
        "<p>Bread is dearer.</p><footer>Copyright 2024 The Ledger</footer>",
        "<p>Bread is dearer.</p><p>© 2024 The Ledger. All rights reserved.</p>",
        "<p>The mayor said on 12 May 2023 that bread would be dearer, and that nobody had asked her why it should not be.</p>",
    ],
)
def test_a_year_in_a_footer_or_a_day_in_the_prose_is_no_date(body: str) -> None:
    assert dated("", body=body).precision == "none"


def test_first_publication_and_not_the_last_change() -> None:
    verdict = dated(ld("2024-07-02T10:00:00Z", "2024-07-05T10:00:00Z"))
    assert verdict.published_on == date(2024, 7, 2)
    assert verdict.modified_at == datetime(2024, 7, 5, 10, tzinfo=UTC)
    assert dated('<meta property="article:modified_time" content="2024-07-05T10:00:00Z">').precision == "none"


def test_the_feed_dates_a_page_that_says_nothing() -> None:
    link = ArticleLink(url="https://example.org/a", published_at=datetime(2024, 7, 2, 22, 30, tzinfo=UTC))
    verdict = dated("", zone=AMSTERDAM, link=link)
    assert (verdict.published_on, verdict.source) == (date(2024, 7, 3), "feed")
    assert dated(ld("2024-07-01T10:00:00Z"), link=link).source == "jsonld"


def test_a_zoneless_feed_date_is_in_the_outlets_zone() -> None:
    link = ArticleLink(
        url="https://example.org/a", published_raw="2024-07-02 23:30:00", published_at=datetime(2024, 7, 2, 23, 30, tzinfo=UTC)
    )
    assert dated("", zone=AMSTERDAM, link=link).published_at == datetime(2024, 7, 2, 21, 30, tzinfo=UTC)


def test_time_elements() -> None:
    assert dated("", body='<time class="published" datetime="2024-07-02T10:00:00Z">2 July</time>').source == "time"
    related = '<div class="related"><time datetime="2024-01-02T10:00:00Z">2 January</time></div>'
    assert dated("", body=related).source != "time"


def test_the_url_and_the_text_come_last() -> None:
    assert dated("", url="https://example.org/2024/07/02/title").source == "url"
    verdict = dated("", body="<p>Published on July 2, 2024</p>")
    assert (verdict.published_on, verdict.precision, verdict.source) == (date(2024, 7, 2), "day", "text")


def test_an_undated_page_stays_undated() -> None:
    verdict = dated("")
    assert (verdict.published_at, verdict.published_on, verdict.source, verdict.precision) == (None, None, None, "none")
