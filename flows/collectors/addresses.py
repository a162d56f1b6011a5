"""Which network addresses may be called.

Belongs here: the check of host names and addresses, and the network backend that applies it at the moment of connecting (so that a
name which resolves differently the second time gains nothing). Does not belong here: HTTP, redirects (``client``).
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

import httpcore2
from ada_url import URL

Resolver = Callable[[str, int], Awaitable[list[str]]]

MAX_ADDRESSES = 4  # of one name that are tried
_RESOLVER_THREADS = 16  # getaddrinfo cannot be cancelled: slow names must not hold up the quick ones
# The part of IPv6 that is handed out at all, without the special-purpose blocks inside it (IANA registry). Everything that wraps an
# IPv4 address (mapped, compatible, NAT64, 6to4, Teredo) lies outside or is taken out: it could wrap 127.0.0.1.
_GLOBAL_V6 = ipaddress.IPv6Network("2000::/3")
_SPECIAL_V6 = tuple(map(ipaddress.IPv6Network, ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")))
_SPECIAL_V4 = tuple(
    map(
        ipaddress.IPv4Network,
        (
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
            "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15",
            "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/3",
        ),
    )
)  # fmt: skip
# Names that mean this machine or this network by standard or by wide use (RFC 6761, 6762, 8375, ICANN's .internal).
_LOCAL_NAMES = ("localhost", "localdomain", "local", "internal", "intranet", "home.arpa", "lan", "corp", "home", "private", "onion")


class AddressRefusedError(Exception):
    """A host that is not on the public internet."""


class NameNotResolvedError(Exception):
    """The name has no address."""


class NameServerSilentError(Exception):
    """No name server answered: whether the name has an address is not known."""


def may_call(address: str, *, allow_private: bool = False) -> bool:
    """Whether an IP address belongs to the public internet, or with ``allow_private`` to a machine or network of one's own.

    Link-local addresses are never called: no outlet has one, and the metadata services of cloud machines do. What is no address is refused.
    """
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    if allow_private:
        inner = ip.ipv4_mapped if isinstance(ip, ipaddress.IPv6Address) else None
        return not any(a.is_link_local or a.is_multicast for a in (ip, inner) if a is not None)
    if isinstance(ip, ipaddress.IPv4Address):
        return not any(ip in network for network in _SPECIAL_V4)
    return ip.scope_id is None and ip in _GLOBAL_V6 and not any(ip in network for network in _SPECIAL_V6)


def refusal(url: str, *, allow_private: bool = False) -> str | None:
    """Why a URL's host may not be called, as far as the name alone tells; None where only the resolver can say more.

    This is all that can be checked behind a proxy, which resolves names itself. Hosts in numbers (``0x7f.1``, ``2130706433``) are
    read as browsers and resolvers read them.
    """
    try:
        host = URL(url).hostname
    except ValueError:
        return "not a URL"
    name = host.rstrip(".").lower()
    number = name.strip("[]") if name.startswith("[") else name
    if number is not name or name.replace(".", "").isdigit():  # the parser has already made four decimal numbers of every other notation
        return None if may_call(number, allow_private=allow_private) else f"{name} is not a public address"
    if allow_private:
        return None
    if "." not in name or any(name == local or name.endswith(f".{local}") for local in _LOCAL_NAMES):
        return f"{name or 'an empty name'} is a local name"
    return None


@dataclass(slots=True)
class NameLookup:
    """Whether a request waits for a name server at this moment: whoever ends it by a timeout can tell what it waited for."""

    is_open: bool = False


LOOKING_UP: ContextVar[NameLookup | None] = ContextVar("LOOKING_UP", default=None)


class CheckedBackend(httpcore2.AsyncNetworkBackend):
    """Resolves a name, leaves out every address that is not public, and connects to one of the rest, never to the name again."""

    def __init__(self, *, allow_private: bool, resolver: Resolver | None = None) -> None:
        self._allow_private = allow_private
        self._inner = httpcore2.AnyIOBackend()
        self._threads = ThreadPoolExecutor(max_workers=_RESOLVER_THREADS, thread_name_prefix="resolver")
        self._resolve = resolver or self._getaddrinfo

    async def _getaddrinfo(self, host: str, port: int) -> list[str]:
        loop = asyncio.get_running_loop()
        found = await loop.run_in_executor(self._threads, lambda: socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        return [str(entry[4][0]) for entry in found]

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        """Connect. Raises AddressRefusedError, NameNotResolvedError, NameServerSilentError and httpcore2's own errors."""
        lookup = LOOKING_UP.get() or NameLookup()
        lookup.is_open = True
        try:
            async with asyncio.timeout(timeout):
                found = list(dict.fromkeys(await self._resolve(host, port)))
        except TimeoutError as error:
            raise NameServerSilentError(f"no answer from the name server for {host}") from error
        except (OSError, UnicodeError) as error:  # gaierror is an OSError
            silent = isinstance(error, socket.gaierror) and error.errno in {socket.EAI_AGAIN, socket.EAI_FAIL}
            raise (NameServerSilentError if silent else NameNotResolvedError)(f"{host}: {error}") from error
        lookup.is_open = False
        allowed = [address for address in found if may_call(address, allow_private=self._allow_private)]
        if found and not allowed:
            raise AddressRefusedError(f"{host} resolves to {found[0]}")
        allowed = allowed[:MAX_ADDRESSES]
        share = None if timeout is None else timeout / max(1, len(allowed))
        failure: Exception = NameNotResolvedError(f"{host} has no address")
        for address in allowed:
            try:
                return await self._inner.connect_tcp(address, port, share, local_address, socket_options)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                failure = error
        raise failure

    async def connect_unix_socket(
        self, path: str, timeout: float | None = None, socket_options: Iterable[Any] | None = None
    ) -> httpcore2.AsyncNetworkStream:
        """Never: no URL leads to a socket file."""
        raise AddressRefusedError("socket files are not called")

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)

    def close(self) -> None:
        """Let go of the resolver threads."""
        self._threads.shutdown(wait=False, cancel_futures=True)
