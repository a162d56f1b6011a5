"""What others wrote, made fit to be shown: hostile until it has passed here, and escaped by the template all the same.

Cuts and cleans for pages only. The exports for machines keep every text as it is (see :mod:`warehouse.export`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from warehouse.export import CONTROLS

HEADLINE, SENTENCE = 220, 420  # characters shown
# Marks that change the direction of what follows them; the isolation of <bdi> would not hold against all of them.
OVERRIDES = re.compile("[\u202a-\u202e\u2066-\u2069\u200b\ufeff]")


def clean(text: str, limit: int = 400) -> str:
    """Text fit for a page: no control characters, no override of direction, blanks collapsed, cut at ``limit`` characters."""
    kept = " ".join(OVERRIDES.sub("", CONTROLS.sub("", text)).split())
    return kept if len(kept) <= limit else kept[:limit].rstrip() + "…"


def web_address(url: str) -> str:
    """The address if it is one of the web, else nothing: what is no http or https is never made a link."""
    text = CONTROLS.sub("", url).strip()
    try:
        parts = urlsplit(text)
    except ValueError:
        return ""
    return text if parts.scheme in {"http", "https"} and parts.hostname and not any(c.isspace() for c in text) else ""


def marked(sentence: str | None, surfaces: Iterable[str | None]) -> tuple[tuple[bool, str], ...]:
    """A sentence as runs of text, each with whether it is a candidate's name as it stands there."""
    text = clean(sentence or "", SENTENCE)
    names = sorted({clean(s) for s in surfaces if s and clean(s)}, key=lambda s: (-len(s), s))
    if not text or not names:
        return ((False, text),) if text else ()
    return tuple((part in names, part) for part in re.split("(" + "|".join(re.escape(n) for n in names) + ")", text) if part)
