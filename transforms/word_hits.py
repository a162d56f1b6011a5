"""Which of the lexicon's entries that overlap in a sentence count.

Belongs here: choosing among hits of :mod:`transforms.position_words`. What they mean together belongs to the clause stage.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence

from transforms.normalise import Folded
from transforms.position_words import PREDICATES, Hit


def turn_whether(copy: Folded, kinds: dict[str, list[Hit]]) -> None:
    """Where a language has one word for "if" and "whether": behind words for not saying or not having decided it is no condition."""
    behind = [h.end for kind, hits in kinds.items() if kind.startswith("withholds.") for h in hits]
    behind += [
        h.end
        for h in kinds.get("says", ())
        if any(0 <= h.start - n.end <= 20 for n in (*kinds.get("refuses", ()), *kinds.get("not_yet", ())))
    ]
    conditional = kinds.get("conditional", [])
    turned = [
        h for h in conditional if any(re.fullmatch(r"[ ,]*(?:[^\W_]+ )?", copy.text[end : h.start]) for end in behind if end <= h.start)
    ]
    if turned:
        kinds["conditional"] = [h for h in conditional if h not in turned]
        kinds["not_yet"] = sorted(
            [*kinds.get("not_yet", ()), *(dataclasses.replace(h, kind="not_yet") for h in turned)], key=lambda h: h.start
        )


def resolved(hits: Sequence[Hit]) -> list[Hit]:
    """Of entries that overlap those that say more stay.

    Of one kind the longest. What stands inside a longer predicate, negation or denial is part of it (has not decided), unless it stands in
    its gap (lehnt Rutte nicht ab). Of predicates that overlap one that withdraws goes first, then the longest.
    """
    longest: list[Hit] = []
    for hit in sorted(set(hits), key=lambda h: (not h.kind.startswith("withdraws"), h.start - h.end, h.start, h.kind)):
        if not any(_covers(other, hit) for other in longest):
            longest.append(hit)
    return longest


def _covers(other: Hit, hit: Hit) -> bool:
    """Whether a hit is part of another."""
    predicates = hit.kind in PREDICATES, other.kind in PREDICATES
    if all(predicates):
        return other.start < hit.end and hit.start < other.end
    if not (other.start <= hit.start and hit.end <= other.end):
        return False
    if other.kind == hit.kind:
        return True
    if other.end - other.start == hit.end - hit.start:
        return False
    if (hit.kind in FILLING or other.kind not in PREDICATES) and any(a <= hit.start and hit.end <= b for a, b in other.gaps):
        return False
    if any(predicates):
        return other.kind not in LOOSE and hit.kind not in KEPT
    return other.kind in GOVERNING and hit.kind in GOVERNED


LOOSE = frozenset(
    {"post", "elsewhere", "bid", "described", "promised", "says", "tells", "by", "place", "lists", "both", "expected", "earlier", "unreal"}
)


KEPT = frozenset({"promised", "pronouns", "post", "elsewhere", "bid"})


FILLING = frozenset(
    {"refuses", "not_yet", "ended", "government", "nobody", "allies", "own", "unnamed", "official", "pronouns", "both", "bid"}
)


GOVERNING = frozenset({"breaks", "denial", "not_yet", "refuses", "ended", "reported", "unnamed"})


GOVERNED = frozenset({"unnamed", "conditional", "not_yet", "refuses", "ended", "other"})


def by_kind(hits: Sequence[Hit]) -> dict[str, list[Hit]]:
    kinds: dict[str, list[Hit]] = {}
    for hit in sorted(hits, key=lambda h: (h.start, -h.end)):
        kinds.setdefault(hit.kind, []).append(hit)
    return kinds
