"""In a notebook objects show themselves, and the tutorial runs through."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from memberlab import Run, compare, load_policy, load_scenario, run_policy
from memberlab.optimize import Comparison, StudyResult, find_better
from memberlab.policies import DocumentError, html_card, policy_names
from memberlab.results import KPIS
from tests.worlds import small_scenario

TODAY = load_policy("four-tiers-simple")
VARIANT = TODAY.with_({"name": "dearer-delivery", "shipping.free_from": 399})
TUTORIAL = Path(__file__).parent.parent / "examples" / "tutorial.py"


def shown(thing: Any) -> str:
    """Return the text of what an object shows of itself, which must be well formed."""
    html: str = thing._repr_html_()
    return " ".join(text.strip() for text in ElementTree.fromstring(f"<body>{html}</body>").itertext())


@pytest.fixture(scope="module")
def comparison() -> Comparison:
    return compare([TODAY, VARIANT], [small_scenario()])


@pytest.fixture(scope="module")
def tutorial() -> dict[str, Any]:
    """Return the names that the tutorial defines, after a run through all its cells."""
    found = importlib.util.spec_from_file_location("tutorial", TUTORIAL)
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    _, names = module.app.run()
    return dict(names)


def test_a_card_escapes_what_people_write() -> None:
    card = html_card("<b>", ["a & b", "- point"], ["<i>"], [["<script>", "2"]], bold=frozenset({(0, 1)}))
    assert "<script>" not in card
    assert "&lt;script&gt;" in card
    assert "<b>2</b>" in card
    assert "• point" in card


@pytest.mark.parametrize("name", policy_names())
def test_a_policy_shows_what_it_promises(name: str) -> None:
    policy = load_policy(name)
    text = shown(policy)
    assert name in text
    assert all(tier in text for tier in policy.tiers)
    assert list(policy.table["address"]) == list(policy.written_addresses())


def test_a_scenario_shows_itself_in_words() -> None:
    assert "24 months" in shown(load_scenario("baseline"))
    assert "recession" in shown(load_scenario("recession"))


def test_a_comparison_shows_verdict_and_intervals(comparison: Comparison) -> None:
    text = shown(comparison)
    assert str(comparison.verdict(comparison.arms[1])) in text
    assert all(kpi.title in text for kpi in KPIS.values())
    assert "<b>" in comparison._repr_html_()


def test_a_comparison_draws_differences_and_bridge(comparison: Comparison) -> None:
    chart = comparison.chart().to_dict()
    gmv = list(chart["data"][0]["y"]).index("GMV")
    uplift = comparison.arms[1].uplift("gmv")
    assert chart["data"][0]["x"][gmv] == pytest.approx(100 * uplift.difference / uplift.baseline)
    bridge = comparison.bridge_chart("dearer-delivery", "small-world").to_dict()["data"][0]
    assert sum(bridge["x"][:-1]) == pytest.approx(bridge["x"][-1])  # the steps lead from one margin to the other
    assert bridge["y"][-1] == "Margin under dearer-delivery"
    with pytest.raises(KeyError, match="no arm of policy nobody"):
        comparison.bridge_chart("nobody", "small-world")


def test_a_run_is_that_of_the_comparison(comparison: Comparison) -> None:
    run = run_policy(TODAY, small_scenario())
    assert isinstance(run, Run)
    assert run.table.set_index("kpi")["value"]["orders"] > 0
    assert "accounting identities hold" in shown(run)
    assert run.chart().to_dict()["data"][0]["measure"][-1] == "total"
    same = run_policy(TODAY, small_scenario(), seed=run.outcome.seed)
    assert same.kpis == run.kpis


def test_a_lever_that_is_none_is_refused() -> None:
    with pytest.raises(DocumentError, match=r"did you mean 'tiers\.gold\.discount'"):
        find_better(TODAY, [small_scenario()], ["tiers.gold.discont"])
    with pytest.raises(DocumentError, match="margn"):
        find_better(TODAY, [small_scenario()], ["shipping.fee"], maximise=["margn"])


def test_the_tutorial_runs_and_its_search_shows_itself(tutorial: dict[str, Any]) -> None:
    found = tutorial["found"]
    assert isinstance(found, StudyResult)
    assert "Recommended" in shown(found)
    assert len(found.table) >= 1
    assert {len(trace["x"]) for trace in found.chart().to_dict()["data"]} == {len(found.tried), len(found.table)}
    assert tutorial["variant"].value_at("shipping.free_from") == 299
    assert isinstance(tutorial["comparison"], Comparison)
