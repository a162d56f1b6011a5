"""The published file of the demo equals demo/truth.toml, to the last row. The comparison (demo/compare.py) is tested beside this file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support import ROOT

from demo.compare import compare
from demo.facts import load_facts
from demo.newsroom_server import FOLDER
from demo.server.layout import load_newsroom

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def found(demo_coverage: Path) -> dict[str, list[str]]:
    return compare(demo_coverage)


@pytest.mark.parametrize("table", ["outcomes", "articles", "mentions", "stories", "days", "cells", "grains"])
def test_published_equals_truth(found: dict[str, list[str]], table: str) -> None:
    if found[table]:
        pytest.fail(f"{len(found[table])} differences in {table}:\n" + "\n".join(found[table]), pytrace=False)


def test_the_truth_is_about_every_page_of_the_newsroom() -> None:
    facts = load_facts(ROOT / "demo" / "truth.toml")
    pages = {f"{site.id}{a.path}" for site in load_newsroom(FOLDER) for a in site.articles}
    assert sorted(pages ^ {a.key for a in facts.articles}) == []
