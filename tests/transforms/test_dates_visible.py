"""Dates on the visible page and in its scripts: words of many languages, places, and the account of the verdict."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime

import pytest

from transforms.date_strings import dates_in
from transforms.datelines import datelines
from transforms.dates import Dating, date_page
from transforms.page_state import state_dates
from transforms.relative_dates import read_relative
from transforms.structured import parse_html, read_structured

FETCHED = datetime(2024, 7, 10, 12, tzinfo=UTC)
HEADLINE = "Bakers of Lindholm raise the price of bread"


def dated(body: str, head: str = "", url: str = "https://ledger.example/a") -> Dating:
    tree = parse_html(f"<html lang='en'><head><title>{HEADLINE}</title>{head}</head><body>{body}</body></html>")
    assert tree is not None
    return date_page(read_structured(tree), tree, None, url, zone=None, fetched_at=FETCHED)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "3 hours ago"), ("nl", "3 uur geleden"), ("de", "vor 3 Stunden"), ("fr", "il y a 3 heures"), ("es", "hace 3 horas"),
        ("it", "3 ore fa"), ("pt", "há 3 horas"), ("ro", "acum 3 ore"), ("pl", "3 godziny temu"), ("cs", "před 3 hodinami"),
        ("sk", "pred 3 hodinami"), ("sl", "pred 3 urami"), ("hr", "prije 3 sata"), ("sr", "пре 3 сата"), ("sr", "pre 3 sata"),
        ("bg", "преди 3 часа"), ("mk", "пред 3 часа"), ("uk", "3 години тому"), ("ru", "3 часа назад"), ("el", "πριν από 3 ώρες"),
        ("tr", "3 saat önce"), ("hu", "3 órája"), ("fi", "3 tuntia sitten"), ("et", "3 tundi tagasi"), ("lv", "pirms 3 stundām"),
        ("lt", "prieš 3 valandas"), ("sv", "för 3 timmar sedan"), ("da", "for 3 timer siden"), ("no", "for 3 timer siden"),
        ("is", "fyrir 3 klukkustundum"),
    ],
)  # fmt: skip
def test_hours_ago(language: str, text: str) -> None:
    stamp = read_relative(text, language, FETCHED)
    assert stamp is not None
    assert stamp.day == date(2024, 7, 10)


@pytest.mark.parametrize(
    ("language", "text", "day"),
    [
        ("fr", "hier à 14h20", date(2024, 7, 9)),
        ("de", "hier geht es weiter", None),  # "here", not yesterday
        ("en", "12 hours ago", None),  # this day or the one before
        ("en", "3 days ago", None),
        ("en", "Today", None),
        ("en", "Today, 9:15", date(2024, 7, 10)),
        ("en", "20 minutes ago", date(2024, 7, 10)),
    ],
)
def test_what_distances_mean(language: str, text: str, day: date | None) -> None:
    stamp = read_relative(text, language, FETCHED)
    assert (stamp.day if stamp else None) == day


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("4.5.2024–6.5.2024", ["2024-05-04", "2024-05-06"]),
        ("20. 6. 2024.", ["2024-06-20"]),
        ("June 20th, 2024", ["2024-06-20"]),
        ("1º de julio de 2024", ["2024-07-01"]),
        ("By Mark 3 May 2024", ["2024-05-03"]),
        ("12.16.2025", ["2025-12-16"]),
        ("192.168.10.24", []),
        ("10-12-24", []),
        ("May 2024", []),
    ],
)
def test_dates_in_a_line(text: str, days: list[str]) -> None:
    assert [str(found.stamp.day) for found in dates_in(text)] == days


def test_a_month_of_two_meanings_needs_a_language() -> None:
    assert dates_in("3. listopada 2023.") == []
    assert dates_in("3. listopada 2023.", "hr")[0].stamp.day == date(2023, 10, 3)
    assert dates_in("3 listopada 2023", "pl")[0].stamp.day == date(2023, 11, 3)


def test_the_account_says_what_won_and_what_disagreed() -> None:
    verdict = dated(f"<h1>{HEADLINE}</h1><p class='date'>20 June 2024</p>", "<meta name='date' content='2024-07-01'>")
    assert verdict.published_on == date(2024, 6, 20)
    assert verdict.account == ("2024-06-20 5.5: text '20 June 2024'", "2024-07-01 2.4: meta date")


def test_roles_and_places() -> None:
    tree = parse_html(
        f"<html><head><title>{HEADLINE}</title></head><body><h1>{HEADLINE}</h1>"
        "<p>Published 20 June 2024 | Updated 1 July 2024</p><p>Deadline: 5 July 2024</p></body></html>"
    )
    assert tree is not None
    lines = datelines(tree, read_structured(tree), "en")
    assert [(str(line.stamp.day), line.role, line.place) for line in lines] == [
        ("2024-06-20", "published", "near"),
        ("2024-07-01", "updated", "near"),
        ("2024-07-05", "other", "near"),
    ]


def test_a_script_with_several_days_and_no_headline_says_nothing() -> None:
    tree = parse_html('<script>x = [{"publishedAt": "2024-06-20"}, {"publishedAt": "2024-06-21"}]</script><p>x</p>')
    assert tree is not None
    assert state_dates(tree, (HEADLINE,)) == ()


@pytest.mark.parametrize(
    "body",
    [
        "<div>" + "<div><a href='/x'>A headline of some length and more</a><time>2 Jan 2024</time></div>" * 12_000 + "</div>",
        "<p>" + "<b>2024</b> x " * 20_000 + "</p>",
        "<div>" * 200 + "2 Jan 2024",
        "<p class='" + "_date" * 50_000 + "'>2 Jan 2024</p>",
    ],
)
def test_hostile_pages_are_read_in_bounded_time(body: str) -> None:
    start = time.process_time()
    dated(f"<h1>{HEADLINE}</h1>{body}")
    assert time.process_time() - start < 5
