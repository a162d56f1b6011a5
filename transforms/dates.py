"""When an article was first published: evidence from several places, weighed.

Belongs here: reading date strings, which evidence goes before which, precision, time zones. Does not belong here: finding the
statements in the markup (``structured``), what a day means for counts (``warehouse``).

Evidence in the order of trust: JSON-LD ``datePublished`` of the page's own article, publication meta elements, microdata and
``<time>`` elements marked as publication, the feed, other ``<time>`` elements, the URL, and last what htmldate finds in the page.
The first trustworthy one names the day; where it knows only the day, another that agrees on the day lends its time.
The day of the fetch is never a default.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import Any

from babel import Locale
from htmldate import find_date
from lxml.html import HtmlElement

from transforms.records import ArticleLink, DatePrecision
from transforms.structured import Structured, texts

EARLIEST = date(1990, 1, 1)  # the web has no older articles; 1970-01-01 is a zero
FUTURE_SLACK = timedelta(days=1)  # clocks and zones differ; later than this after the fetch is no publication date
MAX_VALUE_CHARS = 100  # a longer value is prose
MONTH_LOCALES = (
    "en", "de", "fr", "es", "it", "pt", "nl", "da", "sv", "nb", "fi", "is", "et", "lv", "lt", "pl", "cs", "sk", "sl", "hr", "sr_Latn", "sr",
    "bs", "mk", "bg", "ro", "hu", "el", "tr", "ru", "uk", "be", "sq", "ca", "id", "ms", "ga", "mt", "lb", "ka", "hy",
)  # fmt: skip

# Meta names that mean first publication, the surest first. Compared in lower case, with ":" "_" "-" and blanks taken out.
PUBLISHED_META = (
    "articlepublishedtime", "ogarticlepublishedtime", "articlepublished", "ogpublishedtime", "datepublished", "publishedtime", "pubdate",
    "publishdate", "publisheddate", "publicationdate", "publishtime", "publishedat", "firstpublished", "parselypubdate", "sailthrudate",
    "cxenseparserecspublishtime", "cxenseparsepublishtime", "dcdateissued", "dctermsissued", "dctermscreated", "dcdatecreated", "dcissued",
    "prismpublicationdate", "citationpublicationdate", "citationdate", "bt:pubdate", "articledatepublished", "articlepubdate", "displaydate",
    "originalpublicationdate", "rnewsdatepublished", "articleoriginaldate", "articlecreated", "datecreated", "dcdate", "dctermsdate", "date",
    "releasedate", "ogreleasedate", "timestamp",
)  # fmt: skip
MODIFIED_META = ("articlemodifiedtime", "ogarticlemodifiedtime", "ogupdatedtime", "articlemodified", "datemodified", "lastmodified", "dctermsmodified")
_RANK = {name: rank for rank, name in enumerate(PUBLISHED_META)}
_MODIFIED = frozenset(MODIFIED_META)
_FOLD_NAME = re.compile(r"[^a-z]")

_ISO = re.compile(
    r"(?<!\d)(?P<y>\d{4})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})"
    r"(?:(?:[T ,]|\s+at\s+)\s*(?P<H>\d{1,2})[:.]?(?P<M>\d{2})(?:[:.]?(?P<S>\d{2}))?(?:[.,]\d+)?\s*(?P<z>Z|UTC|GMT|[+-]\d{1,2}:?\d{2}|[+-]\d{2}|[A-Z]{2,5})?)?",
    re.IGNORECASE,
)
_COMPACT = re.compile(r"^(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})(?:T?(?P<H>\d{2})(?P<M>\d{2})(?P<S>\d{2})?(?P<z>Z|[+-]\d{2}:?\d{2})?)?$", re.IGNORECASE)
_EAST_ASIAN = re.compile(r"(?P<y>\d{4})\s*[年년]\s*(?P<m>\d{1,2})\s*[月월]\s*(?P<d>\d{1,2})\s*[日일](?:\s*(?P<H>\d{1,2})[:時时](?P<M>\d{2}))?")
_DAY_FIRST = re.compile(r"(?<!\d)(?P<d>\d{1,2})[./-](?P<m>\d{1,2})[./-](?P<y>\d{4})(?:\D{1,12}?(?P<H>\d{1,2})[:.](?P<M>\d{2})(?::(?P<S>\d{2}))?)?")
_RFC_5322 = re.compile(r"^(?:[A-Za-z]{3},\s*)?\d{1,2}\s+[A-Za-z]{3}\s+\d{4}\s+\d{1,2}:\d{2}")
_UNIX_DATE = re.compile(r"^[A-Za-z]{3} ([A-Za-z]{3}) (\d{1,2}) (\d{2}:\d{2}:\d{2}) ([A-Z]{2,5}) (\d{4})$")  # as date(1) prints it
_EPOCH = re.compile(r"^(\d{10})(\d{3})?$")
_WORDY = re.compile(r"(?P<a>\d{1,4})?\W{0,3}(?P<month>[^\W\d_]{3,})\W{0,3}(?:de\s+|del\s+|του\s+)?(?P<b>\d{1,4})(?:st|nd|rd|th)?(?:\W{1,3}(?P<c>\d{4}))?")
_CLOCK = re.compile(r"(?<!\d)(?P<H>\d{1,2})[:.](?P<M>\d{2})(?::(?P<S>\d{2}))?\s*(?P<ap>[ap]\.?m\.?)?\s*(?P<z>Z|UTC|GMT|[+-]\d{1,2}:?\d{2}|[A-Z]{3,5})?", re.IGNORECASE)
_URL_DAY = re.compile(r"(?<!\d)(?P<y>(?:19|20)\d{2})[/_.-]?(?P<m>0[1-9]|1[0-2]|[1-9](?=[/_.-]))[/_.-]?(?P<d>0[1-9]|[12]\d|3[01]|[1-9](?=[/_.-]))(?!\d)")
_URL_WORD = re.compile(r"/(?P<y>(?:19|20)\d{2})/(?P<m>[a-z]{3,9})/(?P<d>\d{1,2})/")
_ZONES = {
    "z": 0.0, "utc": 0.0, "gmt": 0.0, "wet": 0.0, "west": 1.0, "bst": 1.0, "cet": 1.0, "mez": 1.0, "cest": 2.0, "mesz": 2.0, "eet": 2.0, "eest": 3.0,
    "msk": 3.0, "trt": 3.0, "est": -5.0, "edt": -4.0, "cst": -6.0, "cdt": -5.0, "mst": -7.0, "mdt": -6.0, "pst": -8.0, "pdt": -7.0, "jst": 9.0,
    "kst": 9.0, "sast": 2.0, "aest": 10.0, "aedt": 11.0,
}  # fmt: skip
_PUBLISH_MARKS = re.compile(r"publi|pubdate|entry-date|post-date|article-?date|article__?date|posted|created|erstell|veroff|veröff|dateline|byline|timestamp")
_OTHER_MARKS = re.compile(r"modif|updat|aktualis|related|teaser|sidebar|comment|recommend|card|most-?read|latest|ticker|upcoming|event")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """A date as it was written: local calendar values, the offset if one was given, the time if one was given."""

    day: date
    clock: time | None = None  # local to ``offset``
    offset: timedelta | None = None  # None where the value names no zone


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One statement on when the article was published."""

    source: str  # jsonld, meta, time, feed, url, text
    stamp: Stamp


@dataclass(frozen=True, slots=True, kw_only=True)
class Dating:
    """The verdict. ``published_at`` and ``modified_at`` are UTC; ``published_on`` is a day of the outlet's zone (see :func:`decide`)."""

    published_at: datetime | None = None
    published_on: date | None = None
    modified_at: datetime | None = None
    source: str | None = None
    precision: DatePrecision = "none"


@lru_cache(maxsize=1)
def _months() -> dict[str, int]:
    """Month names and abbreviations of the press's languages, case-folded, from CLDR; a word that means two months in two languages is left out."""
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


def _from_aware(moment: datetime) -> Stamp:
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
        return _from_aware(datetime.fromtimestamp(int(epoch[1]), UTC))
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
            return _from_aware(moment) if named else Stamp(day=moment.date(), clock=moment.time())
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


def _meta_key(name: str) -> str:
    return _FOLD_NAME.sub("", name)


def _own_article(page: Structured) -> Iterator[dict[str, Any]]:
    """The article nodes, those of the page's own first: one that has a headline goes before one that has none."""
    yield from sorted(page.articles, key=lambda node: (not node.get("headline"), not node.get("datePublished")))


def _statements(page: Structured, link: ArticleLink | None, url: str) -> Iterator[tuple[str, str]]:
    for node in _own_article(page):
        for key in ("datePublished", "dateCreated", "uploadDate"):
            for value in texts(node.get(key), limit=2):
                yield "jsonld", value
    ranked = sorted(((_RANK[key], values) for name, values in page.meta.items() if (key := _meta_key(name)) in _RANK), key=lambda pair: pair[0])
    for _, values in ranked:
        for value in values[:1]:
            yield "meta", value
    for value in page.itemprops.get("datepublished", ())[:1]:
        yield "time", value
    for value, marks in page.times:
        if _PUBLISH_MARKS.search(marks) and not _OTHER_MARKS.search(marks):
            yield "time", value
    if link is not None and link.published_raw:
        yield "feed", link.published_raw


def gather(page: Structured, link: ArticleLink | None, url: str) -> list[Evidence]:
    """All evidence in the order of trust, doubtful values included."""
    found = [Evidence(source=source, stamp=stamp) for source, value in _statements(page, link, url) if (stamp := read_date(value)) is not None]
    if link is not None and link.published_at is not None:
        found.append(Evidence(source="feed", stamp=_from_aware(link.published_at)))
    for value, marks in page.times[:3]:
        stamp = read_date(value)
        if stamp is not None and not _OTHER_MARKS.search(marks):
            found.append(Evidence(source="time", stamp=stamp))
    in_url = date_in_url(url)
    if in_url is not None:
        found.append(Evidence(source="url", stamp=in_url))
    return found


def _only_day(stamp: Stamp) -> bool:
    """Midnight in UTC or in no zone is how systems write a day."""
    return stamp.clock is None or (stamp.clock == time(0, 0) and not stamp.offset)


def _trusted(stamp: Stamp, fetched_at: datetime) -> bool:
    return EARLIEST <= stamp.day <= (fetched_at + FUTURE_SLACK).date()


def _moment(stamp: Stamp, zone: tzinfo) -> datetime:
    naive = datetime.combine(stamp.day, stamp.clock or time(0, 0))
    return naive.replace(tzinfo=timezone(stamp.offset) if stamp.offset is not None else zone)


def _page_zone(evidence: Iterable[Stamp]) -> tzinfo:
    """The offset that the page uses somewhere, for its zone-less times; UTC where it uses none."""
    for stamp in evidence:
        if stamp.offset:
            return timezone(stamp.offset)
    return UTC


def decide(evidence: Sequence[Evidence], modified: Stamp | None, zone: tzinfo | None, fetched_at: datetime) -> Dating:
    """The date of first publication.

    ``zone`` is the outlet's; without it zone-less times are taken in an offset that the page uses elsewhere, else in UTC, and
    ``published_on`` is the day in the winning value's own offset. ``fetched_at`` only bounds what can be believed.
    """
    stamps = [item.stamp for item in evidence]
    local = zone or _page_zone([*stamps, *([modified] if modified else [])])
    modified_at = None
    if modified is not None and _trusted(modified, fetched_at) and modified.clock is not None:
        modified_at = _utc(_moment(modified, local))
    trusted = [item for item in evidence if _trusted(item.stamp, fetched_at)]
    if not trusted:
        return Dating(modified_at=modified_at)
    best = trusted[0]
    if _only_day(best.stamp):
        timed = next((item for item in trusted if not _only_day(item.stamp) and _day(item.stamp, local, zone) == best.stamp.day), None)
        if timed is None:
            return Dating(published_on=best.stamp.day, modified_at=modified_at, source=best.source, precision="day")
        best = timed
    moment = _moment(best.stamp, local)
    if moment > fetched_at + FUTURE_SLACK:
        return Dating(modified_at=modified_at)
    return Dating(
        published_at=_utc(moment), published_on=_day(best.stamp, local, zone), modified_at=modified_at, source=best.source, precision="second"
    )


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(microsecond=0)


def _day(stamp: Stamp, local: tzinfo, zone: tzinfo | None) -> date:
    moment = _moment(stamp, local)
    return moment.astimezone(zone).date() if zone is not None else moment.date()


def modification(page: Structured) -> Stamp | None:
    """What the page says of its last change."""
    for node in _own_article(page):
        for value in texts(node.get("dateModified"), limit=1):
            stamp = read_date(value)
            if stamp is not None:
                return stamp
    for name, values in page.meta.items():
        if _meta_key(name) in _MODIFIED and values:
            stamp = read_date(values[0])
            if stamp is not None:
                return stamp
    return None


def date_page(page: Structured, tree: HtmlElement | None, link: ArticleLink | None, url: str, zone: tzinfo | None, fetched_at: datetime) -> Dating:
    """The date of a page. htmldate, slow and fond of guessing, is asked only where nothing else speaks; ``tree`` None leaves it out."""
    evidence = gather(page, link, url)
    modified = modification(page)
    verdict = decide(evidence, modified, zone, fetched_at)
    if verdict.precision != "none" or tree is None:
        return verdict
    guess = _visible(tree, url, fetched_at)
    if guess is None:
        return verdict
    return decide([Evidence(source="text", stamp=guess)], modified, zone, fetched_at)


def _visible(tree: HtmlElement, url: str, fetched_at: datetime) -> Stamp | None:
    try:
        found = find_date(
            tree, url=url, original_date=True, extensive_search=True, min_date=EARLIEST.isoformat(), max_date=(fetched_at + FUTURE_SLACK).date().isoformat()
        )
    except Exception:  # htmldate is not written for hostile trees; no guess is better than no article
        return None
    return read_date(found) if found else None
