"""How a short text is worded: no name is among its words."""

from __future__ import annotations

import tomllib
from pathlib import Path

from transforms.names import lexicon
from transforms.normalise import Folded, fold, fold_text
from transforms.params import Watchlist
from transforms.records import Field
from transforms.weighing import Hit, Name
from transforms.wording import shift, wording

LISTS = Path(__file__).parents[2] / "config/watchlists"


def _said(text: str, hits: list[Hit], names: list[Name]) -> frozenset[str]:
    folded: dict[Field, Folded] = {"title": fold(""), "text": fold(text)}
    return wording(folded, hits, names)


def test_names_countries_and_the_body_are_masked() -> None:
    hits = [Hit("text", 14, 21, "finland", ("country:FI",)), Hit("text", 26, 30, "port", ("body",))]
    said = _said(
        "Anna Berg told Finland a port would do.", [Hit("text", 15, 22, "finland", ("country:FI",)), *hits[1:]], [Name("a", "text", 0, 9)]
    )
    assert {"<name>", "<name> told", "told <country>", "would", "would do", "do ."} <= said
    assert not {"anna", "berg", "finland"} & said


def test_a_capital_inside_a_sentence_is_somebodys_name() -> None:
    said = _said("It was Smith who rang in 2031. Nobody knew.", [], [])
    assert {"was <other>", "<other> who", "in <number>", ". nobody"} <= said
    assert "smith" not in said


def test_words_are_cut_and_short_ones_count_in_pairs_only() -> None:
    said = _said("He is undecided.", [], [])
    assert {"undecid", "he is", "is undecid"} <= said
    assert "he" not in said


def test_a_language_without_weights_says_nothing() -> None:
    assert shift(frozenset({"would", "would do"}), "xx") == 0.0
    assert shift(frozenset(), "en") == 0.0


def test_no_name_of_a_candidate_and_no_body_was_learnt() -> None:
    learnt = {word for pair in lexicon("race_words")["en"] for word in pair.split()}
    for path in LISTS.glob("*.toml"):
        contest = Watchlist.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
        surnames = {fold_text(c.name).split()[-1][:7] for c in contest.candidates if path.stem.startswith("nato-secretary")}
        assert not learnt & surnames
        assert not learnt & {word.rstrip("|") for words in contest.bodies.values() for word in words}
