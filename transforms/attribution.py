"""Who says it, and how firmly: the status of a statement and the person who speaks for the country on the record.

Stated: a named person, an office, a spokesman or an official text of the country. Reported: unnamed sources, a third party, or the
reporter alone. Expected, conditional and denied say more than who says it and go before.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from transforms.actors import Actor
from transforms.clauses import Predicate, Reading
from transforms.position_words import PREDICATES, Hit


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A word of saying with its subject."""

    says: Hit
    actor: Actor | None


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

MOOD = 8  # words between a word of mood and its predicate
LEFT, RIGHT = 8, 3  # words between a word of saying and its subject
_ASIDE = re.compile(r",.*,\s*$", re.DOTALL)


def sources_of(reading: Reading) -> list[Source]:
    """Words of saying with their subjects."""
    found = []
    for hit in reading.of("says"):
        if reading.between(hit.start, hit.end, *PREDICATES) and False:
            continue
        found.append(Source(says=hit, actor=_subject(reading, hit)))
    return found


def _subject(reading: Reading, says: Hit) -> Actor | None:
    text = reading.copy.text
    right = next((a for a in reading.actors if a.start >= says.end and reading.gap(says.end, a.start) <= RIGHT), None)
    left = next((a for a in reversed(reading.actors) if a.end <= says.start), None)
    if left is not None:
        aside = bool(_ASIDE.match(text, left.end, says.start)) or text[left.end : left.end + 1] == ","
        if reading.gap(left.end, says.start) > (2 * LEFT if aside else LEFT):
            left = None
    before = text[: says.start].rstrip()[-1:]
    if right is not None and text[says.end : right.start].strip(" ") in ("", "the", "a", "an", "to", "its"):
        closes = before in "\"”»’'"
        if left is None or closes or (before == "," and right.kind not in ("country", "own")):
            return right
    return left or right


def verdict(reading: Reading, predicate: Predicate, actor: Actor, country: str, sources: list[Source], holder: Holder) -> Verdict | None:
    """What one sentence says of one country by one predicate; None where it says nothing (hypothetical, wished for)."""
    stance = predicate.result or ""
    low, high = reading.clause(predicate.start)
    if _mood(reading, predicate, "unreal", low):
        return None
    earlier = _mood(reading, predicate, "earlier", low)
    condition = _condition(reading, predicate)
    if condition == "hypothetical":
        return None
    denied = _denied(reading, predicate, country)
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
    if condition == "conditional":
        promised = stance == "supports" and _promised(reading, predicate, low)
        return Verdict(
            stance="withholds" if promised else stance, status="conditional", speaker=speaker, role=role, earlier=earlier, why="condition"
        )
    if _mood(reading, predicate, "expected", low) and stance != "withholds":
        return Verdict(stance=stance, status="expected", speaker=speaker, role=role, earlier=earlier, why="expected")
    return Verdict(stance=stance, status=status, speaker=speaker, role=role, earlier=earlier, why=why)


# Mood ---------------------------------------------------------------------------------------------------------------------------------


def _mood(reading: Reading, predicate: Predicate, kind: str, low: int) -> bool:
    """Whether a word of mood stands before a predicate in its clause, with no other statement between them."""
    for hit in reading.words.get(kind, ()):
        if hit.start < low or hit.end > predicate.start:
            if not (hit.start < predicate.start < hit.end):
                continue
        if reading.gap(hit.end, predicate.start) <= MOOD and not reading.between(hit.end, predicate.start, *PREDICATES):
            return True
    return False


def _condition(reading: Reading, predicate: Predicate) -> str:
    """"conditional" where support hangs on something, "hypothetical" where it hangs on a candidate's leaving or is the condition."""
    for hit in reading.words.get("conditional", ()):
        start, end = _conditional_clause(reading, hit)
        if start <= predicate.start < end:
            if hit.end <= predicate.start and reading.gap(hit.end, predicate.start) <= MOOD:
                return "hypothetical"
            continue
        if any(start <= d.start < end for d in reading.of("departure", "unreal")):
            return "hypothetical"
        return "conditional"
    return ""


def _conditional_clause(reading: Reading, hit: Hit) -> tuple[int, int]:
    """From the conjunction to the next comma or break."""
    comma = reading.copy.text.find(",", hit.end, reading.end)
    breaks = [b.start for b in reading.words.get("breaks", ()) if b.start > hit.end]
    return hit.start, min([reading.end, *([comma] if comma >= 0 else []), *breaks])


def _promised(reading: Reading, predicate: Predicate, low: int) -> bool:
    return any(low <= h.start and h.end <= predicate.start and reading.gap(h.end, predicate.start) <= MOOD for h in reading.of("promised"))


def _denied(reading: Reading, predicate: Predicate, country: str) -> str:
    """"denied" where the country itself rejects that it has such a position, "third party" where somebody else does."""
    for hit in reading.words.get("denial", ()):
        subject = next((a for a in reversed(reading.actors) if a.end <= hit.start), None)
        if hit.end <= predicate.start:
            if reading.between(hit.end, predicate.start, "breaks"):
                continue
            if subject is None or subject.country in (None, country) or subject.kind in ("own", "body", "unnamed"):
                return "denied"
            return "third party"
        if hit.start >= predicate.end and subject is not None and subject.start >= predicate.end:
            if subject.country == country or subject.kind in ("own", "body", "office"):
                return "denied"
    return ""


# Saying -------------------------------------------------------------------------------------------------------------------------------


def _said_by(
    reading: Reading, predicate: Predicate, actor: Actor, country: str, sources: list[Source], holder: Holder
) -> tuple[str | None, str | None, str, str]:
    """Speaker, role, status, and what decided it."""
    stated: list[Actor] = []
    if _unnamed(reading, sources) or actor.kind == "unnamed":
        return None, None, "reported", "unnamed source"
    foreign = False
    for source in sources:
        subject = source.actor
        if subject is None or not _governs(reading, source, predicate, country):
            continue
        if subject.kind == "unnamed":
            return None, None, "reported", "unnamed source"
        if subject.kind in ("nobody", "allies"):
            foreign = True
        elif subject.country == country or (subject.country is None and subject.kind in ("office", "person", "body")) or subject.kind == "own":
            stated.append(subject)
        else:
            foreign = True
    if stated:
        best = max(stated, key=lambda a: (a.kind == "person", a.kind == "office"))
        return *_speaker(best, country, holder), "stated", "said by the country"
    if foreign:
        return None, None, "reported", "said by a third party"
    if actor.kind in ("person", "office"):
        return *_speaker(actor, country, holder), "stated", "done by an official"
    if predicate.stance == "nominates":
        return None, None, "stated", "official act"
    return None, None, "reported", "no source"


def _governs(reading: Reading, source: Source, predicate: Predicate, country: str) -> bool:
    """Whether what a source says takes in a predicate."""
    says = source.says
    assert source.actor is not None
    if says.start <= predicate.start:
        apart = reading.between(says.end, predicate.start, "breaks")
        return not apart or source.actor.country in (None, country)
    if any(predicate.end <= h.start and h.start > says.end for h in reading.of(*PREDICATES)):
        return source.actor.start < predicate.start or source.actor.country in (None, country)
    return True


def _unnamed(reading: Reading, sources: list[Source]) -> bool:
    """Whether an unnamed source stands for the sentence: not one to whom somebody speaks (told reporters)."""
    for hit in reading.words.get("unnamed", ()):
        if any(a.kind not in ("unnamed", "body") and a.start <= hit.start < a.end for a in reading.actors):
            continue
        told = [s for s in sources if s.says.end <= hit.start and reading.gap(s.says.end, hit.start) <= RIGHT]
        if any(s.actor is not None and s.actor.end <= s.says.start and s.actor.kind != "unnamed" for s in told):
            continue
        return True
    return False


def _speaker(actor: Actor, country: str, holder: Holder) -> tuple[str | None, str | None]:
    if actor.name is not None:
        return actor.name, actor.role
    if actor.kind == "office" and actor.role and actor.alone:
        return holder(country, actor.role), actor.role
    return None, actor.role if actor.kind == "office" else None
