"""From bytes to characters."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.decode import codec_for, decode_html

DUTCH = "<html><head>{}</head><body><p>De président noemde Rutte één geschikte kandidaat — “zeker”.</p></body></html>"
POLISH = "<p>Żółć i gęś: wieczorne wiadomości z Łodzi, Gdańska i Wrocławia, które ukazały się wczoraj późno.</p>" * 20


def test_header_charset() -> None:
    page = DUTCH.format("")
    assert decode_html(page.encode("cp1252"), "text/html; charset=ISO-8859-1") == page
    assert decode_html(page.encode("utf-8"), 'text/html; charset="utf-8"') == page


def test_meta_charset_when_the_header_is_silent() -> None:
    page = (
        DUTCH.format('<meta http-equiv="Content-Type" content="text/html; charset=iso-8859-2">')
        .replace("—", "-")
        .replace("“", '"')
        .replace("”", '"')
    )
    assert decode_html(page.encode("iso-8859-2"), "text/html") == page
    page = DUTCH.format('<meta charset="windows-1252">')
    assert decode_html(page.encode("cp1252"), None) == page


def test_byte_order_mark_goes_first() -> None:
    page = DUTCH.format('<meta charset="windows-1252">')
    assert decode_html(codecs.BOM_UTF8 + page.encode(), "text/html; charset=latin1") == page
    assert decode_html(codecs.BOM_UTF16_LE + page.encode("utf-16-le"), None) == page


def test_a_header_that_lies_about_utf8() -> None:
    page = DUTCH.format('<meta charset="windows-1252">')
    assert decode_html(page.encode("cp1252"), "text/html; charset=utf-8") == page


def test_bytes_that_are_utf8_overrule_another_declaration() -> None:
    page = DUTCH.format('<meta charset="iso-8859-1">')
    assert decode_html(page.encode(), "text/html; charset=iso-8859-1") == page


def test_one_broken_byte_does_not_change_the_encoding() -> None:
    text = decode_html(POLISH.encode() + b"\xff", "text/html; charset=utf-8")
    assert text == POLISH + "\ufffd"


@pytest.mark.parametrize("codec", ["cp1250", "iso-8859-2"])
def test_the_pages_language_helps_where_nothing_is_declared(codec: str) -> None:
    page = f'<html lang="pl-PL"><body>{POLISH}</body></html>'
    assert decode_html(page.encode(codec), None) == page


def test_nothing_declared_is_detected() -> None:
    page = "<p>Премьер-министр заявил вчера, что правительство примет решение о бюджете на следующей неделе.</p>" * 20
    assert decode_html(page.encode("koi8-r"), None) == page


def test_a_declaration_inside_a_comment_is_none() -> None:
    page = DUTCH.format("<!-- <meta charset='koi8-r'> --><meta charset='windows-1252'>")
    assert decode_html(page.encode("cp1252"), None) == page


@pytest.mark.parametrize(
    ("label", "codec"),
    [("latin1", "cp1252"), ("ISO-8859-1", "cp1252"), ("us-ascii", "cp1252"), ("GB2312", "gb18030"), ("x-sjis", "cp932"),
     ("euc-kr", "cp949"),
     ("iso-8859-9", "cp1254"), ("UTF8", "utf-8"), ("nonsense", None), ("base64", None), ("rot13", None), ("idna", None), ("", None)],
)  # fmt: skip
def test_labels(label: str, codec: str | None) -> None:
    assert codec_for(label) == codec


@given(st.binary(max_size=300), st.sampled_from([None, "text/html", "text/html; charset=utf-16", "charset=x", "text/html; charset=hex"]))
def test_never_raises(content: bytes, content_type: str | None) -> None:
    assert isinstance(decode_html(content, content_type), str)
