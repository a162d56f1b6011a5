"""Whether a text is about the contest of a watch list, and whom it treats as in the running.

Here the words are found: names of the post and of the body that fills it (from the watch list), words of choosing and of the moves in a
contest (``lexicons/race.toml``), words of other work and other posts. What they say together is decided for a short text by its evidence
(:mod:`transforms.evidence`), for an article sentence by sentence (:mod:`transforms.weighing`). Names of persons come from
:mod:`transforms.mentions`; positions of countries belong to the ledger.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType
from typing import Any

from daachorse import MATCH_KIND_STANDARD, CharwiseDoubleArrayAhoCorasick

from transforms.evidence import figures, probability
from transforms.names import ANY, VOWELS, lexicon, transliterate
from transforms.normalise import Folded, fold_text
from transforms.params import Endorser, Watchlist
from transforms.records import Field
from transforms.weighing import SHORT, Hit, Name, Sentence, Units, parts, sentences, split, weigh
from transforms.wording import shift, wording
from transforms.wording import weights as word_weights

# The probability from which on a short text is about the contest. By cross-validation anything from 0.35 to 0.55 does equally well; the
# lower part is taken since texts without a listed person and without the body, which are not about it, never come to the question.
ENOUGH = 0.4
ACTIVE = frozenset({"interested", "declared", "nominated", "appointed", "in_office"})  # what makes "in the running"
OPENLY = frozenset({"declared", "nominated", "appointed", "in_office"})
HOLDER = "holder"  # the key in [bodies] for whoever has the post until it is filled
KINDS = (
    "choice",
    "moves",
    "politics",
    "domestic",
    "home",
    "office",
    "work",
    "say",
    "fit",
    "bargain",
    "envoy",
    "deputy",
    "seek",
    "support",
    "aspire",
    "next",
    "succeed",
    "seat",
)


@dataclass(frozen=True, slots=True)
class Table:
    """The cue words of one language in one automaton: pattern → what it says."""

    patterns: tuple[str, ...]
    meanings: Mapping[str, tuple[str, ...]]  # kind of word, or "requires:<candidate>", "about:<candidate>"
    whole: frozenset[str]  # patterns that are whole words
    automaton: CharwiseDoubleArrayAhoCorasick


@dataclass(frozen=True, slots=True)
class Contest:
    """Cue words of a watch list by language, and what its candidates ask of a text."""

    tables: Mapping[str, Table]
    gates: Mapping[str, Table]  # names of post and body only: a text without them and without a person is not about the contest
    home: Mapping[str, str]  # candidate → country
    bodies: bool  # whether the list says whose post it is
    terms: bool  # whether it says how the post is called
    running: frozenset[str]  # candidates who were more than talked of
    open_runners: frozenset[str]  # candidates who stood openly
    demanding: frozenset[str]  # candidates whose name needs one of their own words in the text


@dataclass(frozen=True, slots=True)
class Cues:
    """What was found in one text."""

    hits: tuple[Hit, ...]
    kinds: Mapping[str, int]  # kind → different patterns found
    length: int  # of the folded text
    language: str
    contest: Contest

    def allows(self, candidate: str) -> bool:
        """Whether the text has a word without which the candidate's name may be anybody's (``requires``)."""
        return candidate not in self.contest.demanding or bool(self.kinds.get(f"requires:{candidate}"))

    def decide(self, names: Sequence[Name], folded: Mapping[Field, Folded], spans: Units) -> tuple[bool, frozenset[str]]:
        """Whether the text is about the choice for the post, and whom it treats as in the running (nobody where it is not)."""
        if not self.hits or (not names and not self.kinds.get("post") and self.length > SHORT):
            return False, frozenset()
        units = sentences(spans, self.hits, names)
        if self.length <= SHORT:
            found = figures(units, len(spans["text"]), folded, self.contest.home, self.contest.running)
            about = self._likely(found, names, folded) >= ENOUGH
        else:
            about = weigh(units, spans, folded, self.contest.home, bodies=self.contest.bodies, terms=self.contest.terms).decide()
        return about, contenders(self, units) if about else frozenset()

    def _likely(self, found: Mapping[str, float], names: Sequence[Name], folded: Mapping[Field, Folded]) -> float:
        said = wording(folded, self.hits, names) if found and self.language in word_weights() else frozenset()
        return probability(found, shift(said, self.language))

    def evidence(self, names: Sequence[Name], folded: Mapping[Field, Folded]) -> Mapping[str, float]:
        """What the text offers as evidence (:mod:`transforms.evidence`)."""
        spans: Units = {name: split(copy) for name, copy in folded.items()}
        return figures(sentences(spans, self.hits, names), len(spans["text"]), folded, self.contest.home, self.contest.running)


def compile_contest(watchlist: Watchlist, languages: Sequence[str]) -> Contest:
    """The cue words of a watch list joined with those of each language; "" is the language that is not known."""
    fallback = _from_title(watchlist.title)
    tables: dict[str, Table] = {}
    gates: dict[str, Table] = {}
    for code in languages:
        words: dict[str, set[str]] = {}
        _add(words, "post", _in(watchlist.context, code) or fallback[0])
        _add(words, "body", _in(watchlist.bodies, code) or (fallback[1] if not watchlist.bodies else ()))
        _add(words, "body", watchlist.bodies.get(HOLDER, ()))
        gates[code] = _table(words)
        bodies = tuple(word.rstrip("|") for word, kinds in words.items() if "body" in kinds)
        _add(words, "own", [w for w, kinds in words.items() if "post" in kinds and (not bodies or any(b in w for b in bodies))])
        _add(words, "holder", watchlist.bodies.get(HOLDER, ()))
        _add(words, "elsewhere", _in(watchlist.elsewhere, code))
        for kind in KINDS:
            _add(words, kind, _lexicon_words(code, kind))
        for candidate in watchlist.candidates:
            _add(words, f"requires:{candidate.id}", _in(candidate.requires, code))
            _add(words, f"about:{candidate.id}", (o.title for o in candidate.offices))
            for endorser in watchlist.endorsers:
                if endorser.country == candidate.country:
                    _add(words, f"about:{candidate.id}", _country(endorser, code))
        for endorser in watchlist.endorsers:
            _add(words, f"country:{endorser.country}", _country(endorser, code))
            for surname in _officials(endorser, code):
                _add(words, f"country:{endorser.country}", [surname])
                _add(words, "politics", [surname])
        tables[code] = _table(words)
    running = frozenset(c.id for c in watchlist.candidates if not c.status or ACTIVE & {s.status for s in c.status})
    openly = frozenset(c.id for c in watchlist.candidates if not c.status or OPENLY & {s.status for s in c.status})
    demanding = frozenset(c.id for c in watchlist.candidates if c.requires)
    home = MappingProxyType({c.id: c.country for c in watchlist.candidates})
    bodied = bool(watchlist.bodies or fallback[1])
    return Contest(MappingProxyType(tables), MappingProxyType(gates), home, bodied, bool(watchlist.context), running, openly, demanding)


def _in(words: Mapping[str, Sequence[str]], language: str) -> tuple[str, ...]:
    """The words of a language and those of "any"; of all languages where the language is not known or not covered."""
    if language and language not in words:
        language = lexicon("race")["same"].get(language, language)
    if not language or language not in words:
        return (*words.get(ANY, ()), *words.get("en", ())) if language else tuple(w for found in words.values() for w in found)
    return (*words[language], *words.get(ANY, ()))


def _country(endorser: Endorser, language: str) -> tuple[str, ...]:
    """A country's names and capital as beginnings of words: without the last vowel, so that endings may follow; short ones whole."""
    names = [*_in(endorser.names, language)] or [endorser.name]
    if endorser.capital:
        names += [endorser.capital, transliterate(endorser.capital, language) or endorser.capital]
    words = (fold_text(name) for name in (*names, *endorser.also))
    return tuple(word + "|" if len(word) < SHORT_NAME else _stem(word) for word in words)


def _officials(endorser: Endorser, language: str) -> tuple[str, ...]:
    """Surnames of those who speak for a country, as beginnings of words."""
    names = [
        name for o in endorser.officials for name in (o.surname or o.name.split()[-1], *(v.split()[-1] for v in _in(o.variants, language)))
    ]
    return tuple(name for name in names if len(name) >= SHORT_NAME)


SHORT_NAME = 4  # letters; a shorter name (US, UK) is a word of its own
_COUNTRY_END = re.compile(rf"(?<=\w{{4}})(?:land|orszag|[{''.join(sorted(VOWELS))}j]+)$")


def _stem(name: str) -> str:
    """A name without its last vowels or its word for land, so that endings and adjectives may follow (Hongrie, hongrois)."""
    return _COUNTRY_END.sub("", name)


def _lexicon_words(language: str, kind: str) -> tuple[str, ...]:
    data: Mapping[str, Any] = lexicon("race")
    if not language:
        return tuple(word for code, kinds in data.items() if code != "same" for word in kinds.get(kind, ()))
    return tuple(data.get(data["same"].get(language, language), data["en"]).get(kind, ()))


def _from_title(title: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Where a list names no terms: its title without the year is the post, words in capitals are the body."""
    words = [w for w in re.findall(r"[^\W_]+", title) if not w.isdigit()]
    return (" ".join(words),), tuple(w + "|" for w in words if w.isupper() and len(w) > 1)


def _add(words: dict[str, set[str]], kind: str, terms: Iterable[str]) -> None:
    for term in terms:
        words.setdefault(fold_text(term), set()).add(kind)


def _table(words: Mapping[str, set[str]]) -> Table:
    whole = frozenset(w.rstrip("|") for w in words if w.endswith("|"))
    meanings: dict[str, set[str]] = {}
    for word, kinds in words.items():
        meanings.setdefault(word.rstrip("|"), set()).update(kinds)
    patterns = tuple(sorted(m for m in meanings if m)) or ("\u2404\u2404",)
    frozen = {p: tuple(sorted(meanings.get(p, ()))) for p in patterns}
    whole -= {word for word in words if not word.endswith("|")}
    return Table(patterns, MappingProxyType(frozen), whole, CharwiseDoubleArrayAhoCorasick(list(patterns), MATCH_KIND_STANDARD))


def read_cues(contest: Contest, title: str, text: str, language: str, named: bool) -> Cues:
    """The cue words of a folded title and text. Without a name and without the post or its body the text is not read further."""
    gate = contest.gates.get(language, contest.gates[""])
    if not named and not any(_matches(gate, copy) for copy in (title, text)):
        return Cues((), MappingProxyType({}), len(text), language, contest)
    table = contest.tables.get(language, contest.tables[""])
    fields: tuple[tuple[Field, str], ...] = (("title", title), ("text", text))
    hits = tuple(Hit(field, start, end, p, table.meanings[p]) for field, copy in fields for start, end, p in _matches(table, copy))
    kinds = _count({hit.pattern for hit in hits}, table.meanings)
    if any(kind.startswith("country:") for kind in kinds):
        kinds["politics"] = kinds.get("politics", 0) + 1  # an endorser is named: a text of public affairs
    return Cues(hits, MappingProxyType(kinds), len(text), language, contest)


def _count(patterns: Iterable[str], meanings: Mapping[str, tuple[str, ...]]) -> dict[str, int]:
    """Kind → number of different patterns; one that is the beginning of another counts with it."""
    seen: dict[str, list[str]] = {}
    for pattern in sorted(patterns):
        for kind in meanings[pattern]:
            seen.setdefault(kind, []).append(pattern)
    return {kind: 1 + sum(not after.startswith(one) for one, after in pairwise(found)) for kind, found in seen.items()}


def _matches(table: Table, text: str) -> list[tuple[int, int, str]]:
    hits = []
    for start, end, index in table.automaton.find_overlapping(text):
        if start and text[start - 1].isalnum():
            continue
        pattern = table.patterns[index]
        if pattern in table.whole and end < len(text) and text[end].isalnum():
            continue
        hits.append((start, end, pattern))
    return hits


def contenders(cues: Cues, units: Sequence[Sentence]) -> frozenset[str]:
    """Whom a text about the contest treats as in the running, and not merely as a supporter, a host or the holder of another office.

    A sentence speaks of a supporter when a word of support stands beside the name and another listed person is the one supported. Who stood
    openly is in the running unless every sentence that names him or her does so; of the others an article of some length has to say it.
    """
    roles: dict[str, Counter[str]] = {}
    for candidate, part in parts(units, cues.contest.home):
        roles.setdefault(candidate, Counter())[part] += 1
    return frozenset(c for c, seen in roles.items() if _in_the_running(seen, openly=c in cues.contest.open_runners))


def _in_the_running(seen: Counter[str], *, openly: bool) -> bool:
    if openly:
        return bool(seen["runner"] or seen["neutral"] or seen["official"])
    if seen["runner"]:
        return seen["runner"] >= seen["supporter"]
    return bool(seen["neutral"]) and not (seen["supporter"] or seen["official"])
