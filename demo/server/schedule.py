"""What an outlet shows at a moment: which articles exist, in which version, in feed and sitemap. Pure; how it looks is not decided here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from demo.server.layout import Article, Down, Site

SITEMAP_WINDOW = timedelta(hours=48)  # Google's rule for news sitemaps


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """An article as it reads at a moment. Times are in the outlet's zone."""

    article: Article
    headline: str
    standfirst: str | None
    paragraphs: tuple[str, ...]
    published: datetime | None
    modified: datetime | None  # of the last edit so far; None without one
    shown_from: datetime

    @property
    def day_only(self) -> bool:
        """Page and feed give no time of day."""
        return self.article.dated == "day"


def down(site: Site, now: datetime) -> Down | None:
    """The outage that the host is in, if any."""
    return next((d for d in site.outlet.down if d.down_from <= now < d.down_until), None)


def version(site: Site, article: Article, now: datetime) -> Version:
    """How the article reads at ``now``: every edit up to then applied in turn."""
    headline, standfirst, body, modified = article.headline, article.standfirst, article.body, None
    for edit in article.edits:
        if edit.at <= now:
            headline, standfirst, body = edit.headline or headline, edit.standfirst or standfirst, edit.body or body
            modified = edit.at.astimezone(site.outlet.zone)
    return Version(
        article=article,
        headline=headline,
        standfirst=standfirst,
        paragraphs=paragraphs(body),
        published=article.published.astimezone(site.outlet.zone) if article.published else None,
        modified=modified,
        shown_from=article.shown_from.astimezone(site.outlet.zone),
    )


def paragraphs(body: str) -> tuple[str, ...]:
    """Blocks between blank lines; line breaks inside one are spaces."""
    blocks: list[list[str]] = [[]]
    for line in body.splitlines():
        if line.strip():
            blocks[-1].append(" ".join(line.split(" ")).strip())
        elif blocks[-1]:
            blocks.append([])
    return tuple(" ".join(b) for b in blocks if b)


def shown(site: Site, now: datetime) -> tuple[Version, ...]:
    """Everything listed by ``now``, the latest listed first (ties by path)."""
    articles = sorted((a for a in site.articles if a.shown_from <= now), key=lambda a: a.path)
    articles.sort(key=lambda a: a.shown_from, reverse=True)
    return tuple(version(site, a, now) for a in articles)


def in_feed(site: Site, now: datetime) -> tuple[Version, ...]:
    """The newest items, as many as the feed has room for."""
    return shown(site, now)[: site.outlet.feed_items]


def in_sitemap(site: Site, now: datetime) -> tuple[Version, ...]:
    """What was listed in the last 48 hours."""
    return tuple(v for v in shown(site, now) if v.shown_from > now - SITEMAP_WINDOW)


def last_change(site: Site, now: datetime, *, sitemap: bool = False) -> datetime | None:
    """When the list last became what it is: an article came, was edited or (sitemap) dropped out. None while nothing has been listed."""
    moments = [m for a in site.articles for m in (a.shown_from, *(max(e.at, a.shown_from) for e in a.edits))]
    if sitemap:
        moments += [a.shown_from + SITEMAP_WINDOW for a in site.articles]
    return max((m for m in moments if m <= now), default=None)
