"""Words as numbers, fingerprints, comparison: the parts that stories are made by."""

from __future__ import annotations

import itertools
import random
import subprocess
import sys
from unittest import mock

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from transforms import fingerprints
from transforms.copies import compare, components, judge, shingle_sets
from transforms.fingerprints import candidates, worth_comparing
from transforms.shingles import SHINGLE_WORDS, batches, shingle, words

LETTERS = st.text(alphabet=st.sampled_from("abABzß İıςΣ\u0345éЖж\n.,-_'’09٣\u00ad\u200bÅǅŉﬁ𝐀𐐀🙂\ud800\udc00"), max_size=30)


def drawn(seed: int, count: int) -> list[str]:
    chance = random.Random(seed)
    return [f"w{chance.randrange(50_000)}" for _ in range(count)]


def one_set(text: list[str]) -> np.ndarray:
    return next(shingle_sets([" ".join(text)]))


# ---- shingles


@given(st.lists(LETTERS | st.text(max_size=20), max_size=6))
@example(["Straße", "STRASSE", "strasse"])
@example(["a b c d e", "a b c d", "", "🙂", "A-B_C.D e"])
@example(["\ud800a", "a", "𐐀𐐨", "𐐨𐐨"])
def test_numbers_are_equal_where_words_are(texts: list[str]) -> None:
    found = shingle(texts)
    split = [words(text) for text in texts]
    for (one, ours), (other, theirs) in itertools.combinations(enumerate(split), 2):
        assert bool(found.keys[one] == found.keys[other]) is (ours == theirs)
    seen: dict[tuple[str, ...], int] = {}
    for text, tokens in enumerate(split):
        assert bool(found.keys[text] == 0) is (not tokens)
        runs = [tuple(tokens[place : place + SHINGLE_WORDS]) for place in range(len(tokens) - SHINGLE_WORDS + 1)]
        numbers = found.shingles[found.bounds[text] : found.bounds[text + 1]].tolist()
        assert len(numbers) == len(runs)
        for run, number in zip(runs, numbers, strict=True):
            assert seen.setdefault(run, number) == number
    assert len(set(seen.values())) == len(seen)


@given(st.lists(LETTERS, max_size=8), st.integers(1, 40))
def test_a_text_has_the_same_numbers_in_any_batch(texts: list[str], characters: int) -> None:
    together = shingle(texts)
    parts = [shingle(batch) for batch in batches(texts, characters)]
    assert [key for part in parts for key in part.keys.tolist()] == together.keys.tolist()
    assert [number for part in parts for number in part.shingles.tolist()] == together.shingles.tolist()


def test_numbers_are_the_same_in_every_process() -> None:
    code = "from transforms.shingles import shingle; f = shingle(['Der Straße nach, am 3. Mai: ўсё.']); print(*f.keys, *f.shingles)"
    said = [
        subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            text=True,
            check=True,
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)},
        ).stdout
        for seed in ("1", "2")
    ]
    found = shingle(["Der Straße nach, am 3. Mai: ўсё."])
    assert said == [" ".join(map(str, [*found.keys, *found.shingles])) + "\n"] * 2


# ---- fingerprints


@pytest.mark.parametrize(("length", "shared"), [(150, 12), (600, 28)])
def test_a_passage_leaves_a_fingerprint_in_both_texts(length: int, shared: int) -> None:
    for seed in range(60):
        passage = drawn(seed, shared)
        at, place = random.Random(seed).randrange(length), random.Random(-seed).randrange(length)
        one, other = drawn(seed + 1_000, length), drawn(seed + 2_000, length)
        _, found = fingerprints.fingerprints(shingle([" ".join([*one[:at], *passage, *one[at:]])]))
        _, theirs = fingerprints.fingerprints(shingle([" ".join([*other[:place], *passage, *other[place:]])]))
        assert np.intersect1d(found, theirs).size


@given(
    st.lists(st.frozensets(st.integers(0, 12), max_size=9), max_size=12),
    st.sampled_from([1, 2, 4, 1_000]),
    st.sampled_from([1, 3, 500_000]),
    st.integers(0, 12),
)
def test_candidates_share_enough_fingerprints_that_are_not_common(
    texts: list[frozenset[int]], common: int, at_a_time: int, first: int
) -> None:
    rows = [(owner, number) for owner, text in enumerate(texts) for number in text]
    owners, found = np.array([row[0] for row in rows], dtype=np.int64), np.array([row[1] for row in rows], dtype=np.uint64)
    counts = np.array([len(text) * 5 for text in texts], dtype=np.int64)
    rare = {number for number in range(13) if sum(number in text for text in texts) <= common}
    wanted = [
        (one, other)
        for one, other in itertools.combinations(range(len(texts)), 2)
        if one < first and worth_comparing(np.array(len(texts[one] & texts[other] & rare)), np.array(min(counts[one], counts[other])))
    ]
    with mock.patch.object(fingerprints, "COMMON", common), mock.patch.object(fingerprints, "_PAIRS_AT_A_TIME", at_a_time):
        ones, others = candidates(owners, found, counts, first)
    assert list(zip(ones.tolist(), others.tolist(), strict=True)) == wanted


# ---- copies


def test_judging() -> None:
    text = drawn(1, 400)
    similarity, is_copy = judge(one_set(text), one_set(text[:100]))
    assert (similarity, is_copy) == (1.0, True)
    assert judge(one_set(text), one_set(text[:30])) == (1.0, False)  # an item of a digest
    assert judge(one_set(text), one_set(text[:10] + drawn(2, 10))) == (pytest.approx(6 / 16), False)
    # half of the shorter text in a longer one, and that is a passage
    assert judge(one_set(text[:200] + drawn(2, 150)), one_set(text[:200] + drawn(3, 190)))[1]
    # as much of short texts is boilerplate rather than a copy
    assert not judge(one_set(text[:50] + drawn(2, 40)), one_set(text[:50] + drawn(3, 40)))[1]
    assert judge(one_set(text[:3]), one_set(text[:3])) == (0.0, False)  # no shingle to go by; the words themselves are compared before


def test_comparing_in_parts_gives_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [" ".join(drawn(seed // 3, 60)[seed % 3 * 5 :]) for seed in range(12)]
    pairs = np.array(list(itertools.combinations(range(12), 2))).T

    def sets_of(numbers: list[int]) -> list[np.ndarray]:
        return list(shingle_sets(texts[number] for number in numbers))

    whole = compare(pairs[0], pairs[1], sets_of)
    monkeypatch.setattr("transforms.copies._PAIRS_AT_A_TIME", 5)
    parts = compare(pairs[0], pairs[1], sets_of)
    assert whole.similarity.tolist() == parts.similarity.tolist()
    assert whole.is_copy.tolist() == [one // 3 == other // 3 for one, other in pairs.T.tolist()]


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=12))
def test_components(pairs: list[tuple[int, int]]) -> None:
    array = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    label = list(range(10))
    for _ in range(10):
        for one, other in pairs:
            label[one] = label[other] = min(label[one], label[other])
    assert components(10, array[:, 0], array[:, 1]).tolist() == label
