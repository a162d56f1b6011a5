"""The headline that a reader sees.

Belongs here: choosing among the titles a page states, taking the outlet's name, sections and kickers off. Does not belong here: bodies.
"""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

from transforms.clean import clean_title
from transforms.date_words import fold_word
from transforms.structured import Structured, texts
from transforms.urls import host, registrable_domain

if TYPE_CHECKING:
    from collections.abc import Iterable

MIN_TITLE_CHARS = 2
MAX_TITLE_CHARS = 500
MIN_KEY_CHARS = 3  # shorter names are found in anything
MIN_HEADLINE_WORDS = 4  # a "site name" of so many words that is in the headline is the headline, put in the wrong place
MAX_SECTION_WORDS = 3  # a last part of so few words after a separator may be a section once the outlet's name is gone
MAX_CLAIM_WORDS = 6  # of a part behind the outlet's name: "Northern Post - news from the north"
MAX_PARTS = 6
# What stands between a headline and the outlet's name or section. Colons and commas belong to headlines as well: see _COLON.
_SEPARATOR = re.compile(
    r"\s+(?:[|｜»›‹«·•/:]+|[-–—]{1,2}|//\s*»)\s+|\s*[|｜]\s*|--+|：|\s*::\s*"
    r"|(?<=\S)-\s+(?=\S+$)|(?<=[\w”\"»])-\s+(?=[A-ZÀ-Þ])"
)
_UNQUOTED = re.compile(_SEPARATOR.pattern.replace("»›‹«", ""))  # for titles with « quotes »
_QUOTED = re.compile(r"[«‹][^«»‹›]*[»›]")
_COLON = re.compile(r":\s+")
_STRONG = re.compile(r"[|｜»›‹«·•/]|::")  # separators that no sentence has
_NAME_META = ("og:site_name", "application-name", "apple-mobile-web-app-title", "twitter:site", "dc.publisher", "publisher")
_WORDS = re.compile(r"\w+")
_DATE_TAIL = re.compile(r"^\D{0,12}\d{1,2}[./-]\d{1,2}[./-]\d{4}$|^\d{4}[./-]\d{1,2}[./-]\d{1,2}$")
_CUT_OFF = ("…", "...", "[…]")


def key(text: str) -> str:
    """Letters and digits only, case-folded: what two spellings of a headline share."""
    return "".join(_WORDS.findall(text.casefold()))


def site_names(page: Structured, url: str, outlet_name: str | None) -> tuple[str, ...]:
    """The names by which the page's publication may stand behind a headline: those it states, its domain, and what follows the headline
    in the title element."""
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


def _is_site(part: str, names: Iterable[str], *, strong: bool = True) -> bool:
    """Whether a part of a title is the publication's name, or holds it with few other words: fewer where ``strong`` is not set."""
    mine = key(part)
    if not mine:
        return True
    words = len(part.split())
    for name in names:
        other = key(name)
        if len(other) < 2:
            continue
        close = min(len(mine), len(other)) > MIN_KEY_CHARS and (mine in other or other in mine)
        if mine == other or (close and words <= max(MIN_HEADLINE_WORDS, len(name.split()) + (3 if strong else 2))):
            return True
    initials = "".join(word[0] for word in _WORDS.findall(part)).casefold()
    return len(initials) > 2 and any(initials == key(name) for name in names)


def _is_name(title: str, names: Iterable[str]) -> bool:
    """Whether a whole title is no more than the publication's name."""
    return any(key(title) == key(name) for name in names)


def _parts(title: str) -> tuple[list[str], list[str]]:
    """A title at its separators: the parts and what stands between them."""
    found = list((_UNQUOTED if _QUOTED.search(title) else _SEPARATOR).finditer(title))[-MAX_PARTS:]
    if not found:
        return [title], []
    starts = [0, *(match.end() for match in found)]
    ends = [*(match.start() for match in found), len(title)]
    return [title[a:b] for a, b in zip(starts, ends, strict=True)], [match[0] for match in found]


def strip_site(title: str, names: tuple[str, ...]) -> str:
    """A title without the outlet's name (and the section, day or claim that stands with it) at its end or beginning."""
    parts, between = _parts(title)
    last = len(parts)
    for place in range(len(parts) - 1, 0, -1):
        strong = bool(_STRONG.search(between[place - 1]))
        if _is_site(parts[place], names, strong=strong) or _DATE_TAIL.match(parts[place].strip()):
            behind = parts[place + 1 : last]
            if all(len(part.split()) <= MAX_CLAIM_WORDS for part in behind):
                last = place
    stripped = last < len(parts)
    # sections: short parts before the outlet's name, behind separators that no sentence has
    while stripped and last > 1 and len(parts[last - 1].split()) <= MAX_SECTION_WORDS and _STRONG.search(between[last - 2]):
        if len(" ".join(parts[: last - 1]).split()) <= MAX_SECTION_WORDS:
            break
        last -= 1
    first = 0
    while (
        first < last - 1
        and _is_own_name(parts[first], names)
        and (_STRONG.search(between[first]) or len(" ".join(parts[first + 1 : last]).split()) >= MAX_SECTION_WORDS)
    ):
        first += 1
    if first and first < last - 1 and len(parts[first].split()) < MAX_SECTION_WORDS and _STRONG.search(between[first]):
        first += 1  # "Northern Post » Politics » headline"
    current = "".join(piece for place in range(first, last) for piece in (parts[place], between[place] if place < last - 1 else "")).strip()
    colon = _COLON.search(current)
    if colon is not None and _is_own_name(current[: colon.start()], names) and len(current[colon.end() :].split()) > 1:
        current = current[colon.end() :]
    return current if len(key(current)) >= MIN_TITLE_CHARS else title


def _is_own_name(part: str, names: Iterable[str]) -> bool:
    mine = key(part)
    return not mine or any(mine == key(name) for name in names)


def _tidy(title: str | None, names: tuple[str, ...]) -> str:
    if not title or len(title) > MAX_TITLE_CHARS:
        return ""
    plain = html.unescape(title)
    if "&" in plain and plain != title:
        plain = html.unescape(plain)  # escaped twice
    return strip_site(clean_title(plain), names)


def _related(a: str, b: str) -> bool:
    """Whether two titles speak of the same story: they share a third of the words of the shorter one."""
    first, second = set(_WORDS.findall(a.casefold())), set(_WORDS.findall(b.casefold()))
    shared = first & second
    if shared and len(shared) * 3 >= min(len(first), len(second)):
        return True
    short, long = sorted((key(a), key(b)), key=len)
    return len(short) > MIN_KEY_CHARS and short in long


def _learnt_names(page: Structured, names: tuple[str, ...]) -> tuple[str, ...]:
    """What the title element has beside a headline that is stated elsewhere too: the outlet's name and sections, whatever they are."""
    parts, _ = _parts(html.unescape(page.title_tag or ""))
    if len(parts) < 2:
        return ()
    machines = {key(html.unescape(value)) for value in (*page.meta.get("og:title", ())[:1], *_ld_headlines(page)[:1])}
    visible = {key(heading) for heading in page.headings[:2]}
    for size in range(len(parts) - 1, 0, -1):
        for start in (0, len(parts) - size):
            own = key("".join(parts[start : start + size]))
            rest = [part.strip() for part in (*parts[:start], *parts[start + size :])]
            sure = own in machines and not _is_name("".join(parts[start : start + size]), names)
            if sure or (own in visible and len(own) > len(key("".join(rest)))):
                return tuple(part for part in rest if len(part.split()) <= MAX_CLAIM_WORDS and key(part) not in machines)
    return ()


def _ld_headlines(page: Structured) -> list[str]:
    return [value for node in page.articles[:3] for value in texts(node.get("headline"), limit=1)]


def choose_title(page: Structured, names: tuple[str, ...], feed_title: str | None = None) -> str:
    """The headline, or an empty string; see :func:`find_title`."""
    return find_title(page, names, feed_title)[0]


def find_title(page: Structured, names: tuple[str, ...], feed_title: str | None = None) -> tuple[str, str | None]:
    """The headline, or an empty string, and where it was stated: ``og``, ``h1``, ``jsonld``, ``meta``, ``microdata``, ``title``, ``feed``.

    On pages of news systems (they state a JSON-LD NewsArticle or a publisher of news) Open Graph's title goes first where it speaks of the
    same story: it is the editors' headline, while the h1 is often rewritten for search engines; not where it only repeats the title element
    and the h1 and JSON-LD agree on another headline. Elsewhere the visible h1 goes first where a
    statement for machines speaks of the same story. A form without its kicker (``Kicker: headline``) or a suffix goes before the one with
    it, and a whole headline before one that is cut off.
    """
    names = (*names, *_learnt_names(page, names))
    stated = [_tidy(value, names) for value in _ld_headlines(page)]
    og = _tidy(page.first("og:title"), names)
    meta = _tidy(page.first("twitter:title", "dc.title", "title", "cxenseparse:title", "parsely-title", "sailthru.title"), names)
    tag = _tidy(page.title_tag, names)
    micro = [_tidy(value, names) for value in page.itemprops.get("headline", ())[:1]]
    jsonld, microdata = [("jsonld", title) for title in stated[:1]], [("microdata", title) for title in micro]
    sources = (*jsonld, ("og", og), ("meta", meta), *microdata, ("title", tag))
    others = [(source, title) for source, title in sources if title and not _is_name(title, names)]
    visible = [title for heading in page.headings if (title := _tidy(heading, names)) and not _is_name(title, names)]
    feed = _tidy(feed_title, names)
    if not others and not visible:
        fallback = (*sources[:-1], ("title", tag), *(("h1", heading) for heading in page.headings), ("feed", feed))
        return next(((title, source) for source, title in fallback if title), ("", None))
    source, chosen = _choose(page, others, visible, feed)
    every = [*others, *(("h1", title) for title in visible)]
    source, chosen = _whole(source, chosen, every)
    source, chosen = _without_extras(source, chosen, every, page.kickers)
    source, chosen = _cased(source, chosen, every)
    return chosen, source if chosen else None


def _choose(page: Structured, others: list[tuple[str, str]], visible: list[str], feed: str) -> tuple[str, str]:
    og = next((title for source, title in others if source == "og"), "")
    if og and (_is_news(page) or _named(page, og)) and (_by_newsroom(page, og) or _speaks_of(og, others, visible)):
        if visible and not _named(page, og) and not _by_newsroom(page, og) and _only_repeats_the_tab(og, others, visible[0]):
            return "h1", visible[0]
        return "og", og
    for h1 in visible:
        if any(_related(h1, other) for _, other in others):
            return "h1", h1
    if len(visible) == 1 and {source for source, _ in others} <= {"title"} and len(visible[0].split()) >= MIN_HEADLINE_WORDS:
        return "h1", visible[0]
    if others:
        return others[0]
    if len(visible) == 1 or not feed:
        return "h1", visible[0]
    return "feed", feed


def _only_repeats_the_tab(og: str, others: list[tuple[str, str]], h1: str) -> bool:
    """Whether Open Graph has no more than the title element, which is written for search engines and tabs, while the visible heading and
    JSON-LD agree on another headline: systems fill ``og:title`` with the title element where no editor wrote one."""
    said = {source: key(title) for source, title in reversed(others)}
    return said.get("title") == key(og) and said.get("jsonld") == key(h1) != key(og)


def _speaks_of(og: str, others: list[tuple[str, str]], visible: list[str]) -> bool:
    return any(_related(og, other) for other in (*(title for source, title in others if source == "jsonld"), *visible) if other)


def _named(page: Structured, og: str) -> bool:
    """Whether JSON-LD gives Open Graph's title as the article's name, beside another headline."""
    for node in page.articles[:2]:
        named, headline = ({key(value) for value in texts(node.get(name), limit=1)} for name in ("name", "headline"))
        if headline and key(og) in named - headline:
            return True
    return False


def _by_newsroom(page: Structured, og: str) -> bool:
    """Whether a publisher of news states a whole headline in Open Graph: written for other readers, it may share no word with the h1."""
    publishers = [str(node["publisher"].get("@type")) for node in page.articles[:2] if isinstance(node.get("publisher"), dict)]
    return any("newsmedia" in kind.lower() for kind in publishers) and len(og.split()) >= MIN_HEADLINE_WORDS


def _is_news(page: Structured) -> bool:
    """Whether a page comes from a news system: it states a news article, or a publisher of news."""
    nodes = page.articles[:3]
    types = [str(node.get("@type")) for node in nodes]
    types.extend(str(node["publisher"].get("@type")) for node in nodes if isinstance(node.get("publisher"), dict))
    return "newsmediaorganization" in page.types or any(word in kind.lower() for kind in types for word in ("newsarticle", "newsmedia"))


def _whole(source: str, chosen: str, every: list[tuple[str, str]]) -> tuple[str, str]:
    """The same headline where it is not cut off."""
    ending = next((end for end in _CUT_OFF if chosen.endswith(end)), None)
    if ending is not None:
        start = key(chosen.removesuffix(ending))
        for other, title in every:
            if len(key(title)) > len(start) and key(title).startswith(start) and not title.endswith(_CUT_OFF):
                return other, title
    return source, chosen


def _without_extras(source: str, chosen: str, every: list[tuple[str, str]], kickers: frozenset[str]) -> tuple[str, str]:
    """A headline without what another statement of it lacks: a kicker before it, a suffix behind a separator.

    ``kickers`` are parts of headings that the markup sets apart as kickers; one joined by a colon or a dash belongs to the headline.
    """
    mine = key(chosen)
    for kicker in kickers if source == "h1" else ():
        rest = chosen[_length_of(chosen, key(kicker)) :].lstrip() if mine.startswith(key(kicker)) else ""
        if key(rest) and rest[0] not in ":–—-|":
            return source, rest
    for other, title in every:
        short = key(title)
        if not MIN_KEY_CHARS < len(short) < len(mine) or len(title.split()) < MAX_SECTION_WORDS or len(short) * 3 < len(mine):
            continue
        if source == "h1" and mine.endswith(short):
            return other, title
        parts, between = _parts(chosen)
        if between and _STRONG.search(between[0]) and key("".join(parts[1:])) == short and len(parts[0].split()) <= MAX_SECTION_WORDS:
            return other, title  # "Opinion | headline"
        if len(parts) < 2 or key("".join(parts[:-1])) != short or len(parts[-1].split()) > MAX_SECTION_WORDS:
            continue
        if _STRONG.search(between[-1]) or sum(key(each) == short for _, each in every) > 1:
            return other, title
    return source, chosen


def _cased(source: str, chosen: str, every: list[tuple[str, str]]) -> tuple[str, str]:
    """The same headline in mixed case, where one in capitals was chosen."""
    if chosen.isupper():
        for other, title in every:
            if not title.isupper() and fold_word(key(title)) == fold_word(key(chosen)):
                return other, title
    return source, chosen


def _length_of(text: str, start: str) -> int:
    """How many characters of a text have ``start`` as their key."""
    length = len(start)
    while length < len(text) and key(text[:length]) != start:
        length += 1
    return length
