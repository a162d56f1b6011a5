"""Whether a text is about the contest, by the weight of its words."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from transforms.annotation import annotate, compile_watchlist
from transforms.evidence import probability
from transforms.names import lexicon
from transforms.normalise import Folded, fold, fold_text
from transforms.params import Candidate, Watchlist
from transforms.race import KINDS, read_cues
from transforms.records import Field
from transforms.weighing import Name

HERE = Path(__file__).parent
LIST = Watchlist.model_validate(
    tomllib.loads((HERE.parents[1] / "config/watchlists/nato-secretary-general-2024.toml").read_text(encoding="utf-8"))
)
NATO = compile_watchlist(LIST)
ARTICLES = tomllib.loads((HERE / "race_articles.toml").read_text(encoding="utf-8"))["passage"]

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


def test_one_sentence_of_a_long_text_is_not_enough_a_part_of_it_is() -> None:
    filler = "The harbour was quiet and the gulls were loud that day. "
    clause = "Anna Berg is a candidate for director of the port. "
    assert not annotate(CONTEST, "", filler * 30 + clause + filler * 30, "en").in_race
    assert annotate(CONTEST, "", (filler * 4 + clause) * 8, "en").in_race


def test_the_title_and_the_lead_weigh_more_than_the_end() -> None:
    filler = "The harbour was quiet and the gulls were loud that day. " * 8
    clause = "Anna Berg is a candidate for director of the port. "
    assert annotate(CONTEST, "", clause + filler, "en").in_race
    assert annotate(CONTEST, clause, clause + filler, "en").in_race


def test_another_post_outweighs_a_reminder() -> None:
    other = "Anna Berg was nominated as candidate for mayor of Malmo. Her party supports her. The mayor of Malmo has a car. "
    assert not annotate(CONTEST, "", other + "She was once a candidate for director of the port. " + other, "en").in_race


@pytest.mark.parametrize("passage", ARTICLES, ids=lambda p: f"{p['lang']}-{p['title'][:30]}")
def test_what_an_article_is_about(passage: dict[str, Any]) -> None:
    result = annotate(NATO, passage["title"], passage["text"], passage["lang"])
    assert result.in_race is passage["race"]
    if "contenders" in passage:
        assert sorted(result.candidates_in_race) == sorted(c.id for c in LIST.candidates if c.id.endswith(tuple(passage["contenders"])))


def _share(name: str, *, held_out: bool | None = None) -> float:
    """The share of the passages of a file that are read rightly."""
    passages = tomllib.loads((HERE / name).read_text(encoding="utf-8"))["passage"]
    chosen = [p for p in passages if held_out is None or p.get("held_out", False) is held_out]
    return sum(annotate(NATO, p["title"], p["text"], p["lang"]).in_race is p["race"] for p in chosen) / len(chosen)


@pytest.mark.parametrize(
    ("name", "held_out", "least"),
    [
        ("race_passages.toml", False, 0.95),
        ("race_passages.toml", True, 0.91),
        ("race_english.toml", True, 0.91),
        ("race_third.toml", None, 0.94),
        ("race_nobody.toml", None, 0.94),
        ("race_short.toml", None, 0.94),
        ("race_blind.toml", None, 0.92),  # not learnt from
        ("race_unseen.toml", None, 0.88),
        ("race_long.toml", None, 0.80),  # not fitted to
    ],
)
def test_most_passages_are_placed_in_or_out_of_the_race(name: str, held_out: bool | None, least: float) -> None:
    assert _share(name, held_out=held_out) >= least


def test_contenders_of_short_passages() -> None:
    passages = tomllib.loads((HERE / "race_passages.toml").read_text(encoding="utf-8"))["passage"]
    wrong = 0
    for passage in passages:
        expected = {c.id for c in LIST.candidates if c.id.endswith(tuple(passage.get("contenders", ())) or ("-",))}
        wrong += annotate(NATO, passage["title"], passage["text"], passage["lang"]).candidates_in_race != expected
    assert wrong <= 0.1 * len(passages)


@pytest.mark.parametrize(
    ("text", "figure"),
    [
        ("Anna Berg is a candidate for director of the port.", "post_chosen"),
        ("Director of the port Anna Berg opened a quay.", "holder"),
        ("The director of the port said that Finland supports a tunnel for Anna Berg.", "post_speaks"),
        ("Anna Berg would be a good deputy director of the port.", "post_held"),
        ("Anna Berg was nominated as candidate for mayor of Malmo.", "elsewhere_chosen"),
        ("Anna Berg is a candidate for minister of trade.", "office_chosen"),
        ("Finland supports Anna Berg.", "country_pushes"),
        ("Anna Berg told us to wait.", "alone"),
    ],
)
def test_a_reader_can_check_the_evidence(text: str, figure: str) -> None:
    folded: dict[Field, Folded] = {"title": fold(""), "text": fold(text)}
    cues = read_cues(CONTEST.contest, "", folded["text"].text, "en", named=True)
    at = folded["text"].text.find("anna berg")
    names = [Name("anna-berg", "text", at, at + 9)] if at >= 0 else []
    assert figure in cues.evidence(names, folded)


def test_a_sentence_about_the_work_of_the_holder_lends_no_evidence() -> None:
    folded: dict[Field, Folded] = {"title": fold(""), "text": fold("Director of the port Anna Berg supports Finland's plan.")}
    cues = read_cues(CONTEST.contest, "", folded["text"].text, "en", named=True)
    found = cues.evidence([Name("anna-berg", "text", 21, 30)], folded)
    assert "country_pushes" not in found
    assert probability(found) < 0.5


@pytest.mark.parametrize(
    ("text", "figure"),
    [
        ("Ole Lund hopes to succeed Anna Berg.", "listed_succeeded"),
        ("Anna Berg's successor is a sailor.", "listed_succeeded"),
    ],
)
def test_whoever_is_succeeded_is_not_the_one_who_comes(text: str, figure: str) -> None:
    folded: dict[Field, Folded] = {"title": fold(""), "text": fold(text)}
    cues = read_cues(CONTEST.contest, "", folded["text"].text, "en", named=True)
    at = folded["text"].text.find("anna berg")
    assert figure in cues.evidence([Name("anna-berg", "text", at, at + 9)], folded)


def test_every_figure_has_a_weight() -> None:
    assert _figures("race_third.toml") | _figures("race_nobody.toml") <= set(lexicon("race_weights")["weights"])
    assert probability({}) == 0.0


def _figures(name: str) -> set[str]:
    found: set[str] = set()
    for passage in tomllib.loads((HERE / name).read_text(encoding="utf-8"))["passage"]:
        folded: dict[Field, Folded] = {"title": fold(passage["title"]), "text": fold(passage["text"])}
        mentions = annotate(NATO, passage["title"], passage["text"], passage["lang"]).mentions
        cues = read_cues(NATO.contest, folded["title"].text, folded["text"].text, passage["lang"], named=bool(mentions))
        names = [Name(m.candidate_id, m.field, *_folded(folded[m.field], m.start, m.end)) for m in mentions]
        found |= set(cues.evidence(names, folded))
    return found


def _folded(copy: Folded, start: int, end: int) -> tuple[int, int]:
    """Offsets in the folded copy of offsets in the source."""
    inside = [i for i in range(len(copy.text)) if start <= copy.start(i) < end]
    return inside[0], inside[-1] + 1


def test_a_list_of_names_and_countries_will_do() -> None:
    """Nothing but id, name and country of the candidates: the title of the list says what the contest is about."""
    bare = LIST.model_copy(
        update={
            "context": {},
            "bodies": {},
            "elsewhere": {},
            "endorsers": (),
            "candidates": tuple(Candidate(id=c.id, name=c.name, country=c.country) for c in LIST.candidates),
        }
    )
    compiled = compile_watchlist(bare)
    real = [annotate(compiled, p["title"], p["text"], p["lang"]).in_race for p in ARTICLES if p["race"]]
    other = [annotate(compiled, p["title"], p["text"], p["lang"]).in_race for p in ARTICLES if not p["race"]]
    assert sum(real) >= 0.6 * len(real)
    assert sum(other) <= 0.4 * len(other)  # without a word for other posts other contests are hard to tell


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
        assert set(kinds) == set(KINDS), code
        for words in kinds.values():
            assert all(fold_text(word).strip("|") for word in words)
