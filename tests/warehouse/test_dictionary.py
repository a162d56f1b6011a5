"""The data dictionary says everything that the published schema says."""

from __future__ import annotations

import duckdb
from support import ROOT

from warehouse.database import sql
from warehouse.dictionary import data_dictionary
from warehouse.publish import CONTENT_TABLES, HISTORY_TABLES

VIEWS = {"cell_articles", "receipts"}


def test_every_table_and_column_is_in_it_once() -> None:
    text = data_dictionary()
    with duckdb.connect() as connection:
        connection.execute(sql("published.sql"))
        tables = connection.execute("SELECT table_name, comment FROM duckdb_tables()").fetchall()
        columns = connection.execute(
            "SELECT table_name, column_name, data_type, comment FROM duckdb_columns() WHERE NOT internal"
        ).fetchall()
    sections = {part.partition("\n")[0].removesuffix(" (history)"): part for part in text.split("\n## ")[1:]}
    assert {name for name in sections if not name.endswith(")")} == {*CONTENT_TABLES, *HISTORY_TABLES, "snapshot", *VIEWS}
    for table, comment in tables:
        assert comment in sections[table]
    for table, column, kind, comment in columns:
        assert sections[table].count(f"| `{column}` | {kind.lower()} | {comment} |") == 1, f"{table}.{column}"
    assert {name for name in sections if f"## {name} (history)" in text} == set(HISTORY_TABLES)


def test_every_view_and_macro_is_in_it_with_its_comment() -> None:
    text = data_dictionary()
    with duckdb.connect() as connection:
        connection.execute(sql("published.sql"))
        views = connection.execute("SELECT view_name, comment FROM duckdb_views() WHERE NOT internal").fetchall()
        macros = connection.execute("SELECT function_name, comment FROM duckdb_functions() WHERE NOT internal").fetchall()
    assert {name for name, _ in views} == VIEWS
    for name, comment in views:
        assert f"\n## {name}\n\n{comment}\n" in text
    assert {name for name, _ in macros} == {
        "positions_on", "panel_between", "counts_between", "counts_in_constant_panel", "counts_by_day", "counts_by_brussels_day",
    }  # fmt: skip
    for name, comment in macros:
        assert comment is not None, name
        assert text.count(f"\n## {name}(") == 1
        assert f"\n\n{comment}\n\n| column | type |" in text, name
    assert "\n## counts_between(since, until, only_constant := …)\n" in text


def test_every_row_of_its_tables_has_three_cells_and_of_a_macro_two() -> None:
    tables, _, macros = data_dictionary().partition("# Table macros")
    for part, bars in ((tables, 4), (macros, 3)):
        for line in part.splitlines():
            if line.startswith("|"):
                assert line.count("|") == bars, line


def test_the_page_in_the_documentation_is_up_to_date() -> None:
    assert (ROOT / "docs" / "data-dictionary.md").read_text(encoding="utf-8") == data_dictionary(), "run `make docs`"
