"""The languages of a report: every sentence is translated and nothing else, figures are as a language has them.

The documented commands are run, so that a new keyword or folder cannot be forgotten in one place.
"""

from __future__ import annotations

import shlex
from pathlib import Path
from string import Formatter

import pytest
from babel.messages import Catalog
from babel.messages.frontend import CommandLineInterface
from babel.messages.pofile import read_po

from memberlab.policies import Policy, Sentence, differences, load_policy, meanings
from memberlab.results import LANGUAGES, Wording

ROOT = Path(__file__).parent.parent
OTHERS = [language for language in LANGUAGES if language != "en"]


def catalogue_of(file: Path) -> Catalog:
    with file.open("rb") as lines:
        return read_po(lines)


def sentences(catalogue: Catalog) -> dict[str, str]:
    return {str(one.id): str(one.string) for one in catalogue if one.id}


def gaps(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Every sentence that reports hold now, found by the command of CONTRIBUTING.md."""
    lines = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").splitlines()
    command = next(line for line in lines if line.startswith("pybabel -q extract"))
    found = tmp_path_factory.mktemp("catalogue") / "report.pot"
    words = [str(found) if word == "report.pot" else word for word in shlex.split(command)]
    with pytest.MonkeyPatch.context() as moved:
        moved.chdir(ROOT)
        CommandLineInterface().run(words)  # type: ignore[no-untyped-call]
    return sentences(catalogue_of(found))


@pytest.mark.parametrize("language", OTHERS)
def test_a_catalogue_holds_what_reports_say_and_nothing_else(language: str, written: dict[str, str]) -> None:
    held = sentences(catalogue_of(ROOT / "results" / "report" / "translations" / f"{language}.po"))
    assert sorted(written.keys() - held.keys()) == [], "missing: run the commands of CONTRIBUTING.md"
    assert sorted(held.keys() - written.keys()) == [], "left over: run the commands of CONTRIBUTING.md"
    assert [sentence for sentence, translated in held.items() if not translated.strip()] == []


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_has_the_gaps_of_its_sentence(language: str) -> None:
    catalogue = catalogue_of(ROOT / "results" / "report" / "translations" / f"{language}.po")
    assert [one for one, translated in sentences(catalogue).items() if gaps(one) != gaps(translated)] == []
    assert not any(one.fuzzy for one in catalogue if one.id)


def test_terms_of_registries_are_among_the_sentences(written: dict[str, str]) -> None:
    assert {"Contribution margin", "Tier discounts", "Net revenue", "goodwill", "Fee for one term."} <= written.keys()


def test_figures_are_written_as_chinese_retailers_do() -> None:
    zh, en = Wording("zh", "CNY"), Wording("en", "EUR")
    assert zh.figure(12_345, "money") == "¥123.45"
    assert zh.figure(-1_234_500, "money") == "−¥12,345"
    assert zh.short(123_456_700) == "¥123.5万"
    assert zh.figure(0.123, "share") == "12.3%"
    assert zh.figure(12_345.4, "count") == "12,345"
    assert zh.difference(-0.0123, "share") == "−1.2 个百分点"
    assert zh.interval(-100, 250, "money") == "−¥1.00 至 +¥2.50"
    assert en.figure(12_345, "money") == "€123.45"


def test_dates_stand_in_the_order_of_the_language() -> None:
    assert Wording("zh").moment("2026-11-30T15:37:00Z") == "2026年11月30日 15:37 UTC"
    assert Wording("zh").moment("2026-11-30") == "2026年11月30日"
    assert Wording("en").moment("2026-11-30") == "November 30, 2026"
    assert Wording("zh").moment("yesterday") == "yesterday"


def test_what_a_policy_changes_is_told_in_chinese() -> None:
    wording = Wording("zh")
    found = differences(load_policy("four-tiers-simple"), load_policy("jd-plus"))
    told = {one.change.address: wording.told(one.sentence) for one in found}
    assert told["shipping.fee"] == "由 10 降至 6（−40%）"
    assert told["membership"].startswith("新增：fee 149")
    meant = {one.change.address: wording.text(one.meaning) for one in found}
    assert meant["shipping.fee"] == "每单的运费。"
    assert all(any("一" <= sign <= "鿿" for sign in meaning) for meaning in meant.values())


def test_a_sentence_within_a_sentence_is_translated_too() -> None:
    empty = Sentence("is new: {after}", {"after": Sentence("as by default")})
    assert str(empty) == "is new: as by default"
    assert Wording("zh").told(empty) == "新增：按默认值"


def test_a_help_text_with_braces_is_no_pattern() -> None:
    sentence = next(one for one in meanings(Policy) if one.endswith("`{diamond: gold}`."))
    assert Wording("zh").text(sentence).endswith("`{diamond: gold}`。")
