"""The day on which something was said: sentences of our own in the languages of the lexicon."""

from datetime import date

import pytest

from transforms.normalise import fold_text
from transforms.said_on import days_in, said_on, said_on_at

PUBLISHED = date(2024, 6, 20)  # a Thursday


@pytest.mark.parametrize(
    ("language", "sentence", "day"),
    [
        ("en", "The minister said on Tuesday that Norway was content", date(2024, 6, 18)),
        ("en", "The council met on Thursday", date(2024, 6, 20)),
        ("en", "She told the committee on 4 June that she agreed", date(2024, 6, 4)),
        ("en", "She takes over on 1 October", None),
        ("de", "Am Mittwoch erklärte der Sprecher, man sei bereit", date(2024, 6, 19)),
        ("de", "Wie die „Post am Sonntag“ schreibt, ist man bereit", None),
        ("pl", "Minister powiedział w poniedziałek, że kraj jest za", date(2024, 6, 17)),
        ("ro", "În martie ministrul nu se hotărâse", None),
        ("hu", "A miniszter kedden közölte a döntést", date(2024, 6, 18)),
        ("et", "Minister ütles teisipäeval, et riik on nõus", date(2024, 6, 18)),
        ("tr", "Bakan salı günü kararı açıkladı", date(2024, 6, 18)),
        ("el", "Ο υπουργός δήλωσε την Τρίτη ότι συμφωνεί", date(2024, 6, 18)),
        ("ro", "Ministrul a vorbit despre asta acum trei zile", date(2024, 6, 17)),
    ],
)
def test_the_day_that_a_sentence_names(language: str, sentence: str, day: date | None) -> None:
    assert said_on(fold_text(sentence), language, PUBLISHED) == day


@pytest.mark.parametrize(
    ("language", "sentence", "day"),
    [
        ("en", "Two days earlier the neighbours had agreed", date(2024, 6, 10)),
        ("en", "On the same day Oslo agreed too", date(2024, 6, 12)),
        ("hu", "Két nappal korábban a szomszéd is beleegyezett", date(2024, 6, 10)),
        ("fr", "Les voisins s’étaient décidés l’avant-veille", date(2024, 6, 10)),
        ("el", "Δύο ημέρες νωρίτερα είχε συμφωνήσει και η γείτονας", date(2024, 6, 10)),
    ],
)
def test_days_are_counted_from_the_one_named_before(language: str, sentence: str, day: date) -> None:
    assert [t.day for t in days_in(fold_text(sentence), language, PUBLISHED, date(2024, 6, 12))] == [day]


def test_a_day_belongs_to_its_own_part_of_a_sentence() -> None:
    text = fold_text("The president, who on Monday had not made up his mind, is now in favour")
    told = days_in(text, "en", PUBLISHED)
    undecided, favour = text.index("made up"), text.index("in favour")
    assert said_on_at(told, text, undecided, [favour]) == date(2024, 6, 17)
    assert said_on_at(told, text, favour, [undecided]) is None
