"""What a site says about machines: which statements are taken down, and that no page can make reading them fail or take long."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.collectors.robots import host_rules
from transforms.opt_outs import AI_AGENTS, MAX_WORD_CHARS, MAX_WORDS, of_headers, of_page, of_robots

US = "Frontrunner"


def headers(*values: str, name: str = "X-Robots-Tag") -> tuple[str, ...]:
    return of_headers([(name.encode(), value.encode("latin-1")) for value in values], US)


# ---- X-Robots-Tag and its neighbours


@pytest.mark.parametrize(
    ("values", "found"),
    [
        (("noindex",), {"noindex"}),
        (("noindex, noarchive, nofollow",), {"noindex", "noarchive"}),
        (("NOAI,NoImageAI",), {"noai", "noimageai"}),
        (("none",), {"none"}),
        (("all",), set()),
        (("",), set()),
        (("googlebot: noindex",), set()),
        (("googlebot: noindex, noarchive",), set()),
        (("frontrunner: noindex",), {"noindex"}),
        (("Frontrunner: noindex, noarchive",), {"noindex", "noarchive"}),
        (("googlebot: noindex, frontrunner: noarchive",), {"noarchive"}),
        (("frontrunner: noarchive, googlebot: noindex",), {"noarchive"}),
        (("noai, googlebot: noindex",), {"noai"}),
        (("*: noindex",), {"noindex"}),
        (("max-snippet:-1, noarchive, max-image-preview:large, nocache",), {"noarchive", "nocache"}),
        (("unavailable_after: 25 Jun 2030 15:00:00 PST, noarchive",), {"noarchive"}),
        (("unavailable_after: Tue, 25 Jun 2030 15:00:00 GMT, noarchive",), {"noarchive"}),
        (("googlebot: unavailable_after: Tue, 25 Jun 2030 15:00:00 GMT, noarchive",), set()),
        (("googlebot: noindex", "noarchive"), {"noarchive"}),  # each header begins anew with everybody
        (("noindexes",), set()),
    ],
)
def test_the_header_for_everybody_for_another_and_for_us(values: tuple[str, ...], found: set[str]) -> None:
    assert set(headers(*values)) == {f"x-robots-tag:{token}" for token in found}


def test_the_names_of_headers_have_no_case_and_other_headers_say_nothing() -> None:
    assert headers("noindex", name="x-ROBOTS-tag") == ("x-robots-tag:noindex",)
    assert headers("noindex", name="X-Robots") == ()


def test_text_and_data_mining_reserved_by_header() -> None:
    assert headers("1", name="TDM-Reservation") == ("tdm-reservation",)
    assert headers("0", name="TDM-Reservation") == ()


def test_signals_in_headers() -> None:
    assert headers("search=yes, ai-train=no, ai-input = no", name="Content-Signal") == (
        "content-signal:ai-input=no",
        "content-signal:ai-train=no",
    )
    assert headers("train-ai=n; search=y", name="Content-Usage") == ("content-usage:train-ai=n",)


# ---- meta elements


@pytest.mark.parametrize(
    ("element", "found"),
    [
        ('<meta name="robots" content="noindex, nofollow">', ("meta:noindex",)),
        ("<META CONTENT='noai' NAME='ROBOTS' />", ("meta:noai",)),
        ("<meta name=robots content=noarchive>", ("meta:noarchive",)),
        ('<meta\n  name="robots"\n  content="nosnippet"\n>', ("meta:nosnippet",)),
        ('<meta name="frontrunner" content="noindex">', ("meta:noindex",)),
        ('<meta name="googlebot" content="noindex">', ()),
        ('<meta name="robots" content="index, follow">', ()),
        ('<meta name="description" content="noindex">', ()),
        ('<meta property="robots" content="noindex">', ("meta:noindex",)),
        ('<meta data-name="robots" content="noindex">', ()),
        ('<meta name="tdm-reservation" content="1">', ("meta:tdm-reservation",)),
        ('<meta name="tdm-reservation" content="0">', ()),
        ('<!-- <meta name="robots" content="noindex"> -->', ()),
        ('<!-- a --><meta name="robots" content="noindex"><!-- b -->', ("meta:noindex",)),
        ('<!-- never closed <meta name="robots" content="noindex">', ()),
        ("<p>The tag &lt;meta name=robots content=noindex&gt; does it.</p>", ()),
    ],
)
def test_meta_elements(element: str, found: tuple[str, ...]) -> None:
    assert of_page(f"<html><head><title>T</title>{element}</head><body></body></html>".encode(), US) == found


def test_several_elements_add_up_and_say_nothing_twice() -> None:
    page = b'<meta name="robots" content="noindex,noai"><meta name="robots" content="noai"><meta name="tdm-reservation" content="1">'
    assert of_page(page, US) == ("meta:noai", "meta:noindex", "meta:tdm-reservation")


def test_a_page_is_looked_at_as_far_as_a_head_reaches() -> None:
    element = b'<meta name="robots" content="noindex">'
    assert of_page(b" " * 100_000 + element, US) == ("meta:noindex",)
    assert of_page(b" " * 200_000 + element, US) == ()


# ---- robots.txt


def test_signals_in_robots_txt() -> None:
    text = "User-Agent: *\r\nContent-Signal: search=yes, ai-train=no\r\nAllow: /\r\n\r\ncontent-usage : train-ai=n\r\n"
    assert of_robots(text, []) == ("content-signal:ai-train=no", "content-usage:train-ai=n")


def test_comments_are_no_signals() -> None:
    assert of_robots("# Content-Signal: ai-train=no\n", []) == ()
    assert of_robots("Content-Signal: ai-train=no # as agreed, search=no\n", []) == ("content-signal:ai-train=no",)


def test_a_signal_that_allows_is_no_opt_out() -> None:
    assert of_robots("Content-Signal: search=yes, ai-train=yes\nContent-Usage: train-ai=y\n", []) == ()


def test_a_signal_ends_with_its_line() -> None:
    assert of_robots("Content-Signal:\nDisallow: /ai-train=no\n", []) == ()


def test_ai_agents_that_are_shut_out() -> None:
    rules = host_rules(b"User-agent: GPTBot\nUser-agent: CCBot\nDisallow: /\n\nUser-agent: *\nDisallow: /private/\n")
    assert rules.opt_outs == ("robots.txt:ccbot", "robots.txt:gptbot")
    assert rules.allows("https://daily.example/a")


def test_where_everybody_is_shut_out_that_is_no_statement_on_ai() -> None:
    assert host_rules(b"User-agent: *\nDisallow: /\n").opt_outs == ()
    assert host_rules(b"User-agent: GPTBot\nDisallow: /\n\nUser-agent: *\nDisallow: /\nContent-Signal: ai-train=no\n").opt_outs == (
        "content-signal:ai-train=no",
    )


def test_an_agent_that_may_read_a_part_is_not_shut_out() -> None:
    assert host_rules(b"User-agent: GPTBot\nDisallow: /premium/\n").opt_outs == ()
    assert host_rules(b"").opt_outs == host_rules(b"\xff\xfe\x00").opt_outs == ()


def test_everybody_in_the_list_can_be_named() -> None:
    file = "".join(f"User-agent: {agent}\n" for agent in AI_AGENTS) + "Disallow: /\n"
    assert host_rules(file.encode()).opt_outs == tuple(sorted(f"robots.txt:{agent.lower()}" for agent in AI_AGENTS))


# ---- hostile input


def bounded(words: tuple[str, ...]) -> None:
    assert len(words) <= MAX_WORDS
    assert list(words) == sorted(set(words))
    assert all(len(word) <= MAX_WORD_CHARS and word.isprintable() for word in words)


WORDS = [
    b"<meta ", b"name=", b'"robots"', b"content=", b"'noindex", b">", b"<!--", b"-->", b"Content-Signal:", b"ai-train=no", b"\n", b" ",
    b"noai,", b"unavailable_after:", b":", b"*", b"tdm-reservation", b"=n", b"\x00", b"\xff", "\u2028=no".encode(),
]  # fmt: skip
pieces = st.lists(st.sampled_from(WORDS), max_size=40).map(b"".join)
hostile = st.one_of(st.binary(max_size=300), pieces)


@given(hostile, hostile)
def test_nothing_raises_and_everything_is_bounded(one: bytes, two: bytes) -> None:
    bounded(of_page(one, US))
    bounded(of_robots(one.decode("utf-8", "replace"), ["GPTBot"]))
    for name in (b"X-Robots-Tag", b"tdm-reservation", b"Content-Signal", two):
        bounded(of_headers([(name, one), (b"x-robots-tag", two)], US))
    bounded(host_rules(one).opt_outs)


LONG = [
    b"\n" * 500_000, b" " * 500_000, b"\r\n" * 250_000, b"Content-Signal:" * 33_000, b"Content-Signal: ai-train=no\n" * 18_000,
    b"<meta " * 85_000, b"<meta name=" + b"'" * 500_000, b"<!--" * 125_000, b"<!-- -->" * 60_000, b"<meta" + b"\t" * 500_000,
    b"<meta name=robots content=" + b"noai," * 100_000 + b">", b"," * 500_000, b"a:" * 250_000, b"Content-Usage: " + b"=n," * 160_000,
    b"name=" * 100_000,
]  # fmt: skip


@pytest.mark.parametrize("data", LONG, ids=lambda data: f"{data[:12]!r}")
def test_long_input_takes_no_long_time(data: bytes) -> None:
    began = time.process_time()
    for words in (of_page(data, US), of_robots(data.decode(), []), of_headers([(b"x-robots-tag", data), (b"content-signal", data)], US)):
        bounded(words)
    assert time.process_time() - began < 2.0
