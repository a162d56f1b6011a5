"""The command line: ``frontrunner``. Each command is one call; heavy libraries are imported by the command that needs them.

Exit status: 0 success, 1 a run that failed or was refused, 2 bad usage.
"""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import App, CycloptsError, Group, Parameter

Config = Annotated[Path, Parameter(name=["--config", "-c"], help="Folder with frontrunner.toml, outlets/ and watchlists/.")]
DEFAULT_CONFIG = Path("config")
Outlets = Annotated[list[str] | None, Parameter(name="--outlet", help="Collect only this outlet; may be repeated.", negative=())]
Due = Annotated[
    bool, Parameter(name="--due", help="Leave out sources that are not due by their own pace: for runs by a schedule.", negative=())
]
Since = Annotated[
    str | None,
    Parameter(name="--since", help="Look further back: read older feed pages and sitemaps for articles from this day on, YYYY-MM-DD."),
]
Until = Annotated[str | None, Parameter(name="--until", help="Last day of publication to look for, YYYY-MM-DD.")]
ReportFormat = Literal["html", "xlsx", "csv", "parquet", "json", "pdf"]

app = App(
    name="frontrunner",
    help="Monitors the press for the people in the running for a post.",
    version=lambda: version("frontrunner"),
    help_format="plaintext",
)
_RUN, _LOOK, _TRY = Group("Passes", sort_key=1), Group("Looking", sort_key=2), Group("Single stages, on files", sort_key=3)
archive = App(name="archive", help="Look after the archive of raw responses.", help_format="plaintext", group=_LOOK)
app.command(archive)
outlets = App(name="outlets", help="Change the panel.", help_format="plaintext", group=_LOOK)
app.command(outlets)
snapshots = App(name="snapshots", help="The published files that are kept.", help_format="plaintext", group=_LOOK)
app.command(snapshots)


class BadUsage(Exception):
    """The command line asks for something that cannot be: exit 2."""


@app.command(group=_RUN)
def run(
    *,
    config: Config = DEFAULT_CONFIG,
    outlet: Outlets = None,
    since: Since = None,
    until: Until = None,
    due: Due = False,
    jobs: Annotated[int, Parameter(help="Processes that read pages.")] = 1,
    prefect: Annotated[bool, Parameter(help="Without Prefect's bookkeeping the same passes start some 15 seconds sooner.")] = True,
) -> None:
    """One full pass: collect, process, audit, publish, export."""
    from flows.commands import running

    running.run(config, outlet, jobs, running.parse_wish(since, until, due=due), with_prefect=prefect)


@app.command(group=_RUN)
def collect(*, config: Config = DEFAULT_CONFIG, outlet: Outlets = None, since: Since = None, until: Until = None, due: Due = False) -> None:
    """Poll feeds and sitemaps, fetch what is new, archive it."""
    from flows.commands import running

    running.collect(config, outlet, running.parse_wish(since, until, due=due))


@app.command(group=_RUN)
def process(*, config: Config = DEFAULT_CONFIG, jobs: Annotated[int, Parameter(help="Processes that read pages.")] = 1) -> None:
    """Read what was fetched, find mentions, audit the batch."""
    from flows.commands import running

    running.process(config, jobs)


@app.command(group=_RUN)
def publish(
    *,
    config: Config = DEFAULT_CONFIG,
    anew: Annotated[
        bool, Parameter(help="Make everything anew, instead of only what has changed since the last publication.", negative=())
    ] = False,
) -> None:
    """Make the counts, audit them, replace coverage.duckdb."""
    from flows.commands import running

    running.publish(config, anew=anew)


@app.command(group=_RUN)
def accept(
    run: Annotated[str, Parameter(name="RUN", help="The refused run: its id, or the beginning of it.")],
    /,
    *,
    because: Annotated[str, Parameter(help="Why what was found may be published. The reason is published too.")],
    by: Annotated[str | None, Parameter(help="Who decides.")] = None,
    config: Config = DEFAULT_CONFIG,
) -> None:
    """Accept what the audit refused a run for, and publish."""
    from flows.commands import judging

    judging.accept(config, run, because, by)


@app.command(group=_RUN)
def backfill(
    paths: Annotated[list[Path], Parameter(name="PATH", help="WARC files, or folders that hold some.", negative=())],
    /,
    *,
    config: Config = DEFAULT_CONFIG,
    since: Annotated[str | None, Parameter(help="First day of publication to take, YYYY-MM-DD.")] = None,
    until: Annotated[str | None, Parameter(help="Last day of publication to take, YYYY-MM-DD.")] = None,
    jobs: Annotated[int, Parameter(help="Processes that read pages.")] = 1,
    exhaustive: Annotated[
        bool, Parameter(help="Extract every page. All pages are, at present: the option is there for scripts.", negative=())
    ] = False,
) -> None:
    """The same processing over WARC files (CC-NEWS, own archive), then publish."""
    from flows.commands import running

    running.backfill(config, paths, since, until, jobs, exhaustive=exhaustive)


@app.command(group=_RUN)
def rebuild(
    *,
    config: Config = DEFAULT_CONFIG,
    jobs: Annotated[int, Parameter(help="Processes that read pages.")] = 1,
    without_pruned: Annotated[
        bool, Parameter(help="Do without the pages of archive files that are pruned or missing.", negative=())
    ] = False,
) -> None:
    """Make all content tables again from archive, record and configuration, then publish."""
    from flows.commands import running

    running.rebuild(config, jobs, without_pruned=without_pruned)


@app.command(group=_RUN)
def serve(*, config: Config = DEFAULT_CONFIG) -> None:
    """Run the schedules (Prefect) until stopped."""
    from flows.commands import running

    running.serve(config)


@app.command(group=_LOOK)
def status(*, config: Config = DEFAULT_CONFIG) -> None:
    """Last runs, collection health by outlet, quality results, what is published."""
    from flows.commands import looking

    looking.status(config)


@app.command(group=_LOOK)
def audit(*, config: Config = DEFAULT_CONFIG) -> None:
    """Judge what would be taken in and published, and change nothing."""
    from flows.commands import judging

    judging.audit(config)


@app.command(group=_LOOK)
def report(
    *,
    config: Config = DEFAULT_CONFIG,
    week: Annotated[str | None, Parameter(help="ISO week, such as 2024-W27. Default: the last whole week of the published file.")] = None,
    since: Annotated[str | None, Parameter(help="First day, YYYY-MM-DD.")] = None,
    until: Annotated[str | None, Parameter(help="Last day, YYYY-MM-DD.")] = None,
    out: Annotated[Path | None, Parameter(help="Folder to write to. Default: reports/ in the data folder.")] = None,
    format: Annotated[str | None, Parameter(help="One or more of html, xlsx, csv, parquet, json, pdf, separated by commas.")] = None,  # noqa: A002
) -> None:
    """The coverage report, from the published file."""
    from flows.commands import looking

    looking.report(config, week, since, until, out, format)


@app.command(group=_LOOK)
def sql(
    query: Annotated[str, Parameter(name="QUERY", help="What to ask, in DuckDB's SQL.", allow_leading_hyphen=True)],
    /,
    *,
    config: Config = DEFAULT_CONFIG,
    format: Literal["table", "csv", "json", "parquet"] = "table",  # noqa: A002
) -> None:
    """A query on the published file: read-only, external access off."""
    from flows.commands import looking

    looking.sql(config, query, format)


@app.command(group=_LOOK)
def explain(
    outlet: Annotated[str, Parameter(name="OUTLET", help="Id of the outlet.")],
    day: Annotated[str, Parameter(name="DAY", help="The outlet's local day, YYYY-MM-DD.")],
    candidate: Annotated[str, Parameter(name="CANDIDATE", help="Id of the candidate.")],
    /,
    *,
    config: Config = DEFAULT_CONFIG,
    format: Literal["text", "json"] = "text",  # noqa: A002
) -> None:
    """What stands behind a published count: articles, sentences, rules, what is not counted, revisions."""
    from flows.commands import looking

    looking.explain(config, outlet, day, candidate, format)


@app.command(group=_LOOK)
def check(
    *,
    config: Config = DEFAULT_CONFIG,
    live: Annotated[bool, Parameter(help="Probe every feed, sitemap and robots.txt over the network.", negative=())] = False,
) -> None:
    """Validate the configuration."""
    from flows.commands import looking

    looking.check(config, live=live)


@outlets.command
def add(
    url: Annotated[str, Parameter(name="URL", help="Address of the outlet's home page.")],
    /,
    *,
    config: Config = DEFAULT_CONFIG,
    id: Annotated[str | None, Parameter(help="Id of the outlet. Default: from its domain.")] = None,  # noqa: A002
    dry_run: Annotated[bool, Parameter(help="Show the proposal, write nothing.", negative=())] = False,
) -> None:
    """Look at a site, find its feeds and news sitemaps, propose the file of an outlet."""
    from flows.commands import outlets as commands

    commands.add(config, url, id, dry_run=dry_run)


@archive.command
def verify(*, config: Config = DEFAULT_CONFIG) -> None:
    """Read all of the archive and tell what is damaged, torn or missing."""
    from flows.commands import archive as commands

    commands.verify(config)


@archive.command
def prune(
    *,
    config: Config = DEFAULT_CONFIG,
    before: Annotated[
        str | None, Parameter(help="Delete files whose records are all older than this day, YYYY-MM-DD. Default: retention.archive_days.")
    ] = None,
    dry_run: Annotated[bool, Parameter(help="Say what would be deleted, and delete nothing.", negative=())] = False,
) -> None:
    """Delete old raw responses that nothing later refers to."""
    from flows.commands import archive as commands

    commands.prune(config, before, dry_run=dry_run)


@snapshots.command(name="list")
def list_snapshots(
    *,
    config: Config = DEFAULT_CONFIG,
    format: Literal["table", "json"] = "table",  # noqa: A002
) -> None:
    """What was published when, and which of it is in place."""
    from flows.commands import snapshots as commands

    commands.list_snapshots(config, format)


@snapshots.command
def diff(
    before: Annotated[str, Parameter(name="A", help="Beginning of a snapshot's hash or of its file's name, or published.")],
    after: Annotated[str, Parameter(name="B", help="Likewise.")] = "published",
    /,
    *,
    config: Config = DEFAULT_CONFIG,
    limit: Annotated[int, Parameter(help="Rows shown of each table; 0 for all.")] = 20,
    format: Literal["table", "json", "csv"] = "table",  # noqa: A002
) -> None:
    """What differs from A to B: counts, articles, positions, outlets, candidates."""
    from flows.commands import snapshots as commands

    commands.diff(config, before, after, limit, format)


@snapshots.command
def restore(
    snapshot: Annotated[str, Parameter(name="SNAPSHOT", help="Beginning of its hash or of its file's name.")],
    /,
    *,
    config: Config = DEFAULT_CONFIG,
) -> None:
    """Put a kept file in the place of coverage.duckdb; the file that it replaces is kept."""
    from flows.commands import snapshots as commands

    commands.restore(config, snapshot)


@app.command(group=_TRY)
def extract(
    inputs: Annotated[
        list[str],
        Parameter(
            name="INPUT",
            help=".html, .html.gz, .warc, .warc.gz, folders of them, or - for a page on standard input.",
            negative=(),
            allow_leading_hyphen=True,
        ),
    ],
    /,
    *,
    config: Annotated[
        Path | None, Parameter(name=["--config", "-c"], help="Take outlets (time zone, own domains) from this configuration.")
    ] = None,
    url: Annotated[str | None, Parameter(help="Address of the page, when the input is a single one.")] = None,
    jobs: Annotated[int, Parameter(help="Processes that read pages.")] = 1,
    output: Annotated[str, Parameter(name=["--output", "-o"], help="File to write, - for standard output.")] = "-",
) -> None:
    """Pages to JSON lines: what is an article, and everything known of it."""
    from flows.commands import trying

    trying.extract(inputs, config, url, jobs, output)


@app.command(group=_TRY)
def annotate(
    input: Annotated[  # noqa: A002
        str, Parameter(name="INPUT", help="JSON lines {id, lang?, title, text, date?}, - for standard input.", allow_leading_hyphen=True)
    ],
    /,
    *,
    watchlist: Annotated[str, Parameter(help="Id of the watch list.")],
    config: Config = DEFAULT_CONFIG,
    output: Annotated[str, Parameter(name=["--output", "-o"], help="File to write, - for standard output.")] = "-",
) -> None:
    """Mentions of the candidates in given texts, and whether the texts are about the contest."""
    from flows.commands import trying

    trying.annotate(input, watchlist, config, output)


@app.command(group=_TRY)
def dedupe(
    input: Annotated[  # noqa: A002
        str,
        Parameter(
            name="INPUT", help="JSON lines {id, outlet_id?, title, text, published_at?}, - for standard input.", allow_leading_hyphen=True
        ),
    ],
    /,
    *,
    config: Config = DEFAULT_CONFIG,
    output: Annotated[str, Parameter(name=["--output", "-o"], help="File to write, - for standard output.")] = "-",
) -> None:
    """Which of the given texts are copies of one another."""
    from flows.commands import trying

    trying.dedupe(input, output)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit. Without ``arguments`` it is the whole of this process."""
    if arguments is not None:
        sys.exit(call(arguments))
    from flows.environment import leave

    leave(call(sys.argv[1:]))


def call(arguments: Sequence[str]) -> int:
    """Run one command; returns the exit status."""
    from flows.configuration import ConfigurationError
    from flows.environment import BadClock, set_up_logging

    set_up_logging()
    try:
        app(arguments, exit_on_error=False, print_error=False, result_action="return_value")
    except (CycloptsError, BadUsage) as error:
        print(f"frontrunner: {error}\nSee `frontrunner --help`.", file=sys.stderr)
        return 2
    except (ConfigurationError, BadClock) as error:  # found before anything runs
        print(f"frontrunner: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("frontrunner: stopped; what was recorded is kept, the next run resumes", file=sys.stderr)
        return 1
    except BrokenPipeError:  # the reader of our output went away
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except Exception as error:
        logging.getLogger(__name__).debug("", exc_info=True)
        if type(error).__module__.split(".")[0] not in {"flows", "warehouse", "transforms", "builtins", "duckdb", "_duckdb"}:
            logging.getLogger(__name__).exception("unexpected")
        print(f"frontrunner: {error if str(error) else type(error).__name__}", file=sys.stderr)
        if type(error).__name__ == "OutOfMemoryException":
            print("Raise storage.memory_megabytes in frontrunner.toml; nothing is lost, the run can be repeated.", file=sys.stderr)
        return 1
    return 0
