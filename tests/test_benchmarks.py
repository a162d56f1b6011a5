"""The benchmarks of collecting and of growth, at a tiny size: figures are there, and what they are taken from is whole.

How good they are is not asked.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from support import ROOT

from benchmarks import growth, growth_world
from benchmarks.collect_site import PAGE_BYTES, Press, Site, address
from warehouse.database import Connection, open_warehouse

SITE = Site(outlets=3, pages=4, latency=0.0, port=8080)


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What a smoke run writes."""
    folder = tmp_path_factory.mktemp("bench")
    command = [sys.executable, "benchmarks/collect.py", "--quick", "--folder", folder, "--json", folder / "report.json"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    assert [path.name for path in folder.iterdir()] == ["report.json"]  # the data of the passes is gone
    figures: dict[str, Any] = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    return figures | {"text": done.stdout}


def test_a_smoke_run_fetches_every_page_and_holds_the_limit_of_a_host(report: dict[str, Any]) -> None:
    assert report["complete"]
    scale, bound, memory = report["scale"], report["bound"], report["memory"]
    assert bound["pages"] == bound["articles"] == scale["outlets"] * scale["pages"]
    assert bound["requests"] == scale["outlets"] * (scale["pages"] + 2)  # robots.txt and the feed besides
    assert memory["pages"] == memory["articles"] == scale["long_outlets"] * scale["long_pages"]
    assert bound["most_in_flight_of_a_host"] == memory["most_in_flight_of_a_host"] == 1


def test_a_smoke_run_has_its_figures(report: dict[str, Any]) -> None:
    bound, memory = report["bound"], report["memory"]
    assert bound["bound_seconds"] == pytest.approx((report["scale"]["pages"] + 1) * report["scale"]["delay"] + report["scale"]["latency"])
    assert bound["ratio"] == pytest.approx(bound["seconds"] / bound["bound_seconds"])
    assert bound["cpu_seconds"] > 0
    assert 0 < memory["resident_early_mb"] < 1.1 * memory["resident_peak_mb"]  # the kernel counts the two apart, and not to the page
    assert memory["resident_mb"][-1][0] == memory["pages"]
    assert re.search(r"ratio +\d", report["text"])
    assert "growth between the two" in report["text"]


def test_the_site_is_a_function_of_its_seed_and_no_two_pages_are_alike() -> None:
    press, again = Press(SITE), Press(SITE)
    every = [(outlet, page) for outlet in range(SITE.outlets) for page in range(SITE.pages)]
    pages = [press.article(*which) for which in every]
    assert pages == [again.article(*which) for which in every]
    assert len({body for body, _ in pages}) == len(pages)
    assert all(PAGE_BYTES[0] <= len(body) < PAGE_BYTES[1] + 10_000 for body, _ in pages)  # the last block may pass the size drawn
    assert {compressed for _, compressed in pages} == {True, False}
    assert pages[0] != Press(Site(outlets=3, pages=4, latency=0.0, seed=2, port=8080)).article(0, 0)


def test_every_outlet_has_an_address_of_its_own() -> None:
    addresses = [address(outlet) for outlet in range(1000)]
    assert len(set(addresses)) == 1000
    assert all(re.fullmatch(r"127\.0\.\d{1,3}\.\d{1,3}", each) for each in addresses)


def test_the_lock_of_the_peer_has_hashes_and_no_host() -> None:
    text = (ROOT / "benchmarks" / "scrapy.lock").read_text(encoding="utf-8")
    assert (ROOT / "benchmarks" / "scrapy.in").read_text(encoding="utf-8").strip() in text
    assert re.findall(r"://|--(?:extra-)?index-url|--find-links|--trusted-host|\s@\s", text) == []
    for entry in re.findall(r"^\S.*(?:\n    .*)*", text, flags=re.MULTILINE):
        assert re.match(r"[a-z0-9-]+==", entry)
        assert "--hash=sha256:" in entry


# ---- growth

SMALL = growth_world.Press(articles=1500, days=40, outlets=12, daily=60)
TABLES = (
    *(f"collection.{name}" for name in ("polls", "items", "fetches")),
    *(f"core.{name}" for name in growth_world.CORE),
    "history.outcomes",
)


def counted(connection: Connection, query: str) -> int:
    return int(connection.execute(query).fetchall()[0][0])


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("growth") / "warehouse.duckdb"
    growth_world.write_history(path, SMALL, memory_megabytes=500)
    return path


def test_a_generated_history_is_the_same_however_it_is_sliced(history: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(growth_world, "SLICE", 400)
    growth_world.write_history(tmp_path / "again.duckdb", SMALL, memory_megabytes=500)
    with open_warehouse(history) as connection:
        connection.execute(f"ATTACH '{tmp_path / 'again.duckdb'}' AS again (READ_ONLY)").fetchall()
        for table in TABLES:
            assert counted(connection, f"SELECT count(*) FROM {table}") == counted(connection, f"SELECT count(*) FROM again.{table}") > 0, (
                table
            )
            assert counted(connection, f"SELECT count(*) FROM (FROM {table} EXCEPT ALL FROM again.{table})") == 0, table


def test_a_generated_history_has_the_shape_that_it_says(history: Path) -> None:
    with open_warehouse(history) as connection:
        assert counted(connection, "SELECT count(DISTINCT article_id) FROM core.pages") == SMALL.articles
        assert counted(connection, "SELECT count(DISTINCT fetched_at::DATE) FROM core.pages") == SMALL.days
        assert counted(connection, "SELECT count(*) FROM collection.polls") == 4 * SMALL.days * SMALL.outlets
        early = "published_on < DATE '2022-07-01' + 10"
        assert (
            counted(
                connection,
                f"SELECT count(text) FROM core.pages WHERE {early} AND fetch_id NOT IN (SELECT fetch_id FROM core.page_mentions)",
            )
            == 0
        )
        assert counted(connection, f"SELECT count(*) FROM core.pages WHERE NOT ({early}) AND text IS NULL") == 0
        assert 0.2 < counted(connection, "SELECT count(*) FROM core.page_mentions") / SMALL.articles < 0.45  # 0.3 in the large
        copies = counted(connection, "SELECT count(text) - count(DISTINCT text) FROM core.pages")
        assert 0.02 < copies / counted(connection, "SELECT count(text) FROM core.pages") < 0.08
        wrong = """
            SELECT count(*) FROM core.page_mentions INNER JOIN core.pages USING (fetch_id)
            WHERE (CASE field WHEN 'title' THEN title ELSE text END)[char_start + 1:char_end] IS DISTINCT FROM surface
        """
        assert counted(connection, wrong) == 0


@pytest.mark.system
def test_a_smoke_run_of_growth_grows_the_published_file_and_has_its_figures(tmp_path: Path) -> None:
    command = [sys.executable, "benchmarks/growth.py", "--quick", "--json", tmp_path / "report.json"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=600)
    assert done.returncode == 0, done.stdout + done.stderr
    (found,) = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))["sizes"].values()
    assert found["generated"]["counts"]["articles"] == growth.QUICK[0].articles
    assert [(day["pages"], day["grown"]) for day in found["days"]] == [(growth.QUICK[0].daily, True)] * growth.DAYS
    for day in found["days"]:
        steps = sum(seconds for name, seconds in day["steps"].items() if name not in ("all", "cpu"))
        assert 0 < steps <= day["steps"]["all"] + 0.01
        assert day["megabytes"] > day["megabytes_before"] > 0
    assert found["collecting"]["known"] == growth.QUICK[0].articles
    assert all(took["rows"] > 0 and 0 < took["median"] <= took["worst"] for took in found["queries"].values())
    assert re.search(r"grown from the file before +yes +yes", done.stdout)


def test_what_is_beyond_a_bar_is_named() -> None:
    good = {"steps": {"all": 59.0}, "megabytes": 3900.0, "grown": True}
    bad = {"steps": {"all": 61.0}, "megabytes": 4100.0, "grown": False}
    queries = {"a week": {"median": 0.6}, "a year": {"median": 0.4}, f"{growth.NOT_JUDGED} but anew": {"median": 9.0}}
    assert growth.missed_bars({"days": [good, bad], "queries": queries}) == [
        "day 2 took 61.0 s", "day 2 used 4100 MB", "day 2 was published anew", "a week: 0.60 s"
    ]  # fmt: skip
