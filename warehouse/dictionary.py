"""The data dictionary, from the COMMENTs of the published schema: ``python -m warehouse.dictionary > docs/data-dictionary.md``."""

from __future__ import annotations

import duckdb

from warehouse.database import SCHEMA_VERSION, sql
from warehouse.publish import HISTORY_TABLES


def data_dictionary() -> str:
    """Markdown: every table of ``coverage.duckdb`` with its grain and its columns, in the order of the schema."""
    with duckdb.connect() as connection:
        connection.execute(sql("published.sql")).fetchall()
        tables = connection.execute("SELECT table_name, comment FROM duckdb_tables() ORDER BY table_oid").fetchall()
        columns = connection.execute(
            "SELECT table_name, column_name, data_type, comment FROM duckdb_columns() WHERE NOT internal ORDER BY table_oid, column_index"
        ).fetchall()
    parts = [
        "# Data dictionary",
        "",
        f"The tables of `coverage.duckdb` (schema {SCHEMA_VERSION}). Made by `make docs` from the comments in `warehouse/published.sql`, "
        "which the file itself carries. Instants are UTC.",
    ]
    for table, comment in tables:
        kind = " (history)" if table in HISTORY_TABLES else ""
        parts += ["", f"## {table}{kind}", "", comment, "", "| column | type | meaning |", "|---|---|---|"]
        parts += [f"| `{name}` | {kind_of.lower()} | {meaning} |" for owner, name, kind_of, meaning in columns if owner == table]
    return "\n".join(parts) + "\n"


if __name__ == "__main__":
    print(data_dictionary(), end="")  # noqa: T201 - that is its purpose
