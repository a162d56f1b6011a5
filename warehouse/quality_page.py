"""The results of a run's audit as a page for people: the verdict, what to do next, and every finding with rows that show it.

Judging is :mod:`warehouse.audit`, looks are ``templates/``, words ``locale/``. What the findings quote was written by others: it is cleaned
here and escaped by the template.
"""

from __future__ import annotations

import itertools
import json
import os
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from typing import Any

from warehouse.database import Connection, sql
from warehouse.export import CONTROLS
from warehouse.messages import Messages, load
from warehouse.quoting import OVERRIDES, clean
from warehouse.templating import render

PAGES_KEPT = 30
INDEX = "index.html"
_VALUE, _WORDS = 200, 600  # characters shown of a value, of a sentence
_COLUMNS, _ROWS = 24, 50  # shown of a sample; the audit keeps ten rows
TRIAL = "audit"  # the command that judges on copies: its run is in no history, and nothing is published
_NAME = re.compile(r"^\d{8}T\d{6}Z-.{1,8}\.html$")
_SHORT = re.compile(r'<meta name="description" content="([^"]*)">')
_HEAD = 4_096  # characters of a page that hold what it says of itself
_PART = ".part"
_HIDDEN = re.compile(f"{OVERRIDES.pattern}|{CONTROLS.pattern}")

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What one expectation found, in words."""

    meaning: str
    name: str
    observed: str
    expected: str
    rows_said: str  # how many rows fail, and how many of them are shown
    header: tuple[str, ...]  # of the sample, where it is a table
    rows: tuple[tuple[str, ...], ...]
    values: tuple[str, ...]  # the sample, where it is none
    accepted: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The findings on one table."""

    title: str
    suite: str
    findings: tuple[Finding, ...]


def write_quality_page(connection: Connection, folder: Path, run_id: str) -> Path | None:
    """Write the page of a run's audit, and ``index.html``, which is the same with links to earlier pages; the last thirty are kept.

    ``connection`` is that of :func:`warehouse.database.open_warehouse`. Returns the page's path, None where the run judged nothing.
    """
    results = _rows(connection, "queries/quality_page_results.sql", {"run_id": run_id})
    if not results:
        return None
    (run,) = _rows(connection, "queries/quality_page_run.sql", {"run_id": run_id})
    folder.mkdir(parents=True, exist_ok=True)
    for left in folder.glob(f".*{_PART}"):  # of a run that was killed meanwhile
        left.unlink()
    words = load()
    told = _page(run, results, words)
    path = folder / f"{run['started_at'].astimezone(UTC):%Y%m%dT%H%M%SZ}-{run_id[:8]}.html"
    _replace(path, render("quality.html.j2", words, q=told, earlier=(), index=INDEX))
    earlier = sorted((p for p in folder.iterdir() if _NAME.match(p.name) and p != path), key=lambda p: p.name, reverse=True)
    for superfluous in earlier[PAGES_KEPT - 1 :]:
        superfluous.unlink()
    links = tuple(_link(page, words) for page in earlier[: PAGES_KEPT - 1])
    _replace(folder / INDEX, render("quality.html.j2", words, q=told, earlier=links, index=None))
    return path


def _page(run: Row, results: Sequence[Row], words: Messages) -> dict[str, Any]:
    """All that the template shows."""
    failed = [r for r in results if not r["success"]]
    critical = [r for r in failed if r["severity"] == "critical"]
    refused = [r for r in critical if r["accepted"] is None]
    accepted = [r for r in critical if r["accepted"] is not None]
    warned = [r for r in failed if r["severity"] != "critical"]
    passed = [r for r in results if r["success"]]
    sections = (("refused", refused), ("warnings", warned), ("accepted", accepted))
    trial, of_batch = run["command"] == TRIAL, any("staging" in r["suite"] for r in refused)
    done = "would" if trial else "published" if run["snapshot_hash"] else "passed"
    ended = "refused" if refused else done
    with_acceptances = words("quality.short_accepted", n=len(accepted)) if accepted and not refused else ""
    short = words(f"quality.short_{'would_be_refused' if trial and refused else ended}")
    return {
        "tone": "bad" if refused else "warn" if failed else "good",
        "heading": words("quality.heading", instant=words.instant(run["started_at"])),
        "of": words("quality.of", command=run["command"], run=run["run_id"][:8]),
        "short": f"{run['command']}: {short}{with_acceptances}{words('quality.short_warned', n=len(warned)) if warned else ''}",
        "verdict": _refusal(len(refused), of_batch, trial, words) if refused else _verdict(done, accepted, len(warned), words),
        "notes": tuple(_notes(run, bool(refused), of_batch, trial, words)),
        "ways": _ways(run, of_batch, trial, words) if refused else (),
        "sections": tuple((key, words(f"quality.{key}", n=len(rows)), _groups(rows, words)) for key, rows in sections if rows),
        "passed": words("quality.passed", n=len(passed), total=len(results)),
        "passed_groups": _groups(passed, words),
        "run": (
            (words("quality.run"), run["run_id"]),
            (words("quality.command"), run["command"]),
            (words("quality.started"), _instant(run["started_at"], words)),
            (words("quality.finished"), _instant(run["finished_at"], words)),
            (words("quality.status"), run["status"]),
            (words("seal.code"), run["code_version"]),
            (words("seal.config"), run["config_hash"]),
            (words("seal.snapshot"), words("quality.no_snapshot") if trial or not run["snapshot_hash"] else run["snapshot_hash"]),
        ),
    }


def _refusal(count: int, of_batch: bool, trial: bool, words: Messages) -> str:
    return words(f"quality.verdict_{'would_be_' if trial else ''}refused_{'batch' if of_batch else 'counts'}", n=count)


def _verdict(done: str, accepted: Sequence[Row], warnings: int, words: Messages) -> str:
    """One sentence. ``done``: published, passed (not published), would (a trial)."""
    if accepted:
        reasons = dict.fromkeys(_shown(row["accepted"], _WORDS) for row in accepted)
        return words(f"quality.verdict_{done}_accepted", n=len(accepted), because="; ".join(f"“{reason}”" for reason in reasons))
    return words(f"quality.verdict_{done}_warned", n=warnings) if warnings else words(f"quality.verdict_{done}")


def _notes(run: Row, refused: bool, of_batch: bool, trial: bool, words: Messages) -> Iterator[str]:
    """What to know beside the verdict."""
    if trial:
        yield words("quality.trial")
    elif refused:
        yield words("quality.stays_batch" if of_batch else "quality.stays_counts")
    if run["status"] == "failed":
        yield words("quality.run_failed", detail=_shown(run["detail"] or words("report.dash"), _WORDS))


def _ways(run: Row, of_batch: bool, trial: bool, words: Messages) -> tuple[tuple[tuple[str, ...], str], ...]:
    """What can be done about a refusal: the commands, and what they do."""
    ways = [
        (("frontrunner audit",), words("quality.way_audit")),
        (("frontrunner process", "frontrunner publish"), words("quality.way_mend")),
    ]
    refused_run = run["run_id"] if not trial else run["staged_by"] if of_batch else run["counts_refused_in"]
    if refused_run is not None:
        command = f'frontrunner accept {refused_run[:8]} --because "…"'
        ways.append(((command,), words("quality.way_accept_refused", run=refused_run[:8]) if trial else words("quality.way_accept")))
    return tuple(ways)


def _link(page: Path, words: Messages) -> tuple[str, str, str]:
    """File, when, and how it ended, of an earlier page. It says so itself: of a trial the history knows nothing."""
    moment = datetime.strptime(page.name.partition("-")[0], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    with page.open(encoding="utf-8", errors="replace") as file:
        found = _SHORT.search(file.read(_HEAD))
    return page.name, _instant(moment, words), _shown(unescape(found[1]), _VALUE) if found else words("report.unknown")


def _groups(results: Sequence[Row], words: Messages) -> tuple[Group, ...]:
    return tuple(
        Group(title=_title(suite, words), suite=suite, findings=tuple(_finding(row, words) for row in rows))
        for suite, rows in itertools.groupby(results, key=lambda row: str(row["suite"]))
    )


def _title(suite: str, words: Messages) -> str:
    """``staging.pages`` and ``checks/published`` in words; a suite of another form as it is."""
    first, _, table = suite.partition(".")
    if table and first in {"staging", "published"}:
        return words(f"quality.table_{first}", table=table.replace("_", " "))
    return words(f"quality.rules_{suite.partition('/')[2]}") if suite in {"checks/staging", "checks/published"} else suite


def _finding(row: Row, words: Messages) -> Finding:
    of_rule = str(row["suite"]).startswith("checks/")  # such a one says what it means where suites name the expectation
    name = _shown(row["expectation"], _WORDS)
    header, rows, found = sample(row["sample"])
    shown, failing = len(rows) or len(found), row["failing_rows"]
    values = tuple(words("quality.value_times", n=n, value=value) for value, n in Counter(found).items())
    if failing is None:
        said = words("quality.rows_unknown")
    else:
        said = words("quality.rows_shown", n=failing, shown=shown) if 0 < shown < failing else words("quality.rows", n=failing)
    return Finding(
        meaning=_shown(row["expected"], _WORDS) if of_rule and row["expected"] else name,
        name=name,
        observed=_shown(row["observed"], _WORDS) if row["observed"] is not None else words("report.dash"),
        expected=words("quality.no_rows") if of_rule else expected_words(row["expected"] or words("report.dash")),
        rows_said=said,
        header=header,
        rows=rows,
        values=values,
        accepted=_shown(row["accepted"], _WORDS) if row["accepted"] is not None else "",
    )


def sample(text: str | None) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...], tuple[str, ...]]:
    """Failing rows as stored: header and rows where it is a JSON list of objects, else values. What is no JSON is one value."""
    if not text:
        return (), (), ()
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return (), (), (_shown(text, _WORDS),)
    if not isinstance(found, list):
        found = [found]
    if found and all(isinstance(row, dict) and row for row in found):
        names = tuple(dict.fromkeys(name for row in found for name in row))
        more = ("…",) if len(names) > _COLUMNS else ()
        rows = tuple((*(_value(row.get(name)) for name in names[:_COLUMNS]), *more) for row in found[:_ROWS])
        return (*(_shown(name, _VALUE) for name in names[:_COLUMNS]), *more), rows, ()
    return (), (), tuple(_value(value) for value in found[:_ROWS])


def expected_words(text: str) -> str:
    """An expectation as it is stored (its type, then its arguments as JSON) in words."""
    kind, brace, arguments = text.partition(" {")
    said = kind.removeprefix("expect_").replace("_", " ")
    try:
        given = json.loads("{" + arguments) if brace else {}
    except (ValueError, RecursionError):
        return _shown(text, _WORDS)
    shown = [f"{name.replace('_', ' ')} {_value(value)}" for name, value in given.items() if value is not None]
    return _shown(said + (": " + ", ".join(shown) if shown else ""), _WORDS)


def _value(value: Any) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, list) and not any(isinstance(inner, list | dict) for inner in value):
        return _shown(", ".join(str(inner) for inner in value), _VALUE)
    return _shown(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False), _VALUE)


def _shown(text: str, limit: int) -> str:
    """Text fit for the page. What cannot be seen and may be what is wrong is named, where other pages leave it out."""
    return clean(_HIDDEN.sub(lambda match: f"[U+{ord(match[0]):04X}]", text), limit)


def _instant(moment: datetime | None, words: Messages) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC" if moment is not None else words("quality.not_finished")


def _rows(connection: Connection, query: str, parameters: dict[str, Any]) -> list[dict[str, Any]]:
    result = connection.execute(sql(query), parameters)
    names = [column[0] for column in result.description]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def _replace(path: Path, content: bytes) -> None:
    """Readers find the old page or the new one, never half of it."""
    part = path.with_name(f".{path.name}{_PART}")
    try:
        with part.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
