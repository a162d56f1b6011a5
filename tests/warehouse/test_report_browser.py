"""The report in a real browser: opened from a file, with no network, on a phone and on a desk."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from warehouse.report import parse_week, write_report

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

pytestmark = pytest.mark.system


@pytest.fixture(scope="module")
def page_file(demo_coverage: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    (path,) = write_report(demo_coverage, tmp_path_factory.mktemp("report"), parse_week("2024-W25"), ["html"])
    return path


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        pytest.skip("chromium is not installed: apt-get install chromium")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.mark.parametrize("width", [390, 1024, 1440])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_opens_alone_and_fits(page_file: Path, browser: Browser, width: int, scheme: str) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme="dark" if scheme == "dark" else "light")
    said: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(page_file.as_uri())
    assert "Week 25 of 2024" in page.title()
    assert said == []
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.close()


def test_a_cell_leads_to_its_articles(page_file: Path, browser: Browser) -> None:
    page = browser.new_page()
    page.goto(page_file.as_uri())
    cell = page.locator("table a[href^='#']").first
    target = cell.get_attribute("href")
    cell.focus()
    page.keyboard.press("Enter")
    assert page.url.endswith(str(target))
    assert page.locator(f"[id='{str(target)[1:]}']").is_visible()
    page.close()
