"""Persons named by an office alone (the Dutch premier), resolved by the article's date."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from transforms.params import Watchlist
from transforms.passage import Passage
from transforms.records import Reference


@dataclass(frozen=True, slots=True)
class Offices:
    """Who held which office when, and how offices are called in each language."""


def compile_offices(watchlist: Watchlist, languages: Sequence[str]) -> Offices:
    """Placeholder until the stage is written."""
    return Offices()


def find_references(offices: Offices, passage: Passage) -> tuple[Reference, ...]:
    """Placeholder until the stage is written."""
    return ()
