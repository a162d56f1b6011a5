"""Writing the archive: WARC/1.1 files (ISO 28500:2017), one gzip member a record.

Belongs here: what a run adds to the archive, and that a body which lies there already is not stored again. Does not belong here: reading
(``archive``), looking after files that are there (``archive_care``), what became of an item (``journal``).

Every run writes files of its own and never appends to one that it did not begin: a record behind the torn tail that a killed process
left would be unreadable. For the same reason a file that could not take a record whole takes no further one. So a torn record is
always the last of its file.
"""

from __future__ import annotations

import base64
import hashlib
import os
import uuid
from collections import OrderedDict
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, BinaryIO, Self

import deflate

from transforms.records import StoredBody

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from flows.collectors.client import FetchResult

COMPRESSION_LEVEL = 6  # of libdeflate; measured in docs/decisions/0006-archive.md
MIN_SHARED_BYTES = 512  # a revisit record is hardly smaller than a body below this
MAX_REMEMBERED = 10_000  # bodies of this run that a later one can be a repetition of
NOT_MODIFIED = 304
_SAME_PAYLOAD = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
_SERVER_SAYS = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordLocation:
    """Where a record lies that was just written, and where the body lies that it stands for."""

    file: str  # relative to the archive's folder, with forward slashes
    offset: int  # of its gzip member, in bytes
    record_id: str  # the WARC-Record-ID as it stands in the file
    digest: str  # of the payload: "sha1:" and base 32
    body: StoredBody  # this record itself, or the earlier one that a revisit record names
    is_revisit: bool


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
        # by digest and content encoding (the same bytes under another coding are another text), the least recently met first
        self._remembered: OrderedDict[tuple[str, str | None], StoredBody] = OrderedDict()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._close()

    def write(self, result: FetchResult, earlier: StoredBody | None = None, notes: Sequence[tuple[str, str]] = ()) -> RecordLocation:
        """Store a response with its request; the operating system has it before this returns. Raises OSError when the disk does.

        A revisit record stands for the response where its body is that of ``earlier`` or one that this run stored, or where the server
        says (304) that it is still that of ``earlier``. ``notes`` are named values that go into a metadata record of the exchange.
        """
        digest = _sha1(result.raw_body)
        if result.status == NOT_MODIFIED:
            if earlier is None:
                raise ValueError(f"{result.final_url}: 304 to a request that was made without an earlier body")
            digest = earlier.digest
            found: StoredBody | None = earlier
        elif earlier is not None and earlier.digest == digest and (self._folder / earlier.file).is_file():  # not if it was pruned
            found = earlier
        else:
            found = self._remembered.get((digest, result.header("content-encoding")))

        file = self._open()
        offset, name, record_id = file.tell(), self._path.relative_to(self._folder).as_posix(), self._record_id()
        if found is None:
            main = self._response(result, record_id, digest)
            body = StoredBody(
                digest=digest, record_id=record_id, url=result.final_url, fetched_at=result.fetched_at, file=name, offset=offset
            )
        else:
            main, body = self._revisit(result, record_id, found), found
        self._append(file, offset, b"".join((main, *self._beside(result, record_id, notes))))
        self._remember(body, result)
        return RecordLocation(file=name, offset=offset, record_id=record_id, digest=digest, body=body, is_revisit=found is not None)

    def sync(self) -> None:
        """Have everything so far on the disk itself."""
        if self._file is not None:
            os.fsync(self._file.fileno())

    # ---- records

    def _response(self, result: FetchResult, record_id: str, digest: str) -> bytes:
        headers = [*_without(result, b"transfer-encoding", b"content-length"), (b"Content-Length", str(len(result.raw_body)).encode())]
        block = _status_head(result, headers) + result.raw_body  # the length is that of the body as stored: transfer encoding is gone
        return _record("response", record_id, result.fetched_at, block, [*self._about(result), ("WARC-Payload-Digest", digest)])

    def _revisit(self, result: FetchResult, record_id: str, earlier: StoredBody) -> bytes:
        profile = _SERVER_SAYS if result.status == NOT_MODIFIED else _SAME_PAYLOAD
        fields = [
            *self._about(result), ("WARC-Profile", profile), ("WARC-Payload-Digest", earlier.digest), ("WARC-Refers-To", earlier.record_id),
            ("WARC-Refers-To-Target-URI", earlier.url), ("WARC-Refers-To-Date", warc_time(earlier.fetched_at)),
        ]  # fmt: skip
        if profile == _SAME_PAYLOAD:
            fields.append(("WARC-Truncated", "length"))  # the standard's word for a body that is left out
        head = _status_head(result, _without(result, b"transfer-encoding"))
        return _record("revisit", record_id, result.fetched_at, head, fields)

    def _beside(self, result: FetchResult, main_id: str, notes: Sequence[tuple[str, str]]) -> list[bytes]:
        """The request, and what else is to be known of the exchange."""
        fields = [("WARC-Target-URI", result.final_url), ("WARC-Concurrent-To", main_id), ("WARC-Warcinfo-ID", self._warcinfo_id)]
        request = _head(f"GET {_target(result.final_url)} HTTP/1.1", result.request_headers)
        records = [_record("request", self._record_id(), result.fetched_at, request, fields)]
        told = list(notes)
        if result.redirects:
            told = [("via", result.requested_url), *(("redirect", f"{status} {url}") for url, status, _ in result.redirects), *told]
        if told:
            records.append(_record("metadata", self._record_id(), result.fetched_at, _fields(told), fields))
        return records

    def _about(self, result: FetchResult) -> list[tuple[str, str]]:
        protocol = "h2" if result.http_version == "HTTP/2" else result.http_version.lower()
        return [("WARC-Target-URI", result.final_url), ("WARC-Warcinfo-ID", self._warcinfo_id), ("WARC-Protocol", protocol)]

    def _record_id(self) -> str:
        self._records += 1
        name = f"{self._run_id}/{warc_time(self._started_at)}/{self._path.name}/{self._records}"
        return f"<{uuid.uuid5(uuid.NAMESPACE_URL, name).urn}>"

    def _remember(self, body: StoredBody, result: FetchResult) -> None:
        if len(result.raw_body) < MIN_SHARED_BYTES:
            return
        key = (body.digest, result.header("content-encoding"))
        self._remembered[key] = body
        self._remembered.move_to_end(key)
        if len(self._remembered) > MAX_REMEMBERED:
            self._remembered.popitem(last=False)

    # ---- files

    def _open(self) -> BinaryIO:
        if self._file is not None and self._file.tell() >= self._max_bytes:
            self._close()
        if self._file is None:
            self._file = self._create()
            self._warcinfo_id = self._record_id()
            told = [
                ("software", self._software), ("format", "WARC File Format 1.1"), ("isPartOf", self._run_id), ("robots", "obey"),
            ]  # fmt: skip
            named = [("WARC-Filename", self._path.name)]
            self._append(self._file, 0, _record("warcinfo", self._warcinfo_id, self._started_at, _fields(told), named))
        return self._file

    def _create(self) -> BinaryIO:
        while True:
            self._path = run_file(self._folder, self._started_at, self._run_id, self._number, ".warc.gz")
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._number += 1
            try:
                return self._path.open("xb", buffering=0)  # nothing is held back in this process
            except FileExistsError:  # another process's file, perhaps torn: leave it alone
                continue

    def _append(self, file: BinaryIO, offset: int, data: bytes) -> None:
        rest = memoryview(data)
        try:
            while rest:
                rest = rest[file.write(rest) :]
        except BaseException:
            self._file = None  # a further record behind a part of this one would be lost: the next begins a file of its own
            with suppress(OSError):
                file.truncate(offset)
            with suppress(OSError):
                file.close()
            raise

    def _close(self) -> None:
        if self._file is None:
            return
        file, self._file = self._file, None
        with file:
            os.fsync(file.fileno())
        sync_folder(self._path.parent)


def sync_folder(folder: Path) -> None:
    """Have the names in a folder on the disk itself."""
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def warc_time(at: datetime) -> str:
    """WARC-Date: UTC, with fractions where there are any."""
    return at.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"


_CONTENT_TYPES = {
    "response": "application/http;msgtype=response", "revisit": "application/http;msgtype=response",
    "request": "application/http;msgtype=request", "metadata": "application/warc-fields", "warcinfo": "application/warc-fields",
}  # fmt: skip


def _record(kind: str, record_id: str, at: datetime, block: bytes, extra: Sequence[tuple[str, str]]) -> bytes:
    fields = [
        ("WARC-Type", kind), ("WARC-Record-ID", record_id), ("WARC-Date", warc_time(at)), *extra, ("WARC-Block-Digest", _sha1(block)),
        ("Content-Type", _CONTENT_TYPES[kind]), ("Content-Length", str(len(block))),
    ]  # fmt: skip
    whole = b"".join((b"WARC/1.1\r\n", _fields(fields), b"\r\n", block, b"\r\n\r\n"))
    return bytes(deflate.gzip_compress(whole, COMPRESSION_LEVEL))


def _fields(values: Sequence[tuple[str, str]]) -> bytes:
    return "".join(f"{name}: {_one_line(value)}\r\n" for name, value in values).encode("utf-8", "replace")


def _without(result: FetchResult, *names: bytes) -> list[tuple[bytes, bytes]]:
    return [(name, value) for name, value in result.headers if name.lower() not in names]


def _status_head(result: FetchResult, headers: Sequence[tuple[bytes, bytes]]) -> bytes:
    return _head(f"HTTP/1.1 {result.status} {result.reason_phrase}".rstrip(), headers)


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
