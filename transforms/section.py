"""The section of its outlet that an article stands in.

Belongs here: what the page states of it. Does not belong here: whether a page is itself a section (``kinds``).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote

from transforms.structured import Structured, texts

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_SECTION_CHARS = 40
MAX_SECTION_WORDS = 4
_META = ("article:section", "og:article:section", "cxenseparse:section", "parsely-section", "sailthru.section", "section")
_SEGMENT = re.compile(r"^[^\W\d_]{3,}(?:-[^\W\d_]{2,}){0,2}$")
# First segments of addresses that lead to no section: kinds of pages, languages, names of systems.
_NO_SECTION = frozenset({
    "article", "articles", "artikel", "artikelen", "artiklar", "artikkel", "articolo", "articulo", "artigo", "story", "stories", "content",
    "node", "blog", "post", "posts", "page", "pages", "news", "nieuws", "nachrichten", "noticias", "notizie", "web", "archive", "archives",
    "amp", "home", "index", "www", "video", "html",
})  # fmt: skip


def find_section(said: Structured, names: tuple[str, ...], title: str, url: str) -> tuple[str | None, str | None]:
    """The section as the page writes it, and where: ``meta``, ``jsonld``, ``breadcrumb`` or ``url``. Nothing is better than a guess."""
    own = {name.lower() for name in names} | {title.lower()}
    for source, section in _stated(said, url):
        words = section.strip(" /|>»")
        short = 0 < len(words) <= MAX_SECTION_CHARS and len(words.split()) <= MAX_SECTION_WORDS
        if short and words.lower() not in own and "://" not in words:
            return words, source
    return None, None


def _stated(said: Structured, url: str) -> Iterator[tuple[str, str]]:
    for name in _META:
        yield from (("meta", value) for value in said.meta.get(name, ())[:1])
    for node in said.articles[:2]:
        yield from (("jsonld", value) for value in texts(node.get("articleSection"), limit=1))
    # the first crumb is the front page and the last the article, unless the list ends above it
    yield from (("breadcrumb", value) for value in said.breadcrumbs[1:2] if len(said.breadcrumbs) > 2)
    segments = [segment for segment in url.partition("?")[0].split("/")[3:] if segment]
    if len(segments) > 1 and _SEGMENT.match(first := unquote(segments[0]).lower()) and first not in _NO_SECTION:
        yield "url", first.replace("-", " ")
