"""Whether a reader sees all of an article, on pages of our own invention."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from transforms.access import read_access
from transforms.structured import parse_html, read_structured

PAGES: list[dict[str, Any]] = tomllib.loads(Path(__file__).with_name("access_pages.toml").read_text(encoding="utf-8"))["page"]


@pytest.mark.parametrize("page", PAGES, ids=[f"{n}-{page['want']}" for n, page in enumerate(PAGES)])
def test_pages(page: dict[str, Any]) -> None:
    head = page.get("head", "")
    if "ld" in page:
        head += f'<script type="application/ld+json">{{"@type":"NewsArticle","headline":"X",{page["ld"]}}}</script>'
    text = "word " * page["words"]
    tree = parse_html(f"<html><head>{head}</head><body><article><p>{text}</p></article>{page['tail']}</body></html>")
    assert tree is not None
    assert read_access(read_structured(tree), tree, text) == page["want"]


def test_fewer_words_than_stated() -> None:
    ld = '<script type="application/ld+json">{"@type":"NewsArticle","isAccessibleForFree":false,"wordCount":900}</script>'
    tree = parse_html(f"<html><head>{ld}</head><body><p>x</p></body></html>")
    assert tree is not None
    assert read_access(read_structured(tree), tree, "word " * 200) == "stub"
    assert read_access(read_structured(tree), tree, "word " * 800) == "metered"
