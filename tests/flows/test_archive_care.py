"""The archive as a whole: what journals and revisit records name is there; what is old goes, unless something later needs it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from archive_fixtures import NOW, long_page, result, write

from flows.collectors import archive_care
from flows.collectors.archive_care import Pruned, VerifySummary
from flows.collectors.archive_scan import FindingKind
from flows.collectors.archive_writer import ArchiveWriter, RecordLocation
from flows.collectors.journal import Journal, read_events

if TYPE_CHECKING:
    from pathlib import Path

    from transforms.records import StoredBody

DAY = timedelta(days=1)


def run(folder: Path, at: datetime, *pages: bytes, earlier: StoredBody | None = None, run_id: str = "") -> list[RecordLocation]:
    """A run that fetches pages and tells of it, as the collector does."""
    run_id = run_id or f"{at:%m%d%H%M}"
    places = []
    with ArchiveWriter(folder, at, run_id, 1 << 30) as writer, Journal(folder, at, run_id) as journal:
        for number, raw in enumerate(pages):
            place = writer.write(result(f"https://a.example/{number}", raw, fetched_at=at), earlier)
            tell(journal, place, at)
            places.append(place)
    return places


def tell(journal: Journal, place: RecordLocation, at: datetime, **more: Any) -> None:
    body = place.body
    journal.fetch(
        fetched_at=at, result="fetched", warc_file=body.file, warc_offset=body.offset, record_id=place.record_id,
        body={"digest": body.digest, "record_id": body.record_id, "url": body.url, "fetched_at": body.fetched_at}, **more,
    )  # fmt: skip


def verify(folder: Path) -> list[tuple[FindingKind, bool]]:
    return [(found.kind, found.is_damage) for found in archive_care.verify(folder)]


def prune(folder: Path, before: datetime, at: datetime = NOW + 99 * DAY, **more: Any) -> Pruned:
    with Journal(folder, at, f"prune{at:%d%H%M%S}") as journal:
        return archive_care.prune(folder, before, journal, at, **more)


def warcs(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*.warc*")}


# ---- verify


def test_a_sound_archive_has_nothing_to_tell(tmp_path: Path) -> None:
    (first,) = run(tmp_path, NOW, long_page(1))
    run(tmp_path, NOW + DAY, long_page(1), long_page(2), earlier=first.body)
    summary, seen = VerifySummary(), []
    assert list(archive_care.verify(tmp_path, summary=summary, progress=seen.append)) == []
    assert (summary.files, summary.records, summary.revisits, summary.journals, summary.events) == (2, 8, 1, 2, 3)
    assert summary.bytes == sum((tmp_path / name).stat().st_size for name in warcs(tmp_path))
    assert len(seen) == 4
    assert list(archive_care.verify(tmp_path / "nowhere")) == []


def test_journals_that_do_not_fit_the_files(tmp_path: Path) -> None:
    one, two = run(tmp_path, NOW, long_page(1), long_page(2))
    assert verify(tmp_path) == []
    path = tmp_path / one.file
    body = path.read_bytes()
    path.write_bytes(body[: two.offset])
    assert verify(tmp_path) == [(FindingKind.MISSING_RECORD, True)], "a record that was told of cannot be a mere torn tail"
    path.unlink()
    assert verify(tmp_path) == [(FindingKind.MISSING_FILE, True)] * 2
    path.write_bytes(body)
    with Journal(tmp_path, NOW + DAY, "other") as journal:
        journal.fetch(warc_file=one.file, warc_offset=one.offset + 1, record_id=one.record_id)
        journal.fetch(warc_file=one.file, warc_offset=two.offset, record_id=one.record_id)
        journal.fetch(warc_file=one.file, warc_offset=0, record_id=one.record_id)  # a warcinfo record
        journal.fetch(warc_file=one.file)
        journal.poll(result="failed")
    assert verify(tmp_path) == [(FindingKind.MISSING_RECORD, True)] * 4


def test_a_torn_journal_is_no_damage_and_a_broken_one_is(tmp_path: Path) -> None:
    run(tmp_path, NOW, long_page(1))
    (path,) = tmp_path.rglob("*.jsonl")
    lines = path.read_bytes()
    path.write_bytes(lines + b'{"event":"fe')
    assert verify(tmp_path) == [(FindingKind.TORN_TAIL, False)]
    path.write_bytes(b"{broken\n[]\n" + lines)
    assert verify(tmp_path) == [(FindingKind.DAMAGED_JOURNAL, True)] * 2


def test_a_revisit_whose_body_is_gone(tmp_path: Path) -> None:
    (first,) = write(tmp_path, result(raw=long_page(1)))
    with ArchiveWriter(tmp_path, NOW + DAY, "later", 1 << 30) as writer:
        writer.write(result(raw=long_page(1)), first.body)
    (tmp_path / first.file).unlink()
    assert verify(tmp_path) == [(FindingKind.MISSING_TARGET, True)]


def test_files_of_another_archive_are_looked_at_where_they_are(tmp_path: Path) -> None:
    folder, elsewhere = tmp_path / "archive", tmp_path / "elsewhere"
    (place,) = write(elsewhere, result())
    there = {"origin": "archive", "warc_file": str(elsewhere / place.file), "record_id": "x#0"}
    with Journal(folder, NOW, "backfill") as journal:
        journal.fetch(**there, warc_offset=place.offset, result="fetched")
        journal.fetch(**there, warc_offset=7, result="failed")  # a damaged stretch that the backfill told of
    assert verify(folder) == []
    with Journal(folder, NOW, "backfilled") as journal:
        journal.fetch(**there, warc_offset=7, result="fetched")
    assert verify(folder) == [(FindingKind.MISSING_RECORD, True)]
    (elsewhere / place.file).unlink()
    assert verify(folder) == [(FindingKind.MISSING_FILE, True)] * 2


def test_a_backfill_may_name_a_file_of_the_archive_by_its_path(tmp_path: Path) -> None:
    (place,) = run(tmp_path, NOW, long_page(1))
    with Journal(tmp_path, NOW, "backfill") as journal:
        path = str((tmp_path / place.file).resolve())
        journal.fetch(origin="archive", warc_file=path, warc_offset=place.offset, record_id=place.record_id, result="fetched")
    assert verify(tmp_path) == []


# ---- prune


def test_old_files_go_and_are_told_of(tmp_path: Path) -> None:
    (old,) = run(tmp_path, NOW, long_page(1))
    (new,) = run(tmp_path, NOW + 10 * DAY, long_page(2))
    size = (tmp_path / old.file).stat().st_size
    assert prune(tmp_path, NOW + 5 * DAY, dry_run=True) == Pruned(files=(old.file,), bytes=size, referenced=(), unreadable=())
    assert warcs(tmp_path) == {old.file, new.file}
    assert len(list(tmp_path.rglob("*.jsonl"))) == 2, "a dry run tells nothing"
    at = NOW + 99 * DAY
    assert prune(tmp_path, NOW + 5 * DAY, at) == Pruned(files=(old.file,), bytes=size, referenced=(), unreadable=())
    assert warcs(tmp_path) == {new.file}
    events = [event for path in tmp_path.rglob("*.jsonl") for event in read_events(path) if event["event"] == "prune"]
    assert events == [
        {
            "event": "prune", "run_id": f"prune{at:%d%H%M%S}", "warc_file": old.file, "pruned_at": f"{at:%Y-%m-%dT%H:%M:%S.%f}Z",
            "bytes": size,
        }
    ]  # fmt: skip
    assert verify(tmp_path) == [], "events of pruned files are in order"
    assert prune(tmp_path, NOW + 5 * DAY, at + DAY).files == ()


def test_the_newest_record_decides(tmp_path: Path) -> None:
    with ArchiveWriter(tmp_path, NOW, "long-run", 1 << 30) as writer:
        writer.write(result(raw=long_page(1), fetched_at=NOW))
        place = writer.write(result(raw=long_page(2), fetched_at=NOW + DAY))
    assert prune(tmp_path, NOW + DAY).files == ()
    assert prune(tmp_path, NOW + DAY + timedelta(microseconds=1)).files == (place.file,)


def test_what_later_records_refer_to_stays_with_all_that_it_needs(tmp_path: Path) -> None:
    (one,) = write(tmp_path, result(raw=long_page(1), fetched_at=NOW), run_id="aaaaaaaa")
    with ArchiveWriter(tmp_path, NOW + DAY, "bbbbbbbb", 1 << 30) as writer:  # refers to the first, holds a body of its own
        writer.write(result(raw=long_page(1), fetched_at=NOW + DAY), one.body)
        two = writer.write(result(raw=long_page(2), fetched_at=NOW + DAY))
    with ArchiveWriter(tmp_path, NOW + 20 * DAY, "cccccccc", 1 << 30) as writer:
        three = writer.write(result(raw=long_page(2), fetched_at=NOW + 20 * DAY), two.body)
    (alone,) = write(tmp_path, result(raw=long_page(3), fetched_at=NOW), run_id="dddddddd")
    done = prune(tmp_path, NOW + 10 * DAY)
    assert (done.files, done.referenced) == ((alone.file,), (one.file, two.file))
    assert verify(tmp_path) == []
    assert prune(tmp_path, NOW + 10 * DAY, keep_referenced=False).files == (one.file, two.file)
    assert warcs(tmp_path) == {three.file}
    assert verify(tmp_path) == [(FindingKind.MISSING_TARGET, False)], "it was pruned on purpose"
    assert prune(tmp_path, NOW + 30 * DAY).files == (three.file,)


def test_what_later_events_name_stays(tmp_path: Path) -> None:
    (old,) = run(tmp_path, NOW, long_page(1))
    with Journal(tmp_path, NOW + 20 * DAY, "later") as journal:
        journal.poll(polled_at=NOW + 20 * DAY, result="not_modified", warc_file=old.file, warc_offset=old.offset, record_id=old.record_id)
    assert prune(tmp_path, NOW + 10 * DAY).referenced == (old.file,)
    assert prune(tmp_path, NOW + 21 * DAY).files == (old.file,)


def test_only_what_this_program_wrote_is_deleted(tmp_path: Path) -> None:
    (place,) = write(tmp_path, result())
    (tmp_path / place.file).rename(tmp_path / "crawl-of-others.warc.gz")
    assert prune(tmp_path, NOW + DAY) == Pruned(files=(), bytes=0, referenced=(), unreadable=())


def test_a_damaged_file_stays_and_a_torn_one_goes(tmp_path: Path) -> None:
    (place,) = write(tmp_path, result(raw=long_page(1)))
    path = tmp_path / place.file
    body = path.read_bytes()
    path.write_bytes(body[: place.offset + 50] + b"?" * 20 + body[place.offset + 70 :])
    assert prune(tmp_path, NOW + DAY) == Pruned(files=(), bytes=0, referenced=(), unreadable=(place.file,))
    path.write_bytes(body[:-20])
    assert prune(tmp_path, NOW + DAY).files == (place.file,)
    write(tmp_path, result(), run_id="empty")
    (path,) = tmp_path.rglob("*.warc.gz")
    path.write_bytes(b"")
    assert len(prune(tmp_path, NOW + DAY, NOW + 100 * DAY).files) == 1, "of an empty file the name tells the age"
    assert warcs(tmp_path) == set()


def test_the_line_is_on_the_disk_before_the_file_goes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (old,) = run(tmp_path, NOW, long_page(1))
    seen: list[str] = []
    monkeypatch.setattr(Journal, "sync", lambda journal: seen.append(journal.path.read_text()))
    path_type = type(tmp_path)
    monkeypatch.setattr(path_type, "unlink", lambda path, missing_ok=False: (_ for _ in ()).throw(KeyboardInterrupt(path.name)))
    with pytest.raises(KeyboardInterrupt), Journal(tmp_path, NOW + 99 * DAY, "killed") as journal:
        archive_care.prune(tmp_path, NOW + DAY, journal, NOW + 99 * DAY)
    assert json.loads(seen[0])["warc_file"] == old.file
    monkeypatch.undo()
    assert warcs(tmp_path) == {old.file}
    assert verify(tmp_path) == [(FindingKind.PRUNED_FILE, False)]
    before = len(list(tmp_path.rglob("*.jsonl")))
    assert prune(tmp_path, datetime(2000, 1, 1, tzinfo=UTC)).files == (old.file,), "what was told of is done, whatever the day"
    assert len(list(tmp_path.rglob("*.jsonl"))) == before, "and not told twice"
    assert verify(tmp_path) == []


def test_empty_folders_go(tmp_path: Path) -> None:
    write(tmp_path, result())
    write(tmp_path, result(fetched_at=NOW - 400 * DAY), at=NOW - 400 * DAY)
    assert (tmp_path / "2023" / "05").is_dir()
    prune(tmp_path, NOW - DAY)
    assert not (tmp_path / "2023").exists()
    assert (tmp_path / "2024" / "07").is_dir()
