"""One collection pass over the benchmark's site, measured from inside the process that makes it; prints a line of JSON.

    python benchmarks/collect_frontrunner.py SITE FOLDER [--delay S] [--every PAGES] [--profile FILE]

``SITE`` is a served :class:`collect_site.Site` as JSON. ``FOLDER`` is empty; configuration and data are written into it, so that the
pass does all that a user's does: journal, WARC files, robots.txt, the state out of the warehouse. The start of Python and its imports are
not in the figures, opening the warehouse is.
"""

from __future__ import annotations

import argparse
import asyncio
import cProfile
import json
import os
import resource
import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.collect_site import Site, read_site  # noqa: E402

# How many requests may be under way: above what any part needs, so that the collector itself is what is measured.
PARALLEL = "parallel_requests = 1000"
WATCHLIST = """\
id = "nato-secretary-general-2024"
title = "NATO Secretary General, 2024"
from = 2023-01-01
until = 2024-10-01
[[candidates]]
id = "mark-rutte"
name = "Mark Rutte"
country = "NL"
"""


def write_configuration(folder: Path, site: Site, delay: float) -> Path:
    """A configuration folder with an outlet for every host of the site."""
    config = folder / "config"
    for name in ("outlets", "watchlists"):
        (config / name).mkdir(parents=True)
    settings = f'contact = "desk@example.org"\nallow_private_addresses = true\n{PARALLEL}\n'
    (config / "frontrunner.toml").write_text(settings, encoding="utf-8")
    (config / "watchlists" / "nato-secretary-general-2024.toml").write_text(WATCHLIST, encoding="utf-8")
    for outlet in range(site.outlets):
        text = f"""\
id = "outlet-{outlet}"
name = "Outlet {outlet}"
homepage = "http://{site.host(outlet)}/"
domains = ["{site.host(outlet)}"]
country = "NL"
language = "en"
timezone = "Europe/Amsterdam"
feeds = ["{site.feed(outlet)}"]
[crawl]
delay_seconds = {delay}
"""
        (config / "outlets" / f"outlet-{outlet}.toml").write_text(text, encoding="utf-8")
    return config


def resident_megabytes() -> float:
    """What the process holds in memory now."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def measure(config: Path, every: int, profile: Path | None) -> dict[str, Any]:
    """Make the pass and say what it took. Memory is looked at after every so many pages."""
    from flows.environment import load_environment, new_run_id
    from flows.passes import collect_pass

    environment = load_environment(config)
    pages = 0
    samples: list[tuple[int, float]] = []

    def progress(_: str, result: str) -> None:
        nonlocal pages
        if result == "fetched":
            pages += 1
            if pages % every == 0:
                samples.append((pages, resident_megabytes()))

    before = resident_megabytes()
    profiler = cProfile.Profile() if profile else None
    began, spent = time.perf_counter(), time.process_time()
    if profiler:
        profiler.enable()
    summary = asyncio.run(collect_pass(environment, new_run_id(), None, progress))
    if profiler:
        profiler.disable()
        profiler.dump_stats(str(profile))
    seconds, cpu_seconds = time.perf_counter() - began, time.process_time() - spent
    return {
        "pages": summary.items_fetched,
        "polls_failed": summary.polls_failed,
        "results": dict(summary.results),
        "seconds": seconds,
        "cpu_seconds": cpu_seconds,
        "resident_before_mb": before,
        "resident_peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6,
        "resident_mb": samples,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("site", type=read_site)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--delay", type=float, default=0.0, help="seconds between two requests to a host")
    parser.add_argument("--every", type=int, default=1000, help="pages between two looks at the memory")
    parser.add_argument("--profile", type=Path, help="write a profile of the pass (cProfile), which slows it")
    args = parser.parse_args()
    print(json.dumps(measure(write_configuration(args.folder, args.site, args.delay), args.every, args.profile)))


if __name__ == "__main__":
    main()
