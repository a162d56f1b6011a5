"""Which texts are worth comparing: winnowed fingerprints (Schleimer, Wilkerson, Aiken 2003, "Winnowing").

Of so many consecutive shingles the one with the smallest number is kept: of 24 in long texts, of eight in short ones. So a passage of 28
words that two texts have in common is certain to leave a fingerprint in both, wherever it stands and however long they are (one of twelve
words, where both are short); MinHash is only likely to notice, least of all when a short text stands in a long one. Two texts are
compared when they share about a fifth of the fingerprints of the one that has fewer. Copies share half of them and more, texts that quote
the same sentence one or two. When two texts are copies is said in :mod:`transforms.copies`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from transforms.shingles import distinct, inside

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from transforms.shingles import Numbers, Places, ShingledTexts

    Marks = NDArray[np.bool_]

LONG = 200  # shingles; texts of at most so many count as short
LONG_WINDOW = 24
SHORT_WINDOW = 8
SHORTEST = 2 * SHORT_WINDOW  # shingles; texts of at most so many keep all of them, as in them a single edit weighs much
ALLOWANCE = 8  # fingerprints: of what goes beyond them a quarter is to be shared, and one in any case
COMMON = 1_000  # texts: a fingerprint in more of them is boilerplate and counts for nothing here
BITS = 40  # of a fingerprint: two that differ are taken for one once in 10**12, which costs a comparison and changes nothing
_OWNER_BITS = 64 - BITS
_OWNER = np.uint64((1 << _OWNER_BITS) - 1)
_HALF = 0xFFFFFFFF
_PAIRS_AT_A_TIME = 500_000  # so that the arrays of a part stay near the processor


def fingerprints(texts: ShingledTexts) -> tuple[Places, Numbers]:
    """``(text, fingerprint)`` of a batch: numbers of texts within it, and what they are to be found by. No pair twice; sorted."""
    values, bounds = texts.shingles, texts.bounds
    sizes = np.diff(bounds)
    owners = np.repeat(np.arange(sizes.size), sizes)
    size = sizes[owners]
    of_eight = _smaller(_smaller(_smaller(values, 1), 2), 4)
    of_24 = _smaller(_smaller(of_eight, 8), 8)
    packed = np.concatenate(
        [
            _selected(values, np.ones(values.size, dtype=bool), owners, size <= SHORTEST),
            _selected(of_eight, inside(bounds, SHORT_WINDOW), owners, (size > SHORTEST) & (size <= LONG)),
            _selected(of_24, inside(bounds, LONG_WINDOW), owners, size > LONG),
        ]
    )
    packed.sort()
    packed = packed[distinct(packed)]
    return (packed >> np.uint64(BITS)).astype(np.int64), packed & np.uint64((1 << BITS) - 1)


def _smaller(values: Numbers, apart: int) -> Numbers:
    return np.minimum(values[:-apart], values[apart:]) if values.size > apart else values[:0]


def _selected(smallest: Numbers, fits: Marks, owners: Places, wanted: Marks) -> Numbers:
    """Owner and smallest number of each window that fits into one of the wanted texts; once where neighbours have the same one."""
    owners = owners[: smallest.size]
    kept = fits[: smallest.size] & wanted[: smallest.size]
    kept[1:] &= (smallest[1:] != smallest[:-1]) | (owners[1:] != owners[:-1])
    return (owners[kept].astype(np.uint64) << np.uint64(BITS)) | (smallest[kept] >> np.uint64(_OWNER_BITS))


def candidates(owners: Places, found: Numbers, counts: Places, first: int | None = None) -> tuple[Places, Places]:
    """Pairs of texts that are worth comparing, the smaller number first, each once, sorted.

    ``owners`` and ``found`` are what :func:`fingerprints` gives, with numbers of texts that hold for all batches, ``counts`` how many
    fingerprints each text has. With ``first`` only so many texts, those with the smallest numbers, are compared with all; the others are
    not with one another.

    Raises:
        ValueError: more than 16 million texts, which is more than one pass can hold.
    """
    if counts.size >> _OWNER_BITS:
        raise ValueError(f"more than {1 << _OWNER_BITS:,} texts in one pass")
    packed = (found << np.uint64(_OWNER_BITS)) | owners.astype(np.uint64)
    packed.sort()
    begins = np.flatnonzero(distinct(packed >> np.uint64(_OWNER_BITS)))
    sizes = np.diff(begins, append=packed.size)
    shared = (sizes > 1) & (sizes <= COMMON)
    texts = packed[np.repeat(shared, sizes)] & _OWNER
    sizes = sizes[shared]
    chosen = [np.zeros(0, dtype=np.int64)]
    for every in _pairs(texts.astype(np.int64), np.repeat(np.cumsum(sizes), sizes), counts.size if first is None else first):
        every.sort()
        begins = np.flatnonzero(distinct(every))
        times, pairs = np.diff(begins, append=every.size), every[begins]
        fewer = np.minimum(counts[pairs >> 32], counts[pairs & _HALF])
        chosen.append(pairs[worth_comparing(times, fewer)])
    found_pairs = np.concatenate(chosen)
    return found_pairs >> 32, found_pairs & _HALF


def worth_comparing(shared: Places, fewer: Places) -> Marks:
    """By the number of fingerprints that two texts share, and of those of the text that has fewer."""
    return (shared > 0) & (4 * shared + ALLOWANCE >= fewer)


def _pairs(texts: Places, ends: Places, first: int) -> Iterator[Places]:
    """All pairs within groups (``ends``: where the group of each place ends), as often as they stand there, two numbers packed into one.

    All pairs of one text come in one part.

    Texts ascend within a group; of two, the one with the smaller number is one of the ``first``.
    """
    order = (texts << 32) | np.arange(texts.size)
    order.sort()
    order = order[: np.searchsorted(order, first << 32)] & _HALF  # places, by their text
    partners = ends[order] - order - 1
    order, partners = order[partners > 0], partners[partners > 0]
    done = np.zeros(order.size + 1, dtype=np.int64)
    np.cumsum(partners, out=done[1:])
    starts = np.flatnonzero(distinct(texts[order]))  # a part begins with a text
    start = 0
    while start < order.size:
        after = np.searchsorted(starts, max(start + 1, int(np.searchsorted(done, done[start] + _PAIRS_AT_A_TIME)) - 1))
        stop = int(starts[after]) if after < starts.size else order.size
        places, repeats = order[start:stop], partners[start:stop]
        steps = np.arange(done[stop] - done[start])
        steps += np.repeat(places + 1 - (done[start:stop] - done[start]), repeats)
        pairs = np.repeat(texts[places] << 32, repeats)
        pairs |= texts[steps]
        yield pairs
        start = stop
