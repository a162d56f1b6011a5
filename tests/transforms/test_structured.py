"""What a page states in its markup."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.structured import Structured, load_json, parse_html, read_structured, texts


def read(page: str) -> Structured:
    tree = parse_html(page)
    assert tree is not None
    return read_structured(tree)


def ld(text: str) -> Structured:
    return read(f'<html><head><script type="application/ld+json">{text}</script></head><body><p>x</p></body></html>')


def test_an_article_node_in_a_graph() -> None:
    said = ld('{"@graph":[{"@type":"WebSite","name":"Paper"},{"@type":["NewsArticle","Article"],"headline":"A","author":{"@id":"#p"}},'
              '{"@type":"Person","@id":"#p","name":"Ann Lee"}]}')  # fmt: skip
    assert [node["headline"] for node in said.articles] == ["A"]
    assert said.persons["#p"]["name"] == "Ann Lee"
    assert {"newsarticle", "website"} <= said.types


def test_articles_of_other_pages_are_not_taken() -> None:
    said = ld('{"@type":"CollectionPage","mainEntity":{"@type":"ItemList","itemListElement":[{"@type":"NewsArticle","headline":"A"}]},'
              '"hasPart":{"@type":"NewsArticle","headline":"B"}}')  # fmt: skip
    assert said.articles == ()
    assert "collectionpage" in said.types


@pytest.mark.parametrize(
    "text",
    ['{"a": "line\nbreak"}', '{"a": 1,}', '<!-- {"a": 1} -->', "//<![CDATA[\n{\"a\": 1}\n//]]>", "{&quot;a&quot;: 1}", '{"a": 1};'],
)  # fmt: skip
def test_json_as_sites_write_it(text: str) -> None:
    assert list(load_json(text)) == ["a"]


@pytest.mark.parametrize("text", ["", "{", "nonsense", "[" * 100_000, "x" * 2_000_000])
def test_json_that_is_none(text: str) -> None:
    assert load_json(text) is None


def test_meta_title_headings_and_links() -> None:
    said = read(
        '<html lang="nl"><head><base href="/x/"><title> A  title </title><meta property="OG:Title" content=" B ">'
        '<meta name="author" content="C">'
        '<link rel="canonical" href="/a"><link rel="amphtml" href="/b"></head><body><svg><title>icon</title></svg>'
        "<h1>Kop<br>regel <em>twee</em></h1><time class='published' datetime='2024-07-02'>2 juli</time></body></html>"
    )
    assert (said.html_lang, said.title_tag, said.canonical, said.base) == ("nl", "A title", "/a", "/x/")
    assert said.first("nothing", "og:title") == "B"
    assert said.headings == ("Kop regel twee",)
    assert said.times == (("2024-07-02", "published"),)


def test_microdata() -> None:
    said = read(
        '<html><body><div itemscope itemtype="https://schema.org/NewsArticle"><h1 itemprop="headline">A</h1>'
        '<span itemprop="author">Ann Lee</span><meta itemprop="datePublished" content="2024-07-02"></div></body></html>'
    )
    assert said.itemtypes == {"newsarticle"}
    assert said.itemprops["author"] == ("Ann Lee",)
    assert said.itemprops["datepublished"] == ("2024-07-02",)


def test_texts_of_any_shape() -> None:
    assert texts(["A &amp; B", {"name": " C "}, {"@value": "D"}, 5, None, ""]) == ("A & B", "C", "D")
    assert texts(None) == ()


def test_deep_and_wide_data_is_cut_short() -> None:
    deep = '{"a":' * 500 + "1" + "}" * 500
    assert ld(deep).articles == ()
    assert len(ld("[" + ",".join('{"@type":"NewsArticle","headline":"A"}' for _ in range(5000)) + "]").articles) <= 60


@given(st.text(max_size=200))
def test_any_text_is_read(page: str) -> None:
    tree = parse_html(page)
    if tree is not None:
        read_structured(tree)


def test_external_entities_are_not_fetched() -> None:
    tree = parse_html('<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/passwd">]><html><head><title>&x;</title></head><body></body></html>')
    assert tree is not None
    assert "root:" not in (read_structured(tree).title_tag or "")
