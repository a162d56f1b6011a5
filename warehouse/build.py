"""The content tables of the published file: made anew as a whole, or grown from the file that was published before.

Both go the same way. What was touched is written into temporary tables (``touched_articles``, ``touched_items``, ``touched_stories``,
``touched_statements``, ``touched_days``); the marts make the rows of what was touched; these rows take the place of those that the file
holds of the same keys. Anew means that everything is touched and the file is empty. Nothing here looks at the clock, judges or publishes.

The catalogue in use is the file that is built; ``warehouse`` is the private one, ``previous`` the file that was published before (or an
empty one).
"""

# ruff: noqa: S608 (names of tables are the program's own)

from __future__ import annotations

from typing import TYPE_CHECKING

from warehouse.database import Connection, sql, transaction
from warehouse.ledger import settle_positions
from warehouse.stories import find_stories

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

CONTENT_TABLES = (
    "outlets", "watchlists", "candidates", "endorsers", "articles", "article_versions", "mentions", "suppressed_mentions",
    "office_references", "article_candidates", "article_watchlists", "stories", "quotes", "endorsements", "positions", "uncounted",
    "sources", "collection_health", "coverage_by_outlet_day",
)  # fmt: skip

# Which rows of a table are made anew: its key, and the temporary table that has the keys that were touched. All others are small, and are
# made anew as a whole.
_BY_KEY = {
    **dict.fromkeys(
        (
            "articles", "article_versions", "mentions", "suppressed_mentions", "office_references", "article_candidates",
            "article_watchlists", "quotes", "uncounted",
        ),
        ("article_id", "touched_articles"),
    ),
    "stories": ("story_id", "touched_stories"),
    "endorsements": ("article_id", "touched_statements"),
    "coverage_by_outlet_day": ("outlet_id, day", "touched_days"),
}  # fmt: skip

Sums = tuple[int, int, int]  # number of rows, sums of both halves of their MD5


def build_tables(connection: Connection, publish_text: str, known: Mapping[str, Sums] | None = None) -> dict[str, Sums]:
    """Fill the content tables of the catalogue in use; returns their sums.

    With ``known``, the sums of what the tables hold, only what was touched is made anew; the rows made stay in temporary tables
    ``fresh_<table>``. Without, the tables are empty and everything is made.
    """
    connection.execute("CREATE OR REPLACE TEMP TABLE settings AS SELECT ? AS publish_text", [publish_text]).fetchall()
    touch(connection, anew=known is None)
    steps: dict[str, Callable[[Connection], None]] = {
        "articles": choose_pages,
        "stories": lambda c: _run(c, "statements/touch_stories.sql"),
        "endorsements": _settle_statements,
        "collection_health": _end_items,
        "coverage_by_outlet_day": lambda c: _run(c, f"statements/{'touch_all_days' if known is None else 'touch_days'}.sql"),
    }
    _make(connection, "as_of")
    sums: dict[str, Sums] = {}
    for table in CONTENT_TABLES:
        if table in steps:
            steps[table](connection)
        if known is None:
            _run(connection, f"INSERT INTO {table} BY NAME {sql(f'marts/{table}.sql')}")
            sums[table] = table_sums(connection, table)
        else:
            sums[table] = _grow(connection, table, known[table])
    return sums


def table_sums(connection: Connection, rows: str) -> Sums:
    """The sums of a table, whatever the order of its rows. ``rows`` is written by the program: a name, with a condition or without."""
    # sums, as equal rows would cancel out in an XOR
    count, low, high = connection.execute(
        f"""
        SELECT count(*), coalesce(sum(md5_number_lower(content)::HUGEINT), 0), coalesce(sum(md5_number_upper(content)::HUGEINT), 0)
        FROM (SELECT to_json(held)::VARCHAR AS content FROM (FROM {rows}) AS held)
        """
    ).fetchall()[0]
    return int(count), int(low), int(high)


def hash_of(connection: Connection, sums: Mapping[str, Sums]) -> str:
    """The hash of all content tables."""
    (digest,) = connection.execute("SELECT sha256(?)", ["\n".join(f"{table}:{sums[table]}" for table in CONTENT_TABLES)]).fetchall()[0]
    return str(digest)


def _run(connection: Connection, statement: str) -> None:
    connection.execute(sql(statement) if statement.startswith("statements/") else statement).fetchall()


def _make(connection: Connection, name: str) -> None:
    """A mart that is not published, as a temporary table."""
    _run(connection, f"CREATE OR REPLACE TEMP TABLE {name} AS {sql(f'marts/{name}.sql')}")


def touch(connection: Connection, *, anew: bool) -> None:
    """Make ``touched_articles`` and ``touched_items``: everything, or what has changed since the last publication."""
    _run(connection, "statements/touch_all.sql" if anew else "statements/touch_changed.sql")


def choose_pages(connection: Connection) -> None:
    """Which page stands for each touched article. An article whose story has changed by this is touched too."""
    with transaction(connection):
        _run(connection, "statements/choose_pages.sql")
    _make(connection, "article_pages")
    if find_stories(connection):
        _make(connection, "article_pages")


def _settle_statements(connection: Connection) -> None:
    _make(connection, "article_statements")
    settle_positions(connection)
    _run(connection, "statements/touch_statements.sql")


def _end_items(connection: Connection) -> None:
    with transaction(connection):
        _run(connection, "statements/end_items.sql")
    _make(connection, "outlet_days")


def _grow(connection: Connection, table: str, known: Sums) -> Sums:
    """Put the rows of what was touched in the place of what the table holds of it; returns the table's new sums."""
    fresh = f"temp.fresh_{table}"
    _run(connection, f"CREATE OR REPLACE TEMP TABLE fresh_{table} AS FROM {table} LIMIT 0")
    _run(connection, f"INSERT INTO {fresh} BY NAME {sql(f'marts/{table}.sql')}")
    made = table_sums(connection, fresh)
    if table not in _BY_KEY:
        if made != known:
            with transaction(connection):
                _run(connection, f"DELETE FROM {table}")
                _run(connection, f"INSERT INTO {table} FROM {fresh}")
        return made
    columns, touched = _BY_KEY[table]
    # by place, as only the columns of the key are read to find it
    _run(connection, f"CREATE OR REPLACE TEMP TABLE stale_rows AS SELECT rowid AS place FROM {table} SEMI JOIN {touched} USING ({columns})")
    stale = (0, 0, 0)
    with transaction(connection):
        if connection.execute("SELECT count(*) FROM stale_rows").fetchall() != [(0,)]:
            where = f"{table} WHERE rowid IN (SELECT place FROM stale_rows)"
            stale = table_sums(connection, where)
            _run(connection, f"DELETE FROM {where}")
        _run(connection, f"INSERT INTO {table} FROM {fresh}")
    return known[0] - stale[0] + made[0], known[1] - stale[1] + made[1], known[2] - stale[2] + made[2]
