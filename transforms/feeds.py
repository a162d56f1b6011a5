"""Feeds: RSS 0.9x-2.0, RDF, Atom and JSON Feed 1.x, bytes in and links out.

Belongs here: what a feed says of its entries, and where it says that older ones are. Does not belong here: sitemaps (``sitemaps``),
fetching, what is new.

XML feeds are read by feedparser, without its clean-up of HTML (titles become plain text here). It is slow at damaged XML, raises on some
of it, takes an id for an address and knows no JSON Feed: hence the limits, the guard and the rules below.
"""

from __future__ import annotations

import calendar
import io
import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from time import struct_time
from typing import Any
from urllib.parse import urlsplit

import feedparser
from lxml import etree

from transforms.listing import (
    FEED_ROOT,
    HTML_ROOT,
    MAX_DATE_CHARS,
    Listing,
    absolute,
    author_names,
    begins,
    has_zone,
    head,
    is_web,
    is_wide,
    iso_instant,
    language_code,
    listing,
    older_page,
    plain,
    rejected,
    string,
    title_text,
)
from transforms.records import ArticleLink, Reason, Rejection

MAX_FEED_LINKS = 10_000  # the largest real feeds list some 2,000
MAX_FEED_BYTES = 20_000_000  # the collector's limit is lower; this one holds for whoever calls
MAX_LOOSE_BYTES = 500_000  # feedparser's fallback for damaged XML takes some 5 s for a hostile megabyte
MAX_FEED_TAGS = 400_000  # 15 µs each: a feed of nothing but tags would keep the parser busy for half a minute

_STAND_IN = "relative.invalid"  # a name that nobody can have (RFC 2606)
_ENTRY = re.compile(rb"<(?:[A-Za-z][\w.-]{0,30}:)?(?:item|entry)\b", re.IGNORECASE)
_MAIL = re.compile(r"[(<]?(?:mailto:)?[^\s()<>@]{1,80}@[^\s()<>@]{1,80}[)>]?")
# The relations that lead to what is older (RFC 5005): an archive's documents never change, so they go before pages.
_OLDER = ("prev-archive", "next")


def read_feed(content: bytes, content_type: str | None, base_url: str) -> Listing | Rejection:
    """Read RSS 0.9x-2.0, RDF, Atom or JSON Feed 1.x. ``base_url`` is the address that answered; relative links start there.

    Dates are kept as they are stated, even where they cannot be true: that is judged where the page is known.
    Reasons: NOT_A_FEED (a web page, an error message, anything else), EMPTY_FEED (no entry with a link), TOO_LARGE, BAD_ENCODING.
    """
    body = plain(content, MAX_FEED_BYTES)
    if isinstance(body, Rejection):
        return body
    start = head(body)
    if start.lstrip().startswith("{"):
        return _read_json_feed(body, base_url)
    root = FEED_ROOT.search(start)
    page = HTML_ROOT.search(start)
    if root is None or (page is not None and page.start() < root.start()):
        return rejected(Reason.NOT_A_FEED, begins(start))
    if not is_wide(body) and not _ENTRY.search(body):
        return rejected(Reason.EMPTY_FEED, "no entry")
    if body.count(b"<") > MAX_FEED_TAGS:
        return rejected(Reason.TOO_LARGE, f"more than {MAX_FEED_TAGS} tags")
    try:
        body = _mended(body)
        parsed = feedparser.parse(
            io.BytesIO(body), sanitize_html=False, resolve_relative_uris=False, response_headers=_headers(body, content_type, base_url)
        )
        entries, channel = list(parsed.entries), parsed.feed
    except Exception as error:  # noqa: BLE001 - the parser raises all sorts of things on damaged input
        return rejected(Reason.NOT_A_FEED, f"{type(error).__name__}: {error}")
    language = language_code(channel.get("language"))
    return listing(
        (_entry_link(entry, base_url, language) for entry in entries[:MAX_FEED_LINKS]),
        truncated=len(entries) > MAX_FEED_LINKS,
        older=_older(channel, base_url),
    )


def _mended(body: bytes) -> bytes:
    """Large feeds that are not well-formed, made so by a parser that is quick at it; all others as they are."""
    if len(body) <= MAX_LOOSE_BYTES:
        return body
    try:
        etree.fromstring(body, _xml_parser(recover=False))
        return body
    except (etree.LxmlError, ValueError):
        pass
    try:
        root = etree.fromstring(body, _xml_parser(recover=True))
        return etree.tostring(root, encoding="utf-8", xml_declaration=True) if root is not None else body[:MAX_LOOSE_BYTES]
    except (etree.LxmlError, ValueError):
        return body[:MAX_LOOSE_BYTES]


def _xml_parser(*, recover: bool) -> etree.XMLParser:
    return etree.XMLParser(recover=recover, resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False, remove_comments=True)


def _headers(body: bytes, content_type: str | None, base_url: str) -> dict[str, str]:
    """What the parser may go by. Bytes that are valid UTF-8 with something beyond ASCII are UTF-8, whatever the server says."""
    headers = {"content-location": _stand_in(base_url)}
    if content_type:
        headers["content-type"] = content_type
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return headers
    if not body.isascii() and b"\0" not in body:
        headers["content-type"] = "application/xml; charset=utf-8"
    return headers


# ---- XML


def _stand_in(base_url: str) -> str:
    """The address that the parser resolves relative references by, so that they can be told from whole ones afterwards."""
    return urlsplit(base_url)._replace(netloc=_STAND_IN).geturl()


def _is_relative(url: str) -> bool:
    return f"://{_STAND_IN}" in url[:40]


def _restored(url: str, base_url: str) -> str:
    """A reference that the parser has resolved, at the host that answered."""
    return urlsplit(url)._replace(netloc=urlsplit(base_url).netloc).geturl() if _is_relative(url) else url


def _entry_link(entry: Mapping[str, Any], base_url: str, language: str | None) -> ArticleLink | None:
    href = _address(entry)
    if not href:
        return None
    raw, instant = None, None
    for name in ("published", "created", "updated"):  # dc:date arrives as "updated"
        raw = string(entry[name]) if name in entry else None
        if raw:
            instant = _instant(raw, entry.get(f"{name}_parsed"))
            break
    names = [string(person.get("name")) for person in entry.get("authors", ()) if isinstance(person, Mapping)]
    return ArticleLink(
        url=absolute(_restored(href, base_url), _base(entry, base_url)),
        title=title_text(entry.get("title")),
        published_at=instant,
        published_raw=raw[:MAX_DATE_CHARS] if raw else None,
        authors=author_names(_without_mail(name) for name in (names if any(names) else [string(entry.get("author"))])),
        language=language_code(entry.get("language")) or language_code(_detail(entry, "language")) or language,
    )


def _address(entry: Mapping[str, Any]) -> str | None:
    """The page of an entry: its alternate link, else an id that is an address. An enclosure, a comment page or a plain id is none."""
    original = string(entry.get("feedburner_origlink"))
    if original:
        return original
    links = [(string(link.get("href")), link.get("rel")) for link in entry.get("links", ()) if isinstance(link, Mapping)]
    alternates = [href for href, relation in links if href and relation == "alternate"]
    href = string(entry.get("link"))
    if href in alternates or (href and not alternates and href not in [other for other, _ in links] and not _is_mere_id(entry, href)):
        return href
    own = [href for href, relation in links if href and relation == "self"]  # some entries have no other link
    return next(iter([*alternates, *own]), None)


def _is_mere_id(entry: Mapping[str, Any], href: str) -> bool:
    """Where an entry has no link the parser takes the id for one, whatever it is; only a whole address leads anywhere."""
    return bool(entry.get("guidislink")) and href == string(entry.get("id")) and (_is_relative(href) or not is_web(href))


def _detail(entry: Mapping[str, Any], name: str) -> str | None:
    """What stands on the elements of an entry by inheritance (``base``, ``language``), looked up on the first that has it."""
    for element in ("title_detail", "summary_detail"):
        detail = entry.get(element)
        if isinstance(detail, Mapping) and string(detail.get(name)):
            return string(detail.get(name))
    return None


def _base(element: Mapping[str, Any], base_url: str) -> str:
    inner = _detail(element, "base")
    return absolute(_restored(inner, base_url), base_url) if inner else base_url


def _older(channel: Mapping[str, Any], base_url: str) -> str | None:
    found = [link for link in channel.get("links", ()) if isinstance(link, Mapping)]
    hrefs = [_restored(str(link.get("href", "")), base_url) for relation in _OLDER for link in found if link.get("rel") == relation]
    return older_page(hrefs, _base(channel, base_url), base_url)


def _without_mail(name: str | None) -> str | None:
    """RSS asks for ``mail@host (Name)``; only the name is wanted. An address alone says nothing of who wrote."""
    if name is None or not _MAIL.search(name):
        return name
    return _MAIL.sub(" ", name).strip().removeprefix("(").removesuffix(")").strip() or None


def _instant(raw: str, parsed: object) -> datetime | None:
    if not isinstance(parsed, struct_time) or not has_zone(raw):
        return None
    try:
        return datetime.fromtimestamp(calendar.timegm(parsed), UTC)
    except (ValueError, OverflowError, OSError):
        return None


# ---- JSON


def _read_json_feed(body: bytes, base_url: str) -> Listing | Rejection:
    try:
        feed = json.loads(body.decode("utf-8-sig", errors="replace"))
    except (ValueError, RecursionError) as error:
        return rejected(Reason.NOT_A_FEED, f"JSON: {error}")
    if not isinstance(feed, dict) or not _is_json_feed(feed):
        return rejected(Reason.NOT_A_FEED, "JSON, but no JSON Feed")
    items = feed.get("items")
    items = items if isinstance(items, list) else []
    language = language_code(feed.get("language"))
    return listing(
        (_json_link(item, base_url, language) for item in items[:MAX_FEED_LINKS]),
        truncated=len(items) > MAX_FEED_LINKS,
        older=older_page([feed.get("next_url")], base_url, base_url),
    )


def _is_json_feed(feed: dict[str, Any]) -> bool:
    """The version is an address by the standard; some generators write the bare number."""
    version = str(feed.get("version", ""))[:200]
    return "jsonfeed.org/version" in version or (version in {"1", "1.0", "1.1"} and isinstance(feed.get("items"), list))


def _json_link(item: object, base_url: str, language: str | None) -> ArticleLink | None:
    if not isinstance(item, dict):
        return None
    href = string(item.get("url")) or string(item.get("external_url")) or string(item.get("id"))
    if not href or (not item.get("url") and "://" not in href):  # an id need not be an address
        return None
    people = item.get("authors")
    people = people if isinstance(people, list) else [item.get("author")]
    raw = string(item.get("date_published"))
    return ArticleLink(
        url=absolute(href, base_url),
        title=title_text(item.get("title")),
        published_at=iso_instant(raw),
        published_raw=raw[:MAX_DATE_CHARS] if raw else None,
        authors=author_names([string(person.get("name")) for person in people if isinstance(person, dict)]),
        language=language_code(item.get("language")) or language,
    )
