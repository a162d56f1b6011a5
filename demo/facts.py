"""``demo/truth*.toml`` as frozen models: what a careful reader gets from the sample newsroom's articles. Reading and checking the files
only; counting is in recount.py, positions are in standing.py."""

from __future__ import annotations

import tomllib
from collections import Counter
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

if TYPE_CHECKING:
    from pathlib import Path


class TruthError(Exception):
    """The truth is not well formed; the message has a line for every mistake."""


def _tuple(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _one_slash(value: Any) -> Any:
    return value.replace("//", "/") if isinstance(value, str) else value


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, populate_by_name=True)


class MentionFact(_Model):
    """One candidate in one article."""

    candidate: str
    count: Annotated[int, Field(ge=1)]  # in headline, standfirst and body together
    in_title: bool = False
    in_race: bool = False  # the article is about the contest and treats the candidate as a contender or possible one


Stance = Literal["supports", "opposes", "withholds", "withdraws-objection"]


class PositionFact(_Model):
    """What an article says of one country's position on one candidate."""

    endorser: Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
    candidate: str
    stance: Stance
    status: Literal["stated", "reported", "expected", "conditional", "denied"]
    speaker: str | None = None  # full name of who speaks for the country
    said_on: date | None = None  # where the article says the day, by date or weekday
    open: bool = False  # said in passing or by implication: readers differ on whether the article says it at all, not on the stance


class LedgerFact(_Model):
    """A position of a country, from a day on."""

    endorser: Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
    candidate: str
    stance: Stance
    status: Literal["stated", "reported", "conditional", "denied"]
    changed_on: date
    speaker: str | None = None
    flag: Literal["contradicts", "reverses", "conflict", "denies"] | None = None


class ArticleFact(_Model):
    """One page of the newsroom. Everything behind ``outcome`` is about published articles.

    The outcome ``unseen`` is the truth's own word: no poll ever lists the page, so that the published file must not know of it.
    """

    outlet_id: str
    path: Annotated[str, Field(pattern=r"^/")]
    outcome: Annotated[str, Field(pattern=r"^(unseen|published|duplicate_url|(rejected|failed|deferred):[a-z_]+)$")]
    title: str | None = None
    published_on: date | None = None  # the outlet's local day
    date_precision: Literal["second", "day", "none"] | None = None
    language: str | None = None
    in_race: bool = False  # the document is about the contest
    copy_kind: Annotated[Literal["original", "exact", "near", "syndicated"], Field(alias="copy")] = "original"
    copy_of: Annotated[str | None, BeforeValidator(_one_slash)] = None  # key of the lead
    wire: str | None = None  # id of the agency that is credited
    uncounted: Literal["undated", "off_panel", "future"] | None = None
    versions: Annotated[tuple[Literal["first", "title", "text", "title+text"], ...], BeforeValidator(_tuple)] = ()  # seen by looking again
    mentions: Annotated[tuple[MentionFact, ...], BeforeValidator(_tuple)] = ()
    positions: Annotated[tuple[PositionFact, ...], BeforeValidator(_tuple)] = ()

    @property
    def key(self) -> str:
        """Outlet and path: how articles name each other."""
        return f"{self.outlet_id}{self.path}"

    @property
    def is_published(self) -> bool:
        """The page is an article that the published file holds."""
        return self.outcome == "published"

    @property
    def lead(self) -> str:
        """Key of the article that leads the story."""
        return self.copy_of or self.key

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if not self.is_published:
            if self.title or self.mentions or self.positions or self.copy_of or self.uncounted:
                raise ValueError(f"its outcome is {self.outcome}, so that it has no title, mentions, positions, copy_of or uncounted")
            return self
        lacking = [k for k in ("title", "date_precision", "language") if getattr(self, k) is None]
        if lacking:
            raise ValueError(f"lacks {', '.join(lacking)}")
        if (self.published_on is None) != (self.date_precision == "none"):
            raise ValueError("published_on and date_precision do not go together")
        if (self.published_on is None) != (self.uncounted == "undated"):
            raise ValueError('an article without published_on, and no other, is uncounted = "undated"')
        if (self.copy_of is None) != (self.copy_kind == "original"):
            raise ValueError("copies, and no originals, have copy_of")
        if any(m.in_race for m in self.mentions) and not self.in_race:
            raise ValueError("a mention is in_race, the article is not")
        doubled = [c for c, n in Counter(m.candidate for m in self.mentions).items() if n > 1]
        if doubled:
            raise ValueError(f"mentions name {', '.join(doubled)} more than once")
        unnamed = {p.candidate for p in self.positions} - {m.candidate for m in self.mentions}
        if unnamed:
            raise ValueError(f"positions on {', '.join(sorted(unnamed))}, whom mentions do not name")
        twice = [f"{e} {c}" for (e, c), n in Counter((p.endorser, p.candidate) for p in self.positions).items() if n > 1]
        if twice:
            raise ValueError(f"positions name {', '.join(twice)} more than once")
        return self


class DayFact(_Model):
    """A day of an outlet that is not complete."""

    outlet_id: str
    day: date
    status: Literal["partial", "outage", "blocked", "not_due"]


class Facts(_Model):
    """The whole truth."""

    articles: Annotated[tuple[ArticleFact, ...], BeforeValidator(_tuple)] = ()
    days: Annotated[tuple[DayFact, ...], BeforeValidator(_tuple)] = ()
    positions: Annotated[tuple[LedgerFact, ...], BeforeValidator(_tuple)] = ()  # of each country and candidate in order

    @property
    def published(self) -> dict[str, ArticleFact]:
        """The published articles by key."""
        return {a.key: a for a in self.articles if a.is_published}


def load_facts(*files: Path) -> Facts:
    """Reads truth files and joins them. Raises TruthError naming file, article and mistake."""
    mistakes: list[str] = []
    articles: list[ArticleFact] = []
    days: list[DayFact] = []
    positions: list[LedgerFact] = []
    for file in files:
        try:
            raw = tomllib.loads(file.read_text(encoding="utf-8"))
        except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            mistakes.append(f"{file}: {error}")
            continue
        try:
            facts = Facts.model_validate(raw)
        except ValidationError as error:
            mistakes += [f"{file}: {_where(raw, e['loc'])}: {e['msg'].removeprefix('Value error, ')}" for e in error.errors()]
            continue
        articles += facts.articles
        days += facts.days
        positions += facts.positions
    joined = Facts(articles=tuple(articles), days=tuple(days), positions=tuple(positions))
    mistakes += _contradictions(joined)
    if mistakes:
        raise TruthError("\n".join(mistakes))
    return joined


def _where(raw: Any, location: tuple[int | str, ...]) -> str:
    match location:
        case (str() as table, int() as index, *rest):
            entry = raw[table][index]
            name = f"{entry.get('outlet_id', '?')}{entry.get('path', '') or ' ' + str(entry.get('day', '?'))}"
            return " ".join([name, ".".join(str(r) for r in rest)]).strip()
        case _:
            return ".".join(str(part) for part in location)


def _contradictions(facts: Facts) -> list[str]:
    published = facts.published
    lines = [f"{key}: stands there more than once" for key, n in Counter(a.key for a in facts.articles).items() if n > 1]
    lines += [f"{o} {d}: stands there more than once" for (o, d), n in Counter((x.outlet_id, x.day) for x in facts.days).items() if n > 1]
    for article in published.values():
        if article.copy_of is None:
            continue
        lead = published.get(article.copy_of)
        if lead is None:
            lines.append(f"{article.key}: copy_of {article.copy_of} is no published article (write outlet_id and path together)")
        elif lead.copy_of is not None:
            lines.append(f"{article.key}: copy_of {article.copy_of} is a copy itself; name the lead {lead.copy_of}")
    return lines
