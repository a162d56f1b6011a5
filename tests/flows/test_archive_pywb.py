"""Another program shows what we archived: pywb indexes the files and replays a page and its revisits.

pywb does not live with our own libraries: ``FRONTRUNNER_PYWB`` names the folder of its programs, or it is installed for the test from
``tests/pywb.lock`` (of ``tests/pywb.in``, made as ``make lock`` makes the others).
"""

from __future__ import annotations

import gzip
import os
import socket
import subprocess
import sys
import time
from contextlib import closing, contextmanager
from datetime import timedelta
from http.client import HTTPConnection
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from archive_fixtures import NOW, RUN, long_page, result

from flows.collectors.archive_writer import ArchiveWriter

if TYPE_CHECKING:
    from collections.abc import Iterator

LOCK = Path(__file__).resolve().parents[1] / "pywb.lock"
PACKED = gzip.compress(long_page(1), mtime=0)
GZIPPED = ((b"Content-Encoding", b"gzip"),)

pytestmark = pytest.mark.system


@pytest.fixture(scope="module")
def pywb(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of pywb's programs."""
    given = os.environ.get("FRONTRUNNER_PYWB")
    if given:
        return Path(given)
    folder = tmp_path_factory.mktemp("pywb")
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    command = [str(folder / "bin" / "pip"), "install", "--quiet", "--require-hashes", "-r", str(LOCK)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=600)
    if done.returncode != 0:
        pytest.skip(f"pywb cannot be installed here: {done.stderr.strip().splitlines()[-1:]}")
    return folder / "bin"


@contextmanager
def serving(pywb: Path, folder: Path) -> Iterator[int]:
    """pywb on loopback; its port."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([str(pywb / "wayback"), "-b", "127.0.0.1", "-p", str(port)], cwd=folder, stdout=log, stderr=log)
        try:
            for _ in range(300):
                with socket.socket() as probe:
                    if process.poll() is not None or probe.connect_ex(("127.0.0.1", port)) == 0:
                        break
                time.sleep(0.1)
            yield port
        finally:
            process.terminate()
            process.wait(10)


def ask(port: int, path: str) -> tuple[int, bytes]:
    """Status and body, without any coding."""
    with closing(HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
        connection.request("GET", path)
        answer = connection.getresponse()
        body = answer.read()
        return answer.status, gzip.decompress(body) if answer.getheader("Content-Encoding") == "gzip" else body


def test_pywb_replays_a_page_and_its_revisits(pywb: Path, tmp_path: Path) -> None:
    page, copy, archive = "https://a.example/page", "https://b.example/copy", tmp_path / "archive"
    with ArchiveWriter(archive, NOW, RUN, 1 << 30) as writer:
        first = writer.write(result(page, PACKED, GZIPPED))
        writer.write(result(page, PACKED, GZIPPED, fetched_at=NOW + timedelta(hours=1)))
        writer.write(result(copy, PACKED, GZIPPED, fetched_at=NOW + timedelta(hours=2)))
        unchanged = result(page, b"", status=304, reason_phrase="Not Modified", fetched_at=NOW + timedelta(hours=3))
        writer.write(unchanged, first.body)
    with ArchiveWriter(archive, NOW + timedelta(days=1), "feedfeed", 1 << 30) as writer:  # a file of its own
        writer.write(result(page, PACKED, GZIPPED, fetched_at=NOW + timedelta(days=1)), first.body)
    for words in (["init", "press"], ["add", "press", *map(str, sorted(archive.rglob("*.warc.gz")))]):
        subprocess.run([str(pywb / "wb-manager"), *words], cwd=tmp_path, check=True, capture_output=True, timeout=60)
    index = (tmp_path / "collections" / "press" / "indexes" / "index.cdxj").read_text(encoding="utf-8")
    assert index.count("warc/revisit") == 4
    assert len(index.splitlines()) == 5
    with serving(pywb, tmp_path) as port:
        for moment, url in (("20240701060000", page), ("20240701070000", page), ("20240701080000", copy), ("20240702060000", page)):
            assert ask(port, f"/press/{moment}id_/{url}") == (200, long_page(1)), (moment, url)
        assert ask(port, f"/press/20240701090000id_/{page}")[0] == 304, "shown as what the server said"
        assert ask(port, f"/press/20240701060000id_/{page}-that-nobody-archived")[0] == 404
