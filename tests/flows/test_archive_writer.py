"""Writing the archive: what others read of it, what is stored once, what a kill or a full disk leaves."""

from __future__ import annotations

import dataclasses
import gzip
import json
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import fastwarc.warc
import pytest
from archive_fixtures import LONG, NOW, PAGE, RUN, long_page, result, warcio_complains, write
from hypothesis import given, settings
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from flows.collectors import archive_care, archive_writer
from flows.collectors.archive import ArchivedPage, iterate_pages, read_response
from flows.collectors.archive_scan import FindingKind
from flows.collectors.archive_writer import ArchiveWriter, RecordLocation

if TYPE_CHECKING:
    from transforms.records import StoredBody

ROOT = Path(__file__).resolve().parents[2]
LATER = NOW + timedelta(hours=3)
GZIPPED = ((b"Content-Encoding", b"gzip"),)


def records(path: Path) -> list[tuple[str, Any]]:
    """Type and record, as warcio reads them."""
    with path.open("rb") as file:
        return [(record.rec_type, record) for record in ArchiveIterator(file) if record.content_stream().read() is not None]


def bodies_of(folder: Path, place: RecordLocation) -> bytes:
    page = read_response(folder / place.body.file, place.body.offset)
    assert isinstance(page, ArchivedPage)
    return page.content


def findings(folder: Path) -> list[tuple[FindingKind, bool]]:
    return [(found.kind, found.is_damage) for found in archive_care.verify(folder)]


def test_another_library_reads_and_checks_it(tmp_path: Path) -> None:
    moved = result(redirects=(("https://a.example/old", 301, "/x"),), requested_url="https://a.example/old")
    place = write(tmp_path, result("https://a.example/z", gzip.compress(PAGE), ((b"Content-Encoding", b"gzip"),)), moved)[0]
    path = tmp_path / place.file
    with path.open("rb") as file:
        records = [(r.rec_type, r.rec_headers.get_header("WARC-Target-URI"), r.content_stream().read()) for r in ArchiveIterator(file)]
    assert [kind for kind, _, _ in records] == ["warcinfo", "response", "request", "response", "request", "metadata"]
    assert records[1][1:] == ("https://a.example/z", PAGE)
    assert b"redirect: 301 https://a.example/old" in records[5][2]
    assert warcio_complains(path) == ""


def test_headers_cannot_break_out_of_their_line(tmp_path: Path) -> None:
    place = write(tmp_path, result(headers=((b"X-Evil", b"a\r\n\r\nWARC/1.1\r\n"),), reason_phrase="O\r\nK"))[0]
    page = read_response(tmp_path / place.file, place.offset)
    assert isinstance(page, ArchivedPage)
    assert page.content == PAGE


def test_a_run_never_writes_into_a_file_that_is_there(tmp_path: Path) -> None:
    first = write(tmp_path, result())[0]
    torn = (tmp_path / first.file).read_bytes()[:-30]
    (tmp_path / first.file).write_bytes(torn)
    second = write(tmp_path, result())[0]
    assert second.file.endswith("-00001.warc.gz")
    assert (tmp_path / first.file).read_bytes() == torn
    assert isinstance(read_response(tmp_path / second.file, second.offset), ArchivedPage)


def test_files_are_closed_at_their_size(tmp_path: Path) -> None:
    places = write(tmp_path, result(), result(), result(), max_bytes=10)
    assert [place.file[-13:] for place in places] == ["00000.warc.gz", "00001.warc.gz", "00002.warc.gz"]
    assert len({place.record_id for place in places}) == 3
    assert all(isinstance(read_response(tmp_path / place.file, place.offset), ArchivedPage) for place in places)


def test_a_run_without_responses_leaves_no_file(tmp_path: Path) -> None:
    write(tmp_path)
    assert list(tmp_path.rglob("*")) == []


# ---- stored once


def test_a_body_that_comes_again_is_a_revisit(tmp_path: Path) -> None:
    first, again, elsewhere = write(
        tmp_path, result(raw=LONG), result(raw=LONG, fetched_at=LATER), result("https://b.example/copy", LONG, fetched_at=LATER)
    )
    assert (first.is_revisit, again.is_revisit, elsewhere.is_revisit) == (False, True, True)
    assert first.body == again.body == elsewhere.body
    assert (first.body.record_id, first.body.offset, first.body.digest) == (first.record_id, first.offset, first.digest)
    assert len({first.record_id, again.record_id, elsewhere.record_id}) == 3
    kinds = [kind for kind, _ in records(tmp_path / first.file)]
    assert kinds == ["warcinfo", "response", "request", "revisit", "request", "revisit", "request"]
    head = records(tmp_path / first.file)[3][1].rec_headers
    assert head.get_header("WARC-Profile") == "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
    assert head.get_header("WARC-Refers-To") == first.record_id
    assert head.get_header("WARC-Refers-To-Target-URI") == "https://a.example/x?y=1"
    assert head.get_header("WARC-Refers-To-Date") == "2024-07-01T06:00:00.123456Z"
    assert head.get_header("WARC-Payload-Digest") == first.digest
    assert warcio_complains(tmp_path / first.file) == ""
    assert findings(tmp_path) == []
    assert len(list(iterate_pages(tmp_path / first.file))) == 1


def test_another_reader_finds_the_head_of_a_revisit(tmp_path: Path) -> None:
    _, again = write(tmp_path, result(raw=LONG), result(raw=LONG, headers=((b"Server", b"second"),)))
    with (tmp_path / again.file).open("rb") as file:
        file.seek(again.offset)
        record = next(iter(fastwarc.warc.ArchiveIterator(file)))
        assert record.record_type == fastwarc.warc.WarcRecordType.revisit
        assert (record.http_headers.status_code, record.http_headers["Server"]) == (200, "second")
        assert record.reader.read() == b""


def test_the_earlier_body_may_be_of_another_run(tmp_path: Path) -> None:
    (first,) = write(tmp_path, result())
    with ArchiveWriter(tmp_path, LATER, "feedfeed", 1 << 30) as writer:
        same = writer.write(result(fetched_at=LATER), first.body)
        other = writer.write(result(raw=b"changed", body=b"changed", fetched_at=LATER), first.body)
    assert (same.is_revisit, same.body) == (True, first.body), "however short it is"
    assert (other.is_revisit, bodies_of(tmp_path, other)) == (False, b"changed")
    assert findings(tmp_path) == []


def test_not_modified_stands_for_the_earlier_body(tmp_path: Path) -> None:
    with ArchiveWriter(tmp_path, NOW, RUN, 1 << 30) as writer:
        first = writer.write(result(headers=((b"ETag", b'"1"'),)))
        unchanged = result(raw=b"", status=304, reason_phrase="Not Modified", fetched_at=LATER)
        again = writer.write(unchanged, first.body)
        assert (again.is_revisit, again.body, again.digest) == (True, first.body, first.digest)
        with pytest.raises(ValueError, match="304"):
            writer.write(unchanged)
    record = dict(records(tmp_path / again.file))["revisit"]
    assert record.rec_headers.get_header("WARC-Profile") == "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
    assert record.http_headers.get_statuscode() == "304"
    assert findings(tmp_path) == []
    assert warcio_complains(tmp_path / again.file) == ""


def test_what_went_away_is_not_referred_to(tmp_path: Path) -> None:
    (first,) = write(tmp_path, result())
    (tmp_path / first.file).unlink()
    with ArchiveWriter(tmp_path, LATER, "feedfeed", 1 << 30) as writer:
        place = writer.write(result(), first.body)
    assert not place.is_revisit
    assert bodies_of(tmp_path, place) == PAGE


def test_the_same_bytes_under_another_coding_are_another_text(tmp_path: Path) -> None:
    raw = gzip.compress(long_page(1), mtime=0) + b"padding" * 100
    plain, packed, again = write(tmp_path, result(raw=raw), result(raw=raw, headers=GZIPPED), result(raw=raw, headers=GZIPPED))
    assert (plain.is_revisit, packed.is_revisit, again.body) == (False, False, packed.body)
    assert (bodies_of(tmp_path, plain), bodies_of(tmp_path, packed)) == (raw, long_page(1))


def test_short_bodies_are_not_worth_it_and_memory_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert [place.is_revisit for place in write(tmp_path / "short", result(), result())] == [False, False]
    monkeypatch.setattr(archive_writer, "MAX_REMEMBERED", 2)
    pages = [result(raw=long_page(n)) for n in (1, 2, 1, 3, 1, 2)]
    assert [place.is_revisit for place in write(tmp_path / "few", *pages)] == [False, False, True, False, True, False]


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 5), st.sampled_from([None, "gzip"]), st.booleans()), max_size=20),
    st.sampled_from([1, 3_000, 1 << 30]),
)
def test_whatever_is_written_is_read_and_stored_once(wanted: list[tuple[int, str | None, bool]], max_bytes: int) -> None:
    with TemporaryDirectory() as name:
        folder, stored, earlier = Path(name), [], None
        with ArchiveWriter(folder, NOW, RUN, max_bytes) as writer:
            for number, coding, with_earlier in wanted:
                raw = gzip.compress(long_page(number) * 9, mtime=0) if coding else long_page(number)
                one = result(f"https://a.example/{number}", raw, GZIPPED if coding else ())
                place = writer.write(one, earlier if with_earlier else None)
                stored.append((place, long_page(number) * (9 if coding else 1)))
                earlier = place.body
        for place, content in stored:
            assert bodies_of(folder, place) == content
        assert sum(not place.is_revisit for place, _ in stored) == len({content for _, content in stored})
        assert findings(folder) == []


def test_notes_are_metadata(tmp_path: Path) -> None:
    moved = result(redirects=(("https://a.example/old", 301, "/x"),), requested_url="https://a.example/old")
    with ArchiveWriter(tmp_path, NOW, RUN, 1 << 30) as writer:
        place = writer.write(result(), notes=[("opt-out", "noai\r\nWARC/1.1")])
        writer.write(moved, notes=[("opt-out", "tdm-reservation")])
    with (tmp_path / place.file).open("rb") as file:
        told = [record.content_stream().read() for record in ArchiveIterator(file) if record.rec_type == "metadata"]
    assert told == [
        b"opt-out: noai WARC/1.1\r\n",
        b"via: https://a.example/old\r\nredirect: 301 https://a.example/old\r\nopt-out: tdm-reservation\r\n",
    ]


# ---- kills and full disks


def program(folder: Path, *lines: str) -> list[str]:
    """A process of its own that writes an archive."""
    prelude = [
        f"import os, resource, signal, sys; sys.path[:0] = [{str(ROOT)!r}, {str(ROOT / 'tests')!r}]",
        "from pathlib import Path", "from archive_fixtures import *", f"folder = Path({str(folder)!r})",
    ]  # fmt: skip
    return [sys.executable, "-c", "\n".join([*prelude, *lines])]


def run_apart(folder: Path, *lines: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(program(folder, *lines), capture_output=True, text=True, check=False, timeout=60)


@pytest.mark.parametrize("part", [0.0, 0.2, 0.5, 0.99])
def test_killed_in_the_middle_of_a_record(tmp_path: Path, part: float) -> None:
    done = run_apart(
        tmp_path,
        "writer = ArchiveWriter(folder, NOW, RUN, 1 << 30)",
        "print([writer.write(result(raw=long_page(n))).offset for n in range(3)], flush=True)",
        "class Slow:",
        "    def __init__(self, file): self.file = file",
        "    def tell(self): return self.file.tell()",
        "    def write(self, data):",
        f"        self.file.write(data[: int(len(data) * {part})])",
        "        os.kill(os.getpid(), signal.SIGKILL)",
        "writer._file = Slow(writer._file)",
        "writer.write(result(raw=long_page(3)))",
    )
    assert done.returncode == -signal.SIGKILL, done.stderr
    offsets = json.loads(done.stdout)
    (path,) = tmp_path.rglob("*.warc.gz")
    left = path.read_bytes()
    assert findings(tmp_path) == ([] if part == 0 else [(FindingKind.TORN_TAIL, False)])
    (place,) = write(tmp_path, result(raw=long_page(4)))
    assert place.file.endswith("-00001.warc.gz")
    assert path.read_bytes() == left, "what a killed run left is not written to"
    pages = [read_response(path, offset) for offset in offsets]
    assert [page.content for page in pages if isinstance(page, ArchivedPage)] == [long_page(n) for n in range(3)]
    assert bodies_of(tmp_path, place) == long_page(4)
    assert all(not is_damage for _, is_damage in findings(tmp_path))


def test_killed_at_any_time_no_record_that_was_acknowledged_is_lost(tmp_path: Path) -> None:
    lines = [
        "writer = ArchiveWriter(folder, NOW, RUN, 40_000)",
        "for n in range(10**6):",
        "    place = writer.write(result(raw=long_page(n)))",
        "    print(n, place.file, place.offset, flush=True)",
    ]
    process = subprocess.Popen(program(tmp_path, *lines), stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    said = [process.stdout.readline() for _ in range(200)]
    process.kill()
    said += process.communicate()[0].splitlines(keepends=True)
    told = [line.split() for line in said if line.endswith("\n")]
    assert len(told) >= 200
    for number, name, offset in told:
        page = read_response(tmp_path / name, int(offset))
        assert isinstance(page, ArchivedPage) and page.content == long_page(int(number))
    assert all(not is_damage for _, is_damage in findings(tmp_path))


def test_a_full_disk_costs_only_the_record_that_it_refused(tmp_path: Path) -> None:
    done = run_apart(
        tmp_path,
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)",
        "writer = ArchiveWriter(folder, NOW, RUN, 1 << 30)",
        "first = writer.write(result(raw=long_page(0)))",
        "size = (folder / first.file).stat().st_size",
        "resource.setrlimit(resource.RLIMIT_FSIZE, (size + 100, resource.RLIM_INFINITY))",
        "try:",
        "    writer.write(result(raw=long_page(1)))",
        "except OSError as error:",
        "    print(type(error).__name__)",
        "assert (folder / first.file).stat().st_size == size, 'the part of a record is taken back'",
        "resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))",
        "with writer:",
        "    print(writer.write(result(raw=long_page(1))).file[-13:])",
    )
    assert done.stdout.split() == ["OSError", "00001.warc.gz"], done.stderr
    assert findings(tmp_path) == []
    pages = [page for path in sorted(tmp_path.rglob("*.warc.gz")) for page in iterate_pages(path)]
    assert [page.content for page in pages if isinstance(page, ArchivedPage)] == [long_page(0), long_page(1)]


def test_everything_is_on_the_disk_at_the_end_of_a_file_and_when_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[int] = []
    real = archive_writer.os.fsync

    def fsync(number: int) -> None:
        synced.append(number)
        real(number)

    monkeypatch.setattr(archive_writer.os, "fsync", fsync)
    with ArchiveWriter(tmp_path, NOW, RUN, 10) as writer:
        writer.sync()
        assert synced == [], "nothing was written yet"
        writer.write(result())
        writer.sync()
        assert len(synced) == 1
        writer.write(result())
        assert len(synced) == 3, "the file that was full, and its folder"
    assert len(synced) == 5


def test_the_body_of_a_location_can_be_handed_on(tmp_path: Path) -> None:
    (place,) = write(tmp_path, result())
    body: StoredBody = place.body
    assert dataclasses.asdict(body) == {
        "digest": place.digest, "record_id": place.record_id, "url": "https://a.example/x?y=1", "fetched_at": NOW, "file": place.file,
        "offset": place.offset,
    }  # fmt: skip
