"""What stands behind one cell of the counts: its articles, sentences and rules, what is not in it and why, and how it changed.

Finds and adds the meanings of the words that the tables hold; how it is set on a terminal is in :mod:`warehouse.explain_text`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from warehouse.database import Connection, open_published, sql
from warehouse.messages import Messages, load

Row = dict[str, Any]
SINCE_SCHEMA = 5  # the first whose published file has what is asked here
UNKNOWN = frozenset({"outage", "blocked", "not_due"})  # statuses of days of which nothing is known


class NotKnown(Exception):
    """There is no such outlet or candidate in the published file."""


class TooOld(Exception):
    """The published file was written by an earlier version of the program."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Everything that is published about one outlet, day and candidate. Rows have the names of the published columns."""

    place: Row  # outlet, candidate, contest, and when the day begins and ends
    snapshot: Row
    cell: Row | None  # None: the day is outside the grid
    absent: str | None  # why it is
    articles: tuple[Row, ...]  # each with its ``mentions``
    not_counted: tuple[Row, ...]
    revisions: tuple[Row, ...]


def explain(published: Path, outlet_id: str, day: date, candidate_id: str, language: str = "en") -> Explanation:
    """Look a cell up.

    Raises:
        FileNotFoundError: nothing is published.
        NotKnown: see there.
        TooOld: see there.
    """
    words = load(language)
    asked = {"outlet_id": outlet_id, "day": day, "candidate_id": candidate_id}
    with open_published(published) as connection:
        (snapshot,) = _rows(connection, "FROM snapshot", {})
        if snapshot["schema_version"] < SINCE_SCHEMA:
            raise TooOld(f"{published} was published by an earlier version of the program: run `frontrunner publish` first")
        places = _rows(connection, sql("queries/explain_place.sql"), asked)
        if not places:
            raise NotKnown(_unknown(connection, outlet_id, candidate_id))
        cells = _rows(connection, sql("queries/explain_cell.sql"), asked)
        articles = _rows(connection, sql("queries/explain_articles.sql"), asked)
        mentions = _rows(connection, sql("queries/explain_mentions.sql"), asked)
        not_counted = _rows(connection, sql("queries/explain_not_counted.sql"), asked)
        revisions = _rows(connection, sql("queries/explain_revisions.sql"), asked)
    cell = cells[0] if cells else None
    if cell is not None:
        cell["final_from"] = places[0]["ends_at"] + timedelta(hours=48)
        cell["collection_meaning"] = gap_meaning(cell["collection_reason"], words)
    for mention in mentions:
        mention["meaning"] = rule_meaning(mention["rule"], words)
    for article in articles:
        article["mentions"] = [m for m in mentions if m["article_id"] == article["article_id"]]
    for revision in revisions:
        revision["meaning"] = revision_meaning(revision["reason"], words)
    return Explanation(
        place=places[0],
        snapshot=snapshot,
        cell=cell,
        absent=None if cell is not None else _absence(places[0], words),
        articles=tuple(articles),
        not_counted=tuple(not_counted),
        revisions=tuple(revisions),
    )


def rule_meaning(rule: str, words: Messages) -> str:
    """Why a mention stands, in words; a rule that the catalogue does not know is left as it is."""
    kind, _, reason = rule.partition(":")
    known = words.words["mention_rule"]
    if kind not in known or (reason and reason not in known):
        return rule
    return words(f"mention_rule.{kind}", reason=known.get(reason, "")) if reason or kind not in {"surname", "initials"} else rule


def gap_meaning(reason: str | None, words: Messages) -> str | None:
    """Why a day is not covered wholly, in words."""
    if reason is None:
        return None
    own = reason in words.words["gap_reason"] and reason != "failed"
    return words(f"gap_reason.{reason}") if own else words("gap_reason.failed", reason=reason)


def revision_meaning(reasons: str, words: Messages) -> str:
    """Why a final count changed, in words."""
    known = words.words["revision_reason"]
    return "; ".join(known.get(reason, reason) for reason in reasons.split(", "))


def _absence(place: Row, words: Messages) -> str:
    """Why a day has no cell."""
    day, first, last = place["day"], place["recorded_from"], place["recorded_until"]
    for applies, key, named in (
        (place["panel_from"] is not None and day < place["panel_from"], "before_panel", place["panel_from"]),
        (place["panel_until"] is not None and day > place["panel_until"], "after_panel", place["panel_until"]),
        (day < place["watched_from"], "before_contest", place["watched_from"]),
        (day > place["watched_until"], "after_contest", place["watched_until"]),
        (first is None, "no_record", None),
        (first is not None and day < first, "before_record", first),
        (last is not None and day > last, "after_record", last),
    ):
        if applies:
            return words(f"explain.{key}", day=str(named))
    return words("explain.not_recorded")


def _unknown(connection: Connection, outlet_id: str, candidate_id: str) -> str:
    """One sentence on what is not there, with what may have been meant."""
    said = []
    for kind, asked, table in (("outlet", outlet_id, "outlets"), ("candidate", candidate_id, "candidates")):
        known = [str(row["id"]) for row in _rows(connection, f"SELECT {kind}_id AS id FROM {table} ORDER BY id", {})]  # noqa: S608 - from above
        if asked not in known:
            near = get_close_matches(asked, known, n=3)
            hint = f"did you mean {', '.join(near)}?" if near else f"the table {table} lists them"
            said.append(f"no {kind} {asked!r} in the published file; {hint}")
    return " / ".join(said)


def _rows(connection: Connection, query: str, values: Row) -> list[Row]:
    result = connection.execute(query, {name: value for name, value in values.items() if f"${name}" in query})
    names = [column[0] for column in result.description]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]
