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

from transforms.normalise import Folded, _fold_even
from transforms.offices import Offices
from transforms.passage import Passage
from transforms.quotation_marks import Quotation, between, blanked, dialogue, has_dialogue, quotations
from transforms.records import Field, Quote, Reference
from transforms.references import find_references
from transforms.reported import Said, Unit, reported
from transforms.sentences import next_end
from transforms.speakers import Cast, Person, subject_of
from transforms.speech_words import MARK, SAYING, VERBS, Cue, Speech, speech_of

MIN_WORDS = 2  # of words in quotation marks
NEAR = 25  # code points between a quotation and its verb that make a short one a quote
LONG = 5  # words of a quotation that needs no verb so near
REACH = 160  # code points between a quotation and its verb
JOINED = 12  # code points that a verb behind a quotation is farther from it, where words stand between them
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
        low = copy.text if len(copy.text) == len(copy.source) else _fold_even(copy.source)
        cues = speech.cues.find(low)
        if not cues and not has_dialogue(copy.source) and ": " not in copy.source:
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
        self.field, self.source, self.low, self.speech, self.language = field, copy.source, low, speech, passage.language
        self.names = {c.id: c.name for c in offices.watchlist.candidates}
        here = [Person(copy.start(n.start), copy.end(n.end), self.names[n.candidate], n.candidate) for n in passage.names if n.field == field]
        here += [Person(r.start, r.end, self.names[r.candidate_id], r.candidate_id) for r in references if r.field == field]
        self.candidates = sorted(here)
        self.starts = [c.start for c in self.candidates]
        self.cast = Cast(copy.source, low, self.candidates, offices.read(passage), copy, field, speech)
        self.last: Person | None = None  # who spoke last
        self.last_end = 0  # where the sentence ended in which that was
        self.about: tuple[str, str] | None = None  # who spoke last about one candidate, and about whom

    def read(self, found: Sequence[Cue]) -> Iterator[Quote]:
        source, speech = self.source, self.speech
        cues = [c for c in found if c.kind != MARK and self._is_near(c.start) and self._says(c)]
        marks = quotations(source) if len(found) > len(cues) or "‘" in source or "‚" in source else []
        if has_dialogue(source):
            verbs = [(c.start, c.end) for c in cues if c.kind in VERBS]
            marks = _outermost([*marks, *dialogue(source, verbs)])
        view, low = source, self.low
        if marks:
            marks = list(self._parted(marks, cues))
            followed = {m.end for m in marks if source[m.last - 1] in "?!…" and self._asked(m, cues)}
            view, low = blanked(source, source, marks, followed), blanked(low, source, marks, followed)
            cues = [c for c in cues if not any(m.first <= c.start < m.last for m in marks)]
        done = 0
        places = sorted([*((c.start, c.end) for c in cues), *((m.start, m.end) for m in marks)])
        for line in self._lines():
            places.append((line.start, line.end))
        places.sort()
        lines = {line.start: line for line in self._lines()}
        for at, until in places:
            if at < done:
                continue
            if at in lines:
                line = lines[at]
                yield from self._quotes(Said(line.first, line.last, self._labelled(line), True), Unit.empty(line.start, line.end))
                done = line.end
                continue
            start, end = self._bounds(view, at, until, done, marks)
            done = end
            here = [m for m in marks if start <= m.start < end]
            unit = Unit(
                start=start,
                end=end,
                view=view,
                low=low,
                cues=[c for c in cues if start <= c.start < end],
                marks=here,
                language=self.language,
            )
            yield from self._of_unit(unit, speech)

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
            for cue in cues:
                if cue.kind not in SAYING or not first < cue.start < mark.last or self.source[cue.start - 2 : cue.start] != ", ":
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
            mark.end <= c.start <= mark.end + 60 and not _BREAK.search(self.source, mark.end, c.start) for c in cues if c.kind in SAYING
        )

    def _bounds(self, view: str, at: int, until: int, low: int, marks: Sequence[Quotation]) -> tuple[int, int]:
        """The sentence around a place."""
        start = max(low, view.rfind("\n", low, at) + 1)
        while (end := next_end(view, start, self.language)) <= at:
            start = end
        while end < until:
            end = next_end(view, end, self.language)
        while start < at and view[start].isspace():
            start += 1
        return start, end

    # Speech ---------------------------------------------------------------------------------------------------------------------------

    def _of_unit(self, unit: Unit, speech: Speech) -> Iterator[Quote]:
        inside = self.cast.candidates_in(unit.start, unit.end)
        if not inside and not (self._goes_on(unit) or self._pronoun(unit.start, unit.end)):
            return
        said = list(self._direct(unit))
        said += reported(unit, self.cast, self._subject, said)
        if not said and self.speech.mood is not None and not unit.marks:
            return
        for words in sorted(said, key=lambda s: s.start):
            yield from self._quotes(words, unit)
        if said:
            self.last, self.last_end = said[-1].speaker, unit.end

    def _goes_on(self, unit: Unit) -> bool:
        return self.last is not None and unit.start - self.last_end < 200 and (bool(unit.marks) or self.speech.prodrop)

    def _pronoun(self, start: int, end: int) -> bool:
        pronouns = self.speech.pronouns
        return pronouns is not None and pronouns.search(self.low, start, end) is not None

    def _direct(self, unit: Unit) -> Iterator[Said]:
        speaker_here: Person | None = None
        for mark in unit.marks:
            count = len(self.source[mark.first : mark.last].split())
            if count < MIN_WORDS:
                continue
            speaker, gap, cue = self._speaker_of(unit, mark)
            if speaker is None and count >= 3 and self._alone(unit, mark):
                speaker = speaker_here or self._before(unit)
                gap = 0
            if speaker is None or (count < LONG and gap > NEAR):
                continue
            speaker_here = speaker
            last = mark.last
            while last > mark.first and self.source[last - 1] in ", ":
                last -= 1
            yield Said(mark.first, last, speaker, True, cue)

    def _speaker_of(self, unit: Unit, mark: Quotation) -> tuple[Person | None, int, Cue | None]:
        """Who says a quotation by the nearest word of saying of its sentence, how far that is, and the word."""
        for cue in sorted(unit.cues, key=lambda c: (_gap(c, mark) + (JOINED if mark.end <= c.start and _follows(unit, mark, c) is False else 0), c.start)):
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
        person = subject_of(self.cast, unit.view, cue.start, cue.end, unit.start, unit.end, follows=follows, names=cue.kind == "calls")
        if person is None:
            before = [m for m in unit.marks if m.end <= cue.start]
            if before and before[0].start > unit.start:  # Ann, “…” said (Turkish)
                person = self.cast.first_in(unit.start, before[0].start, adjacent=True)
        if person is None and self.speech.prodrop:
            return self._before(unit) or self._antecedent(unit.start, unit)
        return self._resolved(person, unit) if person is not None else None

    def _resolved(self, person: Person, unit: Unit) -> Person | None:
        return self._antecedent(person.start, unit) if person.is_pronoun else person

    def _antecedent(self, at: int, unit: Unit) -> Person | None:
        """Whom a pronoun means: the one named before it in its sentence, who spoke last, who is named first in the sentence before."""
        named = [c for c in self.cast.candidates_in(unit.start, at) if not any(m.start <= c.start < m.end for m in unit.marks)]
        if named:
            return named[0]
        if self.last is not None and not self.cast.candidates_in(self.last_end, unit.start):
            return self.last
        end = unit.start
        for _ in range(2):
            start = max(self.source.rfind(mark, 0, max(end - 2, 0)) for mark in (". ", "? ", "! ", "\n", "” ", "» "))
            person = self.cast.first_in(start + 1, end, pronouns=False)
            if person is not None:
                return person
            if start <= 0:
                break
            end = start + 1
        return None

    def _before(self, unit: Unit) -> Person | None:
        """Who spoke in the sentence right before."""
        if self.last is None or re.search(r"\w", self.source[self.last_end : unit.start]):
            return None
        return self.last

    def _alone(self, unit: Unit, mark: Quotation) -> bool:
        """Whether a quotation stands at the beginning of its sentence, with nothing behind it that tells of another."""
        return not re.search(r"\w", unit.view[unit.start : mark.start])

    # By whom, about whom --------------------------------------------------------------------------------------------------------------

    def _quotes(self, said: Said, unit: Unit) -> Iterator[Quote]:
        speaker = said.speaker
        if speaker is None or said.end <= said.start:
            return
        if speaker.candidate:
            yield self._quote(said, speaker.candidate, by=True)
        named = {c.candidate for c in self.cast.candidates_in(said.start, said.end)} - {speaker.candidate}
        if not named and unit.end > unit.start:
            named = self._meant(said, unit)
        for candidate in sorted(named):
            yield self._quote(said, candidate, by=False)
        if len(named) == 1:
            self.about = speaker.name, min(named)

    def _meant(self, said: Said, unit: Unit) -> set[str]:
        """The candidate whom a pronoun in the words means, or whom a name is given by them."""
        speaker = said.speaker
        around = {c.candidate for c in self.cast.candidates_in(unit.start, unit.end) if not said.start <= c.start < said.end}
        around -= {speaker.candidate} if speaker else set()
        if said.cue is not None and said.cue.kind == "calls" and len(around) == 1:
            return around
        if not self._pronoun(said.start, said.end):
            return set()
        if len(around) == 1:
            return around
        if self.about is not None and speaker is not None and self.about[0] == speaker.name and speaker.candidate != self.about[1]:
            return {self.about[1]}
        return set()

    def _quote(self, said: Said, candidate: str, *, by: bool) -> Quote:
        return Quote(
            candidate_id=candidate,
            direction="by" if by else "about",
            speaker=said.speaker.name if said.speaker else None,
            is_direct=said.is_direct,
            field=self.field,
            start=said.start,
            end=said.end,
            quote=self.source[said.start : said.end],
        )

    # Transcripts ----------------------------------------------------------------------------------------------------------------------

    def _lines(self) -> list[Quotation]:
        return transcript(self.source)

    def _labelled(self, line: Quotation) -> Person | None:
        """Who speaks a line of a transcript: the person before the colon."""
        label = self.source[line.start : line.first].rstrip(": \u00a0")
        person = self.cast.first_in(line.start, line.start + len(label), adjacent=True)
        if person is not None:
            return person
        word = label.split()[-1]
        official = next((o for o in self.cast.officials() if o.name.split()[-1].upper() == word.upper()), None)
        return official


_LETTER = re.compile(r"\w")
_STOP = re.compile(r"[,.;:!?()\n“”„«»\"—]| [–-] ")
_BREAK = re.compile(r"[.,;:!?\n“„«]")
_COLON = re.compile(r"[:：][\s\u00a0]*[–—-]?[\s\u00a0]*$")
_LABEL = re.compile(r"(?:^|(?<=\n))(?=[^\W\d_a-z])[^\n:“„«\"]{2,40}: (?![“„«\"‘»”])(?=\S)[^\n]*[.!?…]")


def transcript(source: str) -> list[Quotation]:
    """Lines that begin with a speaker and a colon, as briefings are written down; the words are all that follows."""
    found = []
    if ": " in source:
        for match in _LABEL.finditer(source):
            colon = source.index(": ", match.start())
            found.append(Quotation(match.start(), match.end(), colon + 2, match.end()))
    return found


def _outermost(marks: Sequence[Quotation]) -> list[Quotation]:
    kept: list[Quotation] = []
    for mark in sorted(marks, key=lambda m: (m.start, -m.end)):
        if not kept or mark.start >= kept[-1].end:
            kept.append(mark)
    return kept


def _follows(unit: Unit, mark: Quotation, cue: Cue) -> bool:
    """Whether a verb stands right behind its quotation, so that its subject comes behind it: "…", said Ann."""
    return mark.end <= cue.start and not _LETTER.search(unit.view, mark.end, cue.start)


def _gap(cue: Cue, mark: Quotation) -> int:
    return mark.start - cue.end if cue.end <= mark.start else cue.start - mark.end
