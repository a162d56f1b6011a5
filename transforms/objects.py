"""The candidate as the object of a predicate: whom it is about, with whom he or she stands in a list, and what else it may be about."""

from __future__ import annotations

import re

from transforms.clause_reading import Person, Predicate, Reading

OBJECT = 3  # words between a predicate and what else it may be for


VERB_LAST = 2  # words between an object and a verb that comes last


def of_something_else(reading: Reading, predicate: Predicate) -> bool:
    """Whether right behind a predicate stands something else than a candidate."""
    people = [p.start for p in reading.people if p.start >= predicate.end and not p.clitic]
    if reading.free_order and not people:  # verb last: what else is supported stands before it
        for hit in reading.of("other"):
            close = hit.end <= predicate.start and reading.gap(hit.end, predicate.start) <= VERB_LAST
            if close and predicate.voice == "active" and not any(hit.start <= p.start < predicate.start for p in reading.people):
                return True
    first = min(people, default=reading.end)
    return any(
        predicate.end <= h.start < first and reading.gap(predicate.end, h.start) <= OBJECT
        for h in reading.of("other")
        if not any(b.start <= h.start < b.end for b in reading.of("bid"))
    )


PURPOSE = 2  # words between a candidate and what else he or she is supported for


def for_another_purpose(reading: Reading, predicate: Predicate) -> bool:
    """Whether right behind the candidate stands that it is for something else (for another term, at every summit)."""
    return any(
        p.start >= predicate.end and p.end <= h.start and reading.gap(p.end, h.start) <= PURPOSE and not reading.commas(p.end, h.start)
        for h in reading.of("purpose")
        for p in reading.people
        if reading.gap(predicate.end, p.start) <= OBJECT
    )


_POSSESSED = re.compile(r"'s? |s' ")


def is_object(reading: Reading, person: Person, predicate: Predicate) -> bool:
    """Whether a candidate is what a predicate is about: not the one who says it, and not merely the owner of something else."""
    if predicate.stance != "nominates" and person.named and _speaks(reading, person, predicate):
        return False
    if predicate.voice == "active" and reading.gap(predicate.end, person.start) > 1 and _behind(reading, person, "by"):
        return reading.between(predicate.start, person.start, "bid")  # the founding of an institute by
    owned = _POSSESSED.match(reading.copy.text, person.end)
    behind = owned.end() if owned else person.end
    if not owned and person.named:
        close = reading.free_order and any(
            h.start - person.end > 0 and reading.gap(person.end, h.start) <= 1 and not reading.commas(person.end, h.start)
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


def coordinated(reading: Reading, person: Person, predicate: Predicate) -> tuple[str, ...]:
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


def list_before(reading: Reading, person: Person) -> tuple[str, ...]:
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


def _joined(reading: Reading, last: Person, other: Person) -> bool:
    """Whether two candidates stand in one list."""
    if last.start == other.start:
        return True  # the two
    gap = reading.copy.text[last.end : other.start]
    if reading.gap(last.end, other.start) > 3 or reading.between(last.end, other.start, "instead", "says"):
        return False
    if any(last.end <= a.start and a.end <= other.start for a in reading.actors):
        return False
    if reading.named_lists:
        return gap.strip() == "," or any(h.start >= last.end and h.end <= other.start for h in reading.of("lists"))
    return bool(re.fullmatch(r"(?:,? ?(?:\w{1,3} )?|, )", gap))
