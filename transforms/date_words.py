"""The words that dates are made of and that stand beside them, in the languages of the press.

Belongs here: reading ``lexicons/dates.toml`` and CLDR's month names into tables. Does not belong here: how a date string is put together
(``date_strings``), what a label means for the verdict (``datelines``, ``dates``).
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from babel import Locale, UnknownLocaleError

# Languages whose month names are known: those of the lexicon and of their neighbours.
MONTH_LOCALES = (
    "en", "de", "fr", "es", "it", "pt", "nl", "da", "sv", "nb", "fi", "is", "et", "lv", "lt", "pl", "cs", "sk", "sl", "hr", "sr_Latn", "sr",
    "bs", "mk", "bg", "ro", "hu", "el", "tr", "ru", "uk", "be", "sq", "ca", "id", "ms", "ga", "mt", "lb", "ka", "hy", "ar",
    "ar_JO",
)  # fmt: skip
_LANGUAGE_OF = {"nb": "no", "sr_Latn": "sr", "ar_JO": "ar"}  # the Levant has its own names of months
MIN_MONTH_CHARS = 3
SHORT_WORD = 2  # letters: "de" begins Dutch sentences as well as French bylines
_NEVER = re.compile(r"(?!)")


def fold_word(text: str) -> str:
    """Lower case without accents; the Turkish dotless i and dotted I are an i. A form that keeps no positions."""
    decomposed = unicodedata.normalize("NFD", text.casefold())
    return "".join(c for c in decomposed if not unicodedata.combining(c)).replace("ı", "i")


@lru_cache(maxsize=1)
def date_lexicon() -> dict[str, Any]:
    """``lexicons/dates.toml``."""
    return tomllib.loads(files("transforms.lexicons").joinpath("dates.toml").read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def _months_by_language() -> dict[str, dict[str, int]]:
    tables: dict[str, dict[str, int]] = {}
    for code in MONTH_LOCALES:
        _add_all(tables.setdefault(_LANGUAGE_OF.get(code, code), {}), Locale.parse(code))
    for code, forms in date_lexicon()["months"].items():
        for number, words in enumerate(forms, start=1):
            for word in words.split():
                _add(tables.setdefault(code, {}), word, number)
    return tables


def _add_all(table: dict[str, int], locale: Locale) -> None:
    for context in locale.months.values():
        for width in ("wide", "abbreviated"):
            for number, name in context[width].items():
                _add(table, str(name), int(number))


def _add(table: dict[str, int], name: str, number: int) -> None:
    word = fold_word(name).strip(". ")
    if len(word) >= MIN_MONTH_CHARS and not any(c.isspace() or c.isdigit() for c in word):
        table.setdefault(word, number)


@lru_cache(maxsize=64)
def month_names(language: str | None) -> dict[str, int]:
    """Month names and abbreviations, folded: those of ``language`` and those of all others that mean one month only.

    ``listopad`` is October in Croatia and November in Poland: without a language it is neither.
    """
    common: dict[str, int] = {}
    clashing: set[str] = set()
    for table in _months_by_language().values():
        for word, number in table.items():
            if common.setdefault(word, number) != number:
                clashing.add(word)
    names = {word: number for word, number in common.items() if word not in clashing}
    return names | (_months_by_language().get(language) or _of_other_language(language) if language else {})


def _of_other_language(language: str) -> dict[str, int]:
    """CLDR's names for a language that is not among the usual ones: known only to a page that declares it."""
    table: dict[str, int] = {}
    try:
        _add_all(table, Locale.parse(language))
    except (UnknownLocaleError, ValueError):
        return {}
    return table


def _pattern(words: list[str]) -> str:
    # longest first, so that "last updated" goes before "updated"
    folded = sorted({fold_word(word) for word in words}, key=lambda word: (-len(word), word))
    return "|".join(re.escape(word).replace(r"\*", r"\w*").replace(r"\ ", r"\s+") for word in folded if word)


def _of_all(table: str) -> list[str]:
    return [word for words in date_lexicon().get(table, {}).values() for word in words]


@lru_cache(maxsize=8)
def label_words(role: str) -> re.Pattern[str]:
    """Matches, in folded text, a label of a ``published``, ``updated`` or ``other`` date, in any language."""
    words = _of_all(role)
    return re.compile(rf"(?<!\w)(?:{_pattern(words)})(?!\w)") if words else _NEVER


@lru_cache(maxsize=1)
def generic_label() -> re.Pattern[str]:
    """Matches, in folded text, the word for "date" in any language: what follows is one, whatever of."""
    return re.compile(rf"\W*(?:{_pattern(date_lexicon()['date'])})(?!\w)")


@lru_cache(maxsize=1)
def date_label() -> re.Pattern[str]:
    """Matches, in folded text that stands before a date, the same word with a colon: ``4 comments Datum:``."""
    return re.compile(rf"(?<!\w)(?:{_pattern(date_lexicon()['date'])})\s*:\s*$")


@lru_cache(maxsize=1)
def colophon_start() -> re.Pattern[str]:
    """Matches, in folded text, the first words of a sentence in which a system says when the piece above it came out."""
    return re.compile(rf"\W*(?:{_pattern(_of_all('colophon'))})(?!\w)")


@lru_cache(maxsize=1)
def byline_start() -> re.Pattern[str]:
    """Matches, in folded text, words with which a byline begins (``lexicons/bylines.toml``); not those that begin any sentence."""
    table = tomllib.loads(files("transforms.lexicons").joinpath("bylines.toml").read_text(encoding="utf-8"))["leading"]
    words = [word for group in table.values() for word in group if len(word) > SHORT_WORD or word == "by"]
    return re.compile(rf"\W*(?:{_pattern(words)})(?!\w)")


@dataclass(frozen=True, slots=True, kw_only=True)
class RelativeWords:
    """Patterns for folded text, each with the number of units in a group ``n`` where there is one."""

    today: re.Pattern[str]
    yesterday: re.Pattern[str]
    hours_ago: re.Pattern[str]
    minutes_ago: re.Pattern[str]


@lru_cache(maxsize=64)
def relative_words(language: str) -> RelativeWords:
    """The words for "today", "yesterday" and "3 hours ago" of one language: French "hier" is yesterday, German "hier" is here."""
    lexicon = date_lexicon()

    def whole(words: list[str]) -> re.Pattern[str]:
        return re.compile(rf"(?<!\w)(?:{_pattern(words)})(?!\w)") if words else _NEVER

    def ago(table: str) -> re.Pattern[str]:
        units = lexicon[table].get(language, [])
        if not units:
            return _NEVER
        span = rf"(?P<n>\d{{1,2}})\s*(?:{_pattern(units)})\.?"
        before, after = lexicon["ago_before"].get(language, []), lexicon["ago_after"].get(language, [])
        if before:  # Scandinavian languages have a word behind too, which is left out as often as not
            return re.compile(rf"(?<!\w)(?:{_pattern(before)})\s+{span}(?!\w)")
        # Hungarian has the past in the ending of the unit
        return re.compile(rf"(?<!\w){span}\s+(?:{_pattern(after)})(?!\w)" if any(after) else rf"(?<!\w){span}(?!\w)")

    return RelativeWords(
        today=whole(lexicon["today"].get(language, [])),
        yesterday=whole(lexicon["yesterday"].get(language, [])),
        hours_ago=ago("hours"),
        minutes_ago=ago("minutes"),
    )
