"""The archive of raw responses: WARC/1.1 files (ISO 28500:2017), one gzip member a record.

Belongs here: writing what was fetched, reading any WARC file. Does not belong here: what became of an item (``journal``), what is in a
page (``transforms``).

Every run writes files of its own and never appends to one that it did not begin: a record behind the torn tail that a killed process
left would be unreadable. Reading checks length and digest itself, because WARC libraries hand over cut-off records without complaint.
"""

from __future__ import annotations

import base64
import hashlib
import re
import uuid
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, BinaryIO, Self

from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType

from transforms.inflate import GZIP_MAGIC, inflate
from transforms.records import Reason, Rejection

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from flows.collectors.client import FetchResult

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
class RecordLocation:
    """Where a response record lies."""

    file: str  # relative to the archive's folder, with forward slashes
    offset: int  # of its gzip member, in bytes
    record_id: str  # the WARC-Record-ID as it stands in the file


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


# ---- writing


def run_file(folder: Path, started_at: datetime, run_id: str, number: int, suffix: str) -> Path:
    """Where a run's ``number``-th file lies, for instance ``2024/07/frontrunner-20240701T060000Z-1f2e3d4c-00000.warc.gz``."""
    at = started_at.astimezone(UTC)
    return folder / f"{at:%Y}" / f"{at:%m}" / f"frontrunner-{at:%Y%m%dT%H%M%SZ}-{run_id[:8]}-{number:05d}{suffix}"


class ArchiveWriter:
    """Writes the responses of one run. A context manager; the first file is made with the first record."""

    def __init__(self, folder: Path, started_at: datetime, run_id: str, max_bytes: int, software: str = "Frontrunner") -> None:
        self._folder, self._started_at, self._run_id, self._max_bytes, self._software = folder, started_at, run_id, max_bytes, software
        self._number = 0
        self._records = 0
        self._file: BinaryIO | None = None
        self._path = folder
        self._warcinfo_id = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._close()

    def write(self, result: FetchResult) -> RecordLocation:
        """Store a response with its request, flushed before this returns. Raises OSError when the disk does."""
        file = self._open()
        offset = file.tell()
        response_id, request_id = self._record_id(), self._record_id()
        date, uri = warc_time(result.fetched_at), ("WARC-Target-URI", result.final_url)
        info = ("WARC-Warcinfo-ID", self._warcinfo_id)
        protocol = ("WARC-Protocol", "h2" if result.http_version == "HTTP/2" else result.http_version.lower())
        block = _head(f"HTTP/1.1 {result.status} {result.reason_phrase}".rstrip(), _kept_headers(result)) + result.raw_body
        extra = [uri, ("WARC-Payload-Digest", _sha1(result.raw_body)), info, protocol]
        pieces = [_record("response", response_id, date, "application/http;msgtype=response", block, extra)]
        request = _head(f"GET {_target(result.final_url)} HTTP/1.1", result.request_headers)
        concurrent = ("WARC-Concurrent-To", response_id)
        pieces.append(_record("request", request_id, date, "application/http;msgtype=request", request, [uri, concurrent, info]))
        if result.redirects:
            fields = [("via", result.requested_url), *(("redirect", f"{status} {url}") for url, status, _ in result.redirects)]
            text = "".join(f"{name}: {_one_line(value)}\r\n" for name, value in fields).encode()
            pieces.append(_record("metadata", self._record_id(), date, "application/warc-fields", text, [uri, concurrent, info]))
        file.write(b"".join(pieces))
        file.flush()
        return RecordLocation(file=self._path.relative_to(self._folder).as_posix(), offset=offset, record_id=response_id)

    def _open(self) -> BinaryIO:
        if self._file is not None and self._file.tell() >= self._max_bytes:
            self._close()
        if self._file is None:
            self._file = self._create()
            self._warcinfo_id = self._record_id()
            text = f"software: {self._software}\r\nformat: WARC File Format 1.1\r\nisPartOf: {self._run_id}\r\nrobots: obey\r\n".encode()
            named = [("WARC-Filename", self._path.name)]
            self._file.write(_record("warcinfo", self._warcinfo_id, warc_time(self._started_at), "application/warc-fields", text, named))
            self._file.flush()
        return self._file

    def _create(self) -> BinaryIO:
        while True:
            self._path = run_file(self._folder, self._started_at, self._run_id, self._number, ".warc.gz")
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._number += 1
            try:
                return self._path.open("xb")
            except FileExistsError:  # another process's file, perhaps torn: leave it alone
                continue

    def _close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

    def _record_id(self) -> str:
        self._records += 1
        name = f"{self._run_id}/{warc_time(self._started_at)}/{self._path.name}/{self._records}"
        return f"<{uuid.uuid5(uuid.NAMESPACE_URL, name).urn}>"


def warc_time(at: datetime) -> str:
    """WARC-Date: UTC, with fractions where there are any."""
    return at.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"


def _record(kind: str, record_id: str, date: str, content_type: str, block: bytes, extra: Sequence[tuple[str, str]]) -> bytes:
    fields = [
        ("WARC-Type", kind), ("WARC-Record-ID", record_id), ("WARC-Date", date), *extra,
        ("WARC-Block-Digest", _sha1(block)), ("Content-Type", content_type), ("Content-Length", str(len(block))),
    ]  # fmt: skip
    head = "WARC/1.1\r\n" + "".join(f"{name}: {_one_line(value)}\r\n" for name, value in fields) + "\r\n"
    member = zlib.compressobj(level=6, wbits=31)
    return member.compress(head.encode() + block + b"\r\n\r\n") + member.flush()


def _kept_headers(result: FetchResult) -> list[tuple[bytes, bytes]]:
    """As received, but the length is that of the body as stored: the transfer encoding is gone."""
    kept = [(k, v) for k, v in result.headers if k.lower() not in {b"transfer-encoding", b"content-length"}]
    return [*kept, (b"Content-Length", str(len(result.raw_body)).encode())]


def _head(first: str, headers: Sequence[tuple[bytes, bytes]]) -> bytes:
    lines = [first.encode("latin-1", "replace"), *(name + b": " + value for name, value in headers)]
    return b"\r\n".join(line.replace(b"\r", b" ").replace(b"\n", b" ") for line in lines) + b"\r\n\r\n"


def _target(url: str) -> str:
    rest = url.split("://", 1)[-1]
    return "/" + rest.partition("/")[2] if "/" in rest else "/"


def _one_line(value: str) -> str:
    return " ".join(value.split())


def _sha1(data: bytes) -> str:
    return "sha1:" + base64.b32encode(hashlib.sha1(data, usedforsecurity=False).digest()).decode()


# ---- reading


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
    return not judged or any(_sha1(body)[5:] == text[5:].upper() for text, bodies in judged for body in bodies)


def _warc_date(value: str | None) -> datetime | None:
    try:
        found = datetime.fromisoformat((value or "").strip())
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _rejected(reason: Reason, detail: str) -> Rejection:
    return Rejection(stage="archive", reason=reason, detail=detail)
