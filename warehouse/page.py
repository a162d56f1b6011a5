"""Answers → what a reader sees: the page (HTML), its print (PDF) and the front of the workbook.

Arranges and words the numbers, and calculates none but differences, shares of a maximum and runs of days. Questions to the database belong in
:mod:`warehouse.report`, looks in ``templates/``, words in ``locale/``.
"""

from __future__ import annotations

import itertools
import json
import re
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from importlib import resources
from math import ceil
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from warehouse import chart
from warehouse.export import CONTROLS, Cell, Sheets, Table
from warehouse.messages import Messages

Row = Mapping[str, Any]

PANELS = 8  # candidates in the chart: as many as there are accents
RECEIPTS = 5_000  # articles listed on the page, about 900 bytes each: it must stay easy to open on a telephone. The exports hold all
HEADLINE, SENTENCE = 220, 420  # characters shown
NAMED_IN_CAVEAT = 4  # outlets
# Marks that change the direction of what follows them; the isolation of <bdi> would not hold against all of them.
OVERRIDES = re.compile("[\u202a-\u202e\u2066-\u2069\u200b\ufeff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A headline figure."""

    name: str
    value: str
    note: str
    change: str  # empty where there is no line for it


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """A candidate's panel of the chart."""

    name: str
    total: str
    accent: int
    svg: str
    alternative: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A candidate's line in the table of share of voice."""

    name: str
    accent: int
    share: str
    width: float  # of the longest bar, 0 to 1
    counts: tuple[str, ...]  # mentions, articles, stories, originals, about the contest, outlets
    change: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatCell:
    """A cell of the heat map."""

    kind: str  # count, partial, unknown, absent
    value: str
    level: int  # 0 to 5
    spoken: str  # for screen readers and as a tip
    anchor: str  # of its articles; empty where there are none


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatRow:
    """An outlet, or the line of totals."""

    name: str
    cells: tuple[HeatCell, ...]
    total: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """An article in the list, or a story."""

    title: str
    url: str  # empty where it is no web address
    sentence: tuple[tuple[bool, str], ...]  # runs of text: (is a name, text)
    note: str
    names: tuple[str, ...] = ()
    people: str = ""  # indexes for the filter
    language: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The articles of an outlet-day."""

    anchor: str
    heading: str
    outlet: str
    day: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """All of one contest."""

    key: str
    title: str
    caveats: tuple[str, ...]
    complete: str  # the good news; empty where there is none
    figures: tuple[Figure, ...]
    basis: str
    panels: tuple[Panel, ...]
    chart_notes: tuple[str, ...]
    days: tuple[tuple[str, str], ...]  # short and long name
    numbers: tuple[tuple[str, tuple[str, ...]], ...]  # candidate, mentions by day
    shares: tuple[Share, ...]
    quiet: str
    rows: tuple[HeatRow, ...]
    stories: tuple[Item, ...]
    groups: tuple[Group, ...]
    limit: str
    articles: int
    people: tuple[str, ...]
    languages: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """The whole report, worded."""

    title: str
    heading: str
    dates: str
    caveats: tuple[str, ...]  # that hold for every contest
    sections: tuple[Section, ...]
    quiet: tuple[str, ...]
    collection: str
    gaps: tuple[tuple[str, ...], ...]
    quality: tuple[tuple[str, ...], ...]
    uncounted: tuple[tuple[Item, str, str], ...]
    seal: Row
    sealed: tuple[tuple[str, str], ...]


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
    sections = tuple(_section(n, s, rows, words) for n, s in enumerate(followed, start=1))
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
                clean(str(v)) if v is not None else "–"
                for v in (r["suite"], r["expectation"].replace("_", " "), r["observed"], r["expected"], r["failing_rows"])
            )
            for r in rows["quality"]
        ),
        uncounted=tuple(
            (_item(r, words), clean(r["outlet_name"]), words(f"collection.reason_{r['reason']}")) for r in rows["uncounted_articles"][:200]
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


def _section(number: int, summary: Row, rows: Mapping[str, Sequence[Row]], words: Messages) -> Section:
    mine = {name: [r for r in found if r.get("watchlist_id") == summary["watchlist_id"]] for name, found in rows.items()}
    key = f"c{number}"
    is_complete = summary["outlet_days_complete"] == summary["outlet_days"] and not summary["outlet_days_open"]
    totals, receipts = mine["candidate_totals"], mine["receipts"]
    is_bounded = bool(summary["outlet_days_unknown"] or summary["outlet_days_partial"])
    caveats = tuple(_caveats(summary, mine["outlet_days"], words))
    loud = [t for t in totals if t["mentions"]]
    shown = loud[:PANELS]
    maximum = max((r["mentions"] or 0 for r in mine["candidate_days"]), default=0)
    groups = list(_groups(key, receipts, totals, words))
    articles = summary["articles"] or 0
    notes = [words("chart.lead"), words("chart.scale", maximum=maximum)]
    if any(d["outlets_unknown"] for d in mine["day_totals"]):
        notes.append(words("chart.unknown_band"))
    if len(loud) > len(shown):
        notes.append(words("chart.others", n=len(loud) - len(shown)))
    listed = sum(len(g.items) for g in groups)
    silent = [clean(t["candidate_name"]) for t in totals if t["mentions"] == 0]
    return Section(
        key=key,
        title=clean(summary["title"]),
        caveats=caveats,
        complete=words("caveat.all_known", n=summary["outlet_days"]) if is_complete else "",
        figures=_figures(summary, words, is_bounded=is_bounded),
        basis=words(
            "figure.change_basis",
            n=summary["outlet_days_comparable"],
            total=summary["outlet_days"],
            before=summary["mentions_before"],
            now=summary["mentions_comparable"],
        )
        if summary["outlet_days_comparable"]
        else words("figure.change_basis_none"),
        panels=tuple(_panel(t, mine["candidate_days"], maximum, words) for t in shown),
        chart_notes=tuple(notes),
        days=tuple((words.day(d["day"], "EEE d"), words.day(d["day"])) for d in mine["day_totals"]),
        numbers=tuple(
            (
                clean(t["candidate_name"]),
                tuple(_bounded(r["mentions"], r, words) for r in mine["candidate_days"] if r["candidate_id"] == t["candidate_id"]),
            )
            for t in totals
        ),
        shares=tuple(
            _share(t, max((u["share_of_voice"] or 0 for u in totals), default=0) or 1, words, is_bounded=is_bounded)
            for t in totals
            if t["mentions"] != 0
        ),
        quiet=words("voice.quiet", n=len(silent), names=words("report.list_separator").join(silent)) if silent else "",
        rows=tuple(_heat_rows(key, summary, mine, {g.anchor for g in groups}, words)),
        stories=tuple(_story(r, words) for r in mine["top_stories"]),
        groups=tuple(groups),
        limit=words("receipts.limit", shown=listed, total=articles) if listed < articles else "",
        articles=listed,
        people=tuple(clean(t["candidate_name"]) for t in totals),
        languages=tuple(sorted({r["language"] for r in receipts if r["language"]})),
    )


def _caveats(summary: Row, outlet_days: Sequence[Row], words: Messages) -> Iterable[str]:
    total = summary["outlet_days"]
    if summary["outlet_days_unknown"] == total:
        yield words("caveat.total_outage")
        return
    bad = [r for r in outlet_days if r["articles"] is None and r["collection_status"] != "partial"]
    for name, found in (("unknown", bad), ("partial", [r for r in outlet_days if r["collection_status"] == "partial"])):
        if found:
            yield words(f"caveat.{name}", n=len(found), total=total, who=_who(found, words))
    if summary["outlet_days_unknown"] or summary["outlet_days_partial"]:
        yield words("caveat.lower_bound")
    for name in ("archive", "open"):
        if summary[f"outlet_days_{name}"]:
            yield words(f"caveat.{name}", n=summary[f"outlet_days_{name}"], total=total)


def _who(found: Sequence[Row], words: Messages) -> str:
    names = sorted({clean(r["outlet_name"]) for r in found})
    listed = words("report.list_separator").join(names[:NAMED_IN_CAVEAT])
    return listed if len(names) <= NAMED_IN_CAVEAT else f"{listed} {words('report.more', n=len(names) - NAMED_IN_CAVEAT)}"


def _at_least(value: int | None, words: Messages, *, is_bounded: bool) -> str:
    return words.number(value) if value is None or not is_bounded else f"≥ {words.number(value)}"


def _bounded(value: int | None, day: Row, words: Messages) -> str:
    return _at_least(value, words, is_bounded=bool(day["outlets_unknown"] or day["outlets_partial"]))


def _change(now: int | None, before: int | None, words: Messages) -> str:
    if now is None or before is None:
        return words("figure.change_unknown")
    if now == before:
        return words("figure.change_none")
    if before == 0:
        return words("figure.change_from_zero")
    return words("figure.change", sign="+" if now > before else "−", percent=words.percent(abs(now - before) / before))


def _figures(summary: Row, words: Messages, *, is_bounded: bool) -> tuple[Figure, ...]:
    unseen = summary["outlets"] - summary["outlets_known"]
    note = (
        words("figure.outlets_note_unknown", n=summary["outlets"], unknown=unseen)
        if unseen
        else words("figure.outlets_note", n=summary["outlets"])
    )
    return (
        *(
            Figure(
                name=words(f"figure.{name}"),
                value=_at_least(summary[name], words, is_bounded=is_bounded),
                note=words(f"figure.{name}_note"),
                change=_change(summary[f"{name}_comparable"], summary[f"{name}_before"], words),
            )
            for name in ("articles", "mentions")
        ),
        Figure(
            name=words("figure.stories"),
            value=_at_least(summary["stories"], words, is_bounded=is_bounded),
            note=words("figure.stories_note"),
            change="",
        ),
        Figure(
            name=words("figure.outlets"), value=_at_least(summary["outlets_naming"], words, is_bounded=is_bounded), note=note, change=""
        ),
    )


def _panel(total: Row, candidate_days: Sequence[Row], maximum: int, words: Messages) -> Panel:
    found = [r for r in candidate_days if r["candidate_id"] == total["candidate_id"]]
    days = [
        chart.Day(
            label=_day_label(r["day"], n, len(found), words),
            value=r["mentions"],
            text="?" if r["mentions"] is None else words.number(r["mentions"]),
            some_unknown=bool(r["outlets_unknown"]),
        )
        for n, r in enumerate(found)
    ]
    spoken = [words("chart.day_value", day=words.day(r["day"], "EEEE d MMMM"), value=words.number(r["mentions"])) for r in found]
    name = clean(total["candidate_name"])
    is_bounded = any(r["outlets_unknown"] or r["outlets_partial"] for r in found)
    return Panel(
        name=name,
        total=_at_least(total["mentions"], words, is_bounded=is_bounded),
        accent=min(total["accent"], len(chart.ACCENTS) + 1),
        svg=chart.panel(days, maximum, chart.accent(total["accent"])[0]),
        alternative=words(
            "chart.alternative", name=name, total=words.number(total["mentions"]), days=words("report.list_separator").join(spoken)
        ),
    )


def _day_label(day: date, index: int, count: int, words: Messages) -> str:
    if count <= 8:
        return words.day(day, "EEE'\n'd")
    step = 7 if count <= 35 else ceil(count / 5)
    return words.day(day, "d'\n'MMM") if index % step == 0 else ""


def _share(total: Row, longest: float, words: Messages, *, is_bounded: bool) -> Share:
    return Share(
        name=clean(total["candidate_name"]),
        accent=min(total["accent"], len(chart.ACCENTS) + 1),
        share=words.percent(total["share_of_voice"], pattern="0.0%"),
        width=(total["share_of_voice"] or 0) / longest,
        counts=tuple(
            _at_least(total[c], words, is_bounded=is_bounded)
            for c in ("mentions", "articles", "stories", "originals", "race_articles", "outlets")
        ),
        change=_short_change(total["mentions_comparable"], total["mentions_before"], words),
    )


def _short_change(now: int | None, before: int | None, words: Messages) -> str:
    if now is None or before is None:
        return words("report.unknown")
    return f"{words.number(before)} → {words.number(now)}"


def _heat_rows(key: str, summary: Row, mine: Mapping[str, Sequence[Row]], anchors: set[str], words: Messages) -> Iterable[HeatRow]:
    cells = {(r["outlet_id"], r["day"]): r for r in mine["outlet_days"]}
    highest = max((r["articles"] or 0 for r in mine["outlet_days"]), default=0) or 1
    for outlet in mine["outlet_totals"]:
        line = [
            _heat_cell(key, outlet["outlet_id"], cells.get((outlet["outlet_id"], d["day"])), highest, anchors, words)
            for d in mine["day_totals"]
        ]
        bounded = bool(outlet["days_unknown"] or outlet["days_partial"])
        yield HeatRow(name=clean(outlet["outlet_name"]), cells=tuple(line), total=_at_least(outlet["articles"], words, is_bounded=bounded))
    sums = tuple(
        HeatCell(
            kind="total",
            value=_bounded(d["articles"], d, words) if d["articles"] is not None else "–",
            level=0,
            spoken="" if d["articles"] is not None else words("report.unknown"),
            anchor="",
        )
        for d in mine["day_totals"]
    )
    yield HeatRow(
        name=words("heatmap.all"),
        cells=sums,
        total=_at_least(summary["articles"], words, is_bounded=bool(summary["outlet_days_unknown"] or summary["outlet_days_partial"])),
    )


def _heat_cell(key: str, outlet_id: str, cell: Row | None, highest: int, anchors: set[str], words: Messages) -> HeatCell:
    if cell is None:
        return HeatCell(kind="absent", value="", level=0, spoken=words("heatmap.absent"), anchor="")
    count = cell["articles"]
    if count is None:
        return HeatCell(
            kind="unknown",
            value="–",
            level=0,
            spoken=words("heatmap.unknown", status=words(f"collection.status_{cell['collection_status']}")),
            anchor="",
        )
    anchor = f"{key}-{outlet_id}-{cell['day']}"
    is_partial = cell["collection_status"] == "partial"
    return HeatCell(
        kind="partial" if is_partial else "count",
        value=f"≥{words.number(count)}" if is_partial else words.number(count),
        level=ceil(5 * count / highest),
        spoken=words("heatmap.partial", n=count) if is_partial else words("heatmap.articles", n=count),
        anchor=anchor if anchor in anchors else "",
    )


def _groups(key: str, receipts: Sequence[Row], totals: Sequence[Row], words: Messages) -> Iterable[Group]:
    index = {t["candidate_id"]: n for n, t in enumerate(totals)}
    left = RECEIPTS
    for (outlet_id, day), found in itertools.groupby(receipts, key=lambda r: (r["outlet_id"], r["day"])):
        articles = [list(same) for _, same in itertools.groupby(found, key=lambda r: r["article_id"])][:left]
        if not articles:
            return
        left -= len(articles)
        yield Group(
            anchor=f"{key}-{outlet_id}-{day}",
            heading=f"{clean(articles[0][0]['outlet_name'])}{words('report.list_separator')}{words.day(day)}",
            outlet=clean(articles[0][0]["outlet_name"]),
            day=words.day(day),
            items=tuple(_receipt(rows, index, words) for rows in articles),
        )


def _receipt(rows: Sequence[Row], index: Mapping[str, int], words: Messages) -> Item:
    first = max(rows, key=lambda r: (r["mentions"], -index[r["candidate_id"]]))
    ordered = sorted(rows, key=lambda r: (-r["mentions"], index[r["candidate_id"]]))
    kind = first["copy_kind"]
    return Item(
        title=clean(first["title"], HEADLINE) or words("report.untitled"),
        url=web_address(first["url"]),
        sentence=_marked(first["sentence"], [r["surface"] for r in rows if r["sentence"] == first["sentence"]]),
        note=words(f"receipts.copy_{kind}") if kind in {"exact", "near", "syndicated"} else "",
        names=tuple(words("receipts.named", name=clean(r["candidate_name"]), n=r["mentions"]) for r in ordered),
        people=" ".join(str(index[r["candidate_id"]]) for r in rows),
        language=first["language"] or "",
    )


def _story(row: Row, words: Messages) -> Item:
    parts = [
        words("stories.spread", n=row["outlets"]),
        words("stories.articles", n=row["articles"]),
        f"{clean(row['outlet_name'])}{words('report.list_separator')}{words.day(row['day'], 'EEE d MMM')}",
    ]
    if row["wire_agency"]:
        parts.append(words("stories.agency", agency=clean(row["wire_agency"])))
    return Item(
        title=clean(row["title"], HEADLINE) or words("report.untitled"),
        url=web_address(row["url"]),
        sentence=_marked(row["sentence"], [row["surface"]]),
        note=" · ".join(parts),
        names=tuple(clean(n) for n in row["candidate_names"].split("; ")),
    )


def _item(row: Row, words: Messages) -> Item:
    return Item(title=clean(row["title"], HEADLINE) or words("report.untitled"), url=web_address(row["url"]), sentence=(), note="")


def _marked(sentence: str | None, surfaces: Iterable[str | None]) -> tuple[tuple[bool, str], ...]:
    text = clean(sentence or "", SENTENCE)
    names = sorted({clean(s) for s in surfaces if s and clean(s)}, key=lambda s: (-len(s), s))
    if not text or not names:
        return ((False, text),) if text else ()
    return tuple((part in names, part) for part in re.split("(" + "|".join(re.escape(n) for n in names) + ")", text) if part)


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
            first if first == last else f"{first} – {last}",
            clean((row["reason"] or "–").replace("_", " ")),
            words.number(sum(r["rejected"] for r in run)),
            words.number(sum(r["failed"] for r in run)),
        )


def clean(text: str, limit: int = 400) -> str:
    """Text of others as a page can show it: no control characters, no override of direction, blanks collapsed, cut at ``limit`` characters."""
    kept = " ".join(OVERRIDES.sub("", CONTROLS.sub("", text)).split())
    return kept if len(kept) <= limit else kept[:limit].rstrip() + "…"


def web_address(url: str) -> str:
    """The address if it is one of the web, else nothing: what is no http or https is never made a link."""
    text = CONTROLS.sub("", url).strip()
    try:
        parts = urlsplit(text)
    except ValueError:
        return ""
    return text if parts.scheme in {"http", "https"} and parts.hostname and not any(c.isspace() for c in text) else ""


def write_html(content: Content, words: Messages, path: Path) -> None:
    """One self-contained file that needs no network and no script to be read."""
    import jinja2
    from markupsafe import Markup

    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("warehouse", "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["drawing"] = lambda svg: Markup(svg)  # ours: the chart holds nothing but days and numbers
    accents = [*chart.ACCENTS, chart.OTHER]
    colours = {"INK": chart.INK, "MUTED": chart.MUTED, "RULE": chart.RULE, "BAND": chart.BAND, "HATCH": chart.HATCH}
    text = environment.get_template("report.html.j2").render(
        r=content, t=words, accents=accents, colours=colours, language=words.locale.language
    )
    path.write_bytes(text.encode("utf-8", errors="replace"))


def write_pdf(content: Content, words: Messages, path: Path) -> None:
    """The same numbers on paper. What others wrote reaches the typesetter as data, never as markup."""
    import typst

    data = asdict(content)
    data["seal"] = {"command": content.seal["command"]}
    published = content.seal["published_at"]
    data["published"] = [published.year, published.month, published.day, published.hour, published.minute, published.second]
    data["accents"] = [light for light, _ in [*chart.ACCENTS, chart.OTHER]]
    data["words"] = words.words
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
