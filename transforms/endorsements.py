"""Which country stands behind whom, as one text says it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from transforms.params import Watchlist
from transforms.passage import Passage
from transforms.records import Endorsement
from transforms.references import Offices


@dataclass(frozen=True, slots=True)
class Positions:
    """What finding positions goes by."""


def compile_positions(watchlist: Watchlist, languages: Sequence[str]) -> Positions:
    """Placeholder until the stage is written."""
    return Positions()


def find_endorsements(positions: Positions, offices: Offices, passage: Passage) -> tuple[Endorsement, ...]:
    """Placeholder until the stage is written."""
    return ()
