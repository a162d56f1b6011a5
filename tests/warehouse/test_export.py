"""The files for machines: what is read back equals the answers, in every format."""

from __future__ import annotations

import csv
import hashlib
import json
import re
import subprocess
import zipfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from shutil import which
from typing import Any

import frictionless
import polars as pl
import pytest
import sample_coverage as sample
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from warehouse import export, report

WEEK = report.parse_week("2024-W27")
EXPORTED = [q for q in report.QUESTIONS if q not in report.INTERNAL]
NS = {"s": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return sample.build(tmp_path_factory.mktemp("published") / "coverage.duckdb")


@pytest.fixture(scope="module")
def out(published: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("out")
    report.write_report(published, folder, WEEK, report.FORMATS)
    return folder


@pytest.fixture(scope="module")
def answers(published: Path) -> dict[str, export.Table]:
    return report.answer(published, WEEK)


def test_names_are_those_of_the_contract(out: Path) -> None:
    assert {p.name for p in out.iterdir()} == {f"coverage-2024-W27{end}" for end in (".html", ".xlsx", ".pdf", "-csv", "-json", "-parquet")}
    for form in ("csv", "json", "parquet"):
        assert {p.name for p in (out / f"coverage-2024-W27-{form}").iterdir()} == {
            "datapackage.json",
            *(f"{report.OUTWARD.get(n, n)}.{form}" for n in EXPORTED),
        }


@pytest.mark.parametrize("name", EXPORTED)
def test_parquet_and_json_hold_every_value_unchanged(out: Path, answers: dict[str, export.Table], name: str) -> None:
    frame = answers[name].frame
    assert pl.read_parquet(out / "coverage-2024-W27-parquet" / f"{answers[name].name}.parquet").equals(frame)
    listed = json.loads((out / "coverage-2024-W27-json" / f"{answers[name].name}.json").read_text(encoding="utf-8"))
    wanted = [
        {k: v if v is None or isinstance(v, str | int | float) else v.isoformat().replace("+00:00", "Z") for k, v in row.items()}
        for row in frame.to_dicts()
    ]
    assert listed == wanted


@pytest.mark.parametrize("name", EXPORTED)
def test_csv_holds_every_value_by_its_rule(out: Path, answers: dict[str, export.Table], name: str) -> None:
    content = (out / "coverage-2024-W27-csv" / f"{answers[name].name}.csv").read_bytes()
    assert content.endswith(b"\r\n") and not content.startswith(b"\xef\xbb\xbf")
    header, *lines = csv.reader(content.decode("utf-8").splitlines(keepends=True), strict=True)
    assert header == [c.name for c in answers[name].columns]
    rows = answers[name].frame.rows()
    assert len(lines) == len(rows)
    for line, row in zip(lines, rows, strict=True):
        for field, value in zip(line, row, strict=True):
            match value:
                case None:
                    assert field == ""
                case bool():
                    assert field == str(value).lower()
                case int() | float():
                    assert type(value)(field) == value
                case datetime():
                    assert datetime.fromisoformat(field) == value
                case date():
                    assert date.fromisoformat(field) == value
                case str():
                    assert not field.startswith(export.FORMULA_STARTS)
                    assert field.removeprefix("'") == export.CONTROLS.sub("", value)


@given(st.text())
def test_no_field_of_a_csv_is_a_formula_and_none_is_lost(text: str) -> None:
    line = export.csv_field(text)
    [[field]] = csv.reader([line], strict=True) if "\n" not in line and "\r" not in line else [[line[1:-1].replace('""', '"')]]
    assert not field.lstrip(" \u00a0\u200b\u200e\u200f\ufeff").startswith(export.FORMULA_STARTS)
    assert field in {export.CONTROLS.sub("", text), "'" + export.CONTROLS.sub("", text)}
    assert line != "", "an empty field is NULL, an empty text is not"


def test_data_package_of_csv_validates(out: Path) -> None:
    found = frictionless.validate(str(out / "coverage-2024-W27-csv" / "datapackage.json"))
    assert found.valid, found.flatten(["title", "fieldName", "rowNumber", "note"])
    assert found.stats["tasks"] == len(EXPORTED)


def test_data_package_of_json_validates(out: Path) -> None:
    # The rows are handed over, since reading JSON files takes a further package there.
    folder = out / "coverage-2024-W27-json"
    for described in json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))["resources"]:
        rows = json.loads((folder / described["path"]).read_text(encoding="utf-8"))
        data = [[f["name"] for f in described["schema"]["fields"]], *(list(r.values()) for r in rows)]
        found = frictionless.Resource(data=data, schema=frictionless.Schema.from_descriptor(described["schema"])).validate()
        assert found.valid, (described["name"], found.flatten(["title", "fieldName", "rowNumber", "note"]))


@pytest.mark.parametrize("form", ["csv", "json", "parquet"])
def test_data_package_describes_every_table_and_column(out: Path, answers: dict[str, export.Table], form: str) -> None:
    folder = out / f"coverage-2024-W27-{form}"
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    assert package["created"] == "2024-07-08T05:30:00Z"
    tables = [answers[n] for n in EXPORTED]
    assert [r["name"] for r in package["resources"]] == [t.name for t in tables]
    for resource, table in zip(package["resources"], tables, strict=True):
        content = (folder / resource["path"]).read_bytes()
        assert (resource["bytes"], resource["hash"]) == (len(content), f"sha256:{hashlib.sha256(content).hexdigest()}")
        assert resource["description"]
        assert [f["name"] for f in resource["schema"]["fields"]] == [c.name for c in table.columns]
        assert all(f["description"] for f in resource["schema"]["fields"]), resource["name"]


class Workbook:
    """As much of a workbook as the tests need: sheets as rows of values, with the type that is stored."""

    def __init__(self, path: Path) -> None:
        self.zip = zipfile.ZipFile(path)
        book = etree.fromstring(self.zip.read("xl/workbook.xml"))
        self.sheets = [str(s.get("name")) for s in book.iterfind(".//s:sheets/s:sheet", NS)]
        strings = etree.fromstring(self.zip.read("xl/sharedStrings.xml"))
        self.strings = ["".join(str(t.text or "") for t in s.iterfind(".//s:t", NS)) for s in strings.iterfind("s:si", NS)]

    def xml(self, name: str) -> Any:
        return etree.fromstring(self.zip.read(f"xl/worksheets/sheet{self.sheets.index(name) + 1}.xml"))

    def rows(self, name: str) -> list[dict[int, Any]]:
        """Values by column; an empty cell has none."""
        rows = []
        for row in self.xml(name).iterfind(".//s:row", NS):
            cells: dict[int, Any] = {}
            for cell in row.iterfind("s:c", NS):
                letters = re.sub(r"\d", "", cell.get("r"))
                index = sum((ord(c) - 64) * 26**n for n, c in enumerate(reversed(letters))) - 1
                value = cell.findtext("s:v", namespaces=NS)
                kind = cell.get("t")
                cells[index] = (
                    self.strings[int(value)] if kind == "s" else value == "1" if kind == "b" else None if value is None else float(value)
                )
            rows.append(cells)
        return rows


def test_workbook_holds_every_value_in_its_type(out: Path, answers: dict[str, export.Table]) -> None:
    book = Workbook(out / "coverage-2024-W27.xlsx")
    epoch = datetime(1899, 12, 30, tzinfo=UTC)
    for name in EXPORTED:
        sheet = book.rows(answers[name].name)
        header, rows = [sheet[0][n] for n in sorted(sheet[0])], sheet[1:]
        table = answers[name].frame.rows()
        assert header == [c.name for c in answers[name].columns]
        assert len(rows) == len(table)
        for cells, row in zip(rows, table, strict=True):
            for n, value in enumerate(row):
                shown: Any = cells.get(n)
                if isinstance(value, datetime):
                    assert abs(epoch + timedelta(days=shown) - value) < timedelta(milliseconds=5)
                elif isinstance(value, date):
                    assert (epoch + timedelta(days=shown)).date() == value
                elif isinstance(value, str):
                    # The format escapes controls as _xHHHH_; they are taken out before.
                    assert shown == export.sheet_text(value)
                elif isinstance(value, float):
                    assert shown == pytest.approx(value, rel=1e-14)
                else:
                    assert (shown, type(shown) is bool) == (value, type(value) is bool)


def test_workbook_has_no_formula_no_link_but_filters_frozen_headers_and_a_chart(out: Path) -> None:
    book = Workbook(out / "coverage-2024-W27.xlsx")
    for name in book.sheets:
        xml = book.xml(name)
        assert not xml.findall(".//s:f", NS) and not xml.findall(".//s:hyperlink", NS)
    for name in EXPORTED:
        assert book.xml(report.OUTWARD.get(name, name)).find("s:autoFilter", NS) is not None
        assert book.xml(report.OUTWARD.get(name, name)).find(".//s:pane", NS).get("state") == "frozen"
    assert any(n.startswith("xl/charts/") for n in book.zip.namelist())


def test_the_same_input_gives_the_same_bytes(published: Path, out: Path, tmp_path: Path) -> None:
    report.write_report(published, tmp_path, WEEK, report.FORMATS)
    files = sorted(p.relative_to(out) for p in out.rglob("*") if p.is_file())
    assert files == sorted(p.relative_to(tmp_path) for p in tmp_path.rglob("*") if p.is_file())
    assert [f for f in files if (out / f).read_bytes() != (tmp_path / f).read_bytes()] == []


def test_a_report_takes_the_place_of_the_one_before(published: Path, tmp_path: Path) -> None:
    for _ in range(2):
        paths = report.write_report(published, tmp_path, WEEK, ["csv", "html", "csv"])
    (paths[0] / "stray.csv").write_text("left over")
    report.write_report(published, tmp_path, WEEK, ["csv"])
    assert {p.name for p in tmp_path.iterdir()} == {"coverage-2024-W27-csv", "coverage-2024-W27.html"}
    assert not (paths[0] / "stray.csv").exists()


def test_a_report_that_fails_leaves_the_one_before(published: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    [path] = report.write_report(published, tmp_path, WEEK, ["csv"])
    before = (path / "summary.csv").read_bytes()

    def fail(*_: object) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr("warehouse.page.write_html", fail)
    with pytest.raises(OSError, match="no space"):
        report.write_report(published, tmp_path, report.parse_week("2024-W27"), ["csv", "html"])
    assert [p.name for p in tmp_path.iterdir()] == [path.name]
    assert (path / "summary.csv").read_bytes() == before


def test_unknown_formats_are_refused(published: Path, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="docx is not one of html"):
        report.write_report(published, tmp_path, WEEK, ["html", "docx"])
    with pytest.raises(ValueError, match="not one of"):
        report.write_report(published, tmp_path, WEEK, [])


def test_exports_never_carry_the_text_of_an_article(out: Path) -> None:
    assert not [p for p in out.rglob("*") if p.suffix in {".csv", ".json", ".html"} and b"secret text of the article" in p.read_bytes()]
    sentences = pl.read_parquet(out / "coverage-2024-W27-parquet" / "receipts.parquet")["sentence"]
    assert sentences.str.len_chars().max() == 501


@pytest.mark.skipif(which("pdftotext") is None, reason="pdftotext (poppler-utils) is not installed")
def test_pdf_holds_the_numbers_and_no_markup_of_others(out: Path, answers: dict[str, export.Table]) -> None:
    text = subprocess.run(
        ["pdftotext", "-layout", str(out / "coverage-2024-W27.pdf"), "-"], capture_output=True, check=True, timeout=60
    ).stdout.decode()
    for total in answers["candidate_totals"].rows():
        if total["mentions"]:
            line = next(x for x in text.splitlines() if total["candidate_name"] in x and "%" in x)
            numbers = [int(n) for n in re.findall(r"\d+", line.split("%")[1])]
            assert numbers[:6] == [total[c] for c in ("mentions", "articles", "stories", "originals", "race_articles", "outlets")]
    for total in answers["outlet_totals"].rows():
        assert re.search(rf"{re.escape(total['outlet_name'])}.*[\s≥]{total['articles']}$", text, flags=re.MULTILINE)
    assert "root:" not in text and answers["seal"].rows()[0]["snapshot_hash"][:20] in text
