"""The dates that a reader sees, with where they stand: beside the headline, below the text, in a line of their own, behind which words.

Belongs here: reading the lines that are a date and little else, and what their words and marks say of it. Does not belong here: reading
date strings (``date_strings``), which parts of a page are the article's (``page_parts``), weighing what was found (``date_evidence``).

A date counts for what its place says of it. A date within a sentence is what the sentence is about, and is not looked at.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from transforms.date_strings import Found, Stamp, dates_in, read_date
from transforms.date_words import byline_start, colophon_start, date_label, fold_word, generic_label, label_words
from transforms.page_parts import Layout, Spot, layout_of, marks_of, names_a_date, spots
from transforms.structured import fold

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.html import HtmlElement

    from transforms.structured import Structured

Role = Literal["published", "updated", "other", "bare"]
Place = Literal["near", "article", "page"]

MAX_LINE_CHARS = 160  # of a line that a date is the point of; bylines with names and places are this long
MAX_REST_CHARS = 90  # of it beside the dates
MAX_BYLINE_REST = 70  # the same where nothing marks the line, but it begins as a byline or is divided like one
MAX_BARE_REST = 40  # the same where it does not
FUNCTION_WORD = 3  # letters of "von", "am", "le": bylines have them too
MAX_COLOPHON_CHARS = 300
MAX_OPENING_CHARS = 70  # before the date that opens a paragraph: "Berlin, 2. November 2021 -"
NEAR_AFTER, NEAR_BEFORE = 700, 260  # visible characters between the headline and a date that belongs to it
CLOSE_AFTER, CLOSE_BEFORE = 160, 60  # the same, where no other story can stand between
MAX_LINES = 60  # dates beyond belong to lists
MAX_INLINE = 12  # elements within a line that is no element of its own
MAX_CLIMB = 4  # parents that may complete a line
TEASER_LINK_CHARS, TEASER_LINK_WORDS = 22, 4  # a longer link beside a date is the headline of another story
MAX_TEASER_CHARS = 900  # of a card with such a link
LABEL_REACH = 48  # characters before a date in which its label stands

# Not ``updated`` alone: the hAtom format demands it of every entry, so that themes give it to the date of publication.
_UPDATED_MARK = re.compile(
    r"modif|(?:last|date|time)[_-]?updat|updat\w*[_-](?:date|time|on|at)|aktualis|lastmod|(?:^|[\s_-])(?:changed|revised)(?:$|[\s_-])"
)
_PUBLISHED_MARK = re.compile(r"publi|pubdate|entry-date|post-date|postdate|posted|created|erstell|veroff|article-?date|date-?line|issued")
_AUTHOR = re.compile(r"author|autor|byline|redakt|journalist|profile|people|staff|contributor", re.IGNORECASE)
_INLINE = frozenset({"b", "strong", "i", "em", "span", "a", "font", "small", "time", "abbr", "u"})
_BOXES = frozenset({"body", "html", "tr", "table", "ul", "ol", "dl"})  # a line ends at them
_DATA_DATE = re.compile(r"^data-(?:.*-)?(?:publi\w*|pubdate|pub-?date|post-?date|date|timestamp|time|datetime|created)(?:-\w+)?$")
_SEPARATED = re.compile(r"[|·•]|//")
_CLOSE_LABEL = re.compile(r"[^|•·/\d]{0,12}")  # "Photo: A. Person | 2 July 2024" is no photo's date
_JOINS = frozenset({"-", "–", "—", "to", "bis", "au", "al", "a", "до"})
_SPAN = re.compile(r"(?<![\w.:,])\d{1,2}\.?\s*(?:[-–—]|to|bis|au|al|a|до)\s*$")  # "14. - 20. Januar 2022": the last day of a span
_SENTENCE_END = re.compile(r"(?<=[^\W\d_]{3})\.(?:\s|$)")
_OPENED = frozenset("-–—|):/")
_NO_WORDS = re.compile(r"[\W\d_]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Dateline:
    """A date as it stands on the page."""

    stamp: Stamp
    role: Role  # what its label says, or its class: the last change, a date of something else, nothing
    place: Place
    distance: int  # visible characters from the headline, negative before it
    marked: bool  # class, id or element say that it is a date or a byline
    machine: bool = False  # read from an attribute that is meant for programs
    words: str  # of its line


def datelines(tree: HtmlElement, page: Structured, language: str | None) -> list[Dateline]:
    """The dates that stand in lines of their own, in the order of the page; where one stands beside the headline, no others."""
    layout = layout_of(tree, page)
    found: list[Dateline] = []
    seen: set[HtmlElement] = set()
    waiting: list[Spot] = []  # for the headline, from which distances are counted
    for spot in spots(tree, layout, NEAR_AFTER):
        if spot is not None:
            waiting.append(spot)
            if layout.headline is not None and layout.starts < 0:
                continue
        found.extend(line for each in waiting for line in _read_spot(each, layout, seen, language))
        waiting.clear()
        beside = spot is None and any(line.place == "near" and line.role in {"published", "bare"} for line in found)
        if beside or len(found) >= MAX_LINES:
            return found  # no date further down says more than one beside the headline
    found.extend(line for each in waiting for line in _read_spot(each, layout, seen, language))
    return found


def _read_spot(spot: Spot, layout: Layout, seen: set[HtmlElement], language: str | None) -> Iterator[Dateline]:
    home = spot.home
    if home is None:
        return
    line, words = _line_of(home, layout)
    place, distance = _place(spot, layout, line)
    close = place == "near" and -CLOSE_BEFORE <= distance <= CLOSE_AFTER
    whole = len(words) <= MAX_LINE_CHARS
    if not whole:
        words = _run(spot) or words
    colophon = None if spot.column else _colophon(words, language)
    if colophon is not None:
        read = _Read(dated=((colophon, "published"),), words=words, in_words=True)
    elif not whole:
        read = _read_run(words, place, language) if len(words) <= MAX_LINE_CHARS else _Read()
    elif line in seen or (not close and _in_teaser(line, layout)):
        return
    else:
        read = _read_line(home, line, words, layout, place, language)
        if read.dated and not read.marked and line.tag in _INLINE and line.tag != "time":
            # a bold or linked date in a large block: the words of its own line stand beside it
            words = _run(replace(spot, element=line, tail=True))
            read = _read_run(words, place, language) if len(words) <= MAX_LINE_CHARS else _Read()
        if read.dated:
            seen.add(line)
    if not read.dated and place == "near" and distance >= 0 and not spot.column and (opening := _opening(words, language)) is not None:
        read = _Read(dated=((opening.stamp, "bare"),), words=words[: opening.end])
    for index, (stamp, role) in enumerate(read.dated):
        if not spot.column or (role == "published" and read.in_words) or (place == "near" and read.marked):
            yield Dateline(
                stamp=stamp,
                role=role,
                place=place,
                distance=distance,
                marked=read.marked,
                machine=read.machine and index == 0,
                words=read.words,
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """What a line says."""

    dated: tuple[tuple[Stamp, Role], ...] = ()
    words: str = ""
    marked: bool = False
    machine: bool = False  # the first date is an attribute's
    in_words: bool = False  # the dates are written out


def _read_line(home: HtmlElement, line: HtmlElement, words: str, layout: Layout, place: Place, language: str | None) -> _Read:
    marks = " ".join(_marks(home, line, layout))
    marked = home.tag == "time" or names_a_date(marks) or generic_label().match(fold_word(words)) is not None
    told = dates_in(words, language)
    marked = marked or (len(told) == 1 and date_label().search(fold_word(words[: told[0].start])) is not None)
    if told and not _little_else(words, told):
        words = _text(home)  # what the line says beside the date may be another's
        told = dates_in(words, language)
        if not _little_else(words, told):
            return _Read()
    attribute = _attribute_date(home) if home.tag in {"time", "abbr"} or names_a_date(marks_of(home)) else None
    dated = list(_labelled(words, told))
    machine = attribute is not None and (not told or attribute.day == told[0].stamp.day)
    if attribute is not None and not told:
        dated, marked = [(attribute, "bare")], True
    elif attribute is not None and machine and attribute.clock is not None:
        dated[0] = (attribute, dated[0][1])
    if len(dated) == 1:
        dated = [(dated[0][0], _role_of_marks(marks, dated[0][1]))]
    if told and not marked and not _plain(words, told, place):
        dated = [(stamp, role) for stamp, role in dated if role != "bare"]
    return _Read(dated=tuple(dated), words=words, marked=marked, machine=machine, in_words=bool(told))


def _read_run(words: str, place: Place, language: str | None) -> _Read:
    """The dates of a line that is no element of its own."""
    told = dates_in(words, language)
    if not told or not _little_else(words, told):
        return _Read()
    marked = generic_label().match(fold_word(words)) is not None
    every = marked or _plain(words, told, place)
    dated = tuple((stamp, role) for stamp, role in _labelled(words, told) if every or role != "bare")
    return _Read(dated=dated, words=words, marked=marked, in_words=True)


# ---- what belongs to a line


def _line_of(home: HtmlElement, layout: Layout) -> tuple[HtmlElement, str]:
    """The largest element around a date that is still one short line: day, month and year may stand in elements of their own."""
    line, words = home, _text(home)
    for _ in range(MAX_CLIMB):
        above = line.getparent()
        if above is None or above in layout.around or above is layout.headline or above.tag in _BOXES:
            break
        wider = _text(above)
        if len(wider) > MAX_LINE_CHARS:
            break
        line, words = above, wider
    return line, words


def _run(spot: Spot) -> str:
    """The words between two line breaks or blocks, where text stands beside blocks in one large element."""
    element = spot.element
    pieces = [(element.tail if spot.tail else element.text) or ""]
    before: HtmlElement | None = element if spot.tail else None
    steps = 0
    while before is not None and before.tag in _INLINE and steps < MAX_INLINE:
        steps += 1
        earlier, parent = before.getprevious(), before.getparent()
        ahead = earlier.tail if earlier is not None else parent.text if parent is not None else ""
        pieces[:0] = [ahead or "", before.text_content()]
        before = earlier
    after = element.getnext() if spot.tail else next(iter(element), None)
    while after is not None and after.tag in _INLINE and len(pieces) < MAX_INLINE * 4:
        pieces.extend((after.text_content(), after.tail or ""))
        after = after.getnext()
    return fold(" ".join(pieces))


def _text(element: HtmlElement, limit: int = MAX_LINE_CHARS) -> str:
    """The words of an element; of one that is far longer than ``limit`` only so many that this can be seen."""
    pieces: list[str] = []
    length = 0
    for piece in element.itertext():
        pieces.append(piece)
        length += len(piece)
        if length > limit * 6:  # white space between tags is most of the length of many
            break
    return fold(" ".join(pieces))


def _place(spot: Spot, layout: Layout, line: HtmlElement) -> tuple[Place, int]:
    if layout.starts < 0:
        return "page", spot.at
    distance = spot.at - (layout.ends if spot.at >= layout.starts else layout.starts)
    if -NEAR_BEFORE <= distance <= NEAR_AFTER:
        return "near", distance
    around = any(above in layout.around and above.tag not in {"body", "html"} for above in line.iterancestors())
    return ("article" if around else "page"), distance


def _in_teaser(line: HtmlElement, layout: Layout) -> bool:
    """Whether the date stands in a card: a small part of the page with a link as long as a headline."""
    card: HtmlElement | None = line
    for _ in range(MAX_CLIMB):
        if card is None or card in layout.around or card is layout.headline or card.tag in {"body", "html"}:
            return False
        if len(_text(card, MAX_TEASER_CHARS)) > MAX_TEASER_CHARS:
            return False
        if any(_is_headline_link(link) for link in card.iter("a")):
            return True
        card = card.getparent()
    return False


def _is_headline_link(link: HtmlElement) -> bool:
    """Whether a link is as long as a headline. Those with a relation are of tags and authors, and some authors have long offices."""
    words = _NO_WORDS.sub(" ", link.text_content()).split()
    if len(words) < TEASER_LINK_WORDS or sum(map(len, words)) < TEASER_LINK_CHARS or link.get("rel"):
        return False
    around = (link, link.getparent())
    return not any(_AUTHOR.search((each.get("class") or "") + (each.get("href") or "")) for each in around if each is not None)


def _attribute_date(element: HtmlElement) -> Stamp | None:
    """The date in an attribute: ``datetime``, the ``title`` of the abbr pattern of microformats, ``content``, ``data-…date``."""
    for name in ("datetime", "content", "title"):
        value = element.get(name)
        if value and (stamp := read_date(value)) is not None:
            return stamp
    for name, value in element.items():
        if _DATA_DATE.match(name) and (stamp := read_date(value)) is not None:
            return stamp
    return None


# ---- what is said of a date


def _marks(home: HtmlElement, line: HtmlElement, layout: Layout) -> Iterator[str]:
    """Classes, ids and itemprops from the date's element to the one above its line."""
    current: HtmlElement | None = home
    inside = True
    while current is not None and current not in layout.around:
        yield marks_of(current)
        if current.get("pubdate") is not None:
            yield "pubdate"
        if not inside:
            return
        inside = current is not line
        current = current.getparent()


def _role_of_marks(marks: str, role: Role) -> Role:
    """A class may say what the words do not. ``updated`` beside ``published`` is how WordPress themes mark one date for both."""
    if role != "bare":
        return role
    if _PUBLISHED_MARK.search(marks):
        return "published"
    return "updated" if _UPDATED_MARK.search(marks) else "bare"


def _labelled(words: str, told: list[Found]) -> Iterator[tuple[Stamp, Role]]:
    """Each date with what the words before it say. Two bare dates joined by a dash are a span of time, which nothing is published in."""
    for index, found in enumerate(told):
        begin = told[index - 1].end if index else 0
        role = _label(fold_word(words[max(begin, found.start - LABEL_REACH) : found.start]))
        if role == "bare" and (_joined(words, told, index) or _joined(words, told, index + 1) or _SPAN.search(words[begin : found.start])):
            role = "other"
        yield found.stamp, role


def _label(lead: str) -> Role:
    """The last label before a date."""
    ends: dict[Role, int] = {}
    roles: tuple[Role, ...] = ("other", "published", "updated")
    for role in roles:
        for match in label_words(role).finditer(lead):
            if role != "other" or _CLOSE_LABEL.fullmatch(lead, match.end()):
                ends[role] = match.end()
    return max(ends, key=lambda role: ends[role], default="bare")


def _joined(words: str, told: list[Found], index: int) -> bool:
    """Whether a dash or "to" is all that stands between a date and the one before it."""
    return 0 < index < len(told) and words[told[index - 1].end : told[index].start].strip() in _JOINS


def _little_else(words: str, told: list[Found]) -> bool:
    """Whether a line is about its dates: what is left without them is short, and no copyright."""
    return "©" not in words and len(words) - sum(item.end - item.start for item in told) <= MAX_REST_CHARS


def _plain(words: str, told: list[Found], place: Place) -> bool:
    """Whether a line that nothing marks says little beside its dates, and nothing in a sentence: ``Berlin, 2 July 2024``."""
    rest = len(words) - sum(item.end - item.start for item in told)
    if place == "near" and rest <= MAX_BYLINE_REST and (byline_start().match(fold_word(words)) or _SEPARATED.search(words)):
        return True
    beside = words[: told[0].start].split() + words[told[-1].end :].split()
    spoken = sum(word[:1].islower() and len(word) > FUNCTION_WORD for word in beside)
    return rest <= MAX_BARE_REST and spoken <= (1 if place == "near" else 0)


def _colophon(words: str, language: str | None) -> Stamp | None:
    """The date in a sentence in which the system speaks of the piece above it: ``This entry was posted on 2 July 2024 at 14:20 by …``.

    Blog systems close a piece with it, and what it says of authors, topics and comments makes it too long for a dateline.
    """
    opened = colophon_start().match(fold_word(words[:MAX_COLOPHON_CHARS]))
    if opened is None:
        return None
    told = dates_in(words[:MAX_COLOPHON_CHARS], language)
    end = _SENTENCE_END.search(words)
    sentence = words[: end.start()] if end is not None and (not told or end.start() > told[0].end) else words[:MAX_COLOPHON_CHARS]
    if not told or told[0].start > MAX_OPENING_CHARS or label_words("updated").search(fold_word(sentence)):
        return None
    return told[0].stamp


def _opening(words: str, language: str | None) -> Found | None:
    """The date with which a paragraph begins: ``Berlin, 2. November 2021 – …``, ``27.1.2022 - …``."""
    found = next(iter(dates_in(words[: MAX_OPENING_CHARS + 30], language)), None)
    if found is None or found.start > MAX_OPENING_CHARS:
        return None
    opened = words[found.end : found.end + 4].lstrip(" .")[:1] in _OPENED
    # a place or an agency goes before the date, no sentence: hardly a word in lower case
    return found if opened and sum(word[:1].islower() for word in words[: found.start].split()) <= 1 else None
