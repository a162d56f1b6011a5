"""Which code this is: the distribution's version and a hash over the source of a package, SQL and lexicons included.

Results that were computed by other code are computed anew; so two installations that agree here give the same content tables.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from importlib.resources.abc import Traversable

_SOURCES = (".py", ".sql", ".toml", ".j2", ".typ")


@lru_cache(maxsize=8)
def source_hash(*packages: str) -> str:
    """Twelve hexadecimal digits over the names and bytes of the packages' source files."""
    digest = hashlib.sha256()
    for package in sorted(packages):
        for name, content in sorted(_walk(files(package), package)):
            digest.update(f"{name}\0{len(content)}\0".encode())
            digest.update(content)
    return digest.hexdigest()[:12]


@lru_cache(maxsize=1)
def code_version() -> str:
    """For example ``0.1.0+3f2c9a0b1d4e``: what ``runs.code_version`` holds."""
    try:
        number = version("frontrunner")
    except PackageNotFoundError:  # run from a checkout that is not installed
        number = "0"
    return f"{number}+{source_hash('transforms', 'warehouse')}"


def _walk(folder: Traversable, name: str) -> Iterator[tuple[str, bytes]]:
    for entry in folder.iterdir():
        path = f"{name}/{entry.name}"
        if entry.is_dir():
            if entry.name != "__pycache__":
                yield from _walk(entry, path)
        elif entry.name.endswith(_SOURCES):
            yield path, entry.read_bytes()
