"""Ask about one thing: fixed and free levers, the most under a limit, what binds, what a point of retention costs."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest
from click.testing import CliRunner

from memberlab.cli import main
from memberlab.optimize import (
    Bound,
    Confirmed,
    Estimate,
    Goals,
    Objective,
    Question,
    Standing,
    StudyResult,
    bought_in,
    fieller_ratio,
    goals_of,
    limit_told,
    local_prices,
    nearest_of,
    passing_limit,
    plan_question,
    trade_off_rows,
    trade_off_table,
    trade_offs,
    unmet,
    unmet_told,
)
from memberlab.policies import DocumentError, load_policy
from tests.studies import write_study

TIERS = ("tiers.silver.threshold", "tiers.gold.threshold")


def asked(tmp_path: Path, **options: Any) -> Any:
    return plan_question(str(write_study(tmp_path)), Question(**options))


def refused(reference: str, **options: Any) -> str:
    with pytest.raises(DocumentError) as caught:
        plan_question(reference, Question(**options))
    return str(caught.value)


class TestFixAndFree:
    def test_a_study_asked_as_it_stands_is_the_study(self, tmp_path: Path) -> None:
        plan = asked(tmp_path)
        assert plan.text is None
        assert plan.study.name == "tiny"

    def test_only_what_is_free_varies_and_what_is_fixed_is_held(self, tmp_path: Path) -> None:
        plan = asked(tmp_path, free=["points.earn.points"], fix=["tiers.gold.threshold=1600"])
        assert plan.space.names == ("points.earn.points",)
        policy = plan.space.policy((3,), "mine")
        assert (policy.value_at("points.earn.points"), policy.value_at("tiers.gold.threshold")) == (4, 1600)
        assert policy.value_at("tiers.silver.threshold") == plan.incumbent.value_at("tiers.silver.threshold")
        assert "tiers.gold.threshold: 1600" in (plan.text or "")

    def test_a_lever_fixed_without_a_value_stays_as_it_is(self, tmp_path: Path) -> None:
        plan = asked(tmp_path, fix=["tiers.silver.threshold"])
        assert "tiers.silver.threshold" not in plan.space.names
        assert plan.space.values((0, 0, 0))["tiers.gold.threshold"] == 900  # 300 above the policy's own 600
        assert not plan.study.fixed

    def test_what_stands_above_a_fixed_lever_stands_above_its_value(self, tmp_path: Path) -> None:
        plan = asked(tmp_path, fix=["tiers.silver.threshold=700"])
        assert plan.space.values((0, 0, 0))["tiers.gold.threshold"] == 1000

    def test_a_tie_to_a_fixed_lever_is_fixed_with_it(self, tmp_path: Path) -> None:
        path = write_study(tmp_path)
        path.write_text(
            path.read_text().replace("{choices: [99, 199, never]}", "{tied_to: tiers.silver.threshold, times: 0.5}")
        )
        plan = plan_question(str(path), Question(fix=["tiers.silver.threshold=700"]))
        assert str(plan.study.fixed["shipping.free_from"]) == "350"

    def test_a_policy_without_a_study_is_drafted(self) -> None:
        plan = plan_question("jd-plus", Question(free=["membership.fee"], shoppers=90))
        assert plan.space.names == ("membership.fee",)
        assert [one.population.shoppers for one in plan.scenarios] == [90]
        assert plan.study.search.policies == 64
        named = plan_question("jd-plus", Question(free=["membership.fee=49:149:50"], scenarios=["recession"]))
        assert [str(level) for level in named.space.levels[0]] == ["49", "99", "149"]
        assert [one.name for one in named.scenarios] == ["recession"]


class TestWanted:
    def test_the_largest_margin_that_keeps_retention(self, tmp_path: Path) -> None:
        plan = asked(
            tmp_path, maximise=["margin"], keep=["retention >= today - 1 pt", "gmv at least 5000 in 90 % of worlds"]
        )
        goals = goals_of(plan.study)
        assert [(one.kpi, one.sign) for one in goals.objectives] == [("margin", 1)]
        assert [limit_told(one) for one in goals.bounds] == [
            "benefit cost of GMV at most 9.00 %", "retention at least today's - 1.00 pp",
            "GMV at least 5,000.00 in 90% of worlds",
        ]  # fmt: skip

    def test_a_limit_of_the_study_gives_way(self, tmp_path: Path) -> None:
        bounds = goals_of(asked(tmp_path, keep=["benefit_cost_share <= 5 %"]).study).bounds
        assert [one.limit for one in bounds] == pytest.approx([0.05])


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"fix": ["tiers.gold.treshold=5"]}, "--fix tiers.gold.treshold: unknown address, did you mean 'tiers.gold"),
        ({"fix": ["shipping.free_from=abc"]}, "--fix shipping.free_from: makes an invalid policy: 'abc' is"),
        ({"fix": ["tiers.gold.threshold=200"]}, "--fix tiers.gold.threshold: makes an invalid policy: 200 is"),
        ({"free": ["membership.fee"]}, "--free membership.fee: has no range of its own in this policy; write a range"),
        ({"free": ["points.earn.points=1:4:2"]}, "--free points.earn.points.step: 2 does not lead from low"),
        ({"free": ["points.earn.points"], "fix": ["points.earn.points"]}, "points.earn.points: is to be free too"),
        ({"keep": ["retention > 5"]}, "--keep: 'retention > 5' cannot be read; write KPI >= LIMIT or KPI <= LIMIT"),
        ({"keep": ["retention >= today - 1 %"]}, "--keep retention.at_least: retention is a share"),
        ({"keep": ["retension >= today"]}, "--keep retension: unknown KPI 'retension', did you mean 'retention'?"),
        ({"maximise": ["margn"]}, "--maximise margn: unknown KPI 'margn', did you mean 'margin'?"),
        ({"maximise": ["gmv"], "minimise": ["gmv"]}, "--minimise gmv: is to be maximised too; say one of both"),
        ({"scenarios": ["recession"]}, "--scenario: a study names its own scenarios"),
        ({"fix": [*TIERS, "points.earn.points", "shipping.free_from"]}, "--fix: nothing is left that may vary"),
    ],
)  # fmt: skip
def test_a_question_that_cannot_be_asked(tmp_path: Path, options: dict[str, Any], told: str) -> None:
    assert told in refused(str(write_study(tmp_path)), **options)


def test_what_is_neither_study_nor_policy() -> None:
    assert "unknown study or policy, did you mean 'fashion-thresholds'?" in refused("fashion-treshold")
    assert "--scenario 0: 'recesion': unknown scenario, did you mean 'recession'?" in refused(
        "jd-plus", scenarios=["recesion"]
    )
    assert "no-programme has no number" in refused("no-programme")


def standing(name: str, worlds: Mapping[str, list[float]], figures: Mapping[str, Estimate] | None = None,
             feasible: bool = True) -> Standing:  # fmt: skip
    policy = load_policy("four-tiers-simple").with_({"name": name})
    by_world = {kpi: np.array([values]) for kpi, values in worlds.items()}
    return Standing(Confirmed(policy, {}, {}, figures or {}, {}, {}, by_world), feasible, True)


def result(standings: list[Standing], goals: Goals, chosen: int = 0, tried: list[Any] | None = None) -> StudyResult:
    """Return what the reports read of a result, without a search."""
    from memberlab.optimize import Verdict

    found = SimpleNamespace(standings=tuple(standings), chosen=standings[chosen], verdict=Verdict.KEEP)
    plan = SimpleNamespace(weights=(1.0,), incumbent=standings[0].confirmed.policy)
    return cast("StudyResult", SimpleNamespace(recommendation=found, plan=plan, goals=goals, tried=tried or []))


class TestTradeOffs:
    GOALS = Goals((Objective("margin", 1), Objective("retention", 1)), ())
    ROW = (
        standing("today", {"margin": [100_00.0, 110_00.0, 90_00.0], "retention": [0.40, 0.42, 0.38]}),
        standing("dear", {"margin": [80_00.0, 92_00.0, 72_00.0], "retention": [0.42, 0.441, 0.399]}),
        standing("bad", {"margin": [70_00.0, 70_00.0, 70_00.0], "retention": [0.41, 0.41, 0.41]}),
        standing("broken", {"margin": [900_00.0] * 3, "retention": [0.9] * 3}, feasible=False),
    )

    def test_neighbours_on_the_row_of_two_figures(self) -> None:
        found = trade_offs(result(list(self.ROW), self.GOALS))
        assert [(one.less.confirmed.policy.name, one.more.confirmed.policy.name, one.bought) for one in found] == [
            ("dear", "today", "margin"), ("today", "dear", "retention"),
        ]  # fmt: skip
        retention = found[1]
        assert retention.gain[0] == pytest.approx(0.02)
        assert retention.cost[0] == pytest.approx(-18_66.67, abs=0.01)
        assert retention.rate[0] == pytest.approx(-9_33.33, abs=0.01)  # cents a percentage point
        assert retention.rate[1] < retention.rate[0] < retention.rate[2]

    def test_the_interval_of_a_price_is_fiellers(self) -> None:
        """With a denominator known exactly it is Student's interval of the mean, scaled."""
        values = np.array([1.0, 2.0, 3.0, 6.0])
        middle, low, high = fieller_ratio(values, np.full(4, 2.0))
        half = 3.182446 * values.std(ddof=1) / 2
        assert (middle, low, high) == pytest.approx((1.5, (3 - half) / 2, (3 + half) / 2), rel=1e-6)
        assert fieller_ratio(values, np.array([1.0, -1.0, 1.0, -0.9]))[1:] == (
            -np.inf,
            np.inf,
        )  # not surely apart from 0

    def test_rows_and_local_prices(self) -> None:
        table = trade_off_table(result(list(self.ROW), self.GOALS, chosen=1))
        assert bought_in(table) == ["retention", "margin"]
        heads, rows = trade_off_rows(table, "retention")
        assert heads[-1] == "for 1 point of retention"
        assert rows[0][:3] == ("today", "dear", "+2.00 pp (+1.75 pp to +2.25 pp)")
        assert local_prices(table, "retention", "mine")[0].startswith(
            "At mine, 1 point of retention has cost contribution margin -9.33 ("
        )

    def test_a_folder_without_a_study(self, tmp_path: Path) -> None:
        answer = CliRunner().invoke(main, ["study", "tradeoffs", str(tmp_path)])
        assert answer.exit_code == 2
        assert "holds no finished study; name the folder of `memberlab optimize STUDY --out DIR`" in answer.output

    def test_the_command_reads_the_folder(self, tmp_path: Path) -> None:
        trade_off_table(result(list(self.ROW), self.GOALS)).to_csv(tmp_path / "trade-offs.csv", index=False)
        (tmp_path / "recommended-policy.yaml").write_text(self.ROW[0].confirmed.policy.to_yaml())
        answer = CliRunner().invoke(main, ["study", "tradeoffs", str(tmp_path)])
        assert answer.exit_code == 0, answer.output
        assert "What 1 point of retention costs" in answer.output
        assert "From today, 1 point of retention costs contribution margin -9.33" in " ".join(answer.output.split())
        wrong = CliRunner().invoke(main, ["study", "tradeoffs", str(tmp_path), "--price", "retension"])
        assert (wrong.exit_code, "did you mean 'retention'?" in wrong.output) == (2, True)
        assert CliRunner().invoke(main, ["study", "tradeoffs", str(tmp_path), "--json"]).output.startswith("[")


class TestNothingKeepsTheLimits:
    SHARE, RETENTION = Bound("benefit_cost_share", 1, 0.05), Bound("retention", -1, -0.01, times_today=1.0)
    GOALS = Goals((Objective("margin", 1),), (SHARE, RETENTION))

    def figures(self, share: float, retention: float) -> dict[str, Estimate]:
        names = {"benefit_cost_share": share, "retention": 0.4 + retention, self.RETENTION.figure: retention}
        return {name: Estimate(value, 0.0) for name, value in names.items()}

    def test_which_limit_binds_and_what_would_let_the_nearest_pass(self) -> None:
        own = {"today": (0.08, 0.0), "cheap": (0.06, -0.03), "near": (0.0623, -0.005)}
        found = [standing(name, {}, self.figures(*pair), feasible=False) for name, pair in own.items()]
        tried = [
            SimpleNamespace(candidate=SimpleNamespace(policy=one.confirmed.policy), figures=one.confirmed.figures)
            for one in found
        ]
        assert [one.candidate.policy.name for one in nearest_of(cast("Any", tried), self.GOALS, 1)] == ["cheap"]
        missed = unmet(result(found, self.GOALS, tried=tried))
        assert missed is not None
        assert [(one.kept, one.policy, one.binds) for one in missed.limits] == [(0, "cheap", True), (2, "today", False)]
        told = unmet_told(missed, "today")
        assert told == [
            "None of the 3 policies tried keeps every limit, today's included.",
            "benefit cost of GMV at most 5.00 % binds: no policy keeps it; the nearest is 6.00 % (cheap).",
            "retention at least today's - 1.00 pp is kept by 2 of them; the best is today's (today).",
            "Nearest on fresh seeds is cheap: 6.00 % for benefit cost of GMV at most 5.00 %; 3.00 pp below today's for "
            "retention at least today's - 1.00 pp.",
            "It would pass (nearest-policy.yaml) with: benefit cost of GMV at most 6.00 % and retention at least "
            "today's - 3.00 pp.",
        ]

    def test_a_passing_limit_is_rounded_outwards(self) -> None:
        assert passing_limit(self.SHARE, 0.012341) == pytest.approx(0.0624)
        assert passing_limit(self.RETENTION, 0.012341) == pytest.approx(-0.0224)

    def test_a_policy_that_keeps_them_ends_the_matter(self) -> None:
        assert unmet(result([standing("today", {}, self.figures(0.04, 0.0))], self.GOALS)) is None
