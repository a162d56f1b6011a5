"""The recount from the truth, on small made-up days, and the reading of truth files."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from demo.facts import ArticleFact, DayFact, Facts, MentionFact, TruthError, load_facts
from demo.recount import Cell, Contest, day_statuses, recount

if TYPE_CHECKING:
    from pathlib import Path

JUNE_3 = date(2024, 6, 3)
ZONES = {"wire": ZoneInfo("Europe/Brussels"), "post": ZoneInfo("America/New_York")}
CONTESTS = (Contest(id="contest", first_day=date(2024, 6, 2), last_day=date(2024, 6, 30), candidates=("ann", "bob")),)
FIRST, LAST = datetime(2024, 6, 3, 5, tzinfo=UTC), datetime(2024, 6, 6, 5, tzinfo=UTC)


def fact(key: str, day: date, *mentions: MentionFact, copy_of: str | None = None) -> ArticleFact:
    outlet, _, path = key.partition("/")
    return ArticleFact(
        outlet_id=outlet,
        path=f"/{path}",
        outcome="published",
        title="x",
        published_on=day,
        date_precision="day",
        language="en",
        in_race=True,
        copy_kind="near" if copy_of else "original",
        copy_of=copy_of,
        mentions=mentions,
    )


LEAD = fact("wire/a", JUNE_3, MentionFact(candidate="ann", count=3, in_race=True), MentionFact(candidate="bob", count=1))
PUBLISHED = (
    '[[articles]]\noutlet_id = "o"\npath = "/a"\noutcome = "published"\ntitle = "x"\nlanguage = "en"\npublished_on = 2024-06-18\n'
    'date_precision = "day"\n'
)
ANN = '[[articles.mentions]]\ncandidate = "ann"\ncount = 1\n'
POSITION = '[[articles.positions]]\nendorser = "AA"\ncandidate = "ann"\nstance = "supports"\nstatus = "stated"\n'
TWICE = MentionFact(candidate="ann", count=2, in_race=True)


def cells(*articles: ArticleFact, days: tuple[DayFact, ...] = ()) -> dict[tuple[str, date, str], Cell]:
    facts = Facts(articles=articles, days=days)
    statuses = day_statuses(facts, ZONES, FIRST, LAST)
    return {(o, d, c): cell for (o, d, _, c), cell in recount(facts, statuses, CONTESTS, ZONES, LAST).items()}


def test_a_copy_is_an_article_of_its_own_but_no_story() -> None:
    cell = cells(LEAD, fact("wire/b", JUNE_3, TWICE, copy_of="wire/a"))["wire", JUNE_3, "ann"]
    assert (cell.articles, cell.unique_articles, cell.originals, cell.race_articles, cell.mentions) == (2, 1, 1, 2, 5)
    assert cell.share_of_voice == pytest.approx(5 / 6)


def test_a_copy_whose_lead_is_elsewhere_is_no_original_here() -> None:
    cell = cells(LEAD, fact("post/b", JUNE_3, TWICE, copy_of="wire/a"))["post", JUNE_3, "ann"]
    assert (cell.articles, cell.unique_articles, cell.originals, cell.total_articles) == (1, 1, 0, 1)


def test_the_grid_is_every_polled_day_and_earlier_days_with_an_article() -> None:
    early = fact("post/early", date(2024, 5, 30))
    grid = day_statuses(Facts(articles=(early,)), ZONES, FIRST, LAST)
    assert sorted(d.isoformat()[5:] for o, d in grid if o == "post") == ["05-30", "06-03", "06-04", "06-05", "06-06"]
    assert date(2024, 5, 30) not in {d for _, d, _ in cells(early)}  # before the watch list's first day


def test_zero_is_not_unknown() -> None:
    outage = DayFact(outlet_id="wire", day=date(2024, 6, 4), status="outage")
    of_wire = {d.day: c for (o, d, candidate), c in cells(LEAD, days=(outage,)).items() if (o, candidate) == ("wire", "bob")}
    assert (of_wire[4].articles, of_wire[4].total_articles, of_wire[4].share_of_voice) == (None, None, None)
    assert (of_wire[5].articles, of_wire[5].total_articles, of_wire[5].share_of_voice) == (0, 0, None)
    assert Counter(c.is_final for c in of_wire.values()) == {True: 1, False: 3}


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ('[[articles]]\noutlet_id = "o"\npath = "/a"\noutcome = "published"', "truth.toml: o/a: lacks title, date_precision, language"),
        ('[[articles]]\noutlet_id = "o"\npath = "/a"\noutcome = "lost"', "o/a outcome: String should match"),
        ('[[articles]]\noutlet_id = "o"\npath = "/a"\noutcome = "rejected:robots"\ntitel = "x"', "o/a titel: Extra inputs"),
        ('[[articles]]\noutlet_id = "o"\npath = "/a"\noutcome = "rejected:robots"\ntitle = "x"', "so that it has no title"),
        ('[[articles]]\noutlet_id = "o"\npath = "/a"\noutcome = "rejected:robots"\n' * 2, "o/a: stands there more than once"),
        (PUBLISHED + POSITION, "whom mentions do not name"),
        (PUBLISHED + ANN + POSITION * 2, "o/a: positions name AA ann more than once"),
        (PUBLISHED + ANN + POSITION.replace("supports", "likes"), "stance: Input should be"),
        (
            '[[positions]]\nendorser = "AA"\ncandidate = "ann"\nstance = "supports"\nstatus = "expected"\nchanged_on = 2024-06-18',
            "status: Input should be",
        ),
        ('[[days]]\noutlet_id = "o"\nday = 2024-06-18\nstatus = "complete"', "o 2024-06-18 status: Input should be"),
        ("articles = 1", "articles: Input should be"),
        ("[[articles]", "truth.toml: "),
    ],
)
def test_mistakes_in_the_truth_are_named(tmp_path: Path, text: str, word: str) -> None:
    (tmp_path / "truth.toml").write_text(text, encoding="utf-8")
    with pytest.raises(TruthError) as caught:
        load_facts(tmp_path / "truth.toml")
    assert word in str(caught.value)


def test_a_copy_must_name_an_original(tmp_path: Path) -> None:
    head = '[[articles]]\noutlet_id = "o"\noutcome = "published"\ntitle = "x"\nlanguage = "en"\n'
    head += 'published_on = 2024-06-18\ndate_precision = "day"\n'
    text = (
        head
        + 'path = "/a"\n'
        + head
        + 'path = "/b"\ncopy = "exact"\ncopy_of = "o//a"\n'
        + head
        + 'path = "/c"\ncopy = "near"\ncopy_of = "o/b"\n'
    )
    (tmp_path / "truth.toml").write_text(text, encoding="utf-8")
    with pytest.raises(TruthError) as caught:
        load_facts(tmp_path / "truth.toml")
    assert str(caught.value) == "o/c: copy_of o/b is a copy itself; name the lead o/a"
