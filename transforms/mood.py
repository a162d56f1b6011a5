"""What becomes of a statement by mood: foreseen, conditional, hypothetical, a position that was left, a claim that the country denies."""

from __future__ import annotations

from transforms.clause_reading import Predicate, Reading
from transforms.position_words import PREDICATES, Hit

BEHIND = 2  # words between a predicate and a word of mood behind it


MOOD = 8  # words between a word of mood and its predicate


TAIL = 4  # words behind a denial that looks back; more are a claim of their own


def has_mood(reading: Reading, predicate: Predicate, kind: str, low: int) -> bool:
    """Whether a word of mood stands before a predicate in its clause, with no other statement between them."""
    for hit in reading.words.get(kind, ()):
        before = low <= hit.start and hit.end <= predicate.start
        around = hit.start <= predicate.start < hit.end and (hit.start < predicate.start or kind in ("expected", "earlier"))
        if not before and not around:
            continue
        if kind == "unreal" and any(a <= r.start < b for r in reading.of("reported") for a, b in hit.gaps):
            continue  # asked whether it would vote
        if reading.gap(hit.end, predicate.start) <= MOOD and not reading.between(hit.end, predicate.start, *PREDICATES, "says"):
            return True
    if (kind == "expected" or (reading.free_order and kind in ("unreal", "earlier"))) and any(
        predicate.end <= h.start
        and reading.gap(predicate.end, h.start) <= BEHIND * (1 if reading.free_order else 2)
        and not reading.commas(predicate.end, h.start)
        and not reading.between(predicate.end, h.start, *PREDICATES)
        for h in reading.words.get(kind, ())
    ):
        return True
    if kind == "expected":  # analysts predict, diplomats expect
        return any(
            hit.start >= predicate.end
            and any(a.end <= hit.start and a.start >= predicate.end and hit.start - a.end <= 1 for a in reading.actors)
            for hit in reading.words.get(kind, ())
        )
    return False


def condition_of(reading: Reading, predicate: Predicate) -> str:
    """The answer "conditional" where it hangs on something; "hypothetical" where it is the condition, or hangs on a candidate leaving."""
    for hit in reading.words.get("conditional", ()):
        start, end = conditional_clause(reading, hit)
        if start <= predicate.start < end:
            if hit.end <= predicate.start and reading.gap(hit.end, predicate.start) <= MOOD:
                return "hypothetical" if opens(reading, hit) else "conditional"
            continue
        if any(start <= d.start < end for d in reading.of("departure", "unreal")):
            return "hypothetical"
        return "conditional"
    return ""


def opens(reading: Reading, hit: Hit) -> bool:
    """Whether a word stands at the beginning of a clause; elsewhere it is an adverb of the main one (supports on conditions)."""
    before = reading.copy.text[reading.start : hit.start].rstrip()
    if not before or not before[-1].isalnum():
        return True
    return any(0 <= hit.start - b.end <= 1 for b in reading.of("breaks", "reported", "says", "lists")) or not reading.free_order


def conditional_clause(reading: Reading, hit: Hit) -> tuple[int, int]:
    """From the conjunction to the next comma or break."""
    comma = reading.copy.text.find(",", hit.end, reading.end)
    breaks = [b.start for b in reading.words.get("breaks", ()) if b.start > hit.end]
    return hit.start, min([reading.end, *([comma] if comma >= 0 else []), *breaks])


def is_promised(reading: Reading, predicate: Predicate, low: int) -> bool:
    return any(
        (low <= h.start <= predicate.start and reading.gap(h.end, predicate.start) <= MOOD)
        or (reading.free_order and predicate.end <= h.start and reading.gap(predicate.end, h.start) <= BEHIND)
        for h in reading.of("promised")
    )


def denial_of(reading: Reading, predicate: Predicate, country: str) -> str:
    """The answer "denied" where the country itself rejects that it has such a position, "third party" where somebody else does."""
    for hit in reading.words.get("denial", ()):
        acting = [a for a in reading.actors if a.end <= hit.start and a.kind != "unnamed"]
        subject = next((a for a in reversed(acting) if not (a.candidate and a.candidate in predicate.people)), None)
        if hit.end <= predicate.start:
            if reading.between(hit.end, predicate.start, "breaks"):
                continue
            if subject is None or subject.country in (None, country) or subject.kind in ("own", "body"):
                return "denied"
            return "third party"
        comma = reading.copy.text.find(",", hit.end, reading.end)
        looks_back = (
            hit.start >= predicate.end
            and not reading.between(predicate.end, hit.start, "breaks")
            and reading.gap(hit.end, comma if comma >= 0 else reading.end) <= TAIL
        )
        if looks_back and (subject is None or subject.country == country or subject.kind in ("own", "body", "office")):
            return "denied"
    return ""
