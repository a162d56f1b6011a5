"""A title and a text as the later stages see them: folded, with the names that were found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from transforms.normalise import Folded
from transforms.records import Field
from transforms.weighing import Name


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """One text with the mentions that stand; offsets of ``names`` are folded ones."""

    folded: Mapping[Field, Folded]
    language: str  # ISO 639-1, "" where unknown
    published_on: date | None
    names: tuple[Name, ...]  # by field (title first) and start
