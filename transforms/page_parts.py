"""Which parts of a visible page are the article's, and where its headline stands.

Belongs here: the headline's element; what tags and classes say of the parts around it; a walk that finds the pieces of text that may
hold a date. Does not belong here: what such a piece says (``datelines``), the article's text (``body``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from transforms.date_words import fold_word
from transforms.structured import fold

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.html import HtmlElement

    from transforms.structured import Structured

MAX_ELEMENTS = 20_000
MAX_SPOTS = 300  # of a page; articles have some dozens
MAX_MARKS = 300  # characters of class, id and itemprop
MAX_HEADINGS = 60  # of a level
HEADLINE_SHARE = 0.4  # of the page's title, that its headline repeats at least
HEADLINE_CHARS = 12  # a shorter text is found in too many places to be known as the headline

# Elements whose content is never the article's own line.
_SKIPPED = frozenset({
    "script", "style", "noscript", "template", "svg", "nav", "select", "textarea", "iframe", "option", "head", "button", "picture",
    "blockquote", "object", "video", "audio",
})  # fmt: skip
_WHOLE = frozenset({"html", "body", "main", "article"})  # their classes name the state of the page, not a part of it
_COLUMN_TAGS = frozenset({"aside", "figure", "figcaption"})
# Words in class and id that templates give to parts that are not the article; whole ones between blanks, hyphens and underscores.
_ASIDE = re.compile(
    r"(?:^|[\s_-])(?:comments?|commentlist|kommentare?|disqus|related|breadcrumbs?|menu|navbar|navigation|nav|newsletter|"
    r"recommended|recommendations?|most-?read|popular|trending|latest|cookies?|footer|ticker|events?(?![_-]?date)|carousel|slider|"
    r"copyright|masthead|topbar|more-?news|siblings|pager|pagination|promo|advert\w*|banner|respond|swiper)(?:$|[\s_-])"
    r"|(?:^|\s)widgets?(?:$|[\s_])"  # not Elementor's elementor-widget, which holds any part of a page
)
# Stronger: the line of date and author (Bootstrap writes it as ``ul.nav.meta``), the column of posts (Blogger's is ``.widget.Blog``), the
# line below a post (``entry-footer``) and the column of its data.
_OWN_PART = re.compile(
    r"(?:^|\s)(?:(?:post|entry|article|news|story|content|page)?[-_]{0,2}(?:meta|info|infoline|byline|dateline|date)|blog|hfeed|hentry"
    r"|[\w-]*(?:post|article|entry|story)[-_]+(?:footer|sidebar|aside)[\w-]*)(?:$|\s)"
)
_OWN_HEADER = re.compile(r"post|entry|article|story|single|page-?header|content|detail")  # of a <header> or <footer> outside <article>
_COLUMN = re.compile(r"(?:^|[\s_-])(?:sidebar|aside)(?:$|[\s_-])")
_LAYOUT = re.compile(r"main|content|wrap|layout|has-|no-|with-")  # by these a class names the whole page with its sidebar
_DATE_MARK = re.compile(
    r"(?:^|[\s_-])(?:\w*date\w*|\w*datum\w*|\w*time\w*|publish\w*|posted\w*|pub\w*|fecha|data|meta\w*|info\w*|byline|by-line|dateline|"
    r"veroff\w*|erstell\w*|stand|submitted|autor\w*|author\w*|credits?|created|details?|published)(?:$|[\s_-])"
)
_HINT = re.compile(
    r"(?:[1١۱१১１][9٩۹९৯９]|[2٢۲२২２][0٠۰०০０])\d\d|\d\s?[./]\s?\d{1,2}\s?[./]\s?\d{2}|\d.{0,12}['’]\d{2}|\d-[^\W\d_]{3,9}-\d{2}"
)  # what every written date has
_HEADINGS = ("h1", "h2", "h3", "h4")


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A piece of text, or an element with attributes, that may hold a date."""

    element: HtmlElement
    tail: bool  # the text stands behind the element and belongs to its parent
    at: int  # visible characters before it
    column: bool  # beside the text or at a picture, where dates are of other things unless they are marked

    @property
    def home(self) -> HtmlElement | None:
        """The element that the text belongs to."""
        return self.element.getparent() if self.tail else self.element


@dataclass(slots=True, kw_only=True)
class Layout:
    """Where the headline stands; filled while :func:`spots` goes through the page."""

    headline: HtmlElement | None
    around: frozenset[HtmlElement]  # the elements that hold the headline
    starts: int = -1  # visible characters before the headline; -1 where it has not come yet
    ends: int = -1


def layout_of(tree: HtmlElement, page: Structured) -> Layout:
    """The headline of a page and what holds it."""
    headline = headline_element(tree, page)
    return Layout(headline=headline, around=frozenset(headline.iterancestors()) if headline is not None else frozenset())


def spots(tree: HtmlElement, layout: Layout, near: int) -> Iterator[Spot | None]:
    """The pieces of a page that may hold a date, in order, without what belongs to the site, to readers and to other stories.

    A None comes in between where the page is ``near`` visible characters past the headline, so that who has found enough can stop.
    """
    headline, around = layout.headline, layout.around
    position, count, left = 0, 0, MAX_SPOTS
    passed = headline is None
    stack: list[tuple[HtmlElement, bool, bool]] = [(tree, False, False)]  # element, whether it is being left, whether in a column
    while stack and count < MAX_ELEMENTS and left:
        element, leaving, column = stack.pop()
        if not passed and 0 <= layout.ends < position - near:
            passed = True
            yield None
        if leaving:
            tail = element.tail
            if tail:
                if _HINT.search(tail):
                    left -= 1
                    yield Spot(element=element, tail=True, at=position, column=column)
                position += len(tail.strip())
            continue
        count += 1
        tag = element.tag
        if element.tail:
            stack.append((element, True, column))
        if not isinstance(tag, str) or (tag in _SKIPPED and element not in around):
            continue
        if headline is not None and element is headline:
            layout.starts, layout.ends = position, position + len(element.text_content().strip())
        elif element not in around:
            if is_aside(element):
                continue
            column = column or tag in _COLUMN_TAGS or (tag not in _WHOLE and _parts(marks_of(element))[1])
        text = element.text
        if tag in {"time", "abbr"} or (text and _HINT.search(text)) or _may_keep_a_date(element):
            left -= 1
            yield Spot(element=element, tail=False, at=position, column=column)
        if text:
            position += len(text.strip())
        if len(element):
            stack.extend((child, False, column) for child in reversed(element))


def headline_element(tree: HtmlElement, page: Structured) -> HtmlElement | None:
    """The heading that the page's title repeats; else another element that does; else its first h1."""
    stated = [text for text in (page.first("og:title", "twitter:title"), page.title_tag, *_headlines(page)) if text]
    titles = [fold_word(text) for text in stated]
    best: HtmlElement | None = None
    first: HtmlElement | None = None
    longest = 0
    least = max(HEADLINE_CHARS, min(map(len, titles), default=0) * HEADLINE_SHARE)
    for level in _HEADINGS:
        for heading in list(tree.iter(level))[:MAX_HEADINGS]:
            words = fold_word(fold(heading.text_content()))
            if level == "h1" and words and first is None:
                first = heading
            # the site's name is in the title too, but it is shorter
            shared = max((min(len(words), len(title)) for title in titles if words in title or title in words), default=0) if words else 0
            if shared >= least and shared > longest:
                best, longest = heading, shared
    if best is not None or not stated:
        return best if best is not None else first
    repeating = _repeats(tree, stated)
    return repeating if repeating is not None else first


def _headlines(page: Structured) -> Iterator[str]:
    for node in page.articles[:2]:
        if isinstance(node.get("headline"), str):
            yield node["headline"]


def _repeats(tree: HtmlElement, stated: list[str]) -> HtmlElement | None:
    """The element of any kind whose text is the most of the title, at least half of it: old templates have no headings."""
    best: HtmlElement | None = None
    longest = min(map(len, stated)) / 2
    body = tree.find("body")
    for element in body.iter() if body is not None else ():
        words = (element.text or "").strip() if isinstance(element.tag, str) and element.tag not in _SKIPPED else ""
        if len(words) >= HEADLINE_CHARS and len(words) > longest and any(words in title for title in stated):
            best, longest = element, len(words)
    return best


def marks_of(element: HtmlElement) -> str:
    """Class, id and itemprop of an element, in lower case."""
    return " ".join(filter(None, (element.get("class"), element.get("id"), element.get("itemprop"))))[:MAX_MARKS].lower()


@lru_cache(maxsize=8_192)
def _parts(marks: str) -> tuple[bool, bool, bool]:
    """Whether such marks name a part that is not the article's, a column, and a part that is the article's whatever else they say."""
    if not marks:
        return False, False, False
    return (
        _ASIDE.search(marks) is not None,
        _COLUMN.search(marks) is not None and not _LAYOUT.search(marks),
        _OWN_PART.search(marks) is not None,
    )


@lru_cache(maxsize=8_192)
def names_a_date(marks: str) -> bool:
    """Whether class, id or itemprop call something a date or a byline."""
    return _DATE_MARK.search(marks) is not None


def is_aside(element: HtmlElement) -> bool:
    """Whether an element that does not hold the headline is a part of the site or of other stories."""
    tag = element.tag
    if tag in _WHOLE:
        return False
    marks = marks_of(element)
    aside, _, own = _parts(marks)
    if own:
        return False
    if tag in {"footer", "header"} and not any(above.tag in {"article", "main"} for above in element.iterancestors()):
        # hAtom's name for a headline: a header that holds one is the article's
        return not _OWN_HEADER.search(marks) and not element.find_class("entry-title")
    return aside


def is_outside(element: HtmlElement) -> bool:
    """Whether an element lies in a part that is never the article's."""
    return any(each.tag in _SKIPPED or is_aside(each) for each in (element, *element.iterancestors()))


def _may_keep_a_date(element: HtmlElement) -> bool:
    """Whether a small element that is called a date may have it in an attribute."""
    mark = element.get("class")
    return bool(mark and len(element.attrib) > 1 and len(element) <= 1 and names_a_date(mark[:MAX_MARKS].lower()))
