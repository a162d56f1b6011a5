"""Which news agency a page credits as its source, outside the byline.

Belongs here: the places of credits: structured data, the ends of the text, elements marked as the source. Does not belong here: the names
of agencies and the forms of credits (``agencies``), bylines (``authors``).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from transforms.agencies import MAX_LINE_CHARS
from transforms.marks import fitting, marked
from transforms.structured import Structured, short_text, texts

if TYPE_CHECKING:
    from lxml.html import HtmlElement

    from transforms.agencies import Agencies

CREDIT_LINES = 3  # at either end of the text, where an agency is credited
PICTURE_DEPTH = 5  # ancestors that are looked at
_SOURCE_KEYS = ("sourceOrganization", "creditText", "provider", "copyrightHolder")
_SOURCE_META = ("source", "dc.source", "article:source", "original-source", "syndication-source", "news_agency", "agency", "copyright")
_SOURCE_WORDS = ("agency", "agence", "agentur", "agenzia", "agencia", "wire", "source", "quelle", "fuente", "fonte", "bron", "credit")
_SOURCE_MARK = re.compile(rf"(?:^|[\s_-])(?:{'|'.join(_SOURCE_WORDS)})(?:$|[\s_-])")
_PICTURE_MARK = re.compile(r"photo|foto|image|picture|caption|media|gallery|video")


def find_agency(said: Structured, tree: HtmlElement, text: str, known: Agencies, classes: frozenset[str]) -> tuple[str | None, str | None]:
    """The agency that is credited, and where: ``jsonld``, ``meta``, ``text`` or ``byline`` (an element marked as the source).

    ``classes`` are those of the page (``marks.class_names``).
    """
    for node in said.articles[:2]:
        for key in _SOURCE_KEYS:
            for name in texts(node.get(key), limit=2):
                if (agency := known.in_byline(name)) is not None:
                    return agency, "jsonld"
    for key in _SOURCE_META:
        for name in said.meta.get(key, ())[:1]:
            if (agency := known.in_byline(name)) is not None:
                return agency, "meta"
    if (agency := in_text(text, known)) is not None:
        return agency, "text"
    agency = _marked(tree, known, classes)
    return agency, "byline" if agency else None


def in_text(text: str, known: Agencies) -> str | None:
    """The agency that the first or last lines of a text credit."""
    lines = text.split("\n")
    edges = [*lines[:CREDIT_LINES], *lines[-CREDIT_LINES:]] if len(lines) > 2 * CREDIT_LINES else lines
    return next((agency for line in edges if (agency := known.credited(line)) is not None), None)


def _marked(tree: HtmlElement, known: Agencies, classes: frozenset[str]) -> str | None:
    """The agency in a short piece of the page whose class says that it names the source; pictures have sources of their own."""
    for element in marked(tree, fitting(classes, _SOURCE_WORDS, _SOURCE_MARK)):
        words = short_text(element, MAX_LINE_CHARS)
        if len(words) < 2 or _in_picture(element):
            continue
        if (agency := known.in_byline(words) or known.credited(words)) is not None:
            return agency
    return None


def _in_picture(element: HtmlElement) -> bool:
    around = [element, *element.iterancestors()][:PICTURE_DEPTH]
    return any(
        each.tag in {"figure", "figcaption", "picture", "aside"} or _PICTURE_MARK.search((each.get("class") or "").lower())
        for each in around
    )
