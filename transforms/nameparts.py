"""Parts of names found in a folded text: words of their own, with a capital where the script has one, outside addresses.

What the parts make together, and whether it is a mention, is decided in :mod:`transforms.mentions`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from types import MappingProxyType

from daachorse import MATCH_KIND_LEFTMOST_LONGEST, CharwiseDoubleArrayAhoCorasick

from transforms.names import Form, Part, forms, initial_letters, initial_runs, is_latin, lexicon, parse_name, particles
from transforms.normalise import BLANK_LINE, Folded, fold_text
from transforms.params import Candidate, Watchlist

_ADDRESS = re.compile(r"@|://|^\W*www\.|[^\W_]\.(?:com|net|org|eu|int|info|gov|edu|tv|io|[a-z]{2})(?:[/?:]|\W*$)")


@dataclass(frozen=True, slots=True)
class Entry:
    """What a pattern of the automaton says of a place where it stands as a word of its own."""

    forms: tuple[Form, ...]
    head: int  # the letter that is a capital in a name; -1 where the forms are not all written alike, or may be an address or a namesake


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What one language needs: name forms, the automaton that finds them, and what stands in for other given names."""

    forms: Mapping[str, tuple[Form, ...]]
    excludes: Mapping[str, frozenset[str]]  # folded phrase → candidates it is not
    others: frozenset[str]  # surnames of declared namesakes in a spelling that is not the candidate's own (Callas)
    patterns: tuple[str, ...]
    entries: tuple[Entry, ...]  # of each pattern
    automaton: CharwiseDoubleArrayAhoCorasick
    initials: Mapping[str, frozenset[str]]  # candidate → first letters of given names
    initial_runs: Mapping[str, frozenset[str]]  # candidate → first letters of all given names, written together
    parts: Mapping[tuple[str, Part], tuple[str, ...]]  # candidate and part → forms


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a name as found: folded offsets in one field."""

    start: int
    end: int
    forms: tuple[Form, ...]
    namesake_of: frozenset[str] = frozenset()
    word: bool = False  # a surname in small letters, whole or as the beginning of a word: an ordinary word of the language

    def form(self, *parts: Part, candidate: str | None = None) -> Form | None:
        for form in self.forms:
            if form.part in parts and (candidate is None or candidate == form.candidate_id):
                return form
        return None


def vocabulary_of(watchlist: Watchlist, language: str | None) -> Vocabulary:
    """The vocabulary of a watch list in one language; None for a language that is not known."""
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
        others=frozenset(word for candidate in watchlist.candidates for word in _spelled_otherwise(candidate)),
        patterns=patterns,
        entries=tuple(_entry(pattern, tuple(table.get(pattern, ())), pattern in excludes) for pattern in patterns),
        automaton=CharwiseDoubleArrayAhoCorasick(list(patterns), MATCH_KIND_LEFTMOST_LONGEST),
        parts=MappingProxyType({key: tuple(texts) for key, texts in parts.items()}),
        initials=MappingProxyType({c.id: initial_letters(c, language) for c in watchlist.candidates}),
        initial_runs=MappingProxyType({c.id: initial_runs(c, language) for c in watchlist.candidates}),
    )


def _spelled_otherwise(candidate: Candidate) -> frozenset[str]:
    """The surnames of a candidate's declared namesakes, in Latin letters, where it is neither the candidate's nor another spelling of it:
    who is declared in both spellings (a relative) bears the candidate's name."""
    own = fold_text(candidate.surname or parse_name(candidate.name).surname)
    cut = [fold_text(phrase).rpartition(" ") for phrase in candidate.excludes if is_latin(phrase)]
    relatives = {given for given, _, surname in cut if surname == own}
    return frozenset(surname for given, _, surname in cut if surname != own and given not in relatives)


def _entry(pattern: str, known: tuple[Form, ...], excluded: bool) -> Entry:
    alike = known and not excluded and all(form.part != "initials" for form in known) and not _ADDRESS.search(pattern)
    return Entry(known, _head(pattern) if alike else -1)


def find_pieces(copy: Folded, vocabulary: Vocabulary, language: str) -> Iterator[Piece]:
    """Parts of names that stand in the text as words of their own, in capitals where the script has them, outside addresses."""
    text = copy.text
    proclitics = lexicon("inflections")["proclitics"].get(language, ())
    hashtags = "#" in text
    size = len(text)
    done = 0
    for start, end, index in vocabulary.automaton.find(text):
        if start < done:
            continue
        entry = vocabulary.entries[index]
        free = entry.head >= 0 and (not start or text[start - 1] in _BETWEEN) and (end == size or text[end] in _BETWEEN)
        if free and not copy.char(start + entry.head).islower():  # the commonest name: alone between spaces
            yield Piece(start, end, entry.forms)
            continue
        pattern = vocabulary.patterns[index]
        known = vocabulary.forms.get(pattern, ())
        inside = _letter(text, end) or (_letter(text, start - 1) and _part_of_word(text, start, proclitics))
        if inside and not hashtags and pattern not in vocabulary.excludes and not _is_word(copy, start, end, known):
            continue  # the commonest case, and the cheapest to see
        chunk_start, chunk_end = _run_of_signs(text, start, end)
        chunk = text[chunk_start:chunk_end]
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
        if inside:
            if _is_word(copy, start, end, known):
                yield Piece(start, end, known, word=True)
            continue
        cased = tuple(f for f in known if _cased(copy, start, end, f))
        if cased:
            yield Piece(start, end, cased)
        elif _is_word(copy, start, end, known):
            yield Piece(start, end, known, word=True)


_BETWEEN = frozenset(BLANK_LINE + ' ()[]<>{}",;|*')  # what ends an address


def _run_of_signs(text: str, start: int, end: int) -> tuple[int, int]:
    """The stretch around a span that may be one address or hashtag."""
    while start and text[start - 1] not in _BETWEEN:
        start -= 1
    while end < len(text) and text[end] not in _BETWEEN:
        end += 1
    return start, end


def _part_of_word(text: str, start: int, proclitics: Collection[str]) -> bool:
    """Whether the letters before ``start`` are more than words that the language writes together with a name."""
    before = re.search(r"[^\W_]*$", text[max(0, start - 4) : start])
    return not (before and before[0] in proclitics)


def _letter(text: str, at: int) -> bool:
    return 0 <= at < len(text) and (text[at].isalnum() or text[at] == "_")


def _cased(copy: Folded, start: int, end: int, form: Form) -> bool:
    """Names are written with a capital where the script has capitals; particles need none; initials are written as declared."""
    if form.part == "initials":
        surface = copy.source[copy.start(start) : copy.end(end)]
        return surface in (form.written, form.written.upper())
    head = _head(copy.text[start:end])
    return head >= 0 and not copy.char(start + head).islower()


@lru_cache(maxsize=1 << 14)
def _head(name: str) -> int:
    """Where the first word of a name begins that is no particle; -1 where there is none."""
    return next((word.start() for word in re.finditer(r"[^\W_]+", name) if word[0] not in _particle_words()), -1)


LONGEST_ENDING = 2  # letters that an ordinary word may have behind what is written like a surname
SHORTEST_WORD = 4


def _is_word(copy: Folded, start: int, end: int, known: tuple[Form, ...]) -> bool:
    """Whether a surname stands in small letters, whole or with a short ending: then the word is one of the language (kallas, draghi)."""
    if end - start < SHORTEST_WORD or not any(f.part == "surname" and " " not in f.text for f in known):
        return False
    if _letter(copy.text, start - 1) or copy.text[start - 1 : start] == "-" or not copy.char(start).islower():
        return False
    after = end
    while after <= end + LONGEST_ENDING and _letter(copy.text, after):
        after += 1
    return after <= end + LONGEST_ENDING


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
    cuts = [0, *(i for i in range(1, len(source)) if source[i] == "_" or (source[i].isupper() and source[i - 1].islower())), len(source)]
    for low, high in pairwise(cuts):
        first = low + (source[low] == "_")
        known = vocabulary.forms.get(whole[first:high])
        if known:
            yield Piece(start + first, start + high, known)
