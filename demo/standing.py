"""Who stands where: what the articles say of countries' positions, the ledger and the board of a day, from the truth and from the
published file. Counts are in recount.py and compare.py.

An article's position that is ``open`` may be absent from the published file; where it is there, its stance must be right.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import duckdb

    from demo.facts import Facts, LedgerFact

Table = dict[str, dict[str, Any]]
SILENCE = "no statement found"
BOARD_DAYS = (date(2024, 2, 23), date(2024, 4, 5), date(2024, 6, 21))


def expected_endorsements(facts: Facts, published: Table) -> Table:
    """Article, country and candidate → what is said. An open one is expected as far as ``published`` has it."""
    table: Table = {}
    for key, article in facts.published.items():
        for p in article.positions:
            row = f"{key} {p.endorser} {p.candidate}"
            if not p.open:
                counts_on = p.said_on or article.published_on  # a day that is not said is that of the article
                table[row] = {"stance": p.stance, "status": p.status, "speaker": p.speaker, "counts_on": counts_on}
            elif row in published:
                table[row] = {"stance": p.stance}
    return table


def published_endorsements(con: duckdb.DuckDBPyConnection, ids: Mapping[str | None, str | None]) -> Table:
    """The same from the published file."""
    rows = con.execute(
        "SELECT article_id, endorser, candidate_id, stance, status, speaker, coalesce(said_on, published_on), evidence"
        " FROM endorsements JOIN articles USING (article_id)"
    ).fetchall()
    names = ("stance", "status", "speaker", "counts_on", "evidence")
    return {
        f"{ids.get(article, article)} {endorser} {candidate}": dict(zip(names, row, strict=True))
        for article, endorser, candidate, *row in rows
    }


def expected_positions(facts: Facts) -> Table:
    """Country, candidate and number → position."""
    table: Table = {}
    for thread in _threads(facts.positions).values():
        for number, p in enumerate(thread, 1):
            table[f"{p.endorser} {p.candidate} {number}"] = {
                "stance": p.stance,
                "status": p.status,
                "changed_on": p.changed_on,
                "speaker": p.speaker,
                "flag": p.flag,
            }
    return table


def published_positions(con: duckdb.DuckDBPyConnection) -> Table:
    """The same from the published file."""
    names = ("stance", "status", "changed_on", "speaker", "flag", "evidence")
    rows = con.execute(f"SELECT endorser, candidate_id, number, {', '.join(names)} FROM positions").fetchall()  # noqa: S608 - names from just above
    return {f"{endorser} {candidate} {number}": dict(zip(names, row, strict=True)) for endorser, candidate, number, *row in rows}


def expected_boards(facts: Facts, endorsers: Iterable[str], withdrew_on: Mapping[str, date]) -> Table:
    """Day, country and candidate → stance; a country that nothing is known of has one row without a candidate. Who withdrew is off it."""
    table: Table = {}
    threads = _threads(facts.positions)
    for day in BOARD_DAYS:
        for endorser in endorsers:
            taken = {c: [p for p in t if p.changed_on <= day and p.flag != "contradicts"] for (e, c), t in threads.items() if e == endorser}
            standing = {c: thread[-1].stance for c, thread in taken.items() if thread and withdrew_on.get(c, date.max) > day}
            table |= {f"{day} {endorser} {candidate}": {"stance": stance} for candidate, stance in standing.items()}
            if not standing:
                table[f"{day} {endorser} None"] = {"stance": SILENCE}
    return table


def published_boards(con: duckdb.DuckDBPyConnection) -> Table:
    """The same from the published file."""
    return {
        f"{day} {endorser} {candidate}": {"stance": stance}
        for day in BOARD_DAYS
        for endorser, candidate, stance in con.execute(
            "SELECT endorser, candidate_id, stance FROM positions_on($day::DATE)", {"day": day}
        ).fetchall()
    }


def _threads(positions: Iterable[LedgerFact]) -> dict[tuple[str, str], list[LedgerFact]]:
    threads: dict[tuple[str, str], list[LedgerFact]] = {}
    for p in positions:
        threads.setdefault((p.endorser, p.candidate), []).append(p)
    return threads
