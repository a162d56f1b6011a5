"""Whether a text is about the contest of a watch list, and whom it treats as in the running.

A text is weighed: names of the post and of the body that fills it (from the watch list), words of choosing and of the moves in a contest
(``lexicons/race.toml``), against words of other work and other posts. Every kind of word counts once or twice, so that a long text is not
in the race by its length. Names of persons come from :mod:`transforms.mentions`; positions of countries belong to the ledger.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from daachorse import MATCH_KIND_STANDARD, CharwiseDoubleArrayAhoCorasick

from transforms.names import ANY, lexicon
from transforms.normalise import Folded, fold_text
from transforms.params import Watchlist

# Weights of kinds of words: the first of a kind, each further one, the most of a kind. The threshold is what a text has to reach.
WEIGHTS: Mapping[str, tuple[float, float, float]] = MappingProxyType(
    {
        "post": (2, 0.5, 3),
        "body": (1, 0, 1),
        "choice": (2, 0.5, 3),
        "moves": (1, 0.5, 2),
        "elsewhere": (-2, -1, -3),
        "domestic": (-0.5, -0.5, -2),
    }
)
NAMED = 1.0  # a listed person is named
HOLDS_IT = -3.0  # the title of the post stands right before a name: he or she has it
THRESHOLD = 4.0
BEFORE_NAME = 30  # code points in which the title of the post is looked for
KINDS = ("choice", "moves", "politics", "domestic", "support")


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
    demanding: frozenset[str]  # candidates whose name needs one of their own words in the text
    countries: bool


@dataclass(frozen=True, slots=True)
class Cues:
    """What was found in one text."""

    kinds: Mapping[str, int]  # kind → different patterns found
    posts: tuple[tuple[str, int, int], ...]  # (field, start, end) of names of the post, folded
    contest: Contest
    supporting: tuple[tuple[str, int, int], ...] = ()  # (field, start, end) of words of support

    def allows(self, candidate: str) -> bool:
        """Whether the text has a word without which the candidate's name may be anybody's (``requires``)."""
        return candidate not in self.contest.demanding or bool(self.kinds.get(f"requires:{candidate}"))

    def supports(self, candidate: str) -> bool:
        """Whether a bare surname may be the candidate's: the text is of public affairs or names the candidate's country."""
        kinds = ("politics", "choice", "domestic", "post", "body", f"about:{candidate}")
        return any(self.kinds.get(kind) for kind in kinds)

    def score(self, persons: Iterable[str]) -> float:
        """The weight of the text for being about the contest."""
        total = NAMED if set(persons) else 0.0
        for kind, (first, further, most) in WEIGHTS.items():
            found = self.kinds.get(kind, 0)
            if found:
                value = first + further * (found - 1)
                total += min(value, most) if most > 0 else max(value, most)
        return total + (HOLDS_IT if self.kinds.get("holder") else 0.0)

    def in_race(self, persons: Iterable[str]) -> bool:
        """Whether the text is about the choice for the post."""
        if not any(self.kinds.get(k) for k in ("choice", "moves")):
            return False
        named = set(persons)
        return bool(named or self.kinds.get("post") or self.kinds.get("body")) and self.score(named) >= THRESHOLD


def compile_contest(watchlist: Watchlist, languages: Sequence[str]) -> Contest:
    """The cue words of a watch list joined with those of each language; "" is the language that is not known."""
    fallback = _from_title(watchlist.title)
    tables: dict[str, Table] = {}
    gates: dict[str, Table] = {}
    for code in languages:
        words: dict[str, set[str]] = {}
        _add(words, "post", _in(watchlist.context, code) or fallback[0])
        _add(words, "body", _in(watchlist.bodies, code) or (fallback[1] if not watchlist.bodies else ()))
        gates[code] = _table(words)
        _add(words, "elsewhere", _in(watchlist.elsewhere, code))
        for kind in KINDS:
            _add(words, kind, _lexicon_words(code, kind))
        for candidate in watchlist.candidates:
            _add(words, f"requires:{candidate.id}", _in(candidate.requires, code))
            _add(words, f"about:{candidate.id}", (o.title for o in candidate.offices))
            for endorser in watchlist.endorsers:
                if endorser.country == candidate.country:
                    _add(words, f"about:{candidate.id}", (endorser.name, *_in(endorser.names, code)))
        tables[code] = _table(words)
    demanding = frozenset(c.id for c in watchlist.candidates if c.requires)
    return Contest(MappingProxyType(tables), MappingProxyType(gates), demanding, watchlist.kind == "country")


def _in(words: Mapping[str, Sequence[str]], language: str) -> tuple[str, ...]:
    """The words of a language and those of "any"; of all languages where the language is not known or not covered."""
    if language and language not in words:
        language = lexicon("race")["same"].get(language, language)
    if not language or language not in words:
        return tuple(w for found in words.values() for w in found) if not language else (*words.get(ANY, ()), *words.get("en", ()))
    return (*words[language], *words.get(ANY, ()))


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
    return Table(patterns, MappingProxyType(frozen), whole - {w for w in words if not w.endswith("|")}, CharwiseDoubleArrayAhoCorasick(list(patterns), MATCH_KIND_STANDARD))


def read_cues(contest: Contest, title: str, text: str, language: str, named: bool) -> Cues:
    """The cue words of a folded title and text. Without a name and without the post or its body the text is not read further."""
    gate = contest.gates.get(language, contest.gates[""])
    if not named and not any(_hits(gate, t) for t in (title, text)):
        return Cues(MappingProxyType({}), (), contest)
    table = contest.tables.get(language, contest.tables[""])
    seen: dict[str, set[str]] = {}
    posts: list[tuple[str, int, int]] = []
    supporting: list[tuple[str, int, int]] = []
    for field, copy in (("title", title), ("text", text)):
        for start, end, pattern in _hits(table, copy):
            for kind in table.meanings[pattern]:
                seen.setdefault(kind, set()).add(pattern)
                if kind == "post":
                    posts.append((field, start, end))
                elif kind == "support":
                    supporting.append((field, start, end))
    return Cues(MappingProxyType(Counter({k: _different(v) for k, v in seen.items()})), tuple(posts), contest, tuple(supporting))


def _different(patterns: set[str]) -> int:
    """How many patterns are not the beginning of another that was found."""
    return sum(not any(p != q and q.startswith(p) for q in patterns) for p in patterns)


def _hits(table: Table, text: str) -> list[tuple[int, int, str]]:
    hits = []
    for start, end, index in table.automaton.find_overlapping(text):
        if start and text[start - 1].isalnum():
            continue
        pattern = table.patterns[index]
        if pattern in table.whole and end < len(text) and text[end].isalnum():
            continue
        hits.append((start, end, pattern))
    return hits


def with_holders(cues: Cues, spans: Iterable[tuple[str, int]]) -> Cues:
    """The same cues, with a note where the title of the post stands right before one of the names (field, start; folded)."""
    holds = any(field == post_field and 0 <= start - end <= BEFORE_NAME and start - end <= 4 for field, start in spans for post_field, _, end in cues.posts)
    return Cues(MappingProxyType({**cues.kinds, "holder": 1}), cues.posts, cues.contest, cues.supporting) if holds else cues


def contenders(cues: Cues, names: Sequence[tuple[str, str, int, int]], folded: Mapping[Any, Folded], language: str) -> frozenset[str]:
    """Whom a text about the contest treats as in the running, and not merely as a supporter.

    ``names`` are (candidate, field, start, end), folded. A supporter is somebody who in every sentence that names him or her stands before
    a word of support that is followed by another listed person, with no word of candidacy between the name and that word.
    """
    running: set[str] = set()
    for candidate, field, start, end in names:
        if candidate in running:
            continue
        sentence = sentence_bounds(folded[field].text, start, end)
        supports = [h for h in cues.supporting if h[0] == field and end <= h[1] < sentence[1]]
        others = [s for c, f, s, _ in names if c != candidate and f == field and end < s < sentence[1]]
        if not any(other > word for _, word, _ in supports for other in others):
            running.add(candidate)
    return frozenset(running)


_SENTENCE_END = re.compile(r"[.!?…]['\")»”]* (?=[^a-z])|\u2404")


def sentence_bounds(text: str, start: int, end: int) -> tuple[int, int]:
    """About where the sentence around a span of a folded text begins and ends: good enough for weighing words."""
    begin = max((m.end() for m in _SENTENCE_END.finditer(text, max(0, start - 500), start)), default=max(0, start - 500))
    mark = _SENTENCE_END.search(text, end)
    return begin, min(mark.start() if mark else len(text), end + 500)
