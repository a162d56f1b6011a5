"""Looking after the archive as a whole: is everything there and whole, and what may go.

Belongs here: how WARC files and journals of a folder hang together. Does not belong here: the inside of one file (``archive_scan``),
writing records (``archive_writer``), the database, which knows of the archive only what journals tell.

Journals are never deleted. What is pruned is told in a journal before it is deleted, so that its absence is never a riddle.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flows.collectors.archive_folder import all_events, events, identity, instant, journals, name_inside, pruned_files, warc_files
from flows.collectors.archive_scan import Finding, FindingKind, ScannedRecord, holds_response, scan
from flows.collectors.archive_writer import sync_folder
from flows.collectors.journal import OWN

if TYPE_CHECKING:
    from flows.collectors.journal import Journal

_OWN_FILE = re.compile(r"frontrunner-(\d{8}T\d{6}Z)-.+\.warc\.gz")

Progress = Callable[[str], None]  # told the name of each file before it is read


# ---- verify


@dataclass(slots=True, kw_only=True)
class VerifySummary:
    """What a verification read and found; filled while it goes on."""

    files: int = 0
    records: int = 0
    bytes: int = 0
    revisits: int = 0
    journals: int = 0
    events: int = 0
    damage: int = 0  # findings that are damage
    remarks: int = 0  # findings that are none


@dataclass(slots=True, kw_only=True)
class _Found:
    """What the WARC files hold, as small as the questions allow: identities are 8 bytes of a hash."""

    records: set[int] = field(default_factory=set)  # that a revisit record can refer to
    places: dict[str, tuple[array[int], array[int]]] = field(default_factory=dict)  # of a file's responses: offsets, identities
    revisits: list[tuple[str, int, int]] = field(default_factory=list)  # file, offset, identity of what it refers to


def verify(folder: Path, *, summary: VerifySummary | None = None, progress: Progress | None = None) -> Iterator[Finding]:
    """Everything that is wrong or odd in an archive. It may be read while a run writes to it.

    Raises OSError where a file cannot be read.
    """
    told = summary or VerifySummary()
    for finding in _verify(folder, told, progress):
        told.damage += finding.is_damage
        told.remarks += not finding.is_damage
        yield finding


def _verify(folder: Path, told: VerifySummary, progress: Progress | None) -> Iterator[Finding]:
    # A record is there before the line that names it, so journals count as long as they were before the first WARC file is read.
    lines = journals(folder)
    pruned = pruned_files(folder)
    found = _Found()
    for name, path in warc_files(folder).items():
        if progress is not None:
            progress(name)
        if name in pruned:
            yield Finding(file=name, offset=0, kind=FindingKind.PRUNED_FILE, detail="was to be deleted", is_damage=False)
        yield from _verify_file(path, name, found, told)
    for name, offset, target in found.revisits:
        if target not in found.records:
            detail = "the record that it refers to is not in the archive" + ("; perhaps in a file that was pruned" if pruned else "")
            yield Finding(file=name, offset=offset, kind=FindingKind.MISSING_TARGET, detail=detail, is_damage=not pruned)
    for name, (path, size) in lines.items():
        if progress is not None:
            progress(name)
        told.journals += 1
        for entry in events(name, path, size):
            if isinstance(entry, Finding):
                yield entry
                continue
            told.events += 1
            wrong = _verify_event(folder, entry[1], found, pruned)
            if wrong is not None:
                yield Finding(file=name, offset=entry[0], kind=wrong[0], detail=wrong[1])


def _verify_file(path: Path, name: str, found: _Found, told: VerifySummary) -> Iterator[Finding]:
    offsets, identities = array("Q"), array("Q")
    told.files += 1
    told.bytes += path.stat().st_size
    for entry in scan(path, name):
        if isinstance(entry, Finding):
            yield entry
            continue
        told.records += 1
        if entry.kind in {"response", "resource"}:
            short = identity(entry.record_id)
            found.records.add(short)
            if entry.kind == "response" and entry.offset not in offsets[-1:]:
                offsets.append(entry.offset)
                identities.append(short)
        elif entry.kind == "revisit":
            told.revisits += 1
            if entry.refers_to:  # other tools name address and time alone
                found.revisits.append((name, entry.offset, identity(entry.refers_to)))
    found.places[name] = (offsets, identities)


def _verify_event(folder: Path, event: dict[str, Any], found: _Found, pruned: frozenset[str]) -> tuple[FindingKind, str] | None:
    """What is wrong with the place that an event names."""
    named, offset, is_own = event.get("warc_file"), event.get("warc_offset"), event.get("origin", OWN) == OWN
    if event.get("event") == "prune" or not isinstance(named, str) or not (is_own or event.get("result") == "fetched"):
        return None  # of other archives also the places are told at which there is no response
    if not isinstance(offset, int):
        return FindingKind.MISSING_RECORD, f"{named}: no offset is told"
    name = name_inside(folder, named)
    if name is None:  # a file of another archive, which stays where it was
        try:
            there = holds_response(Path(named), offset)
        except OSError as error:
            return FindingKind.MISSING_FILE, f"{named}: {error.strerror}"
        return None if there else (FindingKind.MISSING_RECORD, f"{named}: no response record begins at {offset}")
    if name not in found.places:
        return None if name in pruned else (FindingKind.MISSING_FILE, f"{named}: is not in the archive")
    offsets, identities = found.places[name]
    index = bisect_left(offsets, offset)
    if index == len(offsets) or offsets[index] != offset:
        return FindingKind.MISSING_RECORD, f"{named}: no whole response record begins at {offset}"
    body = event.get("body")  # says which record holds the body, where it is not the exchange's own
    wanted = body.get("record_id") if isinstance(body, dict) else event.get("record_id")
    if is_own and isinstance(wanted, str) and identities[index] != identity(wanted):
        return FindingKind.MISSING_RECORD, f"{named}: the record at {offset} is not {wanted}"
    return None


# ---- prune


@dataclass(frozen=True, slots=True, kw_only=True)
class Pruned:
    """What was deleted (or would be), and what is old and stays."""

    files: tuple[str, ...]
    bytes: int
    referenced: tuple[str, ...]  # later records say that their body lies here
    unreadable: tuple[str, ...]  # not all records can be read, so that nobody knows how old they are


@dataclass(slots=True, kw_only=True)
class _File:
    """What pruning has to know of a WARC file."""

    newest: datetime | None = None
    is_damaged: bool = False
    holds: set[int] = field(default_factory=set)  # identities of its responses
    refers_to: set[int] = field(default_factory=set)  # identities of the bodies that its revisit records stand for


def prune(
    folder: Path,
    before: datetime,
    journal: Journal,
    pruned_at: datetime,
    *,
    keep_referenced: bool = True,
    dry_run: bool = False,
    progress: Progress | None = None,
) -> Pruned:
    """Delete the WARC files of past runs of which every record is older than ``before``.

    What a record or an event that is kept refers to is kept as well, unless ``keep_referenced`` is off. Only files that this program
    wrote are deleted. Each is told in ``journal`` and that line is on the disk before the file goes; a file of which an earlier pruning
    told and that is still there goes now. Raises OSError where a file cannot be read or deleted.
    """
    files = {}
    for name, path in warc_files(folder).items():
        if progress is not None:
            progress(name)
        files[name] = _look_at(path, name)
    told = pruned_files(folder)
    old = {name for name, file in files.items() if _OWN_FILE.fullmatch(Path(name).name) and _is_older(file, before)} - told
    unreadable = {name for name in old if files[name].is_damaged}
    referenced = _needed(folder, files, old - unreadable, told, before) if keep_referenced else set()
    chosen = sorted((old - unreadable - referenced) | (told & set(files)))
    total = sum((folder / name).stat().st_size for name in chosen)
    if not dry_run:
        for name in chosen:
            path = folder / name
            if name not in told:
                journal.prune(warc_file=name, pruned_at=pruned_at, bytes=path.stat().st_size)
                journal.sync()
                if journal.path is not None:
                    sync_folder(journal.path.parent)
            path.unlink()
            _remove_empty(path.parent, folder)
    return Pruned(files=tuple(chosen), bytes=total, referenced=tuple(sorted(referenced)), unreadable=tuple(sorted(unreadable)))


def _look_at(path: Path, name: str) -> _File:
    file = _File()
    begun = _OWN_FILE.fullmatch(path.name)
    dates = [datetime.strptime(begun[1], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)] if begun else []
    for entry in scan(path, name):
        if isinstance(entry, ScannedRecord):
            dates = [max([*dates, entry.date])]
            if entry.kind in {"response", "resource"}:
                file.holds.add(identity(entry.record_id))
            elif entry.kind == "revisit" and entry.refers_to:
                file.refers_to.add(identity(entry.refers_to))
        elif entry.is_damage and entry.kind is not FindingKind.WRONG_DIGEST:
            file.is_damaged = True
    file.newest = max(dates, default=None)
    return file


def _is_older(file: _File, before: datetime) -> bool:
    return file.newest is not None and file.newest < before


def _needed(folder: Path, files: dict[str, _File], old: set[str], told: frozenset[str], before: datetime) -> set[str]:
    """The old files in which something lies that is kept for its use elsewhere; what these refer to in turn is kept too."""
    holder = {held: name for name in old for held in files[name].holds}
    needed = {name for name in _named_since(folder, before) if name in old}
    waiting = [*(set(files) - old - told), *needed]
    while waiting:
        for target in files[waiting.pop()].refers_to:
            name = holder.get(target)
            if name is not None and name not in needed:
                needed.add(name)
                waiting.append(name)
    return needed


def _named_since(folder: Path, before: datetime) -> set[str]:
    """The files that events from ``before`` on name."""
    names: set[str] = set()
    for event in all_events(folder):
        if event.get("event") == "prune" or not isinstance(event.get("warc_file"), str):
            continue
        name, at = name_inside(folder, event["warc_file"]), instant(event)
        if name is not None and (at is None or at >= before):
            names.add(name)
    return names


def _remove_empty(folder: Path, root: Path) -> None:
    while folder != root:
        with suppress(OSError):  # something else is in it
            folder.rmdir()
        folder = folder.parent
