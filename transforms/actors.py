"""Who may act in a sentence: countries, governments, officials by name or office, and those who bind no country.

Belongs here: putting what stands together to one actor (Britain's new defence secretary, John Healey), the country that it acts for, and
lists of actors. What they do is found in :mod:`transforms.clauses`, what they say in :mod:`transforms.attribution`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from transforms.actor_lists import marked
from transforms.actor_runs import STOPS, Actor, Piece, is_noun, pieces_of, runs
from transforms.names import particles
from transforms.normalise import Folded
from transforms.offices import CountryHit, OfficeHit, OfficialHit
from transforms.position_words import PREDICATES, Hit
from transforms.weighing import Name


def actors_of(
    copy: Folded,
    countries: Sequence[CountryHit],
    offices: Sequence[OfficeHit],
    officials: Sequence[OfficialHit],
    names: Sequence[Name],
    words: Sequence[Hit],
    home: Mapping[str, str],
    nouns: Mapping[str, Sequence[tuple[str, bool]]],
    *,
    title: bool = False,
) -> tuple[list[Actor], list[Name]]:
    """The actors of a sentence, by start, and the names of candidates with the words that only describe them (Romania's president)."""
    countries = [replace(c, role="name") if c.role == "adjective" and is_noun(copy, c, nouns) else c for c in countries]
    pieces = pieces_of(copy, countries, offices, officials, names, words)
    stops = [w for w in words if w.kind in STOPS or "." in w.kind]
    held = {(o.start, o.end): o for o in officials}
    actors: list[Actor] = []
    people: list[Name] = []
    taken = [(n.start, n.end) for n in names] + [(o.start, o.end) for o in officials]
    for run in runs(copy, pieces, stops, home):
        people += (_described(run, p.hit, home) for p in run if isinstance(p.hit, Name))
        actor = _actor(copy, run, held, home, words, taken, title=title)
        if actor:
            actors.append(actor)
    return marked(copy, [_first_person(copy, a, actors) for a in actors], words), people


def _first_person(copy: Folded, actor: Actor, actors: Sequence[Actor]) -> Actor:
    """An "I" that is an official's, who is quoted in the sentence, speaks for the country; any other for nobody (a columnist's)."""
    if actor.role != FIRST:
        return actor
    quoted = any(a.kind in ("person", "office") and not a.place and _quote_between(copy, actor, a) for a in actors)
    return replace(actor, kind="own" if quoted else "nobody", role=None)


FIRST = "first person"
GROUP = "group"  # stands for all who were named last: those three
_QUOTES = re.compile('["“”„«»]')


def _quote_between(copy: Folded, one: Actor, other: Actor) -> bool:
    """Whether a quotation mark stands between two actors."""
    low, high = sorted((one, other), key=lambda a: a.start)
    return bool(_QUOTES.search(copy.text, low.end, high.start))


_HEADS = ("office", "government", "nobody", "unnamed", "official_word", "official", "candidate", "allies")


def _described(run: Sequence[Piece], name: Name, home: Mapping[str, str]) -> Name:
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
    if (
        at >= len(copy.text)
        or any(w.start == at or (w.start < at < w.end and w.kind in PREDICATES) for w in words)
        or not copy.text[at].isalnum()
    ):
        return False
    if owner:
        return True
    return copy.text[end : end + 1] == " " and copy.char(at).isupper() and not title and not copy.text[at].isdigit()


ACTING = frozenset({"refuses", "not_yet", "ended", "expected", "promised", "says", "denial", "earlier"})


def _acts(copy: Folded, start: int, end: int, words: Sequence[Hit]) -> bool:
    """Whether an adjective that stands alone does what follows (the French back), or stands beside a predicate (French support)."""
    return any(
        (w.start == end + 1 and (w.kind in PREDICATES or w.kind in ACTING)) or (w.kind in PREDICATES and 0 < start - w.end <= 5)
        for w in words
    )


def _actor(
    copy: Folded,
    run: Sequence[Piece],
    held: dict[tuple[int, int], OfficialHit],
    home: Mapping[str, str],
    words: Sequence[Hit],
    taken: Sequence[tuple[int, int]],
    *,
    title: bool,
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
    if "first" in kinds:
        return Actor(start=start, end=end, kind="own", role=FIRST)
    if "group" in kinds:
        return Actor(start=start, end=end, kind="own", role=GROUP)
    candidate = next((p for p in run if p.kind == "candidate"), None)
    person = next((p.hit for p in run if isinstance(p.hit, OfficialHit)), None)
    if candidate is not None:
        holder = held.get((candidate.start, candidate.end))
        if holder is None or holder.office is None:
            return None
        return Actor(
            start=start,
            end=end,
            kind="person",
            country=holder.country,
            name=holder.name,
            role=holder.office,
            candidate=candidate.hit.candidate,  # type: ignore[union-attr]
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


_NAME_BEHIND = re.compile(r"((?: \w{1,4}(?: \w{1,4})? [\w-]+(?: [\w-]+)?,)?,?) ([^\W\d_][\w'.-]*(?: [^\W\d_][\w'.-]*){1,3})")


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


def _capitals(copy: Folded, start: int, end: int) -> int:
    """Where a run of words with capitals ends that begins at ``start``; 0 where the first has none."""
    stop = 0
    for word in re.finditer(r"[^ ]+", copy.text[start:end]):
        at = start + word.start()
        if copy.char(at).isupper():
            stop = start + word.end()
        elif word[0] not in particles():
            break
    while stop > start and not copy.text[stop - 1].isalnum():
        stop -= 1
    return stop
