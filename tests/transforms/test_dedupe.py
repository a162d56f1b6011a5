from __future__ import annotations

import csv
import gzip
import json
import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import shared_data

from transforms import dedupe
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


@pytest.mark.parametrize(
    ("lead", "copy", "kind"),
    [
        ({"is_agency": True}, {}, "syndicated"),
        ({"wire_agency": "agency"}, {}, "syndicated"),
        ({}, {"wire_agency": "agency"}, "syndicated"),
        ({}, {}, "near"),
        ({"is_agency": True, "wire_agency": "agency"}, {"outlet_id": "first", "wire_agency": "agency"}, "near"),
    ],
)
def test_a_near_copy_of_another_outlet_is_syndicated_where_wire_copy_is_in_play(lead: Any, copy: Any, kind: str) -> None:
    wire = prose(3)
    found = story(
        Document(**{"id": "a", "text": " ".join(wire), "outlet_id": "first", "published_at": NOON} | lead),
        Document(**{"id": "b", "text": " ".join(wire[:15]), "outlet_id": "second", "published_at": NOON + timedelta(hours=1)} | copy),
    )
    assert (found["b"].copy_kind, found["b"].similarity) == (kind, 1.0)


def test_a_fourth_of_the_sentences_replaced_by_longer_ones_is_a_near_copy() -> None:
    one, other = prose(1, 480), prose(2, 480)
    edited = [f"{theirs} {theirs[::-1]}" if place % 4 == 0 else ours for place, (ours, theirs) in enumerate(zip(one, other, strict=True))]
    found = story(Document(id="a", text=" ".join(one), published_at=NOON), Document(id="b", text=" ".join(edited)))
    assert found["b"].copy_of == "a"


def test_a_digest_joins_no_stories() -> None:
    briefs = [prose(seed, 40) for seed in range(20, 36)]
    documents = [Document(id=f"brief-{number:02}", text=" ".join(brief)) for number, brief in enumerate(briefs)]
    found = story(*documents, Document(id="digest", text=" ".join(sentence for brief in briefs for sentence in brief)))
    assert {member.copy_kind for member in found.values()} == {"original"}


def test_a_chain_joins_what_was_never_compared() -> None:
    text = prose(5, 800)
    found = story(
        Document(id="a", text=" ".join(text[:50]), published_at=NOON),
        Document(id="b", text=" ".join(text[20:70]), published_at=NOON + timedelta(hours=1)),
        Document(id="c", text=" ".join(text[50:80]), published_at=NOON + timedelta(hours=2)),
    )
    assert {member.story_id for member in found.values()} == {"a"}
    assert found["c"].similarity == 0


def test_what_is_not_kept_is_computed_again(monkeypatch: pytest.MonkeyPatch) -> None:
    documents = [Document(id=f"{number:02}", text=" ".join(prose(number % 7)[: 25 - number // 7])) for number in range(28)]
    kept = find_stories(documents)
    monkeypatch.setattr(dedupe, "KEPT_SHINGLES", 300)
    monkeypatch.setattr("transforms.shingles.BATCH_CHARACTERS", 1)
    assert find_stories(documents) == kept
    assert {member.copy_kind for member in kept} == {"original", "near"}


def test_halves_of_surrogate_pairs_are_no_words() -> None:
    found = story(Document(id="a", text="One\ud800 two three"), Document(id="b", text="one two three"))
    assert found["b"].copy_kind == "exact"


def test_no_story_over_two_unrelated_reports_of_the_energy_press() -> None:
    path = shared_data("news_story_chains", "pairs.jsonl.gz")
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows = [row for row in map(json.loads, lines) if row["relation"] == "0"]
    texts = {row[f"summary{side}"] for row in rows for side in (1, 2)}
    found = story(*(Document(id=text, text=text) for text in texts))
    assert [row for row in rows if found[row["summary1"]].story_id == found[row["summary2"]].story_id] == []


def test_copies_in_seven_languages_are_found_and_translations_stay_apart() -> None:
    with gzip.open(shared_data("bsnlp_slavner", "docs.jsonl.gz"), "rt", encoding="utf-8") as lines:
        rows = {row["id"]: row for row in map(json.loads, lines)}
    with gzip.open(shared_data("bsnlp_slavner", "neardup_pairs.csv.gz"), "rt", encoding="utf-8") as lines:
        alike = [(row["id_a"], row["id_b"]) for row in csv.DictReader(lines) if float(row["jaccard_w5"]) >= 0.5]
    found = story(*(Document(id=row["id"], text=row["text"]) for row in rows.values()))
    assert [pair for pair in alike if found[pair[0]].story_id != found[pair[1]].story_id] == []
    assert [one for one, member in found.items() if rows[one]["lang"] != rows[member.story_id]["lang"]] == []


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
