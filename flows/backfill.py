"""WARC files that are not one's own polling: each response is written into the collection record, then read like any other page.

The journal names file and offset, so nothing is copied: keep the files where they are for as long as they should count.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import date
from hashlib import blake2b
from pathlib import Path

from flows.collectors.archive import ArchivedPage, UnreadableRecord, iterate_pages
from flows.collectors.client import status_reason
from flows.collectors.journal import Journal
from flows.environment import Environment
from transforms.records import Reason
from transforms.urls import OutletDirectory

log = logging.getLogger(__name__)
_SUFFIXES = (".warc", ".warc.gz")
OK_STATUS = range(200, 300)


def find_warc_files(paths: Iterable[Path]) -> list[Path]:
    """The WARC files among the paths and below the folders, absolute, sorted, each once.

    Raises:
        FileNotFoundError: a path that is neither a WARC file nor a folder with some.
    """
    found: set[Path] = set()
    for path in paths:
        files = [path] if path.is_file() else [file for suffix in _SUFFIXES for file in path.rglob(f"*{suffix}") if file.is_file()]
        if not files:
            raise FileNotFoundError(f"{path}: no WARC file (*.warc, *.warc.gz) is there")
        found.update(file.resolve() for file in files)
    return sorted(found)


def backfill_pass(environment: Environment, run_id: str, files: Iterable[Path], since: date | None, until: date | None) -> int:
    """Record every response of the files, with the window of publication days that is wanted; returns how many there were."""
    directory = OutletDirectory(environment.configuration.outlets)
    count = 0
    with Journal(environment.archive, environment.clock(), run_id) as journal:
        for path in files:
            in_file = 0
            for number, entry in enumerate(iterate_pages(path)):
                journal.fetch(**_event(environment, directory, path, number, entry, since, until))
                in_file += 1
            log.info("%s: %d responses", path.name, in_file)
            count += in_file
    return count


def _event(
    environment: Environment,
    directory: OutletDirectory,
    path: Path,
    number: int,
    entry: ArchivedPage | UnreadableRecord,
    since: date | None,
    until: date | None,
) -> dict[str, object]:
    record_id = entry.record_id or f"{path.name}#{number}"
    row: dict[str, object] = {
        "origin": "archive",
        # a record that names no id is known by its place; an item of an archive is its record
        "item_id": blake2b(record_id.encode("utf-8", "replace"), digest_size=8).hexdigest(),
        "record_id": record_id,
        "url": entry.url or "",
        "warc_file": str(path),
        "warc_offset": entry.offset,
        "attempt": 1,
        "redirects": 0,
        "since": since.isoformat() if since else None,
        "until": until.isoformat() if until else None,
    }
    if isinstance(entry, UnreadableRecord):
        result = "rejected" if entry.rejection.reason is Reason.UNSUPPORTED_RECORD else "failed"
        return row | {
            "fetched_at": environment.clock(),
            "result": result,
            "reason": entry.rejection.reason,
            "detail": entry.rejection.detail,
        }
    outlet = directory.find(entry.url)
    row |= {
        "fetched_at": entry.fetched_at,
        "http_status": entry.status,
        "final_url": entry.url,
        "content_type": entry.content_type,
        "payload_bytes": len(entry.content),
        "outlet_id": outlet.id if outlet else None,
    }
    if outlet is None:
        return row | {"result": "rejected", "reason": Reason.NO_OUTLET, "detail": "no configured outlet has this host"}
    if entry.status not in OK_STATUS:
        return row | {"result": "failed", "reason": status_reason(entry.status), "detail": f"HTTP {entry.status}"}
    return row | {"result": "fetched"}
