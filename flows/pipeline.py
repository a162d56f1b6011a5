"""The Prefect flows: thin wrappers whose bodies are one call into :mod:`flows.passes`.

One flow a run, since every further flow costs about a second (docs/decisions/0003-prefect-few-flows.md). Tasks are what deserves a name,
a state and a retry of its own in Prefect's interface.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from prefect import flow, task
from prefect.artifacts import create_markdown_artifact
from prefect.runtime import flow_run

from flows import passes
from flows.environment import load_environment, new_run_id, sole_run
from transforms.window import Window
from warehouse.status import summary_markdown


@task(name="collect", task_run_name="collect {run_id}")
async def collect(config: Path, run_id: str, outlets: list[str] | None = None, asked: passes.Asked | None = None) -> dict[str, Any]:
    """Poll feeds and sitemaps, fetch new articles, archive them."""
    summary = await passes.collect_pass(load_environment(config), run_id, outlets, None, asked)
    return {"new": summary.items_new, "fetched": summary.items_fetched, "results": dict(summary.results)}


@task(name="process", task_run_name="process {run_id}")
def process(config: Path, run_id: str, jobs: int = 1) -> passes.ProcessSummary:
    """Read pages, find mentions, audit the batch, take it into the core."""
    return passes.process_pass(load_environment(config), run_id, jobs)


@task(name="publish", task_run_name="publish {run_id}")
def publish(config: Path, run_id: str) -> str:
    """Marts, audit, atomic replacement of the published file."""
    return passes.publish_pass(load_environment(config), run_id)


@task(name="export")
def export(config: Path, day: date) -> list[str]:
    """Write the report of the week that holds ``day``."""
    return [str(path) for path in passes.report_pass(load_environment(config), day)]


@flow(name="coverage-run", validate_parameters=False)
async def coverage_run(
    config_folder: str,
    outlets: list[str] | None = None,
    jobs: int = 1,
    *,
    due_only: bool = False,
    since: date | None = None,
    until: date | None = None,
) -> str:
    """One full pass: collect → process → audit → publish → export; returns the snapshot's hash."""
    asked = passes.Asked(window=Window(since=since, until=until) if since is not None else None, due_only=due_only)
    config = Path(config_folder)  # parameters of a deployment are JSON
    environment = load_environment(config)
    run_id = new_run_id()
    with sole_run(environment.data), passes.recorded_run(environment, run_id, "run"):
        await collect(config, run_id, outlets, asked)
        process(config, run_id, jobs)
        snapshot_hash = publish(config, run_id)
        export(config, passes.today(environment))
        passes.retention_pass(environment, run_id)
    if flow_run.get_id():
        await create_markdown_artifact(
            markdown=summary_markdown(environment.published), key="coverage-run", description="What was published"
        )  # type: ignore[misc]
    return snapshot_hash


@flow(name="weekly-report", validate_parameters=False)
def weekly_report(config_folder: str) -> list[str]:
    """The report of the last whole week, from the published file."""
    config = Path(config_folder)
    return export(config, passes.week_before(load_environment(config)))
