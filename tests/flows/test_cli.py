"""The command line: help, exit statuses, and what the commands on files and on the published file give."""

from __future__ import annotations

import csv
import gzip
import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest
from newsroom_fixtures import Story, stories
from support import ROOT
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from flows.cli import call, main

COMMANDS = (
    "run",
    "collect",
    "process",
    "publish",
    "backfill",
    "report",
    "serve",
    "status",
    "sql",
    "check",
    "extract",
    "annotate",
    "dedupe",
    "outlets",
    "archive",
    "accept",
    "explain",
    "audit",
    "rebuild",
    "snapshots",
)
FIELDS = [
    "source", "url", "canonical_url", "title", "authors", "byline_org", "published_at", "published_on", "modified_at", "date_source",
    "date_precision", "language", "access", "text",
]  # fmt: skip
CONTEST = "nato-secretary-general-2024"
Captured = pytest.CaptureFixture[str]


def lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def give(monkeypatch: pytest.MonkeyPatch, content: bytes) -> None:
    """Standard input."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))


# ---- help and exit statuses


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_has_help(command: str, capsys: Captured) -> None:
    assert call([command, "--help"]) == 0
    shown = capsys.readouterr().out
    assert command in shown
    assert len(shown.splitlines()) > 4
    if command not in {"extract", "outlets", "archive", "snapshots"}:  # the last three have commands of their own below them
        assert "--config" in shown


def test_a_database_without_enough_memory_says_what_to_do(minimal_config: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    def full(*_: object, **__: object) -> None:
        raise duckdb.OutOfMemoryException("Out of Memory Error: failed to allocate")

    monkeypatch.setattr("flows.passes.open_warehouse", full)
    assert call(["process", "--config", str(minimal_config)]) == 1
    assert "storage.memory_megabytes" in capsys.readouterr().err


def test_help_names_every_command_and_version_is_told(capsys: Captured) -> None:
    assert call(["--help"]) == 0
    shown = capsys.readouterr().out
    assert all(f"{command} " in shown for command in COMMANDS)
    assert call(["--version"]) == 0
    assert capsys.readouterr().out.strip()


@pytest.mark.parametrize(
    "words",
    [
        ["fly"],
        ["run", "--fast"],
        ["run", "--jobs", "many"],
        ["run", "here"],
        ["backfill"],
        ["sql"],
        ["sql", "SELECT 1", "--format", "xml"],
        ["annotate", "-"],
        ["extract"],
        ["report", "--week", "2024-W60", "--config", "demo/config"],
        ["report", "--week", "27", "--config", "demo/config"],
        ["report", "--since", "2024-06-17", "--config", "demo/config"],
        ["report", "--since", "2024-06-17", "--until", "2024-06-16", "--config", "demo/config"],
        ["report", "--since", "17 June", "--until", "2024-06-16", "--config", "demo/config"],
        ["report", "--week", "2024-W25", "--since", "2024-06-17", "--until", "2024-06-18", "--config", "demo/config"],
        ["report", "--week", "2024-W25", "--format", "html,docx", "--config", "demo/config"],
        ["run", "--until", "2024-06-16", "--config", "demo/config"],
        ["run", "--since", "2024-06-17", "--until", "2024-06-16", "--config", "demo/config"],
        ["collect", "--since", "yesterday", "--config", "demo/config"],
        ["collect", "--since", "2024-06-17", "--due", "--config", "demo/config"],
        ["archive", "prune", "--config", "demo/config"],
        ["outlets", "add", "--config", "demo/config"],
        ["check", "--config", "no/such/folder"],
        ["extract", "no-such-page.html"],
        ["annotate", "no-such-file.jsonl", "--watchlist", CONTEST, "--config", "demo/config"],
        ["annotate", "README.md", "--watchlist", "no-such-list", "--config", "demo/config"],
        ["dedupe", "no-such-file.jsonl"],
    ],
    ids=" ".join,
)
def test_bad_usage_is_two(words: list[str], capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    assert call(words) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("frontrunner: ")
    assert "Traceback" not in said.err


@pytest.mark.parametrize("words", [["sql", "SELECT 1"], ["report"], ["report", "--week", "2024-W27"]], ids=" ".join)
def test_nothing_published_is_one(words: list[str], minimal_config: Path, capsys: Captured) -> None:
    assert call([*words, "--config", str(minimal_config)]) == 1
    said = capsys.readouterr().err
    assert "coverage.duckdb" in said
    assert "Traceback" not in said


@pytest.mark.parametrize("command", ["run", "collect", "process", "publish", "status", "check", "sql"])
def test_a_bad_configuration_is_told_before_anything_runs(command: str, minimal_config: Path, capsys: Captured) -> None:
    (minimal_config / "frontrunner.toml").write_text('contact = "desk@example.org"\ncolour = "red"\n', encoding="utf-8")
    words = [command, "SELECT 1"] if command == "sql" else [command]
    assert call([*words, "--config", str(minimal_config)]) == 2
    assert "frontrunner.toml: colour" in capsys.readouterr().err
    assert not (minimal_config.parent / "data").exists()


@pytest.mark.parametrize("command", ["run", "status", "extract"])
def test_a_bad_clock_is_told(command: str, minimal_config: Path, tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FRONTRUNNER_NOW", "noon")
    (tmp_path / "page.html").write_bytes(stories("courier.example")[0].html())
    words = [str(tmp_path / "page.html")] if command == "extract" else []
    assert call([command, *words, "--config", str(minimal_config)]) == 2
    assert "FRONTRUNNER_NOW='noon'" in capsys.readouterr().err


def test_the_program_itself(tmp_path: Path) -> None:
    """Through a process of its own: status, streams, and quiet where a reader goes away."""
    program = [sys.executable, "-c", "from flows.cli import main; main()"]
    done = subprocess.run([*program, "fly"], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert "fly" in done.stderr
    page = stories("courier.example")[0].html()
    done = subprocess.run(
        [*program, "extract", "-", "--url", "http://courier.example/a"], cwd=ROOT, input=page, capture_output=True, timeout=60, check=False
    )
    assert done.returncode == 0
    assert list(json.loads(done.stdout))[: len(FIELDS)] == FIELDS


def test_main_exits(capsys: Captured) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["fly"])
    assert ended.value.code == 2
    assert "fly" in capsys.readouterr().err


# ---- looking


def sql(config: Path, query: str, *more: str) -> int:
    return call(["sql", query, "--config", str(config), *more])


def test_sql_in_every_format(demo_config: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    columns = "outlet_id, count(*) AS articles, min(published_on) AS first, any_value(authors) AS authors"
    query = f"SELECT {columns} FROM articles GROUP BY ALL ORDER BY ALL"
    assert sql(demo_config, query) == 0
    table = capsysbinary.readouterr().out.decode()
    assert "polderpost" in table
    assert sql(demo_config, query, "--format", "csv") == 0
    rows = list(csv.DictReader(io.StringIO(capsysbinary.readouterr().out.decode())))
    assert sql(demo_config, query, "--format", "json") == 0
    objects = json.loads(capsysbinary.readouterr().out)
    assert sql(demo_config, query, "--format", "parquet") == 0
    frame = pl.read_parquet(io.BytesIO(capsysbinary.readouterr().out))
    assert len(rows) == len(objects) == frame.height == 14
    assert [row["outlet_id"] for row in rows] == [row["outlet_id"] for row in objects] == frame["outlet_id"].to_list()
    assert [int(row["articles"]) for row in rows] == [row["articles"] for row in objects] == frame["articles"].to_list()
    assert isinstance(objects[0]["authors"], list)
    assert rows[0]["first"] == objects[0]["first"] == str(frame["first"][0])


@pytest.mark.parametrize("form", ["table", "csv", "json", "parquet"])
@pytest.mark.parametrize("table", ["articles", "mentions", "coverage_by_outlet_day", "endorsements", "outcomes", "snapshot"])
def test_sql_gives_any_table_in_any_format(demo_config: Path, table: str, form: str, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    assert sql(demo_config, f"FROM {table}", "--format", form) == 0
    assert capsysbinary.readouterr().out


def test_sums_are_numbers_in_json(demo_config: Path, capsys: Captured) -> None:
    assert (
        sql(
            demo_config,
            "SELECT sum(mentions) AS mentions, count(*) AS n, NULL AS nothing, 'nan'::DOUBLE AS nan FROM coverage_by_outlet_day",
            "--format",
            "json",
        )
        == 0
    )
    (row,) = json.loads(capsys.readouterr().out, parse_constant=lambda word: pytest.fail(f"{word} is not JSON"))
    assert isinstance(row["mentions"], int)
    assert row["mentions"] > 100
    assert row["nothing"] is None


@pytest.mark.parametrize(
    "query",
    [
        "DELETE FROM articles",
        "CREATE TABLE mine AS SELECT 1",
        "DROP TABLE articles",
        "COPY articles TO '{}/out.csv'",
        "COPY (SELECT 1) TO '{}/out.parquet' (FORMAT parquet)",
        "EXPORT DATABASE '{}/out'",
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM read_text('/etc/passwd')",
        "FROM '/etc/passwd'",
        "FROM glob('/etc/*')",
        "ATTACH '{}/other.duckdb'",
        "SET enable_external_access = true",
        "RESET enable_external_access",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SELECT 1; COPY articles TO '{}/out.csv'",
        "SELEC 1",
        "SELECT no_such_column FROM articles",
    ],
)
def test_sql_refuses(demo_config: Path, tmp_path: Path, query: str, capsys: Captured) -> None:
    assert sql(demo_config, query.replace("{}", str(tmp_path))) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("frontrunner: ")
    assert "Traceback" not in said.err
    assert list(tmp_path.iterdir()) == []


def test_sql_without_a_result_and_without_a_query(demo_config: Path, capsys: Captured) -> None:
    assert sql(demo_config, "SELECT 1 AS one WHERE false") == 0
    assert "one" in capsys.readouterr().out
    for query in ("", "  ", "-- nothing"):
        assert sql(demo_config, query) in (0, 1)
        assert "Traceback" not in capsys.readouterr().err


def test_report_of_a_week_and_of_days(demo_config: Path, tmp_path: Path, capsys: Captured) -> None:
    config = ["--config", str(demo_config), "--out", str(tmp_path)]
    assert call(["report", "--week", "2024-W26", *config]) == 0
    named = [Path(line) for line in capsys.readouterr().out.split()]
    assert [path.name for path in named] == ["coverage-2024-W26.html", "coverage-2024-W26-csv"]
    assert all(path.exists() for path in named)
    assert call(["report", "--since", "2024-06-18", "--until", "2024-06-20", "--format", "json, csv", *config]) == 0
    folders = [Path(line) for line in capsys.readouterr().out.split()]
    assert all((folder / "datapackage.json").is_file() for folder in folders)
    assert len(folders) == 2
    assert call(["report", *config, "--format", "html"]) == 0
    assert Path(capsys.readouterr().out.strip()).name == "coverage-2024-W27.html", "the last whole week before 8 July"


def test_status(demo_config: Path, minimal_config: Path, capsys: Captured) -> None:
    assert call(["status", "--config", str(minimal_config)]) == 0
    assert "Nothing is published" in capsys.readouterr().out
    assert call(["status", "--config", str(demo_config)]) == 0
    shown = capsys.readouterr().out
    for word in ("Published", "succeeded", "polderpost", "complete"):
        assert word in shown


def test_check(demo_config: Path, minimal_config: Path, capsys: Captured) -> None:
    assert call(["check", "--config", str(demo_config)]) == 0
    assert "14 outlets" in capsys.readouterr().out
    outlet = minimal_config / "outlets" / "dutchnews.toml"
    outlet.write_text(outlet.read_text(encoding="utf-8").replace('["https://www.dutchnews.nl/feed/"]', "[]"), encoding="utf-8")
    assert call(["check", "--config", str(minimal_config)]) == 0
    assert "else the links of the home page: dutchnews" in capsys.readouterr().out


def test_config_is_looked_for_here(minimal_config: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(minimal_config.parent)
    assert call(["check"]) == 0
    assert "1 outlets" in capsys.readouterr().out


# ---- extract


@pytest.fixture
def story() -> Story:
    return stories("courier.example")[0]


def test_extract_a_page(story: Story, tmp_path: Path, capsys: Captured) -> None:
    path = tmp_path / "page.html"
    path.write_bytes(story.html())
    assert call(["extract", str(path)]) == 0
    (row,) = lines(capsys.readouterr().out)
    assert list(row)[: len(FIELDS)] == FIELDS
    assert (row["source"], row["title"], row["canonical_url"]) == (str(path), story.title, story.url)
    assert (row["published_at"], row["published_on"], row["date_precision"]) == ("2024-06-20T02:00:00Z", "2024-06-20", "second")
    assert row["text"].startswith("Mark Rutte spent the week")
    assert row["language"] == "en"
    assert row["authors"] == []


def test_extract_everything_in_a_folder(story: Story, tmp_path: Path, capsys: Captured) -> None:
    (tmp_path / "pages" / "deep").mkdir(parents=True)
    (tmp_path / "pages" / "b.html").write_bytes(story.html())
    (tmp_path / "pages" / "deep" / "a.HTML.gz").write_bytes(gzip.compress(story.html()))
    (tmp_path / "pages" / "notes.txt").write_text("not a page", encoding="utf-8")
    (tmp_path / "pages" / "broken.html.gz").write_bytes(gzip.compress(story.html())[:200])
    (tmp_path / "pages" / "false.html.gz").write_bytes(story.html())
    (tmp_path / "pages" / "half.html.gz").write_bytes(gzip.compress(story.html())[:-8] + b"\0" * 8)
    (tmp_path / "pages" / "empty.html").touch()
    for jobs in ("1", "2"):
        assert call(["extract", str(tmp_path / "pages"), "--jobs", jobs]) == 0
        rows = {Path(row["source"]).name: row for row in lines(capsys.readouterr().out)}
        assert set(rows) == {"b.html", "a.HTML.gz", "broken.html.gz", "false.html.gz", "half.html.gz", "empty.html"}
        assert rows["b.html"]["text"] == rows["a.HTML.gz"]["text"]
        for name in ("broken.html.gz", "false.html.gz", "half.html.gz", "empty.html"):
            assert rows[name]["rejected"], name
            assert list(rows[name])[: len(FIELDS)] == FIELDS
        assert rows["broken.html.gz"]["rejected"] == rows["false.html.gz"]["rejected"] == "bad_encoding"


def test_extract_standard_input_into_a_file(story: Story, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    give(monkeypatch, story.html())
    out = tmp_path / "out.jsonl"
    assert call(["extract", "-", "--url", story.url + "?utm_source=rss", "-o", str(out)]) == 0
    (row,) = lines(out.read_text(encoding="utf-8"))
    assert (row["source"], row["url"], row["canonical_url"]) == ("-", story.url + "?utm_source=rss", story.url)


def test_what_is_no_article_says_why(tmp_path: Path, capsys: Captured) -> None:
    (tmp_path / "front.html").write_text("<html><title>News</title><a href='/1'>One</a></html>", encoding="utf-8")
    (tmp_path / "photo.html").write_bytes(b"\xff\xd8\xff\xe0" + bytes(range(256)) * 10)
    assert call(["extract", str(tmp_path), str(tmp_path / "front.html")]) == 0
    rows = lines(capsys.readouterr().out)
    assert [Path(row["source"]).name for row in rows] == ["front.html", "photo.html", "front.html"]
    assert all(row["rejected"] for row in rows)
    assert rows[1]["rejected"] == "not_html"


def test_extract_a_warc_file(story: Story, tmp_path: Path, capsys: Captured) -> None:
    path = tmp_path / "some.warc.gz"
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        ids = []
        for url, body in ((story.url, story.html()), ("http://courier.example/", b"<title>Front</title>")):
            head = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
            record = writer.create_warc_record(url, "response", payload=io.BytesIO(body), http_headers=head)
            ids.append(record.rec_headers.get_header("WARC-Record-ID"))
            writer.write_record(record)
        whole = file.tell()
        writer.write_record(
            writer.create_warc_record(
                story.url, "response", payload=io.BytesIO(story.html()), http_headers=StatusAndHeaders("200 OK", [], protocol="HTTP/1.1")
            )
        )
        file.truncate((whole + file.tell()) // 2)
    assert call(["extract", str(path)]) == 0
    rows = lines(capsys.readouterr().out)
    assert [row["source"] for row in rows[:2]] == [f"{path}#{record_id}" for record_id in ids]
    assert rows[0]["text"].startswith("Mark Rutte")
    assert rows[1]["rejected"]
    assert rows[2]["rejected"] == "damaged_record"
    assert len(rows) == 3
    assert call(["extract", str(path), "--url", story.url]) == 2


def test_extract_with_an_outlet_takes_its_day(minimal_config: Path, tmp_path: Path, capsys: Captured) -> None:
    page = b"""<html><head><meta property="article:published_time" content="2024-06-20T23:30:00Z"><title>A night at sea</title></head>
        <body><article><h1>A night at sea</h1>%s</article></body></html>""" % (
        b"<p>The boats went out at ten and were back before the fog. Nobody spoke of it.</p>" * 6
    )
    (tmp_path / "page.html").write_bytes(page)
    for more, day in (([], "2024-06-20"), (["--config", str(minimal_config)], "2024-06-21")):
        assert call(["extract", str(tmp_path / "page.html"), "--url", "https://www.dutchnews.nl/a-night-at-sea", *more]) == 0
        (row,) = lines(capsys.readouterr().out)
        assert (row["published_on"], row["published_at"]) == (day, "2024-06-20T23:30:00Z")


def test_extract_into_a_place_that_is_none(story: Story, tmp_path: Path, capsys: Captured) -> None:
    (tmp_path / "page.html").write_bytes(story.html())
    assert call(["extract", str(tmp_path / "page.html"), "-o", str(tmp_path / "no" / "folder")]) == 1
    assert "no/folder" in capsys.readouterr().err


# ---- annotate and dedupe


def jsonl(*rows: Any) -> bytes:
    return b"".join((row if isinstance(row, bytes) else json.dumps(row).encode()) + b"\n" for row in rows)


def test_annotate(minimal_config: Path, tmp_path: Path, capsys: Captured) -> None:
    text = "Alliance envoys met. Mark Rutte wants to be NATO Secretary General, and Rutte 🙂 knows it."
    rows = [
        {"id": 7, "lang": "en", "title": "Rutte asks", "text": text},
        {"id": "b", "title": "", "text": "Nobody here.", "date": "2024-06-20"},
        {"id": None},
    ]
    path = tmp_path / "in.jsonl"
    path.write_bytes(jsonl(*rows))
    assert call(["annotate", str(path), "--watchlist", CONTEST, "--config", str(minimal_config)]) == 0
    found = lines(capsys.readouterr().out)
    assert [row["id"] for row in found] == [7, "b", None]
    assert all(list(row) == ["id", "mentions", "candidates", "in_race", "endorsements", "references", "quotes"] for row in found)
    assert [list(mention) for mention in found[0]["mentions"]] == [["candidate_id", "field", "start", "end", "surface"]] * 3
    assert found[0]["candidates"] == ["mark-rutte"]
    assert found[0]["in_race"] is True
    for mention in found[0]["mentions"]:
        assert rows[0][mention["field"]][mention["start"] : mention["end"]] == mention["surface"]
    nothing = {"mentions": [], "candidates": [], "in_race": False, "endorsements": [], "references": [], "quotes": []}
    assert found[1] == {"id": "b", **nothing}


def test_annotate_tells_positions_quotes_and_references(tmp_path: Path, capsys: Captured) -> None:
    text = "Viktor Orbán said that Hungary backs Mark Rutte. The Dutch prime minister thanked him."
    path = tmp_path / "in.jsonl"
    path.write_bytes(jsonl({"id": 1, "lang": "en", "title": "", "text": text, "date": "2024-06-18"}))
    assert call(["annotate", str(path), "--watchlist", "nato-secretary-general-2024", "--config", str(ROOT / "config")]) == 0
    (found,) = lines(capsys.readouterr().out)
    (said,) = found["endorsements"]
    expected = {"endorser": "HU", "candidate_id": "mark-rutte", "stance": "supports", "status": "stated", "speaker": "Viktor Orbán"}
    assert {key: said[key] for key in expected} == expected
    assert said["evidence"] in text
    assert [(r["candidate_id"], r["surface"]) for r in found["references"]] == [("mark-rutte", "Dutch prime minister")]
    assert [(q["candidate_id"], q["direction"], q["speaker"]) for q in found["quotes"]] == [("mark-rutte", "about", "Viktor Orbán")]
    assert text[found["quotes"][0]["start"] : found["quotes"][0]["end"]] == found["quotes"][0]["quote"]


BAD = (b"{not json", b"[1, 2]", b'{"title": "no id"}', b'{"id": "\xff"}', b"[" * 100_000, b'"text"')


@pytest.mark.parametrize("command", ["annotate", "dedupe"])
def test_bad_lines_are_named_and_the_others_are_done(
    command: str, minimal_config: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = {"id": "good", "title": "Rutte", "text": "Mark Rutte and a few more words for the sake of length."}
    give(monkeypatch, jsonl(good, *BAD, b"", {**good, "id": "last"}))
    more = ["--watchlist", CONTEST] if command == "annotate" else []
    assert call([command, "-", *more, "--config", str(minimal_config)]) == 1
    said = capsys.readouterr()
    assert [row["id"] for row in lines(said.out)] == ["good", "last"]
    for number in range(2, 2 + len(BAD)):
        assert f"line {number}:" in said.err
    assert "Traceback" not in said.err
    assert f"{len(BAD)} lines" in said.err


@pytest.mark.parametrize("command", ["annotate", "dedupe"])
def test_odd_values_are_no_crash(command: str, minimal_config: Path, tmp_path: Path) -> None:
    odd = [
        b'{"id": "\\ud83d", "title": "Mark Rutte \\ud83d", "text": "Rutte \\ud800"}',
        {"id": ["a", 1], "title": None, "text": 7},
        {"id": {"a": 1}, "lang": 5, "title": "Mark Rutte", "text": "x", "published_at": 12, "outlet_id": 3},
        {"id": 1.5, "lang": "xx", "title": "\0", "text": "Rutte\0", "published_at": "yesterday"},
        {"id": "t", "lang": "", "title": "t", "text": "t", "published_at": "0001-01-01T00:00:00+14:00"},
        {"id": "u", "lang": "nb", "title": "t", "text": "t", "published_at": "9999-12-31"},
    ]
    path, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    path.write_bytes(jsonl(*odd))
    more = ["--watchlist", CONTEST] if command == "annotate" else []
    assert call([command, str(path), *more, "--config", str(minimal_config), "-o", str(out)]) == 0
    rows = lines(out.read_text(encoding="utf-8"))
    assert len(rows) == len(odd)
    assert rows[1]["id"] == ["a", 1]


def test_dedupe(tmp_path: Path, capsys: Captured) -> None:
    text = " ".join(stories("courier.example")[0].paragraphs)
    other = " ".join(stories("harbour.example")[1].paragraphs)
    rows = [
        {"id": 2, "outlet_id": "harbour", "title": "Same", "text": text, "published_at": "2024-06-20T09:00:00Z"},
        {"id": 1, "outlet_id": "courier", "title": "First", "text": text, "published_at": "2024-06-20T10:30:00+02:00"},
        {"id": "x", "title": "Other", "text": other},
    ]
    path = tmp_path / "in.jsonl"
    path.write_bytes(jsonl(*rows))
    assert call(["dedupe", str(path)]) == 0
    found = lines(capsys.readouterr().out)
    assert all(list(row) == ["id", "story_id", "copy_kind", "copy_of", "similarity"] for row in found)
    assert [(row["id"], row["story_id"], row["copy_kind"], row["copy_of"]) for row in found[1:]] == [
        (1, 1, "original", None),
        ("x", "x", "original", None),
    ]
    assert (found[0]["id"], found[0]["story_id"], found[0]["copy_of"], found[0]["similarity"]) == (2, 1, 1, 1.0)
    assert found[0]["copy_kind"] in {"exact", "syndicated"}


def test_an_id_that_stands_twice_is_a_bad_line(tmp_path: Path, capsys: Captured) -> None:
    path = tmp_path / "in.jsonl"
    path.write_bytes(
        jsonl({"id": "a", "title": "A", "text": "One text."}, {"id": "a", "title": "B", "text": "Another text."}, {"id": 1}, {"id": "1"})
    )
    assert call(["dedupe", str(path)]) == 1
    said = capsys.readouterr()
    assert [row["id"] for row in lines(said.out)] == ["a", 1]
    assert "line 2" in said.err
    assert "line 4" in said.err
