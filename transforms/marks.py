"""Elements that a class marks as something: a byline, a source.

Belongs here: finding them quickly. Does not belong here: which marks mean what (``authors``, ``wire``).

A page has a thousand elements but a few hundred different classes: so the classes are judged, once each, and only where one fits are the
elements gone through.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from lxml import etree

if TYPE_CHECKING:
    import re
    from collections.abc import Container, Iterable

    from lxml.html import HtmlElement

_CLASSES = etree.XPath("//@class", smart_strings=False)
_TAGS = ("a", "span", "div", "p", "address", "li", "ul", "h4", "footer")
_NONE: frozenset[HtmlElement] = frozenset()


def class_names(tree: HtmlElement) -> frozenset[str]:
    """Every different value of a class attribute on a page."""
    return frozenset(cast("list[str]", _CLASSES(tree)))


def fitting(classes: frozenset[str], words: Iterable[str], mark: re.Pattern[str]) -> frozenset[str]:
    """The classes that fit ``mark`` in lower case. ``words``: it fits nothing that has none of them."""
    joined = "\n".join(classes).lower()
    if not any(word in joined for word in words):
        return frozenset()
    return frozenset(name for name in classes if mark.search(name.lower()))


def marked(tree: HtmlElement, classes: frozenset[str], others: Container[HtmlElement] = _NONE) -> list[HtmlElement]:
    """The elements that have one of the classes or are among ``others``, in the order of the page."""
    if not classes and not others:
        return []
    return [element for element in tree.iter(*_TAGS) if element.get("class") in classes or element in others]
