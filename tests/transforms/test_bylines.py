"""Persons, desks and agencies in bylines."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from transforms.bylines import agencies, read_byline

KNOWN = agencies()


@pytest.mark.parametrize(
    ("byline", "authors"),
    [
        ("By Ann Lee", ("Ann Lee",)),
        ("Von Eva Müller und Jörg Soldat, dpa", ("Eva Müller", "Jörg Soldat")),
        ("Ann Lee, Bob van der Berg & Cem Öz", ("Ann Lee", "Bob van der Berg", "Cem Öz")),
        ("Trine Holm og Aqqa Petersen ", ("Trine Holm", "Aqqa Petersen")),
        ("Андрей Иванов", ("Андрей Иванов",)),
        ("배윤경", ("배윤경",)),
        ("ann@example.org", ()),
        ("https://example.org/ann", ()),
        ("Redaktion", ()),
        ("Reuters Staff", ()),
        ("Example News", ()),
        ("The minister said yesterday that he would go", ()),
        ("", ()),
        ("x" * 5000, ()),
    ],
)
def test_persons(byline: str, authors: tuple[str, ...]) -> None:
    assert read_byline([byline], KNOWN).authors == authors


@pytest.mark.parametrize(
    ("byline", "agency"),
    [("dpa", "dpa"), ("Reuters Staff", "reuters"), ("Ann Lee, AFP", "afp"), ("The Associated Press", "ap"), ("Norsk Telegrambyrå", "ntb"),
     ("Ann Lee", None)],
)  # fmt: skip
def test_agencies(byline: str, agency: str | None) -> None:
    assert read_byline([byline], KNOWN).agency == agency


def test_the_publication_is_no_person() -> None:
    byline = read_byline(["Noord Koerier", "Ann Lee"], KNOWN, publications=["Noord Koerier"])
    assert (byline.authors, byline.organisation) == (("Ann Lee",), "Noord Koerier")


def test_what_the_page_calls_an_organisation_is_one() -> None:
    assert read_byline([], KNOWN, organisations=["Mark Peters"]).authors == ()


def test_the_same_name_twice_is_one_author() -> None:
    assert read_byline(["Ann Lee", "ANN LEE"], KNOWN).authors == ("Ann Lee",)


@pytest.mark.parametrize(
    ("line", "agency"),
    [
        ("BERLIN, July 2 (Reuters) - The minister said", "reuters"),
        ("(AP) The minister said", "ap"),
        ("Quelle: dpa", "dpa"),
        ("So ging der Tag zu Ende. (APA)", "apa"),
        ("ANP", "anp"),
        ("BRUXELLES, 2 iul. (Agerpres) — Ministrul a spus", "agerpres"),
        ("Reuters reported that the minister had said so", None),
        ("He works for Reuters in Berlin.", None),
        ("Die Partei (SDA) hat gewonnen", None),
        ("", None),
    ],
)
def test_credits(line: str, agency: str | None) -> None:
    assert KNOWN.credited(line) == agency


def test_an_agency_of_the_configuration() -> None:
    known = agencies({"noordzee-wire": ("Noordzee Wire",)})
    assert known.credited("OSLO (Noordzee Wire) – Statsministeren sa") == "noordzee-wire"
    assert read_byline(["Noordzee Wire"], known).agency == "noordzee-wire"
    assert KNOWN.credited("OSLO (Noordzee Wire) – Statsministeren sa") is None


LINES: dict[str, list[dict[str, Any]]] = tomllib.loads(Path(__file__).with_name("byline_lines.toml").read_text(encoding="utf-8"))
CREDITS: list[list[str]] = tomllib.loads(Path(__file__).with_name("credit_lines.toml").read_text(encoding="utf-8"))["credited"]


@pytest.mark.parametrize(("language", "line"), [(language, line) for language, lines in LINES.items() for line in lines])
def test_lines_of_many_languages(language: str, line: dict[str, Any]) -> None:
    read = read_byline([line["value"]], KNOWN)
    assert (list(read.authors), read.agency) == (line["authors"], line.get("agency")), language


@pytest.mark.parametrize(("line", "agency"), CREDITS)
def test_credit_lines_of_many_languages(line: str, agency: str) -> None:
    assert (KNOWN.credited(line) or "") == agency
