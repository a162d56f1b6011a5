"""Single collection passes over servers on loopback, and what they leave on the disk; for tests of the collectors.

Whole passes with processing and publication: ``newsroom_fixtures``. The servers themselves: ``hostile_server``.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any

import hostile_server as hostile
import pytest
from hostile_server import Behaviour, HostileServer

from flows.collectors.archive import ArchivedPage, read_response
from flows.collectors.archive_writer import ArchiveWriter
from flows.collectors.collect import CollectSummary, Wish, collect
from flows.collectors.journal import Journal, read_events
from transforms import urls
from transforms.params import Outlet, Settings
from transforms.records import ArticleLink, CollectionState, PendingItem
from warehouse import load
from warehouse.database import open_warehouse

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

NOW = datetime(2024, 7, 1, 6, 0, tzinfo=UTC)
RUN = "0123456789abcdef"
PAGE = b"<html><title>Rutte</title><p>The secretary general.</html>"
PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")


def without_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    """No proxy, whatever the machine has."""
    for name in PROXIES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


def rss(*links: str, at: datetime = NOW - timedelta(hours=1), more: str = "") -> bytes:
    """A feed of links that were all published at one time; ``more`` goes into the channel as it is."""
    date = format_datetime(at)
    items = "".join(f"<item><title>T</title><link>{link}</link><pubDate>{date}</pubDate></item>" for link in links)
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>N</title>{more}{items}</channel></rss>'.encode()


def feed(*links: str, at: datetime = NOW - timedelta(hours=1)) -> Behaviour:
    return hostile.answer(rss(*links, at=at), "application/rss+xml")


def outlet(server: HostileServer, outlet_id: str = "daily", **changes: Any) -> Outlet:
    crawl = {"delay_seconds": 0.0, "timeout_seconds": 5.0} | changes.pop("crawl", {})
    return Outlet.model_validate(
        {
            "id": outlet_id, "name": outlet_id, "homepage": server.url("/"), "domains": [server.host], "country": "NL", "language": "nl",
            "timezone": "Europe/Amsterdam", "feeds": [server.url("/feed")], "crawl": crawl, **changes,
        }
    )  # fmt: skip


class Run:
    """One pass and what it left on the disk."""

    def __init__(
        self,
        folder: Path,
        outlets: Sequence[Outlet],
        state: CollectionState | None = None,
        *,
        now: datetime = NOW,
        run_id: str = RUN,
        wish: Wish | None = None,
    ) -> None:
        settings = Settings(contact="desk@example.org", allow_private_addresses=True)
        self.folder = folder
        with ArchiveWriter(folder, now, run_id, 1 << 30) as writer, Journal(folder, now, run_id) as journal:
            clock: Callable[[], datetime] = lambda: now  # noqa: E731
            self.summary: CollectSummary = collect(outlets, settings, state or CollectionState(), writer, journal, clock, run_id, wish=wish)
        self.events = list(read_events(journal.path)) if journal.path else []
        self.polls = [event for event in self.events if event["event"] == "poll"]
        self.fetches = [event for event in self.events if event["event"] == "fetch"]
        new = [(poll["outlet_id"], item["item_id"]) for poll in self.polls for item in poll["items"]]
        ended = [(fetch["outlet_id"], fetch["item_id"]) for fetch in self.fetches]
        assert len(set(new)) == len(new)
        assert len(set(ended)) == len(ended), "an item ended twice"
        assert set(new) <= set(ended), "an item did not end"

    def ends(self) -> dict[str, tuple[str, str | None]]:
        """Path → (result, reason)."""
        return {"/" + fetch["url"].split("/", 3)[-1]: (fetch["result"], fetch["reason"]) for fetch in self.fetches}

    def page(self, path: str) -> ArchivedPage:
        row = next(fetch for fetch in self.fetches if fetch["url"].endswith(path))
        return self.body(row)

    def body(self, event: dict[str, Any]) -> ArchivedPage:
        """What the journal's event leads to in the archive."""
        found = read_response(self.folder / event["warc_file"], event["warc_offset"])
        assert isinstance(found, ArchivedPage)
        return found


class Collecting:
    """Passes one after another, each with the record that those before it left."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._runs = 0

    def state(self) -> CollectionState:
        """The record as the next pass will find it."""
        with open_warehouse(self.folder / "warehouse.duckdb") as connection:
            load.load_journals(connection, self.folder / "archive")
            return load.collection_state(connection)

    def run(self, outlets: Outlet | Sequence[Outlet], now: datetime, wish: Wish | None = None) -> Run:
        self._runs += 1
        chosen = [outlets] if isinstance(outlets, Outlet) else outlets
        return Run(self.folder / "archive", chosen, self.state(), now=now, run_id=f"{self._runs:016x}", wish=wish)


def waiting(server: HostileServer, path: str, *, attempts: int = 0, seen: datetime = NOW - timedelta(days=1)) -> PendingItem:
    link = ArticleLink(url=server.url(path))
    return PendingItem(item_id=urls.item_id("daily", link.url), outlet_id="daily", link=link, first_seen_at=seen, attempts=attempts)
