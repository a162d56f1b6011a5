"""Certificates that do not hold and ports that speak something else, through the whole pipeline, beside a good certificate."""

from __future__ import annotations

import ssl
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import hostile_server as hostile
import pytest
import trustme
from hostile_newsroom import EVENING, MORNING, NOON, Site, article, pages_of, play, rss
from hostile_server import HostileServer
from newsroom_fixtures import ask, ask_warehouse, surroundings, write_config, write_outlet

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ADDRESS = "127.0.0.1"
PATH = "/news/under-lock-and-key"
CERTIFICATES = ("good", "expired", "not-yet", "other-name", "unknown-issuer", "self-signed")


def context(certificate: trustme.LeafCert) -> ssl.SSLContext:
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(made)
    return made


def contexts(authority: trustme.CA, folder: Path) -> dict[str, ssl.SSLContext]:
    """One for each of the certificates."""
    now = datetime.now(UTC)
    stranger = trustme.CA()
    own = folder / "own.pem"  # an authority's own certificate, used as that of a server
    own.write_bytes(stranger.private_key_pem.bytes() + stranger.cert_pem.bytes())
    self_signed = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    self_signed.load_cert_chain(own)
    return {
        "good": context(authority.issue_cert(ADDRESS)),
        "expired": context(authority.issue_cert(ADDRESS, not_before=now - timedelta(days=90), not_after=now - timedelta(days=1))),
        "not-yet": context(authority.issue_cert(ADDRESS, not_before=now + timedelta(days=1))),
        "other-name": context(authority.issue_cert("www.example.org")),
        "unknown-issuer": context(stranger.issue_cert(ADDRESS)),
        "self-signed": self_signed,
    }


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Outlets that differ by their certificate, after three visits."""
    folder = tmp_path_factory.mktemp("tls")
    authority = trustme.CA()
    authority.cert_pem.write_to_path(folder / "authority.pem")
    config = write_config(folder / "config", {})
    with ExitStack() as stack:
        for name, tls in contexts(authority, folder).items():
            server = stack.enter_context(HostileServer(tls=tls))
            stories = _stories(name, server)
            server.routes |= {"/feed": hostile.answer(rss(stories), "application/rss+xml")}
            site = Site(name=name, host=server.host, other="", elsewhere="", rival="")
            server.routes |= pages_of([article(site, PATH, EVENING)])
            write_outlet(config, name, server.host, homepage=server.url("/"), feeds=[server.url("/feed")])
        plain = stack.enter_context(HostileServer({"/feed": hostile.answer(rss(()), "application/rss+xml")}))
        write_outlet(config, "plain-port", plain.host, homepage=f"https://{plain.host}/", feeds=[f"https://{plain.host}/feed"])
        encrypted = stack.enter_context(HostileServer(tls=context(authority.issue_cert(ADDRESS))))
        write_outlet(config, "tls-port", encrypted.host, feeds=[f"http://{encrypted.host}/feed"])
        downgraded = stack.enter_context(HostileServer({"/feed": hostile.redirect(f"https://{plain.host}/feed")}))
        write_outlet(config, "redirected", downgraded.host, feeds=[downgraded.url("/feed")])
        with surroundings(SSL_CERT_FILE=str(folder / "authority.pem")):
            for moment in (EVENING, NOON, MORNING):
                play(config, moment)
        assert plain.requests == []
        assert encrypted.requests == []
        yield config


def _stories(name: str, server: HostileServer) -> list[tuple[str, str, datetime]]:
    return [(server.url(PATH), f"Under lock and key, {name} reports", EVENING)]


def polls(config: Path) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for outlet_id, end in ask_warehouse(config, "SELECT outlet_id, concat_ws(':', result, reason) FROM collection.polls"):
        found.setdefault(outlet_id, set()).add(end)
    return found


def test_a_certificate_that_holds_is_read(config: Path) -> None:
    assert polls(config)["good"] == {"ok"}
    assert ask(config, "SELECT status FROM collection_health WHERE outlet_id = 'good' AND day = '2024-06-20'") == [("complete",)]
    assert ask(config, "SELECT DISTINCT outlet_id FROM articles") == [("good",)]


@pytest.mark.parametrize("name", [name for name in CERTIFICATES if name != "good"])
def test_a_certificate_that_does_not_hold_is_named(config: Path, name: str) -> None:
    assert polls(config)[name] == {"failed:tls_certificate"}
    assert ask(config, f"SELECT DISTINCT status, reason FROM collection_health WHERE outlet_id = '{name}'") == [
        ("outage", "tls_certificate")
    ]


@pytest.mark.parametrize("name", ["plain-port", "redirected"])
def test_no_common_ground_is_no_matter_of_certificates(config: Path, name: str) -> None:
    assert polls(config)[name] == {"failed:tls"}


def test_plain_http_to_a_port_that_speaks_tls(config: Path) -> None:
    assert polls(config)["tls-port"] <= {"failed:connection", "failed:protocol"}
