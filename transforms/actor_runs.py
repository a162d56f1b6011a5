"""Pieces of actors in a sentence, and which of them stand together: Britain's new defence secretary, John Healey.

What actor a run of pieces makes is decided in :mod:`transforms.actors`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from transforms.normalise import Folded
from transforms.offices import CountryHit, OfficeHit, OfficialHit
from transforms.position_words import Hit
from transforms.weighing import Name

# country: it, its government, its capital; person: an official by name; office: an official by office alone; own: a word that stands for
# the country last named; body: a ministry or a spokesman without a country; unnamed: a source; nobody: who binds no country; allies: many.
Kind = Literal["country", "person", "office", "own", "body", "unnamed", "nobody", "allies"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Somebody who may act or speak; folded offsets."""

    start: int
    end: int
    kind: Kind
    country: str | None = None
    name: str | None = None  # full name of the person
    role: str | None = None  # kind of office
    alone: bool = False  # an office that names its holder: the Hungarian prime minister
    own: bool = False  # its foreign minister
    candidate: str | None = None  # where the person is in the running
    place: bool = False  # a meeting in Washington
    oblique: bool = False  # members from Canada: behind a preposition of source
    excepted: bool = False  # everyone but Romania

    @property
    def binds(self) -> bool:
        """Whether it can act for a country."""
        return self.kind in ("country", "person", "office", "own") and not self.place


@dataclass(frozen=True, slots=True)
class Piece:
    start: int
    end: int
    kind: str  # country, adjective, office, official, candidate, or the kind of a word
    hit: CountryHit | OfficeHit | OfficialHit | Name | Hit


WORDS = ("government", "nobody", "allies", "own", "first", "group", "unnamed", "official")
RANK = {kind: at for at, kind in enumerate(WORDS)}


STOPS = frozenset({"says", "breaks", "reported", "instead", "except", "refuses", "not_yet", "lists", "bid", "other", "place"})


def pieces_of(
    copy: Folded,
    countries: Sequence[CountryHit],
    offices: Sequence[OfficeHit],
    officials: Sequence[OfficialHit],
    names: Sequence[Name],
    words: Sequence[Hit],
) -> list[Piece]:
    """What actors are made of, by start; of pieces that overlap the one that says more stays."""
    found = [Piece(n.start, n.end, "candidate", n) for n in names]
    found += (Piece(o.start, o.end, "official", o) for o in officials)
    found += (Piece(o.start, o.end, "office", o) for o in offices)
    found += (Piece(c.start, _word_end(copy, c.end), "country" if c.role in ("name", "seat") else c.role, c) for c in countries)
    found += (
        Piece(w.start, w.end, "official_word" if w.kind == "official" else w.kind, w)
        for w in sorted((w for w in words if w.kind in RANK), key=lambda w: (w.start - w.end, RANK[w.kind]))
    )
    kept: list[Piece] = []
    for piece in found:
        covering = [k for k in kept if k.start < piece.end and piece.start < k.end]
        if piece.kind == "nobody":  # it tells more than the office or the word inside it (opposition leader)
            covering = [
                k for k in covering if not (piece.start <= k.start and k.end <= piece.end and k.end - k.start < piece.end - piece.start)
            ]
            if not covering:
                kept = [k for k in kept if not (k.start < piece.end and piece.start < k.end)]
        if not covering:
            kept.append(piece)
    return sorted(kept, key=lambda p: p.start)


def is_noun(copy: Folded, hit: CountryHit, nouns: Mapping[str, Sequence[tuple[str, bool]]]) -> bool:
    """Whether what may be an adjective is the country's name as well (US, Luxembourg, Slovensko)."""
    text = copy.text[hit.start : hit.end]
    while hit.start + len(text) < len(copy.text) and copy.text[hit.start + len(text)].isalnum():
        text = copy.text[hit.start : hit.start + len(text) + 1]
    return copy.char(hit.start).isupper() and any(
        text == name or (more and text.startswith(name)) for name, more in nouns.get(hit.country, ())
    )


def _word_end(copy: Folded, at: int) -> int:
    while at < len(copy.text) and copy.text[at].isalnum():
        at += 1
    return at


_POSSESSIVE = re.compile(r"(?:'s|s'|')? ?(?:[\w'-]+[ -]){0,3}")


_TWO_WORDS = re.compile(r" ?(?:[\w'-]+[ -]){0,2}|-")


_SHORT_WORDS = re.compile(r"'? (?:\w{1,3}[ ']){0,2}|-")


_APPOSITION = re.compile(r"(?:,)? ?(?:\w+ )?")


_NEXT_TO = re.compile(r"(?:'s?)?[ -]|")


def runs(copy: Folded, pieces: Sequence[Piece], stops: Sequence[Hit], home: Mapping[str, str]) -> Iterator[list[Piece]]:
    run: list[Piece] = []
    for piece in pieces:
        if run and not _together(copy, run, piece, stops, home):
            yield run
            run = []
        run.append(piece)
    if run:
        yield run


def _together(copy: Folded, run: Sequence[Piece], piece: Piece, stops: Sequence[Hit], home: Mapping[str, str]) -> bool:
    """Whether a piece belongs to the actor before it."""
    last = run[-1]
    if last.end > piece.start:
        return True
    gap = copy.text[last.end : piece.start]
    was, now = last.kind, piece.kind
    between = [s for s in stops if s.start < piece.start and last.end < s.end]
    if between and all(s.kind == "place" for s in between) and _in_its_capital(run, piece):  # the government in Sofia
        return bool(_SHORT_WORDS.fullmatch(gap))
    if between:
        return False
    if now == "country" and any(p.kind == "nobody" for p in run) and "," not in gap and _SHORT_WORDS.fullmatch(gap):
        return True  # the former premier Jan Novák of Poland
    if was in ("official", "candidate"):  # John Healey, the defence secretary, said
        if now in ("office", "country", "adjective"):
            return bool(_APPOSITION.fullmatch(gap)) and _is_apposition(copy, run, piece)
        return now == "nobody" and gap in ("'s ", "' ")
    if now in ("country", "adjective", "person"):
        return (
            was in ("office", "government", "nobody", "unnamed", "own", "official_word")
            and "," not in gap
            and bool(_SHORT_WORDS.fullmatch(gap))
        )
    if now == "own":
        return False
    if now in ("official", "candidate"):
        if "," in gap and isinstance(last.hit, OfficeHit) and last.hit.kind == "head_of_organisation":
            return False  # for secretary general, Jan Novák wrote
        if was in ("office", "nobody", "unnamed"):
            return bool(re.fullmatch(r",? |'s ", gap))
        if was not in ("country", "adjective", "government", "person") or not re.fullmatch(r"(?:'s?)? ", gap):
            return False
        return _home_of(piece, home) in _countries_of(run)  # another country is one who acts
    if was == "country":
        return bool(_POSSESSIVE.fullmatch(gap)) and (gap.startswith(("'s ", "' ")) or gap in (" ", "-"))
    if was in ("adjective", "person"):
        return bool(_TWO_WORDS.fullmatch(gap))
    if was == "own":
        return bool(re.fullmatch(r" (?:[\w-]+ ){0,1}", gap))
    return bool(_NEXT_TO.fullmatch(gap)) or bool(re.fullmatch(r" [\w-]+ ", gap) and was in ("nobody", "government", "office"))


def _in_its_capital(run: Sequence[Piece], piece: Piece) -> bool:
    """Whether a seat of power behind a preposition says which government, ministry or spokesman is meant."""
    seat = isinstance(piece.hit, CountryHit) and piece.hit.role == "seat"
    return seat and run[-1].kind in ("government", "office", "official_word") and not any(isinstance(p.hit, CountryHit) for p in run)


def _is_apposition(copy: Folded, run: Sequence[Piece], piece: Piece) -> bool:
    """Whether an office behind a name and a comma is that person's: it ends with the next comma, and is of the same country."""
    hit = piece.hit
    if isinstance(hit, CountryHit):  # Klaus Iohannis, Romania's president: the office behind it has that country
        return bool(
            re.match(r"(?:'s?)? (?:[\w-]+ ){0,3}[\w-]+(?:[,.;)]|$)", copy.text[piece.end : piece.end + 60])
        ) and hit.country in _countries_of(run)
    assert isinstance(hit, OfficeHit)
    closed = copy.text[hit.last : hit.last + 1] in (",", ".", ";", ")", "")
    return closed and hit.country in (None, *_countries_of(run)) and "own" not in (p.kind for p in run)


def _countries_of(run: Sequence[Piece]) -> list[str]:
    return [p.hit.country for p in run if isinstance(p.hit, OfficialHit | CountryHit)]


def _home_of(piece: Piece, home: Mapping[str, str]) -> str | None:
    return home[piece.hit.candidate] if isinstance(piece.hit, Name) else piece.hit.country if isinstance(piece.hit, OfficialHit) else None
