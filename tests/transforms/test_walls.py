"""Pages that answer 200 and stand in an article's place are rejected by name; articles that look like them are not."""

from __future__ import annotations

import tomllib
from collections import Counter
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from transforms.extract import read_page
from transforms.records import Article, FetchedPage, Reason, RejectedPage
from transforms.walls import KINDS, fold_words

PAGES: list[dict[str, Any]] = tomllib.loads(Path(__file__).with_name("wall_pages.toml").read_text(encoding="utf-8"))["page"]
LEXICON = tomllib.loads(files("transforms.lexicons").joinpath("walls.toml").read_text(encoding="utf-8"))
LANGUAGES = {
    "en", "nl", "de", "fr", "es", "it", "pt", "ro", "pl", "cs", "sk", "sl", "hr", "sr", "bg", "mk", "uk", "ru", "el", "tr", "hu", "fi",
    "et", "lv", "lt", "sv", "da", "no", "is",
}  # fmt: skip
URL = "https://www.harbour.example/news/2024/06/harbour-story-of-the-day-123456"
NAVIGATION = (
    '<header><a href="/"><img src="/logo.svg" alt="Home"></a><nav><a href="/news">News</a> <a href="/sport">Sport</a> '
    '<a href="/login">Login</a></nav></header>'
)
FOOTER = '<footer><a href="/about">About us</a> <a href="/privacy">Privacy policy</a> <a href="/cookies">Cookie policy</a> © 2024</footer>'
LOGIN_FORM = (
    '<form action="/login" class="header-login"><input name="user"><input type="password" name="pass"><button>Log in</button></form>'
)
BANNER = (
    '<div id="cookie-banner" role="dialog"><p>We use cookies and similar technologies, together with our partners, to show you '
    "personalised ads. You can withdraw your consent at any time.</p><button>Accept all</button><button>Reject all</button></div>"
)
OTHERS = "<aside><h2>Most read</h2><ul>{}</ul></aside>".format(
    "".join(f'<li><a href="/news/{n}">Another story number {n} from the harbour town</a></li>' for n in range(8))
)
FORMS = {
    "password": '<form><label>E-mail <input type="email"></label><label><input type="password"></label><button>OK</button></form>',
    "email": '<form><label>E-mail <input type="email"></label><button>OK</button></form>',
}


def element(line: str) -> str:
    tag, _, words = line.partition(": ")
    if tag == "form":
        return FORMS[words]
    if tag == "script":
        return f'<script src="{words}"></script>'
    if tag == "div":
        return f'<div id="{words}"></div>'
    return f'<a href="#" class="button">{words}</a>' if tag == "a" else f"<{tag}>{words}</{tag}>"


def built(page: dict[str, Any]) -> str:
    body = "".join(element(line) for line in page["body"].strip().split("\n"))
    if "date" in page:
        body = f'<time datetime="{page["date"]}" pubdate>{page["date"][:10]}</time>{body}'
    main = f"<main><article>{body}</article></main>" if page["kind"] == "article" else f"<main>{body}</main>"
    around = {
        "bare": body,
        "chrome": NAVIGATION + main + FOOTER,
        "portal": BANNER + NAVIGATION + LOGIN_FORM + main + OTHERS + FOOTER,
    }[page["layout"]]
    return (
        f'<!doctype html><html lang="{page["lang"]}"><head><title>{page["title"]}</title>{page.get("head", "")}</head>'
        f'<body class="{page.get("classes", "")}">{around}</body></html>'
    )


def read(html: str, url: str = URL) -> Article | RejectedPage:
    return read_page(
        FetchedPage(
            url=URL,
            final_url=url,
            content=html.encode(),
            content_type="text/html; charset=utf-8",
            fetched_at=datetime(2024, 7, 1, tzinfo=UTC),
        ),
        None,
    )


@pytest.mark.parametrize("page", PAGES, ids=lambda page: f"{page['kind']}-{page['lang']}-{page['title'][:20]}")
def test_walls_by_name_and_articles_in_peace(page: dict[str, Any]) -> None:
    result = read(built(page), page.get("url", URL))
    found = str(result.rejection.reason) if isinstance(result, RejectedPage) else "article"
    assert found == page["kind"], result


def test_there_are_enough_of_both() -> None:
    count = Counter(page["kind"] == "article" for page in PAGES)
    assert count[True] >= 30 <= count[False]


def test_fields_are_kept_for_inspection() -> None:
    page = next(page for page in PAGES if page["kind"] == "login_page")
    result = read(built(page), page.get("url", URL))
    assert isinstance(result, RejectedPage)
    assert result.fields is not None
    assert result.fields.title
    assert "password" in result.rejection.detail


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("table", ["headings", "phrases"])
def test_the_lexicon_knows_every_language(kind: str, table: str) -> None:
    assert LEXICON[kind][table].keys() >= LANGUAGES


def test_words_are_compared_without_case_accents_and_punctuation() -> None:
    assert fold_words("Ačiū – Seite NICHT gefunden!") == " aciu seite nicht gefunden "


@pytest.mark.parametrize(
    "piece",
    [
        "<h2>Page not found</h2>",
        LOGIN_FORM,
        BANNER,
        '<script src="https://www.google.com/recaptcha/api.js"></script>',
        "<p>Checking your browser before you continue. Log in to read on.</p>",
    ],
)
def test_one_sign_alone_never_rejects(piece: str) -> None:
    story = "".join(
        f"<p>The council met for the {n}. time on Monday and put off the decision about the quay once more.</p>" for n in range(3)
    )
    title = "Council puts off the quay again"
    html = f"<html><head><title>{title}</title></head><body>{piece}<h1>{title}</h1>{story}</body></html>"
    assert isinstance(read(html), Article)


def test_dialogs_above_a_short_article_without_h1() -> None:
    dialogs = "<div role='dialog'><h2>Log in</h2>" + FORMS["password"] + "<p>Forgot your password? Create an account.</p></div>"
    dialogs += f"<div role='dialog'><h2>We value your privacy</h2>{BANNER}</div>"
    story = "<h2>Ferry runs aground</h2><p>A ferry ran aground off the north pier on Monday. No one was hurt. It was towed free.</p>"
    assert isinstance(read(f"<html><head><title>The Gazette</title></head><body>{dialogs}<main>{story}</main></body></html>"), Article)


def test_reasons_have_names() -> None:
    assert {str(reason) for reason in KINDS.values()} == {"error_page", "consent_wall", "login_page", "bot_check"}
    assert Reason.GALLERY != Reason.VIDEO_PAGE
