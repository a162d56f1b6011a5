"""The machine-readable lists of an outlet: RSS 2.0, Atom and the news sitemap, as UTF-8 XML. HTML pages are in pages.py."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from email.utils import format_datetime
from typing import TYPE_CHECKING

from demo.server.schedule import Version, in_feed, in_sitemap, last_change

if TYPE_CHECKING:
    from datetime import datetime

    from demo.server.layout import Site

ATOM = "http://www.w3.org/2005/Atom"
DC = "http://purl.org/dc/elements/1.1/"
SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
NEWS = "http://www.google.com/schemas/sitemap-news/0.9"


def feed(site: Site, now: datetime) -> bytes:
    """The outlet's feed in its own format."""
    return rss(site, now) if site.outlet.feed == "rss" else atom(site, now)


def rss(site: Site, now: datetime) -> bytes:
    """RSS 2.0; an item dated to the day carries dc:date (a date alone is no RFC 822 date-time), an undated one nothing."""
    root = ET.Element("rss", {"version": "2.0", "xmlns:atom": ATOM, "xmlns:dc": DC})
    channel = ET.SubElement(root, "channel")
    _child(channel, "title", site.outlet.name)
    _child(channel, "link", site.url("/"))
    _child(channel, "description", site.outlet.name)
    _child(channel, "language", site.outlet.language)
    ET.SubElement(channel, "atom:link", {"href": site.url(site.outlet.feed_path), "rel": "self", "type": "application/rss+xml"})
    if changed := last_change(site, now):
        _child(channel, "lastBuildDate", format_datetime(changed.astimezone(site.outlet.zone)))
    for v in in_feed(site, now):
        item = ET.SubElement(channel, "item")
        _child(item, "title", v.headline)
        _child(item, "link", site.url(v.article.path))
        ET.SubElement(item, "guid", {"isPermaLink": "true"}).text = site.url(v.article.path)
        _child(item, "description", teaser(v))
        for author in v.article.authors:
            _child(item, "dc:creator", author)
        if v.article.section:
            _child(item, "category", v.article.section)
        if v.published and v.day_only:
            _child(item, "dc:date", v.published.date().isoformat())
        elif v.published:
            _child(item, "pubDate", format_datetime(v.published))
    return _bytes(root)


def atom(site: Site, now: datetime) -> bytes:
    """Atom (RFC 4287). An item without a time breaks the rule that ``updated`` is one, as content systems do: the day, or nothing."""
    root = ET.Element("feed", {"xmlns": ATOM, "xml:lang": site.outlet.language})
    _child(root, "title", site.outlet.name)
    _child(root, "id", site.url("/"))
    ET.SubElement(root, "link", {"href": site.url("/")})
    ET.SubElement(root, "link", {"href": site.url(site.outlet.feed_path), "rel": "self", "type": "application/atom+xml"})
    if changed := last_change(site, now):
        _child(root, "updated", changed.astimezone(site.outlet.zone).isoformat())
    for v in in_feed(site, now):
        entry = ET.SubElement(root, "entry")
        _child(entry, "title", v.headline)
        ET.SubElement(entry, "link", {"href": site.url(v.article.path), "rel": "alternate", "type": "text/html"})
        _child(entry, "id", site.url(v.article.path))
        if v.published:
            _child(entry, "published", stamp(v, v.published))
            _child(entry, "updated", stamp(v, v.modified or v.published))
        for author in v.article.authors:
            _child(ET.SubElement(entry, "author"), "name", author)
        if v.article.section:
            ET.SubElement(entry, "category", {"term": v.article.section})
        _child(entry, "summary", teaser(v))
    return _bytes(root)


def sitemap(site: Site, now: datetime) -> bytes:
    """The news sitemap: what was listed in the last 48 hours."""
    root = ET.Element("urlset", {"xmlns": SITEMAP, "xmlns:news": NEWS})
    for v in in_sitemap(site, now):
        url = ET.SubElement(root, "url")
        _child(url, "loc", site.url(v.article.path))
        if v.published:
            _child(url, "lastmod", stamp(v, v.modified or v.published))
        news = ET.SubElement(url, "news:news")
        publication = ET.SubElement(news, "news:publication")
        _child(publication, "news:name", site.outlet.name)
        _child(publication, "news:language", site.outlet.language)
        if v.published:
            _child(news, "news:publication_date", stamp(v, v.published))
        _child(news, "news:title", v.headline)
    return _bytes(root)


def stamp(v: Version, moment: datetime) -> str:
    """ISO 8601: the moment, or only its day where the article is dated to the day."""
    return moment.date().isoformat() if v.day_only else moment.isoformat()


def teaser(v: Version) -> str:
    """The standfirst, else the first paragraph, else nothing."""
    return v.standfirst or next(iter(v.paragraphs), "")


def _child(parent: ET.Element, tag: str, text: str) -> None:
    ET.SubElement(parent, tag).text = text


def _bytes(root: ET.Element) -> bytes:
    ET.indent(root)
    xml: str = ET.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{xml}\n'.encode()
