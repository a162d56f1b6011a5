"""One WARC file from its first byte to its last: every record whole, and what is not named for what it is.

Belongs here: gzip members, WARC heads, lengths and digests of one file. Does not belong here: the pages in it (``archive``), how files
and journals hang together (``archive_care``).

WARC libraries pass over what is cut off or damaged; here it is what is looked for. A file is read in steps, so that memory does not grow
with it.
"""

from __future__ import annotations

import base64
import hashlib
import re
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, BinaryIO

from transforms.inflate import GZIP_MAGIC

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator
    from pathlib import Path

_STEP = 1 << 18
_MAX_HEAD_BYTES = 1 << 20
_GZIP_START = GZIP_MAGIC + b"\x08"
_WARC_START = b"WARC/"
_HEAD_END = b"\r\n\r\n"
_TYPES = frozenset({"warcinfo", "response", "resource", "request", "metadata", "revisit", "conversion", "continuation"})
_DIGEST = re.compile(r"(sha1|sha256|md5):(\S+)", re.IGNORECASE)


class FindingKind(StrEnum):
    """What can be found in an archive besides whole records."""

    TORN_TAIL = "torn tail"  # the last record of a file, or line of a journal, was not finished: a killed process or a full disk
    DAMAGED_RECORD = "damaged record"
    WRONG_LENGTH = "wrong length"
    WRONG_DIGEST = "wrong digest"
    UNKNOWN_TYPE = "unknown type"
    SHARED_MEMBER = "shared member"  # several records in one gzip member: only the first can be found by its offset
    LEFTOVER = "leftover"  # bytes behind the last record that are none
    MISSING_TARGET = "missing target"  # a revisit record refers to a record that is not there
    MISSING_FILE = "missing file"  # a journal names a file that is not there
    MISSING_RECORD = "missing record"  # a journal names a place where the record is not
    DAMAGED_JOURNAL = "damaged journal"
    PRUNED_FILE = "pruned file"  # was to be deleted and is still there: the next pruning does it


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something to be told of an archive."""

    file: str  # relative to the archive's folder
    offset: int
    kind: FindingKind
    detail: str
    is_damage: bool = True  # something was lost or changed, and no accident of writing explains it


@dataclass(frozen=True, slots=True, kw_only=True)
class ScannedRecord:
    """A record that is whole."""

    offset: int  # of its gzip member; of itself where the file is not compressed
    kind: str  # its WARC-Type
    record_id: str
    date: datetime  # UTC
    refers_to: str | None  # a WARC-Record-ID


class _CutShort(Exception):
    """The file ends within a record."""


class _Malformed(Exception):
    """Bytes that are no WARC record, with what is wrong with them."""

    def __init__(self, kind: FindingKind, detail: str) -> None:
        super().__init__(detail)
        self.kind = kind


def scan(path: Path, name: str) -> Iterator[ScannedRecord | Finding]:
    """Every record of a file in its order, and between them what there is to tell; ``name`` is what findings call the file.

    A record whose digest does not fit is told of and given all the same. Raises OSError where the file cannot be read.
    """
    with path.open("rb") as file:
        size = file.seek(0, 2)
        packed = _is_packed(file)
        offset = 0
        if size == 0:
            yield Finding(file=name, offset=0, kind=FindingKind.TORN_TAIL, detail="an empty file", is_damage=False)
        while offset < size:
            try:
                offset = yield from _records(file, offset, name, packed=packed)
            except (_CutShort, _Malformed, zlib.error) as error:
                following = _next_record(file, offset + 1, packed=packed)
                yield _trouble(file, offset, following, size, name, error)
                offset = size if following is None else following


def holds_response(path: Path, offset: int) -> bool:
    """Whether a response record begins at a place of a file. Raises OSError where the file cannot be read."""
    with path.open("rb") as file:
        packed = _is_packed(file)
        stream = _Stream(file, offset, packed=packed)
        try:
            return _fields(stream.until(_HEAD_END, _MAX_HEAD_BYTES)).get("warc-type") == "response"
        except (_CutShort, _Malformed, zlib.error):
            return False


def _is_packed(file: BinaryIO) -> bool:
    file.seek(0)
    return not _WARC_START.startswith(file.read(len(_WARC_START)))


def _trouble(file: BinaryIO, offset: int, following: int | None, size: int, name: str, error: Exception) -> Finding:
    end = size if following is None else following
    detail = f"{end - offset} bytes: {error}"
    if following is None and isinstance(error, _CutShort):
        return Finding(file=name, offset=offset, kind=FindingKind.TORN_TAIL, detail=detail, is_damage=False)
    if following is None and _only_zeros(file, offset):  # a file that had grown when the power failed
        return Finding(file=name, offset=offset, kind=FindingKind.TORN_TAIL, detail=f"{end - offset} bytes: zeros", is_damage=False)
    kind = error.kind if isinstance(error, _Malformed) else FindingKind.DAMAGED_RECORD
    if kind is FindingKind.LEFTOVER and following is not None:
        kind = FindingKind.DAMAGED_RECORD
    return Finding(file=name, offset=offset, kind=kind, detail=detail)


# ---- records


def _records(file: BinaryIO, start: int, name: str, *, packed: bool) -> Generator[ScannedRecord | Finding, None, int]:
    """The records of the gzip member at ``start``, or the one record there of a plain file; returns where it ends."""
    file.seek(start)
    mark = _GZIP_START if packed else _WARC_START
    if not mark.startswith(file.read(len(mark))):  # fewer bytes than the mark has may be the first of a record that was cut off
        raise _Malformed(FindingKind.LEFTOVER, "no record begins here")
    stream = _Stream(file, start, packed=packed)
    count = 0
    while count == 0 or (packed and not stream.at_end()):
        record, wrong = _record(stream, start, name)
        if packed:
            stream.at_end()  # reads on to the check sum, which may raise
        count += 1
        if count == 2:
            yield Finding(
                file=name, offset=start, kind=FindingKind.SHARED_MEMBER, detail="several records in a gzip member", is_damage=False
            )
        yield from wrong
        yield record
    return stream.position


def _record(stream: _Stream, offset: int, name: str) -> tuple[ScannedRecord, list[Finding]]:
    head = stream.until(_HEAD_END, _MAX_HEAD_BYTES)
    fields = _fields(head)
    kind, record_id, date, length = (fields.get(key, "") for key in ("warc-type", "warc-record-id", "warc-date", "content-length"))
    at = _date(date)
    if not (kind and record_id and at and length.isascii() and length.isdigit()):
        raise _Malformed(FindingKind.DAMAGED_RECORD, "WARC-Type, WARC-Record-ID, WARC-Date or Content-Length is missing or wrong")
    wrong = []
    if kind not in _TYPES:
        wrong.append(Finding(file=name, offset=offset, kind=FindingKind.UNKNOWN_TYPE, detail=kind[:100], is_damage=False))
    detail = _digests(stream, fields, int(length))
    if detail:
        wrong.append(Finding(file=name, offset=offset, kind=FindingKind.WRONG_DIGEST, detail=detail))
    if stream.until(_HEAD_END, len(_HEAD_END)) != _HEAD_END:
        raise _Malformed(FindingKind.WRONG_LENGTH, f"the record does not end behind the {length} bytes that it states")
    return ScannedRecord(offset=offset, kind=kind, record_id=record_id, date=at, refers_to=fields.get("warc-refers-to")), wrong


def _fields(head: bytes) -> dict[str, str]:
    """The named fields of a record's head, in lower case."""
    first, _, rest = head.partition(b"\r\n")
    if not first.startswith(_WARC_START):
        raise _Malformed(FindingKind.DAMAGED_RECORD, "no WARC record begins here")
    if not head.endswith(_HEAD_END):
        raise _Malformed(FindingKind.DAMAGED_RECORD, "a head without an end")
    fields: dict[str, str] = {}
    for line in rest.decode("utf-8", "replace").split("\r\n"):
        name, colon, value = line.partition(":")
        if colon:
            fields.setdefault(name.strip().lower(), value.strip())
    return fields


def _digests(stream: _Stream, fields: dict[str, str], length: int) -> str:
    """Read the block; what is to be said of its digests, nothing where they fit."""
    block, payload = _Digest(fields.get("warc-block-digest")), _Digest(fields.get("warc-payload-digest"))
    if fields["warc-type"] == "revisit" or "warc-segment-number" in fields:
        payload = _Digest(None)  # that of a body which is elsewhere
    taken, head = 0, b""
    if fields.get("content-type", "").startswith("application/http"):
        head = stream.until(_HEAD_END, min(length, _MAX_HEAD_BYTES))
        taken = len(head)
        block.update(head)
    while taken < length:
        piece = stream.read(min(_STEP, length - taken))
        if not piece:
            raise _Malformed(FindingKind.WRONG_LENGTH, f"{taken} of {length} bytes")
        taken += len(piece)
        block.update(piece)
        payload.update(piece)
    if not block.fits():
        return "the block is not that of its digest"
    # tools differ in what the payload of a chunked body is, and in where a head ends that lacks the proper mark
    unclear = bool(head) and (b"transfer-encoding:" in head.lower() or not head.endswith(_HEAD_END))
    return "" if payload.fits() or unclear else "the payload is not that of its digest"


class _Digest:
    """A digest that a record states, in base 32 or 16; one of an unknown kind fits always."""

    def __init__(self, stated: str | None) -> None:
        match = _DIGEST.fullmatch(stated or "")
        self._stated = match[2] if match else ""
        self._sum = hashlib.new(match[1].lower(), usedforsecurity=False) if match else None

    def update(self, piece: bytes) -> None:
        if self._sum is not None:
            self._sum.update(piece)

    def fits(self) -> bool:
        if self._sum is None:
            return True
        return self._stated.upper() in {base64.b32encode(self._sum.digest()).decode(), self._sum.hexdigest().upper()}


def _date(value: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(value)
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


# ---- bytes


class _Stream:
    """The bytes of one gzip member, or of a plain file from a place on."""

    def __init__(self, file: BinaryIO, start: int, *, packed: bool) -> None:
        file.seek(start)
        self._file = file
        self._machine = zlib.decompressobj(31) if packed else None
        self._input = b""  # read from the file and not yet inflated
        self._buffer = b""  # inflated and not yet asked for
        self._read_to = start

    @property
    def position(self) -> int:
        """Where in the file the bytes end that were taken; of a gzip member only when it was read to its end."""
        return self._read_to - len(self._input if self._machine else self._buffer)

    def read(self, size: int) -> bytes:
        """At most ``size`` bytes, none only at the end of a gzip member. Raises _CutShort where the file ends before."""
        if not self._buffer:
            self._buffer = self._more()
        piece, self._buffer = self._buffer[:size], self._buffer[size:]
        return piece

    def until(self, mark: bytes, limit: int) -> bytes:
        """Everything up to the mark, with it; what there is where it does not come within ``limit`` bytes."""
        start = 0
        while (found := self._buffer.find(mark, start, limit)) < 0 and len(self._buffer) < limit:
            start = max(0, len(self._buffer) - len(mark) + 1)
            more = self._more()
            if not more:
                break
            self._buffer += more
        end = found + len(mark) if found >= 0 else limit
        taken, self._buffer = self._buffer[:end], self._buffer[end:]
        return taken

    def at_end(self) -> bool:
        """Whether a gzip member has no more bytes; its check sum is compared then."""
        if not self._buffer:
            self._buffer = self._more()
        return not self._buffer

    def _more(self) -> bytes:
        if self._machine is None:
            return self._fill()
        while not self._machine.eof:
            given = self._input or self._fill()
            out = self._machine.decompress(given, _STEP)
            self._input = self._machine.unused_data if self._machine.eof else self._machine.unconsumed_tail
            if out:
                return out
        return b""

    def _fill(self) -> bytes:
        piece = self._file.read(_STEP)
        if not piece:
            raise _CutShort("the file ends within a record")
        self._read_to += len(piece)
        return piece


def _next_record(file: BinaryIO, after: int, *, packed: bool) -> int | None:
    """Where the next record begins for certain, None where none does."""
    mark = _GZIP_START if packed else _HEAD_END + _WARC_START
    position = after
    while True:
        file.seek(position)
        window = file.read(_STEP + len(mark) - 1)
        found = window.find(mark)
        if found < 0:
            if len(window) < _STEP:
                return None
            position += _STEP
        elif not packed:
            return position + found + len(_HEAD_END)
        elif _begins_record(file, position + found):
            return position + found
        else:
            position += found + 1


def _begins_record(file: BinaryIO, offset: int) -> bool:
    try:
        return _Stream(file, offset, packed=True).read(len(_WARC_START)) == _WARC_START
    except (_CutShort, zlib.error):
        return False


def _only_zeros(file: BinaryIO, offset: int) -> bool:
    file.seek(offset)
    while piece := file.read(_STEP):
        if piece.strip(b"\0"):
            return False
    return True
