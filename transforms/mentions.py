"""Who is named in a text: from name forms found in it to mentions with exact offsets.

Here it is decided which names are mentions: a full name speaks for itself, a surname needs the person established or a context, a
namesake vetoes; every mention keeps why it stands (``rule``). The forms come from :mod:`transforms.names`, the spans from
:mod:`transforms.namespans`, the contest from :mod:`transforms.race`; :mod:`transforms.annotation` puts the stages together. Nothing here
knows a person or a contest.

Rules: ``full_name``, ``inverted`` (Rutte, Mark), ``initial_surname``, ``misspelled`` (a whole name in another spelling), ``given_name``
(of a person whom the text introduces); and of a surname or of set initials that stand alone ``surname:`` or ``initials:`` with the reason:
``established`` (the text gives the whole name), ``contest`` (it speaks of the post, of whose post it is, or of choosing), ``own_words``
(of the person's country, office or other words of the watch list), ``among_candidates`` (it names another listed person), ``politics`` (it
is of public affairs), ``no_terms`` (the watch list says nothing of its post, so it asks for no context).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from transforms.nameparts import Piece, Vocabulary, find_pieces
from transforms.namesakes import comes_by_everywhere, has_a_trade, is_peoples_name, other_given_name, walks_of_life
from transforms.namespans import AROUND, FULL, WORD_AFTER, WORD_BEFORE, Found, assemble, other_spellings
from transforms.normalise import Folded
from transforms.race import Cues
from transforms.records import Field, Mention


@dataclass(frozen=True, slots=True)
class Names:
    """What :func:`find_names` found."""

    found: tuple[Found, ...]
    loose: tuple[tuple[Field, Piece], ...]
    words: frozenset[str]  # surnames that stand in the text as ordinary words, and spellings that are rather another bearer's
    peoples: frozenset[str]  # forms that are also names of peoples in the language
    language: str


def find_names(folded: Mapping[Field, Folded], vocabulary: Vocabulary, language: str) -> Names:
    """Every possible mention in a title and a text, namesakes among them, and the given names that stand alone. Undecided."""
    found: list[Found] = []
    loose: list[tuple[Field, Piece]] = []
    words: set[str] = set()
    for field, copy in folded.items():
        pieces = list(find_pieces(copy, vocabulary, language))
        if pieces:
            words.update(f.stem or f.text for p in pieces if p.word for f in p.forms)
            spans, rest = assemble(copy, field, [p for p in pieces if not p.word], vocabulary, language)
            found += spans
            loose += ((field, p) for p in rest)
    found += other_spellings(folded, found, vocabulary, language)
    alone = (form.text for span in found if span.rule in ALONE for form in span.forms)
    if found:
        words |= vocabulary.others
    peoples = frozenset(text for text in alone if is_peoples_name(text, language))
    return Names(tuple(found), tuple(loose), frozenset(words), peoples, language)


def decide_mentions(names: Names, cues: Cues, folded: Mapping[Field, Folded]) -> tuple[Found, ...]:
    """Those that are mentions, by field (title first) and start."""
    kept = list(_decide(names, cues, folded))
    return tuple(_apart(sorted(kept + _given_names(folded, names.loose, kept), key=lambda f: f.order)))


def _apart(found: list[Found]) -> list[Found]:
    """Mentions in order without those that lie over another; the longer one stays."""
    apart: list[Found] = []
    for one in found:
        last = apart[-1] if apart else None
        if last is None or last.field != one.field or last.end <= one.start:
            apart.append(one)
        elif last.end - last.start < one.end - one.start:
            apart[-1] = one
    return apart


def mention_of(copy: Folded, found: Found) -> Mention:
    """The mention with its offsets into the text as given."""
    start, end = copy.start(found.start), copy.end(found.end)
    surface = copy.source[start:end]
    return Mention(candidate_id=found.candidate_id, field=found.field, start=start, end=end, surface=surface, rule=found.rule)


NAMESAKES = ("namesake", "parent")  # another bearer, of whom the text may go on to speak
VETOES = (*NAMESAKES, "thing", "relative")
ALONE = ("surname", "initials")  # what needs a reason
REASONS = ("established", "contest", "own_words", "among_candidates", "politics", "no_terms")
RULES = frozenset((*FULL, "given_name", *(f"{kind}:{reason}" for kind in ALONE for reason in REASONS)))
SHORT_SURNAME = 3  # letters, an ending not counted; a surname as short (Un, May) is a word in too many languages to stand by its context
ENOUGH = 2  # words of public affairs from which on a surname is the politician's: a minister alone comes by everywhere
AFFAIRS = frozenset({"politics", "domestic", "home", "moves", "bargain", "envoy", "work", "seat", "elsewhere"})
OTHER_WALK = 2  # words of sport, arts or kitchens from which on a text is about them, whatever minister comes by


@dataclass(slots=True)
class Walks:
    """Words of sport, arts or kitchens in one text, looked for once and only where the question comes up."""

    folded: Mapping[Field, Folded]
    language: str
    found: int = -1

    def count(self) -> int:
        """How many different ones the text has; those who live by them count as one all together."""
        if self.found < 0:
            every = {walk for copy in self.folded.values() for walk in walks_of_life(copy.text, self.language)}
            self.found = sum(kind == "field" for kind, _ in every) + any(kind == "person" for kind, _ in every)
        return self.found


def _decide(names: Names, cues: Cues, folded: Mapping[Field, Folded]) -> Iterator[Found]:
    """Which spans are mentions, each with the rule by which it stands.

    A full name stands. A bare surname follows the nearest full name before it, else any later one, else the context. A namesake takes the
    name from what follows, and from a headline or a text of little politics before it; a street or a firm takes it from a text that never
    gives the full name, and so does the same word in small letters. A text of sport, arts or kitchens asks for more than politics.
    """
    ordered = sorted(names.found, key=lambda f: f.order)
    full = {f.candidate_id for f in ordered if f.rule in FULL}
    walks = Walks(folded, names.language)
    if len(full) != len(ordered) or full & cues.contest.demanding:
        ordered = [_unless_of_a_trade(span, full, cues, folded, names.language) for span in ordered]
        full = {f.candidate_id for f in ordered if f.rule in FULL}
    bearers = {c for f in ordered if f.rule not in VETOES for c in f.bearers}
    allowed = {c for c in bearers if _is_meant(cues, c, full - {c}, walks)}
    named = {f.candidate_id for f in ordered if f.rule not in VETOES} & allowed
    things = {c for f in ordered if f.rule == "thing" for c in f.bearers}
    evidence: dict[str, list[Found]] = {}  # of each candidate: full names and other bearers, in order
    for one in ordered:
        for bearer in one.bearers:
            if one.rule in FULL or one.rule in NAMESAKES or (one.rule == "relative" and bearer not in full):
                evidence.setdefault(bearer, []).append(one)
    for span in ordered:
        if span.rule in VETOES:
            continue
        chosen = span.candidate_id if len(span.forms) < 2 else _which(span, evidence)
        if chosen not in allowed:
            continue
        if span.rule in FULL:
            yield Found(chosen, span.field, span.start, span.end, span.rule)
            continue
        reason = "established" if chosen in full else _context(cues, chosen, named - {chosen}, span)
        if not reason and _is_of_the_politician(cues, chosen, walks):
            reason = "own_words"
        weak = False
        if reason in ("politics", "own_words"):
            other, affairs = walks.count(), _affairs(cues, folded)
            if other >= OTHER_WALK and 2 * other >= affairs:
                continue
            if reason == "politics" and affairs < ENOUGH + other:
                continue
            weak = reason == "politics" and cues.kinds.get("politics", 0) + cues.kinds.get("domestic", 0) < ENOUGH
        vetoed = _taken(span, evidence.get(chosen, []), established=chosen in full, weak=weak)
        if reason not in ("established", "contest") and chosen in things:
            vetoed = True
        if reason != "established" and any(form.text in names.peoples or (form.stem or form.text) in names.words for form in span.forms):
            vetoed = True
        if reason and not vetoed:
            yield Found(chosen, span.field, span.start, span.end, f"{span.rule}:{reason}")


def _unless_of_a_trade(span: Found, full: set[str], cues: Cues, folded: Mapping[Field, Folded], language: str) -> Found:
    """The span, as another bearer's where a trade stands beside a name that is many people's, or beside a surname that stands alone."""
    if span.rule in FULL:
        doubtful = cues.contest.demanding.issuperset(span.bearers)
    else:
        doubtful = span.rule == "surname" and full.isdisjoint(span.bearers)
    if doubtful:
        text = folded[span.field].text
        if has_a_trade(text[max(0, span.start - AROUND) : span.start], text[span.end : span.end + AROUND], language):
            return replace(span, rule="namesake")
    return span


def _taken(span: Found, persons: list[Found], *, established: bool, weak: bool) -> bool:
    """Whether the name is another bearer's here: of the one named last before it; or, where the text never gives the listed person in
    full, of one named behind a headline, or behind a text that has little of public affairs (``weak``)."""
    before = bisect_left(persons, span.order, key=lambda f: f.order)
    if before:
        return persons[before - 1].rule in NAMESAKES
    if established:
        return False
    return bool(persons) if span.field == "title" else weak and any(p.rule == "namesake" for p in persons)


def _is_meant(cues: Cues, candidate: str, others: set[str], walks: Walks) -> bool:
    """Whether the text is one in which the candidate's name is the candidate's, though it may be many people's (``requires``).

    It has one of the words that the name asks for, and two where it is about another walk of life; or it names another listed person in
    full, or the post or whose it is, or names the candidate's country and other public affairs, or what is done for a post beside a
    country that has a say.
    """
    if candidate not in cues.contest.demanding or others - cues.contest.demanding:
        return True
    kinds = cues.kinds
    if any(kinds.get(kind) for kind in ("post", "body", "holder")):
        return True
    own = kinds.get(f"requires:{candidate}", 0)
    if own > 1 or (own and not walks.count()):
        return True
    aspires = any(kinds.get(kind) for kind in ("choice", "moves", "aspire", "seek"))
    countries = sum(kind.startswith("country:") for kind in kinds)
    said = countries or kinds.get("envoy") or kinds.get("seat")
    affairs = kinds.get(f"about:{candidate}") and (kinds.get("politics", 0) > 1 or countries > 1)
    return bool(affairs or (aspires and said)) and not walks.count()


def _affairs(cues: Cues, folded: Mapping[Field, Folded]) -> int:
    """How much a text has of public affairs: two for each different word of them, one for those who come by everywhere (a minister)."""
    found: dict[str, int] = {}
    for hit in cues.hits:
        if any(kind in AFFAIRS or kind.startswith("country:") for kind in hit.kinds):
            text = folded[hit.field].text
            weight = 1 if comes_by_everywhere(text[max(0, hit.start - AROUND) : hit.start], text[hit.start : hit.start + AROUND]) else 2
            found[hit.pattern] = max(weight, found.get(hit.pattern, 0))
    return sum(found.values())


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
        return "own_words" if own + bool(others) + bool(kinds.get("post")) > 1 else ""
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


def _is_of_the_politician(cues: Cues, candidate: str, walks: Walks) -> bool:
    """Whether a surname of many is the candidate's with one of its own words, since the text is of public affairs and of nothing else."""
    if candidate not in cues.contest.demanding or not cues.kinds.get(f"requires:{candidate}"):
        return False
    return _affairs(cues, walks.folded) >= 2 * ENOUGH and not walks.count()


def _letters(span: Found) -> int:
    """Of the shortest surname that the span may be, an ending not counted."""
    return min(len(form.stem or form.text) for form in span.forms)


def _given_names(folded: Mapping[Field, Folded], loose: tuple[tuple[Field, Piece], ...], kept: list[Found]) -> list[Found]:
    """Bare given names of persons whom the text introduces, where no other name is part of them."""
    introduced = sorted((f.order, f.candidate_id) for f in kept if f.rule in FULL)
    by_surname = sorted((f.order, f.candidate_id) for f in kept if f.rule not in FULL)
    result: list[Found] = []
    for field, piece in loose:
        at = (0 if field == "title" else 1, piece.start)
        mine = [entry for entry in introduced if piece.form("given", candidate=entry[1])]
        mine = mine or [entry for entry in by_surname if entry[0] < at and piece.form("given", candidate=entry[1])]
        if mine and not _beside_a_name(folded[field], piece):
            candidate = next((c for order, c in reversed(mine) if order < at), mine[0][1])
            result.append(Found(candidate, field, piece.start, piece.end, "given_name"))
    return result


def _beside_a_name(copy: Folded, piece: Piece) -> bool:
    following = WORD_AFTER.match(copy.text, piece.end)
    if following and copy.char(following.start(1)).isupper():
        return True
    word = WORD_BEFORE.search(copy.text[max(0, piece.start - AROUND) : piece.start])
    if word and word[3] and not word[2] and copy.char(piece.start - len(word[0])).isupper() and other_given_name(word[1], ""):
        return True
    before = copy.text[max(0, piece.start - 2) : piece.start]
    return bool(re.search(r"\d ?$|-$", before)) or copy.text[piece.end : piece.end + 1] == "-"
