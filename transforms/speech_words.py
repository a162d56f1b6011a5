"""The words around quotes, by language, compiled: verbs of saying, words that open reported speech, pronouns, nouns for speakers.

Belongs here: reading ``lexicons/speech.toml`` (its head says what the keys mean) and finding its words. Does not belong here: what they
mean together (:mod:`transforms.speakers`, :mod:`transforms.quotes`). A language that is not in that file takes the words of saying, of
opening and the pronouns of ``lexicons/endorsements/``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from daachorse import MATCH_KIND_STANDARD, CharwiseDoubleArrayAhoCorasick

from transforms.names import ANY, lexicon
from transforms.normalise import fold_text
from transforms.phrases import expand
from transforms.position_words import read_lexicon
from transforms.quotation_marks import MARKS

CUES = ("says", "tells", "calls", "according", "aside", "viewed", "views", "behind")
NOUNS = ("spokes", "speakers")
WORDS = ("opens", "unsaid", "he", "him", "plain", "fronted", "ends", "mood")
SWITCHES = ("prodrop", "bare", "first", "comma")
VERBS = frozenset({"says", "tells", "calls"})
SAYING = frozenset({"says", "tells"})
MARK = "mark"
PRONOUN = "pronoun"  # found with the space or the mark before it, which keeps those apart that only end or begin other words
COLON, DASH = "colon", "dash"  # signs of a transcript, of a dialogue
ALONE = frozenset({MARK, PRONOUN, COLON, DASH})
SILENT = "silent"  # a word of saying by which nothing is said: "to say", "did not say"
# Words of all languages.
JOINS, ADDED = (frozenset(map(fold_text, lexicon("speech")[ANY][key])) for key in ("joins", "added"))
PARTICIPLES = tuple(map(fold_text, lexicon("speech")[ANY]["ing"]))
CAPITALS: frozenset[str] = frozenset(lexicon("speech")[ANY]["capitals"])
# In these languages of lexicons/endorsements a verb of saying has its subject beside it.
_SUBJECT_NEEDED = frozenset({"is"})


class Cue(NamedTuple):
    """A word or phrase of the lexicon in a text."""

    start: int
    end: int
    kind: str


@dataclass(frozen=True, slots=True)
class Finder:
    """Words and beginnings of words in one automaton."""

    kinds: tuple[str, ...]
    open_before: tuple[bool, ...]
    open_behind: tuple[bool, ...]
    automaton: CharwiseDoubleArrayAhoCorasick

    def find(self, low: str) -> list[Cue]:
        """What stands in a folded text, in order; of words inside one another the longest. Marks and pronouns are kept apart from words."""
        found: list[Cue] = []
        kinds, open_before, open_behind, size = self.kinds, self.open_before, self.open_behind, len(low)
        for start, end, at in self.automaton.find_overlapping(low):
            if not open_behind[at] and end < size and low[end].isalnum():
                continue
            kind = kinds[at]
            if kind in ALONE:
                found.append(Cue(start, end, kind))
                continue
            if not open_before[at] and start and low[start - 1].isalnum():
                continue
            while found and found[-1].start >= start:
                found.pop()
            if not found or found[-1].end <= start or found[-1].kind == PRONOUN:
                found.append(Cue(start, end, kind))
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Speech:
    """The words of one language."""

    cues: Finder  # words of saying, pronouns, quotation marks
    nouns: Finder
    opens: re.Pattern[str] | None
    he: re.Pattern[str] | None
    ends: re.Pattern[str] | None  # at the end of what is searched
    mood: re.Pattern[str] | None
    unsaid: frozenset[str]
    plain: frozenset[str]
    fronted: frozenset[str]
    prodrop: bool
    bare: bool
    first: bool
    comma: bool


@cache
def speech_of(language: str) -> Speech | None:
    """The words of a language; None where nothing is known of it."""
    known = lexicon("speech")
    code = language if language in known else lexicon("race")["same"].get(language, language)
    data: Mapping[str, Any] | None = known.get(code) if code != ANY else None
    data = data or _from_endorsements(language)
    if data is None:
        return None
    wrong = data.keys() - {*CUES, *NOUNS, *WORDS, *SWITCHES}
    if wrong:
        raise ValueError(f"lexicons/speech.toml: {language}: unknown keys {sorted(wrong)}")
    cues = {kind: data.get(kind, ()) for kind in CUES}
    pronouns = (*data.get("he", ()), *data.get("him", ()))
    return Speech(
        cues=_finder(cues, pronouns, signs=True),
        nouns=_finder({kind: data.get(kind, ()) for kind in NOUNS}),
        opens=_any_of(data.get("opens", ())),
        he=_any_of(data.get("he", ())),
        ends=_any_of(data.get("ends", ()), end=r"\s*\Z"),
        mood=_any_of(data.get("mood", ())),
        unsaid=frozenset(map(fold_text, data.get("unsaid", ()))),
        plain=frozenset(map(fold_text, data.get("plain", ()))),
        fronted=frozenset(map(fold_text, data.get("fronted", ()))),
        prodrop=data.get("prodrop", False),
        bare=data.get("bare", False),
        first=data.get("first", False),
        comma=data.get("comma", False),
    )


def _from_endorsements(language: str) -> Mapping[str, Any] | None:
    data = read_lexicon(language)
    if data is None:
        return None
    source, people = data.get("source", {}), data.get("people", {})
    return {
        "says": [e for e in source.get("says", ()) if "…" not in e],
        "according": source.get("according", ()),
        "opens": data.get("clauses", {}).get("reported", ()),
        "him": people.get("pronouns", ()),
        "speakers": [e for e in (*source.get("unnamed", ()), *source.get("official", ())) if "…" not in e],
        "prodrop": language not in _SUBJECT_NEEDED,
        "comma": True,
    }


def _finder(kinds: Mapping[str, Iterable[str]], pronouns: Sequence[str] = (), *, signs: bool = False) -> Finder:
    found: dict[str, tuple[str, bool, bool]] = {}
    for kind, entries in kinds.items():
        for entry in entries:
            for phrase in expand(entry):
                # a star inside a phrase would need a pattern: there the word has to be whole
                words = phrase.replace("* ", " ")
                found.setdefault(fold_text(words.strip("*")), (kind, words.startswith("*"), words.endswith("*")))
    if signs:
        words_alone = {fold_text(w) for entry in pronouns for w in expand(entry)}
        for before in (" ", "'", *MARKS):
            found |= {before + w.rstrip("*"): (PRONOUN, True, w.endswith("*") or not w[-1].isalnum()) for w in words_alone}
        found |= {**dict.fromkeys(MARKS, (MARK, True, True)), ": ": (COLON, True, True), "- ": (DASH, True, True)}
    keys = sorted(found) or ["\u2404\u2404"]
    values = [found.get(key, ("", False, False)) for key in keys]
    return Finder(
        tuple(v[0] for v in values),
        tuple(v[1] for v in values),
        tuple(v[2] for v in values),
        CharwiseDoubleArrayAhoCorasick(keys, MATCH_KIND_STANDARD),
    )


def _any_of(entries: Iterable[str], end: str = "") -> re.Pattern[str] | None:
    words = sorted({fold_text(w) for entry in entries for w in expand(entry)}, key=len, reverse=True)
    if not words:
        return None
    parts = (re.escape(w.rstrip("*")) + (r"\w*" if w.endswith("*") else r"\b" if w[-1].isalnum() else "") for w in words)
    return re.compile(r"\b(?:" + "|".join(parts) + ")" + end)
