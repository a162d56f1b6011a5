"""The kept form of a text."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from transforms.clean import clean_text, clean_title


def test_one_paragraph_a_line() -> None:
    assert clean_text("  One \t two \r\n\r\n three\u2028four\n\n") == "One two\nthree\nfour"


def test_what_is_kept() -> None:
    assert clean_text("Ru\u00adtte cafe\u0301 1\u00a0000") == "Ru\u00adtte cafe\u0301 1\u00a0000"


def test_what_goes() -> None:
    assert clean_text("\ufeffa\x00b\x1fc\ud800") == "abc"


def test_titles_are_one_line_without_soft_hyphens() -> None:
    assert clean_title(" Ver\u00adfas\u00adsung\n und Recht ") == "Verfassung und Recht"


@given(st.text())
def test_twice_is_once(text: str) -> None:
    assert clean_text(clean_text(text)) == clean_text(text)
    assert clean_title(clean_title(text)) == clean_title(text)


@given(st.text())
def test_lines_are_never_empty(text: str) -> None:
    assert all(line and line == line.strip() for line in clean_text(text).split("\n")) or clean_text(text) == ""
