"""Links and pages that are not what they should be, each inside an outlet that is fine otherwise; with the end that each deserves and why.

The ends follow the contract (an item ends once: rejected, because we looked and it is not ours to count; failed, because we could not look;
deferred, because another run may well be able to) and RFC 9110, 9112, 9309. What the program does at present decides nothing here.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable
from datetime import timedelta
from email.utils import format_datetime

import hostile_server as hostile
from hostile_newsroom import AFTER, BAD, NOON, SHORT, BadPage, Routes, Site, article, bad
from hostile_server import Behaviour

EXTRACTION = ("rejected:no_text", "rejected:not_article", "rejected:no_title")  # whichever sign is seen first
BOMB = gzip.compress(b"<p>boom</p>" * 3_000_000)
PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40
SECRET = "user:secret"
FOREIGN = b"<html><title>Not the page that was asked for</title><p>Not the page.</p></html>"
DESYNCHRONISED = hostile.head("200 OK", {"Content-Type": "text/html", "Content-Length": str(len(FOREIGN))}) + FOREIGN


def always(behaviour: Behaviour) -> Callable[[Site], Routes]:
    """The bad page answers so, whatever its site."""
    return lambda site: {BAD: behaviour}


def made(make: Callable[[bytes], Behaviour]) -> Callable[[Site], Routes]:
    """The bad page answers with something made of the article that should be there."""
    return lambda site: {BAD: make(bad(site).html())}


def status(line: str, **headers: str) -> Callable[[Site], Routes]:
    return always(hostile.answer(b"<html><title>Oh</title><p>Oh dear.</p></html>", status=line, **headers))


def document(title: str, body: str, more: str = "") -> bytes:
    return (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>{more}</head>'
        f"<body><header><a href='/'>Home</a> <a href='/sport'>Sport</a></header><main>{body}</main><footer>The publisher</footer>"
        "</body></html>"
    ).encode()


CONSENT = document(
    "Before you continue",
    "<h1>Before you continue</h1><p>We and our 842 partners store and read information on your device, such as cookies, to show you "
    "advertising and to measure it.</p><p>Choose Accept all to agree, or Settings to decide for each purpose.</p>"
    "<form action='/consent' method='post'><button>Accept all</button> <button>Settings</button></form>",
)
LOGIN = document(
    "Log in",
    "<h1>Log in to read on</h1><form action='/session' method='post'><label>E-mail <input type='email' name='email'></label>"
    "<label>Password <input type='password' name='password'></label><button>Log in</button></form>"
    "<p>No account yet? Register for free and read five articles a month.</p>",
)
STRANGERS: Routes = {"*": hostile.answer(CONSENT), "/refused": hostile.answer(status="403 Forbidden")}  # what the host of nobody's serves
NOT_FOUND = document(
    "Page not found",
    "<h1>Page not found</h1><p>The page that you are looking for does not exist or has been moved.</p><p>Try the search or go to the "
    "front page.</p>",
)


def _partial(body: bytes) -> Behaviour:
    half = len(body) // 2
    return hostile.answer(body[:half], status="206 Partial Content", content_range=f"bytes 0-{half - 1}/{len(body)}")


def _with_title(site: Site) -> Routes:
    story = bad(site)
    heading = "<h1>Rutte <b>wins</b> <script>alert('title')</script>the &lt;vote&gt;</h1>"
    body = "".join(f"<p>{paragraph}</p>" for paragraph in story.paragraphs)
    assert story.published is not None
    stamp = f'<meta property="og:type" content="article"><meta property="article:published_time" content="{story.published.isoformat()}">'
    return {BAD: hostile.answer(document("Rutte wins the &lt;vote&gt;", f"<article>{heading}{body}</article>", stamp))}


def _credentials(site: Site) -> Routes:
    target = site.url("/news/moved-with-a-password-in-the-link")
    return {
        BAD: hostile.redirect(target.replace("http://", f"http://{SECRET}@")),
        "/news/moved-with-a-password-in-the-link": hostile.answer(
            article(site, "/news/moved-with-a-password-in-the-link", bad(site).published).html()
        ),
    }


def _moved(site: Site) -> Routes:
    return {
        BAD: hostile.redirect("/news/the-new-address-of-the-story", "301 Moved Permanently"),
        "/news/the-new-address-of-the-story": hostile.answer(
            article(site, "/news/the-new-address-of-the-story", bad(site).published).html()
        ),
    }


def _circle(site: Site) -> Routes:
    return {BAD: hostile.redirect("/b"), "/b": hostile.redirect("/c"), "/c": hostile.redirect(BAD)}


def _chain(site: Site) -> Routes:
    return {BAD: hostile.redirect("/hop/0")} | {f"/hop/{n}": hostile.redirect(f"/hop/{n + 1}") for n in range(50)}


def _dated(when: str) -> Callable[[Site], Routes]:
    def routes(site: Site) -> Routes:
        story = bad(site)
        assert story.published is not None
        return {BAD: hostile.answer(story.html().replace(story.published.isoformat().encode(), when.encode()))}

    return routes


def _chunks(body: bytes, size: bytes) -> bytes:
    return hostile.head("200 OK", {"Content-Type": "text/html", "Transfer-Encoding": "chunked"}) + size + b"\r\n" + body + b"\r\n0\r\n\r\n"


PAGES = (
    # ---- time and size
    BadPage(
        name="drip", what="sends a byte now and then, for ever", routes=always(hostile.drip), timeout=SHORT,
        ends=("deferred:timeout",), why="the time is for the whole answer, not for each byte; another day the host may be quicker",
    ),
    BadPage(
        name="silent", what="takes the request and says nothing", routes=always(hostile.silent), timeout=SHORT,
        ends=("deferred:timeout",), why="nothing is known of the page, and a hanging server is a passing fault",
    ),
    BadPage(
        name="endless", what="a body without end", routes=always(hostile.endless()), ends=("failed:too_large",),
        why="more than max_page_bytes is no article, today or tomorrow",
    ),
    BadPage(
        name="announced", what="a header that promises 50 MB", routes=always(hostile.announced(50_000_000)), ends=("failed:too_large",),
        why="the header says it before a byte is read",
    ),
    BadPage(
        name="bomb", what="a small gzip that becomes 33 MB", routes=always(hostile.answer(BOMB, content_encoding="gzip")),
        ends=("failed:too_large",), why="the limit holds after decompression",
    ),
    BadPage(
        name="double-bomb", what="a gzip in a gzip that becomes 33 MB", ends=("failed:too_large",), why="it holds after each step",
        routes=always(hostile.answer(gzip.compress(BOMB), content_encoding="gzip, gzip")),
    ),
    # ---- compression
    BadPage(
        name="brotli", what="answers in brotli, which was not asked for", routes=made(lambda b: hostile.answer(b, content_encoding="br")),
        ends=("failed:bad_encoding",), why="RFC 9110, 8.4: a coding that the client did not name; guessing would make up a text",
    ),
    BadPage(
        name="coding", what="a content coding that nobody knows", routes=made(lambda b: hostile.answer(b, content_encoding="x-rot13")),
        ends=("failed:bad_encoding",), why="as brotli",
    ),
    BadPage(
        name="no-gzip", what="calls plain text gzip", routes=made(lambda b: hostile.answer(b, content_encoding="gzip")),
        ends=("failed:bad_encoding",), why="the bytes are not what the header says",
    ),
    BadPage(
        name="gzip-cut", what="a gzip stream without its end",
        routes=made(lambda b: hostile.answer(gzip.compress(b)[:-30], content_encoding="gzip")),
        ends=("deferred:cut_short",), why="half an article must not be counted as one; the next answer may be whole",
    ),
    # ---- redirects
    BadPage(
        name="circle", what="three redirects in a circle", routes=_circle, ends=("failed:redirects",), requests=3,
        why="RFC 9110, 15.4: a client should detect cyclical redirections",
    ),
    BadPage(
        name="chain", what="fifty redirects", routes=_chain, ends=("failed:redirects",), requests=6, why="five are followed, no more",
    ),
    BadPage(
        name="nowhere", what="a redirect without Location", routes=status("302 Found"), ends=("failed:redirects",),
        why="no page, no target",
    ),
    BadPage(
        name="metadata", what="a redirect to a cloud machine's metadata service",
        routes=always(hostile.redirect("http://169.254.169.254/latest/meta-data/")), ends=("failed:address_refused",), requests=1,
        why="link-local addresses are never called, even where private ones may be",
    ),
    BadPage(
        name="metadata-number", what="the same address as one decimal number", routes=always(hostile.redirect("http://2852039166/")),
        ends=("failed:address_refused",), requests=1, why="every notation of an address is the address",
    ),
    BadPage(
        name="file", what="a redirect to a file", routes=always(hostile.redirect("file:///etc/passwd")), ends=("failed:invalid_url",),
        requests=1, why="only http and https are fetched",
    ),
    BadPage(
        name="script", what="a redirect to a script", routes=always(hostile.redirect("javascript:alert(1)")), requests=1,
        ends=("failed:invalid_url",), why="only http and https are fetched",
    ),
    BadPage(
        name="password", what="a redirect with user and password in its target", routes=_credentials, ends=("published",),
        why="the page is public; the credentials are nobody's business and are dropped, not sent",
    ),
    BadPage(
        name="moved", what="a permanent redirect on the same host", routes=_moved, ends=("published",),
        why="the article is where it moved to, and counts once",
    ),
    BadPage(
        name="rival", what="a redirect to the article of another outlet",
        routes=lambda site: {BAD: hostile.redirect(f"http://{site.rival}/news/item-1-of-the-day")},
        ends=("rejected:off_site",), why="what another outlet wrote is not this one's",
    ),
    BadPage(
        name="consent-host", what="a redirect to a cookie wall on another host",
        routes=lambda site: {BAD: hostile.redirect(f"http://{site.elsewhere}/consent?return={BAD}")},
        ends=("rejected:off_site",), why="walls are not gone round, and the wall is no article of the outlet's",
    ),
    BadPage(
        name="refusing-host", what="a redirect to another host that refuses",
        routes=lambda site: {BAD: hostile.redirect(f"http://{site.elsewhere}/refused")},
        ends=("rejected:off_site",), why="the redirect leaves the outlet; how a stranger's host answers says nothing of the article",
    ),
    # ---- framing
    BadPage(
        name="promise-long", what="a Content-Length beyond what is sent", routes=made(lambda b: hostile.cut(b, len(b) + 5000)),
        ends=("deferred:cut_short",), why="RFC 9112, 8: the message is incomplete",
    ),
    BadPage(
        name="promise-short", what="a Content-Length that leaves out the last tags, and a whole other answer behind them",
        routes=made(lambda b: hostile.overflowing(b[:-14], b[-14:] + DESYNCHRONISED)), ends=("published",),
        why="RFC 9112, 6.3: the body ends where the header says; what follows belongs to no request and must not answer the next one",
    ),
    BadPage(
        name="smuggled", what="a right Content-Length, and an answer that nobody asked for behind the body",
        routes=made(lambda b: hostile.overflowing(b, DESYNCHRONISED)), ends=("published",),
        why="RFC 9112, 9.2: an answer without a request must not be taken for that of the next one",
    ),
    BadPage(
        name="reset", what="breaks the connection off before the answer", routes=always(hostile.reset), ends=("deferred:connection",),
        why="a passing fault",
    ),
    BadPage(
        name="reset-within", what="breaks the connection off within the body",
        routes=made(lambda b: hostile.reset_within(b[: len(b) // 2], len(b))), ends=("deferred:cut_short", "deferred:connection"),
        why="half an article is none; a passing fault",
    ),
    BadPage(
        name="hang-up", what="closes without a word", routes=always(hostile.raw(b"")), ends=("deferred:connection",), why="a passing fault",
    ),
    BadPage(
        name="not-http", what="answers as a mail server", routes=always(hostile.raw(b"220 mail.example ESMTP ready\r\n\r\n")),
        ends=("deferred:protocol",), why="nothing can be read; somebody may have the port by mistake",
    ),
    BadPage(
        name="chunk-size", what="a chunk whose size is no number", routes=made(lambda b: hostile.raw(_chunks(b, b"ZZ"))),
        ends=("deferred:protocol",), why="RFC 9112, 7.1: the framing is broken",
    ),
    BadPage(
        name="chunk-short", what="a chunk that is shorter than its size", routes=made(lambda b: hostile.raw(_chunks(b, b"ffff"))),
        ends=("deferred:cut_short",), why="RFC 9112, 8: the message is incomplete",
    ),
    BadPage(
        name="chunk-end", what="chunks without the last one", routes=made(lambda b: hostile.chunked(b, finish=False)),
        ends=("deferred:cut_short",), why="RFC 9112, 8: the message is incomplete",
    ),
    BadPage(
        name="long-header", what="a header line of 300 KB", ends=("deferred:protocol",), why="no head of an answer is that long",
        routes=always(hostile.raw(b"HTTP/1.1 200 OK\r\nX-Long: " + b"y" * 300_000 + b"\r\n\r\n<p>x</p>")),
    ),
    BadPage(
        name="many-headers", what="10,000 headers", ends=("deferred:protocol",), why="no answer has so many",
        routes=always(hostile.raw(b"HTTP/1.1 200 OK\r\n" + b"".join(b"X-%d: some value\r\n" % n for n in range(10_000)) + b"\r\n<p>x</p>")),
    ),
    BadPage(
        name="status-line", what="a status line of 300 KB", routes=always(hostile.raw(b"HTTP/1.1 200 " + b"O" * 300_000 + b"\r\n\r\n")),
        ends=("deferred:protocol",), why="no status line is that long",
    ),
    BadPage(
        name="early-hints", what="103 Early Hints before the answer", ends=("published",),
        why="RFC 9110, 15.2: interim answers are passed over",
        routes=made(
            lambda b: hostile.raw(
                b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n"
                + hostile.head("200 OK", {"Content-Type": "text/html", "Content-Length": str(len(b))})
                + b
            )
        ),
    ),
    BadPage(
        name="cookie", what="sets a cookie", routes=made(lambda b: hostile.answer(b, set_cookie="id=1; Path=/; Max-Age=99999")),
        ends=("published",), why="the article is there; the cookie is not kept",
    ),
    # ---- status
    BadPage(
        name="304", what="304 without having been asked", routes=always(hostile.raw(b"HTTP/1.1 304 Not Modified\r\n\r\n")),
        ends=("failed:http_status",), why="RFC 9110, 15.4.5: 304 answers a conditional request; there is no page",
    ),
    BadPage(
        name="204", what="204 No Content", routes=always(hostile.raw(b"HTTP/1.1 204 No Content\r\n\r\n")), ends=("failed:http_status",),
        why="the status itself says that no page comes: that is no empty article that one has looked at",
    ),
    BadPage(
        name="206", what="206 with half of the page, though no range was asked for", routes=made(_partial), ends=("failed:http_status",),
        why="RFC 9110, 15.3.7: a part is not the page; counting it would cut the article without a word",
    ),
    BadPage(name="404", what="404", routes=status("404 Not Found"), ends=("failed:not_found",), why="gone, and known to be gone"),
    BadPage(name="410", what="410", routes=status("410 Gone"), ends=("failed:not_found",), why="gone, and known to be gone"),
    BadPage(
        name="401", what="asks for a password", routes=status("401 Unauthorized", www_authenticate='Basic realm="subscribers"'),
        ends=("failed:forbidden",), requests=1, why="no credentials are ever sent",
    ),
    BadPage(name="403", what="403", routes=status("403 Forbidden"), ends=("failed:forbidden",), requests=1, why="refused; not tried again"),
    BadPage(
        name="451", what="unavailable for legal reasons", routes=status("451 Unavailable For Legal Reasons"), ends=("failed:forbidden",),
        requests=1, why="RFC 7725: refused; not tried again",
    ),
    BadPage(
        name="429-seconds", what="429 with Retry-After: 1", routes=status("429 Too Many Requests", retry_after="1"),
        ends=("deferred:rate_limited",), requests=2,
        why="RFC 6585: too fast; a second is waited for, then it may be tried once more, and the rest of the outlet is read",
    ),
    BadPage(
        name="429-date", what="429 with a Retry-After date in an hour", ends=("deferred:rate_limited",), rest_waits=True, requests=1,
        routes=status(
            "429 Too Many Requests", date=format_datetime(NOON, usegmt=True),
            retry_after=format_datetime(NOON + timedelta(hours=1), usegmt=True),
        ),
        why="RFC 9110, 10.2.3: the host is left alone until then, and that is for the next pass",
    ),
    BadPage(
        name="429", what="429 that names no time", routes=status("429 Too Many Requests"), ends=("deferred:rate_limited",), requests=2,
        why="too fast; after one more try at most the page waits for another run",
    ),
    BadPage(
        name="503-retry", what="503 with Retry-After: 7200", routes=status("503 Service Unavailable", retry_after="7200"),
        ends=("deferred:server_error", "deferred:rate_limited", "deferred:outlet_unavailable"), rest_waits=True, requests=1,
        why="RFC 9110, 10.2.3: how long the service is expected to be unavailable: the host is left alone",
    ),
    BadPage(name="500", what="500", routes=status("500 Oh"), ends=("deferred:server_error",), why="a passing fault of one page"),
    BadPage(name="502", what="502", routes=status("502 Bad Gateway"), ends=("deferred:server_error",), why="a passing fault of one page"),
    # ---- robots.txt
    BadPage(
        name="robots-silent", what="articles on a host whose robots.txt hangs", timeout=SHORT, ends=("deferred:outlet_unavailable",),
        links=lambda site: (f"http://{site.other}{BAD}",), waits_on=True, requests=0,
        other=lambda site: {"/robots.txt": hostile.silent, BAD: hostile.answer(bad(site).html())},
        why="RFC 9309, 2.3.1.4: unreachable rules mean complete disallow, for now: the page is not asked for and waits",
    ),
    BadPage(
        name="robots-500", what="articles on a host whose robots.txt answers 500", ends=("deferred:outlet_unavailable",),
        links=lambda site: (f"http://{site.other}{BAD}",), waits_on=True, requests=0,
        other=lambda site: {"/robots.txt": hostile.answer(status="500 Oh"), BAD: hostile.answer(bad(site).html())},
        why="RFC 9309, 2.3.1.4",
    ),
    BadPage(
        name="robots-no", what="an article that robots.txt disallows", ends=("rejected:robots",), requests=0, why="RFC 9309, 2.2.2",
        routes=lambda site: {
            "/robots.txt": hostile.answer("User-agent: *\nDisallow: /news/harbour", "text/plain"), BAD: hostile.answer(bad(site).html()),
        },
    ),
    BadPage(
        name="robots-redirect", what="a redirect to a path that robots.txt disallows", ends=("rejected:robots",), requests=1,
        routes=lambda site: {
            "/robots.txt": hostile.answer("User-agent: *\nDisallow: /members/", "text/plain"), BAD: hostile.redirect("/members/1"),
            "/members/1": hostile.answer(bad(site).html()),
        },
        why="the rules hold for every address that is asked for, not only for the first",
    ),
    # ---- pages that are no article
    BadPage(
        name="consent-page", what="a cookie wall on the same host, with status 200", ends=("rejected:consent_wall",),
        routes=lambda site: {BAD: hostile.redirect("/consent"), "/consent": hostile.answer(CONSENT)},
        why="walls are not gone round, and the wall is no article",
    ),
    BadPage(
        name="consent-in-place", what="a cookie wall in place of the article", routes=always(hostile.answer(CONSENT)),
        ends=("rejected:consent_wall",),
        why="the wall is no article",
    ),
    BadPage(
        name="login", what="a login page with status 200", routes=always(hostile.answer(LOGIN)), ends=("rejected:login_page",),
        why="no article",
    ),
    BadPage(
        name="soft-404", what="'page not found' with status 200", routes=always(hostile.answer(NOT_FOUND)), ends=("rejected:error_page",),
        why="no article, whatever the status says",
    ),
    BadPage(name="empty", what="a body of no bytes", routes=always(hostile.answer(b"")), ends=("rejected:no_text",), why="nothing in it"),
    BadPage(
        name="blank", what="a body of blanks", routes=always(hostile.answer(b" \r\n\t" * 500)), ends=("rejected:no_text",),
        why="nothing in it",
    ),
    BadPage(
        name="no-text", what="HTML without text", routes=always(hostile.answer("<html><head></head><body><div></div></body></html>")),
        ends=EXTRACTION, why="nothing in it",
    ),
    BadPage(
        name="pdf", what="a PDF that is called HTML", routes=always(hostile.answer(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj")),
        ends=("rejected:not_html",), why="the bytes say what it is",
    ),
    BadPage(
        name="image", what="an image", routes=always(hostile.answer(PNG, "image/png")), ends=("rejected:not_html",), why="no page",
    ),
    BadPage(
        name="image-html", what="an image that is called HTML", routes=always(hostile.answer(PNG)), ends=("rejected:not_html",),
        why="the bytes say what it is",
    ),
    # ---- articles that are odd and fine
    BadPage(
        name="canonical-foreign", what="an article that names a page of a stranger as its canonical address", ends=("published",),
        routes=lambda site: {
            BAD: hostile.answer(article(site, BAD, bad(site).published, canonical=f"http://{site.elsewhere}/the-original").html())
        },
        why="it stands in this outlet; the claim reaches outside its domains and is passed over",
    ),
    BadPage(
        name="canonical-rival", what="an article that names another outlet's article as its canonical address", ends=("published",),
        routes=lambda site: {
            BAD: hostile.answer(article(site, BAD, bad(site).published, canonical=f"http://{site.rival}/news/item-1-of-the-day").html())
        },
        why="no outlet can take another's article from it",
    ),
    BadPage(
        name="nul", what="null bytes in headline and text", ends=("published",), why="HTML parsers pass over them",
        routes=made(lambda b: hostile.answer(b.replace(b" the ", b" th\0e ").replace(b"Harbour", b"Har\0bour"))),
    ),
    BadPage(
        name="one-line", what="a page of 2 MB in a single line", ends=("published",), why="large, within the limit, and an article",
        routes=made(lambda b: hostile.answer(b.replace(b"</head>", b"<script>var s='" + b"abcdefghij" * 200_000 + b"'</script></head>"))),
    ),
    BadPage(
        name="deep", what="100,000 elements inside each other behind the text", ends=("published", "failed:extraction_error"),
        routes=made(lambda b: hostile.answer(b.replace(b"</article>", b"</article>" + b"<div>" * 100_000))),
        why="the text stands before them; a parser that gives up has to say so, and must not take the run with it",
    ),
    BadPage(
        name="markup", what="markup and a script in the headline", routes=_with_title, ends=("published",), why="the headline is its text",
    ),
    BadPage(
        name="2099", what="an article that says it is of 2099", routes=_dated("2099-06-20T07:00:00+00:00"), undated=True,
        ends=("published",), why="an article all the same; it is in no cell but among the uncounted, as one of the future",
    ),
    BadPage(
        name="1970", what="an article that says it is of 1970", routes=_dated("1970-01-01T00:00:00+00:00"), undated=True,
        ends=("published",), why="an article all the same; a zero is no date, and the day of the fetch is none either",
    ),
    # ---- links
    BadPage(
        name="off-site", what="a link to another host", links=lambda site: (f"http://{site.elsewhere}{BAD}",), ends=("rejected:off_site",),
        requests=0, why="not this outlet's, as the address tells: it is not asked for",
    ),
    BadPage(
        name="off-site-idn", what="a link to another host with an international name", links=lambda site: ("http://žurnál.example/a",),
        requests=0, ends=("rejected:off_site",), why="as any other host",
    ),
    BadPage(
        name="lookalike", what="a link to a host whose name begins with the outlet's", requests=0, ends=("rejected:off_site",),
        links=lambda site: (f"http://{site.host.partition(':')[0]}.evil.example/a",), why="a name is owned from its end",
    ),
    BadPage(
        name="mailto", what="a mailto: link", links=lambda site: ("mailto:desk@example.org",), ends=("rejected:invalid_url",), requests=0,
        why="no address of a page",
    ),
    BadPage(
        name="javascript", what="a javascript: link", links=lambda site: ("javascript:void(0)",), ends=("rejected:invalid_url",),
        requests=0, why="no address of a page",
    ),
    BadPage(
        name="long-url", what="a URL of 10,000 characters", links=lambda site: (site.url("/news/" + "a" * 10_000),), requests=0,
        ends=("rejected:invalid_url",), why="longer than any article's; a part of it would be an address that the feed never named",
    ),
    BadPage(
        name="trackers", what="one link three times, with other tracking parameters each time", ends=("published",), requests=1,
        links=lambda site: (site.url(BAD), site.url(BAD + "?utm_source=rss&utm_medium=a"), site.url(BAD + "?utm_campaign=b#top")),
        routes=lambda site: {BAD: hostile.answer(bad(site).html()), "*": hostile.answer(bad(site).html())},
        why="parameters of trackers name no other page: one item, asked for once",
    ),
    BadPage(
        name="slow-all", what="four articles that all hang", timeout=SHORT, ends=("deferred:timeout",),
        links=lambda site: tuple(site.url(f"/slow/{n}") for n in range(4)),
        routes=lambda site: {f"/slow/{n}": hostile.silent for n in range(4)},
        why="each is a passing fault; fewer than five in a row do not speak for the outlet",
    ),
)  # fmt: skip

assert len({page.name for page in PAGES}) == len(PAGES)
assert BAD != AFTER
