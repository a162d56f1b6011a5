"""The sample newsroom's front door: ``start_newsroom`` for replays and tests, ``python -m demo.newsroom_server`` to check or browse it."""

from __future__ import annotations

import argparse
import sys
import time
from datetime import datetime
from pathlib import Path

from demo.facts import TruthError, load_facts
from demo.period import DESK, LAST_POLL
from demo.rehearsal import slips
from demo.server.layout import LayoutError, Site, load_newsroom
from demo.server.proxy import Newsroom, Request, start_newsroom

__all__ = ["FOLDER", "LayoutError", "Newsroom", "Request", "main", "start_newsroom", "summary"]

FOLDER = Path(__file__).resolve().parent / "newsroom"


def summary(sites: tuple[Site, ...]) -> str:
    """A line for every outlet: what it publishes and how."""
    lines = [f"{'outlet':<20} {'language':<9}{'articles':>8}  {'other':>5}  {'edits':>5}  template  feed  sitemap  from .. to (published)"]
    for site in sites:
        articles = [a for a in site.articles if a.kind == "article"]
        dates = sorted(a.published.astimezone(site.outlet.zone).date() for a in articles if a.published)
        span = f"{dates[0]} .. {dates[-1]}" if dates else "undated only"
        outlet, others, edits = site.outlet, len(site.articles) - len(articles), sum(len(a.edits) for a in articles)
        lines.append(
            f"{site.id:<20} {outlet.language:<9}{len(articles):>8}  {others:>5}  {edits:>5}  {outlet.template:<8}  {outlet.feed:<4}"
            f"  {'yes' if outlet.sitemap_path else 'no':<7}  {span}"
        )
    lines.append(f"{len(sites)} outlets, {sum(a.kind == 'article' for s in sites for a in s.articles)} articles")
    return "\n".join(lines)


def _check_truth(files: list[Path], sites: tuple[Site, ...]) -> int:
    try:
        found = slips(load_facts(*files), sites)
    except TruthError as error:
        found = str(error).splitlines()
    print(*(found or ["the truth goes with the newsroom"]), sep="\n")
    return int(bool(found))


def main(arguments: list[str] | None = None) -> int:
    """Exit status 0, or 1 where the newsroom's files hold mistakes."""
    parser = argparse.ArgumentParser(prog="python -m demo.newsroom_server", description="Checks or serves the sample newsroom.")
    parser.add_argument("folder", nargs="?", type=Path, default=FOLDER)
    parser.add_argument("--check", action="store_true", help="load every file, print a summary and stop")
    parser.add_argument("--truth", nargs="+", type=Path, help="with --check: truth files to hold against the newsroom")
    parser.add_argument("--now", type=datetime.fromisoformat, default=LAST_POLL, help="the newsroom's clock, such as 2024-06-20T12:00")
    options = parser.parse_args(arguments)
    try:
        sites = load_newsroom(options.folder)
    except LayoutError as error:
        print(error, file=sys.stderr)
        return 1
    print(summary(sites))
    if options.check:
        return _check_truth(options.truth, sites) if options.truth else 0
    now = options.now if options.now.tzinfo else options.now.replace(tzinfo=DESK)
    with start_newsroom(options.folder, now) as newsroom:
        print(f"It is {now:%Y-%m-%d %H:%M %Z}. Try: curl -x {newsroom.url} http://{next(iter(newsroom.sites))}/   (Ctrl-C ends it)")
        try:
            while True:
                time.sleep(3600)
        except KeyboardInterrupt:
            return 0


if __name__ == "__main__":
    raise SystemExit(main())
