"""Who may act in a sentence: countries, governments, officials by name or office, and those who bind no country.

Belongs here: putting what stands together to one actor (Britain's new defence secretary, John Healey), the country that it acts for, and
lists of actors. What they do is found in :mod:`transforms.clauses`, what they say in :mod:`transforms.attribution`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from transforms.normalise import Folded
from transforms.offices import CountryHit, OfficeHit, OfficialHit
from transforms.position_words import PREDICATES, Hit
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
class _Piece:
    start: int
    end: int
    kind: str  # country, adjective, office, official, candidate, or the kind of a word
    hit: CountryHit | OfficeHit | OfficialHit | Name | Hit


def _is_noun(copy: Folded, hit: CountryHit, nouns: Mapping[str, Sequence[tuple[str, bool]]]) -> bool:
    """Whether what may be an adjective is the country's name as well (US, Luxembourg, Slovensko)."""
    text = copy.text[hit.start : hit.end]
    while hit.start + len(text) < len(copy.text) and copy.text[hit.start + len(text)].isalnum():
        text = copy.text[hit.start : hit.start + len(text) + 1]
    return copy.char(hit.start).isupper() and any(text == name or (more and text.startswith(name)) for name, more in nouns.get(hit.country, ()))


WORDS = ("government", "nobody", "allies", "own", "unnamed", "official")
STOPS = frozenset({"says", "breaks", "reported", "instead", "except", "refuses", "not_yet", "lists", "bid", "other", "place"})


def actors_of(
    copy: Folded,
    countries: Sequence[CountryHit],
    offices: Sequence[OfficeHit],
    officials: Sequence[OfficialHit],
    names: Sequence[Name],
    words: Sequence[Hit],
    home: Mapping[str, str],
    nouns: Mapping[str, Sequence[tuple[str, bool]]],
) -> tuple[list[Actor], list[Name]]:
    """The actors of a sentence, by start, and the names of candidates with the words that only describe them (Romania's president)."""
    countries = [replace(c, role="name") if c.role == "adjective" and _is_noun(copy, c, nouns) else c for c in countries]
    pieces = _pieces(copy, countries, offices, officials, names, words)
    stops = [w for w in words if w.kind in STOPS or "." in w.kind]
    held = {(o.start, o.end): o for o in officials}
    actors: list[Actor] = []
    people: list[Name] = []
    for run in _runs(copy, pieces, stops, home):
        people += (_described(run, p.hit, home) for p in run if isinstance(p.hit, Name))
        actor = _actor(copy, run, held, home, words, [(n.start, n.end) for n in (*names, *officials)], countries[0].field == "title" if countries else False)
        if actor:
            actors.append(actor)
    return _marked(copy, actors, words), people


def _word_end(copy: Folded, at: int) -> int:
    while at < len(copy.text) and copy.text[at].isalnum():
        at += 1
    return at


def _pieces(
    copy: Folded,
    countries: Sequence[CountryHit],
    offices: Sequence[OfficeHit],
    officials: Sequence[OfficialHit],
    names: Sequence[Name],
    words: Sequence[Hit],
) -> list[_Piece]:
    """What actors are made of, by start; of pieces that overlap the one that says more stays."""
    found = [_Piece(n.start, n.end, "candidate", n) for n in names]
    found += (_Piece(o.start, o.end, "official", o) for o in officials)
    found += (_Piece(o.start, o.end, "office", o) for o in offices)
    found += (_Piece(c.start, _word_end(copy, c.end), "country" if c.role in ("name", "seat") else c.role, c) for c in countries)
    rank = {kind: at for at, kind in enumerate(WORDS)}
    found += (_Piece(w.start, w.end, "official_word" if w.kind == "official" else w.kind, w) for w in sorted(words, key=lambda w: (w.start - w.end, rank.get(w.kind, 0))) if w.kind in rank)
    kept: list[_Piece] = []
    for piece in found:
        covering = [k for k in kept if k.start < piece.end and piece.start < k.end]
        if piece.kind == "nobody":  # it tells more than the office or the word inside it (opposition leader)
            covering = [k for k in covering if not (piece.start <= k.start and k.end <= piece.end and k.end - k.start < piece.end - piece.start)]
            if not covering:
                kept = [k for k in kept if not (k.start < piece.end and piece.start < k.end)]
        if not covering:
            kept.append(piece)
    return sorted(kept, key=lambda p: p.start)


_POSSESSIVE = re.compile(r"(?:'s|s'|')? ?(?:[\w'-]+[ -]){0,3}")
_TWO_WORDS = re.compile(r" ?(?:[\w'-]+[ -]){0,2}|-")
_SHORT_WORDS = re.compile(r"'? (?:\w{1,3}[ ']){0,2}|-")
_APPOSITION = re.compile(r"(?:,)? ?(?:\w+ )?")
_NEXT_TO = re.compile(r"(?:'s?)?[ -]|")
_HEADS = ("office", "government", "nobody", "unnamed", "official_word", "official", "candidate", "allies")


def _runs(copy: Folded, pieces: Sequence[_Piece], stops: Sequence[Hit], home: Mapping[str, str]) -> Iterator[list[_Piece]]:
    run: list[_Piece] = []
    for piece in pieces:
        if run and not _together(copy, run, piece, stops, home):
            yield run
            run = []
        run.append(piece)
    if run:
        yield run


def _together(copy: Folded, run: Sequence[_Piece], piece: _Piece, stops: Sequence[Hit], home: Mapping[str, str]) -> bool:
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
        return was in ("office", "government", "nobody", "unnamed", "own", "official_word") and "," not in gap and bool(_SHORT_WORDS.fullmatch(gap))
    if now == "own":
        return False
    if now in ("official", "candidate"):
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


def _in_its_capital(run: Sequence[_Piece], piece: _Piece) -> bool:
    """Whether a seat of power behind a preposition says which government, ministry or spokesman is meant."""
    seat = isinstance(piece.hit, CountryHit) and piece.hit.role == "seat"
    return seat and run[-1].kind in ("government", "office", "official_word") and not any(isinstance(p.hit, CountryHit) for p in run)


def _is_apposition(copy: Folded, run: Sequence[_Piece], piece: _Piece) -> bool:
    """Whether an office behind a name and a comma is that person's: it ends with the next comma, and is of the same country."""
    hit = piece.hit
    if isinstance(hit, CountryHit):  # Klaus Iohannis, Romania's president: the office behind it has that country
        return bool(re.match(r"(?:'s?)? (?:[\w-]+ ){0,3}[\w-]+(?:[,.;)]|$)", copy.text[piece.end : piece.end + 60])) and hit.country in _countries_of(run)
    assert isinstance(hit, OfficeHit)
    closed = copy.text[hit.last : hit.last + 1] in (",", ".", ";", ")", "")
    return closed and hit.country in (None, *_countries_of(run)) and "own" not in (p.kind for p in run)


def _countries_of(run: Sequence[_Piece]) -> list[str]:
    return [p.hit.country for p in run if isinstance(p.hit, OfficialHit | CountryHit)]


def _home_of(piece: _Piece, home: Mapping[str, str]) -> str | None:
    return home[piece.hit.candidate] if isinstance(piece.hit, Name) else piece.hit.country if isinstance(piece.hit, OfficialHit) else None


def _described(run: Sequence[_Piece], name: Name, home: Mapping[str, str]) -> Name:
    """A candidate's name with a country before it that only says where he or she is from."""
    first = name.start
    for piece in run:
        if piece.start < name.start and isinstance(piece.hit, CountryHit | OfficeHit) and piece.hit.country in (None, home[name.candidate]):
            first = min(first, piece.start)
    return replace(name, start=first)


_POSSESSOR = re.compile(r"'s |' ")


def _of_something(copy: Folded, end: int, words: Sequence[Hit], *, title: bool) -> bool:
    """Whether a country only says whose, or which, something is (Spain's coach, the US Army): the next word is unknown to the lexicon."""
    owner = _POSSESSOR.match(copy.text, end)
    at = owner.end() if owner else end + 1
    if at >= len(copy.text) or any(w.start == at for w in words) or not copy.text[at].isalnum():
        return False
    if owner:
        return True
    return copy.text[end : end + 1] == " " and copy.char(at).isupper() and not title and not copy.text[at].isdigit()


ACTING = frozenset({"refuses", "not_yet", "ended", "expected", "promised", "says", "denial", "earlier"})


def _acts(copy: Folded, start: int, end: int, words: Sequence[Hit]) -> bool:
    """Whether an adjective that stands alone does what follows (the French back), or stands beside a predicate (French support)."""
    return any(
        (w.start == end + 1 and (w.kind in PREDICATES or w.kind in ACTING)) or (w.kind in PREDICATES and 0 < start - w.end <= 5) for w in words
    )


def _actor(
    copy: Folded, run: Sequence[_Piece], held: dict[tuple[int, int], OfficialHit], home: Mapping[str, str], words: Sequence[Hit], taken: Sequence[tuple[int, int]], title: bool
) -> Actor | None:
    known = [Hit(a, b, "name") for a, b in taken]
    start, end = run[0].start, max(p.end for p in run)
    kinds = {p.kind for p in run}
    country = next((p.hit.country for p in run if isinstance(p.hit, CountryHit)), None)
    offices = [p.hit for p in run if isinstance(p.hit, OfficeHit)]
    country = country or next((o.country for o in offices if o.country), None)
    own = "own" in kinds
    if "nobody" in kinds or any(not o.in_office or o.kind in UNBOUND for o in offices):
        post = bool(offices) and "nobody" not in kinds and all(o.kind == "head_of_organisation" for o in offices)
        return Actor(start=start, end=end, kind="nobody", country=country, place=post)
    candidate = next((p for p in run if p.kind == "candidate"), None)
    person = next((p.hit for p in run if isinstance(p.hit, OfficialHit)), None)
    if candidate is not None:
        holder = held.get((candidate.start, candidate.end))
        if holder is None or holder.office is None:
            return None
        return Actor(
            start=start, end=end, kind="person", country=holder.country, name=holder.name, role=holder.office, candidate=candidate.hit.candidate  # type: ignore[union-attr]
        )
    if person is not None:
        role = person.office or next((o.kind for o in offices), None)
        if role is None:
            return Actor(start=start, end=end, kind="nobody", country=person.country)
        return Actor(start=start, end=end, kind="person", country=person.country, name=person.name, role=role)
    if run[0].kind == "unnamed":
        return Actor(start=start, end=end, kind="unnamed", country=country, own=own)
    if offices and run[0].kind == "government" and offices[0].kind in HOLDERS and "," not in copy.text[run[0].end : end]:
        return Actor(start=start, end=end, kind="country" if country else "own", country=country, role="government")  # biroul președintelui
    if offices:
        last = _head(offices)
        name, begin, stop = _name_beside(copy, start, end, taken)
        certain = last.certain and not own and (country is not None)
        return Actor(
            start=begin, end=stop, kind="person" if name else "office", country=country, name=name, role=last.kind, own=own, alone=certain
        )
    if "unnamed" in kinds:
        return Actor(start=start, end=end, kind="unnamed", country=country, own=own)
    if "allies" in kinds:
        return Actor(start=start, end=end, kind="allies")
    if country:
        spoken = "official_word" in kinds or "government" in kinds
        if kinds == {"person"}:
            return None  # a Hungarian is not Hungary
        if _of_something(copy, end, [*words, *known], title=title):
            return Actor(start=start, end=end, kind="nobody")
        if kinds == {"adjective"} and not _acts(copy, start, end, words) and any(copy.char(i).islower() for i in range(start, end)):
            return None  # an American idea
        return Actor(start=start, end=end, kind="country", country=country, role="government" if spoken else None)
    if own or "government" in kinds:
        return Actor(start=start, end=end, kind="own", role="government" if "government" in kinds else None)
    if "official_word" in kinds:
        return Actor(start=start, end=end, kind="body")
    return None


UNBOUND = ("other", "head_of_organisation")  # offices that are none of a country's
SPEAKERS = ("spokesperson", "adviser")
HOLDERS = ("head_of_government", "head_of_state", "foreign_minister", "defence_minister")  # offices that one person holds


def _head(offices: Sequence[OfficeHit]) -> OfficeHit:
    """The office that is meant where several stand together: the prime minister's spokesman is a spokesman."""
    return next((o for o in offices if o.kind in SPEAKERS), offices[-1])


_NAME_BEHIND = re.compile(r"((?: (?:to|for|of|at|bei|zur|zum|aupres de|presso|ante|pri|przy|bij) (?:the )?[\w-]+(?: [\w-]+)?)?,?) ((?:[^\W\d_][\w'.-]*)(?: [^\W\d_][\w'.-]*){1,3})")
_NAME_BEFORE = re.compile(r"((?:[^\W\d_][\w'.-]* ){1,3}[^\W\d_][\w'-]*), (?:\w{1,4} )?$")
NAME_LENGTH = 80  # code points looked at for a name


def _name_beside(copy: Folded, start: int, end: int, taken: Sequence[tuple[int, int]]) -> tuple[str | None, int, int]:
    """A person's name of at least two words, each with a capital, right behind an office or before it and a comma."""
    behind = _NAME_BEHIND.match(copy.text, end)
    if behind and copy.char(behind.start(2)).isupper():
        last = min([behind.end(2), *(a - 1 for a, _ in taken if a > behind.start(2))])
        stop = _capitals(copy, behind.start(2), last) if last > behind.start(2) else 0
        if stop and " " in copy.text[behind.start(2) : stop]:
            return copy.source[copy.start(behind.start(2)) : copy.end(stop)], start, stop
    before = _NAME_BEFORE.search(copy.text, max(0, start - NAME_LENGTH), start)
    if before and copy.text[end : end + 1] in (",", ".", ";", ")", ""):
        words = before[1].split(" ")
        at = before.end(1)
        first = at
        count = 0
        for word in reversed(words):
            begin = at - len(word)
            if not copy.char(begin).isupper():
                break
            first, at, count = begin, begin - 1, count + 1
        if count > 1 and not any(a < start and first < b for a, b in taken):
            return copy.source[copy.start(first) : copy.end(before.end(1))], first, end
    return None, start, end


_PARTICLES = frozenset({"de", "van", "von", "der", "den", "la", "le", "du", "di", "af", "al", "bin", "el"})


def _capitals(copy: Folded, start: int, end: int) -> int:
    """Where a run of words with capitals ends that begins at ``start``; 0 where the first has none."""
    stop = 0
    for word in re.finditer(r"[^ ]+", copy.text[start:end]):
        at = start + word.start()
        if copy.char(at).isupper():
            stop = start + word.end()
        elif word[0] not in _PARTICLES:
            break
    while stop > start and not copy.text[stop - 1].isalnum():
        stop -= 1
    return stop


def _marked(copy: Folded, actors: list[Actor], words: Sequence[Hit]) -> list[Actor]:
    """Actors with what stands before them: a preposition of place, or a word that takes them out."""
    marked: list[Actor] = []
    joined = [w for w in words if w.kind == "lists"]
    for actor in actors:
        before = [w for w in words if w.end <= actor.start and actor.start - w.end <= BEFORE and _only_articles(copy, w.end, actor.start)]
        if actor.kind in ("country", "office", "person", "nobody", "own", "body") and any(w.kind == "place" for w in before):
            actor = replace(actor, place=True)
        if any(w.kind == "tells" for w in before):
            actor = replace(actor, place=True)  # told Germany: the hearer
        if any(w.kind == "by" for w in before):
            actor = replace(actor, oblique=True)
        if any(w.kind == "except" for w in before) or any(a <= actor.start < b for w in words if w.kind == "except" for a, b in w.gaps):
            actor = replace(actor, excepted=True, place=False)
        if marked and marked[-1].country != actor.country and (marked[-1].place or marked[-1].excepted or marked[-1].oblique) and actor.kind == "country" and actor.role is None:
            if _is_list_gap(copy, marked[-1].end, actor.start, joined, named=True):
                last = marked[-1]
                actor = replace(actor, place=last.place, oblique=last.oblique, excepted=last.excepted)
        marked.append(actor)
    return marked


BEFORE = 8  # code points between a preposition and the noun: an article


def _only_articles(copy: Folded, start: int, end: int) -> bool:
    return bool(re.fullmatch(r"(?:[ ']\w{0,3}){0,2}", copy.text[start:end]))


# Lists --------------------------------------------------------------------------------------------------------------------------------

_LIST_GAP = re.compile(r"(?:'s)?(?:,? ?(?:\w{1,3} ){0,2}|,? )")
_COMMAS = re.compile(r"(?:'s)?[ ,]*(?:\w{1,4} )?")


def lists_of(copy: Folded, actors: Sequence[Actor], words: Sequence[Hit], *, named: bool) -> dict[int, tuple[Actor, ...]]:
    """Actors by position in the sequence → the list in which each stands (at least itself).

    ``named``: the language's lexicon says what joins a list; elsewhere any short word does.
    """
    joined = [w for w in words if w.kind == "lists"]
    contrary = [w for w in words if w.kind in ("instead", "says", "breaks")]
    groups: list[list[int]] = []
    for at, actor in enumerate(actors):
        if groups and _in_list(copy, actors[groups[-1][-1]], actor, joined, contrary, named=named):
            groups[-1].append(at)
        else:
            groups.append([at])
    return {at: tuple(actors[i] for i in group) for group in groups for at in group}


def _in_list(copy: Folded, last: Actor, actor: Actor, joined: Iterable[Hit], contrary: Iterable[Hit], *, named: bool) -> bool:
    if not (last.binds and actor.binds) or "own" in (last.kind, actor.kind) or last.candidate or actor.candidate:
        return False
    start, end = last.end, actor.start
    if last.country == actor.country or any(w.start < end and start < w.end for w in contrary):
        return False
    return _is_list_gap(copy, start, end, joined, named=named)


def _is_list_gap(copy: Folded, start: int, end: int, joined: Iterable[Hit], *, named: bool) -> bool:
    """Whether what stands between two actors joins them: commas, words that join a list, an article."""
    gap = _without(copy, start, end, joined)
    if named and "," not in gap and gap == copy.text[start:end]:
        return False
    return bool((_COMMAS if named else _LIST_GAP).fullmatch(gap))


def _without(copy: Folded, start: int, end: int, joined: Iterable[Hit]) -> str:
    """A stretch of text without the words that join a list."""
    gap = copy.text[start:end]
    for word in joined:
        if start <= word.start and word.end <= end:
            gap = gap.replace(copy.text[word.start : word.end], "", 1)
    return gap
