"""Commands that look at what is there: status, report, sql, explain, check."""

from __future__ import annotations

import asyncio
import io
import json
import math
import sys
from dataclasses import asdict
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from flows.cli import BadUsage
from flows.commands.running import parse_day
from flows.environment import load_environment

if TYPE_CHECKING:
    from collections.abc import Iterator

    import polars as pl

    from warehouse.status import Status

REPORT_FORMATS = ("html", "xlsx", "csv", "parquet", "json", "pdf")
_VOLUMES = {"low": "▼", "high": "▲"}  # in place of a whole day's sign
_SIGNS = {"complete": "█", "partial": "▒", "archive": "▤", "outage": "✗", "blocked": "⊘", "not_due": "·"}
_MAX_TABLE_ROWS = 1_000
_MAX_CELL = 120  # characters in a table on the terminal; the other formats give all
_MAX_FINDING = 600  # characters of what an expectation found


class ProbesFailed(Exception):
    """Some feeds or sitemaps of the configuration do not answer as such."""


def status(config: Path) -> None:
    """What is published, how the last runs went, a row of days for each outlet."""
    from warehouse.status import read_status

    environment = load_environment(config)
    found = read_status(environment.warehouse, environment.published)
    console = Console(highlight=False)
    if found.snapshot is None:
        console.print(f"Nothing is published yet in {environment.data}.", soft_wrap=True, markup=False)
    else:
        console.print(f"Published: {environment.published}", soft_wrap=True, markup=False)
        console.print(
            f"  counts as of {found.snapshot['as_of']}, snapshot {found.snapshot['snapshot_hash'][:12]}, "
            f"by {found.snapshot['code_version']}",
            soft_wrap=True,
        )
    if found.busy:
        console.print("A run is going on: what follows is as of the published file.")
    for line in _batch_lines(found):
        console.print(line, soft_wrap=True, markup=False)
    console.print(_runs_table(found.runs) if found.runs else "No run yet.")
    refusing = found.refused.results if found.refused else ()
    for result in found.quality:
        if result not in refusing:
            console.print(_result_words(result), soft_wrap=True, markup=False)
    page = environment.quality / "index.html"
    if page.is_file():
        console.print(f"What the audit found, with failing rows: {page}", soft_wrap=True, markup=False)
    if found.health:
        _print_days(console, found)
    for source in found.sources:
        console.print(_source_words(source), soft_wrap=True, markup=False)


def _batch_lines(found: Status) -> Iterator[str]:
    """What the audit refused, what is kept of it, and the ways on."""
    refused = found.refused
    if refused is None:
        if found.waiting:
            of = f" of run {found.staged_by[:8]}" if found.staged_by else ""
            kept = f"A batch of {_counted(found.waiting, 'page')}{of} is kept that was not taken in"
            yield f"{kept}: `frontrunner process` reads and judges it anew."
        return
    run = refused.run
    short, what = run["run_id"][:8], "its batch" if refused.of_batch else "its counts"
    yield f"Run {short} ({run['command']}, {run['started_at']:%Y-%m-%d %H:%M:%S} UTC) was refused for {what}; what was published stays."
    for result in refused.results:
        yield "  " + _result_words(result)
    if refused.of_batch:
        yield f"  The batch of {_counted(found.waiting, 'page')} is kept. Ways on:"
    else:
        yield "  Ways on:"
    yield "    frontrunner audit                                  judges it again as it lies, and changes nothing"
    yield "    frontrunner process, then frontrunner publish      after its cause was mended: judges anew"
    yield f'    frontrunner accept {short} --because "…"          accepts exactly what was found, and publishes'


def _result_words(result: dict[str, Any]) -> str:
    """A failed expectation: what it found in how many rows, and why it may not have stopped publication."""
    from warehouse.quoting import clean

    observed = "–" if result["observed"] is None else result["observed"]
    said = f"{result['severity']}: {result['suite']}: {result['expectation']} — {observed}"
    if result["failing_rows"] is not None and not observed.startswith(f"{result['failing_rows']} "):
        said += f" ({_counted(result['failing_rows'], 'failing row')})"
    if result["accepted"] is not None:
        said += f"; accepted by a person: {result['accepted']}"
    return clean(said, _MAX_FINDING)


def _counted(number: int, what: str) -> str:
    return f"{number} {what}" + ("" if number == 1 else "s")


def _print_days(console: Console, found: Status) -> None:
    """A row of days for each outlet, and since when it is covered."""
    days = sorted({day for outlet in found.health.values() for day in outlet})
    signs = "  ".join(f"{sign} {name}" for name, sign in _SIGNS.items())
    volumes = "  ".join(f"{sign} whole, but unusually {name} in number" for name, sign in _VOLUMES.items())
    console.print(f"\nCollection, {days[0]} to {days[-1]}: {signs}  {volumes}", soft_wrap=True)
    width = max(len(outlet_id) for outlet_id in found.health)
    for outlet_id, outlet in sorted(found.health.items()):
        row = "".join(_VOLUMES.get(outlet[day][1] or "", _SIGNS[outlet[day][0]]) if day in outlet else " " for day in days)
        since, unknown = found.since.get(outlet_id, (None, 0))
        words = f"covered since {since}" if since is not None else "no whole day yet"
        console.print(f"  {outlet_id:{width}} {row}  {words}" + (f", {unknown} days unknown" if unknown else ""), soft_wrap=True)


def _source_words(source: dict[str, Any]) -> str:
    """What to know of a source that fails, has moved or stands in for another."""
    said = f"{source['outlet_id']}: {source['kind']} {source['source_url']}"
    if source["status"] != "healthy":
        last = source["last_answered_at"]
        said += f" is {source['status']} ({source['reason']}, {source['failures']} polls in a row; "
        said += f"last answer {last:%Y-%m-%d})" if last is not None else "never answered)"
    if source["moved_to"]:
        said += f" has moved to {source['moved_to']}: change it in the outlet's file"
    if source["stands_for"]:
        said += f" was found in the place of {source['stands_for']}: put it into the outlet's file if it is right"
    return said


def report(config: Path, week: str | None, since: str | None, until: str | None, out: Path | None, formats: str | None) -> None:
    """Write the report of a week or of any period."""
    from warehouse.report import Period, parse_week, write_report

    environment = load_environment(config)
    if week and (since or until):
        raise BadUsage("give either --week or --since and --until")
    if bool(since) != bool(until):
        raise BadUsage("--since and --until go together")
    chosen = _formats(formats) if formats else environment.configuration.settings.report.formats
    if since and until:
        first, last = parse_day(since, "--since"), parse_day(until, "--until")
        if first is None or last is None or first > last:
            raise BadUsage(f"--since {since} is after --until {until}")
        period = Period(since=first, until=last, label=f"{first}--{last}")
    else:
        try:
            period = parse_week(week or _last_whole_week(environment.published))
        except ValueError as error:
            raise BadUsage(f"--week: {error}") from error
    for path in write_report(environment.published, out or environment.reports, period, chosen):
        print(path)


def sql(config: Path, query: str, output: str) -> None:
    """Run a query on the published file and print its result."""
    from warehouse.query import run_query

    environment = load_environment(config)
    frame = run_query(environment.published, query)
    if output == "csv":
        sys.stdout.write(_flat(frame).write_csv())
    elif output == "json":
        print(json.dumps(_plain(frame.to_dicts()), ensure_ascii=False, default=str, indent=1))
    elif output == "parquet":
        buffer = io.BytesIO()
        frame.write_parquet(buffer)
        sys.stdout.buffer.write(buffer.getvalue())
    else:
        Console(highlight=False, width=None if sys.stdout.isatty() else 200).print(_frame_table(frame))


def explain(config: Path, outlet_id: str, day: str, candidate_id: str, output: str) -> None:
    """Show what stands behind a cell of the published counts."""
    from warehouse import explain as explaining
    from warehouse.explain_text import explanation_lines

    environment = load_environment(config)
    local = parse_day(day, "DAY")
    assert local is not None  # as a day is given
    try:
        found = explaining.explain(environment.published, outlet_id, local, candidate_id)
    except explaining.NotKnown as error:
        raise BadUsage(str(error)) from error
    if output == "json":
        print(json.dumps(asdict(found), ensure_ascii=False, indent=1, default=lambda value: value.isoformat()))
    else:
        print("\n".join(explanation_lines(found)))


def check(config: Path, *, live: bool) -> None:
    """Validate the configuration; with ``live`` ask every address in it."""
    environment = load_environment(config)
    configuration = environment.configuration
    candidates = sum(len(watchlist.candidates) for watchlist in configuration.watchlists)
    print(
        f"{config}: {len(configuration.outlets)} outlets, {len(configuration.watchlists)} watch lists with {candidates} candidates: "
        "in order"
    )
    bare = [outlet.id for outlet in configuration.outlets if not (outlet.feeds or outlet.sitemaps or outlet.pages)]
    if bare:
        print(f"no feed and no sitemap: what robots.txt names is read, else the links of the home page: {', '.join(bare)}")
    if live:
        from flows.probe import probe_outlets

        failed = 0
        for line in asyncio.run(probe_outlets(configuration)):
            print(f"{'ok    ' if line.ok else 'FAILED'} {line.outlet_id:24} {line.kind:8} {line.url}  {line.words}")
            failed += not line.ok
        if failed:
            raise ProbesFailed(f"{failed} addresses gave no feed or sitemap")


def _last_whole_week(published: Path) -> str:
    from warehouse.query import as_of

    moment = as_of(published)
    day: date = (moment.date() if moment else date.min + timedelta(days=7)) - timedelta(days=7)
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"


def _formats(value: str) -> tuple[str, ...]:
    chosen = tuple(part.strip() for part in value.split(",") if part.strip())
    unknown = sorted(set(chosen) - set(REPORT_FORMATS))
    if unknown or not chosen:
        raise BadUsage(f"--format {value}: choose among {', '.join(REPORT_FORMATS)}")
    return chosen


def _runs_table(runs: tuple[dict[str, Any], ...]) -> Table:
    table = Table(box=None, pad_edge=False)
    for name in ("run", "command", "started (UTC)", "status", "detail"):
        table.add_column(name)
    for run in runs:
        table.add_row(
            run["run_id"][:8],
            run["command"],
            f"{run['started_at']:%Y-%m-%d %H:%M:%S}",
            run["status"],
            escape(str(run["detail"] or ""))[:120],
        )
    return table


def _flat(frame: pl.DataFrame) -> pl.DataFrame:
    """CSV has no lists: such a column goes in as JSON."""
    import polars as pl

    nested = [name for name, kind in frame.schema.items() if kind.is_nested()]
    as_text = (
        pl.Series(
            name, [None if v is None else json.dumps(_plain(v), ensure_ascii=False, default=str) for v in frame[name].to_list()], pl.String
        )
        for name in nested
    )
    return frame.with_columns(*as_text) if nested else frame


def _plain(value: Any) -> Any:
    """JSON (RFC 8259) knows no NaN and no infinity."""
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    return [_plain(inner) for inner in value] if isinstance(value, list) else value


def _frame_table(frame: pl.DataFrame) -> Table:
    table = Table(show_lines=False)
    for name, kind in frame.schema.items():
        table.add_column(escape(name), justify="right" if kind.is_numeric() else "left", overflow="fold")
    for row in frame.head(_MAX_TABLE_ROWS).iter_rows():
        table.add_row(*("NULL" if value is None else escape(_clipped(value)) for value in row))
    if frame.height > _MAX_TABLE_ROWS:
        table.caption = f"the first {_MAX_TABLE_ROWS} of {frame.height} rows; --format csv gives all"
    return table


def _clipped(value: Any) -> str:
    text = " ".join(str(value).split())
    return text if len(text) <= _MAX_CELL else text[: _MAX_CELL - 1] + "…"
