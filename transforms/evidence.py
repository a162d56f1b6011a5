"""What a short text offers as evidence that it is about the contest, as named figures, and their weights.

Belongs here: figures that a reader can check against the text (the post beside words of choosing, another office beside them, work, a
listed person, a country that is for or against somebody) and adding them up. The weights were found by ``benchmarks/race_weights.py``
from passages written for this project and stand in ``lexicons/race_weights.toml``. Does not belong here: words
(``lexicons/race.toml``), articles (:mod:`transforms.weighing`).
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence, Set
from functools import cache

from transforms.names import lexicon
from transforms.normalise import Folded
from transforms.records import Field
from transforms.weighing import Hit, Sentence, beside, held

CHOOSING = frozenset({"choice", "aspire", "next"})
LOOSE = ("choice", "aspire", "moves", "support", "next", "fit", "bargain", "seek", "envoy")  # kinds that count wherever they stand
PUSHING = frozenset({"support", "moves"})
OFFICE_REACH = 40  # code points from a word of choosing to the office that it fills
ACTOR_REACH = 14  # code points from the beginning of a sentence in which the one who acts is named
NEXT_REACH = 25  # code points between the post and a word that says that its holder is still to come
SHORT_NAME = 3  # letters of the names of countries that are written in capitals (US, UK, UAE)
SPEAKER_REACH = 12  # code points between the name of a post and the verb of whoever has it
MANY = 3  # sentences of a text in which one may be a remark
MOST = 3  # words of a kind that count
ASKED = frozenset({"post", "choice", "aspire", "moves"})  # beside the body's name: without one of them a text that names nobody is not read
SILENT = frozenset({"holder", "post_acts", "post_speaks"})  # whoever has the post is at work: what the sentence pushes is something else
# What says of a sentence that it is about the contest, for telling a remark from a text.
TELLING = frozenset(
    {
        "post_chosen",
        "post_next",
        "post_sought",
        "post_pushed",
        "post_bare",
        "body_chosen",
        "body_succeeded",
        "body_pushed",
        "name_chosen",
        "name_supported",
        "country_pushes",
    }
)
SUCCEEDED_REACH = 24  # code points between the beginning of a word of succession and the name of the one who leaves
_GENITIVE = re.compile(r"\w{0,3}(?:['’]\w{1,3})? ")  # between that name and the word: Rutte's successor
_SIDE = re.compile(r"\b(?:pro|anti)-$")


def figures(
    units: Sequence[Sentence], length: int, folded: Mapping[Field, Folded], home: Mapping[str, str], running: Set[str]
) -> dict[str, float]:
    """The evidence in a text: name of the figure → how much of it. Empty where it names no listed person and nothing of the post.

    ``length``: sentences of the text; ``home``: candidate → country; ``running``: candidates who were more than talked of.
    """
    found: dict[str, float] = {}
    people = {name.candidate for unit in units for name in unit.names}
    homes = {home[person] for person in people}
    body = any("body" in unit.kinds for unit in units)
    kinds = set().union(*(unit.kinds for unit in units))
    if not people and not ("own" in kinds or (body and kinds & ASKED) or "post" in kinds):
        return {}
    telling = 0
    for unit in units:
        said = _of_sentence(unit, folded[unit.field], homes, known=body or bool(people))
        found.update(dict.fromkeys(said, 1.0))
        telling += not TELLING.isdisjoint(said)
    if length >= MANY:
        found["passing"] = float(telling == 1)
        found["throughout"] = float(telling > 1)
    if people:
        found["named"] = 1.0
        found["rivals"] = float(len(people) > 1)
        found["running"] = float(bool(people & running))
    else:
        found = {f"nobody_{key}": value for key, value in found.items() if key.startswith(("post", "body"))} | {
            key: value for key, value in found.items() if not key.startswith(("post", "body"))
        }
        found["nobody"] = 1.0
    found["body"] = float(body)
    found["any_elsewhere"] = float(any("elsewhere" in unit.kinds for unit in units))
    if people and not body and len(people) == 1 and not any(key.startswith(("post", "country")) for key in found):
        found["alone"] = 1.0
        if found.keys() & {"name_chosen", "office_chosen"}:
            found["alone_chosen"] = 1.0
    for kind in ("domestic", "home", "office", "work", "elsewhere"):
        count = len({hit.pattern for unit in units for hit in unit.hits if kind in hit.kinds})
        found[kind] = min(count, MOST) / MOST
    found["side"] = float(any(_SIDE.search(folded[n.field].text, max(0, n.start - 5), n.start) for unit in units for n in unit.names))
    return {key: value for key, value in found.items() if value}


def _of_sentence(unit: Sentence, copy: Folded, homes: Set[str], *, known: bool) -> list[str]:
    """Names of the figures of one sentence.

    ``homes``: countries of the listed persons; ``known``: whether the text names the body or a listed person.
    """
    kinds = unit.kinds
    elsewhere = "elsewhere" in kinds
    choosing, pushing = bool(kinds & {"choice", "aspire"}), bool(kinds & PUSHING)
    posts = [h for h in unit.hits if "post" in h.kinds and ("own" in h.kinds or (known and not elsewhere))]
    bodies = {h.start for h in unit.hits if "body" in h.kinds}
    holders = {h.start for h in unit.hits if "holder" in h.kinds}
    free = [h for h in posts if not held(h, unit.names, holders, copy) and not _of_deputy(h, unit)]
    countries = _countries(unit, copy)
    country = bool(countries - homes)
    found = []
    titled = any(beside(h, n, copy) for h in posts for n in unit.names)
    if not kinds & CHOOSING:  # in Hungarian the office stands behind the name
        titled = titled or any(h.start - n.end == 1 for h in posts for n in unit.names)
    if titled:
        found.append("holder")
    elif len(free) < len(posts):
        found.append("post_held")
    if free:
        first = min(h.start for h in free)
        acting = first - unit.start <= ACTOR_REACH and not any(n.start < first for n in unit.names)
        if _speaks(free, unit):
            found.append("post_speaks")
        elif "choice" in kinds:
            found.append("post_first" if acting else "post_chosen")
        elif not acting and _to_come(free, unit):
            found.append("post_next")
        elif "aspire" in kinds:
            found.append("post_sought")
        elif acting:
            found.append("post_acts")
        elif pushing:
            found.append("post_pushed")
        else:
            found.append("post_bare")
        if unit.names:
            found.append("post_named")
    elif bodies and not elsewhere:
        if choosing and _succeeded(unit, copy) == "holder":
            found.append("body_succeeded")
        elif choosing and holders:
            found.append("body_holder")
        elif choosing:
            found.append("body_chosen")
        elif pushing and unit.names:
            found.append("body_pushed")
        elif unit.names:
            found.append("body_named")
    if homes & countries:
        found.append("home_country")
    if not any("own" in h.kinds for h in free) and _succeeded(unit, copy) == "listed":
        return [*found, "listed_succeeded"]
    if "choice" not in kinds and not SILENT.isdisjoint(found):
        return found
    if elsewhere and (choosing or pushing):
        return [*found, "elsewhere_chosen"]
    if not posts and not bodies and choosing and _of_office(unit):
        return [*found, "office_chosen"]
    if unit.names and choosing:
        found.append("name_chosen")
    if unit.names and "support" in kinds:
        found.append("name_supported")
    if unit.names and kinds & {"fit", "seek"}:
        found.append("name_sought")
    if country:
        found.append("country_pushes" if pushing else "country_bargains" if "bargain" in kinds else "country")
    return found + [f"any_{kind}" for kind in LOOSE if kind in kinds]


def _countries(unit: Sentence, copy: Folded) -> set[str]:
    """Countries named in a sentence. A seat of many bodies does not stand for its country, a short name in small letters is a word (us)."""
    seats = {h.start for h in unit.hits if "seat" in h.kinds}
    longest: dict[int, Hit] = {}  # Romania is not Roma with something behind it
    for hit in unit.hits:
        if hit.start in seats or not any(kind.startswith("country:") for kind in hit.kinds):
            continue
        written = hit.end - hit.start > SHORT_NAME or copy.char(hit.start + 1).isupper()
        if written and hit.end >= longest.get(hit.start, hit).end:
            longest[hit.start] = hit
    return {kind[8:] for hit in longest.values() for kind in hit.kinds if kind.startswith("country:")}


def _to_come(posts: Sequence[Hit], unit: Sentence) -> bool:
    """Whether a word beside the post says that its holder is still to come."""
    nexts = [h for h in unit.hits if "next" in h.kinds]
    return any(h.start - post.end >= -NEXT_REACH and h.end - post.start <= NEXT_REACH for h in nexts for post in posts)


def _succeeded(unit: Sentence, copy: Folded) -> str:
    """Who is the one that leaves, by a word of succession beside the name: "holder", "listed" (a listed person) or "" (nobody is)."""
    people = [(h.start, h.end, "holder") for h in unit.hits if "holder" in h.kinds] + [(n.start, n.end, "listed") for n in unit.names]
    for word in unit.hits:
        if "succeed" not in word.kinds:
            continue
        behind = [(start, who) for start, _, who in people if 0 <= start - word.end <= SUCCEEDED_REACH]
        before = [who for _, end, who in people if _GENITIVE.fullmatch(copy.text, end, word.start)]
        if behind or before:
            return min(behind)[1] if behind else before[0]
    return ""


def _speaks(posts: Sequence[Hit], unit: Sentence) -> bool:
    """Whether whoever has the post says or does something: a verb of saying or of work stands beside each."""
    verbs = [h for h in unit.hits if "say" in h.kinds or "work" in h.kinds]
    last = max(post.end for post in posts)
    first = min(post.start for post in posts)
    return any(0 <= h.start - last <= SPEAKER_REACH or (not unit.names and 0 <= first - h.end <= SPEAKER_REACH) for h in verbs)


def _of_deputy(post: Hit, unit: Sentence) -> bool:
    """Whether a word beside the post makes it another one, or somebody's of the past: deputy, assistant, former."""
    return any(-3 <= post.start - h.end <= 3 or -3 <= h.start - post.end <= 3 for h in unit.hits if "deputy" in h.kinds)


def _of_office(unit: Sentence) -> bool:
    """Whether another office stands close behind a word of choosing: candidate for mayor, to succeed him as minister."""
    chosen = [h.start for h in unit.hits if "choice" in h.kinds]
    return any(0 < h.start - start <= OFFICE_REACH for h in unit.hits if "office" in h.kinds for start in chosen)


@cache
def weights() -> Mapping[str, float]:
    """Weight of each figure, and the constant."""
    data: Mapping[str, Mapping[str, float]] = lexicon("race_weights")
    return data["weights"]


def probability(found: Mapping[str, float], shift: float = 0.0) -> float:
    """How likely a text with these figures is about the contest, 0 to 1; 0 where there are none.

    ``shift``: what its wording adds (:mod:`transforms.wording`), in log odds.
    """
    if not found:
        return 0.0
    weight = weights()
    total = weight["constant"] + shift + sum(weight.get(key, 0.0) * value for key, value in found.items())
    return 1.0 / (1.0 + math.exp(-total))
