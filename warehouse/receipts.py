"""Lists of articles for a page: the receipts of every outlet-day, and the top stories.

What is said about numbers belongs in :mod:`warehouse.contest`.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence

from warehouse.messages import Messages
from warehouse.pagedata import Group, Item, Row
from warehouse.quoting import HEADLINE, clean, marked, web_address

RECEIPTS = 8_000  # articles listed on the page, 500 to 700 bytes each: it must stay easy to open on a telephone. The exports hold all


def groups(key: str, named: Sequence[Row], totals: Sequence[Row], limit: int, words: Messages) -> Iterable[Group]:
    """The articles of one contest by outlet and day, until ``limit`` are listed; ``named`` is sorted so."""
    index = {t["candidate_id"]: n for n, t in enumerate(totals)}
    left = limit
    for (outlet_id, day), found in itertools.groupby(named, key=lambda r: (r["outlet_id"], r["day"])):
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
        sentence=marked(first["sentence"], [r["surface"] for r in rows if r["sentence"] == first["sentence"]]),
        note=words(f"receipts.copy_{kind}") if kind in {"exact", "near", "syndicated"} else "",
        names=tuple(words("receipts.named", name=clean(r["candidate_name"]), n=r["mentions"]) for r in ordered),
        people=" ".join(str(index[r["candidate_id"]]) for r in rows),
        language=first["language"] or "",
    )


def story(row: Row, words: Messages) -> Item:
    """One of the top stories."""
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
        sentence=marked(row["sentence"], [row["surface"]]),
        note=" · ".join(parts),
        names=tuple(clean(n) for n in row["candidate_names"].split("; ")),
    )


def item(row: Row, words: Messages) -> Item:
    """A headline alone."""
    return Item(title=clean(row["title"], HEADLINE) or words("report.untitled"), url=web_address(row["url"]), sentence=(), note="")
