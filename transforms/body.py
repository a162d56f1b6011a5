"""The text of an article out of its page.

Belongs here: taking away what is not the article, calling trafilatura within limits. Does not belong here: white space (``clean``).
"""

from __future__ import annotations

import logging
from copy import deepcopy

from lxml import etree
from lxml.html import HtmlElement
from trafilatura import bare_extraction

from transforms.clean import clean_text

MAX_ELEMENTS = 20_000  # trafilatura's time grows faster than the page; real articles have under 8,000 elements
MAX_TEXT_CHARS = 1_000_000
# Only what can hold no text of an article: some systems put the whole page into <form>, others real paragraphs into <nav> or <aside>.
_DROPPED = ("script", "style", "template", "svg", "figcaption")

logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # it reports every odd page; outcomes are recorded here


def lean_tree(tree: HtmlElement) -> HtmlElement:
    """A copy of the page without what never holds an article's text, cut to :data:`MAX_ELEMENTS`."""
    copy = deepcopy(tree)
    etree.strip_elements(copy, *_DROPPED, with_tail=False)
    count = 0
    surplus: list[HtmlElement] = []
    for element in copy.iter():
        count += 1
        if count > MAX_ELEMENTS:
            surplus.append(element)
    for element in surplus:
        parent = element.getparent()
        if parent is not None:
            parent.remove(element)
    return copy


def body_text(tree: HtmlElement, title: str = "") -> str:
    """The article's paragraphs, one a line; empty where none are found. ``tree`` is used up."""
    try:
        document = bare_extraction(tree, fast=True, include_comments=False, include_tables=True, with_metadata=False)
    except Exception:  # the extractor is not written for hostile trees: a page it fails on has no text
        return ""
    if document is None:
        return ""
    return clean_text((document.text or "")[:MAX_TEXT_CHARS])
