"""A Chinese report of a tiny comparison: no English sentence is left on the page or in its charts, names aside.

English runs of three words and more count as a sentence, and so does a text without any Chinese sign that has two;
citations (authors and years) and what a policy file holds to the letter are not translated.
"""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from memberlab.cli import main
from memberlab.results import write_report

COMPARE = (
    "compare", "four-tiers-simple", "no-programme", "--shoppers", "150", "--replications", "1", "--workers", "1",
    "--scenario", "recession", "--no-break-even", "--breakdown", "tier", "--breakdown", "decile",
)  # fmt: skip
SENTENCE = re.compile(r"[A-Za-z][a-z'’-]*(?: [a-z][a-z'’-]*){2,}")
TWO_WORDS = re.compile(r"[A-Za-z]{2,} [a-z]{2,}")
CHINESE = re.compile(r"[一-鿿]")
SHOWN = ("text", "name", "label", "x", "y", "hovertext", "customdata", "labels")


class Texts(HTMLParser):
    """Collects what a reader sees or hears of a page: texts and labels, and the data of its charts."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.language = ""
        self._within: list[tuple[str, str | None]] = []
        self._charts = ""
        self.feed(page)
        self.texts += list(shown(json.loads(self._charts)))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        own = dict(attrs)
        if tag in ("script", "style", "code", "pre"):
            self._within.append((tag, own.get("id")))
        if tag == "html":
            self.language = own.get("lang") or ""
        self.texts += [text for name in ("aria-label", "alt", "title", "placeholder") if (text := own.get(name))]

    def handle_endtag(self, tag: str) -> None:
        if self._within and self._within[-1][0] == tag:
            self._within.pop()

    def handle_data(self, data: str) -> None:
        if self._within and self._within[-1] == ("script", "charts"):
            self._charts += data
        elif not self._within and data.strip():
            self.texts.append(data.strip())


def shown(part: Any, key: str = "") -> list[str]:
    """Return the texts of a chart that are drawn."""
    if isinstance(part, dict):
        return [text for name, value in part.items() for text in shown(value, name)]
    if isinstance(part, list):
        return [text for value in part for text in shown(value, key)]
    return [part] if isinstance(part, str) and key in SHOWN else []


def english(texts: list[str]) -> list[str]:
    """Return the texts in which an English sentence is left."""
    found = []
    for text in dict.fromkeys(texts):
        own = text.replace("et al.", "")
        if SENTENCE.search(own) or (TWO_WORDS.search(own) and not CHINESE.search(own)):
            found.append(text)
    return found


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("chinese") / "comparison"
    done = CliRunner().invoke(main, [*COMPARE, "--out", str(place)])
    assert done.exit_code == 0, done.output
    return place


@pytest.fixture(scope="module")
def page(folder: Path) -> str:
    return write_report(folder, "zh", folder / "zh.html").read_text(encoding="utf-8")


def test_no_english_sentence_is_left(page: str) -> None:
    assert english(Texts(page).texts) == []


def test_the_search_finds_what_is_left(folder: Path) -> None:
    found = english(Texts(write_report(folder, "en", folder / "en.html").read_text(encoding="utf-8")).texts)
    assert len(found) > 100
    assert "Skip to the content" in found


def test_the_page_says_that_it_is_chinese(page: str) -> None:
    assert Texts(page).language == "zh-Hans-CN"


def test_figures_and_dates_are_chinese(page: str) -> None:
    texts = " ".join(Texts(page).texts)
    assert re.search(r"¥[\d,]+", texts)
    assert not re.search(r"CN¥|CNY ?\d", texts)
    assert re.search(r"\d{4}年\d{1,2}月\d{1,2}日", texts)
    assert re.search(r"[+-]?\d+\.\d 个百分点", texts)
