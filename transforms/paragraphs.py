"""Cutting a part of a page into blocks: paragraphs, headings, list entries, rows of tables.

Belongs here: which markup separates blocks. Does not belong here: which part of the page is cut (``container``), which blocks are kept
(``boilerplate``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from transforms.container import folded, leads_elsewhere, linked_letters, text_of

if TYPE_CHECKING:
    from lxml.html import HtmlElement

    from transforms.container import Weights

CELL_PROSE = 200  # a cell with so many letters of prose lays out a page

Kind = Literal["text", "entry", "quote", "heading", "row"]

HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_INLINE = frozenset({
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins", "kbd", "mark", "q",
    "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr", "ruby", "rb", "rt", "rp", "nobr",
})  # fmt: skip
_SILENT = frozenset({"script", "style", "noscript", "template", "img", "svg", "link", "meta"})  # they stand inside sentences too
_ENTRIES = frozenset({"li", "dt", "dd"})
# They say only where a word may break, or nothing; a name is the same with and without them.
_BREAK_MARKS = re.compile("[\u00ad\u200b\u2060\ufeff]")


@dataclass(slots=True)
class Block:
    """One block: its kind, its text on one line, how many of its letters are links, the tag of a heading."""

    kind: Kind
    text: str
    linked: int = 0
    tag: str = ""


class _Cutter:
    """Walks through elements and collects blocks."""

    def __init__(self, weights: Weights) -> None:
        self.blocks: list[Block] = []
        self._weights = weights
        self._pieces: list[str] = []
        self._linked = 0

    def add(self, text: str | None, linked: bool) -> None:
        if text:
            self._pieces.append(text)
            if linked:
                self._linked += len(text)

    def close(self, kind: Kind, tag: str = "") -> None:
        if self._pieces:
            text = "".join(self._pieces)
            text = folded(text if text.isascii() else _BREAK_MARKS.sub("", text))
            if text:
                self.blocks.append(Block(kind, text, self._linked, tag))
            self._pieces.clear()
        self._linked = 0

    def walk(self, element: HtmlElement, kind: Kind, tag: str = "", linked: bool = False) -> None:
        passed_over = self._weights.passed_over
        for child in element:
            name = child.tag
            if not isinstance(name, str) or passed_over(child):
                if name not in _INLINE and name not in _SILENT:
                    self.close(kind, tag)
            elif name in _INLINE:
                inner = linked or (name == "a" and leads_elsewhere(child))
                self.add(child.text, inner)
                if len(child):
                    self.walk(child, kind, tag, inner)
            elif name == "br":
                self.close(kind, tag)
            elif name == "table":
                self.close(kind, tag)
                self._table(child, linked)
            else:
                self.close(kind, tag)
                within = self._kind(name, kind)
                heading = name if within == "heading" else ""
                self.add(child.text, linked)
                self.walk(child, within, heading, linked)
                self.close(within, heading)
            self.add(child.tail, linked)

    @staticmethod
    def _kind(name: str, around: Kind) -> Kind:
        if name in HEADINGS:
            return "heading"
        if name in _ENTRIES:
            return "entry"
        if name == "blockquote":
            return "quote"
        return around if around in {"entry", "quote"} else "text"

    def _table(self, table: HtmlElement, linked: bool) -> None:
        """The rows of a table, their cells joined; the cells one by one where the table only lays out the page."""
        rows = [
            [cell for cell in row if cell.tag in {"td", "th"}]
            for group in table
            for row in ([group] if group.tag == "tr" else group if group.tag in {"tbody", "thead", "tfoot"} else ())
        ]
        prose = self._weights.prose
        if (
            max(map(len, rows), default=0) <= 1
            or table.find(".//table") is not None
            or any(prose.get(cell, 0) > CELL_PROSE for row in rows for cell in row)
        ):
            for row in rows:
                for cell in row:
                    self.add(cell.text, linked)
                    self.walk(cell, "text", "", linked)
                    self.close("text")
            return
        for row in rows:
            cells = [folded(_BREAK_MARKS.sub("", text_of(cell))) for cell in row]
            if any(cells):
                self.blocks.append(Block("row", " | ".join(cells), sum(map(linked_letters, row))))


def cut(element: HtmlElement, weights: Weights) -> list[Block]:
    """The blocks of an element in the order of the page, without the parts that are passed over."""
    cutter = _Cutter(weights)
    kind: Kind = "heading" if element.tag in HEADINGS else "text"
    tag = element.tag if kind == "heading" else ""
    cutter.add(element.text, False)
    cutter.walk(element, kind, tag)
    cutter.close(kind, tag)
    return cutter.blocks
