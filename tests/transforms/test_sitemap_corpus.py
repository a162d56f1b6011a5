"""Sitemaps of other projects' test suites (third-party data, not part of the product)."""

from __future__ import annotations

import tarfile
from datetime import UTC, datetime

from support import shared_data

from transforms.discover import Listing, read_sitemap

BASE = "https://www.example.com/sitemap.xml"
# Links and children that somebody finds who reads the file.
COUNTS = {
    "crawler-commons/atom.xml": (1, 0),
    "crawler-commons/extension/pagemaps-sitemap.xml": (2, 0),
    "crawler-commons/extension/shinpaideshou-news-sitemap.xml": (3, 0),
    "crawler-commons/extension/sitemap-mobile.xml": (3, 0),
    "crawler-commons/extension/sitemap-videos-tvshow.xml": (1, 0),
    "crawler-commons/sitemap-with-bom.txt": (2, 0),
    "crawler-commons/sitemap.badns.xml": (2, 0),
    "crawler-commons/sitemap.index.xml": (0, 15),
    "crawler-commons/sitemap.ns.xml": (2, 0),
    "crawler-commons/sitemap.txt": (2, 0),
    "crawler-commons/sitemap.txt.gz": (5, 0),
    "crawler-commons/xmlSitemap.gz": (5, 0),
    "trafilatura/sitemap.xml": (84, 0),
}
NEWS = "crawler-commons/extension/shinpaideshou-news-sitemap.xml"


def listings() -> dict[str, Listing]:
    found = {}
    with tarfile.open(shared_data("sitemaps", "sitemaps.tar.gz")) as archive:
        for member in archive:
            file = archive.extractfile(member) if member.isfile() else None
            if file is not None:
                listing = read_sitemap(file.read(), None, BASE)
                assert isinstance(listing, Listing), (member.name, listing)
                found[member.name] = listing
    return found


def test_every_file_gives_what_it_lists() -> None:
    assert {name: (len(found.links), len(found.children)) for name, found in listings().items()} == COUNTS


def test_only_the_news_sitemap_is_one_and_has_dates_of_publication() -> None:
    found = listings()
    assert [name for name, listing in found.items() if listing.is_news] == [NEWS]
    dated = {name for name, listing in found.items() if any(link.published_at for link in listing.links)}
    assert dated == {NEWS, "crawler-commons/atom.xml"}
    first = found[NEWS].links[0]
    assert (first.published_at, first.language) == (datetime(2017, 4, 25, 10, 0, 36, tzinfo=UTC), "en")
    assert (first.title or "").startswith("Job Opening")


def test_changes_are_no_publication() -> None:
    links = listings()["crawler-commons/xmlSitemap.gz"].links
    assert [link.modified_at for link in links] == [
        datetime(2005, 1, 1, tzinfo=UTC), None, datetime(2004, 12, 23, tzinfo=UTC), datetime(2004, 12, 23, 18, 0, 15, tzinfo=UTC),
        datetime(2004, 11, 23, tzinfo=UTC),
    ]  # fmt: skip
    assert not any(link.published_at or link.published_raw for link in links)


def test_an_address_without_its_element_is_read_and_its_entities_with_it() -> None:
    children = listings()["crawler-commons/sitemap.index.xml"].children
    assert children[0].url == "https://example.com/sitemap.jss?portalCode=10260&lang=en"
    assert len({child.url for child in children}) == 15
