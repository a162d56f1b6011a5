"""A process that is killed and a disk that is full while a file is published: the file before stays whole and readable, and the next
publication succeeds with the hash of one that nobody disturbed.

The program that suffers is this file itself, started as a program; each case is a process of its own that it starts.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]

if __name__ == "__main__":
    sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(ROOT / "tests" / "warehouse")]

import builders as b  # noqa: E402
import duckdb  # noqa: E402
import pytest  # noqa: E402

from warehouse import publish  # noqa: E402
from warehouse.database import open_published, open_warehouse  # noqa: E402

FAILED = 3  # exit status of a publication that ended with an error
# what of the module publish is called when the process dies, and whether before or after the call. In the order of a publication.
MOMENTS = {
    "nothing is done": ("attach_previous", "before"),
    "the file is begun": ("build_tables", "before"),
    "the tables are filled": ("build_tables", "after"),
    "the file is judged": ("record", "after"),
    "the history is copied": ("_copy_history", "after"),
    "the file is whole": ("_put_in_place", "before"),
    "the file is about to take its place": ("os.replace", "before"),
    "the file is in place": ("os.replace", "after"),
    "the run is closed": ("_remember", "after"),
}
IN_PLACE = ("the file is in place", "the run is closed")


# ---- the program that suffers


def die(*_: object, **__: object) -> None:
    """End without a word, as the kernel would end us."""
    os.kill(os.getpid(), signal.SIGKILL)


def prepare(moment: str) -> None:
    """Die at a moment."""
    name, when = MOMENTS[moment]
    owner, name = (os, "replace") if name == "os.replace" else (publish, name)
    real: Callable[..., Any] = getattr(owner, name)

    def hooked(*arguments: Any, **named: Any) -> Any:
        if when == "before":
            die()
        done = real(*arguments, **named)
        die()
        return done

    setattr(owner, name, hooked)


def publish_once(folder: str, *, moment: str | None = None, most_bytes: int | None = None, anew: bool = False) -> int:
    """Publish what the warehouse of a folder holds; the exit status. ``most_bytes``: no file may grow beyond."""
    publish.audit = lambda *_, **__: []  # type: ignore[assignment] # it has tests of its own
    if moment is not None:
        prepare(moment)
    if most_bytes is not None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # an error of the call instead, as on a full disk
        resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, resource.RLIM_INFINITY))
    try:
        with open_warehouse(Path(folder) / "warehouse.duckdb") as connection:
            b.World(connection, Path(folder)).publish(run_id="disturbed", anew=anew)
    except (OSError, duckdb.Error) as error:
        with suppress(OSError):  # where no space is left, this too
            os.write(2, f"{type(error).__name__}: {error}\n".encode())
        return FAILED
    return 0


def main(cases: str) -> None:
    """Each case in a process of its own; how they ended on standard output."""
    ends = []
    for case in json.loads(cases):
        child = os.fork()
        if not child:
            os._exit(publish_once(**case))
        ends.append(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
    json.dump(ends, sys.stdout)


# ---- what is given, and what has to hold


def run(cases: list[dict[str, Any]], *wrapper: str) -> list[int]:
    program = [*wrapper, sys.executable, __file__, json.dumps(cases)]
    done = subprocess.run(program, capture_output=True, text=True, timeout=300, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    ends: list[int] = json.loads(done.stdout)
    return ends


class Given:
    """A warehouse that published one article and has since been given more: to be copied for each case."""

    def __init__(self, folder: Path) -> None:
        self.folder, self._copies = folder / "given", 0
        self.folder.mkdir()
        with pytest.MonkeyPatch.context() as patch, b.world(self.folder) as world:
            patch.setattr(publish, "audit", lambda *_, **__: [])
            self._add(world, "first")
            self.before = str(world.publish(run_id="before").snapshot_hash)
            self._add(world, *(f"later-{number}" for number in range(40)))
        self.bytes = (self.folder / "coverage.duckdb").read_bytes()
        self.after = self.publish(self.copy())

    def _add(self, world: b.World, *names: str) -> None:
        events = [b.fetch(name, "2024-07-03 08:00") for name in names]
        world.record(*events)
        texts = [f"Ann Stone {b.digest(name) * 500}." for name in names]  # long ones: both files have to grow
        rows = [b.page(event, text=text, published="2024-07-02 07:00") for event, text in zip(events, texts, strict=True)]
        world.add(*rows, mentions=[b.mention(row, "ann") for row in rows])

    def copy(self) -> Path:
        """As it was, with the times of the files, by which the published one is known."""
        self._copies += 1
        return Path(shutil.copytree(self.folder, self.folder.parent / str(self._copies)))

    def publish(self, folder: Path) -> str:
        with pytest.MonkeyPatch.context() as patch, open_warehouse(folder / "warehouse.duckdb") as connection:
            patch.setattr(publish, "audit", lambda *_, **__: [])
            return str(b.World(connection, folder).publish(run_id="next").snapshot_hash)

    def check(self, folder: Path, *, in_place: bool = False) -> None:
        """The file is the one before or the new one, whole; the next publication is the undisturbed one; nothing else is left."""
        target = folder / "coverage.duckdb"
        if not in_place:
            assert target.read_bytes() == self.bytes
        with open_published(target) as connection:
            told = connection.execute("SELECT snapshot_hash, (SELECT count(*) FROM articles) FROM snapshot").fetchall()
            assert told == [(self.after, 41) if in_place else (self.before, 1)]
        assert self.publish(folder) == self.after
        with open_published(target) as connection:
            assert publish.content_hash(connection, "coverage") == self.after
        assert {path.name for path in folder.iterdir()} <= {"coverage.duckdb", "warehouse.duckdb", "archive"}
        with open_warehouse(folder / "warehouse.duckdb") as connection:
            runs = connection.execute("SELECT run_id, status FROM history.runs WHERE run_id <> 'disturbed' ORDER BY run_id").fetchall()
            assert runs == [("before", "succeeded"), ("next", "succeeded")]
            assert connection.execute("SELECT count(*) FROM core.pages").fetchall() == [(41,)]


@pytest.fixture(scope="module")
def given(tmp_path_factory: pytest.TempPathFactory) -> Given:
    return Given(tmp_path_factory.mktemp("faults"))


# ---- killed


def kill(given: Given, moments: dict[str, bool]) -> None:
    folders = {moment: given.copy() for moment in moments}
    ends = run([{"folder": str(folder), "moment": moment, "anew": moments[moment]} for moment, folder in folders.items()])
    assert ends == [-signal.SIGKILL] * len(folders)
    for moment, folder in folders.items():
        given.check(folder, in_place=moment in IN_PLACE)


def test_a_process_killed_at_some_moments(given: Given) -> None:
    kill(given, {"the file is about to take its place": True, "the file is in place": False})


@pytest.mark.system
@pytest.mark.parametrize("anew", [False, True], ids=["grown", "anew"])
def test_a_process_killed_at_any_moment(given: Given, *, anew: bool) -> None:
    kill(given, dict.fromkeys(MOMENTS, anew))


# ---- a full disk: no file may grow beyond a size, and what reaches it fails, be it the new file or the private warehouse


def test_a_disk_that_is_full(given: Given) -> None:
    cases = {(share, anew): given.copy() for share, anew in ((0.9, False), (0.5, True))}
    ends = run([limited(given, folder, share, anew=anew) for (share, anew), folder in cases.items()])
    assert ends == [FAILED] * len(cases)
    for folder in cases.values():
        given.check(folder)


def limited(given: Given, folder: Path, share: float, *, anew: bool) -> dict[str, Any]:
    return {"folder": str(folder), "most_bytes": int(len(given.bytes) * share), "anew": anew}


@pytest.mark.system
@pytest.mark.parametrize("anew", [False, True], ids=["grown", "anew"])
def test_a_disk_that_is_full_sooner_or_later(given: Given, *, anew: bool) -> None:
    """The last sizes are enough for the new file, but not for the private warehouse."""
    cases = {share: given.copy() for share in (0.01, 0.1, 0.3, 0.6, 0.99, 1.05, 1.2, 1.4, 1.6, 1.8, 2.0, 2.3)}
    ends = run([limited(given, folder, share, anew=anew) for share, folder in cases.items()])
    assert set(ends) == {0, FAILED}
    for folder, end in zip(cases.values(), ends, strict=True):
        given.check(folder, in_place=end == 0)


# ---- killed, or out of space, at any call of the system


@pytest.fixture(scope="module")
def strace() -> None:
    if shutil.which("strace") is None:
        pytest.skip("strace is not installed (Debian package strace)")
    if subprocess.run(["strace", "-f", "-o", os.devnull, "true"], capture_output=True, check=False).returncode != 0:
        pytest.skip("strace may not trace processes here")


def traced(folder: Path, *injections: str, anew: bool = False) -> int:
    """Publish with faults injected into calls of the system; how it ended. A call is counted in each thread by itself."""
    inject = [word for injection in injections for word in ("-e", f"inject={injection}")]
    program = [sys.executable, "-B", __file__, "--once", json.dumps({"folder": str(folder), "anew": anew})]
    command = ["strace", "-f", "-qq", "-o", os.devnull, *inject, *program]
    return subprocess.run(command, capture_output=True, timeout=300, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=False).returncode


@pytest.mark.system
@pytest.mark.usefixtures("strace")
@pytest.mark.parametrize("call", ["pwrite64", "fdatasync", "write", "rename", "sendfile"])
def test_a_process_killed_at_a_call_of_the_system(given: Given, call: str) -> None:
    ends = []
    for number in (1,) if call in {"rename", "sendfile"} else (1, 4, 8, 12):
        folder = given.copy()
        ends.append(traced(folder, f"{call}:signal=KILL:when={number}"))
        given.check(folder, in_place=(folder / "coverage.duckdb").read_bytes() != given.bytes)
    assert ends[0] == -signal.SIGKILL
    assert set(ends) <= {-signal.SIGKILL, 0}, "the last ones may be never reached"


@pytest.mark.system
@pytest.mark.usefixtures("strace")
@pytest.mark.parametrize("number", [1, 4, 8, 12])
@pytest.mark.parametrize("anew", [False, True], ids=["grown", "anew"])
def test_no_space_is_left_from_some_call_on(given: Given, number: int, *, anew: bool) -> None:
    folder = given.copy()
    end = traced(folder, f"pwrite64,write:error=ENOSPC:when={number}+", anew=anew)
    assert end == FAILED
    given.check(folder, in_place=(folder / "coverage.duckdb").read_bytes() != given.bytes)


if __name__ == "__main__":
    if sys.argv[1] == "--once":
        os._exit(publish_once(**json.loads(sys.argv[2])))
    main(*sys.argv[1:])
