"""How quickly and with how much memory outlets are collected: ``python benchmarks/collect.py [--part PART]… [--quick] [--json FILE]``.

A press of hundreds of hosts is served on loopback by a process of its own (``collect_site``), and whole collection passes are made over it
as a user's are (``collect_frontrunner``): journal, WARC files, robots.txt and the state out of the warehouse included.

bound   wall time at a delay, against the least time that the delay allows to whoever makes the same requests
scrapy  pages a second and CPU time a page at no delay, in turns with Scrapy on the same site (``collect_scrapy``)
memory  what the process holds over one long pass

The exit status is 1 where a page was not fetched: then no figure means anything. Linux only.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from benchmarks.collect_scrapy import python_with_scrapy  # noqa: E402
from benchmarks.collect_site import RunningSite, Site, Traffic, serve  # noqa: E402

PARTS = ("bound", "scrapy", "memory")
BOUND_BAR = 1.15  # wall time over the politeness bound
# Variables that would send traffic elsewhere or stop the clock.
UNWANTED = {"http_proxy", "https_proxy", "all_proxy", "no_proxy", "frontrunner_now"}
OURS = "Frontrunner"
HELD = "Scrapy, one request at a time"
# Name → (requests at a time to a host, delay). Without any delay Scrapy 2.19 on asyncio sends what is queued for a host at once, whatever
# the limit; a millisecond makes it hold the limit, and made it quicker too, so that is what we compare with.
PEERS = {
    HELD: (1, 0.001),
    "Scrapy, limit of 1 and no delay": (1, 0.0),
    "Scrapy, its default limit of 8": (8, 0.0),
}

Figures = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """How large everything is."""

    outlets: int = 300
    pages: int = 20
    latency: float = 0.1
    delay: float = 1.0
    rounds: int = 5
    long_outlets: int = 250
    long_pages: int = 200


QUICK = Scale(outlets=4, pages=5, latency=0.01, delay=0.05, rounds=1, long_outlets=5, long_pages=20)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--part", choices=PARTS, action="append", help="only this part; may be repeated")
    parser.add_argument("--delay", type=float, help="seconds between two requests to a host, for the part bound (1)")
    parser.add_argument("--rounds", type=int, help="of the part scrapy (5)")
    parser.add_argument("--quick", action="store_true", help="a site of a few pages, to see whether everything works; without Scrapy")
    parser.add_argument("--folder", type=Path, help="where data goes meanwhile (the system's temporary folder)")
    parser.add_argument("--json", type=Path, help="write every figure there")
    args = parser.parse_args(arguments)
    changed = {name: value for name in ("delay", "rounds") if (value := getattr(args, name)) is not None}
    scale = Scale(**asdict(QUICK if args.quick else Scale()) | changed)
    parts = args.part or [part for part in PARTS if not (args.quick and part == "scrapy")]
    report: Figures = {"machine": machine(), "scale": asdict(scale)}
    show([("machine", ", ".join(str(value) for value in report["machine"].values()))])
    if {"bound", "scrapy"} & set(parts):
        with serve(Site(outlets=scale.outlets, pages=scale.pages, latency=scale.latency)) as site:
            if "bound" in parts:
                report["bound"] = measure_bound(site, scale, args.folder)
            if "scrapy" in parts:
                report["scrapy"] = measure_scrapy(site, scale, args.folder)
    if "memory" in parts:
        with serve(Site(outlets=scale.long_outlets, pages=scale.long_pages, latency=0.0)) as site:
            report["memory"] = measure_memory(site, args.folder)
    report["complete"] = all(report[part]["complete"] for part in parts)
    if args.json:
        args.json.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    if not report["complete"]:
        print("\nPages are missing: these figures mean nothing.")
    return 0 if report["complete"] else 1


# ---- the parts


def measure_bound(site: RunningSite, scale: Scale, folder: Path | None) -> Figures:
    """One pass with a delay, against what the delay allows for the requests that were made."""
    figures, traffic = collect(site, folder, delay=scale.delay)
    bound = max((requests - 1) * scale.delay + scale.latency for requests in traffic.requests.values())
    figures |= {"bound_seconds": bound, "ratio": figures["seconds"] / bound, "bar": BOUND_BAR} | seen(traffic)
    heading(
        f"Politeness bound: {scale.outlets} outlets × {scale.pages} pages, {1000 * scale.latency:.0f} ms latency, delay {scale.delay:g} s"
    )
    show(
        [
            ("wall time of the pass", f"{figures['seconds']:.2f} s, of it CPU {figures['cpu_seconds']:.2f} s"),
            ("least time that the delay allows", f"{bound:.2f} s ({max(traffic.requests.values())} requests to a host)"),
            ("ratio", f"{figures['ratio']:.3f} (bar {BOUND_BAR}: {'met' if figures['ratio'] <= BOUND_BAR else 'missed'})"),
            ("least gap between two requests to a host", f"{traffic.least_gap or 0:.3f} s as they arrived"),
            ("most requests in flight at a host", str(traffic.most_in_flight_of_a_host)),
            ("pages, requests, connections", f"{figures['pages']:,}, {sum(traffic.requests.values()):,}, {traffic.connections:,}"),
        ]
    )
    return figures


def measure_scrapy(site: RunningSite, scale: Scale, folder: Path | None) -> Figures:
    """Passes and crawls in turns, every second round backwards, so that what disturbs the machine disturbs all alike."""
    python = python_with_scrapy()
    names = [OURS, *PEERS]
    rounds: dict[str, list[Figures]] = {name: [] for name in names}
    for number in range(scale.rounds):
        for name in names if number % 2 == 0 else reversed(names):
            figures, _ = collect(site, folder) if name == OURS else crawl(site, python, *PEERS[name])
            rounds[name].append(figures)
    result: Figures = {"rounds": rounds, "complete": all(f["complete"] for each in rounds.values() for f in each)}
    for name in names:
        result[name] = {
            "pages_a_second": spread([f["pages"] / f["seconds"] for f in rounds[name]]),
            "cpu_ms_a_page": spread([1000 * f["cpu_seconds"] / max(1, f["pages"]) for f in rounds[name]]),
            "speed_of_ours": spread([f["seconds"] / ours["seconds"] for ours, f in zip(rounds[OURS], rounds[name], strict=True)]),
            "resident_peak_mb": max(f["resident_peak_mb"] for f in rounds[name]),
            "most_in_flight_of_a_host": max(f["most_in_flight_of_a_host"] for f in rounds[name]),
        }
    heading(f"No delay: {scale.outlets} outlets × {scale.pages} pages, {1000 * scale.latency:.0f} ms latency, {scale.rounds} rounds")
    print(f"{'median (least to most)':34} {'pages a second':>22} {'CPU ms a page':>20} {'peak MB':>8} {'at a host':>9}")
    for name in names:
        row = result[name]
        print(
            f"{name:34} {shown(row['pages_a_second'], 0):>22} {shown(row['cpu_ms_a_page'], 2):>20} {row['resident_peak_mb']:8.0f} "
            f"{row['most_in_flight_of_a_host']:9}"
        )
    for name in PEERS:
        print(f"{OURS} is {shown(result[name]['speed_of_ours'], 2)} times as fast as: {name}")
    return result


def measure_memory(site: RunningSite, folder: Path | None) -> Figures:
    """One long pass, and what it holds at a fifth of its pages and at the end."""
    total = site.site.outlets * site.site.pages
    figures, traffic = collect(site, folder, every=max(1, total // 50))
    samples = dict(figures["resident_mb"])
    early, late = total // 5, max(samples, default=0)
    if early not in samples:
        return figures | {"complete": False}
    figures |= {
        "resident_early_mb": samples[early],
        "resident_late_mb": samples[late],
        "growth_mb": samples[late] - samples[early],
        "ratio": samples[late] / samples[early],
    } | seen(traffic)
    heading(f"Memory: one pass of {total:,} pages, {site.site.outlets} outlets, no latency, no delay")
    show(
        [
            ("resident before the pass", f"{figures['resident_before_mb']:.0f} MB"),
            (f"resident after {early:,} pages", f"{samples[early]:.0f} MB"),
            (f"resident after {late:,} pages", f"{samples[late]:.0f} MB"),
            ("growth between the two", f"{figures['growth_mb']:+.1f} MB, ratio {figures['ratio']:.3f}"),
            ("peak", f"{figures['resident_peak_mb']:.0f} MB"),
            ("every tenth", " ".join(f"{samples[at]:.0f}" for at in sorted(samples) if at % max(1, total // 10) == 0) + " MB"),
            ("pages a second, CPU ms a page", f"{figures['pages'] / figures['seconds']:.0f}, {1000 * figures['cpu_seconds'] / total:.2f}"),
        ]
    )
    return figures


# ---- one run of either


def collect(site: RunningSite, folder: Path | None, *, delay: float = 0.0, every: int = 1000) -> tuple[Figures, Traffic]:
    """A pass of ours into a new folder, which is taken away afterwards."""
    with tempfile.TemporaryDirectory(dir=folder, prefix="frontrunner-bench-") as data:
        options = ["--delay", str(delay), "--every", str(every)]
        return run(site, [sys.executable, HERE / "collect_frontrunner.py", as_json(site), data, *options])


def crawl(site: RunningSite, python: Path, per_host: int, delay: float) -> tuple[Figures, Traffic]:
    """A crawl of Scrapy."""
    options = ["--per-host", str(per_host), "--delay", str(delay)]
    return run(site, [python, HERE / "collect_scrapy.py", as_json(site), *options])


def run(site: RunningSite, command: Sequence[str | Path]) -> tuple[Figures, Traffic]:
    """The figures that a program prints on its last line, and what the site saw of it."""
    site.traffic()  # from here on it is this program's
    environment = {name: value for name, value in os.environ.items() if name.lower() not in UNWANTED}
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    figures: Figures = json.loads(done.stdout.splitlines()[-1])
    traffic = site.traffic()
    wanted = site.site.outlets * site.site.pages
    complete = figures["pages"] == wanted and traffic.articles == wanted and traffic.unknown == 0
    return figures | {"complete": complete} | seen(traffic), traffic


def as_json(site: RunningSite) -> str:
    return json.dumps(asdict(site.site))


def seen(traffic: Traffic) -> Figures:
    """The traffic without its hosts."""
    return {name: value for name, value in asdict(traffic).items() if name != "requests"} | {"requests": sum(traffic.requests.values())}


# ---- figures and their look


def machine() -> Figures:
    """What it was measured on, and whether others were at work there."""
    cpuinfo = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    models = [line.partition(":")[2].strip() for line in cpuinfo.splitlines() if line.startswith("model name")]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {
        "cpu": models[0] if models else platform.machine(),
        "cores": f"{len(os.sched_getaffinity(0))} cores",
        "memory": f"{memory / 1e9:.0f} GB",
        "python": f"Python {platform.python_version()}",
        "load": f"load {os.getloadavg()[0]:.2f} at the start",
    }


def spread(values: Iterable[float]) -> dict[str, float]:
    ordered = sorted(values)
    return {"median": statistics.median(ordered), "least": ordered[0], "most": ordered[-1]}


def shown(values: dict[str, float], digits: int) -> str:
    return f"{values['median']:.{digits}f} ({values['least']:.{digits}f} to {values['most']:.{digits}f})"


def heading(text: str) -> None:
    print(f"\n{text}", flush=True)


def show(rows: Iterable[tuple[str, str]]) -> None:
    for name, value in rows:
        print(f"  {name:42} {value}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
