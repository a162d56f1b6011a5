"""Which texts are copies of one another, and which of them leads.

Judged on the words of the body alone: case-folded runs of letters and digits, in shingles of five words (Broder 1997, "On the
resemblance and containment of documents"). Two texts are copies when they share enough shingles (:data:`MIN_RESEMBLANCE`), or when
nearly all of the shorter one stands in the longer one (:data:`MIN_CONTAINMENT`: a wire story under a local first paragraph). A story is
whatever a chain of such pairs joins. Headlines, dates and outlets decide who leads, never who belongs.
"""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import UTC, datetime
from hashlib import blake2b
from typing import TYPE_CHECKING

import numpy as np

from transforms.records import CopyKind, Document, StoryMember

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    Shingles = NDArray[np.uint64]  # sorted, unique

SHINGLE_WORDS = 5
MIN_RESEMBLANCE = 0.5  # of shingles: about a quarter of the sentences replaced leaves 0.6, a different report of one event stays under 0.1
MIN_CONTAINMENT = 0.8
MIN_CONTAINED = 20  # shingles: what is shorter can stand in an unrelated text by chance
COMMON_SHINGLE = 1_000  # texts: a shingle in more of them is boilerplate and proposes no pair

_WORD = re.compile(r"[^\W_]+")
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)  # odd, so that multiplication permutes the 64-bit words
_END_OF_TIME = datetime.max.replace(tzinfo=UTC)


def words(text: str) -> list[str]:
    """The words that are compared and counted: case-folded runs of letters and digits."""
    return _WORD.findall(text.casefold())


def find_stories(documents: Iterable[Document]) -> list[StoryMember]:
    """Every document's place in its story, sorted by document id. The same set in any order gives the same answer.

    Raises:
        ValueError: two documents share an id.
    """
    ordered = sorted(documents, key=lambda document: document.id)
    if len({document.id for document in ordered}) != len(ordered):
        raise ValueError("two documents share an id")
    vocabulary = _Vocabulary()
    keys: dict[str, int] = {}  # text → number of the distinct text
    texts = [keys.setdefault(" ".join(words(document.text)), len(keys)) for document in ordered]
    shingles = [vocabulary.shingles(key.split()) for key in keys]
    groups = _components(len(shingles), _copies(shingles))
    stories: defaultdict[int, list[tuple[Document, int]]] = defaultdict(list)
    for document, text in zip(ordered, texts, strict=True):
        # a document without words is nobody's copy, not even of another empty one
        stories[groups[text] if shingles[text].size else -1 - len(stories)].append((document, text))
    members = [member for story in stories.values() for member in _members(story, shingles)]
    return sorted(members, key=lambda member: member.id)


def publication_order(document: Document) -> tuple[datetime, bool, str, str]:
    """Sort key: the earliest first (a day without a time at its end, undated last); ties go to an agency, then outlet_id, then id."""
    moment = document.published_at or document.published_until or _END_OF_TIME
    return moment, not document.is_agency, document.outlet_id, document.id


def resemblance(one: Shingles, other: Shingles) -> tuple[float, float]:
    """Jaccard resemblance, and containment of the smaller set in the larger one."""
    shared = np.intersect1d(one, other, assume_unique=True).size
    smaller = min(one.size, other.size)
    union = one.size + other.size - shared
    return (shared / union if union else 0.0), (shared / smaller if smaller else 0.0)


class _Vocabulary:
    """A 64-bit number for each word, the same in every process."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def shingles(self, text: Sequence[str]) -> Shingles:
        numbers = self._numbers
        for word in text:
            if word not in numbers:
                numbers[word] = int.from_bytes(blake2b(word.encode(), digest_size=8).digest(), "little")
        hashed = np.array([numbers[word] for word in text], dtype=np.uint64)
        width = min(SHINGLE_WORDS, hashed.size)
        if not width:
            return hashed
        rolled = np.zeros(hashed.size - width + 1, dtype=np.uint64)
        for offset in range(width):
            rolled = rolled * _MULTIPLIER + hashed[offset : offset + rolled.size]
            rolled ^= rolled >> np.uint64(29)
        return np.unique(rolled)


def _copies(shingles: Sequence[Shingles]) -> Iterator[tuple[int, int]]:
    """Pairs of texts that are copies. Candidates share at least one shingle that is not boilerplate; each is verified exactly."""
    if not any(each.size for each in shingles):
        return
    values = np.concatenate(shingles)
    owners = np.repeat(np.arange(len(shingles)), [each.size for each in shingles])
    order = np.argsort(values, kind="stable")
    values, owners = values[order], owners[order]
    starts = np.flatnonzero(np.r_[True, values[1:] != values[:-1]])
    ends = np.r_[starts[1:], values.size]
    candidates: set[tuple[int, int]] = set()
    for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
        if 1 < end - start <= COMMON_SHINGLE:
            sharing = owners[start:end].tolist()  # ascending, as the sort is stable
            candidates.update((one, other) for place, one in enumerate(sharing) for other in sharing[place + 1 :])
    for one, other in sorted(candidates):
        jaccard, contained = resemblance(shingles[one], shingles[other])
        enough = min(shingles[one].size, shingles[other].size) >= MIN_CONTAINED
        if jaccard >= MIN_RESEMBLANCE or (enough and contained >= MIN_CONTAINMENT):
            yield one, other


def _components(count: int, pairs: Iterable[tuple[int, int]]) -> list[int]:
    """For each number, the smallest number that a chain of pairs joins it with (union-find)."""
    parent = list(range(count))

    def root(node: int) -> int:
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    for one, other in pairs:
        first, second = sorted((root(one), root(other)))
        parent[second] = first
    return [root(node) for node in range(count)]


def _members(story: Sequence[tuple[Document, int]], shingles: Sequence[Shingles]) -> Iterator[StoryMember]:
    lead, lead_text = min(story, key=lambda entry: publication_order(entry[0]))
    for document, text in story:
        kind: CopyKind
        if document is lead:
            kind, similarity = "original", 1.0
        elif text == lead_text:
            kind, similarity = "exact", 1.0
        else:
            kind = "syndicated" if document.wire_agency and document.outlet_id != lead.outlet_id else "near"
            similarity = round(max(resemblance(shingles[text], shingles[lead_text])), 4)
        yield StoryMember(
            id=document.id, story_id=lead.id, copy_kind=kind, copy_of=None if document is lead else lead.id, similarity=similarity
        )
