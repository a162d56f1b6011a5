"""The published stories."""

from __future__ import annotations

from great_expectations.expectations.expectation import Expectation

from warehouse.expectations._common import between, present, unique

TABLE = "published.stories"
COLUMNS = """
    story_id, lead_article_id, article_count, outlet_count, article_count - outlet_count AS further,
    (story_id = lead_article_id)::INTEGER AS named_by_lead
"""


def expectations() -> list[Expectation]:
    """A story has an article at least, and is named by its lead."""
    return [
        unique("story_id"),
        *present("lead_article_id", "article_count", "outlet_count"),
        between("article_count", 1, None, "a story has an article"),
        between("outlet_count", 1, None, "a story has an outlet"),
        between("further", 0, None, "outlets are no more than articles"),
        between("named_by_lead", 1, 1, "a story has the name of its lead"),
    ]
