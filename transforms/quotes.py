"""Words by and about candidates, in quotation marks and in reported speech.

Belongs here: which words of a text are somebody's, whose they are, and whether they are a candidate's or about one. Verbs of saying come
from ``lexicons/endorsements/``, officials from :mod:`transforms.offices`, quotation marks from :mod:`transforms.quotation_marks`; who may
be a speaker is found in :mod:`transforms.speakers`.

A quotation is looked at in its sentence, with the words in the marks taken out: the verb of saying nearest to it, and the person who is
that verb's subject. Reported speech begins behind the verb and the word that opens it (that, dass, que), or goes before ", she said".
Only what says whose words they are is taken: words in marks that nobody is said to have spoken are no quote.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from transforms.normalise import Folded
from transforms.offices import Offices
from transforms.passage import Passage
from transforms.position_words import Table
from transforms.quotation_marks import Quotation, quotations
from transforms.records import Field, Quote
from transforms.sentences import sentence_spans
from transforms.speakers import Person, persons_of, subject_of
from transforms.speech_words import speech_table

# In these languages a verb of saying has its subject beside it; elsewhere the verb alone may stand for "he said".
_SUBJECT_NEEDED = frozenset({"en", "nl", "de", "fr", "da", "no", "sv", "is"})
# In these languages reported speech may follow the verb without a word that opens it.
_BARE_CLAUSE = frozenset({"en", "da", "no", "sv"})
Place = tuple[str, int, int]  # kind of word, start, end in the text as given
MIN_WORDS = 2  # of words in quotation marks
MIN_REPORTED = 4  # words of reported speech
NEAR = 25  # code points between a quotation and its verb that make a short one a quote
LONG = 5  # words of a quotation that needs no verb so near
REACH = 160  # code points between a quotation and its verb
TAIL = 70  # code points that may follow reported speech in its sentence: ", she said on Tuesday"


@dataclass(frozen=True, slots=True)
class Verb:
    """A word of saying; offsets of the text as given."""

    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """A sentence with what matters to speech in it; offsets of the text as given."""

    start: int
    end: int
    text: str  # the whole field, words in quotation marks blanked out
    verbs: tuple[Verb, ...]
    openers: tuple[Verb, ...]  # words that open reported speech
    persons: tuple[Person, ...]  # outside quotation marks
    quotations: tuple[Quotation, ...]
    language: str


def find_quotes(offices: Offices, passage: Passage) -> tuple[Quote, ...]:
    """The quotes by and about candidates, by field (title first), start, candidate and direction. Never raises."""
    table = speech_table(passage.language)
    if table is None or not passage.names:
        return ()
    found: dict[tuple[str, int, int, str, str], Quote] = {}
    for field, copy in passage.folded.items():
        for quote in _of_field(field, copy, passage, offices, table):
            found.setdefault((quote.field, quote.start, quote.end, quote.candidate_id, quote.direction), quote)
    return tuple(sorted(found.values(), key=lambda q: (q.field != "title", q.start, q.end, q.candidate_id, q.direction)))


@dataclass(frozen=True, slots=True)
class Said:
    """Words and whose they are."""

    start: int
    end: int
    speaker: Person
    is_direct: bool


def _of_field(field: Field, copy: Folded, passage: Passage, offices: Offices, table: Table) -> Iterator[Quote]:
    places = [(h.kind, copy.start(h.start), copy.end(h.end)) for h in table.find(copy.text, 0, len(copy.text))]
    pronouns = [(start, end) for kind, start, end in places if kind == "pronoun"]
    everybody = persons_of(field, copy, passage, offices.read(passage), pronouns, {c.id: c.name for c in offices.watchlist.candidates})
    before: Frame | None = None
    last: Person | None = None  # who spoke, else who was named last
    carried: tuple[str, str] | None = None  # who spoke last about one candidate, and about whom
    for frame in _frames(copy.source, places, everybody, passage.language):
        if any(frame.start <= p.start < frame.end for p in everybody) or last is not None or frame.quotations:
            said = list(_direct(frame, before, last, copy.source))
            said += _reported(frame, last, said)
            for words in said:
                found = list(_quotes(words, frame, field, copy.source, everybody, carried))
                yield from found
                about = [q.candidate_id for q in found if q.direction == "about"]
                carried = (words.speaker.name, about[0]) if len(about) == 1 else carried
            speakers = [s.speaker for s in said]
            named = [p for p in frame.persons if not p.is_pronoun]
            last = speakers[-1] if speakers else (named[0] if named else last)
        before = frame


def _frames(source: str, places: Sequence[Place], everybody: Sequence[Person], language: str) -> Iterator[Frame]:
    marks = quotations(source)
    blanked = _blanked(source, marks)
    for start, end in sentence_spans(blanked, language):
        inside = [m for m in marks if start <= m.start < end]

        def outside(at: int, inside: Sequence[Quotation] = inside) -> bool:
            return not any(m.start <= at < m.end for m in inside)

        here = [p for p in places if start <= p[1] < end and outside(p[1])]
        yield Frame(
            start=start,
            end=end,
            text=blanked,
            verbs=tuple(Verb(a, b) for kind, a, b in here if kind == "says"),
            openers=tuple(Verb(a, b) for kind, a, b in here if kind == "reported"),
            persons=tuple(p for p in everybody if start <= p.start < end and outside(p.start)),
            quotations=tuple(inside),
            language=language,
        )


def _blanked(text: str, marks: Sequence[Quotation]) -> str:
    """The text with the words in quotation marks made one long word, but for a mark that ends a sentence at their end."""
    parts: list[str] = []
    done = 0
    for mark in marks:
        ends = text[mark.last - 1] in ".!?…" and not _goes_on(text, mark.end)
        size = mark.last - mark.first - ends
        parts += (text[done : mark.first], "x" * size)
        done = mark.first + size
    return "".join(parts) + text[done:]


def _goes_on(text: str, at: int) -> bool:
    """Whether a sentence goes on behind a quotation: a small letter, a comma, a dash."""
    rest = text[at : at + 3].lstrip(" \u00a0")
    return (bool(rest) and not text[at : at + 1].isspace()) or rest[:1].islower() or rest[:1] in "–—-"


# Quotations ---------------------------------------------------------------------------------------------------------------------------


def _direct(frame: Frame, before: Frame | None, last: Person | None, source: str) -> Iterator[Said]:
    speaker_here: Person | None = None
    for mark in frame.quotations:
        count = len(source[mark.first : mark.last].split())
        if count < MIN_WORDS:
            continue
        speaker, gap = _speaker_of(frame, mark, last)
        if speaker is None and count >= LONG:
            speaker = speaker_here or _from_neighbours(frame, before, mark, last)
            gap = 0
        if speaker is None or (count < LONG and gap > NEAR):
            continue
        speaker_here = speaker
        yield Said(mark.first, _without_comma(source, mark.first, mark.last), speaker, True)


def _without_comma(text: str, start: int, end: int) -> int:
    while end > start and text[end - 1] in ", ":
        end -= 1
    return end


def _speaker_of(frame: Frame, mark: Quotation, last: Person | None) -> tuple[Person | None, int]:
    """Who says a quotation by the nearest verb of its sentence, and how far that verb is."""
    for verb in sorted(frame.verbs, key=lambda v: (_gap(v, mark), v.start)):
        gap = _gap(verb, mark)
        if gap > REACH:
            break
        person = subject_of(frame.persons, frame.text, verb.start, verb.end, frame.start, frame.end, follows=_follows(frame, mark, verb))
        if person is None and frame.language not in _SUBJECT_NEEDED:
            person = last
        person = _resolved(person, frame, last)
        if person is not None:
            return person, gap
    colon = re.search(r"[:：][\s\u00a0]*[–—-]?[\s\u00a0]*$", frame.text[frame.start : mark.start])
    if colon:
        end = frame.start + colon.start()
        named = [p for p in frame.persons if p.end <= end and not p.is_pronoun]
        if named:
            return named[-1] if end - named[-1].end <= NEAR else named[0], 0
    return None, REACH


def _gap(verb: Verb, mark: Quotation) -> int:
    return mark.start - verb.end if verb.end <= mark.start else verb.start - mark.end


def _follows(frame: Frame, mark: Quotation, verb: Verb) -> bool:
    """Whether a verb stands right behind its quotation, so that its subject comes behind it: "…", said Ann."""
    return mark.end <= verb.start and not re.search(r"\w", frame.text[mark.end : verb.start])


def _resolved(person: Person | None, frame: Frame, last: Person | None) -> Person | None:
    """A pronoun stands for the person named before it in the sentence, else for the one before that."""
    if person is None or not person.is_pronoun:
        return person
    named = [p for p in frame.persons if not p.is_pronoun and p.end <= person.start]
    return named[0] if named else last


def _from_neighbours(frame: Frame, before: Frame | None, mark: Quotation, last: Person | None) -> Person | None:
    """A quotation that is a sentence of its own goes on with the speaker of the sentence before, or follows its colon."""
    alone = not re.search(r"\w", frame.text[frame.start : mark.start])
    if not alone or before is None or last is None:
        return None
    quoted = bool(before.quotations) and bool(before.verbs)
    announced = frame.text[before.start : before.end].rstrip().endswith(":")
    spoken = bool(before.verbs) and any(p.name == last.name for p in before.persons)
    return last if quoted or announced or spoken else None


# Reported speech ----------------------------------------------------------------------------------------------------------------------


def _reported(frame: Frame, last: Person | None, direct: Sequence[Said]) -> Iterator[Said]:
    for verb in frame.verbs:
        for start, end, follows in _clauses(frame, verb):
            inside = [s for s in direct if start <= s.start < end]
            if any(2 * (s.end - s.start) > end - start for s in inside):
                continue  # the quotation is what was said
            if any(s.start <= start < s.end or s.start < end <= s.end for s in direct) and not inside:
                continue
            person = subject_of(frame.persons, frame.text, verb.start, verb.end, frame.start, frame.end, follows=follows)
            if person is not None and start <= person.start < end:
                continue
            if person is None and frame.language not in _SUBJECT_NEEDED:
                person = last
            person = _resolved(person, frame, last)
            if person is not None:
                yield Said(start, end, person, False)
                break


def _clauses(frame: Frame, verb: Verb) -> Iterator[tuple[int, int, bool]]:
    """Where reported speech may stand around a verb: start, end, and whether the verb follows it."""
    text = frame.text
    end = _sentence_end(text, frame.start, frame.end)
    opener = next((o for o in frame.openers if verb.end <= o.start <= verb.end + 60 and not _has_stop(text, verb.end, o.start)), None)
    if opener is not None and _long_enough(text, opener.end, end):
        yield _trimmed(text, opener.end, end), end, False
        return
    inverted = next((p for p in frame.persons if verb.end <= p.start <= verb.end + NEAR), None)
    if inverted is not None:  # according to Ann, …; am Dienstag sagte Ann, …
        comma = text.find(",", inverted.end, min(inverted.end + NEAR, end))
        if comma >= 0 and _long_enough(text, comma, end):
            yield _trimmed(text, comma, end), end, True
    bare = re.match(r"\s*,\s+" if frame.language not in _BARE_CLAUSE else r"\s+", text[verb.end : end])
    tail = end - verb.end
    if bare and tail > TAIL // 2 and _long_enough(text, verb.end + bare.end(), end):
        yield verb.end + bare.end(), end, False
    comma = text.rfind(",", frame.start, verb.start)
    if comma > frame.start and tail <= TAIL and verb.start - comma <= TAIL and _long_enough(text, frame.start, comma):
        yield _trimmed(text, frame.start, comma), comma, True


def _long_enough(text: str, start: int, end: int) -> bool:
    return len(text[start:end].split()) >= MIN_REPORTED


def _has_stop(text: str, start: int, end: int) -> bool:
    return any(mark in text[start:end] for mark in ";.")


def _trimmed(text: str, start: int, end: int) -> int:
    while start < end and (text[start].isspace() or text[start] in ",:"):
        start += 1
    return start


def _sentence_end(text: str, start: int, end: int) -> int:
    while end > start and (text[end - 1].isspace() or text[end - 1] in ".!?…"):
        end -= 1
    return end


# By whom, about whom ------------------------------------------------------------------------------------------------------------------


def _quotes(
    said: Said, frame: Frame, field: Field, source: str, everybody: Sequence[Person], carried: tuple[str, str] | None
) -> Iterator[Quote]:
    speaker = said.speaker

    def quote(candidate: str, *, by: bool) -> Quote:
        return Quote(
            candidate_id=candidate,
            direction="by" if by else "about",
            speaker=speaker.name,
            is_direct=said.is_direct,
            field=field,
            start=said.start,
            end=said.end,
            quote=source[said.start : said.end],
        )

    if speaker.candidate:
        yield quote(speaker.candidate, by=True)
    named = {p.candidate for p in everybody if p.candidate and said.start <= p.start < said.end}
    if not named and any(p.is_pronoun and said.start <= p.start < said.end for p in everybody):
        # he, in the words of another: the candidate whom the sentence names beside the speaker
        around = {p.candidate for p in frame.persons if p.candidate and not (said.start <= p.start < said.end)}
        named = around if len(around - {speaker.candidate}) == 1 else set()
        if not named and carried is not None and carried[0] == speaker.name:
            named = {carried[1]}
    for candidate in sorted(c for c in named if c and c != speaker.candidate):
        yield quote(candidate, by=False)
