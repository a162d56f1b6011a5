"""Predicates of a sentence with their slots: which country does it, to which candidate, and what becomes of it by negation and mood.

A predicate (back, veto, has not decided) has a slot for who does it and one for the candidate. Countries act and persons are supported, so
the kinds of words tell most of it; sides matter where the language keeps an order. Who says it, and how firmly, is found in
:mod:`transforms.attribution`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from transforms.clause_reading import NEGATION, Predicate, Reading
from transforms.objects import of_something_else
from transforms.position_words import PREDICATES, Hit
from transforms.slots import FAR, TIGHT, fill, nearest, share_people


def predicates_of(reading: Reading, context: Sequence[str], last: tuple[str, tuple[str, ...]] | None = None) -> list[Predicate]:
    """The predicates of a sentence with both slots filled.

    ``context``: candidates of the sentences before, the likeliest first; ``last``: stance and candidates of the statement before.
    """
    found = [_predicate(hit) for hit in reading.of(*PREDICATES)]
    found = [p for p in _chained(reading, _not_tight_behind(reading, found)) if not of_something_else(reading, p)]
    for at, predicate in enumerate(found):
        before = found[at - 1] if at else None
        after = found[at + 1] if at + 1 < len(found) else None
        fill(reading, predicate, before, after)
    for at, predicate in enumerate(found):
        if not predicate.people:
            share_people(reading, found, at, context)
        predicate.result = _negated(reading, predicate, found[at - 1] if at else None)
    told = [p for p in found if p.result and p.actors and p.people]
    return told + list(_repeated(reading, told, last))


SAME: Mapping[str, str] = {
    "supports": "withholds",
    "nominates": "withholds",
    "opposes": "withholds",
    "withholds": "supports",
    "withdraws": "opposes",
}


def _repeated(reading: Reading, told: Sequence[Predicate], last: tuple[str, tuple[str, ...]] | None) -> Iterator[Predicate]:
    """Statements in which a word stands for the predicate before (Estonia did the same; Hungary has not)."""
    for hit in reading.of("same", "contrary"):
        before = [p for p in told if p.end <= hit.start]
        stance, people = (str(before[-1].result), before[-1].people) if before else last or ("", ())
        if not people or any(p.start <= hit.start < p.end for p in told):
            continue
        if hit.kind == "contrary" and reading.copy.text[hit.end : min(hit.end + 1, reading.end)].isspace():
            continue  # more follows: an ordinary negation
        again = Predicate(
            start=hit.start, end=hit.end, stance=stance, voice="active", people=people, trace=[reading.copy.text[hit.start : hit.end]]
        )
        low = max((p.end for p in before), default=reading.start)
        near = [(at, a) for at, a in enumerate(reading.actors) if low <= a.start and a.end <= hit.start and a.kind != "own"]
        behind = [at for at, a in enumerate(reading.actors) if a.binds and a.start > hit.end and reading.gap(hit.end, a.start) <= 1]
        beside = behind[0] if behind and "," not in reading.copy.text[hit.end : reading.actors[behind[0]].start] else None
        again.actors = nearest(reading, near) or () if beside is None else reading.lists[beside]
        again.result = stance if hit.kind == "same" else SAME[stance]
        if (again.actors and reading.gap(again.actors[-1].end, hit.start) <= TIGHT) or (again.actors and again.actors[0].start > hit.end):
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
        hit.start >= predicate.start
        and (hit.end <= predicate.end or reading.gap(predicate.end, hit.start) <= 1)
        and hit.start - predicate.end < 20
        for hit in reading.of("not_yet", "reported")
        if hit.end >= predicate.end - 1
    )


def _text(reading: Reading, predicate: Predicate) -> str:
    return reading.copy.text[predicate.start : predicate.end]


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
    if hit.kind == "refuses" and any(a.start - hit.end == 1 and a.start < stretch[1] for a in reading.actors):
        return True  # neither Hungary nor Turkey supports
    between = [a for a in reading.actors if stretch[0] <= a.start < stretch[1] and a.kind in ("country", "person", "allies", "nobody")]
    if len(between) == 1 and between[0].start - hit.end <= 1 and predicate.start - between[0].end <= 1:
        return True  # no Hungarian vote for
    return not between or (over_subject and reading.gap(stretch[0], between[0].start) <= 1)
