"""What a text is about, sentence by sentence: the choice for the post of a contest, other posts, other work, or nothing of the kind.

A sentence that names the post with words of choosing is about the contest; one that names another post is not; one that only has a
listed person and words of support or candidacy goes with the larger of the two. An article is about the contest when enough of it is,
its title and its lead first of all. Words and their meanings come from :mod:`transforms.race`; nothing here knows a person, a post or
a language.
"""

from __future__ import annotations

import dataclasses
import re
from bisect import bisect_left, bisect_right
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from transforms.normalise import BLANK_LINE, Folded
from transforms.records import Field

SHORT = 300  # code points; a shorter text is judged by its evidence, a longer one is weighed sentence by sentence
TITLE, LEAD, BODY = 3.0, 2.0, 1.0  # weight of a sentence by its place
LEAD_LENGTH = 300  # code points from the beginning in which a lead's sentences begin
ENOUGH = 0.1  # share of an article
HINT = 0.5
BESIDE = 8  # code points between a title and a name


@dataclass(frozen=True, slots=True)
class Name:
    """A mention as far as the contest needs it: offsets in the folded field."""

    candidate: str
    field: Field
    start: int
    end: int


class Hit(NamedTuple):
    """A cue word in a folded field. A tuple, since an article has a hundred of them."""

    field: Field
    start: int
    end: int
    pattern: str
    kinds: tuple[str, ...]


Units = Mapping[Field, tuple[tuple[int, int], ...]]  # where the sentences of each folded field begin and end


@dataclass(slots=True)
class Sentence:
    """A stretch of a folded field with what was found in it."""

    field: Field
    number: int  # in its field, from 0
    start: int
    end: int
    hits: list[Hit] = dataclasses.field(default_factory=list)
    names: list[Name] = dataclasses.field(default_factory=list)
    kinds: set[str] = dataclasses.field(default_factory=set)


_STOP = re.compile(rf"[.!?…。؟;]['\")»”’]* |{BLANK_LINE}")
_NO_STOP = re.compile(r"(?<!\w)(?:[^\W\d_]{1,2}|\d{1,2})$")  # initials, short titles (where capital), ordinal numbers


def split(copy: Folded) -> tuple[tuple[int, int], ...]:
    """Where the sentences of a folded field begin and end, good enough for weighing words: case is that of the source."""
    text, begin, found = copy.text, 0, []
    for mark in _STOP.finditer(text):
        at, end = mark.span()
        stop = text[at]
        if stop != BLANK_LINE[0]:
            if stop != ";" and end < len(text) and copy.char(end).islower():
                continue
            if stop == "." and not (at - begin > 3 and text[at - 3 : at].isalpha()):  # a longer word is no initial
                short = _NO_STOP.search(text, max(begin, at - 4), at)
                if short and not copy.char(short.start()).islower():
                    continue
        if at > begin:
            found.append((begin, at))
        begin = end
    if len(text) > begin:
        found.append((begin, len(text)))
    return tuple(found)


def sentences(units: Units, hits: Sequence[Hit], names: Sequence[Name]) -> list[Sentence]:
    """The sentences of title and text in order that have cue words or names, with these."""
    starts = {field: [start for start, _ in spans] for field, spans in units.items()}
    result: dict[tuple[Field, int], Sentence] = {}

    def sentence_of(field: Field, at: int) -> Sentence:
        number = max(bisect_right(starts[field], at) - 1, 0)
        if (field, number) not in result:
            result[field, number] = Sentence(field, number, *units[field][number])
        return result[field, number]

    unit: Sentence | None = None
    for hit in hits:  # in the order of the text, more or less: most are in the sentence of the one before
        if unit is None or not unit.start <= hit.start < unit.end or hit.field != unit.field:
            unit = sentence_of(hit.field, hit.start)
        unit.hits.append(hit)
        unit.kinds.update(hit.kinds)
    for person in names:
        sentence_of(person.field, person.start).names.append(person)
    order = {field: place for place, field in enumerate(units)}
    return sorted(result.values(), key=lambda unit: (order[unit.field], unit.number))


@dataclass(frozen=True, slots=True)
class Weights:
    """What was found in an article: each figure is a sum over sentences by their places."""

    own: float  # the choice for the post
    open: float  # a contest, of which it is not said which
    other: float  # other posts, other work
    all: float
    front: float  # of own: title and lead
    hint: float  # that an open contest is this one: the text names the body and a listed person

    @property
    def share(self) -> float:
        """The part of the article that is about the choice for the post."""
        clear = self.own + self.other + self.hint
        return (self.own + self.open * ((self.own + self.hint) / clear if clear else 0.0)) / self.all if self.all else 0.0

    def decide(self) -> bool:
        """Whether that is enough for an article about it."""
        return self.share >= ENOUGH and self.share * self.all > self.other


def weigh(
    units: Sequence[Sentence], spans: Units, folded: Mapping[Field, Folded], home: Mapping[str, str], *, bodies: bool, terms: bool
) -> Weights:
    """Weigh the sentences of an article: ``units`` those with words or names, ``spans`` all of them.

    ``home``: candidate → country; ``bodies``: whether the contest says whose post it is; ``terms``: whether it says how the post is
    called. Where it does not, its persons in some contest or other have to do.
    """
    own = open_ = other = front = 0.0
    lead = bisect_left(spans.get("text", ()), (LEAD_LENGTH, 0))
    all_ = TITLE * len(spans.get("title", ())) + LEAD * lead + BODY * (len(spans.get("text", ())) - lead)
    introduced = _introduced(units) if bodies else 0
    people = {home[name.candidate] for unit in units for name in unit.names}
    for unit in units:
        title = unit.field == "title"
        place = TITLE if title else LEAD if unit.start < LEAD_LENGTH else BODY
        known = introduced <= (0 if title else unit.end) + NEARBY
        mine, undecided, others = judge(unit, folded[unit.field], people, known=known)
        own += place * mine
        open_ += place * undecided
        other += place * others
        front += place * mine if place > BODY else 0.0
    hint = HINT if people and (not terms or any(_sets_the_scene(unit) for unit in units)) else 0.0
    return Weights(own, open_, other, all_, front, hint)


def _sets_the_scene(unit: Sentence) -> bool:
    """Whether a title names the body, or a sentence of the lead does together with a listed person or a candidacy."""
    kinds = unit.kinds
    if "body" not in kinds:
        return False
    return unit.field == "title" or (unit.start < LEAD_LENGTH and (bool(unit.names) or "choice" in kinds))


NEARBY = 250  # code points; a body named that much later still says whose post is meant


def _introduced(units: Sequence[Sentence]) -> int:
    """Where the text first names the body, the title counting as its beginning; beyond any text where it never does."""
    return next((0 if u.field == "title" else h.start for u in units if "body" in u.kinds for h in u.hits if "body" in h.kinds), 1 << 60)


TELLING = frozenset(
    {"post", "elsewhere", "choice", "support", "aspire", "moves"}
)  # kinds without which a sentence says nothing of a contest


def judge(unit: Sentence, copy: Folded, people: set[str], *, known: bool) -> tuple[float, float, float]:
    """How much a sentence is about the choice for the post, about some contest, about something else: each 0 to 1.

    ``people``: countries of the listed persons of the text; ``known``: whether a post without its body's name can be the one.
    """
    kinds = unit.kinds
    if TELLING.isdisjoint(kinds) and not (unit.names and "body" in kinds):
        return 0.0, 0.0, 0.5 if "domestic" in kinds else 0.0
    elsewhere = "elsewhere" in kinds
    posts = []
    if "post" in kinds:
        posts = [h for h in unit.hits if "post" in h.kinds and ("own" in h.kinds or ((known or unit.names) and not elsewhere))]
    holders = {h.start for h in unit.hits if "holder" in h.kinds} if posts else ()
    free = [h for h in posts if not held(h, unit.names, holders, copy)]
    by_candidate = bool(posts) and not kinds & {"next", "choice"} and any(beside(h, n, copy) for h in posts for n in unit.names)
    contest = bool(kinds & {"choice", "support", "aspire"})
    named = bool(unit.names)
    if by_candidate:
        return 0.0, 0.0, 1.0
    if free:
        mine = 1.0 if named or kinds & {"choice", "aspire", "next"} else 0.5 if kinds & {"support", "moves"} else 0.1
        return (mine * 0.5, 0.0, 0.5) if elsewhere else (mine, 0.0, 0.0)
    if elsewhere:
        return 0.0, 0.0, 1.0
    domestic = 0.5 if "domestic" in kinds else 0.0
    if "body" in kinds and contest:
        alluded = named or any(f"country:{country}" in kinds for country in people)  # the Dutchman, the Romanian president
        if alluded and kinds & {"choice", "aspire"}:
            return 0.8, 0.0, domestic
        if named or "choice" in kinds:
            return 0.5, 0.0, domestic
    if named and contest:
        return 0.0, 0.7 - domestic, domestic
    if "moves" in kinds and (named or any(k.startswith("country:") and k[8:] not in people for k in kinds)):
        return 0.0, 0.4 - domestic / 2, domestic
    if "choice" in kinds or (named and "body" in kinds and unit.field == "title"):
        return 0.0, 0.3, domestic
    return 0.0, 0.0, domestic


def held(post: Hit, names: Sequence[Name], holders: Container[int], copy: Folded) -> bool:
    """Whether the title of the post is somebody's: a name stands right behind it, or before it and a comma.

    ``holders``: where the name of whoever has the post begins.
    """
    if any(beside(post, n, copy) for n in names):
        return True
    before = _BEFORE.search(copy.text, max(post.start - 60, 0), post.start) if post.field == "text" else None
    if before and copy.char(before.start(1)).isupper() and copy.char(before.start(2)).isupper():
        return True
    after = _AFTER.match(copy.text, post.end)
    if after is None or not copy.char(after.start(1)).isupper():
        return False
    return after.start(1) in holders or (after[2] is not None and copy.char(after.start(2)).isupper())


_BEFORE = re.compile(r"(?<!\w)([^\W\d_][\w'-]+) ([^\W\d_][\w'-]+), (?:\w{1,4} )?$")
_AFTER = re.compile(r"[\w-]*,? ([^\W\d_][\w'-]+)(?: ([^\W\d_][\w'-]+))?")


def beside(post: Hit, name: Name, copy: Folded) -> bool:
    """Whether the title of the post stands right before a name, or behind it after a comma."""
    if post.field != name.field:
        return False
    if 0 <= name.start - post.end <= BESIDE:
        return bool(re.fullmatch(r"[\w-]*,? (?:mr\.? |elect )?", copy.text[post.end : name.start]))
    return 2 <= post.start - name.end <= BESIDE and copy.text[name.end : post.start].lstrip("'s").startswith(",")


def parts(units: Sequence[Sentence], home: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """For each sentence and person in it what it makes of him or her: "runner", "supporter", "official" or "neutral".

    A sentence without names goes with the one before it, where that names one person only (he, she).
    """
    everybody = {n.candidate for unit in units for n in unit.names}
    for at, unit in enumerate(units):
        if not unit.names:
            continue
        here = {n.candidate for n in unit.names}
        said = unit.kinds
        if len(here) == 1 and at + 1 < len(units):
            after = units[at + 1]
            if unit.field == after.field == "text" and after.number == unit.number + 1 and not after.names:
                said = said | (after.kinds & {"choice", "aspire", "post"})
        for candidate in here:
            yield candidate, _part(unit, said, candidate, {home[c] for c in everybody} - {home[candidate]})


def _part(unit: Sentence, said: set[str], candidate: str, abroad: set[str]) -> str:
    """``abroad``: countries of the other listed persons of the text, which may stand for them (the Dutchman)."""
    mine = [n for n in unit.names if n.candidate == candidate]
    others = {n.candidate for n in unit.names} - {candidate}
    support = [h.start for h in unit.hits if "support" in h.kinds]
    if support and _supports(unit, mine, others, support, abroad):
        return "supporter"
    if said & {"choice", "aspire", "post"} or (len(others) > 1 and not support):
        return "runner"
    return "official" if any(_titled(unit, n) for n in mine) else "neutral"


def _supports(unit: Sentence, mine: Sequence[Name], others: set[str], support: Sequence[int], abroad: set[str]) -> bool:
    """Whether one of the names stands before a word of support, and somebody else behind it."""
    rivals = [n.start for n in unit.names if n.candidate in others]
    supported = rivals + [h.start for h in unit.hits if any(k.startswith("country:") and k[8:] in abroad for k in h.kinds)]
    stands_behind = any(n.start < s and not any(n.start < r < s for r in rivals) for n in mine for s in support)
    stands_behind = stands_behind or any(n.start < r < s for n in mine for r in rivals for s in support if len(others) == 1)
    return stands_behind and any(mine[0].start < o for o in supported) and not _between(unit, mine)


def _titled(unit: Sentence, name: Name) -> bool:
    """Whether an office, or another word of politics, stands right before a name."""
    return any("politics" in h.kinds and h.start < name.start <= h.end + TITLED for h in unit.hits)


TITLED = 8  # code points between the beginning of an office's name, as the lexicon has it, and the person's


def _between(unit: Sentence, mine: Sequence[Name]) -> bool:
    """Whether a word of candidacy stands right beside the name."""
    return any(
        h.kinds and {"choice", "aspire"} & set(h.kinds) and (0 <= h.start - n.end <= CLOSE or 0 <= n.start - h.end <= CLOSE)
        for h in unit.hits
        for n in mine
    )


CLOSE = 15  # code points between a name and what is said of it
