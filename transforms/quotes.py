"""Words by and about candidates, in quotation marks and in reported speech."""

from __future__ import annotations

from transforms.passage import Passage
from transforms.records import Quote


def find_quotes(passage: Passage) -> tuple[Quote, ...]:
    """Placeholder until the stage is written."""
    return ()
