"""Persons named by an office or a country alone, and who holds which office when."""

from __future__ import annotations

import re
import time
import tomllib
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from support import ROOT

from transforms.annotation import CompiledWatchlist, annotate, compile_watchlist
from transforms.names import lexicon
from transforms.normalise import fold
from transforms.offices import Offices, OfficialHit
from transforms.params import Watchlist
from transforms.passage import Passage
from transforms.phrases import entries_of
from transforms.records import Field, Reference
from transforms.weighing import Name

PASSAGES = tomllib.loads((Path(__file__).parent / "reference_passages.toml").read_text(encoding="utf-8"))["passage"]
MARK = re.compile(r"\{(\w+):([^{}]+)\}")


@pytest.fixture(scope="module")
def compiled() -> CompiledWatchlist:
    path = ROOT / "config/watchlists/nato-secretary-general-2024.toml"
    return compile_watchlist(Watchlist.model_validate(tomllib.loads(path.read_text(encoding="utf-8"))))


@pytest.fixture(scope="module")
def offices(compiled: CompiledWatchlist) -> Offices:
    return compiled.offices


def marked(text: str) -> tuple[str, list[tuple[str, str]]]:
    """A text without its marks, and what they say: candidate and words."""
    return MARK.sub(r"\2", text), [(m[1], m[2]) for m in MARK.finditer(text)]


def shown(references: Iterable[Reference]) -> list[tuple[str, str]]:
    return [(r.candidate_id.rsplit("-", 1)[-1], r.surface) for r in references]


def same(found: tuple[str, str], expected: tuple[str, str]) -> bool:
    """Whether a reference is the one meant: articles and words such as outgoing may stand before it."""
    return found[0] == expected[0] and expected[1].endswith(found[1])


def right(compiled: CompiledWatchlist, passage: dict[str, Any]) -> bool:
    text, expected = marked(passage["text"])
    found = shown(
        r for r in annotate(compiled, passage.get("title", ""), text, passage["lang"], passage["date"]).references if r.field == "text"
    )
    return len(found) == len(expected) and all(same(*pair) for pair in zip(found, expected, strict=True))


@pytest.mark.parametrize("number", [n for n, p in enumerate(PASSAGES) if not p.get("held_out")])
def test_passage(compiled: CompiledWatchlist, number: int) -> None:
    assert right(compiled, PASSAGES[number])


def test_held_out_passages(compiled: CompiledWatchlist) -> None:
    held_out = [p for p in PASSAGES if p.get("held_out")]
    assert len(held_out) >= 30
    assert sum(right(compiled, p) for p in held_out) / len(held_out) >= 0.9


def test_nobody_without_a_day(compiled: CompiledWatchlist) -> None:
    text = "Mark Rutte is ahead. The Dutch prime minister smiled, and the Dutchman left."
    assert annotate(compiled, "", text, "en").references == ()


def test_references_have_exact_offsets_and_never_overlap_a_mention(compiled: CompiledWatchlist) -> None:
    title, text = (
        "Dutch premier wins",
        "Mark\u00a0Rutte won. The outgo\u00ading Dutch prime\u00a0minister, a Du\u00adtch liberal, thanked Rutte.",
    )
    result = annotate(compiled, title, text, "en", date(2024, 6, 1))
    fields = {"title": title, "text": text}
    assert [r.field for r in result.references] == ["title", "text"]
    for reference in result.references:
        assert fields[reference.field][reference.start : reference.end] == reference.surface
        assert not any(m.field == reference.field and m.start < reference.end and reference.start < m.end for m in result.mentions)


@pytest.mark.parametrize(
    ("country", "kind", "day", "name"),
    [
        ("US", "head_of_government", "2024-02-22", "Joe Biden"),
        ("NL", "head_of_government", "2024-07-01", "Mark Rutte"),
        ("NL", "head_of_government", "2024-07-03", "Dick Schoof"),
        ("GB", "foreign_minister", "2023-11-12", "James Cleverly"),
        ("GB", "foreign_minister", "2023-11-14", "David Cameron"),
        ("GB", "defence_minister", "2023-07-01", "Ben Wallace"),
        ("GB", "defence_minister", "2024-07-09", "John Healey"),
        ("DE", "spokesperson", "2024-02-22", "Steffen Hebestreit"),
        ("SK", "head_of_state", "2024-06-01", "Zuzana Čaputová"),
        ("SK", "head_of_state", "2024-06-17", "Peter Pellegrini"),
        ("ES", "head_of_government", "2024-04-02", "Pedro Sánchez"),
        ("LV", "foreign_minister", "2023-12-01", "Krišjānis Kariņš"),
        ("PL", "head_of_government", "2023-12-01", "Mateusz Morawiecki"),
        ("PL", "head_of_government", "2024-02-22", "Donald Tusk"),
    ],
)
def test_holder(offices: Offices, country: str, kind: str, day: str, name: str) -> None:
    official = offices.holder(country, kind, date.fromisoformat(day))
    assert official is not None
    assert official.name == name


def test_holder_is_nobody_without_a_day_or_outside_the_office(offices: Offices) -> None:
    assert offices.holder("HU", "head_of_government", None) is None
    assert offices.holder("GB", "foreign_minister", date(2010, 1, 1)) is None
    assert offices.holder("JP", "head_of_government", date(2024, 1, 1)) is None


def officials(offices: Offices, language: str, text: str, day: date | None = date(2024, 3, 10), title: str = "") -> list[OfficialHit]:
    """Who is found in a text that is taken to name a candidate before its beginning."""
    folded: dict[Field, Any] = {"title": fold(title), "text": fold(text)}
    passage = Passage(folded=folded, language=language, published_on=day, names=(Name("zuzana-caputova", "title", 0, 0),))
    return [o for o in offices.officials_in(passage) if o.name != "Zuzana Čaputová"]


@pytest.mark.parametrize(
    ("language", "text", "name"),
    [
        ("en", "Péter Szijjártó would not move.", "Péter Szijjártó"),
        ("en", "Peter Szijjarto would not move.", "Péter Szijjártó"),
        ("en", "Then Szijjártó left the room.", "Péter Szijjártó"),
        ("en", "Prime Minister Orbán did not come.", "Viktor Orbán"),
        ("en", "Hungary had its letter, and Orbán was pleased.", "Viktor Orbán"),
        ("en", "A question for the Czech president, Pavel, remained.", "Petr Pavel"),
        ("hu", "Szijjártó Péterrel tárgyaltak.", "Péter Szijjártó"),
        ("pl", "Rozmowa z Viktorem Orbánem trwała godzinę.", "Viktor Orbán"),
        ("pl", "Stanowisko Sikorskiego jest znane.", "Radosław Sikorski"),
        ("cs", "Setkání s Robertem Ficem se nekonalo.", "Robert Fico"),
        ("fi", "Viktor Orbánin mukaan asia on selvä.", "Viktor Orbán"),
        ("lv", "Viktora Orbāna vēstule pārsteidza.", "Viktor Orbán"),
        ("ru", "Петер Сийярто отказался.", "Péter Szijjártó"),
        ("ru", "Письмо Виктора Орбана опубликовано.", "Viktor Orbán"),
        ("uk", "Лист Віктора Орбана опубліковано.", "Viktor Orbán"),
        ("bg", "Реджеп Тайип Ердоган мълчи.", "Recep Tayyip Erdoğan"),
        ("sr", "Петер Сијарто није пристао.", "Péter Szijjártó"),
        ("el", "Ο Βίκτορ Όρμπαν δεν μίλησε.", "Viktor Orbán"),
        ("da", "Det sagde udenrigsminister Lars Løkke Rasmussen.", "Lars Løkke Rasmussen"),
        ("en", "A month later Løkke had changed his mind.", "Lars Løkke Rasmussen"),
        ("ar", "وقال فيكتور أوربان إنه يرفض.", "Viktor Orbán"),
        ("tr", "Recep Tayyip Erdoğan'ın kararı bekleniyor.", "Recep Tayyip Erdoğan"),
    ],
)
def test_officials_by_name(offices: Offices, language: str, text: str, name: str) -> None:
    assert [o.name for o in officials(offices, language, text)] == [name]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Costa Rica sent a delegation."),
        ("en", "Anita Orban's dissertation was praised."),
        ("en", "Pavel Novak and Michal Kovac won the doubles."),
        ("en", "The App Store was down."),
        ("en", "Tony Blair gave a lecture."),
        ("de", "Der Frieden hielt nicht lange."),
        ("en", "Montenegro held an election."),
        ("cs", "Novák vyhrál závod."),
    ],
)
def test_other_people_and_words_are_no_officials(offices: Offices, language: str, text: str) -> None:
    assert officials(offices, language, text, date(2024, 5, 1)) == []


def test_official_has_the_office_of_the_day(offices: Offices) -> None:
    text = "Edgars Rinkēvičs spoke in Riga."
    assert officials(offices, "en", text, date(2023, 7, 1))[0].office == "foreign_minister"
    assert officials(offices, "en", text, date(2023, 7, 10))[0].office == "head_of_state"
    assert officials(offices, "en", text, None)[0].office is None


def sighted(offices: Offices, language: str, text: str) -> tuple[list[tuple[str, str]], list[tuple[str, str | None]]]:
    """Countries with their role, offices with their country."""
    folded: dict[Field, Any] = {"title": fold(""), "text": fold(text)}
    sightings = offices.read(
        Passage(folded=folded, language=language, published_on=date(2024, 3, 10), names=(Name("zuzana-caputova", "title", 0, 0),))
    )
    return [(c.country, c.role) for c in sightings.countries], [(o.kind, o.country) for o in sightings.offices]


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "It told us that the US agreed.", [("US", "name")]),
        ("en", "They polish shoes; the Polish do not.", [("PL", "adjective")]),
        ("en", "Sofia Marinova met Jack London's heirs.", []),
        ("en", "Sofia agreed, and so did Budapest.", [("BG", "seat"), ("HU", "seat")]),
        ("en", "The Washington Post asked in vain.", []),
        ("cs", "Vláda Německa i německá opozice souhlasí.", [("DE", "name"), ("DE", "adjective")]),
        ("hu", "Magyarország és a román vezetés.", [("HU", "name"), ("RO", "adjective")]),
        ("ar", "وافقت المجر على ذلك.", [("HU", "name")]),
        ("fi", "Virolle ja Suomelle.", [("EE", "name"), ("FI", "name")]),
    ],
)
def test_countries(offices: Offices, language: str, text: str, expected: list[tuple[str, str]]) -> None:
    assert sighted(offices, language, text)[0] == expected


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "the US secretary of state", [("foreign_minister", "US")]),
        ("en", "the US ambassador to NATO", [("ambassador", "US")]),
        ("en", "the US NATO ambassador", [("ambassador", "US")]),
        ("en", "Germany's chancellor", [("head_of_government", "DE")]),
        ("en", "Britain's chancellor", [("minister", "GB")]),
        ("en", "the deputy prime minister of Poland", [("deputy", "PL")]),
        ("en", "the European Commission president", [("other", None)]),
        ("es", "el presidente español", [("head_of_government", "ES")]),
        ("fr", "la ministre allemande des Affaires étrangères", [("foreign_minister", "DE")]),
        ("es", "el ministro húngaro de Exteriores", [("foreign_minister", "HU")]),
        ("pt", "o ministro húngaro dos Negócios Estrangeiros", [("foreign_minister", "HU")]),
        ("ro", "ministrul maghiar de externe", [("foreign_minister", "HU")]),
        ("de", "der estnische Außenminister", [("foreign_minister", "EE")]),
        ("de", "Estlands Verteidigungsminister", [("defence_minister", "EE")]),
        ("pl", "rzecznik niemieckiego rządu", [("spokesperson", "DE")]),
        ("sv", "Finlands utrikesminister", [("foreign_minister", "FI")]),
        ("sl", "ministrstvo za zdravje", []),
        ("ru", "после встречи", []),
    ],
)
def test_offices(offices: Offices, language: str, text: str, expected: list[tuple[str, str | None]]) -> None:
    assert sighted(offices, language, text)[1] == expected


def test_a_list_without_endorsers_has_its_candidates_offices() -> None:
    candidate = {"id": "ada-bell", "name": "Ada Bell", "country": "EE", "offices": [{"title": "Prime Minister", "country": "EE"}]}
    watchlist = {"id": "a", "title": "A", "from": date(2024, 1, 1), "until": date(2024, 12, 31), "candidates": [candidate]}
    compiled = compile_watchlist(Watchlist.model_validate(watchlist))
    found = annotate(compiled, "", "Ada Bell is out. The Estonian prime minister won.", "en", date(2024, 5, 1)).references
    assert shown(found) == [("bell", "Estonian prime minister")]


def test_lexicon_is_whole() -> None:
    data = lexicon("offices")
    languages = [key for key, value in data.items() if isinstance(value, dict) and "kinds" in value]
    assert len(languages) == 31
    special = set(data["meanings"])
    kinds = {"head_of_government", "foreign_minister", "defence_minister", "minister", "deputy", "ambassador", "spokesperson", "adviser"}
    for language in languages:
        words = data[language]
        assert kinds | {"president", "leader", "head_of_organisation", "other"} <= words["kinds"].keys(), language
        assert {"behind", "between", "new", "other_times", "indefinite"} <= words["around"].keys(), language
        for kind, terms in words["kinds"].items():
            assert all(entry.key for entry in entries_of(terms, "office", kind)), (language, kind)
            assert kind in special | kinds | {"head_of_state", "head_of_organisation", "other"}
        countries = lexicon(f"countries/{language}")
        assert len(countries) == 32
        assert all(entry["names"] for entry in countries.values()), language


def test_time_grows_with_the_length_of_a_text(offices: Offices) -> None:
    folded: dict[Field, Any] = {"title": fold(""), "text": fold("the Dutch prime minister Viktor Orbán Dutchman " * 4000)}
    passage = Passage(folded=folded, language="en", published_on=date(2024, 3, 10), names=(Name("mark-rutte", "title", 0, 0),))
    began = time.process_time()
    offices.read(passage)
    assert time.process_time() - began < 10
