"""What stands behind a cell: found in the published file, told in words, fit for a terminal."""

# ruff: noqa: E501 (expected lines)

from __future__ import annotations

import json
import shutil
from pathlib import Path

import builders as b
import duckdb
import pytest
from builders import answers, day, fetch, mention, page, poll
from published_world import publish_unaudited

from flows.cli import call
from warehouse.explain import Explanation, NotKnown, TooOld, explain, gap_meaning, rule_meaning
from warehouse.explain_text import explanation_lines
from warehouse.messages import load

Captured = pytest.CaptureFixture[str]
ESCAPE = "\x1b[2J\x9b31m"  # clears a terminal
WIRE = "Ann Stone may lead the alliance, two envoys said.\nStone herself would not say. Bob Stone waits."


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The 2nd of July of one outlet: a wire copy, an article without a time, what is not counted, and one that came in when the day was final."""
    corrections = [{"article_id": b.article_id("baker"), "candidate_id": "ann", "reason": f"The baker{ESCAPE} of that name."}]
    outlets = (b.outlet("post", timezone="Europe/Amsterdam", panel_from=day("2024-06-20")), b.outlet("wire", agency=True))
    lists = (b.watchlist(since="2024-06-25", until="2024-12-31"), b.watchlist("next", ["zoe"], since="2025-01-01", until="2025-06-30"))
    with b.world(tmp_path_factory.mktemp("explain"), b.configuration(outlets, lists, corrections)) as world:
        world.record(*(poll(f"2024-07-0{d} {hour:02}:10", known=1) for d in (1, 2) for hour in (0, 6, 12, 18)))
        world.record(*(poll(f"2024-07-0{d} 00:10", known=1) for d in (3, 4)))
        world.record(*(poll(f"2024-07-0{d} 06:00", "failed", reason="timeout") for d in (5, 6)), poll("2024-07-08 06:00"))
        world.record(*(poll(f"2024-07-0{d} {hour:02}:20", known=1, outlet_id="wire") for d in range(1, 9) for hour in (0, 12)))
        lead = fetch("w", "2024-07-02 09:00", outlet_id="wire")
        events = {name: fetch(name, "2024-07-02 12:00") for name in ("copy", "plain", "baker", "office", "dateless", "other")}
        future = fetch("future", "2024-07-01 12:00")
        world.record(lead, future, *events.values())
        pages = {
            "w": page(lead, published="2024-07-02 07:00", text=WIRE, title="Ann Stone tipped"),
            "copy": page(events["copy"], published="2024-07-02 08:30", text=WIRE, title=f"Ann Stone{ESCAPE} tipped", wire_agency="wire"),
            "plain": page(events["plain"], published="2024-07-02", text="Nobody knows the garden of Ann Stone better than she does.", title="Gardens"),
            "baker": page(events["baker"], published="2024-07-02 09:00", text="The baker Ann Stone opens a shop.", title="Bread"),
            "office": page(events["office"], published="2024-07-02 10:00", text="The mayor opens a bridge today.", title="A bridge"),
            "dateless": page(events["dateless"], published=None, text="Years ago Ann Stone was a sailor.", title="Undated"),
            "other": page(events["other"], published="2024-07-02 11:00", title="Nobody here"),
            "future": page(future, published="2024-07-02 05:00", text="Tomorrow Ann Stone will speak.", title="Tomorrow"),
        }  # fmt: skip
        named = [mention(pages["w"], "ann"), mention(pages["w"], "bob")]
        named += [mention(pages["copy"], "ann", field="title"), mention(pages["copy"], "bob", sentence="Bob Stone waits.")]
        named += [mention(pages["copy"], "ann", sentence="Ann Stone may lead the alliance, two envoys said.")]
        named += [mention(pages["copy"], "ann", "Stone", number=1, sentence="Stone herself would not say.", rule="surname:established")]
        named += [mention(pages[name], "ann") for name in ("plain", "baker", "dateless", "future")]
        says = [a for name, row in pages.items() for a in answers(row, [b.LIST], ["ann"] if name in {"w", "copy"} else [])]
        world.add(*pages.values(), lists=says, mentions=named, page_references=[b.reference(pages["office"], "The mayor", "ann")])
        publish_unaudited(world)
        late = fetch("late", "2024-07-08 07:00")
        world.record(late)
        row = page(late, published="2024-07-02 20:00", text="In the evening Ann Stone slept.", title="Evening")
        world.add(row, lists=answers(row), mentions=[mention(row, "ann")])
        publish_unaudited(world, run_id="run-two-and-more")
        return world.target


@pytest.fixture(scope="module")
def found(published: Path) -> Explanation:
    return explain(published, "post", day("2024-07-02"), "ann")


# ---- what is found


def test_the_cell_with_its_denominators(found: Explanation) -> None:
    assert found.cell is not None
    measures = (
        "articles",
        "race_articles",
        "unique_articles",
        "originals",
        "mentions",
        "list_mentions",
        "total_articles",
        "collection_status",
    )
    assert [found.cell[name] for name in measures] == [3, 1, 3, 2, 5, 6, 6, "complete"]
    assert found.cell["share_of_voice"] == pytest.approx(5 / 6)
    assert found.cell["is_final"] is True
    assert found.absent is None


def test_its_articles_and_mentions_are_those_that_are_counted(found: Explanation) -> None:
    assert found.cell is not None
    assert [a["title"] for a in found.articles] == [f"Ann Stone{ESCAPE} tipped", "Evening", "Gardens"]
    assert [len(a["mentions"]) for a in found.articles] == [3, 1, 1]
    assert sum(len(a["mentions"]) for a in found.articles) == found.cell["mentions"]
    copy = found.articles[0]
    assert (copy["copy_kind"], copy["lead_outlet_id"], copy["lead_url"]) == ("exact", "wire", "https://wire.example/w")
    assert [(m["field"], m["surface"], m["rule"]) for m in copy["mentions"]] == [
        ("title", "Ann Stone", "full_name"), ("text", "Ann Stone", "full_name"), ("text", "Stone", "surname:established"),
    ]  # fmt: skip


def test_what_is_not_counted_and_why(found: Explanation) -> None:
    assert [(row["why"], row["title"], row["mentions"]) for row in found.not_counted] == [
        ("suppressed", "Bread", 1), ("future", "Tomorrow", 1), ("office", "A bridge", 1), ("undated", "Undated", 1),
    ]  # fmt: skip


def test_a_late_article_is_a_revision(found: Explanation) -> None:
    assert [(r["measure"], r["before"], r["after"], r["reason"], r["run_id"]) for r in found.revisions if r["measure"] != "share_of_voice"] == [
        ("articles", 2, 3, "late_arrival", "run-two-and-more"), ("mentions", 4, 5, "late_arrival", "run-two-and-more"),
        ("originals", 1, 2, "late_arrival", "run-two-and-more"), ("total_articles", 5, 6, "late_arrival", "run-two-and-more"),
        ("unique_articles", 2, 3, "late_arrival", "run-two-and-more"),
    ]  # fmt: skip


# ---- what is told


def test_the_whole_text(found: Explanation) -> None:
    lines = explanation_lines(found)
    assert lines[:-1] == [
        "Post, Tuesday 2 July 2024, Ann Stone (The-Post)",
        "The day in Europe/Amsterdam: 2024-07-01 22:00:00 to 2024-07-02 22:00:00 UTC",
        "",
        "In the counts: final, a later change is a revision. The day’s collection is complete.",
        "  articles              3   of 6 articles of the outlet and day",
        "  race_articles         1   about the contest, with the candidate as a contender or possible one",
        "  unique_articles       3   distinct stories",
        "  originals             2   stories whose lead is here",
        "  mentions              5   of 6 mentions of everybody in this contest",
        "  share_of_voice   83.3 %   5 over 6 mentions",
        "Items of the day: 8 discovered, 8 received; 8 new articles, 0 further addresses of known ones, 0 rejected, 0 failed or not yet received.",
        "",
        "Articles",
        "  1. Ann Stone[2J31m tipped",
        "     https://post.example/copy",
        "     published 2024-07-02 08:30:00 UTC, 2024-07-02 10:30:00 in Europe/Amsterdam; day in Brussels 2024-07-02; date from meta; first seen 2024-07-02 12:00:00 UTC",
        "     same words as https://wire.example/w (wire); credited to wire",
        "     about the contest, with the candidate as a contender or possible one",
        "       [Ann Stone][2J31m tipped",
        "         “Ann Stone” (headline, characters 0 to 9): the full name stands there",
        "       [Ann Stone] may lead the alliance, two envoys said.",
        "         “Ann Stone” (text, characters 0 to 9): the full name stands there",
        "       [Stone] herself would not say.",
        "         “Stone” (text, characters 50 to 55): the surname alone, and the text gives the whole name",
        "  2. Evening",
        "     https://post.example/late",
        "     published 2024-07-02 20:00:00 UTC, 2024-07-02 22:00:00 in Europe/Amsterdam; day in Brussels 2024-07-02; date from meta; first seen 2024-07-08 07:00:00 UTC",
        "     original: leads its story",
        "     not about the contest",
        "       In the evening [Ann Stone] slept.",
        "         “Ann Stone” (text, characters 15 to 24): the full name stands there",
        "  3. Gardens",
        "     https://post.example/plain",
        "     published on 2024-07-02, the time is not known; day in Brussels 2024-07-02; date from meta; first seen 2024-07-02 12:00:00 UTC",
        "     original: leads its story",
        "     not about the contest",
        "       Nobody knows the garden of [Ann Stone] better than she does.",
        "         “Ann Stone” (text, characters 27 to 36): the full name stands there",
        "",
        "Not counted",
        "  - Bread",
        "    https://post.example/baker",
        "    taken out by config/corrections.toml: The baker[2J31m of that name.; has 1 mention of the candidate",
        "  - Tomorrow",
        "    https://post.example/future",
        "    dated after the day on which it was fetched; has 1 mention of the candidate",
        "  - A bridge",
        "    https://post.example/office",
        "    names the candidate by an office alone (The mayor), which is no mention",
        "  - Undated",
        "    https://post.example/dateless",
        "    no date that can be trusted; first seen on this day; has 1 mention of the candidate",
        "",
        "Revisions",
        "  articles: 2 → 3, an article came in later (run run-two-, 2024-07-31 12:00:00 UTC)",
        "  mentions: 4 → 5, an article came in later (run run-two-, 2024-07-31 12:00:00 UTC)",
        "  originals: 1 → 2, an article came in later (run run-two-, 2024-07-31 12:00:00 UTC)",
        "  share_of_voice: 0.8 → 0.833333, an article came in later (run run-two-, 2024-07-31 12:00:00 UTC)",
        "  total_articles: 5 → 6, an article came in later (run run-two-, 2024-07-31 12:00:00 UTC)",
        "  unique_articles: 2 → 3, an article came in later (run run-two-, 2024-07-31 12:00:00 UTC)",
        "",
    ]
    assert lines[-1].startswith("Snapshot ")
    assert lines[-1].endswith(", counts as of 2024-07-08 12:20:00 UTC.")


def test_no_control_character_gets_to_the_terminal(found: Explanation) -> None:
    assert all(character.isprintable() for line in explanation_lines(found) for character in line)


def test_a_day_that_is_unknown_says_so_and_why(published: Path) -> None:
    lines = explanation_lines(explain(published, "post", day("2024-07-05"), "ann"))
    assert lines[3:5] == [
        "In the counts: final, a later change is a revision. The day’s collection is outage.",
        "Unknown, not zero: nothing could be collected on this day (polls or pages failed: timeout).",
    ]
    assert "Articles" not in lines


def test_a_zero_of_an_open_partial_day(published: Path) -> None:
    lines = explanation_lines(explain(published, "wire", day("2024-07-08"), "bob"))
    assert lines[3:11] == [
        "In the counts: open, final once the record reaches 2024-07-11 00:00:00 UTC. The day’s collection is partial.",
        "Something may be missing (the day was not over at the last poll).",
        "  articles              0   of 0 articles of the outlet and day",
        "  race_articles         0   about the contest, with the candidate as a contender or possible one",
        "  unique_articles       0   distinct stories",
        "  originals             0   stories whose lead is here",
        "  mentions              0   of 0 mentions of everybody in this contest",
        "  share_of_voice        –   nobody in this contest is mentioned",
    ]
    assert "  No article names the candidate." in lines
    assert "  The cell is open: changes are no revisions yet." in lines


@pytest.mark.parametrize(
    ("outlet_id", "local", "candidate_id", "reason"),
    [
        ("post", "2024-06-19", "ann", "the outlet is in the panel from 2024-06-20 on"),
        ("post", "2024-06-24", "ann", "the contest is followed from 2024-06-25 on"),
        ("post", "2024-06-28", "ann", "the collection record of the outlet begins on 2024-07-01"),
        ("post", "2024-07-20", "ann", "the collection record of the outlet ends on 2024-07-08"),
        ("post", "2024-07-02", "zoe", "the contest is followed from 2025-01-01 on"),
        ("wire", "2025-08-01", "zoe", "the contest was followed until 2025-06-30"),
    ],
)
def test_a_day_that_is_not_covered_is_explained(published: Path, outlet_id: str, local: str, candidate_id: str, reason: str) -> None:
    found = explain(published, outlet_id, day(local), candidate_id)
    assert found.cell is None
    assert found.absent == reason
    assert f"There is no cell: {reason}." in explanation_lines(found)


def test_what_is_none_is_told_with_what_may_have_been_meant(published: Path) -> None:
    with pytest.raises(NotKnown, match=r"^no outlet 'pst' in the published file; did you mean post\?$"):
        explain(published, "pst", day("2024-07-02"), "ann")
    with pytest.raises(NotKnown, match=r"no outlet 'x' .* / no candidate 'nobody' in the published file; the table candidates lists them"):
        explain(published, "x", day("2024-07-02"), "nobody")


def test_a_file_of_before_is_told(published: Path, tmp_path: Path) -> None:
    old = tmp_path / "old.duckdb"
    shutil.copy(published, old)
    with duckdb.connect(str(old)) as connection:
        connection.execute("UPDATE snapshot SET schema_version = 4")
    with pytest.raises(TooOld, match="earlier version"):
        explain(old, "post", day("2024-07-02"), "ann")


def test_a_long_sentence_is_shown_around_the_name(published: Path) -> None:
    found = explain(published, "post", day("2024-07-02"), "ann")
    long = found.articles[1]["mentions"][0]
    long["sentence"] = "word " * 300 + "Ann Stone " + "word " * 300
    (line,) = [line for line in explanation_lines(found) if "word word" in line]
    assert "[Ann Stone]" in line
    assert line.strip().startswith("…")
    assert line.endswith("…")
    assert len(line) < 450


@pytest.mark.parametrize(
    ("zone", "local", "begins", "ends"),
    [
        ("Atlantic/Azores", "2024-10-27", "2024-10-27 00:00", "2024-10-28 01:00"),  # midnight is there twice
        ("Atlantic/Azores", "2024-10-26", "2024-10-26 00:00", "2024-10-27 00:00"),
        ("Europe/Brussels", "2024-03-31", "2024-03-30 23:00", "2024-03-31 22:00"),
        ("Africa/Cairo", "2024-04-26", "2024-04-25 22:00", "2024-04-26 21:00"),  # midnight is left out
    ],
)
def test_the_span_of_a_day(published: Path, tmp_path: Path, zone: str, local: str, begins: str, ends: str) -> None:
    moved = tmp_path / "moved.duckdb"
    shutil.copy(published, moved)
    with duckdb.connect(str(moved)) as connection:
        connection.execute("UPDATE outlets SET timezone = ?", [zone])
    place = explain(moved, "post", day(local), "ann").place
    assert (place["starts_at"], place["ends_at"]) == (b.at(begins), b.at(ends))


# ---- words


def test_every_rule_has_its_words() -> None:
    words = load()
    assert rule_meaning("initials:among_candidates", words) == "the initials alone, and the text names another listed person"
    assert rule_meaning("misspelled", words) == "the whole name in another spelling"
    for rule in ("", "surname", "surname:unheard", "other:contest", "unheard"):
        assert rule_meaning(rule, words) == rule
    assert gap_meaning("server_error", words) == "polls or pages failed: server_error"
    assert gap_meaning("failed", words) == "polls or pages failed: failed"
    assert gap_meaning(None, words) is None


# ---- the command


@pytest.fixture
def config(minimal_config: Path, published: Path) -> Path:
    data = minimal_config.parent / "data"
    data.mkdir()
    shutil.copy(published, data / "coverage.duckdb")
    return minimal_config


def test_the_command_prints_text_and_json(config: Path, capsys: Captured) -> None:
    words = ["explain", "post", "2024-07-02", "ann", "--config", str(config)]
    assert call(words) == 0
    assert capsys.readouterr().out.splitlines() == explanation_lines(
        explain(config.parent / "data" / "coverage.duckdb", "post", day("2024-07-02"), "ann")
    )
    assert call([*words, "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["cell"]["articles"] == 3
    assert told["place"]["starts_at"] == "2024-07-01T22:00:00+00:00"
    assert told["articles"][0]["mentions"][2]["meaning"] == "the surname alone, and the text gives the whole name"
    assert told["not_counted"][0]["why"] == "suppressed"


def test_a_day_that_is_not_covered_is_no_failure(config: Path, capsys: Captured) -> None:
    assert call(["explain", "post", "2024-06-01", "ann", "--config", str(config)]) == 0
    assert "There is no cell: the outlet is in the panel from 2024-06-20 on." in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["nowhere", "2024-07-02", "ann"], "no outlet 'nowhere'"),
        (["post", "2024-07-02", "nobody"], "no candidate 'nobody'"),
        (["post", "2024-07-32", "ann"], "DAY 2024-07-32: is not a day such as 2024-07-04"),
        (["post", "yesterday", "ann"], "is not a day"),
        (["post", "2024-07-02"], "CANDIDATE"),
        (["post", "2024-07-02", "ann", "--format", "xml"], "xml"),
    ],
)
def test_what_is_none_is_bad_usage(config: Path, words: list[str], told: str, capsys: Captured) -> None:
    assert call(["explain", *words, "--config", str(config)]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert told in said.err
    assert "Traceback" not in said.err


def test_nothing_published_is_a_failure(minimal_config: Path, capsys: Captured) -> None:
    assert call(["explain", "post", "2024-07-02", "ann", "--config", str(minimal_config)]) == 1
    assert "coverage.duckdb" in capsys.readouterr().err
