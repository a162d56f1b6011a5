"""The story that the project starts from, read against the calendar of the contest: a restatement, not news."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path

from support import shared_data

from transforms.annotation import annotate, compile_watchlist
from transforms.ledger import Relation, Statement, settle
from transforms.params import Watchlist
from transforms.records import Endorsement, Stance, StatementStatus

LIST = Path(__file__).resolve().parents[2] / "config/watchlists/nato-secretary-general-2024.toml"
PUBLISHED = date(2024, 7, 9)
ANNOUNCED = date(2024, 2, 22)


def statements() -> dict[str, Endorsement]:
    title, _, text = (shared_data("founding-story.txt")).read_text(encoding="utf-8").partition("\n")
    compiled = compile_watchlist(Watchlist.model_validate(tomllib.loads(LIST.read_text(encoding="utf-8"))))
    found = annotate(compiled, title, text, "en", PUBLISHED).endorsements
    assert {e.candidate_id for e in found} == {"mark-rutte"}
    assert {e.stance for e in found} == {Stance.SUPPORTS}
    return {e.endorser: e for e in found}


def test_the_defence_secretary_speaks_and_the_others_are_reported() -> None:
    found = statements()
    assert set(found) == {"GB", "US", "DE", "FR"}
    british = found["GB"]
    assert (british.status, british.speaker, british.speaker_role) == (StatementStatus.STATED, "John Healey", "defence_minister")
    assert "Shadow" not in british.evidence
    assert {found[country].status for country in ("US", "DE", "FR")} == {StatementStatus.REPORTED}


def test_it_restates_what_was_announced_in_february() -> None:
    def statement(article_id: str, day: date, status: StatementStatus, endorser: str) -> Statement:
        return Statement(
            article_id=article_id,
            endorser=endorser,
            candidate_id="mark-rutte",
            stance=Stance.SUPPORTS,
            status=status,
            said_on=None,
            published_on=day,
            published_at=None,
        )

    known = [statement(f"february {c}", ANNOUNCED, StatementStatus.STATED, c) for c in ("GB", "US", "DE")]
    told = [statement("july", PUBLISHED, e.status, country) for country, e in statements().items()]
    ledger = settle([*known, *told])
    since = {p.statement.endorser: p.statement.day for p in ledger.positions}
    assert since == {"GB": ANNOUNCED, "US": ANNOUNCED, "DE": ANNOUNCED, "FR": PUBLISHED}
    assert ledger.relations["july", "GB", "mark-rutte"] is Relation.CONFIRMS
