"""Parts of names put together: the longest span around each surname, and what the words beside it make of it.

Belongs here: which parts make one name, which initial or misspelled word joins it, and that another given name, a street or a firm beside
it makes it another bearer's. Does not belong here: finding the parts (:mod:`transforms.nameparts`), and whether a span is a mention, which
needs the whole text (:mod:`transforms.mentions`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache

from transforms.nameparts import Piece, Vocabulary
from transforms.names import Form, inflect, lexicon
from transforms.namesakes import SHORTEST, Beside, is_given_name, misread, other_given_name, resembles, stands_for_a_thing
from transforms.normalise import Folded, fold_text
from transforms.records import Field

WORD_BEFORE = re.compile(r"([^\W\d_][^\W_]*)(\.?)([ -]?)$")
_INITIALS_BEFORE = re.compile(r"(?<![^\W_])((?:[^\W\d_](?:\.[ -]?|-| ))+)$")
_JOINED_INITIALS_BEFORE = re.compile(r"(?<![^\W_])([^\W\d_]{2,3}) $")
_TWO_WORDS_BEFORE = re.compile(r"(?<![^\W_])([^\W\d_]+) ([^\W\d_]+) $")
WORD_AFTER = re.compile(r" ([^\W\d_]+)")
_WORDS_OR_SCANS_AFTER = tuple(re.compile(rf" ([^\W_]+(?: [^\W_]+){{{n}}})") for n in range(4))  # a scanner may read figures for letters
_GIVEN_NAME_IN_TWO = re.compile(r" [^\W\d_]{2,6}-([^\W\d_]{2,6})(?![\w-])")  # behind a surname, as in Chinese and Korean names
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
        return tuple([form.candidate_id for form in self.forms]) if len(self.forms) > 1 else (self.candidate_id,)


def assemble(copy: Folded, field: Field, pieces: list[Piece], vocabulary: Vocabulary, language: str) -> tuple[list[Found], list[Piece]]:
    """The longest runs of name parts around each surname; what is left over are bare given names."""
    found: list[Found] = []
    used: set[int] = set()
    for at, piece in enumerate(pieces):
        if piece.namesake_of:
            rule = "thing" if piece.form("surname") else _of_a_relative(copy.text[max(0, piece.start - AROUND) : piece.start], language)
            found += (Found(c, field, piece.start, piece.end, rule) for c in sorted(piece.namesake_of))
            continue
        form = piece.form("surname", "initials")
        if form is None or at in used:
            continue
        if form.part == "initials":
            rule = "thing" if _are_an_institution(copy, piece) else "initials"
            found.append(Found(form.candidate_id, field, piece.start, piece.end, rule))
            used.add(at)
            continue
        span, parts = _longest(copy, field, pieces, at, used)
        used |= parts
        if span.rule == "surname":
            span = _with_neighbours(copy, span, vocabulary, language)
        elif span.rule == "full_name" and _is_a_middle_name(copy, span, language):
            span = replace(span, rule="namesake")
        found.append(span)
    for at, piece in enumerate(pieces):  # a given name before a misspelled surname
        if at in used:
            continue
        for given in (form for form in piece.forms if form.part == "given"):
            end = _misspelled_surname(copy, piece, given.candidate_id, vocabulary)
            if end and not any(piece.end < other.start < end for other in pieces):
                used.add(at)
                found.append(Found(given.candidate_id, field, piece.start, end, "misspelled"))
                break
    return found, _together(copy.text, [p for i, p in enumerate(pieces) if i not in used and p.form("given")])


def _are_an_institution(copy: Folded, piece: Piece) -> bool:
    """Whether set initials are part of another name: before a word with a capital (VDL Nedcar), where the text has small letters."""
    following = WORD_AFTER.match(copy.text, piece.end)
    if not following:
        return False
    word = copy.source[copy.start(following.start(1)) : copy.end(following.end(1))]
    return word[0].isupper() and not word.isupper()


def _together(text: str, given: list[Piece]) -> list[Piece]:
    """Given names of one person that stand side by side (Jean-Claude) as one."""
    joined: list[Piece] = []
    for piece in given:
        last = joined[-1] if joined else None
        people = {f.candidate_id for f in piece.forms if f.part == "given"}
        shared = tuple(f for f in last.forms if f.part == "given" and f.candidate_id in people) if last else ()
        if last and shared and text[last.end : piece.start] in (" ", "-"):
            joined[-1] = replace(last, end=piece.end, forms=shared)
        else:
            joined.append(piece)
    return joined


def _longest(copy: Folded, field: Field, pieces: list[Piece], at: int, used: set[int]) -> tuple[Found, set[int]]:
    """The longest span around the surname ``pieces[at]``; where it is several persons' and nothing beside it tells them apart, of all."""
    forms = {f.candidate_id: f for f in pieces[at].forms if f.part == "surname"}
    if len(forms) == 1:
        ((_, form),) = forms.items()
        return _around(copy, field, pieces, at, form, used)
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
    return Found(candidate, field, start, end, rule, (form,)), parts


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
    words = lexicon("honorifics")["letters_that_are_words"].get(language, ())
    letters = _INITIALS_BEFORE.search(before, max(0, len(before) - 20))
    run = letters[1] if letters else ""
    if len(run) > 2 and run[1] == " " and run[0] in words:  # "and K. Karins" where "and" is one letter
        run = run[2:]
    if run and not copy.char(span.start - len(run)).islower():
        initials = re.findall(r"[^\W\d_]", run)
        if len(initials) == 1 and initials[0] in titles:
            return span
        dotted = "." in run
        bearers = [c for c in span.bearers if initials[0] in vocabulary.initials[c]]
        if bearers and (dotted or initials[0] not in words):
            return _of(replace(span, start=span.start - len(run), rule="initial_surname"), bearers)
        return replace(span, rule="namesake") if dotted else span
    joined = _JOINED_INITIALS_BEFORE.search(before, max(0, len(before) - 5))
    if joined and all(copy.char(span.start - len(joined[0]) + i).isupper() for i in range(len(joined[1]))):
        bearers = [c for c in span.bearers if joined[1] in vocabulary.initial_runs[c]]
        if bearers:
            return _of(replace(span, start=span.start - len(joined[0]), rule="initial_surname"), bearers)
    word = WORD_BEFORE.search(before, max(0, len(before) - 32))
    if word and word[3] == " " and not word[2] and not copy.char(span.start - len(word[0])).islower():
        bearers = [c for c in span.bearers if any(resembles(word[1], given) for given in vocabulary.parts.get((c, "given"), ()))]
        if bearers:
            return _of(replace(span, start=span.start - len(word[0]), rule="misspelled"), bearers)
        if other_given_name(word[1], language):
            another = _of_a_relative(before[: -len(word[0])], language)
            return _with_first_name(copy, span, before, vocabulary) or replace(span, rule=another)
        first = _TWO_WORDS_BEFORE.search(before)
        names_itself = any(form.text == word[1] for form in span.forms)  # … said Mark Rutte. Rutte …, where the point was lost
        side_by_side = language in _VERB_LAST and _named_in_full(copy, span, name, vocabulary)
        if (
            first
            and not names_itself
            and not side_by_side
            and _capital(copy, span.start - len(first[0]))
            and other_given_name(first[1], language)
        ):
            return _with_first_name(copy, span, before, vocabulary) or replace(span, rule="namesake")
    return replace(span, rule="namesake") if _begins_another(copy, span, after, language) else span


# In these languages a subject's whole name may stand right before an object's surname: dass Anna Berg Rutte unterstützt.
_VERB_LAST = frozenset({"de", "hu", "lb", "nl", "tr"})


def _named_in_full(copy: Folded, span: Found, surname: str, vocabulary: Vocabulary) -> bool:
    """Whether the text gives the person's given name and surname somewhere."""
    return any(f"{given} {surname}" in copy.text for c in span.bearers for given in vocabulary.parts.get((c, "given"), ()))


def _of_a_relative(before: str, language: str) -> str:
    """The rule of another bearer: one who is named only to say whose child or spouse somebody is does not become the one spoken of; a
    father or mother may, but does not take the name from what stands before."""
    for rule, table in (("relative", "child_or_spouse_of"), ("parent", "parents")):
        if f" {before}".endswith(_endings(table, language)):
            return rule
    return "namesake"


@cache
def _endings(table: str, language: str) -> tuple[str, ...]:
    """How a text may end in words of a table: with a comma or without."""
    words = [fold_text(word) for word in lexicon("honorifics")[table].get(language, ())]
    return tuple(f" {word}{sign} " for word in words for sign in ("", ","))


def _is_a_middle_name(copy: Folded, span: Found, language: str) -> bool:
    """Whether a surname that is a given name as well stands between a given name and another surname (Robert Wallace Hughes)."""
    return _is_a_given_name_too(span, language) and _begins_another(copy, span, copy.text[span.end : span.end + AROUND], language)


def _is_a_given_name_too(span: Found, language: str) -> bool:
    return any(is_given_name((form.stem or form.text).rpartition(" ")[2], language) for form in span.forms)


def _with_first_name(copy: Folded, span: Found, before: str, vocabulary: Vocabulary) -> Found | None:
    """The whole name where the word before the last is a bearer's own given name (Mark Willem Rutte)."""
    first = _TWO_WORDS_BEFORE.search(before)
    if not first or not _capital(copy, span.start - len(first[0])):
        return None
    bearers = [c for c in span.bearers if first[1] in vocabulary.parts.get((c, "given"), ())]
    return _of(replace(span, start=span.start - len(first[0]), rule="full_name"), bearers) if bearers else None


def _capital(copy: Folded, at: int) -> bool:
    return copy.char(at).isupper()


def _of(span: Found, bearers: list[str]) -> Found:
    """The span with those of its bearers to whom the words beside it fit."""
    return replace(span, candidate_id=bearers[0], forms=tuple(form for form in span.forms if form.candidate_id in bearers))


def _begins_another(copy: Folded, span: Found, after: str, language: str) -> bool:
    """Whether a surname is the given name of somebody (Michel Barnier) or stands before another's given name (Kallas, Siim)."""
    in_two = _GIVEN_NAME_IN_TWO.match(after) if language in lexicon("honorifics")["given_names_in_two"] else None
    if in_two and copy.char(span.end + 1).isupper() and copy.char(span.end + in_two.start(1)).islower():
        return True
    following, name = WORD_AFTER.match(after), copy.text[span.start : span.end].rpartition(" ")[2]
    if following and not _NUMERAL.fullmatch(following[1]) and copy.char(span.end + 1).isupper() and not _in_title_case(copy, span):
        if language in lexicon("honorifics")["nouns_with_capitals"]:
            if name.endswith("s") and not span.forms[0].inflected and other_given_name(name[:-1], language):  # Karins Mann
                return True
        elif _is_a_given_name_too(span, language):
            return True
        if language in lexicon("honorifics")["given_names_last"] and other_given_name(following[1], language):
            return True
    inverted = _NAME_AFTER_COMMA.match(after)
    shown = copy.source[copy.start(span.start) : copy.end(span.end)]
    return bool(inverted and shown.isupper() and copy.char(span.end + 2).isupper() and other_given_name(inverted[1], language))


def _in_title_case(copy: Folded, span: Found) -> bool:
    """Whether a headline writes every longer word with a capital, so that capitals say nothing."""
    words = re.findall(r"[^\W\d_]{4,}", copy.source) if span.field == "title" else []
    return len(words) > 2 and all(word[0].isupper() for word in words)


def _misspelled_surname(copy: Folded, piece: Piece, candidate: str, vocabulary: Vocabulary) -> int | None:
    for surname in vocabulary.parts.get((candidate, "surname"), ()):
        following = _WORDS_OR_SCANS_AFTER[surname.count(" ")].match(copy.text, piece.end) if surname.count(" ") < 4 else None
        if following and all(map(resembles, following[1].split(" "), surname.split(" "))):
            head = following[1].rpartition(" ")[0]
            last = following.start(1) + len(head) + bool(head)
            if not copy.char(last).islower():
                return following.end()
    return None


FULL = ("full_name", "inverted", "initial_surname", "misspelled")  # whole names, which stand by themselves


def other_spellings(folded: Mapping[Field, Folded], found: list[Found], vocabulary: Vocabulary, language: str) -> list[Found]:
    """Bare surnames of persons whom the text names in full, misread by a scanner (Iohann1s) or in a spelling that the text itself
    introduces with a whole name (Mark Ruttte … Ruttte)."""
    if not any(one.rule in FULL for one in found):
        return []
    known = {form.text for one in found for form in one.forms}
    spellings: dict[str, tuple[str, re.Pattern[str]]] = {}
    for one in found:
        surname = folded[one.field].text[one.start : one.end].rpartition(" ")[2] if one.rule in FULL else ""
        if len(surname) < SHORTEST:
            continue
        if one.rule != "misspelled":
            spellings[surname] = one.candidate_id, misread(surname, exact=surname not in vocabulary.forms)
        elif surname not in known:
            every = "|".join(map(re.escape, sorted({surname, *inflect(surname, language)}, key=len, reverse=True)))
            spellings[surname] = one.candidate_id, re.compile(rf"(?<![\w@#.])(?:{every})(?![\w@])")
    spread: list[Found] = []
    for surname, (candidate, pattern) in spellings.items():
        form = Form(surname, "surname", candidate)
        for field, copy in folded.items():
            for place in pattern.finditer(copy.text):
                taken = any(f.field == field and f.start < place.end() and place.start() < f.end for f in (*found, *spread))
                if taken or copy.char(place.start()).islower() or place[0] in vocabulary.forms:
                    continue
                span = Found(candidate, field, place.start(), place.end(), "surname", (form,))
                spread.append(_with_neighbours(copy, span, vocabulary, language))
    return spread
