"""The same site crawled by Scrapy, in a virtual environment of its own; as a program, one crawl that prints a line of JSON.

    benchmarks/.peers/scrapy/bin/python benchmarks/collect_scrapy.py SITE [--per-host N] [--delay S]

The spider does what the benchmark compares and no more: robots.txt, the feeds, every page that they list, all bodies read (decompressed)
and thrown away. The clock runs from the first request that the spider hands over to the last page that it is given.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

HERE = Path(__file__).resolve().parent
LOCK = HERE / "scrapy.lock"
ENVIRONMENT = HERE / ".peers" / "scrapy"
CONCURRENCY = 1000  # requests in flight over all hosts, as many as our side may have

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from benchmarks.collect_site import Site


def python_with_scrapy() -> Path:
    """The interpreter of the environment, which is built (again) where it is not what the lock says."""
    python, stamp = ENVIRONMENT / "bin" / "python", ENVIRONMENT / "lock.sha256"
    wanted = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    if not stamp.exists() or stamp.read_text(encoding="ascii") != wanted:
        print(f"installing {LOCK.name} into {ENVIRONMENT.relative_to(HERE.parent)}", file=sys.stderr)
        ENVIRONMENT.parent.mkdir(exist_ok=True)
        (ENVIRONMENT.parent / ".gitignore").write_text("*\n", encoding="ascii")
        subprocess.run([sys.executable, "-m", "venv", "--clear", ENVIRONMENT], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", "--require-hashes", "-r", LOCK], check=True)
        stamp.write_text(wanted, encoding="ascii")
    return python


def crawl(site: Site, per_host: int, delay: float) -> dict[str, Any]:
    """One crawl with ``per_host`` requests at a time to a host."""
    import scrapy  # type: ignore[import-not-found]  # only the environment above has it
    from scrapy.crawler import CrawlerProcess  # type: ignore[import-not-found]

    seen = {"pages": 0, "bytes": 0}
    clock: dict[str, float] = {}

    class News(scrapy.Spider):  # type: ignore[misc]
        name = "news"

        async def start(self) -> AsyncIterator[scrapy.Request]:
            clock.update(began=time.perf_counter(), cpu=time.process_time())
            for outlet in range(site.outlets):
                yield scrapy.Request(site.feed(outlet), callback=self.parse_feed)

        def parse_feed(self, response: scrapy.http.XmlResponse) -> Iterator[scrapy.Request]:
            for link in response.xpath("//item/link/text()").getall():
                yield scrapy.Request(link, callback=self.parse_page)

        def parse_page(self, response: scrapy.http.Response) -> None:
            seen["pages"] += 1
            seen["bytes"] += len(response.body)
            clock.update(seconds=time.perf_counter() - clock["began"], cpu_seconds=time.process_time() - clock["cpu"])

    process = CrawlerProcess(
        {
            "ROBOTSTXT_OBEY": True,
            "CONCURRENT_REQUESTS": CONCURRENCY,
            "CONCURRENT_REQUESTS_PER_DOMAIN": per_host,
            "DOWNLOAD_DELAY": delay,
            "DOWNLOAD_DELAY_JITTER": 0,
            "COOKIES_ENABLED": False,
            "LOG_ENABLED": False,
            "TELNETCONSOLE_ENABLED": False,
        }
    )
    process.crawl(News)
    process.start()
    return {
        "version": scrapy.__version__,
        "pages": seen["pages"],
        "bytes": seen["bytes"],
        "seconds": clock["seconds"],
        "cpu_seconds": clock["cpu_seconds"],
        "resident_peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6,
    }


def main() -> None:
    sys.path.insert(0, str(HERE.parent))
    from benchmarks.collect_site import read_site

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("site", type=read_site)
    parser.add_argument("--per-host", type=int, default=1, help="requests at a time to a host")
    parser.add_argument("--delay", type=float, default=0.0, help="seconds between two requests to a host")
    args = parser.parse_args()
    print(json.dumps(crawl(args.site, args.per_host, args.delay)))


if __name__ == "__main__":
    main()
