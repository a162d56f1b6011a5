"""Words by and about candidates, in quotation marks and in reported speech.

Belongs here: which words of a text are somebody's, whose they are, and whether they are a candidate's or about one. Words of saying come
from :mod:`transforms.speech_words`, quotation marks from :mod:`transforms.quotation_marks`; who may be a speaker is found in
:mod:`transforms.speakers`, where reported speech begins and ends in :mod:`transforms.reported`.

Only sentences with a word of saying or quotation marks, near a candidate, are looked at. A quotation belongs to the subject of the nearest
verb of saying in its sentence; one that is a sentence of its own goes on with whoever spoke before. Only what says whose words they are is
taken: words in marks that nobody is said to have spoken are no quote.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import TypeVar

from transforms.normalise import Folded, fold_even
from transforms.offices import Offices, in_office
from transforms.passage import Passage
from transforms.quotation_marks import Quotation, between, blanked, dialogue, has_dialogue, outermost, quotations, transcript
from transforms.records import Direction, Field, Quote, Reference
from transforms.references import find_references
from transforms.reported import Said, Unit, reported
from transforms.sentences import sentence_around
from transforms.speakers import Cast, Person, subject_of
from transforms.speech_words import ALONE, COLON, DASH, JOINS, MARK, PRONOUN, SAYING, SILENT, VERBS, Cue, Speech, speech_of

MIN_WORDS = 2  # of words in quotation marks
NEAR = 25  # code points between a quotation and its verb that make a short one a quote
LONG = 5  # words of a quotation that needs no verb so near
REACH = 160  # code points between a quotation and its verb
ASKED = 60  # code points between a question and the verb by which it is asked
_Placed = TypeVar("_Placed", Cue, Quotation)
JOINED = 12  # code points that a verb behind a quotation is farther from it, where words stand between them
REACH_BACK = 600  # code points in which the sentence before is looked for
LONGEST = 1_000  # code points of a sentence on either side of a word of saying; a text without points is no sentence
SENTENCE = 160  # code points before a sentence in which whoever is meant by a pronoun is named
BEFORE, BEHIND = 900, 200  # code points around a word of saying in which a candidate has to be named


def find_quotes(offices: Offices, passage: Passage, references: Sequence[Reference] | None = None) -> tuple[Quote, ...]:
    """The quotes by and about candidates, by field (title first), start, candidate and direction. Never raises.

    ``references``: candidates named by their office; looked for here where they are not given.
    """
    speech = speech_of(passage.language)
    if speech is None or not passage.names:
        return ()
    found: dict[tuple[str, int, int, str, str], Quote] = {}
    for field, copy in passage.folded.items():
        low = copy.text if len(copy.text) == len(copy.source) else fold_even(copy.source)
        cues = speech.cues.find(low)
        if all(c.kind == PRONOUN for c in cues):
            continue
        if references is None:
            references = find_references(offices, passage)
        for quote in _Reader(offices, passage, field, copy, low, speech, references).read(cues):
            found.setdefault((quote.field, quote.start, quote.end, quote.candidate_id, quote.direction), quote)
    return tuple(sorted(found.values(), key=lambda q: (q.field != "title", q.start, q.end, q.candidate_id, q.direction)))


class _Reader:
    """Reads one field from its beginning to its end, and remembers who spoke."""

    def __init__(
        self, offices: Offices, passage: Passage, field: Field, copy: Folded, low: str, speech: Speech, references: Sequence[Reference]
    ) -> None:
        self.offices, self.passage = offices, passage
        self.field, self.source, self.low, self.speech, self.language = field, copy.source, low, speech, passage.language
        self.names = {c.id: c.name for c in offices.watchlist.candidates}
        here = [
            Person(copy.start(n.start), copy.end(n.end), self.names[n.candidate], n.candidate) for n in passage.names if n.field == field
        ]
        here += [Person(r.start, r.end, self.names[r.candidate_id], r.candidate_id) for r in references if r.field == field]
        self.candidates = sorted(here)
        self.starts = [c.start for c in self.candidates]
        self.cast = Cast(copy.source, copy.source, low, self.candidates, offices.read(passage), copy, field, speech)
        self.quotes: list[Quote] = []
        self.pronouns: list[int] = []
        self.last: Person | None = None  # who spoke last
        self.last_end = 0  # where the sentence ended in which that was
        self.about: tuple[str, str] | None = None  # who spoke last about one candidate, and about whom

    def read(self, found: Sequence[Cue]) -> list[Quote]:
        """The quotes of the field; ``found``: its words of saying and quotation marks."""
        source = self.source
        cues = []
        signs = set()
        for cue in found:
            if cue.kind == PRONOUN:
                self.pronouns.append(cue.start + 1)
            elif cue.kind in ALONE:
                signs.add(cue.kind)
            elif self._is_near(cue.start):
                cues.append(cue if self._says(cue) else Cue(cue.start, cue.end, SILENT))
        # a folded text has one apostrophe for all single marks
        has_marks = MARK in signs or "‘" in source or "‚" in source or ("'" in source and (" '" in source or source.startswith("'")))
        marks = quotations(source) if has_marks else []
        if DASH in signs and has_dialogue(source):
            verbs = [(c.start, c.end) for c in cues if c.kind in VERBS]
            marks = outermost([*marks, *dialogue(source, verbs)])
        view, low = source, self.low
        if marks:
            marks = list(self._parted(marks, cues))
            followed = {m.end for m in marks if source[m.last - 1] in "?!…" and self._asked(m, cues)}
            view, low = blanked(source, source, marks, followed), blanked(low, source, marks, followed)
            self.cast.view, self.cast.low = view, low
            cues = [c for c in cues if (at := bisect_left(marks, (c.start + 1,))) == 0 or marks[at - 1].last <= c.start]
        places = [(c.start, c.end) for c in cues if c.kind != SILENT]
        lines = {line.start: line for line in transcript(source)} if COLON in signs else {}
        if marks or lines:
            places = sorted([*places, *((m.start, m.end) for m in marks), *((line.start, line.end) for line in lines.values())])
        done = 0
        for at, until in places:
            if at < done:
                continue
            if at in lines:
                line = lines[at]
                done = line.end
                speaker = self._labelled(line)
                if speaker is not None:
                    self._quote(Said(line.first, line.last, speaker, True), None)
                continue
            line_end = source.find("\n", until)
            start, end = source.rfind("\n", 0, at) + 1, line_end if line_end >= 0 else len(source)
            if not self._may_matter(start, end, has_marks=bool(_within(marks, start, end))):
                continue  # a look at the line is quicker than one for the sentence, and most have nothing to do with a candidate
            start, done = sentence_around(view, at, until, done, self.language)
            start, done = max(start, at - LONGEST), min(done, max(until, at + LONGEST))
            here = _within(marks, start, done)
            if not self._may_matter(start, done, has_marks=bool(here)):
                continue
            inside = _within(cues, start, done)
            self._of_unit(Unit(start=start, end=done, view=view, low=low, cues=inside, marks=here, language=self.language))
        return self.quotes

    def _is_near(self, at: int) -> bool:
        """Whether a candidate is named near a place."""
        first = bisect_left(self.starts, at - BEFORE)
        return first < len(self.starts) and self.starts[first] <= at + BEHIND

    def _says(self, cue: Cue) -> bool:
        """Whether a word of saying says something: not "to say", "did not say", "is said to"."""
        if cue.kind not in VERBS or cue.start < 2:
            return True
        before = self.low.rfind(" ", max(0, cue.start - 20), cue.start - 1)
        return self.low[before + 1 : cue.start - 1] not in self.speech.unsaid

    def _parted(self, marks: Sequence[Quotation], cues: Sequence[Cue]) -> Iterator[Quotation]:
        """Quotations, cut where a speaker is put in between without marks: « Words, says Ann, more words »."""
        for mark in marks:
            first, begin = mark.first, mark.start
            for cue in _within(cues, mark.first + 1, mark.last):
                if cue.kind not in SAYING or cue.start <= first or self.source[cue.start - 2 : cue.start] != ", ":
                    continue
                stop = _STOP.search(self.source, cue.end, mark.last)
                after = stop.end() if stop else mark.last
                person = self.cast.first_in(cue.end, min(after, cue.end + 60))
                if person is None or person.start - cue.end > 12:
                    continue
                part = between(self.source, begin, cue.start - 1, first, cue.start - 2)
                if part is not None:
                    yield part
                first = begin = after
            part = between(self.source, begin, mark.end, first, mark.last)
            if part is not None:
                yield part

    def _asked(self, mark: Quotation, cues: Sequence[Cue]) -> bool:
        """Whether a sentence goes on behind a question or exclamation: “Who knows?” Ann asked."""
        return any(
            c.kind in SAYING and not _BREAK.search(self.source, mark.end, c.start) for c in _within(cues, mark.end, mark.end + ASKED)
        )

    # Speech ---------------------------------------------------------------------------------------------------------------------------

    def _of_unit(self, unit: Unit) -> None:
        said = self._direct(unit) if unit.marks else []
        said += reported(unit, self.cast, self._subject, said)
        if len(said) > 1:
            said.sort(key=lambda s: s.start)
        for words in said:
            self._quote(words, unit)
        if said:
            self.last, self.last_end = said[-1].speaker, unit.end

    def _may_matter(self, start: int, end: int, *, has_marks: bool) -> bool:
        """Whether a stretch may have to do with a candidate: by name, by a pronoun, or since whoever spoke before goes on."""
        at = bisect_left(self.starts, start)
        if at < len(self.starts) and self.starts[at] < end:
            return True
        if self.last is not None and start - self.last_end < 200 and (has_marks or self.speech.prodrop):
            return True
        return self._pronoun(start, end)

    def _pronoun(self, start: int, end: int) -> bool:
        at = bisect_left(self.pronouns, start)
        return at < len(self.pronouns) and self.pronouns[at] < end

    def _direct(self, unit: Unit) -> list[Said]:
        found: list[Said] = []
        source = self.source
        for mark in unit.marks:
            count = source.count(" ", mark.first, mark.last) + 1
            if count < MIN_WORDS:
                continue
            speaker, gap, cue = self._speaker_of(unit, mark)
            if speaker is None and count >= 3 and self._alone(unit, mark):
                speaker = found[-1].speaker if found else self._before(unit)
                gap = 0
            if speaker is None or (count < LONG and gap > NEAR):
                continue
            last = mark.last
            while last > mark.first and source[last - 1] in ", ":
                last -= 1
            found.append(Said(mark.first, last, speaker, True, cue))
        return found

    def _speaker_of(self, unit: Unit, mark: Quotation) -> tuple[Person | None, int, Cue | None]:
        """Who says a quotation by the nearest word of saying of its sentence, how far that is, and the word."""
        cues = [c for c in unit.cues if c.kind != SILENT]
        if len(cues) > 1:
            cues.sort(key=lambda c: (_gap(c, mark) + (0 if c.end <= mark.start or _follows(unit, mark, c) else JOINED), c.start))
        for cue in cues:
            gap = _gap(cue, mark)
            if gap > REACH:
                break
            follows = _follows(unit, mark, cue)
            person = self._subject(unit, cue, follows)
            if person is not None:
                return person, gap, cue
        colon = _COLON.search(unit.view, unit.start, mark.start)
        if colon is not None:
            person = self.cast.first_in(unit.start, colon.start(), adjacent=True)
            if person is not None:
                return self._resolved(person, unit), 0, None
        return None, REACH, None

    def _subject(self, unit: Unit, cue: Cue, follows: bool) -> Person | None:
        """Who says something by a word of saying."""
        key = cue.start, follows
        if key not in unit.subjects:
            unit.subjects[key] = self._subject_anew(unit, cue, follows)
        return unit.subjects[key]

    def _subject_anew(self, unit: Unit, cue: Cue, follows: bool) -> Person | None:
        if cue.kind == "views":
            return self._antecedent(cue.start, unit)
        if cue.kind in ("according", "aside", "viewed"):
            stop = _STOP.search(unit.view, cue.end, unit.end)
            person = self.cast.first_in(cue.end, min(stop.start() if stop else unit.end, cue.end + 70))
            if person is None or person.start - cue.end > 30:
                return None
            return None if person.is_pronoun and cue.kind != "according" else self._resolved(person, unit)
        if cue.kind == "behind":
            person = self.cast.first_in(max(unit.start, cue.start - 60), cue.start, adjacent=True)
            return self._resolved(person, unit) if person is not None else None
        before = [c for c in unit.cues if c.end <= cue.start and c.kind in VERBS]
        if before and not follows and cue.kind in VERBS and self._shares(unit, cue):
            return self._subject(unit, before[-1], False)
        person = subject_of(self.cast, unit.stops, cue.start, cue.end, unit.start, unit.end, follows=follows, names=cue.kind == "calls")
        if person is None:
            marks = [m for m in unit.marks if m.end <= cue.start]
            if marks and marks[0].start > unit.start:  # Ann, “…” said (Turkish)
                person = self.cast.first_in(unit.start, marks[0].start, adjacent=True)
        if person is None and self.speech.prodrop:
            return self._before(unit) or self._antecedent(unit.start, unit)
        return self._resolved(person, unit) if person is not None else None

    def _shares(self, unit: Unit, cue: Cue) -> bool:
        """Whether a verb has the subject of the one before: …, adding that; … and said."""
        start = max((stop for _, stop in unit.stops if stop <= cue.start), default=unit.start)
        words = unit.low[start : cue.start].split()
        return (not words and start > unit.start) or (len(words) == 1 and len(words[0]) <= 3 and words[0] in JOINS)

    def _resolved(self, person: Person, unit: Unit) -> Person | None:
        """A person for a pronoun, and the candidate who holds it for an office alone (the prime minister)."""
        if person.is_pronoun:
            return self._antecedent(person.start, unit)
        if not person.candidate and person.is_noun and (kinds := self._offices_in(person.start, person.end)):
            holder = self._antecedent(person.start, unit)
            if holder is not None and holder.candidate and self._holds(holder.candidate, kinds):
                return holder
        return person

    def _antecedent(self, at: int, unit: Unit) -> Person | None:
        """Whom a pronoun means: the one named before it in its sentence, who spoke last, who is named first in the sentence before."""
        named = [c for c in self.cast.candidates_in(unit.start, at) if self.cast.is_outside(c)]
        if named:
            return named[0]
        if self.last is not None and not self.cast.candidates_in(self.last_end, unit.start):
            return self.last
        end = unit.start
        for _ in range(2):
            low = max(0, end - REACH_BACK)
            start = max(self.source.rfind(mark, low, max(end - 2, 0)) for mark in (". ", "? ", "! ", "\n", "” ", "» "))
            person = self.cast.first_in(max(start + 1, low), end, pronouns=False)
            if person is not None:
                return person
            if start <= 0:
                break
            end = start + 1
        return None

    def _before(self, unit: Unit) -> Person | None:
        """Who spoke in the sentence right before, or is announced there with a colon."""
        end = len(self.source[max(0, unit.start - SENTENCE) : unit.start].rstrip()) + max(0, unit.start - SENTENCE)
        if end and self.source[end - 1] == ":":
            start = self.source.rfind("\n", 0, end) + 1
            person = self.cast.first_in(max(start, end - SENTENCE), end - 1, adjacent=True)
            if person is not None:
                return self._resolved(person, unit)
        if self.last is None or re.search(r"\w", self.source[self.last_end : unit.start]):
            return None
        return self.last

    def _alone(self, unit: Unit, mark: Quotation) -> bool:
        """Whether a quotation stands at the beginning of its sentence, with nothing behind it that tells of another."""
        return not re.search(r"\w", unit.view[unit.start : mark.start])

    # By whom, about whom --------------------------------------------------------------------------------------------------------------

    def _quote(self, said: Said, unit: Unit | None) -> None:
        speaker, inside = said.speaker, self.cast.candidates_in(said.start, said.end)
        if speaker.candidate:
            self._add(said, speaker.candidate, "by")
        named = {c.candidate for c in inside if c.candidate != speaker.candidate} if inside else set()
        if not named and unit is not None:
            named = self._meant(said, unit)
        for candidate in named:
            self._add(said, candidate, "about")
        if len(named) == 1:
            self.about = speaker.name, min(named)

    def _meant(self, said: Said, unit: Unit) -> set[str]:
        """The candidate whom a pronoun in the words means, or whom a name is given by them."""
        beside = self.cast.candidates_in(unit.start, unit.end)
        if said.cue is not None and said.cue.kind == "calls":
            called = {c.candidate for c in beside if said.cue.end <= c.start < said.start}
            if called:
                return called if len(called) == 1 else set()
        pronoun = self._pronoun(said.start, said.end)
        kinds = set() if pronoun else self._offices_in(said.start, said.end)
        if not pronoun and not kinds:
            return set()
        meant = self._around(said, unit, {c.candidate for c in beside if not said.start <= c.start < said.end})
        return meant if pronoun else {c for c in meant if self._holds(c, kinds)}

    def _around(self, said: Said, unit: Unit, beside: set[str]) -> set[str]:
        """The one candidate other than the speaker who is spoken of beside the words: in their sentence, before by the same speaker, or in
        the sentence before."""
        speaker = said.speaker
        own = {speaker.candidate}
        if beside - own:
            return beside - own if len(beside - own) == 1 else set()
        if self.about is not None and self.about[0] == speaker.name and speaker.candidate != self.about[1]:
            return {self.about[1]}
        line = max(unit.start - SENTENCE, self.source.rfind("\n", 0, unit.start))
        before = {c.candidate for c in self.cast.candidates_in(line, unit.start)}
        return before if len(before) == 1 and not own & before else set()

    def _offices_in(self, start: int, end: int) -> set[str]:
        """Offices named without a country in a stretch (the prime minister), by kind."""
        seen = self.cast.seen.offices
        here = (o for o in seen if o.field == self.field and o.country is None and o.certain and o.in_office)
        return {o.kind for o in here if start <= self.cast.copy.start(o.first) < end}

    def _holds(self, candidate: str, kinds: set[str]) -> bool:
        """Whether a candidate holds an office of one of the kinds on the day of the article."""
        day = self.passage.published_on
        held = self.offices.candidates
        return day is not None and any(c == candidate and k[1] in kinds and in_office(o, day) for k, v in held.items() for c, o in v)

    def _add(self, said: Said, candidate: str, direction: Direction) -> None:
        self.quotes.append(
            Quote(
                candidate_id=candidate,
                direction=direction,
                speaker=said.speaker.name,
                is_direct=said.is_direct,
                field=self.field,
                start=said.start,
                end=said.end,
                quote=self.source[said.start : said.end],
            )
        )

    # Transcripts ----------------------------------------------------------------------------------------------------------------------

    def _labelled(self, line: Quotation) -> Person | None:
        """Who speaks a line of a transcript: the person before the colon."""
        label = self.source[line.start : line.first].rstrip(": \u00a0")
        person = self.cast.first_in(line.start, line.start + len(label), adjacent=True)
        if person is not None and person.end >= line.start + len(label) - 1:
            return person
        word = label.split()[-1]
        if word.isupper() and len(word) > 1:
            known = next((o for o in self.cast.officials() if o.name.split()[-1].upper() == word.upper()), None)
            return known or Person(line.start, line.start + len(label), label)
        return None


_LETTER = re.compile(r"\w")
_STOP = re.compile(r"[,.;:!?()\n“”„«»\"—]| [–-] ")
_BREAK = re.compile(r"[.,;:!?\n“„«]")
_COLON = re.compile(r"[:：][\s\u00a0]*[–—-]?[\s\u00a0]*$")


def _within(items: Sequence[_Placed], start: int, end: int) -> list[_Placed]:
    """Those of items in order that begin between two places."""
    return list(items[bisect_left(items, (start,)) : bisect_left(items, (end,))])


def _follows(unit: Unit, mark: Quotation, cue: Cue) -> bool:
    """Whether a verb stands right behind its quotation, so that its subject comes behind it: "…", said Ann."""
    return mark.end <= cue.start and not _LETTER.search(unit.view, mark.end, cue.start)


def _gap(cue: Cue, mark: Quotation) -> int:
    return mark.start - cue.end if cue.end <= mark.start else cue.start - mark.end
