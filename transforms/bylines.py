"""Who wrote an article: persons, desks, agencies, out of the words of a byline.

Belongs here: taking bylines apart. Does not belong here: finding them on a page (``authors``), knowing agencies (``agencies``).

A byline is cut at whatever separates names: credits of others ("Photos: …") go, dates and addresses become separators, words that join
names split them. Of each piece labels, roles and agencies are taken away, and what is left counts if it has the shape of a name.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from transforms.agencies import Agencies, agencies
from transforms.byline_words import byline_words
from transforms.date_words import fold_word, month_names
from transforms.personal_names import is_given, is_organisation, is_person, person_key, without_role

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Agencies", "Byline", "agencies", "begins_with_label", "is_label", "read_byline"]

MAX_AUTHORS = 20
MAX_VALUE_CHARS = 400
MAX_SMALL_WORDS = 4  # in lower case that no byline has; more are a sentence
CUT = " | "  # what separates names for good
_ADDRESS = re.compile(r"\S+@\S+\.\S+|(?:https?://|www\.)\S+|\S+\[at\]\S+|(?<![\w.])@\w+", re.IGNORECASE)
_BRACKETS = re.compile(r"[(\[]([^()\[\]]*)[)\]]?")
_SEPARATORS = re.compile(r"\s*(?:[,;/|·•●▪\n\t、，／]|\s[–—-]+(?=\s)|\s\+\s)\s*")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff*®™]")
_EDGES = " .:*\"'“”„«»‹›–—-_~<>=#|"


@dataclass(frozen=True, slots=True, kw_only=True)
class Byline:
    """A byline taken apart."""

    authors: tuple[str, ...] = ()
    organisation: str | None = None
    agency: str | None = None  # id, see lexicons/agencies.toml


def read_byline(
    values: Iterable[str], known: Agencies, publications: Iterable[str] = (), organisations: Iterable[str] = (), persons: Iterable[str] = ()
) -> Byline:
    """Persons, the first organisation and the agency in some bylines.

    ``publications`` are the outlet's own names (never persons); ``organisations`` and ``persons`` are names that the page itself calls so:
    a person may have a name of one word there, and what is called an organisation is none.
    """
    own = frozenset(name.lower() for name in publications if name)
    found: dict[str, str] = {}
    organisation: str | None = None
    agency: str | None = None
    told = {"person": persons, "": values, "organisation": organisations}
    for called, value in ((called, value) for called, named in told.items() for value in named):
        pieces = _pieces(value, known, whole=called == "organisation")
        for piece, first in pieces:
            name, credited = _bare(_before_publication(piece, own), known, first=first)
            agency = agency or credited
            if not name or _ADDRESS.search(name):
                continue
            if (told_agency := known.in_byline(name)) is not None:
                agency = agency or told_agency
                organisation = organisation or name
            elif called == "organisation" or is_organisation(name, own, person=called == "person"):
                organisation = organisation or name
            elif len(found) < MAX_AUTHORS and is_person(name, single=called == "person" and len(pieces) == 1):
                found.setdefault(person_key(name), name)
    return Byline(authors=tuple(found.values()), organisation=organisation, agency=agency)


def _before_publication(piece: str, publications: frozenset[str]) -> str:
    """A piece without the publication's name behind a person's ("Ann Lee Northern Post", "João Silva do Jornal")."""
    lowered = piece.lower()
    for name in publications:
        place = lowered.find(f" {name}")
        if place > 0 and len(name) > 2 and not lowered[place + len(name) + 1 :][:1].isalpha() and len(lowered[:place].split()) > 1:
            tokens = piece[:place].split()
            while len(tokens) > 2 and tokens[-1].lower() in byline_words().small:
                tokens.pop()
            return " ".join(tokens)
    return piece


def begins_with_label(words: str) -> bool:
    """Whether a text begins as a byline does: ``By Ann``, ``Von Eva``, ``Autor: Jan``. A word that begins sentences too needs a colon."""
    match = byline_words().label.match(words)
    if match is None or not words[match.end() :][:1].isupper():
        return False
    label = match[0].strip(" .:：/").lower()
    return any(c in match[0] for c in ":：") or (label not in byline_words().surname_words and label not in byline_words().loose_labels)


def is_label(words: str) -> bool:
    """Whether a text is nothing but a label for those who wrote, such as ``Autor:``."""
    match = byline_words().label.match(f"{words.rstrip(' :：')}: X")
    return (
        match is not None
        and match.end() == len(words.rstrip(" :：")) + 2
        and words.rstrip(" :：").lower() not in byline_words().loose_labels
    )


def _pieces(value: str, known: Agencies, *, whole: bool) -> list[tuple[str, bool]]:
    """What may be a name each, with whether it is the first of its credit."""
    if len(value) > MAX_VALUE_CHARS:
        return []
    text = _INVISIBLE.sub("", html.unescape(value)).replace("\xa0", " ")
    if whole or known.in_byline(text):
        return [(text, True)]
    text = _ADDRESS.sub(CUT, text)
    inside = [words for bracket in _BRACKETS.findall(text) for words in (bracket, *re.split(r"[\s/,]+", bracket)) if known.in_byline(words)]
    text = _without_numbers(_BRACKETS.sub(" ", text))
    found: list[tuple[str, bool]] = []
    for credit in _credits(text):
        if _is_prose(credit):
            continue
        names = [name for part in _SEPARATORS.split(credit) if part.strip(_EDGES) for name in _joined(part) if not name.endswith(":")]
        found.extend((name, place == 0) for place, name in enumerate(names))
    return [*found, *((words, False) for words in inside)]


def _is_prose(text: str) -> bool:
    """Whether a text is a sentence about somebody rather than a list of names: long pieces, many words in lower case."""
    words = byline_words()
    tokens = [token for token in text.split() if token[0].isalpha()]
    small = sum(token[0].islower() and token.lower().strip(".,") not in words.small for token in tokens)
    return small > MAX_SMALL_WORDS and small * 3 > len(tokens)


def _credits(text: str) -> list[str]:
    """The text without what is credited to those who did not write: ``Text: A, Photos: B`` → ``Text: A,``."""
    words = byline_words()
    kept: list[str] = []
    while (match := words.others.search(text)) is not None:
        kept.append(text[: match.start()])
        rest = words.writers.search(text, match.end())
        text = text[rest.start() :] if rest is not None else ""
    kept.append(text)
    return [part for piece in kept for part in re.split(r"[;|\n]", piece) if part.strip(_EDGES)]


def _without_numbers(text: str) -> str:
    """Dates, times and other numbers as separators, with the words that belong to them."""
    if not any(c.isdigit() for c in text):
        return text
    tokens = text.split()
    numbers = [any(c.isdigit() for c in token) for token in tokens]
    months = month_names(None)

    def belongs(token: str) -> bool:
        word = fold_word(token.strip(".,:;()|–—-·•"))
        return not word or word in byline_words().beside_numbers or word in months

    for step in (range(1, len(tokens)), range(len(tokens) - 2, -1, -1)):
        before = -1 if step.step > 0 else 1
        for place in step:
            if not numbers[place] and numbers[place + before] and belongs(tokens[place]):
                numbers[place] = True
    return " ".join("|" if number else token for token, number in zip(tokens, numbers, strict=True))


def _joined(piece: str) -> list[str]:
    """A piece at the words that join names; a second surname stays with the first ("Ortega y Gasset")."""
    words = byline_words()
    piece = words.on_behalf.sub("", piece)
    double = words.joining_surnames.match(piece)
    if double is not None and not {double["second"].lower()} & (words.desks | words.roles) and not words.joining.search(double["first"]):
        return [piece]
    parts = (words.joining_capitals if piece.isupper() else words.joining).split(f"{piece} ".rstrip())
    return [part for part in parts if part.strip(_EDGES)]


def _strip_labels(name: str) -> str:
    words = byline_words()
    for _ in range(4):
        match = words.label.match(name)
        if match is None:
            break
        rest = _trim(name[match.end() :])
        label = match[0].strip(" .:：/").lower()
        colon = any(c in match[0] for c in ":：/／") or match[0] == match[0].rstrip()
        if not rest or (label in words.surname_words and not colon and match[0][0].isupper() and not is_given(rest.split()[0])):
            break
        if label in words.surname_words and rest[0].islower() and rest.split()[0].lower() in words.particles:
            break  # "van der Meer": a name
        name = rest
    return name


def _bare(piece: str, known: Agencies, *, first: bool) -> tuple[str, str | None]:
    """A name without labels, roles and agency, and the agency that stood behind it; empty where nothing is left."""
    words = byline_words()
    name = _strip_labels(_trim(re.sub(r"\s+", " ", piece)))
    head, colon, tail = name.partition(":")
    if colon and tail.strip() and len(head.split()) <= 4:
        name = _strip_labels(tail.strip(_EDGES))  # "Corresponsal en Bruselas: …"
    agency: str | None = None
    if known.in_byline(name) is None and (ending := known.at_end(name)) is not None and (" " in ending[0] or not is_given(ending[0])):
        name, agency = ending
    if name[:1].islower() and name.split()[0].lower() not in words.particles and (inner := _last(words.inner, name)) is not None:
        name = name[inner.end() :]  # "economy by Ann Lee"
    return _trim(without_role(name, first=first)), agency


def _trim(name: str) -> str:
    """Without signs at its edges; the point of "Jr." and of an initial stays."""
    bare = name.strip(_EDGES)
    end = name.find(bare) + len(bare)
    return f"{bare}." if name[end : end + 1] == "." and re.search(r"\s(?:[JS]r|(?:\w\.)*\w)$", bare) else bare


def _last(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    found = None
    for match in pattern.finditer(text):
        found = match
    return found
