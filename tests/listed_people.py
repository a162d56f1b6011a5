"""Third-party corpora read as watch lists: every linked person becomes a candidate with a name, a country and nothing else but spellings.

Belongs here: building the lists from the truth of a corpus and counting what :func:`transforms.annotation.annotate` finds. Floors and the
texts themselves belong to the tests and to the shared data.
"""

from __future__ import annotations

import csv
import gzip
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from transforms.namesakes import other_given_name
from transforms.normalise import fold_text
from transforms.params import Candidate, Watchlist

SOMEWHERE = "SE"  # the corpora do not say where a person is from; a list needs a country


@dataclass(frozen=True, slots=True)
class Linked:
    """A mention of a person in a corpus."""

    candidate_id: str
    surface: str
    start: int = -1
    end: int = -1


@dataclass(frozen=True, slots=True)
class Document:
    """A text of a corpus with its linked persons; ``scored`` is the part that was annotated."""

    id: str
    language: str
    title: str
    text: str
    people: tuple[Linked, ...]
    scored: tuple[int, int]
    outlet: str = ""
    day: str = ""


def read_lines(path: Path) -> list[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def identifier(text: str) -> str:
    """A candidate id for any name of a corpus."""
    plain = re.sub(r"[^a-z0-9]+", "-", fold_text(text).lower()).strip("-")[:48].strip("-")
    return f"p-{plain or 'x'}-{sum(map(ord, text)) % 9973}"


def watchlist(candidates: Iterable[Candidate], title: str) -> Watchlist:
    return Watchlist.model_validate(
        {"id": "corpus", "title": title, "from": date(2000, 1, 1), "until": date(2030, 1, 1), "candidates": tuple(candidates)}
    )


# Slavic news: persons with lemmas by language -------------------------------------------------------------------------------------------


def slavic_documents(folder: Path) -> list[Document]:
    """The annotated documents whose case was kept (two topics are in lower case)."""
    found = []
    for row in read_lines(folder / "docs.jsonl.gz"):
        if row["entities"] is None or row["lowercased"]:
            continue
        people = tuple(Linked(identifier(e["eid"]), e["mention"]) for e in row["entities"] if e["eid"].startswith("PER-"))
        outlet = (urlsplit(row["url"] or "").hostname or "").removeprefix("www.")
        found.append(
            Document(row["id"], row["lang"], row["title"] or "", row["text"], people, (0, len(row["text"])), outlet, row["date"] or "")
        )
    return found


def slavic_watchlist(folder: Path) -> Watchlist:
    """Each person with the commonest whole lemma as the name, and the lemmas of each language as its spellings there."""
    lemmas: dict[str, dict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    for row in read_lines(folder / "docs.jsonl.gz"):
        for entity in row["entities"] or ():
            if entity["eid"].startswith("PER-") and not row["lowercased"]:
                lemmas[entity["eid"]][row["lang"]][entity["lemma"].strip()] += 1
    candidates = []
    for eid, by_language in lemmas.items():
        every = sum(by_language.values(), Counter[str]())
        name = max(every, key=lambda lemma: (" " in lemma, every[lemma], lemma))
        if len(name) < 2:
            continue
        variants = {language: tuple(sorted(found)) for language, found in by_language.items()}
        candidates.append(Candidate(id=identifier(eid), name=name, country=SOMEWHERE, variants=variants))
    return watchlist(candidates, "People in the Slavic press")


def person_days(folder: Path) -> dict[tuple[str, str, str], int]:
    """The truth of ``person_outlet_day.csv``."""
    with (folder / "person_outlet_day.csv").open(encoding="utf-8", newline="") as lines:
        return {(identifier(r["person_eid"]), r["outlet_host"], r["date"]): int(r["docs"]) for r in csv.DictReader(lines)}


# English and German texts with links ----------------------------------------------------------------------------------------------------


def elevant_documents(path: Path) -> list[Document]:
    """English news with links; pronouns and descriptions are no names."""
    found = []
    for row in read_lines(path):
        people = []
        for label in row["labels"]:
            if "Q215627" in label["type"] and not label["coref"] and label["entity_id"] != "<NIL>":
                start, end = label["span"]
                surface = row["text"][start:end]
                if _shares_a_word(surface, label["name"]) and "," not in label["name"]:
                    people.append(_named_part(identifier(label["name"]), label["name"], row["text"], start, end))
        low, high = row["evaluation_span"]
        found.append(Document(str(row["id"]), "en", row["title"], row["text"], tuple(people), (low, high)))
    return found


def n3_documents(path: Path, language: str) -> list[Document]:
    """Sentences and news with links to an encyclopaedia, which do not say what is a person: see :func:`is_person`."""
    found = []
    for row in read_lines(path):
        people = []
        for entity in row["entities"]:
            name = link_name(entity["uri"])
            if is_person(name, entity["mention"]):
                people.append(_named_part(identifier(name), name, row["text"], entity["begin"], entity["end"]))
        found.append(Document(row["id"], language, "", row["text"], tuple(people), (0, len(row["text"]))))
    return found


def link_name(uri: str) -> str:
    return re.sub(r"\s*\(.*\)$", "", unquote(uri.rsplit("/", 1)[1]).replace("_", " "))


def is_person(name: str, mention: str) -> bool:
    """Whether a link's name looks like a person's: two or more words, a given name or an initial first, the mention a part of it."""
    words = name.split()
    first = fold_text(words[0])
    person = len(words) > 1 and (other_given_name(first, "en") or bool(re.fullmatch(r"\w\.", first))) and name[0].isupper()
    return person and _shares_a_word(mention, name) and not _NO_PERSON.search(name)


_NO_PERSON = re.compile(
    r"\d|&|,| of |F\.C|\b(?:University|Management|College|School|County|Foundation|Museum|Hall|Airlines|Inc|Award|Cup|Center|Guild"
    r"|Commission|the)\b"
)


def _shares_a_word(surface: str, name: str) -> bool:
    return bool(set(re.findall(r"\w+", fold_text(surface))) & set(re.findall(r"\w+", fold_text(name)))) and surface[:1].isupper()


def _named_part(candidate_id: str, name: str, text: str, start: int, end: int) -> Linked:
    """A mention without the title before it and the sign behind it, which the corpora count in and we do not."""
    surface = text[start:end]
    known = {word[:3] for word in re.findall(r"\w+", fold_text(name))}
    parts = (m for m in re.finditer(r"\w+", surface) if fold_text(m[0])[:3] in known or (m[0].isupper() and len(m[0]) < 4))
    first = start + next((m.start() for m in parts), 0)
    last = start + len(surface.rstrip("`' "))
    return Linked(candidate_id, text[first:last], first, last)


def linked_watchlist(documents: Iterable[Document], names: Mapping[str, str], title: str) -> Watchlist:
    people = {p.candidate_id for d in documents for p in d.people}
    return watchlist((Candidate(id=key, name=names[key], country=SOMEWHERE) for key in sorted(people)), title)


def elevant_names(path: Path) -> dict[str, str]:
    return {identifier(label["name"]): label["name"] for row in read_lines(path) for label in row["labels"]}


def n3_names(path: Path) -> dict[str, str]:
    names = (link_name(e["uri"]) for row in read_lines(path) for e in row["entities"])
    return {identifier(name): name for name in names}
