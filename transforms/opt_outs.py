"""What a site says about the use of its pages by machines, as words for the collection record. Recorded with each fetch.

Belongs here: reading the statements. Does not belong here: obeying them (robots.txt is obeyed by the collector; what follows from the rest
is a decision of whoever runs this, see docs/running.md).

Sources: X-Robots-Tag and the robots meta element (as documented by search engines; ``noai`` by DeviantArt), TDM Reservation Protocol (W3C
community group, 2024: header and meta element), Content-Signal in robots.txt and Content-Usage (IETF AIPREF drafts).
"""

from __future__ import annotations

import re
from collections.abc import Iterable

AI_AGENTS = (
    "GPTBot",
    "Google-Extended",
    "CCBot",
    "ClaudeBot",
    "anthropic-ai",
    "Applebot-Extended",
    "Bytespider",
    "PerplexityBot",
    "meta-externalagent",
)
MAX_HEAD_BYTES = 131_072  # of a page are looked at: the statements stand in its head
MAX_WORDS, MAX_WORD_CHARS = 20, 80
_TOKENS = frozenset(
    {"noindex", "nofollow", "none", "noarchive", "nocache", "nosnippet", "noimageindex", "noai", "noimageai", "notranslate"}
)
_KEPT = _TOKENS - {"nofollow", "notranslate", "noimageindex"}  # the rest says nothing about keeping or analysing a page's text
_WITH_VALUE = frozenset({"unavailable_after", "max-snippet", "max-image-preview", "max-video-preview"})  # ``token: value``
_META = re.compile(rb"<meta\s[^>]{0,1000}>", re.IGNORECASE)
_ATTRIBUTE = re.compile(
    rb"""(?<![\w-])(name|property|content)\s*=\s*(?:"([^"]{0,500})"|'([^']{0,500})'|([^\s"'>]{1,200}))""", re.IGNORECASE
)
_SIGNAL_LINE = re.compile(r"^[ \t]*(content-signal|content-usage)[ \t]*:([^#\r\n]{1,300})", re.IGNORECASE | re.MULTILINE)
_AGENT = re.compile(r"[a-z*][\w.*-]*")  # before a colon; the "15" of a time of day, or a date, is none


def of_headers(headers: Iterable[tuple[bytes, bytes]], product: str) -> tuple[str, ...]:
    """Statements of a response's header that hold for everybody or for ``product``."""
    found: list[str] = []
    for raw_name, raw_value in headers:
        name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1")
        if name == "x-robots-tag":
            found += (f"x-robots-tag:{token}" for token in _robots_tokens(value, product))
        elif name == "tdm-reservation" and value.strip() == "1":
            found.append("tdm-reservation")
        elif name in {"content-signal", "content-usage"}:
            found += _signals(name, value)
    return _bounded(found)


def of_page(body: bytes, product: str) -> tuple[str, ...]:
    """Statements of the meta elements in a page's head."""
    found: list[str] = []
    for element in _META.findall(_without_comments(body[:MAX_HEAD_BYTES])):
        values = {name.lower(): (a or b or c).decode("latin-1").strip() for name, a, b, c in _ATTRIBUTE.findall(element)}
        name, content = values.get(b"name", values.get(b"property", "")).lower(), values.get(b"content", "")
        if name in {"robots", product.lower()}:
            found += (f"meta:{token}" for token in _robots_tokens(content, product))
        elif name == "tdm-reservation" and content == "1":
            found.append("meta:tdm-reservation")
    return _bounded(found)


def of_robots(text: str, forbidden_agents: Iterable[str]) -> tuple[str, ...]:
    """Statements of a robots.txt file beside its rules: content signals, and agents of AI makers that are shut out (``AI_AGENTS``)."""
    found: list[str] = []
    for name, value in _SIGNAL_LINE.findall(text):
        found += _signals(name.lower(), value)
    found += (f"robots.txt:{agent.lower()}" for agent in forbidden_agents)
    return _bounded(found)


def _without_comments(markup: bytes) -> bytes:
    before, *rest = markup.split(b"<!--")
    return b"".join((before, *(part.partition(b"-->")[2] for part in rest)))


def _robots_tokens(value: str, product: str) -> list[str]:
    """The tokens of an X-Robots-Tag value or a robots meta element; ``agent: token`` holds for that agent, up to the next agent."""
    tokens, applies = [], True
    for part in value.lower().split(","):
        agent, colon, rest = part.partition(":")
        token = part.strip()
        if colon and _AGENT.fullmatch(agent.strip()) and agent.strip() not in _WITH_VALUE:
            applies, token = agent.strip() in {product.lower(), "*"}, rest.strip()
        if applies and token in _KEPT:
            tokens.append(token)
    return tokens


def _signals(name: str, value: str) -> list[str]:
    """Only refusals: ``ai-train=no``, ``train-ai=n``, ``tdm=n``."""
    pairs = (pair.strip().lower().replace(" ", "") for pair in re.split(r"[,;]", value))
    return [f"{name}:{pair}" for pair in pairs if pair.endswith(("=no", "=n"))]


def _bounded(words: Iterable[str]) -> tuple[str, ...]:
    printable = ("".join(c for c in word if c.isprintable())[:MAX_WORD_CHARS] for word in words)
    return tuple(sorted(set(printable)))[:MAX_WORDS]
