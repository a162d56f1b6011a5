"""A user's query on the published file: read-only, shut in."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import duckdb
import polars as pl

from warehouse.database import open_published, sql


class QueryError(Exception):
    """The query is wrong, or asks for something that is not allowed here."""


def as_of(published: Path) -> datetime | None:
    """The moment that the published counts speak of; None where nothing has been collected. Raises FileNotFoundError."""
    moment: datetime | None = run_query(published, sql("statements/as_of_published.sql")).item()
    return moment


def run_query(published: Path, query: str) -> pl.DataFrame:
    """The result of one query as a frame; empty for a statement without one.

    Raises:
        FileNotFoundError: nothing is published.
        QueryError: see there.
    """
    with open_published(published) as connection:
        try:
            result = connection.sql(query)
            frame: pl.DataFrame = result.pl() if result is not None else pl.DataFrame()
        except duckdb.Error as error:
            raise QueryError(str(error)) from error
        except pl.exceptions.PolarsError as error:
            raise QueryError(f"a column of the result has a type that cannot be shown; cast it to VARCHAR ({str(error)[:200]})") from error
    # sums of whole numbers are HUGEINT in DuckDB, which has no other form outside than a decimal
    wide = [name for name, kind in frame.schema.items() if isinstance(kind, pl.Decimal) and kind.scale == 0]
    narrow = frame.select(pl.col(wide).cast(pl.Int64, strict=False)) if wide else frame.select()
    fits = [name for name in wide if narrow[name].null_count() == frame[name].null_count()]
    return frame.with_columns(narrow.select(fits)) if fits else frame
