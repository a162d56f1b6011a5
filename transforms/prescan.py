"""Which encoding a page declares in its own first bytes.

Belongs here: the prescan of the WHATWG HTML standard (13.2.3.2, "prescan a byte stream to determine its encoding") and the declaration of
XML. Does not belong here: what a label means and whether the bytes bear it out (``decode``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

PRESCAN_BYTES = 4096  # the standard reads 1,024; some news systems put long comments first

_XML_ENCODING = re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9_:.\-]+)", re.IGNORECASE)
_META = re.compile(rb"<meta(?=[\t\n\f\r /])", re.IGNORECASE)
_TAG = re.compile(rb"</?[A-Za-z][^\t\n\f\r >]*")
_BETWEEN = re.compile(rb"[\t\n\f\r /]*")
_SPACE = re.compile(rb"[\t\n\f\r ]*")
_NAME = re.compile(rb"=?[^\t\n\f\r />=]*")
_UNQUOTED = re.compile(rb"[^\t\n\f\r >]*")
_IN_CONTENT = re.compile(rb"charset[\t\n\f\r ]*=[\t\n\f\r ]*(?:\"([^\"]*)\"|'([^']*)'|([^\t\n\f\r ;\"'][^\t\n\f\r ;]*))", re.IGNORECASE)


def declared_labels(content: bytes) -> Iterator[str]:
    """The labels that a page declares, in order: of XML, then of each ``<meta>`` that declares one. The first that is known counts."""
    head = content[:PRESCAN_BYTES]
    xml = _XML_ENCODING.search(head)
    if xml is not None:
        yield xml[1].decode("ascii")
    place = head.find(b"<")
    while place >= 0:
        if head.startswith(b"<!--", place):
            end = head.find(b"-->", place + 2)
            place = end + 2 if end >= 0 else len(head)
        elif (meta := _META.match(head, place)) is not None:
            attributes, place = _attributes(head, meta.end())
            label = _of_meta(attributes)
            if label is not None:
                yield label
        elif (tag := _TAG.match(head, place)) is not None:
            _, place = _attributes(head, tag.end())
        elif head[place + 1 : place + 2] in {b"!", b"/", b"?"}:
            end = head.find(b">", place)
            place = end if end >= 0 else len(head)
        else:
            place += 1
        place = head.find(b"<", place)


def _of_meta(attributes: dict[bytes, bytes]) -> str | None:
    """``charset`` counts alone; a label in ``content`` only beside the pragma that makes it one. The first of the two goes before."""
    for name, value in attributes.items():
        if name == b"charset":
            return value.decode("latin-1").strip()
        found = _IN_CONTENT.search(value) if name == b"content" else None
        if found is not None:
            if b"charset" not in attributes and attributes.get(b"http-equiv", b"").lower() != b"content-type":
                return None
            return (found[1] or found[2] or found[3] or b"").decode("latin-1").strip()
    return None


def _attributes(head: bytes, place: int) -> tuple[dict[bytes, bytes], int]:
    """The attributes of a tag from behind its name, each the first of its name, and where the tag ends."""
    found: dict[bytes, bytes] = {}
    while True:
        place = _skip(_BETWEEN, head, place)
        if place >= len(head) or head[place : place + 1] == b">":
            return found, place
        end = _skip(_NAME, head, place)
        name = head[place:end].lower()
        place = _skip(_SPACE, head, end)
        value = b""
        if head[place : place + 1] == b"=":
            place = _skip(_SPACE, head, place + 1)
            quote = head[place : place + 1]
            if quote in {b'"', b"'"}:
                end = head.find(quote, place + 1)
                if end < 0:
                    return {}, len(head)  # the tag does not end within what is read
                value, place = head[place + 1 : end], end + 1
            else:
                end = _skip(_UNQUOTED, head, place)
                value, place = head[place:end], end
        found.setdefault(name, value)


def _skip(pattern: re.Pattern[bytes], head: bytes, place: int) -> int:
    match = pattern.match(head, place)
    return match.end() if match is not None else place
