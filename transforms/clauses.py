"""Predicates of a sentence with their slots: which country does it, to which candidate, and what becomes of it by negation and mood.

A predicate (back, veto, has not decided) has a slot for who does it and one for the candidate. Countries act and persons are supported, so
the kinds of words tell most of it; sides matter where the language keeps an order. Who says it, and how firmly, is found in
:mod:`transforms.attribution`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from transforms.clause_reading import NEGATION, Predicate, Reading
from transforms.ellipsis import repeated
from transforms.objects import for_another_purpose, of_something_else
from transforms.position_words import PREDICATES, Hit
from transforms.slots import FAR, fill, share_people


def predicates_of(reading: Reading, context: Sequence[str], last: tuple[str, tuple[str, ...]] | None = None) -> list[Predicate]:
    """The predicates of a sentence with both slots filled.

    ``context``: candidates of the sentences before, the likeliest first; ``last``: stance and candidates of the statement before.
    """
    found = [_predicate(hit) for hit in reading.of(*PREDICATES)]
    found = _chained(reading, _not_tight_behind(reading, found))
    found = [p for p in found if not of_something_else(reading, p) and not for_another_purpose(reading, p)]
    for at, predicate in enumerate(found):
        before = found[at - 1] if at else None
        after = found[at + 1] if at + 1 < len(found) else None
        fill(reading, predicate, before, after)
    for at, predicate in enumerate(found):
        if not predicate.people:
            share_people(reading, found, at, context)
        predicate.result = _negated(reading, predicate, found[at - 1] if at else None)
    told = [p for p in found if p.result and p.actors and p.people]
    return told + list(repeated(reading, told, last, context))


def _predicate(hit: Hit) -> Predicate:
    stance, _, voice = hit.kind.partition(".")
    return Predicate(start=hit.start, end=hit.end, stance=stance, voice=voice, gaps=hit.gaps)


def _not_tight_behind(reading: Reading, found: list[Predicate]) -> list[Predicate]:
    """Without common words right behind another predicate: they belong to it (gives its vote for, support from Ankara for)."""
    others = [p for p in found if p.voice != "tight"]
    return [p for p in found if p.voice != "tight" or not any(_of_predicate(reading, other, p.start) for other in others)]


def _of_predicate(reading: Reading, predicate: Predicate, start: int) -> bool:
    """Whether nothing stands between a predicate and a common word, or only who acts."""
    text, end = reading.copy.text, predicate.end
    if text[end:start] == " ":
        return True
    return predicate.voice == "passive" and any(
        a.binds and text[end : a.start] == " " and text[a.end : start] == " " for a in reading.actors
    )


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
    "none": {"supports": "withholds", "nominates": "withholds", "opposes": None, "withdraws": "opposes", "withholds": None},
    "ended": {"supports": "withholds", "nominates": "withholds", "opposes": "withdraws", "withdraws": None, "withholds": None},
}


def _negated(reading: Reading, predicate: Predicate, before: Predicate | None) -> str | None:
    """What a predicate says when its negation is taken in."""
    begin, end = reading.clause(predicate.start)
    low = max(begin, before.start if before else reading.start)
    for kind in ("not_yet", "ended", "none", "refuses"):
        for hit in reversed(reading.words.get(kind, ())):
            if _negates(reading, hit, predicate, low, end, over_subject=kind == "not_yet"):
                predicate.trace.append(f"{kind}:{reading.copy.text[hit.start : hit.end]}")
                result = TURNED[kind][predicate.stance]
                if predicate.stance == "nominates" and _at_no_time(reading, hit):
                    return None  # whom a country did not put forward, it may well support
                if kind == "none" and result == "withholds" and _foretold(reading, hit, low):
                    return "opposes"  # there will be no vote for him
                return _for_now(reading, predicate, hit, end) if kind == "refuses" and result == "opposes" else result
    return predicate.stance


def _at_no_time(reading: Reading, negation: Hit) -> bool:
    """Whether a negation only tells of the past (never put her forward), and no report is rejected by it."""
    return any(h.start <= negation.start < h.end for h in reading.of("never")) and not reading.of("denial")


def _foretold(reading: Reading, hit: Hit, low: int) -> bool:
    """Whether a word of the future or of ability stands not long before a negation."""
    return any(low <= h.start and h.end <= hit.start and reading.gap(h.end, hit.start) <= 2 for h in reading.of("promised"))


def _for_now(reading: Reading, predicate: Predicate, negation: Hit, high: int) -> str:
    """What a refusal says: nothing final where a word limits it to the present (does not back him yet, cannot for the moment)."""
    limits = reading.of("for_now")
    stands = any(negation.end <= h.start and h.end <= high and reading.gap(predicate.end, h.start) <= FAR for h in limits)
    begins = any(h.end <= negation.start and reading.gap(h.end, negation.start) <= NEGATION for h in limits)
    return "withholds" if predicate.stance in ("supports", "nominates") and (stands or begins) else "opposes"


def _negates(reading: Reading, hit: Hit, predicate: Predicate, low: int, high: int, *, over_subject: bool) -> bool:
    """``over_subject``: the word may stand before the subject (whether Germany backs)."""
    if any(a <= hit.start and hit.end <= b for a, b in predicate.gaps):
        return True
    opens = hit.end == low and any(low < h.start < predicate.start for h in reading.of("promised"))  # before Hungary can vote for
    if (low <= hit.start or opens) and hit.end <= predicate.start:
        stretch = (hit.end, predicate.start)
    elif reading.negation_behind and predicate.end <= hit.start and hit.end <= high:
        return reading.gap(predicate.end, hit.start) <= NEGATION and not reading.commas(predicate.end, hit.start)
    else:
        return False
    if reading.gap(*stretch) > NEGATION:
        return False
    if over_subject and any(hit.start <= r.start < hit.end for r in reading.words.get("reported", ())):
        return True  # ob Polen Rutte unterstützt
    if any(stretch[0] <= p.start < stretch[1] and p.named for p in reading.people) and predicate.voice != "passive":
        return False
    if hit.kind == "refuses" and any(a.start - hit.end == 1 and a.start < stretch[1] for a in reading.actors):
        return True  # neither Hungary nor Turkey supports
    between = [a for a in reading.actors if stretch[0] <= a.start < stretch[1] and a.kind in ("country", "person", "allies", "nobody")]
    if hit.kind == "refuses" and len(between) == 1 and not reading.gap(low, hit.start) and not reading.commas(*stretch):
        return True  # under no circumstances will Hungary vote for
    if len(between) == 1 and between[0].start - hit.end <= 1 and predicate.start - between[0].end <= 1:
        return True  # no Hungarian vote for
    return not between or (over_subject and reading.gap(stretch[0], between[0].start) <= 1)
