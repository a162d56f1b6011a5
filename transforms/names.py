"""The forms a candidate's name takes: what a watch list declares, and what declared rules of languages make of it.

A form is one word or one group of words (``von der leyen``), folded, with the part of the name it is. How forms are found in a text and
put together to a mention is the work of :mod:`transforms.mentions`. The rules are data: ``lexicons/inflections.toml`` and
``lexicons/transliteration.toml``.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from transforms.normalise import fold_text
from transforms.params import Candidate

Part = Literal["surname", "given", "tail", "initials"]

ANY = "any"  # the key for what holds in every language
VOWELS = frozenset("aeiouyаеиоуыэюяіїєαεηιουωъ")
SHORTEST_STEM = 2  # letters that must be left of a name before an ending is put on it
_GENERATION = re.compile(r"(?i:jr|sr|jun|sen|ml)\.?|[IVX]+\.?")  # behind a surname: Jr., XVI
_WRITTEN_ENDING = re.compile(r"(?<=\w)['\u2019]\w{1,3}$")  # an ending behind an apostrophe (Wallace'as) is no part of the name


@dataclass(frozen=True, slots=True)
class Form:
    """One part of a candidate's name as it is written in some language."""

    text: str  # folded
    part: Part
    candidate_id: str
    inflected: bool = False
    written: str = ""  # for initials: as declared, since case tells them from words
    stem: str = ""  # of an inflected form: the form without the ending
    alone: bool = False  # a surname that the watch list itself gives alone, as a name of this person


@dataclass(frozen=True, slots=True)
class ParsedName:
    """A whole name cut into its parts; ``tail`` is what may follow the surname (a second surname)."""

    given: tuple[str, ...]
    surname: str
    tail: tuple[str, ...] = ()


@cache
def lexicon(name: str) -> Mapping[str, Any]:
    """A packaged lexicon file, read once."""
    return tomllib.loads(files("transforms.lexicons").joinpath(f"{name}.toml").read_text(encoding="utf-8"))


@cache
def particles() -> tuple[str, ...]:
    """Words that begin a surname of several words, longest first, folded."""
    return tuple(sorted({fold_text(p) for p in lexicon("honorifics")["particles"]}, key=len, reverse=True))


def parse_name(name: str, surname: str | None = None) -> ParsedName:
    """Cut a whole name into given names and surname.

    Without a declared surname it is the last word, with the particles before it. A declared surname that stands inside the name leaves a
    tail; one that is not in the name (another script) gives only the number of words.
    """
    words = [_WRITTEN_ENDING.sub("", word) for word in name.split()]
    behind: tuple[str, ...] = ()
    while len(words) > 1 and _GENERATION.fullmatch(words[-1]):
        words, behind = words[:-1], (words[-1].rstrip("."), *behind)
    parsed = _parse_words(words, surname)
    return ParsedName(parsed.given, parsed.surname, (*parsed.tail, *behind)) if behind else parsed


def _parse_words(words: list[str], surname: str | None) -> ParsedName:
    if surname:
        size = len(surname.split())
        folded = [fold_text(w) for w in words]
        target = fold_text(surname).split()
        for at in range(len(words) - size + 1):
            if folded[at : at + size] == target:
                return ParsedName(tuple(words[:at]), " ".join(words[at : at + size]), tuple(words[at + size :]))
        if len(words) <= size:
            return ParsedName((), " ".join(words))
        return ParsedName(tuple(words[:-size]), " ".join(words[-size:]))
    for at in range(len(words) - 1):
        rest = fold_text(" ".join(words[at:]))
        if at and any(rest.startswith(p + " ") for p in particles()):
            return ParsedName(tuple(words[:at]), " ".join(words[at:]))
    return ParsedName(tuple(words[:-1]), words[-1])


def inflect(name: str, language: str) -> frozenset[str]:
    """The folded forms that a language makes of a (folded or plain) name by its declared endings, without the name itself."""
    stem = fold_text(name)
    if not stem:
        return frozenset()
    forms: set[str] = set()
    for ends, drop, endings in _rules(language):
        if not _fits(stem, ends):
            continue
        base = stem[: len(stem) - drop] if drop else stem
        if len(base) < SHORTEST_STEM:
            continue
        own_script = (ending for ending in endings if ending == "-" or is_latin(ending) == is_latin(base))
        forms.update(base + ending.replace("=", base[-1]).strip("-") for ending in own_script)
    forms.discard(stem)
    return frozenset(forms)


@cache
def _rules(language: str) -> tuple[tuple[tuple[str, ...], int, tuple[str, ...]], ...]:
    data = lexicon("inflections")
    rules = data.get(data["same"].get(language, language), [])
    return tuple((tuple(_ends(rule["ends"])), rule.get("drop", 0), tuple(map(fold_text, rule["add"].split()))) for rule in rules)


def _ends(text: str) -> list[str]:
    return [end if end in "CV*" else fold_text(end) for end in text.split()]


def _fits(stem: str, ends: Iterable[str]) -> bool:
    last = stem[-1]
    classes = {"*", "V"} if last in VOWELS else {"*", "C"} if last.isalpha() else {"*"}
    return any(end in classes or (end not in "CV*" and stem.endswith(end)) for end in ends)


def transliterate(name: str, language: str) -> str | None:
    """How a language writes a foreign name by its declared table, or None where it has none. Example: ``("Rutte", "bg")`` → ``Руте``."""
    data = lexicon("transliteration")
    table = data.get(data["same"].get(language, language))
    if not table:
        return None
    keep = set(table["keep"].split())
    text = "".join(c if c in keep else fold_text(c) for c in name.lower())
    pieces: Mapping[str, str] = table["pieces"]
    longest = max(map(len, pieces))
    out: list[str] = []
    at = 0
    while at < len(text):
        starts, size = at == 0 or not text[at - 1].isalpha(), min(longest, len(text) - at)
        for length in range(size, 0, -1):
            piece = text[at : at + length]
            ends = at + length == len(text) or not text[at + length].isalpha()
            found = (pieces.get("^" + piece) if starts else None) or (pieces.get(piece + "$") if ends else None) or pieces.get(piece)
            if found:
                out.append(found)
                break
        at += length
    return re.sub(r"(^|[\s-])(\w)", lambda m: m[1] + m[2].upper(), "".join(out))


def parsed_names(candidate: Candidate, language: str | None) -> tuple[ParsedName, ...]:
    """All declared or derived names of a candidate that may stand in a text of ``language`` (None: any Latin-letter base form)."""
    base = parse_name(candidate.name, candidate.surname)
    surname = candidate.surname or base.surname
    names = [base, ParsedName(candidate.given_names, base.surname)]
    declared = list(candidate.variants.get(ANY, ()))
    own = candidate.variants.get(language, ()) if language else ()
    declared += own
    foreign = [v for code, variants in candidate.variants.items() if code not in (ANY, language) for v in variants if not is_latin(v)]
    names += [parse_name(v, surname) for v in (*declared, *foreign)]
    if language and not own:
        spelled = transliterate(candidate.name, language)
        if spelled:
            names.append(parse_name(spelled, surname))
    return tuple(names)


LATIN_END = 0x250  # the first code point behind the Latin letters of European languages


def is_latin(text: str) -> bool:
    return all(ord(c) < LATIN_END or not c.isalpha() for c in text)


def forms(candidate: Candidate, language: str | None, *, whole: bool = False) -> frozenset[Form]:
    """Every form of a candidate's name that may stand in a text of ``language``, with inflected ones.

    Given names are split into words, since a text may leave some out; the surname keeps its words together. Forms in other scripts are
    always there (a script is its own evidence); forms in Latin letters only in their own language, since ``Rite`` is a word elsewhere.
    With ``whole`` a name is not cut at all: the names of countries.
    """
    found: dict[tuple[str, Part], Form] = {}

    def add(text: str, part: Part, *, alone: bool = False) -> None:
        plain = fold_text(text)
        if not plain:
            return
        alone = alone or ((plain, part) in found and found[plain, part].alone)
        found[plain, part] = Form(plain, part, candidate.id, alone=alone)
        if language:
            for other in inflect(plain, language):
                found.setdefault((other, part), Form(other, part, candidate.id, inflected=True, stem=plain, alone=alone))

    for name in parsed_names(candidate, language):
        if whole:
            if name.surname and name.surname[0].isalnum():
                add(" ".join((*name.given, name.surname, *name.tail)), "surname")
            continue
        add(name.surname, "surname", alone=not name.given)
        for sign in "-'":
            if sign in fold_text(name.surname) and " " not in name.surname:
                add(fold_text(name.surname).replace(sign, ""), "surname")  # a hyphen lost at a line break, an apostrophe left out
        for word in name.given:
            for part in re.split(r"(?<=\w\w)-(?=\w\w)", word):  # each half of Jean-Claude takes its own ending
                add(part, "given")
        for word in name.tail:
            add(word, "tail")
    for initials in candidate.initials:
        plain = fold_text(initials)
        found[plain, "initials"] = Form(plain, "initials", candidate.id, written=initials)
    return frozenset(found.values())


def initial_runs(candidate: Candidate, language: str | None) -> frozenset[str]:
    """The folded first letters of a candidate's given names written together (JK Rowling), where there are several."""
    names = parsed_names(candidate, language)
    runs = ("".join(fold_text(part)[:1] for word in name.given for part in word.split("-")) for name in names)
    return frozenset(run for run in runs if len(run) > 1)


def initial_letters(candidate: Candidate, language: str | None) -> frozenset[str]:
    """The folded first letters that may stand for a candidate's given names (K. Iohannis)."""
    return frozenset(fold_text(word)[0] for name in parsed_names(candidate, language) for word in name.given if word)
