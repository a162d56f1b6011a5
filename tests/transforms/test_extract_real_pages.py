"""Real pages of many countries against the truth that was written for them (third-party data, not part of the product)."""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from support import shared_data

from transforms.extract import read_page
from transforms.params import Outlet
from transforms.records import Article, FetchedPage, RejectedPage
from transforms.urls import host

FETCHED = datetime(2026, 11, 1, tzinfo=UTC)
ZONES = {
    "de": "Europe/Berlin",
    "at": "Europe/Vienna",
    "ch": "Europe/Zurich",
    "uk": "Europe/London",
    "us": "America/New_York",
    "jp": "Asia/Tokyo",
}


def outlet_of(truth: dict[str, Any]) -> Outlet:
    name = host(truth["url"])
    return Outlet(
        id=re.sub(r"[^a-z0-9]+", "-", name).strip("-"), name=truth["publisher"], homepage=f"https://{name}/", domains=(name,),
        country="XX", language="en", timezone=ZONES.get(truth["country"], "UTC"),
    )  # fmt: skip


@lru_cache(maxsize=1)
def read_all(*, with_outlet: bool) -> list[tuple[dict[str, Any], Article | RejectedPage]]:
    folder = shared_data("fundus_pages")
    found = []
    with gzip.open(folder / "truth.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            truth = json.loads(line)
            content = gzip.decompress((folder / truth["page"]).read_bytes())
            page = FetchedPage(url=truth["url"], final_url=truth["url"], content=content, content_type="text/html", fetched_at=FETCHED)
            found.append((truth, read_page(page, outlet_of(truth) if with_outlet else None)))
    return found


def word_f1(found: str, wanted: str) -> float:
    have, want = (Counter(re.findall(r"\w+", text.lower())) for text in (found, wanted))
    return 2 * (have & want).total() / max(1, have.total() + want.total())


def test_every_page_is_an_article() -> None:
    assert [truth["id"] for truth, result in read_all(with_outlet=False) if not isinstance(result, Article)] == []


def test_dates() -> None:
    pages = read_all(with_outlet=False)
    wrong = [
        truth["id"] for truth, result in pages if isinstance(result, Article) and str(result.published_on) != truth["publishing_date"][:10]
    ]
    assert len(wrong) <= 0.03 * len(pages), wrong


def test_dates_with_an_outlet() -> None:
    pages = read_all(with_outlet=True)
    wrong = [
        truth["id"] for truth, result in pages if isinstance(result, Article) and str(result.published_on) != truth["publishing_date"][:10]
    ]
    assert len(wrong) <= 0.05 * len(pages), wrong


def test_text() -> None:
    scores = [word_f1(result.text, truth["text"]) for truth, result in read_all(with_outlet=False) if isinstance(result, Article)]
    assert sum(scores) / len(scores) >= 0.96


def test_addresses_stay_on_their_outlet() -> None:
    for truth, result in read_all(with_outlet=True):
        assert isinstance(result, Article)
        assert host(result.canonical_url).endswith(host(truth["url"]).removeprefix("www.")), result.canonical_url
