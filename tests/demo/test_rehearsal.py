"""The replay on paper, on outlets made up here: what polls find, what an outage hides, and slips of the truth."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from demo.compare import expected_outcomes
from demo.facts import ArticleFact, DayFact, Facts
from demo.period import FIRST_DAILY_POLL, poll_times
from demo.rehearsal import found_at, slips, statuses
from demo.server.layout import Article, Down, Edit, Outlet, Site

ZONE = ZoneInfo("Europe/Budapest")
POLLS = poll_times(FIRST_DAILY_POLL)  # two a day


def at(day: int, hour: int = 10, month: int = 6) -> datetime:
    return datetime(2024, month, day, hour, tzinfo=ZONE)


def article(path: str, published: datetime, listed: datetime | None = None) -> Article:
    return Article(path=path, headline=path, published=published, listed=listed, body="x")


def site(*articles: Article, feed_items: int = 3, sitemap: bool = False, down: bool = True) -> Site:
    outage = (Down(down_from=at(22, 0), down_until=at(24, 0)),) if down else ()
    outlet = Outlet(
        host="post.example",
        name="Post",
        language="hu",
        timezone="Europe/Budapest",
        feed_items=feed_items,
        sitemap_path="/news.xml" if sitemap else None,
        down=outage,
    )
    return Site(id="post", outlet=outlet, articles=articles)


OLD = article("/old", at(16))
FLOOD = tuple(article(f"/flood{n}", at(23, 8 + n)) for n in range(3))


def test_without_an_outage_every_day_between_the_first_poll_and_the_last_is_complete() -> None:
    found = statuses(site(OLD, down=False), POLLS)
    assert [d.isoformat()[5:] for d, s in found.items() if s != "complete"] == ["06-16", "06-17", "07-08"]
    assert len(found) == 23


def test_an_outage_hides_nothing_when_the_next_poll_lists_a_known_item() -> None:
    assert statuses(site(OLD, FLOOD[0]), POLLS)[date(2024, 6, 22)] == "complete"


def test_an_outage_with_a_flood_behind_it_leaves_a_day_unknown() -> None:
    found = statuses(site(OLD, *FLOOD), POLLS)
    assert [found[date(2024, 6, d)] for d in (20, 21, 22, 23, 24, 25)] == [
        "complete",
        "partial",
        "outage",
        "partial",
        "partial",
        "complete",
    ]


def test_a_sitemap_covers_back_to_its_oldest_entry() -> None:
    known = article("/eve", at(21, 23))
    found = statuses(site(OLD, known, *FLOOD, sitemap=True), POLLS)
    assert found[date(2024, 6, 23)] == "partial"  # the entry of the eve has dropped out by the first poll after the outage
    early = article("/night", at(22, 8))
    assert statuses(site(OLD, early, *FLOOD, sitemap=True), POLLS)[date(2024, 6, 23)] == "complete"


def test_what_falls_out_of_the_feed_between_polls_is_never_found() -> None:
    assert "/flood0" not in found_at(site(OLD, *FLOOD, feed_items=2), POLLS)


def test_a_poll_a_week_leaves_no_gap_where_the_feed_is_long_enough() -> None:
    quiet = site(article("/first", at(14, month=2)), article("/second", at(20, month=3)), OLD, down=False)
    assert [d.isoformat()[5:] for d, s in statuses(quiet).items() if s != "complete"] == ["02-14", "02-15", "07-08"]
    crowded = site(article("/first", at(14, month=2)), *(article(f"/{n}", at(19, 8 + n, month=3)) for n in range(3)), OLD, down=False)
    gap = [d.isoformat()[5:] for d, s in statuses(crowded).items() if s != "complete" and d.month == 3]
    assert gap == [f"03-{day}" for day in range(14, 22)]


def test_a_title_that_was_changed_later_is_that_of_the_last_version() -> None:
    edited = article("/a", at(18)).model_copy(update={"edits": (Edit(at=at(20), headline="/edited"),)})
    fact = ArticleFact(
        outlet_id="post",
        path="/a",
        outcome="published",
        title="/edited",
        published_on=date(2024, 6, 18),
        date_precision="second",
        language="hu",
    )
    seen = fact.model_copy(update={"versions": ("first", "title")})
    assert not [line for line in slips(Facts(articles=(seen,)), (site(edited, down=False),), POLLS) if "title" in line]
    assert "post/a: title is '/edited', the page says '/a'" in slips(Facts(articles=(fact,)), (site(edited, down=False),), POLLS)


def test_slips_of_the_truth_are_named() -> None:
    day = date(2024, 6, 18)
    fact = ArticleFact(
        outlet_id="post", path="/a", outcome="published", title="/a", published_on=day, date_precision="second", language="hu"
    )
    wrong = fact.model_copy(update={"title": "/b", "published_on": day + timedelta(days=1)})
    days = tuple(DayFact(outlet_id="post", day=d, status="partial") for d in (date(2024, 6, 16), date(2024, 6, 17), date(2024, 7, 8)))
    old = fact.model_copy(update={"path": "/old", "title": "/old", "published_on": date(2024, 6, 16)})
    newsroom = site(article("/a", at(18)), OLD, down=False)
    assert slips(Facts(articles=(fact, old), days=days), (newsroom,), POLLS) == []
    assert slips(Facts(articles=(wrong, fact.model_copy(update={"path": "/z"})), days=days[:2]), (newsroom,), POLLS) == [
        "post/a: title is '/b', the page says '/a'",
        "post/a: published_on is datetime.date(2024, 6, 19), the page says datetime.date(2024, 6, 18)",
        "post/old: is not in the truth",
        "post/z: is in the truth, but not in the newsroom",
        "post 2024-07-08: the truth says complete, by the rule it is partial",
    ]


def test_a_page_that_no_poll_lists_is_unseen() -> None:
    newsroom = site(OLD, *FLOOD, feed_items=2)
    said = [
        ArticleFact(outlet_id="post", path=f"/flood{n}", outcome=o) for n, o in enumerate(("rejected:robots", "unseen", "rejected:robots"))
    ]
    lines = [line for line in slips(Facts(articles=tuple(said)), (newsroom,), POLLS) if "/flood" in line]
    assert lines == [
        "post/flood0: no working poll ever lists it, so that its outcome is unseen",
        "post/flood1: outcome is unseen, but the poll of 2024-06-24 07:00 lists it",
    ]
    assert expected_outcomes(Facts(articles=tuple(said))).keys() == {"post/flood0", "post/flood2"}
