"""Makes the files of an earlier schema with the code of that time; how it is called stands in README.md.

What is told to the code of each version is the same small press of July 2024, with what that version is the first to know. It is not
needed to run the tests, and no test imports it.
"""

# ruff: noqa: T201 (a script)

from __future__ import annotations

import gzip
import sys
import tempfile
from pathlib import Path

HERE = Path.cwd()  # the checkout of the version
sys.path[:0] = [str(HERE), str(HERE / "tests" / "warehouse")]

import builders as b  # noqa: E402
import duckdb  # noqa: E402
from builders import answers, fetch, mention, page, poll, rejected  # noqa: E402

import warehouse  # noqa: E402
from warehouse import audit, load, publish  # noqa: E402
from warehouse.database import SCHEMA_VERSION  # noqa: E402

ONE, TWO, LIST = "run-one", "run-two", b.LIST
OUTLETS = (
    b.outlet("post"),
    b.outlet("courier", language="nl", country="NL", timezone="Europe/Amsterdam"),
    b.outlet("wire", country="FR", timezone="Europe/Paris", agency=True),
)
AGENCY_TEXT = (
    "Ann Stone is ahead of Bob Stone in the race for the post, four envoys said on Monday after a long evening in the east wing. "
    "Nobody would be named, nobody would be quoted, and the soup was cold by the time the last of them had come down the stairs. "
    "A decision is expected before the summer is out, or failing that before the harbour freezes and the ferries stop for the year."
)
LEAD = (
    "France supports Ann Stone for the post, its minister said. “I am ready,” Ann Stone said. The commissioner then left by the back door."
)
LATE = fetch("late", "2024-07-05 06:00", run_id=TWO)  # received, staged, but never taken in


def main(target: Path) -> None:
    """Both files of the version whose checkout is the working directory, compressed, into ``target``."""
    assert Path(warehouse.__file__).is_relative_to(HERE), "the code in use is not that of the working directory"
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        fill(folder)
        for kind in ("warehouse", "coverage"):
            path = folder / f"{kind}.duckdb"
            with duckdb.connect(str(path)) as connection:
                connection.execute("CHECKPOINT").fetchall()
            packed = target / f"schema-{SCHEMA_VERSION}.{kind}.duckdb.gz"
            packed.write_bytes(gzip.compress(path.read_bytes(), 9, mtime=0))
            print(f"{packed.name}: {packed.stat().st_size} bytes")


def fill(folder: Path) -> None:
    """Two runs, a publication, and a page that is staged and waits."""
    suppress = [{"article_id": b.article_id("namesake", "courier"), "candidate_id": "ann", "reason": "a namesake who sells boats"}]
    with b.world(folder, b.configuration(OUTLETS, suppress=suppress)) as world:
        first_run(world)
        second_run(world)
        publication = world.publish(run_id=TWO)
        assert publication.snapshot_hash is not None, [result for result in publication.results if not result.success]
        load.end_run(world.connection, TWO, b.PUBLISHED_AT, "succeeded")
        world.stage([page(LATE, published="2024-07-05 05:00")])


def first_run(world: b.World) -> None:
    """Seven items of three outlets: five articles, a page that is none, one that is not there; a copy, an undated page, a namesake."""
    load.start_run(world.connection, ONE, "run", b.at("2024-07-01 12:00"), "0.1", "c")
    lead, copy, bare = fetch("lead", "2024-07-01 08:00"), fetch("copy", "2024-07-01 09:00"), fetch("bare", "2024-07-01 09:30")
    section, gone = fetch("section", "2024-07-01 09:40"), fetch("gone", "2024-07-01 09:50", "failed", reason="not_found", http_status=404)
    namesake = fetch("namesake", "2024-07-01 09:00", outlet_id="courier")
    wire = fetch("flash", "2024-07-01 08:30", outlet_id="wire")
    events = [lead, copy, bare, section, gone, namesake, wire]
    known_since_two = {"etag": '"one"', "due_at": "2024-07-01 07:00", "interval_minutes": 60.0} if SCHEMA_VERSION > 1 else {}
    for outlet_id in ("post", "courier", "wire"):
        items = [b.item(event["url"], outlet_id, title="As listed") for event in events if event["outlet_id"] == outlet_id]
        world.record(
            poll("2024-07-01 06:00", outlet_id=outlet_id, items=items, run_id=ONE, **known_since_two),
            *(event | {"run_id": ONE} for event in events if event["outlet_id"] == outlet_id),
        )
    seen = {"first_seen_at": b.at("2024-07-01 06:00")}
    lead_page = page(lead, **seen, published="2024-07-01 07:00", text=LEAD, title="Ann Stone and the post", authors=["Mo Lamp"])
    copy_page = page(copy, **seen, published="2024-07-01 08:00", text=AGENCY_TEXT, byline_org="Wire")
    wire_page = page(wire, **seen, published="2024-07-01 07:30", text=AGENCY_TEXT)
    bare_page = page(bare, **seen, published=None, text="Bob Stone has no date.")
    namesake_page = page(namesake, **seen, published="2024-07-01", text="Ann Stone sells boats. Bob Stone does not.", language="nl")
    pages = [lead_page, copy_page, wire_page, bare_page, namesake_page]
    mentions = [
        mention(lead_page, "ann", field="title"), mention(lead_page, "ann"), mention(lead_page, "ann", number=1),
        mention(copy_page, "ann"), mention(copy_page, "bob"), mention(wire_page, "ann"), mention(wire_page, "bob"),
        mention(bare_page, "bob"), mention(namesake_page, "ann"), mention(namesake_page, "bob"),
    ]  # fmt: skip
    said = [answer for row in pages for answer in answers(row, in_race=("ann", "bob") if row["text"] == AGENCY_TEXT else ())]
    commit(world, ONE, [*pages, rejected(section, "not_article", **seen)], said, mentions, findings(lead_page))
    load.end_run(world.connection, ONE, b.at("2024-07-01 12:30"), "succeeded")


def findings(row: b.Row) -> dict[str, list[b.Row]]:
    """A statement, a quote and a reference, which the fourth schema is the first to have."""
    if SCHEMA_VERSION < 4:
        return {}
    statement = b.statement(row, evidence="France supports Ann Stone for the post, its minister said.", speaker="its minister")
    return {
        "page_endorsements": [statement],
        "page_quotes": [b.quote(row, "I am ready,")],
        "page_references": [b.reference(row, "The commissioner")],
    }


def second_run(world: b.World) -> None:
    """The lead with another headline, a second address of it, a poll that failed; since the second schema a file that was deleted."""
    load.start_run(world.connection, TWO, "run", b.at("2024-07-05 06:00"), "0.2", "c")
    if SCHEMA_VERSION > 1:  # an article is looked at again
        again = fetch("lead", "2024-07-02 08:00", visit=1, record_id="lead-again", etag='"two"', opt_outs=["noai"])
    else:  # the same article at a second address
        again = fetch("lead?from=feed", "2024-07-02 08:00")
    alias = fetch("lead/amp", "2024-07-02 08:10")
    for outlet_id in ("post", "courier", "wire"):
        fetched = [again, alias] if outlet_id == "post" else []
        items = [b.item(event["url"], outlet_id) for event in fetched if event.get("visit", 0) == 0]
        world.record(
            poll("2024-07-02 06:00", outlet_id=outlet_id, items=items, known=2, run_id=TWO),
            *(event | {"run_id": TWO} for event in fetched),
            poll("2024-07-05 06:00", outlet_id=outlet_id, known=2, run_id=TWO, items=[b.item("late")] if outlet_id == "post" else []),
        )
    world.record(LATE)
    trouble = {"failures": 3, "failing": 2.5} if SCHEMA_VERSION > 1 else {}
    world.record(poll("2024-07-05 06:01", "failed", outlet_id="courier", source="old", reason="not_found", run_id=TWO, **trouble))
    if SCHEMA_VERSION > 1:
        world.record({"event": "prune", "warc_file": "2023.warc.gz", "pruned_at": b.stamp("2024-07-05 06:10"), "bytes": 1234})
    edited = {
        "canonical": "lead",
        "title": "Ann Stone gets the post",
        "text": LEAD,
        "published": "2024-07-01 07:00",
        "authors": ["Mo Lamp"],
    }
    pages = [
        page(again, first_seen_at=b.at("2024-07-01 06:00" if SCHEMA_VERSION > 1 else "2024-07-02 06:00"), **edited),
        page(alias, first_seen_at=b.at("2024-07-02 06:00"), **edited),
    ]
    mentions = [
        found for row in pages for found in (mention(row, "ann", field="title"), mention(row, "ann"), mention(row, "ann", number=1))
    ]
    others = [findings(row) for row in pages]
    commit(
        world, TWO, pages, [answer for row in pages for answer in answers(row)], mentions,
        {table: [found for each in others for found in each[table]] for table in others[0]},
    )  # fmt: skip


def commit(
    world: b.World, run_id: str, pages: list[b.Row], lists: list[b.Row], mentions: list[b.Row], others: dict[str, list[b.Row]]
) -> None:
    """Stage, judge and take in, as the processing pass does."""
    load.clear_staging(world.connection)
    world.stage(pages, lists, mentions, **others)
    results = audit.audit(world.connection, "staging")
    audit.record(world.connection, run_id, results)
    assert not audit.refusals(results), audit.refusals(results)
    world.commit(run_id)
    load.clear_staging(world.connection)


if __name__ == "__main__":
    assert publish.CONTENT_TABLES
    main(Path(sys.argv[1]).resolve())
