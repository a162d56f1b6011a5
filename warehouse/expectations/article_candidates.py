"""The published table of who is named in which article."""

from __future__ import annotations

from great_expectations.expectations.expectation import Expectation

from warehouse.expectations._common import between, present, unique

TABLE = "published.article_candidates"
COLUMNS = "article_id, candidate_id, mention_count, in_title, in_lead, in_race"


def expectations() -> list[Expectation]:
    """Who is there is named."""
    return [
        unique("article_id", "candidate_id"),
        *present("article_id", "candidate_id", "mention_count", "in_title", "in_lead", "in_race"),
        between("mention_count", 1, None, "who is there is named"),
    ]
