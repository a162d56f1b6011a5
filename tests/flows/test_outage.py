"""Two days without an answer: not known while it lasts, and as if nothing had happened where a sitemap tells afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import hostile_server as hostile
import pytest
from hostile_newsroom import Site, article, feed_of, pages_of, play
from hostile_server import HostileServer
from newsroom_fixtures import Story, ask, toml_value, write_config

from flows.cli import call

if TYPE_CHECKING:
    from pathlib import Path

    from hostile_server import Behaviour

FIRST, LAST = date(2024, 6, 17), date(2024, 6, 22)
DOWN = (date(2024, 6, 19), date(2024, 6, 20))
HOURS = (5, 11, 17)  # UTC; three articles a day
POLLS = (6, 18)  # UTC
ON_FEED, ON_SITEMAP = 6, 40  # articles listed, newest first
OUTLETS = {"chronicle": True, "bulletin": False}  # the Chronicle has a news sitemap
SIGN_OF_OUTAGE = "✗"


def days(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += timedelta(days=1)


def at(day: date, hour: int) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


class Town:
    """Two outlets that write three articles a day, whoever reads them, and their server."""

    def __init__(self, config: Path, server: HostileServer, failing: Behaviour | None) -> None:
        self.config, self.server, self.failing = config, server, failing
        self.broken_page: str | None = None  # a URL that answers 500
        self.sites = {
            name: Site(name=name, host=f"{name}.example", other="", elsewhere="", rival="") for name in OUTLETS
        }  # behind a proxy: the addresses are the same in every town
        write_config(config, {})
        (config / "outlets").mkdir(exist_ok=True)
        for name, has_sitemap in OUTLETS.items():
            self._write_outlet(self.sites[name], has_sitemap)

    def _write_outlet(self, site: Site, has_sitemap: bool) -> None:
        values = {
            "id": site.name, "name": site.name.title(), "homepage": site.url("/"), "domains": [site.host], "country": "NL",
            "language": "en", "timezone": "Europe/Amsterdam", "feeds": [site.url("/feed")],
            "sitemaps": [site.url("/news.xml")] if has_sitemap else [],
        }  # fmt: skip
        lines = [f"{key} = {toml_value(value)}" for key, value in values.items()]
        text = "\n".join([*lines, "[crawl]", "delay_seconds = 0", "timeout_seconds = 30"]) + "\n"
        (self.config / "outlets" / f"{site.name}.toml").write_text(text, encoding="utf-8")

    def poll(self, moment: datetime, *, publish: bool = False) -> None:
        """One run."""
        down = self.failing if moment.date() in DOWN else None
        self.server.routes.clear()
        for site in self.sites.values():
            stories = written(site, moment)
            served = {
                "/robots.txt": hostile.answer("User-agent: *\nAllow: /\n", "text/plain"), "/feed": feed_of(stories[:ON_FEED]),
                "/news.xml": hostile.answer(news_sitemap(stories[:ON_SITEMAP]), "application/xml"), **pages_of(stories),
            }  # fmt: skip
            self.server.routes |= {site.url(path): down or behaviour for path, behaviour in served.items()}
        if self.broken_page is not None:
            self.server.routes[self.broken_page] = hostile.answer(status="500 Oh")
        play(self.config, moment, publish=publish, proxy=self.server.url(""))

    def through(self, first: date, last: date, *, publish_last: bool = True) -> None:
        """All polls from one day to another; what the last one found is published."""
        moments = [at(day, hour) for day in days(first, last) for hour in POLLS]
        for moment in moments:
            self.poll(moment, publish=publish_last and moment == moments[-1])

    def statuses(self, outlet_id: str) -> dict[date, str]:
        return dict(ask(self.config, f"SELECT day, status FROM collection_health WHERE outlet_id = '{outlet_id}'"))

    def cells(self, outlet_id: str) -> dict[date, tuple[int | None, ...]]:
        """Day → what coverage_by_outlet_day says of it."""
        rows = ask(
            self.config,
            "SELECT day, articles, race_articles, unique_articles, originals, mentions, total_articles, share_of_voice, collection_status, "
            f"is_final FROM coverage_by_outlet_day WHERE outlet_id = '{outlet_id}' ORDER BY day",
        )
        return {day: tuple(rest) for day, *rest in rows}


def written(site: Site, moment: datetime) -> list[Story]:
    """What an outlet has written by then, newest first."""
    return [
        article(site, f"/news/{day:%m-%d}-{hour}-oclock-edition", at(day, hour))
        for day in sorted(days(FIRST, moment.date()), reverse=True)
        for hour in reversed(HOURS)
        if at(day, hour) <= moment
    ]


def news_sitemap(stories: list[Story]) -> str:
    places = "".join(
        f"<url><loc>{story.url}</loc><n:news><n:publication_date>{story.published.isoformat()}</n:publication_date></n:news></url>"
        for story in stories
        if story.published is not None
    )
    return (
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:n="http://www.google.com/schemas/sitemap-news/0.9">'
        f"{places}</urlset>"
    )


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """What the counts are when nothing happens."""
    with HostileServer() as server:
        town = Town(tmp_path_factory.mktemp("undisturbed") / "config", server, None)
        town.through(FIRST, LAST)
        yield town


@pytest.mark.parametrize("failing", [hostile.answer(status="503 Service Unavailable"), hostile.reset], ids=["503", "refused"])
def test_two_days_without_an_answer(failing: Behaviour, undisturbed: Town, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with HostileServer() as server:
        town = Town(tmp_path / "config", server, failing)
        town.through(FIRST, DOWN[-1])

        # while it lasts, nothing is known of these days, and status shows it
        for name in OUTLETS:
            statuses, cells = town.statuses(name), town.cells(name)
            assert statuses[date(2024, 6, 17)] == "partial", "nobody looked before its first poll"
            assert statuses[date(2024, 6, 18)] == "partial", "what came after its last poll is not known yet"
            for day in DOWN:
                assert statuses[day] == "outage"
                assert cells[day] == (None,) * 7 + ("outage", False)
        shown = status_rows(town, capsys)
        assert all(shown[name].endswith(SIGN_OF_OUTAGE * 2) for name in OUTLETS), shown

        # the first pass afterwards
        town.poll(at(date(2024, 6, 21), POLLS[0]), publish=True)
        after = town.cells("chronicle")
        for day in (date(2024, 6, 18), *DOWN):
            assert after[day][-2] == "complete"
            assert after[day][:7] == undisturbed.cells("chronicle")[day][:7], "as if nothing had happened"
            assert after[day][5] == len(HOURS)
        shown = status_rows(town, capsys)
        assert SIGN_OF_OUTAGE not in shown["chronicle"]

        statuses, cells = town.statuses("bulletin"), town.cells("bulletin")
        assert {day: statuses[day] for day in (date(2024, 6, 18), *DOWN)} == dict.fromkeys((date(2024, 6, 18), *DOWN), "partial")
        assert [cells[day][5] for day in (date(2024, 6, 18), *DOWN)] == [3, 2, 3], "what the feed still lists"

        # and in the end
        town.poll(at(date(2024, 6, 21), POLLS[1]))
        town.through(date(2024, 6, 22), LAST)
        assert town.cells("chronicle") == undisturbed.cells("chronicle")
        assert town.statuses("bulletin")[date(2024, 6, 19)] == "partial", "it stays so"
        assert town.cells("bulletin")[date(2024, 6, 19)][5] == 2


def test_an_article_that_was_found_just_before_is_fetched_just_after(tmp_path: Path) -> None:
    """It waits through the outage, however many passes that takes: nobody could ask for it."""
    with HostileServer() as server:
        town = Town(tmp_path / "config", server, hostile.answer(status="503 Service Unavailable"))
        town.through(FIRST, date(2024, 6, 17), publish_last=False)
        town.poll(at(date(2024, 6, 18), 6))
        late = next(story for story in written(town.sites["bulletin"], at(date(2024, 6, 18), 18)))
        town.broken_page = late.url
        town.poll(at(date(2024, 6, 18), 18))
        assert town.server.asked(late.url) == 1
        town.broken_page = None
        town.through(DOWN[0], DOWN[1], publish_last=False)
        town.poll(at(date(2024, 6, 21), 6), publish=True)
        assert (late.url,) in ask(town.config, "SELECT url FROM articles WHERE outlet_id = 'bulletin'")


def status_rows(town: Town, capsys: pytest.CaptureFixture[str]) -> dict[str, str]:
    """Outlet → its days as ``frontrunner status`` draws them."""
    capsys.readouterr()
    assert call(["status", "--config", str(town.config)]) == 0
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    return {words[0]: words[1] for words in lines if words and words[0] in OUTLETS}
