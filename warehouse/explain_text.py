"""An explanation as lines for a terminal or a mail. What others wrote passes :mod:`warehouse.quoting` first.

What is found belongs in :mod:`warehouse.explain`, the words in the catalogue (``locale/``).
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from warehouse.explain import UNKNOWN, Explanation
from warehouse.messages import Messages, load
from warehouse.quoting import HEADLINE, SENTENCE, clean

SHOWN = 20  # articles listed that are not counted: on a bad day they are many
BEFORE = 160  # characters of a long sentence shown before its first name
# the counts, each with the column that it is a part of
MEASURES = {
    "articles": "total_articles", "race_articles": "articles", "unique_articles": "articles", "originals": "articles",
    "mentions": "list_mentions", "share_of_voice": "list_mentions",
}  # fmt: skip

Row = Mapping[str, Any]


def explanation_lines(found: Explanation, language: str = "en") -> list[str]:
    """The whole explanation."""
    words = load(language)
    place = found.place
    lines = [
        words(
            "explain.heading", outlet=clean(place["outlet_name"]), day=words.day(place["day"]), name=clean(place["candidate_name"]),
            contest=clean(place["contest"]),
        ),
        words("explain.span", zone=place["timezone"], begins=_moment(place["starts_at"]), ends=_instant(place["ends_at"], words)),
        "",
        *(_counts(found.cell, words) if found.cell is not None else [words("explain.absent", reason=found.absent)]),
    ]  # fmt: skip
    if found.cell is not None and found.cell["collection_status"] not in UNKNOWN:
        lines += ["", words("explain.articles_heading")]
        if not found.articles:
            lines.append(f"  {words('explain.none')}")
        for number, article in enumerate(found.articles, start=1):
            lines += [f"  {number}. {line}" if n == 0 else f"     {line}" for n, line in enumerate(_article(article, place, words))]
    if found.not_counted:
        lines += ["", words("explain.not_counted_heading")]
        for row in found.not_counted[:SHOWN]:
            lines += [f"  - {_headline(row, words)}", f"    {clean(row['url'], HEADLINE)}", f"    {_why(row, words)}"]
        if len(found.not_counted) > SHOWN:
            lines.append(f"  {words('report.more', n=len(found.not_counted) - SHOWN)}")
    if found.cell is not None or found.revisions:
        lines += ["", words("explain.revisions_heading"), *(f"  {line}" for line in _revisions(found, words))]
    seal = {"snapshot": found.snapshot["snapshot_hash"][:12], "instant": _moment(found.snapshot["as_of"])}
    return [*lines, "", words("explain.seal", **seal)]


def _counts(cell: Row, words: Messages) -> Iterator[str]:
    """The measures of the cell, each with what it is a part of."""
    state = words("explain.final") if cell["is_final"] else words("explain.open", final=_moment(cell["final_from"]))
    status = cell["collection_status"]
    yield words("explain.counted", state=state, status=words(f"collection.status_{status}"))
    if status in UNKNOWN:
        yield words("explain.unknown", reason=cell["collection_meaning"])
        return
    if status in {"partial", "archive"}:
        yield words(f"explain.{status}", reason=cell["collection_meaning"])
    if cell["volume"] in {"low", "high"}:
        yield words(f"explain.volume_{cell['volume']}")
    for measure in MEASURES:
        value, note = cell[measure], words(f"explain.{measure}", n=cell["mentions"], total=cell[MEASURES[measure]])
        if measure == "share_of_voice":
            note = note if value is not None else words("explain.share_none")
            shown = words("report.dash") if value is None else words.percent(value, pattern="0.0 %")
        else:
            shown = words.number(value)
        yield words("explain.measure", measure=measure.ljust(max(map(len, MEASURES))), value=shown.rjust(7), note=note)
    yield words("explain.items", **{key: cell[key] for key in ("discovered", "fetched", "new", "known", "rejected", "failed")})


def _article(article: Row, place: Row, words: Messages) -> Iterator[str]:
    yield _headline(article, words)
    yield clean(article["url"], HEADLINE)
    if article["published_at"] is None:
        when = words("explain.published_on", day=str(article["published_on"]))
    else:
        local = f"{article['published_local']:%Y-%m-%d %H:%M:%S}"
        when = words("explain.published_at", instant=_moment(article["published_at"]), local=local, zone=place["timezone"])
    date = words("explain.date", brussels=str(article["brussels_on"]), source=article["date_source"] or words("report.unknown"))
    yield f"{when}; {date}; {words('explain.first_seen', instant=_moment(article['first_seen_at']))}"
    yield _copy(article, words)
    about = "contender" if article["in_race"] else "about_contest" if article["is_about_the_contest"] else "off_contest"
    yield words(f"explain.{about}")
    for (field, sentence), group in itertools.groupby(article["mentions"], key=lambda m: (m["field"], m["sentence"])):
        mentions = list(group)
        yield "  " + _marked(sentence, [m["surface"] for m in mentions])
        for m in mentions:
            surface, place_in = clean(m["surface"], HEADLINE), words(f"explain.field_{field}")
            # offsets are written without separators, as the tables have them
            start, end = str(m["char_start"]), str(m["char_end"])
            yield "    " + words("explain.mention", surface=surface, field=place_in, start=start, end=end, meaning=m["meaning"])


def _copy(article: Row, words: Messages) -> str:
    kind = article["copy_kind"] or "unknown"
    lead = ""
    if article["lead_url"] is not None:
        lead = words("explain.lead", url=clean(article["lead_url"], HEADLINE), outlet=article["lead_outlet_id"])
    said = words(f"explain.copy_{kind}", lead=lead)
    return said if article["wire_agency"] is None else f"{said}; {words('explain.agency', agency=clean(article['wire_agency']))}"


def _marked(sentence: str, surfaces: list[str]) -> str:
    """A sentence with the names between brackets; of a long one the part around the first of them."""
    text = clean(sentence, len(sentence) + 1)
    names = sorted({clean(s, len(s) + 1) for s in surfaces}, key=len, reverse=True)
    pattern = re.compile("|".join(re.escape(name) for name in names if name) or "(?!)")
    found = pattern.search(text)
    if len(text) > SENTENCE:
        start = max(0, found.start() - BEFORE) if found else 0
        text = ("…" if start else "") + clean(text[start:], SENTENCE)
    return pattern.sub(lambda match: f"[{match[0]}]", text)


def _why(row: Row, words: Messages) -> str:
    surfaces = ", ".join(clean(s, HEADLINE) for s in row["surfaces"] or ())
    said = words(f"explain.why_{row['why']}", detail=clean(row["detail"] or ""), surfaces=surfaces)
    counts = row["mentions"] and row["why"] not in {"office"}
    return f"{said}; {words('explain.names', n=row['mentions'])}" if counts else said


def _revisions(found: Explanation, words: Messages) -> Iterator[str]:
    for row in found.revisions:
        before, after = (words("report.unknown") if row[key] is None else f"{row[key]:g}" for key in ("before", "after"))
        yield words(
            "explain.revision", measure=row["measure"], before=before, after=after, reasons=row["meaning"], run=row["run_id"][:8],
            instant=_instant(row["revised_at"], words),
        )  # fmt: skip
    if not found.revisions:
        yield words("explain.revisions_none" if found.cell is not None and found.cell["is_final"] else "explain.revisions_open")


def _headline(row: Row, words: Messages) -> str:
    return clean(row["title"], HEADLINE) or words("report.untitled")


def _instant(value: datetime | None, words: Messages) -> str:
    return words("report.unknown") if value is None else words("explain.instant", value=_moment(value))


def _moment(value: datetime | None) -> str:
    """To the second, as the tables have it."""
    return "" if value is None else f"{value:%Y-%m-%d %H:%M:%S}"
