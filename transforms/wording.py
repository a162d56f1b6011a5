"""How a short text is worded: its words and pairs of neighbouring words, with names, countries and the body taken out.

Belongs here: cutting a text into such words and adding up their weights, which ``benchmarks/race_weights.py`` learnt from passages written
for this project (``lexicons/race_words.toml``, for languages of which there are enough). Does not belong here: what can be told by rules
(:mod:`transforms.evidence`), of which this is the complement: it only shifts what the figures say. No name is learnt, of whomever.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import pairwise

from transforms.names import lexicon
from transforms.normalise import Folded
from transforms.records import Field
from transforms.weighing import Hit, Name

STEM = 7  # letters of a word that count, in place of its endings
LEAST = 3  # letters of a word that counts alone; in pairs all do
NAME, HOLDER, BODY, COUNTRY, OTHER, NUMBER, STOP = "<name>", "<holder>", "<body>", "<country>", "<other>", "<number>", "."
MASKS = frozenset({NAME, HOLDER, BODY, COUNTRY, OTHER})
_WORD = re.compile(r"[^\W_]+(?:'(?:t|ll|d|ve|re)\b)?|[.!?;]")


@cache
def weights() -> Mapping[str, Mapping[str, float]]:
    """Language → weight of each word and pair."""
    data: Mapping[str, Mapping[str, float]] = lexicon("race_words")
    return data


def wording(folded: Mapping[Field, Folded], hits: Sequence[Hit], names: Sequence[Name]) -> frozenset[str]:
    """The words and pairs of a title and a text."""
    found: set[str] = set()
    for name, copy in folded.items():
        words = _words(copy, name, _masks(name, copy, hits, names))
        found.update(word for word in words if len(word) >= LEAST)
        found.update(f"{one} {two}" for one, two in pairwise(words))
    return frozenset(found)


def _masks(field: Field, copy: Folded, hits: Sequence[Hit], names: Sequence[Name]) -> dict[int, str]:
    """Code point → what a word that begins there is called instead."""
    masks: dict[int, str] = {}
    for hit in hits:
        if hit.field != field:
            continue
        if "holder" in hit.kinds:
            mask = HOLDER
        elif "body" in hit.kinds:
            mask = BODY
        elif copy.char(hit.start).isupper() and any(kind.startswith("country:") for kind in hit.kinds):
            mask = COUNTRY
        else:
            continue
        for at in range(hit.start, hit.end):
            if masks.get(at) not in (HOLDER, BODY):
                masks[at] = mask
    for person in names:
        if person.field == field:
            masks.update(dict.fromkeys(range(person.start, person.end), NAME))
    return masks


def _words(copy: Folded, field: Field, masks: Mapping[int, str]) -> list[str]:
    words: list[str] = []
    for match in _WORD.finditer(copy.text):
        word, start = match[0], match.start()
        if word in ".!?;":
            words.append(STOP)
            continue
        mask = masks.get(start)
        if mask is None and word.isdigit():
            mask = NUMBER
        elif mask is None and field == "text" and words and words[-1] != STOP and copy.char(start).isupper():
            mask = OTHER  # a name of somebody or something; at the beginning of a sentence and in a title that cannot be seen
        if mask is None:
            words.append(word[:STEM])
        elif not (words and words[-1] == mask and mask in MASKS):  # given name and surname are one
            words.append(mask)
    return words


def shift(said: frozenset[str], language: str) -> float:
    """By how much the wording makes it likelier that a text is about the contest, in log odds."""
    known = weights().get(language, {})
    return sum(known.get(word, 0.0) for word in said)
