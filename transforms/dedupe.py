"""Stories: which texts are copies of one another, which of them leads, and what kind of copy the others are.

A story is whatever a chain of copies joins (:mod:`transforms.copies` says when two texts are copies). Headlines, dates and outlets decide
who leads, never who belongs. The steps are public one by one, since the warehouse takes them over an index that it keeps.
"""

from __future__ import annotations

from bisect import bisect_left
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import numpy as np

from transforms.copies import compare, components, shingle_sets
from transforms.fingerprints import candidates, fingerprints
from transforms.records import CopyKind, Document, StoryMember
from transforms.shingles import batches, shingle, words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from transforms.copies import Comparison
    from transforms.shingles import Numbers, Places, ShingledTexts

    Marks = NDArray[np.bool_]

__all__ = ["copy_kinds", "find_stories", "leads", "publication_order", "words"]

KEPT_SHINGLES = 64_000_000  # 512 MB; what goes beyond is computed again when it is needed
_END_OF_TIME = datetime.max.replace(tzinfo=UTC)


def find_stories(documents: Iterable[Document]) -> list[StoryMember]:
    """Every document's place in its story, sorted by document id. The same set in any order gives the same answer.

    Raises:
        ValueError: two documents share an id.
    """
    ordered = sorted(documents, key=publication_order)
    if len({document.id for document in ordered}) != len(ordered):
        raise ValueError("two documents share an id")
    shingles = _Shingles([document.text for document in ordered])
    keys = shingles.keys
    ones, others = candidates(shingles.owners, shingles.fingerprints, np.bincount(shingles.owners, minlength=keys.size))
    compared = compare(ones, others, shingles.sets_of)
    copies = compared.is_copy
    lead = leads(keys, keys[ones[copies]], keys[others[copies]])
    kinds = copy_kinds(
        keys,
        lead,
        outlets=_numbered(document.outlet_id for document in ordered),
        agencies=np.array([document.is_agency for document in ordered], dtype=bool),
        credited=np.array([document.wire_agency is not None for document in ordered], dtype=bool),
    )
    similarity = _similarities(keys, lead, ones, others, compared, shingles)
    members = [
        StoryMember(
            id=document.id,
            story_id=ordered[first].id,
            copy_kind=kind,
            copy_of=None if kind == "original" else ordered[first].id,
            similarity=alike,
        )
        for document, first, kind, alike in zip(ordered, lead.tolist(), kinds, similarity.tolist(), strict=True)
    ]
    return sorted(members, key=lambda member: member.id)


def publication_order(document: Document) -> tuple[datetime, bool, str, str]:
    """Sort key: the earliest first (a day without a time at its end, undated last); ties go to an agency, then outlet_id, then id."""
    moment = document.published_at or document.published_until or _END_OF_TIME
    return moment, not document.is_agency, document.outlet_id, document.id


def leads(keys: Numbers, ones: Numbers, others: Numbers) -> Places:
    """The place of every document's lead. ``keys`` are those of the documents' texts, in the order of publication; the pairs of keys are
    copies.

    A document without words is nobody's copy, not even of another empty one.
    """
    texts, text = np.unique(keys, return_inverse=True)
    story = components(texts.size, np.searchsorted(texts, ones), np.searchsorted(texts, others))[text]
    wordless = np.flatnonzero(keys == 0)
    story[wordless] = texts.size + wordless
    _, first, number = np.unique(story, return_index=True, return_inverse=True)
    return first[number]


def copy_kinds(keys: Numbers, lead: Places, *, outlets: Places, agencies: Marks, credited: Marks) -> list[CopyKind]:
    """The kind of each document.

    ``exact`` has the words of its lead. Any other copy is ``syndicated`` where it stands in another outlet and came by wire (the lead is
    an agency's, or one of the two credits an agency), and ``near`` where it is not.
    """
    wire = (outlets != outlets[lead]) & (agencies[lead] | credited | credited[lead])
    own = lead == np.arange(lead.size)
    number = np.select([own, keys == keys[lead], wire], [0, 1, 2], default=3)
    names: tuple[CopyKind, ...] = ("original", "exact", "syndicated", "near")
    return [names[each] for each in number.tolist()]


class _Shingles:
    """The keys of all texts, the fingerprints of the first one of each key, and the sets of shingles of those that are asked for."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._texts = texts
        self._batches: list[ShingledTexts] = []
        self._starts = [0]  # of each batch, and of what is not kept
        keys, owners, found = [np.zeros(0, dtype=np.uint64)], [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.uint64)]
        seen: set[int] = set()
        done = kept = 0
        for batch in batches(texts):
            shingled = shingle(batch)
            text, fingerprint = fingerprints(shingled)
            fresh = np.zeros(len(batch), dtype=bool)
            for place, key in enumerate(shingled.keys.tolist()):
                if key not in seen:
                    seen.add(key)
                    fresh[place] = True
            owners.append(text[fresh[text]] + done)
            found.append(fingerprint[fresh[text]])
            keys.append(shingled.keys)
            done += len(batch)
            kept += shingled.shingles.size
            if kept <= KEPT_SHINGLES:
                self._batches.append(shingled)
                self._starts.append(done)
        self.keys, self.owners, self.fingerprints = np.concatenate(keys), np.concatenate(owners), np.concatenate(found)

    def sets_of(self, numbers: Sequence[int]) -> Iterator[Numbers]:
        """The sets of some texts; the numbers ascend."""
        kept = bisect_left(numbers, self._starts[-1])
        batch = 0
        for number in numbers[:kept]:
            while number >= self._starts[batch + 1]:
                batch += 1
            yield self._batches[batch].of(number - self._starts[batch])
        yield from shingle_sets(self._texts[number] for number in numbers[kept:])


def _similarities(
    keys: Numbers, lead: Places, ones: Places, others: Places, compared: Comparison, shingles: _Shingles
) -> NDArray[np.float64]:
    """Of every document with its lead: as compared, or compared now where only a chain joins them."""
    similarity = np.ones(keys.size)
    _, first, text = np.unique(keys, return_index=True, return_inverse=True)
    changed = np.flatnonzero(keys != keys[lead])
    wanted = np.sort(np.stack((first[text[changed]], lead[changed])), axis=0)  # a lead is the first of its text
    packed, place = np.unique((wanted[0] << 32) | wanted[1], return_inverse=True)
    known = (ones << 32) | others  # sorted
    at = np.searchsorted(known, packed)
    at[at == known.size] = 0
    found = np.zeros(packed.size)
    have = known[at] == packed if known.size else np.zeros(packed.size, dtype=bool)
    found[have] = compared.similarity[at[have]]
    found[~have] = compare(packed[~have] >> 32, packed[~have] & 0xFFFFFFFF, shingles.sets_of).similarity
    similarity[changed] = np.round(found, 4)[place]
    return similarity


def _numbered(names: Iterable[str]) -> Places:
    numbers: dict[str, int] = {}
    return np.array([numbers.setdefault(name, len(numbers)) for name in names], dtype=np.int64)
