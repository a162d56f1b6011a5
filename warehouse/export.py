"""Tables → CSV, Parquet, JSON (each a folder with a Frictionless ``datapackage.json``) and XLSX.

Knows nothing of what the tables mean: names, types and descriptions come with them. The bytes depend on the tables alone, never on the
clock.
What is asked of the database belongs in :mod:`warehouse.report`, pages for readers in :mod:`warehouse.page`.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

Cell = str | int | float | bool | date | datetime | None

CSV_RULE = (
    "UTF-8, RFC 4180. An empty field is NULL (unknown); an empty text is written as two quotation marks. Control characters are left out, "
    "and text that a spreadsheet could take for a formula (first character = + - @, tab or carriage return) begins with an apostrophe. "
    "JSON and Parquet hold every text unchanged."
)
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")  # and their full-width forms
SKIPPED = " \n\u00a0\u200b\u200e\u200f\u2066\u2067\u2068\u2069\ufeff"  # blanks and marks that a program may skip before it looks
CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
SHEET_CELL_LIMIT = 32_767  # characters that a cell of a workbook can hold
SHEET_ROW_LIMIT = 1_048_575  # rows below the header
LONG_TEXTS = {"title", "sentence", "url"}
COLUMN_WIDTHS = {"string": 24, "date": 12, "datetime": 20}  # characters
MEDIA_TYPES = {"csv": "text/csv", "json": "application/json", "parquet": "application/vnd.apache.parquet"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column as its readers need it: ``type`` is a Frictionless field type."""

    name: str
    type: str
    description: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """An answer: its rows in their order, and what they mean."""

    name: str
    description: str
    columns: tuple[Column, ...]
    frame: pl.DataFrame

    def rows(self) -> list[dict[str, Any]]:
        """The rows as mappings; instants are aware and in UTC."""
        return self.frame.to_dicts()


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """What a folder of tables says of itself."""

    name: str
    title: str
    version: str
    created: datetime  # UTC: when the numbers were published, not when the file was written
    tables: tuple[Table, ...]


def write_folder(package: Package, folder: Path, form: str) -> None:
    """Write the tables as ``csv``, ``json`` or ``parquet`` with their ``datapackage.json`` into ``folder``.

    Raises KeyError for another form, FileExistsError where the folder exists.
    """
    write = WRITERS[form]
    folder.mkdir()
    resources = []
    for table in package.tables:
        path = folder / f"{table.name}.{form}"
        write(table, path)
        resources.append(_resource(table, path, form))
    described = {
        "profile": "data-package",
        "name": f"{package.name.lower()}-{form}",
        "title": package.title,
        "version": package.version,
        "created": _instant(package.created),
        "resources": resources,
    }
    _write_text(folder / "datapackage.json", json.dumps(described, ensure_ascii=False, indent=2) + "\n")


def _resource(table: Table, path: Path, form: str) -> dict[str, Any]:
    content = path.read_bytes()
    rule = f" {CSV_RULE}" if form == "csv" else ""
    dialect = (
        {"dialect": {"delimiter": ",", "lineTerminator": "\r\n", "quoteChar": '"', "doubleQuote": True, "header": True}}
        if form == "csv"
        else {}
    )
    return {
        "profile": "data-resource" if form == "parquet" else "tabular-data-resource",
        "name": table.name,
        "path": path.name,
        "description": table.description + rule,
        "format": form,
        "mediatype": MEDIA_TYPES[form],
        **({} if form == "parquet" else {"encoding": "utf-8"}),
        **dialect,
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
        "schema": {
            "fields": [{"name": c.name, "type": c.type, "description": c.description} for c in table.columns],
            "missingValues": [""] if form == "csv" else [],
        },
    }


def _instant(value: datetime) -> str:
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _write_text(path: Path, text: str) -> None:
    # A lone surrogate cannot be written in UTF-8; it is the only text that changes.
    path.write_bytes(text.encode("utf-8", errors="replace"))


def csv_field(value: Cell) -> str:
    """One field of a CSV file by the rule that :data:`CSV_RULE` tells its readers."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return _instant(value)
    if not isinstance(value, str):
        return value.isoformat() if isinstance(value, date) else repr(value)
    text = CONTROLS.sub("", value)
    if text.startswith(("\t", "\r")) or text.lstrip(SKIPPED).startswith(FORMULA_STARTS):
        text = f"'{text}"
    return '"' + text.replace('"', '""') + '"' if not text or any(c in text for c in ',"\r\n') else text


def _write_csv(table: Table, path: Path) -> None:
    lines = [[c.name for c in table.columns], *([csv_field(v) for v in row] for row in table.frame.iter_rows())]
    _write_text(path, "".join(",".join(line) + "\r\n" for line in lines))


def _write_json(table: Table, path: Path) -> None:
    rows = [json.dumps({k: _json_value(v) for k, v in row.items()}, ensure_ascii=False) for row in table.frame.iter_rows(named=True)]
    _write_text(path, "[\n" + ",\n".join(rows) + "\n]\n" if rows else "[]\n")


def _json_value(value: Cell) -> str | int | float | bool | None:
    if isinstance(value, datetime):
        return _instant(value)
    return value.isoformat() if isinstance(value, date) else value


def _write_parquet(table: Table, path: Path) -> None:
    table.frame.write_parquet(path, compression="zstd")


WRITERS: Mapping[str, Callable[[Table, Path], None]] = {"csv": _write_csv, "json": _write_json, "parquet": _write_parquet}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheets:
    """What a workbook adds to the package: the words of its first sheet and its chart."""

    front: str  # name of the first sheet
    lines: Sequence[tuple[str, Cell]]  # what stands on it, label and value
    about: str  # heading of the sheet that describes the columns
    chart_title: str
    chart_table: str
    chart_label: str  # column of the names
    chart_value: str


def write_xlsx(package: Package, path: Path, sheets: Sheets) -> None:
    """One workbook: a front sheet with a chart, a sheet a table (real types, filters, frozen header), and the meaning of every column."""
    import xlsxwriter

    options = {
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "remove_timezone": True,
        "nan_inf_to_errors": True,
    }
    with xlsxwriter.Workbook(str(path), options) as book:
        created = package.created.astimezone(UTC).replace(tzinfo=None, microsecond=0)
        book.set_properties({"title": package.title, "comments": package.version, "created": created})
        formats = {
            "head": book.add_format({"bold": True, "bottom": 1, "bg_color": "#EEF1F4", "valign": "top"}),
            "title": book.add_format({"bold": True, "font_size": 16}),
            "date": book.add_format({"num_format": "yyyy-mm-dd"}),
            "datetime": book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
            "wrap": book.add_format({"text_wrap": True, "valign": "top"}),
            "percent": book.add_format({"num_format": "0.0%"}),
        }
        front = book.add_worksheet(sheets.front[:31])
        _front_sheet(front, package, sheets, formats)
        for table in package.tables:
            _table_sheet(book.add_worksheet(table.name[:31]), table, formats)
        _about_sheet(book.add_worksheet(sheets.about[:31]), package.tables, formats)
        _chart(book, front, package.tables, sheets)


def _front_sheet(sheet: Worksheet, package: Package, sheets: Sheets, formats: Mapping[str, Format]) -> None:
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 1, 60)
    sheet.write_string(0, 0, package.title, formats["title"])
    for row, (label, value) in enumerate(sheets.lines, start=2):
        sheet.write_string(row, 0, sheet_text(label), formats["wrap"])
        _write_cell(sheet, row, 1, value, formats, wrap=True)


def _table_sheet(sheet: Worksheet, table: Table, formats: Mapping[str, Format]) -> None:
    sheet.freeze_panes(1, 0)
    rows = table.frame.head(SHEET_ROW_LIMIT)
    for index, column in enumerate(table.columns):
        sheet.write_string(0, index, column.name, formats["head"])
        sheet.set_column(index, index, 50 if column.name in LONG_TEXTS else COLUMN_WIDTHS.get(column.type, 13))
    shares = {i for i, c in enumerate(table.columns) if c.name.startswith("share")}
    for number, row in enumerate(rows.iter_rows(), start=1):
        for index, value in enumerate(row):
            if index in shares and value is not None:
                sheet.write_number(number, index, value, formats["percent"])
            else:
                _write_cell(sheet, number, index, value, formats)
    sheet.autofilter(0, 0, rows.height, len(table.columns) - 1)


def _about_sheet(sheet: Worksheet, tables: Iterable[Table], formats: Mapping[str, Format]) -> None:
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, 1, 26)
    sheet.set_column(2, 2, 110)
    for index, word in enumerate(("table", "column", "description")):
        sheet.write_string(0, index, word, formats["head"])
    lines = [(t.name, n, d) for t in tables for n, d in (("", t.description), *((c.name, c.description) for c in t.columns))]
    for number, line in enumerate(lines, start=1):
        for index, text in enumerate(line):
            sheet.write_string(number, index, text, formats["wrap"])


def _chart(book: Workbook, front: Worksheet, tables: Iterable[Table], sheets: Sheets) -> None:
    table = next((t for t in tables if t.name == sheets.chart_table), None)
    if table is None or not table.frame.height:
        return
    names = [c.name for c in table.columns]
    label, value, last = names.index(sheets.chart_label), names.index(sheets.chart_value), min(table.frame.height, 15)
    chart: Any = book.add_chart({"type": "bar"})
    chart.add_series(
        {
            "name": sheets.chart_title,
            "categories": [table.name, 1, label, last, label],
            "values": [table.name, 1, value, last, value],
            "fill": {"color": "#0B6299"},
            "gap": 40,
            "data_labels": {"value": True},
        }
    )
    chart.set_title({"name": sheets.chart_title, "name_font": {"size": 12}})
    chart.set_legend({"none": True})
    chart.set_y_axis({"reverse": True, "major_gridlines": {"visible": False}})
    chart.set_x_axis({"visible": False, "major_gridlines": {"visible": False}})
    chart.set_size({"width": 620, "height": 90 + 26 * last})
    front.insert_chart(len(sheets.lines) + 4, 0, chart)


def sheet_text(text: str) -> str:
    """Text as a workbook can hold it: without control characters, cut at the limit of a cell."""
    kept = CONTROLS.sub("", text)
    return kept if len(kept) <= SHEET_CELL_LIMIT else kept[: SHEET_CELL_LIMIT - 1] + "…"


def _write_cell(sheet: Worksheet, row: int, column: int, value: Cell, formats: Mapping[str, Format], *, wrap: bool = False) -> None:
    if value is None:
        return
    if isinstance(value, bool):
        sheet.write_boolean(row, column, value)
    elif isinstance(value, datetime):
        sheet.write_datetime(row, column, value.astimezone(UTC), formats["datetime"])
    elif isinstance(value, date):
        sheet.write_datetime(row, column, datetime(value.year, value.month, value.day), formats["date"])  # noqa: DTZ001 - a day has no zone
    elif isinstance(value, str):
        sheet.write_string(row, column, sheet_text(value), formats["wrap"] if wrap else None)
    else:
        sheet.write_number(row, column, value)
