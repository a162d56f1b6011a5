"""Pages that stand in the place of an article and answer 200 all the same: errors, consent, login, checks for robots.

Belongs here: telling such a page by several signs at once. Does not belong here: listings, galleries and other pages that an outlet
wants to show (``kinds``), and whether an article is free (``extract``).

No sign is enough alone. An article may have "404" in its headline, a login form in its header and a consent banner above it; a wall has
little else. So the words of a wall count by their share, what the page has of an article counts against it, and a page that states an
article of its own is hardly ever taken for a wall: a stub behind a pay wall is an article.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, cast

import ada_url
import daachorse
from lxml import etree

from transforms.records import Reason

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from lxml.html import HtmlElement

    from transforms.structured import Structured

REJECT_AT = 6  # points
MAX_WORDS = 400  # a longer text without a wall's headline is no wall
MAX_CHARS = 8_000  # of the text that are looked at
HEADING_SHARE = 0.7  # of the words of a headline that are a wall's
TITLE_REST = 5  # words of a title beside the wall's: the outlet's name
TEXT_SHARE = 0.4  # of the words of a text that stand in sentences of a wall
HEADLINE_WORDS = 4  # a headline of an article has at least so many
PROSE_WORDS = 25  # a line of so many words is a paragraph of prose
LABEL_CHARS = 100  # a button's label has no more
LINE_CHARS = 20  # shorter pieces of a page are labels, not sentences
MAX_HEADING = 300  # characters
MAX_PIECES = 400  # labels and scripts that are looked at

KINDS = {"error": Reason.ERROR_PAGE, "consent": Reason.CONSENT_WALL, "login": Reason.LOGIN_PAGE, "bot": Reason.BOT_CHECK}

_WORD = re.compile(r"[^\W_]+")
_SENTENCE_END = re.compile(r"(?<=[.!?…;。])\s+|\n")
_TITLE_PARTS = re.compile(r"\s+[-–—·•|»«:/]+\s+|\s*[|»«]\s*|:\s+")
_SECOND = etree.XPath("(//h2)[position() <= 2]")
_PASSWORD = etree.XPath("boolean(//input[translate(@type, 'PASWORD', 'pasword')='password'])")
_EMAIL = etree.XPath("boolean(//form//input[@type='email'])")
_LABELS = etree.XPath("//button | //input[@type='submit' or @type='button'] | //a[not(ancestor::nav)]")
_SCRIPTS = etree.XPath(
    "//script/@src | //iframe/@src | //form/@action | //form/@id | //div/@id | //script/text()"
    " | //*[contains(@class, 'captcha') or contains(@class, 'turnstile')]/@class",
    smart_strings=False,
)
_SCRIPT_CHARS = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class _Words:
    automaton: Any  # over folded text; its patterns begin with a blank
    ways: tuple[tuple[tuple[str, str], ...], ...]  # pattern → (kind, field) of every list that has it
    lengths: tuple[int, ...]  # pattern → words
    fillers: frozenset[str]
    buttons: frozenset[str]
    captcha: tuple[str, ...]
    paths: Mapping[str, frozenset[str]]


def fold_words(text: str) -> str:
    """The words alone, without case and accents, with one blank before and after each."""
    bare = text.casefold()
    if not bare.isascii():
        bare = "".join(c for c in unicodedata.normalize("NFKD", bare) if not unicodedata.combining(c))
    return f" {' '.join(_WORD.findall(bare))} "


def _pattern(entry: str) -> str:
    folded = fold_words(entry)
    return folded if entry.endswith("|") else folded.rstrip()


@lru_cache(maxsize=1)
def _words() -> _Words:
    table = tomllib.loads(files("transforms.lexicons").joinpath("walls.toml").read_text(encoding="utf-8"))
    ways: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for kind in KINDS:
        for field in ("headings", "phrases"):
            for entries in table[kind][field].values():
                for entry in entries:
                    ways[_pattern(entry)].add((kind, field))
    patterns = sorted(ways)
    return _Words(
        automaton=daachorse.CharwiseDoubleArrayAhoCorasick(patterns),
        ways=tuple(tuple(sorted(ways[pattern])) for pattern in patterns),
        lengths=tuple(len(pattern.split()) for pattern in patterns),
        fillers=frozenset(word for entry in table["fillers"]["words"] for word in fold_words(entry).split()),
        buttons=frozenset(fold_words(entry) for entries in table["consent"]["buttons"].values() for entry in entries),
        captcha=tuple(table["markup"]["captcha"]),
        paths={kind: frozenset(table["paths"][kind]) for kind in KINDS},
    )


def _of_heading(line: str) -> set[str]:
    """The kinds of wall that have such a headline: their words are most of it."""
    folded = fold_words(line[:MAX_HEADING])
    words = folded.split()
    covered: dict[str, set[int]] = defaultdict(set)
    for start, _, pattern in _words().automaton.find_overlapping(folded):
        at = folded.count(" ", 0, start + 1) - 1
        for kind, field in _words().ways[pattern]:
            if field == "headings" or kind == "error":  # an error's sentences make headlines too; "privacy policy" makes no wall
                covered[kind].update(range(at, at + _words().lengths[pattern]))
    fillers = {at for at, word in enumerate(words) if word in _words().fillers or word.isdigit()}
    return {kind for kind, places in covered.items() if len(places | fillers) >= HEADING_SHARE * len(words)}


def _of_title(title: str, headings: Sequence[str]) -> set[str]:
    """The kinds of wall that have such a title: one part of it is theirs, and the rest is short. A headline that is none of theirs is
    taken out before: what it is made of, as "404: page not found, and nobody knows why", says nothing."""
    for line in headings:
        if len(line.split()) >= HEADLINE_WORDS and not _of_heading(line):
            title = title.replace(line, " ")
    parts = [(part, _of_heading(part)) for part in _TITLE_PARTS.split(title[:300]) if part.strip()]
    found = set().union(*(kinds for _, kinds in parts)) if parts else set()
    return {kind for kind in found if sum(len(part.split()) for part, kinds in parts if kind not in kinds) <= TITLE_REST}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    """What the sentences of a text say of one kind of wall."""

    share: float  # of the words
    phrases: int  # different ones

    @property
    def dominates(self) -> bool:
        return self.share >= TEXT_SHARE and self.phrases > 1


def _of_text(lines: Iterable[str]) -> dict[str, _Said]:
    sentences = [sentence for line in lines for sentence in _SENTENCE_END.split(line)]
    folded = [words for words in map(fold_words, sentences) if words.strip()]
    starts, place = [], 0
    for words in folded:
        starts.append(place)
        place += len(words) + 1
    sizes = [words.count(" ") - 1 for words in folded]
    hits: dict[str, dict[int, set[int]]] = defaultdict(lambda: defaultdict(set))
    for start, _, pattern in _words().automaton.find_overlapping("\n".join(folded)):
        for kind, _field in _words().ways[pattern]:
            hits[kind][bisect_right(starts, start) - 1].add(pattern)
    total = sum(sizes) or 1
    return {
        kind: _Said(share=sum(sizes[at] for at in found) / total, phrases=len(set().union(*found.values()))) for kind, found in hits.items()
    }


def _buttons(tree: HtmlElement) -> bool:
    """Whether there is a button by which one agrees."""
    for element in cast("list[HtmlElement]", _LABELS(tree))[:MAX_PIECES]:
        label = element.get("value", "") if element.tag == "input" else element.text_content()
        if len(label) <= LABEL_CHARS and fold_words(label) in _words().buttons:
            return True
    return False


def _captcha(tree: HtmlElement) -> bool:
    pieces = cast("list[str]", _SCRIPTS(tree))[:MAX_PIECES]
    return any(name in piece[:_SCRIPT_CHARS].lower() for piece in pieces for name in _words().captcha)


def own_date(page: Structured) -> bool:
    """Whether the markup dates the page, rightly or not."""
    return bool(
        page.times
        or page.itemprops.get("datepublished")
        or any(node.get("datePublished") for node in page.articles)
        or page.first("article:published_time", "date", "datepublished", "dc.date", "dcterms.created", "pubdate", "publishdate")
    )


def _path(url: str) -> set[str]:
    try:
        segments = {segment for segment in ada_url.URL(url).pathname.lower().split("/") if segment}
    except (ValueError, UnicodeError):
        return set()
    return {kind for kind, names in _words().paths.items() if names & segments}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Evidence:
    """What a page shows, before it is asked which wall it could be."""

    title: set[str]  # kinds whose words the title has
    headings: set[str]  # … and the first headlines, or the content system's class
    text: Mapping[str, _Said]  # … and the text that was taken for the article's
    around: Mapping[str, _Said]  # … and the whole page, where title or headline are a wall's
    path: set[str]
    own_headline: bool

    @property
    def kinds(self) -> set[str]:
        return self.title | self.headings | self.text.keys()


def _evidence(page: Structured, tree: HtmlElement, text: str, url: str, pieces: Sequence[str], classes: frozenset[str]) -> _Evidence | None:
    """None where title and headline are no wall's, and the text is longer than any."""
    title = _of_title(page.title_tag or "", page.headings[:2])
    headings: set[str] = set().union(*map(_of_heading, page.headings[:2]))
    if any("404" in name for name in classes):  # as WordPress and others have it
        headings.add("error")
    if not title and not headings and text.count(" ") > MAX_WORDS:
        return None
    own_headline = any(_is_headline(line, page) for line in page.headings[:2])
    if not headings and not own_headline:  # the first one may be the outlet's name, and the error below; other words stand in dialogs
        lower = [_of_heading(heading.text_content()) for heading in cast("list[HtmlElement]", _SECOND(tree))]
        headings = {"error"} if any("error" in kinds for kinds in lower) else set()
    sentences = [piece for piece in pieces[:MAX_PIECES] if len(piece) >= LINE_CHARS]
    lines = text[:MAX_CHARS].split("\n") if text else sentences
    return _Evidence(
        title=title,
        headings=headings,
        text=_of_text(lines),
        around=_of_text(sentences) if title or headings else {},
        path=_path(url),
        own_headline=own_headline,
    )


def which_wall(
    page: Structured, tree: HtmlElement, text: str, url: str, *, stated: bool, pieces: Sequence[str], classes: frozenset[str]
) -> tuple[Reason, str] | None:
    """Which wall the page is, and its signs in words; None for an article, a listing, and whatever is not clearly a wall.

    ``stated``: the page says that it is an article. ``pieces``: its visible texts. ``classes``: those of <body>.
    """
    seen = _evidence(page, tree, text, url, pieces, classes)
    if seen is None or not seen.kinds:
        return None
    general = _general(page, text, stated=stated)
    found = {kind: _signs(kind, seen, tree) + general for kind in seen.kinds}
    best = max(sorted(found), key=lambda kind: sum(points for points, _ in found[kind]))
    if sum(points for points, _ in found[best]) < REJECT_AT:
        return None
    return KINDS[best], "; ".join(words for points, words in sorted(found[best], reverse=True) if points > 0)


def _general(page: Structured, text: str, *, stated: bool) -> list[tuple[int, str]]:
    """Signs that all walls share, and those of an article."""
    signs: list[tuple[int, str]] = []
    if sum(len(line.split()) >= PROSE_WORDS for line in text.split("\n")) <= 1:
        signs.append((1, "little prose"))
    if not own_date(page):
        signs.append((1, "no date of its own"))
    if "noindex" in (page.first("robots", "googlebot") or "").lower():
        signs.append((1, "noindex"))
    if stated:
        signs.append((-5, "states an article"))
    return signs


def _signs(kind: str, seen: _Evidence, tree: HtmlElement) -> list[tuple[int, str]]:
    """Signs of one kind of wall."""
    signs: list[tuple[int, str]] = []
    if kind in seen.title:
        signs.append((2, "title of such a page"))
    if kind in seen.headings:
        signs.append((2, "headline of such a page"))
    elif kind not in seen.title and (seen.own_headline or seen.title or seen.headings):
        signs.append((-3, "another headline"))
    if kind in seen.text and seen.text[kind].dominates:
        signs.append((3, "most of the text speaks of it"))
    elif kind in seen.text or kind in seen.around:
        signs.append((1, "the text speaks of it"))
        if any(said.dominates for said in seen.text.values()):
            signs.append((1, "the text is a notice"))  # a consent banner, say, where nothing better was found
    if kind in seen.path:
        signs.append((1, "path of such a page"))
    if kind == "login" and _PASSWORD(tree):
        signs.append((2, "asks for a password"))
    elif kind == "login" and _EMAIL(tree):
        signs.append((1, "asks for an address"))
    elif kind == "consent" and _buttons(tree):
        signs.append((2, "button to agree"))
    elif kind == "bot" and _captcha(tree):
        signs.append((2, "script that checks for robots"))
    return signs


def _is_headline(line: str, page: Structured) -> bool:
    """Whether a heading is long enough for an article's, and the title repeats it."""
    words = fold_words(line)
    return len(words.split()) >= HEADLINE_WORDS and words in fold_words(page.title_tag or page.first("og:title") or "")
