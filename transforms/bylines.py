"""Who wrote an article: persons, desks, agencies.

Belongs here: taking a byline apart and knowing agencies by name. Does not belong here: finding bylines in the markup (``extract``).
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

MAX_AUTHORS = 20
MAX_NAME_CHARS = 60
MAX_NAME_WORDS = 6
MAX_PARTICLE_CHARS = 4  # "van", "der", "dos", "della" is written with a capital more often than not
_ADDRESS = re.compile(r"https?://|www\.|@|\.(?:com|org|net|html?)\b", re.IGNORECASE)
_SEPARATORS = re.compile(r"\s*(?:[,;/|·•\n]|\s[–—-]\s|\s\+\s)\s*")
_BRACKETED = re.compile(r"\s*[(\[][^)\]]*[)\]]")
_WORD = re.compile(r"[^\W\d_]+", re.UNICODE)
_EAST_ASIAN = re.compile(r"^[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+$")
_SOURCE_WORDS = (
    r"(?:quelle|quellen|source|sources|fonte|fuente|bron|kilde|källa|lähde|źródło|zdroj|forrás|sursa|"
    r"izvor|vir|šaltinis|avots|allikas|"
    r"kaynak|πηγή|источник|джерело|mit material von|with|reporting by|avec|con informazioni di|con información de)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Byline:
    """A byline taken apart."""

    authors: tuple[str, ...] = ()
    organisation: str | None = None
    agency: str | None = None  # id, see lexicons/agencies.toml


@dataclass(frozen=True, slots=True, kw_only=True)
class _Words:
    leading: tuple[str, ...]
    joining: re.Pattern[str]
    desks: frozenset[str]
    titles: frozenset[str]


@lru_cache(maxsize=1)
def _words() -> _Words:
    table = tomllib.loads(files("transforms.lexicons").joinpath("bylines.toml").read_text(encoding="utf-8"))
    joining = "|".join(re.escape(word) for word in sorted(table["joining"], key=len, reverse=True))
    return _Words(
        leading=tuple(sorted(table["leading"], key=len, reverse=True)),
        joining=re.compile(rf"(?<=\S)\s+(?:{joining})\s+(?=\S)", re.IGNORECASE),
        desks=frozenset(table["desks"]),
        titles=frozenset(table["titles"]),
    )


@dataclass(frozen=True, slots=True)
class Agencies:
    """Agencies by name: the packaged ones and those that a configuration adds."""

    whole: Mapping[str, str]  # name in lower case → id
    exact: Mapping[str, str]  # name as written → id
    within: re.Pattern[str]  # a full agency name at the start of a longer one, such as "Reuters Staff"
    credit: re.Pattern[str]  # an agency named as the source, in a line of text

    def in_byline(self, name: str) -> str | None:
        """The agency that this piece of a byline is."""
        bare = name.strip(" .:()[]\"'")
        found = self.whole.get(bare.lower()) or self.exact.get(bare)
        if found is None and (match := self.within.match(bare)) is not None:
            found = self.whole.get(match[0].lower())
        return found

    def credited(self, line: str) -> str | None:
        """The agency that a line of the text credits, as a dateline (``BERLIN (Reuters) –``) or a source line (``Quelle: dpa``)."""
        match = self.credit.search(line)
        if match is None:
            return None
        name = next(value for value in match.groupdict().values() if value)
        return self.whole.get(name.lower()) or self.exact.get(name)


@lru_cache(maxsize=1)
def _packaged() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads(files("transforms.lexicons").joinpath("agencies.toml").read_text(encoding="utf-8"))


@lru_cache(maxsize=64)
def _known(extra: tuple[tuple[str, tuple[str, ...]], ...]) -> Agencies:
    whole: dict[str, str] = {}
    exact: dict[str, str] = {}
    for agency, entry in _packaged().items():
        whole |= {name.lower(): agency for name in entry["names"]}
        exact |= dict.fromkeys(entry.get("short", []), agency)
    for agency, names in extra:
        whole |= {name.lower(): agency for name in names}
    full = "|".join(re.escape(name) for name in sorted(whole, key=len, reverse=True))
    short = "|".join(re.escape(name) for name in sorted(exact, key=len, reverse=True))
    name = rf"(?:(?i:{full})|{short})"
    pattern = (
        rf"^[^!?]{{0,60}}?[(\[](?P<dateline>{name})(?:[\s/,+&][^)\]]{{0,40}})?[)\]]\s*[-–—:]"  # CITY, 2 July (Reuters) – …
        rf"|^(?:[^.!?\d]{{0,40}},\s[^.!?]{{0,30}})?(?P<dash>{name})\s*[-–—]\s"  # Reuters – …
        rf"|(?i:^{_SOURCE_WORDS}\s*:?)\s*(?P<source>{name})\b"  # Source: Reuters
        rf"|[(\[](?P<end>{name})(?:[/,+&\s][^)\]]{{0,40}})?[)\]]\s*\.?$"  # … (dpa)
        rf"|^[(\[](?P<open>{name})[)\]]\s"
        rf"|^(?:[©(]\s*)?(?P<alone>{name})\)?\s*\.?$"
    )
    return Agencies(whole=whole, exact=exact, within=re.compile(rf"(?i:{full})\b"), credit=re.compile(pattern))


def agencies(extra: Mapping[str, tuple[str, ...]] | None = None) -> Agencies:
    """The packaged agencies together with ``extra`` (id → names), which go first where names are equal."""
    return _known(tuple(sorted((agency, tuple(names)) for agency, names in (extra or {}).items())))


def _strip_leading(name: str) -> str:
    lowered = name.lower()
    for word in _words().leading:
        if lowered.startswith(word) and len(name) > len(word) + 1 and name[len(word)] in " :":
            rest = name[len(word) :].lstrip(" :")
            if name[len(word)] == ":" or len(word) > 3 or rest[:1].isupper():
                return _strip_leading(rest)
    return name


def _bare(piece: str) -> str:
    name = _strip_leading(_BRACKETED.sub("", piece).strip(" .:*\"'“”„«»-–—"))
    return re.sub(r"\s+", " ", name).strip()


def _is_organisation(name: str, publications: frozenset[str]) -> bool:
    lowered = name.lower()
    if lowered in publications or any(
        len(known) > 3 and (known in lowered or (lowered in known and len(lowered) > 3)) for known in publications
    ):
        return True
    words = [word.lower() for word in _WORD.findall(name)]
    if any(word in _words().desks for word in words) or re.search(r"\.[a-z]{2,4}$", lowered):
        return True
    return bool(_EAST_ASIAN.match(name) and any(desk in name for desk in _words().desks if not desk.isascii()))


def _is_person(name: str) -> bool:
    if not 2 <= len(name) <= MAX_NAME_CHARS or any(c.isdigit() for c in name) or _ADDRESS.search(name):
        return False
    words = name.split()
    if len(words) > MAX_NAME_WORDS:
        return False
    if len(words) == 1:
        return bool(_EAST_ASIAN.match(name)) and len(name) <= 8
    small = [word for word in words if word[:1].islower()]
    if any(len(word) > MAX_PARTICLE_CHARS for word in small) or len(small) * 2 > len(words):
        return False
    return not words[-1][:1].islower()


def read_byline(values: Iterable[str], known: Agencies, publications: Iterable[str] = (), organisations: Iterable[str] = ()) -> Byline:
    """Persons, the first organisation and the agency in some bylines.

    ``publications`` are the outlet's own names (never persons); ``organisations`` are names that the page itself calls organisations.
    """
    own = frozenset(name.lower() for name in publications if name)
    persons: dict[str, str] = {}
    organisation: str | None = None
    agency: str | None = None
    told = [(value, False) for value in values] + [(value, True) for value in organisations]
    for value, is_organisation in told:
        pieces = [value] if known.in_byline(value) or is_organisation else _pieces(value)
        for piece in pieces:
            name = _bare(piece)
            if not name or _ADDRESS.search(name):
                continue
            found = known.in_byline(name)
            if found is not None:
                agency = agency or found
                organisation = organisation or name
            elif is_organisation or _is_organisation(name, own):
                organisation = organisation or name
            elif _is_person(name) and len(persons) < MAX_AUTHORS:
                persons.setdefault(name.casefold(), name)
    return Byline(authors=tuple(persons.values()), organisation=organisation, agency=agency)


def _pieces(value: str) -> list[str]:
    if len(value) > 400:
        return []
    return [part for piece in _SEPARATORS.split(value) for part in _words().joining.split(f"{piece} ".rstrip()) if part.strip()]
