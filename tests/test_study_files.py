"""Study files complete: ties, log scales, fixed values, limits from today, assumption sets; broken ones told."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest

from memberlab.optimize import (
    Bound,
    Goals,
    LimitNotation,
    Objective,
    SearchSpace,
    Study,
    figures_of,
    goals_of,
    heats_from,
    plan_study,
)
from memberlab.policies import DocumentError, dump_model, load_model_text, load_policy
from tests.studies import STUDY, write_study

TIED = """\
  points.earn.points: {low: 1, high: 4, step: 1}
  shipping.free_from: {tied_to: tiers.silver.threshold, times: 0.25, step: 10}
"""
PLAIN = """\
  points.earn.points: {low: 1, high: 4, step: 1}
  shipping.free_from: {choices: [99, 199, never]}
"""


def study(text: str) -> Study:
    return load_model_text(Study, text, "s.yaml")


class TestLevers:
    def test_a_tie_moves_with_the_other_and_is_no_lever_of_the_sampler(self) -> None:
        read = study(STUDY.replace(PLAIN, TIED))
        space = SearchSpace(load_policy("four-tiers-simple"), read.levers)
        assert space.names == ("tiers.silver.threshold", "tiers.gold.threshold", "points.earn.points")
        low, high = space.values((0, 0, 0)), space.values((14, 0, 0))
        assert (low["tiers.silver.threshold"], low["shipping.free_from"]) == (300, 80)  # 75, to the nearest ten
        assert (high["tiers.silver.threshold"], high["shipping.free_from"]) == (1000, 250)
        assert space.policy((14, 0, 0), "mine").value_at("shipping.free_from") == 250
        assert space.point_of(space.incumbent) is not None

    def test_something_can_stand_above_a_tie(self) -> None:
        levers = """\
  points.earn.points: {low: 200, high: 300, step: 50}
  tiers.silver.threshold: {tied_to: points.earn.points, times: 2}
  tiers.gold.threshold: {above: tiers.silver.threshold, low: 300, high: 600, step: 150}
"""
        head, _, tail = STUDY.partition("levers:\n")
        text = f"{head}levers:\n{levers}constraints:{tail.partition('constraints:')[2]}"
        space = SearchSpace(load_policy("four-tiers-simple"), study(text).levers)
        assert space.values((1, 1))["tiers.gold.threshold"] == 950  # twice 250, and 450 above it

    def test_a_log_scale_keeps_a_ratio_and_the_ends(self) -> None:
        lever = "{low: 100, high: 6400, step: 50, scale: log, values: 7}"
        levels = study(STUDY.replace("{low: 300, high: 1000, step: 50}", lever)).levers["tiers.silver.threshold"].levels
        assert [str(level) for level in levels] == ["100", "200", "400", "800", "1600", "3200", "6400"]

    def test_a_coarse_log_scale_has_each_value_once(self) -> None:
        lever = "{low: 1, high: 8, step: 1, scale: log}"
        levels = study(STUDY.replace("{low: 1, high: 4, step: 1}", lever)).levers["points.earn.points"].levels
        assert [str(level) for level in levels] == ["1", "2", "3", "4", "5", "7", "8"]

    def test_what_is_fixed_is_in_every_proposal(self, tmp_path: Path) -> None:
        text = STUDY.replace(
            "  tiers.gold.threshold: {above: tiers.silver.threshold, low: 300, high: 2100, step: 150}\n", ""
        )
        plan = plan_study(write_study(tmp_path, text + "fixed: {tiers.gold.threshold: 1600}\n"))
        assert plan.space.policy((0, 0, 0), "a").value_at("tiers.gold.threshold") == 1600
        own = plan.incumbent.value_at("tiers.gold.threshold")
        assert own == 1500 and plan.space.point_of(plan.incumbent) is None  # the incumbent is not in that space
        assert plan.digest() != plan_study(write_study(tmp_path, text)).digest()

    def test_what_is_written_reads_back(self) -> None:
        text = STUDY.replace(PLAIN, TIED).replace("{at_most: 9 %}", "{at_most: today + 0.5 pt}")
        read = study(text + "assumptions: [default, {set: sceptical, weight: 2}]\nfixed: {points.expiry.months: 12}\n")
        assert load_model_text(Study, dump_model(read), "again.yaml") == read


class TestLimits:
    @pytest.mark.parametrize(
        ("written", "shown"),
        [
            ("today", "today"), ("today-1pt", "today - 1 pt"), ("Today - 1.5 %pt", "today - 1.5 pt"),
            ("today + 2 %", "today + 2 %"), ("today - 50000", "today - 50000"), ("today - 0 %", "today"),
            ("8 %", "8 %"), (600, "600"),
        ],
    )  # fmt: skip
    def test_notation(self, written: object, shown: str) -> None:
        assert str(LimitNotation().read(written)) == shown

    def test_a_distance_is_of_the_same_shoppers_world_by_world(self) -> None:
        limits = "{retention: {at_least: today - 1 pt}, gmv: {at_least: today - 2 %}, margin: {at_least: today - 500}}"
        text = STUDY.replace("constraints:\n  benefit_cost_share: {at_most: 9 %}", f"constraints: {limits}")
        bounds = goals_of(study(text)).bounds
        assert [(one.times_today, one.limit) for one in bounds] == [(1, -0.01), (0.98, 0), (1, -50_000)]
        today = {
            "retention": np.array([[0.40, 0.50]]),
            "gmv": np.array([[100.0, 300.0]]),
            "margin": np.array([[9.0, 9.0]]),
        }
        own = {
            "retention": np.array([[0.385, 0.495]]),
            "gmv": np.array([[99.0, 297.0]]),
            "margin": np.array([[9.0, 9.0]]),
        }
        goals = Goals((Objective("margin", 1),), bounds)
        figures = figures_of(own, (1.0,), goals, today=today)
        assert figures[bounds[0].figure].mean == pytest.approx(-0.01)  # -0.015 and -0.005: paired, not apart
        assert bounds[0].excess(figures, 0) == pytest.approx(0.0)
        assert bounds[0].excess(figures, 1) == pytest.approx(0.005)  # standard error of the paired difference
        assert bounds[1].excess(figures, 0) == pytest.approx(-2.0)  # 198 is above 98 % of 200
        heats = heats_from([own], (1.0,), goals, today)
        assert heats.excesses[0, :, 0] == pytest.approx([0.005, -0.005])

    def test_todays_figure_has_to_be_there(self) -> None:
        with pytest.raises(ValueError, match="today's figure, which is missing"):
            Bound("gmv", -1, 0.0, times_today=1.0).held(np.zeros((1, 1)), None)


class TestAssumptionSets:
    def test_each_scenario_is_a_world_under_each_set(self, tmp_path: Path) -> None:
        plan = plan_study(write_study(tmp_path, STUDY + "assumptions: [default, {set: sceptical, weight: 3}]\n"))
        assert [one.name for one in plan.scenarios] == [
            "steady-default", "steady-sceptical", "slump-default", "slump-sceptical",
        ]  # fmt: skip
        assert plan.weights == pytest.approx((2 / 12, 6 / 12, 1 / 12, 3 / 12))
        assert len(set(plan.scenario_keys)) == 4
        assert plan.scenarios[1].assumptions and not plan.scenarios[0].assumptions

    def test_one_set_of_the_command_takes_their_place(self, tmp_path: Path) -> None:
        from memberlab.sim import load_assumption_set

        path = write_study(tmp_path, STUDY + "assumptions: [default, sceptical]\n")
        plan = plan_study(path, assumptions=load_assumption_set("sceptical"))
        assert [one.name for one in plan.scenarios] == ["steady-sceptical", "slump-sceptical"]


SILVER, GOLD = "  tiers.silver.threshold: {low: 300, high: 1000, step: 50}", "  tiers.gold.threshold: "
BROKEN: tuple[tuple[str, str, str], ...] = (
    # what is replaced, by what, and what is told
    ("{choices: [99, 199, never]}", "{tied_to: tiers.silver.treshold}",
     "tiny.yaml:9 levers.shipping.free_from.tied_to: tiers.silver.treshold is no lever of this study, did you mean "
     "'tiers.silver.threshold'?"),
    ("{choices: [99, 199, never]}", "{tied_to: shipping.free_from}",
     "tiny.yaml:9 levers.shipping.free_from.tied_to: is tied to itself: shipping.free_from to shipping.free_from"),
    ("{choices: [99, 199, never]}", "{tied_to: points.earn.points, low: 3}",
     "tiny.yaml:9 levers.shipping.free_from.low: a lever that is tied to another has no values of its own"),
    ("{choices: [99, 199, never]}", "{choices: [99, 199], times: 2}",
     "tiny.yaml:9 levers.shipping.free_from.times: a ratio is to another lever; write tied_to beside it"),
    ("{choices: [99, 199, never]}", "{tied_to: points.earn.points, times: 0}",
     "tiny.yaml:9 levers.shipping.free_from.times"),
    ("{choices: [99, 199, never]}", "{tied_to: points.earn.points, times: 2, step: 1 %}",
     "tiny.yaml:9 levers.shipping.free_from.step: 1 % and the values of points.earn.points, such as 1, are not of the "
     "same kind"),
    ("points.earn.points: {low: 1, high: 4, step: 1}", "points.minimum: {tied_to: shipping.free_from, times: 2}",
     "tiny.yaml:8 levers.points.minimum.times: shipping.free_from can be never, which has no multiple"),
    ("{low: 1, high: 4, step: 1}", "{low: 0, high: 4, step: 1, scale: log}",
     "tiny.yaml:8 levers.points.earn.points.low: 0 has no logarithm"),
    ("{low: 1, high: 4, step: 1}", "{low: 1, high: 4, step: 1, values: 3}",
     "tiny.yaml:8 levers.points.earn.points.values: an even step says how many values there are"),
    ("{low: 1, high: 4, step: 1}", "{low: 1, high: 4, step: 1, scale: logarithmic}",
     "tiny.yaml:8 levers.points.earn.points.scale: 'logarithmic' is not allowed here; write 'linear' or 'log'"),
    ("{low: 300, high: 1000, step: 50}", "{low: 300, high: 9000, step: 50}",
     "the levers allow an invalid policy"),
    ("seed: 3", "fixed: {tiers.glod.threshold: 5}",
     "tiny.yaml:15 fixed.tiers.glod.threshold: unknown address, did you mean 'tiers.gold.threshold'?"),
    ("seed: 3", "fixed: {points.earn.points: 5}",
     "tiny.yaml:15 fixed.points.earn.points: is a lever too; leave it out under fixed, or under levers"),
    ("seed: 3", "fixed: {points.minimum: -5}",
     "tiny.yaml:15 fixed.points.minimum: makes an invalid policy: -5 is negative"),
    ("seed: 3", "fixed: {name: other}", "tiny.yaml:15 fixed.name: describes the policy and promises nothing"),
    ("seed: 3", "assumptions: [default, scepticle]",
     "tiny.yaml:15 assumptions.1: 'scepticle': unknown set of assumptions, did you mean 'sceptical'?"),
    ("seed: 3", "assumptions: [default, default]",
     "tiny.yaml:15 assumptions.1: two sets of assumptions are called default; name each once"),
    ("seed: 3", "assumptions: [{set: default, weight: 0}]", "tiny.yaml:15 assumptions.0.weight: 0 is not above 0"),
    ("benefit_cost_share: {at_most: 9 %}", "retention: {at_least: today - 1 %}",
     "tiny.yaml:11 constraints.retention.at_least: retention is a share, and its distance is told in percentage "
     "points; write 'today - 1 pt'"),
    ("benefit_cost_share: {at_most: 9 %}", "gmv: {at_least: today - 1 pt}",
     "tiny.yaml:11 constraints.gmv.at_least: gmv is no share and has no points; write 'today - 1 %', or "),
    ("benefit_cost_share: {at_most: 9 %}", "gmv: {at_least: today minus 5}",
     "tiny.yaml:11 constraints.gmv.at_least: 'today minus 5' cannot be read; write 'today', 'today - 1 pt'"),
    ("benefit_cost_share: {at_most: 9 %}", "retention: {at_least: 60 %, at_most: 50 %}",
     "tiny.yaml:11 constraints.retention.at_least: 60 % is above at_most, 50 %, so nothing can keep both"),
    ("benefit_cost_share: {at_most: 9 %}", "retension: {at_least: 60 %}",
     "tiny.yaml:11 constraints.retension: unknown KPI 'retension', did you mean 'retention'?"),
    ("weight: 0.5", "weight: half", "tiny.yaml:4 scenarios.1.weight: 'half' is not a number"),
    ("weight: 0.5", "weight: -1", "tiny.yaml:4 scenarios.1.weight: -1 is not above 0"),
    ("seed: 3", "objectives: {margn: maximise}",
     "tiny.yaml:15 objectives.margn: unknown KPI 'margn', did you mean 'margin'?"),
)  # fmt: skip


@pytest.mark.parametrize(("old", "new", "told"), BROKEN)
def test_a_broken_study_is_told_with_its_line(tmp_path: Path, old: str, new: str, told: str) -> None:
    assert STUDY.count(old) == 1
    with pytest.raises(DocumentError) as caught:
        plan_study(write_study(tmp_path, STUDY.replace(old, new)))
    assert told in str(caught.value)


def test_a_step_of_a_tie_is_exact() -> None:
    lever = study(STUDY.replace(PLAIN, TIED)).levers["shipping.free_from"]
    assert lever.times == Decimal("0.25")
    assert lever.base == "tiers.silver.threshold"
