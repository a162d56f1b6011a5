"""Whole passes over a small press: what is asked for twice, what is counted, what one outlet's failure costs the others."""

from __future__ import annotations

import multiprocessing
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from newsroom_fixtures import (
    HOSTS,
    MORNING,
    SECOND_CANDIDATE,
    WATCHLIST,
    Press,
    Reply,
    Story,
    ask,
    ask_warehouse,
    content,
    small_press,
    snapshot_hash,
    stories,
    surroundings,
    write_config,
)

from flows import passes
from flows.cli import call
from flows.environment import load_environment, new_run_id, sole_run

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def press() -> Iterator[Press]:
    with small_press() as press, surroundings(**press.environment()):
        yield press


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return write_config(tmp_path / "config", HOSTS)


def run(config: Path, *more: str) -> int:
    return call(["run", "--no-prefect", "--config", str(config), *more])


def mentions(config: Path) -> dict[str, int]:
    return dict(ask(config, "SELECT candidate_id, sum(mentions)::INTEGER FROM coverage_by_outlet_day GROUP BY ALL"))


def test_a_run_publishes_everything_and_a_second_run_changes_nothing(press: Press, config: Path) -> None:
    assert run(config) == 0
    first, hashed = content(config), snapshot_hash(config)
    assert len(first["articles"]) == 12
    assert {outlet for (outlet,) in ask(config, "SELECT DISTINCT outlet_id FROM articles")} == set(HOSTS)
    assert mentions(config)["mark-rutte"] > 0
    asked = press.asked("/2024/")
    assert asked == 12
    assert run(config) == 0
    assert press.asked("/2024/") == asked
    assert content(config) == first
    assert snapshot_hash(config) == hashed


def test_each_new_item_has_one_outcome(press: Press, config: Path) -> None:
    gone = Story(url="http://courier.example/gone", title="Gone", paragraphs=(), published=MORNING)
    listed = [
        *stories("courier.example"),
        gone,
        Story(url="http://elsewhere.example/x", title="Not ours", paragraphs=(), published=MORNING),
    ]
    press.feed("http://courier.example/feed", listed)
    del press.replies[gone.url]
    press.replies["http://harbour.example/robots.txt"] = Reply(body=b"User-agent: *\nDisallow: /2024/06/1-\n", content_type="text/plain")
    assert run(config) == 0
    assert ask(config, "SELECT count(*), count(DISTINCT item_id) FROM outcomes") == [(14, 14)]
    outcomes = dict(ask(config, "SELECT outcome || coalesce(':' || reason, ''), count(*) FROM outcomes GROUP BY ALL"))
    assert outcomes == {"published": 11, "failed:not_found": 1, "rejected:off_site": 1, "rejected:robots": 1}
    assert ask_warehouse(config, "SELECT count(*) FROM collection.items") == [(14,)]


@pytest.mark.system
def test_the_passes_alone_equal_a_run(press: Press, config: Path, tmp_path: Path) -> None:
    assert run(config) == 0
    apart = write_config(tmp_path / "apart" / "config", HOSTS)
    for command in ("collect", "process", "publish"):
        assert call([command, "--config", str(apart)]) == 0
    assert content(apart) == content(config)
    for command in ("publish", "process", "publish"):
        assert call([command, "--config", str(apart)]) == 0
    assert snapshot_hash(apart) == snapshot_hash(config)


@pytest.mark.system
def test_outlets_one_by_one_equal_all_at_once(press: Press, config: Path, tmp_path: Path) -> None:
    assert run(config) == 0
    apart = write_config(tmp_path / "apart" / "config", HOSTS)
    for outlet in sorted(HOSTS, reverse=True):
        assert call(["collect", "--config", str(apart), "--outlet", outlet]) == 0
    assert call(["process", "--config", str(apart)]) == 0
    assert call(["publish", "--config", str(apart)]) == 0
    assert content(apart) == content(config)


def test_publish_before_process_is_refused(press: Press, config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(["collect", "--config", str(config)]) == 0
    assert call(["process", "--config", str(config)]) == 0
    assert call(["publish", "--config", str(config)]) == 0
    before = snapshot_hash(config)
    late = Story(
        url="http://courier.example/2024/06/late", title="A late story", paragraphs=stories("late.example")[1].paragraphs, published=MORNING
    )
    press.feed("http://courier.example/feed", [late, *stories("courier.example")])
    with surroundings(**press.environment(MORNING + timedelta(hours=2))):
        assert call(["collect", "--config", str(config)]) == 0
        capsys.readouterr()
        assert call(["publish", "--config", str(config)]) == 1
        assert "frontrunner process" in capsys.readouterr().err
        assert snapshot_hash(config) == before
        assert call(["process", "--config", str(config)]) == 0
        assert call(["publish", "--config", str(config)]) == 0
    assert len(content(config)["articles"]) == 13


def test_a_new_candidate_changes_past_counts_without_a_request(press: Press, config: Path) -> None:
    assert run(config) == 0
    before = mentions(config)
    assert "klaus-iohannis" not in before
    asked = len(press.requests)
    (config / "watchlists" / "nato-secretary-general-2024.toml").write_text(WATCHLIST + SECOND_CANDIDATE, encoding="utf-8")
    assert call(["publish", "--config", str(config)]) == 1, "pages that the new list has not seen"
    assert call(["process", "--config", str(config)]) == 0
    assert call(["publish", "--config", str(config)]) == 0
    assert len(press.requests) == asked
    after = mentions(config)
    assert after["klaus-iohannis"] == 2 * len(HOSTS)
    assert after["mark-rutte"] == before["mark-rutte"]
    assert ask(config, "SELECT count(*) FROM outcomes") == [(12,)], "an article that is read again is no new item"
    (config / "watchlists" / "nato-secretary-general-2024.toml").write_text(WATCHLIST, encoding="utf-8")
    assert run(config) == 0
    assert mentions(config) == before


def test_removing_an_outlet_leaves_the_others_as_they_are(press: Press, config: Path) -> None:
    assert run(config) == 0
    others = ask(config, "FROM coverage_by_outlet_day WHERE outlet_id <> 'tribune' ORDER BY ALL")
    text = (config / "outlets" / "tribune.toml").read_text(encoding="utf-8")
    (config / "outlets" / "tribune.toml").unlink()
    assert run(config) == 0
    assert ask(config, "FROM coverage_by_outlet_day ORDER BY ALL") == others
    assert ask(config, "SELECT count(*) FROM articles WHERE outlet_id = 'tribune'") == [(0,)]
    (config / "outlets" / "tribune.toml").write_text(text, encoding="utf-8")
    asked = press.asked("tribune.example/2024/")
    assert run(config) == 0
    assert press.asked("tribune.example/2024/") == asked, "what was fetched is in the archive"
    assert ask(config, "SELECT count(*) FROM articles WHERE outlet_id = 'tribune'") == [(4,)]


def test_an_outlet_that_fails_costs_the_others_nothing(press: Press, config: Path) -> None:
    press.failing.add("tribune.example")
    assert run(config) == 0
    assert ask(config, "SELECT outlet_id, count(*) FROM articles GROUP BY ALL ORDER BY ALL") == [("courier", 4), ("harbour", 4)]
    states = ask(config, "SELECT DISTINCT status, reason FROM collection_health WHERE outlet_id = 'tribune'")
    assert states == [("outage", "server_error")]
    cells = ask(config, "SELECT articles, mentions, total_articles FROM coverage_by_outlet_day WHERE outlet_id = 'tribune'")
    assert cells
    assert set(cells) == {(None, None, None)}, "unknown is not zero"
    press.failing.clear()
    with surroundings(**press.environment(MORNING + timedelta(hours=2))):
        assert run(config) == 0
    assert ask(config, "SELECT count(*) FROM articles WHERE outlet_id = 'tribune'") == [(4,)]


def test_a_page_that_fails_once_is_tried_again_and_counted_once(press: Press, config: Path) -> None:
    broken = stories("harbour.example")[0].url
    page = press.replies[broken]
    press.replies[broken] = Reply(body=b"later", status=503)
    assert run(config) == 0
    deferred = ask(config, "SELECT outcome, reason FROM outcomes WHERE outcome = 'deferred'")
    assert deferred == [("deferred", "server_error")]
    press.replies[broken] = page
    with surroundings(**press.environment(MORNING + timedelta(minutes=10))):
        assert run(config) == 0
    assert len(content(config)["articles"]) == 12
    assert press.requests.count(broken) == 3, "twice in the run that met a fault that may pass in seconds, then once"
    assert ask(config, "SELECT outcome FROM outcomes JOIN runs USING (run_id) WHERE url LIKE '%harbour%/0-%' ORDER BY started_at") == [
        ("deferred",), ("published",),
    ]  # fmt: skip


def test_an_unknown_outlet_is_bad_usage(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(config, "--outlet", "nowhere") == 2
    assert "nowhere" in capsys.readouterr().err
    assert not (config.parent / "data" / "warehouse.duckdb").exists(), "nothing runs on a wrong command line"


def _hold(data: Path, held: multiprocessing.synchronize.Event, done: multiprocessing.synchronize.Event) -> None:
    with sole_run(data):
        held.set()
        done.wait(60)


@pytest.mark.parametrize("command", [["run", "--no-prefect"], ["collect"], ["process"], ["publish"]], ids=lambda words: words[0])
def test_a_second_run_at_the_same_time_is_refused(config: Path, capsys: pytest.CaptureFixture[str], command: list[str]) -> None:
    context = multiprocessing.get_context("spawn" if command == ["collect"] else "fork")  # another process, however it came to be
    held, done = context.Event(), context.Event()
    other = context.Process(target=_hold, args=(config.parent / "data", held, done))
    other.start()
    try:
        assert held.wait(30)
        assert call([*command, "--config", str(config)]) == 1
        assert "another run" in capsys.readouterr().err
    finally:
        done.set()
        other.join(30)
    assert not (config.parent / "data" / "warehouse.duckdb").exists()


def test_a_refused_batch_waits_and_leaves_the_published_file(
    press: Press, config: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(config) == 0
    before = content(config)
    late = Story(
        url="http://courier.example/2024/06/late", title="Rutte again", paragraphs=stories("late.example")[0].paragraphs, published=MORNING
    )
    press.feed("http://courier.example/feed", [late, *stories("courier.example")])
    real = passes.audit.audit

    def refuse(connection: object, stage: str) -> list[passes.audit.QualityResult]:
        found = real(connection, stage)  # type: ignore[arg-type]
        bad = passes.audit.QualityResult(
            suite="staging.pages",
            expectation="made up",
            severity="critical",
            success=False,
            observed="3",
            expected="0",
            failing_rows=3,
            sample=None,
        )
        return [*found, bad]

    with surroundings(**press.environment(MORNING + timedelta(hours=2))):
        with monkeypatch.context() as patch:
            patch.setattr(passes.audit, "audit", refuse)
            assert run(config) == 1
        error = capsys.readouterr().err
        assert "made up" in error
        assert "refused" in error
        assert content(config) == before
        assert ask_warehouse(config, "SELECT status FROM history.runs ORDER BY status") == [("refused",), ("succeeded",)]
        assert ask_warehouse(config, "SELECT outcome, reason FROM history.outcomes WHERE outcome = 'deferred'") == [
            ("deferred", "audit_refused")
        ]
        assert call(["status", "--config", str(config)]) == 0
        told = capsys.readouterr().out
        assert "was refused for its batch" in told
        assert "made up" in told
        assert run(config) == 0
    assert len(content(config)["articles"]) == 13
    assert ask(config, "SELECT count(*) FROM outcomes WHERE outcome = 'published'") == [(13,)]


@pytest.mark.system
def test_several_processes_read_the_same(press: Press, config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run(config) == 0
    monkeypatch.setattr(passes, "POOL_FROM", 1)
    apart = write_config(tmp_path / "apart" / "config", HOSTS)
    assert run(apart, "--jobs", "2") == 0
    assert content(apart) == content(config)


@pytest.mark.system
def test_small_chunks_read_the_same(press: Press, config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run(config) == 0
    monkeypatch.setattr(passes, "CHUNK", 1)
    apart = write_config(tmp_path / "apart" / "config", HOSTS)
    assert run(apart) == 0
    assert content(apart) == content(config)


def test_a_failed_run_is_in_the_history(press: Press, config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(passes, "publish", full)
    assert run(config) == 1
    ((status, detail),) = ask_warehouse(config, "SELECT status, detail FROM history.runs")
    assert status == "failed"
    assert "No space left" in detail


def test_an_outlet_that_left_the_panel_is_not_visited(press: Press, config: Path) -> None:
    path = config / "outlets" / "tribune.toml"
    path.write_text("until = 2024-06-10\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    assert run(config) == 0
    assert press.asked("tribune.example") == 0
    chosen = passes.choose_outlets(load_environment(config).configuration, None, MORNING)
    assert [outlet.id for outlet in chosen] == ["courier", "harbour"]


def test_run_ids_differ() -> None:
    assert new_run_id() != new_run_id()
