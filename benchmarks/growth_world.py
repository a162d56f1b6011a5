"""A generated press: years of articles in a private warehouse, as collecting, reading and committing them day by day would have left it.

Everything is drawn by hash (``growth_world.sql``), so the same size gives the same rows. ``write_history`` fills a warehouse past the
journals and the audit; ``write_day`` gives one further day as what a run finds of it: a journal, and the rows that reading leaves.

What is like a real warehouse: outlets of different sizes, four polls a day of a feed each, articles without a date or without a time, texts
of those articles that name somebody and of all of the last thirty days, copies and near copies, second looks at articles that name
somebody. What is not: no page is refused, no outlet fails, nothing arrives late, and the words mean nothing.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from transforms.params import Configuration
from transforms.reading import list_versions, read_versions
from warehouse import load
from warehouse.database import MEMORY_MEGABYTES, Connection, open_warehouse, transaction

SQL = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")
BEGINS_ON = date(2022, 7, 1)
LIST = "the-post"
AGENCY = "Wire of the North"
TEXT_DAYS = 30  # of which every article has its text
SLICE = 150_000  # articles made at a time
CORE = ("pages", "page_watchlists", "page_mentions", "page_endorsements", "page_quotes", "page_references")
ZONES = (
    "Europe/Brussels",
    "Europe/London",
    "Europe/Warsaw",
    "Europe/Helsinki",
    "Europe/Lisbon",
    "Europe/Rome",
    "Europe/Berlin",
    "Europe/Paris",
)
SYLLABLES = [consonant + vowel for consonant in "bdfgklmnprstvz" for vowel in "aeiou"]
ENDORSERS = (
    "BE",
    "BG",
    "CZ",
    "DE",
    "DK",
    "EE",
    "ES",
    "FI",
    "FR",
    "GB",
    "GR",
    "HR",
    "HU",
    "IT",
    "LT",
    "LV",
    "NL",
    "NO",
    "PL",
    "PT",
    "RO",
    "SE",
)
# Results of the audit that a run leaves, so that the history is as long as a real one.
RESULTS_A_RUN = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """How large the generated press is."""

    articles: int
    days: int = 1095
    outlets: int = 200
    daily: int = 9132  # articles of a further day: as many as ten million have a day in three years

    def first_number(self, day: int) -> int:
        """The number of the first article of a day."""
        if day <= self.days:
            return -(-day * self.articles // self.days)
        return self.articles + (day - self.days) * self.daily

    def on(self, day: int) -> date:
        return BEGINS_ON + timedelta(days=day)

    def ends_at(self, day: int) -> datetime:
        """When the run of a day is over."""
        return datetime.combine(self.on(day), time(23, 55), UTC)


def configuration(press: Press, memory_megabytes: int = MEMORY_MEGABYTES) -> Configuration:
    """One watch list of fifteen people, and the outlets."""
    words = _words(press.outlets + 15)
    outlets = tuple(
        {
            "id": f"{word}-{number:03}", "name": AGENCY if number == 0 else f"The {word.title()}", "agency": number == 0,
            "homepage": f"https://www.{word}-{number:03}.example/", "domains": (f"{word}-{number:03}.example",), "country": "BE",
            "language": "en", "timezone": ZONES[number % len(ZONES)], "feeds": (f"https://www.{word}-{number:03}.example/feed",),
        }
        for number, word in enumerate(words[: press.outlets])
    )  # fmt: skip
    people = tuple(
        {"id": f"person-{number:02}", "name": f"{word.title()} Nord{number:02}stone", "country": "NL"}
        for number, word in enumerate(words[press.outlets :])
    )
    watchlist = {
        "id": LIST, "title": "The post", "watched_from": BEGINS_ON, "watched_until": press.on(press.days + 365), "candidates": people,
        "endorsers": tuple({"country": country, "name": country} for country in ENDORSERS),
    }  # fmt: skip
    settings = {
        "contact": "desk@example.org",
        "retention": {"snapshots": 1},  # which saves space, and no time
        "storage": {"memory_megabytes": memory_megabytes},
    }
    return Configuration.model_validate({"settings": settings, "outlets": outlets, "watchlists": (watchlist,)})


def write_history(path: Path, press: Press, memory_megabytes: int) -> None:
    """Fill a new warehouse."""
    settings = configuration(press)
    with open_warehouse(path, memory_megabytes) as connection:
        connection.execute("SET threads = 2").fetchall()
        connection.execute(
            "SET checkpoint_threshold = '1GB'"
        ).fetchall()  # each checkpoint writes the indexes, which every slice touches all over
        load.replace_configuration(connection, settings)
        _set_variables(connection, press, settings)
        day = 0
        while day < press.days:
            last = day + 1
            while last < press.days and press.first_number(last + 1) - press.first_number(day) <= SLICE:
                last += 1
            _make(connection, press, day, last)
            with transaction(connection):
                _keep(connection, press)
            day = last


def write_day(path: Path, press: Press, day: int, folder: Path) -> None:
    """Write ``<folder>/journal.jsonl`` and ``<folder>/<table>.parquet``; the warehouse is not changed."""
    folder.mkdir(parents=True, exist_ok=True)
    with open_warehouse(path) as connection:
        _set_variables(connection, press, configuration(press))
        _make(connection, press, day, day + 1)
        for table in CORE:
            connection.execute(f"COPY made_{table} TO '{folder / table}.parquet' (FORMAT parquet)").fetchall()
        with (folder / "journal.jsonl").open("w", encoding="utf-8") as journal:
            for event, query in (("poll", _POLLS), ("fetch", "FROM made_fetches")):
                result = connection.execute(query)
                names = [column[0] for column in result.description]
                for row in result.fetchall():
                    values = {"event": event, **dict(zip(names, row, strict=True))}
                    if event == "fetch":
                        values["record_id"] = values.pop("fetch_id")
                    journal.write(json.dumps(values, default=_stamp) + "\n")


# ---- parts

_POLLS = """
    SELECT polls.*, coalesce(found.items, []) AS items
    FROM made_polls AS polls
    LEFT JOIN (
        SELECT outlet_id, first_seen_at AS polled_at, list({
            item_id: item_id, url: url, title: title, published_at: strftime(published_at AT TIME ZONE 'UTC', '%Y-%m-%dT%H:%M:%S.%fZ'),
            published_raw: published_raw, authors: authors, language: language
        } ORDER BY item_id) AS items
        FROM made_items
        GROUP BY ALL
    ) AS found USING (outlet_id, polled_at)
    ORDER BY polled_at, outlet_id
"""

_HISTORY = """
INSERT INTO history.outcomes BY NAME
SELECT run_id, item_id, outlet_id, url, 'published' AS outcome, 0 AS visit FROM made_fetches;
INSERT INTO history.runs BY NAME
SELECT DISTINCT
    run_id, 'run' AS command, max(polled_at) AS started_at, max(polled_at) + INTERVAL 25 MINUTE AS finished_at, 'succeeded' AS status,
    'benchmark' AS code_version, 'benchmark' AS config_hash, sha256(run_id) AS snapshot_hash
FROM made_polls
GROUP BY run_id;
INSERT INTO history.quality_results BY NAME
SELECT DISTINCT
    run_id, 'published.table' || number % 19 AS suite, 'expectation number ' || number AS expectation, 'critical' AS severity,
    true AS success, '0 of ' || hash(run_id, number) % 10000 AS observed, 'expect_column_values_to_be_between {"min_value": 0}' AS expected,
    0 AS failing_rows
FROM (SELECT DISTINCT run_id FROM made_polls)
CROSS JOIN range(getvariable('results_a_run')) AS numbers (number);

-- the second look that the run of the next day takes at articles that name somebody
CREATE OR REPLACE TEMP TABLE made_visits AS
SELECT
    made_fetches.* EXCLUDE (fetch_id, run_id, fetched_at, result, http_status, visit, content_type, warc_file, warc_offset),
    md5('run ' || (day_number + 1)) || '/' || item_id AS fetch_id, md5('run ' || (day_number + 1)) AS run_id,
    fetched_at + INTERVAL 1 DAY AS fetched_at, 'unchanged' AS result, 304 AS http_status, 1 AS visit
FROM made_fetches
SEMI JOIN made_page_mentions USING (fetch_id)
INNER JOIN (SELECT fetch_id, day_number FROM drawn WHERE day_number < getvariable('days') - 1) USING (fetch_id);
INSERT INTO collection.fetches BY NAME FROM made_visits;
INSERT INTO history.outcomes BY NAME SELECT run_id, item_id, outlet_id, url, 'unchanged' AS outcome, 1 AS visit FROM made_visits
"""


def _set_variables(connection: Connection, press: Press, settings: Configuration) -> None:
    watchlist = settings.watchlists[0]
    versions = read_versions(settings)
    variables: dict[str, Any] = {
        "begins_on": BEGINS_ON,
        "articles": press.articles,
        "days": press.days,
        "daily": press.daily,
        "texts_since": press.days - TEXT_DAYS,
        "results_a_run": RESULTS_A_RUN,
        "names": [person.name for person in watchlist.candidates],
        "candidate_ids": [person.id for person in watchlist.candidates],
        "endorsers": list(ENDORSERS),
        "watchlist_id": watchlist.id,
        "agency": AGENCY,
        "list_version": list_versions(settings)[watchlist.id],
        "phrases": _phrases(20_000),
    }
    for name, value in variables.items():
        connection.execute(f"SET VARIABLE {name} = ?", [value]).fetchall()
    connection.execute(
        "SET VARIABLE read_versions = ?::MAP(VARCHAR, VARCHAR)", [{"key": list(versions), "value": list(versions.values())}]
    ).fetchall()


def _make(connection: Connection, press: Press, first_day: int, last_day: int) -> None:
    numbers = {"first_number": press.first_number(first_day), "last_number": press.first_number(last_day)}
    for name, value in {"first_day": first_day, "last_day": last_day, **numbers}.items():
        connection.execute(f"SET VARIABLE {name} = ?", [value]).fetchall()
    connection.execute(SQL).fetchall()


def _keep(connection: Connection, press: Press) -> None:
    for table in ("polls", "items", "fetches"):
        connection.execute(f"INSERT INTO collection.{table} BY NAME FROM made_{table}").fetchall()
    for table in CORE:
        connection.execute(f"INSERT INTO core.{table} BY NAME FROM made_{table}").fetchall()
    connection.execute(_HISTORY).fetchall()


def _words(count: int) -> list[str]:
    """Invented words of three syllables, all different."""
    size = len(SYLLABLES)
    return [SYLLABLES[n % size] + SYLLABLES[n * 7 // 3 % size] + SYLLABLES[n // size % size] for n in range(count)]


def _phrases(count: int) -> list[str]:
    """Three words each; few are alike."""
    size = len(SYLLABLES)
    phrases = []
    for number in range(count):
        one, two, three, four = (SYLLABLES[part % size] for part in (number, number // size, number * 31, number // size**2))
        phrases.append(f"{one}{two} {three}{four}{one} {two}{three}n")
    return phrases


def _stamp(value: Any) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    raise TypeError(f"no JSON for {value!r}")
