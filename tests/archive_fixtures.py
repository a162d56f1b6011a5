"""Small archives for tests: exchanges that never happened, written as a run writes them."""

from __future__ import annotations

import contextlib
import io
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from warcio.checker import Checker

from flows.collectors.archive_writer import ArchiveWriter, RecordLocation
from flows.collectors.client import FetchResult

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2024, 7, 1, 6, 0, 0, 123456, tzinfo=UTC)
RUN = "0123456789abcdef"
PAGE = "<html><p>Łódź</p></html>".encode()
LONG = b"<html>" + b"".join(b"<p>Paragraph %d of a page about nothing in particular.</p>" % n for n in range(200)) + b"</html>"


def result(
    url: str = "https://a.example/x?y=1", raw: bytes = PAGE, headers: tuple[tuple[bytes, bytes], ...] = (), **more: Any
) -> FetchResult:
    """An answer of a server."""
    values: dict[str, Any] = {
        "requested_url": url, "final_url": url, "status": 200, "reason_phrase": "OK", "fetched_at": NOW, "raw_body": raw, "body": PAGE,
        "headers": ((b"Content-Type", b"text/html; charset=utf-8"), *headers),
        "request_headers": ((b"Host", b"a.example"), (b"User-Agent", b"Frontrunner/0")),
    }  # fmt: skip
    return FetchResult(**(values | more))


def long_page(number: int) -> bytes:
    """A page that is worth sharing, another one for each number."""
    return LONG + b"<!-- %d -->" % number


def write(folder: Path, *results: FetchResult, at: datetime = NOW, run_id: str = RUN, max_bytes: int = 1 << 30) -> list[RecordLocation]:
    """What a run does that fetches these."""
    with ArchiveWriter(folder, at, run_id, max_bytes) as writer:
        return [writer.write(one) for one in results]


def warcio_complains(path: Path) -> str:
    """What ``warcio check`` says against a file: nothing where all digests fit."""
    said = io.StringIO()
    checker = Checker(type("Options", (), {"verbose": False, "inputs": [str(path)]})())
    with contextlib.redirect_stdout(said):
        checker.process_all()
    return said.getvalue() or "failed" if checker.exit_value else ""
