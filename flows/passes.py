"""The passes of a run as plain functions.

Collect, process, publish, report. Prefect wraps them in ``pipeline``; the command line calls either.

Each pass resumes what an earlier one left and can be repeated safely. Nothing is decided here: the collectors fetch, the transforms read,
the warehouse judges.
"""

from __future__ import annotations

import logging
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import duckdb

from flows.collectors.archive import ArchivedPage, read_response
from flows.collectors.archive_care import prune
from flows.collectors.archive_writer import ArchiveWriter
from flows.collectors.collect import CollectSummary, Wish, collect_outlets
from flows.collectors.journal import Journal
from flows.environment import Environment
from transforms.params import FINAL_AFTER, Configuration, Outlet
from transforms.reading import PageToRead, Reader, Reading, annotate_all, build_reader, list_versions, read, read_versions
from transforms.records import FetchedPage, Rejection
from transforms.window import Window
from warehouse import acceptance, audit, load
from warehouse.database import Connection, SchemaTooNew, open_warehouse
from warehouse.publish import Snapshot, publish
from warehouse.snapshots import UnreadableSnapshot, keep

CHUNK = 256  # pages held in memory at a time
POOL_FROM = 64  # pages from which starting processes pays

T = TypeVar("T")
log = logging.getLogger(__name__)
Progress = Callable[[str, str], None]


class RunRefused(Exception):
    """A critical expectation failed; nothing was published. The message names the expectations."""


class NotProcessed(Exception):
    """There are pages that current code and configuration have not read: publishing now would miscount, pruning would lose them."""


class UnknownOutlet(Exception):
    """An outlet was asked for that the configuration does not have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessSummary:
    """What a processing pass read, and what the audit said."""

    pages: int
    annotated: int
    warnings: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is asked of a collecting pass beside the usual."""

    window: Window | None = None  # read older pages of feeds and older sitemaps too, as far as they can hold its days
    due_only: bool = False  # leave out sources that are not due by their own pace


@contextmanager
def recorded_run(environment: Environment, run_id: str, command: str) -> Iterator[None]:
    """Open a run in the history and close it, whatever happens inside."""
    with open_warehouse(environment.warehouse, environment.memory_megabytes) as connection:
        load.start_run(connection, run_id, command, environment.clock(), environment.code_version, environment.config_hash)
    try:
        yield
    except BaseException as error:
        status = "refused" if isinstance(error, RunRefused) else "failed"
        with open_warehouse(environment.warehouse, environment.memory_megabytes) as connection:
            load.end_run(connection, run_id, environment.clock(), status, f"{type(error).__name__}: {error}"[:500])
            _tell_quality(connection, environment, run_id)
        raise
    with open_warehouse(environment.warehouse, environment.memory_megabytes) as connection:
        load.end_run(connection, run_id, environment.clock(), "succeeded")
        _tell_quality(connection, environment, run_id)


def _tell_quality(connection: Connection, environment: Environment, run_id: str) -> None:
    """Write the page on what the audit found, where it judged something."""
    from warehouse.quality_page import write_quality_page

    try:
        page = write_quality_page(connection, environment.quality, run_id)
    except OSError as error:  # the run has ended as it has, whether or not there is a page on it
        log.warning("the page on what the audit found was not written: %s", error)
    else:
        if page is not None:
            log.info("what the audit found: %s", page)


def choose_outlets(configuration: Configuration, wanted: Iterable[str] | None, now: datetime) -> tuple[Outlet, ...]:
    """The outlets to visit: all, or those named; none whose last day in the panel is final by ``now``.

    Raises:
        UnknownOutlet: a name that is not configured.
    """
    known = frozenset(outlet.id for outlet in configuration.outlets)
    chosen = known if wanted is None else frozenset(wanted)
    if chosen - known:
        raise UnknownOutlet(f"no such outlet in the configuration: {', '.join(sorted(chosen - known))}")
    return tuple(outlet for outlet in configuration.outlets if outlet.id in chosen and not _left_the_panel(outlet, now))


def _left_the_panel(outlet: Outlet, now: datetime) -> bool:
    if outlet.panel_until is None:
        return False
    ended = datetime.combine(outlet.panel_until + timedelta(days=1), time.min, outlet.zone)
    return now > ended + FINAL_AFTER


async def collect_pass(
    environment: Environment,
    run_id: str,
    outlets: Iterable[str] | None = None,
    progress: Progress | None = None,
    asked: Asked | None = None,
) -> CollectSummary:
    """Poll what is due and fetch what is new; everything goes into the archive and its journal. The warehouse is not held meanwhile.

    Outlets that are named are asked even where their sources are dead.
    """
    chosen = choose_outlets(environment.configuration, outlets, environment.clock())
    settings = environment.configuration.settings
    with open_warehouse(environment.warehouse, environment.memory_megabytes) as connection:
        load.load_journals(connection, environment.archive)
        state = load.collection_state(connection)
    asked = asked or Asked()
    wish = Wish(window=asked.window, due_only=asked.due_only, named=outlets is not None)
    started_at = environment.clock()
    max_bytes = settings.storage.warc_megabytes * 1_000_000
    with (
        ArchiveWriter(environment.archive, started_at, run_id, max_bytes) as writer,
        Journal(environment.archive, started_at, run_id) as journal,
    ):
        summary = await collect_outlets(chosen, settings, state, writer, journal, environment.clock, run_id, progress=progress, wish=wish)
    log.info(
        "collected: %d polls answered, %d failed, %d not due; %d new items, %d pages fetched, %d looked at again",
        summary.polls_ok, summary.polls_failed, summary.not_due, summary.items_new, summary.items_fetched, summary.again.total(),
    )  # fmt: skip
    return summary


def process_pass(environment: Environment, run_id: str, jobs: int = 1) -> ProcessSummary:
    """Read what was fetched, audit the batch, and take it into the core.

    Raises:
        RunRefused: a critical expectation failed; the batch stays in staging for inspection.
    """
    reader = build_reader(environment.configuration)
    with open_warehouse(environment.warehouse, environment.memory_megabytes) as connection:
        load.load_journals(connection, environment.archive)
        load.replace_configuration(connection, environment.configuration)
        load.clear_staging(connection)
        rows = load.pages_to_read(connection, reader.read_versions)
        for chunk in _chunks(_read_all(environment, rows, reader, jobs)):
            load.stage(connection, [reading.rows for reading in chunk], run_id)
        annotated = _annotate_changed(connection, reader, run_id)
        results: list[audit.QualityResult] = []
        if rows or annotated:
            results = _take_batch(connection, run_id)
        else:
            load.commit_batch(connection, run_id)
    warnings = sum(not result.success for result in results)
    log.info("processed: %d pages read, %d re-annotated, %d warnings", len(rows), annotated, warnings)
    return ProcessSummary(pages=len(rows), annotated=annotated, warnings=warnings)


def _take_batch(connection: Connection, run_id: str) -> list[audit.QualityResult]:
    """Judge the staged batch and take it into the core; returns what was found.

    Raises:
        RunRefused: a critical expectation failed that nobody accepted; the batch stays in staging for inspection.
    """
    results = acceptance.with_acceptances(connection, audit.audit(connection, "staging"))
    audit.record(connection, run_id, results)
    refused = audit.refusals(results)
    if refused:
        load.defer_batch(connection, run_id)
        raise RunRefused(_reasons("the batch", refused))
    load.commit_batch(connection, run_id)
    return results


def publish_pass(environment: Environment, run_id: str, *, anew: bool = False) -> str:
    """Make the marts, audit them, and replace ``coverage.duckdb``; returns the snapshot's hash. ``anew``: nothing is taken over from it.

    Raises:
        RunRefused: a critical expectation failed; the file that was published before stays.
        NotProcessed: see there.
    """
    with open_warehouse(environment.warehouse, environment.memory_megabytes) as connection:
        load.load_journals(connection, environment.archive)  # what was collected since the last processing counts as waiting
        load.replace_configuration(connection, environment.configuration)
        _refuse_unread(connection, environment.configuration)
        snapshot = _snapshot(environment, run_id)
        _keep_published(environment)  # one that was published by a run which was killed before it could keep it
        publication = publish(connection, environment.published, snapshot, anew=anew)
        if publication.snapshot_hash is not None:
            _keep_published(environment)
    if publication.snapshot_hash is None:
        raise RunRefused(_reasons("the counts", audit.refusals(publication.results)))
    log.info("published: %s, snapshot %s", environment.published, publication.snapshot_hash[:12])
    return publication.snapshot_hash


def accept_pass(environment: Environment, run_id: str, refused_run: str, because: str) -> str:
    """Accept what the audit found in a refused run, and publish; returns the snapshot's hash. ``refused_run``: the beginning of its id.

    A batch that was refused is taken as it lies in staging. Whatever else the audit finds by now is refused as ever.

    Raises:
        NoSuchRun, NotRefused: see :func:`warehouse.acceptance.find_refusal`.
        NotProcessed: the batch is not there any more, or is not what current code and configuration read.
        RunRefused: the audit found something else, or the batch cannot be held by the warehouse at all.
    """
    with open_warehouse(environment.warehouse, environment.memory_megabytes) as connection:
        load.replace_configuration(connection, environment.configuration)
        refusal = acceptance.find_refusal(connection, refused_run)
        if refusal.of_batch and not refusal.staged and not refusal.accepted:
            raise NotProcessed(f"the batch of run {refusal.run_id} is gone: it was read again since. See `frontrunner status`")
        takes_batch = refusal.of_batch and refusal.staged
        if takes_batch and not load.staged_by(
            connection, read_versions(environment.configuration), list_versions(environment.configuration)
        ):
            raise NotProcessed(
                "code or configuration have changed since the batch was read: run `frontrunner process`, which judges it anew"
            )
        acceptance.accept(connection, refusal, because, environment.clock())
        if takes_batch:
            try:
                _take_batch(connection, run_id)
            except duckdb.ConstraintException as error:
                acceptance.withdraw(connection, refusal)
                raise RunRefused(f"the batch cannot be accepted, as the warehouse has no place for it: {error}") from error
    return publish_pass(environment, run_id)


def audit_pass(environment: Environment, run_id: str) -> list[audit.QualityResult]:
    """Judge the batch that lies in staging, and the counts as they would be published. Nothing changes: it is done on copies.

    Raises:
        FileNotFoundError: there is no warehouse yet.
    """
    if not environment.warehouse.is_file():
        raise FileNotFoundError(f"nothing was processed yet: {environment.warehouse} does not exist")
    folder = environment.data / f".audit.{os.getpid()}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    try:
        for path in (environment.warehouse, environment.warehouse.with_name(environment.warehouse.name + ".wal"), environment.published):
            if path.is_file():
                shutil.copy2(path, folder)  # with its times, by which the published file is known
        with open_warehouse(folder / environment.warehouse.name, environment.memory_megabytes) as connection:
            load.start_run(connection, run_id, "audit", environment.clock(), environment.code_version, environment.config_hash)
            load.replace_configuration(connection, environment.configuration)
            results: list[audit.QualityResult] = []
            try:
                if load.is_staged(connection):
                    results += _take_batch(connection, run_id)
                results += publish(connection, folder / environment.published.name, _snapshot(environment, run_id)).results
            except RunRefused:
                results = audit.recorded(connection, run_id)
            status = "refused" if audit.refusals(results) else "succeeded"
            load.end_run(connection, run_id, environment.clock(), status)
            _tell_quality(connection, environment, run_id)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return results


def _snapshot(environment: Environment, run_id: str) -> Snapshot:
    return Snapshot(
        run_id=run_id,
        published_at=environment.clock(),
        code_version=environment.code_version,
        config_hash=environment.config_hash,
        publish_text=environment.configuration.settings.publish.text,
    )


def _keep_published(environment: Environment) -> None:
    """Keep the published file among the snapshots. What is published stays published where that fails; the next publication tries again."""
    try:
        keep(environment.published, environment.snapshots, environment.configuration.settings.retention.snapshots)
    except (OSError, UnreadableSnapshot, SchemaTooNew) as error:
        log.warning("the published file is not kept as a snapshot: %s", error)


def check_all_is_read(environment: Environment) -> None:
    """Raises NotProcessed where the archive holds pages that nobody has read yet: they would be lost with it."""
    with open_warehouse(environment.warehouse, environment.memory_megabytes) as connection:
        load.load_journals(connection, environment.archive)
        if load.is_staged(connection):  # of a refused run: it may have to be read again
            raise NotProcessed("the batch of a refused run waits: see `frontrunner status`")
        _refuse_unread(connection, environment.configuration)


def _refuse_unread(connection: Connection, configuration: Configuration) -> None:
    waiting = load.pages_waiting(connection, read_versions(configuration), list_versions(configuration))
    if waiting:
        raise NotProcessed(f"{waiting} pages are not read by the current code and configuration: run `frontrunner process` first")


def report_pass(environment: Environment, day: date, formats: Sequence[str] | None = None, out: Path | None = None) -> list[Path]:
    """Write the report of the ISO week that ``day`` lies in."""
    from warehouse.report import parse_week, write_report

    year, week, _ = day.isocalendar()
    return write_report(
        environment.published,
        out or environment.reports,
        parse_week(f"{year}-W{week:02}"),
        formats or environment.configuration.settings.report.formats,
    )


def retention_pass(environment: Environment, run_id: str) -> int:
    """Delete archive files that are older than ``retention.archive_days``; returns how many. Nothing without that setting."""
    days = environment.configuration.settings.retention.archive_days
    if days is None:
        return 0
    now = environment.clock()
    with Journal(environment.archive, now, run_id) as journal:
        pruned = prune(environment.archive, now - timedelta(days=days), journal, now)
    with open_warehouse(environment.warehouse, environment.memory_megabytes) as connection:
        load.load_journals(connection, environment.archive)
    return len(pruned.files)


def today(environment: Environment) -> date:
    """The day by the clock, in the schedule's time zone."""
    return environment.clock().astimezone(ZoneInfo(environment.configuration.settings.schedule.timezone)).date()


def week_before(environment: Environment) -> date:
    """A day of the last whole ISO week."""
    return today(environment) - timedelta(days=7)


# ---- reading, here or in processes of its own


def _read_all(environment: Environment, rows: Sequence[dict[str, Any]], reader: Reader, jobs: int) -> Iterator[Reading]:
    tasks = ((load.page_entry(row), row, str(environment.archive)) for row in rows)
    if jobs > 1 and len(rows) >= POOL_FROM:
        with ProcessPoolExecutor(jobs, initializer=_start_worker, initargs=(environment.configuration,)) as pool:
            yield from pool.map(_read_in_worker, tasks, chunksize=16)
    else:
        for task in tasks:
            yield _read_one(task, reader)


def _read_one(task: tuple[PageToRead, dict[str, Any], str], reader: Reader) -> Reading:
    entry, row, archive = task
    found = read_response(Path(archive) / row["warc_file"], row["warc_offset"])  # an absolute path of a backfill stands for itself
    page: FetchedPage | Rejection = load.fetched_page(row, found.content) if isinstance(found, ArchivedPage) else found
    return read(entry, page, reader)


_worker_reader: list[Reader] = []  # of this process, filled once at its start


def _start_worker(configuration: Configuration) -> None:
    _worker_reader.append(build_reader(configuration))


def _read_in_worker(task: tuple[PageToRead, dict[str, Any], str]) -> Reading:
    return _read_one(task, _worker_reader[0])


def _annotate_changed(connection: Connection, reader: Reader, run_id: str) -> int:
    count = 0
    for chunk in _chunks(load.articles_to_annotate(connection, reader.list_versions)):
        load.stage(connection, [annotate_all(text, reader) for text in chunk], run_id)
        count += len(chunk)
    return count


def _chunks(entries: Iterable[T]) -> Iterator[list[T]]:
    iterator = iter(entries)
    while chunk := list(islice(iterator, CHUNK)):
        yield chunk


def _reasons(what: str, refused: Sequence[audit.QualityResult]) -> str:
    named = "; ".join(f"{r.suite}: {r.expectation} (found {r.observed})" for r in refused[:5])
    return f"the audit refused {what}: {named}" + (f"; and {len(refused) - 5} more" if len(refused) > 5 else "")
