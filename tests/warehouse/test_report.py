"""The report: the period, the questions, and the page that a reader opens."""

# ruff: noqa: E501 (tables of rows, and the dash that a reader sees)

from __future__ import annotations

import itertools
import re
from datetime import date, timedelta
from html.parser import HTMLParser
from pathlib import Path

import duckdb
import pytest
import sample_coverage as sample
from hypothesis import given
from hypothesis import strategies as st

from warehouse import quoting, report

WEEK = report.parse_week("2024-W27")


class Page(HTMLParser):
    """Collects what a browser would see: elements with their attributes, and the text of cells."""

    VOID = frozenset({"meta", "br", "img", "input", "link", "hr"})

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.rows: list[list[str]] = []
        self.texts: list[str] = []
        self._open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self._open.append(tag)
        if tag == "tr":
            self.rows.append([])
        if tag in {"td", "th"}:
            self.rows[-1].append("")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self._open and self._open[-1] == tag, f"</{tag}> closes {self._open[-3:]}"
        self._open.pop()

    def handle_data(self, data: str) -> None:
        self.texts.append(data)
        if "td" in self._open or ("th" in self._open and "tbody" in self._open):
            self.rows[-1][-1] += data

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.texts).split())


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return sample.build(tmp_path_factory.mktemp("published") / "coverage.duckdb")


@pytest.fixture(scope="module")
def html(published: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    return report.write_report(published, tmp_path_factory.mktemp("out"), WEEK, ["html"])[0].read_text(encoding="utf-8")


@given(st.dates(min_value=date(1, 1, 8), max_value=date(9998, 12, 20)))
def test_every_day_is_in_the_week_that_bears_its_name(day: date) -> None:
    iso = day.isocalendar()
    period = report.parse_week(f"{iso.year:04}-W{iso.week:02}")
    assert period.since <= day <= period.until
    assert (period.days, period.since.weekday()) == (7, 0)


@pytest.mark.parametrize(
    "text", ["2024-27", "2024W27", "2024-W00", "2024-W54", "2023-W53", "W27", "", "2024-W27 ", "0000-W01", "٢٠٢٤-W27", "2024-W27\n"]
)
def test_what_is_no_week_is_refused_with_its_text(text: str) -> None:
    with pytest.raises(ValueError, match=re.escape(repr(text))):
        report.parse_week(text)


def test_a_period_names_the_command_that_makes_it() -> None:
    assert WEEK.command == "frontrunner report --week 2024-W27"
    period = report.between(date(2024, 6, 17), date(2024, 7, 7))
    assert (period.label, period.days) == ("2024-06-17--2024-07-07", 21)
    assert period.command == "frontrunner report --since 2024-06-17 --until 2024-07-07"
    with pytest.raises(ValueError, match="begins on 2024-07-07"):
        report.between(date(2024, 7, 7), date(2024, 6, 17))


def test_figures_equal_a_count_by_hand(published: Path) -> None:
    summary = report.answer(published, WEEK)["summary"].rows()
    nato = next(r for r in summary if r["watchlist_id"] == sample.NATO)
    pieces = [p for p in [*sample.week(date(2024, 7, 1)), *sample.hostile_week(date(2024, 7, 1))] if not p.uncounted]
    nato_ids = {c[0] for c in sample.CANDIDATES if c[1] == sample.NATO}
    hidden = {("curierul-nou", date(2024, 7, 2)), ("curierul-nou", date(2024, 7, 3)), ("fjordavisen", date(2024, 7, 6))}
    seen = [p for p in pieces if nato_ids & set(p.named) and (p.outlet, p.day) not in hidden]
    assert nato["articles"] == len(seen)
    assert nato["mentions"] == sum(n for p in seen for c, n in p.named.items() if c in nato_ids)
    assert nato["outlets_naming"] == len({p.outlet for p in seen})
    assert nato["stories"] == len(seen) - 4, "four outlets ran the wire story after its lead"
    assert (nato["outlet_days"], nato["outlet_days_unknown"], nato["outlet_days_partial"]) == (7 * 7 + 4, 3, 2)
    later = next(r for r in summary if r["watchlist_id"] == sample.LATER)
    assert (later["articles"], later["outlet_days"]) == (None, 0)


def test_the_change_leaves_out_days_that_cannot_be_compared(published: Path) -> None:
    nato = report.answer(published, WEEK)["summary"].rows()[0]
    # Seven outlets in both weeks, less two days of outage, one blocked and one partial day; the eighth outlet joined too late.
    assert nato["outlet_days_comparable"] == 7 * 7 - 4
    before = sample.week(sample.SINCE, 2)
    left_out = {
        ("curierul-nou", date(2024, 6, 25)),
        ("curierul-nou", date(2024, 6, 26)),
        ("fjordavisen", date(2024, 6, 29)),
        ("dunya-postasi", date(2024, 6, 27)),
    }
    nato_ids = {c[0] for c in sample.CANDIDATES if c[1] == sample.NATO}
    compared = [p for p in before if (p.outlet, p.day) not in left_out and nato_ids & set(p.named)]
    assert nato["articles_before"] == len(compared)
    assert nato["mentions_before"] == sum(n for p in compared for c, n in p.named.items() if c in nato_ids)


def test_without_an_earlier_period_the_change_is_unknown(published: Path) -> None:
    tables = report.answer(published, report.parse_week("2024-W26"))
    assert all(r["mentions_before"] is None and r["outlet_days_comparable"] == 0 for r in tables["summary"].rows())


def test_sums_of_days_outlets_and_receipts_are_the_total(published: Path) -> None:
    tables = report.answer(published, WEEK)
    for summary in tables["summary"].rows():
        mine = {n: [r for r in t.rows() if r.get("watchlist_id") == summary["watchlist_id"]] for n, t in tables.items()}
        if not summary["outlet_days"]:
            assert not mine["cells"]
            continue
        for name in ("outlet_totals", "day_totals", "outlet_days"):
            assert sum(r["articles"] or 0 for r in mine[name]) == summary["articles"]
            assert sum(r["mentions"] or 0 for r in mine[name]) == summary["mentions"]
        assert len({r["article_id"] for r in mine["receipts"]}) == summary["articles"]
        assert (
            sum(r["mentions"] for r in mine["receipts"]) == summary["mentions"] == sum(r["mentions"] or 0 for r in mine["candidate_days"])
        )
        assert sum(r["share_of_voice"] for r in mine["candidate_totals"]) == pytest.approx(1)


def test_the_page_holds_the_numbers_of_the_answers(published: Path, html: str) -> None:
    tables, seen = report.answer(published, WEEK), Page(html)
    for total in tables["outlet_totals"].rows():
        if total["watchlist_id"] == sample.NATO:
            cells = next(r for r in seen.rows if r and r[0] == total["outlet_name"] and len(r) == 9)
            by_day = {
                r["day"]: r
                for r in tables["outlet_days"].rows()
                if r["watchlist_id"] == sample.NATO and r["outlet_id"] == total["outlet_id"]
            }
            for n, text in enumerate(cells[1:8]):
                cell = by_day.get(WEEK.since + timedelta(days=n))
                if cell is None:
                    assert text == "not followed"
                elif cell["articles"] is None:
                    assert text.startswith("–unknown (")
                elif cell["collection_status"] == "partial":
                    assert text == f"≥{cell['articles']}partial: at least {cell['articles']}"
                else:
                    assert text == str(cell["articles"])
            assert int(cells[8].strip("≥ ")) == total["articles"]
    for total in tables["candidate_totals"].rows():
        if total["mentions"]:
            shown = next(r for r in seen.rows if r and r[0] == total["candidate_name"] and len(r) == 9 and "%" in r[1])
            assert [int(c.strip("≥ ")) for c in shown[2:8]] == [
                total[c] for c in ("mentions", "articles", "stories", "originals", "race_articles", "outlets")
            ]
            assert shown[1] == f"{total['share_of_voice']:.1%}"


def test_every_number_of_the_map_leads_to_as_many_articles(html: str) -> None:
    seen = Page(html)
    ids = [a["id"] for _, a in seen.elements if "id" in a]
    assert len(ids) == len(set(ids))
    targets = [(a["href"] or "")[1:] for t, a in seen.elements if t == "a" and (a.get("href") or "").startswith("#")]
    assert set(targets) <= set(ids)
    for anchor, count in re.findall(r'<td class="[^"]*"[^>]*><a href="#([^"]+)">≥?(\d+)</a>', html):
        group = re.search(rf'<div class="group" id="{anchor}".*?</ul></div>', html, flags=re.DOTALL)
        assert group and group.group().count("<li ") == int(count)


def test_hostile_text_stays_text(html: str) -> None:
    seen = Page(html)
    assert [t for t, _ in seen.elements].count("script") == 1
    assert not [t for t, _ in seen.elements if t in {"img", "iframe", "object", "link", "base"}]
    assert not [a for _, a in seen.elements for n in a if n.startswith("on")]
    links = [a["href"] or "" for t, a in seen.elements if t == "a"]
    assert all(h.startswith(("https://", "#")) for h in links)
    assert all(a.get("rel") == "noopener noreferrer" for t, a in seen.elements if t == "a" and (a["href"] or "").startswith("http"))
    assert "<script>alert('x')</script>" in seen.text and "Rutte behind a bad address" in seen.text
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]", html)
    assert "weighs every wor…" in seen.text, "5,000 characters are cut short"
    assert "secret text of the article" not in html


def test_the_page_needs_nothing_from_outside(html: str) -> None:
    assert not re.search(r'(?:src|@import|url\()\s*=?\s*["\']?(?:https?:)?//', html)
    assert not re.search(r"\b(?:localhost|file:)", html)


def test_the_page_says_what_it_is_and_what_it_lacks(published: Path, html: str) -> None:
    seal, text = report.answer(published, WEEK)["seal"].rows()[0], Page(html).text
    for key in ("snapshot_hash", "code_version", "config_hash", "command"):
        assert seal[key] in text
    assert (
        "3 of 53 outlet-days are unknown" in text
        and "2 of 53 outlet-days are partial" in text
        and "16 of 53 outlet-days are still open" in text
    )
    assert "The audit of the data raised one warning" in text and "share of undated 0" in text and "old_warning" not in text
    assert "UN Secretary-General, 2026: no day of this period is followed." in text
    assert "no date that can be trusted" in text


def test_headings_and_tables_are_marked_up(html: str) -> None:
    seen = Page(html)
    levels = [int(t[1]) for t, _ in seen.elements if re.fullmatch(r"h[1-6]", t)]
    assert levels.count(1) == 1 and all(b - a <= 1 for a, b in itertools.pairwise(levels))
    assert [t for t, _ in seen.elements].count("table") == [t for t, _ in seen.elements].count("caption")
    assert all("scope" in a for t, a in seen.elements if t == "th")


def test_an_empty_period_says_so(published: Path, tmp_path: Path) -> None:
    paths = report.write_report(published, tmp_path, report.parse_week("2025-W10"), report.FORMATS)
    assert all(p.exists() for p in paths)
    text = Page(paths[0].read_text(encoding="utf-8")).text
    assert "holds no day of this period" in text and text.count("no day of this period is followed") == len(sample.WATCHLISTS)


def test_a_period_of_total_outage_says_so_and_shows_no_zero(tmp_path: Path) -> None:
    status = {(o[0], sample.SINCE + timedelta(days=7 + n)): ("outage", "dns") for o in sample.OUTLETS for n in range(7)}
    published = sample.build(tmp_path / "coverage.duckdb", status=status)
    paths = report.write_report(published, tmp_path, WEEK, report.FORMATS)
    seen = Page(paths[0].read_text(encoding="utf-8"))
    assert "Nothing is known about this period" in seen.text
    heat = [r for r in seen.rows if r and r[0] in {o[1] for o in sample.OUTLETS} and len(r) == 9]
    assert heat and all(c == "–unknown (outage)" for r in heat for c in r[1:8]) and all(r[8] == "unknown" for r in heat)
    assert all(r["articles"] is None and r["mentions"] is None for r in report.answer(published, WEEK)["candidate_totals"].rows())


def test_a_clean_period_carries_no_caveat(tmp_path: Path) -> None:
    status = {(o[0], date(2024, 7, 1)): ("complete", None) for o in sample.OUTLETS}
    published = sample.build(tmp_path / "coverage.duckdb", status=status, pieces=sample.week(date(2024, 7, 1)), warnings=0)
    html = report.write_report(published, tmp_path, report.between(date(2024, 7, 1), date(2024, 7, 1)), ["html"])[0].read_text(
        encoding="utf-8"
    )
    assert "Read this first" not in html and "were collected completely" in html and "≥ " not in Page(html).text.replace("≥1", "")


def test_a_failed_critical_expectation_refuses_the_report(tmp_path: Path) -> None:
    published = sample.build(tmp_path / "coverage.duckdb", critical=1)
    with pytest.raises(report.ReportRefused, match="offsets_hold_0"):
        report.write_report(published, tmp_path / "out", WEEK, ["html"])
    assert not (tmp_path / "out").exists()


def test_a_page_too_long_to_open_says_where_the_rest_is(published: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("warehouse.receipts.RECEIPTS", 8)
    html = report.write_report(published, tmp_path, WEEK, ["html"])[0].read_text(encoding="utf-8")
    text, ids = Page(html).text, {a["id"] for _, a in Page(html).elements if "id" in a}
    assert "This page lists the first 4 of 23 articles" in text
    assert {(a["href"] or "")[1:] for t, a in Page(html).elements if t == "a" and (a["href"] or "").startswith("#")} <= ids


def test_what_is_no_published_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        report.answer(tmp_path / "none.duckdb", WEEK)
    duckdb.connect(str(tmp_path / "other.duckdb")).close()
    with pytest.raises(report.ReportRefused):
        report.answer(tmp_path / "other.duckdb", WEEK)
    (tmp_path / "text.duckdb").write_text("this is no database at all")
    with pytest.raises(report.ReportRefused):
        report.answer(tmp_path / "text.duckdb", WEEK)


def test_the_published_file_is_not_touched(published: Path, tmp_path: Path) -> None:
    before = published.read_bytes()
    report.write_report(published, tmp_path, WEEK, ["json"])
    assert published.read_bytes() == before and {p.name for p in published.parent.iterdir()} == {published.name}


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://a.example/x?y=1#z", True), ("http://a.example", True), ("javascript:alert(1)", False), ("data:text/html,x", False), ("//a.example/", False),
        ("https://", False), ("https://a.example/ b", False), ("file:///etc/passwd", False), ("", False), ("http://[", False), ("java\x00script:alert(1)", False),
    ],
)  # fmt: skip
def test_only_web_addresses_become_links(url: str, kept: bool) -> None:
    assert bool(quoting.web_address(url)) == kept


@given(st.text(max_size=600))
def test_cleaned_text_can_be_shown(text: str) -> None:
    shown = quoting.clean(text, 100)
    assert len(shown) <= 101 and not re.search("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", shown)
    assert quoting.clean(shown, 200) == shown
