"""Commands that look after the archive: verify, prune."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from flows import passes
from flows.cli import BadUsage
from flows.collectors import archive_care
from flows.collectors.journal import Journal
from flows.commands.running import parse_day
from flows.environment import Environment, load_environment, new_run_id, sole_run

if TYPE_CHECKING:
    from flows.collectors.archive_care import Progress


class ArchiveDamaged(Exception):
    """Something that was in the archive is not there any more, or not as it was."""


def verify(config: Path) -> None:
    """Read all of the archive; a line for each finding, one for the whole.

    Raises:
        ArchiveDamaged: see there. Torn tails are what killed runs leave and no damage.
    """
    environment = load_environment(config)
    summary = archive_care.VerifySummary()
    for found in archive_care.verify(environment.archive, summary=summary, progress=_progress()):
        _clear()
        print(f"{'DAMAGE' if found.is_damage else 'remark'} {found.kind}: {found.file} at {found.offset}: {found.detail}")
    _clear()
    print(
        f"{summary.files} files, {summary.records} records ({summary.revisits} of them revisits), {summary.bytes} bytes; "
        f"{summary.journals} journals, {summary.events} events; damage {summary.damage}, remarks {summary.remarks}"
    )
    if summary.damage:
        raise ArchiveDamaged(f"{summary.damage} findings are damage: restore these files from a backup")


def prune(config: Path, before: str | None, *, dry_run: bool) -> None:
    """Delete what is older than a day, or than the configuration keeps."""
    environment = load_environment(config)
    limit = _limit(environment, before)
    if not dry_run:
        passes.check_all_is_read(environment)
    run_id, now = new_run_id(), environment.clock()
    journal = Journal(environment.archive, now, run_id)
    if dry_run:
        with sole_run(environment.data):
            done = archive_care.prune(environment.archive, limit, journal, now, dry_run=True, progress=_progress())
    else:
        with sole_run(environment.data), passes.recorded_run(environment, run_id, "archive prune"), journal:
            done = archive_care.prune(environment.archive, limit, journal, now, progress=_progress())
    _clear()
    for words, names in (
        ("would be deleted" if dry_run else "deleted", done.files),
        ("kept, later records refer to it", done.referenced),
        ("kept, not all of it can be read", done.unreadable),
    ):
        for name in names:
            print(f"{words}: {name}")
    print(f"before {limit:%Y-%m-%d %H:%M} UTC: {len(done.files)} files, {done.bytes} bytes {'would be ' if dry_run else ''}deleted")


def _limit(environment: Environment, before: str | None) -> datetime:
    now, days = environment.clock(), environment.configuration.settings.retention.archive_days
    day = parse_day(before, "--before")
    if day is not None:
        limit = datetime.combine(day, time.min, UTC)
        if limit > now:
            raise BadUsage(f"--before {day}: lies in the future")
        return limit
    if days is None:
        raise BadUsage("give --before DAY, or set retention.archive_days: by default the archive is kept for ever")
    return now - timedelta(days=days)


def _progress() -> Progress | None:
    """The file that is being read, on a terminal."""
    if not sys.stderr.isatty():
        return None
    return lambda name: print(f"\r\x1b[K{name}", end="", file=sys.stderr, flush=True)


def _clear() -> None:
    if sys.stderr.isatty():
        print("\r\x1b[K", end="", file=sys.stderr, flush=True)
