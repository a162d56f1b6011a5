"""The README's queries run and answer on the sample newsroom, and what it links to is there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from support import ROOT

from warehouse.dictionary import data_dictionary
from warehouse.query import run_query

if TYPE_CHECKING:
    from pathlib import Path

README = (ROOT / "README.md").read_text(encoding="utf-8")
QUERIES = re.findall(r"```sql\n(.*?)```", README, flags=re.DOTALL)


def test_there_are_seven_queries() -> None:
    assert len(QUERIES) == 7


@pytest.mark.parametrize("query", QUERIES)
def test_each_query_answers(query: str, demo_coverage: Path) -> None:
    assert run_query(demo_coverage, query).height > 0


def test_every_link_of_the_documentation_leads_somewhere() -> None:
    pages = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md")), ROOT / "demo" / "README.md"]
    broken = [
        f"{page.relative_to(ROOT)}: {target}"
        for page in pages
        for target in re.findall(r"\]\((?!https?://|#)([^)#\s]+)", page.read_text(encoding="utf-8"))
        if not (page.parent / target).exists()
    ]
    assert broken == []


def test_the_data_dictionary_is_that_of_the_schema() -> None:
    assert (ROOT / "docs" / "data-dictionary.md").read_text(encoding="utf-8") == data_dictionary(), "run `make docs`"
