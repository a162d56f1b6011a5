"""What speaks for a day of publication: every statement of a page, its address and the feed, with what it is worth.

Belongs here: the weights, the names of fields, what speaks against single statements. Does not belong here: reading date strings
(``date_strings``), finding statements in the markup (``structured``), in scripts (``page_state``) and on the visible page
(``datelines``), the verdict (``dates``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta, timezone, tzinfo
from typing import TYPE_CHECKING, Any

from transforms.date_strings import Stamp, date_in_url, dates_in, from_aware, month_in_url, read_date
from transforms.date_words import date_lexicon
from transforms.language import normalise_tag
from transforms.structured import Structured, fold, texts
from transforms.whereabouts import country_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from transforms.datelines import Dateline
    from transforms.records import ArticleLink

FUTURE_SLACK = timedelta(days=1)  # clocks and zones differ; later than this after the fetch is no publication date
SAME_MOMENT = timedelta(minutes=2)  # a weak statement so near the fetch is the server's clock

# The outlet's own statement of publication in a standard form is worth most. What a page shows beside the headline outweighs fields that
# templates fill with anything. Half a point to a point of difference only decides between single statements.
JSONLD, JSONLD_OTHER, JSONLD_PAGE, META, MICRODATA, FEED = 9.0, 4.0, 6.5, 7.0, 6.0, 5.5
MARKED_TIME, FURTHER_TIME, PLAIN_TIME = 5.0, 2.5, 2.0
LABELLED_NEAR, LABELLED, MARKED_NEAR, BARE_NEAR, BARE_BEFORE, MARKED_AWAY, BARE_AWAY = 6.5, 4.5, 5.5, 4.5, 3.5, 3.0, 2.0
URL_DAY, STATE, TITLE, WEAK, LAST_RESORT = 4.0, 3.5, 3.0, 2.5, 2.0
EARLIER = 2.0  # more for a day beside the headline than a lone meta element names, if it is the earlier one
FURTHER, FURTHEST = 0.5, 1.5  # less for each visible date behind the first, and at most
UNSURE_ORDER, LIKELY_ORDER, UNLIKELY_ORDER = 0.75, 0.9, 0.5  # shares of the weight of 2/7/2024, read either way
OTHER_MONTH = 0.5  # share of the weight of a day outside the month of the permalink, or behind the last change
FEW_AWAY = 2  # bare dates away from the headline; more are a list of stories or of comments
CLOSE_BEFORE = 130  # visible characters: a bare date further before the headline is in a strip of the site
BESIDE, STRIP_WORDS = 60, 30  # a line so near above the headline may say more than so many characters

# Meta names that mean first publication, the surest first. Compared in lower case, letters only.
PUBLISHED_META = (
    "articlepublishedtime", "ogarticlepublishedtime", "articlepublished", "ogpublishedtime", "datepublished", "publishedtime", "pubdate",
    "ogpubdate", "publishdate", "publisheddate", "publicationdate", "publishtime", "publishedat", "firstpublished", "parselypubdate",
    "sailthrudate", "cxenseparserecspublishtime", "cxenseparsepublishtime", "dcdateissued", "dctermsissued", "dcissued", "datepublication",
    "prismpublicationdate", "citationpublicationdate", "citationdate", "citationonlinedate", "btpubdate", "articledatepublished",
    "articlepubdate", "originalpublicationdate", "rnewsdatepublished", "articleoriginaldate", "vrbpublished", "dateissued", "publishedon",
    "postdate", "articlepublicationdate", "ogarticlepublished",
)  # fmt: skip
# Names that often hold the last change or the day when the page was made.
WEAK_META = (
    "displaydate", "articlecreated", "dctermscreated", "dcdatecreated", "datecreated", "releasedate", "ogreleasedate", "dcdate",
    "dctermsdate", "date", "timestamp",
)  # fmt: skip
MODIFIED_META = frozenset({
    "articlemodifiedtime", "ogarticlemodifiedtime", "ogupdatedtime", "articlemodified", "datemodified", "lastmodified", "dctermsmodified",
    "lastmod",
})  # fmt: skip
_META_WEIGHT = {name: META - rank / 100 for rank, name in enumerate(PUBLISHED_META)}
_WEAK_WEIGHT = {name: WEAK - rank / 100 for rank, name in enumerate(WEAK_META)}
_FOLD_NAME = re.compile(r"[^a-z]")
_PUBLISH_MARKS = re.compile(
    r"publi|pubdate|entry-date|post-date|article-?date|article__?date|posted|created|erstell|veroff|veröff|dateline|byline|timestamp"
)
_OTHER_MARKS = re.compile(r"modif|updat|aktualis|related|teaser|sidebar|comment|recommend|card|most-?read|latest|ticker|upcoming|event")
_TITLE_DATE = re.compile(r"[|–—-]\s*([^|–—]{6,24})$")  # "Headline | Outlet | 28.04.2023"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One statement on when the article was published."""

    source: str  # jsonld, meta, time, feed, url, text
    stamp: Stamp
    weight: float = WEAK
    kind: str = ""  # of place; of several statements of one kind only the heaviest counts for a day
    note: str = ""  # the name of the field, the words of the line
    swapped: bool = False  # the less likely reading of a numeric date

    def __str__(self) -> str:
        return f"{self.source} {self.note}".strip() + (" (day and month swapped)" if self.swapped else "")


def gather(page: Structured, link: ArticleLink | None, url: str) -> list[Evidence]:
    """What markup, feed, address and title say, doubtful values included."""
    language = normalise_tag(page.html_lang)
    found = [item for item in (_read(*statement, language) for statement in _stated(page, link)) if item is not None]
    if link is not None and link.published_at is not None and not any(item.kind == "feed" for item in found):
        found.append(Evidence(source="feed", stamp=from_aware(link.published_at), weight=FEED, kind="feed"))
    for address in dict.fromkeys(filter(None, (url, page.canonical))):
        in_url = date_in_url(address)
        if in_url is not None:
            found.append(Evidence(source="url", stamp=in_url, weight=URL_DAY, kind="url"))
            break
    for title in filter(None, (page.first("og:title"), page.title_tag)):
        ending = _TITLE_DATE.search(title)
        dates = dates_in(ending[1], language) if ending else []
        if ending and len(dates) == 1 and dates[0].end - dates[0].start >= len(ending[1].strip()) - 2:
            found.append(Evidence(source="text", stamp=dates[0].stamp, weight=TITLE, kind="title", note="title"))
            break
    return found


def _read(source: str, value: str, weight: float, kind: str, note: str, language: str | None) -> Evidence | None:
    stamp = read_date(value, language)
    return None if stamp is None else Evidence(source=source, stamp=stamp, weight=weight, kind=kind, note=note)


def _stated(page: Structured, link: ArticleLink | None) -> Iterator[tuple[str, str, float, str, str]]:
    """Source, value, weight, kind and field of each statement in the markup and the feed."""
    yield from _in_jsonld(page)
    for name, values in page.meta.items():
        key = _FOLD_NAME.sub("", name)
        if values and key in _META_WEIGHT:
            yield "meta", values[0], _META_WEIGHT[key], "meta", name
        elif values and key in _WEAK_WEIGHT:
            yield "meta", values[0], _WEAK_WEIGHT[key], "weak meta", name
    for name, weight in (("datepublished", MICRODATA), ("datecreated", WEAK)):
        for value in page.itemprops.get(name, ())[:1]:
            yield "time", value, weight, "microdata", name
    marked = False
    for index, (value, marks) in enumerate(page.times):
        if _OTHER_MARKS.search(marks):
            continue
        if _PUBLISH_MARKS.search(marks):
            yield "time", value, FURTHER_TIME if marked else MARKED_TIME, "visible", "time element"
            marked = True
        elif index < FEW_AWAY:
            yield "time", value, PLAIN_TIME, "visible", "time element"
    if link is not None and link.published_raw:
        yield "feed", link.published_raw, FEED, "feed", "date"


def own_articles(page: Structured) -> list[dict[str, Any]]:
    """The article nodes, those of the page's own first: one that has a headline goes before one that has none."""
    return sorted(page.articles, key=lambda node: (not node.get("headline"), not node.get("datePublished")))


def _in_jsonld(page: Structured) -> Iterator[tuple[str, str, float, str, str]]:
    first: str | None = None
    for node in own_articles(page):
        headline = fold(str(node.get("headline")))
        values = texts(node.get("datePublished"), limit=1)
        if values:
            # further article nodes speak of other stories unless they repeat the headline
            yield "jsonld", values[0], JSONLD if first in {None, headline} else JSONLD_OTHER, "jsonld", "datePublished"
            first = first or headline
        else:
            for key in ("dateCreated", "uploadDate"):
                for value in texts(node.get(key), limit=1):
                    yield "jsonld", value, WEAK, "jsonld", key
    for node in page.dated:
        for value in texts(node.get("datePublished"), limit=1):
            yield "jsonld", value, JSONLD_PAGE, "jsonld", f"{node.get('@type')} datePublished"


def modification(page: Structured) -> Stamp | None:
    """What the page says of its last change."""
    for node in own_articles(page):
        for value in texts(node.get("dateModified"), limit=1):
            if (stamp := read_date(value)) is not None:
                return stamp
    for name, values in page.meta.items():
        if values and _FOLD_NAME.sub("", name) in MODIFIED_META and (stamp := read_date(values[0])) is not None:
            return stamp
    return None


# ---- the visible page


def seen(lines: Sequence[Dateline], fetched_at: datetime) -> tuple[list[Evidence], Stamp | None]:
    """Evidence of the visible page, and the last change that it tells of."""
    found: list[Evidence] = []
    updated: Stamp | None = None
    away = {line.stamp.day for line in lines if line.role == "bare" and line.place != "near"}
    for line in lines:
        if line.role == "updated":
            updated = updated or line.stamp
        if line.role in {"other", "updated"} or (line.role == "bare" and line.place != "near" and len(away) > FEW_AWAY):
            continue
        weight = _visible_weight(line, fetched_at)
        if weight > 0:
            # the first of several is the page's own, later ones may be of anything
            weight -= min(FURTHEST, FURTHER * len(found))
            source = "time" if line.machine else "text"
            found.append(Evidence(source=source, stamp=line.stamp, weight=weight, kind="visible", note=repr(line.words[:60])))
    return found, updated


def _visible_weight(line: Dateline, fetched_at: datetime) -> float:
    if line.role == "published":
        return LABELLED_NEAR if line.place == "near" else LABELLED
    if line.place != "near":
        return MARKED_AWAY if line.marked else BARE_AWAY
    if line.distance >= 0:
        return MARKED_NEAR if line.marked else BARE_NEAR
    # a bare date above the headline may be today's, in a strip of the site
    strip = line.distance < -CLOSE_BEFORE or (line.distance < -BESIDE and len(line.words) > STRIP_WORDS)
    if line.stamp.day >= (fetched_at - FUTURE_SLACK).date() or (strip and not line.marked):
        return 0.0
    return MARKED_NEAR if line.marked and line.distance >= -CLOSE_BEFORE else BARE_BEFORE


# ---- what speaks against a statement


def only_day(stamp: Stamp) -> bool:
    """Midnight in UTC or in no zone is how systems write a day."""
    return stamp.clock is None or (stamp.clock == time(0, 0) and not stamp.offset)


def moment_of(stamp: Stamp, zone: tzinfo) -> datetime:
    """The moment of a stamp, a zone-less one taken in ``zone``."""
    naive = datetime.combine(stamp.day, stamp.clock or time(0, 0))
    return naive.replace(tzinfo=timezone(stamp.offset) if stamp.offset is not None else zone)


def weighed(
    evidence: Sequence[Evidence], modified: Stamp | None, page: Structured, url: str, local: tzinfo, fetched_at: datetime
) -> list[Evidence]:
    """The evidence with what speaks against single statements taken into account. Zone-less times are in ``local``."""
    month = month_in_url(url)
    lone = _lone_field(evidence)
    kept: list[Evidence] = []
    for item in _readings(evidence, page, url):
        weak = item.kind == "weak meta" or (item.kind == "visible" and item.weight <= MARKED_AWAY)
        if weak and not only_day(item.stamp):
            moment = moment_of(item.stamp, local)
            changed = modified is not None and modified.clock is not None and moment == moment_of(modified, local)
            if changed or abs(moment - fetched_at) <= SAME_MOMENT:
                continue  # the last change under another name, or the server's clock
        weight = item.weight
        if weak and modified is not None and item.stamp.day > modified.day:
            weight *= OTHER_MONTH  # nothing is published after its last change
        if month is not None and item.kind not in {"jsonld", "meta", "url"} and (item.stamp.day.year, item.stamp.day.month) != month:
            weight *= OTHER_MONTH
        if lone is not None and item.kind == "visible" and item.weight >= BARE_NEAR and item.stamp.day < lone.day - FUTURE_SLACK:
            weight += EARLIER  # templates fill one lone field with the last change sooner than the line that readers see
        kept.append(item if weight == item.weight else replace(item, weight=weight))
    return kept


def _lone_field(evidence: Sequence[Evidence]) -> Stamp | None:
    """The meta element that is the only strong statement in the markup."""
    fields = [item.stamp for item in evidence if item.kind == "meta"]
    return min(fields, key=lambda stamp: stamp.day) if fields and not any(item.kind in {"jsonld", "url"} for item in evidence) else None


def _readings(evidence: Sequence[Evidence], page: Structured, url: str) -> Iterator[Evidence]:
    """Each statement, and where day and month may be swapped the other reading too, at less weight."""
    if not any(item.stamp.swapped for item in evidence):
        yield from evidence
        return
    month_first = _month_first(page, url)
    for item in evidence:
        if item.stamp.swapped is None:
            yield item
            continue
        plain, other = replace(item.stamp, swapped=None), replace(item.stamp, day=item.stamp.swapped, swapped=None)
        if month_first:
            plain, other = other, plain
        unsure = month_first is None
        yield replace(item, stamp=plain, weight=item.weight * (UNSURE_ORDER if unsure else LIKELY_ORDER))
        yield replace(item, stamp=other, weight=item.weight * (UNSURE_ORDER if unsure else UNLIKELY_ORDER), swapped=True)


def _month_first(page: Structured, url: str) -> bool | None:
    """Whether 7/2/2024 is July here; None where an English page does not say from where it is."""
    if normalise_tag(page.html_lang) not in {None, "en"}:
        return False
    locales = {"html lang": page.html_lang or "", "og:locale": page.first("og:locale") or ""}
    country = country_of(url, locales={place: tag for place, tag in locales.items() if tag})
    return None if country is None else country.value in date_lexicon()["month_first"]
