"""A web server on loopback that misbehaves on purpose, for the tests of the collectors.

Each path has a behaviour: a coroutine that is given the request and the connection. Anything not listed is a 404; robots.txt is a 404
too (everything allowed) unless a test lists one. The requests are kept, so that a test can say what was asked for and what was not.

One server can be many hosts: bound to all addresses it answers on the whole of 127.0.0.0/8, and ``hosts`` gives each its own routes.
"""

from __future__ import annotations

import asyncio
import gzip
import ssl
import struct
import threading
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from socket import SO_LINGER, SOL_SOCKET
from typing import Self


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A request as it came."""

    path: str
    headers: Mapping[str, str]  # names in lower case
    host: str = ""  # from the Host header, without its port


Behaviour = Callable[[Seen, asyncio.StreamWriter], Awaitable[None]]


def head(status: str, headers: Mapping[str, str]) -> bytes:
    lines = [f"HTTP/1.1 {status}", *(f"{name}: {value}" for name, value in headers.items())]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def answer(body: bytes | str = b"", content_type: str = "text/html; charset=utf-8", status: str = "200 OK", **headers: str) -> Behaviour:
    """A well-formed response. ``retry_after="5"`` becomes ``retry-after: 5``."""
    data = body.encode() if isinstance(body, str) else body

    async def behave(seen: Seen, writer: asyncio.StreamWriter) -> None:
        named = {"Content-Type": content_type, "Content-Length": str(len(data))} | {k.replace("_", "-"): v for k, v in headers.items()}
        writer.write(head(status, named) + data)

    return behave


def chunked(*chunks: bytes, content_type: str = "text/html", finish: bool = True) -> Behaviour:
    """A body in chunks; without its last one where ``finish`` is off."""

    async def behave(seen: Seen, writer: asyncio.StreamWriter) -> None:
        writer.write(head("200 OK", {"Content-Type": content_type, "Transfer-Encoding": "chunked"}))
        for chunk in chunks:
            writer.write(f"{len(chunk):x}\r\n".encode() + chunk + b"\r\n")
        if finish:
            writer.write(b"0\r\n\r\n")
        else:
            writer.close()

    return behave


def zipped(body: bytes, content_type: str = "text/html") -> Behaviour:
    return answer(gzip.compress(body, mtime=0), content_type, content_encoding="gzip")


def redirect(location: str, status: str = "302 Found") -> Behaviour:
    return answer(b"", status=status, location=location)


def conditional(body: bytes, content_type: str, etag: str) -> Behaviour:
    """304 to whoever has the ETag already."""

    async def behave(seen: Seen, writer: asyncio.StreamWriter) -> None:
        if seen.headers.get("if-none-match") == etag:
            writer.write(head("304 Not Modified", {"ETag": etag}))
        else:
            await answer(body, content_type, etag=etag)(seen, writer)

    return behave


def raw(data: bytes) -> Behaviour:
    """Exactly these bytes, then the end of the connection."""

    async def behave(seen: Seen, writer: asyncio.StreamWriter) -> None:
        writer.write(data)
        await writer.drain()
        writer.close()

    return behave


def cut(sent: bytes, promised: int) -> Behaviour:
    """Fewer bytes than the header says."""
    return raw(head("200 OK", {"Content-Type": "text/html", "Content-Length": str(promised)}) + sent)


def endless(piece: bytes = b"<p>more and more</p>" * 500) -> Behaviour:
    """A body that never ends."""

    async def behave(seen: Seen, writer: asyncio.StreamWriter) -> None:
        writer.write(head("200 OK", {"Content-Type": "text/html"}))
        while not writer.is_closing():
            writer.write(piece)
            await writer.drain()

    return behave


async def silent(seen: Seen, writer: asyncio.StreamWriter) -> None:
    """Takes the request and says nothing."""
    await asyncio.Event().wait()


async def drip(seen: Seen, writer: asyncio.StreamWriter) -> None:
    """A byte now and then: every single read is quick enough, the whole is not."""
    writer.write(head("200 OK", {"Content-Type": "text/html", "Content-Length": "100000"}))
    while not writer.is_closing():
        writer.write(b".")
        await writer.drain()
        await asyncio.sleep(0.02)


async def reset(seen: Seen, writer: asyncio.StreamWriter) -> None:
    """Breaks the connection off (RST)."""
    writer.get_extra_info("socket").setsockopt(SOL_SOCKET, SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


def reset_within(sent: bytes, promised: int) -> Behaviour:
    """Breaks the connection off (RST) after the first bytes of the body."""

    async def behave(seen: Seen, writer: asyncio.StreamWriter) -> None:
        writer.write(head("200 OK", {"Content-Type": "text/html", "Content-Length": str(promised)}) + sent)
        await writer.drain()
        await asyncio.sleep(0.05)  # so that the other side has read them
        await reset(seen, writer)

    return behave


def overflowing(body: bytes, more: bytes, content_type: str = "text/html; charset=utf-8") -> Behaviour:
    """More bytes than the header says, on a connection that stays open."""

    async def behave(seen: Seen, writer: asyncio.StreamWriter) -> None:
        writer.write(head("200 OK", {"Content-Type": content_type, "Content-Length": str(len(body))}) + body + more)

    return behave


def announced(length: int, content_type: str = "text/html") -> Behaviour:
    """A header that promises ``length`` bytes, and then nothing."""

    async def behave(seen: Seen, writer: asyncio.StreamWriter) -> None:
        writer.write(head("200 OK", {"Content-Type": content_type, "Content-Length": str(length)}))
        await writer.drain()
        await asyncio.Event().wait()

    return behave


@dataclass(slots=True)
class HostileServer:
    """Serves ``routes`` (path with query → behaviour) on a free loopback port while the ``with`` block runs.

    ``hosts`` (name or address → routes) goes before ``routes``; the path ``*`` there is what answers to every other one.
    """

    routes: dict[str, Behaviour] = field(default_factory=dict)
    requests: list[Seen] = field(default_factory=list)
    port: int = 0
    hosts: dict[str, dict[str, Behaviour]] = field(default_factory=dict)
    address: str = "127.0.0.1"  # 0.0.0.0: all of 127.0.0.0/8
    tls: ssl.SSLContext | None = None
    _loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.new_event_loop)
    _thread: threading.Thread | None = None
    _server: asyncio.Server | None = None

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    def url(self, path: str = "/") -> str:
        return f"{'https' if self.tls else 'http'}://{self.host}{path}"

    def asked(self, path: str) -> int:
        """How often a path was requested."""
        return sum(seen.path == path for seen in self.requests)

    def __enter__(self) -> Self:
        started = threading.Event()

        async def begin() -> None:
            self._server = await asyncio.start_server(self._serve, self.address, 0, ssl=self.tls, backlog=1000)
            self.port = self._server.sockets[0].getsockname()[1]
            started.set()

        self._loop.set_exception_handler(lambda *_: None)  # handshakes that fail are what some tests are about
        self._loop.create_task(begin())
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        assert started.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        async def end() -> None:
            if self._server is not None:
                self._server.close()
            others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
            for task in others:
                task.cancel()
            await asyncio.gather(*others, return_exceptions=True)
            await asyncio.sleep(0.02)  # lets the transports close
            self._loop.stop()

        asyncio.run_coroutine_threadsafe(end(), self._loop)
        assert self._thread is not None
        self._thread.join(10)
        self._loop.close()

    def _behaviour(self, seen: Seen) -> Behaviour:
        routes = self.hosts.get(seen.host, self.routes)
        fallback = answer("<h1>Not found</h1>", status="404 Not Found")
        return routes.get(seen.path) or (fallback if seen.path == "/robots.txt" else routes.get("*", fallback))

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while not writer.is_closing():
                first = await reader.readexactly(1)
                if first == b"\x16":  # somebody speaks TLS to us
                    writer.write(b"HTTP/1.1 400 Plain HTTP here\r\n\r\n")
                    break
                lines = (first + await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
                path = lines[0].split(" ")[1]
                headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:] if line)}
                seen = Seen(path=path, headers=headers, host=headers.get("host", "").rpartition(":")[0] or headers.get("host", ""))
                self.requests.append(seen)
                await self._behaviour(seen)(seen, writer)
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            writer.close()
