"""Where an outlet is at home: its country, and the time zone in which its days begin and end.

Belongs here: weighing what a site's address, markup and dates say of it. Does not belong here: reading the markup (``site``), fetching,
the dates of single articles (``dates``).
"""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.core import get_global
from pydantic import TypeAdapter, ValidationError

from transforms import urls
from transforms.language import normalise_tag
from transforms.params import Country

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from transforms.records import ArticleLink

Stated = tuple[datetime, timedelta]  # an instant (UTC) and the offset from UTC that was written beside it

SURE_WEIGHT = 3.0  # of a country: a national domain or a stated address alone is enough
DEFAULT_LOCALE = "en-us"  # what systems say where nobody chose: it weighs little
NEARLY_ALL = 0.75  # of the stated offsets: a summer's offset is left standing in some systems

_REGION = re.compile(r"^[A-Za-z]{2,3}(?:[-_][A-Za-z]{4})?[-_]([A-Za-z]{2})\b")
_OFFSET = re.compile(r"\d:\d\d(?::\d\d(?:[.,]\d+)?)?\s*([+-])(\d\d):?(\d\d)\s*(?:\(.*\))?$")
_COUNTRY: TypeAdapter[str] = TypeAdapter(Country)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A value with where it comes from. Not ``sure``: a person should look at it."""

    value: str
    basis: str
    sure: bool = False


# ---- country


def country_of(
    url: str, *, addresses: Iterable[object] = (), locales: Mapping[str, str] | None = None, stated: Mapping[str, str] | None = None
) -> Finding | None:
    """The country (ISO 3166 alpha-2) that most speaks for; None where nothing does.

    The national domain of ``url`` and ``addresses`` (JSON-LD ``address`` values) weigh most, then ``stated`` (place → code, such as
    ``geo.region``), then the regions of ``locales`` (place → tag, such as ``html lang`` → ``en-GB``), which often are a template's.
    """
    locales = locales or {}
    weights: dict[str, float] = defaultdict(float)
    places: dict[str, list[str]] = defaultdict(list)

    def note(country: str | None, weight: float, place: str) -> None:
        if country is not None and place not in places[country]:
            weights[country] += weight
            places[country].append(place)

    note(_of_domain(url), SURE_WEIGHT, "top-level domain")
    for address in addresses:
        note(_of_address(address, locales.get("html lang")), SURE_WEIGHT, "JSON-LD address")
    for place, code in (stated or {}).items():
        note(_known(code.partition("-")[0].strip()), SURE_WEIGHT / 2, place)
    for place, tag in locales.items():
        region = _REGION.match(tag)
        usual = tag.lower().replace("_", "-") == DEFAULT_LOCALE
        note(_known(region[1]) if region else None, SURE_WEIGHT / (6 if usual else 2 if place == "html lang" else 3), place)
    if not weights:
        return None
    best = max(weights, key=lambda country: weights[country])
    others = [country for country in weights if country != best]
    contrary = "".join(f"; {', '.join(places[country])}: {country}" for country in others)
    sure = weights[best] >= SURE_WEIGHT and max((weights[country] for country in others), default=0.0) * 2 <= weights[best]
    return Finding(value=best, basis=", ".join(places[best]) + contrary, sure=sure)


def likely_country(language: str) -> str | None:
    """The country in which a language is most at home (CLDR's likely subtags): no evidence, but a value to begin with."""
    return _known(get_global("likely_subtags").get(language, "").rpartition("_")[2])


def _of_domain(url: str) -> str | None:
    """The country of the top-level domain, unless names directly below it are sold to the whole world."""
    labels = urls.registrable_domain(urls.host(url)).split(".")
    top, table = labels[-1], site_lexicon()
    if top in table["country_domains_in_punycode"]:
        return str(table["country_domains_in_punycode"][top])
    return None if len(labels) == 2 and top in table["generic_country_domains"] else _known(top)


def _of_address(address: object, language: str | None) -> str | None:
    for entry in (address if isinstance(address, list) else [address])[:5]:
        stated = entry.get("addressCountry") if isinstance(entry, dict) else None
        if isinstance(stated, dict):
            stated = stated.get("identifier") or stated.get("name")
        if isinstance(stated, str) and (found := _named(stated.strip(), language)) is not None:
            return found
    return None


def _named(text: str, language: str | None) -> str | None:
    """A country by its code of two or three letters, or by its name in English or in the page's language."""
    aliases = get_global("territory_aliases").get(text.upper(), ())
    if len(text) == 3 and len(aliases) == 1:
        return _known(aliases[0])
    spoken = (_by_name(code).get(text.casefold()) for code in ("en", normalise_tag(language) or "en"))
    return _known(text) or next((code for code in spoken if code), None)


@lru_cache(maxsize=16)
def _by_name(language: str) -> dict[str, str]:
    try:
        territories = Locale(language).territories
    except (UnknownLocaleError, ValueError):
        return {}
    return {str(name).casefold(): code for code, name in territories.items() if _known(code) == code}


def _known(code: str) -> str | None:
    """A code of two letters as the configuration takes it, if it is that of a country; codes for users' own purposes are none."""
    if len(code) != 2 or not code.isascii():
        return None
    try:
        found = _COUNTRY.validate_python(code.upper())
    except ValidationError:
        return None
    return found if found in get_global("territory_zones") else None


# ---- time zone


def stated_offsets(links: Iterable[ArticleLink]) -> tuple[Stated, ...]:
    """The offsets that the dates of a listing state. Zero is left out: systems write UTC wherever they stand."""
    found = []
    for link in links:
        match = _OFFSET.search((link.published_raw or "").strip())
        if match is None or link.published_at is None:
            continue
        size = timedelta(hours=int(match[2]), minutes=int(match[3]))
        if size:
            found.append((link.published_at, -size if match[1] == "-" else size))
    return tuple(found)


def zone_for(country: str, offsets: Sequence[Stated] = ()) -> Finding | None:
    """The zone (IANA) of an outlet in ``country``; None where the country has none that people live in.

    Of several zones, those count whose clocks stood as ``offsets`` say, the most populous first. Where nothing is stated the most populous
    zone is proposed and marked as a guess.
    """
    zones = _zones(country)
    if not zones:
        return None
    agreeing = [zone for zone in zones if _agrees(zone, offsets)] if offsets else []
    contrary = f", but the dates of the articles state {_shown(offsets)}" if offsets and not agreeing else ""
    if len(zones) == 1:
        return Finding(value=zones[0], basis=f"the zone of {country}{contrary}", sure=not contrary)
    if agreeing:
        several = f"; so does {agreeing[1]}" if len(agreeing) > 1 else ""
        return Finding(value=agreeing[0], basis=f"agrees with the dates of the articles, {_shown(offsets)}{several}", sure=not several)
    return Finding(value=zones[0], basis=f"the most populous zone of {country}{contrary}")


def _agrees(zone: str, offsets: Sequence[Stated]) -> bool:
    """Whether a zone's clocks stood as stated, nearly each time."""
    known = ZoneInfo(zone)
    right = [at.astimezone(known).utcoffset() == offset for at, offset in offsets]
    return sum(right) >= NEARLY_ALL * len(right)


def _shown(offsets: Sequence[Stated]) -> str:
    minutes = sorted({int(offset.total_seconds() // 60) for _, offset in offsets})
    return ", ".join(f"{'-' if size < 0 else '+'}{abs(size) // 60:02}:{abs(size) % 60:02}" for size in minutes[:3])


def _zones(country: str) -> tuple[str, ...]:
    """A country's zones, the most populous first; those in which hardly anybody lives only where there is no other."""
    chosen = site_lexicon()["populous_zones"].get(country)
    return tuple(get_global("territory_zones").get(country, ()) if chosen is None else chosen)


@lru_cache(maxsize=1)
def site_lexicon() -> dict[str, Any]:
    """``lexicons/sites.toml``."""
    return tomllib.loads(files("transforms.lexicons").joinpath("sites.toml").read_text(encoding="utf-8"))
