"""One step of the growth benchmark in a process of its own, so that time and memory are that step's: ``growth.py`` starts it.

generate  fill a new warehouse
publish   publish everything for the first time
day       a daily run: the passes of ``flows/passes.py`` as they are, but for reading pages, whose rows are there already
collect   what a collecting pass has to know of the history before it polls
ask       queries on the published file

Writes one JSON object to the standard output.
"""

from __future__ import annotations

import argparse
import json
import re
import resource
import shutil
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from benchmarks import growth_world as world  # noqa: E402
from flows import passes  # noqa: E402
from flows.environment import Environment  # noqa: E402
from transforms import reading  # noqa: E402
from transforms.reading import Reading  # noqa: E402
from warehouse import audit, load, publish  # noqa: E402
from warehouse.database import open_warehouse  # noqa: E402

MANY, MEMORY_WHOLE = 5_000_000, 6_000  # so many articles are published as a whole with so many megabytes for the database; a day is not
VERSION = "benchmark"
THREADS = 2
MEMORY_MEGABYTES = 2500
ROUNDS = 5

Figures = dict[str, Any]


# ---- the clock of the steps


@dataclass(slots=True)
class Steps:
    """Seconds by step. A step inside another one is told apart only where it is named as a part of it."""

    seconds: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    statements: list[tuple[float, str]] = field(default_factory=list)
    running: list[str] = field(default_factory=list)
    results: dict[str, Any] = field(default_factory=dict)  # what the steps returned last
    memory: list[tuple[str, float]] = field(default_factory=list)  # the peak so far, as each step ended

    def wrap(self, module: Any, name: str, label: str, inside: str | None = None) -> None:
        """Measure a function of a module, where it is called outside other steps or within the step ``inside``."""
        function: Callable[..., Any] = getattr(module, name)

        def measured(*values: Any, **named: Any) -> Any:
            if self.running != ([inside] if inside else []):
                return function(*values, **named)
            with self.step(label):
                result = function(*values, **named)
            self.results[label] = result
            return result

        replace(module, name, measured)

    @contextmanager
    def step(self, label: str) -> Iterator[None]:
        self.running.append(label)
        begun = time.perf_counter()
        try:
            yield
        finally:
            took = time.perf_counter() - begun
            self.running.pop()
            self.seconds[label] += took
            self.memory.append((label, peak_megabytes()))
            if self.running:
                self.seconds[self.running[-1]] -= took  # the rest of the step around it


STEPS = Steps()


class Watched:
    """A connection that notes how long each statement takes."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, steps: Steps) -> None:
        self._connection, self._steps, self._label = connection, steps, ""

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)

    def execute(self, query: str, parameters: Any = None) -> Watched:
        parts = [query] if parameters is not None else [part.query for part in self._connection.extract_statements(query)]
        for number, part in enumerate(parts):
            self._label = re.sub(r"\s+", " ", re.sub(r"(?m)^\s*--.*$", "", part)).strip()[:150]
            with self._noted():
                self._connection.execute(part, parameters)
                if number < len(parts) - 1:
                    self._connection.fetchall()
        return self

    def executemany(self, query: str, parameters: Any) -> Watched:
        self._label = query[:150]
        with self._noted():
            self._connection.executemany(query, parameters)
        return self

    def fetchall(self) -> Any:
        with self._noted():
            return self._connection.fetchall()

    def fetchnumpy(self) -> Any:
        with self._noted():
            return self._connection.fetchnumpy()

    def fetch_df_chunk(self, vectors: int) -> Any:
        with self._noted():
            return self._connection.fetch_df_chunk(vectors)

    def commit(self) -> None:
        self._label = f"COMMIT after {self._label}"[:150]
        with self._noted():
            self._connection.commit()

    @contextmanager
    def _noted(self) -> Iterator[None]:
        begun, before = time.perf_counter(), peak_megabytes()
        try:
            yield
        finally:
            grown = peak_megabytes() - before
            where = " > ".join(self._steps.running)
            self._steps.statements.append(
                (time.perf_counter() - begun, f"{where}: {self._label}" + (f" (+{grown:.0f} MB)" if grown > 50 else ""))
            )


def replace(module: Any, name: str, function: Any) -> None:
    """Put something of the benchmark's in the place of a function of the program, which must have it."""
    getattr(module, name)
    setattr(module, name, function)


def peak_megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


# ---- the steps


def measure_generation(folder: Path, press: world.Press) -> Figures:
    world.write_history(folder / "warehouse.duckdb", press, memory_megabytes=5000)
    with open_warehouse(folder / "warehouse.duckdb") as connection:
        counts = {
            name: connection.execute(f"SELECT count(*) FROM {table}").fetchall()[0][0]
            for name, table in (("articles", "core.pages"), ("mentions", "core.page_mentions"), ("statements", "core.page_endorsements"))
        }
        (counts["texts"],) = connection.execute("SELECT count(text) FROM core.pages").fetchall()[0]
    return {"counts": counts}


def measure_publication(folder: Path, press: world.Press) -> Figures:
    surroundings = environment(folder, press, press.days - 1, MEMORY_WHOLE if press.articles > MANY else MEMORY_MEGABYTES)
    run_id = "f" * 32
    with whole_run(), passes.recorded_run(surroundings, run_id, "run"):
        passes.publish_pass(surroundings, run_id)
    return {"bytes": sizes(folder)}


def measure_day(folder: Path, press: world.Press, day: int) -> Figures:
    found = folder / f"day-{day}"
    (surroundings := environment(folder, press, day)).archive.mkdir(exist_ok=True)
    readings = list(prepared(found))

    def read_all(_environment: Environment, rows: Sequence[Any], *_others: Any) -> Iterator[Reading]:
        if len(rows) != len(readings):
            raise SystemExit(f"{len(rows)} pages are to be read and {len(readings)} are ready: the warehouse is not as it was generated")
        return iter(readings)

    replace(passes, "_read_all", read_all)
    shutil.copyfile(found / "journal.jsonl", surroundings.archive / f"day-{day}.jsonl")
    run_id = f"{day:032x}"
    before = peak_megabytes()
    with whole_run(), passes.recorded_run(surroundings, run_id, "run"):
        summary = passes.process_pass(surroundings, run_id)
        passes.publish_pass(surroundings, run_id)
    grown = STEPS.results["publish: what is known"] is not None
    return {"pages": summary.pages, "grown": grown, "megabytes_before": before, "bytes": sizes(folder)}


def measure_collecting(folder: Path, press: world.Press) -> Figures:
    with open_warehouse(folder / "warehouse.duckdb", MEMORY_MEGABYTES) as connection:
        connection.execute(f"SET threads = {THREADS}").fetchall()
        watched: Any = Watched(connection, STEPS)
        with whole_run():
            state = load.collection_state(watched)
    return {"known": sum(len(items) for items in state.known.values())}


def measure_queries(folder: Path, press: world.Press) -> Figures:
    figures: Figures = {}
    last = press.on(press.days - 1)
    with duckdb.connect(str(folder / "coverage.duckdb"), read_only=True) as connection:
        outlet, day, candidate = connection.execute(
            """
            SELECT outlet_id, day, candidate_id FROM coverage_by_outlet_day
            WHERE day < ? ORDER BY mentions DESC, outlet_id, day, candidate_id LIMIT 1
            """,
            [last],
        ).fetchall()[0]
    values = {"outlet": outlet, "day": day, "candidate": candidate, "last": last}
    for name, query in QUERIES.items():
        took, rows = [], 0
        for _ in range(ROUNDS):
            with duckdb.connect(str(folder / "coverage.duckdb"), read_only=True, config={"threads": THREADS}) as connection:
                connection.execute("SET TimeZone = 'UTC'").fetchall()
                begun = time.perf_counter()
                rows = (
                    connection.sql(query, params={key: value for key, value in values.items() if f"${key}" in query})
                    .to_arrow_table()
                    .num_rows
                )
                took.append(time.perf_counter() - begun)
        figures[name] = {"median": statistics.median(took), "worst": max(took), "rows": rows}
    return {"queries": figures}


QUERIES = {
    "every cell: outlet, day, candidate": "SELECT outlet_id, day, candidate_id, articles, mentions FROM coverage_by_outlet_day",
    "all, summed by outlet and candidate": """
        SELECT outlet_id, candidate_id, sum(articles) AS articles, sum(mentions) AS mentions, sum(total_articles) AS total_articles
        FROM coverage_by_outlet_day GROUP BY ALL ORDER BY ALL
    """,
    "a week by outlet and day, one candidate": """
        SELECT outlet_id, day, articles, mentions, total_articles, share_of_voice, collection_status, is_final
        FROM coverage_by_outlet_day WHERE candidate_id = $candidate AND day BETWEEN $day::DATE - 6 AND $day::DATE ORDER BY ALL
    """,
    "a year by month and candidate": """
        SELECT date_trunc('month', day) AS month, candidate_id, sum(articles) AS articles, sum(mentions) AS mentions
        FROM coverage_by_outlet_day WHERE day BETWEEN $last::DATE - 364 AND $last::DATE GROUP BY ALL ORDER BY ALL
    """,
    "the receipts of a cell": """
        SELECT article_id, url, title, surface, sentence FROM receipts
        WHERE outlet_id = $outlet AND day = $day AND candidate_id = $candidate ORDER BY ALL
    """,
    "not from the counts but from the mentions": """
        SELECT outlet_id, published_on AS day, candidate_id, count(*) AS mentions, count(DISTINCT article_id) AS articles
        FROM mentions INNER JOIN articles USING (article_id) GROUP BY ALL
    """,
}


# ---- surroundings


def environment(folder: Path, press: world.Press, day: int, memory_megabytes: int = MEMORY_MEGABYTES) -> Environment:
    """A data folder whose clock stands at the end of a day. The code's version stands still too, so that a folder can be used again."""
    return Environment(
        folder=folder,
        configuration=world.configuration(press, memory_megabytes),
        data=folder,
        clock=lambda: press.ends_at(day),
        config_hash=VERSION,
        code_version=VERSION,
    )


def prepared(folder: Path) -> Iterator[Reading]:
    """The rows that reading the day's pages leaves, a page at a time."""
    rows: dict[str, dict[str, list[dict[str, Any]]]] = defaultdict(dict)
    for table in world.CORE:
        for row in pl.read_parquet(folder / f"{table}.parquet").iter_rows(named=True):
            rows[row["fetch_id"]].setdefault(table, []).append(row)
    for found in rows.values():
        yield Reading(page=found.pop("pages")[0], annotations={table: tuple(each) for table, each in found.items()})


@contextmanager
def whole_run() -> Iterator[None]:
    begun = time.perf_counter()
    cpu = time.process_time()
    yield
    STEPS.seconds["all"] = time.perf_counter() - begun
    STEPS.seconds["cpu"] = time.process_time() - cpu


def watch(*, statements: bool) -> None:
    """Measure the steps of the passes, and with ``statements`` each statement too."""

    @contextmanager
    def opened(path: Path, megabytes: int = MEMORY_MEGABYTES) -> Iterator[Any]:
        manager = open_warehouse(path, megabytes)
        with STEPS.step("open the warehouse"):
            connection = manager.__enter__()
        connection.execute(f"SET threads = {THREADS}").fetchall()
        try:
            yield Watched(connection, STEPS) if statements else connection
        except BaseException:
            if not manager.__exit__(*sys.exc_info()):
                raise
        else:
            with STEPS.step("close the warehouse"):
                manager.__exit__(None, None, None)

    replace(passes, "open_warehouse", opened)
    for name in (
        "start_run",
        "end_run",
        "load_journals",
        "replace_configuration",
        "clear_staging",
        "pages_to_read",
        "stage",
        "commit_batch",
        "pages_waiting",
    ):
        STEPS.wrap(load, name, name)
    STEPS.wrap(passes, "_annotate_changed", "articles_to_annotate")
    STEPS.wrap(passes, "build_reader", "build_reader")
    STEPS.wrap(audit, "audit", "audit of the batch")
    STEPS.wrap(audit, "record", "record its results")
    STEPS.wrap(passes, "keep", "keep the snapshot")
    for module, name, label in (
        (publish, "_known_sums", "publish: what is known"),
        (publish, "build_tables", "publish: tables"),
        (publish, "audit", "publish: audit"),
        (publish, "find_revisions", "publish: revisions"),
        (publish, "_copy_history", "publish: history"),
        (publish, "_put_in_place", "publish: put in place"),
    ):
        STEPS.wrap(module, name, label, inside="publish: the rest, copying the file")
    STEPS.wrap(passes, "publish", "publish: the rest, copying the file")


def sizes(folder: Path) -> dict[str, int]:
    return {name: (folder / f"{name}.duckdb").stat().st_size for name in ("warehouse", "coverage")}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("step", choices=("generate", "prepare", "publish", "day", "collect", "ask"))
    parser.add_argument("folder", type=Path)
    parser.add_argument("press", help="the fields of Press, as JSON")
    parser.add_argument("--day", type=int, default=0)
    parser.add_argument("--statements", action="store_true", help="the slowest statements too")
    args = parser.parse_args()
    press = world.Press(**json.loads(args.press))
    replace(reading, "source_hash", lambda *_: VERSION)  # what was generated stays read when the code changes
    watch(statements=args.statements)
    begun = time.perf_counter()
    figures: Figures
    if args.step == "generate":
        figures = measure_generation(args.folder, press)
    elif args.step == "prepare":
        world.write_day(args.folder / "warehouse.duckdb", press, args.day, args.folder / f"day-{args.day}")
        figures = {}
    elif args.step == "publish":
        figures = measure_publication(args.folder, press)
    elif args.step == "day":
        figures = measure_day(args.folder, press, args.day)
    elif args.step == "collect":
        figures = measure_collecting(args.folder, press)
    else:
        figures = measure_queries(args.folder, press)
    figures |= {"seconds": time.perf_counter() - begun, "steps": dict(STEPS.seconds), "megabytes": peak_megabytes(), "memory": STEPS.memory}
    if args.statements or args.step == "collect":
        figures["statements"] = summed(STEPS.statements)
    print(json.dumps(figures))
    return 0


def summed(statements: list[tuple[float, str]]) -> list[tuple[float, str]]:
    """The slowest statements; the parts of one are added up."""
    total: dict[str, float] = defaultdict(float)
    for seconds, label in statements:
        total[label] += seconds
    return sorted(((round(seconds, 3), label) for label, seconds in total.items()), reverse=True)[:80]


if __name__ == "__main__":
    sys.exit(main())
