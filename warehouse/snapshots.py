"""The published files that are kept: each publication stays in ``data/snapshots/`` for a while, can be looked at, and can be put back.

What differs between two of them is told by :mod:`warehouse.differences`; how a file is made is no business of this module.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from warehouse import publish
from warehouse.database import MEMORY_MEGABYTES, SCHEMA_VERSION, Connection, SchemaTooNew, attach

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

PUBLISHED = "published"  # the name by which people speak of the file that is in place
_HASH_DIGITS = 12  # of the hash, in the name of a file
_NAME = re.compile(rf"^(\d{{8}}T\d{{6}}Z)-([0-9a-f]{{{_HASH_DIGITS}}})\.duckdb$")
_STAMP = "%Y%m%dT%H%M%SZ"
_UNFINISHED = ".keeping"


class UnreadableSnapshot(Exception):
    """A file is no published file, or is damaged."""


class UnknownSnapshot(Exception):
    """No snapshot, or more than one, is meant by what was asked for."""


class ContentMismatch(Exception):
    """A file does not hold what its own hash says: it was written to, or is damaged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """A published file, as it tells of itself."""

    path: Path
    name: str  # of the file, or ``published`` for one that is in place and not kept
    published_at: datetime
    as_of: datetime | None
    snapshot_hash: str
    run_id: str
    code_version: str
    schema_version: int
    articles: int
    mentions: int
    size: int  # bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A line of the list of snapshots."""

    name: str
    snapshot: Snapshot | None  # None: the file cannot be read
    is_published: bool  # its content is what is in place


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What was done to put a snapshot back."""

    snapshot: Snapshot
    replaced: str | None  # the name under which the file that was in place is kept; None: there was none
    is_checked: bool  # False for a file of an older schema, whose hash this program cannot make again


def read_snapshot(path: Path, name: str | None = None) -> Snapshot:
    """What a published file tells of itself.

    Raises:
        UnreadableSnapshot: see there.
        SchemaTooNew: a later version of the program published it.
    """
    try:
        with open_together({"snapshot_file": path}) as connection:
            # every schema has these columns; a later one has to be refused before anything else is asked
            rows = connection.execute(
                "SELECT published_at, as_of, snapshot_hash, run_id, code_version, schema_version FROM snapshot_file.snapshot"
            ).fetchall()
            if len(rows) != 1:
                raise UnreadableSnapshot(f"{path} does not say what it is: its table snapshot has {len(rows)} rows")
            published_at, as_of, snapshot_hash, run_id, code_version, schema_version = rows[0]
            if schema_version > SCHEMA_VERSION:
                raise SchemaTooNew(
                    f"{path} has schema {schema_version}, this program knows {SCHEMA_VERSION}: use the version that wrote it"
                )
            counts = "SELECT (SELECT count(*) FROM snapshot_file.articles), (SELECT count(*) FROM snapshot_file.mentions)"
            articles, mentions = connection.execute(counts).fetchall()[0]
    except duckdb.Error as error:
        raise UnreadableSnapshot(f"{path} cannot be read as a published file: {error}") from error
    return Snapshot(
        path=path, name=name or path.name, published_at=published_at, as_of=as_of, snapshot_hash=snapshot_hash, run_id=run_id,
        code_version=code_version, schema_version=schema_version, articles=articles, mentions=mentions, size=path.stat().st_size,
    )  # fmt: skip


@contextmanager
def open_together(files: Mapping[str, Path], memory_megabytes: int = MEMORY_MEGABYTES) -> Iterator[Connection]:
    """Published files side by side, each a catalogue of the given name: read-only, without access to anything else.

    They are opened anew, whatever this process has open under the same path. What does not fit into memory goes to a temporary folder.

    Raises:
        FileNotFoundError: one is not there.
    """
    for path in files.values():
        if not path.is_file():
            raise FileNotFoundError(f"{path} does not exist")
    with tempfile.TemporaryDirectory() as overflow, duckdb.connect(config={"temp_directory": overflow}) as connection:
        connection.execute("SET TimeZone = 'UTC'").fetchall()
        connection.execute(f"SET memory_limit = '{memory_megabytes}MB'").fetchall()
        for setting in ("autoinstall_known_extensions", "autoload_known_extensions"):
            connection.execute(f"SET {setting} = false").fetchall()
        for name, path in files.items():
            attach(connection, path, name, "(READ_ONLY)")
        connection.execute("SET enable_external_access = false").fetchall()
        connection.execute("SET lock_configuration = true").fetchall()
        yield connection


# ---- keeping


def keep(published: Path, folder: Path, number: int) -> str | None:
    """Keep the published file beside the ``number - 1`` that were published last before it; older ones are removed.

    Of one content the latest publication is kept. May be repeated at any time. Returns the name under which the file is kept now; None
    where nothing is published or nothing is to be kept.

    Raises:
        UnreadableSnapshot: see there.
        OSError: it can be neither linked nor copied.
    """
    name = _keep(published, folder) if number and published.is_file() else None
    names = [other for other in _names(folder) if other != name]
    for other in names[max(0, number - 1) if name else number :]:
        (folder / other).unlink(missing_ok=True)
    return name


def _keep(published: Path, folder: Path) -> str:
    """Under a passing name first: only what this very file says of itself names it, even if another one is put in its place meanwhile."""
    folder.mkdir(parents=True, exist_ok=True)
    for path in folder.glob(f".*{_UNFINISHED}"):  # of a process that was killed
        path.unlink(missing_ok=True)
    passing = folder / f".{os.getpid()}{_UNFINISHED}"
    try:
        _link_or_copy(published, passing)
        found = read_snapshot(passing)
        name = f"{found.published_at.astimezone(UTC):{_STAMP}}-{found.snapshot_hash[:_HASH_DIGITS]}.duckdb"
        same = [other for other in _names(folder) if _hash_in(other) == _hash_in(name)]
        if same and same[0] >= name:
            return same[0]
        os.replace(passing, folder / name)
        for other in same:
            (folder / other).unlink(missing_ok=True)
        return name
    finally:
        passing.unlink(missing_ok=True)


def _link_or_copy(source: Path, target: Path) -> None:
    """A published file is always replaced and never written to, so a link to it stays what it is. Some file systems know no links."""
    try:
        os.link(source, target)
    except FileNotFoundError:
        raise
    except OSError:
        shutil.copyfile(source, target)
        _reach_the_disk(target)


def _names(folder: Path) -> list[str]:
    """Of the files that are snapshots, the latest publication first. What else lies in the folder is not ours."""
    found = [path for path in folder.iterdir() if _NAME.match(path.name) and path.is_file()] if folder.is_dir() else []
    # two publications of one second: the file that was written later
    return [path.name for path in sorted(found, key=lambda path: (_moment(path.name), path.stat().st_mtime_ns, path.name), reverse=True)]


def _moment(name: str) -> str:
    return name.partition("-")[0]


def _hash_in(name: str) -> str:
    return name.partition("-")[2]


# ---- finding


def list_snapshots(published: Path, folder: Path) -> list[Kept]:
    """Every snapshot, the latest publication first; the file in place too where it is not kept."""
    in_place = _read_or_none(published, PUBLISHED) if published.is_file() else None
    kept = [Kept(name=name, snapshot=found, is_published=_same(found, in_place)) for name, found in _read_all(folder)]
    if published.is_file() and not any(entry.is_published for entry in kept):
        kept.insert(0, Kept(name=PUBLISHED, snapshot=in_place, is_published=True))
    return kept


def _read_all(folder: Path) -> Iterator[tuple[str, Snapshot | None]]:
    for name in _names(folder):
        yield name, _read_or_none(folder / name)


def _read_or_none(path: Path, name: str | None = None) -> Snapshot | None:
    try:
        return read_snapshot(path, name)
    except (UnreadableSnapshot, SchemaTooNew):
        return None


def _same(one: Snapshot | None, other: Snapshot | None) -> bool:
    return one is not None and other is not None and one.snapshot_hash == other.snapshot_hash


def find_snapshot(published: Path, folder: Path, asked: str) -> Path:
    """The one file that is meant: ``published``, or the beginning of the name of a kept one or of its hash.

    Raises:
        UnknownSnapshot: see there.
    """
    if asked == PUBLISHED:
        if not published.is_file():
            raise UnknownSnapshot(f"nothing is published yet: {published} does not exist")
        return published
    found = [name for name in _names(folder) if asked and (name.startswith(asked) or _has_hash(folder / name, asked))]
    if not found:
        raise UnknownSnapshot(f"no snapshot begins with {asked!r}, by its name or its hash: see `frontrunner snapshots list`")
    if len(found) > 1:
        raise UnknownSnapshot(f"more than one snapshot begins with {asked!r}: {', '.join(found)}")
    return folder / found[0]


def _has_hash(path: Path, asked: str) -> bool:
    if not _hash_in(path.name).startswith(asked[:_HASH_DIGITS].lower()):
        return False
    if len(asked) <= _HASH_DIGITS:
        return True
    found = _read_or_none(path)
    return found is not None and found.snapshot_hash.startswith(asked.lower())


# ---- putting back


def restore(chosen: Path, published: Path, folder: Path, now: datetime) -> Restored:
    """Put a kept file in the place of the published one, in one step. The file that it replaces is kept.

    Nothing is changed where the kept file is found wanting. Nobody may publish meanwhile.

    Raises:
        UnreadableSnapshot: see there.
        ContentMismatch: see there.
        SchemaTooNew: a later version of the program published it.
    """
    # a name that the next publication clears away, should this process be killed
    copied = published.with_name(f".{published.name}.{os.getpid()}.building")
    try:
        shutil.copyfile(chosen, copied)
        found = read_snapshot(copied, chosen.name)  # the copy is looked at: it is what will be in place
        is_checked = _check_content(copied, found)
        replaced = _keep_whatever(published, folder, now) if published.is_file() else None
        _reach_the_disk(copied)
        os.replace(copied, published)
        _reach_the_disk(published.parent)
    finally:
        copied.unlink(missing_ok=True)
    return Restored(snapshot=found, replaced=replaced, is_checked=is_checked)


def _check_content(path: Path, found: Snapshot) -> bool:
    """Whether the hash was made again and is the same. All of the file is read in any case: a damaged block shows when it is read."""
    is_older = found.schema_version < SCHEMA_VERSION
    try:
        with open_together({"snapshot_file": path}) as connection:
            tables = "SELECT table_name FROM duckdb_tables() WHERE database_name = 'snapshot_file' ORDER BY table_name"
            names = [name for (name,) in connection.execute(tables).fetchall()]
            lacking = sorted(set(publish.CONTENT_TABLES) - set(names))
            if lacking and not is_older:
                raise UnreadableSnapshot(f"{found.name} is no whole file: it lacks {', '.join(lacking)}")
            for name in names:
                if lacking or name not in publish.CONTENT_TABLES:  # these are read for their hash
                    quoted = name.replace('"', '""')
                    connection.execute(f'SELECT bit_xor(hash(rows)) FROM snapshot_file."{quoted}" AS rows').fetchall()  # noqa: S608
            is_same = not lacking and publish.content_hash(connection, "snapshot_file") == found.snapshot_hash
    except duckdb.Error as error:
        raise UnreadableSnapshot(f"{found.name} is damaged: {error}") from error
    if not is_same and not is_older:
        raise ContentMismatch(f"{found.name} does not hold what its hash says: it was written to, or is damaged")
    return is_same


def _keep_whatever(published: Path, folder: Path, now: datetime) -> str:
    """Keep the file that is about to be replaced, even one that nobody can read."""
    try:
        return _keep(published, folder)
    except (UnreadableSnapshot, SchemaTooNew):
        name = f"unreadable-{now.astimezone(UTC):{_STAMP}}.duckdb"
        (folder / name).unlink(missing_ok=True)
        _link_or_copy(published, folder / name)
        return name


def _reach_the_disk(path: Path) -> None:
    """Wait until a file, or the names in a folder, would outlive a power cut."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
