"""A WARC file from end to end: whole records, torn tails, damage, and which is which."""

from __future__ import annotations

import gzip
import tracemalloc
from typing import TYPE_CHECKING

import deflate
import pytest
from archive_fixtures import LONG, NOW, long_page, result, write
from support import packed, shared_data

from flows.collectors.archive_scan import Finding, FindingKind, ScannedRecord, holds_response, scan

if TYPE_CHECKING:
    from pathlib import Path

    from flows.collectors.archive_writer import RecordLocation


@pytest.fixture
def places(tmp_path: Path) -> list[RecordLocation]:
    return write(tmp_path, *(result(f"https://a.example/{n}", long_page(n)) for n in range(4)))


@pytest.fixture
def path(tmp_path: Path, places: list[RecordLocation]) -> Path:
    return tmp_path / places[0].file


def kinds(path: Path) -> tuple[int, list[tuple[FindingKind, int, bool]]]:
    """How many records are whole, and what was found besides."""
    entries = list(scan(path, "x"))
    found = [(entry.kind, entry.offset, entry.is_damage) for entry in entries if isinstance(entry, Finding)]
    return len(entries) - len(found), found


def test_records_are_told_in_their_order(path: Path, places: list[RecordLocation]) -> None:
    records = [entry for entry in scan(path, "x") if isinstance(entry, ScannedRecord)]
    assert [record.kind for record in records] == ["warcinfo", *["response", "request"] * 4]
    assert [record.offset for record in records if record.kind == "response"] == [place.offset for place in places]
    assert [record.record_id for record in records if record.kind == "response"] == [place.record_id for place in places]
    assert records[1].date == NOW


@pytest.mark.parametrize("packed", [True, False])
def test_every_cut_is_a_torn_tail_and_no_damage(tmp_path: Path, packed: bool) -> None:
    (place,) = write(tmp_path, result(raw=b"short"))
    body = (tmp_path / place.file).read_bytes()
    body = body if packed else gzip.decompress(body)
    cut = tmp_path / "cut.warc"
    torn = 0
    for end in range(len(body)):
        cut.write_bytes(body[:end])
        whole, found = kinds(cut)
        assert [(kind, damage) for kind, _, damage in found] in ([], [(FindingKind.TORN_TAIL, False)]), end
        assert whole + len(found) <= 3
        torn += len(found)
    assert torn > len(body) - 5, "only between two records nothing is torn"


def test_damage_in_the_middle_costs_one_record(path: Path, places: list[RecordLocation]) -> None:
    body = bytearray(path.read_bytes())
    body[places[1].offset + 200 : places[1].offset + 220] = bytes(20)
    path.write_bytes(body)
    assert kinds(path) == (8, [(FindingKind.DAMAGED_RECORD, places[1].offset, True)])


def test_a_single_bit_is_seen_wherever_it_flips(path: Path, places: list[RecordLocation]) -> None:
    body = path.read_bytes()
    for at in range(places[1].offset, places[2].offset, 17):
        broken = bytearray(body)
        broken[at] ^= 0x10
        path.write_bytes(broken)
        if at - places[1].offset in {4, 8, 9}:  # the time, flags and system of a gzip head are under no check sum
            continue
        whole, found = kinds(path)
        assert found and any(is_damage for _, _, is_damage in found), at
        assert whole >= 7


def test_a_part_that_is_gone_from_the_middle_is_damage(path: Path, places: list[RecordLocation]) -> None:
    body = path.read_bytes()
    path.write_bytes(body[: places[1].offset + 100] + body[places[2].offset :])
    whole, found = kinds(path)
    assert [(kind, damage) for kind, _, damage in found] == [(FindingKind.DAMAGED_RECORD, True)]
    assert whole == 7


@pytest.mark.parametrize(
    ("tail", "kind", "is_damage"),
    [
        (b"some other bytes", FindingKind.LEFTOVER, True),
        (bytes(70_000), FindingKind.TORN_TAIL, False),
        (b"\x1f", FindingKind.TORN_TAIL, False),
        (packed(b"no record"), FindingKind.DAMAGED_RECORD, True),
    ],
    ids=["rubbish", "zeros", "one byte", "another gzip member"],
)
def test_bytes_behind_the_last_record(path: Path, tail: bytes, kind: FindingKind, is_damage: bool) -> None:
    body = path.read_bytes()
    path.write_bytes(body + tail)
    assert kinds(path) == (9, [(kind, len(body), is_damage)])


def changed(record: bytes, old: bytes, new: bytes) -> bytes:
    text = gzip.decompress(record)
    assert old in text
    return bytes(deflate.gzip_compress(text.replace(old, new, 1), 6))


@pytest.mark.parametrize(
    ("old", "new", "kind", "is_damage", "whole"),
    [
        (b"<p>Paragraph 7 ", b"<p>Paragraph 8 ", FindingKind.WRONG_DIGEST, True, 9),
        (b"WARC-Payload-Digest: sha1:", b"WARC-Payload-Digest: sha1:A", FindingKind.WRONG_DIGEST, True, 9),
        (b"WARC-Type: response", b"WARC-Type: respond", FindingKind.UNKNOWN_TYPE, False, 9),
        (b"WARC-Date: 2024", b"WARC-Date: then", FindingKind.DAMAGED_RECORD, True, 8),
        (b"WARC-Record-ID", b"WARC-Record-IE", FindingKind.DAMAGED_RECORD, True, 8),
        (b"Content-Length: 1", b"Content-Length: 2", FindingKind.WRONG_LENGTH, True, 8),
        (b"Content-Length: 1", b"Content-Length: ", FindingKind.WRONG_LENGTH, True, 8),
        (b"WARC/1.1", b"XXXX/1.1", FindingKind.DAMAGED_RECORD, True, 8),
    ],
    ids=["text", "digest", "type", "date", "id", "too long", "too short", "version"],
)
def test_a_whole_member_with_a_wrong_record(
    path: Path, places: list[RecordLocation], old: bytes, new: bytes, kind: FindingKind, is_damage: bool, whole: int
) -> None:
    body = path.read_bytes()
    start, end = places[2].offset, next(e.offset for e in scan(path, "x") if isinstance(e, ScannedRecord) and e.offset > places[2].offset)
    path.write_bytes(body[:start] + changed(body[start:end], old, new) + body[end:])
    found_whole, found = kinds(path)
    assert (found_whole, [(k, at, d) for k, at, d in found]) == (whole, [(kind, start, is_damage)])


def test_several_records_in_a_member_are_told(path: Path) -> None:
    text = gzip.decompress(path.read_bytes())
    path.write_bytes(packed(text))
    assert kinds(path) == (9, [(FindingKind.SHARED_MEMBER, 0, False)])
    plain = path.with_suffix("")
    plain.write_bytes(text)
    assert kinds(plain) == (9, [])


def test_an_empty_file(tmp_path: Path) -> None:
    (tmp_path / "a.warc.gz").write_bytes(b"")
    assert kinds(tmp_path / "a.warc.gz") == (0, [(FindingKind.TORN_TAIL, 0, False)])


def test_where_a_response_begins(path: Path, places: list[RecordLocation]) -> None:
    assert all(holds_response(path, place.offset) for place in places)
    assert not any(holds_response(path, offset) for offset in (0, places[0].offset + 1, path.stat().st_size))
    with pytest.raises(FileNotFoundError):
        holds_response(path.with_name("nowhere"), 0)


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    pages = (LONG * 2_000, LONG * 2_001, LONG * 2_002)
    (place, *_) = write(tmp_path, *(result(raw=page) for page in pages))
    assert min(map(len, pages)) > 20_000_000
    tracemalloc.start()
    try:
        assert kinds(tmp_path / place.file) == (7, [])
        assert tracemalloc.get_traced_memory()[1] < 5_000_000
    finally:
        tracemalloc.stop()


def test_files_of_other_tools(tmp_path: Path) -> None:
    folder = shared_data("warc_fixtures")
    whole = {"chatnoir-resiliparse__warcfile.warc": 50, "chatnoir-resiliparse__warcfile.warc.gz": 50, "warc__test.warc.gz": 3}
    for name, count in whole.items():
        assert kinds(folder / name) == (count, [])
    for path in folder.iterdir():
        list(scan(path, path.name))
