"""Words of a text and shingles of five of them, as 64-bit numbers in arrays: many texts at a time, the same in every process.

A text is read as UTF-16 code units in numpy. A table gives each letter and digit a number that does not depend on its case, a word is a
polynomial in those numbers, a shingle one in the numbers of its words; sums that run over the whole batch give all of them at once. What
is compared with what, and when two texts are copies, is no business of this module (see :mod:`transforms.fingerprints` and
:mod:`transforms.dedupe`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    Numbers = NDArray[np.uint64]
    Places = NDArray[np.int64]

SHINGLE_WORDS = 5
BATCH_CHARACTERS = 200_000  # of one pass: its arrays fit into the processor's cache

_WORD = re.compile(r"[^\W_]+")
_SEPARATOR = "\n".encode("utf-16-le")
_POWERS = 1 << 21  # 16 MB each way: enough for ten usual batches, so that they are seldom computed again
_SURROGATE = 2  # half of a character that needs two code units
_SIXTY_FOUR_BITS = (1 << 64) - 1
# odd numbers without a pattern: multiplying by them permutes the 64-bit numbers
_BASE = 0x9E3779B97F4A7C15
_STEP = np.uint64(0xD1B54A32D192ED03)
_MIX = 0xBF58476D1CE4E5B9


@dataclass(frozen=True, slots=True, kw_only=True)
class ShingledTexts:
    """A batch of texts as numbers, in the order in which they were given."""

    keys: Numbers  # of each text: two texts have the same when they have the same words in the same order, and 0 when they have none
    shingles: Numbers  # of all texts, one text after the other, in the order of the text: what stands twice is there twice
    bounds: Places  # shingles of text i: from bounds[i] to bounds[i + 1]; a text of less than five words has none

    def of(self, text: int) -> Numbers:
        """The shingles of one text, sorted, each once."""
        found = np.sort(self.shingles[self.bounds[text] : self.bounds[text + 1]])
        first = distinct(found)
        return found if first.all() else found[first]


def words(text: str) -> list[str]:
    """The words that are compared and counted: case-folded runs of letters and digits."""
    return _WORD.findall(text.casefold())


def distinct(ordered: NDArray[np.generic]) -> NDArray[np.bool_]:
    """Of a sorted array: where a value stands for the first time."""
    first = np.ones(ordered.size, dtype=bool)
    np.not_equal(ordered[1:], ordered[:-1], out=first[1:])
    return first


def batches(texts: Iterable[str], characters: int = BATCH_CHARACTERS) -> Iterator[list[str]]:
    """The texts in their order, in lists of about so many characters."""
    batch: list[str] = []
    size = 0
    for text in texts:
        if batch and size + len(text) > characters:
            yield batch
            batch, size = [], 0
        batch.append(text)
        size += len(text)
    if batch:
        yield batch


def shingle(texts: Sequence[str]) -> ShingledTexts:
    """Keys and shingles of some texts. Hand over batches (see :func:`batches`): a pass takes some 40 bytes a character meanwhile."""
    units, text_starts = _code_units(texts)
    numbers = _table()[0][units]
    in_word = np.zeros(units.size + 1, dtype=bool)
    np.not_equal(numbers, 0, out=in_word[1:])
    edges = np.flatnonzero(in_word[1:] != in_word[:-1])  # a separator ends the last text, so each start has its end
    starts, ends = edges[0::2], edges[1::2]
    hashed = _mixed(_polynomials(numbers, starts, ends))
    bounds = np.searchsorted(starts, text_starts)
    lengths = np.diff(bounds)
    keys = _mixed(_polynomials(hashed, bounds[:-1], bounds[1:]) + lengths.astype(np.uint64))
    # zero says "no words"; a text whose key happens to be zero gets another one
    keys = np.where(lengths == 0, np.uint64(0), np.maximum(keys, np.uint64(1)))
    shingles = _windows(hashed)
    counts = np.maximum(lengths - (SHINGLE_WORDS - 1), 0)
    found = np.zeros(lengths.size + 1, dtype=np.int64)
    np.cumsum(counts, out=found[1:])
    return ShingledTexts(keys=keys, shingles=shingles[inside(bounds, SHINGLE_WORDS)[: shingles.size]], bounds=found)


def inside(bounds: Places, width: int) -> NDArray[np.bool_]:
    """Where a window of that width begins that lies within one text."""
    fits = np.ones(int(bounds[-1]), dtype=bool)
    for back in range(1, width):
        last = bounds[1:] - back
        fits[last[last >= bounds[:-1]]] = False
    return fits


def _code_units(texts: Sequence[str]) -> tuple[Places, Places]:
    """The UTF-16 code units of the texts, each closed by a separator, and where each begins (with the end of all as the last)."""
    encoded = [text.encode("utf-16-le", "surrogatepass") for text in texts]
    units, starts = _joined(encoded)
    # some letters become two when folded, and some need two units
    odd = _table()[1][units]
    places = np.flatnonzero(odd != 0)
    if places.size:
        for text in np.unique(np.searchsorted(starts, places, side="right") - 1).tolist():
            paired = (odd[starts[text] : starts[text + 1]] == _SURROGATE).any()
            # what needs two units is read word by word; where letters only become two by folding, that is enough
            encoded[text] = (" ".join(words(texts[text])) if paired else texts[text].casefold()).encode("utf-16-le")
        units, starts = _joined(encoded)
    return units, starts


def _joined(encoded: Sequence[bytes]) -> tuple[Places, Places]:
    starts = np.zeros(len(encoded) + 1, dtype=np.int64)
    np.cumsum(np.fromiter(map(len, encoded), dtype=np.int64, count=len(encoded)) // 2 + 1, out=starts[1:])
    # as numbers that numpy takes for places as they are, which halves the time of looking them up
    return np.frombuffer(_SEPARATOR.join((*encoded, b"")), dtype="<u2").astype(np.int64), starts


def _polynomials(values: Numbers, starts: Places, ends: Places) -> Numbers:
    """Of each span the polynomial in its values, modulo 2**64, wherever it lies."""
    powers, inverses = _powers(max(_POWERS, 1 << int(values.size).bit_length()))
    sums = np.empty(values.size + 1, dtype=np.uint64)
    sums[0] = 0
    np.multiply(values, powers[: values.size], out=sums[1:])
    np.cumsum(sums, out=sums)
    found = sums[ends]
    found -= sums[starts]
    found *= inverses[starts]
    return found


def _windows(hashed: Numbers) -> Numbers:
    """The numbers of all runs of five words, those across two texts included."""
    size = max(0, hashed.size - SHINGLE_WORDS + 1)
    rolled = hashed[:size].copy()
    for offset in range(1, SHINGLE_WORDS):
        rolled *= _STEP
        rolled += hashed[offset : offset + size]
    return _mixed(rolled)


def _mixed(numbers: Numbers) -> Numbers:
    """The same numbers with every bit depending on every other. Overwrites them."""
    numbers ^= numbers >> np.uint64(32)
    numbers *= np.uint64(_MIX)
    numbers ^= numbers >> np.uint64(29)
    return numbers


@lru_cache(maxsize=4)
def _powers(size: int) -> tuple[Numbers, Numbers]:
    found = []
    for base in (_BASE, pow(_BASE, -1, 1 << 64)):
        powers = np.full(size, base, dtype=np.uint64)
        powers[0] = 1
        found.append(np.cumprod(powers))
    return found[0], found[1]


@lru_cache(maxsize=1)
def _table() -> tuple[Numbers, NDArray[np.uint8]]:
    """Of each code unit its number, 0 where it is no part of a word; and why it cannot be folded by itself, if so."""
    numbers, odd = np.zeros(1 << 16, dtype=np.uint64), np.zeros(1 << 16, dtype=np.uint8)
    for unit in range(1 << 16):
        folded = chr(unit).casefold()
        surrogate = 0xD800 <= unit < 0xE000
        odd[unit] = _SURROGATE if surrogate else len(folded) != 1
        if surrogate or (len(folded) == 1 and folded.isalnum()):
            number = (ord(folded) * _BASE + _MIX) & _SIXTY_FOUR_BITS
            number = ((number ^ number >> 29) * _MIX) & _SIXTY_FOUR_BITS
            numbers[unit] = (number ^ number >> 32) | 1  # never 0
    return numbers, odd
