"""Which of the lexicon's entries that overlap in a sentence count.

Belongs here: choosing among hits of :mod:`transforms.position_words`. What they mean together belongs to the clause stage.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from transforms.normalise import Folded
from transforms.position_words import PREDICATES, Hit


def turn_whether(copy: Folded, kinds: dict[str, list[Hit]]) -> None:
    """Where a language has one word for "if" and "whether": behind words for not saying or not having decided it is no condition."""
    conditional = kinds.get("conditional")
    if not conditional:
        return
    behind = [h.end for kind, hits in kinds.items() if kind.startswith("withholds.") for h in hits]
    behind += [
        h.end
        for h in kinds.get("says", ())
        if any(0 <= h.start - n.end <= 20 for n in (*kinds.get("refuses", ()), *kinds.get("not_yet", ())))
    ]
    behind += [h.end for h in kinds.get("tells", ())]  # asked if
    turned = [
        h for h in conditional if any(re.fullmatch(r"[ ,]*(?:[^\W_]+ )?", copy.text[end : h.start]) for end in behind if end <= h.start)
    ]
    if turned:
        kinds["conditional"] = [h for h in conditional if h not in turned]
        kinds["not_yet"] = sorted([*kinds.get("not_yet", ()), *(h._replace(kind="not_yet") for h in turned)], key=lambda h: h.start)


def resolved(hits: Sequence[Hit]) -> list[Hit]:
    """Of entries that overlap those that say more stay.

    Of one kind the longest. What stands inside a longer predicate, negation or denial is part of it (has not decided), unless it stands in
    its gap (lehnt Rutte nicht ab). Of predicates that overlap one that withdraws goes first, then a judgement, then the longest.
    """
    longest: list[Hit] = []
    for hit in sorted(set(hits), key=_precedence):
        start, end = hit.start, hit.end
        for other in longest:
            if other.start < end and start < other.end and _covers(other, hit):
                break
        else:
            longest.append(hit)
    return longest


def _precedence(hit: Hit) -> tuple[bool, bool, int, int, str, tuple[tuple[int, int], ...]]:
    start, end, kind, gaps = hit
    return not kind.startswith("withdraws"), not kind.endswith(".judged"), start - end, start, kind, gaps


def _covers(other: Hit, hit: Hit) -> bool:
    """Whether a hit that overlaps another is part of it."""
    predicates = (hit.kind in PREDICATES) + (other.kind in PREDICATES)
    if predicates == 2:
        return True
    if not (other.start <= hit.start and hit.end <= other.end):
        return False
    if other.kind == hit.kind:
        return True
    if other.end - other.start == hit.end - hit.start:
        return False
    if (hit.kind in FILLING or other.kind not in PREDICATES) and any(a <= hit.start and hit.end <= b for a, b in other.gaps):
        return False
    if other.kind == "says" and hit.kind.endswith(".tight"):
        return True  # teilte mit
    if predicates:
        return other.kind not in LOOSE and hit.kind not in KEPT
    if other.kind == "says":
        return hit.kind == "own"  # let it be known
    if other.kind == "lists":  # but also, not only
        return hit.kind in INSIDE_LISTS
    return other.kind in GOVERNING and hit.kind in GOVERNED


LOOSE = frozenset(
    {"post", "elsewhere", "bid", "described", "promised", "says", "tells", "by", "place", "lists", "both", "expected", "earlier", "unreal"}
)


KEPT = frozenset({"reported", "listing", "tells", "promised", "pronouns", "post", "elsewhere", "bid"})


FILLING = frozenset(
    {"refuses", "not_yet", "ended", "government", "nobody", "allies", "own", "unnamed", "official", "pronouns", "both", "bid"}
)


GOVERNING = frozenset({"breaks", "lists", "denial", "not_yet", "refuses", "ended", "reported", "unnamed"})


INSIDE_LISTS = frozenset({"conditional", "breaks", "refuses", "instead", "place", "by", "also"})


GOVERNED = frozenset({"breaks", "none", "unnamed", "conditional", "not_yet", "refuses", "ended", "other"})


def by_kind(hits: Sequence[Hit]) -> dict[str, list[Hit]]:
    kinds: dict[str, list[Hit]] = {}
    for hit in sorted(hits, key=lambda h: (h.start, -h.end)):
        kinds.setdefault(hit.kind, []).append(hit)
    return kinds
