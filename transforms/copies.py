"""When two texts are copies: the exact comparison of all their shingles.

Judged on the words of the body alone (Broder 1997, "On the resemblance and containment of documents"). Two texts are copies when one of
these holds:

- They share half of all their shingles, or two fifths where that is more than a sentence or two.
- Nearly all of the shorter one stands in the longer one: cut short, or a wire story under a local first paragraph. What is less than a
  tenth of the longer text is an item of a digest, which would join stories that have nothing to do with each other.
- Half of the shorter one stands in a longer one of comparable length, and that is a passage worth the name. Every fourth sentence
  rewritten breaks the shingles around it too, and the new sentences may be longer: without this rule such copies would be lost.

Which texts are worth comparing is the business of :mod:`transforms.fingerprints`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from transforms.shingles import batches, shingle

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from numpy.typing import NDArray

    from transforms.shingles import Numbers, Places

    SetsOf = Callable[[list[int]], Iterable[Numbers]]

# Lengths are counted in shingles.
RESEMBLANCE = 0.5
LOWER_RESEMBLANCE = 0.4  # where they share at least
SENTENCES = 30  # two short reports of one event may well have a sentence in common
CONTAINMENT = 0.8  # of the shorter text, which has at least
CONTAINED = 20  # what is shorter can stand in an unrelated text by chance; and
SHARE = 0.1  # of the length of the longer one
HALF_CONTAINMENT = 0.5  # of the shorter text, where they share at least
PASSAGE = 60  # boilerplate that cleaning left is rarely as long; the shorter text has
COMPARABLE = 1 / 3  # of the length of the longer one
_PAIRS_AT_A_TIME = 40_000  # whose shingles are held: at most some 300 MB for articles of usual length


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What came of comparing pairs, in their order."""

    similarity: NDArray[np.float64]  # the larger one of Jaccard resemblance and containment
    is_copy: NDArray[np.bool_]


def judge(one: Numbers, other: Numbers) -> tuple[float, bool]:
    """How alike two sets of shingles (sorted arrays) are: the larger one of resemblance and containment; and whether they are copies."""
    both = np.concatenate((one, other))
    both.sort()
    shared = int(np.count_nonzero(both[1:] == both[:-1]))
    if not shared:
        return 0.0, False
    smaller, larger = min(one.size, other.size), max(one.size, other.size)
    resemblance, containment = shared / (both.size - shared), shared / smaller
    is_copy = (
        resemblance >= RESEMBLANCE
        or (resemblance >= LOWER_RESEMBLANCE and shared >= SENTENCES)
        or (containment >= CONTAINMENT and smaller >= max(CONTAINED, SHARE * larger))
        or (containment >= HALF_CONTAINMENT and shared >= PASSAGE and smaller >= COMPARABLE * larger)
    )
    return max(resemblance, containment), is_copy


def compare(ones: Places, others: Places, sets_of: SetsOf) -> Comparison:
    """Compare texts pair by pair; ``sets_of`` hands over the sets of shingles of some texts, in the order of their numbers."""
    similarity, is_copy = np.zeros(ones.size), np.zeros(ones.size, dtype=bool)
    numbers, dense = np.unique(np.concatenate((ones, others)), return_inverse=True)
    one, other = dense[: ones.size], dense[ones.size :]
    together = components(numbers.size, one, other)
    order = np.lexsort((other, one, together[one]))  # so that a text is seldom asked for twice
    for start in range(0, order.size, _PAIRS_AT_A_TIME):
        places = order[start : start + _PAIRS_AT_A_TIME]
        needed = np.unique(np.concatenate((one[places], other[places])))
        sets = list(sets_of(numbers[needed].tolist()))
        lefts, rights = np.searchsorted(needed, one[places]).tolist(), np.searchsorted(needed, other[places]).tolist()
        for place, left, right in zip(places.tolist(), lefts, rights, strict=True):
            similarity[place], is_copy[place] = judge(sets[left], sets[right])
    return Comparison(similarity=similarity, is_copy=is_copy)


def shingle_sets(texts: Iterable[str]) -> Iterator[Numbers]:
    """The set of shingles of each text, as a sorted array."""
    for batch in batches(texts):
        shingled = shingle(batch)
        for text in range(len(batch)):
            yield shingled.of(text)


def components(count: int, ones: Places, others: Places) -> Places:
    """For each of ``count`` numbers the smallest one that a chain of pairs joins it with (union-find)."""
    parent = list(range(count))

    def root(node: int) -> int:
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    for one, other in zip(ones.tolist(), others.tolist(), strict=True):
        first, second = root(one), root(other)
        if first != second:
            parent[max(first, second)] = min(first, second)
    joined = np.unique(np.concatenate((ones, others)))
    found = np.arange(count)
    found[joined] = [root(node) for node in joined.tolist()]
    return found
