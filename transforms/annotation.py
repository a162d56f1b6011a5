"""What one text says about one watch list: mentions, the contest, references, endorsements, quotes, in this order.

Belongs here: compiling a watch list and calling the stages one after the other. Does not belong here: any decision of theirs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from transforms.endorsements import Positions, compile_positions, find_endorsements
from transforms.mentions import decide_mentions, find_names, mention_of
from transforms.nameparts import Vocabulary, vocabulary_of
from transforms.normalise import Folded, fold
from transforms.params import Watchlist
from transforms.passage import Passage
from transforms.quotes import find_quotes
from transforms.race import Contest, compile_contest, read_cues
from transforms.records import Annotation, Field
from transforms.references import Offices, compile_offices, find_references
from transforms.weighing import Name, Units, split

LANGUAGES = (
    *("ar", "be", "bg", "bs", "ca", "cs", "da", "de", "el", "en", "es", "et", "fi", "fr", "hr", "hu", "is"),
    *("it", "lt", "lv", "mk", "nl", "no", "pl", "pt", "ro", "ru", "sk", "sl", "sq", "sr", "sv", "tr", "uk"),
)


@dataclass(frozen=True, slots=True)
class CompiledWatchlist:
    """A watch list made ready for :func:`annotate`. Immutable; may be shared between threads."""

    watchlist: Watchlist
    vocabularies: Mapping[str, Vocabulary]
    contest: Contest
    offices: Offices
    positions: Positions


def compile_watchlist(watchlist: Watchlist) -> CompiledWatchlist:
    """Build everything that depends on the watch list alone (some tenths of a second; do it once)."""
    languages = ("", *LANGUAGES)
    vocabularies = {language: vocabulary_of(watchlist, language or None) for language in languages}
    return CompiledWatchlist(
        watchlist,
        MappingProxyType(vocabularies),
        compile_contest(watchlist, languages),
        compile_offices(watchlist, languages),
        compile_positions(watchlist, languages),
    )


def annotate(compiled: CompiledWatchlist, title: str, text: str, language: str | None, published_on: date | None = None) -> Annotation:
    """The mentions in a title and a text, whether they are about the contest and for which candidates, and what they say of positions.

    ``language`` is ISO 639-1 or None where unknown (then no endings are known, only base forms). ``published_on`` says who held which
    office; without it offices alone are nobody's. Mentions are sorted by field (title first) and start; all offsets are code points of
    ``title`` and ``text`` as given. Never raises for any text.
    """
    code = language or ""
    folded: dict[Field, Folded] = {"title": fold(title), "text": fold(text)}
    names = find_names(folded, compiled.vocabularies.get(code, compiled.vocabularies[""]), code)
    cues = read_cues(compiled.contest, folded["title"].text, folded["text"].text, code, bool(names.found))
    kept = decide_mentions(names, cues, folded)
    persons = tuple(Name(f.candidate_id, f.field, f.start, f.end) for f in kept)
    units: Units = {name: split(copy) for name, copy in folded.items()} if persons or cues.hits else {}
    in_race, running = cues.decide(persons, folded, units)
    passage = Passage(folded=folded, language=code, published_on=published_on, units=units, names=persons)
    references = find_references(compiled.offices, passage)
    return Annotation(
        mentions=tuple(mention_of(folded[f.field], f) for f in kept),
        in_race=in_race,
        candidates_in_race=running,
        references=references,
        endorsements=find_endorsements(compiled.positions, compiled.offices, passage),
        quotes=find_quotes(compiled.offices, passage, references),
    )
