"""WARC files through the same processing: how each record ends, which days it fills, and that repeating it changes nothing."""

from __future__ import annotations

import gzip
import io
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from newsroom_fixtures import HOSTS, MORNING, Story, ask, ask_warehouse, content, small_press, stories, surroundings, write_config
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from flows.backfill import find_warc_files
from flows.cli import call

if TYPE_CHECKING:
    from pathlib import Path

CAPTURED = datetime(2024, 6, 21, 12, tzinfo=UTC)


def record(
    url: str,
    body: bytes,
    status: str = "200 OK",
    kind: str = "text/html; charset=utf-8",
    at: datetime = CAPTURED,
    record_type: str = "response",
) -> bytes:
    """One gzip member, written by a program that is not ours."""
    buffer = io.BytesIO()
    writer = WARCWriter(buffer, gzip=True)
    headers = StatusAndHeaders(status, [("Content-Type", kind)], protocol="HTTP/1.1") if record_type == "response" else None
    made = writer.create_warc_record(
        url, record_type, payload=io.BytesIO(body), http_headers=headers, warc_headers_dict={"WARC-Date": f"{at:%Y-%m-%dT%H:%M:%SZ}"}
    )
    writer.write_record(made)
    return buffer.getvalue()


def pages(host: str, made: list[Story] | None = None) -> bytes:
    return b"".join(record(story.url, story.html()) for story in made or stories(host))


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return write_config(tmp_path / "config", HOSTS)


@pytest.fixture(autouse=True)
def offline(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FRONTRUNNER_NOW", MORNING.isoformat())


def backfill(config: Path, *words: str | Path) -> int:
    return call(["backfill", *map(str, words), "--config", str(config)])


def outcomes(config: Path) -> dict[str, int]:
    latest = "(SELECT run_id FROM snapshot)"
    rows = ask(config, f"SELECT outcome || coalesce(':' || reason, ''), count(*) FROM outcomes WHERE run_id = {latest} GROUP BY ALL")
    return {str(name): int(count) for name, count in rows}


def test_each_record_ends_with_its_own_reason(config: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cut = record("http://harbour.example/2024/06/cut", stories("harbour.example")[1].html())
    (tmp_path / "a.warc.gz").write_bytes(
        pages("courier.example")
        + record("http://courier.example/gone", b"gone", "404 Not Found")
        + record("http://courier.example/moved", b"", "301 Moved Permanently")
        + record("http://courier.example/down", b"down", "503 Service Unavailable")
        + record("http://courier.example/photo.jpg", b"\xff\xd8\xff\xe0" + bytes(range(256)) * 20, kind="image/jpeg")
        + record("http://courier.example/report.pdf", b"%PDF-1.7\n" + bytes(500), kind="application/pdf")
        + record("http://courier.example/", b"<html><title>Front</title><a href='/1'>One</a><a href='/2'>Two</a></html>")
        + record("http://unknown.example/story", stories("unknown.example")[0].html())
        + record("dns:courier.example", b"192.0.2.1", kind="text/dns", record_type="resource")
        + cut[: len(cut) // 2]
    )
    assert backfill(config, tmp_path / "a.warc.gz") == 0
    found = outcomes(config)
    assert sum(found.values()) == 13
    assert found.pop("published") == 4
    assert found.pop("rejected:no_outlet") == 1
    assert found.pop("failed:not_found") == 1
    assert found.pop("failed:server_error") == 1
    assert found.pop("failed:http_status") == 1
    assert found.pop("failed:damaged_record") == 1
    assert found.pop("rejected:not_html") == 2
    assert found.pop("rejected:unsupported_record") == 1
    assert list(found.values()) == [1], "the front page"
    assert next(iter(found)).startswith("rejected:")
    shown = capsys.readouterr().out
    assert "4 published" in shown
    assert ask(config, "SELECT count(*), count(DISTINCT (run_id, item_id)) FROM outcomes") == [(13, 13)]


def test_days_are_archive_and_counts_are_what_it_holds(config: Path, tmp_path: Path) -> None:
    (tmp_path / "a.warc.gz").write_bytes(pages("courier.example"))
    assert backfill(config, tmp_path / "a.warc.gz") == 0
    assert {status for (status,) in ask(config, "SELECT DISTINCT status FROM collection_health")} == {"archive"}
    assert ask(
        config, "SELECT count(*) FROM coverage_by_outlet_day WHERE articles IS NULL OR total_articles IS NULL OR mentions IS NULL"
    ) == [(0,)]
    assert ask(config, "SELECT sum(total_articles)::INTEGER FROM coverage_by_outlet_day") == [(4,)]
    assert ask(config, "SELECT sum(mentions) > 0 FROM coverage_by_outlet_day") == [(True,)]


def test_the_same_again_is_unchanged(config: Path, tmp_path: Path) -> None:
    (tmp_path / "a.warc.gz").write_bytes(pages("courier.example") + record("http://unknown.example/story", b"<p>x</p>"))
    assert backfill(config, tmp_path / "a.warc.gz") == 0
    first = content(config)
    assert backfill(config, tmp_path / "a.warc.gz") == 0
    assert outcomes(config) == {"unchanged": 4, "rejected:no_outlet": 1}
    assert content(config) == first


def test_a_doubled_file_counts_once(config: Path, tmp_path: Path) -> None:
    folder = tmp_path / "warc"
    folder.mkdir()
    (folder / "a.warc.gz").write_bytes(pages("courier.example"))
    assert backfill(config, folder) == 0
    once = content(config)
    apart = write_config(tmp_path / "apart" / "config", HOSTS)
    (folder / "copy.warc.gz").write_bytes((folder / "a.warc.gz").read_bytes())
    assert backfill(apart, folder, folder / "a.warc.gz") == 0
    assert content(apart)["articles"] == once["articles"]
    assert content(apart)["coverage_by_outlet_day"] == once["coverage_by_outlet_day"]
    assert sum(outcomes(apart).values()) == 4


@pytest.mark.system
def test_the_order_of_files_does_not_matter(config: Path, tmp_path: Path) -> None:
    first, second = tmp_path / "a.warc.gz", tmp_path / "b.warc.gz"
    first.write_bytes(pages("courier.example"))
    second.write_bytes(gzip_as_one(pages("harbour.example")))
    assert backfill(config, first, second) == 0
    apart = write_config(tmp_path / "apart" / "config", HOSTS)
    assert backfill(apart, second) == 0
    assert backfill(apart, first) == 0
    assert content(apart) == content(config)


def gzip_as_one(members: bytes) -> bytes:
    """The same records, not compressed at all, as some archives are kept."""
    return gzip.decompress(members)


def test_plain_warc_files_are_read_too(config: Path, tmp_path: Path) -> None:
    (tmp_path / "a.warc").write_bytes(gzip.decompress(pages("courier.example")))
    assert backfill(config, tmp_path / "a.warc") == 0
    assert outcomes(config) == {"published": 4}


@pytest.mark.system
def test_a_window_of_days_and_a_wider_one_later(config: Path, tmp_path: Path) -> None:
    made = stories("courier.example")
    days = sorted({story.published.date() for story in made if story.published})
    assert len(days) == 2
    (tmp_path / "a.warc.gz").write_bytes(pages("courier.example", made))
    assert backfill(config, tmp_path / "a.warc.gz", "--since", str(days[1]), "--until", str(days[1])) == 0
    inside = Counter(story.published.date() for story in made if story.published)[days[1]]
    assert outcomes(config) == {"published": inside, "rejected:out_of_window": 4 - inside}
    assert {day for (day,) in ask(config, "SELECT published_on FROM articles")} == {days[1]}
    assert backfill(config, tmp_path / "a.warc.gz") == 0
    assert len(content(config)["articles"]) == 4
    apart = write_config(tmp_path / "apart" / "config", HOSTS)
    assert backfill(apart, tmp_path / "a.warc.gz") == 0
    assert content(apart)["articles"] == content(config)["articles"]
    assert content(apart)["coverage_by_outlet_day"] == content(config)["coverage_by_outlet_day"]


def test_own_archive_into_an_empty_warehouse(config: Path, tmp_path: Path) -> None:
    with small_press() as press, surroundings(**press.environment()):
        assert call(["run", "--no-prefect", "--config", str(config)]) == 0
    apart = write_config(tmp_path / "apart" / "config", HOSTS)
    assert backfill(apart, config.parent / "data" / "archive") == 0
    columns = "article_id, outlet_id, url, title, text, published_at, published_on, language"
    assert ask(apart, f"SELECT {columns} FROM articles ORDER BY ALL") == ask(config, f"SELECT {columns} FROM articles ORDER BY ALL")
    assert ask(apart, "FROM mentions ORDER BY ALL") == ask(config, "FROM mentions ORDER BY ALL")
    found = outcomes(apart)
    assert found.pop("published") == 12
    assert all(name.startswith(("rejected:", "failed:")) for name in found), found  # feeds are no articles


def test_own_archive_into_its_own_warehouse_changes_nothing(config: Path) -> None:
    with small_press() as press, surroundings(**press.environment()):
        assert call(["run", "--no-prefect", "--config", str(config)]) == 0
    before = content(config)
    health = ask(config, "SELECT outlet_id, day, status, reason, new FROM collection_health ORDER BY ALL")
    assert backfill(config, config.parent / "data" / "archive") == 0
    after = content(config)
    assert after["articles"] == before["articles"]
    assert after["mentions"] == before["mentions"]
    assert outcomes(config)["unchanged"] == 12
    # polling oneself says more of a day than one's own archive
    assert after["coverage_by_outlet_day"] == before["coverage_by_outlet_day"]
    judged = "SELECT outlet_id, day, status, reason, new FROM collection_health ORDER BY ALL"
    assert ask(config, judged) == health


@pytest.mark.system
def test_an_archive_and_polling_of_the_same_articles_count_once(config: Path, tmp_path: Path) -> None:
    made = [(story.url, story.html()) for host in HOSTS.values() for story in stories(host)]
    (tmp_path / "a.warc.gz").write_bytes(b"".join(record(url, body, at=MORNING + timedelta(days=1)) for url, body in made))
    assert backfill(config, tmp_path / "a.warc.gz") == 0
    with small_press() as press, surroundings(**press.environment()):
        assert call(["run", "--no-prefect", "--config", str(config)]) == 0
    assert ask(config, "SELECT count(*), count(DISTINCT url) FROM articles") == [(12, 12)]
    other = write_config(tmp_path / "other" / "config", HOSTS)
    with small_press() as press, surroundings(**press.environment()):
        assert call(["run", "--no-prefect", "--config", str(other)]) == 0
    assert backfill(other, tmp_path / "a.warc.gz") == 0
    assert content(other) == content(config)


def test_a_file_that_went_away_is_a_reason(config: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.warc.gz"
    path.write_bytes(pages("courier.example"))
    assert backfill(config, path) == 0
    path.unlink()
    outlet = config / "outlets" / "courier.toml"
    outlet.write_text(outlet.read_text(encoding="utf-8").replace('"Courier"', '"The Courier"'), encoding="utf-8")
    assert call(["process", "--config", str(config)]) == 0
    assert ask_warehouse(config, "SELECT DISTINCT rejected_reason FROM core.pages") == [("damaged_record",)]


def test_what_is_no_warc_file_is_bad_usage(config: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "empty").mkdir()
    assert backfill(config, tmp_path / "nowhere.warc.gz") == 2
    assert backfill(config, tmp_path / "empty") == 2
    assert "no WARC file" in capsys.readouterr().err
    assert backfill(config, "--since", "2024-02-30", tmp_path) == 2
    assert "2024-02-30" in capsys.readouterr().err
    path = tmp_path / "a.warc.gz"
    path.write_bytes(pages("courier.example"))
    assert backfill(config, path, "--since", "2024-03-01", "--until", "2024-02-01") == 2
    assert call(["backfill", "--config", str(config)]) == 2
    assert not (config.parent / "data" / "warehouse.duckdb").exists()


@pytest.mark.parametrize(
    "text", [b"", b"not a WARC file at all\n" * 100, b"\x1f\x8b\x08" + bytes(200)], ids=["empty", "text", "broken-gzip"]
)
def test_rubbish_in_a_warc_file_is_no_crash(config: Path, tmp_path: Path, text: bytes) -> None:
    (tmp_path / "a.warc.gz").write_bytes(text)
    assert backfill(config, tmp_path / "a.warc.gz") == 0
    assert set(outcomes(config)) <= {"failed:damaged_record"}


def test_files_are_found_once_each(tmp_path: Path) -> None:
    (tmp_path / "deep" / "er").mkdir(parents=True)
    made = [tmp_path / "b.warc", tmp_path / "deep" / "a.warc.gz", tmp_path / "deep" / "er" / "c.warc.gz"]
    for path in [*made, tmp_path / "notes.txt"]:
        path.touch()
    (tmp_path / "folder.warc").mkdir()
    assert find_warc_files([tmp_path, tmp_path / "deep", made[0]]) == sorted(path.resolve() for path in made)
