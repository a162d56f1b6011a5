"""How well pages are read, measured against other people's truth: ``python benchmarks/truth.py [--failures] [--only SET]… [--half A|B]``.

``--half`` takes the pages whose name has an even (A) or odd (B) CRC-32: rules are made on one half and checked on the other.
``--steps`` also prints what each step of the reading costs.

The data is not part of the project. It is looked for in ``../shared/data`` or where ``FRONTRUNNER_SHARED_DATA`` points. Every page
goes through ``transforms.extract.read_page`` without an outlet, as an unknown page would.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import re
import statistics
import sys
import time
import zlib
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from transforms import extract
from transforms.extract import read_page
from transforms.records import Article, FetchedPage, RejectedPage
from transforms.structured import fold, parse_html, read_structured, texts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

DATA = Path(os.environ.get("FRONTRUNNER_SHARED_DATA", Path(__file__).resolve().parent.parent.parent / "shared" / "data"))
FETCHED_AT = datetime(2026, 11, 1, tzinfo=UTC)  # later than every page
# Labels of fundus_pages that are wrong, read by hand: page → the language that it is written in. They are corrected, nothing else is.
LANGUAGES_READ = {
    "de_Correctiv_2026_05_24": "de",
    "de_DW_2023_04_28": "de",
    "de_DW_2023_06_13": "de",
    "de_DW_2024_01_30": "de",
    "gl_Sermitsiaq_2025_04_16": "da",
    "my_MalayMail_2024_11_22": "en",
}
# Titles and authors whose label is doubtful, read by hand: page → what the page says. They count as they are labelled.
TITLES_READ = {"cn_People_2024_04_24": "the label is the title element, with section and outlet"}
AUTHORS_READ = {"cn_People_2024_04_24": "the label names the editors in charge, not those who wrote"}
# Dates whose label is doubtful, read by hand: page → what the page says. They count as they are labelled.
DATES_READ = {
    "abcnews.com-Ramaswamy": "the page shows November 8, 11:15 PM; the label is the day in UTC",
    "edition.cnn.com-royal": "published on the 8th by four statements and the address; the label is the last change",
    "focus.de-geldanlage": "the label is the last change of the article's node",
    "gitarrebass.de-dieneue": "the page shows 24. Januar 2022; the label is a month late",
    "realsimple.com.hydrangea": "the label is the day behind 'Updated'",
    "bettycrocker.com.pineapple": "the label is the day behind 'Updated'",
    "weinkenner.de-st.magdalener": "the label is the last change, a day before the post was due",
    "1500330653": "the page shows 21 Jan 2020 beside the author",
    "wcxb_dev_1476": "published on 30 October by node and field; the label is the last change",
    "wcxb_dev_4125": "published in 2013 by the field; the label is the day shown since",
    "wcxb_dev_4184": "the page shows and states 10 April 2025 only",
    "wcxb_dev_4601": "the page shows 27 February 2026 only",
}
LISTINGS = {"listing", "collection", "forum", "product"}
WORD = re.compile(r"\w+")
# Functions that transforms.extract calls for each page.
STEPS = (
    "decode_html", "parse_html", "read_structured", "site_names", "find_title", "date_page", "body_text", "find_byline", "find_agency",
    "find_language", "find_section", "read_access", "why_no_article",
)  # fmt: skip


@dataclass(slots=True)
class Tally:
    """The values of one measure and the pages that it failed on."""

    values: list[float] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    def add(self, value: float, page: str, detail: str = "", good: float = 1.0) -> None:
        self.values.append(float(value))
        if value < good:
            self.failures.append(f"{page}: {value:.2f} {detail}")

    @property
    def mean(self) -> float:
        return statistics.fmean(self.values) if self.values else float("nan")


Table = dict[str, Tally]


def words(text: str) -> list[str]:
    return WORD.findall(text.lower())


def f1(found: Iterable[Any], wanted: Iterable[Any]) -> float:
    have, want = Counter(found), Counter(wanted)
    if not have and not want:
        return 1.0
    shared = (have & want).total()
    return 2 * shared / (have.total() + want.total()) if shared else 0.0


def shingles(text: str, size: int = 4) -> list[tuple[str, ...]]:
    tokens = words(text)
    return [tuple(tokens[i : i + size]) for i in range(max(1, len(tokens) - size + 1))] if tokens else []


def same(text: str) -> str:
    return "".join(WORD.findall(text.casefold()))


def read_set(name: str) -> Iterator[tuple[dict[str, Any], bytes]]:
    with gzip.open(DATA / name / "truth.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            truth = json.loads(line)
            yield truth, gzip.decompress((DATA / name / truth["page"]).read_bytes())


def read(truth: dict[str, Any], content: bytes, clock: list[float]) -> Article | RejectedPage:
    page = FetchedPage(url=truth["url"], final_url=truth["url"], content=content, content_type="text/html", fetched_at=FETCHED_AT)
    start = time.process_time()
    result = read_page(page, None)
    clock.append((time.process_time() - start) * 1000)
    return result


def fields(result: Article | RejectedPage) -> Article | None:
    return result.fields if isinstance(result, RejectedPage) else result


def half_of(page: str) -> str:
    return "AB"[zlib.crc32(page.encode()) % 2]


def timed_steps() -> dict[str, list[float]]:
    """Has the steps that ``read_page`` calls keep their times in the dictionary that is returned."""
    times: dict[str, list[float]] = {}
    for name in STEPS:
        step = getattr(extract, name)
        clock = times.setdefault(name, [])

        def timed(*args: Any, step: Callable[..., Any] = step, clock: list[float] = clock, **kwargs: Any) -> Any:
            start = time.process_time()
            try:
                return step(*args, **kwargs)
            finally:
                clock.append((time.process_time() - start) * 1000)

        setattr(extract, name, timed)
    return times


def measure(
    name: str,
    judge: Callable[[dict[str, Any], bytes, Article | None, Article | RejectedPage, Table], None],
    half: str | None = None,
    steps: dict[str, list[float]] | None = None,
) -> Table:
    table: Table = {}
    clock: list[float] = []
    warm = False
    for truth, content in read_set(name):
        if half is not None and half_of(truth["id"]) != half:
            continue
        if not warm:  # the first page loads lexicons and models
            read(truth, content, [])
            warm = True
            for times in (steps or {}).values():
                times.clear()
        result = read(truth, content, clock)
        judge(truth, content, fields(result), result, table)
    table["ms a page (mean, worst)"] = Tally(values=[statistics.fmean(clock)], failures=[f"worst {max(clock):.0f} ms"])
    return table


def tally(table: Table, measure_name: str) -> Tally:
    return table.setdefault(measure_name, Tally())


def kept(table: Table, truth: dict[str, Any], result: Article | RejectedPage) -> None:
    detail = str(result.rejection) if isinstance(result, RejectedPage) else ""
    tally(table, "accepted as article").add(not isinstance(result, RejectedPage), truth["id"], detail)


def alternatives(content: bytes, truth: dict[str, Any]) -> set[str]:
    tree = parse_html(content.decode("utf-8", "replace"))
    if tree is None:
        return set()
    said = read_structured(tree)
    found = [*said.headings[:1], *(value for node in said.articles for value in texts(node.get("headline")))]
    og = said.first("og:title") or ""
    return {same(value) for value in found} | {same(re.split(r"\s+[|–-]\s+(?=[^|–-]+$)", og)[0]), same(og)}


def _label_note(read: dict[str, str], page: str) -> str:
    return f"; label read: {read[page]}" if page in read else ""


def judge_fundus(truth: dict[str, Any], content: bytes, got: Article | None, result: Article | RejectedPage, table: Table) -> None:
    kept(table, truth, result)
    page = truth["id"]
    if got is None:
        return
    tally(table, "word F1").add(f1(words(got.text), words(truth["text"])), page, good=0.9)
    title = same(truth["title"])
    tally(table, "title equal").add(same(got.title) == title, page, f"{got.title!r} for {truth['title']!r}{_label_note(TITLES_READ, page)}")
    tally(table, "title equal or stated").add(same(got.title) in {title} | alternatives(content, truth), page, f"{got.title!r}")
    judge_day(truth, truth["publishing_date"], got, table)
    wanted = {fold(name) for name in truth["authors"]}
    if wanted and all(looks_like_person(name) for name in wanted):
        tally(table, "authors, persons only").add(
            {same(n) for n in got.authors} == {same(n) for n in wanted},
            page,
            f"{got.authors} for {wanted}{_label_note(AUTHORS_READ, page)}",
        )
    else:
        tally(table, "no false author beside desks").add(
            {same(n) for n in got.authors} <= {same(n) for n in wanted}, page, f"{got.authors} + {got.byline_org} for {wanted}"
        )
    label = LANGUAGES_READ.get(page, truth["lang"])
    if label:
        tally(table, "language, six labels corrected").add(got.language == label, page, f"{got.language} for {label}")


NOT_PERSONS = re.compile(
    r"redaktion|press|reuters|afp|dpa|sda|sid|online|\.(?:de|is)\b|staff|team|新聞|日刊|"
    r"ntv|t-online|landesspiegel|última hora|agentur|nairobi|lille",
    re.IGNORECASE,
)


def looks_like_person(name: str) -> bool:
    return not NOT_PERSONS.search(name)


def judge_words(truth: dict[str, Any], _: bytes, got: Article | None, result: Article | RejectedPage, table: Table) -> None:
    kept(table, truth, result)
    tally(table, "word F1").add(f1(words(got.text if got else ""), words(truth["text"])), truth["id"], good=0.85)
    if truth.get("title") and got:
        tally(table, "title equal").add(same(got.title) == same(truth["title"]), truth["id"], f"{got.title!r} for {truth['title']!r}")
    if truth.get("date") and got:
        judge_day(truth, truth["date"], got, table)


def judge_shingles(truth: dict[str, Any], _: bytes, got: Article | None, result: Article | RejectedPage, table: Table) -> None:
    kept(table, truth, result)
    found, wanted = Counter(shingles(got.text if got else "")), Counter(shingles(truth["text"]))
    shared = (found & wanted).total()
    tally(table, "shingle precision").add(shared / found.total() if found else 0.0, truth["id"], good=0.9)
    tally(table, "shingle recall").add(shared / wanted.total() if wanted else 0.0, truth["id"], good=0.9)


def judge_segments(truth: dict[str, Any], _: bytes, got: Article | None, result: Article | RejectedPage, table: Table) -> None:
    kept(table, truth, result)
    text = fold(got.text if got else "")
    for segment in truth["with"]:
        tally(table, "segments with, found").add(fold(segment) in text, truth["id"], segment[:60])
    for segment in truth["without"]:
        tally(table, "segments without, left out").add(fold(segment) not in text, truth["id"], segment[:60])


def judge_day(truth: dict[str, Any], wanted: object, got: Article | None, table: Table) -> None:
    """The day as the truth has it, and of the days that were given the share that is right: a wrong day is worse than none."""
    day = wanted[:10] if isinstance(wanted, str) and wanted else None
    found = str(got.published_on) if got and got.published_on else None
    note = f"; label read: {DATES_READ[truth['id']]}" if truth["id"] in DATES_READ else ""
    detail = f"{found} ({got.date_source if got else None}) for {day}{note}"
    tally(table, "published_on").add(found == day, truth["id"], detail)
    if found is not None:
        tally(table, "published_on, where dated").add(found == day, truth["id"], detail)


def judge_date(truth: dict[str, Any], _: bytes, got: Article | None, __: Article | RejectedPage, table: Table) -> None:
    judge_day(truth, truth["date"], got, table)  # no date (NaN) is the truth of four pages


def judge_kind(truth: dict[str, Any], _: bytes, __: Article | None, result: Article | RejectedPage, table: Table) -> None:
    kind = truth["page_type"]
    name = "listings rejected" if kind in LISTINGS else "service and documentation rejected"
    rejected = isinstance(result, RejectedPage)
    tally(table, name).add(rejected, truth["id"], f"{kind} {truth['url']}")
    tally(table, f"{kind} rejected").add(rejected, truth["id"], good=0.0)  # its failures are listed above


SETS: dict[str, Callable[[dict[str, Any], bytes, Article | None, Article | RejectedPage, Table], None]] = {
    "fundus_pages": judge_fundus,
    "wcxb_articles": judge_words,
    "scrapinghub_aeb": judge_shingles,
    "trafilatura_eval": judge_segments,
    "htmldate_eval": judge_date,
    "wcxb_nonarticles": judge_kind,
}


def derived(name: str, table: Table) -> list[tuple[str, float]]:
    """Measures made of others."""
    if name == "scrapinghub_aeb":
        p, r = table["shingle precision"].mean, table["shingle recall"].mean
        return [("shingle F1", 2 * p * r / (p + r))]
    if name == "trafilatura_eval":
        found, missed = sum(table["segments with, found"].values), len(table["segments with, found"].failures)
        wrong = len(table["segments without, left out"].failures)
        p, r = found / (found + wrong), found / (found + missed)
        return [("segment precision", p), ("segment recall", r), ("segment F", 2 * p * r / (p + r))]
    return []


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--failures", action="store_true", help="list the pages behind every figure below 1")
    parser.add_argument("--only", action="append", choices=[*sorted(SETS), "copies"], help="measure this set only; may be repeated")
    parser.add_argument("--half", choices=["A", "B"], help="measure the pages of this half only")
    parser.add_argument("--steps", action="store_true", help="print the time of each step of reading a page")
    options = parser.parse_args()
    steps = timed_steps() if options.steps else {}
    for name, judge in SETS.items():
        if options.only and name not in options.only:
            continue
        if not (DATA / name).exists():
            print(f"{name}: absent, skipped")
            continue
        table = measure(name, judge, options.half, steps)
        for label, value in [*((label, tally.mean) for label, tally in table.items()), *derived(name, table)]:
            print(f"{name:18} {label:34} {value:8.3f}  n={len(table[label].values) if label in table else ''}")
        for label, times in steps.items():
            print(f"{name:18} {'ms in ' + label:34} {sum(times) / max(1, len(times)):8.2f}")
        if options.failures:
            for label, values in table.items():
                for failure in values.failures:
                    print(f"   {name} | {label} | {failure}")
    if "copies" in (options.only or ["copies"]) and not options.half:
        import dedupe  # lies beside this file, and takes a second to load

        dedupe.part_pairs(options.failures)
        dedupe.part_planted([10_000, 100_000], options.failures)


if __name__ == "__main__":
    main()
