"""The index of texts: whatever the runs, the edits and the deletions, stories are what they are when all texts are read at once."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

import builders as b
import pytest
from builders import World, fetch, page
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from transforms import dedupe, fingerprints
from transforms.records import Document, StoryMember
from warehouse import build, stories

OUTLETS = [b.outlet("post"), b.outlet("wire", agency=True), b.outlet("late", timezone="America/New_York")]


def prose(seed: int, count: int) -> list[str]:
    """Sentences of eight made-up words each."""
    chance = random.Random(seed)
    return [" ".join(f"w{chance.randrange(5_000)}" for _ in range(8)).capitalize() + "." for _ in range(count)]


BOILERPLATE = prose(99, 3)


@st.composite
def texts(draw: st.DrawFn) -> str:
    """Copies of a few bases: cut, with sentences replaced, with boilerplate; some very short, some without a word."""
    length = draw(st.sampled_from([0, 1, 3, 8, 20, 60]))
    sentences = prose(draw(st.integers(0, 2)), 60)[:length]
    other = prose(draw(st.integers(10, 12)), length)
    every = draw(st.sampled_from([0, 0, 2, 4, 7]))
    if every:
        sentences = [theirs if place % every == 0 else ours for place, (ours, theirs) in enumerate(zip(sentences, other, strict=True))]
    if draw(st.booleans()):
        sentences = [*sentences, *BOILERPLATE]
    if length:  # makes copies differ
        sentences = [*sentences, *prose(draw(st.integers(20, 25)), 1)]
    text = " ".join(sentences)
    return text.upper() if draw(st.booleans()) else text


ARTICLES = st.fixed_dictionaries(
    {
        "text": texts(),
        "outlet": st.sampled_from(["post", "wire", "late"]),
        "published": st.sampled_from(["2024-07-02 07:00", "2024-07-02", "2024-07-03 04:00", None]),
        "credit": st.sampled_from([None, "wire"]),
    }
)
# a run: articles by name, new or changed; None takes one away
RUNS = st.lists(st.dictionaries(st.integers(0, 9), st.none() | ARTICLES, max_size=6), min_size=1, max_size=5)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with b.world(tmp_path, b.configuration(OUTLETS)) as made:
        yield made


def put(world: World, name: object, article: dict[str, str | None] | None) -> None:
    world.query("INSERT INTO core.changed_articles SELECT article_id FROM core.pages WHERE canonical_url LIKE '%/' || ?", f"n{name}")
    world.query("DELETE FROM core.pages WHERE canonical_url LIKE '%/' || ?", f"n{name}")
    if article is not None:
        event = fetch(f"n{name}", "2024-07-05 08:00", outlet_id=article["outlet"])
        row = page(event, published=article["published"], wire_agency=article["credit"])
        world.add(row | {"text": article["text"]}, lists=[])


def kept(world: World, *, anew: bool = False) -> list[StoryMember]:
    """All members, after what has changed was looked at."""
    build.touch(world.connection, anew=anew)
    build.choose_pages(world.connection)
    world.query("DELETE FROM core.changed_articles")
    rows = world.query("SELECT article_id, story_id, copy_kind, copy_of, similarity FROM core.story_members ORDER BY article_id")
    return [StoryMember(id=i, story_id=s, copy_kind=kind, copy_of=of, similarity=alike) for i, s, kind, of, alike in rows]


def at_once(world: World) -> list[StoryMember]:
    rows = world.query(
        """
        SELECT pages.article_id, text, pages.outlet_id, is_agency, wire_agency, published_at,
            ((pages.published_on + 1)::TIMESTAMP AT TIME ZONE timezone) - INTERVAL 1 MICROSECOND
        FROM core.article_pages JOIN core.pages USING (fetch_id) JOIN core.outlets ON pages.outlet_id = outlets.outlet_id
        """
    )
    return dedupe.find_stories(
        Document(id=i, text=text, outlet_id=outlet, is_agency=agency, wire_agency=wire, published_at=moment, published_until=until)
        for i, text, outlet, agency, wire, moment, until in rows
    )


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(RUNS, st.sampled_from([1, 2, 3, 1_000]), st.sampled_from([2, 1_000]))
def test_runs_edits_and_deletions_give_what_all_texts_at_once_give(
    runs: list[dict[int, dict[str, str | None] | None]], common: int, at_a_time: int
) -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        b.world(Path(folder), b.configuration(OUTLETS)) as world,
        mock.patch.object(fingerprints, "COMMON", common),
        mock.patch.object(stories, "COMMON", common),
        mock.patch.object(stories, "_TEXTS_AT_A_TIME", at_a_time),
        mock.patch.object(stories, "_COMPARED_AT_A_TIME", at_a_time),
        mock.patch.object(stories, "_INDEXED_AT_A_TIME", 3 if at_a_time == 2 else at_a_time),
    ):
        for run in runs:
            for name, article in run.items():
                put(world, name, article)
            assert kept(world) == at_once(world)
        held = [world.query(f"FROM core.{table} ORDER BY ALL") for table in stories._TABLES[:-1]]
        world.query("DELETE FROM core.story_index")
        assert kept(world, anew=True) == at_once(world)
        assert [world.query(f"FROM core.{table} ORDER BY ALL") for table in stories._TABLES[:-1]] == held


def article(sentences: list[str], hour: int = 7, outlet: str = "post", credit: str | None = None) -> dict[str, str | None]:
    return {"text": " ".join(sentences), "outlet": outlet, "published": f"2024-07-02 {hour:02}:00", "credit": credit}


def counted(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many texts are turned into shingles, call by call."""
    read: list[int] = []

    def count(texts: list[str]) -> object:
        read.append(len(texts))
        return real(texts)

    real = stories.shingle
    monkeypatch.setattr(stories, "shingle", count)
    monkeypatch.setattr("transforms.copies.shingle", count)
    return read


def test_only_new_texts_and_their_candidates_are_read(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(30):
        put(world, number, article(prose(number, 30)))
    kept(world)
    read = counted(monkeypatch)
    kept(world)
    assert read == []
    put(world, 30, article(prose(7, 30)[:20], hour=9))
    found = {member.id: member for member in kept(world)}
    assert sum(read) == 3  # the new one; then it and its candidate
    assert found[b.article_id("n30")].copy_of == b.article_id("n7")


def test_a_story_grows_and_its_lead_may_change(world: World) -> None:
    text = prose(1, 30)
    put(world, 1, article(text, hour=9))
    assert {member.copy_kind for member in kept(world)} == {"original"}
    put(world, 2, article(text[:20], hour=8, outlet="wire"))
    found = {member.id: member for member in kept(world)}
    assert found[b.article_id("n1")].copy_of == b.article_id("n2", "wire")
    assert found[b.article_id("n1")].copy_kind == "syndicated"


def test_a_link_that_goes_parts_the_story(world: World) -> None:
    one, other = prose(1, 30), prose(2, 30)
    put(world, 1, article(one))
    put(world, 2, article(other, hour=8))
    put(world, 3, article([*one, *other], hour=9))
    assert len({member.story_id for member in kept(world)}) == 1
    put(world, 3, article(prose(3, 30), hour=9))
    assert len({member.story_id for member in kept(world)}) == 3


def test_fingerprints_that_become_common_join_no_more_and_join_again_when_they_are_rare(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fingerprints, "COMMON", 2)
    monkeypatch.setattr(stories, "COMMON", 2)
    copies = [article([*prose(1, 30), *prose(10 + number, 2)], hour=number) for number in range(4)]
    put(world, 0, copies[0])
    put(world, 1, copies[1])
    assert len({member.story_id for member in kept(world)}) == 1
    put(world, 2, copies[2])
    put(world, 3, copies[3])
    assert len({member.story_id for member in kept(world)}) == 4
    put(world, 0, None)
    put(world, 1, None)
    assert len({member.story_id for member in kept(world)}) == 1  # the two that never were compared
    put(world, 0, copies[0])
    assert len({member.story_id for member in kept(world)}) == 3
    put(world, 3, None)
    assert kept(world) == at_once(world)
    assert len({member.story_id for member in kept(world)}) == 1


def test_a_failure_leaves_the_index_as_it_was(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    put(world, 1, article(prose(1, 30)))
    kept(world)
    put(world, 2, article(prose(1, 20)))
    with monkeypatch.context() as patch:
        patch.setattr(stories, "compare", lambda *_: (_ for _ in ()).throw(OSError("disk full")))
        with pytest.raises(OSError, match="disk full"):
            kept(world)
    assert world.query("SELECT count(*) FROM core.article_texts") == [(1,)]
    assert kept(world) == at_once(world)


def test_other_code_begins_anew(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    put(world, 1, article(prose(1, 30)))
    kept(world)
    monkeypatch.setattr(stories, "index_version", lambda: "other")
    read = counted(monkeypatch)
    kept(world, anew=True)
    assert read == [1]
    assert world.query("SELECT version FROM core.story_index") == [("other",)]


def test_an_article_without_text_has_no_story(world: World) -> None:
    put(world, 1, article(prose(1, 30)))
    event = fetch("bare", "2024-07-05 08:00")
    world.add(page(event) | {"text": None}, lists=[])
    assert [member.id for member in kept(world)] == [b.article_id("n1")]


def test_the_end_of_a_day_comes_after_its_hours(world: World) -> None:
    text = prose(1, 30)
    put(world, 1, {"text": " ".join(text), "outlet": "late", "published": "2024-07-02", "credit": None})
    # New York's second of July ends a minute later
    put(world, 2, {"text": " ".join(text), "outlet": "post", "published": "2024-07-03 03:59", "credit": None})
    assert {member.story_id for member in kept(world)} == {b.article_id("n2")}


def test_what_is_indexed_in_bulk_can_be_read(world: World) -> None:
    """More rows in one statement than DuckDB keeps in a row group (122,880)."""
    for number in range(4):
        words = " ".join(map(str, range(number * 1_000_000, number * 1_000_000 + 450_000)))
        put(world, number, {"text": words, "outlet": "post", "published": "2024-07-02", "credit": None})
    kept(world)
    assert world.query("SELECT count(DISTINCT text_id), count(*) > 122_880, count(*) = sum(1) FROM core.text_fingerprints") == [
        (4, True, True)
    ]
    put(world, 5, {"text": " ".join(map(str, range(2_000_100, 2_400_000))), "outlet": "post", "published": "2024-07-03", "credit": None})
    assert [member.copy_of for member in kept(world) if member.id == b.article_id("n5")] == [b.article_id("n2")]
