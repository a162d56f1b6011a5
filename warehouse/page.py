"""Answers → what a reader sees: the page (HTML), its print (PDF) and the front of the workbook.

Questions to the database belong in :mod:`warehouse.report`, one contest's section in :mod:`warehouse.contest`, looks in ``templates/``,
words in ``locale/``.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import timedelta
from importlib import resources
from pathlib import Path

from warehouse import chart, contest, receipts
from warehouse.export import Cell, Sheets, Table
from warehouse.messages import Messages
from warehouse.pagedata import Content, Row
from warehouse.quoting import clean
from warehouse.templating import render


def assemble(tables: Mapping[str, Table], words: Messages) -> Content:
    """Word the answers of :func:`warehouse.report.answer`."""
    rows = {name: table.rows() for name, table in tables.items()}
    seal = rows["seal"][0]
    followed = [s for s in rows["summary"] if s["outlet_days"]]
    iso = seal["since"].isocalendar()
    dates = words("report.dates", since=words.day(seal["since"]), until=words.day(seal["until"]))
    heading = words("report.heading_week", week=str(iso.week), year=str(iso.year)) if "-W" in seal["label"] else dates
    contests = words("report.list_separator").join(clean(s["title"]) for s in followed) or words("report.no_contest")
    notes = [] if followed else [words("caveat.no_data")]
    if rows["quality"]:
        notes.append(words("caveat.quality", n=len(rows["quality"])))
    if rows["uncounted_articles"]:
        notes.append(words("caveat.uncounted", n=len(rows["uncounted_articles"])))
    sections = tuple(contest.section(n, s, rows, receipts.RECEIPTS // len(followed), words) for n, s in enumerate(followed, start=1))
    if len({s.caveats for s in sections}) == 1:  # the panel is the same for every contest, and mostly so is what is known of it
        notes = [*sections[0].caveats, *notes]
        sections = tuple(replace(s, caveats=()) for s in sections)
    return Content(
        title=f"{words('report.title')}: {contests}, {heading}",
        heading=heading,
        dates=dates,
        caveats=tuple(notes),
        sections=sections,
        quiet=tuple(words("quiet.line", title=clean(s["title"])) for s in rows["summary"] if not s["outlet_days"]),
        collection=_collected(rows["health"], words),
        gaps=tuple(_gaps(rows["health"], words)),
        quality=tuple(
            tuple(
                clean(str(v)) if v is not None else words("report.dash")
                for v in (
                    r["suite"],
                    r["expectation"].replace("_", " "),
                    r["observed"] if r["accepted"] is None else words("collection.accepted", observed=r["observed"], reason=r["accepted"]),
                    r["expected"],
                    r["failing_rows"],
                )
            )
            for r in rows["quality"]
        ),
        uncounted=tuple(
            (receipts.item(r, words), clean(r["outlet_name"]), words(f"collection.reason_{r['reason']}"))
            for r in rows["uncounted_articles"][:200]
        ),
        seal=seal,
        sealed=(
            (words("seal.snapshot"), seal["snapshot_hash"]),
            (words("seal.code"), seal["code_version"]),
            (words("seal.config"), seal["config_hash"]),
            (words("seal.as_of"), words.instant(seal["as_of"])),
            (words("seal.published"), words.instant(seal["published_at"])),
            (words("seal.zone"), words("seal.zone_text")),
            (words("seal.zero"), words("seal.zero_text")),
            (words("seal.rights"), words("seal.rights_text")),
        ),
    )


def _collected(health: Sequence[Row], words: Messages) -> str:
    if not health:
        return words("collection.no_items")
    return words("collection.totals", **{c: sum(r[c] for r in health) for c in ("discovered", "new", "known", "rejected", "failed")})


def _gaps(health: Sequence[Row], words: Messages) -> Iterable[tuple[str, ...]]:
    """Runs of days of an outlet that are not complete, for one reason."""
    found = [r for r in health if r["status"] != "complete"]
    start = 0
    for n, row in enumerate(found):
        after = found[n + 1] if n + 1 < len(found) else None
        if after and all(after[k] == row[k] for k in ("outlet_id", "status", "reason")) and after["day"] == row["day"] + timedelta(days=1):
            continue
        run, start = found[start : n + 1], n + 1
        first, last = words.day(run[0]["day"], "EEE d MMM"), words.day(run[-1]["day"], "EEE d MMM")
        yield (
            clean(row["outlet_name"]),
            words(f"collection.status_{row['status']}"),
            first if first == last else words("report.days", first=first, last=last),
            clean((row["reason"] or words("report.dash")).replace("_", " ")),
            words.number(sum(r["rejected"] for r in run)),
            words.number(sum(r["failed"] for r in run)),
        )


def write_html(content: Content, words: Messages, path: Path) -> None:
    """One self-contained file that needs no network and no script to be read."""
    path.write_bytes(render("report.html.j2", words, r=content))


def write_pdf(content: Content, words: Messages, path: Path) -> None:
    """The same numbers on paper. What others wrote reaches the typesetter as data, never as markup."""
    import typst

    data = asdict(content)
    data["seal"] = {"command": content.seal["command"]}
    published = content.seal["published_at"]
    data["published"] = [published.year, published.month, published.day, published.hour, published.minute, published.second]
    data["accents"] = [light for light, _ in [*chart.ACCENTS, chart.OTHER]]
    data["words"] = words.words
    data["language"] = words.locale.language
    for section in data["sections"]:
        section["groups"] = []
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "report.json").write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8", errors="replace")
        template = (resources.files("warehouse") / "templates" / "report.typ").read_text(encoding="utf-8")
        Path(folder, "report.typ").write_text(template, encoding="utf-8")
        path.write_bytes(typst.compile(str(Path(folder, "report.typ")), root=folder, format="pdf"))


def sheets(content: Content, words: Messages) -> Sheets:
    """The front of the workbook: period, caveats, figures, seal."""
    lines: list[tuple[str, Cell]] = [(words("report.title"), f"{content.heading} ({content.dates})")]
    lines += [(words("caveat.heading"), c) for c in content.caveats]
    for section in content.sections:
        lines += [("", None), (words("report.contest"), section.title)]
        lines += [(words("caveat.heading"), c) for c in section.caveats]
        lines += [(f.name, f"{f.value} ({f.change})" if f.change else f.value) for f in section.figures]
    lines += [("", None), *content.sealed, (words("seal.again"), content.seal["command"])]
    return Sheets(
        front=words("sheet.figures"),
        lines=lines,
        about=words("sheet.about"),
        chart_title=words("sheet.chart"),
        chart_table="candidate_totals",
        chart_label="candidate_name",
        chart_value="mentions",
    )
