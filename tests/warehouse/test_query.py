"""A user's query: any result as a frame, any trouble as one kind of error."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import duckdb
import polars as pl
import pytest

from warehouse.query import QueryError, run_query


@pytest.fixture
def published(tmp_path: Path) -> Path:
    path = tmp_path / "coverage.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE TABLE articles AS SELECT 'a' AS id, TIMESTAMPTZ '2024-07-01 12:00:00+02' AS at, NULL::INTEGER AS n")
    return path


def test_a_result_is_a_frame(published: Path) -> None:
    frame = run_query(published, "SELECT * FROM articles")
    assert frame.rows() == [("a", datetime(2024, 7, 1, 10, tzinfo=UTC), None)]
    assert frame.columns == ["id", "at", "n"]


@pytest.mark.parametrize(
    "query",
    ["SHOW TABLES", "DESCRIBE articles", "SUMMARIZE articles", "EXPLAIN SELECT 1", "PRAGMA version", "VALUES (1, 'a')", "FROM articles"],
)
def test_every_kind_of_question_has_an_answer(published: Path, query: str) -> None:
    assert run_query(published, query).height > 0


@pytest.mark.parametrize("query", ["", ";", "-- nothing", "SELECT * FROM articles WHERE false"])
def test_no_rows_are_an_empty_frame(published: Path, query: str) -> None:
    assert run_query(published, query).height == 0


def test_columns_of_one_name_are_all_there(published: Path) -> None:
    assert run_query(published, "SELECT 1 AS a, 2 AS a").row(0) == (1, 2)


@pytest.mark.parametrize(
    "query",
    [
        "SELEC 1",
        "SELECT nothing",
        "FROM nowhere",
        "SELECT 1/'a'",
        "SELECT 'x'::INTEGER",
        "DROP TABLE articles",
        "SET threads = 1",
        "FROM '/etc/passwd'",
    ],
)
def test_trouble_is_a_query_error(published: Path, query: str) -> None:
    with pytest.raises(QueryError):
        run_query(published, query)


@pytest.mark.parametrize("query", ["SELECT INTERVAL 1 DAY AS i", "SELECT union_value(a := 1) AS u"])
def test_types_that_a_frame_cannot_hold_are_a_query_error(published: Path, query: str) -> None:
    with pytest.raises(QueryError, match="VARCHAR"):
        run_query(published, query)


@pytest.mark.parametrize("name", ["published", "query", "connection", "frame"])
def test_python_variables_are_no_tables(published: Path, name: str) -> None:
    frame = pl.DataFrame({"x": [1]})
    assert frame.height == 1
    with pytest.raises(QueryError):
        run_query(published, f"FROM {name}")


def test_one_query_does_not_see_another(published: Path) -> None:
    run_query(published, "CREATE TEMP TABLE mine AS SELECT 1")
    with pytest.raises(QueryError):
        run_query(published, "FROM mine")


def test_nothing_published(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        run_query(tmp_path / "coverage.duckdb", "SELECT 1")
