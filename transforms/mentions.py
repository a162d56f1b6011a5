"""Who is named in a text: from name forms found in it to mentions with exact offsets, and to the text's part in the contest.

Here parts of names are found, checked (case, word borders, addresses), put together to the longest span and decided: a full name speaks
for itself, a surname needs the person established or a context of politics, a namesake vetoes. The forms themselves come from
:mod:`transforms.names`, the contest from :mod:`transforms.race`. Nothing here knows a person or a contest.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from types import MappingProxyType

from daachorse import MATCH_KIND_LEFTMOST_LONGEST, CharwiseDoubleArrayAhoCorasick

from transforms.names import Form, Part, forms, initial_letters, lexicon, particles
from transforms.namesakes import other_given_name, resembles, thing_or_phrase
from transforms.normalise import Folded, fold, fold_text
from transforms.params import Watchlist
from transforms.race import Contest, Cues, Name, compile_contest, contenders, read_cues
from transforms.records import Annotation, Field, Mention
from transforms.sentences import sentence_at

__all__ = ["CompiledWatchlist", "annotate", "compile_watchlist", "sentence_at"]

LANGUAGES = (
    *("ar", "be", "bg", "bs", "ca", "cs", "da", "de", "el", "en", "es", "et", "fi", "fr", "hr", "hu", "is", "it", "lt", "lv", "mk", "nl", "no"),
    *("pl", "pt", "ro", "ru", "sk", "sl", "sq", "sr", "sv", "tr", "uk"),
)
_WORD_BEFORE = re.compile(r"([^\W\d_][^\W_]*)(\.?)([ -]?)$")
_INITIALS_BEFORE = re.compile(r"(?<![^\W_])((?:[^\W\d_](?:\.[ -]?|-| ))+)$")
_WORD_AFTER = re.compile(r" ([^\W_]+)")
_ADDRESS = re.compile(r"@|://|^\W*www\.|[^\W_]\.(?:com|net|org|eu|int|info|gov|edu|tv|io|[a-z]{2})(?:[/?:]|\W*$)")
_CAMEL = re.compile(r"[^\W\d_][^\W\d_A-ZÀ-ÞĀĂĄĆČĎĐĒĖĘĚĢĪĶĹĻĽŁŃŅŇŌŐŔŘŚŠŤŪŮŰŲŹŻŽА-ЯІЇЄҐΑ-Ω]+|[^\W_]+")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What one language needs: name forms, the automaton that finds them, and what stands in for other given names."""

    forms: Mapping[str, tuple[Form, ...]]
    excludes: Mapping[str, frozenset[str]]  # folded phrase → candidates it is not
    patterns: tuple[str, ...]
    automaton: CharwiseDoubleArrayAhoCorasick
    initials: Mapping[str, frozenset[str]]  # candidate → first letters of given names
    parts: Mapping[tuple[str, Part], tuple[str, ...]]  # candidate and part → forms


@dataclass(frozen=True, slots=True)
class CompiledWatchlist:
    """A watch list made ready for :func:`annotate`. Immutable; may be shared between threads."""

    watchlist: Watchlist
    vocabularies: Mapping[str, Vocabulary]
    contest: Contest


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a name as found: folded offsets in one field."""

    start: int
    end: int
    forms: tuple[Form, ...]
    namesake_of: frozenset[str] = frozenset()

    def form(self, *parts: Part, candidate: str | None = None) -> Form | None:
        return next((f for f in self.forms if f.part in parts and candidate in (None, f.candidate_id)), None)


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


def compile_watchlist(watchlist: Watchlist) -> CompiledWatchlist:
    """Build everything that depends on the watch list alone (some tenths of a second; do it once)."""
    vocabularies = {language: _vocabulary(watchlist, language or None) for language in ("", *LANGUAGES)}
    return CompiledWatchlist(watchlist, MappingProxyType(vocabularies), compile_contest(watchlist, ("", *LANGUAGES)))


def _vocabulary(watchlist: Watchlist, language: str | None) -> Vocabulary:
    table: dict[str, list[Form]] = {}
    parts: dict[tuple[str, Part], list[str]] = {}
    excludes: dict[str, set[str]] = {}
    for candidate in watchlist.candidates:
        for form in sorted(forms(candidate, language, whole=watchlist.kind == "country"), key=lambda f: (f.text, f.part)):
            table.setdefault(form.text, []).append(form)
            parts.setdefault((candidate.id, form.part), []).append(form.text)
        for phrase in candidate.excludes:
            excludes.setdefault(fold_text(phrase), set()).add(candidate.id)
    patterns = tuple(sorted({*table, *excludes}))
    return Vocabulary(
        forms=MappingProxyType({text: tuple(found) for text, found in table.items()}),
        excludes=MappingProxyType({phrase: frozenset(ids) for phrase, ids in excludes.items()}),
        patterns=patterns,
        automaton=CharwiseDoubleArrayAhoCorasick(list(patterns), MATCH_KIND_LEFTMOST_LONGEST),
        parts=MappingProxyType({key: tuple(texts) for key, texts in parts.items()}),
        initials=MappingProxyType({c.id: initial_letters(c, language) for c in watchlist.candidates}),
    )


def annotate(compiled: CompiledWatchlist, title: str, text: str, language: str | None) -> Annotation:
    """The mentions in a title and a text, whether they are about the contest, and for which candidates.

    ``language`` is ISO 639-1 or None where unknown (then no endings are known, only base forms). Mentions are sorted by field (title
    first) and start; their offsets are code points of ``title`` and ``text`` as given. Never raises for any text.
    """
    code = language or ""
    vocabulary = compiled.vocabularies.get(code, compiled.vocabularies[""])
    folded: dict[Field, Folded] = {"title": fold(title), "text": fold(text)}
    found: list[Found] = []
    loose: list[tuple[Field, Piece]] = []
    for field, copy in folded.items():
        pieces = list(_pieces(copy, vocabulary, code))
        if pieces:
            spans, rest = _assemble(copy, field, pieces, vocabulary, code)
            found += spans
            loose += ((field, p) for p in rest)
    cues = read_cues(compiled.contest, folded["title"].text, folded["text"].text, code, bool(found))
    kept = _decide(found, cues)
    kept = sorted(kept + _given_names(folded, loose, kept), key=lambda f: f.order)
    names = tuple(Name(f.candidate_id, f.field, f.start, f.end) for f in kept)
    in_race = cues.in_race(names)
    return Annotation(
        mentions=tuple(_mention(folded[f.field], f) for f in kept),
        in_race=in_race,
        candidates_in_race=contenders(cues, names, folded) if in_race else frozenset(),
    )


def _mention(copy: Folded, found: Found) -> Mention:
    start, end = copy.start(found.start), copy.end(found.end)
    return Mention(candidate_id=found.candidate_id, field=found.field, start=start, end=end, surface=copy.source[start:end], rule=found.rule)


# Pieces -------------------------------------------------------------------------------------------------------------------------------


def _pieces(copy: Folded, vocabulary: Vocabulary, language: str) -> Iterator[Piece]:
    """Parts of names that stand in the text as words of their own, in capitals where the script has them, outside addresses."""
    text = copy.text
    proclitics = lexicon("inflections")["proclitics"].get(language, ())
    done = 0
    for start, end, index in vocabulary.automaton.find(text):
        if start < done:
            continue
        pattern = vocabulary.patterns[index]
        chunk_start = max(text.rfind(" ", 0, start), text.rfind("\u2404", 0, start)) + 1
        chunk = text[chunk_start : (text.find(" ", end) + 1 or len(text) + 1) - 1]
        if _ADDRESS.search(chunk):
            continue
        if "#" in text[chunk_start:start]:
            hashtag = text.rfind("#", chunk_start, start) + 1
            if all(_letter(text, i) for i in range(hashtag, start)):
                yield from _hashtag(copy, hashtag, vocabulary)
                done = end
                while _letter(text, done):
                    done += 1
                continue
        if pattern in vocabulary.excludes and not _letter(text, start - 1):
            first = vocabulary.forms.get(re.split(r"[^\w-]", pattern, maxsplit=1)[0], ())
            yield Piece(start, end, tuple(f for f in first if f.part == "surname"), vocabulary.excludes[pattern])
            continue
        if _letter(text, end):
            continue
        if _letter(text, start - 1):
            word = re.search(r"[^\W_]*$", text[max(0, start - 4) : start])
            if not (word and word[0] in proclitics):
                continue
        known = tuple(f for f in vocabulary.forms.get(pattern, ()) if _cased(copy, start, end, f))
        if known:
            yield Piece(start, end, known)


def _letter(text: str, at: int) -> bool:
    return 0 <= at < len(text) and (text[at].isalnum() or text[at] == "_")


def _cased(copy: Folded, start: int, end: int, form: Form) -> bool:
    """Names are written with a capital where the script has capitals; particles need none; initials are written as declared."""
    if form.part == "initials":
        surface = copy.source[copy.start(start) : copy.end(end)]
        return surface in (form.written, form.written.upper())
    words = re.finditer(r"[^\W_]+", copy.text[start:end])
    head = next((w for w in words if w[0] not in _particle_words()), None)
    return head is not None and not copy.char(start + head.start()).islower()


@cache
def _particle_words() -> frozenset[str]:
    return frozenset(word for p in particles() for word in p.split())


def _hashtag(copy: Folded, start: int, vocabulary: Vocabulary) -> Iterator[Piece]:
    """Name parts inside a hashtag, which is cut at its capitals or read as one word."""
    end = start
    while _letter(copy.text, end):
        end += 1
    source = "".join(copy.char(i) for i in range(start, end))
    whole = copy.text[start:end]
    for cut in range(len(whole) - 1, 1, -1):  # #markrutte
        left, right = vocabulary.forms.get(whole[:cut], ()), vocabulary.forms.get(whole[cut:], ())
        pairs = [(g, s) for g in left if g.part == "given" for s in right if s.part == "surname" and s.candidate_id == g.candidate_id]
        if pairs:
            yield Piece(start, start + cut, (pairs[0][0],))
            yield Piece(start + cut, end, (pairs[0][1],))
            return
    if whole in vocabulary.forms:
        yield Piece(start, end, vocabulary.forms[whole])
        return
    for word in _CAMEL.finditer(source):
        known = vocabulary.forms.get(copy.text[start + word.start() : start + word.end()])
        if known:
            yield Piece(start + word.start(), start + word.end(), known)


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
            if end:
                used.add(at)
                found.append(Found(given.candidate_id, field, piece.start, end, "misspelled"))
    return found, [p for i, p in enumerate(pieces) if i not in used and p.form("given")]


def _around(copy: Folded, field: Field, pieces: list[Piece], at: int, form: Form, used: set[int]) -> Found:
    candidate, text = form.candidate_id, copy.text
    start, end, rule = pieces[at].start, pieces[at].end, "inflected" if form.inflected else "surname"
    used.add(at)
    left = at - 1
    while left >= 0 and left not in used and pieces[left].form("given", candidate=candidate) and text[pieces[left].end : start] in GAPS:
        start, rule = pieces[left].start, "full_name"
        used.add(left)
        left -= 1
    right = at + 1
    while right < len(pieces) and pieces[right].form("tail", "surname", candidate=candidate) and text[end : pieces[right].start] in (" ", "-", " - "):
        if not pieces[right].form("tail", candidate=candidate):
            break
        end = pieces[right].end
        used.add(right)
        right += 1
    if rule != "full_name":
        while right < len(pieces) and pieces[right].form("given", candidate=candidate) and text[end : pieces[right].start] in (" ", ", ") and (right + 1 == len(pieces) or not (pieces[right + 1].form("surname", candidate=candidate) and text[pieces[right].end : pieces[right + 1].start] == " ")):
            end, rule = pieces[right].end, "inverted"
            used.add(right)
            right += 1
    return Found(candidate, field, start, end, rule)


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
        if initials[0] in vocabulary.initials[span.candidate_id] and (dotted or len(initials[0]) == 1):
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
    kept: list[Found] = []
    for span in ordered:
        if span.rule in VETOES or not cues.allows(span.candidate_id):
            continue
        if span.rule not in FULL:
            own = [f for f in ordered if f.candidate_id == span.candidate_id and f.rule in (*FULL, *VETOES)]
            persons = [f for f in own if f.rule != "thing"]
            earlier = [f for f in persons if f.order < span.order]
            full = any(f.rule in FULL for f in persons)
            vetoed = earlier[-1].rule == "namesake" if earlier else not full and bool(own) and (span.field == "title" or len(persons) < len(own))
            if vetoed or not (full or cues.supports(span.candidate_id, among_others=len(named) > 1)):
                continue
        kept.append(span)
    return kept


def _given_names(folded: Mapping[Field, Folded], loose: list[tuple[Field, Piece]], kept: list[Found]) -> list[Found]:
    """Bare given names of persons whom the text introduces, where no other name is part of them."""
    result: list[Found] = []
    for field, piece in loose:
        copy = folded[field]
        for form in piece.forms:
            introduced = form.part == "given" and any(f.candidate_id == form.candidate_id and f.rule in FULL for f in kept)
            if introduced and not _beside_a_name(copy, piece):
                result.append(Found(form.candidate_id, field, piece.start, piece.end, "given_name"))
                break
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
