"""The page that a run and a comparison leave: what is on it, that it is fit to be forwarded, and what a folder that is
no run is told.
"""

from __future__ import annotations

import json
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import pytest
from click.testing import CliRunner, Result

from memberlab.cli import main
from memberlab.results import REPORT, Wording, read_books, statements_of

from .chromium import DESKTOP, PHONE, accessibility_faults, first_paint, open_page, scrolls_sideways

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

COMPARISON = ("compare", "four-tiers-simple", "jd-plus", "--shoppers", "300", "--replications", "2",
              "--scenario", "baseline", "--scenario", "recession")  # fmt: skip
WORDING = Wording("en", "CNY")
RUN = ("run", "jd-plus", "--shoppers", "300", "--twin", "no-programme")

SECTIONS = {
    "run": ["figures", "promises", "bridge", "benefits", "liability", "retention", "tier-flows", "naive",
            "assumptions", "provenance"],
    "comparison": ["figures", "changes", "scenarios", "break-even", "bridge", "benefits", "liability", "attribution",
                   "by-decile", "retention", "tier-flows", "naive", "assumptions", "provenance"],
}  # fmt: skip


def command(*words: str) -> Result:
    """Run a command of memberlab in this process; the manifest names its words."""
    argv, sys.argv = sys.argv, ["memberlab", *words]
    try:
        return CliRunner().invoke(main, list(words))
    finally:
        sys.argv = argv


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Return the folder of a comparison and that of a run, each with its report."""
    place = tmp_path_factory.mktemp("reports")
    found = {"comparison": place / "comparison", "run": place / "run"}
    for kind, words in (("comparison", COMPARISON), ("run", RUN)):
        done = command(*words, "--out", str(found[kind]))
        assert done.exit_code == 0, done.output
        assert done.output.splitlines()[-1] == f"Report: {found[kind] / REPORT}"
    return found


@pytest.fixture
def broken(folders: dict[str, Path], tmp_path: Path) -> Path:
    """Return a copy of the comparison that a test may break."""
    return Path(shutil.copytree(folders["comparison"], tmp_path / "broken"))


class Headings(HTMLParser):
    """Notes levels of headings, anchors of sections, names of all elements, and charts that say nothing."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.levels: list[int] = []
        self.anchors: list[str] = []
        self.names: list[str] = []
        self.silent: list[str] = []
        self.charts = 0
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        own = dict(attrs)
        self.names += [own["id"] or ""] if "id" in own else []
        if re.fullmatch("h[1-6]", tag):
            self.levels.append(int(tag[1]))
            self.anchors += [own["id"] or ""] if tag == "h2" else []
        if own.get("role") == "img":
            self.charts += 1
            self.silent += [] if len(own.get("aria-label") or "") > 40 else [own.get("id") or ""]


@pytest.mark.parametrize("kind", ["run", "comparison"])
def test_the_page_has_every_section_under_headings_in_order(folders: dict[str, Path], kind: str) -> None:
    page = (folders[kind] / REPORT).read_text(encoding="utf-8")
    found = Headings(page)
    assert found.anchors == SECTIONS[kind]
    assert found.levels[0] == 1
    assert found.levels.count(1) == 1
    assert all(after <= before + 1 for before, after in zip(found.levels, found.levels[1:], strict=False))
    assert len(set(found.names)) == len(found.names), "a name stands twice"
    assert found.charts > 5
    assert found.silent == [], "a chart without words for those who do not see it"
    assert (folders[kind] / REPORT).stat().st_size < 6_000_000
    assert page.count("plotly.js v") == 1
    assert not re.search(r"(?:src|href)=\"(?!#)", page.split('<script type="application/json"')[0])


def test_the_verdict_has_two_sentences_and_the_figures_of_the_tables(folders: dict[str, Path]) -> None:
    page = (folders["comparison"] / REPORT).read_text(encoding="utf-8")
    verdict = re.findall("<p>(.*?)</p>", page.split('<div class="verdict">')[1].split("</div>")[0])
    assert len(verdict) == 2
    assert verdict[0].startswith("jd-plus against four-tiers-simple: GMV ")
    assert "no order log can tell" in verdict[1]
    table = pd.read_parquet(folders["comparison"] / "comparison.parquet")
    margin = table[(table["policy"] == "jd-plus") & (table["kpi"] == "margin") & (table["scenario"] == "recession")]
    assert WORDING.difference(float(margin["difference"].iloc[0]), "money") in page
    words = " ".join(COMPARISON)
    assert f"memberlab {words} --out" in page, "the command that reproduces it"


def test_the_bridge_of_a_comparison_ends_at_its_margin(folders: dict[str, Path]) -> None:
    bridge = pd.read_parquet(folders["comparison"] / "bridge.parquet")
    table = pd.read_parquet(folders["comparison"] / "comparison.parquet").query("kpi == 'margin'")
    ends = bridge[bridge["line"] == "margin"].set_index(["scenario", "policy"])["amount"]
    for scenario, policy, value in table[["scenario", "policy", "value"]].itertuples(index=False, name=None):
        assert ends[scenario, policy] == pytest.approx(value, abs=2)


def test_a_run_keeps_what_its_shoppers_lived_through(folders: dict[str, Path]) -> None:
    tables = {file.stem for file in (folders["run"] / "tables").glob("*.parquet")}
    assert tables == {"retention", "tier_flows", "weekly_flow", "cohorts", "habits"}
    flows = pd.read_parquet(folders["run"] / "tables" / "tier_flows.parquet")
    assert flows["shoppers"].sum() == 300


def test_finance_has_the_figures_of_its_statements(folders: dict[str, Path]) -> None:
    page = (folders["run"] / REPORT).read_text(encoding="utf-8")
    statements = statements_of(read_books(folders["run"]))
    benefits, points = statements["benefits"], statements["points"]
    whole = benefits[benefits["tier"] == "all"]
    assert len(whole)
    for figure in (whole["cost"].sum(), whole["cost"].max(), points["closing_value"].iloc[-1]):
        assert WORDING.figure(float(figure), "money") in page, figure
    for column in ("issued", "redeemed", "expired"):
        assert WORDING.figure(float(points[column].sum()), "count") in page, column
    ageing = statements["ageing"]
    last = ageing[ageing["month"] == ageing["month"].max()]
    assert f"jd-plus {last.loc[last['value'].idxmax(), 'last_month']:%Y-%m}." in page, "when most of the points expire"


def test_naive_is_effect_plus_selection_less_spill_over(folders: dict[str, Path]) -> None:
    """Paid members against all others, by hand from the books' accounts."""
    accounts = read_books(folders["run"]).accounts
    members, others = (accounts[accounts["paid_membership"] == paid] for paid in (True, False))
    own, theirs = ({name: part[name].sum() / part["shoppers"].sum() for name in ("gmv", "twin_gmv")}
                   for part in (members, others))  # fmt: skip
    told = {
        "Naive difference": own["gmv"] - theirs["gmv"], "Effect on members": own["gmv"] - own["twin_gmv"],
        "Selection": own["twin_gmv"] - theirs["twin_gmv"], "Changes for others": theirs["gmv"] - theirs["twin_gmv"],
    }  # fmt: skip
    naive, effect, selection, spill_over = told.values()
    assert naive == pytest.approx(effect + selection - spill_over)
    assert 0 not in (effect, selection)
    page = (folders["run"] / REPORT).read_text(encoding="utf-8")
    section = page.split('id="naive"')[1].split("</section>")[0]
    for head, cents in told.items():
        row = section.split(f">{head}</th>")[1].split("</tr>")[0]
        assert f">{WORDING.difference(cents, 'money')}</td>" in row, head


def test_attribution_is_drawn_where_it_was_asked_for(broken: Path) -> None:
    parts = [
        {"scenario": scenario, "baseline": "four-tiers-simple", "policy": "jd-plus", "kpi": kpi,
         "mechanism": mechanism, "effect": effect, "deviation": 100.0}
        for scenario in ("baseline", "recession") for kpi in ("margin", "gmv", "retention")
        for mechanism, effect in (("no reaction", 120_000.0), ("price", -340_000.0))
    ]  # fmt: skip
    without = (broken / REPORT).read_text(encoding="utf-8")
    assert "--attribute" in without.split('id="attribution"')[1].split("</section>")[0]
    pd.DataFrame(parts).to_parquet(broken / "attribution.parquet")
    assert command("report", str(broken)).exit_code == 0
    section = (broken / REPORT).read_text(encoding="utf-8").split('id="attribution"')[1].split("</section>")[0]
    assert "the largest is Prices: −CN¥3,400." in section


def test_a_report_in_chinese_says_so_and_stands_where_it_is_asked_for(folders: dict[str, Path], tmp_path: Path) -> None:
    done = command("report", str(folders["run"]), "--lang", "zh", "--out", str(tmp_path / "page.html"))
    assert done.output == f"Report: {tmp_path / 'page.html'}\n"
    assert '<html lang="zh-Hans-CN">' in (tmp_path / "page.html").read_text(encoding="utf-8")


def test_no_report_leaves_none(tmp_path: Path) -> None:
    done = command("run", "no-programme", "--shoppers", "200", "--out", str(tmp_path / "run"), "--no-report")
    assert done.exit_code == 0
    assert "Report:" not in done.output
    assert not (tmp_path / "run" / REPORT).exists()


def test_what_stands_in_a_folder_cannot_become_script(broken: Path) -> None:
    """Names in a chart's data and words on the page, of a folder that somebody has sent."""
    evil = "</script><script>alert(1)</script>"
    change(broken, command=["memberlab", "compare", evil])
    curves = pd.read_parquet(broken / "tables" / "retention.parquet")
    curves.assign(policy=curves["policy"] + evil).to_parquet(broken / "tables" / "retention.parquet")
    assert command("report", str(broken)).exit_code == 0
    page = (broken / REPORT).read_text(encoding="utf-8")
    assert "jd-plus\\u003c/script" in page
    assert evil not in page


# in Chromium


def seen(page: Page) -> None:
    """Scroll through the page, so that every chart in view is drawn."""
    height = page.evaluate("document.documentElement.scrollHeight")
    for top in range(0, height, 600):
        page.evaluate(f"window.scrollTo({{top: {top}, behavior: 'instant'}})")
        page.wait_for_timeout(30)


UNDRAWN = (
    "() => [...document.querySelectorAll('.chart')]"
    ".filter(one => !one.closest('{}') && !one.querySelector('svg')).length"
)
"""How many charts are not drawn, but for those in what the selector finds."""
IN_VIEW, ON_PAPER = UNDRAWN.format("details.group:not([open])"), UNDRAWN.format("details.unprinted")


@pytest.mark.parametrize("kind", ["run", "comparison"])
@pytest.mark.parametrize(("size", "dark"), [(DESKTOP, True), (PHONE, False)])
def test_in_chromium(chromium: Browser, folders: dict[str, Path], kind: str, size: tuple[int, int], dark: bool) -> None:
    opened = open_page(chromium, folders[kind] / REPORT, size=size, dark=dark)
    page = opened.page
    page.wait_for_function("window.Plotly")
    library = page.evaluate("performance.getEntriesByName('library')[0].startTime")
    assert first_paint(page) <= library, "nobody waits for the library of the charts"
    seen(page)
    assert page.evaluate(IN_VIEW) == 0
    assert not scrolls_sideways(page)
    assert accessibility_faults(page) == []
    assert opened.requests == [(folders[kind] / REPORT).as_uri()], "the page alone, and nothing else"
    assert opened.faults == []
    shade = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert shade == ("rgb(18, 23, 29)" if dark else "rgb(255, 255, 255)")
    page.context.close()


def test_on_paper_every_chart_is_there_dark_on_white(chromium: Browser, folders: dict[str, Path]) -> None:
    opened = open_page(chromium, folders["comparison"] / REPORT, dark=True)
    page = opened.page
    page.evaluate("addEventListener('afterprint', () => { window.printed = true; })")
    page.evaluate(
        f"addEventListener('beforeprint', () => {{ window.undrawn = ({ON_PAPER})(); "
        "window.ink = getComputedStyle(document.querySelector('.chart text')).fill; })"
    )
    assert len(page.pdf(prefer_css_page_size=True)) > 50_000
    assert page.evaluate("window.undrawn") == 0
    assert page.evaluate("window.ink") == "rgb(29, 39, 51)"
    page.wait_for_function("window.printed")
    assert page.evaluate("document.querySelectorAll('details.group[open]').length") == 0, "closed again afterwards"
    page.context.close()


def test_by_keyboard(chromium: Browser, folders: dict[str, Path]) -> None:
    page = open_page(chromium, folders["run"] / REPORT).page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.evaluate("document.activeElement.getBoundingClientRect().left") >= 0
    page.focus("details.figures summary")
    page.keyboard.press("Enter")
    assert page.evaluate("document.querySelector('details.figures').open")
    page.context.close()


# bad input


def newer(folder: Path) -> None:
    change(folder, format=99)


def foreign(folder: Path) -> None:
    (folder / "manifest.json").write_text('{"name": "some-web-app", "kind": "x"}', encoding="utf-8")


def half_a_manifest(folder: Path) -> None:
    text = (folder / "manifest.json").read_text(encoding="utf-8")
    (folder / "manifest.json").write_text(text[: len(text) // 2], encoding="utf-8")


def without_a_manifest(folder: Path) -> None:
    (folder / "manifest.json").unlink()


def of_another_kind(folder: Path) -> None:
    change(folder, kind="horoscope")


def without_its_table(folder: Path) -> None:
    (folder / "comparison.parquet").unlink()


def with_half_a_table(folder: Path) -> None:
    content = (folder / "comparison.parquet").read_bytes()
    (folder / "comparison.parquet").write_bytes(content[: len(content) // 2])


def with_another_table(folder: Path) -> None:
    pd.DataFrame({"a": [1]}).to_parquet(folder / "tables" / "retention.parquet")


def without_a_policy(folder: Path) -> None:
    (folder / "policy-jd-plus.yaml").unlink()


def with_broken_books(folder: Path) -> None:
    (folder / "finance" / "baseline" / "jd-plus" / "ledger.parquet").write_bytes(b"PAR1")


def without_replications(folder: Path) -> None:
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    del manifest["replications"]
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")


def change(folder: Path, **content: object) -> None:
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    (folder / "manifest.json").write_text(json.dumps({**manifest, **content}), encoding="utf-8")


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        (newer, "has format 99, this memberlab reads up to 1; open it with memberlab"),
        (foreign, "is not a manifest of memberlab"),
        (half_a_manifest, "is broken"),
        (without_a_manifest, "is no run of memberlab: it has no manifest.json"),
        (of_another_kind, "is a horoscope, of which there is no report"),
        (without_its_table, "holds no comparison.parquet"),
        (with_half_a_table, "comparison.parquet: cannot be read"),
        (with_another_table, "retention.parquet: has no column scenario, policy, curve"),
        (without_a_policy, "policy-jd-plus.yaml"),
        (with_broken_books, "ledger.parquet"),
        (without_replications, "says nothing of replications"),
    ],
)
def test_a_folder_that_does_not_fit_is_told_in_a_line(broken: Path, damage: Callable[[Path], None], told: str) -> None:
    (broken / REPORT).write_text("as it was", encoding="utf-8")
    damage(broken)
    before = sorted(broken.iterdir())
    done = command("report", str(broken))
    assert done.exit_code == 2, done.output
    assert told in done.output
    assert done.output.count("\n") == 1
    assert (broken / REPORT).read_text(encoding="utf-8") == "as it was"
    assert sorted(broken.iterdir()) == before


@pytest.fixture
def places(folders: dict[str, Path], tmp_path: Path) -> Iterator[dict[str, str]]:
    """Give words for the command line that name places."""
    yield {"RUN": str(folders["run"]), "EMPTY": str(tmp_path)}


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("EMPTY/missing",), "is no folder; name the folder that --out of run, compare or optimize wrote"),
        (("EMPTY",), "is no run of memberlab"),
        (("RUN", "--out", "EMPTY"), "is a folder; name a file, such as report.html"),
        (("RUN", "--out", "EMPTY/missing/page.html"), "cannot be written: there is no folder"),
        (("RUN", "--lang", "fr"), "'fr' is not one of 'en', 'zh'"),
        ((), "Missing argument 'RUN'"),
    ],
)
def test_words_that_do_not_fit_are_told(places: dict[str, str], words: tuple[str, ...], told: str) -> None:
    named = [word.replace("EMPTY", places["EMPTY"]).replace("RUN", places["RUN"]) for word in words]
    done = command("report", *named)
    assert done.exit_code == 2
    assert told in done.output
    assert list(Path(places["EMPTY"]).iterdir()) == []
