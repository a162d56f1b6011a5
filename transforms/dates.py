"""When an article was first published: evidence from several places, weighed.

Belongs here: which evidence goes before which, precision, time zones. Does not belong here: reading date strings
(``date_strings``), finding the statements in the markup (``structured``), what a day means for counts (``warehouse``).

Evidence in the order of trust: JSON-LD ``datePublished`` of the page's own article, publication meta elements, microdata and
``<time>`` elements marked as publication, the feed, other ``<time>`` elements, the URL, and last what htmldate finds in the page.
The first trustworthy one names the day; where it knows only the day, another that agrees on the day lends its time.
The day of the fetch is never a default.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from typing import TYPE_CHECKING, Any

from htmldate import find_date

from transforms.date_strings import EARLIEST, Stamp, date_in_url, from_aware, read_date
from transforms.structured import Structured, texts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from lxml.html import HtmlElement

    from transforms.records import ArticleLink, DatePrecision

MIN_DATELINE_CHARS, MAX_DATELINE_CHARS, MAX_DATELINE_PARTS = 6, 80, 6  # of a line that is a date and little else
FUTURE_SLACK = timedelta(days=1)  # clocks and zones differ; later than this after the fetch is no publication date
# Meta names that mean first publication, the surest first. Compared in lower case, with ":" "_" "-" and blanks taken out.
PUBLISHED_META = (
    "articlepublishedtime", "ogarticlepublishedtime", "articlepublished", "ogpublishedtime", "datepublished", "publishedtime", "pubdate",
    "publishdate", "publisheddate", "publicationdate", "publishtime", "publishedat", "firstpublished", "parselypubdate", "sailthrudate",
    "cxenseparserecspublishtime", "cxenseparsepublishtime", "dcdateissued", "dctermsissued", "dctermscreated", "dcdatecreated", "dcissued",
    "prismpublicationdate", "citationpublicationdate", "citationdate", "btpubdate", "articledatepublished", "articlepubdate",
    "displaydate",
    "originalpublicationdate", "rnewsdatepublished", "articleoriginaldate", "articlecreated", "datecreated", "dcdate", "dctermsdate",
    "date",
    "releasedate", "ogreleasedate", "timestamp",
)  # fmt: skip
MODIFIED_META = (
    "articlemodifiedtime",
    "ogarticlemodifiedtime",
    "ogupdatedtime",
    "articlemodified",
    "datemodified",
    "lastmodified",
    "dctermsmodified",
)
_RANK = {name: rank for rank, name in enumerate(PUBLISHED_META)}
_MODIFIED = frozenset(MODIFIED_META)
_FOLD_NAME = re.compile(r"[^a-z]")

_PUBLISH_MARKS = re.compile(
    r"publi|pubdate|entry-date|post-date|article-?date|article__?date|posted|created|erstell|veroff|veröff|dateline|byline|timestamp"
)
_OTHER_MARKS = re.compile(r"modif|updat|aktualis|related|teaser|sidebar|comment|recommend|card|most-?read|latest|ticker|upcoming|event")


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
    ranked = sorted(
        ((_RANK[key], values) for name, values in page.meta.items() if (key := _meta_key(name)) in _RANK), key=lambda pair: pair[0]
    )
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
    found = [
        Evidence(source=source, stamp=stamp) for source, value in _statements(page, link, url) if (stamp := read_date(value)) is not None
    ]
    if link is not None and link.published_at is not None:
        found.append(Evidence(source="feed", stamp=from_aware(link.published_at)))
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
        # a date that has not come yet is kept, so that the article is listed as such and in no count
        trusted = [item for item in evidence if item.stamp.day >= EARLIEST][:1]
    if not trusted:
        return Dating(modified_at=modified_at)
    best = trusted[0]
    if _only_day(best.stamp):
        timed = next((item for item in trusted if not _only_day(item.stamp) and _day(item.stamp, local, zone) == best.stamp.day), None)
        if timed is None:
            return Dating(published_on=best.stamp.day, modified_at=modified_at, source=best.source, precision="day")
        best = timed
    moment = _moment(best.stamp, local)
    return Dating(
        published_at=_utc(moment),
        published_on=_day(best.stamp, local, zone),
        modified_at=modified_at,
        source=best.source,
        precision="second",
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


def date_page(
    page: Structured, tree: HtmlElement | None, link: ArticleLink | None, url: str, *, zone: tzinfo | None, fetched_at: datetime
) -> Dating:
    """The date of a page.

    htmldate, slow and fond of guessing, is asked only where nothing speaks, not where what speaks cannot be believed; and only for what
    the markup calls a date: a year in a footer or a day in the prose is none. ``tree`` None leaves it out.
    """
    evidence = gather(page, link, url)
    modified = modification(page)
    verdict = decide(evidence, modified, zone, fetched_at)
    if evidence or tree is None:
        return verdict
    guess = _visible(tree, url, fetched_at, in_text=False)
    if guess is None:
        guess = _visible(tree, url, fetched_at, in_text=True)
        guess = guess if guess is not None and _stands_alone(tree, guess.day) else None
    if guess is None or (modified is not None and guess.day == modified.day):  # htmldate takes the last change where it finds no other
        return verdict
    return decide([Evidence(source="text", stamp=guess)], modified, zone, fetched_at)


def _stands_alone(tree: HtmlElement, day: date) -> bool:
    """Whether that day is written out in a short line of its own outside the footer, as datelines are.

    htmldate also makes days out of a year in a copyright line and of dates that the prose is about; neither says when the article came out.
    """
    for element in tree.iter("p", "div", "span", "li", "td", "dd", "small", "em", "b", "strong", "time", "font", "h4", "h5", "h6"):
        words = " ".join("".join(element.itertext()).split()) if len(element) <= MAX_DATELINE_PARTS else ""
        if not MIN_DATELINE_CHARS <= len(words) <= MAX_DATELINE_CHARS or "©" in words:
            continue
        stamp = read_date(words)
        if stamp is not None and stamp.day == day and not any(above.tag == "footer" for above in element.iterancestors()):
            return True
    return False


def _visible(tree: HtmlElement, url: str, fetched_at: datetime, *, in_text: bool) -> Stamp | None:
    """What htmldate finds in what the markup calls a date, or ``in_text`` anywhere."""
    try:
        found = find_date(
            tree,
            url=url,
            original_date=True,
            extensive_search=in_text,
            min_date=EARLIEST.isoformat(),
            max_date=(fetched_at + FUTURE_SLACK).date().isoformat(),
        )
    except Exception:  # noqa: BLE001 - htmldate is not written for hostile trees; no guess is better than no article
        return None
    return read_date(found) if found else None
