"""What class names and ids say of the parts of a page.

Belongs here: splitting such names into words and looking these up in ``lexicons/article_parts.toml``. Does not belong here: tags, the
weight of what is in a part (``container``).
"""

from __future__ import annotations

import re
import tomllib
from functools import cache, lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from lxml.html import HtmlElement

Mark = Literal["", "never", "notice", "foreign", "beside", "small", "hidden"]

MAX_NAMES = 400  # characters of class and id; they are kept in memory
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_NO_LETTER = re.compile(r"[^a-z0-9]+")
# WordPress gives every post classes with its tags, authors and state of comments, which say nothing of the element.
_POST_CLASSES = re.compile(r"(?:^|\s)(?:hentry|post-\d+|type-post|status-publish)(?:\s|$)")


@cache
def _names() -> dict[str, re.Pattern[str]]:
    table = tomllib.loads(files("transforms.lexicons").joinpath("article_parts.toml").read_text(encoding="utf-8"))
    return {
        kind: re.compile(" (?:" + "|".join(re.escape(entry).replace(r"\*", "[a-z0-9]*").replace(r"\ ", " ") for entry in entries) + ") ")
        for kind, entries in table.items()
    }


def _plain(name: str) -> str:
    return f" {_NO_LETTER.sub(' ', _CAMEL.sub(' ', name).lower()).strip()} "


@lru_cache(maxsize=65_536)
def mark_of_names(names: str) -> Mark:
    """What class names and ids say. One page uses the same ones again and again, and so do the pages of an outlet."""
    if _POST_CLASSES.search(names):
        return ""
    known = _names()
    found: Mark = ""
    for name in names.split():
        plain = _plain(name)
        notice, foreign, beside = (known[kind].search(plain) for kind in ("notice", "foreign", "beside"))
        if notice or foreign or beside:
            if known["layout"].search(plain):
                continue
            if notice or foreign:
                return "notice" if notice else "foreign"
            found = "beside"
        elif not found and known["small"].search(plain):
            found = "small"
    return found


@lru_cache(maxsize=65_536)
def _are_a_lead(names: str) -> bool:
    return any(_names()["lead"].search(_plain(name)) for name in names.split())


@lru_cache(maxsize=65_536)
def _are_a_body(names: str) -> bool:
    return not _POST_CLASSES.search(names) and any(_names()["body"].search(_plain(name)) for name in names.split())


def names_of(element: HtmlElement) -> str:
    """Class names and id of an element."""
    return f"{element.get('class') or ''} {element.get('id') or ''}".strip()[:MAX_NAMES]


def names_a_lead(element: HtmlElement) -> bool:
    """Whether class or id call an element the lead of an article."""
    names = names_of(element)
    return bool(names) and _are_a_lead(names)


def names_a_body(element: HtmlElement) -> bool:
    """Whether class or id call an element the body of an article."""
    names = names_of(element)
    return bool(names) and _are_a_body(names)
