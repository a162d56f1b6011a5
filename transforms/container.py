"""Where on a page the article's text is: which element holds it, and which parts in and around it do not belong to it.

Belongs here: the weight of prose in the tree, the names of parts, the way from the page's body down to the article's. Does not belong
here: cutting the found part into paragraphs (``paragraphs``), judging single lines (``boilerplate``), other extractors (``body``).

An element's weight is the number of letters of prose under it: of paragraphs that are not mostly links. Parts that their tag or class names
call something else than an article do not count. From the body the way leads down as long as one child has most of the weight.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, cast

from lxml import etree

from transforms.partnames import Mark, mark_of_names, names_a_body, names_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from lxml.html import HtmlElement

    from transforms.structured import Structured

PROSE_CHARS = 80  # a paragraph of prose has so many
UNSPACED_WEIGHT = 3  # letters of scripts without blanks count for more
MAX_HEADINGS = 60
MAX_PROSE = 4_000  # paragraphs that are weighed; no article has as many
MOST = 0.8  # the share of the weight with which one child stands for all
ENOUGH_CHARS = 1_200  # prose of an article; where the strict reading of names leaves so much, it is right
ENOUGH_SHARE = 0.5
SHARES = (1.01, 0.4, 0.15, 0.0)  # a small part must have less than this share of all prose; read ever more leniently
NOT_SMALL = 0.45  # a part with this share of the prose, and a whole article of it, is not small
FEW_CHARS = 250
OTHER_STORY = 0.3  # another story on the page has at least this share of the weight of the first
OWN_STORY_CHARS = 400
SECTION_HEAD = 1.2  # letters in the header of a section to those of its heading
BODY_SHARE = 0.3  # what calls itself the body of an article has at least this share
STEPS_TO_BODY = 80  # elements between headline and body that are looked at

_STRING = etree.XPath("string()")
_OWN_TEXT = etree.XPath("text()")
# Blocks that may hold prose; other elements than <p> only where text stands directly in them. XPath spares making objects of the rest.
_TEXT_HOLDERS = ("div", "li", "td", "section", "article", "blockquote", "span", "main", "dd", "center", "font")
_BLOCKS = etree.XPath("//body//p | " + " | ".join(f"//body//{tag}[text()[string-length(.) > 60]]" for tag in _TEXT_HOLDERS))
NEVER = frozenset({
    "script", "style", "noscript", "template", "svg", "iframe", "button", "select", "option", "input", "textarea", "audio", "video",
    "picture", "img", "object", "embed", "canvas", "map", "dialog", "head", "title", "meta", "link", "base", "math", "source", "track",
    "progress", "meter", "datalist", "fieldset", "label",
})  # fmt: skip
_BESIDE_TAGS = frozenset({"nav", "footer"})
_SMALL_TAGS = frozenset({"aside", "header", "form", "figcaption", "figure", "menu", "address"})
_LEAVES = frozenset({"p", "li", "span", "blockquote", "font"})  # no container, even with all the prose
_HEADING_TAGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_SUBHEADINGS = frozenset({"h2", "h3", "h4", "h5", "h6"})
_SIGNS = re.compile(r"\w+")


def signs(text: str) -> str:
    """The letters and digits of a text, for comparing headlines."""
    return "".join(_SIGNS.findall(text.casefold()))


def text_of(element: HtmlElement) -> str:
    """All text in an element as it stands."""
    return cast("str", _STRING(element))


def leads_elsewhere(link: HtmlElement) -> bool:
    """Whether a link leaves its place: headings carry one to themselves, and footnotes lead down the page."""
    return not (link.get("href") or "").startswith("#")


def linked_letters(element: HtmlElement) -> int:
    """How many letters in an element are links to other places."""
    return sum(len(text_of(link)) for link in element.iter("a") if leads_elsewhere(link))


def folded(text: str) -> str:
    return " ".join(text.split())


@dataclass(slots=True)
class Weights:
    """The prose of one page: how much is under each element, and which elements are passed over."""

    body: HtmlElement
    headline: HtmlElement | None = None  # the heading that repeats the title
    around_headline: frozenset[HtmlElement] = frozenset()
    prose: dict[HtmlElement, int] = field(default_factory=dict)  # all prose
    kept: dict[HtmlElement, int] = field(default_factory=dict)  # … outside the parts that are passed over
    share: float = SHARES[0]
    all_foreign: bool = False  # hardly anything is left without what readers write: then it is the text
    _marks: dict[HtmlElement, Mark] = field(default_factory=dict)

    @property
    def total(self) -> int:
        return self.prose.get(self.body, 0)

    def mark(self, element: HtmlElement) -> Mark:
        found = self._marks.get(element)
        if found is None:
            found = self._marks[element] = self._read_mark(element)
        return found

    def _read_mark(self, element: HtmlElement) -> Mark:
        tag = element.tag
        if tag in NEVER:
            return "never"
        if element in self.around_headline or tag in {"html", "body"}:
            return ""
        if tag in _BESIDE_TAGS:
            return "beside"
        style = element.get("style")
        if element.get("hidden") is not None or (style and "display:none" in style.replace(" ", "").lower()):
            return "hidden"
        # The id of a heading is made of its words.
        names = (element.get("class") or "") if tag in _HEADING_TAGS else names_of(element)
        named = mark_of_names(names) if names else ""
        if named == "beside" and self.prose.get(element, 0) * 2 >= self.total > 0:
            return ""
        if named:
            return named
        if tag == "header" and _heads_a_section(element):
            return ""
        if tag in _SMALL_TAGS:
            # Pull quotes and tables come in <figure> too.
            return (
                "" if tag == "figure" and (element.find(".//blockquote") is not None or element.find(".//table") is not None) else "small"
            )
        return "small" if element.get("aria-hidden") == "true" else ""

    def passed_over(self, element: HtmlElement) -> bool:
        """Whether an element is no part of the article."""
        mark = self.mark(element)
        if not mark:
            return False
        if mark in {"never", "notice"} or (mark in {"foreign", "beside"} and not self.all_foreign):
            return True
        weight = self.prose.get(element, 0)
        if mark == "small" and weight > ENOUGH_CHARS and weight >= NOT_SMALL * self.total:
            # An element that was not closed takes in the text that follows; many links are other stories.
            return 2 * linked_letters(element) > len(text_of(element))
        return weight == 0 or weight < self.share * self.total


def weigh(tree: HtmlElement, said: Structured | None, title: str) -> Weights:
    """The weights of a page."""
    body = tree.find("body")
    weights = Weights(body=tree if body is None else body)
    weights.headline = _headline(tree, title, said.headings[:3] if said is not None else ())
    if weights.headline is not None:
        weights.around_headline = frozenset(cast("HtmlElement", above) for above in weights.headline.iterancestors())
    found = _prose(tree)
    _add_up(found, weights.prose)
    chosen = _outside(found, lambda element: weights.mark(element) not in {"", "small", "hidden"})
    readable = sum(chosen.values())
    if readable < FEW_CHARS:
        weights.all_foreign, readable = True, weights.total
    for share in SHARES:
        weights.share = share
        chosen = _outside(found, weights.passed_over)
        left = sum(chosen.values())
        if left >= ENOUGH_SHARE * readable or left > ENOUGH_CHARS:
            break
    _add_up(chosen, weights.kept)
    return weights


def _heads_a_section(header: HtmlElement) -> bool:
    """Whether a <header> holds a subheading and hardly anything else, as sections of an article have it."""
    heading = next((child for child in header.iterdescendants() if child.tag in _SUBHEADINGS), None)
    return heading is not None and len(folded(text_of(header))) <= SECTION_HEAD * len(folded(text_of(heading)))


def _headline(tree: HtmlElement, title: str, headings: tuple[str, ...]) -> HtmlElement | None:
    found = [(heading, signs(text_of(heading))) for heading in islice(tree.iter("h1", "h2"), MAX_HEADINGS)]
    wanted = signs(title)
    stated = {signs(heading) for heading in headings} - {""}
    same = [heading for heading, words in found if words and words == wanted]
    alike = [heading for heading, words in found if heading.tag == "h1" and words in stated]
    first = [heading for heading, words in found if heading.tag == "h1" and words]
    return next(iter([*same, *alike, *(first if len(first) == 1 else ())]), None)


def _prose(tree: HtmlElement) -> dict[HtmlElement, int]:
    """The blocks of prose with their letters."""
    found: dict[HtmlElement, int] = {}
    for element in cast("list[HtmlElement]", _BLOCKS(tree)):
        paragraph = element.tag == "p"
        text = folded(text_of(element) if paragraph else "".join(cast("list[str]", _OWN_TEXT(element))))
        letters = len(text) if " " in text[:PROSE_CHARS] else UNSPACED_WEIGHT * len(text)
        if letters < PROSE_CHARS:
            continue
        if paragraph and 2 * linked_letters(element) > len(text):
            continue
        found[element] = letters
        if len(found) >= MAX_PROSE:
            break
    return found


def _add_up(found: dict[HtmlElement, int], into: dict[HtmlElement, int]) -> None:
    """Adds the letters of blocks to the elements around them, those of one parent in one go."""
    by_parent: dict[HtmlElement, int] = {}
    for element, letters in found.items():
        into[element] = into.get(element, 0) + letters
        parent = element.getparent()
        if parent is not None:
            by_parent[parent] = by_parent.get(parent, 0) + letters
    for parent, letters in by_parent.items():
        into[parent] = into.get(parent, 0) + letters
        for above in parent.iterancestors():
            into[above] = into.get(above, 0) + letters


def _outside(found: dict[HtmlElement, int], passed_over: Callable[[HtmlElement], bool]) -> dict[HtmlElement, int]:
    """The blocks that lie in no element that is passed over."""
    known: dict[HtmlElement, bool] = {}
    kept: dict[HtmlElement, int] = {}
    for block, letters in found.items():
        path: list[HtmlElement] = []
        element: HtmlElement | None = block
        inside = False
        while element is not None:
            before = known.get(element)
            if before is not None:
                inside = before
                break
            path.append(element)
            element = element.getparent()
        for step in reversed(path):
            inside = inside or passed_over(step)
            known[step] = inside
        if not inside:
            kept[block] = letters
    return kept


def article_parts(weights: Weights) -> list[HtmlElement]:
    """The elements that hold the article, in order: the one with most of the prose, before it such with prose that follow the headline."""
    kept, node = weights.kept, weights.body
    before: list[HtmlElement] = []
    headline_passed = False
    while True:
        heaviest = max(node, key=lambda child: kept.get(child, 0), default=None)
        weight = kept.get(heaviest, 0) if heaviest is not None else 0
        if heaviest is None or not weight or heaviest.tag in _LEAVES:
            break
        own = next((child for child in node if child in weights.around_headline or child is weights.headline), None)
        if weight < MOST * kept.get(node, 0):
            if own is not None and _other_stories(node, own, kept):
                node = own
                continue
            called = _called_body(node, weights)
            if called is not None:
                node = called
                continue
            break
        follows = headline_passed
        for child in node:
            if child is heaviest:
                break
            if child is own:
                follows = True
            elif follows and kept.get(child, 0):
                before.append(child)
        headline_passed = headline_passed or (follows and own is not None and own is not heaviest)
        node = heaviest
    return [*before, node]


def _called_body(node: HtmlElement, weights: Weights) -> HtmlElement | None:
    """The one element below that calls itself the body of an article and has a fair part of the prose.

    What is beside it then are other stories and teasers.
    """
    found: list[HtmlElement] = []
    for element in node.iterdescendants():
        if not weights.kept.get(element, 0) or element.tag in _LEAVES or (found and found[-1] in element.iterancestors()):
            continue
        if element.get("itemprop") == "articleBody" or names_a_body(element):
            found.append(element)
    if len(found) != 1:  # an article in several pieces, or several articles
        return None
    weight = weights.kept.get(found[0], 0)
    return found[0] if weight >= max(OWN_STORY_CHARS, BODY_SHARE * weights.kept.get(node, 0)) else None


def _other_stories(node: HtmlElement, own: HtmlElement, kept: dict[HtmlElement, int]) -> bool:
    """Whether beside the child with the headline others lie that are articles themselves: pages that go on with the next story."""
    weight = kept.get(own, 0)
    return weight >= OWN_STORY_CHARS and any(
        child is not own and kept.get(child, 0) > OTHER_STORY * weight and (child.tag == "article" or child.find(".//h1") is not None)
        for child in node
    )


def before_body(weights: Weights, parts: list[HtmlElement]) -> list[HtmlElement]:
    """The elements between the headline and the first prose of the article's parts, where leads stand; none where it is far away."""
    around_parts = {above for part in parts for above in part.iterancestors()}
    within = any(part in weights.around_headline for part in parts)  # the headline lies in the body itself
    found: list[HtmlElement] = []
    node = weights.headline
    for _ in range(STEPS_TO_BODY):
        if node is None:
            return found
        following = node.getnext()
        if following is None:
            node = node.getparent()
            if node is None or node is weights.body:
                return found
            continue
        node = following
        within = within or node in parts
        while node in around_parts or (within and weights.kept.get(node, 0)):
            if not len(node) or node.tag == "p" or len(folded(node.text or "")) >= PROSE_CHARS:
                return found
            node = node[0]
            within = within or node in parts
        if isinstance(node.tag, str):
            found.append(node)
    return []
