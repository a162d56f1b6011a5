"""The records that pass from stage to stage: ArticleLink → FetchedPage → Article → StoryMember, Mention.

Beside them :class:`Rejection` (an expected failure is a value with a reason) and :class:`Outcome` (how an item ended).
Every datetime is aware and in UTC unless its comment says otherwise; every date is a calendar day in the time zone named.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Literal

from transforms.known import KnownItems

DatePrecision = Literal["second", "day", "none"]
Access = Literal["full", "metered", "stub"]
CopyKind = Literal["original", "exact", "near", "syndicated"]
Field = Literal["title", "text"]


class SourceKind(StrEnum):
    """Where links are discovered."""

    FEED = "feed"  # RSS, RDF, Atom, JSON Feed
    SITEMAP = "sitemap"  # sitemaps.org protocol, with or without Google's news extension
    PAGE = "page"  # a home or section page whose links are taken; it picks its articles, so it never proves that a day is complete


class OutcomeKind(StrEnum):
    """How an item that entered a run ended (contract 1.6). Together with a reason this is the closed list."""

    PUBLISHED = "published"
    UPDATED = "updated"
    DUPLICATE_URL = "duplicate_url"
    UNCHANGED = "unchanged"
    REJECTED = "rejected"
    FAILED = "failed"
    DEFERRED = "deferred"


class Reason(StrEnum):
    """Why an item was rejected, failed or deferred, or why a poll failed. The list is closed: no other word is ever written."""

    # rejected: we looked and it is not ours to count
    ROBOTS = "robots"  # robots.txt disallows the URL
    OFF_SITE = "off_site"  # the link or its redirect leaves the outlet's domains
    NO_OUTLET = "no_outlet"  # an archived page of a host that no configured outlet has
    INVALID_URL = "invalid_url"
    NOT_HTML = "not_html"
    NOT_ARTICLE = "not_article"  # section, tag, front or search page, forum, shop
    GALLERY = "gallery"  # pictures with hardly a text
    VIDEO_PAGE = "video_page"  # a player with hardly a text
    CONSENT_WALL = "consent_wall"  # asks for consent in the article's place
    LOGIN_PAGE = "login_page"  # asks to log in, register or subscribe, and shows nothing of an article
    ERROR_PAGE = "error_page"  # "not found" and the like, with status 200
    BOT_CHECK = "bot_check"  # asks whether a human reads
    NO_TITLE = "no_title"
    NO_TEXT = "no_text"
    EXCLUDED = "excluded"  # the outlet's own configuration leaves the path out
    OUT_OF_WINDOW = "out_of_window"  # outside --since/--until
    UNSUPPORTED_RECORD = "unsupported_record"  # WARC record without an HTTP page
    # failed: we could not look
    NOT_FOUND = "not_found"  # 404, 410
    FORBIDDEN = "forbidden"  # 401, 402, 403, 407, 451
    RATE_LIMITED = "rate_limited"  # 429
    SERVER_ERROR = "server_error"  # 5xx
    HTTP_STATUS = "http_status"  # any other status that carries no page
    TIMEOUT = "timeout"
    DNS = "dns"  # the name has no address
    DNS_UNAVAILABLE = "dns_unavailable"  # no name server answered
    TLS = "tls"  # no common ground, or the connection broke off while it was agreed on
    TLS_CERTIFICATE = "tls_certificate"  # expired, for another name, or by an issuer that nobody knows
    CONNECTION = "connection"  # refused, reset
    CUT_SHORT = "cut_short"  # fewer bytes than promised
    PROTOCOL = "protocol"  # what came is not HTTP
    REDIRECTS = "redirects"  # too many, in a circle, or without a target
    ADDRESS_REFUSED = "address_refused"  # private, loopback or otherwise not public
    TOO_LARGE = "too_large"
    BAD_ENCODING = "bad_encoding"  # broken compression
    DAMAGED_RECORD = "damaged_record"  # archived record that is cut off or fails its digest
    EXTRACTION_ERROR = "extraction_error"
    # of polls
    NOT_A_FEED = "not_a_feed"  # HTML or anything else where a feed or sitemap was expected
    EMPTY_FEED = "empty_feed"
    # deferred: tried again in a later run; a passing fault (timeout, server_error, …) keeps its own name
    RUN_LIMIT = "run_limit"  # more new items than one run takes from an outlet
    OUTLET_UNAVAILABLE = "outlet_unavailable"
    AUDIT_REFUSED = "audit_refused"  # the batch that it belongs to was refused


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleLink:
    """A link found in a feed or sitemap, with what the source says of it (evidence, not truth)."""

    url: str  # absolute, as listed
    title: str | None = None
    published_at: datetime | None = None  # UTC
    published_raw: str | None = None  # the source's own words, for zoneless dates
    authors: tuple[str, ...] = ()
    language: str | None = None
    modified_at: datetime | None = None  # UTC; a sitemap's lastmod: the article is no younger, and may be much older


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejection:
    """Why a stage did not take something. ``detail`` is for people; nothing decides by it."""

    stage: str
    reason: Reason
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchedPage:
    """One HTTP response as it came, after redirects: content decoded from its transfer encoding and compression."""

    url: str  # requested
    final_url: str  # that answered
    content: bytes
    content_type: str | None
    fetched_at: datetime
    link: ArticleLink | None = None  # what the feed or sitemap said of it


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Where the fields of an article were found; None where a field is empty."""

    title: str | None = None  # og, h1, jsonld, meta, microdata, title (the element), feed
    authors: str | None = None  # jsonld, meta, microdata, link (rel=author), byline (visible), text (a signature), feed
    wire_agency: str | None = None  # byline (or an element marked as the source), jsonld, meta, text
    language: str | None = None  # text, html (the page's declaration), both
    section: str | None = None  # meta, jsonld, breadcrumb, url


NO_EVIDENCE = Evidence()


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """What a page says, in plain text. Offsets elsewhere are code points into ``title`` and ``text`` as they stand here."""

    url: str  # requested
    canonical_url: str
    title: str
    text: str
    authors: tuple[str, ...]  # persons only
    byline_org: str | None  # agency or desk in the byline
    wire_agency: str | None  # id of the agency that is credited, see lexicons/agencies.toml
    published_at: datetime | None  # UTC; None unless date_precision is "second"
    published_on: date | None  # local day of the outlet, else of the page's own offset, else UTC
    modified_at: datetime | None
    date_source: str | None  # jsonld, meta, time, feed, url, text
    date_precision: DatePrecision
    language: str | None  # ISO 639-1; nb and nn as no
    access: Access
    section: str | None = None  # of the outlet, as the page writes it
    evidence: Evidence = NO_EVIDENCE


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectedPage:
    """A page that is no article, with the fields that were found all the same, for inspection."""

    rejection: Rejection
    fields: Article | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """One occurrence of a candidate's name."""

    candidate_id: str
    field: Field
    start: int  # code points
    end: int
    surface: str
    rule: str  # why it stands: full_name, inverted, initial_surname, misspelled, given_name, surname:REASON, initials:REASON


class Stance(StrEnum):
    """Where a country stands on a candidate."""

    SUPPORTS = "supports"
    OPPOSES = "opposes"  # will not accept, blocks
    WITHHOLDS = "withholds"  # undecided, not backed, no answer given, prefers to wait
    WITHDRAWS_OBJECTION = "withdraws-objection"  # drops a refusal without saying that it supports


class StatementStatus(StrEnum):
    """How firmly a position is known."""

    STATED = "stated"  # on the record: a named person, an office, a spokesperson, an official text
    REPORTED = "reported"  # unnamed officials, media, third parties, the reporter's own assertion
    EXPECTED = "expected"  # foreseen
    CONDITIONAL = "conditional"  # given, or foreseen, on a condition
    DENIED = "denied"  # the country rejects a claim about its position


@dataclass(frozen=True, slots=True, kw_only=True)
class Endorsement:
    """One country's position on one candidate, as one text gives it."""

    endorser: str  # ISO 3166-1 alpha-2
    candidate_id: str
    stance: Stance
    status: StatementStatus
    speaker: str | None  # full name of who speaks for the country on the record
    speaker_role: str | None  # office at that date: prime_minister, foreign_minister, …
    said_on: date | None  # where the text says the day
    field: Field  # in which the evidence stands
    start: int  # of the evidence, code points
    end: int
    evidence: str  # the sentence, verbatim: field[start:end]
    rule: str  # what decided it, for people


Direction = Literal["by", "about"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """Words said by a candidate, or by somebody about a candidate; in quotation marks or in reported speech."""

    candidate_id: str
    direction: Direction
    speaker: str | None  # as the text names him or her; the candidate's name for his or her own words
    is_direct: bool  # in quotation marks
    field: Field
    start: int  # of the words, without quotation marks; code points
    end: int
    quote: str  # verbatim: field[start:end]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A person named by an office alone (the Dutch premier), resolved by the article's date. Not a mention."""

    candidate_id: str
    field: Field
    start: int  # code points
    end: int
    surface: str
    rule: str  # office:<kind>


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotation:
    """What one text says about one watch list."""

    mentions: tuple[Mention, ...]
    in_race: bool  # the document is about the contest
    candidates_in_race: frozenset[str]  # candidate ids treated as contender or possible contender
    references: tuple[Reference, ...] = ()
    endorsements: tuple[Endorsement, ...] = ()  # one for each endorser and candidate
    quotes: tuple[Quote, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A text to be compared with others (see :mod:`transforms.dedupe`)."""

    id: str
    text: str
    outlet_id: str = ""
    is_agency: bool = False
    wire_agency: str | None = None
    published_at: datetime | None = None  # UTC
    published_until: datetime | None = None  # where only the day is known: the end of that local day, in UTC


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryMember:
    """A document's place in its story."""

    id: str
    story_id: str  # id of the lead
    copy_kind: CopyKind
    copy_of: str | None  # None for the lead
    similarity: float  # exact Jaccard or containment with the lead; 1.0 for the lead itself


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The one end of an item in a run."""

    kind: OutcomeKind
    reason: Reason | None = None
    detail: str = ""

    def __str__(self) -> str:
        return f"{self.kind}:{self.reason}" if self.reason else str(self.kind)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredBody:
    """The body of a response that lies in the archive already; an identical one is not stored again."""

    digest: str  # WARC-Payload-Digest, "sha1:" and base 32
    record_id: str  # of the response record that holds it
    url: str  # that answered with it
    fetched_at: datetime
    file: str  # relative to the archive's folder
    offset: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceState:
    """What the collection record knows of one feed, sitemap or page."""

    kind: SourceKind = SourceKind.FEED
    last_polled_at: datetime
    last_answered_at: datetime | None = None  # the last poll that succeeded
    etag: str | None = None
    last_modified: str | None = None
    failures: int = 0  # polls in a row without an answer that could be used
    failing: float = 0.0  # weighted days of that (transforms/feed_health.py)
    interval_minutes: float | None = None  # how often it is worth asking, by how much was new
    due_at: datetime | None = None  # not before, where only what is due is polled; a dead source is never asked before
    moved_to: str | None = None  # where it has moved for good: asked there
    stands_for: str | None = None  # the dead source in whose place it was found
    body: StoredBody | None = None  # of the last answer


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingItem:
    """An item that was discovered and has not ended yet."""

    item_id: str
    outlet_id: str
    link: ArticleLink
    first_seen_at: datetime
    attempts: int = 0  # that met a passing fault
    was_deferred: bool = False  # the record says so already: putting it off again is no news


@dataclass(frozen=True, slots=True, kw_only=True)
class Revisit:
    """An article that mentions a candidate, to be fetched again: was it edited?"""

    item_id: str
    url: str
    number: int  # 1: after a day, 2: after a week
    first_fetched_at: datetime
    etag: str | None = None
    last_modified: str | None = None
    body: StoredBody | None = None  # of the last fetch


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectionState:
    """The collection record as far as a collector needs it: what was polled, what is known, what is still to be fetched."""

    sources: Mapping[tuple[str, str], SourceState] = field(default_factory=dict)  # (outlet_id, source URL)
    known: Mapping[str, KnownItems] = field(default_factory=dict)  # outlet_id → its items
    pending: Mapping[str, tuple[PendingItem, ...]] = field(default_factory=dict)  # outlet_id → items, oldest first
    revisits: Mapping[str, tuple[Revisit, ...]] = field(default_factory=dict)  # outlet_id → articles, oldest first
    held_until: Mapping[str, datetime] = field(default_factory=dict)  # outlet_id → when it asked us to come back
