"""The text of an article out of its page.

Belongs here: the order in which ways of reading are tried, leads, checking an answer against what else is known. Does not belong
here: where the article lies (``container``), its blocks (``paragraphs``, ``boilerplate``), white space (``clean``).

One walk over the tree finds the text of nearly every news page. Where it finds little, trafilatura is asked too, at several times the
cost; where the page's JSON-LD states a body that holds all that was found and more, that is taken.
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

from transforms.boilerplate import article_blocks, is_sentence
from transforms.clean import clean_text
from transforms.container import NEVER, Weights, article_parts, before_body, signs, text_of, weigh
from transforms.paragraphs import Block, cut
from transforms.partnames import names_a_lead

if TYPE_CHECKING:
    from lxml.html import HtmlElement

    from transforms.structured import Structured

MAX_ELEMENTS = 8_000  # trafilatura's time grows faster than the page
MAX_TEXT_CHARS = 1_000_000
SURE_WORDS = 130  # a longer text is taken as it was found
LONG_TEXT_WORDS = 1_200  # so much is hardly ever the wrong part of a page, and the second look is dear there
KEPT_PROMISE = 0.6  # of the words in the page's description; in other texts they are fewer
CLEARLY = 0.2
MUCH_SHORTER = 0.3
ANNOUNCED_WORDS = 5  # a shorter description says nothing, the title then stands for it
FEWEST_WORDS = 3
LONG_WORD = 4
STEM = 5  # letters that inflection leaves
LONGER = 1.5  # another answer must be so much longer to be taken instead
MIN_WORDS = 10  # fewer are a label or a button, no article
LETTERS_PER_WORD = 3  # in scripts without blanks
UNSPACED = 15  # letters to a blank: more are such a script
STATED_WORDS = 100  # a stated body shorter than this is a summary
STATED_LONGER = 1.2  # a stated body must be so much longer than the answer …
STATED_RICHER = 1.05  # in distinct words, of which longer texts of one author have few more
STATED_SHARED = 0.8  # … and hold so much of it, to be taken in its place
LEAD_CHARS = 25
SENTENCE_CHARS = 70  # a line between headline and text that is so long and ends like a sentence is a lead
DESCRIBED_SIGNS = 20  # so many letters in common with the page's description at the beginning
MAX_LEAD_BLOCKS = 3
MAX_IN_LEAD = 30  # elements of a header whose names are looked at
FIRST_BLOCKS = 12  # in which a lead may be repeated

# Only what can hold no text of an article: some systems put the whole page into <form>, others real paragraphs into <nav> or <aside>.
_DROPPED = ("script", "style", "template", "svg", "figcaption")
_NO_LEAD = NEVER | {"figure", "nav", "aside", "form", "ul", "ol", "footer", "table"}
_COUNT = etree.XPath("count(//*)")  # counts without making a Python object of each
_WORD = re.compile(r"\w+")
_TAG = re.compile(r"<[^>]{1,500}>")
_BLOCK_END = re.compile(r"</(?:p|div|h[1-6]|li|blockquote)>|<br\s*/?>", re.IGNORECASE)

logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # it reports every odd page; outcomes are recorded here


def body_text(tree: HtmlElement, said: Structured | None = None, title: str = "") -> str:
    """The article's paragraphs, one a line, without the headline; empty where there are hardly any words.

    ``tree`` is left as it is but for parts that were sent late, which are put in their place.
    """
    _place_streamed(tree)
    text = _own_reading(tree, said, title)
    announced = _announced(said, title)
    words = word_count(text)
    if words < SURE_WORDS or (words < LONG_TEXT_WORDS and _share(announced, text) < KEPT_PROMISE):
        text = _second_look(tree, text, announced)
    if said is not None:
        text = _stated(said, text)
        text = _without_headline(text, (title, *said.headings[:3]))
    return text if word_count(text) >= MIN_WORDS else ""


def word_count(text: str) -> int:
    """Words, or an estimate for scripts that write without blanks."""
    spaced = len(text.split())
    return max(spaced, len(text) // LETTERS_PER_WORD) if spaced * UNSPACED < len(text) else spaced


def _place_streamed(tree: HtmlElement) -> None:
    """Puts parts that React sent late where its script would put them.

    The server sends <template id="B:1"> in their place and later, at the end of the body, <div hidden id="S:1"> with the part.
    """
    body = tree.find("body")
    late = [] if body is None else [part for part in body.iterchildren("div") if (part.get("id") or "").startswith("S:")]
    places = {place.get("id", ""): place for place in tree.iter("template")} if late else {}
    for part in late:
        number = part.get("id", "")[2:]
        place = places.get("B:" + number, places.get("P:" + number))
        parent = place.getparent() if place is not None else None
        if place is None or parent is None or part.get("hidden") is None or part in place.iterancestors():
            continue
        for child in list(part):
            place.addprevious(child)


def _own_reading(tree: HtmlElement, said: Structured | None, title: str) -> str:
    weights = weigh(tree, said, title)
    if not weights.kept:
        return ""
    parts = article_parts(weights)
    found = [block for part in parts for block in cut(part, weights)]
    headlines = frozenset(filter(None, map(signs, (title, *(said.headings[:3] if said is not None else ())))))
    blocks = article_blocks(found, headlines)
    blocks = [*_lead(weights, parts, blocks[:FIRST_BLOCKS], _descriptions(said)), *blocks]
    return clean_text("\n".join(block.text for block in blocks)[:MAX_TEXT_CHARS])


def _descriptions(said: Structured | None) -> list[str]:
    if said is None:
        return []
    stated = [said.first("description"), said.first("og:description"), *(node.get("description") for node in said.articles[:1])]
    return [signs(text) for text in stated if isinstance(text, str)]


def _lead(weights: Weights, parts: list[HtmlElement], first: list[Block], descriptions: list[str]) -> list[Block]:
    """What stands between headline and body and sums the article up, unless the body repeats it.

    It is called so, or the page describes itself with it, or it is a sentence long enough to be no caption.
    """
    known = [signs(block.text) for block in first]
    found: list[Block] = []
    for element in before_body(weights, parts):
        mark = weights.mark(element)
        if element.tag in _NO_LEAD or mark not in {"", "small"}:
            continue
        inner = (cast("HtmlElement", child) for child in islice(element.iterdescendants(), MAX_IN_LEAD))
        named = [signs(text_of(part)) for part in (element, *inner) if names_a_lead(part)]
        for block in cut(element, weights):
            words = signs(block.text)
            if len(block.text) < LEAD_CHARS or block.linked * 2 > len(block.text) or any(words in other for other in known):
                continue
            called = any(words in part for part in named)
            sentence = mark == "" and len(block.text) >= SENTENCE_CHARS and is_sentence(block)
            if called or sentence or _describes(words, descriptions):
                found.append(block)
                known.append(words)
    return found[:MAX_LEAD_BLOCKS]


def _describes(words: str, descriptions: list[str]) -> bool:
    """Whether a text and a description of the page begin alike."""
    begins = 3 * DESCRIBED_SIGNS
    return len(words) > DESCRIBED_SIGNS and any(
        words.startswith(other[:begins]) or other.startswith(words[:begins]) for other in descriptions if other
    )


def _without_headline(text: str, titles: tuple[str, ...]) -> str:
    """The text without first lines that repeat the headline: a name there stands in the title, and is counted there."""
    known = {signs(title) for title in titles} | {""}
    lines = text.split("\n")
    while lines and signs(lines[0]) in known:
        del lines[0]
    return "\n".join(lines)


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


def _extract(tree: HtmlElement, *, fast: bool) -> str:
    try:
        document = bare_extraction(tree, fast=fast, include_comments=False, include_tables=True, with_metadata=False)
    except Exception:  # noqa: BLE001 - the extractor is not written for hostile trees: a page it fails on has no text
        return ""
    if document is None or isinstance(document, dict):
        return ""
    return clean_text((document.text or "")[:MAX_TEXT_CHARS])


def _announced(said: Structured | None, title: str) -> frozenset[str]:
    """The beginnings of the longer words in the page's description and title: the text will hold most of them."""
    stated = [] if said is None else [said.first("description") or "", said.first("og:description") or ""]
    longest = max(stated, key=len, default="")
    found = _stems(longest)
    return found if len(found) >= ANNOUNCED_WORDS else _stems(title)


def _stems(text: str) -> frozenset[str]:
    return frozenset(word[:STEM] for word in _WORD.findall(text.lower()) if len(word) >= LONG_WORD)


def _share(announced: frozenset[str], text: str) -> float:
    return len(announced & _stems(text)) / len(announced) if len(announced) >= FEWEST_WORDS else 1.0


def _second_look(tree: HtmlElement, text: str, announced: frozenset[str]) -> str:
    """The doubtful answer, or one by trafilatura that holds clearly more of what the page announces or, where that is equal, of prose."""
    other = _extract(lean_tree(tree), fast=True)
    ours, theirs = _share(announced, text), _share(announced, other)
    if (theirs > ours + CLEARLY and word_count(other) >= MUCH_SHORTER * word_count(text)) or (
        theirs >= ours and word_count(text) < SURE_WORDS and word_count(other) > LONGER * word_count(text)
    ):
        return other
    return text


def _words(text: str) -> Counter[str]:
    return Counter(_WORD.findall(text.lower()))


def _stated(said: Structured, text: str) -> str:
    """The body that the page's own JSON-LD states, where it is clearly the whole of what was found in part."""
    bodies = [node["articleBody"] for node in said.articles[:3] if isinstance(node.get("articleBody"), str)]
    if not bodies:
        return text
    longest = max(bodies, key=len)[:MAX_TEXT_CHARS]
    if len(longest) < STATED_LONGER * len(text):
        return text
    stated = clean_text(_TAG.sub("", _BLOCK_END.sub("\n", html.unescape(longest))))
    theirs, ours = _words(stated), _words(text)
    if (
        theirs.total() >= STATED_WORDS
        and len(theirs) > STATED_RICHER * len(ours)  # else it says the same twice
        and theirs.total() > STATED_LONGER * ours.total()
        and (theirs & ours).total() >= STATED_SHARED * ours.total()
    ):
        return stated
    return text
