"""Decompression that stops at a limit.

Belongs here: gzip and deflate as HTTP (RFC 9110, 8.4.1) and sitemaps use them. Does not belong here: who asked for it, other codings.
The libraries inflate a bomb of 300 KB into hundreds of megabytes before anybody can look; here the output is counted as it comes.
"""

from __future__ import annotations

import zlib

from transforms.records import Reason, Rejection

GZIP_MAGIC = b"\x1f\x8b"
_STEP = 1 << 18
_MAX_CODINGS = 3  # nobody compresses more often in good faith
_GZIP_WINDOW, _ZLIB_WINDOW, _RAW_WINDOW = 31, 15, -15


def inflate(body: bytes, content_encoding: str | None, limit: int) -> bytes | Rejection:
    """Undo the codings that a ``Content-Encoding`` header names, last one first.

    ``limit`` is the most bytes that may come out of any step. Reasons: TOO_LARGE, BAD_ENCODING (broken data or a coding that we
    never asked for), CUT_SHORT (the compressed stream ends before its end mark).
    """
    codings = [c.strip().lower() for c in (content_encoding or "").split(",")]
    codings = [c for c in codings if c not in {"", "identity"}]
    if len(codings) > _MAX_CODINGS:
        return _rejected(Reason.BAD_ENCODING, f"{len(codings)} content codings on top of each other")
    if len(body) > limit:
        return _rejected(Reason.TOO_LARGE, f"more than {limit} bytes")
    for coding in reversed(codings):
        if not body:
            return b""
        if coding in {"gzip", "x-gzip"}:
            result = gunzip(body, limit)
        elif coding == "deflate":
            result = _deflate(body, limit)
        else:
            return _rejected(Reason.BAD_ENCODING, f"unknown content coding {coding[:40]!r}")
        if isinstance(result, Rejection):
            return result
        body = result
    return body


def gunzip(body: bytes, limit: int) -> bytes | Rejection:
    """All members of a gzip file, one after the other; whatever follows the last one is ignored, as gzip(1) does."""
    out = bytearray()
    rest = body
    while rest.startswith(GZIP_MAGIC) or rest is body:
        result = _stream(rest, _GZIP_WINDOW, limit - len(out))
        if isinstance(result, Rejection):
            return result
        data, rest = result
        out += data
    return bytes(out)


def _deflate(body: bytes, limit: int) -> bytes | Rejection:
    """The standard means zlib's format; some servers send a raw stream, and every browser takes it."""
    result = _stream(body, _ZLIB_WINDOW, limit)
    if isinstance(result, Rejection) and result.reason is Reason.BAD_ENCODING:
        result = _stream(body, _RAW_WINDOW, limit)
    return result if isinstance(result, Rejection) else result[0]


def _stream(body: bytes, window: int, limit: int) -> tuple[bytes, bytes] | Rejection:
    machine = zlib.decompressobj(window)
    out = bytearray()
    pending = body
    try:
        while not machine.eof:
            piece = machine.decompress(pending, _STEP)
            out += piece
            if len(out) > limit:
                return _rejected(Reason.TOO_LARGE, f"more than {limit} bytes after decompression")
            pending = machine.unconsumed_tail
            if not piece and not pending and not machine.eof:
                return _rejected(Reason.CUT_SHORT, "the compressed stream has no end")
    except zlib.error as error:
        return _rejected(Reason.BAD_ENCODING, str(error))
    return bytes(out), machine.unused_data


def _rejected(reason: Reason, detail: str) -> Rejection:
    return Rejection(stage="inflate", reason=reason, detail=detail)
