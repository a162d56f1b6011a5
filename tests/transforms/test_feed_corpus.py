"""Feeds of other projects' test suites and of real outlets (third-party data, not part of the product)."""

from __future__ import annotations

import ast
import itertools
import json
import os
import re
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import lxml.html
from support import ROOT, shared_data

from transforms.discover import Listing, read_feed
from transforms.listing import author_names, language_code
from transforms.records import ArticleLink, Reason, Rejection

BASE = "http://127.0.0.1:8097/feed"  # where feedparser's own tests serve their cases


def members(*path: str) -> dict[str, bytes]:
    with tarfile.open(shared_data(*path)) as archive:
        files = [(member.name, archive.extractfile(member)) for member in archive if member.isfile()]
        return {name: file.read() for name, file in sorted(files, key=lambda pair: pair[0]) if file is not None}


# ---- feedparser

# What a case expects of a field that we read, and why we say something else.
FEEDPARSER_EXCEPTIONS: dict[str, str] = {
    "wellformed/cdf/item_lastmod_parsed.xml": "Channel Definition Format of 1997, in use nowhere: no address that we read",
    "wellformed/cdf/item_title.xml": "Channel Definition Format of 1997, in use nowhere: no address that we read",
    "wellformed/lang/entry_title_xml_lang_blank.xml": "the empty language is the title's own; the entry stays in the language of its feed",
    "wellformed/lang/http_content_language_entry_title_inherit.xml": "the language is in an HTTP header, which is no part of the feed",
}

_KEYS = {
    "title": "title", "link": "url", "author": "authors",
    "published": "published_raw", "updated": "published_raw", "created": "published_raw",
    "published_parsed": "published_at", "updated_parsed": "published_at", "created_parsed": "published_at", "language": "language",
}  # fmt: skip
_DETAIL_KEYS = {("title_detail", "value"): "title", ("title_detail", "language"): "language", ("author_detail", "name"): "authors"}


def expectations(case: bytes) -> Iterator[tuple[int, str, Any]]:
    """The comparisons of a case's ``Expect`` line that speak of what we read: entry, our field, value. Nothing is evaluated."""
    line = re.search(rb"Expect:[ \t]*(.*)", case)
    if line is None:
        return
    text = re.sub(r"^(?:not )?bozo and ", "", line[1].decode("utf-8", "replace").strip())
    try:
        tree = ast.parse(text, mode="eval").body
    except SyntaxError:
        return
    for part in tree.values if isinstance(tree, ast.BoolOp) and isinstance(tree.op, ast.And) else [tree]:
        if not isinstance(part, ast.Compare) or not all(isinstance(op, ast.Eq) for op in part.ops):
            continue
        sides = [part.left, *part.comparators]
        try:
            value = ast.literal_eval(sides[-1])
        except ValueError:
            continue
        for side in sides[:-1]:
            path = _path(side)
            if len(path) == 3 and path[0] == "entries" and path[2] in _KEYS:
                yield path[1], _KEYS[path[2]], value
            elif len(path) == 4 and path[0] == "entries" and path[2:] in _DETAIL_KEYS:
                yield path[1], _DETAIL_KEYS[path[2:]], value
            elif path == ("feed", "language"):
                yield 0, "language", value


def _path(node: ast.expr) -> tuple[Any, ...]:
    """``entries[0]['title_detail']['value']`` as its steps."""
    if isinstance(node, ast.Name):
        return (node.id,)
    if isinstance(node, ast.Attribute):
        return (*_path(node.value), node.attr)
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
        return (*_path(node.value), node.slice.value)
    return ()


def with_links(case: bytes, wants_link: bool) -> bytes:
    """The case with a link in each entry: one without is none to us, and few cases about titles and dates have one.

    A case about the feed alone gets an entry.
    """
    if wants_link or b"\0" in case[:200]:
        return case
    if not re.search(rb"<(?:\w+:)?(?:entry|item)\b", case):
        case = re.sub(rb"</((?:\w+:)?)feed>", rb"<\1entry></\1entry></\1feed>", case)
        case = re.sub(rb"</channel>", rb"<item></item></channel>", case)
    count = itertools.count()
    case = re.sub(rb"</((?:\w+:)?)entry>", lambda m: b"<%slink href='http://added.example/%d'/>%s" % (m[1], next(count), m[0]), case)
    return re.sub(rb"</((?:\w+:)?)item>", lambda m: b"<%slink>http://added.example/%d</%slink>%s" % (m[1], next(count), m[1], m[0]), case)


def header(case: bytes, name: str) -> str | None:
    found = re.search(rb"Header:[ \t]*" + name.encode() + rb":[ \t]*([^\r\n]*)", case, re.IGNORECASE)
    return found[1].decode("latin-1").strip() if found is not None else None


def ours(link: ArticleLink, field: str) -> Any:
    value = getattr(link, field)
    return value[0] if field == "authors" and value else None if field == "authors" else value


def theirs(field: str, value: Any) -> Any:
    """The expected value as we would write it: plain text, a moment, a name without its address, a two-letter language."""
    if value is None:
        return None
    if field == "title":
        markup = re.sub(r"<(?![/a-zA-Z!])", "&lt;", value)
        text = lxml.html.fromstring(f"<div>{markup}</div>").text_content() if value.strip() else ""
        return " ".join(text.split()) or None
    if field == "authors":
        found = author_names([re.sub(r"\s*\([^()]*@[^()]*\)$", "", value)])
        return found[0] if found else None
    if field == "published_at":
        return datetime(*value[:6], tzinfo=UTC)
    return language_code(value) if field == "language" else value


def test_feedparsers_expectations_of_what_we_read() -> None:
    checked: dict[str, int] = {}
    differing: dict[str, list[tuple[str, Any, Any]]] = {}
    for name, case in members("feeds", "feedparser_cases.tar.gz").items():
        wanted = list(expectations(case))
        if not wanted:
            continue
        content = with_links(case, any(field == "url" for _, field, _ in wanted))
        found = read_feed(content, header(case, "Content-Type"), header(case, "Content-Location") or BASE)
        for entry, field, value in wanted:
            links = found.links if isinstance(found, Listing) else ()
            link = links[min(entry, len(links) - 1)] if links else None  # two entries with one address are one link
            got = ours(link, field) if link is not None else found
            checked[field] = checked.get(field, 0) + 1
            if got != theirs(field, value):
                differing.setdefault(name, []).append((field, theirs(field, value), got))
    assert differing.keys() == FEEDPARSER_EXCEPTIONS.keys(), differing
    assert checked == {"title": 81, "url": 9, "language": 9, "published_at": 8, "authors": 7, "published_raw": 3}


# ---- gofeed

GOFEED_EXCEPTIONS: dict[str, str] = {
    "parser/rss/issue_217_enclosure_children.xml": "the item has no title of its own, and the title of its picture is taken for one",
}


def gofeed_items(expected: dict[str, Any]) -> list[tuple[str | None, str | None]]:
    """Address and title of each item, from any of gofeed's three models: Atom, RSS, and the one that it translates both into."""
    found = []
    for item in expected.get("items") or expected.get("entries") or []:
        links = [
            link.get("href") for link in item.get("links") or [] if isinstance(link, dict) and link.get("rel", "alternate") == "alternate"
        ]
        found.append((item.get("link") or next(iter(links), None), item.get("title")))
    return found


def test_gofeeds_items_links_and_titles() -> None:
    cases = members("feeds", "gofeed_cases.tar.gz")
    pairs = {name: name.removesuffix(".xml") + ".json" for name in cases if name.endswith(".xml")}
    pairs |= {
        name: name.removesuffix(".json") + "_expected.json" for name in cases if name.removesuffix(".json") + "_expected.json" in cases
    }
    differing: dict[str, Any] = {}
    count = 0
    for name, truth in pairs.items():
        if truth not in cases:
            continue
        count += 1
        wanted = gofeed_items(json.loads(cases[truth]))
        has_links = any(link for link, _ in wanted)
        found = read_feed(with_links(cases[name], has_links or name.endswith(".json")), None, BASE)
        if not wanted:
            continue
        got: Any = [(link.url, link.title) for link in found.links] if isinstance(found, Listing) else found
        expected = [(link, theirs("title", title)) for link, title in wanted]
        if not has_links and not isinstance(got, Rejection):
            got = [(None, title) for _, title in got]
        if got != expected:
            differing[name] = (expected, got)
    assert differing.keys() == GOFEED_EXCEPTIONS.keys(), differing
    assert count == 261


# ---- feeds of outlets and of other suites

# Files of these suites that are no feed, or one without an address to go to.
REFUSED = {
    "feed-rs/atom/atom_entry_1.xml": Reason.NOT_A_FEED,  # an Atom entry alone, without a feed
    "feed-rs/rss2/rss_2.0_ghost_1.xml": Reason.EMPTY_FEED,  # a picture is its only address
    "feed-rs/xml/xml_iso8859.xml": Reason.EMPTY_FEED,  # titles only
    "feedjira/AmazonWebServicesBlogFirstEntryContent.xml": Reason.NOT_A_FEED,  # the text of one entry
    "feedjira/PaulDixExplainsNothingFirstEntryContent.xml": Reason.NOT_A_FEED,
    "feedjira/TenderLovemakingFirstEntry.xml": Reason.NOT_A_FEED,
    "v2/invalid-prolog.xml": Reason.EMPTY_FEED,  # titles only
    "v2/iso-8859-1.html": Reason.NOT_A_FEED,  # a page
    "v2/iso-8859-1.xml": Reason.EMPTY_FEED,  # a channel without items
    "v2/utf8.xml": Reason.EMPTY_FEED,  # titles only
}
# Feeds with fewer links than entries: how many fewer, and why.
FEWER = {
    "crawler-commons/feed.rss": (1, "a guid that says of itself that it is no permanent link is none, even where it looks like one"),
    "v2/no_encoding_ISO-8859-1.xml": (1, "one item has an empty title and an empty link"),
}


def test_real_feeds_are_read_or_refused_by_name() -> None:
    refused, fewer = {}, {}
    for name, body in members("feeds", "real_feeds.tar.gz").items():
        if name.endswith(".serde.json"):  # the expectations of that suite
            assert isinstance(read_feed(body, None, BASE), Rejection)
            continue
        found = read_feed(body, None, BASE)
        if isinstance(found, Rejection):
            refused[name] = found.reason
        elif name.endswith((".xml", ".rss", ".atom")):
            missing = len(re.findall(rb"<(?:item|entry)[ >]", body)) - len(found.links)
            if missing:
                fewer[name] = missing
    assert refused == REFUSED
    assert fewer == {name: number for name, (number, _) in FEWER.items()}


def test_titles_of_feeds_in_other_encodings() -> None:
    """Every title is made of letters that its language writes: no mark of a wrong or a broken decoding is in any."""
    for name, body in members("feeds", "real_feeds.tar.gz").items():
        found = read_feed(body, None, BASE)
        if isinstance(found, Listing):
            assert not [link.title for link in found.links if re.search("\ufffd|Ã[\x80-\xbf]|Ð[\x80-\xbf]", link.title or "")], name


def test_no_case_takes_long_or_much() -> None:
    archives = [str(shared_data("feeds", f"{name}.tar.gz")) for name in ("feedparser_cases", "gofeed_cases", "real_feeds")]
    meter = Path(__file__).with_name("corpus_meter.py")
    run = subprocess.run([sys.executable, str(meter), *archives], cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)},
                         capture_output=True, text=True, check=True, timeout=120)  # fmt: skip
    took = json.loads(run.stdout)
    assert took["files"] == 1065 + 532 + 98
    assert took["slowest_seconds"] < 5
    assert took["grown_mb"] < 200
