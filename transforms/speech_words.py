"""Words of saying, words that open reported speech, and pronouns, by language; from ``lexicons/endorsements/``."""

from __future__ import annotations

from functools import cache

from transforms.position_words import Table, read_lexicon, table_of


@cache
def speech_table(language: str) -> Table | None:
    """Entries of kind ``says``, ``reported`` and ``pronoun``; None for a language without a lexicon."""
    data = read_lexicon(language)
    if data is None:
        return None
    return table_of(
        {
            "says": data.get("source", {}).get("says", ()),
            "reported": data.get("clauses", {}).get("reported", ()),
            "pronoun": data.get("people", {}).get("pronouns", ()),
        }
    )
