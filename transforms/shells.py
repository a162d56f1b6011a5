"""Pages that show pictures or a video and hardly a text: galleries and the shells of players.

Belongs here: telling them from articles with pictures and videos. Does not belong here: listings (``kinds``), walls (``walls``).

Many systems call their galleries and videos articles, with headline and date. So that counts against a shell, but does not decide.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, cast

import ada_url
from lxml import etree

from transforms.body import word_count
from transforms.records import Reason

if TYPE_CHECKING:
    from lxml.html import HtmlElement

    from transforms.structured import Structured

REJECT_AT = 5  # points
MAX_WORDS = 120  # with more words beside them, pictures and videos illustrate an article
CAPTION_WORDS = 60  # … and with fewer hardly anything else is there
MANY_PICTURES = 6
STATED = -3  # points for a page that says it is an article

_PICTURES = etree.XPath("count(//main//img | //article//img | //figure//img)")
_PLAYER = etree.XPath("boolean(//video | //iframe[contains(@src, 'video') or contains(@src, 'player') or contains(@src, 'embed')])")
_GALLERY_TYPES = frozenset({"imagegallery", "mediagallery"})

Signs = list[tuple[int, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Words:
    gallery_segments: frozenset[str]
    gallery_words: tuple[str, ...]
    video_segments: frozenset[str]


@lru_cache(maxsize=1)
def _words() -> _Words:
    table = tomllib.loads(files("transforms.lexicons").joinpath("page_kinds.toml").read_text(encoding="utf-8"))
    return _Words(
        gallery_segments=frozenset(table["gallery_segments"]),
        gallery_words=tuple(table["gallery_words"]),
        video_segments=frozenset(table["video_segments"]),
    )


def _segments(url: str) -> set[str]:
    try:
        return {segment for segment in ada_url.URL(url).pathname.lower().split("/") if segment}
    except (ValueError, UnicodeError):
        return set()


def which_shell(
    page: Structured, tree: HtmlElement, text: str, url: str, *, stated: bool, classes: frozenset[str]
) -> tuple[Reason, str] | None:
    """Whether the page is a gallery or a video without an article, and its signs in words. ``stated``: it says that it is an article."""
    words = word_count(text)
    if words > MAX_WORDS:
        return None
    shared: Signs = [(STATED, "states an article")] if stated else []
    if words < CAPTION_WORDS:
        shared.append((1, "hardly a text"))
    segments = _segments(url)
    for reason, found in (
        (Reason.GALLERY, _gallery(page, tree, segments, classes) + shared),
        (Reason.VIDEO_PAGE, _video(page, tree, segments) + shared),
    ):
        if sum(points for points, _ in found) >= REJECT_AT:
            return reason, "; ".join(words for points, words in sorted(found, reverse=True) if points > 0)
    return None


def _gallery(page: Structured, tree: HtmlElement, segments: set[str], classes: frozenset[str]) -> Signs:
    found: Signs = []
    if page.types & _GALLERY_TYPES:
        found.append((3, "states a gallery"))
    elif page.itemtypes & _GALLERY_TYPES:  # microdata may speak of a part of the page
        found.append((1, "holds a gallery"))
    if segments & _words().gallery_segments or "single-format-gallery" in classes:  # the class is of WordPress
        found.append((2, "address of pictures"))
    if any(word in heading.lower() for heading in (page.title_tag or "", *page.headings[:1]) for word in _words().gallery_words):
        found.append((1, "headline of a gallery"))
    if cast("float", _PICTURES(tree)) >= MANY_PICTURES:
        found.append((2, "many pictures"))
    return found


def _video(page: Structured, tree: HtmlElement, segments: set[str]) -> Signs:
    found: Signs = []
    if (page.first("og:type") or "").lower().startswith("video"):
        found.append((3, "og:type video"))
    if "videoobject" in page.types | page.itemtypes:
        found.append((2, "states a video"))
    if segments & _words().video_segments:
        found.append((2, "address of videos"))
    if page.first("twitter:card") == "player" or page.first("og:video", "og:video:url", "og:video:secure_url") is not None:
        found.append((1, "card of a player"))
    if cast("bool", _PLAYER(tree)):
        found.append((1, "player"))
    return found
