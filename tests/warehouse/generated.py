"""A newsroom made up by chance: the collection record, the pages read from it, and what the counts must therefore be.

Seeded, without a clock. What is planted is noted in the words of the demo's truth (demo/facts.py), so that one recount serves both; nothing
here asks the product. Texts are of made-up words: only what is planted as a copy is one.
"""

# ruff: noqa: E501 (rows)

from __future__ import annotations

import random
from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import builders as b

from demo.facts import ArticleFact, MentionFact
from demo.recount import DayKey
from transforms.params import Configuration

Batch = dict[str, list[b.Row]]  # staging table → rows: of one page
Tokens = list[list[str]]  # paragraphs of words; a name is one token

PEOPLE = {"one": ("ann", "bob", "cor"), "two": ("dee", "eli")}
NAMES = {f"{person.title()} Stone": (name, person) for name, people in PEOPLE.items() for person in people}
_SYLLABLES = [c + v for c in "bdfgklmnprstvz" for v in "aeiou"]
# id, time zone, agency, share of the period at which the outlet enters the panel and leaves it
_OUTLETS = (
    ("post", "America/New_York", False, None, None), ("wire", "Europe/Brussels", True, None, None), ("tide", "Asia/Kathmandu", False, None, None),
    ("late", "Pacific/Auckland", False, 0.1, None), ("gone", "Europe/London", False, None, 0.8), ("mill", "UTC", False, None, None),
)  # fmt: skip
_POLLS = (time(5), time(17))  # local


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How large, and since when."""

    seed: int = 1
    outlets: int = 6
    first_day: date = date(2024, 1, 1)
    days: int = 366
    articles: float = 2.0  # of an outlet and day, on average
    outages: float = 0.02  # how many days begin one
    losses: float = 0.1  # how many items become no article
    archived_days: int = 5  # before the record begins, of the first outlet
    textless: bool = False  # every other archived article is without text, as a wide backfill leaves those that name nobody

    def day(self, share: float) -> date:
        """The day at a share of the period."""
        return self.first_day + timedelta(days=int(share * self.days))


@dataclass(slots=True, kw_only=True)
class Newsroom:
    """Everything that goes in, and what must come out."""

    outlets: list[b.Row] = field(default_factory=list)
    lists: list[b.Row] = field(default_factory=list)
    suppress: list[b.Row] = field(default_factory=list)
    events: list[b.Row] = field(default_factory=list)
    batches: list[Batch] = field(default_factory=list)
    # the truth
    facts: list[ArticleFact] = field(default_factory=list)  # path: / and article_id
    leads: set[tuple[str, str]] = field(default_factory=set)  # article and candidate named in its first paragraph
    without_text: set[str] = field(default_factory=set)
    unknown: set[DayKey] = field(default_factory=set)  # outages that nothing covers; an article found later makes such a day partial
    unreached: set[DayKey] = field(default_factory=set)  # days with an item that could not be fetched
    archived: set[DayKey] = field(default_factory=set)
    ends: Counter[tuple[str, date, str]] = field(default_factory=Counter)  # outlet, day, how an item ended

    @property
    def settings(self) -> Configuration:
        return b.configuration(self.outlets, self.lists, self.suppress)

    def journals(self, count: int) -> list[list[b.Row]]:
        """The events in the order of time, in so many journals."""
        ordered = sorted(self.events, key=moment_of)
        size = -(-len(ordered) // count)
        return [ordered[start : start + size] for start in range(0, len(ordered), size)]


def generate(plan: Plan) -> Newsroom:
    """A newsroom of so many outlets and days."""
    desk = _Desk(plan)
    for outlet in desk.made.outlets:
        desk.poll(outlet)
    desk.archive(desk.made.outlets[0], plan.first_day - timedelta(days=plan.archived_days + 2), plan.archived_days)
    for number in range(plan.days):
        for outlet in desk.made.outlets:
            desk.write(outlet, plan.first_day + timedelta(days=number))
    desk.close()
    return desk.made


def moment_of(event: b.Row) -> datetime:
    """When an event of the collection record happened."""
    return datetime.fromisoformat(event.get("polled_at") or event["fetched_at"])


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")


def _local(on: date, at: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(on, at, zone).astimezone(UTC)


@dataclass(slots=True, kw_only=True)
class _Draft:
    """An article as it stands in its last version."""

    outlet: b.Row
    path: str
    text: Tokens
    title: list[str]
    credit: str | None
    story: int
    published_at: datetime | None = None
    published_on: date | None = None
    uncounted: str | None = None
    has_text: bool = True
    races: dict[str, list[str]] = field(default_factory=dict)

    @property
    def article_id(self) -> str:
        return b.article_id(self.path, self.outlet["id"])

    @property
    def body(self) -> str:
        return "\n".join(" ".join(paragraph) for paragraph in self.text)

    @property
    def precision(self) -> str:
        return "second" if self.published_at else "day" if self.published_on else "none"

    def order(self) -> tuple[datetime, bool, str, str]:
        """As the contract says: day precision at the end of its day, undated last; then agencies, outlet, article."""
        moment = self.published_at
        if moment is None and self.published_on is not None:
            moment = _local(self.published_on + timedelta(days=1), time(), ZoneInfo(self.outlet["timezone"])) - timedelta(microseconds=1)
        return moment or datetime.max.replace(tzinfo=UTC), not self.outlet["agency"], self.outlet["id"], self.article_id


class _Desk:
    """Makes a newsroom; what was planted is kept until it is closed."""

    def __init__(self, plan: Plan) -> None:
        self.plan, self.chance, self.made = plan, random.Random(plan.seed), Newsroom()
        self.vocabulary = ["".join(self.chance.choices(_SYLLABLES, k=3)) for _ in range(5_000)]
        self.drafts: list[_Draft] = []
        self.wires: list[_Draft] = []
        self.polls: dict[str, list[b.Row]] = {}  # answered ones of the feed
        self.times: dict[str, list[datetime]] = {}
        self.number = 0
        for name, zone, agency, since, until in _OUTLETS[: plan.outlets]:
            panel = {"panel_from": None if since is None else plan.day(since), "panel_until": None if until is None else plan.day(until)}
            self.made.outlets.append(b.outlet(name, timezone=zone, agency=agency, **panel))
        for name, since, until in (("one", 0.02, 0.95), ("two", 0.2, 1.1)):
            self.made.lists.append(b.watchlist(name, PEOPLE[name], plan.day(since).isoformat(), plan.day(until).isoformat()))

    # ---- polls

    def poll(self, outlet: b.Row) -> None:
        """Two polls a day of a feed, and one of a sitemap for every third outlet, with stretches in which nothing is answered."""
        name, zone = outlet["id"], ZoneInfo(outlet["timezone"])
        has_sitemap = len(self.polls) % 3 == 2
        stretches = self._stretches()
        answered: list[b.Row] = []
        knows = False  # the first poll knows nothing, nor does the one after an outage of which items were lost
        for number in range(self.plan.days):
            on = self.plan.first_day + timedelta(days=number)
            kind = stretches.get(number)
            if kind in ("lost", "blocked") and not has_sitemap:
                self.made.unknown.add((name, on))
            for at in _POLLS:
                moment = _text(_local(on, at, zone))
                if kind is None:
                    answered.append(b.poll(moment, outlet_id=name, known=int(knows)))
                    knows = True
                else:
                    reason = "forbidden" if kind == "blocked" else "timeout"
                    self.made.events.append(b.poll(moment, "failed", outlet_id=name, reason=reason))
                    knows = kind == "bridged"
            if has_sitemap and kind is None:
                oldest = _text(_local(on - timedelta(days=2), time(), zone))
                self.made.events.append(
                    b.poll(_text(_local(on, time(6), zone)), outlet_id=name, source="map", kind="sitemap", oldest_listed_at=oldest)
                )
        self.made.events += answered
        self.polls[name], self.times[name] = answered, [moment_of(event) for event in answered]

    def _stretches(self) -> dict[int, str]:
        """Number of the day → kind of the outage that it lies in."""
        found: dict[int, str] = {}
        number = 2
        while number < self.plan.days - 4:
            if self.chance.random() < self.plan.outages:
                length = self.chance.choice([1, 2, 3])
                found |= dict.fromkeys(range(number, number + length), self.chance.choice(["lost", "bridged", "blocked"]))
                number += length + 2
            number += 1
        return found

    # ---- articles

    def write(self, outlet: b.Row, on: date) -> None:
        """What an outlet publishes on a day."""
        if (outlet["id"], on) in self.made.unknown and self.chance.random() < 0.8:
            return  # nobody will ever hear of it
        for _ in range(
            self.chance.choice([0, 1, 1, 2, 2]) if self.plan.articles < 2 else self.chance.randint(1, int(2 * self.plan.articles) - 1)
        ):
            at = time(self.chance.randrange(24), self.chance.randrange(60), self.chance.randrange(60))
            self._publish(outlet, on, _local(on, at, ZoneInfo(outlet["timezone"])))

    def _publish(self, outlet: b.Row, on: date, moment: datetime) -> None:
        name = outlet["id"]
        place = bisect_right(self.times[name], moment)
        if place == len(self.times[name]):
            return  # the record ends before it is listed
        self.number += 1
        found, path = self.polls[name][place], f"a{self.number}"
        fetched_at = self.times[name][place] + timedelta(seconds=60 + self.number % 600)
        if self.chance.random() < self.plan.losses:
            kind = self.chance.choice(["timeout", "not_found", "robots", "robots", "no_text", "no_text", "no_text", "no_text"])
            self._lose(found, path, kind, fetched_at, outlet)
            return
        draft = self._draft(outlet, path, on, moment, fetched_at)
        found["items"].append(b.item(path, name))
        visits = [(fetched_at, path, b.item_id(path, name), 0)]
        if self.chance.random() < 0.06 and place + 1 < len(self.polls[name]):  # the same article under another URL
            other = f"{path}?from=front"
            self.polls[name][place + 1]["items"].append(b.item(other, name))
            visits.append((self.times[name][place + 1] + timedelta(minutes=2), other, b.item_id(other, name), 0))
            self.made.ends[name, self._day_of(draft, self.polls[name][place + 1], outlet), "known"] += 1
        if self.chance.random() < 0.12:  # looked at again
            visits.append((fetched_at + timedelta(hours=self.chance.randint(3, 72)), path, b.item_id(path, name), 1))
        self.made.ends[name, self._day_of(draft, found, outlet), "new"] += 1
        if self.chance.random() < 0.04:  # at the second attempt
            self.made.events.append(b.fetch(path, _text(fetched_at - timedelta(seconds=50)), "failed", outlet_id=name, reason="timeout"))
        for at, url, item_id, visit in visits:
            event = b.fetch(url, _text(at), outlet_id=name, visit=visit, item_id=item_id)
            self.made.events.append(event)
            if visit and self.chance.random() < 0.7:
                self._edit(draft)
            first_seen = moment_of(found) if url == path else self.times[name][place + 1]
            self._read(event, draft, first_seen)
        self.drafts.append(draft)

    def _day_of(self, draft: _Draft, found: b.Row, outlet: b.Row) -> date:
        return draft.published_on or moment_of(found).astimezone(ZoneInfo(outlet["timezone"])).date()

    def _lose(self, found: b.Row, path: str, kind: str, fetched_at: datetime, outlet: b.Row) -> None:
        """An item that becomes no article."""
        name, zone = outlet["id"], ZoneInfo(outlet["timezone"])
        listed_at = moment_of(found) - timedelta(hours=7) if self.number % 2 else None
        found["items"].append(b.item(path, name, published_at=b.stamp(_text(listed_at)) if listed_at else None))
        result = {"no_text": "fetched", "robots": "rejected"}.get(kind, "failed")
        event = b.fetch(path, _text(fetched_at), result, outlet_id=name, reason=None if result == "fetched" else kind)
        self.made.events.append(event)
        if kind == "no_text":
            self.made.batches.append({"pages": [b.rejected(event, kind, first_seen_at=moment_of(found))]})
        on = (listed_at or moment_of(found)).astimezone(zone).date()
        self.made.ends[name, on, "failed" if result == "failed" else "rejected"] += 1
        if kind == "timeout":
            self.made.unreached.add((name, on))

    def _draft(self, outlet: b.Row, path: str, on: date, moment: datetime, fetched_at: datetime) -> _Draft:
        recent = [wire for wire in self.wires[-12:] if wire.published_at is None or abs(wire.published_at - moment) < timedelta(days=3)]
        if recent and not outlet["agency"] and self.chance.random() < 0.3:
            source = self.chance.choice(recent)
            text, title, story = [list(p) for p in source.text], list(source.title), source.story
            credit = "wire" if self.chance.random() < 0.5 else None
            if self.chance.random() < 0.5:
                self._change_a_word(text)
            if self.chance.random() < 0.2 and source.published_at:  # the very same moment, or earlier than the agency
                moment = min(source.published_at - timedelta(hours=self.chance.choice([0, 0, 2])), fetched_at)
                on = moment.astimezone(ZoneInfo(outlet["timezone"])).date()
        else:
            text, title, story, credit = self._tell(), self._headline(), self.number, "wire" if outlet["agency"] else None
        precision = self.chance.choices(["second", "day", "none", "future"], [84, 10, 4, 2])[0]
        draft = _Draft(outlet=outlet, path=path, text=text, title=title, credit=credit, story=story)
        draft.races = {name: [p for p in people if self.chance.random() < 0.4] for name, people in PEOPLE.items()}
        if precision == "future":
            draft.published_at, draft.uncounted = moment + timedelta(days=40), "future"
            draft.published_on = draft.published_at.astimezone(ZoneInfo(outlet["timezone"])).date()
        elif precision != "none":
            draft.published_at, draft.published_on = moment if precision == "second" else None, on
        if outlet["agency"]:
            self.wires.append(draft)
        return draft

    def _tell(self) -> Tokens:
        text = [self.chance.choices(self.vocabulary, k=self.chance.randint(16, 26)) for _ in range(3)]
        if self.chance.random() < 0.6:
            for _ in range(self.chance.randint(1, 4)):
                paragraph = self.chance.choice(text)
                paragraph.insert(self.chance.randint(1, len(paragraph)), self.chance.choice(list(NAMES)))
        return text

    def _headline(self) -> list[str]:
        return [*self.chance.choices(self.vocabulary, k=5), *([self.chance.choice(list(NAMES))] if self.chance.random() < 0.1 else [])]

    def _change_a_word(self, text: Tokens) -> None:
        paragraph = text[-1]
        place = self.chance.choice([number for number, word in enumerate(paragraph) if word not in NAMES])
        paragraph[place] = self.chance.choice(self.vocabulary)

    def _edit(self, draft: _Draft) -> None:
        """What a second look finds. A text that is rewritten leaves its story, a changed word does not."""
        how = self.chance.choice(["title", "word", "name", "rewritten"])
        draft.text, draft.title = [list(p) for p in draft.text], list(draft.title)
        if how == "title":
            draft.title = self._headline()
        elif how == "word":
            self._change_a_word(draft.text)
        elif how == "name":
            draft.text[0].append(self.chance.choice(list(NAMES)))
        else:
            self.number += 1
            draft.text, draft.story = self._tell(), self.number

    # ---- what is read from a page

    def _read(self, event: b.Row, draft: _Draft, first_seen_at: datetime) -> None:
        row = b.page(
            event, canonical=draft.path, title=" ".join(draft.title), text=draft.body, published=None, published_at=draft.published_at,
            published_on=draft.published_on, date_source="meta" if draft.published_on else None, date_precision=draft.precision,
            wire_agency=draft.credit, first_seen_at=first_seen_at,
        )  # fmt: skip
        answers = [answer for name in PEOPLE for answer in b.answers(row, [name], draft.races[name])]
        batch: Batch = {"pages": [row], "page_watchlists": answers, "page_mentions": _mentions(row["fetch_id"], draft)}
        named = [m for m in batch["page_mentions"] if m["field"] == "text" and m["watchlist_id"] == "one"]
        if named and self.number % 5 == 0:
            said = named[0]
            place = {"evidence": said["sentence"], "watchlist_id": "one", "candidate_id": said["candidate_id"]}
            batch["page_endorsements"] = [
                b.statement(row, self.chance.choice(["FR", "DE"]), stance=self.chance.choice(["supports", "opposes"]), **place)
            ]
            batch["page_quotes"] = [b.quote(row, said["sentence"], said["candidate_id"], watchlist_id="one")]
            batch["page_references"] = [b.reference(row, draft.text[1][0], said["candidate_id"], watchlist_id="one")]
        self.made.batches.append(batch)

    # ---- archived files and the truth

    def archive(self, outlet: b.Row, first: date, days: int) -> None:
        """One archived file with captures of the days before the record begins, one each."""
        name, zone = outlet["id"], ZoneInfo(outlet["timezone"])
        for number in range(days):
            self.number += 1
            moment = _local(first + timedelta(days=number), time(11), zone)
            event = b.fetch(f"a{self.number}", _text(moment), outlet_id=name, origin="archive", warc_file="old.warc.gz")
            self.made.events.append(event)
            draft = self._draft(outlet, f"a{self.number}", first + timedelta(days=number), moment - timedelta(hours=3), moment)
            if self.plan.textless and number % 2:
                draft.text, draft.title, draft.has_text = [], self.chance.choices(self.vocabulary, k=5), False
            self._read(event, draft, moment)
            if not draft.has_text:
                self.made.batches[-1]["pages"][0] |= dict.fromkeys(["text", "word_count"])
            self.made.ends[name, self._day_of(draft, event, outlet), "new"] += 1
            self.drafts.append(draft)
            self.made.archived.add((name, first + timedelta(days=number)))

    def close(self) -> None:
        """Note what the counts must be, and take some mentions out by hand."""
        for polls in self.polls.values():
            for poll in polls:
                if poll["known"] and not poll["items"] and self.chance.random() < 0.2:
                    poll |= {"result": "not_modified", "known": 0}
        stories: dict[int, list[_Draft]] = {}
        for draft in self.drafts:
            stories.setdefault(draft.story, []).append(draft)
        for story in stories.values():
            lead = min(story, key=_Draft.order)
            for draft in story:
                self._note(draft, lead)

    def _note(self, draft: _Draft, lead: _Draft) -> None:
        outlet, counts = draft.outlet, Counter(word for part in (draft.title, *draft.text) for word in part if word in NAMES)
        mentions = []
        for word, count in sorted(counts.items()):
            name, person = NAMES[word]
            if self.chance.random() < 0.02:
                self.made.suppress.append({"article_id": draft.article_id, "candidate_id": person, "reason": "another person"})
                continue
            mentions.append(
                MentionFact(candidate=person, count=count, in_title=word in draft.title, in_race=person in draft.races[name])
            )  # fmt: skip
            if draft.text and word in draft.text[0]:
                self.made.leads.add((draft.article_id, person))
        on = draft.published_on
        watched = any(w["watched_from"] <= on <= w["watched_until"] for w in self.made.lists) if on else False
        in_panel = bool(on and (outlet["panel_from"] or on) <= on <= (outlet["panel_until"] or on))
        uncounted = "undated" if on is None else draft.uncounted or (None if watched and in_panel else "off_panel")
        kind = "original"
        if draft is not lead:
            by_wire = outlet["id"] != lead.outlet["id"] and bool(lead.outlet["agency"] or draft.credit or lead.credit)
            kind = "exact" if draft.text == lead.text else "syndicated" if by_wire else "near"
        if not draft.has_text:
            self.made.without_text.add(draft.article_id)
        self.made.facts.append(
            ArticleFact(
                outlet_id=outlet["id"], path=f"/{draft.article_id}", outcome="published", title=" ".join(draft.title), published_on=on,
                date_precision=draft.precision, language="en", in_race=any(draft.races.values()), copy_kind=kind, wire=draft.credit,
                copy_of=None if draft is lead else f"{lead.outlet['id']}/{lead.article_id}", uncounted=uncounted, mentions=tuple(mentions),
            )
        )  # fmt: skip


def _mentions(fetch_id: str, draft: _Draft) -> list[b.Row]:
    """A row for every name, by counting the characters before it."""
    rows = []
    for where, paragraphs in (("title", [draft.title]), ("text", draft.text)):
        start = 0
        for paragraph in paragraphs:
            for word in paragraph:
                if word in NAMES:
                    rows.append(
                        {
                            "fetch_id": fetch_id, "watchlist_id": NAMES[word][0], "candidate_id": NAMES[word][1], "field": where, "char_start": start,
                            "char_end": start + len(word), "surface": word, "sentence": " ".join(paragraph), "rule": "full_name",
                        }
                    )  # fmt: skip
                start += len(word) + 1
    return rows
