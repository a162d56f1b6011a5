"""What a run takes from its surroundings: the clock, the folders, the lock that keeps two runs apart.

The only reader of environment variables.
"""

from __future__ import annotations

import atexit
import fcntl
import logging
import os
import sys
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

from flows.configuration import config_hash, load_configuration
from transforms.params import Configuration
from transforms.version import code_version

Clock = Callable[[], datetime]


class RunInProgress(Exception):
    """Another run works on the same data folder."""


class BadClock(Exception):
    """FRONTRUNNER_NOW is not an instant."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """A configuration with its folders and its clock."""

    folder: Path  # of the configuration
    configuration: Configuration
    data: Path
    clock: Clock
    config_hash: str
    code_version: str
    warehouse_name: str = "warehouse.duckdb"

    @property
    def archive(self) -> Path:
        """WARC files and, beside them, the journals of the collection record."""
        return self.data / "archive"

    @property
    def warehouse(self) -> Path:
        """The private warehouse."""
        return self.data / self.warehouse_name

    @property
    def quality(self) -> Path:
        """Where the pages on what the audit found go."""
        return self.data / "quality"

    @property
    def memory_megabytes(self) -> int:
        """What the warehouse's database may use."""
        return self.configuration.settings.storage.memory_megabytes

    @property
    def published(self) -> Path:
        """The file that users query."""
        return self.data / "coverage.duckdb"

    @property
    def snapshots(self) -> Path:
        """The files that were published, as long as they are kept."""
        return self.data / "snapshots"

    @property
    def reports(self) -> Path:
        """Where reports go."""
        return self.data / "reports"


def load_environment(folder: Path, *, empty_panel: bool = False) -> Environment:
    """Everything that a run needs to know, from a configuration folder and the environment. ``empty_panel``: see there.

    Raises:
        ConfigurationError: see :func:`flows.configuration.load_configuration`.
        BadClock: see there.
    """
    configuration = load_configuration(folder, empty_panel=empty_panel)
    return Environment(
        folder=folder,
        configuration=configuration,
        data=(folder.resolve().parent / configuration.settings.storage.data),
        clock=clock(),
        config_hash=config_hash(configuration),
        code_version=code_version(),
    )


def clock() -> Clock:
    """The clock: the system's, or one that stands still at ``FRONTRUNNER_NOW`` (ISO 8601 with an offset), for replays and tests.

    Raises:
        BadClock: the variable holds something else.
    """
    fixed = os.environ.get("FRONTRUNNER_NOW", "").strip()
    if not fixed:
        return lambda: datetime.now(UTC)
    try:
        moment = datetime.fromisoformat(fixed)
    except ValueError as error:
        raise BadClock(f"FRONTRUNNER_NOW={fixed!r} is not an ISO 8601 instant such as 2024-07-04T06:00:00+00:00") from error
    if moment.tzinfo is None:
        raise BadClock(f"FRONTRUNNER_NOW={fixed!r} has no offset: write 2024-07-04T06:00:00+00:00, for example")
    moment = moment.astimezone(UTC)
    return lambda: moment


def new_run_id() -> str:
    """An identifier for a run."""
    return uuid.uuid4().hex


@contextmanager
def sole_run(data: Path) -> Iterator[None]:
    """Keep other runs off the data folder; the lock goes with the process, however it ends.

    Raises:
        RunInProgress: another run holds it.
    """
    data.mkdir(parents=True, exist_ok=True)
    with (data / "run.lock").open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise RunInProgress(f"another run works on {data}; wait for it, or see `frontrunner status`") from error
        yield


def set_up_logging(*, verbose: bool = False) -> None:
    """Plain log lines on standard error."""
    logging.basicConfig(
        level=logging.DEBUG if verbose else logging.INFO, format="%(asctime)s %(levelname)-7s %(message)s", datefmt="%H:%M:%S"
    )
    for noisy in (
        "httpx",
        "httpx2",
        "httpcore",
        "httpcore2",
        "trafilatura",
        "htmldate",
        "courlan",
        "great_expectations",
        "charset_normalizer",
        "hpack",
    ):
        logging.getLogger(noisy).setLevel(logging.ERROR)


def leave(status: int) -> NoReturn:
    """End the process.

    Prefect leaves threads behind that keep modules alive; at the interpreter's own end these print tracebacks and lists of leaks that mean
    nothing to users. So once Prefect was in use, everything registered for the end is run and the process ends without that step.
    """
    if "prefect" not in sys.modules:
        sys.exit(status)
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)
