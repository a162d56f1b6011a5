"""The text of an article out of its page.

Belongs here: taking away what is not the article, calling trafilatura within limits, checking its answer against what else is
known. Does not belong here: white space (``clean``).

trafilatura's quick mode is right on nearly every news page. Two checks find most of the others: the paragraphs of the page
that hold prose (if the answer has few of them, the slower modes are asked too) and the body that JSON-LD states.
"""

from __future__ import annotations

import html
import logging
import re
from collections import Counter
from copy import deepcopy
from itertools import islice
from typing import TYPE_CHECKING, cast

from lxml import etree
from trafilatura import bare_extraction

from transforms.clean import clean_text

if TYPE_CHECKING:
    from lxml.html import HtmlElement

    from transforms.structured import Structured

MAX_ELEMENTS = 20_000  # trafilatura's time grows faster than the page; real articles have under 8,000 elements
MAX_TEXT_CHARS = 1_000_000
SHORT_WORDS = 400  # only a shorter answer is doubted
COVERED = 0.4  # … and only if it holds less than this share of the page's prose
BETTER = 1.5  # another answer must fit the prose so much better to be taken
STATED_WORDS = 100  # a stated body shorter than this is a summary
STATED_LONGER = 1.2  # a stated body must be so much longer than the answer …
STATED_SHARED = 0.9  # … and hold so much of it, to be taken in its place
MIN_WORDS = 10  # fewer are a label or a button, no article
LETTERS_PER_WORD = 3  # in scripts without blanks
UNSPACED = 15  # letters to a blank: more are such a script
PROSE_WORDS = 8  # a paragraph has at least so many words

# Only what can hold no text of an article: some systems put the whole page into <form>, others real paragraphs into <nav> or <aside>.
_DROPPED = ("script", "style", "template", "svg", "figcaption")
_ASIDE_TAGS = frozenset({"nav", "footer", "aside", "header", "form", "figcaption", "noscript", "button", "select"})
_ASIDE_MARKS = re.compile(r"comment|kommentar|related|sidebar|footer|newsletter|cookie|consent|promo|recommend|disqus|replies|teaser")
_COUNT = etree.XPath("count(//*)")  # counts without making a Python object of each
_WORD = re.compile(r"\w+")
_TAG = re.compile(r"<[^>]{1,500}>")
_BLOCK_END = re.compile(r"</(?:p|div|h[1-6]|li|blockquote)>|<br\s*/?>", re.IGNORECASE)

logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # it reports every odd page; outcomes are recorded here


def lean_tree(tree: HtmlElement) -> HtmlElement:
    """A copy of the page without what never holds an article's text, cut to :data:`MAX_ELEMENTS`."""
    copy = deepcopy(tree)
    etree.strip_elements(copy, *_DROPPED, with_tail=False)
    if cast("float", _COUNT(copy)) > MAX_ELEMENTS:
        for element in list(islice(copy.iter(), MAX_ELEMENTS, None)):
            parent = element.getparent()
            if parent is not None:
                parent.remove(element)
    return copy


def body_text(tree: HtmlElement, said: Structured | None = None, title: str = "") -> str:
    """The article's paragraphs, one a line, without the headline; empty where there are hardly any words. ``tree`` is left as it is."""
    text = _extract(lean_tree(tree), fast=True)
    if len(text.split()) < SHORT_WORDS:
        text = _second_look(tree, text)
    if said is not None:
        text = _stated(said, text)
        text = _without_headline(text, (title, *said.headings[:3]))
    return text if word_count(text) >= MIN_WORDS else ""


def word_count(text: str) -> int:
    """Words, or an estimate for scripts that write without blanks."""
    spaced = len(text.split())
    return max(spaced, len(text) // LETTERS_PER_WORD) if spaced * UNSPACED < len(text) else spaced


def _without_headline(text: str, titles: tuple[str, ...]) -> str:
    """The text without first lines that repeat the headline: a name there stands in the title, and is counted there."""
    known = {"".join(_WORD.findall(title.casefold())) for title in titles} | {""}
    lines = text.split("\n")
    while lines and "".join(_WORD.findall(lines[0].casefold())) in known:
        del lines[0]
    return "\n".join(lines)


def _extract(tree: HtmlElement, *, fast: bool, recall: bool = False) -> str:
    try:
        document = bare_extraction(tree, fast=fast, favor_recall=recall, include_comments=False, include_tables=True, with_metadata=False)
    except Exception:  # noqa: BLE001 - the extractor is not written for hostile trees: a page it fails on has no text
        return ""
    if document is None or isinstance(document, dict):
        return ""
    return clean_text((document.text or "")[:MAX_TEXT_CHARS])


def _words(text: str) -> Counter[str]:
    return Counter(_WORD.findall(text.lower()))


def _prose(tree: HtmlElement) -> Counter[str]:
    """The words of all paragraphs that hold prose and lie in no side matter."""
    found: Counter[str] = Counter()
    waiting = [tree]
    while waiting:
        element = waiting.pop()
        for child in element:
            if child.tag in _ASIDE_TAGS or _ASIDE_MARKS.search(f"{child.get('class', '')} {child.get('id', '')}".lower()):
                continue
            if child.tag == "p":
                words = _words(child.text_content())
                linked = sum(_words(link.text_content()).total() for link in child.iter("a"))
                if words.total() >= PROSE_WORDS and linked * 2 <= words.total():
                    found += words
            else:
                waiting.append(child)
    return found


def _fit(text: str, prose: Counter[str]) -> float:
    words = _words(text)
    both = words.total() + prose.total()
    return 2 * (words & prose).total() / both if both else 0.0


def _second_look(tree: HtmlElement, text: str) -> str:
    """The quick answer, or another one that fits the page's prose far better."""
    prose = _prose(tree)
    if text and (prose & _words(text)).total() >= COVERED * prose.total():
        return text
    others = (_extract(lean_tree(tree), fast=True, recall=True), _extract(lean_tree(tree), fast=False))
    if not prose:
        return text or max(others, key=len)
    best = max(others, key=lambda other: _fit(other, prose))
    return best if _fit(best, prose) > BETTER * _fit(text, prose) else text


def _stated(said: Structured, text: str) -> str:
    """The body that the page's own JSON-LD states, where it is clearly the whole of what was found in part."""
    bodies = [node["articleBody"] for node in said.articles[:3] if isinstance(node.get("articleBody"), str)]
    if not bodies:
        return text
    longest = html.unescape(max(bodies, key=len)[:MAX_TEXT_CHARS])
    stated = clean_text(_TAG.sub("", _BLOCK_END.sub("\n", longest)))
    theirs, ours = _words(stated), _words(text)
    if (
        theirs.total() >= STATED_WORDS
        and theirs.total() > STATED_LONGER * ours.total()
        and (theirs & ours).total() >= STATED_SHARED * ours.total()
    ):
        return stated
    return text
