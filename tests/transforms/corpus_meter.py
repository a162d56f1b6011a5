"""Reads every file of the tar archives named on the command line as a feed and as a sitemap, and writes what that took.

A program of its own: the memory that a process has used at most never goes down, so only a fresh one can tell.
"""

from __future__ import annotations

import json
import resource
import sys
import tarfile
import time

from transforms.discover import Listing, read_feed, read_sitemap
from transforms.records import Rejection


def peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main(archives: list[str]) -> None:
    bodies = []
    for name in archives:
        with tarfile.open(name) as archive:
            files = [archive.extractfile(member) for member in archive if member.isfile()]
            bodies += [file.read() for file in files if file is not None]
    before, slowest = peak_mb(), 0.0
    for body in bodies:
        for read in (read_feed, read_sitemap):
            start = time.process_time()
            assert isinstance(read(body, None, "https://news.example.org/feed"), Listing | Rejection)
            slowest = max(slowest, time.process_time() - start)
    sys.stdout.write(json.dumps({"files": len(bodies), "slowest_seconds": slowest, "grown_mb": peak_mb() - before}))


if __name__ == "__main__":
    main(sys.argv[1:])
