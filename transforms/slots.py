"""The two slots of a predicate: who does it, and the candidate whom it is about.

Countries act and persons are supported, so the kinds of words tell most of it; sides matter where the language keeps an order.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from transforms.actor_runs import Actor
from transforms.clause_reading import NEGATION, Person, Predicate, Reading
from transforms.objects import OBJECT, coordinated, is_object, list_before
from transforms.position_words import PREDICATES

TIGHT = 3  # words between a common word and its candidate


FAR = 9  # words between a predicate and its candidate


CLITIC = 2  # words between a pronoun and its verb: an auxiliary


CLEFT = 4  # words between a candidate and who wants him or her, at the end of a sentence


DESCRIBED = 4  # words between a country and the name of its prime minister
LISTING = 1  # words between a word that opens a list and the list: an article
RELATIVE = 3  # words between a candidate and the subject of a relative clause


def fill(reading: Reading, predicate: Predicate, before: Predicate | None, after: Predicate | None) -> None:
    low = before.end if before else reading.start
    high = after.start if after else reading.end
    if predicate.voice == "tight":
        _fill_tight(reading, predicate)
    elif predicate.voice == "judged":
        _fill_judged(reading, predicate, low, high)
    elif predicate.voice == "passive":
        predicate.people = _people_inside(reading, predicate) or _people_left(reading, predicate, low) or (before.people if before else ())
        predicate.people = predicate.people or _people_right(reading, predicate, high)
        predicate.actors = _actors_inside(reading, predicate) or _actors_right(reading, predicate, high)
        if not predicate.actors and (reading.free_order or not predicate.people):
            predicate.actors = _actors_left(reading, predicate, low, before) or ()
    else:
        predicate.people = _people_inside(reading, predicate) or _people_right(reading, predicate, high)
        predicate.people = predicate.people or _clitic(reading, predicate)
        if not predicate.people and reading.free_order:
            predicate.people = _people_left(reading, predicate, low)
        left = _actors_left(reading, predicate, low, before)
        predicate.actors = _actors_inside(reading, predicate) or left or ()
        predicate.outer = left[0] if left and predicate.actors is not left else None
        if left is None and not predicate.actors:
            predicate.actors = _pronoun(reading, predicate)
        if left is None and not predicate.actors:
            predicate.actors = _agent_behind(reading, predicate, high) or listed(reading, predicate.end)
        if not predicate.actors and predicate.people:
            predicate.actors = _runs_for_it(reading, predicate)
        if not predicate.people and predicate.actors:  # Rutte, whom Germany backs
            first = min(a.start for a in predicate.actors)
            predicate.people = _people_left(reading, predicate, low, until=first)


def _fill_tight(reading: Reading, predicate: Predicate) -> None:
    behind = [p for p in reading.people if p.start >= predicate.end]
    if not behind and _at_the_end(reading, predicate):
        _fill_cleft(reading, predicate)
        return
    if not behind or reading.gap(predicate.end, behind[0].start) > TIGHT or not is_object(reading, behind[0], predicate):
        return
    left = [(at, a) for at, a in enumerate(reading.actors) if a.end <= predicate.start]
    if not left and reading.gap(reading.start, predicate.start) == 0:  # behind Rutte stand Spain and France
        actors = listed(reading, behind[0].end)
        if not any(a.kind == "own" and behind[0].end <= a.start < actors[0].start for a in reading.actors if actors):
            predicate.actors = actors  # not: for Rutte it ended there: Finland …
            predicate.people = coordinated(reading, behind[0], predicate)
        return
    if left and reading.near(left[-1][1].end, predicate.start) <= TIGHT and left[-1][1].binds and not left[-1][1].oblique:
        if reading.between(left[-1][1].end, predicate.start, "says", *PREDICATES):
            return
        if left[-1][1].candidate and reading.between(left[-1][1].end, predicate.start, "lists"):
            return
        predicate.actors = reading.lists[left[-1][0]]
        predicate.people = coordinated(reading, behind[0], predicate)


def _at_the_end(reading: Reading, predicate: Predicate) -> bool:
    """Whether a clause ends behind a predicate."""
    return reading.copy.text[predicate.end : reading.end].strip()[:1] in ("", ".", "!", ",", ";", ":", ")")


def _fill_cleft(reading: Reading, predicate: Predicate) -> None:
    """It is Rutte whom Paris wants; Rutte is the man Warsaw wants."""
    text = reading.copy.text
    at = next((at for at, a in enumerate(reading.actors) if a.binds and text[a.end : predicate.start] == " "), None)
    if at is None:
        return
    begin, _ = reading.clause(predicate.start)
    actors = reading.lists[at]
    for person in reversed(reading.people):
        if person.end <= actors[0].start and person.start >= begin and (person.named or not person.pronoun):
            if person.named and reading.gap(person.end, actors[0].start) <= CLEFT:
                predicate.actors, predicate.people = actors, (person.candidate,)
            return


def _fill_judged(reading: Reading, predicate: Predicate, low: int, high: int) -> None:
    """A judgement that is somebody's choice (Rutte is the right man): of those for whom it holds, else of the country that says so."""
    predicate.people = _people_left(reading, predicate, low) or _people_right(reading, predicate, high)
    for at, actor in enumerate(reading.actors):
        if actor.binds and actor.kind == "country" and any(h.end + 1 == actor.start for h in reading.of("supports.tight")):
            predicate.actors = reading.lists[at]  # for Lisbon, Rutte is the right man
            return
    sources = [a for a in reading.actors if a.kind in ("person", "office", "country") and not a.place and not a.candidate]
    if reading.of("says") and sources and not any(a.kind == "nobody" and not a.place for a in reading.actors):
        predicate.actors = (Actor(start=predicate.start, end=predicate.end, kind="own"),)


def _people_inside(reading: Reading, predicate: Predicate) -> tuple[str, ...]:
    """The candidate in a gap of a predicate (lehnt Rutte ab), or in its ending (apoyarlo)."""
    for person in reading.people:
        if predicate.start <= person.start < predicate.end:
            return coordinated(reading, person, predicate)
    return ()


def _actors_inside(reading: Reading, predicate: Predicate) -> tuple[Actor, ...]:
    for at, actor in enumerate(reading.actors):
        if actor.kind == "own" and predicate.start <= actor.start and actor.end <= predicate.end and not _in_gap(actor, predicate):
            return (actor,)  # the ending of the verb says "we"
        inside = any(a <= actor.start < b for a, b in predicate.gaps)
        if inside and actor.binds and actor.kind != "own" and not _is_patient(reading, actor, predicate):
            return reading.lists[at]
    return ()


def _in_gap(actor: Actor, predicate: Predicate) -> bool:
    return any(a <= actor.start < b for a, b in predicate.gaps)


def _clitic(reading: Reading, predicate: Predicate) -> tuple[str, ...]:
    for person in reading.people:
        if person.clitic and person.end <= predicate.start and reading.gap(person.end, predicate.start) <= CLITIC:
            return (person.candidate,)
        beside = reading.free_order and person.pronoun and reading.copy.text[person.end : predicate.start] == " "
        if beside and any(reading.copy.text[a.end : person.start] == " " and a.binds for a in reading.actors):
            return (person.candidate,)  # dat Hongarije hem steunt
    return ()


def _pronoun(reading: Reading, predicate: Predicate) -> tuple[Actor, ...]:
    """A pronoun right before a predicate that is about a candidate behind it: whoever was named last acts (he would not veto Rutte)."""
    if not predicate.people or any(a.end <= predicate.start for a in reading.actors if a.kind in ("nobody", "allies")):
        return ()
    if any(p.pronoun and predicate.start <= p.start < predicate.end for p in reading.people):
        return ()  # his merits made him the choice
    for person in reading.people:
        if not person.named and person.end <= predicate.start and reading.gap(person.end, predicate.start) <= NEGATION:
            return (Actor(start=person.start, end=person.end, kind="own"),)
    return ()


def _actors_left(reading: Reading, predicate: Predicate, low: int, before: Predicate | None) -> tuple[Actor, ...] | None:
    """Who acts on the left; empty where somebody who binds no country does, None where there is nobody."""
    begin, _ = reading.clause(predicate.start)
    patients = {*predicate.people, *(before.people if before else ())}
    left = [
        (at, a)
        for at, a in enumerate(reading.actors)
        if a.end <= predicate.start and not (a.candidate and a.candidate in patients) and not _describes(reading, a, predicate)
    ]
    near = [(at, a) for at, a in left if a.start >= max(low, begin)]
    chosen = nearest(reading, near, predicate.start)
    if chosen is not None:
        return chosen
    if before and before.actors:
        return before.actors
    if any(a.kind == "unnamed" for _, a in near) and not listed(reading, predicate.end):
        return ()  # a newspaper has its own opinion
    return nearest(reading, left)


def nearest(reading: Reading, actors: Sequence[tuple[int, Actor]], before: int | None = None) -> tuple[Actor, ...] | None:
    """The nearest list of actors that bind a country; empty where one who binds none is nearer; None where there is nobody."""
    for at, actor in reversed(actors):
        beside = before is not None and reading.copy.text[actor.end : before] == " "
        if (actor.oblique and not beside and actor.kind != "own" and not actor.excepted) or (actor.place and actor.kind == "nobody"):
            continue
        if actor.binds:
            return reading.lists[at]
        if actor.kind == "allies":
            return _told_apart(reading, actor)
        if actor.kind == "nobody":
            return ()
        if actor.kind == "unnamed" and actor.country:
            return (actor,)
    return None


def _told_apart(reading: Reading, many: Actor) -> tuple[Actor, ...]:
    """The countries that a colon tells apart behind a word for several (two capitals still resist: Budapest and Bratislava), or excepts."""
    excepted = next((at for at, a in enumerate(reading.actors) if a.excepted), None)
    if excepted is not None:
        return reading.lists[excepted]
    told = listed(reading, many.end)
    but = any(many.start - h.end <= 1 and h.start - many.end <= 1 for h in reading.of("except"))
    return tuple(replace(a, excepted=True) for a in told) if but else told  # all but three: Hungary, …


def listed(reading: Reading, start: int) -> tuple[Actor, ...]:
    """The list of countries right behind a colon or a word that opens one (those who back Rutte are: Spain, France)."""
    text = reading.copy.text
    for at, actor in enumerate(reading.actors):
        if actor.start < start or actor.kind != "country":
            continue
        colon = text.rfind(":", start, actor.start)
        opened = colon >= 0 and reading.gap(colon, actor.start) <= LISTING
        if opened or any(start <= w.end <= actor.start and reading.gap(w.end, actor.start) <= LISTING for w in reading.of("listing")):
            apart = not any(a.excepted for a in reading.actors) and any(h.end < start for h in reading.of("except"))
            return tuple(replace(a, place=False, excepted=apart) for a in reading.lists[at])  # all but three back him: Hungary, …
    return ()


def _is_patient(reading: Reading, actor: Actor, predicate: Predicate) -> bool:
    """Whether an actor is the candidate whom the predicate is about."""
    return (actor.candidate is not None and actor.candidate in predicate.people) or _describes(reading, actor, predicate)


def _describes(reading: Reading, actor: Actor, predicate: Predicate) -> bool:
    """Whether what looks like an actor only describes the candidate whom the predicate is about (the Dutch prime minister)."""
    if any(not p.pronoun and p.candidate in predicate.people and p.start < actor.end and actor.start < p.end for p in reading.people):
        return True
    return actor.kind == "country" and any(  # Hollanda'nın görevi bırakan başbakanı Mark Rutte
        a.candidate in predicate.people
        and a.country == actor.country
        and actor.end <= a.start
        and a.end <= predicate.start
        and reading.gap(actor.end, a.start) <= DESCRIBED
        and not reading.commas(actor.end, a.start)
        and not reading.between(actor.end, a.start, *PREDICATES)
        for a in reading.actors
        if a.candidate
    )


def _actors_right(reading: Reading, predicate: Predicate, high: int) -> tuple[Actor, ...]:
    _, end = reading.clause(predicate.start)
    for at, actor in enumerate(reading.actors):
        if predicate.end <= actor.start < min(high, end) and not _is_patient(reading, actor, predicate):
            if actor.kind == "allies" or actor.place:
                continue
            if reading.gap(predicate.end, actor.start) > FAR or reading.between(predicate.end, actor.start, "says"):
                return ()
            if reading.commas(predicate.end, actor.start) % 2 and not reading.between(predicate.end, actor.start, "lists"):
                return ()
            if actor.binds:
                excepted = reading.between(predicate.end, actor.start, "except")
                return tuple(replace(a, excepted=True) for a in reading.lists[at]) if excepted else reading.lists[at]
            return (actor,) if actor.kind == "unnamed" and actor.country else ()
    return ()


def _agent_behind(reading: Reading, predicate: Predicate, high: int) -> tuple[Actor, ...]:
    """Who does it where that stands behind an active predicate: free in some languages, else behind a preposition (from Germany)."""
    if ":" in reading.copy.text[predicate.end - 1 : predicate.end + 1]:  # against: Hungary
        return listed(reading, predicate.end - 1)
    for at, actor in enumerate(reading.actors):
        if not predicate.end <= actor.start < high or _is_patient(reading, actor, predicate):
            continue
        if reading.between(predicate.end, actor.start, "says"):
            break
        if actor.kind in ("nobody", "allies", "unnamed"):
            return ()
        if actor.binds and actor.kind != "own" and (reading.free_order or actor.oblique):
            return reading.lists[at]
    if reading.free_order:  # in Oslo they approve
        begin, end = reading.clause(predicate.start)
        return next(
            (reading.lists[at] for at, a in enumerate(reading.actors) if a.place and a.kind == "country" and begin <= a.start < end), ()
        )
    return ()


def _people_right(reading: Reading, predicate: Predicate, high: int) -> tuple[str, ...]:
    _, end = reading.clause(predicate.start)
    for person in reading.people:
        if person.clitic:
            continue  # behind the verb it is an article
        if predicate.end <= person.start < min(high, end) and reading.gap(predicate.end, person.start) <= FAR:
            begins = predicate.voice == "passive" and reading.gap(reading.start, predicate.start) <= LISTING
            if reading.commas(predicate.end, person.start) % 2 and predicate.stance != "nominates" and not begins:
                return ()  # but: backed by Oslo, Rutte …
            if is_object(reading, person, predicate):
                return coordinated(reading, person, predicate)
    return ()


def _people_left(reading: Reading, predicate: Predicate, low: int, until: int | None = None) -> tuple[str, ...]:
    begin, _ = reading.clause(predicate.start)
    last = predicate.start if until is None else until
    for bound in (max(low, begin), begin):
        for person in reversed(reading.people):
            if bound <= person.start and person.end <= last and is_object(reading, person, predicate):
                if reading.between(person.end, predicate.start, "reported") and not _announces(reading, person, predicate):
                    return ()
                if until is not None and reading.gap(person.end, until) > RELATIVE:
                    return ()
                if predicate.voice == "active" and person.pronoun:
                    continue
                return list_before(reading, person)
    return ()


def _announces(reading: Reading, person: Person, predicate: Predicate) -> bool:
    """Whether a candidate says of himself or herself what follows (Meri announced that she would enter the race)."""
    acting = any(person.end <= a.start and a.end <= predicate.start and a.binds for a in reading.actors)
    return predicate.stance == "nominates" and not acting and reading.between(person.end, predicate.start, "says")


def _runs_for_it(reading: Reading, predicate: Predicate) -> tuple[Actor, ...]:
    """The candidate who announces that he or she stands, where that is an official of a country."""
    if predicate.stance != "nominates":
        return ()
    told = [a for a in reading.actors if a.kind == "person" and a.candidate in predicate.people and a.end <= predicate.start]
    return tuple(a for a in told[-1:] if reading.between(a.end, predicate.start, "says"))


def share_people(reading: Reading, found: Sequence[Predicate], at: int, context: Sequence[str]) -> None:
    """The candidate of a predicate that names none: of the one beside it, of the sentence, of the sentences before."""
    predicate = found[at]
    if not predicate.actors or predicate.voice == "tight":
        return
    beside = [p.people for p in (*found[at + 1 : at + 2], *reversed(found[:at])) if p.people and not p.shared]
    if beside:
        predicate.people, predicate.shared = beside[0], True
        return
    if any(a.candidate for a in predicate.actors):
        return  # a candidate acts: about whom has to be said
    low, high = reading.clause(predicate.start)
    here: list[str] = []
    if predicate.stance not in ("supports", "nominates"):
        here = [p.candidate for p in reading.people if low <= p.start < high and not p.pronoun and is_object(reading, p, predicate)]
    if not here and predicate.stance not in ("supports", "nominates"):
        here = [p.candidate for p in reading.people if p.named and p.end <= predicate.start and is_object(reading, p, predicate)]
    if here:
        predicate.people = tuple(dict.fromkeys(here))
        return
    if context and not any(p.named for p in reading.people) and _leaves_open(reading, predicate):
        predicate.people, predicate.shared = (context[0],), True


def _leaves_open(reading: Reading, predicate: Predicate) -> bool:
    """Whether a predicate without a candidate may be about the one of the sentence before: nothing else stands where its object would."""
    if predicate.stance in ("withholds", "withdraws"):
        return not reading.of("office")  # Finland does not know yet who is to be its next premier
    if predicate.stance == "nominates":  # he does so in the name of Romania
        return True
    if predicate.voice == "passive":  # similar support from Germany
        begin, _ = reading.clause(predicate.start)
        if reading.between(begin, predicate.start, "anybody"):
            return False  # nobody was ever chosen without it
        return all(p.pronoun for p in reading.people) and not reading.of("other")
    if any(h.start >= predicate.end and reading.gap(predicate.end, h.start) <= OBJECT for h in reading.of("bid")):
        return True
    if reading.copy.text[predicate.end - 1] == ":":
        return True  # against: Hungary
    follows = reading.copy.text[predicate.end : reading.end].lstrip("'s ")[:1]
    return predicate.stance == "opposes" and (not follows or follows in ",.;:")
