"""Whether a text is about the contest, by the weight of its words."""

from __future__ import annotations

import tomllib

import pytest

from transforms.mentions import annotate, compile_watchlist
from transforms.names import lexicon
from transforms.normalise import fold_text
from transforms.params import Watchlist

CONTEST = compile_watchlist(
    Watchlist.model_validate(
        tomllib.loads(
            """
id = "port-authority"
title = "Director of the PORT Authority"
from = 2030-01-01
until = 2030-12-31
[context]
en = ["director of the port", "port's next director"]
[bodies]
any = ["port authority"]
[elsewhere]
en = ["mayor of"]
[[candidates]]
id = "anna-berg"
name = "Anna Berg"
country = "SE"
[[candidates]]
id = "ole-lund"
name = "Ole Lund"
country = "DK"
[[endorsers]]
country = "SE"
name = "Sweden"
[[endorsers]]
country = "FI"
name = "Finland"
also = ["Хельсинки"]
"""
        )
    )
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Anna Berg is a candidate for director of the port.", True),
        ("Finland supports Anna Berg.", True),
        ("Anna Berg and Ole Lund both want the job, and diplomats expect a vote.", True),
        ("The Port Authority has no candidate yet for its vacant top post.", True),
        ("Anna Berg cut taxes and raised pensions in the budget of Sweden.", False),
        ("Anna Berg was nominated as candidate for mayor of Malmo.", False),
        ("Director of the port Anna Berg opened a quay.", False),
        ("Anna Berg, director of the port, opened a quay.", False),
        ("The harbour was quiet and nobody said a word.", False),
        ("The minister appointed a candidate after the race.", False),
        ("", False),
    ],
)
def test_what_a_text_is_about(text: str, expected: bool) -> None:
    assert annotate(CONTEST, "", text, "en").in_race is expected


def test_a_long_text_is_not_in_the_race_by_its_length() -> None:
    filler = "The harbour was quiet and the gulls were loud that day. " * 40
    text = f"Anna Berg opened a quay. {filler} Finland supports a film festival. {filler} The candidate for the race was a horse."
    assert not annotate(CONTEST, "", text, "en").in_race


def test_a_passage_of_a_long_text_may_be_enough() -> None:
    filler = "The harbour was quiet and the gulls were loud that day. " * 40
    assert annotate(CONTEST, "", f"{filler} Anna Berg is a candidate for director of the port. {filler}", "en").in_race


def test_a_supporter_is_not_in_the_running() -> None:
    result = annotate(CONTEST, "", "Anna Berg endorses Ole Lund, the candidate for director of the port.", "en")
    assert result.in_race
    assert result.candidates_in_race == {"ole-lund"}


def test_a_list_without_terms_takes_them_from_its_title() -> None:
    bare = Watchlist.model_validate(
        tomllib.loads(
            "id='x'\ntitle='Director of WHO 2027'\nfrom=2026-01-01\nuntil=2027-01-01\n"
            "[[candidates]]\nid='a'\nname='Anna Berg'\ncountry='SE'\n"
        )
    )
    compiled = compile_watchlist(bare)
    assert annotate(compiled, "", "Six candidates want to be director of WHO.", "en").in_race
    assert not annotate(compiled, "", "The director of WHO praised nurses.", "en").in_race


def test_every_language_has_every_kind_of_word_folded_or_foldable() -> None:
    for code, kinds in lexicon("race").items():
        if code == "same":
            continue
        assert set(kinds) == {"choice", "moves", "politics", "domestic", "support", "aspire", "next"}, code
        for words in kinds.values():
            assert all(fold_text(word).strip("|") for word in words)
