"""What several tests need."""

from __future__ import annotations

import gzip
import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def shared_data(*parts: str) -> Path:
    """The third-party test data beside the checkout, or where ``FRONTRUNNER_SHARED_DATA`` points. It is not part of the product."""
    base = Path(os.environ.get("FRONTRUNNER_SHARED_DATA", ROOT.parent / "shared" / "data"))
    path = base.joinpath(*parts)
    if not path.exists():
        pytest.skip(f"third-party test data is absent: {'/'.join(parts)} not found beside the checkout")
    return path


def packed(data: bytes) -> bytes:
    """gzip without the time of day: a parameter of a test names the test, and must be the same in every process that collects it."""
    return gzip.compress(data, mtime=0)
