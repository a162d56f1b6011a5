"""The answers about one contest → its section of the report: caveats, figures, chart, tables.

Words and arranges; calculates nothing but differences and shares of a maximum. The lists of articles belong in :mod:`warehouse.receipts`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from math import ceil

from warehouse import chart, receipts
from warehouse.messages import Messages
from warehouse.pagedata import Figure, HeatCell, HeatRow, Panel, Row, Section, Share
from warehouse.quoting import clean

PANELS = len(chart.ACCENTS)  # candidates in the chart
NAMED_IN_CAVEAT = 4  # outlets


def section(number: int, summary: Row, rows: Mapping[str, Sequence[Row]], limit: int, words: Messages) -> Section:
    """The section of the ``number``-th contest on the page; ``rows`` holds the answers about all of them. At most ``limit``
    articles are listed.
    """
    mine = {name: [r for r in found if r.get("watchlist_id") == summary["watchlist_id"]] for name, found in rows.items()}
    key = f"c{number}"
    is_complete = summary["outlet_days_complete"] == summary["outlet_days"] and not summary["outlet_days_open"]
    totals = mine["candidate_totals"]
    is_bounded = bool(summary["outlet_days_unknown"] or summary["outlet_days_partial"])
    caveats = tuple(_caveats(summary, mine["outlet_days"], words))
    loud = [t for t in totals if t["mentions"]]
    shown = loud[:PANELS]
    maximum = max((r["mentions"] or 0 for r in mine["candidate_days"]), default=0)
    groups = list(receipts.groups(key, mine["receipts"], totals, limit, words))
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
            if t["mentions"] != 0 and summary["articles"] is not None
        ),
        quiet=words(
            "voice.quiet_bounded" if is_bounded else "voice.quiet", n=len(silent), names=words("report.list_separator").join(silent)
        )
        if silent
        else "",
        rows=tuple(_heat_rows(key, summary, mine, {g.anchor for g in groups}, words)),
        stories=tuple(receipts.story(r, words) for r in mine["top_stories"]),
        nothing=words("caveat.nothing") if summary["articles"] is None else "",
        groups=tuple(groups),
        limit=words("receipts.limit", shown=listed, total=articles) if listed < articles else "",
        articles=listed,
        people=tuple(clean(t["candidate_name"]) for t in totals),
        languages=tuple(sorted({r["language"] for r in mine["receipts"] if r["language"]})),
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


def at_least(value: int | None, words: Messages, *, is_bounded: bool) -> str:
    return words.number(value) if value is None or not is_bounded else words("report.at_least", value=value)


def _bounded(value: int | None, day: Row, words: Messages) -> str:
    return at_least(value, words, is_bounded=bool(day["outlets_unknown"] or day["outlets_partial"]))


def _change(now: int | None, before: int | None, words: Messages) -> str:
    if now is None or before is None:
        return words("figure.change_unknown")
    if now == before:
        return words("figure.change_none")
    if before == 0:
        return words("figure.change_from_zero")
    return words(
        "figure.change", sign=words("report.plus" if now > before else "report.minus"), percent=words.percent(abs(now - before) / before)
    )


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
                value=at_least(summary[name], words, is_bounded=is_bounded),
                note=words(f"figure.{name}_note"),
                change=_change(summary[f"{name}_comparable"], summary[f"{name}_before"], words),
            )
            for name in ("articles", "mentions")
        ),
        Figure(
            name=words("figure.stories"),
            value=at_least(summary["stories"], words, is_bounded=is_bounded),
            note=words("figure.stories_note"),
            change="",
        ),
        Figure(name=words("figure.outlets"), value=at_least(summary["outlets_naming"], words, is_bounded=is_bounded), note=note, change=""),
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
        total=at_least(total["mentions"], words, is_bounded=is_bounded),
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
            at_least(total[c], words, is_bounded=is_bounded)
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
            _heat_cell(f"{key}-{outlet['outlet_id']}-{d['day']}", cells.get((outlet["outlet_id"], d["day"])), highest, anchors, words)
            for d in mine["day_totals"]
        ]
        bounded = bool(outlet["days_unknown"] or outlet["days_partial"])
        yield HeatRow(name=clean(outlet["outlet_name"]), cells=tuple(line), total=at_least(outlet["articles"], words, is_bounded=bounded))
    sums = tuple(
        HeatCell(
            kind="total",
            value=_bounded(d["articles"], d, words) if d["articles"] is not None else words("report.dash"),
            level=0,
            spoken="" if d["articles"] is not None else words("report.unknown"),
            anchor="",
        )
        for d in mine["day_totals"]
    )
    yield HeatRow(
        name=words("heatmap.all"),
        cells=sums,
        total=at_least(summary["articles"], words, is_bounded=bool(summary["outlet_days_unknown"] or summary["outlet_days_partial"])),
    )


def _heat_cell(anchor: str, cell: Row | None, highest: int, anchors: set[str], words: Messages) -> HeatCell:
    if cell is None:
        return HeatCell(kind="absent", value="", level=0, spoken=words("heatmap.absent"), anchor="")
    count = cell["articles"]
    if count is None:
        return HeatCell(
            kind="unknown",
            value=words("report.dash"),
            level=0,
            spoken=words("heatmap.unknown", status=words(f"collection.status_{cell['collection_status']}")),
            anchor="",
        )
    is_partial = cell["collection_status"] == "partial"
    return HeatCell(
        kind="partial" if is_partial else "count",
        value=words("report.at_least_short", value=count) if is_partial else words.number(count),
        level=ceil(5 * count / highest),
        spoken=words("heatmap.partial", n=count) if is_partial else words("heatmap.articles", n=count),
        anchor=anchor if anchor in anchors else "",
    )
