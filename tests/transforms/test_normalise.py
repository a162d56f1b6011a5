"""Folding: what becomes the same, and that the way back is exact."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.normalise import SHORT, fold, fold_text


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Krišjānis Kariņš", "krisjanis karins"),
        ("Kris\u030cja\u0304nis Karin\u0327s\u030c", "krisjanis karins"),
        ("Iohan\u00adnis", "iohannis"),
        ("Iohan\u200bnis", "iohannis"),
        ("Mark\u00a0Rutte", "mark rutte"),
        ("Mark \n  Rutte", "mark rutte"),
        ("Rut-\nte", "rutte"),
        ("RUT-\nTE", "rutte"),
        ("Grabar-\nKitarović", "grabar-kitarovic"),
        ("Rutte’s", "rutte's"),
        ("İsveç", "isvec"),
        ("Йоганніс", "иоганніс"),
        ("Άγκυρα", "αγκυρα"),
        ("كَالاس", "كالاس"),
        ("ﬁne", "fine"),
        ("ＮＡＴＯ", "nato"),
        ("", ""),
    ],
)
def test_what_becomes_the_same(text: str, folded: str) -> None:
    assert fold_text(text) == folded


def test_a_blank_line_is_no_space() -> None:
    assert " " not in fold_text("Mark\n\nRutte")


def test_the_end_leaves_out_what_is_invisible_and_keeps_marks() -> None:
    text = "s\u030c\u00ad."
    copy = fold(text)
    assert (copy.start(0), copy.end(1)) == (0, 2)


CHARACTERS = st.text(alphabet=st.sampled_from("abŠš-\u00ad\n\r \u00a0\t\u0301\u030c\u200bﬁßİéйЙ’'😀ǆ") | st.characters(), max_size=40)


@given(CHARACTERS)
def test_the_way_back_is_in_order_and_inside(text: str) -> None:
    copy = fold(text)
    last = 0
    for at in range(len(copy.text)):
        start, end = copy.start(at), copy.end(at + 1)
        assert 0 <= start < end <= len(text)
        assert start >= last or end >= last
        last = start


@given(CHARACTERS)
def test_a_long_text_folds_like_a_short_one(text: str) -> None:
    short, long = fold(text + "x"), fold(text + "x" * SHORT)
    assert long.text[: len(short.text)] == short.text
    for at in range(len(short.text)):
        assert (long.start(at), long.end(at + 1)) == (short.start(at), short.end(at + 1))


def test_the_capital_sigma_is_one_letter_in_texts_of_any_length() -> None:
    assert fold_text("ΛΌΓΟΣ " * 99) == fold_text("λόγος ") * 99


@given(CHARACTERS)
def test_composed_and_decomposed_fold_alike(text: str) -> None:
    plain = "".join(c for c in text if c.isalpha() and ord(c) < 0x250)
    assert fold_text(unicodedata.normalize("NFC", plain)) == fold_text(unicodedata.normalize("NFD", plain))


@given(CHARACTERS)
def test_even_characters_map_to_themselves(text: str) -> None:
    copy = fold(text)
    for at, char in enumerate(copy.text):
        if char.isascii() and char.isalnum() and copy.end(at + 1) - copy.start(at) == 1:
            original = text[copy.start(at)]
            assert fold_text(original)[:1] == char or len(fold_text(original)) > 1
