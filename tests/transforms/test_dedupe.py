from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.dedupe import find_stories, words
from transforms.records import Document, StoryMember

NOON = datetime(2024, 6, 18, 12, tzinfo=UTC)


def prose(seed: int, count: int = 200) -> list[str]:
    """Sentences of eight made-up words each."""
    chance = random.Random(seed)
    return [" ".join(f"w{chance.randrange(5_000)}" for _ in range(8)).capitalize() + "." for _ in range(count // 8)]


def story(*documents: Document) -> dict[str, StoryMember]:
    return {member.id: member for member in find_stories(documents)}


def test_the_same_words_are_an_exact_copy_whatever_case_and_punctuation() -> None:
    text = " ".join(prose(1))
    found = story(
        Document(id="a", text=text, published_at=NOON),
        Document(id="b", text=text.upper().replace(".", " !"), published_at=NOON + timedelta(hours=1)),
    )
    assert (found["a"].copy_kind, found["a"].copy_of) == ("original", None)
    assert (found["b"].copy_kind, found["b"].copy_of, found["b"].similarity) == ("exact", "a", 1.0)


def test_a_fifth_of_the_sentences_replaced_is_a_near_copy() -> None:
    one, other = prose(1), prose(2)
    edited = [theirs if place % 5 == 0 else ours for place, (ours, theirs) in enumerate(zip(one, other, strict=True))]
    found = story(Document(id="a", text=" ".join(one), published_at=NOON), Document(id="b", text=" ".join(edited)))
    assert found["b"].copy_kind == "near"
    assert found["b"].story_id == "a"
    assert 0.5 <= found["b"].similarity < 1


def test_a_credited_near_copy_of_another_outlet_is_syndicated() -> None:
    wire = prose(3)
    found = story(
        Document(id="a", text=" ".join(wire), outlet_id="agency", is_agency=True, published_at=NOON),
        Document(id="b", text=" ".join(prose(4, 16) + wire), outlet_id="paper", wire_agency="agency", published_at=NOON),
    )
    assert found["b"].copy_kind == "syndicated"


def test_different_reports_stay_apart_and_empty_texts_too() -> None:
    found = story(
        Document(id="a", text=" ".join(prose(5))),
        Document(id="b", text=" ".join(prose(6))),
        Document(id="c", text=""),
        Document(id="d", text="  "),
    )
    assert {member.copy_kind for member in found.values()} == {"original"}


@pytest.mark.parametrize(
    ("rival", "leads"),
    [
        (Document(id="z", text="one two three", published_at=NOON - timedelta(seconds=1)), True),
        (Document(id="z", text="one two three", published_until=NOON + timedelta(hours=12)), False),
        (Document(id="z", text="one two three"), False),
        (Document(id="z", text="one two three", published_at=NOON, is_agency=True, outlet_id="zz"), True),
        (Document(id="z", text="one two three", published_at=NOON, outlet_id="a"), True),
        (Document(id="z", text="one two three", published_at=NOON, outlet_id="b"), False),
    ],
)
def test_the_lead_is_the_earliest_then_an_agency_then_by_name(rival: Document, leads: bool) -> None:
    found = story(Document(id="m", text="One two three", published_at=NOON, outlet_id="b"), rival)
    assert (found["z"].copy_kind == "original") is leads


def test_doubled_ids_are_refused() -> None:
    with pytest.raises(ValueError, match="share an id"):
        find_stories([Document(id="a", text="x"), Document(id="a", text="y")])


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 6), st.integers(0, 4)), max_size=12), st.randoms(use_true_random=False))
def test_any_order_gives_the_same_stories(recipe: list[tuple[int, int, int]], chance: random.Random) -> None:
    documents = [
        Document(id=f"d{number}", text=" ".join(prose(base)[: 25 - cut]), outlet_id=f"o{hour}", published_at=NOON + timedelta(hours=hour))
        for number, (base, cut, hour) in enumerate(recipe)
    ]
    shuffled = documents[:]
    chance.shuffle(shuffled)
    assert find_stories(documents) == find_stories(shuffled)
    leads = {member.id for member in find_stories(documents) if member.copy_kind == "original"}
    assert leads == {member.story_id for member in find_stories(documents)}


@given(st.text(max_size=200))
def test_words_do_not_depend_on_case(text: str) -> None:
    assert words(text) == words(text.casefold())
