"""Every picture of docs/pictures: the command that draws it, and the screenshots that no command takes.

Serves whoever changes how pictures or pages look.

    python benchmarks/stored_pictures.py                                       which picture comes from where
    python benchmarks/stored_pictures.py report.png DIR/report.html            a screenshot of a page that stands
    python benchmarks/stored_pictures.py app.png http://127.0.0.1:8080/        or of one that is served
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

PICTURES = Path(__file__).parent.parent / "docs" / "pictures"
CHROMIUM = "/usr/bin/chromium"

SWEEP, DISCOVER = "memberlab sweep", "memberlab discover"
DRAWN: Mapping[str, str] = {
    "campaign-response.png": "memberlab lift grocery --product-weeks grocery_product_week.parquet --page: its picture",
    "claims.png": "memberlab claims --assumptions default --assumptions sceptical --assumptions optimistic --out DIR",
    "cutover.png": "memberlab cutover four-tiers-simple examples/relaunch.yaml --out DIR",
    "discovery.png": f"{DISCOVER} generous.yaml --set attrition-and-costs --cases 160 --shoppers 1000 --out DIR",
    "evidence.png": "memberlab evidence --out DIR",
    "lever-importance.png": "memberlab optimize fashion-thresholds --policies 24 --out DIR",
    "log-customers.png": "memberlab import cdnow_sample.csv --from cdnow --out DIR: pictures/customers.png",
    "margin-bridge.png": "memberlab optimize fashion-thresholds --out DIR",
    "pareto.png": "memberlab optimize fashion-thresholds --out DIR",
    "pilot.png": "memberlab pilot no-programme four-tiers-simple --weeks 12,26,52,104 --peeking --out DIR",
    "recommendation-by-value.png": "memberlab optimize fashion-thresholds --policies 24 --out DIR",
    "rollout.png": "memberlab rollout examples/rollout.yaml --replications 8 --out DIR: week-by-week-margin.png",
    "search-quality.png": "python benchmarks/search_quality.py --page",
    "sensitivity-morris.png": "memberlab global-sensitivity generous.yaml --shoppers 1000 --samples 6 --out DIR",
    "sensitivity-sobol.png": "the same with --method sobol --samples 16",
    "sweep-expiry.png": f"{SWEEP} four-tiers-simple --lever points.expiry.months=6:24:6 --shoppers 2000 --out DIR",
    "sweep-margin-attrition.png": f"{SWEEP} generous.yaml with two levers, as docs/what-if.md has it",
    "validation-cdnow.png": "memberlab validate, as the foot of docs/validation.md has it",
    "validation-complete-journey-spend.png": "memberlab validate, as docs/validation.md has it above CDNOW",
    "validation-complete-journey-visits.png": "the same",
}
"""By the picture's name, the command that draws it; the picture of that name in DIR where no other is told."""


@dataclass(frozen=True, slots=True)
class Shot:
    """A screenshot: of which page, in a window of which size, and of which part where it is not the window."""

    page: str
    size: tuple[int, int]
    dark: bool = False
    part: str = ""
    wait: str = "main"


SHOTS: Mapping[str, Shot] = {
    "app.png": Shot("memberlab app", (1360, 960), wait="body"),
    "app-dark.png": Shot("memberlab app, with another policy", (1360, 960), dark=True, wait="body"),
    "app-phone.png": Shot("memberlab app", (390, 844), wait="body"),
    "pareto-explorer.png": Shot(
        "report.html of memberlab optimize fashion-thresholds --out DIR", (900, 1290),
        part="section[aria-labelledby=explorer]", wait="#explorer-scatter .annotation",
    ),
    "report.png": Shot("report.html of memberlab compare four-tiers-simple jd-plus --out DIR", (1100, 1000)),
    "report-phone.png": Shot("the same", (390, 844)),
}  # fmt: skip
"""Screenshots by name; of a part, its first letters at the top of the window."""


def main() -> None:
    """Tell where pictures come from, or take one screenshot."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("picture", nargs="?", choices=sorted(SHOTS), help="screenshot to take")
    parser.add_argument("page", nargs="?", help="file or address of the page")
    asked = parser.parse_args()
    if asked.picture is None:
        for name, source in sorted({**DRAWN, **{name: shot.page for name, shot in SHOTS.items()}}.items()):
            print(f"{name:40} {source}")
        return
    if asked.page is None:
        parser.error(f"name the page: {SHOTS[asked.picture].page}")
    if "://" not in asked.page and not Path(asked.page).is_file():
        parser.error(f"{asked.page}: no such file; name the page: {SHOTS[asked.picture].page}")
    take(SHOTS[asked.picture], asked.page, PICTURES / asked.picture)


def take(shot: Shot, page: str, picture: Path) -> None:
    """Take a screenshot of a page (file or address) and write it."""
    from playwright.sync_api import sync_playwright

    width, height = shot.size
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        window = browser.new_page(
            viewport={"width": width, "height": height}, color_scheme="dark" if shot.dark else "light"
        )
        window.goto(page if "://" in page else Path(page).absolute().as_uri())
        window.wait_for_selector(shot.wait)
        if shot.part:
            window.evaluate("document.documentElement.style.scrollBehavior = 'auto'")
            window.locator(shot.part).evaluate("part => part.scrollIntoView({block: 'start'})")
        window.wait_for_timeout(1500)
        window.screenshot(path=picture)
        browser.close()


if __name__ == "__main__":
    main()
