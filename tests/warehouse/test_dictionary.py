"""The data dictionary says everything that the published schema says."""

from __future__ import annotations

import duckdb
from support import ROOT

from warehouse.database import sql
from warehouse.dictionary import data_dictionary
from warehouse.publish import CONTENT_TABLES, HISTORY_TABLES


def test_every_table_and_column_is_in_it_once() -> None:
    text = data_dictionary()
    with duckdb.connect() as connection:
        connection.execute(sql("published.sql"))
        tables = connection.execute("SELECT table_name, comment FROM duckdb_tables()").fetchall()
        columns = connection.execute(
            "SELECT table_name, column_name, data_type, comment FROM duckdb_columns() WHERE NOT internal"
        ).fetchall()
    sections = {part.partition("\n")[0].removesuffix(" (history)"): part for part in text.split("\n## ")[1:]}
    assert set(sections) == {*CONTENT_TABLES, *HISTORY_TABLES, "snapshot"}
    for table, comment in tables:
        assert comment in sections[table]
    for table, column, kind, comment in columns:
        assert sections[table].count(f"| `{column}` | {kind.lower()} | {comment} |") == 1, f"{table}.{column}"
    assert {name for name in sections if f"## {name} (history)" in text} == set(HISTORY_TABLES)


def test_every_row_of_its_tables_has_three_cells() -> None:
    for line in data_dictionary().splitlines():
        if line.startswith("|"):
            assert line.count("|") == 4, line


def test_the_page_in_the_documentation_is_up_to_date() -> None:
    assert (ROOT / "docs" / "data-dictionary.md").read_text(encoding="utf-8") == data_dictionary(), "run `make docs`"
