"""Articles that are looked at again: which ones, when, and what an edit, a fault or nothing at all makes of them.

One story is played once, over some weeks; each test looks at one side of it.
"""

from __future__ import annotations

import asyncio
import threading
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from newsroom_fixtures import (
    MORNING,
    Press,
    Reply,
    Story,
    ask,
    ask_warehouse,
    content,
    snapshot_hash,
    surroundings,
    write_config,
    write_outlet,
)

from flows import passes
from flows.environment import load_environment, new_run_id

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HOST, QUIET = "courier.example", "harbour.example"  # the quiet one never wants to be looked at again
FEED, QUIET_FEED = f"http://{HOST}/feed", f"http://{QUIET}/feed"
ABOUT = (
    "Mark Rutte spent the week in the east of the alliance and asked for patience, of which he had brought very little himself.",
    "The talk was of the post of NATO Secretary General, which falls vacant in the autumn and which Rutte is known to want.",
    "His hosts listened politely, asked about ammunition, and served fish; the coffee came after his aircraft had left.",
)
ASIDE = (
    "The port authority will begin dredging the outer harbour in July, a month ahead of the schedule agreed with the fleet.",
    "Skippers say that the noise will drive the herring off; the authority says that herring do not read timetables.",
    "Two vessels from the south coast have been hired, and the channel will be closed on Tuesday and Thursday nights.",
)
CORRECTION = "An earlier version of this article gave the wrong kind of fish."


def story(name: str, paragraphs: tuple[str, ...] = ABOUT, host: str = HOST) -> Story:
    own = f"So the desk for {name} has it, in the words of its own reporter, who stayed until the lights went out over {name}."
    title = f"Rutte tours capitals, says the desk for {name}" if paragraphs is ABOUT else f"Dredging and {name}"
    url = f"http://{host}/2024/06/{name}"
    return Story(url=url, title=title, paragraphs=(*paragraphs, own), published=MORNING - timedelta(hours=3))


STORIES = {name: story(name) for name in ("headline", "edited", "steady", "gone", "slow", "away", "twin")} | {
    "aside": story("aside", ASIDE)
}
TWIN = f"{STORIES['twin'].url}?edition=app"


@dataclass(slots=True, kw_only=True)
class PatientPress(Press):
    """A press some of whose pages never come."""

    slow: set[str] = field(default_factory=set)
    over: threading.Event = field(default_factory=threading.Event)

    def reply(self, url: str) -> Reply:
        if url in self.slow:
            self.requests.append(url)
            self.over.wait(30)
            return Reply(body=b"too late", status=500)
        return Press.reply(self, url)


@dataclass(slots=True, kw_only=True)
class Chapter:
    """What a pass asked for, and what stood in the tables after it."""

    asked: list[str]  # articles, as the last part of their path, in alphabetical order
    tables: dict[str, list[tuple[Any, ...]]] = field(default_factory=dict)
    health: list[tuple[Any, ...]] = field(default_factory=list)
    outcomes: dict[str, str] = field(default_factory=dict)  # of this run's second looks


@dataclass(slots=True, kw_only=True)
class Played:
    """The whole story."""

    config: Path
    chapters: dict[str, Chapter]
    hashes: list[str]


def edited(name: str, **changes: Any) -> Reply:
    return Reply(body=replace(STORIES[name], **changes).html())


HEALTH = """
    SELECT outlet_id, day, discovered, known, fetched, new, rejected, failed
    FROM collection_health
    WHERE day <= DATE '2024-06-20'
    ORDER BY ALL
"""
LOOKS = "SELECT run_id, url, outcome || coalesce(':' || reason, '') || ' ' || visit FROM history.outcomes WHERE visit > 0"


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    config = write_config(tmp_path_factory.mktemp("revisits") / "config", {})
    for outlet_id, host, crawl in (("courier", HOST, "timeout_seconds = 0.5"), ("harbour", QUIET, "revisit_days = []")):
        write_outlet(config, outlet_id, host)
        path = config / "outlets" / f"{outlet_id}.toml"
        path.write_text(path.read_text(encoding="utf-8") + crawl + "\n", encoding="utf-8")
    chapters: dict[str, Chapter] = {}
    runs: dict[str, str] = {}  # id → chapter
    hashes: list[str] = []
    with PatientPress() as press:

        def play(name: str, after: timedelta, *, publish: bool = True) -> None:
            press.requests.clear()
            with surroundings(**press.environment(MORNING + after)):
                environment, run_id = load_environment(config), new_run_id()
                with passes.recorded_run(environment, run_id, "run"):
                    asyncio.run(passes.collect_pass(environment, run_id))
                    if publish:
                        passes.process_pass(environment, run_id)
                        passes.publish_pass(environment, run_id)
            chapter = chapters[name] = Chapter(asked=sorted(url.rpartition("/")[2] for url in press.requests if "/2024/" in url))
            if publish:
                chapter.tables, chapter.health = content(config), ask(config, HEALTH)
                hashes.append(snapshot_hash(config))
            runs[run_id] = name

        press.feed(FEED, [*STORIES.values(), replace(STORIES["twin"], url=TWIN, canonical=STORIES["twin"].url)])
        press.feed(QUIET_FEED, [story("quiet", host=QUIET)])
        play("morning", timedelta(0))
        play("evening", timedelta(hours=12), publish=False)
        play("almost a day", timedelta(hours=23, minutes=59), publish=False)
        press.replies |= {
            STORIES["headline"].url: edited("headline", title="Rutte tours capitals and comes home hungry"),
            STORIES["edited"].url: edited("edited", paragraphs=(*STORIES["edited"].paragraphs, CORRECTION)),
            STORIES["gone"].url: Reply(body=b"<html><title>Gone</title><p>Gone</p></html>", status=404),
            STORIES["away"].url: Reply(body=b"", status=302, location="http://elsewhere.example/x"),
            "http://elsewhere.example/x": Reply(body=story("elsewhere").html()),
        }
        press.slow.add(STORIES["slow"].url)
        play("a day", timedelta(days=1))
        play("a day, repeated", timedelta(days=1))
        press.slow.clear()
        press.over.set()
        play("an hour later", timedelta(days=1, hours=1), publish=False)
        play("three days", timedelta(days=3), publish=False)
        press.replies[STORIES["headline"].url] = edited("headline", title="Rutte returns from his tour of capitals")
        play("a week", timedelta(days=7))
        play("a week, repeated", timedelta(days=7), publish=False)
        play("eight days", timedelta(days=8), publish=False)
        play("a month", timedelta(days=30), publish=False)
        looks = ask_warehouse(config, LOOKS)
        for run_id, url, outcome in looks:
            chapters[runs[run_id]].outcomes[url.rpartition("/")[2]] = outcome
        yield Played(config=config, chapters=chapters, hashes=hashes)


MENTIONING = sorted(name for name in STORIES if name != "aside")


def test_an_article_that_mentions_somebody_is_fetched_again_after_a_day_and_a_week(played: Played) -> None:
    asked = {name: chapter.asked for name, chapter in played.chapters.items()}
    assert asked["morning"] == sorted([*STORIES, "twin?edition=app", "quiet"])
    assert asked["evening"] == asked["almost a day"] == []
    assert asked["a day"] == MENTIONING
    assert asked["three days"] == []
    assert asked["a week"] == MENTIONING
    assert asked["eight days"] == asked["a month"] == []


def test_one_that_mentions_nobody_never_is(played: Played) -> None:
    assert all("aside" not in chapter.asked for name, chapter in played.chapters.items() if name != "morning")


def test_where_that_is_not_wanted_none_is(played: Played) -> None:
    assert all("quiet" not in chapter.asked for name, chapter in played.chapters.items() if name != "morning")


def test_several_addresses_of_an_article_are_looked_at_once_at_its_own(played: Played) -> None:
    assert all("twin?edition=app" not in chapter.asked for name, chapter in played.chapters.items() if name != "morning")
    assert played.chapters["a day"].asked.count("twin") == 1


def test_a_repeated_run_does_nothing_more_but_what_did_not_take_place(played: Played) -> None:
    assert played.chapters["a day, repeated"].asked == ["slow"], "a time-out is no look"
    assert played.chapters["an hour later"].asked == ["slow"]
    assert played.chapters["a week, repeated"].asked == []
    assert played.chapters["a day, repeated"].tables == played.chapters["a day"].tables
    assert played.hashes[1] == played.hashes[2]


def test_every_second_look_has_one_outcome(played: Played) -> None:
    assert played.chapters["a day"].outcomes == {
        "headline": "updated 1", "edited": "updated 1", "steady": "unchanged 1", "twin": "unchanged 1", "gone": "failed:not_found 1",
        "away": "rejected:off_site 1", "slow": "deferred:timeout 1",
    }  # fmt: skip
    assert played.chapters["an hour later"].outcomes == {"slow": "unchanged 1"}
    assert played.chapters["a week"].outcomes == {
        "edited": "unchanged 2", "headline": "updated 2", "steady": "unchanged 2", "twin": "unchanged 2", "gone": "failed:not_found 2",
        "away": "rejected:off_site 2", "slow": "unchanged 2",
    }  # fmt: skip
    first = ask(played.config, "SELECT count(*) FROM outcomes WHERE outcome = 'published'")
    assert first == [(len(STORIES) + 1,)], "and none of them is a new item"


def versions(tables: dict[str, list[tuple[Any, ...]]]) -> list[tuple[Any, ...]]:
    urls = {row[0]: row[2].rpartition("/")[2] for row in tables["articles"]}
    return sorted((urls[article], seen_at, title, changed) for article, seen_at, title, changed in tables["article_versions"])


def test_a_changed_headline_or_text_becomes_a_version(played: Played) -> None:
    day, week = MORNING + timedelta(days=1), MORNING + timedelta(days=7)
    headline, text = STORIES["headline"].title, STORIES["edited"].title
    after_a_day = [
        ("edited", MORNING, text, "first"),
        ("edited", day, text, "text"),
        ("headline", MORNING, headline, "first"),
        ("headline", day, "Rutte tours capitals and comes home hungry", "title"),
    ]
    assert versions(played.chapters["morning"].tables) == []
    assert versions(played.chapters["a day"].tables) == after_a_day
    assert versions(played.chapters["a week"].tables) == [
        *after_a_day,
        ("headline", week, "Rutte returns from his tour of capitals", "title"),
    ]


def articles(chapter: Chapter) -> dict[str, tuple[Any, ...]]:
    return {row[2].rpartition("/")[2]: row for row in chapter.tables["articles"]}


def test_the_article_is_the_latest_version_of_it(played: Played) -> None:
    found = dict(ask(played.config, "SELECT parse_filename(url), title FROM articles"))
    assert found["headline"] == "Rutte returns from his tour of capitals"
    ((text, first_seen),) = ask(played.config, "SELECT text, first_seen_at FROM articles WHERE url LIKE '%/edited'")
    assert CORRECTION in text
    assert first_seen == MORNING


@pytest.mark.parametrize("name", ["a day", "a week"])
def test_all_other_articles_stand_as_they_stood(played: Played, name: str) -> None:
    before, after = articles(played.chapters["morning"]), articles(played.chapters[name])
    assert set(before) == set(after)
    assert {path for path in before if before[path] != after[path]} == {"headline", "edited"}
    ids = {before[path][0] for path in ("headline", "edited")}
    for table in ("mentions", "article_candidates", "article_watchlists"):
        kept = [[row for row in played.chapters[when].tables[table] if row[0] not in ids] for when in ("morning", name)]
        assert kept[0] == kept[1], table
    assert played.chapters["morning"].tables["uncounted"] == played.chapters[name].tables["uncounted"]


@pytest.mark.parametrize("name", ["a day", "a week"])
def test_what_was_collected_of_the_day_stays_what_it_was(played: Played, name: str) -> None:
    assert played.chapters["morning"].health
    assert played.chapters[name].health == played.chapters["morning"].health


def test_the_counts_of_the_day_are_the_same(played: Played) -> None:
    columns = [row[0] for row in ask(played.config, "DESCRIBE coverage_by_outlet_day")]
    moving = {columns.index(name) for name in ("collection_status", "is_final")}
    day = columns.index("day")

    def cells(name: str) -> list[tuple[Any, ...]]:
        rows = [row for row in played.chapters[name].tables["coverage_by_outlet_day"] if row[day] <= MORNING.date()]
        return [tuple(value for number, value in enumerate(row) if number not in moving) for row in rows]

    assert cells("morning")
    assert cells("a day") == cells("a week") == cells("morning")


def test_a_second_look_is_no_new_item(played: Played) -> None:
    assert ask_warehouse(played.config, "SELECT count(*) FROM collection.items") == [(len(STORIES) + 2,)]
    fetched = ask_warehouse(
        played.config, "SELECT visit, count(*) FROM collection.fetches WHERE result = 'fetched' GROUP BY ALL ORDER BY ALL"
    )
    assert fetched == [(0, len(STORIES) + 2), (1, 2), (2, 1)], "a body that is the same, byte for byte, is not read again"


def test_the_journal_leads_to_the_body_of_every_look(played: Played) -> None:
    rows = ask_warehouse(
        played.config,
        "SELECT warc_file, warc_offset, result FROM collection.fetches WHERE result IN ('fetched', 'unchanged') AND visit > 0",
    )
    assert len(rows) >= 8
    archive = played.config.parent / "data" / "archive"
    for file, offset, _ in rows:
        assert isinstance(passes.read_response(archive / file, offset), passes.ArchivedPage)
