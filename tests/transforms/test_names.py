"""Name forms made by declared rules: parts, endings, transliteration."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.names import ParsedName, forms, inflect, initial_letters, initial_runs, lexicon, parse_name, transliterate
from transforms.namesakes import Beside, is_peoples_name, other_given_name, resembles, stands_for_a_thing
from transforms.normalise import fold_text
from transforms.params import Candidate


@pytest.mark.parametrize(
    ("name", "surname", "parsed"),
    [
        ("Anna Berg", None, ParsedName(("Anna",), "Berg")),
        ("Anna Maria Berg", None, ParsedName(("Anna", "Maria"), "Berg")),
        ("Anna van der Berg", None, ParsedName(("Anna",), "van der Berg")),
        ("Ana Ruiz Soler", "Ruiz", ParsedName(("Ana",), "Ruiz", ("Soler",))),
        ("Анна ван дер Берг", "van der Berg", ParsedName(("Анна",), "ван дер Берг")),
        ("Berg", "Berg", ParsedName((), "Berg")),
    ],
)
def test_a_name_is_cut_into_its_parts(name: str, surname: str | None, parsed: ParsedName) -> None:
    assert parse_name(name, surname) == parsed


@pytest.mark.parametrize(
    ("name", "language", "some"),
    [
        ("Berg", "pl", {"berga", "bergowi", "bergiem"}),
        ("Novak", "cs", {"novaka", "novakovi", "novakova", "novakovou"}),
        ("Lahti", "fi", {"lahtin", "lahtia"}),
        ("Virtanen", "fi", {"virtasen", "virtaselle"}),
        ("Berg", "hu", {"berget", "bergnek", "berggel"}),
        ("Tamm", "et", {"tammi", "tamme", "tammele"}),
        ("Rebane", "et", {"rebanele"}),
        ("Kalns", "lv", {"kalna", "kalnam"}),
        ("Jonas", "lt", {"jono", "jonui"}),
        ("Берг", "ru", {"берга", "бергу", "бергом"}),
        ("Анна", "uk", {"анни", "анну", "анною"}),
        ("Berg", "de", {"bergs"}),
        ("Anna", "ro", {"annei"}),
    ],
)
def test_endings(name: str, language: str, some: set[str]) -> None:
    assert some <= inflect(name, language)


LANGUAGES = [code for code in lexicon("inflections") if code not in {"same", "proclitics"}]


@given(st.sampled_from(LANGUAGES), st.sampled_from(["Berg", "Rossi", "Anna", "Анна", "Ó", "Kyriakos"]))
def test_forms_are_folded_and_keep_their_script(language: str, name: str) -> None:
    for form in inflect(name, language):
        assert form == fold_text(form)
        assert form.isascii() == fold_text(name).isascii()


@pytest.mark.parametrize(
    ("name", "language", "written"),
    [
        ("Anna Berg", "ru", "Анна Берг"),
        ("Rutte", "bg", "Руте"),
        ("Schmidt", "uk", "Шмідт"),
        ("Berg", "el", "Μπεργκ"),
        ("Watt", "lv", "Vat"),
        ("Berg", "nl", None),
    ],
)
def test_transliteration(name: str, language: str, written: str | None) -> None:
    assert transliterate(name, language) == written


def test_forms_of_a_candidate_with_a_name_only() -> None:
    candidate = Candidate(id="anna-berg", name="Anna Berg", country="SE")
    found = {(form.text, form.part) for form in forms(candidate, "cs")}
    assert {("anna", "given"), ("annu", "given"), ("berg", "surname"), ("bergova", "surname")} <= found
    assert ("bergova", "surname") not in {(form.text, form.part) for form in forms(candidate, "en")}
    assert initial_letters(candidate, "en") == {"a"}


def test_spellings_of_one_language_stay_there() -> None:
    candidate = Candidate(id="a", name="Anna Berg", country="SE", variants={"lv": ("Anna Berga",), "ru": ("Анна Берг",)})
    assert "berga" in {form.text for form in forms(candidate, "lv")}
    assert "berga" not in {form.text for form in forms(candidate, "en")}
    assert "берг" in {form.text for form in forms(candidate, "en")}


@pytest.mark.parametrize(
    ("word", "name", "near"),
    [
        ("marc", "mark", True),
        ("kaia", "kaja", True),
        ("frederikson", "frederiksen", True),
        ("1ohannis", "iohannis", True),
        ("martin", "mark", False),
        ("maria", "mark", False),
    ],
)
def test_misspellings(word: str, name: str, near: bool) -> None:
    assert resembles(word, name) is near


def test_given_names_are_known_with_endings() -> None:
    assert other_given_name("william", "en")
    assert other_given_name("antonia", "pl")
    assert not other_given_name("minister", "en")


@pytest.mark.parametrize(
    ("before", "after", "language", "thing"),
    [
        ("on ", " Street was", "en", True),
        ("the ", " & Sons", "en", True),
        ("the ", " family said", "en", True),
        ("on Tuesday ", " said", "en", False),
        ("in via ", " alle otto", "it", True),
        ("een brief via ", " aan", "nl", False),
        ("the Church of St. ", " in", "en", True),
        ("het evangelie van ", " werd", "nl", True),
    ],
)
def test_things_are_no_persons(before: str, after: str, language: str, thing: bool) -> None:
    assert stands_for_a_thing(Beside("berg", fold_text(before), fold_text(after), after, language, inflected=False)) is thing


def test_a_word_of_the_language_is_no_given_name_there() -> None:
    assert other_given_name("ali", "en") is False
    assert other_given_name("ali", "tr")
    assert not other_given_name("per", "it")
    assert other_given_name("per", "sv")


def test_names_of_peoples_are_known_with_endings() -> None:
    assert is_peoples_name("britove", "cs")
    assert not is_peoples_name("britove", "fi")


@pytest.mark.parametrize(
    ("name", "parsed"),
    [
        ("Anna Berg Jr.", ParsedName(("Anna",), "Berg", ("Jr",))),
        ("Anna II", ParsedName((), "Anna", ("II",))),
        ("Anna Berg'as", ParsedName(("Anna",), "Berg")),
        ("Anna O'Berg", ParsedName(("Anna",), "O'Berg")),
    ],
)
def test_what_stands_behind_a_surname_is_no_part_of_it(name: str, parsed: ParsedName) -> None:
    assert parse_name(name) == parsed


def test_initials_written_together_and_double_given_names() -> None:
    candidate = Candidate(id="a", name="J. K. Berg", country="SE")
    assert initial_runs(candidate, "en") == {"jk"}
    double = {form.text for form in forms(Candidate(id="b", name="Jean-Claude Berg", country="LU"), "pl") if form.part == "given"}
    assert {"jean", "claude", "jeana"} <= double
