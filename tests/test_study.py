"""Study documents: what they hold, how they are written, and every fault told at once with its line."""

from pathlib import Path

import pytest

from memberlab.optimize import Estimate, Study, goals_of, load_study, plan_study, study_names
from memberlab.policies import DocumentError, dump_model, json_schema, load_model_text, load_policy
from memberlab.scenarios import load_population
from tests.studies import STUDY, study_with, write_study


def read(text: str) -> Study:
    return load_model_text(Study, text, "s.yaml")


def faults_of(text: str) -> str:
    with pytest.raises(DocumentError) as caught:
        read(text)
    return str(caught.value)


class TestDocument:
    def test_a_bare_name_is_a_scenario_of_weight_one(self) -> None:
        first, second = read(STUDY).scenarios
        assert (first.scenario, float(first.weight)) == ("steady.yaml", 1.0)
        assert float(second.weight) == 0.5

    def test_objectives_are_gmv_retention_and_margin_unless_given(self) -> None:
        goals = goals_of(read(STUDY))
        assert [(one.kpi, one.sign) for one in goals.objectives] == [("gmv", 1), ("retention", 1), ("margin", 1)]

    def test_limits_are_read_in_the_units_of_their_figure(self) -> None:
        constraints = "{benefit_cost_share: {at_most: 6.5 %}, gmv: {at_least: 1000.50}, orders: {at_least: 7}}"
        bounds = goals_of(
            read(study_with(constraints=constraints).replace("  benefit_cost_share: {at_most: 9 %}\n", ""))
        )
        assert [bound.limit for bound in bounds.bounds] == pytest.approx([0.065, 100_050, 7])
        assert [bound.name for bound in bounds.bounds][1] == "gmv at_least"

    def test_what_is_written_reads_back(self) -> None:
        study = read(STUDY)
        assert load_model_text(Study, dump_model(study), "again.yaml") == study

    def test_levers_keep_the_notation_of_the_policy(self) -> None:
        study = read(STUDY.replace("{choices: [99, 199, never]}", "{low: 0.5 %, high: 2 %, step: 0.5 %}"))
        assert [str(level) for level in study.levers["shipping.free_from"].levels] == ["0.5 %", "1 %", "1.5 %", "2 %"]

    def test_the_schema_tells_editors_what_may_stand_there(self) -> None:
        schema = json_schema(Study)
        assert "gmv" in schema["properties"]["objectives"]["propertyNames"]["enum"]
        assert schema["properties"]["scenarios"]["items"]["anyOf"][0] == {"type": "string"}
        assert schema["$defs"]["SearchBudget"]["properties"]["policies"]["default"] == 160


class TestFaults:
    def test_all_at_once_each_with_its_line(self) -> None:
        text = STUDY.replace("high: 1000, step: 50", "high: 200, step: 50").replace(
            "high: 4, step: 1", "high: 4, step: 2"
        )
        told = faults_of(text.replace("at_most: 9 %", "at_most: 9").replace("seed: 3", "sede: 3"))
        assert "s.yaml:6 levers.tiers.silver.threshold.high: 200 is not above low, 300" in told
        assert "s.yaml:8 levers.points.earn.points.step: 2 does not lead from low, 1, to high, 4; write 3 or 5" in told
        assert (
            "s.yaml:11 constraints.benefit_cost_share.at_most: 9 has no unit, and benefit_cost_share is a share" in told
        )
        assert "s.yaml:15 sede: unknown key 'sede', did you mean 'seed'?" in told

    @pytest.mark.parametrize(
        ("lever", "message"),
        [
            ("{low: 1, high: 2}", "step missing; write low, high and step, or choices"),
            ("{}", "low and high and step missing"),
            ("{low: 1, high: 2, step: 0}", "0 is not above 0"),
            ("{low: 1 %, high: 2, step: 1 %}", "2 and low, 1 %, are not of the same kind"),
            ("{low: 0, high: 1, step: 0.00001}", "makes 100,001 values; write a larger step"),
            ("{low: x, high: 2, step: 1}", "low: 'x' is not a number"),
            ("{choices: [1]}", "1 choice leaves nothing to search"),
            ("{choices: [6, 12, 6]}", "choices.2: 6 is there twice"),
            ("{choices: [[6]]}", "a choice is a single value"),
            ("{choices: [6, 12], low: 3}", "a lever with choices has no range"),
            ("{low: 1, high: 2, step: 1, above: shipping.free_from}", "stands above itself"),
        ],
    )
    def test_a_lever(self, lever: str, message: str) -> None:
        assert message in faults_of(STUDY.replace("{choices: [99, 199, never]}", lever))

    @pytest.mark.parametrize(
        ("key", "value", "message"),
        [
            ("objectives", "{gvm: maximise}", "unknown KPI 'gvm', did you mean 'gmv'?"),
            ("objectives", "{gmv: maximize}", "'maximize' is not allowed here; write 'maximise' or 'minimise'"),
            ("objectives", "{}", "0 objectives; write 1 to 3"),
            ("scenarios", "[{scenario: baseline, weight: 0}]", "0 is not above 0"),
            ("scenarios", "[]", "scenarios"),
            ("search", "{policies: 1}", "1 is below 2"),
            ("confirmation", "{replications: 1}", "1 is below 2"),
        ],
    )
    def test_a_part(self, key: str, value: str, message: str) -> None:
        assert message in faults_of(study_with(**{key: value}))

    def test_a_limit_in_percent_on_money(self) -> None:
        text = STUDY.replace("benefit_cost_share: {at_most: 9 %}", "gmv: {at_least: 9 %}\n  orders: {}")
        assert "9 % is a percentage, and gmv is not a share; write an amount in currency units" in faults_of(text)
        assert "constraints.orders: no limit; write at_most or at_least" in faults_of(text)


class TestPlan:
    def test_references_are_seen_from_the_study(self, tmp_path: Path) -> None:
        (tmp_path / "mine.yaml").write_text(load_policy("four-tiers-simple").with_({"name": "mine"}).to_yaml())
        plan = plan_study(write_study(tmp_path, study_with(policy="mine.yaml", shoppers="90")))
        assert plan.incumbent.name == "mine"
        assert [one.population.shoppers for one in plan.scenarios] == [90, 90]
        assert plan.weights == pytest.approx((2 / 3, 1 / 3))

    def test_a_population_that_replaces_all_buys_at_its_own_prices(self, tmp_path: Path) -> None:
        own = load_population("cd-retailer").with_({"currency": "CNY"})
        plan = plan_study(write_study(tmp_path), population=own)
        assert [one.population.price_level for one in plan.scenarios] == [1, 1]
        assert plan.populations == (own, own)

    def test_everything_wrong_with_references_and_levers_is_told_at_once(self, tmp_path: Path) -> None:
        text = STUDY.replace("steady.yaml, {", "steady.yaml, recesion, {")
        text = text.replace("earn.points: {low: 1", "minimum: {low: 0.5").replace(
            "high: 4, step: 1", "high: 3.5, step: 1"
        )
        text = text.replace("tiers.gold.threshold: {", "tiers.glod.threshold: {").replace("never]", "nevr]")
        with pytest.raises(DocumentError) as caught:
            plan_study(write_study(tmp_path, text))
        told = str(caught.value)
        assert "tiny.yaml:4 scenarios.1: 'recesion': unknown scenario, did you mean 'recession'?" in told
        assert "tiny.yaml:7 levers.tiers.glod.threshold: unknown address, did you mean 'tiers.gold.threshold'?" in told
        assert (
            "tiny.yaml:8 levers.points.minimum: the levers allow an invalid policy: 0.5 is not a whole number" in told
        )
        assert "tiny.yaml:9 levers.shipping.free_from: the levers allow an invalid policy: 'nevr'" in told

    def test_a_range_that_crosses_another_tier(self, tmp_path: Path) -> None:
        text = STUDY.replace("above: tiers.silver.threshold, low: 300", "low: 900")
        with pytest.raises(
            DocumentError, match=r"levers\.tiers\.gold\.threshold: the levers allow an invalid policy: .*900"
        ):
            plan_study(write_study(tmp_path, text))

    @pytest.mark.parametrize(
        ("lever", "message"),
        [
            ("name: {choices: [a, b]}", "levers.name: describes the policy and promises nothing"),
            ("points.redeem.value: {low: 1, high: 2, step: 1, above: points.expiry}", "nothing can stand above that"),
            ("points.minimum: {low: 1 %, high: 2 %, step: 1 %, above: points.earn.points}", "not of the same kind"),
            ("tiers.gold.discount: {low: 0 %, high: 1 %, step: 1 %, above: tiers.sliver.discount}", "did you mean"),
            ("membership.discount: {low: 0 %, high: 1 %, step: 1 %}", "membership.fee: missing"),
        ],
    )
    def test_a_lever_that_does_not_fit(self, tmp_path: Path, lever: str, message: str) -> None:
        text = STUDY.replace("  shipping.free_from: {choices: [99, 199, never]}", f"  {lever}")
        with pytest.raises(DocumentError) as caught:
            plan_study(write_study(tmp_path, text))
        assert message in str(caught.value)
        assert "tiny.yaml:9 levers." in str(caught.value)

    def test_currencies_must_agree(self, tmp_path: Path) -> None:
        path = write_study(tmp_path)
        slump = tmp_path / "slump.yaml"
        slump.write_text(slump.read_text().replace("CNY", "USD").replace("four-tiers-simple", "no-programme"))
        with pytest.raises(DocumentError) as caught:
            plan_study(path)
        assert "currency: CNY does not fit scenario slump, which is in USD" in str(caught.value)
        assert "steady is in CNY, slump in USD; take scenarios in one currency" in str(caught.value)

    def test_an_unknown_assumption_is_found_before_anything_runs(self, tmp_path: Path) -> None:
        path = write_study(tmp_path)
        slump = tmp_path / "slump.yaml"
        slump.write_text(slump.read_text() + "assumptions: {attrition_efect: 0.1}\n")
        with pytest.raises(DocumentError, match="attrition_effect"):
            plan_study(path)

    def test_the_digest_is_of_what_rules_the_search(self, tmp_path: Path) -> None:
        path = write_study(tmp_path)
        plan = plan_study(path)
        assert plan_study(path, policies=200).digest() == plan.digest()
        assert plan_study(write_study(tmp_path, study_with(seed="4"))).digest() != plan.digest()
        assert plan_study(write_study(tmp_path, study_with(title="other"))).digest() == plan.digest()
        (tmp_path / "elsewhere").mkdir()
        assert plan_study(write_study(tmp_path / "elsewhere")).digest() == plan.digest()


class TestShipped:
    def test_every_shipped_study_is_valid(self) -> None:
        assert "fashion-thresholds" in study_names()
        for name in study_names():
            assert plan_study(name).study == load_study(name)

    def test_an_unknown_one_is_told_with_what_exists(self) -> None:
        with pytest.raises(DocumentError, match=r"unknown study, did you mean 'fashion-thresholds'\? Known: "):
            plan_study("fashion-treshold")


class TestRobustness:
    def test_objectives_may_have_references_and_limits_chances(self) -> None:
        study = read(
            study_with(
                objectives="{margin: {direction: maximise, reference: 20000}, retention: maximise}",
                robustness="{criterion: cvar, tail: 30}",
            ).replace("{at_most: 9 %}", "{at_most: 9 %, probability: 90 %}")
        )
        goals = goals_of(study)
        assert [(one.kpi, one.reference, one.figure) for one in goals.objectives] == [
            ("margin", 2_000_000, "margin cvar"), ("retention", None, "retention cvar"),
        ]  # fmt: skip
        assert goals.bounds[0].probability == 0.9
        figures = {"benefit_cost_share": Estimate(0.08, 0.0, deviation=0.01)}
        assert goals.bounds[0].excess(figures, 0) == pytest.approx(-0.01 + 1.2816 * 0.01, abs=1e-5)

    @pytest.mark.parametrize(
        ("key", "value", "message"),
        [
            (
                "robustness",
                "{criterion: satisficing}",
                "satisficing counts the scenarios that reach a reference, and gmv",
            ),
            ("robustness", "{criterion: worst, tail: 20}", "tail is for the criterion cvar"),
            ("constraints", "{benefit_cost_share: {at_most: 9 %, probability: 20 %}}", "20 % is out of range"),
            (
                "objectives",
                "{gmv: {direction: maximise, reference: 5 %}}",
                "5 % is a percentage, and gmv is not a share",
            ),
            ("race", "{start: 8, replications: 4}", "4 is less than start, 8"),
        ],
    )
    def test_faults(self, key: str, value: str, message: str) -> None:
        with pytest.raises(DocumentError, match=message):
            read(study_with(**{key: value}))

    def test_a_chance_below_half_is_none(self) -> None:
        with pytest.raises(DocumentError, match="20 % is out of range; write 50 % or more"):
            read(STUDY.replace("{at_most: 9 %}", "{at_most: 9 %, probability: 20 %}"))
