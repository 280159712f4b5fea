"""The what-if page in a real Chromium: levers, figures, uploads, downloads, a phone, two people, and accessibility.

One server for the whole file, with few shoppers. The tests of report, workbook and a search's front are slow.
"""

from __future__ import annotations

import re
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from memberlab.app.fronts import read_front
from memberlab.policies import load_policy, policy_path
from tests.app_server import Server
from tests.chromium import PHONE, Opened, accessibility_faults, chromium_path, open_page, scrolls_sideways
from tests.chromium import chromium as chromium  # noqa: PLC0414 - a fixture
from tests.small_search import write_small_study

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytest.importorskip("nicegui", reason="no NiceGUI here: pip install '.[app]'")

PATIENCE = 180_000
"""Milliseconds that a page may take on a busy machine before a test gives up."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Give a server with small worlds; afterwards Ctrl-C must end it and its workers without a word of complaint."""
    if chromium_path() is None:
        pytest.skip("no Chromium here: apt-get install chromium")
    runs = tmp_path_factory.mktemp("runs")
    write_broken_searches(runs)
    running = Server("--shoppers", "300", "--full-shoppers", "600", runs=runs)
    yield running
    children = running.children()
    code, written = running.end()
    assert code == 0, written
    assert "Traceback" not in written
    assert children
    until = time.monotonic() + 10
    while left := [child for child in children if Path(f"/proc/{child}").exists()]:
        assert time.monotonic() < until, left
        time.sleep(0.1)


BROKEN = {
    "damaged": ("{", "policy\n", "damaged: cannot be read"),
    "half-way": ('{"kind": "study", "versions": {}, "format": 1}', None, "holds a search that has not ended"),
    "newer": ('{"kind": "study", "versions": {}, "format": 99}', "policy\n", "newer format: 99"),
}
"""Searches of the run store that cannot be opened: manifest, front and what is said of them."""


def write_broken_searches(folder: Path) -> None:
    """Write searches that cannot be opened, and a folder of another program, which is no search at all."""
    for name, (manifest, front, _) in BROKEN.items():
        (folder / name).mkdir()
        (folder / name / "plan.json").write_text('{"memberlab": true}', encoding="utf-8")
        (folder / name / "policy.yaml").touch()
        (folder / name / "manifest.json").write_text(manifest, encoding="utf-8")
        if front is not None:
            (folder / name / "pareto.csv").write_text(front, encoding="utf-8")
    (folder / "foreign").mkdir()
    (folder / "foreign" / "manifest.json").write_text('{"name": "a web app"}', encoding="utf-8")


def opened(chromium: Browser, server: Server, **options: Any) -> Opened:
    """Return the page with its first figures."""
    found = open_page(chromium, server.address, **options)
    found.page.set_default_timeout(PATIENCE)
    found.page.wait_for_selector("tr[data-kpi=margin]")
    return found


def lever(page: Page, address: str) -> Any:
    return page.locator(f"[data-address='{address}'] input[type=number]")


def set_lever(page: Page, address: str, value: str) -> None:
    """Open all groups, write a value into a lever and leave it."""
    page.evaluate("() => document.querySelectorAll('details').forEach(one => one.open = true)")
    lever(page, address).fill(value)
    lever(page, address).press("Tab")


def told(page: Page, kpi: str = "margin") -> str:
    return page.inner_text(f"tr[data-kpi={kpi}]")


def wait_for(page: Page, script: str) -> None:
    page.wait_for_function(script)


def upload(page: Page, name: str, content: bytes, kind: str = "policy") -> None:
    file: Any = {"name": name, "mimeType": "application/yaml", "buffer": content}
    page.set_input_files(f"[data-upload={kind}] input[type=file]", files=[file])


DIFFERS = "() => !document.querySelector('tr[data-kpi=margin]').innerText.includes('exactly 0')"


def test_a_moved_lever_moves_the_figures_and_everything_said_about_them(chromium: Browser, server: Server) -> None:
    found = opened(chromium, server)
    page = found.page
    assert "exactly 0" in told(page)
    assert "Nothing: both policies promise the same." in page.inner_text("text=What changes >> xpath=..")
    set_lever(page, "tiers.gold.discount", "9")
    wait_for(page, DIFFERS)
    assert "tiers.gold.discount rises from 4 % to 9 %" in page.inner_text(".changes")
    assert "tiers.diamond.discount" in page.inner_text(".findings")
    assert re.search(r"Preview: \d+ shoppers lived in \d+ ms|Full figures", page.inner_text("#told"))
    wait_for(page, "() => document.querySelector('#told').innerText.startsWith('Full figures: 600 shoppers')")
    assert "Contribution margin" in page.inner_text("[aria-label='Margin bridge']")
    before = told(page)
    set_lever(page, "tiers.silver.threshold", "99999")
    page.wait_for_selector(".lever-fault")
    assert "1500 is below silver's 99999" in page.inner_text(".lever-fault")
    assert told(page) == before
    set_lever(page, "tiers.silver.threshold", "600")
    page.wait_for_selector(".lever-fault", state="detached")
    page.click("text=Pin this variant")
    page.wait_for_selector("#pins tbody tr")
    assert "four-tiers-simple-what-if" in page.inner_text("#pins")
    with page.expect_download() as download:
        page.click("text=Policy (YAML)")
    text = Path(download.value.path()).read_text(encoding="utf-8")
    assert download.value.suggested_filename == "four-tiers-simple-what-if.yaml"
    assert "discount: 9 %" in text
    assert "# Four free tiers by spend alone" in text
    assert [one for one in found.requests if not one.startswith((server.address, "data:", "blob:"))] == []
    assert found.faults == []
    page.context.close()


def test_a_slider_previews_while_it_moves_and_the_keyboard_reaches_it(chromium: Browser, server: Server) -> None:
    page = opened(chromium, server).page
    page.get_by_label("Find a lever").fill("free from")
    wait_for(page, "() => document.querySelectorAll('.lever:not(.unseen)').length < 10")
    number = lever(page, "shipping.free_from")
    number.focus()
    for _ in range(4):
        page.keyboard.press("ArrowUp")
    wait_for(page, DIFFERS)
    assert float(number.input_value()) > 199
    page.locator("[data-address='shipping.free_from'] .lever-back").click()
    wait_for(page, f"() => !({DIFFERS})()")
    slider = page.locator("[data-address='shipping.free_from'] input[type=range]")
    slider.evaluate("one => { one.value = one.max; one.dispatchEvent(new Event('input', {bubbles: true})) }")
    wait_for(page, DIFFERS)
    page.context.close()


ALIASES = "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n"


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("notes.txt", b"\xff\xfe\x00\x01binary", "is not UTF-8 text"),
        ("broken.yaml", b"tiers: [1,\n", "broken.yaml:2: not valid YAML"),
        ("list.yaml", b"- 1\n- 2\n", "the top level is a list"),
        ("bomb.yaml", ALIASES.encode(), "is not allowed"),
        ("large.yaml", b"a: 1\n" * 1_000_000, "larger than 256,000 bytes"),
        ("typo.yaml", b"version: 1\nname: mine\nshiping: {fee: 1}\n", "did you mean 'shipping'"),
        ("dollars.yaml", Path(policy_path("us-delivery-only")).read_bytes(), "choose a scenario in USD"),
        ("empty.yaml", b"", "empty.yaml"),
    ],
)
def test_a_bad_upload_is_told_and_changes_nothing(page_for_uploads: Page, name: str, content: bytes, says: str) -> None:
    page = page_for_uploads
    before = told(page)
    upload(page, name, content)
    page.wait_for_selector(f".message:has-text({says!r})")
    assert "<" not in page.inner_text(".message >> nth=-1").replace("<stream end>", "")
    assert told(page) == before
    assert lever(page, "tiers.gold.discount").input_value() == "8"
    page.locator(".message >> text=Dismiss").first.click()
    page.wait_for_selector(".message", state="detached")


@pytest.fixture(scope="module")
def page_for_uploads(chromium: Browser, server: Server) -> Iterator[Page]:
    """Give a page on which a lever has been moved."""
    page = opened(chromium, server).page
    set_lever(page, "tiers.gold.discount", "8")
    wait_for(page, "() => document.querySelector('#told').innerText.startsWith('Full figures')")
    yield page
    page.context.close()


def test_a_search_that_cannot_be_opened_is_told_and_changes_nothing(page_for_uploads: Page) -> None:
    page = page_for_uploads
    searches = "#front select option"
    wait_for(page, f"() => document.querySelectorAll('{searches}').length === {len(BROKEN) + 1}")
    titles = page.locator(searches).all_inner_texts()
    assert not any("foreign" in title for title in titles)
    before = told(page)
    for name, (_, _, says) in BROKEN.items():
        title = next(one for one in titles if re.search(rf"\b{name}, \d", one))
        page.locator("#front select").select_option(label=title)
        page.wait_for_selector(f".message:has-text({says!r})")
        wait_for(page, "() => document.querySelector('#front select').value === ''")
        assert page.locator(".message").bounding_box()
        page.locator(".message >> text=Dismiss").first.click()
        page.wait_for_selector(".message", state="detached")
    assert told(page) == before
    assert lever(page, "tiers.gold.discount").input_value() == "8"


def test_uploads_are_loaded_and_may_name_no_file_of_the_server(page_for_uploads: Page) -> None:
    page = page_for_uploads
    upload(
        page,
        "mine.yaml",
        load_policy("four-tiers-simple").with_({"name": "mine", "shipping.fee": 12}).to_yaml().encode(),
    )
    wait_for(page, "() => document.querySelector('.top select').value === 'mine'")
    assert lever(page, "shipping.fee").input_value() == "12"
    upload(page, "world.yaml", b"version: 1\nname: world\nextends: /etc/base.yaml\n", "scenario")
    page.wait_for_selector(".message:has-text('is a file of yours')")
    upload(page, "world.yaml", b"version: 1\nname: world\nextends: baseline\nshipping_cost: 9\n", "scenario")
    wait_for(page, "() => document.querySelectorAll('.top select')[1].value === 'world'")
    assert page.locator(".message").count() == 0


def test_two_people_do_not_see_each_other(chromium: Browser, server: Server) -> None:
    one, other = opened(chromium, server).page, opened(chromium, server).page
    set_lever(one, "shipping.fee", "14")
    wait_for(one, "() => document.querySelector('.changes') !== null")
    one.click("text=Pin this variant")
    one.wait_for_selector("#pins tbody tr")
    other.get_by_label("Policy in the levers").select_option("jd-plus")
    other.wait_for_selector("[data-address='membership.fee']", state="attached")
    assert one.locator("[data-address='membership.fee']").count() == 0
    assert other.locator("#pins tbody tr").count() == 0
    assert lever(other, "shipping.fee").input_value() == "6"
    assert lever(one, "shipping.fee").input_value() == "14"
    one.context.close()
    other.context.close()


def test_a_phone_shows_figures_first_and_levers_when_asked(chromium: Browser, server: Server) -> None:
    page = opened(chromium, server, size=PHONE).page
    assert not scrolls_sideways(page)
    assert page.locator(".key-strip").is_visible()
    assert not lever(page, "shipping.fee").is_visible()
    page.click("#levers > summary")
    page.click("text=Shipping")
    set_lever(page, "shipping.fee", "20")
    wait_for(page, DIFFERS)
    assert page.inner_text(".key-strip").count("\n") >= 3
    assert not scrolls_sideways(page)
    page.context.close()


@pytest.mark.parametrize("dark", [False, True])
def test_axe_finds_nothing_serious(chromium: Browser, server: Server, dark: bool) -> None:
    page = opened(chromium, server, dark=dark).page
    set_lever(page, "tiers.gold.discount", "9")
    upload(page, "broken.yaml", b"tiers: [1,\n")
    page.wait_for_selector(".message")
    page.click("text=Pin this variant")
    page.wait_for_selector("#pins tbody tr")
    assert accessibility_faults(page) == []
    page.context.close()


def test_another_sites_name_and_page_are_refused(server: Server) -> None:
    for header, value in (("Host", "evil.example"), ("Origin", "http://evil.example")):
        request = urllib.request.Request(server.address, headers={header: value})
        with pytest.raises(urllib.error.HTTPError, match="403"):
            urllib.request.urlopen(request, timeout=30)


@pytest.mark.slow
def test_report_and_workbook_are_taken_away(chromium: Browser, server: Server) -> None:
    page = opened(chromium, server).page
    set_lever(page, "tiers.gold.discount", "9")
    wait_for(page, DIFFERS)
    with page.expect_download() as report:
        page.click("text=Report (HTML)")
    text = Path(report.value.path()).read_text(encoding="utf-8")
    assert "memberlab compare four-tiers-simple four-tiers-simple-what-if.yaml" in text
    with page.expect_download() as workbook:  # of the same comparison, so at once
        page.click("text=Workbook (Excel)")
    assert Path(workbook.value.path()).read_bytes().startswith(b"PK")
    page.context.close()


@pytest.mark.slow
def test_a_point_of_a_search_is_loaded_into_the_levers(chromium: Browser, tmp_path: Path) -> None:
    study = write_small_study(tmp_path)
    command = [sys.executable, "-m", "memberlab", "optimize", str(study), "--out", str(tmp_path / "found")]
    subprocess.run(command, check=True, capture_output=True)
    front = read_front(tmp_path / "found")
    point = next(one for one in front.points if one.role != "incumbent")
    server = Server("--shoppers", "300", runs=tmp_path)
    page = opened(chromium, server).page
    page.wait_for_selector("#front select option[value='0']", state="attached")
    page.locator("#front select").select_option("0")
    page.get_by_label(f"Load {point.policy.name} into the levers").click()
    wait_for(page, f"() => document.querySelector('.top select').value === '{point.policy.name}'")
    assert page.locator(".changes li").count() == len(front.incumbent.diff(point.policy))
    page.context.close()
    assert server.end()[0] == 0
