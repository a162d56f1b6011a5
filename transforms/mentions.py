"""Who is named in a text: from name forms found in it to mentions with exact offsets.

Here parts of names are found, checked (case, word borders, addresses), put together to the longest span and decided: a full name speaks
for itself, a surname needs the person established or a context of politics, a namesake vetoes. The forms themselves come from
:mod:`transforms.names`, the contest from :mod:`transforms.race`; :mod:`transforms.annotation` puts the stages together. Nothing here
knows a person or a contest.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass, replace

from transforms.nameparts import Piece, Vocabulary, find_pieces
from transforms.names import Form, lexicon
from transforms.namesakes import other_given_name, resembles, thing_or_phrase
from transforms.normalise import Folded
from transforms.race import Cues
from transforms.records import Field, Mention

_WORD_BEFORE = re.compile(r"([^\W\d_][^\W_]*)(\.?)([ -]?)$")
_INITIALS_BEFORE = re.compile(r"(?<![^\W_])((?:[^\W\d_](?:\.[ -]?|-| ))+)$")
_WORD_AFTER = re.compile(r" ([^\W_]+)")


@dataclass(frozen=True, slots=True)
class Found:
    """A possible mention, or a namesake (``rule`` "namesake"): folded offsets."""

    candidate_id: str
    field: Field
    start: int
    end: int
    rule: str

    @property
    def order(self) -> tuple[int, int]:
        return (0 if self.field == "title" else 1, self.start)


@dataclass(frozen=True, slots=True)
class Names:
    """What :func:`find_names` found."""

    found: tuple[Found, ...]
    loose: tuple[tuple[Field, Piece], ...]


def find_names(folded: Mapping[Field, Folded], vocabulary: Vocabulary, language: str) -> Names:
    """Every possible mention in a title and a text, namesakes among them, and the given names that stand alone. Undecided."""
    found: list[Found] = []
    loose: list[tuple[Field, Piece]] = []
    for field, copy in folded.items():
        pieces = list(find_pieces(copy, vocabulary, language))
        if pieces:
            spans, rest = _assemble(copy, field, pieces, vocabulary, language)
            found += spans
            loose += ((field, p) for p in rest)
    return Names(tuple(found), tuple(loose))


def decide_mentions(names: Names, cues: Cues, folded: Mapping[Field, Folded]) -> tuple[Found, ...]:
    """Those that are mentions, by field (title first) and start."""
    kept = _decide(list(names.found), cues)
    return tuple(sorted(kept + _given_names(folded, list(names.loose), kept), key=lambda f: f.order))


def mention_of(copy: Folded, found: Found) -> Mention:
    """The mention with its offsets into the text as given."""
    start, end = copy.start(found.start), copy.end(found.end)
    surface = copy.source[start:end]
    return Mention(candidate_id=found.candidate_id, field=found.field, start=start, end=end, surface=surface, rule=found.rule)


# Spans --------------------------------------------------------------------------------------------------------------------------------


def _assemble(copy: Folded, field: Field, pieces: list[Piece], vocabulary: Vocabulary, language: str) -> tuple[list[Found], list[Piece]]:
    """The longest runs of name parts around each surname; what is left over are bare given names."""
    found: list[Found] = []
    used: set[int] = set()
    for at, piece in enumerate(pieces):
        if piece.namesake_of:
            rule = "thing" if piece.form("surname") else "namesake"
            found += (Found(c, field, piece.start, piece.end, rule) for c in sorted(piece.namesake_of))
            continue
        form = piece.form("surname", "initials")
        if form is None or at in used:
            continue
        candidates = {f.candidate_id for f in piece.forms if f.part == "surname"}
        if at and len(candidates) > 1:  # a shared surname: the given name before it decides
            given = next((f for f in pieces[at - 1].forms if f.part == "given" and f.candidate_id in candidates), None)
            form = piece.form("surname", candidate=given.candidate_id) if given else form
        assert form is not None
        if form.part == "initials":
            found.append(Found(form.candidate_id, field, piece.start, piece.end, "initials"))
            used.add(at)
            continue
        span = _around(copy, field, pieces, at, form, used)
        found.append(_with_neighbours(copy, span, vocabulary, language) if span.rule in ("surname", "inflected") else span)
    for at, piece in enumerate(pieces):  # a given name before a misspelled surname
        given = piece.form("given")
        if at not in used and given is not None:
            end = _misspelled_surname(copy, piece, given.candidate_id, vocabulary)
            if end and not any(piece.end < other.start < end for other in pieces):
                used.add(at)
                found.append(Found(given.candidate_id, field, piece.start, end, "misspelled"))
    return found, [p for i, p in enumerate(pieces) if i not in used and p.form("given")]


def _around(copy: Folded, field: Field, pieces: list[Piece], at: int, form: Form, used: set[int]) -> Found:
    """The span around the surname ``pieces[at]``: given names before it, a second surname behind it, or given names behind it."""
    candidate, text = form.candidate_id, copy.text
    start, end, rule = pieces[at].start, pieces[at].end, "inflected" if form.inflected else "surname"
    used.add(at)
    left = at - 1
    while left >= 0 and left not in used and pieces[left].form("given", candidate=candidate) and text[pieces[left].end : start] in GAPS:
        start, rule = pieces[left].start, "full_name"
        used.add(left)
        left -= 1
    right = at + 1
    while right < len(pieces) and pieces[right].form("tail", candidate=candidate) and text[end : pieces[right].start] in (" ", "-"):
        end = pieces[right].end
        used.add(right)
        right += 1
    while rule != "full_name" and right < len(pieces) and pieces[right].form("given", candidate=candidate):
        if text[end : pieces[right].start] not in (" ", ", ") or _begins_next(text, pieces, right, candidate):
            break
        end, rule = pieces[right].end, "inverted"
        used.add(right)
        right += 1
    return Found(candidate, field, start, end, rule)


def _begins_next(text: str, pieces: list[Piece], at: int, candidate: str) -> bool:
    """Whether a given name belongs to a surname behind it (Rutte, Mark Rutte's man)."""
    following = pieces[at + 1] if at + 1 < len(pieces) else None
    return bool(following and following.form("surname", candidate=candidate) and text[pieces[at].end : following.start] == " ")


GAPS = ("", " ", "-", "_")  # between a given name and what follows it


def _with_neighbours(copy: Folded, span: Found, vocabulary: Vocabulary, language: str) -> Found:
    """A bare surname looked at with the words beside it: an initial or a misspelled given name joins it, another one vetoes it."""
    before, after = copy.text[max(0, span.start - 60) : span.start], copy.text[span.end : span.end + 40]
    if thing_or_phrase(before, after, copy.source[copy.end(span.end) : copy.end(span.end) + 40]):
        return replace(span, rule="thing")
    titles = lexicon("honorifics")["monsieur"].get(language, ())
    letters = _INITIALS_BEFORE.search(before)
    if letters and not copy.char(span.start - len(letters[1])).islower():
        initials = re.findall(r"[^\W\d_]", letters[1])
        if len(initials) == 1 and initials[0] in titles:
            return span
        dotted = "." in letters[1]
        words = lexicon("honorifics")["letters_that_are_words"].get(language, ())
        if initials[0] in vocabulary.initials[span.candidate_id] and (dotted or initials[0] not in words):
            return replace(span, start=span.start - len(letters[1]), rule="initial_surname")
        return replace(span, rule="namesake") if dotted else span
    word = _WORD_BEFORE.search(before)
    if word and word[3] == " " and not word[2] and not copy.char(span.start - len(word[0])).islower():
        if any(resembles(word[1], given) for given in vocabulary.parts.get((span.candidate_id, "given"), ())):
            return replace(span, start=span.start - len(word[0]), rule="misspelled")
        if other_given_name(word[1], language):
            return replace(span, rule="namesake")
    return span


def _misspelled_surname(copy: Folded, piece: Piece, candidate: str, vocabulary: Vocabulary) -> int | None:
    following = _WORD_AFTER.match(copy.text, piece.end)
    if not following or copy.char(following.start(1)).islower():
        return None
    surnames = vocabulary.parts.get((candidate, "surname"), ())
    return following.end() if any(resembles(following[1], surname) for surname in surnames) else None


# Decisions ----------------------------------------------------------------------------------------------------------------------------

VETOES = ("namesake", "thing")
FULL = ("full_name", "inverted", "initial_surname", "misspelled", "country")


def _decide(found: list[Found], cues: Cues) -> list[Found]:
    """Which spans are mentions.

    A full name stands. A bare surname follows the nearest full name before it, else any later one, else the context: words of politics,
    or another listed person. A namesake in the text takes the name from a headline, a street or a firm takes it from a text that never
    gives the full name.
    """
    ordered = sorted(found, key=lambda f: f.order)
    named = {f.candidate_id for f in ordered if f.rule not in VETOES and cues.allows(f.candidate_id)}
    evidence: dict[str, list[Found]] = {}  # of each candidate: full names and other bearers, in order
    for found_one in ordered:
        if found_one.rule in (*FULL, "namesake"):
            evidence.setdefault(found_one.candidate_id, []).append(found_one)
    full = {f.candidate_id for f in ordered if f.rule in FULL}
    things = {f.candidate_id for f in ordered if f.rule == "thing"}
    kept: list[Found] = []
    for span in ordered:
        candidate = span.candidate_id
        if span.rule in VETOES or not cues.allows(candidate):
            continue
        if span.rule not in FULL:
            persons = evidence.get(candidate, [])
            before = bisect_left(persons, span.order, key=lambda f: f.order)
            if before:
                vetoed = persons[before - 1].rule == "namesake"
            else:
                vetoed = candidate not in full and (candidate in things or (bool(persons) and span.field == "title"))
            if vetoed or not (candidate in full or cues.supports(candidate, among_others=len(named) > 1)):
                continue
        kept.append(span)
    return kept


def _given_names(folded: Mapping[Field, Folded], loose: list[tuple[Field, Piece]], kept: list[Found]) -> list[Found]:
    """Bare given names of persons whom the text introduces, where no other name is part of them."""
    introduced = {f.candidate_id for f in kept if f.rule in FULL}
    result: list[Found] = []
    for field, piece in loose:
        copy = folded[field]
        form = next((f for f in piece.forms if f.part == "given" and f.candidate_id in introduced), None)
        if form and not _beside_a_name(copy, piece):
            result.append(Found(form.candidate_id, field, piece.start, piece.end, "given_name"))
    return result


def _beside_a_name(copy: Folded, piece: Piece) -> bool:
    following = _WORD_AFTER.match(copy.text, piece.end)
    if following and copy.char(following.start(1)).isupper():
        return True
    word = _WORD_BEFORE.search(copy.text[max(0, piece.start - 60) : piece.start])
    if word and word[3] and not word[2] and copy.char(piece.start - len(word[0])).isupper() and other_given_name(word[1], ""):
        return True
    before = copy.text[max(0, piece.start - 2) : piece.start]
    return bool(re.search(r"\d ?$|-$", before)) or copy.text[piece.end : piece.end + 1] == "-"
