"""robots.txt files of real hosts and the decisions of another parser's tests (third-party data, not part of the product)."""

from __future__ import annotations

import json
import tarfile
import time
from typing import Any

import ada_url
import pytest
from support import shared_data

from flows.collectors.robots import PRODUCT, HostRules, parse_robots

SECONDS_A_FILE = 1.0  # of processor time; the slowest took 0.04
ARTICLE = "/news/2024/07/01/allies-choose.html?page=2"

# Google's tests hand over the raw URL; RFC 9309, 2.2.2 has both sides encoded before they are compared, which protego does.
ENCODED = "Google expects the caller to encode the URL, so that the rule does not match; by RFC 9309, 2.2.2 the two are one path"
DECODED = "the rule escapes letters; RFC 9309, 2.2.2 has escaped unreserved letters decoded before comparing, so it matches"
GOOGLE_EXCEPTIONS = {
    ("User-agent: FooBot\nDisallow: /\nAllow: /foo/bar/ツ\n", "http://foo.bar/foo/bar/ツ"): ENCODED,
    ("User-agent: FooBot\nDisallow: /\nAllow: /foo/bar/%E3%83%84\n", "http://foo.bar/foo/bar/ツ"): ENCODED,
    ("User-agent: FooBot\nDisallow: /\nAllow: /foo/bar/%62%61%7A\n", "http://foo.bar/foo/bar/baz"): DECODED,
}


def members(name: str) -> dict[str, bytes]:
    with tarfile.open(shared_data("robots", name)) as archive:
        files = [(member.name.rpartition("/")[2], archive.extractfile(member)) for member in archive if member.isfile()]
        return {name: file.read() for name, file in files if file is not None}


def google_cases() -> list[dict[str, Any]]:
    return [json.loads(line) for line in shared_data("robots", "google_cases.jsonl").read_text(encoding="utf-8").splitlines()]


def test_real_files_are_read_in_bounded_time() -> None:
    files = members("real_robots_txt.tar.gz")
    slow, unread = {}, []
    for host, body in files.items():
        start = time.process_time()
        parsed = parse_robots(body)
        if parsed is None:
            unread.append(host)
        rules = HostRules(rules=parsed)
        assert rules.allows(f"https://{host}{ARTICLE}") in {True, False}
        assert 0 <= rules.crawl_delay <= 60
        assert all(isinstance(sitemap, str) for sitemap in rules.sitemaps)
        took = time.process_time() - start
        if took > SECONDS_A_FILE:
            slow[host] = took
    assert (slow, unread) == ({}, [])
    assert len(files) == 2131


@pytest.mark.parametrize("encode", [False, True])
def test_googles_decisions(encode: bool) -> None:
    """With the URL as it stands in the case and as we ask for it: the decision is the same."""
    cases, differing = google_cases(), set()
    for case in cases:
        parsed = parse_robots(case["robots"].encode())
        assert parsed is not None
        url = ada_url.URL(case["url"]).href if encode and case["url"].startswith("http") else case["url"]
        if parsed.can_fetch(url, case["agent"]) != case["allowed"]:
            differing.add((case["robots"], case["url"]))
    assert differing == GOOGLE_EXCEPTIONS.keys()
    assert len(cases) == 94


@pytest.mark.parametrize(
    ("rule", "url", "allowed"),
    [
        ("/foo/bar/ツ", "https://a.example/foo/bar/%E3%83%84", False),
        ("/foo/bar/%e3%83%84", "https://a.example/foo/bar/ツ", False),
        ("/%62%61%7A", "https://a.example/baz", False),
        ("/baz", "https://a.example/%62az", False),
        ("/a%2Fb", "https://a.example/a/b", True),  # a reserved character is another one when it is escaped
        ("/a%2Fb", "https://a.example/a%2fb", False),
    ],
)
def test_escapes_are_one_on_both_sides(rule: str, url: str, allowed: bool) -> None:
    rules = HostRules(rules=parse_robots(f"User-agent: {PRODUCT}\nDisallow: {rule}\n".encode()))
    assert rules.allows(url) is allowed


def test_odd_files() -> None:
    """Files with byte order marks say the same in each encoding; the others are read as far as they make sense."""
    files = members("crawler_commons.tar.gz")
    assert len(files) == 11
    marked = [body for name, body in files.items() if "-bom." in name]
    assert len(marked) == 3
    for body in marked:
        rules = HostRules(rules=parse_robots(body))
        assert not rules.allows("https://a.example/login.aspx")
        assert rules.allows(f"https://a.example{ARTICLE}")
        assert rules.sitemaps == ("http://www.newsweek.com/sitemap_index.xml",)
    for name, body in files.items():
        assert parse_robots(body) is not None, name


@pytest.mark.parametrize("rule", ["/" + "*a" * 20_000, "/" + "a*" * 500 + "$", "/*" * 2_000])
def test_wildcards_cannot_keep_us_busy(rule: str) -> None:
    parsed = parse_robots(f"User-agent: *\nDisallow: {rule}\n".encode())
    start = time.process_time()
    HostRules(rules=parsed).allows("https://a.example/" + "a" * 4_000 + "b")
    assert time.process_time() - start < SECONDS_A_FILE
