"""Reading WARC files: our own and those of others; damage is named."""

from __future__ import annotations

import base64
import gzip
import hashlib
from typing import TYPE_CHECKING

import pytest
from archive_fixtures import NOW, PAGE, long_page, result, write
from support import packed, shared_data

from flows.collectors.archive import ArchivedPage, UnreadableRecord, iterate_pages, read_response
from transforms.records import Reason, Rejection

if TYPE_CHECKING:
    from pathlib import Path


def test_what_is_written_is_read(tmp_path: Path) -> None:
    chunked = ((b"Transfer-Encoding", b"chunked"), (b"Content-Encoding", b"gzip"), (b"X-Odd", b"caf\xe9"))
    places = write(tmp_path, result(), result("https://a.example/z", packed(PAGE), chunked))
    assert places[0].file == "2024/07/frontrunner-20240701T060000Z-01234567-00000.warc.gz"
    for place, url in zip(places, ("https://a.example/x?y=1", "https://a.example/z"), strict=True):
        assert read_response(tmp_path / place.file, place.offset) == ArchivedPage(
            record_id=place.record_id, url=url, status=200, content_type="text/html; charset=utf-8", content=PAGE, fetched_at=NOW,
            offset=place.offset,
        )  # fmt: skip
    pages = list(iterate_pages(tmp_path / places[0].file))
    assert [page.offset for page in pages] == [place.offset for place in places]


@pytest.mark.parametrize("keep", [0, 1, 10, 60, 200, -1])
def test_a_torn_record_is_named_and_the_others_are_read(tmp_path: Path, keep: int) -> None:
    places = write(tmp_path, result(), result("https://a.example/2"), result("https://a.example/3", PAGE * 50))
    path = tmp_path / places[0].file
    body = path.read_bytes()
    end = places[2].offset + keep if keep >= 0 else len(body) - 1
    path.write_bytes(body[:end])
    found = list(iterate_pages(path))
    assert [page.offset for page in found[:2] if isinstance(page, ArchivedPage)] == [places[0].offset, places[1].offset]
    assert all(isinstance(rest, UnreadableRecord) and rest.rejection.reason is Reason.DAMAGED_RECORD for rest in found[2:]) or keep == -1
    third = read_response(path, places[2].offset)
    assert isinstance(third, ArchivedPage) if keep == -1 else isinstance(third, Rejection)


@pytest.mark.parametrize("packed", [True, False])
def test_a_damaged_middle_costs_only_itself(tmp_path: Path, packed: bool) -> None:
    places = write(tmp_path, *(result(f"https://a.example/{n}", long_page(n)) for n in range(4)))
    path = tmp_path / places[0].file
    body = bytearray(path.read_bytes())
    if packed:
        body[places[1].offset + 40 : places[1].offset + 60] = b"\0" * 20
    else:
        path = tmp_path / "plain.warc"
        body = bytearray(gzip.decompress(bytes(body)))
        at = body.index(b"WARC/1.1", body.index(b"https://a.example/1") - 300)
        body[at : at + 8] = b"JUNK/9.9"
    path.write_bytes(body)
    found = list(iterate_pages(path))
    read = [page.url[-1] for page in found if isinstance(page, ArchivedPage)]
    assert [one for one in read if one != "1"] == ["0", "2", "3"]
    assert any(isinstance(page, UnreadableRecord) and page.rejection.reason is Reason.DAMAGED_RECORD for page in found)


def warc(
    http: bytes,
    *,
    kind: str = "response",
    content_type: str = "application/http;msgtype=response",
    length: int | None = None,
    **headers: str,
) -> bytes:
    named = {
        "WARC-Type": kind, "WARC-Record-ID": "<urn:uuid:1>", "WARC-Target-URI": "http://a.example/", "WARC-Date": "2024-07-01T06:00:00Z",
        "Content-Type": content_type, "Content-Length": str(len(http) if length is None else length),
    } | {name.replace("_", "-"): value for name, value in headers.items()}  # fmt: skip
    return b"WARC/1.0\r\n" + "".join(f"{k}: {v}\r\n" for k, v in named.items() if v).encode() + b"\r\n" + http + b"\r\n\r\n"


def sha1(body: bytes) -> str:
    return "sha1:" + base64.b32encode(hashlib.sha1(body).digest()).decode()


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"


@pytest.mark.parametrize(
    ("http", "content"),
    [
        (HEAD + b"\r\nbody", b"body"),
        (HEAD.replace(b"\r\n", b"\n") + b"\nbody", b"body"),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n4;x=1\r\n and\r\n0\r\n\r\n", b"body and"),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\nnot in chunks", b"not in chunks"),
        (HEAD + b"Content-Encoding: gzip\r\n\r\n" + packed(b"body"), b"body"),
        (HEAD + b"Content-Encoding: gzip\r\nContent-Length: 3\r\n\r\nstored unpacked", b"stored unpacked"),
        (HEAD + b"X-Crawl-Content-Encoding: br\r\n\r\nbody", b"body"),
    ],
)
def test_payloads_of_other_archives(tmp_path: Path, http: bytes, content: bytes) -> None:
    for name, data in (("a.warc", warc(http)), ("a.warc.gz", packed(warc(http)))):
        path = tmp_path / name
        path.write_bytes(data)
        (page,) = iterate_pages(path)
        assert isinstance(page, ArchivedPage)
        assert page.content == content
        assert page.record_id == "<urn:uuid:1>"


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        (warc(b"x", kind="resource", content_type="text/html"), Reason.UNSUPPORTED_RECORD),
        (warc(b"x", content_type="text/dns"), Reason.UNSUPPORTED_RECORD),
        (warc(b"x", kind="conversion", content_type="text/plain"), Reason.UNSUPPORTED_RECORD),
        (warc(HEAD + b"\r\nbody", length=500), Reason.DAMAGED_RECORD),
        (warc(HEAD + b"\r\nbody", WARC_Payload_Digest=sha1(b"other")), Reason.DAMAGED_RECORD),
        (warc(HEAD + b"\r\nbody", WARC_Block_Digest=sha1(b"other")), Reason.DAMAGED_RECORD),
        (warc(HEAD + b"\r\nbody", WARC_Date="yesterday"), Reason.DAMAGED_RECORD),
        (warc(b"no status"), Reason.DAMAGED_RECORD),
        (warc(b""), Reason.DAMAGED_RECORD),
        (warc(HEAD + b"Content-Length: 99\r\n\r\nbody"), Reason.CUT_SHORT),
        (warc(HEAD + b"\r\nbody", WARC_Truncated="length"), Reason.CUT_SHORT),
        (warc(HEAD + b"Transfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n9\r\n and"), Reason.CUT_SHORT),
        (warc(HEAD + b"Transfer-Encoding: chunked\r\n\r\n4\r\nbodybody\r\n0\r\n\r\n"), Reason.CUT_SHORT),
        (warc(HEAD + b"Content-Encoding: br\r\n\r\nbody"), Reason.BAD_ENCODING),
        (warc(HEAD + b"Content-Encoding: gzip\r\n\r\n" + packed(b" " * 2_000_000)), Reason.TOO_LARGE),
        (warc(HEAD + b"\r\n" + b"x" * 3_000_000), Reason.TOO_LARGE),
        (b"junk that is no archive", Reason.DAMAGED_RECORD),
    ],
)
def test_records_without_a_page_have_a_reason(tmp_path: Path, record: bytes, reason: Reason) -> None:
    path = tmp_path / "a.warc"
    path.write_bytes(record)
    found = list(iterate_pages(path, max_bytes=1_000_000))
    assert found
    assert isinstance(found[0], UnreadableRecord)
    assert found[0].rejection.reason is reason
    assert not any(isinstance(page, ArchivedPage) for page in found)


def test_passed_over_and_verified(tmp_path: Path) -> None:
    path = tmp_path / "a.warc"
    http = HEAD + b"\r\nbody"
    good = warc(http, WARC_Payload_Digest=sha1(b"body"), WARC_Block_Digest=sha1(http))
    path.write_bytes(
        warc(b"software: x", kind="warcinfo", content_type="application/warc-fields") + warc(b"GET / HTTP/1.1", kind="request") + good
    )
    assert [type(page) for page in iterate_pages(path)] == [ArchivedPage]


def test_an_empty_file_has_no_pages(tmp_path: Path) -> None:
    (tmp_path / "a.warc").write_bytes(b"")
    assert list(iterate_pages(tmp_path / "a.warc")) == []
    assert isinstance(read_response(tmp_path / "missing.warc", 0), Rejection)


def test_fixtures_of_other_tools(tmp_path: Path) -> None:
    counts = {}
    for path in sorted(shared_data("warc_fixtures").iterdir()):
        found = list(iterate_pages(path))
        counts[path.name.partition("__")[2]] = (sum(isinstance(page, ArchivedPage) for page in found), len(found))
    assert counts["warcfile.warc"] == counts["warcfile.warc.gz"]
    assert counts["warcfile.warc"][0] >= 16
    assert counts["example.warc.gz"][0] == counts["test.warc.gz"][0] == 1
    assert counts["example-trunc.warc"][0] == 0 < counts["example-trunc.warc"][1]
    assert counts["example.arc.gz"][0] == 0 < counts["example.arc.gz"][1]


def test_random_bytes_never_raise(tmp_path: Path) -> None:
    body = bytearray(warc(HEAD + b"\r\nbody") * 5)
    path = tmp_path / "a.warc"
    for place in range(0, len(body), 7):
        damaged = body[:]
        damaged[place] ^= 0x55
        path.write_bytes(damaged)
        list(iterate_pages(path))
        broken = bytearray(packed(bytes(body)))
        broken[place % len(broken)] ^= 0x55
        path.write_bytes(broken)
        list(iterate_pages(path))
