"""Plays the sample newsroom's months through the whole pipeline: ``make demo``.

A poll a week and a full run a month until the middle of June, then two polls every day and a full run on four evenings a week, with the
newsroom's clock and the pipeline's (``FRONTRUNNER_NOW``) set to the same instant. What was played before is not played again: repeated,
only one run is left that finds nothing new.
"""

from __future__ import annotations

import argparse
import os
import time
from datetime import datetime
from pathlib import Path

from demo.newsroom_server import FOLDER, start_newsroom
from demo.period import FIRST_DAILY_POLL, LAST_POLL, POLL_TIMES, poll_times
from demo.server.proxy import Newsroom

CONFIG = FOLDER.parent / "config"
FULL_RUNS = frozenset(
    {0, 2, 4, 6}
)  # Monday, Wednesday, Friday and Sunday evenings: days grow, corrections come in, nothing waits at the end
DAYS_OF_A_WEEK = 7  # before the daily polls: the first poll of a month
QUERY = (
    "SELECT day, candidate_id, sum(mentions) AS named FROM coverage_by_outlet_day GROUP BY ALL HAVING named > 20 ORDER BY day, named DESC"
)


def replay(newsroom: Newsroom, config: Path, *, prefect: bool, until: datetime = LAST_POLL) -> int:
    """Play what has not been played yet, up to ``until``; returns the number of full runs."""
    from flows.commands import running
    from flows.environment import load_environment

    os.environ["HTTP_PROXY"] = os.environ["http_proxy"] = newsroom.url
    played = _played_until(load_environment(config).published)
    moments = [moment for moment in poll_times() if moment <= until and (played is None or moment > played)] or [until]
    runs = 0
    for moment in moments:
        newsroom.now = moment
        os.environ["FRONTRUNNER_NOW"] = moment.isoformat()
        print(f"{moment:%a %d %b %Y %H:%M}", flush=True)
        if moment == moments[-1] or _is_full_run(moment):
            running.run(config, None, 1, with_prefect=prefect)
            runs += 1
        else:
            running.collect(config, None)
    return runs


def _is_full_run(moment: datetime) -> bool:
    if moment < FIRST_DAILY_POLL:
        return moment.day <= DAYS_OF_A_WEEK
    return moment.time() == POLL_TIMES[-1] and moment.weekday() in FULL_RUNS


def _played_until(published: Path) -> datetime | None:
    if not published.is_file():
        return None
    from warehouse.query import as_of

    return as_of(published)


def main(arguments: list[str] | None = None) -> int:
    """Play the demo and say what came out."""
    parser = argparse.ArgumentParser(prog="python -m demo.replay", description=__doc__)
    parser.add_argument("--config", type=Path, default=CONFIG, help="configuration to play with; data goes beside it")
    parser.add_argument("--no-prefect", action="store_true", help="call the passes as plain functions")
    options = parser.parse_args(arguments)
    began = time.monotonic()
    with start_newsroom(FOLDER) as newsroom:
        runs = replay(newsroom, options.config, prefect=not options.no_prefect)
        pages = sum(request.status == 200 for request in newsroom.requests)
    from flows.commands import looking
    from flows.environment import load_environment

    environment = load_environment(options.config)
    for week in ("2024-W25", "2024-W26", "2024-W27"):
        looking.report(options.config, week, None, None, None, None)
    shown = os.path.relpath(options.config)
    print(f"""
Played in {time.monotonic() - began:.0f} s: {runs} full runs, {pages} answers of the newsroom.
Published:  {os.path.relpath(environment.published)}
Reports:    {os.path.relpath(environment.reports)}/ (open coverage-2024-W26.html)
A query to try:
  .venv/bin/frontrunner sql --config {shown} "{QUERY}"
""")
    return 0


if __name__ == "__main__":
    from flows.environment import leave

    leave(main())
