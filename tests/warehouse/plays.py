"""What can happen to a warehouse: runs over a small newsroom (generated.py), in which journals and pages arrive in any order, pages are read
again by other code, lists answer anew, the configuration changes, and a run dies at any call of the database.

What is expected stands in test_any_order.py.
"""

# ruff: noqa: E501 (rows)

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from itertools import accumulate
from pathlib import Path
from typing import Any
from unittest import mock

import builders as b
import generated
from generated import NAMES, Batch, Newsroom, Plan

from transforms.params import Configuration
from warehouse import load, publish
from warehouse.database import open_warehouse
from warehouse.publish import CONTENT_TABLES

FIRST_DAY = date(2024, 6, 26)
FINDINGS = ("page_mentions", "page_endorsements", "page_quotes", "page_references")


class Killed(BaseException):
    """What a process does not live to see."""


class Failing:
    """A connection of a process that is killed at its n-th call; nothing works after that."""

    def __init__(self, connection: Any, calls: int | None) -> None:
        self._connection, self._left = connection, calls

    def __getattr__(self, name: str) -> Any:
        if self._left is not None:
            if self._left <= 0:
                raise Killed
            self._left -= 1
        return getattr(self._connection, name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What comes in between two publications, and after how many calls of the database the first try dies (None: it lives)."""

    journals: list[int]
    batches: list[Batch]
    settings: Configuration
    dies_at: int | None = None
    code_version: str = "1.0"
    leaves: str = "published"  # or what becomes of the published file afterwards: lost


@dataclass(frozen=True, slots=True, kw_only=True)
class Play:
    """Runs over a newsroom, and what they come to."""

    journals: list[list[b.Row]]
    runs: list[Run]
    held: Batch = field(default_factory=dict)


# ---- what can happen


@lru_cache(maxsize=64)
def newsroom(seed: int, outlets: int, days: int) -> Newsroom:
    return generated.generate(
        Plan(
            seed=seed,
            outlets=outlets,
            first_day=FIRST_DAY,
            days=days,
            articles=1.0,
            outages=0.15,
            losses=0.25,
            archived_days=2,
            textless=seed % 2 == 0,
        )
    )


def a_play(*, outlets: int, days: int, seed: int, run_count: int, journal_count: int, luck: int) -> Play:
    """What happens over a small newsroom in so many runs, by chance."""
    chance = random.Random(luck)
    made = newsroom(seed, outlets, days)
    journals = made.journals(journal_count)
    place = {event["record_id"]: number for number, events in enumerate(journals) for event in events if event.get("record_id")}
    journal_runs = [chance.choice([0, 0, chance.randrange(run_count)]) for _ in journals]
    arriving: list[list[Batch]] = [[] for _ in range(run_count)]
    for batch in made.batches:
        run = max(chance.randrange(run_count), journal_runs[place[batch["pages"][0]["fetch_id"]]])
        arriving[run].append(batch)
        if chance.random() < 0.3 and run + 1 < run_count:  # once more as it was, read by other code, or answered by another form of a list
            later = chance.choice([batch, reread(batch, made, chance), reread(batch, made, chance), annotated(batch, chance)])
            arriving[chance.randrange(run + 1, run_count)].append(later)
    for batches in arriving:
        chance.shuffle(batches)
    # mostly nothing of this happens: what changes the configuration or the code, or loses the file, makes everything anew
    changes = [chance.choice(sorted(CHANGES)) if chance.random() < 0.15 else "as before" for _ in range(run_count)]
    configurations = list(accumulate(changes, lambda before, change: before if change == "as before" else change, initial="as it was"))[1:]
    deaths = [chance.randrange(400) if chance.random() < 0.3 else None for _ in range(run_count)]
    others = [chance.choice(["lost", "other code"]) if chance.random() < 0.1 else "published" for _ in range(run_count)]
    runs = [
        Run(
            journals=[j for j, r in enumerate(journal_runs) if r == number], batches=batches, settings=CHANGES[configurations[number]](made), dies_at=deaths[number],
            code_version="1.1" if others[number] == "other code" else "1.0", leaves="lost" if others[number] == "lost" else "published",
        )
        for number, batches in enumerate(arriving)
    ]  # fmt: skip
    return Play(journals=journals, runs=runs, held=held_at_the_end(runs))


def with_suppressions(made: Newsroom) -> Configuration:
    further = [{"article_id": f.path[1:], "candidate_id": m.candidate, "reason": "not she"} for f in made.facts for m in f.mentions][::3]
    return b.configuration(made.outlets, made.lists, [*made.suppress, *further])


def with_candidate(made: Newsroom) -> Configuration:
    fay = {"id": "fay", "name": "Fay Stone", "country": "NL"}
    return b.configuration(
        made.outlets, [w | {"candidates": (*w["candidates"], fay)} if w["id"] == "one" else w for w in made.lists], made.suppress
    )


def with_panel(made: Newsroom) -> Configuration:
    return b.configuration([made.outlets[0] | {"panel_from": FIRST_DAY + timedelta(days=2)}, *made.outlets[1:]], made.lists, made.suppress)


CHANGES: dict[str, Callable[[Newsroom], Configuration]] = {
    "as it was": lambda made: made.settings,
    "corrected": with_suppressions,
    "uncorrected": lambda made: b.configuration(made.outlets, made.lists),
    "a candidate more": with_candidate,
    "another panel": with_panel,
}


def reread(batch: Batch, made: Newsroom, chance: random.Random) -> Batch:
    """The same page as other code reads it."""
    (row,) = batch["pages"]
    others = [other["pages"][0] for other in made.batches if other["pages"][0]["outlet_id"] == row["outlet_id"]]
    articles = [other for other in others if other["rejected_reason"] is None and other["text"]]
    how = chance.choice(["rejected", "undated", "redated", "copied", "moved", "headline"])
    again = row | {"read_version": "v2"}
    if how == "rejected" or not articles or (row["rejected_reason"] is not None and how != "copied"):
        gone = dict.fromkeys(
            (
                "article_id",
                "canonical_url",
                "title",
                "text",
                "authors",
                "published_at",
                "published_on",
                "date_source",
                "date_precision",
                "word_count",
            )
        )
        return {"pages": [again | gone | {"rejected_stage": "extract", "rejected_reason": "no_text"}]}
    other = chance.choice(articles)
    if row["rejected_reason"] is not None:
        own = {name: row[name] for name in ("fetch_id", "item_id", "url", "fetched_at", "first_seen_at", "outlet_id", "origin")}
        again = (
            other
            | own
            | {"read_version": "v2", "canonical_url": row["url"], "article_id": b.digest("article", row["outlet_id"], row["url"])}
        )
    elif how == "undated":
        again |= {"published_at": None, "published_on": None, "date_precision": "none"}
    elif how == "redated":
        again |= {name: other[name] for name in ("published_at", "published_on", "date_precision")}
    elif how == "copied":
        again |= {"text": other["text"], "word_count": other["word_count"], "wire_agency": "wire"}
    elif how == "moved":
        again |= {"article_id": other["article_id"], "canonical_url": other["canonical_url"]}
    else:
        again |= {"title": f"{other['title']} Bob Stone"}
    return {"pages": [again]} | answers(again, chance)


def annotated(batch: Batch, chance: random.Random) -> Batch:
    """What another form of a watch list says of the same page."""
    (row,) = batch["pages"]
    if row["rejected_reason"] is not None:
        return batch
    chosen = chance.choice(["one", "two"])
    return {table: [r for r in rows if r["watchlist_id"] == chosen] for table, rows in answers(row, chance).items()}


def answers(row: b.Row, chance: random.Random) -> Batch:
    """The answers of both lists in another form: some names are no longer taken for a candidate's."""
    given = [
        a | {"list_version": "l2"}
        for name, people in generated.PEOPLE.items()
        for a in b.answers(row, [name], [p for p in people if chance.random() < 0.5])
    ]
    mentions = []
    for name, (watchlist_id, person) in NAMES.items():
        for place in ("title", "text"):
            for match in re.finditer(name, row[place] or "") if chance.random() < 0.7 else ():
                mentions.append(
                    {
                        "fetch_id": row["fetch_id"], "watchlist_id": watchlist_id, "candidate_id": person, "field": place, "char_start": match.start(),
                        "char_end": match.end(), "surface": name, "sentence": row[place], "rule": "full_name",
                    }
                )  # fmt: skip
    said = [
        b.statement(row, "FR", m["candidate_id"], m["surface"], watchlist_id="one")
        for m in mentions
        if m["watchlist_id"] == "one" and m["field"] == "text"
    ]
    return {"page_watchlists": given, "page_mentions": mentions, "page_endorsements": said[:1]}


def held_at_the_end(runs: list[Run]) -> Batch:
    """What the warehouse holds in the end: of each page the last one staged, of each list its last answer to it."""
    pages: dict[str, b.Row] = {}
    given: dict[tuple[str, str], b.Row] = {}
    found: dict[tuple[str, str], dict[str, list[b.Row]]] = {}
    for batch in (batch for run in runs for batch in merged(run.batches)):
        for row in batch.get("pages", ()):
            pages[row["fetch_id"]] = row
            for key in [key for key in given if key[0] == row["fetch_id"]]:
                del given[key], found[key]
        for answer in batch.get("page_watchlists", ()):
            key = (answer["fetch_id"], answer["watchlist_id"])
            given[key] = answer
            found[key] = {table: [r for r in batch.get(table, ()) if (r["fetch_id"], r["watchlist_id"]) == key] for table in FINDINGS}
    return {
        "pages": list(pages.values()),
        "page_watchlists": list(given.values()),
        **{table: [row for tables in found.values() for row in tables[table]] for table in FINDINGS},
    }


def merged(batches: list[Batch]) -> Iterator[Batch]:
    """What one batch of the warehouse can hold: a page or an answer of a list once. Further ones wait for the next."""
    seen: set[tuple[str, str]] = set()
    part: Batch = {}
    for batch in batches:
        keys = {(row["fetch_id"], name) for row in batch.get("pages", ()) for name in ("one", "two")}
        keys |= {(row["fetch_id"], row["watchlist_id"]) for row in batch.get("page_watchlists", ())}
        if keys & seen:
            yield part
            seen, part = set(), {}
        seen |= keys
        for table, rows in batch.items():
            part[table] = [*part.get(table, []), *rows]
    yield part


# ---- playing it


def play(told: Play, folder: Path) -> str:
    """All runs, one after the other; the hash of the last publication."""
    digest = ""
    for number, run in enumerate(told.runs):
        for journal in run.journals:
            b.write_journal(folder / "archive", told.journals[journal], f"{journal:04}.jsonl")
        for calls in (run.dies_at, None) if run.dies_at is not None else (None,):
            with open_warehouse(folder / "warehouse.duckdb") as connection:
                try:
                    digest = once(Failing(connection, calls), folder, run, f"run-{number}")
                    break
                except Killed:
                    pass
        if run.leaves == "lost" and run is not told.runs[-1]:
            (folder / "coverage.duckdb").unlink()
    return digest


def once(connection: Any, folder: Path, run: Run, run_id: str) -> str:
    """A run as the passes do it; what an earlier try has done is done again or found done."""
    load.start_run(connection, run_id, "run", b.PUBLISHED_AT, run.code_version, "c")
    load.replace_configuration(connection, run.settings)
    load.load_journals(connection, folder / "archive")
    load.clear_staging(connection)
    for batch in merged(run.batches):
        load.stage(connection, [batch])
        load.commit_batch(connection, run_id)
    return published(connection, folder, run_id, run.code_version)


def published(connection: Any, folder: Path, run_id: str, code_version: str = "1.0", *, anew: bool = False) -> str:
    snapshot = publish.Snapshot(
        run_id=run_id, published_at=b.PUBLISHED_AT, code_version=code_version, config_hash="c", publish_text="mentions"
    )
    digest = publish.publish(connection, folder / "coverage.duckdb", snapshot, anew=anew).snapshot_hash
    assert digest is not None
    return digest


def content(folder: Path) -> dict[str, list[tuple[Any, ...]]]:
    return {table: b.rows(folder / "coverage.duckdb", f"FROM {table} ORDER BY ALL") for table in CONTENT_TABLES}


def hash_of_file(folder: Path) -> str:
    """Of the rows that are really there; a file that was grown knows its hash by addition."""
    with open_warehouse(folder / "other.duckdb") as connection:
        connection.execute(f"ATTACH '{folder / 'coverage.duckdb'}' AS held (READ_ONLY)").fetchall()
        return publish.content_hash(connection, "held")


def differences(one: Mapping[str, list[Any]], other: Mapping[str, list[Any]]) -> dict[str, tuple[list[Any], list[Any]]]:
    return {
        table: ([r for r in one[table] if r not in other[table]], [r for r in other[table] if r not in one[table]])
        for table in CONTENT_TABLES
        if one[table] != other[table]
    }


@contextmanager
def unaudited() -> Iterator[None]:
    with mock.patch.object(publish, "audit", return_value=[]):
        yield


def in_turn(made: Newsroom, count: int) -> list[Run]:
    """Runs in the order of time, without anything unusual."""
    journals = made.journals(count)
    place = {event["record_id"]: number for number, events in enumerate(journals) for event in events if event.get("record_id")}
    return [
        Run(
            journals=[number], settings=made.settings, batches=[batch for batch in made.batches if place[batch["pages"][0]["fetch_id"]] == number]
        )
        for number in range(len(journals))
    ]  # fmt: skip
