"""What a person accepts of a refused run, and that it holds for exactly that."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import builders as b
import pytest
from builders import PUBLISHED_AT, World

from warehouse import acceptance, audit, load
from warehouse.audit import QualityResult

WRONG = QualityResult(
    suite="checks/staging", expectation="planted", severity="critical", success=False, observed="1 wrong rows", expected="none",
    failing_rows=1, sample='[{"fetch_id": "f"}]', finding="f",
)  # fmt: skip


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with b.world(tmp_path) as made:
        for run in ("refused-1", "refused-2", "fine"):
            load.start_run(made.connection, run, "process", PUBLISHED_AT, "1", "c")
        audit.record(made.connection, "refused-1", [WRONG, replace(WRONG, expectation="slight", severity="warning")])
        audit.record(made.connection, "fine", [replace(WRONG, success=True)])
        yield made


def test_an_acceptance_holds_for_one_finding(world: World) -> None:
    refusal = acceptance.find_refusal(world.connection, "refused-1")
    assert (refusal.run_id, refusal.results, refusal.of_batch, refusal.staged) == ("refused-1", (WRONG,), True, False)
    for _ in range(2):
        acceptance.accept(world.connection, refusal, "seen by the desk", PUBLISHED_AT)
    assert world.query("SELECT count(*) FROM history.acceptances") == [(1,)]
    (judged,) = acceptance.with_acceptances(world.connection, [WRONG])
    assert judged.accepted == "seen by the desk"
    assert audit.refusals([judged]) == []
    for change in ({"finding": "g"}, {"expectation": "another"}, {"suite": "staging.pages"}):
        (judged,) = acceptance.with_acceptances(world.connection, [replace(WRONG, **change)])
        assert audit.refusals([judged]) == [judged]


def test_a_batch_is_of_the_run_that_staged_it_until_it_is_cleared(world: World) -> None:
    row = b.page(b.fetch("a", "2024-07-02 08:00"))
    for run in ("refused-1", "refused-2"):
        load.stage(world.connection, [{"pages": [row]}], run)
    assert acceptance.find_refusal(world.connection, "refused-1").staged
    load.clear_staging(world.connection)
    assert not acceptance.find_refusal(world.connection, "refused-1").staged


@pytest.mark.parametrize("prefix", ["", "none", "refused"])
def test_a_run_is_named_by_a_unique_beginning_of_its_id(world: World, prefix: str) -> None:
    with pytest.raises(acceptance.NoSuchRun):
        acceptance.find_refusal(world.connection, prefix)


def test_a_run_that_was_not_refused_cannot_be_accepted(world: World) -> None:
    with pytest.raises(acceptance.NotRefused, match="fine"):
        acceptance.find_refusal(world.connection, "fine")
