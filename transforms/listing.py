"""What a source lists, and the values that its entries are made of.

Belongs here: the record that the readers of feeds, sitemaps and pages share, and the reading of single values (addresses, titles, names,
languages, instants). Does not belong here: any one format (``feeds``, ``sitemaps``, ``pagelinks``).
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urljoin

from transforms.inflate import GZIP_MAGIC, gunzip
from transforms.params import NAMED_LANGUAGES
from transforms.records import ArticleLink, Reason, Rejection

# An address is cut at one character more than is valid (transforms/urls.py), so that what was cut is never asked for.
MAX_URL_CHARS, MAX_TITLE_CHARS, MAX_NAME_CHARS, MAX_AUTHORS, MAX_DATE_CHARS = 4096, 1000, 200, 20, 100
_SNIFF_BYTES = 65_536
_WIDE_MARKS = {b"\xff\xfe", b"\xfe\xff"}  # of UTF-16

FEED_ROOT = re.compile(r"<(?:[A-Za-z][\w.-]{0,30}:)?(rss|rdf|feed|channel)\b", re.IGNORECASE)
HTML_ROOT = re.compile(r"<(?:!doctype\s+)?html\b", re.IGNORECASE)
_UNSHOWN = re.compile(r"<(script|style)\b[^<>]{0,2000}>.*?</\1\s*>|<!--.*?-->", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"</?[A-Za-z][^<>]{0,2000}>")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")  # but white space, to which Unicode counts NEL
_LANGUAGE = re.compile(r"^\s*([A-Za-z]{2,3})(?:[-_].{0,30})?\s*$")
# A time of day with its zone: a date is trusted as an instant only where the source says which zone it means.
_ZONED = re.compile(r"\d:\d\d(?::\d\d(?:[.,]\d+)?)?\s*(?:Z|[+-]\d\d(?::?\d\d)?|UTC?|GMT|[ECMP][SD]T)\s*(?:\(.*\))?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildSitemap:
    """A sitemap that a sitemap index names."""

    url: str
    modified_at: datetime | None = None  # UTC, as the index states it


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What one feed, sitemap or page lists, in its own order, without repetitions."""

    links: tuple[ArticleLink, ...] = ()
    children: tuple[ChildSitemap, ...] = ()  # newest first; those without a date last, in the order of the index
    truncated: bool = False  # there were more than we take
    is_news: bool = False  # a sitemap with the news extension: it holds the last days only, and dates of publication
    older: str | None = None  # where a feed says that its older entries are (RFC 5005, JSON Feed); absolute, http or https


def listing(
    links: Iterable[ArticleLink | None],
    *,
    truncated: bool = False,
    children: tuple[ChildSitemap, ...] = (),
    is_news: bool = False,
    older: str | None = None,
) -> Listing | Rejection:
    """The record of what was found; EMPTY_FEED where it is nothing. The first entry of several with one address stays."""
    by_url: dict[str, ArticleLink] = {}
    for link in links:
        if link is not None:
            by_url.setdefault(link.url, link)
    if not by_url and not children:
        return rejected(Reason.EMPTY_FEED, "no entry with a link")
    return Listing(links=tuple(by_url.values()), children=children, truncated=truncated, is_news=is_news, older=older)


def rejected(reason: Reason, detail: str) -> Rejection:
    return Rejection(stage="discover", reason=reason, detail=detail)


def plain(content: bytes, limit: int) -> bytes | Rejection:
    """Without compression: sitemaps are often gzip files, and some servers send a feed so without saying it."""
    if content.startswith(GZIP_MAGIC):
        body = gunzip(content, limit)
        return rejected(body.reason, body.detail) if isinstance(body, Rejection) else body
    return content if len(content) <= limit else rejected(Reason.TOO_LARGE, f"more than {limit} bytes")


def is_wide(body: bytes) -> bool:
    """Whether the bytes look like UTF-16 or UTF-32: markup in it has zero bytes from the start."""
    return body[:2] in _WIDE_MARKS or b"\0" in body[:4]


def head(body: bytes) -> str:
    """The beginning as far as it can be read before the encoding is known: ASCII is right, the rest is not."""
    start = body[:_SNIFF_BYTES]
    if is_wide(body):
        return start.replace(b"\0", b"").decode("latin-1").lstrip("\xff\xfe")
    return start.decode("latin-1").removeprefix("\xef\xbb\xbf")


def begins(start: str) -> str:
    return f"begins with {start.strip()[:60]!r}"


def absolute(href: str, base_url: str) -> str:
    try:
        return urljoin(base_url, href.strip())[: MAX_URL_CHARS + 1]
    except ValueError:  # such as an unclosed bracket; the collector refuses it by name
        return href.strip()[: MAX_URL_CHARS + 1]


def is_web(url: str) -> bool:
    return url.lower().startswith(("http://", "https://"))


def older_page(hrefs: Iterable[object], base_url: str, own_url: str) -> str | None:
    """The first of the addresses (relative to ``base_url``) that leads to another page of the web than ``own_url``."""
    for href in hrefs:
        text = string(href)
        url = absolute(text, base_url) if text else ""
        if is_web(url) and url != own_url:
            return url
    return None


def iso_instant(raw: str | None) -> datetime | None:
    """ISO 8601 with a zone, or a mail date with one where it should be ISO; None for anything less exact."""
    text = (raw or "").strip()[:MAX_DATE_CHARS]
    if not has_zone(text):
        return None
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            found = read(text)
            return found.astimezone(UTC) if found.tzinfo is not None else None
        except (ValueError, OverflowError, TypeError, IndexError):
            continue
    return None


def has_zone(raw: str) -> bool:
    return _ZONED.search(raw.strip()) is not None


def string(value: object) -> str | None:
    return (value.strip() or None) if isinstance(value, str) else None


def title_text(value: object) -> str | None:
    """A title as plain text: no tags, no entities, single spaces."""
    text = string(value)
    if text is None:
        return None
    text = html.unescape(_TAG.sub("", _UNSHOWN.sub("", text[: 4 * MAX_TITLE_CHARS])))
    return _folded(text)[:MAX_TITLE_CHARS].rstrip() or None


def _folded(text: str) -> str:
    """Without control characters, white space folded to single blanks."""
    return " ".join(_CONTROL.sub("", text).split())


def author_names(names: Iterable[str | None]) -> tuple[str, ...]:
    cleaned = (_folded(html.unescape(name))[:MAX_NAME_CHARS] for name in names if name)
    return tuple(dict.fromkeys(name for name in cleaned if name))[:MAX_AUTHORS]


def language_code(value: object) -> str | None:
    match = _LANGUAGE.match(value) if isinstance(value, str) else None
    if match is None:
        return None
    code = match.group(1).lower()
    return NAMED_LANGUAGES.get(code, code)
