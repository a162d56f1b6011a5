"""Reading the archive: WARC files, our own and those of other tools.

Belongs here: a response out of a WARC file. Does not belong here: writing one (``archive_writer``), looking after whole files
(``archive_care``), what became of an item (``journal``), what is in a page (``transforms``).

Length and digest are checked here, because WARC libraries hand over cut-off records without complaint.
"""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType

from flows.collectors.archive_writer import ArchiveWriter, RecordLocation, run_file
from transforms.inflate import GZIP_MAGIC, inflate
from transforms.records import Reason, Rejection

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

__all__ = [  # the writer's names are here too, for those who need both
    "MAX_CONTENT_BYTES", "ArchiveWriter", "ArchivedPage", "RecordLocation", "UnreadableRecord", "iterate_pages", "read_response",
    "run_file",
]  # fmt: skip

MAX_CONTENT_BYTES = 50_000_000  # of one archived page, decoded
_MAX_HEADER_BYTES = 1 << 20
_SEARCH_STEP = 1 << 20
_PLAIN_START = b"\r\n\r\nWARC/1."
_GZIP_START = GZIP_MAGIC + b"\x08"
_STATUS_LINE = re.compile(rb"HTTP/\d(?:\.\d)?[ \t]+(\d{3})\b")
_LINE_END = re.compile(rb"\r?\n")
_CHUNK_SIZE = re.compile(rb"([0-9A-Fa-f]{1,8})[ \t]*(?:;[^\r\n]{0,1000})?\r?\n")
_SKIPPED = WarcRecordType.warcinfo | WarcRecordType.request | WarcRecordType.metadata | WarcRecordType.revisit


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchivedPage:
    """A response out of a WARC file, transfer and content encoding undone."""

    record_id: str
    url: str
    status: int
    content_type: str | None
    content: bytes
    fetched_at: datetime  # UTC
    offset: int


@dataclass(frozen=True, slots=True, kw_only=True)
class UnreadableRecord:
    """A record that gives no page, with as much as is known of it."""

    rejection: Rejection
    record_id: str | None = None
    url: str | None = None
    offset: int | None = None


def read_response(path: Path, offset: int, max_bytes: int = MAX_CONTENT_BYTES) -> ArchivedPage | Rejection:
    """The response record at ``offset`` of a WARC file.

    Reasons: DAMAGED_RECORD (also where the file is missing), UNSUPPORTED_RECORD, CUT_SHORT, TOO_LARGE, BAD_ENCODING.
    """
    try:
        with path.open("rb") as file:
            file.seek(offset)
            record = next(iter(ArchiveIterator(file, parse_http=False, strict_mode=False)), None)
            found = _page(record, max_bytes) if record is not None else None
    except OSError as error:
        return _rejected(Reason.DAMAGED_RECORD, str(error))
    if found is None:
        return _rejected(Reason.DAMAGED_RECORD, "no response record at this place")
    return found.rejection if isinstance(found, UnreadableRecord) else found


def iterate_pages(path: Path, max_bytes: int = MAX_CONTENT_BYTES) -> Iterator[ArchivedPage | UnreadableRecord]:
    """Every response in a ``.warc`` or ``.warc.gz`` file, in its order.

    A damaged stretch is reported once and reading goes on behind it. Request, metadata, warcinfo and revisit records are passed over.
    Raises OSError only where the file cannot be opened or read at all.
    """
    start, last, in_gap = 0, -1, False
    size = path.stat().st_size
    while start < size:
        try:
            with path.open("rb") as file:
                file.seek(start)
                for record in ArchiveIterator(file, parse_http=False, strict_mode=False):
                    if record.stream_pos < last:  # behind a resumption nothing is read twice
                        continue
                    last = record.stream_pos
                    found = _page(record, max_bytes)
                    in_gap = False
                    if found is not None:
                        yield found
            return
        except OSError as error:
            if not in_gap:
                yield UnreadableRecord(rejection=_rejected(Reason.DAMAGED_RECORD, str(error)), offset=max(last, start))
            in_gap = True
            start = _next_start(path, max(last, start) + 1)


def _next_start(path: Path, after: int) -> int:
    """Where the next record may begin; the file's size where none does."""
    with path.open("rb") as file:
        mark = _GZIP_START if file.read(2) == GZIP_MAGIC else _PLAIN_START
        position = after
        while True:
            file.seek(position)
            window = file.read(_SEARCH_STEP + len(mark))
            found = window.find(mark)
            if found >= 0:
                return position + found + (4 if mark is _PLAIN_START else 0)
            if len(window) < _SEARCH_STEP:
                return path.stat().st_size
            position += _SEARCH_STEP


def _page(record: WarcRecord, max_bytes: int) -> ArchivedPage | UnreadableRecord | None:
    if record.record_type & _SKIPPED:
        return None
    record_id, url, offset = record.record_id, (record.headers.get("WARC-Target-URI") or "").strip().strip("<>") or None, record.stream_pos

    def refused(reason: Reason, detail: str) -> UnreadableRecord:
        return UnreadableRecord(rejection=_rejected(reason, detail), record_id=record_id, url=url, offset=offset)

    if record.headers.get("Content-Length") is None:  # the header itself is cut off
        return refused(Reason.DAMAGED_RECORD, "no Content-Length")
    if record.content_length > max_bytes + _MAX_HEADER_BYTES:
        return refused(Reason.TOO_LARGE, f"record of {record.content_length} bytes")
    try:
        block = record.reader.read(record.content_length) if record.content_length else b""
    except OSError as error:
        return refused(Reason.DAMAGED_RECORD, str(error))
    if len(block) != record.content_length:
        return refused(Reason.DAMAGED_RECORD, f"{len(block)} of {record.content_length} bytes")
    if record.record_type != WarcRecordType.response or not record.is_http:
        return refused(Reason.UNSUPPORTED_RECORD, f"{record.record_type} record of {record.headers.get('Content-Type') or 'no type'}")
    fetched_at = _warc_date(record.headers.get("WARC-Date"))
    status, headers, payload = _split_http(block)
    if url is None or record_id is None or fetched_at is None or status is None:
        return refused(Reason.DAMAGED_RECORD, "no HTTP status, WARC-Date, WARC-Target-URI or WARC-Record-ID")
    whole = _dechunked(payload) if "chunked" in headers.get("transfer-encoding", "").lower() else payload
    if whole is None:
        return refused(Reason.CUT_SHORT, "the chunks do not add up")
    promised = headers.get("content-length", "")
    if record.headers.get("WARC-Truncated") or (whole is payload and promised.isdigit() and len(payload) < int(promised[:18])):
        return refused(Reason.CUT_SHORT, f"{len(payload)} bytes of {promised or 'more'}")
    coding = headers.get("content-encoding", "")
    if "gzip" in coding.lower() and not whole.startswith(GZIP_MAGIC):
        coding = ""  # archived after decompression, with the header left as it was
    content = inflate(whole, coding, max_bytes)
    if isinstance(content, Rejection):
        return refused(content.reason, content.detail)
    if not _intact(record, block, (payload, whole, content)):
        return refused(Reason.DAMAGED_RECORD, "does not fit its digest")
    kind = headers.get("content-type")
    return ArchivedPage(
        record_id=record_id, url=url, status=status, content_type=kind or None, content=content, fetched_at=fetched_at, offset=offset
    )


def _split_http(block: bytes) -> tuple[int | None, dict[str, str], bytes]:
    """Status, headers (lower case, first value, repeated content codings joined) and payload."""
    ends = [(at, len(mark)) for mark in (b"\r\n\r\n", b"\n\n") if (at := block.find(mark, 0, _MAX_HEADER_BYTES)) >= 0]
    at, width = min(ends, default=(len(block), 0))
    lines = block[:at].splitlines()
    match = _STATUS_LINE.match(lines[0]) if lines else None
    headers: dict[str, str] = {}
    for line in lines[1:]:
        name, colon, value = line.decode("latin-1").partition(":")
        if not colon:
            continue
        key, text = name.strip().lower(), value.strip()
        if key in headers and key in {"content-encoding", "transfer-encoding"}:
            text = f"{headers[key]}, {text}"
        elif key in headers:
            continue
        headers[key] = text
    return (int(match.group(1)) if match else None), headers, block[at + width :]


def _dechunked(payload: bytes) -> bytes | None:
    """The payload without chunks (RFC 9112, 7.1), None where they break off.

    As it is where it does not begin with a chunk: many archives store the body joined and leave the header.
    """
    out, position = bytearray(), 0
    while match := _CHUNK_SIZE.match(payload, position):
        size = int(match.group(1), 16)
        if size == 0:
            return bytes(out)
        position = match.end() + size
        out += payload[match.end() : position]
        if position > len(payload):
            return None
        end = _LINE_END.match(payload, position)
        if end is None:
            return None if position < len(payload) else bytes(out)
        position = end.end()
    return payload if position == 0 else bytes(out) if position == len(payload) else None


def _intact(record: WarcRecord, block: bytes, payloads: Sequence[bytes]) -> bool:
    """Whether one of the record's digests fits, or there is none that we can judge (SHA-1 in base 32).

    One is enough: tools differ in what they call the payload (with or without transfer or content encoding), and some write the
    payload's digest as the block's.
    """
    stated = [(record.headers.get("WARC-Block-Digest"), (block, *payloads)), (record.headers.get("WARC-Payload-Digest"), payloads)]
    judged = [(text.strip(), bodies) for text, bodies in stated if text and re.fullmatch(r"\s*sha1:[A-Z2-7]{32}\s*", text, re.IGNORECASE)]
    return not judged or any(_sha1(body) == text[5:].upper() for text, bodies in judged for body in bodies)


def _warc_date(value: str | None) -> datetime | None:
    try:
        found = datetime.fromisoformat((value or "").strip())
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _rejected(reason: Reason, detail: str) -> Rejection:
    return Rejection(stage="archive", reason=reason, detail=detail)


def _sha1(data: bytes) -> str:
    return base64.b32encode(hashlib.sha1(data, usedforsecurity=False).digest()).decode()
