"""URLs: one normal form, the identity made from it, and which outlet a URL belongs to.

Belongs here: what can be said from the URL alone. Does not belong here: what a page says of its own address (``extract``),
fetching, redirects.

The rules of the normal form, in order. Parsing is the WHATWG URL standard's (ada): it lowers the host, writes it in punycode,
drops the default port, resolves dot segments and backslashes and refuses what is no URL.

===================  =====================================================================================
scheme               http or https, kept as it is: the two are **not** merged (one may answer, the other not)
credentials          dropped
host                 one trailing dot dropped
path                 trailing slash kept: servers tell the two apart
fragment             dropped
percent-encoding     hex digits in upper case; letters, digits and ``- . _ ~`` decoded (RFC 3986, 6.2.2.2)
query                tracking parameters dropped (``lexicons/tracking_parameters.toml``), empty pieces dropped,
                     the rest sorted by code point; empty values kept
===================  =====================================================================================
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

import ada_url
from publicsuffixlist import PublicSuffixList

if TYPE_CHECKING:
    from collections.abc import Iterable

    from transforms.params import Outlet

MAX_URL_CHARS = 4096  # longer ones are noise or an attack; real article URLs stay under 1,000
MAX_ROUNDS = 8  # decoding may uncover something to decode; a URL that has not settled by then is refused
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_DEFAULT_PORTS = {"http:": "80", "https:": "443"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Trackers:
    names: frozenset[str]
    prefixes: tuple[str, ...]
    values: dict[str, frozenset[str]]


@lru_cache(maxsize=1)
def _trackers() -> _Trackers:
    table = tomllib.loads(files("transforms.lexicons").joinpath("tracking_parameters.toml").read_text(encoding="utf-8"))
    values = {name: frozenset(found) for name, found in table["values"].items()}
    return _Trackers(names=frozenset(table["names"]), prefixes=tuple(table["prefixes"]), values=values)


@lru_cache(maxsize=1)
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()


def _plain(match: re.Match[str]) -> str:
    letter = chr(int(match[1], 16))
    return letter if letter in _UNRESERVED else match[0].upper()


def _is_tracking(piece: str) -> bool:
    name, _, value = piece.lower().partition("=")
    table = _trackers()
    return name in table.names or name.startswith(table.prefixes) or value in table.values.get(name, ())


def _query(search: str) -> str:
    pieces = (_ESCAPE.sub(_plain, piece) for piece in search.removeprefix("?").split("&"))
    return "&".join(sorted(piece for piece in pieces if piece and not _is_tracking(piece)))


def _one_round(url: str, base: str | None) -> str | None:
    try:
        parsed = ada_url.URL(url, base) if base is not None else ada_url.URL(url)
    except (ValueError, UnicodeError):
        return None
    if parsed.protocol not in _DEFAULT_PORTS:
        return None
    host_name = parsed.hostname.removesuffix(".")
    if not host_name or host_name.startswith(".") or ".." in host_name:
        return None
    port = f":{parsed.port}" if parsed.port else ""
    query = _query(parsed.search)
    path = _ESCAPE.sub(_plain, parsed.pathname)
    return f"{parsed.protocol}//{host_name}{port}{path}{'?' + query if query else ''}"


def canonicalise(url: str, base: str | None = None) -> str | None:
    """The normal form of an absolute http(s) URL (rules above), or None where the input is no such URL.

    ``base`` resolves a relative reference (RFC 3986). The result is a fixed point: ``canonicalise(result) == result``.
    """
    if len(url) > MAX_URL_CHARS:
        return None
    current = _one_round(url.strip(), base.strip() if base is not None else None)
    for _ in range(MAX_ROUNDS):
        if current is None or len(current) > MAX_URL_CHARS:
            return None
        again = _one_round(current, None)
        if again == current:
            return current
        current = again
    return None


def host(url: str) -> str:
    """The host name in lower case and punycode, without port; empty where the URL is none."""
    try:
        return str(ada_url.URL(url.strip()).hostname).removesuffix(".")
    except (ValueError, UnicodeError):
        return ""


def registrable_domain(host_name: str) -> str:
    """The part of a host name that somebody registers (``www.bbc.co.uk`` → ``bbc.co.uk``); the name itself for addresses and suffixes."""
    if not host_name or host_name[-1].isdigit() or ":" in host_name:
        return host_name
    return _suffixes().privatesuffix(host_name) or host_name


def is_front_page(url: str) -> bool:
    """Whether the URL is a site's own start: no path worth the name and no query."""
    try:
        parsed = ada_url.URL(url)
    except (ValueError, UnicodeError):
        return False
    return parsed.pathname.strip("/").lower() in {"", "index.html", "index.htm", "index.php", "home"} and parsed.search in {"", "?"}


def _digest(outlet_id: str, form: str) -> str:
    return hashlib.sha256(f"{outlet_id}\n{form}".encode("utf-8", "surrogatepass")).hexdigest()[:16]


def item_id(outlet_id: str, url: str) -> str:
    """Identity of a discovered link: 16 hex digits over the outlet and the URL's normal form (the URL as it stands where it has none)."""
    return _digest(outlet_id, canonicalise(url) or url.strip())


def article_id(outlet_id: str, canonical_url: str) -> str:
    """Identity of an article: 16 hex digits over the outlet and the canonical URL (contract 1.5)."""
    return _digest(outlet_id, canonicalise(canonical_url) or canonical_url.strip())


def domain_key(domain: str) -> str:
    """A configured domain as URLs show it: host in punycode, port if one was given."""
    name, _, port = domain.rpartition(":") if re.search(r":\d+$", domain) else (domain, "", "")
    ascii_name = host(f"http://{name}/") or name
    return f"{ascii_name}:{int(port)}" if port else ascii_name


@dataclass(frozen=True, slots=True)
class OutletDirectory:
    """Which outlet a URL belongs to.

    A configured domain covers the host of that name and its subdomains; the longest matching domain wins. ``name:port`` covers that port
    only (the scheme's own port where the URL names none) and goes before the same name without a port, which covers every port.
    """

    outlets: Iterable[Outlet]
    _by_domain: dict[str, Outlet] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        known = tuple(self.outlets)
        object.__setattr__(self, "outlets", known)
        object.__setattr__(self, "_by_domain", {domain_key(domain): outlet for outlet in known for domain in outlet.domains})

    def find(self, url: str) -> Outlet | None:
        """The outlet whose domain covers the URL; None where there is none or the URL is no http(s) URL."""
        try:
            parsed = ada_url.URL(url.strip())
        except (ValueError, UnicodeError):
            return None
        if parsed.protocol not in _DEFAULT_PORTS:
            return None
        name = str(parsed.hostname).removesuffix(".")
        port = parsed.port or _DEFAULT_PORTS[parsed.protocol]
        while name:
            found = self._by_domain.get(f"{name}:{port}") or self._by_domain.get(name)
            if found is not None:
                return found
            name = name.partition(".")[2]
        return None
