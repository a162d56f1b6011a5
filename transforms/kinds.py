"""What kind of page it is, as far as it decides whether a page is counted.

Belongs here: signs that a page is no article. Does not belong here: whether the article is worth counting.

Rejecting an article is worse than letting a listing through: every sign here needs a second one beside it.
"""

from __future__ import annotations

from lxml.html import HtmlElement

from transforms.structured import Structured


def why_no_article(page: Structured, tree: HtmlElement, text: str, url: str, dated: bool) -> str | None:
    """The sign that the page is a listing or another page that is no article, in words; None for an article."""
    return None
