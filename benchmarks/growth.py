"""What a daily run costs by the length of the history: ``python benchmarks/growth.py [--articles N…] [--folder DIR] [--json FILE]``.

A warehouse with years of generated articles (``growth_world``) is published once; then two days more are loaded, audited, committed and
published as ``frontrunner run`` does it, each in a process of its own (``growth_steps``), and counts are asked of the published file. The
new day is of the same size whatever the history, so that what grows is what the history costs. Fetching and reading are not part of it.

With ``--folder`` the generated and published warehouse is kept there and used again; the daily runs work on a copy. Code and configuration
count as the same in all uses, so after a change of what is published, ``--publish`` makes the first publication again.

The exit status is 1 where a bar is missed. Linux only.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from benchmarks.collect import heading, machine, show  # noqa: E402
from benchmarks.growth_world import Press  # noqa: E402

ARTICLES = (1_000_000, 3_000_000, 10_000_000)
DAYS = 2  # daily runs after the history
QUICK = (Press(articles=2000, days=60, outlets=12, daily=40),)
SECONDS_BAR, MEGABYTES_BAR, ASK_BAR = 60.0, 4000.0, 0.5
NOT_JUDGED = "not from the counts"  # how the query begins that no bar is set for
KEPT = ("warehouse.duckdb", "coverage.duckdb")

Figures = dict[str, Any]


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, nargs="+", default=list(ARTICLES), help="sizes of the history")
    parser.add_argument("--folder", type=Path, help="where generated warehouses are kept (a temporary folder, removed at the end)")
    parser.add_argument("--publish", action="store_true", help="publish a kept warehouse as a whole again, as after a change of the code")
    parser.add_argument("--statements", type=int, default=0, metavar="N", help="show the N slowest statements of the second day")
    parser.add_argument("--quick", action="store_true", help="a history of a few thousand articles, to see whether everything works")
    parser.add_argument("--json", type=Path, help="write every figure there")
    args = parser.parse_args(arguments)
    presses = QUICK if args.quick else tuple(Press(articles=size) for size in args.articles)
    report: Figures = {"machine": machine(), "sizes": {}}
    show([("machine", ", ".join(str(value) for value in report["machine"].values()))])
    with tempfile.TemporaryDirectory(prefix="growth-") as passing:
        for press in presses:
            folder = (args.folder or Path(passing)) / str(press.articles)
            found = measure(folder, press, publish=args.publish, statements=args.statements)
            report["sizes"][str(press.articles)] = found
            tell(press, found, args.statements)
            if args.json:
                args.json.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
            if not args.folder:
                shutil.rmtree(folder)  # before the next one needs the space
    compare(presses, report)
    missed = [bar for found in report["sizes"].values() for bar in found["missed"]]
    report["met"] = not missed
    if args.json:
        args.json.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    return 1 if missed and not args.quick else 0


# ---- measuring


def measure(folder: Path, press: Press, *, publish: bool, statements: int) -> Figures:
    """All figures of one size."""
    kept, working = folder / "kept", folder / "working"
    found: Figures = {"press": asdict(press)}
    if not (kept / "generated.json").is_file():
        shutil.rmtree(kept, ignore_errors=True)
        kept.mkdir(parents=True)
        generated = step("generate", kept, press)
        (kept / "generated.json").write_text(json.dumps(generated), encoding="utf-8")
    found["generated"] = json.loads((kept / "generated.json").read_text(encoding="utf-8"))
    if publish or not (kept / "published.json").is_file():
        (kept / KEPT[1]).unlink(missing_ok=True)
        (kept / "published.json").unlink(missing_ok=True)
        published = step("publish", kept, press)
        (kept / "published.json").write_text(json.dumps(published), encoding="utf-8")
    found["published"] = json.loads((kept / "published.json").read_text(encoding="utf-8"))
    shutil.rmtree(working, ignore_errors=True)
    working.mkdir()
    try:
        for name in KEPT:
            shutil.copy2(kept / name, working / name)  # with its time, by which the warehouse knows the file that it published
        found["collecting"] = step("collect", working, press)
        found["days"] = []
        for day in range(press.days, press.days + DAYS):
            step("prepare", working, press, "--day", str(day))
            found["days"].append(step("day", working, press, "--day", str(day), *(["--statements"] if statements else [])))
        found["queries"] = step("ask", working, press)["queries"]
    finally:
        shutil.rmtree(working, ignore_errors=True)
    found["missed"] = missed_bars(found)
    return found


def step(name: str, folder: Path, press: Press, *options: str) -> Figures:
    """What one step measured, in a process of its own."""
    command = [sys.executable, str(HERE / "growth_steps.py"), name, str(folder), json.dumps(asdict(press)), *options]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"the step {name} failed:\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}")
    figures: Figures = json.loads(done.stdout.splitlines()[-1])
    return figures


def missed_bars(found: Figures) -> list[str]:
    """Which figures are beyond what the project promises."""
    missed = []
    for number, day in enumerate(found["days"], start=1):
        if day["steps"]["all"] > SECONDS_BAR:
            missed.append(f"day {number} took {day['steps']['all']:.1f} s")
        if day["megabytes"] > MEGABYTES_BAR:
            missed.append(f"day {number} used {day['megabytes']:.0f} MB")
        if not day["grown"]:
            missed.append(f"day {number} was published anew")
    missed += [
        f"{name}: {took['median']:.2f} s"
        for name, took in found["queries"].items()
        if took["median"] > ASK_BAR and not name.startswith(NOT_JUDGED)
    ]
    return missed


# ---- telling


def tell(press: Press, found: Figures, statements: int) -> None:
    """The table of one size."""
    counts, published, days = found["generated"]["counts"], found["published"], found["days"]
    heading(f"{press.articles:,} articles of {press.days} days, {press.outlets} outlets; a new day has {press.daily:,}")
    show(
        [
            ("mentions, texts, statements", ", ".join(f"{counts[name]:,}" for name in ("mentions", "texts", "statements"))),
            ("warehouse, published file", ", ".join(f"{size / 1e6:,.0f} MB" for size in published["bytes"].values())),
            ("generating it", f"{found['generated']['seconds']:.0f} s"),
            ("publishing everything", f"{published['steps']['all']:.1f} s, {published['megabytes']:,.0f} MB"),
            ("what collecting has to know", f"{found['collecting']['steps']['all']:.1f} s, {found['collecting']['megabytes']:,.0f} MB"),
        ]
    )
    heading("  a daily run, seconds of the first and the second day")
    names = dict.fromkeys(name for day in days for name in day["steps"] if name not in ("all", "cpu"))
    rows = [(name, [day["steps"].get(name, 0.0) for day in days]) for name in names]
    rows.append(("between the steps", [day["steps"]["all"] - sum(day["steps"].get(name, 0.0) for name in names) for day in days]))
    rows.append(("all", [day["steps"]["all"] for day in days]))
    rows.append(("processor time of all", [day["steps"]["cpu"] for day in days]))
    show((name, " ".join(f"{value:10.2f}" for value in values)) for name, values in rows)
    show([("peak memory, MB", " ".join(f"{day['megabytes']:10,.0f}" for day in days))])
    show([("grown from the file before", " ".join(f"{'yes' if day['grown'] else 'no':>10}" for day in days))])
    heading("  queries, seconds: median and worst of 5, each on a connection of its own")
    show((name, f"{took['median']:10.3f} {took['worst']:10.3f}   {took['rows']:,} rows") for name, took in found["queries"].items())
    if statements:
        heading("  the slowest statements of the second day")
        for seconds, label in days[-1]["statements"][:statements]:
            print(f"  {seconds:8.2f} {label}")
    heading(f"  bars missed: {'; '.join(found['missed']) or 'none'}")


def compare(presses: Sequence[Press], report: Figures) -> None:
    """How the figures grow from the smallest history to each larger one."""
    base, *larger = sorted(presses, key=lambda press: press.articles)
    report["ratios"] = {}
    for press in larger:
        one, other = (report["sizes"][str(each.articles)] for each in (base, press))
        ratios = {
            "articles": press.articles / base.articles,
            "seconds of a daily run": mean(day["steps"]["all"] for day in other["days"]) / mean(day["steps"]["all"] for day in one["days"]),
            "memory of a daily run": mean(day["megabytes"] for day in other["days"]) / mean(day["megabytes"] for day in one["days"]),
            "seconds of publishing everything": other["published"]["steps"]["all"] / one["published"]["steps"]["all"],
            "size of the published file": other["published"]["bytes"]["coverage"] / one["published"]["bytes"]["coverage"],
        }
        report["ratios"][str(press.articles)] = ratios
        heading(f"{press.articles:,} articles against {base.articles:,}")
        show((name, f"{ratio:.2f} times") for name, ratio in ratios.items())


def mean(values: Iterable[float]) -> float:
    found = list(values)
    return sum(found) / len(found)


if __name__ == "__main__":
    sys.exit(main())
