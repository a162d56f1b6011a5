"""A correction that takes nothing out is named by the audit: it was meant for something else, or its article has gone."""

from __future__ import annotations

from pathlib import Path

import builders as b
from builders import fetch, mention, page, poll

from warehouse import audit


def test_a_correction_that_matches_nothing_is_named(tmp_path: Path) -> None:
    corrected = [
        ("named", "ann"),
        ("named", "bob"),
        ("office", "ann"),
        ("said", "bob"),
        ("backed", "ann"),
        ("plain", "ann"),
        ("gone", "ann"),
    ]
    suppress = [{"article_id": b.article_id(name), "candidate_id": who, "reason": f"{who} in {name}"} for name, who in corrected]
    with b.world(tmp_path, b.configuration(suppress=suppress)) as world:
        events = {name: fetch(name, "2024-07-02 08:00") for name in ("named", "office", "said", "backed", "plain")}
        world.record(poll("2024-07-01 06:00"), poll("2024-07-04 06:00", known=1), *events.values())
        pages = {name: page(event, text=f"Ann Stone, the mayor, went {name}.") for name, event in events.items()}
        world.add(
            *pages.values(),
            mentions=[mention(pages["named"], "ann")],
            page_references=[b.reference(pages["office"], "the mayor", "ann")],
            page_quotes=[b.quote(pages["said"], "went said", "bob")],
            page_endorsements=[b.statement(pages["backed"], "FR", "ann")],
        )
        world.build()
        (rule,) = [rule for rule in audit.checks("published") if rule.name == "correction_matches"]
        assert rule.severity == "warning"
        expected = sorted(
            (b.article_id(name), who, f"{who} in {name}") for name, who in (("named", "bob"), ("plain", "ann"), ("gone", "ann"))
        )
        assert world.query(rule.query) == expected
