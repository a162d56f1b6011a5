"""What lies in an archive's folder: its WARC files, its journals, and what these tell of both.

Belongs here: finding and reading, for those who look after the archive. Does not belong here: judging (``archive_care``), the inside of
a WARC file (``archive_scan``), writing.
"""

from __future__ import annotations

import json
from datetime import datetime
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flows.collectors.archive_scan import Finding, FindingKind
from flows.collectors.journal import SUFFIX

if TYPE_CHECKING:
    from collections.abc import Iterator

WARC_SUFFIXES = (".warc", ".warc.gz")


def warc_files(folder: Path) -> dict[str, Path]:
    """The WARC files below a folder by their names relative to it, sorted: those of our own stand in the order of their writing."""
    found = ((path.relative_to(folder).as_posix(), path) for path in folder.rglob("*.warc*"))
    return dict(sorted((name, path) for name, path in found if name.endswith(WARC_SUFFIXES) and path.is_file()))


def journals(folder: Path) -> dict[str, tuple[Path, int]]:
    """The journals below a folder by name, with their present lengths."""
    found = ((path.relative_to(folder).as_posix(), path) for path in folder.rglob(f"*{SUFFIX}"))
    return {name: (path, path.stat().st_size) for name, path in sorted(found)}


def events(name: str, path: Path, size: int) -> Iterator[tuple[int, dict[str, Any]] | Finding]:
    """The events in the first ``size`` bytes of a journal, each with its offset, and what is no event."""
    at = 0
    with path.open("rb") as file:
        while at < size:
            line = file.readline()
            if not line.endswith(b"\n"):
                yield Finding(file=name, offset=at, kind=FindingKind.TORN_TAIL, detail="a line without an end", is_damage=False)
                return
            try:
                event = json.loads(line)
                if not isinstance(event, dict):
                    raise ValueError("a line that is no object")
            except (ValueError, RecursionError) as error:
                yield Finding(file=name, offset=at, kind=FindingKind.DAMAGED_JOURNAL, detail=str(error))
            else:
                yield at, event
            at += len(line)


def all_events(folder: Path) -> Iterator[dict[str, Any]]:
    """The events of all journals, without what is no event."""
    for name, (path, size) in journals(folder).items():
        for entry in events(name, path, size):
            if not isinstance(entry, Finding):
                yield entry[1]


def pruned_files(folder: Path) -> frozenset[str]:
    """The files that journals say were deleted."""
    return frozenset(str(event.get("warc_file")) for event in all_events(folder) if event.get("event") == "prune")


def name_inside(folder: Path, named: str) -> str | None:
    """How the archive calls a file that an event names, None where it lies elsewhere."""
    path, root = Path(named), folder.resolve()
    if not path.is_absolute():
        return path.as_posix()
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else None


def instant(event: dict[str, Any]) -> datetime | None:
    """When an event was, None where it does not tell."""
    try:
        return datetime.fromisoformat(str(event.get("fetched_at") or event.get("polled_at")))
    except ValueError:
        return None


def identity(record_id: str) -> int:
    """A WARC-Record-ID in 8 bytes, for telling millions of them apart."""
    return int.from_bytes(blake2b(record_id.encode("utf-8", "replace"), digest_size=8).digest())
