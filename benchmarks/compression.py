"""Measures ways to compress the records of the archive, one gzip member a page: ratio and time.

    python benchmarks/compression.py FOLDER…

Takes every file below the folders, unpacked where it is gzip, and says both for the pages and for the same pages as a server sends them
that compresses. Libraries that are not installed are left out; only ``deflate`` is one of the project's.
"""

from __future__ import annotations

import argparse
import gzip
import time
import zlib
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

ROUNDS = 3
Way = Callable[[bytes], bytes]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", type=Path, nargs="+")
    paths = sorted(path for folder in parser.parse_args().folders for path in folder.rglob("*") if path.is_file())
    pages = [gzip.decompress(body) if body.startswith(b"\x1f\x8b") else body for body in map(Path.read_bytes, paths)]
    for name, bodies in (("as HTML", pages), ("as sent with gzip", [gzip.compress(page, 6) for page in pages])):
        total = sum(map(len, bodies))
        print(f"{len(bodies)} pages {name}, {total} bytes, zlib {zlib.ZLIB_RUNTIME_VERSION}")
        for way, compress in ways().items():
            size, seconds = measure(compress, bodies)
            print(f"  {way:14} ratio {total / size:5.2f} {seconds / len(bodies) * 1000:6.2f} ms a page {total / seconds / 1e6:6.0f} MB/s")


def measure(compress: Way, bodies: list[bytes]) -> tuple[int, float]:
    """Bytes that come out, and the seconds of the best round."""
    best = float("inf")
    size = 0
    for _ in range(ROUNDS):
        began = time.perf_counter()
        size = sum(len(compress(body)) for body in bodies)
        best = min(best, time.perf_counter() - began)
    return size, best


def ways() -> dict[str, Way]:
    found: dict[str, Way] = {f"zlib {level}": like_zlib(zlib, level) for level in (1, 3, 6, 9)}
    for name, module, levels in (("isal", "isal.isal_zlib", (0, 1, 2, 3)), ("zlib-ng", "zlib_ng.zlib_ng", (1, 2, 4, 6, 9))):
        try:
            library = import_module(module)
        except ImportError:
            continue
        found |= {f"{name} {level}": like_zlib(library, level) for level in levels}
    deflate = import_module("deflate")
    return found | {f"libdeflate {level}": whole(deflate, level) for level in (1, 3, 4, 6, 9)}


def like_zlib(library: Any, level: int) -> Way:
    def compress(body: bytes) -> bytes:
        machine = library.compressobj(level=level, wbits=31)
        return bytes(machine.compress(body) + machine.flush())

    return compress


def whole(library: Any, level: int) -> Way:
    return lambda body: library.gzip_compress(body, level)  # type: ignore[no-any-return]


if __name__ == "__main__":
    main()
