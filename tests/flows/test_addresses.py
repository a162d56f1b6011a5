"""Which addresses may be called."""

from __future__ import annotations

import asyncio

import httpcore2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.collectors.addresses import AddressRefusedError, CheckedBackend, NameNotResolvedError, may_call, refusal

HOSTILE = [
    "127.0.0.1", "10.0.0.1", "172.16.5.4", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "255.255.255.255", "224.0.0.1",
    "240.0.0.1", "192.0.2.1", "198.18.0.1", "192.88.99.1", "::", "::1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "::127.0.0.1",
    "64:ff9b::7f00:1", "64:ff9b::8.8.8.8", "64:ff9b:1::a00:1", "2002:7f00:1::", "2001:0:7f00:1::", "2001:db8::1", "3fff::1", "fe80::1",
    "fe80::1%eth0", "fc00::1", "fec0::1", "ff02::1", "100::1", "5f00::1", "not an address", "",
]  # fmt: skip


@pytest.mark.parametrize("address", HOSTILE)
def test_special_addresses_are_refused(address: str) -> None:
    assert not may_call(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "1.1.1.1", "193.0.6.139", "2606:4700::1111", "2a00:1450:4001::1"])
def test_public_addresses_may_be_called(address: str) -> None:
    assert may_call(address)
    assert may_call(address, allow_private=True)


@pytest.mark.parametrize("address", ["169.254.169.254", "fe80::1", "::ffff:169.254.169.254", "224.0.0.1", "ff02::1", "junk"])
def test_metadata_services_are_refused_whatever_is_allowed(address: str) -> None:
    assert not may_call(address, allow_private=True)


@given(st.ip_addresses(v=4).filter(lambda ip: not ip.is_global))
def test_nothing_that_python_calls_private_is_called(ip: object) -> None:
    assert not may_call(str(ip))


@pytest.mark.parametrize(
    "host",
    ["127.1", "0x7f.1", "2130706433", "017700000001", "[::1]", "[::ffff:7f00:1]", "localhost", "LOCALHOST.", "a.localhost", "printer.local",
     "metadata.google.internal", "intranet", "router.lan", "127。0。0。1"],
)  # fmt: skip
def test_hosts_that_mean_this_machine_are_refused_by_name(host: str) -> None:
    assert refusal(f"http://{host}:8080/x")


def test_names_are_left_to_the_resolver() -> None:
    assert refusal("https://www.dutchnews.nl/feed/") is None
    assert refusal("http://localhost/", allow_private=True) is None
    assert refusal("http://169.254.169.254/", allow_private=True)


def connect(addresses: list[str] | Exception, *, allow_private: bool = False) -> None:
    async def resolve(host: str, port: int) -> list[str]:
        if isinstance(addresses, Exception):
            raise addresses
        return addresses

    backend = CheckedBackend(allow_private=allow_private, resolver=resolve)
    asyncio.run(backend.connect_tcp("news.example.com", 9, timeout=2.0))


def test_the_backend_tells_its_failures_apart() -> None:
    with pytest.raises(AddressRefusedError):
        connect(["10.0.0.1", "::1"])
    with pytest.raises(NameNotResolvedError):
        connect([])
    with pytest.raises(NameNotResolvedError):
        connect(OSError("no such name"))
    with pytest.raises(httpcore2.ConnectError):
        connect(["127.0.0.1"], allow_private=True)  # nobody listens on port 9
    with pytest.raises(AddressRefusedError):
        asyncio.run(CheckedBackend(allow_private=True).connect_unix_socket("/run/x"))
