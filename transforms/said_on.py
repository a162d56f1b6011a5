"""The day on which something was said, where the text tells it: today, yesterday, on Tuesday, on 22 February, two days before that.

Belongs here: such words in one folded sentence, counted from the day of publication or from a day named before. Words come from
``lexicons/dates.toml`` and CLDR through :mod:`transforms.date_words`. Does not belong here: dates of articles (:mod:`transforms.dates`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from babel import Locale, UnknownLocaleError

from transforms.date_words import date_lexicon, fold_word, month_names, relative_words
from transforms.normalise import fold_text

SHORT_STEM = 4  # letters of a weekday's name that stand before its ending
ENDING = 3  # letters of such an ending
BESIDE = 5  # code points between a weekday and the date that says which one (on Tuesday, 18 June)
LATEST = timedelta(days=2)  # no day later than this after publication is one on which something was said
LAST_YEAR = timedelta(days=92)  # a day without a year may be last year's where that is so near; else it is one to come
_DIGIT = re.compile(r"\d")
_WORD = r"[^\W\d_]+"
_WORDS = re.compile(_WORD)
BEGINNING = 2  # letters that a weekday keeps in all its forms
_DAY_MONTH = re.compile(rf"(?<!\w)(\d{{1,2}})(?:st|nd|rd|th|er|º|ª|\.)? (?:of |de |d')?({_WORD})(?:,? (?:de |del )?((?:19|20)\d\d))?")
_MONTH_DAY = re.compile(rf"(?<!\w)({_WORD})\.? (\d{{1,2}})(?:st|nd|rd|th|-?an|-?en|-?jen|-?i)?(?:,? ((?:19|20)\d\d))?(?!\w)")
_NAME = re.compile(r"[„“”\"«»‘’'][^„“”\"«»‘’',.;]{3,40}[“”\"«»‘’']")  # what stands in quotation marks may be a title (Welt am Sonntag)
_PARTS = re.compile(r"[,;:()]| - ")


@dataclass(frozen=True, slots=True)
class Told:
    """A day and where a text names it; folded offsets."""

    day: date
    start: int
    end: int


def said_on(sentence: str, language: str, published_on: date | None) -> date | None:
    """The day that a folded sentence names, seen from the day of publication; None where it names none or several."""
    days = {t.day for t in days_in(sentence, language, published_on)}
    return days.pop() if len(days) == 1 else None


def said_on_at(told: Sequence[Told], text: str, at: int, taken: Iterable[int]) -> date | None:
    """The day of what stands ``at`` a place in a sentence: that of its own part, else of the parts that hold nothing else.

    ``taken``: where other statements stand; a day beside one of these is theirs.
    """
    parts = _parts(text)
    mine = next(p for p in parts if p[0] <= at < p[1] or p is parts[-1])
    own = {t.day for t in told if mine[0] <= t.start < mine[1]}
    if own:
        return own.pop() if len(own) == 1 else None
    others = [next((p for p in parts if p[0] <= other < p[1]), mine) for other in taken]
    free = {
        t.day
        for t in told
        if not any(p[0] <= t.start < p[1] for p in others if p != mine) and ";" not in text[min(t.start, at) : max(t.start, at)]
    }
    return free.pop() if len(free) == 1 else None


def part_of(text: str, start: int, end: int, at: int) -> tuple[int, int]:
    """The part between commas and the like of a stretch of text in which a place lies."""
    parts = _parts(text[start:end])
    return next((start + a, min(start + b, end)) for a, b in parts if a <= at - start < b or (a, b) == parts[-1])


def _parts(text: str) -> list[tuple[int, int]]:
    marks = [(m.start(), m.end()) for m in _PARTS.finditer(text)]
    starts = [0, *(end for _, end in marks)]
    return [(a, b) for a, b in zip(starts, [*(start for start, _ in marks), len(text) + 1], strict=True) if b > a] or [(0, len(text) + 1)]


def days_in(sentence: str, language: str, published_on: date | None, before: date | None = None) -> list[Told]:
    """All days that a folded sentence names. ``before``: the day that was named last, for "the same day" and "two days earlier"."""
    if published_on is None:
        return []
    words = relative_words(language)
    found = [*_dates(sentence, language, published_on)] if _DIGIT.search(sentence) else []
    found += [Told(published_on, m.start(), m.end()) for m in words.today.finditer(sentence)]
    found += [Told(published_on - timedelta(days=1), m.start(), m.end()) for m in words.yesterday.finditer(sentence)]
    found += _counted(sentence, language, published_on, before)
    weekdays = _weekdays_in(sentence, language, published_on)
    found += [w for w in weekdays if not any(w.start - t.end < BESIDE and t.start - w.end < BESIDE for t in found)]
    return sorted(found, key=lambda t: t.start)


def _dates(sentence: str, language: str, published_on: date) -> Iterable[Told]:
    months = month_names(language)
    for match in _DAY_MONTH.finditer(sentence):
        day = _day(match[1], months.get(fold_word(match[2])), match[3], published_on)
        if day:
            yield Told(day, match.start(), match.end())
    for match in _MONTH_DAY.finditer(sentence):
        day = _day(match[2], months.get(fold_word(match[1])), match[3], published_on)
        if day:
            yield Told(day, match.start(), match.end())


def _day(day: str, month: int | None, year: str | None, published_on: date) -> date | None:
    if month is None:
        return None
    try:
        told = date(int(year) if year else published_on.year, month, int(day))
        if not year and told > published_on + LATEST:
            told = told.replace(year=told.year - 1)
            if published_on - told > LAST_YEAR:
                return None
    except ValueError:
        return None
    return told if told <= published_on + LATEST else None


def _counted(sentence: str, language: str, published_on: date, before: date | None) -> Iterable[Told]:
    """Days told by their distance from the one named before, or from that of publication."""
    since = before or published_on
    for pattern, base, fixed in _counts(language):
        for match in pattern.finditer(sentence):
            number = match.groupdict().get("n")
            days = fixed if number is None else _number(number, language)
            yield Told((since if base == "before" else published_on) - timedelta(days=days), match.start(), match.end())


def counts_from_before(sentence: str, language: str) -> bool:
    """Whether a folded sentence tells a day by its distance from the one named before."""
    return any(base == "before" and pattern.search(sentence) for pattern, base, _ in _counts(language))


@lru_cache(maxsize=64)
def _counts(language: str) -> list[tuple[re.Pattern[str], str, int]]:
    lexicon = date_lexicon()
    numbers = "|".join([r"\d{1,2}", *(form for word in lexicon["few"].get(language, []) for form in fold_text(word).split("|"))])
    tables = (("same_day", "before", 0), ("days_earlier", "before", 1), ("two_days_earlier", "before", 2), ("days_ago", "published", 1))
    found = []
    for table, base, fixed in tables:
        for phrase in lexicon[table].get(language, []):
            pattern = re.escape(fold_text(phrase)).replace(r"\{n\}", f"(?P<n>{numbers})").replace(r"\*", r"\w*").replace(r"\ ", r" ")
            found.append((re.compile(rf"(?<!\w)(?:{pattern})(?!\w)"), base, fixed))
    return found


def _number(word: str, language: str) -> int:
    if word.isdigit():
        return int(word)
    return next(n for n, forms in enumerate(date_lexicon()["few"][language], start=1) if word in fold_text(forms).split("|"))


def _weekdays_in(sentence: str, language: str, published_on: date) -> Iterable[Told]:
    """The last such weekday, the day of publication among them."""
    beginnings = _beginnings(language)
    found = [m for m in _WORDS.finditer(sentence) if m[0][:BEGINNING] in beginnings]
    titles: list[tuple[int, int]] | None = None
    for match in found:
        number = _weekday(match[0], language)
        if number is None:
            continue
        if titles is None:
            titles = [m.span() for m in _NAME.finditer(sentence)]
        if not any(a < match.start() < b for a, b in titles):
            yield Told(published_on - timedelta(days=(published_on.weekday() - number) % 7), match.start(), match.end())


@lru_cache(maxsize=8_192)
def _weekday(word: str, language: str) -> int | None:
    """The weekday that a folded word names, in whatever form."""
    names = weekday_names(language)
    number = names.get(word)
    if number is None and len(word) > SHORT_STEM and word not in month_names(language):
        number = next((n for name, n in names.items() if _is_form(word, name)), None)
    return number


@lru_cache(maxsize=64)
def _beginnings(language: str) -> frozenset[str]:
    return frozenset(name[:BEGINNING] for name in weekday_names(language))


def _is_form(word: str, name: str) -> bool:
    """Whether a word is a weekday's name with another ending (szerdán, teisipäeval, kedden)."""
    if len(name) <= SHORT_STEM:
        return word in (name + "en", name + "i")
    stem = name[:-2] + "k" if name.endswith("ek") else name[:-1]  # poniedziałek, w poniedziałku
    return word.startswith(stem) and len(word) <= len(stem) + ENDING


@lru_cache(maxsize=64)
def weekday_names(language: str) -> Mapping[str, int]:
    """The weekdays of a language, folded, Monday being 0."""
    try:
        locale = Locale.parse("nb" if language == "no" else language)
    except (UnknownLocaleError, ValueError):
        return {}
    return {fold_text(str(name)): int(number) for number, name in locale.days["format"]["wide"].items()}
