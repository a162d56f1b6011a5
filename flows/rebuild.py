"""The content tables once more, from archive, collection record and configuration alone: ``frontrunner rebuild``.

A private warehouse is made beside the old one by the same passes as ever, takes over the history, is published from, and only then takes
the old one's place. Until that moment the old one stays as it was, whatever happens; what a killed rebuild left is begun anew.
"""

from __future__ import annotations

import logging
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from flows import passes
from flows.environment import Environment
from warehouse import load
from warehouse.database import open_warehouse
from warehouse.rebuild import ChangedTable, LostFile, carry_history, carry_results, changed_tables, lost_files, put_in_place
from warehouse.snapshots import read_snapshot

BUILDING = ".warehouse.rebuild.duckdb"
_BEFORE = ".coverage.rebuild.duckdb"  # the file published before, as long as it is compared
_NAMED = 10  # files that a refusal names

log = logging.getLogger(__name__)


class ArchiveIncomplete(Exception):
    """Pages of the collection record lie in archive files that are not there any more: rebuilt tables would lack them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rebuilt:
    """What a rebuild made."""

    pages: int
    lost: tuple[LostFile, ...]  # files that it did without
    snapshot_hash: str
    hash_before: str | None  # None: nothing was published before
    same_code: bool  # made the file before
    changed: tuple[ChangedTable, ...]


def rebuild_pass(environment: Environment, run_id: str, jobs: int = 1, *, without_pruned: bool = False) -> Rebuilt:
    """Make the private warehouse anew and publish from it. The run must be recorded in the old warehouse (``passes.recorded_run``).

    Raises:
        ArchiveIncomplete: see there; not with ``without_pruned``.
        RunRefused: the audit refused; the old warehouse and the published file stay.
    """
    building = replace(environment, warehouse_name=BUILDING)
    with _fresh(building.warehouse), _file_before(environment) as before:
        lost = _load_record(building)
        if lost and not without_pruned:
            raise ArchiveIncomplete(
                f"{_words(lost)}; tables made without them would lack these pages. Restore the files, or rebuild with --without-pruned"
            )
        if lost:
            log.warning("%s: these pages are lost to the tables", _words(lost))
        try:
            summary = passes.process_pass(building, run_id, jobs)
            with open_warehouse(building.warehouse, building.memory_megabytes) as connection:
                carry_history(connection, environment.warehouse, run_id)
            snapshot_hash = passes.publish_pass(building, run_id)
        except passes.RunRefused:
            with open_warehouse(environment.warehouse, environment.memory_megabytes) as connection:
                carry_results(connection, building.warehouse, run_id)
            raise
        put_in_place(building.warehouse, environment.warehouse)
        earlier = read_snapshot(before) if before is not None else None
        hash_before = earlier.snapshot_hash if earlier is not None else None
        changed: Sequence[ChangedTable] = ()
        if before is not None and hash_before != snapshot_hash:
            changed = changed_tables(before, environment.published, environment.memory_megabytes)
    return Rebuilt(
        pages=summary.pages,
        lost=tuple(lost),
        snapshot_hash=snapshot_hash,
        hash_before=hash_before,
        same_code=earlier is not None and earlier.code_version == environment.code_version,
        changed=tuple(changed),
    )


def _load_record(building: Environment) -> list[LostFile]:
    """The whole collection record; the archive files that it needs and that are not there."""
    outlets = [outlet.id for outlet in building.configuration.outlets]
    with open_warehouse(building.warehouse, building.memory_megabytes) as connection:
        load.load_journals(connection, building.archive)
        return lost_files(connection, building.archive, outlets)


@contextmanager
def _fresh(warehouse: Path) -> Iterator[None]:
    """Nothing lies there before or afterwards, not even what a killed rebuild left."""
    files = (warehouse, warehouse.with_name(f"{warehouse.name}.wal"))
    for path in files:
        path.unlink(missing_ok=True)
    try:
        yield
    finally:
        for path in files:
            path.unlink(missing_ok=True)


@contextmanager
def _file_before(environment: Environment) -> Iterator[Path | None]:
    """The file that is published now, under a name that the next publication does not touch; None where there is none."""
    path = environment.data / _BEFORE
    path.unlink(missing_ok=True)
    if not environment.published.is_file():
        yield None
        return
    try:
        os.link(environment.published, path)
    except OSError:  # some file systems know no links
        shutil.copyfile(environment.published, path)
    try:
        yield path
    finally:
        path.unlink(missing_ok=True)


def _words(lost: Sequence[LostFile]) -> str:
    named = ", ".join(f"{file.name} ({file.pages} pages, {'pruned' if file.is_pruned else 'missing'})" for file in lost[:_NAMED])
    more = f" and {len(lost) - _NAMED} more" if len(lost) > _NAMED else ""
    return f"{sum(file.pages for file in lost)} pages lie in {len(lost)} archive files that are not there any more: {named}{more}"
