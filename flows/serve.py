"""Every schedule of the product in one list, served by one process (``frontrunner serve``)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prefect import serve
from prefect.schedules import Cron
from prefect.types.entrypoint import EntrypointType

from flows.environment import Environment
from flows.pipeline import coverage_run, weekly_report

if TYPE_CHECKING:
    from prefect.deployments.runner import RunnerDeployment


def deployments(environment: Environment) -> list[RunnerDeployment]:
    """The deployments with their cron lines and time zone, as the configuration has them."""
    schedule = environment.configuration.settings.schedule
    parameters = {"config_folder": str(environment.folder.resolve())}
    return [
        coverage_run.to_deployment(  # type: ignore[list-item]
            name="full-pass",
            schedules=[Cron(schedule.collect, timezone=schedule.timezone)],
            parameters=parameters | {"due_only": True},
            concurrency_limit=1,
            entrypoint_type=EntrypointType.MODULE_PATH,  # the folder that it was started in does not matter
            description="One full pass over what is due: collect, process, audit, publish, export.",
        ),
        weekly_report.to_deployment(  # type: ignore[list-item]
            name="weekly-report",
            schedules=[Cron(schedule.report, timezone=schedule.timezone)],
            parameters=parameters,
            concurrency_limit=1,
            entrypoint_type=EntrypointType.MODULE_PATH,  # the folder that it was started in does not matter
            description="The report of the week before.",
        ),
    ]


def run_schedules(environment: Environment) -> None:
    """Serve the schedules until stopped."""
    serve(*deployments(environment))
