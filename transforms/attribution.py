"""Who says it, and how firmly: the status of a statement and the person who speaks for the country on the record.

Stated: a named person, an office, a spokesman or an official text of the country. Reported: unnamed sources, a third party, or the
reporter alone. Expected, conditional and denied say more than who says it and go before.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable
from dataclasses import dataclass

from transforms.actor_runs import Actor
from transforms.actors import HOLDERS, SPEAKERS
from transforms.clause_reading import Predicate, Reading
from transforms.mood import condition_of, conditional_clause, denial_of, has_mood, is_promised, opens
from transforms.normalise import fold_text
from transforms.position_words import PREDICATES, Hit


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A word of saying with its subject."""

    says: Hit
    actor: Actor | None
    other: Actor | None = None  # who else it may be: on the other side of the word
    stranger: bool = False  # a name that is nobody's here


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The status of one country's statement, and who makes it."""

    stance: str
    status: str
    speaker: str | None = None
    role: str | None = None
    earlier: bool = False
    why: str = ""


Holder = Callable[[str, str], str | None]  # country, kind of office → full name on the day


_ARTICLES = re.compile(r"(?:[ ']\w{0,3}){0,3} ?")


TEXT_WORDS = 3  # of a phrase that names an official text, and not a body (in a joint statement)
_LAST_WORD = re.compile(r"([^\W\d_][\w'-]+) (?:\w{1,4} )?$")


LEFT, RIGHT = 8, 3  # words between a word of saying and its subject


def sources_of(reading: Reading, speaker: Actor | None = None) -> list[Source]:
    """Words of saying with their subjects, by place. ``speaker``: who spoke in the sentence before, for a word that has none (he said)."""
    found = []
    clauses = [conditional_clause(reading, h) for h in reading.words.get("conditional", ()) if opens(reading, h)]
    for hit in reading.of("says", "according"):
        if any(low < hit.start < high for low, high in clauses) or reading.within(hit, "expected"):
            continue  # if he promises; will announce
        first, other = _subject(reading, hit)
        if speaker is not None and _said_by_pronoun(reading, hit, speaker):
            first, other = speaker, None
        stranger = first is None and _stranger(reading, hit)
        if first is None and not stranger:
            first = speaker
        found.append(Source(says=hit, actor=first, other=other, stranger=stranger))
    colon = reading.copy.text.find(":", reading.start, reading.end)
    if colon >= 0:  # Foreign minister Antonio Tajani: "We are for Rutte"
        before = [a for a in reading.actors if a.end <= colon and not _owns(reading.copy.text, a)]
        actor = next((a for a in reversed(before) if a.kind != "own" or (a.role == "government" and a.end == colon)), None)
        if actor is not None and (actor.end == colon or actor.kind in ("person", "office")):
            found.append(Source(says=Hit(colon, colon + 1, "says"), actor=actor))
    return found


def _said_by_pronoun(reading: Reading, says: Hit, speaker: Actor) -> bool:
    """Whether "he said" can mean whoever spoke before: a pronoun stands right before, and nobody is named in the sentence.

    A spokesman is meant whomever he names (the chancellor supports Rutte, he said).
    """
    others = [a for a in reading.actors if a.end <= says.start and a.kind in ("person", "office", "unnamed", "nobody") and not a.candidate]
    if others and speaker.role not in SPEAKERS:
        return False
    return any(reading.copy.text[h.end : says.start] == " " for h in reading.words.get("pronouns", ()))


def _subject(reading: Reading, says: Hit) -> tuple[Actor | None, Actor | None]:
    """Who says it, and who else might: beside the word, on the right where a quotation or a comma stands before it."""
    text = reading.copy.text
    right = next((a for a in reading.actors if a.start >= says.end), None)
    before = [a for a in reversed(reading.actors) if a.end <= says.start and not _owns(text, a) and not a.oblique and not a.place]
    # not inside an aside, nor before a participle
    even = [a for a in before if reading.commas(a.end, says.start) % 2 == 0 or _closed(reading, a)]
    left = next((a for a in even if not a.candidate or reading.near(a.end, says.start) <= 1), before[0] if before and not even else None)
    inside = next((a for a in reading.actors if says.start < a.start < says.end or a.start < says.start < a.end), None)
    if inside is not None:  # kündigte der Ministerpräsident an
        return inside, None
    if says.kind == "according":
        return (right, None) if right is not None and reading.gap(says.end, right.start) <= 2 * RIGHT else (left, None)
    if left is not None and left.kind not in ("person", "office") and reading.near(left.end, says.start) > LEFT:
        left = None
    mark = text[: says.start].rstrip()[-1:]
    closes = left is not None and left.kind in ("person", "office") and _aside_behind(reading, left, says.start)
    turned = mark in CLOSING or (mark in (",", "-") and not closes and right is not None and right.kind not in ("country", "own"))
    if right is not None and any(says.end < h.start <= says.end + 1 for h in reading.of("reported")):
        right = None  # said that
    if right is not None:
        words = reading.gap(says.end, right.start)
        if words > RIGHT or not (turned or reading.free_order or _ARTICLES.fullmatch(text, says.end, right.start)):
            right = None
    if right is not None and (left is None or turned):
        return right, left
    return left, right


def _aside_behind(reading: Reading, actor: Actor, end: int) -> bool:
    """Whether an aside right behind an actor closes at a place (Jan Novák, the spokesman, told)."""
    opens = reading.copy.text[actor.end : actor.end + 1] == "," and reading.commas(actor.end, end) > 1
    return opens or _closed(reading, actor)


def _closed(reading: Reading, actor: Actor) -> bool:
    """Whether the comma behind an actor closes an apposition of its own (the minister, Jan Novák, said)."""
    return reading.commas(actor.start, actor.end) == 1 and reading.copy.text[actor.end : actor.end + 1] == ","


CLOSING = frozenset("\"”»’'“")


def _stranger(reading: Reading, says: Hit) -> bool:
    """Whether a word with a capital, of which nothing is known, stands right before a word of saying."""
    copy = reading.copy
    word = _LAST_WORD.search(copy.text, max(reading.start, says.start - 40), says.start)
    return word is not None and copy.char(word.start(1)).isupper() and word.start(1) > reading.start


def _owns(text: str, actor: Actor) -> bool:
    """Whether an actor only says whose something is (holding Rutte's letter)."""
    return text.startswith(("'s ", "' "), actor.end)


def verdict(reading: Reading, predicate: Predicate, actor: Actor, country: str, sources: list[Source], holder: Holder) -> Verdict | None:
    """What one sentence says of one country by one predicate; None where it says nothing (hypothetical, wished for)."""
    stance = predicate.result or ""
    low, _ = reading.clause(predicate.start)
    if has_mood(reading, predicate, "unreal", low):
        return None
    if stance == "withholds" and reading.of("then"):
        return None  # what was open then
    if stance == "supports" and any(h.start >= predicate.end for h in reading.of("failed")):
        return None
    earlier = has_mood(reading, predicate, "earlier", low)
    condition = condition_of(reading, predicate)
    if condition == "hypothetical":
        return None
    denied = denial_of(reading, predicate, country)
    if denied == "third party":
        return None
    speaker, role, status, why = _said_by(reading, predicate, actor, country, sources, holder)
    if actor.excepted:
        stance = "withholds" if stance in ("supports", "nominates") else stance
        status, speaker, role, why = "reported", None, None, "except"
    if stance == "nominates":
        stance = "supports"
    if denied:
        remains = "opposes" if stance == "withdraws" else "withholds"
        return Verdict(stance=remains, status="denied", speaker=speaker, role=role, why="denial")
    if condition == "conditional" and predicate.stance == "supports" and predicate.result == "opposes":
        stance, condition = "withholds", "conditional"  # will not support unless: waits for it
    if condition == "conditional" and predicate.stance != "withholds":
        promised = stance == "supports" and is_promised(reading, predicate, low)
        return Verdict(
            stance="withholds" if promised else stance, status="conditional", speaker=speaker, role=role, earlier=earlier, why="condition"
        )
    if (has_mood(reading, predicate, "expected", low) or _headline(reading, predicate, actor)) and stance != "withholds":
        return Verdict(stance=stance, status="expected", speaker=speaker, role=role, earlier=earlier, why="expected")
    return Verdict(stance=stance, status=status, speaker=speaker, role=role, earlier=earlier, why=why)


def _headline(reading: Reading, predicate: Predicate, actor: Actor) -> bool:
    """Whether only a word such as "to" stands between who acts and the predicate, as headlines tell what is to come."""
    return any(h.start == actor.end + 1 and h.end + 1 == predicate.start for h in reading.words.get("headline", ()))


def said_by(told: Verdict, actor: Actor, country: str, holder: Holder) -> Verdict | None:
    """A verdict with the source that a later sentence names; None where that is not the country's."""
    if actor.kind == "unnamed":
        return dataclasses.replace(told, status="reported", speaker=None, role=None) if told.status == "stated" else None
    if actor.country not in (None, country):
        return None
    name, role = _speaker(actor, country, holder)
    return dataclasses.replace(told, status="stated" if told.status == "reported" else told.status, speaker=name, role=role)


def _said_by(
    reading: Reading, predicate: Predicate, actor: Actor, country: str, sources: list[Source], holder: Holder
) -> tuple[str | None, str | None, str, str]:
    """Speaker, role, status, and what decided it."""
    stated: list[Actor] = []
    foreign = outer = False
    if actor.kind == "unnamed":
        return None, None, "reported", "unnamed source"
    for source in sources:
        subject = source.actor
        if subject is not None and subject.candidate and subject.candidate in predicate.people and subject.country != country:
            subject = source.other or subject
        if source.stranger and _governs(reading, source, predicate, country):
            foreign = foreign or not stated or source.says.start > predicate.end
            outer = outer or source.says.start > predicate.end
        if subject is None or not _governs(reading, source, predicate, country):
            continue
        within = predicate.start <= source.says.start and source.says.end <= predicate.end
        if within and subject.kind == "country" and subject.role != "government":
            continue  # had declared for Rutte: the predicate itself, told by the reporter
        if subject.candidate and subject.candidate in predicate.people and subject.country == country and predicate.stance != "nominates":
            continue
        if subject.kind == "unnamed":
            if subject.place:
                continue  # in an interview with a newspaper
            return None, None, "reported", "unnamed source"
        own = country in _group(reading, subject) or (subject.country is None and subject.kind in ("office", "person", "body", "own"))
        if own and not foreign:
            stated.append(subject)
        elif not own:
            foreign = True
    best = max(stated, key=lambda a: (a.kind == "person", a.kind == "office", a.kind != "country"), default=None)
    if best is not None and not _hedged(reading, best) and (best.kind != "country" or not (outer or _unnamed(reading, sources))):
        return *_speaker(best, country, holder), "stated", "said by the country"
    if best is not None or foreign:
        return None, None, "reported", "said by a third party"
    if _unnamed(reading, sources):
        return None, None, "reported", "unnamed source"
    if predicate.outer is not None and predicate.outer.country == country and predicate.outer.kind in ("person", "office"):
        return *_speaker(predicate.outer, country, holder), "stated", "answered by an official"
    if actor.kind in ("person", "office"):
        return *_speaker(actor, country, holder), "stated", "done by an official"
    if predicate.stance == "nominates":
        return None, None, "stated", "official act"
    if any(reading.gap(h.start, h.end) >= TEXT_WORDS for h in reading.words.get("official", ())):
        return None, None, "stated", "official text"  # in a joint statement
    return None, None, "reported", "no source"


def _group(reading: Reading, subject: Actor) -> list[str | None]:
    """The countries of those who say something together."""
    at = next((at for at, a in enumerate(reading.actors) if a is subject), None)
    return [a.country for a in (reading.lists[at] if at is not None else (subject,))]


def _hedged(reading: Reading, speaker: Actor) -> bool:
    """Whether it is only said that somebody said so (is understood to have told): the words stand right behind the speaker."""
    return any(
        h.start >= speaker.end and reading.near(speaker.end, h.start) <= 1 and reading.between(h.start, reading.end, "says")
        for h in reading.of("unnamed", "hearsay")
        if not any(a.start <= h.start < a.end for a in reading.actors)
    )


def _governs(reading: Reading, source: Source, predicate: Predicate, country: str) -> bool:
    """Whether what a source says takes in a predicate."""
    says = source.says
    of_country = source.actor is not None and source.actor.country in (None, country)
    if says.start <= predicate.start:
        return of_country or not reading.between(says.end, predicate.start, "breaks")
    if any(h.start > says.end for h in reading.of(*PREDICATES)):
        return of_country
    return True


def _unnamed(reading: Reading, sources: list[Source]) -> bool:
    """Whether an unnamed source stands for the sentence: not one to whom somebody speaks (told reporters)."""
    if reading.words.get("hearsay"):
        return True
    for hit in reading.words.get("unnamed", ()):
        if any(a.kind not in ("unnamed", "body") and a.start <= hit.start < a.end for a in reading.actors):
            continue
        if any(0 <= hit.start - w.end <= 8 and reading.gap(w.end, hit.start) <= 2 for w in reading.words.get("place", ())):
            continue  # speaking to a newspaper
        told = [s for s in sources if s.says.end <= hit.start and reading.gap(s.says.end, hit.start) <= RIGHT]
        if any(s.actor is not None and s.actor.end <= s.says.start and s.actor.kind != "unnamed" for s in told):
            continue
        return True
    return False


def _speaker(actor: Actor, country: str, holder: Holder) -> tuple[str | None, str | None]:
    if actor.name is not None:
        official = holder(country, actor.role) if actor.role else None
        if official and fold_text(actor.name).split()[-1] == fold_text(official).split()[-1]:
            return official, actor.role  # Lord Cameron, Mr Eide
        if (
            official
            and actor.role in HOLDERS
            and actor.name.isascii() != fold_text(official).isascii()
            and not fold_text(actor.name).isascii()
        ):
            return official, actor.role  # in another script
        return actor.name, actor.role
    if actor.kind == "office" and actor.role in HOLDERS and actor.alone:
        return holder(country, str(actor.role)), actor.role
    return None, actor.role if actor.kind == "office" else None
