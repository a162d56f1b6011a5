"""Commands that run passes: run, collect, process, publish, backfill, rebuild, serve."""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from flows import passes
from flows.cli import BadUsage
from flows.environment import Environment, load_environment, new_run_id, sole_run
from flows.prefect_server import own_server, set_up_prefect
from transforms.window import Window


def parse_wish(since: str | None, until: str | None, *, due: bool = False) -> passes.Asked:
    """What is asked of a collecting pass on the command line.

    Raises:
        BadUsage: a day that is none, days out of order, or a window together with ``--due``.
    """
    first, last = parse_day(since, "--since"), parse_day(until, "--until")
    if last is not None and first is None:
        raise BadUsage("--until needs --since: how far back is to be looked?")
    if first is not None and last is not None and first > last:
        raise BadUsage(f"--since {since} is after --until {until}")
    if first is not None and due:
        raise BadUsage("--since looks at every source: it does not go with --due")
    return passes.Asked(window=Window(since=first, until=last) if first is not None else None, due_only=due)


def run(config: Path, outlets: Sequence[str] | None, jobs: int, asked: passes.Asked | None = None, *, with_prefect: bool) -> None:
    """One full pass, through its Prefect flow or without."""
    environment = load_environment(config)
    _check_outlets(environment, outlets)
    if with_prefect:
        set_up_prefect(environment)
        from flows.pipeline import coverage_run

        asked = asked or passes.Asked()
        since, until = (asked.window.since, asked.window.until) if asked.window is not None else (None, None)
        names = list(outlets) if outlets else None
        asyncio.run(coverage_run(str(config.resolve()), names, jobs, due_only=asked.due_only, since=since, until=until))
    else:
        full_pass(environment, outlets, jobs, asked)
    print(f"published {environment.published}")


def full_pass(environment: Environment, outlets: Sequence[str] | None = None, jobs: int = 1, asked: passes.Asked | None = None) -> str:
    """The passes of a run in their order, as plain functions; returns the snapshot's hash."""
    run_id = new_run_id()
    with sole_run(environment.data), passes.recorded_run(environment, run_id, "run"):
        asyncio.run(passes.collect_pass(environment, run_id, outlets, _progress(), asked))
        passes.process_pass(environment, run_id, jobs)
        snapshot_hash = passes.publish_pass(environment, run_id)
        passes.report_pass(environment, passes.today(environment))
        passes.retention_pass(environment, run_id)
    return snapshot_hash


def collect(config: Path, outlets: Sequence[str] | None, asked: passes.Asked | None = None) -> None:
    """The collecting pass alone."""
    environment = load_environment(config)
    _check_outlets(environment, outlets)
    run_id = new_run_id()
    with sole_run(environment.data), passes.recorded_run(environment, run_id, "collect"):
        summary = asyncio.run(passes.collect_pass(environment, run_id, outlets, _progress(), asked))
    for result, count in sorted(summary.results.items()):
        print(f"{count:6} {result}")
    for result, count in sorted(summary.again.items()):
        print(f"{count:6} {result}, looked at again")
    if summary.not_due:
        print(f"{summary.not_due:6} sources not due")


def process(config: Path, jobs: int) -> None:
    """The processing pass alone."""
    environment = load_environment(config)
    run_id = new_run_id()
    with sole_run(environment.data), passes.recorded_run(environment, run_id, "process"):
        summary = passes.process_pass(environment, run_id, jobs)
    print(f"{summary.pages} pages read, {summary.annotated} annotated again, {summary.warnings} warnings")


def publish(config: Path, *, anew: bool) -> None:
    """The publishing pass alone."""
    environment = load_environment(config)
    run_id = new_run_id()
    with sole_run(environment.data), passes.recorded_run(environment, run_id, "publish"):
        snapshot_hash = passes.publish_pass(environment, run_id, anew=anew)
    print(f"published {environment.published}, snapshot {snapshot_hash}")


def backfill(config: Path, paths: Sequence[Path], since: str | None, until: str | None, jobs: int, *, exhaustive: bool) -> None:
    """WARC files through the same processing, then publication."""
    from flows.backfill import backfill_pass, find_warc_files

    del exhaustive  # every page is extracted at present
    environment = load_environment(config)
    window = (parse_day(since, "--since"), parse_day(until, "--until"))
    if window[0] and window[1] and window[0] > window[1]:
        raise BadUsage(f"--since {window[0]} is after --until {window[1]}")
    try:
        files = find_warc_files(paths)
    except FileNotFoundError as error:
        raise BadUsage(str(error)) from error
    run_id = new_run_id()
    with sole_run(environment.data), passes.recorded_run(environment, run_id, "backfill"):
        backfill_pass(environment, run_id, files, *window)
        passes.process_pass(environment, run_id, jobs)
        passes.publish_pass(environment, run_id)
    from warehouse.status import outcomes_of

    for outcome, count in outcomes_of(environment.published, run_id):
        print(f"{count:8} {outcome}")


def rebuild(config: Path, jobs: int, *, without_pruned: bool) -> None:
    """The content tables once more, from archive, record and configuration; says whether they are the same."""
    from flows.rebuild import rebuild_pass

    environment = load_environment(config)
    run_id = new_run_id()
    with sole_run(environment.data), passes.recorded_run(environment, run_id, "rebuild"):
        done = rebuild_pass(environment, run_id, jobs, without_pruned=without_pruned)
    print(f"{done.pages} pages read again, published {environment.published}, snapshot {done.snapshot_hash}")
    if done.lost:
        print(f"{sum(file.pages for file in done.lost)} pages in {len(done.lost)} archive files are lost to the tables")
    if done.hash_before is None:
        print("Nothing was published before.")
    elif done.hash_before == done.snapshot_hash:
        print("The content is the same as before.")
    else:
        other = "" if done.same_code else ", which other code made"
        print(f"The content is not the same as that of snapshot {done.hash_before}{other}:")
        for table in done.changed:
            print(f"  {table.table}: {table.came} rows came, {table.went} went")


def serve(config: Path) -> None:
    """The schedules, until stopped."""
    environment = load_environment(config)
    set_up_prefect(environment)
    with own_server(environment) as url:
        from flows.serve import run_schedules

        print(f"Prefect's pages: {url.removesuffix('/api')}", flush=True)
        run_schedules(environment)


def parse_day(value: str | None, option: str) -> date | None:
    """A day given on the command line.

    Raises:
        BadUsage: it is none.
    """
    if value is None:
        return None
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise BadUsage(f"{option} {value}: is not a day such as 2024-07-04") from error


def _check_outlets(environment: Environment, outlets: Sequence[str] | None) -> None:
    try:
        passes.choose_outlets(environment.configuration, outlets, environment.clock())
    except passes.UnknownOutlet as error:
        raise BadUsage(str(error)) from error


def _progress() -> passes.Progress | None:
    """A counter on a terminal; elsewhere the log lines are enough."""
    if not sys.stderr.isatty():
        return None
    done: dict[str, int] = {}

    def show(outlet_id: str, result: str) -> None:
        done[result] = done.get(result, 0) + 1
        words = ", ".join(f"{count} {name}" for name, count in sorted(done.items()))
        print(f"\r\x1b[K{outlet_id}: {words}", end="", file=sys.stderr, flush=True)

    logging.getLogger(__name__).info("collecting")
    return show
