"""The coverage report: asks the questions in ``queries/*.sql`` of the published file and writes the answers in every format.

Every number in every format comes from these tables. How a page looks belongs in :mod:`warehouse.page` and ``templates/``, words in
:mod:`warehouse.messages`, files for machines in :mod:`warehouse.export`.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from importlib import resources
from pathlib import Path

import duckdb

from warehouse import export, messages, page
from warehouse.database import refuse_newer

FORMATS = ("html", "xlsx", "csv", "parquet", "json", "pdf")

# In this order, since later questions build on earlier answers. Those in INTERNAL are not handed out.
QUESTIONS = (
    "cells",
    "receipts",
    "outlet_days",
    "outlet_totals",
    "day_totals",
    "candidate_days",
    "comparable",
    "candidate_totals",
    "summary",
    "top_stories",
    "health",
    "uncounted_articles",
    "quality",
    "seal",
)
INTERNAL = {"comparable"}
# Handed out under the name of the published table whose rows they are. Inside, that name is the whole table.
OUTWARD = {"cells": "coverage_by_outlet_day", "health": "collection_health"}
TYPES = {"BOOLEAN": "boolean", "DATE": "date", "DOUBLE": "number", "TIMESTAMP WITH TIME ZONE": "datetime", "VARCHAR": "string"}


class ReportRefused(RuntimeError):
    """The published file cannot be reported on: it is no published file, or a critical expectation failed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """The days of a report, both inclusive, each in its outlet's own time zone. Raises ValueError where they are out of order."""

    since: date
    until: date
    label: str  # as in file names: 2024-W27, or 2024-06-17--2024-07-07

    def __post_init__(self) -> None:
        if self.since > self.until:
            raise ValueError(f"the period begins on {self.since}, after its end on {self.until}")
        if not re.fullmatch(r"[0-9A-Za-z-]+", self.label):
            raise ValueError(f"label {self.label!r} is not fit for a file name")

    @property
    def days(self) -> int:
        """Number of days."""
        return (self.until - self.since).days + 1

    @property
    def command(self) -> str:
        """The command that makes this report."""
        is_week = re.fullmatch(r"\d{4}-W\d{2}", self.label)
        return f"frontrunner report --week {self.label}" if is_week else f"frontrunner report --since {self.since} --until {self.until}"


def parse_week(text: str) -> Period:
    """The ISO 8601 week ``2024-W27``, Monday to Sunday. Raises ValueError with a message for users."""
    found = re.fullmatch(r"(\d{4})-W(\d{2})", text, flags=re.ASCII)
    if not found:
        raise ValueError(f"{text!r} is not an ISO week such as 2024-W27")
    try:
        monday = date.fromisocalendar(int(found[1]), int(found[2]), 1)
        sunday = monday + timedelta(days=6)
    except (ValueError, OverflowError) as error:
        raise ValueError(f"{text!r} is not a week of the calendar: {error}") from error
    return Period(since=monday, until=sunday, label=text)


def between(since: date, until: date) -> Period:
    """Any period, both days inclusive. Raises ValueError where they are out of order."""
    return Period(since=since, until=until, label=f"{since}--{until}")


def write_report(published: Path, out: Path, period: Period, formats: Sequence[str]) -> list[Path]:
    """Write ``coverage-<label>`` in every format and return the paths: files for html, xlsx and pdf, folders for csv, parquet and json.

    All of it is written beside first and moved into place when everything is there. Raises ValueError for an unknown format,
    FileNotFoundError without a published file, :class:`ReportRefused` where the file must not be reported on, SchemaTooNew where a later
    version of the program published it.
    """
    unknown = [f for f in formats if f not in FORMATS]
    if unknown or not formats:
        raise ValueError(f"format {', '.join(unknown) or '(none)'} is not one of {', '.join(FORMATS)}")
    tables = answer(published, period)
    name = f"coverage-{period.label}"
    words = messages.load()
    content = page.assemble(tables, words)
    package = export.Package(
        name=name,
        title=content.title,
        version=content.seal["snapshot_hash"],
        created=content.seal["published_at"],
        tables=tuple(t for n, t in tables.items() if n not in INTERNAL),
    )
    out.mkdir(parents=True, exist_ok=True)
    stage = Path(tempfile.mkdtemp(prefix=f".{name}-", dir=out))
    try:
        targets: dict[Path, Path] = {}
        for form in dict.fromkeys(formats):
            made = stage / (f"{name}-{form}" if form in export.WRITERS else f"{name}.{form}")
            if form in export.WRITERS:
                export.write_folder(package, made, form)
            elif form == "xlsx":
                export.write_xlsx(package, made, page.sheets(content, words))
            elif form == "html":
                page.write_html(content, words, made)
            else:
                page.write_pdf(content, words, made)
            targets[made] = out / made.name
        for made, target in targets.items():
            _move(made, target, stage)
        return list(targets.values())
    finally:
        shutil.rmtree(stage, ignore_errors=True)


def _move(made: Path, target: Path, stage: Path) -> None:
    # A folder cannot be replaced in one step: the old one makes way first, and comes back if the new one cannot take its place.
    old = stage / f"{target.name}.old"
    if target.is_dir():
        os.replace(target, old)
    try:
        os.replace(made, target)
    except OSError:
        if old.exists():
            os.replace(old, target)
        raise


def answer(published: Path, period: Period) -> dict[str, export.Table]:
    """The answers to all :data:`QUESTIONS`, read-only and without access to anything but the file. Raises as :func:`write_report`."""
    if not published.is_file():
        raise FileNotFoundError(f"there is no published file at {published}")
    config: dict[str, str | bool | int | float | list[str]] = {
        "enable_external_access": False,
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
    }
    try:
        con = duckdb.connect(str(published), read_only=True, config=config)
    except duckdb.IOException as error:
        raise ReportRefused(f"the published file cannot be opened: {error}") from error
    with con:
        con.execute("SET TimeZone = 'UTC'").fetchall()
        con.execute("SET lock_configuration = true").fetchall()
        refuse_newer(con, published)
        _refuse(con)
        given = {"since": period.since, "until": period.until, "days": period.days, "label": period.label, "command": period.command}
        con.execute(_question("period"), given).fetchall()
        for name in QUESTIONS:
            for statement in con.extract_statements(_question(name)):
                con.execute(statement).fetchall()
        meanings = con.execute(_question("meanings")).fetchall()
        return {name: _table(con, name, [m[1:] for m in meanings if m[0] == name]) for name in QUESTIONS}


def _question(name: str) -> str:
    return (resources.files("warehouse") / "queries" / f"{name}.sql").read_text(encoding="utf-8")


def _refuse(con: duckdb.DuckDBPyConnection) -> None:
    try:
        reasons = con.execute(_question("refusals")).fetchall()
    except duckdb.CatalogException as error:
        raise ReportRefused(f"this is no published file of a known form: {error}") from error
    if reasons:
        raise ReportRefused(f"the published file must not be reported on: {'; '.join(r[0] for r in reasons)}")


def _table(con: duckdb.DuckDBPyConnection, name: str, meanings: Sequence[tuple[str, str, str, str]]) -> export.Table:
    columns = tuple(export.Column(name=column, type=TYPES.get(kind, "integer"), description=text) for _, column, kind, text in meanings)
    return export.Table(
        name=OUTWARD.get(name, name), description=meanings[0][0] or "", columns=columns, frame=con.table(f"temp.main.{name}").pl()
    )
