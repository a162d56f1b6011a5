"""The published file of the demo set beside the truth. ``python -m demo.compare FILE`` prints every difference.

``expected_*`` say what each table must hold (from the truth), ``published_*`` what it holds (from the file), both as key → column → value;
``differences`` names whatever differs. Counting is in recount.py, positions are in standing.py.
"""

from __future__ import annotations

import sys
import tomllib
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from demo.facts import load_facts
from demo.newsroom_server import FOLDER
from demo.period import FIRST_POLL, LAST_POLL
from demo.recount import Contest, day_statuses, recount
from demo.server.layout import load_newsroom
from demo.standing import (
    expected_boards,
    expected_endorsements,
    expected_positions,
    published_boards,
    published_endorsements,
    published_positions,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime
    from zoneinfo import ZoneInfo

    from demo.facts import ArticleFact, Facts

CONTEST = "nato-secretary-general-2024"  # the watch list that in_race of the truth is about
DEMO = Path(__file__).resolve().parent
TRUTH = tuple(sorted(DEMO.glob("truth*.toml")))
Table = dict[str, dict[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """What one must know beside the truth: addresses, time zones, who is watched, when it was polled."""

    hosts: Mapping[str, str]
    zones: Mapping[str, ZoneInfo]
    contests: tuple[Contest, ...]
    endorsers: tuple[str, ...]
    withdrew_on: Mapping[str, date]  # candidates that are out of the contest from a day on
    first_poll: datetime
    last_poll: datetime

    def keys(self, facts: Facts) -> dict[str, str]:
        """URL → key of the article."""
        return {f"http://{self.hosts[a.outlet_id]}{a.path}": a.key for a in facts.articles}


def differences(what: str, expected: Table, actual: Table) -> list[str]:
    """Every difference, a line each, in order of key."""
    lines = []
    for key in sorted({*expected, *actual}):
        if key not in actual:
            lines.append(f"{what} {key}: is missing; expected {expected[key]}")
        elif key not in expected:
            lines.append(f"{what} {key}: is not in the truth; published as {actual[key]}")
        else:
            for column, value in expected[key].items():
                if actual[key][column] != value:
                    lines.append(f"{what} {key}: {column} is {actual[key][column]!r}, expected {value!r}")
    return lines


def expected_outcomes(facts: Facts) -> Table:
    return {a.key: {"outcome": a.outcome} for a in facts.articles if a.outcome != "unseen"}


def expected_articles(facts: Facts) -> Table:
    return {
        key: {
            "outlet_id": a.outlet_id,
            "title": a.title,
            "published_on": a.published_on,
            "date_precision": a.date_precision,
            "language": a.language,
            "wire_agency": a.wire,
            "copy_kind": a.copy_kind,
            "copy_of": a.copy_of,
            "story": a.lead,
            "in_race": a.in_race,
            "uncounted": a.uncounted,
        }
        for key, a in facts.published.items()
    }


def expected_versions(facts: Facts) -> Table:
    return {key: {"changed": list(a.versions)} for key, a in facts.published.items() if a.versions}


def expected_mentions(facts: Facts) -> Table:
    return {
        f"{key} {m.candidate}": {"mention_count": m.count, "spans": m.count, "in_title": m.in_title, "in_race": m.in_race}
        for key, a in facts.published.items()
        for m in a.mentions
    }


def expected_stories(facts: Facts) -> Table:
    members: dict[str, list[ArticleFact]] = {}
    for article in facts.published.values():
        members.setdefault(article.lead, []).append(article)
    return {lead: {"article_count": len(them), "outlet_count": len({a.outlet_id for a in them})} for lead, them in members.items()}


def expected_days(facts: Facts, world: World) -> Table:
    statuses = day_statuses(facts, world.zones, world.first_poll, world.last_poll)
    return {f"{outlet} {day}": {"status": status} for (outlet, day), status in statuses.items()}


def expected_cells(facts: Facts, world: World) -> Table:
    statuses = day_statuses(facts, world.zones, world.first_poll, world.last_poll)
    cells = recount(facts, statuses, world.contests, world.zones, world.last_poll)
    return {" ".join(map(str, key)): _rounded(asdict(cell)) for key, cell in cells.items()}


def _rounded(row: dict[str, Any]) -> dict[str, Any]:
    return {k: round(v, 9) if isinstance(v, float) else v for k, v in row.items()}


def _rows(con: duckdb.DuckDBPyConnection, query: str, parameters: Mapping[str, str] | None = None) -> list[dict[str, Any]]:
    result = con.execute(query, parameters)
    names = [column[0] for column in result.description or []]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def _ids(con: duckdb.DuckDBPyConnection, keys: Mapping[str, str]) -> dict[str | None, str | None]:
    """article_id → key; an article whose URL the truth does not know goes by its URL."""
    return {None: None} | {r["article_id"]: keys.get(r["url"], r["url"]) for r in _rows(con, "SELECT article_id, url FROM articles")}


def published_outcomes(con: duckdb.DuckDBPyConnection, keys: Mapping[str, str]) -> Table:
    """What became of every new item in the end: all its outcomes, without those that only put it off (unless there are no others)."""
    ends: dict[str, list[str]] = {}
    for r in _rows(con, "SELECT outlet_id, url, outcome, reason FROM outcomes WHERE visit = 0 ORDER BY url, outcome, reason"):
        ends.setdefault(keys.get(r["url"], str(r["url"])), []).append(f"{r['outcome']}:{r['reason']}" if r["reason"] else r["outcome"])
    final = {key: [e for e in all_ends if not e.startswith("deferred")] or all_ends[:1] for key, all_ends in ends.items()}
    return {key: {"outcome": ", then ".join(them)} for key, them in final.items()}


def published_articles(con: duckdb.DuckDBPyConnection, keys: Mapping[str, str]) -> Table:
    ids = _ids(con, keys)
    rows = _rows(
        con,
        "SELECT a.*, w.in_race, u.reason AS uncounted FROM articles AS a LEFT JOIN uncounted AS u USING (article_id)"
        " LEFT JOIN (FROM article_watchlists WHERE watchlist_id = $contest) AS w USING (article_id)",
        {"contest": CONTEST},
    )
    found = [r | {"copy_of": ids.get(r["copy_of"], r["copy_of"]), "story": ids.get(r["story_id"], r["story_id"])} for r in rows]
    table: Table = {}
    for r in found:
        key = str(ids[r["article_id"]])
        table[key if key not in table else f"{key} (again, as {r['article_id']})"] = r
    return table


def published_versions(con: duckdb.DuckDBPyConnection, keys: Mapping[str, str]) -> Table:
    ids = _ids(con, keys)
    rows = _rows(con, "SELECT article_id, list(changed ORDER BY seen_at) AS changed FROM article_versions GROUP BY article_id")
    return {str(ids[r["article_id"]]): {"changed": r["changed"]} for r in rows}


def published_mentions(con: duckdb.DuckDBPyConnection, keys: Mapping[str, str]) -> Table:
    ids = _ids(con, keys)
    rows = _rows(
        con,
        "SELECT * FROM article_candidates FULL JOIN (SELECT article_id, candidate_id, count(*) AS spans FROM mentions GROUP BY ALL)"
        " USING (article_id, candidate_id)",
    )
    return {f"{ids.get(r['article_id'], r['article_id'])} {r['candidate_id']}": r for r in rows}


def published_stories(con: duckdb.DuckDBPyConnection, keys: Mapping[str, str]) -> Table:
    ids = _ids(con, keys)
    return {str(ids.get(r["lead_article_id"], r["lead_article_id"])): r for r in _rows(con, "FROM stories")}


def published_days(con: duckdb.DuckDBPyConnection) -> Table:
    return {f"{r['outlet_id']} {r['day']}": r for r in _rows(con, "FROM collection_health")}


def published_cells(con: duckdb.DuckDBPyConnection) -> Table:
    rows = _rows(con, "FROM coverage_by_outlet_day")
    return {f"{r['outlet_id']} {r['day']} {r['watchlist_id']} {r['candidate_id']}": _rounded(r) for r in rows}


def grain_violations(con: duckdb.DuckDBPyConnection) -> list[str]:
    """Rows that say the same thing twice: the tables above are dictionaries and would hide them."""
    grains = {
        "coverage_by_outlet_day": "outlet_id, day, watchlist_id, candidate_id",
        "collection_health": "outlet_id, day",
        "article_candidates": "article_id, candidate_id",
        "article_watchlists": "article_id, watchlist_id",
        "stories": "story_id",
        "uncounted": "article_id",
        "articles": "outlet_id, url",
        "endorsements": "article_id, endorser, candidate_id",
        "positions": "endorser, candidate_id, number",
    }
    return [
        f"{table}: {n} rows for {key}"
        for table, grain in grains.items()
        for *key, n in con.execute(
            f"SELECT {grain}, count(*) FROM {table} GROUP BY ALL HAVING count(*) > 1 ORDER BY ALL"  # noqa: S608 - names from just above
        ).fetchall()
    ]


def everything(con: duckdb.DuckDBPyConnection, facts: Facts, world: World) -> dict[str, list[str]]:
    """Table → all differences between the published file and the truth."""
    keys = world.keys(facts)
    said = published_endorsements(con, _ids(con, keys))
    return {
        "outcomes": differences("outcome of", expected_outcomes(facts), published_outcomes(con, keys)),
        "articles": differences("article", expected_articles(facts), published_articles(con, keys)),
        "versions": differences("versions of", expected_versions(facts), published_versions(con, keys)),
        "mentions": differences("mentions in", expected_mentions(facts), published_mentions(con, keys)),
        "stories": differences("story", expected_stories(facts), published_stories(con, keys)),
        "days": differences("day", expected_days(facts, world), published_days(con)),
        "cells": differences("cell", expected_cells(facts, world), published_cells(con)),
        "endorsements": differences("endorsement in", expected_endorsements(facts, said), said),
        "positions": differences("position", expected_positions(facts), published_positions(con)),
        "boards": differences("board of", expected_boards(facts, world.endorsers, world.withdrew_on), published_boards(con)),
        "grains": grain_violations(con),
    }


def contests(folder: Path) -> tuple[Contest, ...]:
    """The watch lists, as far as counting goes, straight from their files."""
    lists = [tomllib.loads(f.read_text(encoding="utf-8")) for f in sorted(folder.glob("*.toml"))]
    return tuple(
        Contest(id=w["id"], first_day=w["from"], last_day=w["until"], candidates=tuple(c["id"] for c in w["candidates"])) for w in lists
    )


def endorsers(file: Path) -> tuple[str, ...]:
    """The countries whose positions are followed, straight from the watch list's file."""
    return tuple(e["country"] for e in tomllib.loads(file.read_text(encoding="utf-8"))["endorsers"])


def withdrawals(file: Path) -> dict[str, date]:
    """Who withdrew when and did not come back, straight from the watch list's file."""
    candidates = tomllib.loads(file.read_text(encoding="utf-8"))["candidates"]
    last = {c["id"]: max(c["status"], key=lambda step: step["on"]) for c in candidates if c.get("status")}
    return {candidate: step["on"] for candidate, step in last.items() if step["status"] == "withdrew"}


def demo_world() -> World:
    """The sample newsroom's own addresses, zones, watch lists and polls."""
    sites = load_newsroom(FOLDER)
    watchlist = DEMO / "config" / "watchlists" / f"{CONTEST}.toml"
    return World(
        hosts={s.id: s.outlet.host for s in sites},
        zones={s.id: s.outlet.zone for s in sites},
        contests=contests(DEMO / "config" / "watchlists"),
        endorsers=endorsers(watchlist),
        withdrew_on=withdrawals(watchlist),
        first_poll=FIRST_POLL,
        last_poll=LAST_POLL,
    )


def compare(file: Path) -> dict[str, list[str]]:
    """Table → all differences between a published file and the truth. Raises TruthError and LayoutError."""
    with duckdb.connect(str(file), read_only=True) as con:
        return everything(con, load_facts(*TRUTH), demo_world())


def main(arguments: list[str]) -> int:
    """Exit status 0 where nothing differs, else 1."""
    found = compare(Path(arguments[0]) if arguments else DEMO / "data" / "coverage.duckdb")
    for lines in found.values():
        print(*lines, sep="\n", end="\n" if lines else "")
    print(", ".join(f"{table}: {len(lines)}" for table, lines in found.items()))
    return int(any(found.values()))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
