"""The data dictionary, from the COMMENTs of the published schema: ``python -m warehouse.dictionary > docs/data-dictionary.md``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb

from warehouse.database import SCHEMA_VERSION, Connection, sql
from warehouse.publish import HISTORY_TABLES

if TYPE_CHECKING:
    from collections.abc import Iterable

# What a macro is called with so that its columns can be told: an argument for each of its parameters without a default.
_ARGUMENTS = {"as_of_day": "DATE '2024-06-21'", "since": "DATE '2024-06-17'", "until": "DATE '2024-06-23'"}


def data_dictionary() -> str:
    """Markdown: every table, view and macro of ``coverage.duckdb`` with its grain and its columns, in the order of the schema."""
    with duckdb.connect() as connection:
        connection.execute(sql("published.sql")).fetchall()
        tables = connection.execute("SELECT table_name, comment FROM duckdb_tables() ORDER BY table_oid").fetchall()
        views = connection.execute("SELECT view_name, comment FROM duckdb_views() WHERE NOT internal ORDER BY view_oid").fetchall()
        columns = connection.execute(
            "SELECT table_name, column_name, data_type, comment FROM duckdb_columns() WHERE NOT internal ORDER BY table_oid, column_index"
        ).fetchall()
        macros = _macros(connection)
    parts = [
        "# Data dictionary",
        "",
        f"The tables of `coverage.duckdb` (schema {SCHEMA_VERSION}). Made by `make docs` from the comments in `warehouse/published.sql`, "
        "which the file itself carries. Instants are UTC. Questions that these tables answer, with how to read the answers, are in "
        "[queries.md](queries.md).",
    ]
    for name, comment in tables:
        kind = " (history)" if name in HISTORY_TABLES else ""
        parts += _section(name + kind, comment, [column[1:] for column in columns if column[0] == name])
    parts += ["", "# Views", "", "They hold nothing of their own, and work under whatever name the file is attached."]
    for name, comment in views:
        parts += _section(name, comment, [column[1:] for column in columns if column[0] == name])
    parts += [
        "",
        "# Table macros",
        "",
        "Questions with parameters, asked as `FROM positions_on(DATE '2024-06-21')`. A macro looks its tables up in the catalogue in use: "
        "after `ATTACH 'coverage.duckdb' AS coverage` say `USE coverage` first. `COPY FROM DATABASE` takes them along into a database of "
        "your own; what `EXPORT DATABASE` writes cannot be imported as it is, as it names the macros before the views that they read.",
    ]
    for name, parameters, comment, shown in macros:
        parts += ["", f"## {name}({parameters})", "", comment, "", "| column | type |", "|---|---|"]
        parts += [f"| `{column}` | {kind_of.lower()} |" for column, kind_of in shown]
    return "\n".join(parts) + "\n"


def _section(heading: str, comment: str, columns: Iterable[tuple[str, str, str]]) -> list[str]:
    lines = ["", f"## {heading}", "", comment, "", "| column | type | meaning |", "|---|---|---|"]
    return lines + [f"| `{name}` | {kind_of.lower()} | {meaning} |" for name, kind_of, meaning in columns]


def _macros(connection: Connection) -> list[tuple[str, str, str, list[tuple[str, str]]]]:
    """Name, parameters, comment and columns of every table macro, by name."""
    found = []
    macros = "SELECT function_name, parameters, comment FROM duckdb_functions() WHERE function_type = 'table_macro' AND NOT internal"
    for name, parameters, comment in sorted(connection.execute(macros).fetchall()):
        asked = ", ".join(_ARGUMENTS[parameter] for parameter in parameters if parameter in _ARGUMENTS)
        described = connection.execute(f"DESCRIBE FROM {name}({asked})").fetchall()
        signature = ", ".join(parameter if parameter in _ARGUMENTS else f"{parameter} := …" for parameter in parameters)
        found.append((name, signature, comment, [(row[0], row[1]) for row in described]))
    return found


if __name__ == "__main__":
    print(data_dictionary(), end="")  # noqa: T201 - that is its purpose
