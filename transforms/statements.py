"""The statements of a text, sentence by sentence, with what carries over from one to the next.

Belongs here: which sentences are read, whom a pronoun or a description means, and the country for which "its" stands. The one position that
comes of all statements is made in :mod:`transforms.endorsements`.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from transforms.actor_lists import lists_of
from transforms.actor_runs import Actor
from transforms.actors import GROUP, actors_of
from transforms.attribution import Verdict, said_by, sources_of, verdict
from transforms.clause_reading import Predicate, Reading, sentences_in
from transforms.clauses import predicates_of
from transforms.descriptions import CLOSING, Known, people_in
from transforms.normalise import Folded
from transforms.offices import Offices, Sightings
from transforms.passage import Passage
from transforms.position_words import PREDICATES, SECTIONS, Hit, Place, Words, WordsByLanguage
from transforms.records import Field
from transforms.sentence_marks import NOTHING, InTurn, Marks, marks_by_sentence
from transforms.slots import TIGHT
from transforms.weighing import Name
from transforms.word_hits import by_kind, resolved, turn_whether

BEFORE, BEHIND = 400, 1_500  # code points before the first and behind the last name that are read
ANSWER = 4  # code points before the name that answers a question
NEGATED = 15  # code points between a negation and the word that it negates
LEAVING = 4  # words between a candidate and the word that says that he or she left
_RIGHT_BEHIND = re.compile(rf"(?:[^\w]*[\w'-]+){{0,{TIGHT + 1}}}")
NEARBY = 4  # sentences behind a name in which a pronoun or a description may stand for it


@dataclass(frozen=True, slots=True)
class Positions:
    """What finding positions goes by. May be shared between threads."""

    words: WordsByLanguage  # by language, where there is a lexicon
    home: Mapping[str, str]  # candidate → country
    endorsers: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One sentence's word on one country and candidate."""

    endorser: str
    candidate: str
    verdict: Verdict
    reading: Reading
    order: int
    rule: str
    by_word: bool  # the predicate itself says so, without a negation
    at: tuple[int, int]  # where the predicate stands
    nominates: bool = False  # the country puts the candidate forward
    source: Reading | None = None  # the sentence that names who says it, where that is another one


@dataclass(frozen=True, slots=True)
class _Unit:
    """A sentence of a folded field."""

    field: Field
    start: int
    end: int


STANDING_FOR = frozenset(SECTIONS["ellipsis"])
LOOKING_BACK = frozenset({"refers", "restates", "denial"})  # kinds of words for what the sentence before says


class Reader:
    """Goes through a text sentence by sentence and keeps what carries over."""

    def __init__(self, positions: Positions, offices: Offices, passage: Passage, words: Words) -> None:
        self.positions, self.offices, self.passage, self.words = positions, offices, passage, words
        self.seen: Sightings = offices.read(passage)
        self.candidates: list[str] = []  # last named first
        self.countries: list[str] = []  # who acted in the sentence before, first actor first
        self.speaker: Actor | None = None  # who spoke or acted in the sentence before
        self.last: tuple[str, tuple[str, ...]] | None = None  # stance and candidates of the last statement
        self.asked: Sequence[Actor] = ()  # whose support the question before asks for
        self.before: list[Statement] = []  # the statements of the sentence before
        self.elsewhere = False  # the text is at another contest
        self.order = 0  # of the sentence
        self.named = -NEARBY  # the last sentence that names a candidate
        self.gone: set[str] = set()  # candidates of whom the text has said that they left

    def statements(self) -> Iterator[Statement]:
        for field_name, copy in self.passage.folded.items():
            self.elsewhere = False
            names = [n for n in self.passage.names if n.field == field_name]
            start, end = self._stretch(copy, names)
            if start == end:
                continue
            spans = list(sentences_in(copy, start, end))
            marks = marks_by_sentence(copy, field_name, names, self.seen, self.words, spans) if spans else {}
            looked_for = InTurn(self.words.looked_for.places(copy.text, start, end))
            standing_in = InTurn(self.words.standing_in.places(copy.text, start, end))
            for at, (low, high) in enumerate(spans):
                self.order += 1
                here, told, own = marks.get(at), looked_for.until(high), standing_in.until(high)
                if (told or self.asked) and self._may_tell(copy, low, high, here or NOTHING, told, own):
                    yield from self._sentence(copy, _Unit(field_name, low, high), here or NOTHING)
                    continue
                self.before, self.asked = [], ()
                if here is not None:
                    self._pass_by(copy, low, high, here)

    def _stretch(self, copy: Folded, names: Sequence[Name]) -> tuple[int, int]:
        """The part of a field in which a statement may stand: around the names, or at its beginning where only the title has one."""
        end = min(len(copy.text), (names[-1].end if names else 0) + BEHIND) if names or self.candidates else 0
        if not names or self.candidates:
            return 0, end
        begin = names[0].start - BEFORE
        return (0, end) if begin <= 0 else (copy.text.rfind(". ", 0, begin) + 1, end)

    def _may_tell(self, copy: Folded, start: int, end: int, here: Marks, told: Sequence[Place], own: Sequence[Place]) -> bool:
        """Whether a sentence has what a statement needs: a candidate in it or not long before, who acts, and a predicate.

        ``told`` and ``own``: keys of predicates, and of words that stand for a country.
        """
        if self.asked and here.names:
            return True
        if not here.names and self.order - self.named > NEARBY and not _asks(copy, end):
            return False
        present = bool(here.countries or here.offices or here.officials)
        if not (present or self.before or (own and self.countries)):
            return False
        words, text = self.words, copy.text
        hits = words.looked_for.fitting(text, start, end, told)
        if not any(not hit.kind.endswith(".tight") or self._meets_candidate(text, hit.end, end, here) for hit in hits):
            return False
        if present or (self.before and any(hit.kind not in PREDICATES for hit in hits)):
            return True
        return bool(words.standing_in.fitting(text, start, end, own) or (self.before and words.pronouns.find(text, start, end)))

    def _meets_candidate(self, text: str, at: int, end: int, here: Marks) -> bool:
        """Whether anything that may mean a candidate stands where a predicate of a common word needs it: right behind.

        Or before it, where it ends the sentence (it is Rutte whom Paris wants).
        """
        if here.names and not text[at:end].strip(".!"):
            return True
        words = _RIGHT_BEHIND.match(text, at, end)
        until = words.end() if words else end
        if any(at <= m.start < until for marks in (here.names, here.countries, here.offices) for m in marks):
            return True
        return bool(self.words.pronouns.find(text, at, until))

    def _pass_by(self, copy: Folded, start: int, end: int, here: Marks) -> None:
        """What carries over from a sentence that tells nothing."""
        if here.contest:
            self._move(copy, by_kind(self.words.contest.fitting(copy.text, start, end, here.contest)), here.names)
        if here.leaves and here.names:
            self._leave(copy, self.words.leaving.find(copy.text, start, end), here.names)
        self._carry(here.names)
        candidates = {(n.start, n.end) for n in here.names}
        officials = [o for o in here.officials if o.office and (o.start, o.end) not in candidates]
        acting = [c.country for c in here.countries if c.role in ("name", "seat")] + [o.country for o in officials]
        self.countries = acting or self.countries
        if officials:
            last = officials[-1]
            self.speaker = Actor(start=last.start, end=last.end, kind="person", country=last.country, name=last.name, role=last.office)
        elif acting:
            self.speaker = None

    def _carry(self, names: Sequence[Name]) -> None:
        for name in names:
            self.candidates = [name.candidate, *(c for c in self.candidates if c != name.candidate)]
            self.named = self.order

    def _leave(self, copy: Folded, hits: Sequence[Hit], names: Sequence[Name]) -> None:
        """Note who has left the contest: positions on them are over, and what is said later without a name is not about them."""
        negations = [h for h in hits if h.kind != "gone"]
        for hit in (h for h in hits if h.kind == "gone"):
            if any(0 <= hit.start - n.end <= NEGATED for n in negations):
                continue
            for name in names:
                gap = copy.text[name.end : hit.start] if name.end <= hit.start else copy.text[hit.end : name.start]
                if "," not in gap and gap.count(" ") <= LEAVING:
                    self.gone.add(name.candidate)

    def _sentence(self, copy: Folded, unit: _Unit, here: Marks) -> Iterator[Statement]:
        names, countries, offices, officials = here.names, here.countries, here.offices, here.officials
        kinds = by_kind(resolved(self.words.everything.find(copy.text, unit.start, unit.end)))
        turn_whether(copy, kinds)
        self._move(copy, kinds, names)
        hits = [h for found in kinds.values() for h in found]
        actors, described = actors_of(
            copy, countries, offices, officials, names, hits, self.positions.home, self.words.nouns, title=unit.field == "title"
        )
        anywhere = dict.fromkeys((*(n.candidate for n in names), *self.candidates, *(n.candidate for n in self.passage.names)))
        known = Known(self.candidates, list(anywhere), self.positions.home, self.words.article)
        people = people_in(copy, described, countries, kinds, known)
        told: list[Statement] = []
        stated = any(kind in PREDICATES for kind in kinds) and not _asks(copy, unit.end)
        looks_back = bool(self.before) and not kinds.keys().isdisjoint(LOOKING_BACK)
        stated = stated or (bool(self.last or self.candidates) and not STANDING_FOR.isdisjoint(kinds))
        answers = bool(self.asked and names) and names[0].start - unit.start <= ANSWER
        if (stated or looks_back or answers) and not self.elsewhere:
            lists = lists_of(copy, actors, hits, named=self.words.named_lists)
            reading = Reading(
                field=unit.field,
                copy=copy,
                start=unit.start,
                end=unit.end,
                words=kinds,
                actors=actors,
                lists=lists,
                people=people,
                named_lists=self.words.named_lists,
                free_order=self.words.free_order,
                negation_behind=self.words.negation_behind,
            )
            told = list(self._read(reading)) if stated else []
            if not told and looks_back:
                told = list(self._rejected(reading) if "denial" in kinds else self._confirmed(reading))
            if not told and answers:
                told = list(self._answered(reading, names[0]))
            yield from told
        wanted = not names and _asks(copy, unit.end) and any(k.startswith(("supports.", "nominates.")) for k in kinds)
        self.asked = [a for a in actors if a.kind == "country" and not a.place] if wanted else ()
        self.before = told
        if "conditional" not in kinds and "unreal" not in kinds:
            self._leave(copy, [h for kind in ("gone", "refuses", "not_yet") for h in kinds.get(kind, ())], names)
        self._carry(names)
        acting = [a.country for a in actors if a.country and not a.place and a.kind != "nobody" and not a.candidate]
        self.countries = acting or self.countries
        people_here = [a for a in actors if a.kind in ("person", "office") and a.country and not a.place and not a.candidate]
        self.speaker = people_here[-1] if people_here else self.speaker if not acting else None

    def _move(self, copy: Folded, kinds: Mapping[str, Sequence[Hit]], names: Sequence[Name]) -> None:
        """Keep track of the contest that the text is at."""
        elsewhere = [
            h
            for h in kinds.get("elsewhere", ())
            if not any(-14 <= h.start - n.end <= 8 or -8 <= n.start - h.end <= 22 for n in names if _apposed(copy, h, n))
        ]
        if elsewhere:
            self.elsewhere = not kinds.get("post")
        elif kinds.get("post"):
            self.elsewhere = False

    def _read(self, reading: Reading) -> Iterator[Statement]:
        sources = sources_of(reading, self.speaker)
        for predicate in predicates_of(reading, [c for c in self.candidates if c not in self.gone], self.last):
            self.last = (predicate.stance if predicate.result is None else predicate.result, predicate.people)
            for who in predicate.actors:
                actor = _with_exception(reading, who)
                for country in (actor.country,) if actor.country else self._own(reading, actor, predicate):
                    if country not in self.positions.endorsers:
                        continue
                    if predicate.stance == "nominates" and (
                        (actor.candidate and actor.candidate not in predicate.people)
                        or (predicate.shared and any(self.positions.home[c] != country for c in predicate.people))
                    ):
                        continue  # candidates put nobody forward; a country is taken to put forward its own
                    found = verdict(reading, predicate, actor, country, sources, self._holder)
                    for candidate in predicate.people if found else ():
                        if found is None or (actor.candidate == candidate and predicate.stance != "nominates"):
                            continue  # a wish for oneself
                        yield Statement(
                            endorser=country,
                            candidate=candidate,
                            verdict=found,
                            reading=reading,
                            order=self.order,
                            rule="; ".join((*predicate.trace, found.why)),
                            by_word=predicate.stance == predicate.result,
                            at=(predicate.start, predicate.end),
                            nominates=predicate.stance == "nominates",
                        )

    def _answered(self, reading: Reading, name: Name) -> Iterator[Statement]:
        """The candidate whose name answers a question for a country's choice (Whom will Oslo back? Rutte, the minister said)."""
        sources = sources_of(reading)
        for actor in self.asked:
            predicate = Predicate(
                start=name.start,
                end=name.end,
                stance="supports",
                voice="active",
                result="supports",
                actors=(actor,),
                people=(name.candidate,),
            )
            country = str(actor.country)
            found = verdict(reading, predicate, actor, country, sources, self._holder)
            if found is not None and country in self.positions.endorsers and self.positions.home[name.candidate] != country:
                yield Statement(
                    endorser=country,
                    candidate=name.candidate,
                    verdict=found,
                    reading=reading,
                    order=self.order,
                    rule="; ".join(("answer", found.why)),
                    by_word=True,
                    at=(name.start, name.end),
                )

    def _confirmed(self, reading: Reading) -> Iterator[Statement]:
        """The statements of the sentence before, where this one names their source.

        At its beginning (das sagte der Regierungssprecher), or anywhere by what is said (the minister announced the decision on Monday).
        """
        begins = any(reading.gap(reading.start, h.start) <= 1 for h in reading.words.get("refers", ()))
        again = [  # not: the decision to build a bridge, that schools stay closed, of the court
            h
            for h in reading.words.get("restates", ())
            if not any(h.end < w.start <= h.end + 1 for w in reading.of("headline", "reported", "by"))
        ]
        for source in sources_of(reading):
            if not begins and not any(h.start <= source.says.start < h.end for h in again):
                continue
            actor = _first_of(reading, source.actor)
            for statement in self.before:
                if actor is not None and actor.kind in ("person", "office", "body", "country", "own", "unnamed"):
                    found = said_by(statement.verdict, actor, statement.endorser, self._holder)
                    if found is not None:
                        yield dataclasses.replace(statement, verdict=found, source=reading)

    def _rejected(self, reading: Reading) -> Iterator[Statement]:
        """The statements of the sentence before, where in this one the country rejects reports."""
        acting = {a.country for a in reading.actors if a.country and not a.place and a.kind != "unnamed"}
        for statement in self.before:
            if acting <= {statement.endorser} and (acting or any(a.kind in ("own", "body", "office") for a in reading.actors)):
                told = statement.verdict
                stance = told.stance if told.stance == "opposes" else "withholds"
                yield dataclasses.replace(statement, verdict=dataclasses.replace(told, stance=stance, status="denied"))

    def _own(self, reading: Reading, actor: Actor, predicate: Predicate) -> tuple[str, ...]:
        """The countries for which "its" stands: the one last named, else that of whoever speaks, else the sentence before's."""
        others = [
            a for a in reading.actors if a.country and a.kind != "nobody" and (a.candidate is None or a.candidate not in predicate.people)
        ]
        sources = [a for a in others if a.kind == "unnamed" and a.end <= actor.start]
        others = [a for a in others if a.kind != "unnamed"]
        if _quoted(reading, actor.start):  # we, in somebody's mouth
            spoken = [s.actor for s in sources_of(reading) if s.actor in others and not _quoted(reading, s.actor.start)]
            if spoken and spoken[0] is not None and spoken[0].country:
                return (spoken[0].country,)
        before = [a for a in others if a.end <= actor.start]
        if not before and any(h.end <= actor.start for h in reading.words.get("generic", ())):
            return ()  # a country does not have to approve; it only has to stop objecting
        free = [a for a in before if not a.place]
        after = [a for a in others if a.start >= actor.end and not a.place and a.kind in ("person", "office") and not a.candidate]
        chosen = free[-1:] or after[:1] or sources[-1:] or before[-1:]
        if chosen:
            group = reading.lists[reading.actors.index(chosen[0])] if chosen[0] in free else chosen
            return tuple(dict.fromkeys(a.country for a in group if a.country))
        if actor.kind == "office" and len(set(self.countries)) > 1:
            return ()  # whose prime minister it is nobody can tell
        return tuple(dict.fromkeys(self.countries)) if actor.role == GROUP else tuple(self.countries[:1])

    def _holder(self, country: str, kind: str) -> str | None:
        official = self.offices.holder(country, kind, self.passage.published_on)
        return official.name if official else None


def _with_exception(reading: Reading, actor: Actor) -> Actor:
    """An "it" in a sentence that begins with exceptions is one of the others (except for Hungary, every ally says it backs)."""
    one = next((a for a in reading.actors if a.country and not a.candidate), None)
    many = any(h.start < actor.start for h in reading.of("allies", "post"))
    apart = actor.kind == "own" and one is not None and one.excepted and many
    return dataclasses.replace(actor, excepted=True) if apart else actor


def _first_of(reading: Reading, actor: Actor | None) -> Actor | None:
    """Whoever is named first of those who say something together for one country (the premier and the foreign minister announced)."""
    at = next((at for at, a in enumerate(reading.actors) if a is actor), 0)
    first = reading.actors[at - 1] if at else None
    if first is None or actor is None or (first.country, first.kind) != (actor.country, actor.kind):
        return actor
    joined = reading.between(first.end, actor.start, "lists") and reading.gap(first.end, actor.start) == 1
    return first if joined else actor


def _asks(copy: Folded, end: int) -> bool:
    """Whether a sentence that ends there is a question."""
    return copy.text[max(0, end - 2) : end + 1].rstrip("\"'”»’ ").endswith("?")


def _quoted(reading: Reading, at: int) -> bool:
    """Whether a place lies inside quotation marks."""
    before = reading.copy.text[reading.start : at]
    return sum(before.count(c) for c in OPENING) > sum(before.count(c) for c in CLOSING) or before.count('"') % 2 == 1


OPENING = "“«„"


def _apposed(copy: Folded, hit: Hit, name: Name) -> bool:
    """Whether another post is only the title of a person (European Commission President Ursula von der Leyen)."""
    gap = copy.text[hit.end : name.start] if hit.end <= name.start else copy.text[name.end : hit.start]
    return bool(re.fullmatch(r"[\w-]*,? ?(?:\w+ ){0,1}(?:\w+ )?", gap)) and (hit.end <= name.start or gap.startswith(","))
