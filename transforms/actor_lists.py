"""What stands before an actor (a preposition, a word that takes it out) and lists of actors."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from transforms.actor_runs import Actor
from transforms.normalise import Folded
from transforms.position_words import Hit

_LIST_GAP = re.compile(r"(?:'s)?(?:,? ?(?:\w{1,3} ){0,2}|,? )")


_COMMAS = re.compile(r"(?:'s)?[ ,(]*(?:\w{1,4} )?")


_ASIDE = re.compile(r"(?:'s)?[ ,(]*, ?(?:[\w-]+ ){0,3}[\w-]+, (?:\w{1,4} )?")  # and, since Monday, Finland


BEFORE = 8  # code points between a preposition and the noun: an article


def lists_of(copy: Folded, actors: Sequence[Actor], words: Sequence[Hit], *, named: bool) -> dict[int, tuple[Actor, ...]]:
    """Actors by position in the sequence → the list in which each stands (at least itself).

    ``named``: the language's lexicon says what joins a list; elsewhere any short word does.
    """
    joined = [w for w in words if w.kind in JOINING]
    besides = [w.end for w in words if w.kind == "besides"]
    contrary = [w for w in words if w.kind in ("instead", "says", "breaks")]
    groups: list[list[int]] = []
    closed = False  # the list has had its last member: A, B and C
    for at, actor in enumerate(actors):
        last = actors[groups[-1][-1]] if groups else None
        bare = last is not None and not any(last.end <= w.start and w.end <= actor.start for w in joined)
        if bare and closed:
            groups.append([at])
            closed = False
            continue
        if groups and _in_list(copy, actors[groups[-1][-1]], actor, joined, contrary, named=named):
            groups[-1].append(at)
            last_member = not bare and not _in_commas(copy, actors[groups[-1][-2]].end, actor.start, joined)
            closed = named and last_member and not _opened(copy, actors[groups[-1][0]], besides)
        else:
            groups.append([at])
            closed = False
    return {at: tuple(actors[i] for i in group) for group in groups for at in group}


def _in_commas(copy: Folded, start: int, end: int, joined: Iterable[Hit]) -> bool:
    """Whether only a comma and an article stand between two members of a list (Spain, the Netherlands)."""
    between = [w for w in joined if start <= w.start and w.end <= end]
    return bool(between) and all(copy.text[w.start] == "," for w in between)


JOINING = frozenset({"lists", "besides"})


def _opened(copy: Folded, first: Actor, besides: Iterable[int]) -> bool:
    """Whether a list opens with a word that sets it beside somebody who follows (besides Spain and Portugal, Greece)."""
    return any(0 <= first.start - end <= BEFORE and _only_articles(copy, end, first.start) for end in besides)


def _in_list(copy: Folded, last: Actor, actor: Actor, joined: Iterable[Hit], contrary: Iterable[Hit], *, named: bool) -> bool:
    if not (last.binds and actor.binds) or "own" in (last.kind, actor.kind) or last.candidate or actor.candidate:
        return False
    start, end = last.end, actor.start
    if last.country == actor.country:
        return False
    if any(
        w.start < end and start < w.end and not (w.kind == "breaks" and _ASIDE.fullmatch(_without(copy, start, end, joined)))
        for w in contrary
    ):
        return False
    if named and actor.kind == "person" and re.fullmatch(r"(?:'s)?, \w+ ", copy.text[start:end]):
        return False  # backed by Norway, met Jan Novák
    return _is_list_gap(copy, start, end, joined, named=named)


def _is_list_gap(copy: Folded, start: int, end: int, joined: Iterable[Hit], *, named: bool) -> bool:
    """Whether what stands between two actors joins them: commas, words that join a list, an article."""
    gap = _without(copy, start, end, joined)
    joins = gap != copy.text[start:end]
    if named and "," not in gap and not joins:
        return False
    if joins and _ASIDE.fullmatch(gap):
        return True
    return bool((_COMMAS if named else _LIST_GAP).fullmatch(gap))


def _without(copy: Folded, start: int, end: int, joined: Iterable[Hit]) -> str:
    """A stretch of text without the words that join a list."""
    gap = copy.text[start:end]
    for word in joined:
        if start <= word.start and word.end <= end:
            gap = gap.replace(copy.text[word.start : word.end], "", 1).replace("  ", " ")
    return gap


def marked(copy: Folded, actors: Sequence[Actor], words: Sequence[Hit]) -> list[Actor]:
    """Actors with what stands before them: a preposition of place, or a word that takes them out. It holds for a whole list."""
    found: list[Actor] = []
    joined = [w for w in words if w.kind in JOINING]
    for actor in actors:
        one = _with_words_before(copy, actor, words)
        last = found[-1] if found else None
        if last is not None and _goes_with(last, actor) and _is_list_gap(copy, last.end, actor.start, joined, named=True):
            one = replace(one, place=last.place, oblique=last.oblique, excepted=last.excepted)
        found.append(one)
    return found


def _goes_with(last: Actor, actor: Actor) -> bool:
    """Whether what stands before an actor may hold for the next one too."""
    held = last.place or last.excepted or last.oblique
    return held and last.kind != "allies" and actor.kind == "country" and not actor.role and last.country != actor.country


PLACED = frozenset({"country", "office", "person", "nobody", "own", "body", "unnamed"})  # kinds of actors that may be a mere place


BESIDE = frozenset({"except", "tells", "place", "by"})  # kinds of words that say how an actor behind them stands in the sentence


def _with_words_before(copy: Folded, actor: Actor, words: Sequence[Hit]) -> Actor:
    start = actor.start
    kinds = {w.kind for w in words if start - BEFORE <= w.end <= start and w.kind in BESIDE and _only_articles(copy, w.end, start)}
    if any(a <= actor.start < b for w in words if w.kind == "except" for a, b in w.gaps):
        kinds.add("except")
    excepted = "except" in kinds
    hears = "tells" in kinds  # told Germany
    place = actor.place or hears or ("place" in kinds and actor.kind in PLACED)
    if not (kinds or place or actor.oblique or actor.excepted):
        return actor
    return replace(actor, place=place and not excepted, oblique="by" in kinds, excepted=excepted)


def _only_articles(copy: Folded, start: int, end: int) -> bool:
    return bool(re.fullmatch(r"(?:[ ']\w{0,3}){0,2}", copy.text[start:end]))
