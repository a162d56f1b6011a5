"""Discovery: bytes of a source in, article links out.

This is the door for everybody else. Behind it: ``feeds`` (RSS, RDF, Atom, JSON Feed), ``sitemaps`` (sitemaps.org protocol with Google's
news extension), ``pagelinks`` (a home or section page, where an outlet has neither), and ``listing``, the record that they fill. Does
not belong here: fetching, what is new, whether a link is the outlet's own (``urls``, ``flows.collectors``).

What a source says of an article (date, title, author, language) travels with the link as evidence. Everything read here is hostile:
sizes and counts are limited, no entity is expanded and nothing is loaded from outside.
"""

from __future__ import annotations

from transforms.feeds import MAX_FEED_BYTES, MAX_FEED_LINKS, read_feed
from transforms.listing import ChildSitemap, Listing
from transforms.pagelinks import MAX_PAGE_BYTES, MAX_PAGE_LINKS, read_page
from transforms.sitemaps import MAX_SITEMAP_BYTES, MAX_SITEMAP_LINKS, read_sitemap

__all__ = [
    "MAX_FEED_BYTES",
    "MAX_FEED_LINKS",
    "MAX_PAGE_BYTES",
    "MAX_PAGE_LINKS",
    "MAX_SITEMAP_BYTES",
    "MAX_SITEMAP_LINKS",
    "ChildSitemap",
    "Listing",
    "read_feed",
    "read_page",
    "read_sitemap",
]
