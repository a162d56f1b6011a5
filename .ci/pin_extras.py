"""Repeats the pin of a distribution under the extras by which others ask for it: ``python3 .ci/pin_extras.py FILE…``.

pip up to 23.2 (Debian 12 has 23.0) does not see that ``sqlalchemy==2.0.58`` also pins ``sqlalchemy[asyncio]``, unless that is the newest
version there is, and refuses the lock for want of a hash.
"""

import re
import sys
from pathlib import Path

EXTRAS = {"sqlalchemy": "asyncio"}  # older than the newest on purpose, see pyproject.toml


def with_extras(lock: str) -> str:
    """The lock with one more entry behind each of the distributions above."""
    for name, extra in EXTRAS.items():
        entry = re.search(rf"^{name}==(?:.*\\\n)*.*\n", lock, flags=re.MULTILINE)
        if entry is None:
            raise SystemExit(f"{name} is not in the lock")
        lock = lock.replace(entry[0], entry[0] + entry[0].replace(f"{name}==", f"{name}[{extra}]==", 1))
    return lock


for path in map(Path, sys.argv[1:]):
    path.write_text(with_extras(path.read_text(encoding="utf-8")), encoding="utf-8")
