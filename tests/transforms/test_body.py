"""Which words of a page are its article's text. Pages are inventions; real ones are in test_extract_real_pages.py."""

from __future__ import annotations

import time

import pytest

from transforms.body import body_text
from transforms.boilerplate import article_blocks
from transforms.container import article_parts, weigh
from transforms.paragraphs import Block
from transforms.structured import parse_html, read_structured

TITLE = "Harbour town votes on its ferry"
PARAGRAPHS = [
    f"The council of the harbour town voted on the ferry for the {time_of_day}, and councillor number {number} spoke at length of it."
    for number, time_of_day in enumerate(("first time", "second time", "third time", "fourth time", "fifth time", "sixth time"))
]
PROSE = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
TEXT = "\n".join(PARAGRAPHS)


def read(body: str, head: str = "", title: str = TITLE) -> str:
    tree = parse_html(f"<html><head><title>{title}</title>{head}</head><body>{body}</body></html>")
    assert tree is not None
    return body_text(tree, read_structured(tree), title)


def page(within: str = "{}", before: str = "", after: str = "") -> str:
    article = within.format(PROSE)
    return f"<nav><a href='/'>Front</a></nav><main><h1>{TITLE}</h1>{before}<div class='story-body'>{article}</div>{after}</main>"


def test_paragraphs_one_a_line() -> None:
    assert read(page()) == TEXT


@pytest.mark.parametrize(
    "extra",
    [
        "<aside><h2>More</h2><p>Mayor Vlk opened a bakery in the next town, and many came to see what she would say there.</p></aside>",
        '<div class="related-stories"><p>Mayor Vlk opened a bakery in the next town, and many came to see what she would say.</p></div>',
        '<ul><li><a href="/a">Mayor Vlk opens a bakery</a></li><li><a href="/b">Mayor Vlk closes it again</a></li></ul>',
        '<p>Lees ook: <a href="/vlk">Mayor Vlk opens a bakery</a></p>',
        "<p>Czytaj też: Mayor Vlk otwiera piekarnię</p>",
        '<p><strong>Читайте також:</strong> <a href="/vlk">Mayor Vlk opens a bakery</a></p>',
        '<figure><img src="x.jpg"><figcaption>Mayor Vlk at the opening of her bakery, which is not in this town.</figcaption></figure>',
        '<div class="newsletter-signup"><p>Mayor Vlk reads it too: the letter with all that happened in the harbour.</p></div>',
        "<h3>Lesen Sie auch</h3><ul><li>Mayor Vlk opens a bakery</li></ul>",
        '<section class="comments"><p>I always said that Mayor Vlk would be better, whatever the council says of the ferry.</p></section>',
        '<div id="cookie-banner"><p>Mayor Vlk and her partners use cookies to show you what you have seen before, all day.</p></div>',
        '<p class="image-caption">Mayor Vlk</p>',
        "<template><p>Mayor Vlk opened a bakery in the next town, and many came to see what she would say there.</p></template>",
        '<div style="display: none"><p>Mayor Vlk opened a bakery in the next town, and many came to see what she would say.</p></div>',
    ],
)
def test_who_is_named_only_around_the_text_is_not_in_it(extra: str) -> None:
    assert read(page(after=extra)) == TEXT
    assert "Vlk" not in read(page(within="{}" + extra))
    assert "Vlk" not in read(page(within=extra + "{}"))


@pytest.mark.parametrize(
    "kept",
    [
        "<h2>What the ferry costs</h2><p>Nobody in the town knows what it costs, and nobody asked those who might know.</p>",
        "<blockquote><p>“We shall sail again,” Mayor Vlk said.</p></blockquote>",
        "<ul><li>Mayor Vlk voted for it.</li><li>Two others did not.</li></ul><p>That was all that was said of it that evening.</p>",
        "<table><tr><td>Vlk</td><td>12</td></tr><tr><td>Haas</td><td>9</td></tr></table>",
        '<p>As <a href="/earlier">we wrote last week</a>, Mayor Vlk had promised the ferry to the island long before she was elected.</p>',
    ],
)
def test_what_belongs_to_the_text(kept: str) -> None:
    found = read(page(within="{}" + kept))
    assert found.startswith(TEXT)
    assert len(found) > len(TEXT)


@pytest.mark.parametrize(
    "lead",
    [
        '<p class="standfirst">Mayor Vlk wins with one vote</p>',
        "<div><p>Mayor Vlk wins the vote on the ferry with one voice more than the others have, after a long night.</p></div>",
        '<header><div class="article-intro">Mayor Vlk wins the vote on the ferry</div></header>',
    ],
)
def test_a_lead_between_headline_and_body(lead: str) -> None:
    assert read(page(before=lead)).split("\n")[0].startswith("Mayor Vlk wins")


def test_a_lead_that_the_page_describes_itself_with() -> None:
    words = "Mayor Vlk wins the vote on the ferry"
    assert read(page(before=f"<div>{words}</div>"), f'<meta name="description" content="{words}">').startswith(words)


def test_a_lead_is_not_repeated() -> None:
    assert read(page(before=f'<p class="lead">{PARAGRAPHS[0]}</p>')).count(PARAGRAPHS[0]) == 1


def test_headline_byline_and_date_are_no_text() -> None:
    lines = f"<h1>{TITLE}</h1><div>By Ann Other</div><div>3 June 2024</div>"
    assert read(f"<main><div class='x'>{lines}{PROSE}</div></main>") == TEXT


def test_soft_hyphens_go_and_other_characters_stay() -> None:
    found = read(
        page(within="{}<p>Der Oberbürger\u00admeister sprach lange über die Fähre, die 1\u00a0000 Menschen trägt, und über den Hafen.</p>")
    )
    assert found.endswith("Der Oberbürgermeister sprach lange über die Fähre, die 1 000 Menschen trägt, und über den Hafen.")


def test_the_first_of_several_stories_on_a_page() -> None:
    other = "".join(f"<p>{paragraph.replace('ferry', 'school')}</p>" for paragraph in PARAGRAPHS)
    found = read(f"<main><article><h1>{TITLE}</h1>{PROSE}</article><article><h1>School</h1>{other}</article></main>")
    assert found == TEXT


def test_a_whole_page_in_an_aside_or_a_form() -> None:
    for tag in ("aside", "form", "header"):
        assert read(f"<{tag}><div>{PROSE}</div></{tag}>") == TEXT


def test_names_of_layouts_are_no_names_of_parts() -> None:
    assert read(f'<div class="has-sidebar with-comments"><h2>x</h2><div class="post-1 hentry tag-newsletter">{PROSE}</div></div>').endswith(
        TEXT
    )


def test_text_between_line_breaks() -> None:
    assert read(f"<h1>{TITLE}</h1><div>{'<br><br>'.join(PARAGRAPHS)}</div>") == TEXT


def test_what_a_browser_would_put_in_place() -> None:
    streamed = (
        f'<main><h1>{TITLE}</h1><template id="B:0"></template></main><footer>Imprint</footer><div hidden id="S:0"><div>{PROSE}</div></div>'
    )
    assert read(streamed) == TEXT


def test_the_stated_body_where_the_page_shows_only_the_beginning() -> None:
    stated = " ".join(PARAGRAPHS * 4).replace('"', "'")
    head = f'<script type="application/ld+json">{{"@type": "NewsArticle", "headline": "{TITLE}", "articleBody": "{stated}"}}</script>'
    assert read(f"<h1>{TITLE}</h1><p>{PARAGRAPHS[0]}</p>", head) == stated


def test_parts_that_react_sent_late_are_read_in_their_place() -> None:
    first, second = "".join(f"<p>{p}</p>" for p in PARAGRAPHS[:3]), "".join(f"<p>{p}</p>" for p in PARAGRAPHS[3:])
    shell = f"<main><h1>{TITLE}</h1><article>{first}<template id='B:1'></template></article></main><footer>Imprint</footer>"
    assert read(f'{shell}<div hidden id="S:1">{second}</div>') == TEXT
    elsewhere = f'{shell}<div hidden id="S:7"><p>Mayor Vlk opened a bakery, and many came to see what she would say there.</p></div>'
    assert "Vlk" not in read(elsewhere), "a part without a place stays hidden"


def test_a_stated_body_that_says_the_same_twice_is_not_taken() -> None:
    twice = " ".join(PARAGRAPHS * 2).replace('"', "")
    head = f'<script type="application/ld+json">{{"@type": "NewsArticle", "headline": "{TITLE}", "articleBody": "{twice}"}}</script>'
    assert read(page(), head) == TEXT


@pytest.mark.parametrize("name", ["disclosure", "disclaimer", "reference-list", "popover"])
def test_small_print_is_no_text(name: str) -> None:
    assert (
        read(page(after=f'<div class="{name}"><p>Mayor Vlk has shares in the bakery, and her brother in law bakes there.</p></div>'))
        == TEXT
    )


def test_a_list_of_links_that_a_line_announces_stays() -> None:
    announced = "<p>These are the quays at which the ferry is going to land from Monday on:</p>"
    links = "".join(f'<li><a href="/q/{name}">{name} Quay</a></li>' for name in ("Northern", "Herring", "Customs"))
    found = read(page(within="{}" + announced + f"<ul>{links}</ul>" + f"<p>{PARAGRAPHS[0]} Again.</p>"))
    assert "Northern Quay\nHerring Quay\nCustoms Quay" in found
    assert "Quay" not in read(page(after=f"<ul>{links}</ul>"))


def test_few_words_are_no_text() -> None:
    assert read("<p>Log in</p>") == ""


def test_the_tree_is_left_as_it_is() -> None:
    tree = parse_html(f"<html><body>{page()}</body></html>")
    assert tree is not None
    elements = [element.tag for element in tree.iter()]
    body_text(tree, None, TITLE)
    assert [element.tag for element in tree.iter()] == elements


def test_parts_come_in_the_order_of_the_page() -> None:
    intro = "<section><p>" + PARAGRAPHS[0] + "</p></section>"
    tree = parse_html(f"<html><body><h1>{TITLE}</h1>{intro}<section id='b'>{PROSE}</section></body></html>")
    assert tree is not None
    assert [part.get("id") for part in article_parts(weigh(tree, None, TITLE))] == [None, "b"]


def test_headings_without_text_go() -> None:
    blocks = [Block("text", PARAGRAPHS[0]), Block("heading", "The end", tag="h2")]
    assert [block.text for block in article_blocks(blocks, frozenset())] == [PARAGRAPHS[0]]


SENTENCE = "<p>The council of the harbour town voted on the ferry for the first time, and all of them spoke at length of it.</p>"


@pytest.mark.parametrize(
    "body",
    [
        "<p>word " * 700_000,
        SENTENCE * 35_000,
        "<div>" * 60_000 + SENTENCE + "</div>" * 60_000,
        "<div>" * 200 + f"{SENTENCE}<div>{SENTENCE}</div>" * 15_000,
        "<table>" + f"<tr><td>{SENTENCE}</td><td>b</td></tr>" * 15_000 + "</table>",
        "<table><tr><td>a</td><td>" * 150 + SENTENCE,
        "<p>" + "<span>a <b>b</b></span>" * 40_000,
    ],
    ids=["open paragraphs", "paragraphs", "deep", "paragraphs deep down", "table", "tables in tables", "inline"],
)
def test_no_page_keeps_us_busy(body: str) -> None:
    start = time.process_time()
    read(f"<h1>{TITLE}</h1>{body}")
    assert time.process_time() - start < 6  # seconds on one core; a third of it where nothing else runs
