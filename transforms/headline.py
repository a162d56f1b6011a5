"""The headline that a reader sees.

Belongs here: choosing among the titles a page states, taking the outlet's name and kickers off. Does not belong here: bodies.
"""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

from transforms.clean import clean_title
from transforms.structured import Structured, texts
from transforms.urls import host, registrable_domain

if TYPE_CHECKING:
    from collections.abc import Iterable

MIN_TITLE_CHARS = 2
MAX_TITLE_CHARS = 500
MIN_KEY_CHARS = 3  # shorter names are found in anything
MIN_HEADLINE_WORDS = 4  # a "site name" of so many words that is in the headline is the headline, put in the wrong place
MAX_SECTION_WORDS = 3  # a last part of so few words after a separator may be a section once the outlet's name is gone
_SUFFIX = re.compile(
    r"^(?P<head>.+?)(?P<sep>\s+[|｜»›‹«·•:/]+\s+|\s+[-–—]{1,2}\s+|\s*[|｜]\s*|--|：|,\s+(?=[^,]*\d{4}$)|\s*::\s*)(?P<tail>[^|｜»›]+)$",
    re.DOTALL,
)
_NAME_META = ("og:site_name", "application-name", "apple-mobile-web-app-title", "twitter:site", "dc.publisher", "publisher")
_WORDS = re.compile(r"\w+")
_DATE_TAIL = re.compile(r"^\D{0,12}\d{1,2}[./-]\d{1,2}[./-]\d{4}$|^\d{4}[./-]\d{1,2}[./-]\d{1,2}$")


def key(text: str) -> str:
    """Letters and digits only, case-folded: what two spellings of a headline share."""
    return "".join(_WORDS.findall(text.casefold()))


def site_names(page: Structured, url: str, outlet_name: str | None) -> tuple[str, ...]:
    """The names by which the page's publication may stand behind a headline."""
    names: list[str] = [outlet_name] if outlet_name else []
    names.extend(value for name in _NAME_META for value in page.meta.get(name, ())[:1])
    for node in page.articles[:3]:
        names.extend(texts(node.get("publisher"), limit=2))
    host_name = host(url)
    if host_name:
        domain = registrable_domain(host_name)
        names.extend((host_name.removeprefix("www."), domain, domain.partition(".")[0]))
    titles = (*page.meta.get("og:title", ())[:1], *page.headings[:1], page.title_tag or "")
    stated = [key(title) for title in titles if len(title.split()) >= MIN_HEADLINE_WORDS]

    def misplaced(name: str) -> bool:
        return len(name.split()) >= MIN_HEADLINE_WORDS and any(key(name) in title or title in key(name) for title in stated)

    usable = (name.strip().lstrip("@") for name in names if name and len(name.strip()) > 1)
    return tuple(dict.fromkeys(name for name in usable if not misplaced(name)))


def _is_site(part: str, names: Iterable[str]) -> bool:
    mine = key(part)
    if not mine:
        return True
    for name in names:
        other = key(name)
        if len(other) < 2:
            continue
        close = min(len(mine), len(other)) > MIN_KEY_CHARS and (mine in other or other in mine)
        if mine == other or (close and len(part.split()) <= max(4, len(name.split()) + 3)):
            return True
    initials = "".join(word[0] for word in _WORDS.findall(part)).casefold()
    return len(initials) > 2 and any(initials == key(name) for name in names)


def _is_name(title: str, names: Iterable[str]) -> bool:
    """Whether a whole title is no more than the publication's name."""
    return any(key(title) == key(name) for name in names)


def strip_site(title: str, names: tuple[str, ...]) -> str:
    """A title without the outlet's name (and the section or day that stands with it) at its end or beginning."""
    current = title
    stripped = False
    for _ in range(4):
        match = _SUFFIX.match(current)
        if match is None:
            break
        tail, head = match["tail"].strip(), match["head"].strip()
        if _is_site(tail, names) or _DATE_TAIL.match(tail):
            current, stripped = head, True
        elif (
            stripped
            and len(tail.split()) <= MAX_SECTION_WORDS
            and len(head.split()) > MAX_SECTION_WORDS
            and match["sep"].strip() not in {":", "-", "–", "—"}
        ):
            current = head
        else:
            inner = _SUFFIX.match(head)
            if inner is not None and len(tail.split()) <= MAX_SECTION_WORDS and _is_site(inner["tail"].strip(), names):
                current, stripped = inner["head"].strip(), True
            else:
                break
    front, separator, rest = current.partition(" | ")
    if separator and _is_site(front, names) and len(rest.split()) > len(front.split()):
        current = rest
    return current if len(key(current)) >= MIN_TITLE_CHARS else title


def _tidy(title: str | None, names: tuple[str, ...]) -> str:
    if not title or len(title) > MAX_TITLE_CHARS:
        return ""
    return strip_site(clean_title(html.unescape(title)), names)


def _related(a: str, b: str) -> bool:
    """Whether two titles speak of the same story: they share a third of the words of the shorter one."""
    first, second = set(_WORDS.findall(a.casefold())), set(_WORDS.findall(b.casefold()))
    shared = first & second
    if shared and len(shared) * 3 >= min(len(first), len(second)):
        return True
    short, long = sorted((key(a), key(b)), key=len)
    return len(short) > MIN_KEY_CHARS and short in long


def choose_title(page: Structured, names: tuple[str, ...], feed_title: str | None = None) -> str:
    """The headline, or an empty string.

    On pages of news systems (they state a JSON-LD NewsArticle) Open Graph's title goes first where it speaks of the same story: it is the
    editors' headline, while the h1 is often rewritten for search engines. Elsewhere the visible h1 goes first where a statement for
    machines speaks of the same story; a form without its kicker (``Kicker: headline``) then goes before the one with it.
    """
    stated = [_tidy(value, names) for node in page.articles[:3] for value in texts(node.get("headline"), limit=1)]
    og = _tidy(page.first("og:title"), names)
    twitter = _tidy(page.first("twitter:title", "dc.title", "title", "cxenseparse:title", "parsely-title", "sailthru.title"), names)
    tag = _tidy(page.title_tag, names)
    micro = [_tidy(value, names) for value in page.itemprops.get("headline", ())[:1]]
    others = [title for title in (*stated[:1], og, twitter, *micro, tag) if title and not _is_name(title, names)]
    visible = [title for heading in page.headings if (title := _tidy(heading, names)) and not _is_name(title, names)]
    if not others and not visible:
        return next((title for title in (og, tag, *page.headings) if title), "") or _tidy(feed_title, names)
    news = any("newsarticle" in str(node.get("@type")).lower() for node in page.articles[:3])
    if news and og in others and any(_related(og, other) for other in (*stated[:1], *visible)):
        return og
    chosen = next((h1 for h1 in visible if any(_related(h1, other) for other in others)), "")
    if not chosen:
        chosen = next(iter(others), "") or (visible[0] if len(visible) == 1 else "") or _tidy(feed_title, names) or next(iter(visible), "")
    return _without_kicker(chosen, [*others, *visible])


def _without_kicker(chosen: str, others: Iterable[str]) -> str:
    mine = key(chosen)
    for other in others:
        short = key(other)
        if len(short) < len(mine) and mine.endswith(short) and len(other.split()) >= 3 and len(short) * 3 >= len(mine):
            return other
    return chosen
