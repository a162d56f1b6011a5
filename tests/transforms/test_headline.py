"""The headline that a reader sees, on pages of our own invention."""

from __future__ import annotations

import html
import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

from transforms.headline import choose_title, site_names
from transforms.structured import Structured, parse_html, read_structured

PAGES: list[dict[str, Any]] = tomllib.loads(Path(__file__).with_name("headline_pages.toml").read_text(encoding="utf-8"))["page"]
URL = "https://www.paper.example/news/2024/07/03/12345"


def build(page: dict[str, Any]) -> str:
    """Escaped once in attributes and headings, as a page writes it: what stays escaped was escaped twice."""
    meta = {"og:title": page.get("og"), "twitter:title": page.get("twitter"), "og:site_name": page.get("site")}
    head = "".join(f'<meta property="{key}" content="{value.replace(chr(34), "&quot;")}">' for key, value in meta.items() if value)
    if "ld" in page or "publisher" in page:
        node: dict[str, Any] = {"@context": "https://schema.org", "@type": "NewsArticle", "datePublished": "2024-07-03"}
        node |= {"headline": page["ld"]} if "ld" in page else {}
        node |= {"publisher": {"@type": "Organization", "name": page["publisher"]}} if "publisher" in page else {}
        head += f'<script type="application/ld+json">{json.dumps(node)}</script>'
    body = "".join(f"<h1>{heading}</h1>" for heading in page.get("h1", []))
    body += "".join(f"<h2>{heading}</h2>" for heading in page.get("h2", []))
    tag = f"<title>{page['tag']}</title>" if "tag" in page else ""
    return f'<html lang="{page["lang"]}"><head>{tag}{head}</head><body>{body}<p>Text.</p></body></html>'


def read(markup: str) -> Structured:
    tree = parse_html(markup)
    assert tree is not None
    return read_structured(tree)


@pytest.mark.parametrize("page", PAGES, ids=[f"{n}-{page['lang']}" for n, page in enumerate(PAGES)])
def test_pages(page: dict[str, Any]) -> None:
    said = read(build(page))
    names = site_names(said, page.get("url", URL), None)
    assert html.unescape(choose_title(said, names)).casefold() == page["want"].casefold()
