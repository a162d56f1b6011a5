"""URLs: the normal form, identities, and which outlet a URL belongs to."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import shared_data

from transforms.params import Outlet
from transforms.urls import OutletDirectory, article_id, canonicalise, host, is_front_page, item_id, registrable_domain


def outlet(name: str, *domains: str) -> Outlet:
    return Outlet(
        id=name, name=name, homepage="https://example.org/", domains=domains, country="NL", language="nl", timezone="Europe/Amsterdam"
    )


@pytest.mark.parametrize(
    ("given_url", "normal"),
    [
        ("HTTPS://News.Example.ORG:443/a", "https://news.example.org/a"),
        ("http://example.org:8080/a", "http://example.org:8080/a"),
        ("http://example.org", "http://example.org/"),
        ("https://example.org/a/../b/./c", "https://example.org/b/c"),
        ("https://example.org/a#comments", "https://example.org/a"),
        ("https://example.org/a/", "https://example.org/a/"),
        ("https://example.org/a?b=2&a=1&b=1", "https://example.org/a?a=1&b=1&b=2"),
        ("https://example.org/a?utm_source=x&UTM_Medium=y&id=7&fbclid=z", "https://example.org/a?id=7"),
        ("https://example.org/a?ref=rss", "https://example.org/a"),
        ("https://example.org/a?ref=4711", "https://example.org/a?ref=4711"),
        ("https://example.org/a?page=&x", "https://example.org/a?page=&x"),
        ("https://example.org/%7euser/%e2%82%ac", "https://example.org/~user/%E2%82%AC"),
        ("https://example.org/a b", "https://example.org/a%20b"),
        ("https://bücher.example/ü", "https://xn--bcher-kva.example/%C3%BC"),
        ("https://user:secret@example.org/a", "https://example.org/a"),
        ("https://example.org./a", "https://example.org/a"),
        ("  https://example.org/a\n", "https://example.org/a"),
        ("https:\\\\example.org\\a", "https://example.org/a"),
        ("http://0x7f.1/", "http://127.0.0.1/"),
        ("https://example.org/%%34%31", "https://example.org/A"),
    ],
)
def test_normal_form(given_url: str, normal: str) -> None:
    assert canonicalise(given_url) == normal


@pytest.mark.parametrize(
    "bad", ["", "news", "/a/b", "mailto:a@b.example", "javascript:alert(1)", "ftp://example.org/a", "http://", "https://a b/", "x" * 5000]
)
def test_what_is_no_address(bad: str) -> None:
    assert canonicalise(bad) is None


def test_relative_references_are_resolved() -> None:
    assert canonicalise("../b?x=1", "https://example.org/a/c/d") == "https://example.org/a/b?x=1"
    assert canonicalise("//other.example/a", "https://example.org/") == "https://other.example/a"
    assert canonicalise("/a", "no base") is None


def test_schemes_are_kept_apart() -> None:
    assert canonicalise("http://example.org/a") != canonicalise("https://example.org/a")


URLS = st.one_of(
    st.text(max_size=60),
    st.builds(
        "{}://{}{}/{}?{}#{}".format,
        st.sampled_from(["http", "HTTPS", "https"]),
        st.sampled_from(["example.org", "Bücher.example", "127.0.0.1", "[::1]", "a.b.c.co.uk."]),
        st.sampled_from(["", ":80", ":443", ":8080"]),
        st.text(alphabet="aZ0%/.\\~-2eE4 é?&=", max_size=30),
        st.text(alphabet="aZ0%&=+;.utm_ref 25é", max_size=30),
        st.text(max_size=5),
    ),
)


@given(URLS)
def test_the_normal_form_is_a_fixed_point(url: str) -> None:
    normal = canonicalise(url)
    if normal is not None:
        assert canonicalise(normal) == normal


def test_standard_parsing_cases_do_not_crash() -> None:
    for case in json.loads(shared_data("urls", "wpt_urltestdata.json").read_text(encoding="utf-8")):
        if isinstance(case, dict):
            normal = canonicalise(case["input"], case.get("base"))
            assert normal is None or canonicalise(normal) == normal


def test_identities() -> None:
    assert item_id("a", "https://example.org/x?utm_source=y") == item_id("a", "https://example.org/x")
    assert item_id("a", "https://example.org/x") != item_id("b", "https://example.org/x")
    assert article_id("a", "https://example.org/x") == item_id("a", "https://example.org/x")
    assert len(item_id("a", "no url \ud800")) == 16


def test_hosts_and_domains() -> None:
    assert host("https://News.BBC.co.uk:8443/x") == "news.bbc.co.uk"
    assert host("nonsense") == ""
    assert registrable_domain("news.bbc.co.uk") == "bbc.co.uk"
    assert registrable_domain("127.0.0.1") == "127.0.0.1"


def test_front_pages() -> None:
    assert is_front_page("https://example.org/")
    assert is_front_page("https://example.org/index.html")
    assert not is_front_page("https://example.org/?p=2895")
    assert not is_front_page("https://example.org/a")


def test_the_longest_domain_wins() -> None:
    directory = OutletDirectory([outlet("paper", "example.org"), outlet("region", "regio.example.org")])
    assert directory.find("https://www.example.org/a") == directory.outlets[0]
    assert directory.find("https://x.regio.example.org/a") == directory.outlets[1]
    assert directory.find("https://notexample.org/a") is None
    assert directory.find("mailto:a@example.org") is None
    assert directory.find("") is None


def test_ports() -> None:
    directory = OutletDirectory([outlet("one", "127.0.0.1:8080"), outlet("two", "127.0.0.1:8081"), outlet("any", "localhost")])
    found = [directory.find(f"http://127.0.0.1:{port}/a") for port in (8080, 8081, 8082)]
    assert [o.id if o else None for o in found] == ["one", "two", None]
    assert directory.find("http://127.0.0.1/") is None
    assert directory.find("http://localhost:9999/") is not None
    assert OutletDirectory([outlet("web", "example.org:443")]).find("https://example.org/") is not None


def test_international_domains_match_in_either_form() -> None:
    directory = OutletDirectory([outlet("paper", "bücher.example")])
    assert directory.find("https://xn--bcher-kva.example/") is not None
    assert directory.find("https://www.bücher.example/") is not None
