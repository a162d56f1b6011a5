"""The collection record: what was polled, what was found, what was fetched. One JSON line an event, appended and never changed.

Belongs here: writing and reading the lines. Does not belong here: what follows from them (``warehouse``), what decides them (``collect``).

A poll and the new items that it found are **one** line: a process killed between two lines loses either the whole poll, which then
happens again, or nothing. A WARC record is on disk before the line that names it. A last line without its end is a torn one and is
passed over.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, BinaryIO, Self

from flows.collectors.archive import run_file

if TYPE_CHECKING:
    from pathlib import Path

SUFFIX = ".jsonl"
# The keys of each event, all of them always there: the warehouse loads them by name. ``record_id`` is the record of this very exchange;
# ``warc_file`` and ``warc_offset`` say where its body lies, which for an unchanged body is the earlier record that ``body`` names.
POLL_KEYS = (
    "event", "run_id", "outlet_id", "source_url", "source_kind", "polled_at", "result", "reason", "detail", "http_status", "listed",
    "known", "oldest_listed_at", "newest_listed_at", "etag", "last_modified", "warc_file", "warc_offset", "record_id", "body", "items",
    "moved_to", "stands_for", "failures", "failing", "interval_minutes", "due_at", "retry_at",
)  # fmt: skip
ITEM_KEYS = ("item_id", "url", "title", "published_at", "published_raw", "authors", "language")
FETCH_KEYS = (
    "event", "origin", "run_id", "outlet_id", "item_id", "url", "fetched_at", "result", "reason", "detail", "http_status", "final_url",
    "content_type", "warc_file", "warc_offset", "record_id", "body", "payload_bytes", "attempt", "redirects", "since", "until",
    "visit", "etag", "last_modified", "opt_outs", "retry_at",
)  # fmt: skip
PRUNE_KEYS = ("event", "run_id", "warc_file", "pruned_at", "bytes")
OWN = "own"  # origin of what this program fetched itself; ``backfill`` writes another, with the window that it was asked for
_MAX_DETAIL_CHARS = 500


def timestamp(at: datetime | None) -> str | None:
    """ISO 8601 in UTC with microseconds and Z."""
    return None if at is None else at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


class Journal:
    """The record of one run, beside the run's WARC files. A context manager; the file is made with the first event."""

    def __init__(self, folder: Path, started_at: datetime, run_id: str) -> None:
        self._folder, self._started_at, self.run_id = folder, started_at, run_id
        self._file: BinaryIO | None = None
        self.path: Path | None = None  # None until there is something to tell

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            self.sync()
            self._file.close()
            self._file = None

    def poll(self, **values: Any) -> None:
        """Append a poll with its new items (see POLL_KEYS). Raises OSError when the disk does."""
        self._append(POLL_KEYS, {**values, "event": "poll", "run_id": self.run_id})

    def fetch(self, **values: Any) -> None:
        """Append how one item ended in this run (see FETCH_KEYS). Raises OSError when the disk does."""
        self._append(FETCH_KEYS, {"origin": OWN, **values, "event": "fetch", "run_id": self.run_id})

    def prune(self, **values: Any) -> None:
        """Append that an archive file is about to be deleted (see PRUNE_KEYS). Raises OSError when the disk does."""
        self._append(PRUNE_KEYS, {**values, "event": "prune", "run_id": self.run_id})

    def sync(self) -> None:
        """Have everything so far on the disk itself."""
        if self._file is not None:
            os.fsync(self._file.fileno())

    def _append(self, keys: tuple[str, ...], values: Mapping[str, Any]) -> None:
        unknown = values.keys() - set(keys)
        if unknown:
            raise TypeError(f"no such key in this event: {', '.join(sorted(unknown))}")
        row = {key: _plain(values.get(key)) for key in keys}
        if isinstance(row.get("detail"), str):
            row["detail"] = row["detail"][:_MAX_DETAIL_CHARS]
        line = json.dumps(row, ensure_ascii=True, separators=(",", ":")) + "\n"
        if self._file is None:
            self._file = self._create()
        self._file.write(line.encode("ascii"))
        self._file.flush()

    def _create(self) -> BinaryIO:
        number = 0
        while True:
            path = run_file(self._folder, self._started_at, self.run_id, number, SUFFIX)
            path.parent.mkdir(parents=True, exist_ok=True)
            try:
                file = path.open("xb")
            except FileExistsError:
                number += 1
                continue
            self.path = path
            return file


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return timestamp(value)
    if isinstance(value, str):
        # a lone surrogate has no UTF-8 form: readers of the line would refuse it
        return str(value).encode("utf-8", "replace").decode("utf-8").replace("\0", "")
    if isinstance(value, Mapping):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return value


def read_events(path: Path) -> Iterator[dict[str, Any]]:
    """The events of one file, without a torn last line. Raises ValueError where another line is no JSON."""
    with path.open("rb") as file:
        for line in file:
            if not line.endswith(b"\n"):
                return
            yield json.loads(line)
