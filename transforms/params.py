"""Frozen models of everything that users configure (contract 1.3). Reading the files is the flows' work.

Each model refuses keys that it does not know: an unknown word is a mistake to be named, never a default to be guessed.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo, available_timezones

from babel import Locale
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

Identifier = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=64)]
NAMED_LANGUAGES = {"nb": "no", "nn": "no"}
RESERVED_COUNTRIES = {"UK": "GB"}  # ISO 3166 reserves UK for the country whose code is GB
_USER_ASSIGNED = re.compile(r"AA|Q[M-Z]|X[A-Z]|ZZ")  # ISO 3166-1, 8.1.3: free for users' own purposes
_NO_COUNTRIES = frozenset({"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "TA", "UN"})


def _language(value: str) -> str:
    if value not in _codes()[1] | NAMED_LANGUAGES.keys():
        raise ValueError("is not an ISO 639-1 language code of two small letters, such as nl")
    return NAMED_LANGUAGES.get(value, value)


@lru_cache(maxsize=1)
def _timezones() -> frozenset[str]:
    # walks a folder tree; names without a region ("localtime", "Factory") mean something else on every machine
    return frozenset(name for name in available_timezones() if "/" in name or name == "UTC")


@lru_cache(maxsize=1)
def _codes() -> tuple[frozenset[str], frozenset[str]]:
    """Two-letter codes of countries and of languages, from CLDR without its codes for anything else (EU, ZZ …)."""
    english = Locale("en")
    countries, languages = ([str(code) for code in codes] for codes in (english.territories, english.languages))
    return (
        frozenset(code for code in countries if len(code) == 2 and code.isalpha() and code not in _NO_COUNTRIES),
        frozenset(code for code in languages if len(code) == 2),
    )


def _country(value: str) -> str:
    value = RESERVED_COUNTRIES.get(value, value)
    if value not in _codes()[0] and not _USER_ASSIGNED.fullmatch(value):
        raise ValueError("is not an ISO 3166 country code of two capitals, such as NL or GB")
    return value


def _timezone(value: str) -> str:
    if value not in _timezones():
        raise ValueError("is not an IANA time zone such as Europe/Amsterdam")
    return value


def _http_url(value: str) -> str:
    scheme, _, rest = value.partition("://")
    if scheme not in {"http", "https"} or not rest.strip("/") or any(c.isspace() for c in value):
        raise ValueError("is not an http or https address")
    if "@" in rest.split("/", 1)[0]:
        raise ValueError("holds credentials; addresses in the configuration may not")
    return value


def _domain(value: str) -> str:
    if value != value.lower() or any(c in value for c in "/@ \t") or not value.strip("."):
        raise ValueError("is not a host name in lower case, such as dutchnews.nl")
    return value


def _unique(values: tuple[str, ...]) -> tuple[str, ...]:
    doubled = sorted({v for v in values if values.count(v) > 1})
    if doubled:
        raise ValueError(f"lists {', '.join(doubled)} more than once")
    return values


def _tuple(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _cron(value: str) -> str:
    if len(value.split()) != 5 or not re.fullmatch(r"[0-9A-Za-z*/,\-# ]+", value):
        raise ValueError("is not a cron line of five fields, such as 17 * * * *")
    return value


Cron = Annotated[str, AfterValidator(_cron)]
Country = Annotated[str, AfterValidator(_country)]  # ISO 3166 alpha-2
Language = Annotated[str, AfterValidator(_language)]  # ISO 639-1
TimeZone = Annotated[str, AfterValidator(_timezone)]
HttpUrl = Annotated[str, AfterValidator(_http_url)]
Strings = Annotated[tuple[str, ...], BeforeValidator(_tuple)]


class Model(BaseModel):
    """Frozen, strict about keys, forgiving about nothing."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, populate_by_name=True)


class Crawl(Model):
    """How one outlet is visited. The defaults are polite; lower them only for servers of your own."""

    delay_seconds: Annotated[float, Field(ge=0, le=3600)] = 2.0  # between two requests to one host
    timeout_seconds: Annotated[float, Field(gt=0, le=600)] = 30.0  # for one request in all, redirects included
    max_page_bytes: Annotated[int, Field(ge=1024, le=200_000_000)] = 10_000_000  # after decompression
    max_feed_bytes: Annotated[int, Field(ge=1024, le=200_000_000)] = 5_000_000  # 5 MB of HTML keep a feed parser busy for 7 s
    poll_minutes: Annotated[int, Field(ge=0, le=10_080)] = 0  # a feed is not due again before; by default the schedule decides
    attempts: Annotated[int, Field(ge=1, le=10)] = 3  # runs in which an item with a passing fault is tried
    max_items_per_run: Annotated[int, Field(ge=1, le=1_000_000)] = 2_000  # the rest is taken in later runs
    exclude_paths: Strings = ()  # prefixes of URL paths that are not news, such as /shop/
    retries: Annotated[int, Field(ge=0, le=5)] = 1  # further tries within a run after a fault that may be gone in seconds
    robots_sitemaps: bool = True  # read sitemaps that robots.txt names, where the outlet's file names none
    rediscover: bool = True  # look at the home page for another feed when one has died
    revisit_days: Annotated[tuple[Annotated[float, Field(gt=0, le=365)], ...], BeforeValidator(_tuple)] = (
        1.0,
        7.0,
    )  # after the first fetch

    @model_validator(mode="after")
    def _revisits_in_order(self) -> Self:
        if list(self.revisit_days) != sorted(set(self.revisit_days)):
            raise ValueError(f"revisit_days: {list(self.revisit_days)}: are not in ascending order")
        return self


class Outlet(Model):
    """One publication of the panel: ``config/outlets/<id>.toml``."""

    id: Identifier
    name: Annotated[str, Field(min_length=1, max_length=200)]
    homepage: HttpUrl
    domains: Annotated[
        tuple[Annotated[str, AfterValidator(_domain)], ...],
        BeforeValidator(_tuple),
        Field(min_length=1),
        AfterValidator(_unique),
    ]  # host names; subdomains belong to them; host:port is possible
    country: Country
    language: Language
    timezone: TimeZone
    feeds: Annotated[tuple[HttpUrl, ...], BeforeValidator(_tuple), AfterValidator(_unique)] = ()
    sitemaps: Annotated[tuple[HttpUrl, ...], BeforeValidator(_tuple), AfterValidator(_unique)] = ()
    pages: Annotated[
        tuple[HttpUrl, ...], BeforeValidator(_tuple), AfterValidator(_unique)
    ] = ()  # home or section pages whose links are taken
    agency: bool = False  # a news agency: leads a story when times are equal
    panel_from: Annotated[date | None, Field(alias="from")] = None
    panel_until: Annotated[date | None, Field(alias="until")] = None  # inclusive
    articles_per_day: Annotated[float | None, Field(ge=0)] = None  # expected, until the outlet has a history of its own
    articles_per_day_min: Annotated[float | None, Field(ge=0)] = None  # bounds of one's own, in place of those from the history
    articles_per_day_max: Annotated[float | None, Field(ge=0)] = None
    crawl: Crawl = Crawl()

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which the outlet's days begin and end."""
        return ZoneInfo(self.timezone)

    @model_validator(mode="after")
    def _dates_in_order(self) -> Self:
        if self.panel_from and self.panel_until and self.panel_from > self.panel_until:
            raise ValueError(f"from ({self.panel_from}) is after until ({self.panel_until})")
        low, high = self.articles_per_day_min, self.articles_per_day_max
        if low is not None and high is not None and low > high:
            raise ValueError(f"articles_per_day_min ({low}) is more than articles_per_day_max ({high})")
        return self


class StatusChange(Model):
    """Where a candidate stood in the contest from a day on."""

    on: date
    status: Annotated[str, Field(pattern=r"^[a-z_]+$")]  # touted, interested, declared, withdrew, denied, appointed, in_office, …


class Office(Model):
    """An office held; ``until`` is the last day in it."""

    title: str
    country: Country | None = None
    held_from: Annotated[date | None, Field(alias="from")] = None
    held_until: Annotated[date | None, Field(alias="until")] = None


class Candidate(Model):
    """A person (or a country) in the running. Only ``id``, ``name`` and ``country`` are needed; forms are derived from the name."""

    id: Identifier
    name: Annotated[str, Field(min_length=2, max_length=200)]
    country: Country
    wikidata: Annotated[str | None, Field(pattern=r"^Q[1-9][0-9]*$")] = None
    surname: str | None = None  # where it is not the last word of the name
    given_names: Strings = ()  # other given names in use; the name's own is always one
    initials: Strings = ()  # set abbreviations, such as VDL
    variants: dict[str, Strings] = Field(default_factory=dict)  # language (or "any") → whole names and surnames in that language
    excludes: Strings = ()  # namesakes and phrases that are somebody or something else
    requires: dict[str, Strings] = Field(default_factory=dict)  # language (or "any") → words one of which must stand in the text
    status: Annotated[tuple[StatusChange, ...], BeforeValidator(_tuple)] = ()
    offices: Annotated[tuple[Office, ...], BeforeValidator(_tuple)] = ()

    @property
    def withdrew_on(self) -> date | None:
        """The day from which he or she is out of the running; None where that never came, or was taken back."""
        last = max(self.status, key=lambda change: change.on, default=None)
        return last.on if last is not None and last.status == "withdrew" else None


class Official(Model):
    """Who speaks for an endorser in an office; ``until`` is the last day in it."""

    name: Annotated[str, Field(min_length=2, max_length=200)]
    surname: str | None = None  # where it is not the last word of the name
    by_surname: bool = True  # whether the press may mean this person by the surname alone; not where it is a word or many people's
    office: Annotated[str, Field(pattern=r"^[a-z]+(_[a-z]+)*$")]  # a kind of lexicons/offices.toml: head_of_government, foreign_minister, …
    held_from: Annotated[date | None, Field(alias="from")] = None
    held_until: Annotated[date | None, Field(alias="until")] = None
    variants: dict[str, Strings] = Field(default_factory=dict)  # language (or "any") → the whole name as it is written there


class Endorser(Model):
    """A country (or another body) whose position on the candidates is followed."""

    country: Country
    name: str
    capital: str | None = None
    names: dict[str, Strings] = Field(default_factory=dict)  # language → names and demonyms
    also: Strings = ()  # the capital in other languages, seats of government, who speaks for it: signs that the country acts
    officials: Annotated[tuple[Official, ...], BeforeValidator(_tuple)] = ()  # who speaks for it, and when


class Watchlist(Model):
    """One contest: ``config/watchlists/<id>.toml``."""

    id: Identifier
    title: Annotated[str, Field(min_length=1)]
    watched_from: Annotated[date, Field(alias="from")]
    watched_until: Annotated[date, Field(alias="until")]  # inclusive
    kind: Literal["person", "country"] = "person"
    context: dict[str, Strings] = Field(default_factory=dict)  # language → terms that say that a text is about the contest
    bodies: dict[str, Strings] = Field(default_factory=dict)  # language (or "any") → whose post it is, and who decides on it
    elsewhere: dict[str, Strings] = Field(default_factory=dict)  # language (or "any") → posts and contests that are other ones
    candidates: Annotated[tuple[Candidate, ...], BeforeValidator(_tuple), Field(min_length=1)]
    endorsers: Annotated[tuple[Endorser, ...], BeforeValidator(_tuple)] = ()

    @property
    def decided_on(self) -> date | None:
        """The day on which the post was filled: the first on which a candidate is ``appointed``."""
        return min((s.on for c in self.candidates for s in c.status if s.status == "appointed"), default=None)

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.watched_from > self.watched_until:
            raise ValueError(f"from ({self.watched_from}) is after until ({self.watched_until})")
        _unique(tuple(c.id for c in self.candidates))
        _unique(tuple(e.country for e in self.endorsers))
        return self


class Suppression(Model):
    """A false positive taken out by a person, with the reason (``[[suppress]]`` in corrections.toml)."""

    article_id: Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")]
    candidate_id: Identifier
    reason: Annotated[str, Field(min_length=3)]
    by: str | None = None
    on: date | None = None


class Corrections(Model):
    """Decisions of people: ``config/corrections.toml``."""

    suppress: Annotated[tuple[Suppression, ...], BeforeValidator(_tuple)] = ()


class Schedule(Model):
    """Cron lines (five fields) and the time zone they are read in."""

    collect: Cron = "17 * * * *"  # a full pass over the sources that are due by then
    report: Cron = "30 7 * * 1"  # the report of the week before
    timezone: TimeZone = "Europe/Brussels"


class Publish(Model):
    """What the published file carries."""

    text: Literal["none", "mentions", "all"] = "mentions"


class Report(Model):
    """What the weekly report is made of."""

    formats: Annotated[tuple[Literal["html", "xlsx", "csv", "parquet", "json", "pdf"], ...], BeforeValidator(_tuple)] = ("html", "csv")


class Retention(Model):
    """How long raw responses are kept (None: for ever), and how many published files."""

    archive_days: Annotated[int | None, Field(ge=1)] = None
    snapshots: Annotated[int, Field(ge=0, le=10_000)] = 7  # how many of the files that were published before are kept


class Storage(Model):
    """Where files go. Relative paths are relative to the folder that holds ``config/``."""

    data: Annotated[Path, Field(strict=False)] = Path("data")
    warc_megabytes: Annotated[int, Field(ge=1, le=4096)] = 512  # an archive file is closed at this size
    memory_megabytes: Annotated[int, Field(ge=256)] = 2500  # what the database may use; beyond it, it works on disk


class Settings(Model):
    """``config/frontrunner.toml``."""

    contact: Annotated[str, Field(min_length=3)]
    allow_private_addresses: bool = False
    parallel_requests: Annotated[int, Field(ge=1, le=1000)] = 64  # in flight, over all outlets; a host never has more than one
    schedule: Schedule = Schedule()
    publish: Publish = Publish()
    report: Report = Report()
    retention: Retention = Retention()
    storage: Storage = Storage()

    @model_validator(mode="after")
    def _contact_reachable(self) -> Self:
        if "@" not in self.contact and "://" not in self.contact:
            raise ValueError(
                f"contact: {self.contact!r}: is neither an e-mail address nor a web address: outlets must be able to reach you"
            )
        return self


class Configuration(Model):
    """Everything a run goes by, already checked as a whole."""

    settings: Settings
    outlets: Annotated[tuple[Outlet, ...], BeforeValidator(_tuple)]
    watchlists: Annotated[tuple[Watchlist, ...], BeforeValidator(_tuple)]
    corrections: Corrections = Corrections()

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        owners: dict[str, str] = {}
        for outlet in self.outlets:
            for domain in outlet.domains:
                if domain in owners:
                    raise ValueError(f"outlets {owners[domain]} and {outlet.id} both claim the domain {domain}")
                owners[domain] = outlet.id
        lists: dict[str, str] = {}
        for watchlist in self.watchlists:
            for candidate in watchlist.candidates:
                if candidate.id in lists:
                    raise ValueError(f"watch lists {lists[candidate.id]} and {watchlist.id} both hold the candidate {candidate.id}")
                lists[candidate.id] = watchlist.id
        unknown = sorted({entry.candidate_id for entry in self.corrections.suppress} - lists.keys())
        if unknown:
            raise ValueError(f"corrections.toml: suppress: candidate_id: {', '.join(unknown)} stands on no watch list")
        return self


FINAL_AFTER = timedelta(hours=48)  # after its local end a day's counts are final; later changes are revisions
