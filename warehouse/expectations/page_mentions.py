"""The staged mentions."""

from __future__ import annotations

from great_expectations.expectations.expectation import Expectation

from warehouse.expectations._common import between, one_of, present, unique

TABLE = "staging.page_mentions"
COLUMNS = """
    fetch_id, watchlist_id, candidate_id, field, char_start, char_end, surface, rule, char_end - char_start AS width,
    length(sentence) AS sentence_length,
    instr(sentence, surface) AS place_in_sentence
"""


def expectations() -> list[Expectation]:
    """A mention has a place, a name and a sentence that holds it."""
    return [
        unique("fetch_id", "candidate_id", "field", "char_start"),
        *present("fetch_id", "watchlist_id", "candidate_id", "field", "char_start", "char_end", "surface", "sentence_length", "rule"),
        one_of("field", "title", "text"),
        between("char_start", 0, None, "char_start is in the text"),
        between("width", 1, 200, "a name has a length that names have"),
        between("place_in_sentence", 1, None, "the sentence holds the name"),
    ]
