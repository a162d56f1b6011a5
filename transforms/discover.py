"""Feeds and sitemaps: bytes in, links out.

Belongs here: reading RSS, RDF, Atom, JSON Feed and the sitemaps.org protocol with Google's news extension. Does not belong here:
fetching, what is new, whether a link is the outlet's own (``urls``, ``flows.collectors``).

What a source says of an article (date, title, author, language) travels with the link as evidence. Everything read here is hostile:
sizes and counts are limited, no entity is expanded and nothing is loaded from outside.
"""

from __future__ import annotations

import calendar
import html
import io
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from time import struct_time
from typing import Any
from urllib.parse import urljoin

import feedparser
from lxml import etree

from transforms.inflate import GZIP_MAGIC, gunzip
from transforms.params import NAMED_LANGUAGES
from transforms.records import ArticleLink, Reason, Rejection

MAX_FEED_LINKS = 10_000  # the largest real feeds list some 2,000
MAX_SITEMAP_LINKS = 50_000  # the protocol's own limit
MAX_SITEMAP_BYTES = 50 * 1024 * 1024  # the protocol's own limit, after decompression
MAX_FEED_BYTES = 20_000_000  # the collector's limit is lower; this one holds for whoever calls
MAX_URL_CHARS, MAX_TITLE_CHARS, MAX_NAME_CHARS, MAX_AUTHORS, MAX_DATE_CHARS = 4096, 1000, 200, 20, 100
MAX_LOOSE_BYTES = 500_000  # feedparser's fallback for damaged XML takes some 5 s for a hostile megabyte
MAX_FEED_TAGS = 400_000  # 15 µs each: a feed of nothing but tags would keep the parser busy for half a minute
_SNIFF_BYTES = 65_536

_FEED_ROOT = re.compile(r"<(?:[A-Za-z][\w.-]{0,30}:)?(rss|rdf|feed|channel)\b", re.IGNORECASE)
_FEED_ENTRY = re.compile(rb"<(?:[A-Za-z][\w.-]{0,30}:)?(?:item|entry)\b", re.IGNORECASE)
_SITEMAP_ROOT = re.compile(r"<(?:[A-Za-z][\w.-]{0,30}:)?(urlset|sitemapindex)\b", re.IGNORECASE)
_HTML_ROOT = re.compile(r"<(?:!doctype\s+)?html\b", re.IGNORECASE)
_TAG = re.compile(r"</?[A-Za-z][^<>]{0,2000}>")
_LANGUAGE = re.compile(r"^\s*([A-Za-z]{2,3})(?:[-_].{0,30})?\s*$")
# A time of day with its zone: a date is trusted as an instant only where the source says which zone it means.
_ZONED = re.compile(r"\d:\d\d(?::\d\d(?:[.,]\d+)?)?\s*(?:Z|[+-]\d\d(?::?\d\d)?|UTC?|GMT|[ECMP][SD]T)\s*(?:\(.*\))?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What one feed or sitemap lists, in its own order, without repetitions."""

    links: tuple[ArticleLink, ...] = ()
    children: tuple[str, ...] = ()  # sitemaps named by a sitemap index, newest first where it gives dates
    truncated: bool = False  # there were more than we take


def read_feed(content: bytes, content_type: str | None, base_url: str) -> Listing | Rejection:
    """Read RSS 0.9x-2.0, RDF, Atom or JSON Feed 1.x. ``base_url`` is the address that answered; relative links start there.

    Reasons: NOT_A_FEED (a web page, an error message, anything else), EMPTY_FEED (no entry with a link), TOO_LARGE, BAD_ENCODING.
    """
    body = _plain(content, MAX_FEED_BYTES)
    if isinstance(body, Rejection):
        return body
    head = _head(body)
    if head.lstrip().startswith("{"):
        return _read_json_feed(body, base_url)
    root = _FEED_ROOT.search(head)
    page = _HTML_ROOT.search(head)
    if root is None or (page is not None and page.start() < root.start()):
        return _rejected(Reason.NOT_A_FEED, f"begins with {head.strip()[:60]!r}")
    if b"\0" not in body[:200] and not _FEED_ENTRY.search(body):
        return _rejected(Reason.EMPTY_FEED, "no entry")
    if body.count(b"<") > MAX_FEED_TAGS:
        return _rejected(Reason.TOO_LARGE, f"more than {MAX_FEED_TAGS} tags")
    try:
        body = _mended(body)
        parsed = feedparser.parse(
            io.BytesIO(body), sanitize_html=False, resolve_relative_uris=False, response_headers=_headers(body, content_type, base_url)
        )
        entries, channel = list(parsed.entries), parsed.feed
    except Exception as error:  # noqa: BLE001 - the parser raises all sorts of things on damaged input
        return _rejected(Reason.NOT_A_FEED, f"{type(error).__name__}: {error}")
    language = _language(channel.get("language"))
    return _listing((_entry_link(e, base_url, language) for e in entries[:MAX_FEED_LINKS]), truncated=len(entries) > MAX_FEED_LINKS)


def read_sitemap(content: bytes, content_type: str | None, base_url: str) -> Listing | Rejection:
    """Read a sitemap (XML or text, plain or gzip), a sitemap index, or a feed used as a sitemap (all sitemaps.org protocol 0.9).

    Of dates only the news extension's ``publication_date`` counts: ``lastmod`` says when a page changed, not when it was published.
    Reasons: NOT_A_FEED, EMPTY_FEED, TOO_LARGE, BAD_ENCODING, CUT_SHORT.
    """
    body = _plain(content, MAX_SITEMAP_BYTES)
    if isinstance(body, Rejection):
        return body
    head = _head(body)
    root = _SITEMAP_ROOT.search(head)
    page = _HTML_ROOT.search(head)
    if root is None and page is None and _FEED_ROOT.search(head):
        return read_feed(body, content_type, base_url)
    if root is None and not head.lstrip().startswith("<"):
        return _read_text_sitemap(body)
    if root is None or (page is not None and page.start() < root.start()):
        return _rejected(Reason.NOT_A_FEED, f"begins with {head.strip()[:60]!r}")
    try:
        return _read_xml_sitemap(body, base_url)
    except (etree.LxmlError, ValueError, AssertionError) as error:
        return _rejected(Reason.NOT_A_FEED, f"{type(error).__name__}: {error}")


# ---- feeds


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


def _entry_link(entry: Mapping[str, Any], base_url: str, language: str | None) -> ArticleLink | None:
    href = _string(entry.get("feedburner_origlink")) or _string(entry.get("link"))
    if not href:
        return None
    detail = entry.get("title_detail")
    inner_base = _string(detail.get("base")) if isinstance(detail, Mapping) else None
    url = _absolute(href, _absolute(inner_base, base_url) if inner_base else base_url)
    raw, instant = None, None
    for name in ("published", "created", "updated"):  # dc:date arrives as "updated"
        raw = _string(entry[name]) if name in entry else None
        if raw:
            instant = _instant(raw, entry.get(f"{name}_parsed"))
            break
    names = [_string(a.get("name")) for a in entry.get("authors", ()) if isinstance(a, Mapping)]
    return ArticleLink(
        url=url,
        title=_title(entry.get("title")),
        published_at=instant,
        published_raw=raw[:MAX_DATE_CHARS] if raw else None,
        authors=_authors(names or [_string(entry.get("author"))]),
        language=_language(entry.get("language")) or language,
    )


def _read_json_feed(body: bytes, base_url: str) -> Listing | Rejection:
    try:
        feed = json.loads(body.decode("utf-8-sig", errors="replace"))
    except (ValueError, RecursionError) as error:
        return _rejected(Reason.NOT_A_FEED, f"JSON: {error}")
    if not isinstance(feed, dict) or "jsonfeed.org/version" not in str(feed.get("version", ""))[:200]:
        return _rejected(Reason.NOT_A_FEED, "JSON, but no JSON Feed")
    items = feed.get("items")
    items = items if isinstance(items, list) else []
    language = _language(feed.get("language"))
    return _listing((_json_link(i, base_url, language) for i in items[:MAX_FEED_LINKS]), truncated=len(items) > MAX_FEED_LINKS)


def _json_link(item: object, base_url: str, language: str | None) -> ArticleLink | None:
    if not isinstance(item, dict):
        return None
    href = _string(item.get("url")) or _string(item.get("external_url")) or _string(item.get("id"))
    if not href or (not item.get("url") and "://" not in href):  # an id need not be an address
        return None
    people = item.get("authors")
    people = people if isinstance(people, list) else [item.get("author")]
    raw = _string(item.get("date_published"))
    return ArticleLink(
        url=_absolute(href, base_url),
        title=_title(item.get("title")),
        published_at=_iso_instant(raw),
        published_raw=raw[:MAX_DATE_CHARS] if raw else None,
        authors=_authors([_string(p.get("name")) for p in people if isinstance(p, dict)]),
        language=_language(item.get("language")) or language,
    )


def _headers(body: bytes, content_type: str | None, base_url: str) -> dict[str, str]:
    """What the parser may go by. Bytes that are valid UTF-8 with something beyond ASCII are UTF-8, whatever the server says."""
    headers = {"content-location": base_url}
    if content_type:
        headers["content-type"] = content_type
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return headers
    if not body.isascii() and b"\0" not in body:
        headers["content-type"] = "application/xml; charset=utf-8"
    return headers


# ---- sitemaps


def _read_xml_sitemap(body: bytes, base_url: str) -> Listing | Rejection:
    links: list[ArticleLink] = []
    children: list[tuple[str, str]] = []  # (lastmod, url)
    truncated = False
    events = etree.iterparse(
        io.BytesIO(body), events=("end",), recover=True, resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip
    for _, element in events:
        kind = _local(element.tag)
        if kind not in {"url", "sitemap"}:
            continue
        found = _fields(element)
        if len(links) + len(children) >= MAX_SITEMAP_LINKS:
            truncated = True
            break
        if found.get("loc"):
            url = _absolute(found["loc"], base_url)
            if kind == "url":
                links.append(_sitemap_link(url, found))
            else:
                children.append((found.get("lastmod", ""), url))
        element.clear()
        parent = element.getparent()
        while parent is not None and element.getprevious() is not None:  # keeps memory flat
            del parent[0]
    children.sort(key=lambda child: child[0], reverse=True)  # stable: without dates the order of the file stays
    names = tuple(dict.fromkeys(url for _, url in children))
    return Listing(children=names, truncated=truncated) if names and not links else _listing(links, truncated=truncated, children=names)


def _fields(element: etree._Element) -> dict[str, str]:
    """What a ``url`` or ``sitemap`` element says itself; image and video extensions have a ``loc`` and titles of their own."""
    found: dict[str, str] = {}
    for child in element.iterchildren(tag=etree.Element):
        name = _local(child.tag)
        if name in {"loc", "lastmod"} and _namespace(child.tag) == _namespace(element.tag):
            found.setdefault(name, (child.text or "").strip())
        elif name == "news":
            for leaf in child.iterdescendants(tag=etree.Element):
                found.setdefault(f"news:{_local(leaf.tag)}", (leaf.text or "").strip())
    if "loc" not in found and (element.text or "").strip().startswith(("http://", "https://")):
        found["loc"] = (element.text or "").strip()  # seen in the wild: the address without its element
    return found


def _sitemap_link(url: str, found: Mapping[str, str]) -> ArticleLink:
    raw = found.get("news:publication_date") or None
    return ArticleLink(
        url=url,
        title=_title(found.get("news:title")),
        published_at=_iso_instant(raw),
        published_raw=raw[:MAX_DATE_CHARS] if raw else None,
        language=_language(found.get("news:language")),
    )


def _read_text_sitemap(body: bytes) -> Listing | Rejection:
    lines = [line.strip() for line in body.decode("utf-8-sig", errors="replace").splitlines()]
    lines = [line for line in lines if line]
    wrong = next((line for line in lines if not line.startswith(("http://", "https://"))), None)
    if wrong is not None:
        return _rejected(Reason.NOT_A_FEED, f"holds the line {wrong[:60]!r}")
    found = (ArticleLink(url=line[:MAX_URL_CHARS]) for line in lines[:MAX_SITEMAP_LINKS])
    return _listing(found, truncated=len(lines) > MAX_SITEMAP_LINKS)


# ---- values


def _listing(links: Iterable[ArticleLink | None], *, truncated: bool, children: tuple[str, ...] = ()) -> Listing | Rejection:
    by_url: dict[str, ArticleLink] = {}
    for link in links:
        if link is not None:
            by_url.setdefault(link.url, link)
    if not by_url and not children:
        return _rejected(Reason.EMPTY_FEED, "no entry with a link")
    return Listing(links=tuple(by_url.values()), children=children, truncated=truncated)


def _plain(content: bytes, limit: int) -> bytes | Rejection:
    """Without compression: sitemaps are often gzip files, and some servers send a feed so without saying it."""
    if content.startswith(GZIP_MAGIC):
        body = gunzip(content, limit)
        return Rejection(stage="discover", reason=body.reason, detail=body.detail) if isinstance(body, Rejection) else body
    return content if len(content) <= limit else _rejected(Reason.TOO_LARGE, f"more than {limit} bytes")


def _head(body: bytes) -> str:
    head = body[:_SNIFF_BYTES]
    if head[:2] in {b"\xff\xfe", b"\xfe\xff"} or b"\0" in head[:4]:
        return head.replace(b"\0", b"").decode("latin-1").lstrip("\xff\xfe")
    return head.decode("latin-1").removeprefix("\xef\xbb\xbf")


def _absolute(href: str, base_url: str) -> str:
    try:
        return urljoin(base_url, href.strip())[:MAX_URL_CHARS]
    except ValueError:  # such as an unclosed bracket; the collector refuses it by name
        return href.strip()[:MAX_URL_CHARS]


def _instant(raw: str, parsed: object) -> datetime | None:
    if not isinstance(parsed, struct_time) or not _ZONED.search(raw.strip()):
        return None
    try:
        return datetime.fromtimestamp(calendar.timegm(parsed), UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _iso_instant(raw: str | None) -> datetime | None:
    """ISO 8601 with a zone, or a mail date with one where it should be ISO; None for anything less exact."""
    text = (raw or "").strip()[:MAX_DATE_CHARS]
    if not _ZONED.search(text):
        return None
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            found = read(text)
            return found.astimezone(UTC) if found.tzinfo is not None else None
        except (ValueError, OverflowError, TypeError, IndexError):
            continue
    return None


def _string(value: object) -> str | None:
    return (value.strip() or None) if isinstance(value, str) else None


def _title(value: object) -> str | None:
    text = _string(value)
    if text is None:
        return None
    text = html.unescape(_TAG.sub("", text[: 4 * MAX_TITLE_CHARS]))
    return " ".join(text.split())[:MAX_TITLE_CHARS] or None


def _authors(names: Iterable[str | None]) -> tuple[str, ...]:
    cleaned = (" ".join(html.unescape(name).split())[:MAX_NAME_CHARS] for name in names if name)
    return tuple(dict.fromkeys(name for name in cleaned if name))[:MAX_AUTHORS]


def _language(value: object) -> str | None:
    match = _LANGUAGE.match(value) if isinstance(value, str) else None
    if match is None:
        return None
    code = match.group(1).lower()
    return NAMED_LANGUAGES.get(code, code)


def _local(tag: object) -> str:
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""


def _namespace(tag: object) -> str:
    return tag.rpartition("}")[0] if isinstance(tag, str) else ""


def _rejected(reason: Reason, detail: str) -> Rejection:
    return Rejection(stage="discover", reason=reason, detail=detail)
