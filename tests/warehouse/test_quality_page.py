"""The page on what the audit found: what a reader sees, what is kept, and that text of others stays text."""

# ruff: noqa: E501 (what is said)

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Any

import builders as b
import pytest
from builders import PUBLISHED_AT, RUN, World

from warehouse import audit, load, quality_page
from warehouse.audit import QualityResult
from warehouse.quality_page import expected_words, sample, write_quality_page

if TYPE_CHECKING:
    from playwright.sync_api import Browser

SHORT = RUN[:8]
RESULT = QualityResult(
    suite="staging.pages", expectation="title is present", severity="critical", success=True, observed="0 of 12",
    expected="expect_column_values_to_not_be_null", failing_rows=0, sample=None,
)  # fmt: skip
ROWS = [{"article_id": f"{n:016x}", "surface": "Ann", "char_start": n} for n in range(10)]
WRONG = replace(
    RESULT, suite="checks/staging", expectation="name_stands_there", success=False, observed="1234 wrong rows",
    expected="every name stands in its page", failing_rows=1_234, sample=json.dumps(ROWS),
)  # fmt: skip
COUNTS_WRONG = replace(WRONG, suite="checks/published", expectation="sums_agree", expected="the sums agree", observed="2 wrong rows")
SLIGHT = replace(
    RESULT, expectation="few are undated", severity="warning", success=False, observed="3 of 12", failing_rows=3, sample="[1.0, 1.0, 2]"
)
ACCEPTED = replace(WRONG, accepted="the desk saw them (K. Reader)")


class Seen(HTMLParser):
    """What a browser would see: elements in order, text, and the rows of tables."""

    VOID = frozenset({"meta", "br", "link"})

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.rows: list[list[str]] = []
        self._open: list[str] = []
        self.feed(text)
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self._open.append(tag)
        if tag == "tr":
            self.rows.append([])
        elif tag in {"td", "th"}:
            self.rows[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" in self._open:
            return
        self.texts.append(data)
        if {"td", "th"} & set(self._open):
            self.rows[-1][-1] += data

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.texts).split())

    def has(self, tag: str, **attributes: str) -> list[dict[str, str | None]]:
        return [a for t, a in self.elements if t == tag and attributes.items() <= a.items()]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with b.world(tmp_path) as made:
        yield made


def write(
    world: World,
    *results: QualityResult,
    run: str = RUN,
    command: str = "run",
    at: datetime = PUBLISHED_AT,
    snapshot: str | None = None,
    status: str = "succeeded",
    detail: str | None = None,
) -> Path:
    """The page of a run that found this."""
    load.start_run(world.connection, run, command, at, "1.2", "c0ffee")
    audit.record(world.connection, run, results)
    load.end_run(world.connection, run, at + timedelta(seconds=61), status, detail)
    world.query(f"UPDATE history.runs SET snapshot_hash = {snapshot!r} WHERE run_id = '{run}'" if snapshot else "SELECT 1")
    path = write_quality_page(world.connection, world.folder / "quality", run)
    assert path is not None
    return path


def seen(path: Path) -> Seen:
    return Seen(path.read_text(encoding="utf-8"))


# ---- the verdict, and what to do next


@pytest.mark.parametrize(
    ("results", "given", "verdict", "short"),
    [
        ([RESULT], {"snapshot": "h"}, "Published: every expectation is met.", "run: published"),
        ([RESULT, SLIGHT], {"snapshot": "h"}, "Published with one warning.", "run: published, one warning"),
        (
            [ACCEPTED, replace(ACCEPTED, expectation="other"), SLIGHT], {"snapshot": "h"},
            "Published although 2 critical expectations fail, as a person accepted what they found: “the desk saw them (K. Reader)”.",
            "run: published, 2 findings accepted, one warning",
        ),
        ([RESULT], {"command": "process"}, "Passed: every expectation is met. This run has not published.", "process: passed, not published"),
        ([WRONG, RESULT, SLIGHT], {"status": "refused"}, "Refused: the batch fails one critical expectation, so nothing of it is published.", "run: refused, one warning"),
        (
            [COUNTS_WRONG, replace(COUNTS_WRONG, expectation="other"), ACCEPTED], {"status": "refused"},
            "Refused: the counts fail 2 critical expectations, so they are not published.", "run: refused",
        ),
        ([RESULT, SLIGHT], {"command": "audit", "snapshot": "h"}, "A run would publish with one warning.", "audit: would be published, one warning"),
        ([COUNTS_WRONG], {"command": "audit"}, "A run would be refused: the counts fail one critical expectation.", "audit: would be refused"),
    ],
)  # fmt: skip
def test_the_verdict_is_one_sentence(world: World, results: list[QualityResult], given: dict[str, Any], verdict: str, short: str) -> None:
    page = seen(write(world, *results, **given))
    assert verdict in page.text
    assert page.has("meta", name="description") == [{"name": "description", "content": short}]
    assert ("What to do next" in page.text) == ("efused:" in verdict)


def test_a_refusal_tells_the_three_ways_on(world: World) -> None:
    text = seen(write(world, WRONG, status="refused")).text
    for command in ("frontrunner audit", "frontrunner process", "frontrunner publish", f'frontrunner accept {SHORT} --because "…"'):
        assert f" {command} " in text
    assert "The batch is kept as it is. What was published before stays published." in text


def test_a_trial_is_no_run_that_can_be_accepted(world: World) -> None:
    """`frontrunner audit` leaves no trace: accepted is the run whose batch it judged, or whose counts were refused."""
    nobody = seen(write(world, COUNTS_WRONG, run="trial-one", command="audit")).text
    assert "frontrunner accept" not in nobody
    assert "This was a trial on copies" in nobody
    write(world, COUNTS_WRONG, run="counts-refused", at=PUBLISHED_AT + timedelta(hours=1))
    assert "frontrunner accept counts-r" in seen(write(world, COUNTS_WRONG, run="trial-two", command="audit")).text
    load.stage(world.connection, [{"pages": [b.page(b.fetch("a", "2024-07-02 08:00"))]}], "batch-refused")
    assert "frontrunner accept batch-re" in seen(write(world, WRONG, run="trial-three", command="audit")).text


def test_a_run_that_failed_later_says_so(world: World) -> None:
    text = seen(write(world, RESULT, status="failed", detail="OSError: no space left")).text
    assert "The run failed: OSError: no space left" in text


# ---- the findings


def test_what_a_finding_tells(world: World) -> None:
    page = seen(write(world, WRONG, SLIGHT, ACCEPTED, RESULT, status="refused"))
    order = [
        page.text.index(words)
        for words in (
            "Refused: one expectation Batch, rules",
            "One warning Batch, pages",
            "One accepted finding Batch, rules",
            "Passed: 1 of 4 Batch, pages: one met",
        )
    ]
    assert order == sorted(order)
    for said in (
        "every name stands in its page Found 1234 wrong rows Expected no row against this rule Failing rows 1,234, of which 10 are shown Rule name_stands_there",
        "few are undated Found 3 of 12 Expected column values to not be null Failing rows 3 Some of what fails 1.0 (2 times) 2",
        "Accepted the desk saw them (K. Reader)",
        f"Run {RUN} Command run Started 2024-07-31 12:00:00 UTC Finished 2024-07-31 12:01:01 UTC",
        "Program 1.2 Configuration c0ffee",
    ):  # fmt: skip
        assert said in page.text
    assert page.rows[0] == ["article_id", "surface", "char_start"]
    assert page.rows[1:11] == [[row["article_id"], "Ann", str(row["char_start"])] for row in ROWS]
    assert ["title is present", "0 of 12", "column values to not be null"] in page.rows
    assert all("open" not in attributes for attributes in page.has("details")), "what passed is folded"


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        (None, ((), (), ())),
        ("", ((), (), ())),
        ("[]", ((), (), ())),
        ('[null, "a", 1.5]', ((), (), ("NULL", "a", "1.5"))),
        ('["a", {"b": 1}]', ((), (), ("a", '{"b": 1}'))),
        ('[{"a": 1}, {"b": null, "a": [1, 2]}]', (("a", "b"), (("1", "NULL"), ("1, 2", "NULL")), ())),
        (json.dumps([{f"c{n}": n for n in range(30)}]), ((*(f"c{n}" for n in range(24)), "…"), ((*map(str, range(24)), "…"),), ())),
        ('{"a": true}', (("a",), (("true",),), ())),
        ("no JSON", ((), (), ("no JSON",))),
        ("[" * 100_000, ((), (), ("[" * 600 + "…",))),
    ],
)
def test_a_sample_is_a_table_or_a_list(stored: str | None, shown: Any) -> None:
    assert sample(stored) == shown


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ("expect_column_values_to_be_unique", "column values to be unique"),
        ('expect_column_values_to_be_between {"min_value": 0, "max_value": null, "mostly": 0.9}', "column values to be between: min value 0, mostly 0.9"),
        ('expect_column_values_to_be_in_set {"value_set": ["de", "nl"]}', "column values to be in set: value set de, nl"),
        ("expect_this {broken", "expect_this {broken"),
    ],
)  # fmt: skip
def test_an_expectation_in_words(stored: str, shown: str) -> None:
    assert expected_words(stored) == shown


# ---- hostile text, and a page that stands alone


def test_hostile_text_stays_text(world: World) -> None:
    evil = "</td><script>alert(1)</script><img src=x onerror=alert(1)>\"' \u202egnp.exe\u2066 \x1b[31m\x00 {{ 7 * 7 }} \ud800 {n}"
    shown = "</td><script>alert(1)</script><img src=x onerror=alert(1)>\"' [U+202E]gnp.exe[U+2066] [U+001B][31m[U+0000] {{ 7 * 7 }} [U+D800] {n}"
    wrong = replace(WRONG, sample=json.dumps([{"text": evil, evil: "x" * 5_000}]))
    accepted = replace(SLIGHT, severity="critical", accepted=evil.replace("\ud800", ""), observed="</p>" + "y" * 5_000)
    text = write(world, wrong, accepted, status="failed", detail="<b>{n}", command="run").read_text(encoding="utf-8")
    page = Seen(text)
    assert page.has("script") == page.has("img") == page.has("b") == []
    assert shown in [row[0] for row in page.rows]
    assert not re.search("[\u202a-\u202e\u2066-\u2069\x00-\x08\x1b]", text)
    assert "x" * 200 + "…" in page.text
    assert "x" * 201 not in page.text
    assert "y" * 601 not in page.text
    assert "<b>{n}" in page.text


def test_the_page_needs_nothing_else(world: World) -> None:
    write(world, RESULT, run="another1", at=PUBLISHED_AT - timedelta(hours=1))
    write(world, WRONG, SLIGHT, RESULT)
    for path in (world.folder / "quality").iterdir():
        page = seen(path)
        assert page.has("script") == page.has("link") == page.has("img") == []
        links = {str(attributes.get("href")) for attributes in page.has("a")}
        ids = {f"#{attributes['id']}" for _, attributes in page.elements if "id" in attributes}
        assert links - ids <= {entry.name for entry in path.parent.iterdir()}
        assert "://" not in path.read_text(encoding="utf-8")
        assert page.has("html")[0]["lang"] == "en"
        assert all("tabindex" in region for region in page.has("div", role="region")), "what scrolls is reached by keyboard"


# ---- the folder


def test_a_run_that_judged_nothing_has_no_page(world: World) -> None:
    load.start_run(world.connection, RUN, "collect", PUBLISHED_AT, "1", "c")
    assert write_quality_page(world.connection, world.folder / "quality", RUN) is None
    assert not (world.folder / "quality").exists()


def test_the_index_is_the_last_page_with_links_to_the_earlier_ones(world: World) -> None:
    first = write(world, RESULT, run="0123456789", snapshot="h")
    second = write(world, WRONG, run="abcdef0123", at=PUBLISHED_AT + timedelta(hours=2), status="refused")
    assert (first.name, second.name) == ("20240731T120000Z-01234567.html", "20240731T140000Z-abcdef01.html")
    index = seen(world.folder / "quality" / "index.html")
    assert "Audit of 31 July 2024, 14:00 UTC" in index.text
    assert ["2024-07-31 12:00:00 UTC", "run: published"] in index.rows
    assert {"href": first.name} in index.has("a")
    assert {"href": "index.html"} in seen(second).has("a")
    again = {path.name: path.read_bytes() for path in first.parent.iterdir()}
    write_quality_page(world.connection, first.parent, "abcdef0123")
    assert {path.name: path.read_bytes() for path in first.parent.iterdir()} == again


def test_the_last_pages_are_kept(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quality_page, "PAGES_KEPT", 3)
    folder = world.folder / "quality"
    folder.mkdir()
    for name in ("notes.html", ".index.html.part", "20240101T000000Z-cut.txt"):
        (folder / name).write_text("<p>not ours")
    (folder / "20240601T000000Z-ffffffff.html").write_text("not a page that says of itself how it ended")
    for number in range(3):
        write(world, RESULT, run=f"run-{number}", at=PUBLISHED_AT + timedelta(hours=number))
    late = write(world, RESULT, run="clock-was-put-back", at=PUBLISHED_AT - timedelta(days=9))
    assert sorted(path.name for path in folder.iterdir()) == [
        "20240101T000000Z-cut.txt", late.name, "20240731T130000Z-run-1.html", "20240731T140000Z-run-2.html", "index.html", "notes.html",
    ]  # fmt: skip


def test_a_page_that_cannot_be_written_leaves_the_old_one(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(world, RESULT, snapshot="h")
    before = {entry.name: entry.read_bytes() for entry in path.parent.iterdir()}

    def full(*_: object) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr("warehouse.quality_page.os.fsync", full)
    audit.record(world.connection, RUN, [WRONG])
    with pytest.raises(OSError, match="no space"):
        write_quality_page(world.connection, path.parent, RUN)
    assert {entry.name: entry.read_bytes() for entry in path.parent.iterdir()} == before


# ---- in a real browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        pytest.skip("chromium is not installed: apt-get install chromium")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.mark.system
@pytest.mark.parametrize("width", [390, 1024, 1440])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_opens_alone_and_fits(world: World, browser: Browser, width: int, scheme: str) -> None:
    wide = replace(WRONG, sample=json.dumps([{f"column_{n}": f"value {n} " + "word " * 9 * n for n in range(12)} | {"long": "x" * 400}]))
    path = write(world, wide, replace(COUNTS_WRONG, observed="y" * 500), SLIGHT, ACCEPTED, RESULT)
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme="dark" if scheme == "dark" else "light")
    said: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(path.as_uri())
    assert said == []
    assert asked == [path.as_uri()]
    page.evaluate("document.querySelectorAll('details').forEach(folded => folded.open = true)")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    ground, ink = page.evaluate("[getComputedStyle(document.body).backgroundColor, getComputedStyle(document.body).color]")
    assert (ground, ink) == (("rgb(20, 23, 27)", "rgb(233, 235, 238)") if scheme == "dark" else ("rgb(255, 255, 255)", "rgb(25, 28, 32)"))
    page.close()


@pytest.mark.system
def test_everything_is_reached_by_keyboard(world: World, browser: Browser) -> None:
    page = browser.new_page()
    page.goto(write(world, WRONG, RESULT).as_uri())
    reached = []
    for _ in range(12):
        page.keyboard.press("Tab")
        reached.append(
            page.evaluate("document.activeElement.tagName + ' ' + (document.activeElement.className || document.activeElement.hash || '')")
        )
    assert reached[0] == "A skip"
    assert {"A #refused", "A #passed", "DIV scroll", "SUMMARY "} <= set(reached)
    page.locator("summary").first.focus()
    page.keyboard.press("Enter")
    assert page.locator("details").first.get_attribute("open") is not None
    page.close()
