"""The replay on paper: what each poll would list, worked out from the newsroom's files, and where the truth does not go with that.

It catches slips of the pen: a page forgotten, a wrong day, an outage that hides nothing. Who is mentioned only readers can say.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from demo.period import LAST_POLL, poll_times
from demo.recount import day_statuses
from demo.server.schedule import Version, down, in_feed, in_sitemap, version

if TYPE_CHECKING:
    from datetime import date

    from demo.facts import ArticleFact, Facts
    from demo.server.layout import Article, Site

Stretch = tuple[datetime, datetime]
OUTCOMES = {"section": "rejected:not_article", "gone": "failed:not_found"}
POLLS = poll_times()


def found_at(site: Site, polls: tuple[datetime, ...] = POLLS) -> dict[str, datetime]:
    """Path → the first working poll that lists it."""
    found: dict[str, datetime] = {}
    for poll in polls:
        for source in _sources(site, poll):
            for v in source:
                found.setdefault(v.article.path, poll)
    return found


def statuses(site: Site, polls: tuple[datetime, ...] = POLLS) -> dict[date, str]:
    """Every polled day of the outlet, and earlier ones with an article, with its status by the rule of collection_health."""
    zone, found = site.outlet.zone, found_at(site, polls)
    dated = {a.published.astimezone(zone).date() for a in site.articles if a.published and a.path in found and a.kind == "article"}
    first, last = polls[0].astimezone(zone).date(), polls[-1].astimezone(zone).date()
    days = {first + timedelta(days=n) for n in range((last - first).days + 1)} | {d for d in dated if d < first}
    stretches = _stretches(site, found, polls)
    result: dict[date, str] = {}
    for day in sorted(days):
        start, following = datetime(day.year, day.month, day.day, tzinfo=zone), day + timedelta(days=1)
        end = datetime(following.year, following.month, following.day, tzinfo=zone)
        if any(s <= start and e >= end for s, e in stretches):
            result[day] = "complete"
        elif day in dated or any(s < end and e > start for s, e in stretches):
            result[day] = "partial"
        else:
            result[day] = "outage" if any(start <= p < end and down(site, p) for p in polls) else "not_due"
    return result


def slips(facts: Facts, sites: tuple[Site, ...], polls: tuple[datetime, ...] = POLLS) -> list[str]:
    """A line for everything in the truth that does not go with the newsroom's files."""
    by_key = {a.key: a for a in facts.articles}
    lines: list[str] = []
    pages: set[str] = set()
    for site in sites:
        found = found_at(site, polls)
        for article in site.articles:
            key = f"{site.id}{article.path}"
            pages.add(key)
            if key not in by_key:
                lines.append(f"{key}: is not in the truth")
            elif article.path not in found:
                if by_key[key].outcome != "unseen":
                    lines.append(f"{key}: no working poll ever lists it, so that its outcome is unseen")
            elif by_key[key].outcome == "unseen":
                lines.append(f"{key}: outcome is unseen, but the poll of {found[article.path]:%Y-%m-%d %H:%M} lists it")
            else:
                lines += [
                    f"{key}: {slip}"
                    for slip in _article_slips(by_key[key], article, version(site, article, _read_at(by_key[key], found[article.path])))
                ]
    lines += [f"{key}: is in the truth, but not in the newsroom" for key in sorted(by_key.keys() - pages)]
    told = day_statuses(facts, {s.id: s.outlet.zone for s in sites}, polls[0], polls[-1])
    ruled = {(site.id, day): status for site in sites for day, status in statuses(site, polls).items()}
    for outlet, day in sorted(told.keys() | ruled.keys()):
        if told.get((outlet, day)) != ruled.get((outlet, day)):
            lines.append(f"{outlet} {day}: the truth says {told.get((outlet, day))}, by the rule it is {ruled.get((outlet, day))}")
    return lines


def _read_at(fact: ArticleFact, found: datetime) -> datetime:
    """When the version was seen that is published: by looking again, where that found a change, else at once."""
    return LAST_POLL if fact.versions else found


def _article_slips(fact: ArticleFact, article: Article, v: Version) -> list[str]:
    if article.kind != "article" or not fact.is_published:
        expected = OUTCOMES.get(article.kind)
        return [f"outcome is {fact.outcome}, but a page of this kind ends as {expected}"] if expected and fact.outcome != expected else []
    day = v.published.date() if v.published else None
    precision = "none" if day is None else article.dated
    wanted = {"title": v.headline, "published_on": day, "date_precision": precision}
    return [f"{k} is {getattr(fact, k)!r}, the page says {value!r}" for k, value in wanted.items() if getattr(fact, k) != value]


def _sources(site: Site, poll: datetime) -> list[tuple[Version, ...]]:
    """What feed and sitemap list at a poll; nothing while the host is down."""
    if down(site, poll):
        return []
    return [*([in_feed(site, poll)] if site.outlet.feed != "none" else []), *([in_sitemap(site, poll)] if site.outlet.sitemap_path else [])]


def _stretches(site: Site, found: dict[str, datetime], polls: tuple[datetime, ...]) -> list[Stretch]:
    """The times over which polls of one source leave no gap."""
    kinds = [k for k, there in (("feed", site.outlet.feed != "none"), ("sitemap", site.outlet.sitemap_path)) if there]
    merged: list[Stretch] = []
    for kind in kinds:
        listing = in_feed if kind == "feed" else in_sitemap
        working = [p for p in polls if not down(site, p) and listing(site, p)]
        links = [(a, b) for a, b in pairwise(working) if any(found[v.article.path] < b for v in listing(site, b))]
        if kind == "sitemap":
            links += [(max(oldest, polls[0]), p) for p in working if (oldest := _oldest(in_sitemap(site, p))) and oldest < p]
        merged += _merge(links)
    return merged


def _oldest(listed: tuple[Version, ...]) -> datetime | None:
    return min((v.published for v in listed if v.published), default=None)


def _merge(links: list[Stretch]) -> list[Stretch]:
    merged: list[Stretch] = []
    for start, end in sorted(links):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
