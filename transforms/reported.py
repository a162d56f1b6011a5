"""Reported speech: where the words begin and end that somebody is said to have said, without quotation marks.

Belongs here: the places around a word of saying in which such words may stand: behind the word that opens them (that, dass, que), behind a
comma or the bare verb where the language allows it, before ", she said", around "according to Ann". Does not belong here: who says them
(:mod:`transforms.speakers`), words in quotation marks (:mod:`transforms.quotes`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from transforms.quotation_marks import Quotation
from transforms.sentences import next_end
from transforms.speakers import Cast, Person
from transforms.speech_words import ADDED, JOINS, PARTICIPLES, SILENT, VERBS, Cue, Speech

MIN_WORDS = 3  # of reported speech
TAIL = 90  # code points that may follow words and their verb: ", she said on Tuesday in Berlin"
CLAUSE = 8  # words of something in front of a subject that is rather a clause of its own
OPENED = 90  # code points between a verb and the word that opens reported speech
SUBJECT = 40  # code points of a subject before its verb
SHORT = 4  # letters of a word that is too short for a participle
INSIDE = 0.5  # a quotation that makes up more of the words is what was said


class Said(NamedTuple):
    """Words and whose they are."""

    start: int
    end: int
    speaker: Person
    is_direct: bool
    cue: Cue | None = None


@dataclass(slots=True, kw_only=True)
class Unit:
    """A sentence with what matters to speech in it; offsets of the text as given."""

    start: int
    end: int
    view: str  # the whole field, words in quotation marks made one
    low: str  # the same, folded
    cues: list[Cue]
    marks: list[Quotation]
    language: str

    stops: list[tuple[int, int]] = field(init=False)  # commas and whatever else parts clauses
    subjects: dict[tuple[int, bool], Person | None] = field(default_factory=dict)  # as far as they were asked for

    def __post_init__(self) -> None:
        self.stops = [m.span() for m in _STOP.finditer(self.view, self.start, self.end)]


_STOP = re.compile(r"[,.;:!?()\n“”„«»\"—]|[ ][–-] ")
Subject = Callable[[Unit, Cue, bool], "Person | None"]


def reported(unit: Unit, cast: Cast, subject: Subject, direct: Sequence[Said]) -> list[Said]:
    """The reported speech of a sentence; ``direct`` is what stands in marks."""
    found: list[Said] = []
    for at, cue in enumerate(unit.cues):
        if cue.kind in ("calls", SILENT) or (direct and any(s.cue is cue and cue.end <= s.start for s in direct)):
            continue
        if found and found[-1].start <= cue.start and cue.end <= found[-1].end:
            continue  # said within what was said
        for said in _around(unit, cast, subject, cue, unit.cues[at + 1 :]):
            start, end = _trimmed(unit.view, said.start, said.end)
            if unit.view.count(" ", start, end) < MIN_WORDS - 1 or (unit.marks and _is_quotation(start, end, direct, unit.marks)):
                continue
            if found and any(s.start < end and start < s.end for s in found):
                continue
            found.append(said if start == said.start and end == said.end else Said(start, end, said.speaker, False))
            break
    if found and cast.speech.mood is not None:
        found += _goes_on(unit, cast.speech.mood, found[-1])
    return found


def _is_quotation(start: int, end: int, direct: Sequence[Said], marks: Sequence[Quotation]) -> bool:
    """Whether a quotation is what was said, or begins or ends in the midst of the words."""
    for mark in marks:
        if mark.start < end and start < mark.end:
            if mark.last - mark.first > INSIDE * (end - start):
                return True
            if mark.start < start or mark.end > end + 1:
                return True
    return any(s.start < start < s.end for s in direct)


def _around(unit: Unit, cast: Cast, subject: Subject, cue: Cue, later: Sequence[Cue]) -> Iterator[Said]:
    end = _sentence_end(unit)
    if cue.kind in ("according", "viewed", "aside"):
        yield from _according(unit, subject, cue, end)
    elif cue.kind == "views":
        person = subject(unit, cue, False)
        if person is not None:
            if _is_head(unit, cue.start):
                yield Said(cue.end, end, person, False)
            else:
                yield Said(_begin(unit, cue.start), cue.start, person, False)
    elif cue.kind == "behind":
        person = subject(unit, cue, False)
        if person is not None:
            yield Said(cue.end, end, person, False)
    else:
        yield from _said(unit, cast, subject, cue, later, end)


# According to Ann ---------------------------------------------------------------------------------------------------------------------


def _according(unit: Unit, subject: Subject, cue: Cue, end: int) -> Iterator[Said]:
    person = subject(unit, cue, False)
    if person is None:
        return
    head = _is_head(unit, cue.start)
    if cue.kind == "viewed" and not (head and person.start - cue.end <= 2):
        return
    begin = person.end if not person.is_pronoun and person.start >= cue.end else cue.end
    if head:
        comma = _APPOSITION.match(unit.view, begin)
        yield Said(comma.end() if comma and comma.end() < end else begin, end, person, False)
    else:
        first = _begin(unit, cue.start)
        stop = unit.view.find(",", begin, end)
        if unit.view[: cue.start].rstrip().endswith(",") and 0 <= stop - begin < 30 and end - stop > 15 and cue.start - first < 25:
            yield Said(stop + 1, end, person, False)  # but, according to Ann, …
        yield Said(first, cue.start, person, False)


_APPOSITION = re.compile(r"[^,.;]{0,40}, ")


def _is_head(unit: Unit, at: int) -> bool:
    """Whether hardly a word stands before a place in its sentence."""
    return len(unit.view[unit.start : at].split()) <= 1


# Ann said that ------------------------------------------------------------------------------------------------------------------------


def _said(unit: Unit, cast: Cast, subject: Subject, cue: Cue, later: Sequence[Cue], end: int) -> Iterator[Said]:
    view, low, speech = unit.view, unit.low, cast.speech
    stop = _clause_end(unit, cue, later, end)
    if speech.ends is not None:
        ended = speech.ends.search(low, unit.start, cue.start)
        if ended is not None and (person := subject(unit, cue, False)) is not None:
            first = person.end if unit.start <= person.start < cue.start else unit.start
            yield Said(first, cue.start, person, False)
            return
    opener = _opener(unit, speech, cue, min([stop, *(c.start for c in later if c.kind in VERBS or c.kind == SILENT)]))
    if speech.bare and cue.kind == "says" and view[cue.end : cue.end + 1] == " ":
        word = _WORD.match(low, cue.end)
        if word is not None and word[1] not in speech.plain and not word[1].endswith("ly") and stop - cue.end > 12:
            person = subject(unit, cue, False)
            if person is not None and person.end <= cue.start:
                yield Said(opener.end() if opener is not None and opener.start() <= cue.end + 1 else cue.end, stop, person, False)
    if opener is not None:
        person = subject(unit, cue, False)
        if person is not None and not opener.end() <= person.start < stop:
            yield Said(opener.end(), stop, person, False)
            return
    if speech.mood is not None:  # Ann sagte, er sei …
        comma = view.find(",", cue.end, min(cue.end + OPENED, stop))
        if comma >= 0 and speech.mood.search(low, comma, min(comma + 90, stop)) is not None:
            person = subject(unit, cue, False)
            if person is not None and not comma <= person.start < stop:
                yield Said(comma + 1, stop, person, False)
                return
    yield from _before_verb(unit, speech, subject, cue, end)


def _opener(unit: Unit, speech: Speech, cue: Cue, stop: int) -> re.Match[str] | None:
    """The word that opens reported speech behind a verb."""
    if speech.opens is None:
        return None
    match = speech.opens.search(unit.low, cue.end, min(cue.end + OPENED, stop))
    if match is None or _BETWEEN.search(unit.view, cue.end, match.start()) or unit.view.count(",", cue.end, match.start()) > 2:
        return None
    if not speech.comma and unit.view[cue.end : match.start()].rstrip().endswith(",") and unit.view.count(",", cue.end, match.start()) != 2:
        return None  # Ann, who
    return match


def _before_verb(unit: Unit, speech: Speech, subject: Subject, cue: Cue, end: int) -> Iterator[Said]:
    """…, said Ann; …, Ann said on Tuesday."""
    view = unit.view
    inserted = _INSERTED.match(view, cue.end, end)
    if end - cue.end > TAIL and inserted is None:
        return
    comma = view.rfind(",", unit.start, cue.start)
    if comma < 0 or cue.start - comma > TAIL:
        return
    first = _begin(unit, comma)
    if unit.low[first : unit.low.find(" ", first)] in speech.fronted and view.count(" ", first, comma) < CLAUSE:
        return
    follows = not view[comma + 1 : cue.start].strip()
    person = subject(unit, cue, follows)
    if person is None:
        return
    if person.end <= comma and unit.start <= person.start:  # Ann, who came late, said
        return
    if inserted is not None and _continues(unit, speech, inserted, cue):
        yield Said(first, end, person, False)
    else:
        yield Said(first, comma, person, False)


def _continues(unit: Unit, speech: Speech, inserted: re.Match[str], cue: Cue) -> bool:
    """Whether the words go on behind a speaker who is put in between: Romania, he wrote, had earned it."""
    word = unit.low[inserted.start(1) : inserted.end(1)]
    if word in ADDED or word in speech.fronted or (len(word) > SHORT and word.endswith(PARTICIPLES)):
        return False
    return not any(c.start > cue.start for c in unit.cues)


def _clause_end(unit: Unit, cue: Cue, later: Sequence[Cue], end: int) -> int:
    """Where the words behind a verb end: with the sentence, or where somebody else, or the same one, says something else."""
    for other in later:
        if other.kind not in VERBS or other.start >= end:
            continue
        cuts = [m for m in _JOINED.finditer(unit.low, cue.end, other.start) if other.start - m.end() < SUBJECT]
        if cuts:
            return cuts[-1].start()
    return end


# A comma or a joining word, behind which a new verb of saying with its subject begins.
_JOINED = re.compile(r"[,;](?= )|(?<=\w) (?=(?:" + "|".join(sorted(JOINS)) + ") )")
_BETWEEN = re.compile(r"[.;:!?\n“„«»”\"]")
_WORD = re.compile(r" ([\w'’-]+)")


def _begin(unit: Unit, before: int) -> int:
    """Where words before a verb begin: with the sentence, or behind a quotation or a semicolon."""
    at = unit.start
    for match in _SEMICOLON.finditer(unit.view, unit.start, before - 1):
        at = match.end()
    return at


_INSERTED = re.compile(r"[^,.;:“„«]{0,30}, ([\w'’-]+)")  # Romania, he wrote, had earned it
_SEMICOLON = re.compile(r"; ")


def _sentence_end(unit: Unit) -> int:
    end, view = unit.end, unit.view
    while end > unit.start and (view[end - 1].isspace() or view[end - 1] in ".!?…"):
        end -= 1
    return end


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and (text[start].isspace() or text[start] in ",:;"):
        start += 1
    while end > start and (text[end - 1].isspace() or text[end - 1] in ",;"):
        end -= 1
    return start, end


def _goes_on(unit: Unit, mood: re.Pattern[str], last: Said) -> Iterator[Said]:
    """Sentences behind that have the mood of reported speech, and so are the same speaker's (Die Zeit werde knapp.)."""
    at = unit.end
    for _ in range(5):
        stop = next_end(unit.view, at, unit.language)
        match = mood.search(unit.low, at, min(stop, at + 80))
        if match is None or stop <= at or "\n" in unit.view[at:stop].strip() or _BETWEEN.search(unit.view, at, stop - 1):
            return
        start, end = _trimmed(unit.view, at, stop)
        while end > start and unit.view[end - 1] in ".!?…":
            end -= 1
        yield Said(start, end, last.speaker, False)
        at = stop
