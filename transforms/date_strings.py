"""Date strings of every usual kind, read as they were written.

Belongs here: ISO 8601 and its relatives, RFC 5322, epoch numbers, numeric dates, month names of many languages, days in URLs. Does not
belong here: the words themselves (``date_words``), whether a date is to be believed (``dates``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from transforms.date_words import fold_word, month_names

if TYPE_CHECKING:
    from collections.abc import Iterator

EARLIEST = date(1990, 1, 1)  # the web has no older articles; 1970-01-01 is a zero
MAX_VALUE_CHARS = 100  # a longer value is prose
CENTURY_TURNS = 50  # of years with two digits: 49 is 2049 (and refused as future), 95 is 1995
CLOCK_REACH = 28  # characters between a day and its time
CLOCK_LEAD = 14  # the same where the time goes first

_ISO = re.compile(
    r"(?<![\d.,/-])(?P<y>\d{4})(?:(?P<sep>[-/.])\s?|\.\s)(?P<m>\d{1,2})(?:[-/.]\s?)(?P<d>\d{1,2})(?![\d]|[-/]\d)"
    r"(?:\.?(?:[T ,]|\s+at\s+)\s*(?P<H>\d{1,2})[:.]?(?P<M>\d{2})(?:[:.]?(?P<S>\d{2}))?(?:[.,:]\d+)?"
    r"\s*(?P<z>Z|UTC|GMT|[+-]\d{1,2}:?\d{2}|[+-]\d{2}|[A-Z]{2,5})?)?",
    re.IGNORECASE,
)
_COMPACT = re.compile(
    r"^(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})(?:T?(?P<H>\d{2})(?P<M>\d{2})(?P<S>\d{2})?(?P<z>Z|[+-]\d{2}:?\d{2})?)?$", re.IGNORECASE
)
_EAST_ASIAN = re.compile(
    r"(?P<y>\d{4})\s*[年년]\s*(?P<m>\d{1,2})\s*[月월]\s*(?P<d>\d{1,2})\s*[日일](?:\s*(?P<H>\d{1,2})[:時时](?P<M>\d{2}))?"
)
_DAY_FIRST = re.compile(r"(?<![\d.,:/-])(?P<d>\d{1,2})(?P<sep>\s?[./-]\s?)(?P<m>\d{1,2})(?:\s?[./-]\s?)(?P<y>\d{4}|\d{2})(?!\d|[.,:/-]\d)")
_BARRED = re.compile(r"(?<![\d|])(?P<d>\d{1,2})\s?\|\s?(?P<m>\d{1,2})\s?\|\s?(?P<y>\d{4})(?!\d)")  # 26 | 01 | 2022, as designers write it
_RFC_5322 = re.compile(r"^(?:[A-Za-z]{3},\s*)?\d{1,2}\s+[A-Za-z]{3}\s+\d{4}\s+\d{1,2}:\d{2}")
_UNIX_DATE = re.compile(r"^[A-Za-z]{3} ([A-Za-z]{3}) (\d{1,2}) (\d{2}:\d{2}:\d{2}) ([A-Z]{2,5}) (\d{4})$")  # as date(1) prints it
_EPOCH = re.compile(r"^(\d{10})(\d{3})?$")
_WORD = re.compile(
    r"[^\W\d_](?:[^\W\d_]|[\u0900-\u0965\u0980-\u09e5\u0a00-\u0a65\u0a80-\u0ae5\u0b80-\u0be5]){2,}"
)  # signs of Indic vowels too
_OTHER_NAME = re.compile(r"\s?/\s?([^\W\d_]{3,})")
# What may stand between the number of a day and the month: ordinals, "of", "de", "d'", a point, a hyphen.
_DAY_BEFORE = re.compile(r"(?<![\d.,:/-])(\d{1,2})(?:st|nd|rd|th|er|e|[ºª°])?[.\-/]?\s*(?:of\s+|de\s+|d['’]\s*)?$", re.IGNORECASE)
_YEAR_BEFORE = re.compile(r"(?<!\d)(\d{4})\.?,?\s*(?:m\.\s*|-|de\s+|год[аy]?\s+)?$")  # "2024 m. birželio 20 d.", "2024. június 20."
_YEAR_THEN_DAY = re.compile(r"(?<!\d)(\d{4})\.?\s*gada\s+(\d{1,2})\.\s*$", re.IGNORECASE)  # "2024. gada 20. jūnijs"
_DAY_AFTER = re.compile(r"^\.?[\s\-/]*(\d{1,2})(?:st|nd|rd|th|[ºª°])?(?!\d|[:.]\d\d)", re.IGNORECASE)
_YEAR_AFTER = re.compile(r"^(?:\.?,?[\s\-/]*(?:of\s+|de\s+|del\s+|του\s+)?(\d{4}|['’]\d{2})|-(\d{2}))(?!\d)", re.IGNORECASE)
_YEAR_AFTER_DAY = re.compile(r"^(?:\s*,\s*|\s+|\s*\.\s*|\s*-\s*|\s+de\s+)(\d{4})(?!\d)")
_CLOCK = re.compile(
    r"(?<![\d.,:])(?P<H>\d{1,2})[:.h](?P<M>\d{2})(?::(?P<S>\d{2}))?(?!\d|[./]\d)\s*(?P<ap>[ap]\.?m\.?(?!\w))?\s*"
    r"(?P<z>Z\b|UTC|GMT|[+-]\d{1,2}:?\d{2}|[A-Z]{3,5}\b)?",
    re.IGNORECASE,
)
_HOUR = re.compile(r"(?<![\d.,:])(?P<H>\d{1,2})\s*(?P<ap>[ap]\.?m\.?(?!\w))\s*(?P<z>UTC|GMT|[A-Z]{3,5}\b)?", re.IGNORECASE)
_URL_DAY = re.compile(
    r"(?<!\d)(?P<y>(?:19|20)\d{2})[/_.-]?(?P<m>0[1-9]|1[0-2]|[1-9](?=[/_.-]))[/_.-]?(?P<d>0[1-9]|[12]\d|3[01]|[1-9](?=[/_.-]))(?!\d)"
)
_URL_WORD = re.compile(r"/(?P<y>(?:19|20)\d{2})/(?P<m>[a-z]{3,9})/(?P<d>\d{1,2})/")
_URL_MONTH = re.compile(r"/(?P<y>(?:19|20)\d{2})/(?P<m>0[1-9]|1[0-2])(?:/|$)")
_ZONES = {
    "z": 0.0, "utc": 0.0, "gmt": 0.0, "wet": 0.0, "west": 1.0, "bst": 1.0, "cet": 1.0, "mez": 1.0, "cest": 2.0, "mesz": 2.0, "eet": 2.0,
    "eest": 3.0,
    "msk": 3.0, "trt": 3.0, "est": -5.0, "edt": -4.0, "cst": -6.0, "cdt": -5.0, "mst": -7.0, "mdt": -6.0, "pst": -8.0, "pdt": -7.0,
    "jst": 9.0,
    "kst": 9.0, "sast": 2.0, "aest": 10.0, "aedt": 11.0,
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """A date as it was written: local calendar values, the offset if one was given, the time if one was given."""

    day: date
    clock: time | None = None  # local to ``offset``
    offset: timedelta | None = None  # None where the value names no zone
    swapped: date | None = None  # the day, if of 2/7/2024 the month went first


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A date in a text, with its place. ``end`` lies behind the time of day, if there is one."""

    stamp: Stamp
    start: int
    end: int


def _offset(zone: str | None) -> timedelta | None:
    if not zone:
        return None
    if zone[0] in "+-":
        digits = zone[1:].replace(":", "")
        hours, minutes = (int(digits[:-2]), int(digits[-2:])) if len(digits) > 2 else (int(digits), 0)
        if hours > 14 or minutes > 59:
            return None
        span = timedelta(hours=hours, minutes=minutes)
        return -span if zone[0] == "-" else span
    hours_east = _ZONES.get(zone.lower())
    return None if hours_east is None else timedelta(hours=hours_east)


def _date(year: str | int, month: str | int, day: str | int) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except (ValueError, OverflowError):
        return None


def _clock(groups: dict[str, str | None]) -> tuple[time, timedelta | None] | None:
    hour = groups.get("H")
    if not hour:
        return None
    try:
        number = int(hour)
        half = groups.get("ap")
        if half:
            number = number % 12 + (12 if half.lower().startswith("p") else 0)
        return time(number, int(groups.get("M") or 0), min(int(groups.get("S") or 0), 59)), _offset(groups.get("z"))
    except ValueError:
        return None


def _stamp(groups: dict[str, str | None]) -> Stamp | None:
    day = _date(groups["y"] or 0, groups["m"] or 0, groups["d"] or 0)
    if day is None:
        return None
    told = _clock(groups)
    if groups.get("H") and told is None:
        return None
    return Stamp(day=day, clock=told[0] if told else None, offset=told[1] if told else None)


def from_aware(moment: datetime) -> Stamp:
    """An aware datetime as a stamp."""
    return Stamp(day=moment.date(), clock=moment.time().replace(tzinfo=None, microsecond=0), offset=moment.utcoffset())


def _year(digits: str) -> int:
    number = int(digits.lstrip("'’"))
    return number if number > 99 else number + (2000 if number < CENTURY_TURNS else 1900)


def _with_clock(day: date, text: str, start: int, end: int, swapped: date | None = None) -> Found:
    """A day with the time that stands near it, behind it if possible."""
    stamp = Stamp(day=day, swapped=swapped)
    for reach, behind in ((text[end : end + CLOCK_REACH], True), (text[max(0, start - CLOCK_LEAD) : start], False)):
        match = _CLOCK.search(reach) or _HOUR.search(reach)
        if match is None or any(c.isdigit() for c in (reach[: match.start()] if behind else reach[match.end() :])):
            continue
        told = _clock(match.groupdict())
        if told is not None:
            stamp = replace(stamp, clock=told[0], offset=told[1])
            return Found(
                stamp=stamp, start=start if behind else start - len(reach) + match.start(), end=end + match.end() if behind else end
            )
    return Found(stamp=stamp, start=start, end=end)


def _iso_dates(text: str) -> Iterator[Found]:
    for pattern in (_ISO, _EAST_ASIAN):
        for match in pattern.finditer(text):
            stamp = _stamp(match.groupdict())
            if stamp is None:
                continue
            if stamp.clock is None:
                yield _with_clock(stamp.day, text, match.start(), match.end("d"))
            else:
                yield Found(stamp=stamp, start=match.start(), end=match.end())


def _numeric_dates(text: str) -> Iterator[Found]:
    for match in _DAY_FIRST.finditer(text):
        if len(match["y"]) == 2 and match["sep"].strip() == "-":
            continue  # 10-12-24 may be a score, a number or a phone's
        year = _year(match["y"])
        day, other = _date(year, match["m"], match["d"]), _date(year, match["d"], match["m"])
        first = day or other
        if first is None:
            continue
        # no country that writes points puts the month first
        swapped = other if day is not None and other != day and "." not in match["sep"] else None
        yield _with_clock(first, text, match.start(), match.end(), swapped)


def _barred_dates(text: str) -> Iterator[Found]:
    for match in _BARRED.finditer(text):
        day = _date(match["y"], match["m"], match["d"])
        if day is not None:
            yield _with_clock(day, text, match.start(), match.end())


def _worded_dates(text: str, language: str | None) -> Iterator[Found]:
    names = month_names(language)
    for word in _WORD.finditer(text):
        month = names.get(fold_word(word[0]))
        if month is None:
            continue
        ends = _end_of_month(text, word.end(), month, names)
        before, after = text[max(0, word.start() - 24) : word.start()], text[ends : ends + 24]
        shift = word.start() - len(before)
        found = _around_month(month, before, after)
        if found is not None:
            day, start, end = found
            yield _with_clock(day, text, shift + start, ends + end)


def _end_of_month(text: str, end: int, month: int, names: dict[str, int]) -> int:
    """Where a month's name ends, with its other name behind a slash: the Arab press writes both ("نيسان / أبريل")."""
    other = _OTHER_NAME.match(text, end)
    return other.end() if other is not None and names.get(fold_word(other[1])) == month else end


def _around_month(month: int, before: str, after: str) -> tuple[date, int, int] | None:
    """The day that stands around a month's name, with where it begins in ``before`` and ends in ``after``."""
    leading = _DAY_BEFORE.search(before)
    year = _YEAR_AFTER.match(after)
    if leading is not None and year is not None:
        day = _date(_year(year[1] or year[2]), month, leading[1])
        return (day, leading.start(), year.end()) if day else None
    both = _YEAR_THEN_DAY.search(before)
    if both is not None:
        day = _date(both[1], month, both[2])
        return (day, both.start(), 0) if day else None
    trailing = _DAY_AFTER.match(after)
    if trailing is None:
        return None
    year_behind = _YEAR_AFTER_DAY.match(after[trailing.end() :])
    if year_behind is not None:
        day = _date(year_behind[1], month, trailing[1])
        return (day, len(before), trailing.end() + year_behind.end()) if day else None
    year_ahead = _YEAR_BEFORE.search(before)
    if year_ahead is not None:
        day = _date(year_ahead[1], month, trailing[1])
        return (day, year_ahead.start(), trailing.end()) if day else None
    return None


def dates_in(text: str, language: str | None = None) -> list[Found]:
    """Every date written in a short text, in order. ``language`` decides between months of one name (October and November ``listopad``)."""
    found = [*_iso_dates(text), *_numeric_dates(text), *_barred_dates(text), *_worded_dates(text, language)]
    found.sort(key=lambda item: (item.start, -item.end))
    apart: list[Found] = []
    for item in found:
        if not apart or item.start >= apart[-1].end:
            apart.append(item)
    return apart


def read_date(value: str, language: str | None = None) -> Stamp | None:
    """The first date that ``value`` writes; None where it writes none, or is prose. Years before 1990 are returned too."""
    text = value.strip()
    if not text or len(text) > MAX_VALUE_CHARS:
        return None
    epoch = _EPOCH.match(text)
    if epoch:
        try:
            return from_aware(datetime.fromtimestamp(int(epoch[1]), tz=UTC))
        except (ValueError, OverflowError, OSError):
            return None
    compact = _COMPACT.match(text)
    if compact:
        return _stamp(compact.groupdict())
    unix = _UNIX_DATE.match(text)
    if unix:
        month = month_names("en").get(unix[1].lower())
        hour, minute, second = unix[3].split(":")
        return _stamp({"y": unix[5], "m": str(month or 0), "d": unix[2], "H": hour, "M": minute, "S": second, "z": unix[4]})
    if _RFC_5322.match(text):
        try:
            moment = parsedate_to_datetime(text)
        except (ValueError, TypeError, IndexError, OverflowError):
            moment = None
        if moment is not None:
            named = moment.tzinfo is not None
            return from_aware(moment) if named else Stamp(day=moment.date(), clock=moment.time())
    found = dates_in(text, language)
    return found[0].stamp if found else None


def date_in_url(url: str) -> Stamp | None:
    """The day that a URL's path names (``/2024/07/02/``, ``/2024-07-02-``, ``20240702``, ``/2024/jul/02/``); None where there is none."""
    path = url.partition("://")[2].partition("/")[2].partition("?")[0]
    word = _URL_WORD.search(f"/{path}".lower())
    if word:
        month = month_names(None).get(word["m"])
        return _stamp({"y": word["y"], "m": str(month), "d": word["d"]}) if month else None
    for match in _URL_DAY.finditer(path):
        found = _stamp(match.groupdict())
        if found is not None and found.day >= EARLIEST:
            return found
    return None


def month_in_url(url: str) -> tuple[int, int] | None:
    """Year and month of a permalink (``/2018/06/title``), as WordPress and Blogger write them; None where there are none."""
    match = _URL_MONTH.search("/" + url.partition("://")[2].partition("/")[2].partition("?")[0])
    return (int(match["y"]), int(match["m"])) if match else None
