"""Mentions against third-party corpora, each read as a watch list of names and countries. Floors stand a little below what was measured."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterable, Sequence

import pytest
from listed_people import (
    Document,
    elevant_documents,
    elevant_names,
    linked_watchlist,
    n3_documents,
    n3_names,
    person_days,
    read_lines,
    slavic_documents,
    slavic_watchlist,
)
from support import ROOT, shared_data

from transforms.mentions import decide_mentions, find_names, mention_of
from transforms.nameparts import vocabulary_of
from transforms.normalise import Folded, fold
from transforms.params import Watchlist
from transforms.race import compile_contest, read_cues
from transforms.records import Field, Mention


def read(watchlist: Watchlist, documents: Iterable[Document], languages: Sequence[str]) -> dict[str, tuple[Mention, ...]]:
    """The mentions of every document, by the stages of names alone: these lists have no offices and no endorsers."""
    vocabularies = {language: vocabulary_of(watchlist, language) for language in languages}
    contest = compile_contest(watchlist, ("", *languages))
    found = {}
    for document in documents:
        copies: dict[Field, Folded] = {"title": fold(document.title), "text": fold(document.text)}
        names = find_names(copies, vocabularies[document.language], document.language)
        cues = read_cues(contest, copies["title"].text, copies["text"].text, document.language, bool(names.found))
        kept = decide_mentions(names, cues, copies)
        found[document.id] = tuple(mention_of(copies[f.field], f) for f in kept)
    return found


def test_persons_by_outlet_and_day() -> None:
    folder = shared_data("bsnlp_slavner")
    documents = slavic_documents(folder)
    found = read(slavic_watchlist(folder), documents, ("bg", "cs", "pl", "ru", "sk", "sl", "uk"))
    counts = Counter((person, d.outlet, d.day) for d in documents for person in {m.candidate_id for m in found[d.id]})
    truth = person_days(folder)
    exact = sum(counts[row] == documents_that_day for row, documents_that_day in truth.items())
    assert exact / len(truth) >= 0.975
    dated = {row for row in counts if row[1] and row[2]}
    assert exact / len(dated | set(truth)) >= 0.95  # with the rows that should not be there


def span_f1(watchlist: Watchlist, documents: Sequence[Document], language: str) -> tuple[int, int, int]:
    found = read(watchlist, documents, (language,))
    right = got = gold = 0
    for document in documents:
        low, high = document.scored
        spans = {(m.candidate_id, m.start, m.end) for m in found[document.id] if m.field == "text" and low <= m.start < high}
        people = {(p.candidate_id, p.start, p.end) for p in document.people}
        right, got, gold = right + len(spans & people), got + len(spans), gold + len(people)
    return right, got, gold


def test_people_in_english_news() -> None:
    path = shared_data("elevant_news_fair_v2", "docs.jsonl.gz")
    documents = elevant_documents(path)
    right, got, gold = span_f1(linked_watchlist(documents, elevant_names(path), "People in the news"), documents, "en")
    assert 2 * right / (got + gold) >= 0.95


@pytest.mark.parametrize(("name", "language", "floor"), [("News-100", "de", 0.95), ("RSS-500", "en", 0.93)])
def test_people_with_links_to_an_encyclopaedia(name: str, language: str, floor: float) -> None:
    """The truth leaves out some ten mentions of listed people in each of the two."""
    path = shared_data("n3_entity_linking", f"{name}.jsonl.gz")
    documents = n3_documents(path, language)
    right, got, gold = span_f1(linked_watchlist(documents, n3_names(path), "People in the news"), documents, language)
    assert 2 * right / (got + gold) >= floor


def test_official_briefings_were_read_by_hand() -> None:
    """All 198 mentions were read with their context, and none is anybody else's; another number asks for reading them again."""
    rows = read_lines(shared_data("wh_briefings", "docs.jsonl.gz"))
    contest = tomllib.loads((ROOT / "config" / "watchlists" / "nato-secretary-general-2024.toml").read_text(encoding="utf-8"))
    documents = [Document(row["id"], "en", row["title"], row["text"], (), (0, 0)) for row in rows]
    found = read(Watchlist.model_validate(contest), documents, ("en",))
    assert sum(map(len, found.values())) == 198
