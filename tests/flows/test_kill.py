"""SIGKILL at ten moments of a run, and the run again: nothing is lost, nothing doubled, the content is that of a run without disturbance.

The program that is killed is this file itself, started as a program: it puts its own hooks around the steps of a run and ends itself,
without any chance to tidy up, when the moment comes.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]

if __name__ == "__main__":
    sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

import pytest  # noqa: E402
from newsroom_fixtures import (  # noqa: E402
    HOSTS,
    MORNING,
    Press,
    Story,
    ask,
    ask_warehouse,
    content,
    small_press,
    stories,
    surroundings,
    write_config,
)

LATER = MORNING + timedelta(hours=2)
MOMENTS = (
    "before-the-first-poll", "within-a-warc-record", "between-record-and-journal", "within-a-journal-line", "after-some-pages",
    "while-journals-are-loaded", "staging-half-filled", "before-the-batch-is-committed", "after-the-batch-is-committed",
    "building-the-file", "before-the-file-is-put-in-place", "after-the-file-is-put-in-place", "while-the-report-is-written",
)  # fmt: skip


# ---- the program that is killed


def die(*_: object, **__: object) -> Any:
    """End without a word, as the kernel would end us."""
    os.kill(os.getpid(), signal.SIGKILL)


def at_call(owner: Any, name: str, number: int = 1, *, after: bool = False, instead: Callable[..., Any] = die) -> None:
    """Die at (or after) the ``number``-th call of ``owner.name``."""
    real, calls = getattr(owner, name), [0]

    def hooked(*arguments: Any, **named: Any) -> Any:
        calls[0] += 1
        if calls[0] != number:
            return real(*arguments, **named)
        if after:
            real(*arguments, **named)
        return instead(*arguments, **named)

    setattr(owner, name, hooked)


def half_a_record(writer: Any, *given: Any, **named: Any) -> None:
    """Write a WARC record of which only half reaches the file."""
    file = writer._open()
    at = file.tell()
    type(writer).real_write(writer, *given, **named)
    end = file.tell()
    file.flush()
    os.truncate(file.name, at + (end - at) // 2)
    die()


def half_a_line(journal: Any, **_: Any) -> None:
    """Begin a line of the journal."""
    journal._file.write(b'{"event":"fetch","run_id":"')
    journal._file.flush()
    die()


def prepare(moment: str) -> None:
    """Put the hooks in."""
    import warehouse.build as building
    import warehouse.publish as publishing
    from flows import passes
    from flows.collectors.archive import ArchiveWriter
    from flows.collectors.journal import Journal
    from warehouse import load

    ArchiveWriter.real_write = ArchiveWriter.write  # type: ignore[attr-defined]
    passes.CHUNK = 3
    match moment:
        case "before-the-first-poll":
            at_call(passes, "collect_outlets")
        case "within-a-warc-record":
            at_call(ArchiveWriter, "write", 4, instead=half_a_record)
        case "between-record-and-journal":
            at_call(ArchiveWriter, "write", 5, after=True)
        case "within-a-journal-line":
            at_call(Journal, "fetch", 2, instead=half_a_line)
        case "after-some-pages":
            at_call(Journal, "fetch", 3, after=True)
        case "while-journals-are-loaded":
            at_call(load, "_load_journal", after=True)
        case "staging-half-filled":
            at_call(load, "stage", 2)
        case "before-the-batch-is-committed":
            at_commit()
        case "after-the-batch-is-committed":
            at_call(load, "commit_batch", after=True)
        case "building-the-file":
            at_call(building, "_run", 20)
        case "before-the-file-is-put-in-place":
            at_call(publishing, "_put_in_place")
        case "after-the-file-is-put-in-place":
            at_call(publishing, "_put_in_place", after=True)
        case "while-the-report-is-written":
            at_call(passes, "report_pass")
        case _:
            raise ValueError(moment)


def at_commit() -> None:
    """Die in the transaction that takes the batch over: its outcomes are written, its pages are not."""
    from warehouse import load

    real = load.sql
    load.sql = lambda name: die() if name == "statements/commit_batch.sql" else real(name)  # type: ignore[assignment]


def main(config: str, moment: str, *more: str) -> None:
    prepare(moment)
    from flows.cli import call

    sys.exit(call(["run", "--config", config, *more]))


# ---- the tests


def killed_run(config: Path, press: Press, moment: str, *more: str) -> None:
    """Through a file, not a pipe: what Prefect started for itself outlives the kill and would hold a pipe open. It ends with its group."""
    variables = {**os.environ, **press.environment(LATER)}
    with (config.parent / "said").open("wb") as said:
        program = [sys.executable, __file__, str(config), moment, *more]
        process = subprocess.Popen(program, env=variables, cwd=config.parent, stdout=said, stderr=said, start_new_session=True)
        try:
            status = process.wait(120)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    assert status == -signal.SIGKILL, (config.parent / "said").read_text(errors="replace")[-2000:]


def plain_run(config: Path, press: Press, *more: str) -> None:
    from flows.cli import call

    with surroundings(**press.environment(LATER)):
        assert call(["run", "--no-prefect", "--config", str(config), *more]) == 0


def morning(folder: Path) -> Path:
    """A newsroom whose first run went well; since then every outlet has three more stories and one of them is down."""
    from flows.cli import call

    config = write_config(folder / "config", HOSTS)
    with small_press() as press, surroundings(**press.environment()):
        assert call(["run", "--no-prefect", "--config", str(config)]) == 0
    return config


def later_press() -> Press:
    press = small_press()
    for host in ("courier.example", "harbour.example"):
        fresh = [
            Story(
                url=f"http://{host}/late/{number}",
                title=f"Late {number} of {host}",
                paragraphs=story.paragraphs[::-1],
                published=MORNING + timedelta(hours=1, minutes=number),
            )
            for number, story in enumerate(stories(host, count=3))
        ]
        press.feed(f"http://{host}/feed", [*fresh, *stories(host)])
    press.failing.add("tribune.example")
    return press


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Any:
    config = morning(tmp_path_factory.mktemp("undisturbed"))
    with later_press() as press:
        plain_run(config, press)
    return content(config), ends(config)


def ends(config: Path) -> list[tuple[Any, ...]]:
    """How each item ended, whichever run it was in."""
    return ask(config, "SELECT url, outcome, reason FROM outcomes ORDER BY ALL")


def kill_and_compare(tmp_path: Path, undisturbed: Any, moment: str, *more: str) -> None:
    config = morning(tmp_path)
    before = content(config)
    with later_press() as press:
        killed_run(config, press, moment, *more)
        published = content(config)
        assert published in (before, undisturbed[0]), "the published file is the old one or the new one, whole"
        archive = {path: path.read_bytes() for path in (config.parent / "data" / "archive").rglob("*") if path.is_file()}
        plain_run(config, press)
        pages = [url for url in press.requests if "/late/" in url]
        if MOMENTS.index(moment) >= MOMENTS.index("while-journals-are-loaded"):
            assert len(pages) == len(set(pages)), "a page that is in the record is not asked for again"
    assert content(config) == undisturbed[0]
    assert ends(config) == undisturbed[1], "every item ends once"
    for path, bytes_before in archive.items():
        assert path.read_bytes() == bytes_before, "what a killed run left is not written to"
    assert ask_warehouse(config, "SELECT count(*) FROM history.runs WHERE status = 'running'") == [(0,)]
    left = [path.name for path in (config.parent / "data").iterdir() if "building" in path.name]
    assert left == [], "no half-built file stays behind"


@pytest.mark.system
def test_a_run_killed_while_it_collects(tmp_path: Path, undisturbed: Any) -> None:
    kill_and_compare(tmp_path, undisturbed, "within-a-journal-line", "--no-prefect")


@pytest.mark.system
@pytest.mark.parametrize("moment", MOMENTS)
def test_a_run_killed_at_any_moment(tmp_path: Path, undisturbed: Any, moment: str) -> None:
    kill_and_compare(tmp_path, undisturbed, moment, "--no-prefect")


@pytest.mark.system
def test_a_run_killed_twice_in_a_row(tmp_path: Path, undisturbed: Any) -> None:
    config = morning(tmp_path)
    with later_press() as press:
        killed_run(config, press, "within-a-warc-record", "--no-prefect")
        killed_run(config, press, "staging-half-filled", "--no-prefect")
        killed_run(config, press, "before-the-file-is-put-in-place", "--no-prefect")
        plain_run(config, press)
    assert content(config) == undisturbed[0]
    assert ends(config) == undisturbed[1]


@pytest.mark.system
def test_a_run_through_prefect_that_is_killed(tmp_path: Path, undisturbed: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PREFECT_HOME", str(tmp_path / "prefect"))
    kill_and_compare(tmp_path, undisturbed, "staging-half-filled")


if __name__ == "__main__":
    main(*sys.argv[1:])
