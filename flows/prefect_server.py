"""Prefect's own needs: settings that it reads at its import, and a server on loopback for as long as the schedules run.

Imports no Prefect, since its settings must stand before that.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.error import URLError

from flows.environment import Environment

LOOPBACK = "127.0.0.1"
USUAL_PORT = 4200
START_SECONDS = 90  # a first start makes the server's database


class ServerDidNotStart(Exception):
    """The Prefect server ended, or did not answer in time; its log says why."""


def set_up_prefect(environment: Environment) -> None:
    """Its files in our data folder, no telemetry, fewer words, loopback never through a proxy. What the user has set stands."""
    for name, value in (
        ("PREFECT_HOME", str(environment.data / "prefect")),
        ("PREFECT_SERVER_ANALYTICS_ENABLED", "false"),
        ("DO_NOT_TRACK", "1"),
        ("PREFECT_LOGGING_LEVEL", "WARNING"),
        ("PREFECT_CLI_PROMPT", "false"),
    ):
        os.environ.setdefault(name, value)
    for name in ("NO_PROXY", "no_proxy"):
        hosts = [host for host in os.environ.get(name, "").split(",") if host]
        os.environ[name] = ",".join([*hosts, *(own for own in (LOOPBACK, "localhost") if own not in hosts)])


@contextmanager
def own_server(environment: Environment) -> Iterator[str]:
    """A Prefect server on loopback; yields its address and sets ``PREFECT_API_URL``. Where that is set already, that server is used.

    The server that Prefect starts by itself for a single run has no scheduler in it, so schedules need this one.

    Raises:
        ServerDidNotStart: see there.
    """
    given = os.environ.get("PREFECT_API_URL")
    if given:
        yield given
        return
    port = _free_port()
    url = f"http://{LOOPBACK}:{port}/api"
    log_path = environment.data / "prefect" / "server.log"
    log_path.parent.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "prefect", "server", "start", "--host", LOOPBACK, "--port", str(port)]
    with log_path.open("ab") as log:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)  # noqa: S603 - our own words
        try:
            _wait_for(f"{url}/health", process, str(log_path))
            os.environ["PREFECT_API_URL"] = url
            yield url
        finally:
            os.environ.pop("PREFECT_API_URL", None)
            process.terminate()
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()


def _free_port() -> int:
    for port in (USUAL_PORT, 0):
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            try:
                probe.bind((LOOPBACK, port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise ServerDidNotStart("no port is free on loopback")


def _wait_for(address: str, process: subprocess.Popen[bytes], log: str) -> None:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise ServerDidNotStart(f"the Prefect server ended at once with status {process.returncode}; see {log}")
        try:
            with opener.open(address, timeout=5):
                return
        except (URLError, OSError):
            time.sleep(0.3)
    raise ServerDidNotStart(f"the Prefect server did not answer within {START_SECONDS} s; see {log}")
