"""Commands on the published files that are kept: list, diff, restore."""

from __future__ import annotations

import json
import logging
import sys
from contextlib import ExitStack, contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from flows.cli import BadUsage
from flows.environment import Environment, load_environment, new_run_id, sole_run

if TYPE_CHECKING:
    from collections.abc import Iterator

    from warehouse.differences import Difference
    from warehouse.snapshots import Snapshot

_CELL = 60  # characters of a text in a table on the terminal
log = logging.getLogger(__name__)


def list_snapshots(config: Path, output: str) -> None:
    """A line for each kept file, the latest publication first."""
    from warehouse import snapshots

    environment = load_environment(config)
    kept = snapshots.list_snapshots(environment.published, environment.snapshots)
    if output == "json":
        _print_json([
            {"name": entry.name, "is_published": entry.is_published, "is_readable": entry.snapshot is not None, **_told(entry.snapshot)}
            for entry in kept
        ])  # fmt: skip
        return
    if not kept:
        print(f"Nothing is published yet in {environment.data}.")
        return
    table = Table(box=None, pad_edge=False)
    for name in ("", "published (UTC)", "hash", "run", "articles", "mentions", "MB", "file"):
        table.add_column(name, justify="right" if name in {"articles", "mentions", "MB"} else "left", no_wrap=True)
    for entry in kept:
        found = entry.snapshot
        sign = "→" if entry.is_published else ""
        if found is None:
            table.add_row(sign, "cannot be read", "", "", "", "", "", escape(entry.name))
        else:
            table.add_row(
                sign, f"{found.published_at:%Y-%m-%d %H:%M:%S}", _shown(found.snapshot_hash[:12]), _shown(found.run_id[:8]),
                f"{found.articles}", f"{found.mentions}", f"{found.size / 1e6:.1f}", escape(entry.name),
            )  # fmt: skip
    console = _console()
    console.print(table)
    console.print(f"→ is what is published. Kept are the last {environment.configuration.settings.retention.snapshots}.")


def diff(config: Path, before: str, after: str, limit: int, output: str) -> None:
    """What differs from one published file to another."""
    from warehouse.differences import COLUMNS, compare
    from warehouse.export import csv_field

    if limit < 0:
        raise BadUsage(f"--limit {limit}: give the number of rows to show of each table, or 0 for all")
    environment = load_environment(config)
    found = compare(_find(environment, before), _find(environment, after), limit, environment.memory_megabytes)
    if output == "json":
        _print_json({
            "before": _told(found.before),
            "after": _told(found.after),
            "tables": [
                {
                    "table": entry.table, "rows_before": entry.rows_before, "rows_after": entry.rows_after, "came": entry.came,
                    "went": entry.went, "changed": entry.changed,
                }
                for entry in found.tables
            ],
            "measures": [{"table": table, "measure": measure, "rows": rows} for table, measure, rows in found.measures],
            "rows": found.rows,
            "left_off": found.left_off,
            "not_compared": found.not_compared,
        })  # fmt: skip
    elif output == "csv":
        lines = [COLUMNS, *([csv_field(_quiet(row[name])) for name in COLUMNS] for row in found.rows)]
        sys.stdout.write("".join(",".join(line) + "\r\n" for line in lines))
        if found.left_off:
            print(f"{found.left_off} rows are left off; --limit 0 gives all", file=sys.stderr)
    else:
        _print_difference(found)


def restore(config: Path, asked: str) -> None:
    """Put a kept file in the place of the published one."""
    from warehouse import snapshots

    environment = load_environment(config)
    with sole_run(environment.data):
        chosen = _find(environment, asked)
        if chosen == environment.published:
            raise BadUsage("what is published is in place already: name a kept file, see `frontrunner snapshots list`")
        with _recorded(environment, chosen.name):
            done = snapshots.restore(chosen, environment.published, environment.snapshots, environment.clock())
    if not done.is_checked:
        print(
            f"{done.snapshot.name} is of an older schema ({done.snapshot.schema_version}): it was read whole, its hash was not made again"
        )
    print(f"published is now {done.snapshot.name}")
    if done.replaced is not None:
        print(f"what was published before is kept as {done.replaced}")
    print("The next publication makes everything anew from the archive and the configuration.")


@contextmanager
def _recorded(environment: Environment, name: str) -> Iterator[None]:
    """Tell of it in the history of runs, where the private warehouse is there and free: putting a file back must not depend on it."""
    from warehouse import load
    from warehouse.database import SchemaTooNew, WarehouseBusy, open_warehouse

    run_id, now = new_run_id(), environment.clock
    with ExitStack() as stack:
        connection = None
        if environment.warehouse.is_file():
            try:
                connection = stack.enter_context(open_warehouse(environment.warehouse, environment.memory_megabytes))
            except (WarehouseBusy, SchemaTooNew) as error:
                log.warning("not recorded in the history of runs: %s", error)
        if connection is None:
            yield
            return
        load.start_run(connection, run_id, "restore", now(), environment.code_version, environment.config_hash)
        try:
            yield
        except BaseException as error:
            load.end_run(connection, run_id, now(), "failed", f"{name}: {error}"[:500])
            raise
        load.end_run(connection, run_id, now(), "succeeded", name)


def _find(environment: Environment, asked: str) -> Path:
    from warehouse.snapshots import UnknownSnapshot, find_snapshot

    try:
        return find_snapshot(environment.published, environment.snapshots, asked)
    except UnknownSnapshot as error:
        raise BadUsage(str(error)) from error


# ---- showing


def _print_difference(found: Difference) -> None:
    console = _console()
    for word, snapshot in (("from", found.before), ("to", found.after)):
        console.print(
            f"{word:4} {escape(snapshot.name)}: published {snapshot.published_at:%Y-%m-%d %H:%M:%S} UTC, "
            f"counts as of {'nothing' if snapshot.as_of is None else f'{snapshot.as_of:%Y-%m-%d %H:%M:%S} UTC'}, "
            f"hash {_shown(snapshot.snapshot_hash[:12])}",
            soft_wrap=True,
        )
    for words in found.not_compared:
        console.print(f"not compared: {_shown(words, 200)}", soft_wrap=True)
    if found.before.snapshot_hash == found.after.snapshot_hash:
        console.print("The content is the same.")
    elif not found.rows:
        console.print("Counts, positions, outlets and candidates are the same; something beside them differs (texts, sentences, polls).")
    console.print(_totals(found))
    for table in dict.fromkeys(row["table_name"] for row in found.rows):
        console.print(_rows(table, [row for row in found.rows if row["table_name"] == table]))
    if found.left_off:
        console.print(f"{found.left_off} rows are left off; --limit 0 gives all")


def _totals(found: Difference) -> Table:
    table = Table(box=None, pad_edge=False)
    for name in ("table", "rows before", "after", "came", "went", "changed", "of these"):
        table.add_column(name, justify="left" if name in {"table", "of these"} else "right")
    for entry in found.tables:
        counts = (entry.rows_before, entry.rows_after, entry.came, entry.went, entry.changed)
        changed = ", ".join(f"{measure} {rows}" for of, measure, rows in found.measures if of == entry.table)
        table.add_row(entry.table, *("" if count is None else str(count) for count in counts), changed)
    return table


def _rows(name: str, rows: list[dict[str, Any]]) -> Table:
    """Only the columns that this table has."""
    from warehouse.differences import COLUMNS

    table = Table(title=name, title_justify="left", box=None, pad_edge=False)
    columns = [c for c in COLUMNS if c not in {"table_name", "before", "after"} and any(row[c] is not None for row in rows)]
    for column in (*columns, "before", "after"):
        table.add_column(column, overflow="fold")
    for row in rows:
        # where a row came or went there is no other side; elsewhere NULL is an answer
        sides = {"before": "" if row["change"] == "came" else "NULL", "after": "" if row["change"] == "went" else "NULL"}
        table.add_row(*(_shown(row[c]) for c in columns), *(sides[s] if row[s] is None else _shown(row[s]) for s in ("before", "after")))
    return table


def _console() -> Console:
    return Console(highlight=False, width=None if sys.stdout.isatty() else 200)


def _shown(value: Any, limit: int = _CELL) -> str:
    """A cell on a terminal: what others wrote cannot steer it."""
    from warehouse.quoting import clean

    return "" if value is None else escape(clean(str(value), limit))


def _quiet(value: Any) -> Any:
    """For machines a text stays as it is, unless it goes to a terminal."""
    from warehouse.quoting import clean

    return clean(value, len(value)) if isinstance(value, str) and sys.stdout.isatty() else value


def _told(snapshot: Snapshot | None) -> dict[str, Any]:
    if snapshot is None:
        return {}
    names = ("name", "published_at", "as_of", "snapshot_hash", "run_id", "code_version", "schema_version", "articles", "mentions", "size")
    return {name: getattr(snapshot, name) for name in names}


def _print_json(value: Any) -> None:
    # ASCII alone on a terminal: a text could steer it
    print(json.dumps(value, ensure_ascii=sys.stdout.isatty(), indent=1, default=_plain))


def _plain(value: datetime | date) -> str:
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z") if isinstance(value, datetime) else value.isoformat()
