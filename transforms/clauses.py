"""Predicates of a sentence with their slots: which country does it, to which candidate, and what becomes of it by negation and mood.

A predicate (back, veto, has not decided) has a slot for who does it and one for the candidate. Countries act and persons are supported, so
the kinds of words tell most of it; sides matter where the language keeps an order. Who says it, and how firmly, is found in
:mod:`transforms.attribution`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from transforms.actors import Actor
from transforms.normalise import BLANK_LINE, Folded
from transforms.position_words import PREDICATES, Hit
from transforms.records import Field


_STOP = re.compile(rf"[.!?…。؟]['\")»”’\]]* |{BLANK_LINE}")
_NO_STOP = re.compile(r"(?<!\w)(?:[^\W\d_]{1,2}|\d{1,2})$")  # initials, short titles, ordinal numbers


def sentences_in(copy: Folded, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The sentences of a part of a folded field, without their points; case is looked up in the source. A semicolon ends none."""
    text, begin = copy.text, start
    for mark in _STOP.finditer(text, start, end):
        if mark[0] != BLANK_LINE:
            if mark.end() < len(text) and copy.char(mark.end()).islower():
                continue
            short = _NO_STOP.search(text, max(begin, mark.start() - 4), mark.start()) if mark[0][0] == "." else None
            if short and not copy.char(short.start()).islower():
                continue
        if mark.start() > begin:
            yield begin, mark.start()
        begin = mark.end()
    if end > begin:
        yield begin, end


@dataclass(frozen=True, slots=True)
class Person:
    """A candidate in a sentence: named, or by a word that stands for a name."""

    candidate: str
    start: int
    end: int
    named: bool
    clitic: bool = False  # la France le soutient


@dataclass(slots=True, kw_only=True)
class Predicate:
    """A predicate with what it governs."""

    start: int
    end: int
    stance: str  # as the words say, before negation: supports, nominates, opposes, withholds, withdraws
    voice: str  # active, passive, tight
    result: str | None = None  # after negation; None where nothing is said
    actors: tuple[Actor, ...] = ()
    people: tuple[str, ...] = ()
    gaps: tuple[tuple[int, int], ...] = ()
    outer: Actor | None = None  # who speaks of the one who acts (would not say whether Germany backs)
    shared: bool = False  # its slot was filled from another predicate or sentence
    trace: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A sentence with everything that was found in it, by start; folded offsets."""

    field: Field
    copy: Folded
    start: int
    end: int
    words: Mapping[str, Sequence[Hit]]  # kind → hits
    actors: Sequence[Actor]
    lists: Mapping[int, tuple[Actor, ...]]  # position in actors → the list it stands in
    people: Sequence[Person]
    named_lists: bool
    free_order: bool
    negation_behind: bool

    def of(self, *kinds: str) -> list[Hit]:
        """Hits of some kinds, by start."""
        return sorted((h for kind in kinds for h in self.words.get(kind, ())), key=lambda h: (h.start, -h.end))

    def between(self, start: int, end: int, *kinds: str) -> bool:
        """Whether a hit of some kind stands in a stretch."""
        return any(start <= h.start and h.end <= end for kind in kinds for h in self.words.get(kind, ()))

    def gap(self, start: int, end: int) -> int:
        """Number of words in a stretch."""
        return len(_WORD.findall(self.copy.text, start, end)) if end > start else 0

    def commas(self, start: int, end: int) -> int:
        """Number of commas in a stretch: one opens or closes something, two enclose an aside."""
        return self.copy.text.count(",", start, end)

    def near(self, start: int, end: int) -> int:
        """Number of words in a stretch without an aside between commas."""
        text = self.copy.text
        if text[start : start + 1] == "," and text[:end].rstrip().endswith(","):
            return 0
        return self.gap(start, end)

    def clause(self, position: int) -> tuple[int, int]:
        """The stretch between breaks in which a position stands."""
        low, high = self.start, self.end
        for hit in self.words.get("breaks", ()):
            if hit.end <= position:
                low = max(low, hit.end)
            elif hit.start > position:
                high = min(high, hit.start)
        return low, high


_WORD = re.compile(r"[^\W_][\w'-]*")
TIGHT = 3  # words between a common word and its candidate
NEGATION = 6  # words between a negation and its predicate
OBJECT = 3  # words between a predicate and what else it may be for
VERB_LAST = 2  # words between an object and a verb that comes last
FAR = 9  # words between a predicate and its candidate


def predicates_of(reading: Reading, context: Sequence[str], last: tuple[str, tuple[str, ...]] | None = None) -> list[Predicate]:
    """The predicates of a sentence with both slots filled.

    ``context``: candidates of the sentences before, the likeliest first; ``last``: stance and candidates of the statement before.
    """
    found = [_predicate(hit) for hit in reading.of(*PREDICATES)]
    found = [p for p in _chained(reading, _not_tight_behind(reading, found)) if not _of_something_else(reading, p)]
    for at, predicate in enumerate(found):
        before = found[at - 1] if at else None
        after = found[at + 1] if at + 1 < len(found) else None
        _fill(reading, predicate, before, after)
    for at, predicate in enumerate(found):
        if not predicate.people:
            _share_people(reading, found, at, context)
        predicate.result = _negated(reading, predicate, found[at - 1] if at else None)
    told = [p for p in found if p.result and p.actors and p.people]
    return told + list(_repeated(reading, told, last))


SAME: Mapping[str, str] = {"supports": "withholds", "nominates": "withholds", "opposes": "withholds", "withholds": "supports", "withdraws": "opposes"}


def _repeated(reading: Reading, told: Sequence[Predicate], last: tuple[str, tuple[str, ...]] | None) -> Iterator[Predicate]:
    """Statements in which a word stands for the predicate before (Estonia did the same; Hungary has not)."""
    for hit in reading.of("same", "contrary"):
        before = [p for p in told if p.end <= hit.start]
        stance, people = (str(before[-1].result), before[-1].people) if before else last or ("", ())
        if not people or any(p.start <= hit.start < p.end for p in told):
            continue
        if hit.kind == "contrary" and reading.copy.text[hit.end : min(hit.end + 1, reading.end)].isspace():
            continue  # more follows: an ordinary negation
        again = Predicate(start=hit.start, end=hit.end, stance=stance, voice="active", people=people, trace=[reading.copy.text[hit.start : hit.end]])
        low = max((p.end for p in before), default=reading.start)
        near = [(at, a) for at, a in enumerate(reading.actors) if low <= a.start and a.end <= hit.start and a.kind != "own"]
        again.actors = _nearest(reading, near) or ()
        again.result = stance if hit.kind == "same" else SAME[stance]
        if again.actors and reading.gap(again.actors[-1].end, hit.start) <= TIGHT or (again.actors and again.actors[0].start > hit.end):
            yield again


def _predicate(hit: Hit) -> Predicate:
    stance, _, voice = hit.kind.partition(".")
    return Predicate(start=hit.start, end=hit.end, stance=stance, voice=voice, gaps=hit.gaps)


def _not_tight_behind(reading: Reading, found: list[Predicate]) -> list[Predicate]:
    """Without common words right behind another predicate: they belong to it (gives its vote for)."""
    ends = {p.end for p in found if p.voice != "tight"}
    return [p for p in found if p.voice != "tight" or not any(reading.copy.text[end : p.start] == " " for end in ends)]


def _chained(reading: Reading, found: list[Predicate]) -> list[Predicate]:
    """Predicates of which one is what the other is about (declined to say whether it backs) made one."""
    kept: list[Predicate] = []
    for predicate in found:
        last = kept[-1] if kept else None
        if last and predicate.voice != "tight" and last.voice != "tight" and _complement(reading, last, predicate):
            if last.stance in ("supports", "nominates"):
                last.stance = predicate.stance if predicate.stance != "nominates" else last.stance
            last.gaps = (*last.gaps, (last.end, predicate.start), *predicate.gaps)
            last.end = predicate.end
            last.trace.append(_text(reading, predicate))
            continue
        predicate.trace.append(_text(reading, predicate))
        kept.append(predicate)
    return kept


def _complement(reading: Reading, first: Predicate, second: Predicate) -> bool:
    if first.stance == "withholds" and reading.gap(first.end, second.start) <= FAR and _asks_whether(reading, first):
        return True
    if reading.gap(first.end, second.start) > 4 or reading.between(first.end, second.start, "breaks", "instead"):
        return False
    if "," in reading.copy.text[first.end : second.start]:
        return False
    if any(w.end - w.start < 5 and first.end <= w.start < second.start for w in reading.of("lists")):
        return False
    stretch = (first.end, second.start)
    named = any(stretch[0] <= p.start < stretch[1] for p in reading.people if p.named)
    acting = any(stretch[0] <= a.start < stretch[1] and a.kind not in ("own", "body") for a in reading.actors)
    return not (named or acting)


def _asks_whether(reading: Reading, predicate: Predicate) -> bool:
    """Whether a word for "whether" stands right behind a predicate, or ends it (has not said whether)."""
    return any(
        hit.start >= predicate.start and (hit.end <= predicate.end or reading.gap(predicate.end, hit.start) <= 1) and hit.start - predicate.end < 20
        for hit in reading.of("not_yet", "reported")
        if hit.end >= predicate.end - 1
    )


def _text(reading: Reading, predicate: Predicate) -> str:
    return reading.copy.text[predicate.start : predicate.end]


def _of_something_else(reading: Reading, predicate: Predicate) -> bool:
    """Whether right behind a predicate stands something else than a candidate."""
    people = [p.start for p in reading.people if p.start >= predicate.end and not p.clitic]
    if reading.free_order and not people:  # verb last: what else is supported stands before it
        for hit in reading.of("other"):
            if hit.end <= predicate.start and reading.gap(hit.end, predicate.start) <= VERB_LAST and predicate.voice == "active":
                if not any(hit.start <= p.start < predicate.start for p in reading.people):
                    return True
    first = min(people, default=reading.end)
    return any(
        predicate.end <= h.start < first and reading.gap(predicate.end, h.start) <= OBJECT
        for h in reading.of("other")
        if not any(b.start <= h.start < b.end for b in reading.of("bid"))
    )


# Slots --------------------------------------------------------------------------------------------------------------------------------


def _fill(reading: Reading, predicate: Predicate, before: Predicate | None, after: Predicate | None) -> None:
    low = before.end if before else reading.start
    high = after.start if after else reading.end
    if predicate.voice == "tight":
        _fill_tight(reading, predicate)
    elif predicate.voice == "passive":
        predicate.people = _people_inside(reading, predicate) or _people_left(reading, predicate, low) or (before.people if before else ())
        predicate.actors = _actors_inside(reading, predicate) or _actors_right(reading, predicate, high)
        if not predicate.actors and reading.free_order:
            predicate.actors = _actors_left(reading, predicate, low, before) or ()
        if not predicate.people:
            predicate.people = _people_right(reading, predicate, high)
    else:
        predicate.people = _people_inside(reading, predicate) or _people_right(reading, predicate, high)
        predicate.people = predicate.people or _clitic(reading, predicate)
        if not predicate.people and reading.free_order:
            predicate.people = _people_left(reading, predicate, low)
        left = _actors_left(reading, predicate, low, before)
        predicate.actors = _actors_inside(reading, predicate) or left or ()
        predicate.outer = left[0] if left and predicate.actors is not left else None
        if left is None and not predicate.actors:
            predicate.actors = _pronoun(reading, predicate)
        if left is None and not predicate.actors:
            predicate.actors = _agent_behind(reading, predicate, high)
        if not predicate.people and predicate.actors:  # Rutte, whom Germany backs
            first = min(a.start for a in predicate.actors)
            predicate.people = _people_left(reading, predicate, low, until=first)


def _people_inside(reading: Reading, predicate: Predicate) -> tuple[str, ...]:
    """The candidate in a gap of a predicate (lehnt Rutte ab), or in its ending (apoyarlo)."""
    for person in reading.people:
        if predicate.start <= person.start < predicate.end:
            return _coordinated(reading, person, predicate)
    return ()


def _actors_inside(reading: Reading, predicate: Predicate) -> tuple[Actor, ...]:
    for at, actor in enumerate(reading.actors):
        if actor.kind == "own" and predicate.start <= actor.start and actor.end <= predicate.end and not _in_gap(actor, predicate):
            return (actor,)  # the ending of the verb says "we"
        inside = any(a <= actor.start < b for a, b in predicate.gaps)
        if inside and actor.binds and actor.kind != "own" and not _is_patient(reading, actor, predicate):
            return reading.lists[at]
    return ()


def _in_gap(actor: Actor, predicate: Predicate) -> bool:
    return any(a <= actor.start < b for a, b in predicate.gaps)


def _clitic(reading: Reading, predicate: Predicate) -> tuple[str, ...]:
    for person in reading.people:
        if person.clitic and person.end <= predicate.start and reading.gap(person.end, predicate.start) <= CLITIC:
            return (person.candidate,)
    return ()


CLITIC = 2  # words between a pronoun and its verb: an auxiliary


def _fill_tight(reading: Reading, predicate: Predicate) -> None:
    behind = [p for p in reading.people if p.start >= predicate.end]
    if not behind or reading.gap(predicate.end, behind[0].start) > TIGHT or not _is_object(reading, behind[0], predicate):
        return
    left = [(at, a) for at, a in enumerate(reading.actors) if a.end <= predicate.start]
    if left and reading.near(left[-1][1].end, predicate.start) <= TIGHT and left[-1][1].binds and not left[-1][1].oblique:
        if reading.between(left[-1][1].end, predicate.start, "says", *PREDICATES):
            return
        if left[-1][1].candidate and reading.between(left[-1][1].end, predicate.start, "lists"):
            return
        predicate.actors = reading.lists[left[-1][0]]
        predicate.people = _coordinated(reading, behind[0], predicate)


def _pronoun(reading: Reading, predicate: Predicate) -> tuple[Actor, ...]:
    """A pronoun right before a predicate that is about a candidate behind it: whoever was named last acts (he would not veto Rutte)."""
    if not predicate.people or any(a.end <= predicate.start for a in reading.actors if a.kind in ("nobody", "allies")):
        return ()
    for person in reading.people:
        if not person.named and person.end <= predicate.start and reading.gap(person.end, predicate.start) <= NEGATION:
            return (Actor(start=person.start, end=person.end, kind="own"),)
    return ()


def _actors_left(reading: Reading, predicate: Predicate, low: int, before: Predicate | None) -> tuple[Actor, ...] | None:
    """Who acts on the left; empty where somebody who binds no country does, None where there is nobody."""
    begin, _ = reading.clause(predicate.start)
    patients = {*predicate.people, *(before.people if before else ())}
    left = [(at, a) for at, a in enumerate(reading.actors) if a.end <= predicate.start and not (a.candidate and a.candidate in patients)]
    near = [(at, a) for at, a in left if a.start >= max(low, begin)]
    chosen = _nearest(reading, near)
    if chosen is not None:
        return chosen
    if before and before.actors:
        return before.actors
    return _nearest(reading, left)


def _nearest(reading: Reading, actors: Sequence[tuple[int, Actor]]) -> tuple[Actor, ...] | None:
    """The nearest list of actors that bind a country; empty where one who binds none is nearer; None where there is nobody."""
    for at, actor in reversed(actors):
        if (actor.oblique and actor.kind != "own" and not actor.excepted) or (actor.place and actor.kind == "nobody"):
            continue
        if actor.binds:
            return reading.lists[at]
        if actor.kind == "allies":
            return _told_apart(reading, actor)
        if actor.kind == "nobody":
            return ()
        if actor.kind == "unnamed" and actor.country:
            return (actor,)
    return None


def _told_apart(reading: Reading, many: Actor) -> tuple[Actor, ...]:
    """The countries that a colon tells apart behind a word for several (two capitals still resist: Budapest and Bratislava), or excepts."""
    excepted = next((at for at, a in enumerate(reading.actors) if a.excepted), None)
    if excepted is not None:
        return reading.lists[excepted]
    colon = reading.copy.text.find(":", many.end, reading.end)
    behind = [at for at, a in enumerate(reading.actors) if a.start > colon and a.binds and a.kind == "country"] if colon >= 0 else []
    if behind and reading.gap(colon, reading.actors[behind[0]].start) == 0:
        return reading.lists[behind[0]]
    return ()


def _is_patient(reading: Reading, actor: Actor, predicate: Predicate) -> bool:
    """Whether an actor is the candidate whom the predicate is about."""
    return actor.candidate is not None and actor.candidate in predicate.people


def _actors_right(reading: Reading, predicate: Predicate, high: int) -> tuple[Actor, ...]:
    _, end = reading.clause(predicate.start)
    for at, actor in enumerate(reading.actors):
        if predicate.end <= actor.start < min(high, end) and not _is_patient(reading, actor, predicate):
            if actor.kind == "allies" or actor.place:
                continue
            if reading.gap(predicate.end, actor.start) > FAR or reading.between(predicate.end, actor.start, "says"):
                return ()
            if reading.commas(predicate.end, actor.start) % 2 and not reading.between(predicate.end, actor.start, "lists"):
                return ()
            if actor.binds:
                return reading.lists[at]
            return (actor,) if actor.kind == "unnamed" and actor.country else ()
    return ()


def _agent_behind(reading: Reading, predicate: Predicate, high: int) -> tuple[Actor, ...]:
    """Who does it where that stands behind an active predicate: free in some languages, else behind a preposition (from Germany)."""
    for at, actor in enumerate(reading.actors):
        if not predicate.end <= actor.start < high or _is_patient(reading, actor, predicate):
            continue
        if reading.between(predicate.end, actor.start, "says"):
            break
        if actor.kind in ("nobody", "allies", "unnamed"):
            return ()
        if actor.binds and actor.kind != "own" and (reading.free_order or actor.oblique):
            return reading.lists[at]
    if reading.free_order:  # in Oslo they approve
        begin, end = reading.clause(predicate.start)
        return next((reading.lists[at] for at, a in enumerate(reading.actors) if a.place and a.kind == "country" and begin <= a.start < end), ())
    return ()


def _people_right(reading: Reading, predicate: Predicate, high: int) -> tuple[str, ...]:
    _, end = reading.clause(predicate.start)
    for person in reading.people:
        if predicate.end <= person.start < min(high, end) and reading.gap(predicate.end, person.start) <= FAR:
            if reading.commas(predicate.end, person.start) % 2 and predicate.stance != "nominates":
                return ()
            if _is_object(reading, person, predicate):
                return _coordinated(reading, person, predicate)
    return ()


def _people_left(reading: Reading, predicate: Predicate, low: int, until: int | None = None) -> tuple[str, ...]:
    begin, _ = reading.clause(predicate.start)
    last = predicate.start if until is None else until
    for bound in (max(low, begin), begin):
        for person in reversed(reading.people):
            if bound <= person.start and person.end <= last and _is_object(reading, person, predicate):
                if reading.between(person.end, predicate.start, "reported"):
                    return ()
                if until is not None and reading.gap(person.end, until) > RELATIVE:
                    return ()
                if predicate.voice == "active" and not person.named:
                    continue
                return _list_before(reading, person)
    return ()


RELATIVE = 3  # words between a candidate and the subject of a relative clause


def _list_before(reading: Reading, person: Person) -> tuple[str, ...]:
    """A candidate with those who stand before him or her in a list."""
    people = [person.candidate]
    first = person
    for other in reversed(reading.people):
        if other.end > first.start or other.candidate in people:
            continue
        if not _joined(reading, other, first):
            break
        people.insert(0, other.candidate)
        first = other
    return tuple(people)


_POSSESSED = re.compile(r"'s? |s' ")


def _is_object(reading: Reading, person: Person, predicate: Predicate) -> bool:
    """Whether a candidate is what a predicate is about: not the one who says it, and not merely the owner of something else."""
    if predicate.stance != "nominates" and person.named and _speaks(reading, person, predicate):
        return False
    if predicate.voice == "active" and reading.gap(predicate.end, person.start) > 1 and _behind(reading, person, "by"):
        return reading.between(predicate.start, person.start, "bid")  # the founding of an institute by
    owned = _POSSESSED.match(reading.copy.text, person.end)
    behind = owned.end() if owned else person.end
    if not owned and person.named:
        close = reading.free_order and any(
            0 < h.start - person.end and reading.gap(person.end, h.start) <= 1 and not reading.commas(person.end, h.start)
            for h in reading.of("other")
        )
        return not close or reading.between(person.end, min(person.end + 60, reading.end), "bid")
    other = [h for h in reading.of("other") if h.start >= behind and reading.gap(behind, h.start) <= 2]
    if not other:
        return True
    return any(behind <= h.start < other[0].start for h in reading.of("bid"))


def _behind(reading: Reading, person: Person, kind: str) -> bool:
    """Whether a word of a kind stands right before a candidate."""
    return any(0 <= person.start - h.end <= 1 for h in reading.words.get(kind, ()))


def _speaks(reading: Reading, person: Person, predicate: Predicate) -> bool:
    """Whether a word of saying stands right beside a candidate, who is then its subject.

    Not where the predicate before leads up to the name: in some languages the verb comes last (die Unterstützung für Rutte bestätigt).
    """
    text = reading.copy.text
    for hit in reading.of("says"):
        if text[person.end : hit.start] == " ":
            led = predicate.end <= person.start and reading.free_order and not reading.commas(predicate.end, person.start)
            return not led
        if text[hit.end : person.start] == " " and text[: hit.start].rstrip()[-1:] in QUOTE_ENDS:
            return True
    return False


QUOTE_ENDS = frozenset("\"”»’',“")


def _coordinated(reading: Reading, person: Person, predicate: Predicate) -> tuple[str, ...]:
    """A candidate with those beside whom he or she stands (between Rutte and Iohannis); not those who are passed over (rather than)."""
    del predicate
    people = [person.candidate]
    last = person
    for other in reading.people:
        if other.candidate in people or (other.start < last.end and (other.start, other.end) != (last.start, last.end)):
            continue
        if not _joined(reading, last, other):
            break
        people.append(other.candidate)
        last = other
    return tuple(people)


def _joined(reading: Reading, last: Person, other: Person) -> bool:
    """Whether two candidates stand in one list."""
    if last.start == other.start:
        return True  # the two
    gap = reading.copy.text[last.end : other.start]
    if reading.gap(last.end, other.start) > 3 or reading.between(last.end, other.start, "instead", "says"):
        return False
    if reading.named_lists:
        return gap.strip() == "," or any(h.start >= last.end and h.end <= other.start for h in reading.of("lists"))
    return bool(re.fullmatch(r"(?:,? ?(?:\w{1,3} )?|, )", gap))


def _share_people(reading: Reading, found: Sequence[Predicate], at: int, context: Sequence[str]) -> None:
    """The candidate of a predicate that names none: of the one beside it, of the sentence, of the sentences before."""
    predicate = found[at]
    if not predicate.actors or predicate.voice == "tight":
        return
    beside = [p.people for p in (*found[at + 1 : at + 2], *reversed(found[:at])) if p.people and not p.shared]
    if beside:
        predicate.people, predicate.shared = beside[0], True
        return
    if any(a.candidate for a in predicate.actors):
        return  # a candidate acts: about whom has to be said
    low, high = reading.clause(predicate.start)
    here: list[str] = []
    if predicate.stance not in ("supports", "nominates"):
        here = [p.candidate for p in reading.people if low <= p.start < high and _is_object(reading, p, predicate)]
    if not here and predicate.stance not in ("supports", "nominates"):
        here = [p.candidate for p in reading.people if p.named and p.end <= predicate.start and _is_object(reading, p, predicate)]
    if here:
        predicate.people = tuple(dict.fromkeys(here))
        return
    if context and not any(p.named for p in reading.people) and _leaves_open(reading, predicate):
        predicate.people, predicate.shared = (context[0],), True


def _leaves_open(reading: Reading, predicate: Predicate) -> bool:
    """Whether a predicate without a candidate may be about the one of the sentence before: nothing else stands where its object would."""
    if predicate.stance in ("withholds", "withdraws"):
        return True
    if any(h.start >= predicate.end and reading.gap(predicate.end, h.start) <= OBJECT for h in reading.of("bid")):
        return True
    follows = reading.copy.text[predicate.end : reading.end].lstrip("'s ")[:1]
    return predicate.stance == "opposes" and (not follows or follows in ",.;:")


# Negation -----------------------------------------------------------------------------------------------------------------------------

TURNED: Mapping[str, Mapping[str, str | None]] = {
    "refuses": {"supports": "opposes", "nominates": "withholds", "opposes": "withdraws", "withdraws": "opposes", "withholds": None},
    "not_yet": {"supports": "withholds", "nominates": "withholds", "opposes": None, "withdraws": "opposes", "withholds": "withholds"},
    "ended": {"supports": "withholds", "nominates": "withholds", "opposes": "withdraws", "withdraws": None, "withholds": None},
}


def _negated(reading: Reading, predicate: Predicate, before: Predicate | None) -> str | None:
    """What a predicate says when its negation is taken in."""
    begin, end = reading.clause(predicate.start)
    low = max(begin, before.start if before else reading.start)
    for kind in ("not_yet", "ended", "refuses"):
        for hit in reversed(reading.words.get(kind, ())):
            if _negates(reading, hit, predicate, low, end, over_subject=kind == "not_yet"):
                predicate.trace.append(f"{kind}:{reading.copy.text[hit.start : hit.end]}")
                return TURNED[kind][predicate.stance]
    return predicate.stance


def _negates(reading: Reading, hit: Hit, predicate: Predicate, low: int, high: int, *, over_subject: bool) -> bool:
    """``over_subject``: the word may stand before the subject (whether Germany backs)."""
    if any(a <= hit.start and hit.end <= b for a, b in predicate.gaps):
        return True
    if low <= hit.start and hit.end <= predicate.start:
        stretch = (hit.end, predicate.start)
    elif reading.negation_behind and predicate.end <= hit.start and hit.end <= high:
        return reading.gap(predicate.end, hit.start) <= NEGATION and not reading.commas(predicate.end, hit.start)
    else:
        return False
    if reading.gap(*stretch) > NEGATION:
        return False
    if over_subject and any(r.start == hit.start for r in reading.words.get("reported", ())):
        return True  # ob Polen Rutte unterstützt
    if any(stretch[0] <= p.start < stretch[1] and p.named for p in reading.people) and predicate.voice != "passive":
        return False
    between = [a for a in reading.actors if stretch[0] <= a.start < stretch[1] and a.kind in ("country", "person", "allies", "nobody")]
    return not between or (over_subject and reading.gap(stretch[0], between[0].start) <= 1)
