"""The endorsement ledger over the statements in the warehouse: which open a position, which confirm, which contradict.

How statements become positions is said in :mod:`transforms.ledger`; here they are read and the answer is put where the marts find it.
"""

from __future__ import annotations

import polars as pl

from transforms import frames
from transforms.ledger import Ledger, Statement, settle
from transforms.records import Stance, StatementStatus
from warehouse.database import Connection


def settle_positions(connection: Connection) -> None:
    """Make the temporary tables ``ledger_positions`` and ``ledger_relations`` from ``article_statements``."""
    result = connection.execute(
        "SELECT article_id, endorser, candidate_id, stance, status, said_on, published_on, published_at FROM article_statements"
    )
    ledger = settle(
        Statement(
            article_id=article_id, endorser=endorser, candidate_id=candidate_id, stance=Stance(stance), status=StatementStatus(status),
            said_on=said_on, published_on=published_on, published_at=published_at,
        )
        for article_id, endorser, candidate_id, stance, status, said_on, published_on, published_at in result.fetchall()
    )  # fmt: skip
    _register(connection, "ledger_positions", _positions(ledger))
    _register(connection, "ledger_relations", _relations(ledger))


def _positions(ledger: Ledger) -> pl.DataFrame:
    rows = [
        {
            "article_id": position.statement.article_id,
            "endorser": position.statement.endorser,
            "candidate_id": position.statement.candidate_id,
            "number": position.number,
            "changed_on": position.statement.day,
            "date_precision": "none" if position.statement.day is None else "day",
            "date_basis": "said" if position.statement.is_said else "published",
            "flag": None if position.flag is None else str(position.flag),
            "confirmations": position.confirmations,
            "stated_on": position.stated_on,
            "last_confirmed_on": position.last_confirmed_on,
        }
        for position in ledger.positions
    ]
    return pl.DataFrame(rows, schema=frames.LEDGER_POSITIONS)


def _relations(ledger: Ledger) -> pl.DataFrame:
    rows = [
        {"article_id": article_id, "endorser": endorser, "candidate_id": candidate_id, "relation": str(relation)}
        for (article_id, endorser, candidate_id), relation in ledger.relations.items()
    ]
    return pl.DataFrame(rows, schema=frames.LEDGER_RELATIONS)


def _register(connection: Connection, table: str, rows: pl.DataFrame) -> None:
    connection.register("rows_to_load", rows.to_arrow())
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {table} AS FROM rows_to_load").fetchall()
    connection.unregister("rows_to_load")
