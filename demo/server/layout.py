"""The files of the newsroom as frozen models, and reading them. How they look on the web does not belong here.

Writers make mistakes, so every mistake in every file is named at once: file, key and what is wrong with it.
"""

from __future__ import annotations

import tomllib
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self, TypeVar
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

if TYPE_CHECKING:
    from pathlib import Path


class LayoutError(Exception):
    """The newsroom's files are not what the layout asks for; the message has a line for every mistake."""


def _aware(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise ValueError("needs an offset, such as 2024-06-18T14:05:00+02:00")
    return value


def _timezone(value: str) -> str:
    if value not in available_timezones():
        raise ValueError("is not an IANA time zone such as Europe/Amsterdam")
    return value


def _tuple(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _filled(value: str) -> str:
    if not value.strip():
        raise ValueError("is empty")
    return value.strip()


Moment = Annotated[datetime, AfterValidator(_aware)]
Text = Annotated[str, AfterValidator(_filled)]
UrlPath = Annotated[str, Field(pattern=r"^/[A-Za-z0-9._~/,:;+=-]+$")]  # nothing that a client would have to encode


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, populate_by_name=True)


M = TypeVar("M", bound=_Model)


class Down(_Model):
    """A time in which the host does not work."""

    down_from: Annotated[Moment, Field(alias="from")]
    down_until: Annotated[Moment, Field(alias="until")]  # the first moment at which it works again
    how: Literal["503", "drop"] = "503"

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.down_from >= self.down_until:
            raise ValueError("from is not before until")
        return self


class Edit(_Model):
    """From ``at`` on the article reads so; what is absent stays as it was."""

    at: Moment
    headline: Text | None = None
    standfirst: Text | None = None
    body: Text | None = None

    @model_validator(mode="after")
    def _changes_something(self) -> Self:
        if self.headline is None and self.standfirst is None and self.body is None:
            raise ValueError("changes nothing: give headline, standfirst or body")
        return self


class Article(_Model):
    """``articles/<yyyy-mm-dd>-<slug>.toml``: an article, or a page that is listed among articles and is none."""

    path: UrlPath
    headline: Text
    authors: Annotated[tuple[Text, ...], BeforeValidator(_tuple)] = ()
    credit: Text | None = None  # the agency that the text comes from
    section: Text | None = None
    published: Moment | None = None  # None: neither page nor feed shows a date
    listed: Moment | None = None  # when feed and sitemap begin to show it, and the page exists; default: published
    dated: Literal["second", "day"] = "second"  # day: page and feed show only the day
    kind: Literal["article", "section", "gone"] = "article"
    mislabelled_charset: bool = False  # header and page name another charset than the bytes are in
    standfirst: Text | None = None
    body: str = ""
    related: Annotated[tuple[UrlPath, ...], BeforeValidator(_tuple)] = ()  # articles whose headlines stand beside this one
    edits: Annotated[tuple[Edit, ...], BeforeValidator(_tuple)] = ()

    @property
    def shown_from(self) -> datetime:
        """The moment from which it is listed and answers."""
        moment = self.listed or self.published
        assert moment is not None  # the validator below refuses such a file
        return moment

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.published is None and self.listed is None:
            raise ValueError("has neither published nor listed: an undated page needs listed")
        if self.published and self.listed and self.listed < self.published:
            raise ValueError(f"listed ({self.listed}) is before published ({self.published})")
        if self.published is None and self.dated == "day":
            raise ValueError('dated = "day" needs published')
        if self.kind == "article" and not self.body.strip():
            raise ValueError("has no body")
        moments = [e.at for e in self.edits]
        if moments != sorted(moments):
            raise ValueError("edits are not in order of time")
        if moments and moments[0] <= (self.published or self.shown_from):
            raise ValueError(f"an edit ({moments[0]}) is not after publication")
        return self


class Outlet(_Model):
    """``outlet.toml``."""

    host: Annotated[str, Field(pattern=r"^[a-z0-9-]+(\.[a-z0-9-]+)*\.example$")]
    name: Text
    language: Annotated[str, Field(pattern=r"^[a-z]{2}$")]
    timezone: Annotated[str, AfterValidator(_timezone)]
    charset: Literal["utf-8", "iso-8859-1"] = "utf-8"  # of the pages; feeds and sitemaps are UTF-8
    template: Literal["classic", "modern", "plain"] = "classic"
    feed: Literal["rss", "atom", "none"] = "rss"
    feed_path: UrlPath = "/feed.xml"
    feed_items: Annotated[int, Field(ge=1, le=200)] = 12
    feed_gzip: bool = False
    sitemap_path: UrlPath | None = None
    robots: str | None = None  # None: /robots.txt does not exist
    down: Annotated[tuple[Down, ...], BeforeValidator(_tuple)] = ()

    @property
    def zone(self) -> ZoneInfo:
        """The outlet's time zone."""
        return ZoneInfo(self.timezone)

    @model_validator(mode="after")
    def _discoverable(self) -> Self:
        if self.feed == "none" and self.sitemap_path is None:
            raise ValueError("has neither feed nor sitemap_path: nothing would ever find its articles")
        return self


class Site(_Model):
    """One outlet with everything that it ever publishes, in order of path."""

    id: str
    outlet: Outlet
    articles: tuple[Article, ...]

    def url(self, path: str) -> str:
        """The address of a path."""
        return f"http://{self.outlet.host}{path}"


def load_newsroom(folder: Path) -> tuple[Site, ...]:
    """Reads ``<folder>/<outlet_id>/outlet.toml`` and ``articles/*.toml``, by outlet id. Raises LayoutError naming every mistake."""
    mistakes: list[str] = []
    if not folder.is_dir():
        raise LayoutError(f"{folder}: no such folder")
    sites = [site for home in sorted(p for p in folder.iterdir() if p.is_dir()) if (site := _load_site(home, mistakes))]
    hosts: dict[str, str] = {}
    for site in sites:
        if site.outlet.host in hosts:
            mistakes.append(f"{folder / site.id / 'outlet.toml'}: host: {site.outlet.host} is also the host of {hosts[site.outlet.host]}")
        hosts.setdefault(site.outlet.host, site.id)
    if not sites and not mistakes:
        mistakes.append(f"{folder}: holds no outlet (<outlet_id>/outlet.toml)")
    if mistakes:
        raise LayoutError("\n".join(mistakes))
    return tuple(sites)


def _load_site(home: Path, mistakes: list[str]) -> Site | None:
    before = len(mistakes)
    outlet = _read(home / "outlet.toml", Outlet, mistakes)
    files: dict[str, Path] = {}
    articles: list[Article] = []
    for file in sorted((home / "articles").glob("*.toml")):
        article = _read(file, Article, mistakes)
        if article is None:
            continue
        if article.path in files:
            mistakes.append(f"{file}: path: {article.path} is also the path of {files[article.path].name}")
        if outlet and article.path in {outlet.feed_path, outlet.sitemap_path, "/robots.txt"}:
            mistakes.append(f"{file}: path: {article.path} is taken by the outlet's feed, sitemap or robots.txt")
        files[article.path] = file
        articles.append(article)
    for article in articles:
        mistakes += [f"{files[article.path]}: related: no article has the path {p}" for p in article.related if p not in files]
    if outlet is None or len(mistakes) > before:
        return None
    return Site(id=home.name, outlet=outlet, articles=tuple(sorted(articles, key=lambda a: a.path)))


def _read(file: Path, model: type[M], mistakes: list[str]) -> M | None:
    try:
        return model.model_validate(tomllib.loads(file.read_text(encoding="utf-8")))
    except FileNotFoundError:
        mistakes.append(f"{file}: is missing")
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        mistakes.append(f"{file}: is not TOML in UTF-8: {error}")
    except ValidationError as error:
        mistakes += [f"{file}: {_words(e)}" for e in error.errors()]
    return None


def _words(error: Any) -> str:
    where = ".".join(str(part) for part in error["loc"])
    what = {"extra_forbidden": "unknown key", "missing": "missing key"}.get(error["type"], error["msg"].removeprefix("Value error, "))
    value = f" (is {error['input']!r:.80})" if error["type"] not in {"missing", "extra_forbidden"} and where else ""
    return f"{where}: {what}{value}" if where else what
