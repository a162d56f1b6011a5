"""The day on which something was said, where a sentence tells it: today, yesterday, on Tuesday, on 22 February.

Belongs here: such words in one folded sentence, counted from the day of publication. Words come from ``lexicons/dates.toml`` and CLDR
through :mod:`transforms.date_words`. Does not belong here: dates of articles (:mod:`transforms.dates`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from functools import lru_cache

from babel import Locale, UnknownLocaleError

from transforms.date_words import fold_word, month_names, relative_words
from transforms.normalise import fold_text

SHORT_STEM = 4  # letters of a weekday's name that stand before its ending
LATEST = timedelta(days=2)  # a date without a year that lies later than this after publication is last year's
_WORD = r"[^\W\d_]+"
_DAY_MONTH = re.compile(rf"(?<!\w)(\d{{1,2}})(?:st|nd|rd|th|er|º|ª|\.)? (?:of |de |d')?({_WORD})(?:,? (?:de |del )?((?:19|20)\d\d))?")
_MONTH_DAY = re.compile(rf"(?<!\w)({_WORD})\.? (\d{{1,2}})(?:st|nd|rd|th|-?an|-?en|-?jen|-?i)?(?:,? ((?:19|20)\d\d))?(?!\w)")


def said_on(sentence: str, language: str, published_on: date | None) -> date | None:
    """The day that a folded sentence names, seen from the day of publication; None where it names none or several."""
    if published_on is None:
        return None
    days = _dates(sentence, language, published_on)
    words = relative_words(language)
    if words.today.search(sentence):
        days.add(published_on)
    if words.yesterday.search(sentence):
        days.add(published_on - timedelta(days=1))
    if not days:
        days = _weekdays_in(sentence, language, published_on)
    return days.pop() if len(days) == 1 else None


def _dates(sentence: str, language: str, published_on: date) -> set[date]:
    months = month_names(language)
    found: set[date] = set()
    for match in _DAY_MONTH.finditer(sentence):
        _add(found, match[1], months.get(fold_word(match[2])), match[3], published_on)
    for match in _MONTH_DAY.finditer(sentence):
        _add(found, match[2], months.get(fold_word(match[1])), match[3], published_on)
    return found


def _add(found: set[date], day: str, month: int | None, year: str | None, published_on: date) -> None:
    if month is None:
        return
    try:
        told = date(int(year) if year else published_on.year, month, int(day))
        if not year and told > published_on + LATEST:
            told = told.replace(year=told.year - 1)
    except ValueError:
        return
    if told <= published_on + LATEST:
        found.add(told)


def _weekdays_in(sentence: str, language: str, published_on: date) -> set[date]:
    """The last such weekday, the day of publication among them."""
    names = weekday_names(language)
    found: set[date] = set()
    for word in re.findall(_WORD, sentence):
        number = names.get(word)
        if number is None and len(word) > SHORT_STEM:
            number = next((n for name, n in names.items() if len(name) > SHORT_STEM and word.startswith(name[:-1])), None)
        if number is not None:
            found.add(published_on - timedelta(days=(published_on.weekday() - number) % 7))
    return found


@lru_cache(maxsize=64)
def weekday_names(language: str) -> Mapping[str, int]:
    """The weekdays of a language, folded, Monday being 0."""
    try:
        locale = Locale.parse("nb" if language == "no" else language)
    except (UnknownLocaleError, ValueError):
        return {}
    return {fold_text(str(name)): int(number) for number, name in locale.days["format"]["wide"].items()}
