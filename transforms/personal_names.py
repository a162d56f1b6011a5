"""What has the shape of a person's name, and what is a desk, an office or a publication.

Belongs here: single names. Does not belong here: bylines of several (``bylines``), names of candidates (``names``).
"""

from __future__ import annotations

import re
import unicodedata

from transforms.byline_words import byline_words
from transforms.date_words import fold_word

MAX_NAME_CHARS = 60
MAX_NAME_WORDS = 6
MAX_SIGNATURE_WORDS = 4
MAX_EAST_ASIAN_CHARS = 8
MIN_SINGLE_CHARS = 3  # of a name of one word
_DOMAIN = re.compile(r"\.[a-z]{2,4}$", re.IGNORECASE)
_TOKEN = re.compile(r"[^\W_][\w'’.-]*")
_NOT_WORD = re.compile(r"[\W_]+")
_JOINED_PARTICLE = re.compile(r"(?:[dlo]['’]|(?:al|el|as|ad|an|ar|at|az|ash|ur|ud|ul|аль|эль|ас|ад|ан)-)", re.IGNORECASE)
_EAST_ASIAN = re.compile(r"^[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+$")
_OF = frozenset({"du", "de", "des"})


def person_key(name: str) -> str:
    """What two spellings of a person's name share: no accents, no case, no academic titles."""
    tokens = _TOKEN.findall("".join(c for c in unicodedata.normalize("NFD", name.casefold()) if not unicodedata.combining(c)))
    bare = [token.strip(".'’-") for token in tokens]
    return " ".join(token for token in bare if token not in byline_words().titles) or name.casefold()


def is_given(token: str) -> bool:
    """Whether a word is a given name in use (lexicons/given_names.toml)."""
    return fold_word(token.strip(".,")).partition("-")[0] in byline_words().given


def is_full(name: str) -> bool:
    """Whether a person's name is more than a given name or a pen name: several words, or a script that writes names as one."""
    return " " in name or bool(_EAST_ASIAN.match(name))


def is_signature(line: str) -> bool:
    """Whether a line of text is a person's name and nothing else: two to four words, the first a known given name."""
    tokens = line.split()
    return 2 <= len(tokens) <= MAX_SIGNATURE_WORDS and is_given(tokens[0]) and line[-1].isalpha() and is_person(line)


def without_role(name: str, *, first: bool) -> str:
    """What is left of a name beside the words for what its bearer is: ``unserem Korrespondenten Jörg Soldat`` → ``Jörg Soldat``."""
    words = byline_words()
    tokens = name.split()
    lowered = [token.lower().strip(".,:'’") for token in tokens]
    roles = [place for place, token in enumerate(lowered) if token.rpartition("-")[2] in words.roles]
    if not roles or (roles == [1] and len(tokens) == 2 and is_given(tokens[0]) and tokens[1][:1].isupper()):
        return name  # "Ann Editor" is more likely a name than nobody
    before = tokens[: roles[0]]
    for place, token in enumerate(lowered[: roles[0]]):
        if token in words.beside_roles and place:
            before = tokens[:place]
            break
    whole = len(before) > 1 or bool(before and _EAST_ASIAN.match(before[0]))
    if whole and lowered[0] not in words.beside_roles and (first or is_given(before[0])):
        return " ".join(before)
    return " ".join(tokens[roles[-1] + 1 :])


def is_organisation(name: str, publications: frozenset[str], *, person: bool) -> bool:
    """Whether a name is that of a desk, an office or a publication. ``person``: the page calls it a person."""
    words = byline_words()
    named = [word.lower().strip(".'’-") for word in _TOKEN.findall(name)]
    if len(named) > 1 and _begins_as_publication(named, person=person):
        return True
    given = len(named) > 1 and is_given(named[0])
    if not (person and given) and _is_publication(name.lower(), publications):
        return True
    desks = [word for word in named if word in words.desks or word.endswith(words.desk_endings)]
    if desks and not (given and all(word in words.desks_and_surnames for word in desks)):
        return True
    if _DOMAIN.search(name.replace(". ", " ")):
        return not (len(named) > 1 and name.endswith(("Jr.", "Sr.")))
    return bool(_EAST_ASIAN.match(name) and any(desk in name for desk in words.desks if not desk.isascii()))


def _begins_as_publication(named: list[str], *, person: bool) -> bool:
    """As in "The Northern Post", "Le Courrier du Nord"; "Les" is a given name as well."""
    if named[0] in byline_words().articles:
        return named[0] == "the" or not person
    return named[0] in {"le", "la"} and len(named) > 3 and not _OF.isdisjoint(named[1:])


def _is_publication(lowered: str, publications: frozenset[str]) -> bool:
    """Whether a name holds one of the outlet's names as whole words, or is a part of one."""
    mine = f" {_NOT_WORD.sub(' ', lowered).strip()} "
    theirs = [f" {_NOT_WORD.sub(' ', name).strip()} " for name in publications]
    return lowered in publications or any(len(name) > 5 and (name in mine or (len(mine) > 5 and mine in name)) for name in theirs)


def is_person(name: str, *, single: bool = False) -> bool:
    """Whether a piece has the shape of a person's name. ``single``: the page calls it a person, so that one word will do."""
    words = byline_words()
    lowered = name.lower()
    if not 2 <= len(name) <= MAX_NAME_CHARS or any(c.isdigit() or c in "!?…&@=<>" for c in name):
        return False
    if lowered in words.nobody or lowered.replace("-", " ") in words.places or lowered in words.places:
        return False
    tokens = name.split()
    if len(tokens) > MAX_NAME_WORDS:
        return False
    if len(tokens) == 1:
        if _EAST_ASIAN.match(name):
            return len(name) <= MAX_EAST_ASIAN_CHARS
        shaped = len(name) >= MIN_SINGLE_CHARS and all(part[:1].isupper() and part[1:].islower() for part in name.split("-"))
        return single and shaped and name.replace("-", "").isalpha() and lowered not in words.roles and lowered not in words.beside_roles
    if not any(c.isalpha() for c in tokens[-1]) or any(token.strip(".,'’").lower() in words.roles for token in tokens[:1]):
        return False
    small = [token for token in tokens if token[:1].islower() and not _JOINED_PARTICLE.match(token)]
    if any(token not in words.particles for token in small) or tokens[0] in words.joining_words or tokens[-1] in small:
        return False
    return len(tokens) - len(small) > 1
