"""The set of known items: whatever a dictionary says, in sixteen bytes an item."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from transforms.known import KnownItems

ids = st.integers(0, 2**64 - 1).map("{:016x}".format)
instants = st.datetimes(min_value=datetime(1970, 1, 1), max_value=datetime(9999, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
NOON = datetime(2024, 7, 1, 12, tzinfo=UTC)


@given(st.dictionaries(ids, instants, max_size=30), st.lists(ids, max_size=10), instants)
def test_it_agrees_with_a_dictionary(held: dict[str, datetime], others: list[str], by: datetime) -> None:
    known = KnownItems.of(held.items())
    asked = [*others, *held]
    assert len(known) == len(held)
    assert known.which(asked).tolist() == [item in held for item in asked]
    assert known.which(asked, by).tolist() == [item in held and held[item] <= by for item in asked]


@given(st.dictionaries(ids, instants, min_size=1, max_size=10))
def test_the_instant_itself_is_no_later_and_a_microsecond_before_is(held: dict[str, datetime]) -> None:
    known = KnownItems.of(held.items())
    for item, at in held.items():
        assert known.which([item], at).tolist() == [True]
        if at > datetime(1970, 1, 1, tzinfo=UTC):
            assert known.which([item], at - timedelta(microseconds=1)).tolist() == [False]


@given(st.dictionaries(ids, instants, max_size=20), st.randoms(use_true_random=False))
def test_the_order_in_which_items_come_does_not_matter(held: dict[str, datetime], chance: object) -> None:
    shuffled = list(held.items())
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    one, two = KnownItems.of(held.items()), KnownItems.of(shuffled)
    assert one.ids.tolist() == two.ids.tolist() == sorted(one.ids.tolist())
    assert one.seen.tolist() == two.seen.tolist()


def test_nothing_is_known_at_first_and_nothing_asked_is_nothing() -> None:
    assert KnownItems().which(["0" * 16, "f" * 16]).tolist() == [False, False]
    assert KnownItems().which([]).tolist() == []
    assert KnownItems.of([("f" * 16, NOON)]).which([]).tolist() == []
    assert len(KnownItems()) == 0


def test_instants_of_any_zone_are_compared_as_instants() -> None:
    known = KnownItems.of([("1" * 16, datetime(2024, 7, 1, 14, tzinfo=timezone(timedelta(hours=2))))])
    assert known.which(["1" * 16], NOON).tolist() == [True]
    assert known.which(["1" * 16], datetime(2024, 7, 1, 12, tzinfo=timezone(timedelta(hours=1)))).tolist() == [False]


def test_an_item_takes_sixteen_bytes() -> None:
    known = KnownItems.of((f"{number:016x}", NOON) for number in range(1000))
    assert known.ids.nbytes + known.seen.nbytes == 16_000
    assert known.ids.dtype == np.uint64
