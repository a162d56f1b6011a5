"""Fifty readers ask while twenty publications happen: no error, and every answer is that of one publication as a whole.

The program that reads is this file itself, started twice: threads with connections of their own, some opened anew for each answer, some
open all the time. All of them ask at once at the moment at which a file is put in place, while the next one is being made.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]

if __name__ == "__main__":
    sys.path[:0] = [str(ROOT)]

import duckdb  # noqa: E402
import pytest  # noqa: E402

from warehouse.database import open_published  # noqa: E402

PROCESSES, PUBLICATIONS = 2, 20
READERS = {"anew": 7, "anew as the program does": 5, "open all the time": 13}  # in each process
QUESTIONS = (
    "SELECT run_id, snapshot_hash FROM snapshot",
    "SELECT (SELECT count(*) FROM articles), (SELECT count(*) FROM mentions), (SELECT sum(article_count)::BIGINT FROM stories)",
    """
    SELECT sum(articles) FILTER (candidate_id = 'ann')::BIGINT, sum(mentions) FILTER (candidate_id = 'ann')::BIGINT,
        sum(articles) FILTER (candidate_id = 'bob')::BIGINT, sum(total_articles) FILTER (candidate_id = 'bob')::BIGINT
    FROM coverage_by_outlet_day
    """,
    "SELECT count(*), (SELECT count(*) FROM runs) FROM articles JOIN article_candidates USING (article_id)",
)


def whole(number: int) -> tuple[int, ...]:
    """What is told of the ``number``-th publication: each adds an article that names one person, and one that names two."""
    return (2 * number, 3 * number, 2 * number, 2 * number, 2 * number, number, 2 * number, 3 * number, number)


# ---- the program that reads


@contextmanager
def private(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """As another program would open it: nothing is shared with the other readers of this process."""
    with duckdb.connect(config={"threads": 1}) as connection:
        connection.execute(f"ATTACH '{path}' AS coverage (READ_ONLY)").fetchall()
        connection.execute("USE coverage").fetchall()
        yield connection


def ask(connection: duckdb.DuckDBPyConnection) -> tuple[Any, ...]:
    return tuple(value for question in QUESTIONS for value in connection.execute(question).fetchall()[0])


class Reading:
    """What the readers of this process were told. Each asks once at the start and once for every line on standard input."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.answers: Counter[tuple[Any, ...]] = Counter()
        self.errors: list[str] = []
        self.rounds, self.told, self.is_over = 1, threading.Condition(), False

    def read(self, kind: str, begun: threading.Semaphore) -> None:
        try:
            if kind == "open all the time":
                with private(self.path) as connection:
                    for _ in self.turns(begun):
                        self.note(kind, ask(connection))
            else:
                opened = private if kind == "anew" else open_published
                for _ in self.turns(begun):
                    with opened(self.path) as connection:
                        self.note(kind, ask(connection))
        except Exception as error:  # noqa: BLE001 - told to the test, whatever it is
            self.errors.append(f"{kind}: {type(error).__name__}: {error}")
        finally:
            begun.release()

    def note(self, kind: str, answer: tuple[Any, ...]) -> None:
        with self.told:
            self.answers[(kind, *answer)] += 1

    def turns(self, begun: threading.Semaphore) -> Iterator[None]:
        taken = 0
        while True:
            with self.told:
                while self.rounds == taken and not self.is_over:
                    self.told.wait()
                if self.rounds == taken:
                    return
            yield
            if taken == 0:
                begun.release()
            taken += 1

    def listen(self) -> None:
        for _ in sys.stdin:
            with self.told:
                self.rounds += 1
                self.told.notify_all()
        with self.told:
            self.is_over = True
            self.told.notify_all()


def main(path: str) -> None:
    reading, begun = Reading(Path(path)), threading.Semaphore(0)
    kinds = [kind for kind, number in READERS.items() for _ in range(number)]
    threads = [threading.Thread(target=reading.read, args=(kind, begun)) for kind in kinds]
    for thread in threads:
        thread.start()
    for _ in threads:
        begun.acquire()
    sys.stdout.write("reading\n")
    sys.stdout.flush()
    reading.listen()
    for thread in threads:
        thread.join()
    json.dump({"answers": [[*answer, number] for answer, number in reading.answers.items()], "errors": reading.errors}, sys.stdout)


# ---- the test


@contextmanager
def readers(path: Path) -> Iterator[list[subprocess.Popen[str]]]:
    program = [sys.executable, __file__, str(path)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    started = [
        subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment) for _ in range(PROCESSES)
    ]
    try:
        for process in started:
            assert process.stdout is not None
            assert process.stdout.readline() == "reading\n"
        yield started
    finally:
        for process in started:
            process.kill()
            process.communicate()


def tell(started: list[subprocess.Popen[str]]) -> None:
    """Have every reader ask once more."""
    for process in started:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()


@pytest.mark.system
def test_readers_see_one_publication_as_a_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import builders as b

    from warehouse import publish
    from warehouse.snapshots import keep

    monkeypatch.setattr(publish, "audit", lambda *_, **__: [])  # it has tests of its own
    hashes: dict[str, str] = {}

    def add_and_publish(world: b.World, number: int) -> None:
        """On another day each time, so that old days change too."""
        pages, mentions = [], []
        for name, people in (("one", ["ann"]), ("two", ["ann", "bob"])):
            event = b.fetch(f"{name}-{number}", f"2024-07-09 08:{number:02}")
            world.record(event)
            text = " and ".join(f"{person.title()} Stone" for person in people) + f" in {name} number {number}."
            pages.append(b.page(event, text=text, published=f"2024-07-0{number % 7 + 1} 07:00"))
            mentions += [b.mention(pages[-1], person) for person in people]
        world.add(*pages, mentions=mentions)
        run_id = f"run-{number}"
        hashes[run_id] = str(world.publish(run_id=run_id).snapshot_hash)
        keep(world.target, world.folder / "snapshots", 3)

    with b.world(tmp_path) as world:
        world.record(*(b.poll(f"2024-07-{day:02} 06:00", known=day > 1) for day in range(1, 10)))
        add_and_publish(world, 1)
        with readers(world.target) as started:
            put_in_place = publish._put_in_place

            def put_in_place_while_they_read(building: Path, target: Path) -> None:
                tell(started)
                put_in_place(building, target)

            monkeypatch.setattr(publish, "_put_in_place", put_in_place_while_they_read)
            for number in range(2, PUBLICATIONS + 2):
                add_and_publish(world, number)
            tell(started)
            told = [json.loads(process.communicate()[0]) for process in started]  # ends their standard input
    last = f"run-{PUBLICATIONS + 1}"
    assert len(set(hashes.values())) == PUBLICATIONS + 1
    assert [error for said in told for error in said["errors"]] == []
    for said in told:
        seen: dict[str, set[str]] = {kind: set() for kind in READERS}
        for kind, run_id, digest, *numbers, _ in said["answers"]:
            assert digest == hashes[run_id]
            assert tuple(numbers) == whole(int(run_id.removeprefix("run-"))), (kind, run_id)
            seen[kind].add(run_id)
        assert seen["open all the time"] == {"run-1"}, "what was opened stays as it was"
        assert {"run-1", last} <= seen["anew"]
        assert sum(answer[-1] for answer in said["answers"]) == (PUBLICATIONS + 2) * sum(READERS.values())


if __name__ == "__main__":
    main(*sys.argv[1:])
