"""``check --live``: each feed and sitemap is asked once, and what it answers is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from newsroom_fixtures import Press, Reply, stories, surroundings, write_config, write_outlet

from flows.cli import call

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SITEMAP = b"""<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>http://good.example/a</loc></url></urlset>"""


@pytest.fixture
def press() -> Iterator[Press]:
    press = Press()
    press.feed("http://good.example/feed", stories("good.example"))
    press.replies["http://good.example/sitemap.xml"] = Reply(body=SITEMAP, content_type="application/xml")
    press.replies["http://html.example/feed"] = Reply(body=b"<html><title>Not a feed</title><p>Really not.</p></html>")
    press.replies["http://moved.example/old"] = Reply(body=b"", status=301, location="http://moved.example/feed")
    press.feed("http://moved.example/feed", stories("moved.example", count=1))
    press.feed("http://closed.example/feed", stories("closed.example"))
    press.replies["http://closed.example/robots.txt"] = Reply(body=b"User-agent: *\nDisallow: /\n", content_type="text/plain")
    with press, surroundings(**press.environment()):
        yield press


def test_all_is_well(press: Press, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config = write_config(tmp_path / "config", {"good": "good.example"})
    write_outlet(config, "good", "good.example", sitemaps=["http://good.example/sitemap.xml"])
    write_outlet(config, "moved", "moved.example", feeds=["http://moved.example/old"])
    assert call(["check", "--live", "--config", str(config)]) == 0
    shown = [line for line in capsys.readouterr().out.splitlines() if "example/" in line]
    assert [line.split()[:3] for line in shown] == [["ok", "good", "feed"], ["ok", "good", "sitemap"], ["ok", "moved", "feed"]]
    assert "4 links" in shown[0]
    assert "1 links" in shown[1]
    assert "moved to http://moved.example/feed" in shown[2]
    assert press.requests.count("http://good.example/feed") == 1
    assert press.asked("/2024/") == 0, "no article is asked for"
    assert not (tmp_path / "data").exists(), "nothing is recorded"


def test_each_fault_is_told_and_the_status_is_one(press: Press, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    hosts = {name: f"{name}.example" for name in ("good", "html", "gone", "closed", "down")}
    press.failing.add("down.example")
    config = write_config(tmp_path / "config", hosts)
    assert call(["check", "--live", "--config", str(config)]) == 1
    said = capsys.readouterr()
    told = {line.split()[1]: (line.split()[0], line.split()[4]) for line in said.out.splitlines() if "example/" in line}
    assert told["good"][0] == "ok"
    faults = {"html": "not_a_feed", "gone": "not_found", "closed": "robots", "down": "server_error"}
    assert {name: word for name, word in told.items() if name != "good"} == {name: ("FAILED", why) for name, why in faults.items()}
    assert "4 addresses" in said.err


def test_without_live_nothing_is_asked(press: Press, tmp_path: Path) -> None:
    assert call(["check", "--config", str(write_config(tmp_path / "config", {"good": "good.example"}))]) == 0
    assert press.requests == []
