"""An uplift by mechanism: parts add up exactly, a placebo has none, and who does not react changes nothing."""

from __future__ import annotations

import json
from fractions import Fraction
from functools import cache

import pytest
from click.testing import CliRunner

from memberlab.cli import main
from memberlab.optimize import WITHOUT_REACTION, Attribution, attribute, compare, shapley_values
from memberlab.policies import Policy, load_policy
from memberlab.results import KPIS
from memberlab.sim import MECHANISMS

from .worlds import brisk_population, campaigning, small_scenario

SHOPPERS = 250
NOTHING = load_policy("no-programme")
TIERS = load_policy("four-tiers-simple")


def parts_of(policy: Policy, baseline: Policy = NOTHING, replications: int = 1) -> Attribution:
    scenario = small_scenario(population__shoppers=SHOPPERS)
    return attribute(
        baseline, policy, scenario, replications=replications, incumbent=baseline, population=brisk_population()
    )


@cache
def of_the_tiers() -> Attribution:
    return parts_of(TIERS, replications=2)


def effect(attribution: Attribution, kpi: str, mechanism: str) -> Fraction:
    return next(part.effect for part in attribution.parts if (part.kpi, part.mechanism) == (kpi, mechanism))


def test_shapley_values_of_two_left_gloves_and_a_right_one() -> None:
    def pairs(players: frozenset[str]) -> Fraction:
        return Fraction(int("right" in players and len(players) > 1))

    values = shapley_values(["left", "other left", "right"], pairs)
    assert values == {"left": Fraction(1, 6), "other left": Fraction(1, 6), "right": Fraction(2, 3)}


def test_parts_add_up_to_the_uplift_exactly() -> None:
    attribution = of_the_tiers()
    for kpi in KPIS:
        parts = [part.effect for part in attribution.parts if part.kpi == kpi]
        assert sum(parts) == attribution.totals[kpi]
    assert attribution.totals["orders"] > 0


def test_the_total_is_that_of_the_comparison() -> None:
    scenario = small_scenario(population__shoppers=SHOPPERS)
    compared = compare([NOTHING, TIERS], [scenario], replications=2, incumbent=NOTHING, population=brisk_population())
    arm = compared.arm(TIERS.name, scenario.name)
    for uplift in arm.uplifts:
        assert float(of_the_tiers().totals[uplift.kpi]) == pytest.approx(uplift.difference, rel=1e-9, abs=1e-9)


def test_shoppers_who_do_not_react_order_as_before() -> None:
    attribution = of_the_tiers()
    for kpi in ("orders", "retention"):
        assert effect(attribution, kpi, WITHOUT_REACTION) == 0
    assert effect(attribution, "gmv", WITHOUT_REACTION) < 0  # tier discounts on what they would have bought anyway
    assert effect(attribution, "benefit_cost", WITHOUT_REACTION) > 0


@pytest.mark.parametrize("mechanism", ["price", "points pressure", "attrition effect", "goodwill"])
def test_a_mechanism_that_the_policy_uses_raises_orders(mechanism: str) -> None:
    assert effect(of_the_tiers(), "orders", mechanism) > 0


def test_what_a_policy_lacks_is_idle() -> None:
    attribution = of_the_tiers()
    assert {"sunk cost", "contact"} <= set(attribution.idle)
    assert {part.mechanism for part in attribution.parts} == {WITHOUT_REACTION, *MECHANISMS} - set(attribution.idle)


def test_replications_give_a_deviation() -> None:
    assert all(part.deviation is not None and part.deviation >= 0 for part in of_the_tiers().parts)


def test_a_placebo_has_no_parts() -> None:
    placebo = parts_of(TIERS.with_({"name": "placebo"}), TIERS)
    assert all(part.effect == 0 for part in placebo.parts)


@pytest.mark.slow
def test_every_reaction_belongs_to_a_mechanism() -> None:
    """With all mechanisms off, campaigns, messages and a paid membership move no order, but for shoppers won back."""
    campaigns = campaigning().value_at("campaigns")
    assert isinstance(campaigns, dict)
    full = campaigning().with_({"campaigns": {name: one for name, one in campaigns.items() if name != "win-back"}})
    attribution = parts_of(full)
    assert effect(attribution, "orders", WITHOUT_REACTION) == 0
    assert not attribution.idle


def test_the_command_prints_and_gives_the_parts() -> None:
    words = ["compare", "no-programme", "four-tiers-simple", "--attribute", "--shoppers", "60", "--replications", "1"]
    shown = CliRunner().invoke(main, words)
    assert shown.exit_code == 0
    assert "all together" in shown.output
    assert "Without effect here:" in shown.output
    rows = json.loads(CliRunner().invoke(main, [*words, "--json"]).output)["attribution"]
    assert {row["mechanism"] for row in rows} > {WITHOUT_REACTION, "price"}
