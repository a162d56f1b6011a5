"""Polars schemas of the frames that pass from the flows into the warehouse. Column names are those of the staging tables."""

from __future__ import annotations

import polars as pl

INSTANT = pl.Datetime("us", "UTC")

PAGES: dict[str, pl.DataType | type[pl.DataType]] = {
    "fetch_id": pl.String,
    "origin": pl.String,
    "outlet_id": pl.String,
    "item_id": pl.String,
    "url": pl.String,
    "fetched_at": INSTANT,
    "first_seen_at": INSTANT,
    "article_id": pl.String,
    "canonical_url": pl.String,
    "title": pl.String,
    "text": pl.String,
    "authors": pl.List(pl.String),
    "byline_org": pl.String,
    "wire_agency": pl.String,
    "published_at": INSTANT,
    "published_on": pl.Date,
    "modified_at": INSTANT,
    "date_source": pl.String,
    "date_precision": pl.String,
    "language": pl.String,
    "access": pl.String,
    "word_count": pl.Int32,
    "rejected_stage": pl.String,
    "rejected_reason": pl.String,
    "rejected_detail": pl.String,
    "read_version": pl.String,
}

PAGE_WATCHLISTS: dict[str, pl.DataType | type[pl.DataType]] = {
    "fetch_id": pl.String,
    "watchlist_id": pl.String,
    "in_race": pl.Boolean,
    "candidates_in_race": pl.List(pl.String),
    "list_version": pl.String,
}

PAGE_MENTIONS: dict[str, pl.DataType | type[pl.DataType]] = {
    "fetch_id": pl.String,
    "watchlist_id": pl.String,
    "candidate_id": pl.String,
    "field": pl.String,
    "char_start": pl.Int32,
    "char_end": pl.Int32,
    "surface": pl.String,
    "sentence": pl.String,
    "rule": pl.String,
}

PAGE_ENDORSEMENTS: dict[str, pl.DataType | type[pl.DataType]] = {
    "fetch_id": pl.String,
    "watchlist_id": pl.String,
    "endorser": pl.String,
    "candidate_id": pl.String,
    "stance": pl.String,
    "status": pl.String,
    "speaker": pl.String,
    "speaker_role": pl.String,
    "said_on": pl.Date,
    "field": pl.String,
    "char_start": pl.Int32,
    "char_end": pl.Int32,
    "evidence": pl.String,
    "rule": pl.String,
}

PAGE_QUOTES: dict[str, pl.DataType | type[pl.DataType]] = {
    "fetch_id": pl.String,
    "watchlist_id": pl.String,
    "candidate_id": pl.String,
    "direction": pl.String,
    "speaker": pl.String,
    "is_direct": pl.Boolean,
    "field": pl.String,
    "char_start": pl.Int32,
    "char_end": pl.Int32,
    "quote": pl.String,
}

PAGE_REFERENCES: dict[str, pl.DataType | type[pl.DataType]] = {
    "fetch_id": pl.String,
    "watchlist_id": pl.String,
    "candidate_id": pl.String,
    "field": pl.String,
    "char_start": pl.Int32,
    "char_end": pl.Int32,
    "surface": pl.String,
    "rule": pl.String,
}

# Every table of a batch, by its name in staging and core.
STAGED = {
    "pages": PAGES,
    "page_watchlists": PAGE_WATCHLISTS,
    "page_mentions": PAGE_MENTIONS,
    "page_endorsements": PAGE_ENDORSEMENTS,
    "page_quotes": PAGE_QUOTES,
    "page_references": PAGE_REFERENCES,
}

LEDGER_POSITIONS: dict[str, pl.DataType | type[pl.DataType]] = {
    "article_id": pl.String,
    "endorser": pl.String,
    "candidate_id": pl.String,
    "number": pl.Int32,
    "changed_on": pl.Date,
    "date_precision": pl.String,
    "date_basis": pl.String,
    "flag": pl.String,
    "confirmations": pl.Int64,
    "stated_on": pl.Date,
    "last_confirmed_on": pl.Date,
}

LEDGER_RELATIONS: dict[str, pl.DataType | type[pl.DataType]] = {
    "article_id": pl.String,
    "endorser": pl.String,
    "candidate_id": pl.String,
    "relation": pl.String,
}

STORY_MEMBERS: dict[str, pl.DataType | type[pl.DataType]] = {
    "article_id": pl.String,
    "story_id": pl.String,
    "copy_kind": pl.String,
    "copy_of": pl.String,
    "similarity": pl.Float64,
}

QUALITY_RESULTS: dict[str, pl.DataType | type[pl.DataType]] = {
    "run_id": pl.String,
    "suite": pl.String,
    "expectation": pl.String,
    "severity": pl.String,
    "success": pl.Boolean,
    "observed": pl.String,
    "expected": pl.String,
    "failing_rows": pl.Int64,
    "sample": pl.String,
    "finding": pl.String,
    "accepted": pl.String,
}
