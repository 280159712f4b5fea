"""A real headless Chromium for the tests of what people look at: the reports, and the what-if page.

Serves tests/test_report*.py and tests/test_app*.py. A test that asks for the fixture `chromium` is skipped, with the
reason, where no Chromium or no playwright is installed. Playwright drives the Chromium of the system (Debian and
Ubuntu: `apt-get install chromium`); it downloads none. axe-core is the one that axe-playwright-python brings.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
"""What Chromium is called on the systems that have it."""

DESKTOP, PHONE = (1280, 900), (390, 844)
"""Width and height of the window, in CSS pixels."""

GRAVE = ("serious", "critical")
"""Impacts of axe-core that no page may have."""


@dataclass
class Opened:
    """A page in Chromium, what it has asked for, and what went wrong on it."""

    page: Page
    requests: list[str] = field(default_factory=list)
    """Every address that was asked for, the page's own first."""
    faults: list[str] = field(default_factory=list)
    """Errors that no script caught, and those written to the console."""


def chromium_path() -> str | None:
    """Return where Chromium is, None where there is none."""
    return next((found for name in NAMES if (found := shutil.which(name))), None)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Give a headless Chromium, closed after the last test of the file.

    It lives no longer than a file, because playwright keeps an event loop running, in which no other can be begun.
    """
    path = chromium_path()
    if path is None:
        pytest.skip(f"no Chromium here (one of {', '.join(NAMES)}): apt-get install chromium")
    playwright = pytest.importorskip("playwright.sync_api", reason="no playwright here: pip install '.[test]'")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=["--disable-gpu", "--disable-dev-shm-usage"])
        yield browser
        browser.close()


def open_page(
    browser: Browser, address: str | Path, *, size: tuple[int, int] = DESKTOP, dark: bool = False, **context: Any
) -> Opened:
    """Return a file or an address opened in a window of its own, light or dark; `context` goes to playwright.

    Close it by `opened.page.context.close()`, or leave it to the end of the file.
    """
    width, height = size
    window = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme="dark" if dark else "light", **context
    )
    opened = Opened(window.new_page())
    opened.page.on("request", lambda request: opened.requests.append(request.url))
    opened.page.on("pageerror", lambda fault: opened.faults.append(str(fault)))
    opened.page.on("console", lambda said: opened.faults.append(said.text) if said.type == "error" else None)
    opened.page.goto(address.absolute().as_uri() if isinstance(address, Path) else address)
    return opened


def accessibility_faults(page: Page) -> list[str]:
    """Return what axe-core finds on the page as it stands that is serious or critical, a line each."""
    found = resources.files(pytest.importorskip("axe_playwright_python")).joinpath("axe.min.js")
    page.evaluate(found.read_text(encoding="utf-8"))
    violations: list[dict[str, Any]] = page.evaluate("async () => (await axe.run()).violations")
    return [
        f"{one['id']} ({one['impact']}): {one['help']}: "
        + "; ".join(f"{' '.join(map(str, node['target']))} {node['html'][:120]}" for node in one["nodes"][:5])
        for one in violations
        if one["impact"] in GRAVE
    ]


def first_paint(page: Page) -> float:
    """Return after how many milliseconds the page has shown its first content."""
    milliseconds: float = page.evaluate(
        """() => new Promise(done => {
             new PerformanceObserver(list => list.getEntriesByName("first-contentful-paint").forEach(
               paint => done(paint.startTime))).observe({type: "paint", buffered: true});
           })"""
    )
    return milliseconds


def scrolls_sideways(page: Page) -> bool:
    """Return whether the page as a whole is wider than its window."""
    wider: bool = page.evaluate("() => document.documentElement.scrollWidth > document.documentElement.clientWidth")
    return wider
