"""Which final counts a publication changes, and why.

A day is final 48 hours after its local end (``coverage_by_outlet_day.is_final``). What is published of it may still change: an article
arrives late, another date is found, a copy is recognised, a form of a name is added, a person corrects. Each changed count of each cell
that was final in the file before becomes a row of ``revisions``. What the reasons mean is said in ``statements/revisions.sql``.
"""

from __future__ import annotations

from warehouse.database import Connection, sql


def find_revisions(connection: Connection, run_id: str, code_version: str, config_hash: str, *, grown: bool) -> None:
    """Make the temporary table ``new_revisions``, by comparing the catalogue in use with ``previous``.

    ``grown``: only the cells of ``touched_days`` can differ.
    """
    where = "SEMI JOIN touched_days USING (outlet_id, day)" if grown else ""
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE final_cells AS FROM previous.coverage_by_outlet_day {where} WHERE is_final"
    ).fetchall()
    connection.execute("SET VARIABLE revising_run = ?", [run_id]).fetchall()  # a file of several statements takes no parameters
    connection.execute("SET VARIABLE revising_code = ?", [code_version]).fetchall()
    connection.execute("SET VARIABLE revising_config = ?", [config_hash]).fetchall()
    connection.execute(sql("statements/revisions.sql")).fetchall()
