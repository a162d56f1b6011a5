"""Who is named in a text: from name forms found in it to mentions with exact offsets.

Here parts of names are put together to the longest span and decided: a full name speaks for itself, a surname needs the person
established or a context, a namesake vetoes; every mention keeps why it stands (``rule``). The forms themselves come from
:mod:`transforms.names`, other bearers of a name from :mod:`transforms.namesakes`, the contest from :mod:`transforms.race`;
:mod:`transforms.annotation` puts the stages together. Nothing here knows a person or a contest.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from transforms.nameparts import Piece, Vocabulary, find_pieces
from transforms.names import Form, lexicon
from transforms.namesakes import Beside, is_peoples_name, other_given_name, resembles, stands_for_a_thing
from transforms.normalise import Folded
from transforms.race import Cues
from transforms.records import Field, Mention

_WORD_BEFORE = re.compile(r"([^\W\d_][^\W_]*)(\.?)([ -]?)$")
_INITIALS_BEFORE = re.compile(r"(?<![^\W_])((?:[^\W\d_](?:\.[ -]?|-| ))+)$")
_JOINED_INITIALS_BEFORE = re.compile(r"(?<![^\W_])([^\W\d_]{2,3}) $")
_WORD_AFTER = re.compile(r" ([^\W\d_]+)")
_WORD_OR_SCAN_AFTER = re.compile(r" ([^\W_]+)")  # a scanner may have read a figure for a letter
_NUMERAL = re.compile(r"[ivx]+")
_NAME_AFTER_COMMA = re.compile(r", ([^\W\d_]+)(?=[,;.)(]|\W*$)")
_BETWEEN_NAMES = re.compile(r" (?:[^\W\d_]\.[ -]?){1,2}| [\"'(«„“‚‘»][^\"'()«»„“”‚‘’]{2,25}[\"')»“”‘’«] ")
AROUND = 60  # code points looked at on either side of a bare surname


@dataclass(frozen=True, slots=True)
class Found:
    """A possible mention, or another bearer of the name (``rule`` "namesake" or "thing"): folded offsets.

    ``forms`` are the surnames that it may be: several where listed persons share one, and which of them is meant is decided with the
    whole text in view.
    """

    candidate_id: str
    field: Field
    start: int
    end: int
    rule: str
    forms: tuple[Form, ...] = ()

    @property
    def order(self) -> tuple[int, int]:
        return (0 if self.field == "title" else 1, self.start)

    @property
    def bearers(self) -> tuple[str, ...]:
        return tuple(form.candidate_id for form in self.forms) or (self.candidate_id,)


@dataclass(frozen=True, slots=True)
class Names:
    """What :func:`find_names` found."""

    found: tuple[Found, ...]
    loose: tuple[tuple[Field, Piece], ...]
    words: frozenset[str]  # surnames that stand in the text as ordinary words
    peoples: frozenset[str]  # forms that are also names of peoples in the language


def find_names(folded: Mapping[Field, Folded], vocabulary: Vocabulary, language: str) -> Names:
    """Every possible mention in a title and a text, namesakes among them, and the given names that stand alone. Undecided."""
    found: list[Found] = []
    loose: list[tuple[Field, Piece]] = []
    words: set[str] = set()
    for field, copy in folded.items():
        pieces = list(find_pieces(copy, vocabulary, language))
        if pieces:
            words.update(f.stem or f.text for p in pieces if p.word for f in p.forms)
            spans, rest = _assemble(copy, field, [p for p in pieces if not p.word], vocabulary, language)
            found += spans
            loose += ((field, p) for p in rest)
    peoples = frozenset(form.text for span in found for form in span.forms if is_peoples_name(form.text, language))
    return Names(tuple(found), tuple(loose), frozenset(words), peoples)


def decide_mentions(names: Names, cues: Cues, folded: Mapping[Field, Folded]) -> tuple[Found, ...]:
    """Those that are mentions, by field (title first) and start."""
    kept = list(_decide(names, cues))
    return tuple(sorted(kept + _given_names(folded, names.loose, kept), key=lambda f: f.order))


def mention_of(copy: Folded, found: Found) -> Mention:
    """The mention with its offsets into the text as given."""
    start, end = copy.start(found.start), copy.end(found.end)
    surface = copy.source[start:end]
    return Mention(candidate_id=found.candidate_id, field=found.field, start=start, end=end, surface=surface, rule=found.rule)


# Spans --------------------------------------------------------------------------------------------------------------------------------

BARE = ("surname", "initials")  # what needs a reason to stand


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
        if form.part == "initials":
            found.append(Found(form.candidate_id, field, piece.start, piece.end, "initials"))
            used.add(at)
            continue
        span, parts = _longest(copy, field, pieces, at, used)
        used |= parts
        found.append(_with_neighbours(copy, span, vocabulary, language) if span.rule == "surname" else span)
    for at, piece in enumerate(pieces):  # a given name before a misspelled surname
        if at in used:
            continue
        for given in (form for form in piece.forms if form.part == "given"):
            end = _misspelled_surname(copy, piece, given.candidate_id, vocabulary)
            if end and not any(piece.end < other.start < end for other in pieces):
                used.add(at)
                found.append(Found(given.candidate_id, field, piece.start, end, "misspelled"))
                break
    return found, [p for i, p in enumerate(pieces) if i not in used and p.form("given")]


def _longest(copy: Folded, field: Field, pieces: list[Piece], at: int, used: set[int]) -> tuple[Found, set[int]]:
    """The longest span around the surname ``pieces[at]``; where it is several persons' and nothing beside it tells them apart, of all."""
    forms = {f.candidate_id: f for f in pieces[at].forms if f.part == "surname"}
    spans = [_around(copy, field, pieces, at, form, used) for form in forms.values()]
    spans.sort(key=lambda s: s[0].start - s[0].end)
    span, parts = spans[0]
    return replace(span, forms=tuple(forms[s.candidate_id] for s, _ in spans if (s.start, s.end) == (span.start, span.end))), parts


def _around(copy: Folded, field: Field, pieces: list[Piece], at: int, form: Form, used: set[int]) -> tuple[Found, set[int]]:
    """The span around the surname ``pieces[at]``: given names before it, a second surname behind it, or given names behind it."""
    candidate, text = form.candidate_id, copy.text
    start, end, rule = pieces[at].start, pieces[at].end, "surname"
    parts = {at}
    left = at - 1
    while left >= 0 and left not in used and pieces[left].form("given", candidate=candidate):
        if not _joined(text, pieces[left].end, start):
            break
        start, rule = pieces[left].start, "full_name"
        parts.add(left)
        left -= 1
    right = at + 1
    while right < len(pieces) and pieces[right].form("tail", candidate=candidate) and text[end : pieces[right].start] in (" ", "-"):
        end = pieces[right].end
        parts.add(right)
        right += 1
    while rule != "full_name" and right < len(pieces) and pieces[right].form("given", candidate=candidate):
        if text[end : pieces[right].start] not in (" ", ", ") or _begins_next(text, pieces, right, candidate):
            break
        end, rule = pieces[right].end, "inverted"
        parts.add(right)
        right += 1
    return Found(candidate, field, start, end, rule), parts


GAPS = ("", " ", "-", "_")  # between a given name and what follows it


def _joined(text: str, end: int, start: int) -> bool:
    """Whether what stands between two parts of a name is a gap, a middle initial or a nickname in quotation marks."""
    return text[end:start] in GAPS or bool(_BETWEEN_NAMES.fullmatch(text, end, start))


def _begins_next(text: str, pieces: list[Piece], at: int, candidate: str) -> bool:
    """Whether a given name belongs to a surname behind it (Rutte, Mark Rutte's man)."""
    following = pieces[at + 1] if at + 1 < len(pieces) else None
    return bool(following and following.form("surname", candidate=candidate) and text[pieces[at].end : following.start] == " ")


def _with_neighbours(copy: Folded, span: Found, vocabulary: Vocabulary, language: str) -> Found:
    """A bare surname looked at with the words beside it: an initial or a misspelled given name joins it, another one vetoes it."""
    before, after = copy.text[max(0, span.start - AROUND) : span.start], copy.text[span.end : span.end + AROUND]
    name = copy.text[span.start : span.end]
    shown = copy.source[copy.end(span.end) : copy.end(span.end) + AROUND]
    if stands_for_a_thing(Beside(name, before, after, shown, language, all(f.inflected for f in span.forms))):
        return replace(span, rule="thing")
    titles = lexicon("honorifics")["monsieur"].get(language, ())
    letters = _INITIALS_BEFORE.search(before)
    if letters and not copy.char(span.start - len(letters[1])).islower():
        initials = re.findall(r"[^\W\d_]", letters[1])
        if len(initials) == 1 and initials[0] in titles:
            return span
        dotted = "." in letters[1]
        words = lexicon("honorifics")["letters_that_are_words"].get(language, ())
        run = letters[1]
        if len(initials) > 1 and run[1] == " " and initials[0] in words:  # "and K. Karins" where "and" is one letter
            initials, run = initials[1:], run[2:]
        bearers = [c for c in span.bearers if initials[0] in vocabulary.initials[c]]
        if bearers and (dotted or initials[0] not in words):
            return _of(replace(span, start=span.start - len(run), rule="initial_surname"), bearers)
        return replace(span, rule="namesake") if dotted else span
    joined = _JOINED_INITIALS_BEFORE.search(before)
    if joined and all(copy.char(span.start - len(joined[0]) + i).isupper() for i in range(len(joined[1]))):
        bearers = [c for c in span.bearers if joined[1] in vocabulary.initial_runs[c]]
        if bearers:
            return _of(replace(span, start=span.start - len(joined[0]), rule="initial_surname"), bearers)
    word = _WORD_BEFORE.search(before)
    if word and word[3] == " " and not word[2] and not copy.char(span.start - len(word[0])).islower():
        bearers = [c for c in span.bearers if any(resembles(word[1], given) for given in vocabulary.parts.get((c, "given"), ()))]
        if bearers:
            return _of(replace(span, start=span.start - len(word[0]), rule="misspelled"), bearers)
        if other_given_name(word[1], language):
            return replace(span, rule="namesake")
    return replace(span, rule="namesake") if _begins_another(copy, span, after, language) else span


def _of(span: Found, bearers: list[str]) -> Found:
    """The span with those of its bearers to whom the words beside it fit."""
    return replace(span, candidate_id=bearers[0], forms=tuple(form for form in span.forms if form.candidate_id in bearers))


def _begins_another(copy: Folded, span: Found, after: str, language: str) -> bool:
    """Whether a surname is the given name of somebody (Michel Barnier) or stands before another's given name (Kallas, Siim)."""
    following, name = _WORD_AFTER.match(after), copy.text[span.start : span.end]
    if following and not _NUMERAL.fullmatch(following[1]) and copy.char(span.end + 1).isupper():
        if language in lexicon("honorifics")["nouns_with_capitals"]:
            if name.endswith("s") and not span.forms[0].inflected and other_given_name(name[:-1], language):  # Karins Mann
                return True
        elif other_given_name(name, language):
            return True
        if language in lexicon("honorifics")["given_names_last"] and other_given_name(following[1], language):
            return True
    inverted = _NAME_AFTER_COMMA.match(after)
    shown = copy.source[copy.start(span.start) : copy.end(span.end)]
    return bool(inverted and shown.isupper() and copy.char(span.end + 2).isupper() and other_given_name(inverted[1], language))


def _misspelled_surname(copy: Folded, piece: Piece, candidate: str, vocabulary: Vocabulary) -> int | None:
    following = _WORD_OR_SCAN_AFTER.match(copy.text, piece.end)
    if not following or copy.char(following.start(1)).islower():
        return None
    surnames = vocabulary.parts.get((candidate, "surname"), ())
    return following.end() if any(resembles(following[1], surname) for surname in surnames) else None


# Decisions ----------------------------------------------------------------------------------------------------------------------------

VETOES = ("namesake", "thing")
FULL = ("full_name", "inverted", "initial_surname", "misspelled")
SHORT_SURNAME = 3  # letters, an ending not counted; such a surname (Un, May) is a word or a syllable in too many languages to be a person by its context


def _decide(names: Names, cues: Cues) -> Iterator[Found]:
    """Which spans are mentions, each with the rule by which it stands.

    A full name stands. A bare surname follows the nearest full name before it, else any later one, else the context. A namesake in the
    text takes the name from a headline, a street or a firm takes it from a text that never gives the full name, and so does the same
    word in small letters.
    """
    ordered = sorted(names.found, key=lambda f: f.order)
    full = {f.candidate_id for f in ordered if f.rule in FULL}
    things = {c for f in ordered if f.rule == "thing" for c in f.bearers}
    named = {f.candidate_id for f in ordered if f.rule not in VETOES and cues.allows(f.candidate_id)}
    evidence: dict[str, list[Found]] = {}  # of each candidate: full names and other bearers, in order
    for one in ordered:
        if one.rule in (*FULL, "namesake"):
            for bearer in one.bearers:
                evidence.setdefault(bearer, []).append(one)
    for span in ordered:
        if span.rule in VETOES:
            continue
        chosen = span.candidate_id if len(span.bearers) == 1 else _which(span, evidence)
        if not (cues.allows(chosen) or full - {chosen} - cues.contest.demanding):
            continue
        if span.rule in FULL:
            yield replace(span, candidate_id=chosen, forms=())
            continue
        persons = evidence.get(chosen, [])
        before = bisect_left(persons, span.order, key=lambda f: f.order)
        if before:
            vetoed = persons[before - 1].rule == "namesake"
        else:
            vetoed = chosen not in full and bool(persons) and span.field == "title"
        reason = "established" if chosen in full else _context(cues, chosen, named - {chosen}, span)
        if reason not in ("established", "contest") and chosen in things:
            vetoed = True
        if reason != "established" and any(form.text in names.peoples or (form.stem or form.text) in names.words for form in span.forms):
            vetoed = True
        if reason and not vetoed:
            yield replace(span, candidate_id=chosen, forms=(), rule=f"{span.rule}:{reason}")


def _which(span: Found, evidence: Mapping[str, list[Found]]) -> str:
    """Whose a shared surname is: of the one named in full last before it, else first behind it, else of the first of the list: of those
    to whom the list gives the surname alone as a name, and whose surname has the least of an ending here, before the others."""
    known = sorted((one.order, bearer) for bearer in span.bearers for one in evidence.get(bearer, ()) if one.rule in FULL)
    before = [bearer for order, bearer in known if order <= span.order]
    if before or known:
        return before[-1] if before else known[0][1]
    alone = [form for form in span.forms if form.alone] or list(span.forms)
    return max(alone, key=lambda form: len(form.stem or form.text)).candidate_id


def _context(cues: Cues, candidate: str, others: set[str], span: Found) -> str:
    """Why a bare surname may be the candidate's though the text never gives the full name; "" where nothing says so.

    A name that is many people's (``requires``) asks for two of its own words. A list that says neither how its post is called nor whose
    it is asks for no context.
    """
    kinds = cues.kinds
    own = kinds.get(f"requires:{candidate}", 0) + kinds.get(f"about:{candidate}", 0)
    if candidate in cues.contest.demanding:
        return "own_words" if own + bool(others) > 1 else ""
    if span.rule == "surname" and _letters(span) <= SHORT_SURNAME and not any(form.alone for form in span.forms):
        return ""
    if any(kinds.get(kind) for kind in ("post", "body", "choice")):
        return "contest"
    if kinds.get(f"about:{candidate}"):
        return "own_words"
    if others:
        return "among_candidates"
    if kinds.get("politics") or kinds.get("domestic"):
        return "politics"
    return "" if cues.contest.terms or cues.contest.bodies else "no_terms"


def _letters(span: Found) -> int:
    """Of the shortest surname that the span may be, an ending not counted."""
    return min(len(form.stem or form.text) for form in span.forms)


def _given_names(folded: Mapping[Field, Folded], loose: tuple[tuple[Field, Piece], ...], kept: list[Found]) -> list[Found]:
    """Bare given names of persons whom the text introduces, where no other name is part of them."""
    introduced = sorted((f.order, f.candidate_id) for f in kept if f.rule in FULL)
    result: list[Found] = []
    for field, piece in loose:
        at = (0 if field == "title" else 1, piece.start)
        mine = [entry for entry in introduced if piece.form("given", candidate=entry[1])]
        if mine and not _beside_a_name(folded[field], piece):
            candidate = next((c for order, c in reversed(mine) if order < at), mine[0][1])
            result.append(Found(candidate, field, piece.start, piece.end, "given_name"))
    return result


def _beside_a_name(copy: Folded, piece: Piece) -> bool:
    following = _WORD_AFTER.match(copy.text, piece.end)
    if following and copy.char(following.start(1)).isupper():
        return True
    word = _WORD_BEFORE.search(copy.text[max(0, piece.start - AROUND) : piece.start])
    if word and word[3] and not word[2] and copy.char(piece.start - len(word[0])).isupper() and other_given_name(word[1], ""):
        return True
    before = copy.text[max(0, piece.start - 2) : piece.start]
    return bool(re.search(r"\d ?$|-$", before)) or copy.text[piece.end : piece.end + 1] == "-"
