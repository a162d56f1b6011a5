"""The audit lets pass what is odd and right: no critical false alarm in two hundred clean newsrooms, neither staged nor to be published."""

from __future__ import annotations

from pathlib import Path

import builders as b
import clean_batches
import pytest

from warehouse import audit

FEW = range(0, clean_batches.COUNT, 50)  # four
LOOKED_AT = range(0, clean_batches.COUNT, 17)


@pytest.mark.parametrize("seed", FEW)
def test_a_clean_newsroom_is_not_refused(tmp_path: Path, seed: int) -> None:
    assert refused(tmp_path, seed) == []


@pytest.mark.system
def test_none_of_two_hundred_is_refused(tmp_path: Path) -> None:
    assert {seed: found for seed in range(clean_batches.COUNT) if seed not in FEW and (found := refused(tmp_path, seed))} == {}


def test_the_newsrooms_are_odd() -> None:
    """What makes them worth it is there in a sample."""
    made = [clean_batches.newsroom(seed) for seed in LOOKED_AT]
    pages = [row for newsroom in made for batch in newsroom.batches for row in batch["pages"]]
    articles = [row for row in pages if row["rejected_reason"] is None]
    assert any(not newsroom.batches for newsroom in made)
    assert {row["date_precision"] for row in articles} == {"second", "day", "none"}
    assert any(row["text"] is None for row in articles)
    assert any(not row["text"].isascii() for row in articles if row["text"])
    assert {row["origin"] for row in pages} == {"own", "archive"}
    assert any(newsroom.unknown for newsroom in made)
    assert len({outlet["timezone"] for newsroom in made for outlet in newsroom.outlets}) > 12


def refused(folder: Path, seed: int) -> list[tuple[str, str, str | None]]:
    """What the audit refuses of a newsroom: of its first batch, its second, and what would be published."""
    newsroom = clean_batches.newsroom(seed)
    found = []
    with b.world(folder / str(seed), newsroom.settings) as made:
        made.record(*newsroom.events)
        for part in clean_batches.parts(newsroom.batches, seed):
            rows = clean_batches.tables(part)
            made.stage(rows.pop("pages"), rows.pop("page_watchlists"), rows.pop("page_mentions"), **rows)
            found += audit.audit(made.connection, "staging")
            made.commit()
        made.build()
        found += audit.audit(made.connection, "published")
    return [(result.suite, result.expectation, result.sample) for result in audit.refusals(found)]
