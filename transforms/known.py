"""Which items of an outlet are known already, and since when: two columns of numbers, since an outlet of years has millions.

Belongs here: the set alone. What an item is: :func:`transforms.urls.item_id`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Self

import numpy as np
from numpy.typing import NDArray

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NONE: NDArray[np.uint64] = np.empty(0, dtype=np.uint64)


@dataclass(frozen=True, slots=True, eq=False)
class KnownItems:
    """Item ids (16 hexadecimal digits) with the instant at which each was first seen. Sixteen bytes an item."""

    ids: NDArray[np.uint64] = field(default_factory=lambda: _NONE)  # ascending
    seen: NDArray[np.int64] = field(default_factory=lambda: _NONE.astype(np.int64))  # microseconds since 1970, UTC

    @classmethod
    def of(cls, items: Iterable[tuple[str, datetime]]) -> Self:
        """From ids and aware instants, in any order; each id once."""
        rows = sorted((int(item_id, 16), _micros(at)) for item_id, at in items)
        return cls(np.array([row[0] for row in rows], dtype=np.uint64), np.array([row[1] for row in rows], dtype=np.int64))

    def __len__(self) -> int:
        return len(self.ids)

    def which(self, item_ids: Sequence[str], by: datetime | None = None) -> NDArray[np.bool_]:
        """For each id whether it is known; with ``by`` (aware), whether it was seen no later than that."""
        wanted = np.array([int(item_id, 16) for item_id in item_ids], dtype=np.uint64)
        if not len(self.ids) or not len(wanted):
            return np.zeros(len(wanted), dtype=np.bool_)
        places = np.minimum(np.searchsorted(self.ids, wanted), len(self.ids) - 1)
        found: NDArray[np.bool_] = self.ids[places] == wanted
        return found if by is None else found & (self.seen[places] <= _micros(by))


def _micros(at: datetime) -> int:
    return (at - _EPOCH) // timedelta(microseconds=1)
