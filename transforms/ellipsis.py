"""Words that stand for a whole statement: somebody else does the same, or does not; a country's yes or no to the candidate in question.

What they stand for is the statement before, or the candidate last named. Predicates of their own are found in :mod:`transforms.clauses`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from transforms.actor_runs import Actor
from transforms.clause_reading import Predicate, Reading
from transforms.position_words import Hit
from transforms.slots import TIGHT, nearest

_CONTRARY: Mapping[str, str] = {
    "supports": "withholds",
    "nominates": "withholds",
    "opposes": "withholds",
    "withholds": "supports",
    "withdraws": "opposes",
}
CONTRARY: Mapping[str, Mapping[str, str]] = {
    "contrary": _CONTRARY,
    "unlike": _CONTRARY,
    "refusal": {**_CONTRARY, "supports": "opposes", "nominates": "opposes"},
}
ANSWERS: Mapping[str, str] = {"yes": "supports", "no": "opposes"}
LAST = frozenset({"contrary", "refusal", "also", "yes", "no"})  # kinds of words that stand for a statement only where nothing follows
BEHIND = frozenset({"joining", "unlike"})  # kinds of words behind which the one stands who acts
BESIDE = frozenset({"also", "yes", "no"})  # kinds of words right before which the one stands who acts


def repeated(
    reading: Reading, told: Sequence[Predicate], last: tuple[str, tuple[str, ...]] | None, context: Sequence[str]
) -> Iterator[Predicate]:
    """Statements in which a word stands for the predicate before (Estonia did the same; Hungary has not), or answers (Hungary: no)."""
    for hit in reading.of("same", "contrary", "refusal", "also", "joining", "unlike", "yes", "no"):
        before = [p for p in told if p.end <= hit.start]
        stance, people = (str(before[-1].result), before[-1].people) if before else last or ("", ())
        if any(p.start <= hit.start < p.end for p in told) or (hit.kind in LAST and _goes_on(reading, hit)):
            continue
        if hit.kind in ANSWERS:
            asks = next((h.end for h in reading.of("tells", "not_yet", "conditional")), hit.start)
            named = [p.candidate for p in reading.people if p.named and asks <= p.start and p.end <= hit.start]
            # asked whether it backs Berg, he said yes
            stance, people = ANSWERS[hit.kind], tuple(named[-1:]) or people or tuple(context[:1])
        if not people or (hit.kind in BEHIND and not before):
            continue
        result = CONTRARY[hit.kind][stance] if hit.kind in CONTRARY else stance
        actors = _who(reading, hit, max((p.end for p in before), default=reading.start))
        if hit.kind in ANSWERS and any(a.candidate for a in actors):
            continue  # a candidate's answer is on standing
        if actors:
            text = reading.copy.text[hit.start : hit.end]
            yield Predicate(
                start=hit.start, end=hit.end, stance=stance, voice="active", people=people, actors=actors, result=result, trace=[text]
            )


def _goes_on(reading: Reading, hit: Hit) -> bool:
    """Whether more follows: then the word has its ordinary sense."""
    rest = reading.copy.text[hit.end : reading.end]
    ends = ("lists", "breaks") if hit.kind in CONTRARY else ("lists", "breaks", "says")  # not: did not say
    return (rest[:1] == " " and not any(w.start == hit.end + 1 for w in reading.of(*ends))) or rest[:2] == ", "


def _who(reading: Reading, hit: Hit, low: int) -> tuple[Actor, ...]:
    """Who does the same: right behind the word, else not long before it."""
    text = reading.copy.text
    for at, actor in enumerate(reading.actors):
        follows = hit.kind not in LAST and actor.binds and actor.start > hit.end and reading.gap(hit.end, actor.start) <= 1
        if follows and "," not in text[hit.end : actor.start]:
            return reading.lists[at]
    if hit.kind in BEHIND:
        return ()
    near = [(at, a) for at, a in enumerate(reading.actors) if low <= a.start and a.end <= hit.start and a.kind != "own"]
    actors = nearest(reading, near) or ()
    if not actors:
        return ()
    gap = reading.gap(actors[-1].end, hit.start)
    return actors if gap <= (0 if hit.kind in BESIDE else TIGHT) else ()
