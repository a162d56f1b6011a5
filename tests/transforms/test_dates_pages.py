"""A hundred short pages in many languages: the day that a careful reader would name, or none."""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from transforms.dates import date_page
from transforms.structured import parse_html, read_structured

FETCHED = datetime(2024, 7, 10, 12, tzinfo=UTC)
HEADLINE = "Bakers of Lindholm raise the price of bread"
PAGES: list[dict[str, Any]] = tomllib.loads(Path(__file__).with_name("date_pages.toml").read_text(encoding="utf-8"))["page"]


def test_there_are_a_hundred() -> None:
    assert len(PAGES) >= 100
    assert len({page["name"] for page in PAGES}) == len(PAGES)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page["name"].replace(" ", "-"))
def test_the_day_of_a_page(page: dict[str, Any]) -> None:
    body = page["body"].replace("{h1}", f"<h1>{HEADLINE}</h1>")
    text = f"<html lang='{page['lang']}'><head><title>{HEADLINE}</title>{page.get('head', '')}</head><body>{body}</body></html>"
    tree = parse_html(text)
    assert tree is not None
    zone = ZoneInfo(page["zone"]) if "zone" in page else None
    url = page.get("url", "https://ledger.example/a")
    verdict = date_page(read_structured(tree), tree, None, url, zone=zone, fetched_at=FETCHED)
    assert str(verdict.published_on or "") == page["day"], verdict.account
