"""The benchmark of collecting, on a site of a few pages: figures are there and every page was fetched. How good they are is not asked."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from typing import Any

import pytest
from support import ROOT

from benchmarks.collect_site import PAGE_BYTES, Press, Site, address

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
