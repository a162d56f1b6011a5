"""One collection pass: all outlets side by side.

Belongs here: what the outlets of a pass share, and that none of them harms another. Does not belong here: what is asked of an outlet
(``visit``), what the record means for the counts (``warehouse``).

What a server does never stops a pass; a disk that cannot be written to does.
"""

from __future__ import annotations

import asyncio
import logging
from importlib import metadata
from typing import TYPE_CHECKING

from flows.collectors.client import Client, user_agent
from flows.collectors.pace import Pace
from flows.collectors.robots import Robots
from flows.collectors.visit import CollectSummary, Pass, Progress, Visit, Wish
from transforms import urls

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from flows.collectors.archive_writer import ArchiveWriter
    from flows.collectors.journal import Journal
    from transforms.params import Outlet, Settings
    from transforms.records import CollectionState

__all__ = ["CollectSummary", "Progress", "Wish", "collect", "collect_outlets"]

log = logging.getLogger(__name__)


def collect(
    outlets: Sequence[Outlet],
    settings: Settings,
    state: CollectionState,
    writer: ArchiveWriter,
    journal: Journal,
    clock: Callable[[], datetime],
    run_id: str,
    *,
    progress: Progress | None = None,
    wish: Wish | None = None,
) -> CollectSummary:
    """:func:`collect_outlets` for callers without an event loop."""
    return asyncio.run(collect_outlets(outlets, settings, state, writer, journal, clock, run_id, progress=progress, wish=wish))


async def collect_outlets(
    outlets: Sequence[Outlet],
    settings: Settings,
    state: CollectionState,
    writer: ArchiveWriter,
    journal: Journal,
    clock: Callable[[], datetime],
    run_id: str,
    *,
    progress: Progress | None = None,
    pace: Pace | None = None,
    wish: Wish | None = None,
) -> CollectSummary:
    """Poll what is due and fetch what is new or waiting, for all outlets side by side. Raises OSError when the disk does."""
    if journal.run_id != run_id:
        raise ValueError(f"the journal is that of run {journal.run_id}, not of {run_id}")
    summary = CollectSummary()
    pace = pace or Pace(parallel=settings.parallel_requests)
    agent = user_agent(_version(), settings.contact)
    async with Client(agent=agent, allow_private=settings.allow_private_addresses, clock=clock) as client:
        shared = Pass(
            client=client, robots=Robots(client, pace), pace=pace, directory=urls.OutletDirectory(outlets), state=state, writer=writer,
            journal=journal, clock=clock, summary=summary, progress=progress, wish=wish or Wish(),
        )  # fmt: skip

        async def one(outlet: Outlet) -> None:
            try:
                await Visit(shared, outlet).run()
            except OSError:
                raise  # the network's errors are values by now: this is our own disk
            except Exception as error:  # a fault of ours must not cost the other outlets anything
                log.exception("outlet %s: the pass broke off", outlet.id)
                summary.broken[outlet.id] = f"{type(error).__name__}: {error}"
            finally:
                journal.sync()

        try:
            async with asyncio.TaskGroup() as group:
                for outlet in outlets:
                    group.create_task(one(outlet))
        except BaseExceptionGroup as errors:
            raise errors.exceptions[0] from None
    return summary


def _version() -> str:
    try:
        return metadata.version("frontrunner")
    except metadata.PackageNotFoundError:  # a checkout that is not installed
        return "0"
