"""HTML pages of an outlet as bytes: article, section, homepage, not found. What is shown when is decided in schedule.py."""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from anyascii import anyascii
from babel.dates import format_date, format_datetime
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from demo.server.feeds import stamp, teaser
from demo.server.schedule import Version, shown, version

if TYPE_CHECKING:
    from datetime import datetime

    from demo.server.layout import Article, Site

TEMPLATES: Final = Path(__file__).resolve().parent.parent / "templates"
OTHER_CHARSET: Final = {"utf-8": "iso-8859-1", "iso-8859-1": "utf-8"}
TEASERS: Final = 20  # on a homepage or section page
SECTION_PREFIX: Final = "/section/"
# "<" would end the script element, "&" and ">" are safe but escaped by habit, the two separators are line ends to JavaScript
JSON_ESCAPES: Final = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """An HTML page: its bytes and the charset that it claims to be in."""

    content: bytes
    charset: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A line in a menu, a box of links or a list of teasers."""

    path: str
    name: str
    text: str = ""


def article_page(site: Site, article: Article, now: datetime) -> Page:
    """The article as it reads at ``now``."""
    v = version(site, article, now)
    dates = {
        "published": stamp(v, v.published) if v.published else None,
        "published_words": _date_words(site, v, v.published) if v.published else None,
        "modified": stamp(v, v.modified) if v.modified and v.published else None,
        "modified_words": _date_words(site, v, v.modified) if v.modified and v.published else None,
    }
    return _page(
        site,
        now,
        view="article",
        path=article.path,
        title=v.headline,
        lies=article.mislabelled_charset,
        v=v,
        teaser=teaser(v),
        json_ld=json_ld(site, v),
        related=_related(site, article, now),
        **dates,
    )


def list_page(site: Site, now: datetime, *, path: str, title: str, section: str | None = None) -> Page:
    """A page of teasers: of one section, or of everything. It never lists itself."""
    listed = [v for v in shown(site, now) if v.article.kind != "section" and section in {None, v.article.section}]
    teasers = [Link(path=v.article.path, name=v.headline, text=teaser(v)) for v in listed[:TEASERS]]
    return _page(site, now, view="home" if path == "/" else "section", path=path, title=title, teasers=teasers)


def not_found_page(site: Site, now: datetime) -> Page:
    """What stands under a 404."""
    return _page(site, now, view="not_found", path="/", title=str(labels(site.outlet.language)["not_found"]))


def sections(site: Site) -> dict[str, str]:
    """Paths of the outlet's section pages, with their names. All sections are in the menu from the first day on."""
    names = sorted({a.section for a in site.articles if a.section})
    return {SECTION_PREFIX + "-".join(anyascii(n).lower().split()).replace("'", "") + "/": n for n in names}


def json_ld(site: Site, v: Version) -> Markup:
    """The article's JSON-LD in schema.org's words, safe inside a script element and in any charset (ASCII only)."""
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "mainEntityOfPage": {"@type": "WebPage", "@id": site.url(v.article.path)},
        "headline": v.headline,
        "inLanguage": site.outlet.language,
        "isAccessibleForFree": True,
        "publisher": {"@type": "NewsMediaOrganization", "name": site.outlet.name, "url": site.url("/")},
    }
    if v.standfirst:
        data["description"] = v.standfirst
    if v.published:
        data["datePublished"] = stamp(v, v.published)
        data["dateModified"] = stamp(v, v.modified or v.published)
    if v.article.authors:
        data["author"] = [{"@type": "Person", "name": a} for a in v.article.authors]
    elif v.article.credit:
        data["author"] = [{"@type": "Organization", "name": v.article.credit}]
    if v.article.section:
        data["articleSection"] = v.article.section
    if v.article.credit:
        data["creditText"] = v.article.credit
        data["sourceOrganization"] = {"@type": "NewsMediaOrganization", "name": v.article.credit}
    return Markup(json.dumps(data, ensure_ascii=True).translate(JSON_ESCAPES))  # noqa: S704 - escaped for a script element just here


@cache
def labels(language: str) -> dict[str, Any]:
    """The words around an article; English where the language has none."""
    every = tomllib.loads((TEMPLATES / "labels.toml").read_text(encoding="utf-8"))
    return dict(every.get(language, every["en"]))


@cache
def _environment() -> Environment:
    return Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)


def _page(site: Site, now: datetime, *, view: str, path: str, title: str, lies: bool = False, **values: Any) -> Page:
    words = labels(site.outlet.language)
    claimed = OTHER_CHARSET[site.outlet.charset] if lies else site.outlet.charset
    template = _environment().get_template(f"{site.outlet.template}.html")
    html = template.render(
        site=site,
        view=view,
        url=site.url(path),
        title=site.outlet.name if view == "home" else title,
        charset=claimed,
        words=words,
        sections=[Link(path=p, name=n) for p, n in sections(site).items()],
        footer=_fixed_links(words["footer"], "/about/"),
        **values,
    )
    return Page(content=html.encode(site.outlet.charset, errors="xmlcharrefreplace"), charset=claimed)


def _related(site: Site, article: Article, now: datetime) -> list[Link]:
    by_path = {v.article.path: v for v in shown(site, now)}
    named = [Link(path=p, name=by_path[p].headline) for p in article.related if p in by_path]
    return named or _fixed_links(labels(site.outlet.language)["links"], "/service/")


def _fixed_links(names: list[str], prefix: str) -> list[Link]:
    return [Link(path=f"{prefix}{number}", name=name) for number, name in enumerate(names, start=1)]


def _date_words(site: Site, v: Version, moment: datetime) -> str:
    if v.day_only:
        return format_date(moment.date(), "d MMMM y", locale=site.outlet.language)
    return format_datetime(moment, "d MMMM y, HH:mm", tzinfo=site.outlet.zone, locale=site.outlet.language)
