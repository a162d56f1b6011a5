"""Date strings of every usual kind, read as they were written.

Belongs here: ISO 8601 and its relatives, RFC 5322, epoch numbers, month names of many languages, days in URLs. Does not belong
here: whether a date is to be believed (``dates``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from email.utils import parsedate_to_datetime
from functools import lru_cache

from babel import Locale

EARLIEST = date(1990, 1, 1)  # the web has no older articles; 1970-01-01 is a zero
MAX_VALUE_CHARS = 100  # a longer value is prose
MONTH_LOCALES = (
    "en", "de", "fr", "es", "it", "pt", "nl", "da", "sv", "nb", "fi", "is", "et", "lv", "lt", "pl", "cs", "sk", "sl", "hr", "sr_Latn", "sr",
    "bs", "mk", "bg", "ro", "hu", "el", "tr", "ru", "uk", "be", "sq", "ca", "id", "ms", "ga", "mt", "lb", "ka", "hy",
)  # fmt: skip

_ISO = re.compile(
    r"(?<!\d)(?P<y>\d{4})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})"
    r"(?:(?:[T ,]|\s+at\s+)\s*(?P<H>\d{1,2})[:.]?(?P<M>\d{2})(?:[:.]?(?P<S>\d{2}))?(?:[.,]\d+)?"
    r"\s*(?P<z>Z|UTC|GMT|[+-]\d{1,2}:?\d{2}|[+-]\d{2}|[A-Z]{2,5})?)?",
    re.IGNORECASE,
)
_COMPACT = re.compile(
    r"^(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})(?:T?(?P<H>\d{2})(?P<M>\d{2})(?P<S>\d{2})?(?P<z>Z|[+-]\d{2}:?\d{2})?)?$", re.IGNORECASE
)
_EAST_ASIAN = re.compile(
    r"(?P<y>\d{4})\s*[年년]\s*(?P<m>\d{1,2})\s*[月월]\s*(?P<d>\d{1,2})\s*[日일](?:\s*(?P<H>\d{1,2})[:時时](?P<M>\d{2}))?"
)
_DAY_FIRST = re.compile(
    r"(?<!\d)(?P<d>\d{1,2})[./-](?P<m>\d{1,2})[./-](?P<y>\d{4})(?:\D{1,12}?(?P<H>\d{1,2})[:.](?P<M>\d{2})(?::(?P<S>\d{2}))?)?"
)
_RFC_5322 = re.compile(r"^(?:[A-Za-z]{3},\s*)?\d{1,2}\s+[A-Za-z]{3}\s+\d{4}\s+\d{1,2}:\d{2}")
_UNIX_DATE = re.compile(r"^[A-Za-z]{3} ([A-Za-z]{3}) (\d{1,2}) (\d{2}:\d{2}:\d{2}) ([A-Z]{2,5}) (\d{4})$")  # as date(1) prints it
_EPOCH = re.compile(r"^(\d{10})(\d{3})?$")
_WORDY = re.compile(
    r"(?P<a>\d{1,4})?\W{0,3}(?:de\s+|del\s+|d['’])?(?P<month>[^\W\d_]{3,})\W{0,3}(?:de\s+|del\s+|του\s+)?"
    r"(?P<b>\d{1,4})(?:st|nd|rd|th)?(?:\W{1,3}(?P<c>\d{4}))?"
)
_CLOCK = re.compile(
    r"(?<!\d)(?P<H>\d{1,2})[:.](?P<M>\d{2})(?::(?P<S>\d{2}))?\s*(?P<ap>[ap]\.?m\.?)?\s*(?P<z>Z|UTC|GMT|[+-]\d{1,2}:?\d{2}|[A-Z]{3,5})?",
    re.IGNORECASE,
)
_URL_DAY = re.compile(
    r"(?<!\d)(?P<y>(?:19|20)\d{2})[/_.-]?(?P<m>0[1-9]|1[0-2]|[1-9](?=[/_.-]))[/_.-]?(?P<d>0[1-9]|[12]\d|3[01]|[1-9](?=[/_.-]))(?!\d)"
)
_URL_WORD = re.compile(r"/(?P<y>(?:19|20)\d{2})/(?P<m>[a-z]{3,9})/(?P<d>\d{1,2})/")
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


@lru_cache(maxsize=1)
def _months() -> dict[str, int]:
    """Month names and abbreviations in the press's languages, in lower case, from CLDR, without words that mean different months in two."""
    table: dict[str, int] = {}
    clashing: set[str] = set()
    for code in MONTH_LOCALES:
        for context in Locale.parse(code).months.values():
            for width in ("wide", "abbreviated"):
                for number, name in context[width].items():
                    word = str(name).lower().strip(". ")
                    if len(word) < 3 or not word.isalpha():
                        continue
                    if table.setdefault(word, int(number)) != int(number):
                        clashing.add(word)
    for word in clashing:
        del table[word]
    return table


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


def _stamp(groups: dict[str, str | None]) -> Stamp | None:
    try:
        day = date(int(groups["y"] or 0), int(groups["m"] or 0), int(groups["d"] or 0))
        hour = groups.get("H")
        clock = time(int(hour), int(groups.get("M") or 0), min(int(groups.get("S") or 0), 59)) if hour else None
    except (ValueError, OverflowError):
        return None
    return Stamp(day=day, clock=clock, offset=_offset(groups.get("z")) if clock else None)


def from_aware(moment: datetime) -> Stamp:
    """An aware datetime as a stamp."""
    return Stamp(day=moment.date(), clock=moment.time().replace(tzinfo=None, microsecond=0), offset=moment.utcoffset())


def _wordy(value: str) -> Stamp | None:
    """``3 mei 2024, 15.47 uur``, ``May 3, 2024 3:47 pm``: month names of many languages, the year written with four digits."""
    for match in _WORDY.finditer(value):
        month = _months().get(match["month"].lower())
        if month is None:
            continue
        a, b, c = match["a"], match["b"], match["c"]
        if c is not None:
            day, year = b, c
        elif a is not None and len(b) == 4:
            day, year = a, b
        elif a is not None and len(a) == 4:
            day, year = b, a
        else:
            continue
        rest = value[match.end() :]
        clock = _CLOCK.search(rest[:40])
        groups: dict[str, str | None] = {"y": year, "m": str(month), "d": day}
        if clock is not None:
            hour = int(clock["H"])
            if clock["ap"]:
                hour = hour % 12 + (12 if clock["ap"].lower().startswith("p") else 0)
            groups |= {"H": str(hour), "M": clock["M"], "S": clock["S"], "z": clock["z"]}
        found = _stamp(groups)
        if found is not None:
            return found
    return None


def read_date(value: str) -> Stamp | None:
    """A date string of any usual kind: ISO 8601 and its relatives, RFC 5322, epoch seconds or milliseconds, day.month.year, month names in
    the languages of the press. None where it is none of these. Numbers with slashes are read day first unless the month would be over 12.
    """
    text = value.strip()
    if not text or len(text) > MAX_VALUE_CHARS or not any(c.isdigit() for c in text):
        return None
    epoch = _EPOCH.match(text)
    if epoch:
        return from_aware(datetime.fromtimestamp(int(epoch[1]), UTC))
    compact = _COMPACT.match(text)
    if compact:
        return _stamp(compact.groupdict())
    iso = _ISO.search(text)
    if iso:
        return _stamp(iso.groupdict())
    asian = _EAST_ASIAN.search(text)
    if asian:
        return _stamp(asian.groupdict())
    unix = _UNIX_DATE.match(text)
    if unix:
        return _wordy(f"{unix[2]} {unix[1]} {unix[5]} {unix[3]} {unix[4]}")
    if _RFC_5322.match(text):
        try:
            moment = parsedate_to_datetime(text)
        except (ValueError, TypeError, IndexError, OverflowError):
            moment = None
        if moment is not None:
            named = moment.tzinfo is not None
            return from_aware(moment) if named else Stamp(day=moment.date(), clock=moment.time())
    day_first = _DAY_FIRST.search(text)
    if day_first:
        groups = day_first.groupdict()
        if int(groups["m"]) > 12:
            groups["d"], groups["m"] = groups["m"], groups["d"]
        return _stamp(groups)
    return _wordy(text)


def date_in_url(url: str) -> Stamp | None:
    """The day that a URL's path names (``/2024/07/02/``, ``/2024-07-02-``, ``20240702``, ``/2024/jul/02/``); None where there is none."""
    path = url.partition("://")[2].partition("/")[2].partition("?")[0]
    word = _URL_WORD.search(f"/{path}".lower())
    if word:
        month = _months().get(word["m"])
        return _stamp({"y": word["y"], "m": str(month), "d": word["d"]}) if month else None
    for match in _URL_DAY.finditer(path):
        found = _stamp(match.groupdict())
        if found is not None and found.day >= EARLIEST:
            return found
    return None
