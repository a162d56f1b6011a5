"""News agencies: knowing them by name in bylines, and seeing that a line of text credits one as its source.

Belongs here: names and the forms of credits. Does not belong here: where on a page credits stand (``wire``), persons (``bylines``).

An agency that is only spoken of ("told Reuters") is no source. So every form is bound to the beginning or the end of its line, and
nothing but a date, a place or a label may stand before the name.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

MAX_DATELINE_CHARS = 70  # "KYIV, Ukraine, 20 June 2024": what may stand before the agency's name
MAX_LINE_CHARS = 160  # a source line is short; of a longer line only its two ends can be a credit


@dataclass(frozen=True, slots=True)
class Agencies:
    """Agencies by name: the packaged ones and those that a configuration adds."""

    whole: Mapping[str, str]  # name in lower case → id
    exact: Mapping[str, str]  # name as written → id
    within: re.Pattern[str]  # a full agency name at the start of a longer one, such as "Reuters Staff"
    trailing: re.Pattern[str]  # an agency's name at the end of a piece of a byline
    line: re.Pattern[str]  # a short line that credits an agency
    start: re.Pattern[str]  # a dateline
    end: re.Pattern[str]  # an agency in brackets, between slashes or behind a copyright sign at the end of a line

    def in_byline(self, name: str) -> str | None:
        """The agency that this piece of a byline is."""
        bare = name.strip(" .:()[]\"'©/")
        found = self.whole.get(bare.lower()) or self.exact.get(bare)
        if found is None and (match := self.within.match(bare)) is not None:
            found = self._named(match["agency"])
        return found

    def at_end(self, piece: str) -> tuple[str, str] | None:
        """The piece before an agency's name at its end, and the agency: ``ANN LEE Associated Press``."""
        match = self.trailing.search(piece)
        agency = self._named(match["agency"]) if match is not None else None
        return (piece[: match.start()].rstrip(), agency) if match is not None and agency is not None else None

    def credited(self, line: str) -> str | None:
        """The agency that a line of the text credits: ``BERLIN (Reuters) –``, ``Quelle: dpa``, ``… er. (dpa)``, ``© 2024 AFP``."""
        match = self.start.match(line[: MAX_LINE_CHARS * 2])
        if match is None and len(line) <= MAX_LINE_CHARS:
            match = self.line.match(line)
        if match is None:
            match = self.end.search(line[-MAX_LINE_CHARS:])
        return self._named(next(value for value in match.groupdict().values() if value)) if match is not None else None

    def _named(self, name: str) -> str | None:
        return self.whole.get(name.lower()) or self.exact.get(name)


@lru_cache(maxsize=1)
def _packaged() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads(files("transforms.lexicons").joinpath("agencies.toml").read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def _credits() -> dict[str, list[str]]:
    return tomllib.loads(files("transforms.lexicons").joinpath("credits.toml").read_text(encoding="utf-8"))


def _any(words: list[str]) -> str:
    return "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in sorted(words, key=len, reverse=True))


@lru_cache(maxsize=64)
def _known(extra: tuple[tuple[str, tuple[str, ...]], ...]) -> Agencies:
    whole: dict[str, str] = {}
    exact: dict[str, str] = {}
    for agency, entry in _packaged().items():
        whole |= {name.lower(): agency for name in entry["names"]}
        exact |= dict.fromkeys(entry.get("short", []), agency)
    for agency, names in extra:
        whole |= {name.lower(): agency for name in names}
    full, short = _any(list(whole)), _any(list(exact))
    name = rf"(?:(?i:{full})|{short})"
    # other agencies, a regional service: "dpa/lbn", "TT-AFP", "AFP, Reuters"
    more = r"(?:\s*[/,+&]\s*[^()\[\]/.!?]{1,25}|-[^\W\d_]{2,7}(?!\w)){0,3}"
    sources = rf"(?i:{_any(_credits()['labels'])})"
    joined = rf"(?i:{_any(_credits()['prepositions'])})"
    by = rf"(?i:{_any(_credits()['phrases'])})"
    rights = r"(?:©|\(c\)|(?i:copyright)(?:\s*©)?)\s*(?:(?:19|20)\d\d\s*,?\s*)?(?:(?i:by)\s+)?(?i:the\s+)?"
    # What stands before the name in a dateline: at least one place or date, no sentence.
    before = rf"[^!?:;“”\"«»()\[\]]{{0,{MAX_DATELINE_CHARS}}}?"
    place = r"(?:[^\W\d_a-zà-ÿ][^\s!?:;()\[\]]*[\s,.]+|\d{1,4}\.?[\s,]+){1,4}"  # capital words and numbers only
    start = (
        rf"^(?:{before}\s)?[(\[]\s*©?\s*(?P<dateline>{name}){more}\s*[)\]]\s*(?:[-–—:]|\.\s*[-–—]|\.-)"  # CITY, 2 July (Reuters) – …
        rf"|^{before}[(\[]\s*(?P<point>{name}){more}\s*[)\]]\.\s*\S"  # Vilnius, 20 d. (ELTA). …
        rf"|^{place}[(\[]\s*(?P<bare>{name}){more}\s*[)\]]\s+(?=[^\W\d_a-zà-ÿ])"  # Bern (sda) Der …
        rf"|^(?:{before}\s)?/(?P<slashed>{name}){more}/\.?\s"  # МОСКВА, 20 июня. /ТАСС/. …
        rf"|^(?:{place})?(?:[^!?:;()]{{0,40}},\s[^.!?]{{0,30}})?(?P<dash>{name})(?:\.[A-Z]{{2,3}})?\s*[-–—]{{1,2}}\s"  # Reuters – …
        rf"|^{place}(?:[^.!?]{{0,30}}\s)?[-–—]\s(?P<after>{name})\.\s"  # МОСКВА, 20 июн — РИА Новости. …
        rf"|^{place}\d{{0,2}}\.?\s*\S{{0,12}}\s?(?P<site>{name})\.RU\s*[-–—]\s"  # Москва. 20 июня. INTERFAX.RU - …
        rf"|^{place}\d{{1,2}}\s*[(\[](?P<numbered>{name})[)\]]"  # MADRID, 20 (EUROPA PRESS)
        rf"|^[(\[](?P<open>{name}){more}[)\]]\s"
    )
    line = (
        rf"^\W{{0,3}}{sources}\s*[:=–-]\s*(?:\S[^!?]{{0,50}}[/,\s(])?(?P<source>{name})(?!\w)"  # Source: Reuters; Quelle: mau/dpa
        rf"|^[\s(\[–—•*-]*{joined}\s*[(:]?\s*(?:(?i:the|der|von|de|di|da|del|l['’]|d['’])\s*)?(?P<joined>{name})(?:[\s,/&+]+[^\s.!?]{{1,20}}){{0,5}}\s*[)\]]?\.?\s*$"
        rf"|^(?:{place}[-–—]\s*)?[©(\[/]{{0,2}}\s*(?P<alone>{name}){more}\s*[)\]/]?\s*\.?$"
        rf"|^[(\[/]?[^\W\d]{{2,5}}\s*/\s*(?P<initials>{name}){more}[)\]/]?\.?$"  # red/dpa
        rf"|^.{{0,20}}\b{by}\s+(?:the\s+)?(?P<phrase>{name})\b"
        rf"|^\W{{0,3}}{rights}(?P<rights>{name})(?!\w)"
    )
    end = (
        rf"[.!?…»”\"“'’]\s*[(\[]\s*(?:©\s*)?(?P<end>{name}){more}\s*[)\]]\s*\.?$"  # … er. (dpa)
        rf"|[.!?…»”\"“'’]\s*/(?P<slashes>{name}){more}/$"  # … hun. /ritzau/
        rf"|[.!?…»”\"“'’)]\s*{rights}(?P<copy>{name})(?!\w)[^.!?]{{0,12}}\.?$"
    )
    return Agencies(
        whole=whole,
        exact=exact,
        within=re.compile(rf"(?P<agency>(?i:{full}))\b"),
        trailing=re.compile(rf"(?<=\w)\s+(?P<agency>{name})$"),
        line=re.compile(line),
        start=re.compile(start),
        end=re.compile(end),
    )


def agencies(extra: Mapping[str, tuple[str, ...]] | None = None) -> Agencies:
    """The packaged agencies together with ``extra`` (id → names), which go first where names are equal."""
    return _known(tuple(sorted((agency, tuple(names)) for agency, names in (extra or {}).items())))
