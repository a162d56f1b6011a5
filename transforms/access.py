"""Whether a reader sees all of an article.

Belongs here: what a page states of its access, and the sentences of a pay wall. Does not belong here: pages that are nothing but a wall
(``walls``).

``metered``: the page says that it is not free, and the text is there all the same. ``stub``: only its beginning is there. Where nothing is
stated, only a short text with a wall's sentence beside it is a stub: readers of a whole article are invited to subscribe as well.
"""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, cast

from lxml import etree

from transforms.body import word_count
from transforms.date_words import fold_word

if TYPE_CHECKING:
    from lxml.html import HtmlElement

    from transforms.records import Access
    from transforms.structured import Structured

STUB_WORDS = 150  # a page that says it is not free and shows fewer words than this shows a stub
STATED_SHARE = 0.5  # … or less than this share of the words that it says it has
MAX_PARTS = 20
MAX_SENTENCE_CHARS = 250  # of a piece of the page in which a wall's sentence may stand
_TIER = ("article:content_tier", "og:article:content_tier", "content_tier", "article:content-tier", "article:tier", "content-access")
_CLOSED_TIERS = frozenset({"locked", "metered", "paid", "premium", "subscriber", "subscribers", "subscription", "restricted", "registered"})
_VISIBLE = etree.XPath(
    "//body//text()[not(parent::script or parent::style or parent::noscript or parent::template or ancestor::a or ancestor::nav"
    " or ancestor::footer)]",
    smart_strings=False,
)


@lru_cache(maxsize=1)
def _sentences() -> re.Pattern[str]:
    table = tomllib.loads(files("transforms.lexicons").joinpath("access.toml").read_text(encoding="utf-8"))
    words = sorted({fold_word(sentence) for sentences in table.values() for sentence in sentences}, key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(re.escape(word) for word in words)})(?!\w)")


def read_access(said: Structured, tree: HtmlElement, text: str) -> Access:
    """``full``, ``metered`` or ``stub``."""
    words = word_count(text)
    closed = _stated_closed(said)
    if closed:
        return "stub" if words < STUB_WORDS or words < STATED_SHARE * _stated_words(said) else "metered"
    if closed is None and words < STUB_WORDS and _walled(tree):
        return "stub"
    return "full"


def _stated_closed(said: Structured) -> bool | None:
    """Whether the page says that it is not free; None where it says nothing. One part that is not free closes the whole."""
    stated: list[bool] = []
    for node in said.articles[:2]:
        parts = node.get("hasPart")
        for part in (node, *(parts[:MAX_PARTS] if isinstance(parts, list) else [parts])):
            if isinstance(part, dict) and (free := _truth(part.get("isAccessibleForFree"))) is not None:
                stated.append(free)
    tier = (said.first(*_TIER) or "").lower()
    if tier in _CLOSED_TIERS:
        stated.append(False)
    elif tier == "free":
        stated.append(True)
    return not all(stated) if stated else None


def _truth(value: Any) -> bool | None:
    """JSON-LD's booleans as sites write them: ``false``, ``"False"``, ``"http://schema.org/False"``."""
    word = str(value).rsplit("/", 1)[-1].strip().lower()
    return {"true": True, "false": False, "1": True, "0": False, "yes": True, "no": False}.get(word)


def _stated_words(said: Structured) -> int:
    counts = (str(node.get("wordCount") or "") for node in said.articles[:1])
    return next((int(count) for count in counts if count.isdecimal() and len(count) < 6), 0)


def _walled(tree: HtmlElement) -> bool:
    """Whether a visible sentence says that the rest is for subscribers; links lead to other articles that may be."""
    pieces = (" ".join(piece.split()) for piece in cast("list[str]", _VISIBLE(tree)))
    shown = "\n".join(piece for piece in pieces if 0 < len(piece) <= MAX_SENTENCE_CHARS)
    return _sentences().search(fold_word(shown)) is not None
