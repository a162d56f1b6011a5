"""A title and a text as the later stages see them: folded, with the names that were found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from transforms.normalise import Folded
from transforms.records import Field
from transforms.weighing import Name, Units


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """One text with the mentions that stand; offsets of ``names`` are folded ones."""

    folded: Mapping[Field, Folded]
    language: str  # ISO 639-1, "" where unknown
    published_on: date | None
    names: tuple[Name, ...]  # by field (title first) and start
    units: Units = field(default_factory=dict)  # sentences of each folded field; empty where nobody is named and no cue word was found
