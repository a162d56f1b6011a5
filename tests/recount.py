"""A published file counted again in plain Python, from its own rows and from a truth; no code and no SQL of the product.

Rows come by ``SELECT *`` and nothing else. Counting the cells is the demo's recount (demo/recount.py), shared by everything that recounts.
Every function named ``wrong_…`` gives a line for each cell that differs.
"""

# ruff: noqa: E501 (rows)

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import duckdb

from demo.facts import ArticleFact, Facts, MentionFact
from demo.recount import UNKNOWN, Contest, DayKey, recount

Row = dict[str, Any]
Tables = dict[str, list[Row]]
Span = tuple[datetime, datetime]
TABLES = (
    "outlets", "watchlists", "candidates", "articles", "mentions", "article_candidates", "uncounted", "collection_health", "stories", "sources",
    "coverage_by_outlet_day", "snapshot",
)  # fmt: skip
KEY = ("outlet_id", "day", "watchlist_id", "candidate_id")
BRUSSELS = ZoneInfo("Europe/Brussels")


def export(path: Path) -> Tables:
    """The rows of a published file."""
    with duckdb.connect(str(path), read_only=True) as connection:
        return {table: _rows(connection, table) for table in TABLES}


def _rows(connection: duckdb.DuckDBPyConnection, table: str) -> list[Row]:
    result = connection.execute(f"SELECT * FROM {table}")
    names = [column[0] for column in result.description]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def zones(tables: Tables) -> dict[str, ZoneInfo]:
    return {outlet["outlet_id"]: ZoneInfo(outlet["timezone"]) for outlet in tables["outlets"]}


def contests(tables: Tables) -> tuple[Contest, ...]:
    people: dict[str, list[str]] = defaultdict(list)
    for candidate in tables["candidates"]:
        people[candidate["watchlist_id"]].append(candidate["candidate_id"])
    return tuple(
        Contest(id=w["watchlist_id"], first_day=w["watched_from"], last_day=w["watched_until"], candidates=tuple(people[w["watchlist_id"]]))
        for w in tables["watchlists"]
    )


def facts_of(tables: Tables) -> Facts:
    """The articles and mentions of the file, in the words of a truth."""
    named: dict[str, list[MentionFact]] = defaultdict(list)
    counts = Counter((m["article_id"], m["candidate_id"]) for m in tables["mentions"])
    for row in tables["article_candidates"]:
        article, person = row["article_id"], row["candidate_id"]
        named[article].append(
            MentionFact(candidate=person, count=counts[article, person], in_title=row["in_title"], in_race=row["in_race"])
        )
    reasons = {row["article_id"]: row["reason"] for row in tables["uncounted"]}
    outlets = {row["article_id"]: row["outlet_id"] for row in tables["articles"]}
    return Facts(
        articles=tuple(
            ArticleFact(
                outlet_id=row["outlet_id"], path=f"/{row['article_id']}", outcome="published", title=row["title"], published_on=row["published_on"],
                date_precision=row["date_precision"], language=row["language"] or "und", in_race=True, copy_kind=row["copy_kind"] or "original",
                copy_of=f"{outlets[row['copy_of']]}/{row['copy_of']}" if row["copy_of"] else None, wire=row["wire_agency"],
                uncounted=reasons.get(row["article_id"]), mentions=tuple(named[row["article_id"]]),
            )
            for row in tables["articles"]
        )
    )  # fmt: skip


def statuses_of(tables: Tables) -> dict[DayKey, str]:
    return {(row["outlet_id"], row["day"]): row["status"] for row in tables["collection_health"]}


# ---- cells


def wrong_cells(tables: Tables, facts: Facts, statuses: Mapping[DayKey, str]) -> list[str]:
    """Every column of coverage_by_outlet_day, and the grid itself, against what articles and statuses of days come to."""
    as_of = tables["snapshot"][0]["as_of"]
    counted = recount(facts, statuses, contests(tables), zones(tables), as_of)
    totals: Counter[tuple[str, date, str]] = Counter()
    for (outlet, day, list_id, _), cell in counted.items():
        totals[outlet, day, list_id] += cell.mentions or 0
    found = {tuple(row[name] for name in KEY): row for row in tables["coverage_by_outlet_day"]}
    wrong = [] if len(found) == len(tables["coverage_by_outlet_day"]) else ["a cell is published more than once"]
    wrong += [f"{key}: no such cell" for key in found.keys() - counted.keys()] + [
        f"{key}: is missing" for key in counted.keys() - found.keys()
    ]
    for key in found.keys() & counted.keys():
        cell = counted[key]
        for column, value in found[key].items():
            if column in KEY:
                continue
            if column == "list_mentions":
                expected = None if cell.collection_status in UNKNOWN else totals[key[:3]]
            else:
                expected = getattr(cell, column)  # a column that is not recounted is an error
            if value != expected:
                wrong.append(f"{key} {column}: published {value}, counted {expected}")
    return sorted(wrong)


# ---- articles and stories


def wrong_article_candidates(tables: Tables) -> list[str]:
    """Who is named in which article: number, headline, first paragraph (where the text is published), from the mentions."""
    texts = {row["article_id"]: row["text"] for row in tables["articles"]}
    named: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for mention in tables["mentions"]:
        named[mention["article_id"], mention["candidate_id"]].append(mention)
    found = {(row["article_id"], row["candidate_id"]): row for row in tables["article_candidates"]}
    wrong = [f"{key}: stands on one side only" for key in found.keys() ^ named.keys()]
    for key in found.keys() & named.keys():
        text, row = texts[key[0]], found[key]
        in_title = any(m["field"] == "title" for m in named[key])
        if (row["mention_count"], row["in_title"]) != (len(named[key]), in_title):
            wrong.append(f"{key}: published {row}, counted {len(named[key])}, {in_title}")
        if text is not None:
            first = len(text.split("\n", 1)[0])
            in_lead = any(m["field"] == "text" and m["char_start"] < first for m in named[key])
            if row["in_lead"] != in_lead:
                wrong.append(f"{key} in_lead: published {row['in_lead']}, counted {in_lead}")
    for mention in tables["mentions"]:
        text = texts[mention["article_id"]]
        if mention["field"] == "text" and text is not None and text[mention["char_start"] : mention["char_end"]] != mention["surface"]:
            wrong.append(f"{mention}: does not stand there")
    return sorted(wrong)


def wrong_stories(tables: Tables) -> list[str]:
    """Leads, sizes and agencies of the stories, from the articles; and what articles say of their stories."""
    outlets = {row["outlet_id"]: row for row in tables["outlets"]}

    def order(article: Row) -> tuple[datetime, bool, str, str]:
        outlet = outlets[article["outlet_id"]]
        moment = article["published_at"]
        if moment is None and article["published_on"] is not None:
            moment = midnight(article["published_on"] + timedelta(days=1), ZoneInfo(outlet["timezone"])) - timedelta(microseconds=1)
        return moment or datetime.max.replace(tzinfo=UTC), not outlet["is_agency"], outlet["outlet_id"], article["article_id"]

    members: dict[str, list[Row]] = defaultdict(list)
    for article in tables["articles"]:
        if article["story_id"] is not None:
            members[article["story_id"]].append(article)
    found = {row["story_id"]: row for row in tables["stories"]}
    wrong = [f"{key}: stands on one side only" for key in found.keys() ^ members.keys()]
    for key in found.keys() & members.keys():
        articles = sorted(members[key], key=order)
        lead, credited = articles[0], [a["wire_agency"] for a in articles if a["wire_agency"]]
        expected = {
            "story_id": lead["article_id"], "lead_article_id": lead["article_id"], "first_published_at": lead["published_at"], "article_count": len(articles),
            "outlet_count": len({a["outlet_id"] for a in articles}), "wire_agency": credited[0] if credited else None,
        }  # fmt: skip
        if expected != found[key]:
            wrong.append(f"{key}: published {found[key]}, counted {expected}")
        for article in articles:
            if (article["copy_kind"] == "original") != (article is lead) or article["copy_of"] != (None if article is lead else key):
                wrong.append(f"{article['article_id']}: {article['copy_kind']} of {article['copy_of']}, its lead is {key}")
    return sorted(wrong)


def wrong_days(tables: Tables) -> list[str]:
    """What articles say of their days: the day of the instant in the outlet's zone and in Brussels, and why some are in no cell."""
    outlets = {row["outlet_id"]: row for row in tables["outlets"]}
    uncounted = {row["article_id"]: row["reason"] for row in tables["uncounted"]}
    wrong = [f"{key}: uncounted, and no article" for key in uncounted.keys() - {a["article_id"] for a in tables["articles"]}]
    for article in tables["articles"]:
        outlet, on, at = outlets[article["outlet_id"]], article["published_on"], article["published_at"]
        zone = ZoneInfo(outlet["timezone"])
        if at is not None and at.astimezone(zone).date() != on:
            wrong.append(f"{article['article_id']}: on {on}, at {at}")
        if "brussels_on" in article and article["brussels_on"] != (on if at is None else at.astimezone(BRUSSELS).date()):
            wrong.append(f"{article['article_id']}: in Brussels on {article['brussels_on']}, at {at}")
        reason = uncounted.get(article["article_id"])
        if reason not in _reasons(on, outlet, tables["watchlists"], article["first_seen_at"].astimezone(zone).date()):
            wrong.append(f"{article['article_id']}: on {on}, uncounted {reason}")
    days = {(row["outlet_id"], row["day"]) for row in tables["collection_health"]}
    for article in tables["articles"]:
        if article["article_id"] not in uncounted and (article["outlet_id"], article["published_on"]) not in days:
            wrong.append(f"{article['article_id']}: counted on a day that is not in the grid")
    return wrong


def _reasons(on: date | None, outlet: Row, watchlists: Iterable[Row], seen_on: date) -> set[str | None]:
    """Why an article may be in no cell (None: it is in one). The day of its fetch is not published; it is that of the discovery or later."""
    if on is None:
        return {"undated"}
    inside = (outlet["panel_from"] or on) <= on <= (outlet["panel_until"] or on) and any(
        w["watched_from"] <= on <= w["watched_until"] for w in watchlists
    )
    usual = None if inside else "off_panel"
    return {usual, "future"} if on > seen_on else {usual}


# ---- days, from the collection record


def midnight(on: date, zone: ZoneInfo) -> datetime:
    """When a day begins, UTC."""
    return datetime.combine(on, time(), zone).astimezone(UTC)


def judge_days(
    events: Iterable[Row], outlets: Iterable[Row], facts: Iterable[ArticleFact], archived: set[DayKey], unreached: set[DayKey]
) -> dict[DayKey, str]:
    """The status of every day of the grid, from polls and articles. ``outlets``: as configured; ``archived``: days with archived captures."""
    statuses: dict[DayKey, str] = {}
    polls: dict[str, list[Row]] = defaultdict(list)
    for event in events:
        if event["event"] == "poll":
            polls[event["outlet_id"]].append(event | {"at": datetime.fromisoformat(event["polled_at"])})
    written = {(f.outlet_id, f.published_on) for f in facts if f.uncounted is None and f.published_on}
    for outlet in outlets:
        name, zone = outlet["id"], ZoneInfo(outlet["timezone"])
        own = sorted(polls[name], key=lambda poll: poll["at"])
        days = {day for place, day in written | archived if place == name}
        if own:
            first, last = own[0]["at"].astimezone(zone).date(), own[-1]["at"].astimezone(zone).date()
            days |= {first + timedelta(days=number) for number in range((last - first).days + 1)}
        sources = {source: _spans(own, source) for source in {poll["source_url"] for poll in own}}
        for day in days:
            if (outlet.get("panel_from") or day) <= day <= (outlet.get("panel_until") or day):
                key = (name, day)
                statuses[key] = _judge(key, zone, own, sources, key in written - archived, key in archived, key in unreached)
    return statuses


def _spans(polls: list[Row], source: str) -> list[Span]:
    """Stretches of time over which a source leaves no gap."""
    answered = [poll for poll in polls if poll["result"] in ("ok", "not_modified")]
    spans: list[Span] = []
    before: datetime | None = None
    for poll in answered:
        if poll["source_url"] != source:
            continue
        at = poll["at"]
        spans.append((before if before is not None and (poll["known"] or poll["result"] == "not_modified") else at, at))
        if poll["source_kind"] == "sitemap" and poll["oldest_listed_at"]:
            spans.append((max(datetime.fromisoformat(poll["oldest_listed_at"]), answered[0]["at"]), at))
        before = at
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged


def _judge(
    key: DayKey,
    zone: ZoneInfo,
    polls: list[Row],
    sources: Mapping[str, list[Span]],
    has_article: bool,
    in_archive: bool,
    is_unreached: bool,
) -> str:
    starts, ends = midnight(key[1], zone), midnight(key[1] + timedelta(days=1), zone)
    whole_maps, whole_feeds = [], []
    touched = False
    for source, spans in sources.items():
        own = [poll for poll in polls if poll["source_url"] == source]
        whole = any(start <= starts and end >= ends for start, end in spans)
        touched |= any(start < ends and end >= starts for start, end in spans)
        if own[0]["source_kind"] == "sitemap":
            whole_maps.append(whole)
        elif own[0]["at"] <= ends <= own[-1]["at"]:
            whole_feeds.append(whole)
    is_whole = any(whole_maps) or (bool(whole_feeds) and all(whole_feeds))
    if is_whole:
        return "partial" if is_unreached else "complete"
    if touched or has_article:
        return "partial"
    if in_archive:
        return "archive"
    failed = [poll["reason"] for poll in polls if poll["result"] == "failed" and starts <= poll["at"] < ends]
    if failed:
        return "blocked" if all(reason in ("robots", "forbidden") for reason in failed) else "outage"
    return "not_due"
