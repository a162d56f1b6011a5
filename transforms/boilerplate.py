"""Which blocks of an article's part of the page are its text.

Belongs here: rules on single blocks and their neighbours, by links, by position, by the words of ``lexicons/boilerplate.toml``. Does not
belong here: finding the part (``container``), markup (``paragraphs``).

Taken away: blocks and lists that are links, lines that lead to other stories with what follows them, labels, requests to subscribe, follow
or share, what stands before the headline, short lines before the first prose (kicker, byline, date), headings that head nothing, repeats.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import groupby, zip_longest

from transforms.container import signs
from transforms.paragraphs import Block

LINKED = 0.8  # a block with this share of its letters in links is a link
LINKED_CHARS = 400  # … if it is shorter than this
PART_LINKED = 0.4
PROSE_CHARS = 80
UNSPACED_PROSE = 30
SHORT_CHARS = 120  # a teaser in a list of other stories
ALSO_WORDS = 30
PROMPT_WORDS = 45
PROMPT_CHARS = 1_000  # longer blocks are not split to count their words
LABEL_CHARS = 200  # no label is longer
BEGINNING_CHARS = 100
INTRODUCTION_CHARS = 50  # shorter lines with a colon are labels of a list of pages
HEADLINE_CHARS = 45  # longer links in a list are other headlines
OPENING = 25  # blocks in which the headline may be repeated
EDGE_BLOCKS = 3
REPEATED_CHARS = 40
_FIRST_WORD = re.compile(r"\w+")
_ENDS = frozenset(".?!…。！？:;\"”“»›'’)")
_INTRODUCES = (":", "：")
_ALSO_MARKS = frozenset(":–—-|»>→…")


@dataclass(frozen=True, slots=True)
class _Words:
    others: frozenset[str]
    labels: frozenset[str]
    also: dict[str, tuple[str, ...]]  # by their first word, the longest first
    prompts: tuple[str, ...]
    rights: tuple[str, ...]


def _first_word(entry: str) -> str:
    found = _FIRST_WORD.match(entry)
    return found[0] if found is not None else ""


def _by_first_word(entry: str) -> tuple[str, int]:
    return _first_word(entry), -len(entry)


@cache
def _words() -> _Words:
    table = tomllib.loads(files("transforms.lexicons").joinpath("boilerplate.toml").read_text(encoding="utf-8"))
    return _Words(
        others=frozenset(map(signs, table["others"])),
        labels=frozenset(map(signs, table["labels"])),
        also={first: tuple(beginnings) for first, beginnings in groupby(sorted(table["also"], key=_by_first_word), key=_first_word)},
        prompts=tuple(table["prompts"]),
        rights=tuple(table["rights"]),
    )


def is_prose(block: Block) -> bool:
    """Whether a block is long enough to be a paragraph of an article."""
    return block.kind in {"text", "quote", "entry"} and (
        len(block.text) >= PROSE_CHARS or (len(block.text) >= UNSPACED_PROSE and " " not in block.text[:UNSPACED_PROSE])
    )


def is_sentence(block: Block) -> bool:
    return block.text[-1] in _ENDS


def article_blocks(blocks: list[Block], headlines: frozenset[str]) -> list[Block]:
    """The blocks that are the article's text. ``headlines`` are the signs of its title and of other forms of it on the page."""
    kept = _without_linked(blocks)
    kept = _without_other_stories(kept)
    kept = _without_repeats(kept)
    kept = _from_headline_on(kept, headlines)
    kept = _without_opening_lines(kept)
    return _without_empty_headings(kept)


_GAP = Block("text", "")  # stands where something was taken away, until headings have been looked at


def _is_link(block: Block) -> bool:
    return block.linked >= LINKED * len(block.text) and len(block.text) < LINKED_CHARS


def _without_linked(blocks: list[Block]) -> list[Block]:
    """A linked heading stays over text that is no link: there it belongs to the text, or both are a teaser, which tells a listing."""
    kept: list[Block] = []
    for entries, run in groupby(blocks, key=lambda block: block.kind == "entry"):
        group = list(run)
        if entries:
            links = sum(map(_is_link, group))
            kept.extend([_GAP] if links * 2 > len(group) and not (kept and _introduces(kept[-1], group)) else group)
        else:
            kept.extend(_GAP if _is_link(block) and block.kind != "heading" else block for block in group)
    for place, (block, following) in enumerate(zip_longest(list(kept), kept[1:], fillvalue=_GAP)):
        if block.kind == "heading" and _is_link(block) and not (is_prose(following) and not _is_link(following)):
            kept[place] = _GAP
    return kept


def _introduces(line: Block, entries: list[Block]) -> bool:
    """Whether a list of links belongs to the text: a line ends in a colon, and the links are names and no headlines."""
    return (
        line.text.endswith(_INTRODUCES)
        and len(line.text) >= INTRODUCTION_CHARS
        and sum(len(entry.text) for entry in entries) < HEADLINE_CHARS * len(entries)
    )


def _without_other_stories(blocks: list[Block]) -> list[Block]:
    words = _words()
    kept: list[Block] = []
    following = False  # a heading of other stories came before
    last = len(blocks) - 1
    for place, block in enumerate(blocks):
        if block is _GAP:
            kept.append(_GAP)
            continue
        key = signs(block.text) if len(block.text) <= LABEL_CHARS else block.text
        if key in words.others:
            following = True
            kept.append(_GAP)
            continue
        if following and block.kind != "heading" and _is_teaser(block):
            kept.append(_GAP)
            continue
        following = False
        at_edge = place < EDGE_BLOCKS or place > last - EDGE_BLOCKS
        kept.append(_GAP if not key or key in words.labels or _leads_away(block) or _asks(block, at_edge) else block)
    return kept


def _is_teaser(block: Block) -> bool:
    """Whether a block looks like an entry of a list of stories, and not like a sentence of the text."""
    return block.kind == "entry" or (
        len(block.text) < SHORT_CHARS and (block.kind != "text" or bool(block.linked) or not is_sentence(block))
    )


def _leads_away(block: Block) -> bool:
    lower = block.text[:BEGINNING_CHARS].casefold()
    first = _FIRST_WORD.match(lower)
    for beginning in _words().also.get(first[0], ()) if first is not None else ():
        if not lower.startswith(beginning) or lower[len(beginning) :][:1].isalnum():
            continue
        rest = block.text.casefold()[len(beginning) :].lstrip()
        if len(rest.split()) > ALSO_WORDS:
            return False
        return block.linked >= PART_LINKED * len(block.text) or (" " in beginning and rest[:1] in _ALSO_MARKS)
    return False


def _asks(block: Block, at_edge: bool) -> bool:
    if len(block.text) > PROMPT_CHARS:
        return False
    lower = block.text.casefold()
    if lower.startswith(_words().rights) and len(lower) < SHORT_CHARS:
        return True
    if len(lower.split()) > PROMPT_WORDS or not (at_edge or block.linked):
        return False
    return any(prompt in lower for prompt in _words().prompts)


def _without_repeats(blocks: list[Block]) -> list[Block]:
    seen: set[str] = set()
    kept: list[Block] = []
    for block in blocks:
        if len(block.text) >= REPEATED_CHARS:
            if block.text in seen:
                continue
            seen.add(block.text)
        kept.append(block)
    return kept


def _from_headline_on(blocks: list[Block], headlines: frozenset[str]) -> list[Block]:
    for place, block in enumerate(blocks[:OPENING]):
        if is_prose(block):  # then it is the heading of a section that repeats the title
            break
        if block.kind == "heading" and block.tag in {"h1", "h2"} and signs(block.text) in headlines:
            return blocks[place + 1 :]
    return blocks


def _without_opening_lines(blocks: list[Block]) -> list[Block]:
    """Without kicker, byline, date and headline before the first prose; leads end like sentences and stay."""
    first = next((place for place, block in enumerate(blocks) if is_prose(block)), None)
    if first is None:
        return blocks
    opening = [
        block
        for place, block in enumerate(blocks[:first])
        if block is _GAP
        or block.kind in {"row", "entry"}
        or (block.kind == "heading" and block.tag != "h1")
        or (block.kind != "heading" and is_sentence(block) and len(block.text) >= REPEATED_CHARS)
    ]
    return [*opening, *blocks[first:]]


def _without_empty_headings(blocks: list[Block]) -> list[Block]:
    """Without headings at the end or over something that was taken away, and without the gaps."""
    kept: list[Block] = []
    text_follows = False
    gap_follows = False
    for block in reversed(blocks):
        if block is _GAP:
            gap_follows = True
            continue
        if block.kind == "heading" and (not kept or (gap_follows and not text_follows)):
            continue
        kept.append(block)
        text_follows = block.kind != "heading"
        gap_follows = False
    kept.reverse()
    return kept
