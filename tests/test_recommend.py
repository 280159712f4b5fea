"""The recommendation: its rule on hand-made figures, and figures of several scenarios taken together."""

from collections.abc import Sequence

import numpy as np
import pytest

from memberlab.optimize import (
    Bound,
    Confirmed,
    Estimate,
    Goals,
    Objective,
    Verdict,
    estimate_of,
    recommend,
    weighted_uplift,
)
from memberlab.policies import load_policy
from memberlab.results import KPIS, Uplift

GOALS = Goals(
    (Objective("gmv", 1), Objective("retention", 1), Objective("margin", 1)), (Bound("benefit_cost_share", 1, 0.06),)
)
BASE = {"gmv": 1000.0, "retention": 0.2, "margin": 400.0}


def policy_of(
    name: str, gains: Sequence[float], half: float = 0.005, cost: tuple[float, float] = (0.05, 0.001)
) -> Confirmed:
    """Return a policy with gains as shares of the incumbent's figures, intervals of `half` to each side, and a cost."""
    overall = {kpi: Uplift(kpi, 0.0, 0.0, 0.0, 0.0, 0.0) for kpi in KPIS}
    figures = {kpi: Estimate(0.0, 0.0) for kpi in KPIS}
    for (kpi, base), gain in zip(BASE.items(), gains, strict=True):
        overall[kpi] = Uplift(kpi, base, base * (1 + gain), base * gain, base * (gain - half), base * (gain + half))
        figures[kpi] = Estimate(base * (1 + gain), 0.0)
    figures["benefit_cost_share"] = Estimate(*cost)
    policy = load_policy("four-tiers-simple").with_({"name": name})
    return Confirmed(policy, {}, overall, figures, {}, overall)


INCUMBENT = policy_of("incumbent", (0, 0, 0), half=0)


def choice(*others: Confirmed) -> tuple[Verdict, str]:
    found = recommend([INCUMBENT, *others], GOALS)
    return found.verdict, found.chosen.confirmed.policy.name


def test_the_largest_certain_least_gain_wins() -> None:
    assert choice(policy_of("a", (0.10, 0.02, 0.02)), policy_of("b", (0.03, 0.03, 0.03))) == (Verdict.CERTAIN, "b")


def test_a_certain_gain_goes_before_a_larger_doubtful_one() -> None:
    doubtful = policy_of("doubtful", (0.05, 0.05, 0.05), half=0.06)
    assert choice(doubtful, policy_of("certain", (0.01, 0.01, 0.01))) == (Verdict.CERTAIN, "certain")
    assert choice(doubtful) == (Verdict.LIKELY, "doubtful")


def test_a_limit_is_held_at_a_margin_for_error() -> None:
    gains = (0.05, 0.05, 0.05)
    assert choice(policy_of("a", gains, cost=(0.058, 0.001)))[0] is Verdict.CERTAIN
    assert choice(policy_of("a", gains, cost=(0.059, 0.001)))[0] is Verdict.KEEP


def test_nothing_is_recommended_that_loses_anywhere() -> None:
    found = recommend([INCUMBENT, policy_of("a", (0.2, 0.2, -0.02)), policy_of("b", (0.1, 0.1, -0.01))], GOALS)
    assert found.verdict is Verdict.KEEP
    assert found.chosen is found.standings[0]
    assert found.trade_off is not None
    assert found.trade_off.confirmed.policy.name == "b"


def test_without_any_other_feasible_policy_there_is_no_trade_off() -> None:
    found = recommend([INCUMBENT, policy_of("a", (0.2, 0.2, 0.2), cost=(0.2, 0.0))], GOALS)
    assert (found.verdict, found.trade_off) == (Verdict.KEEP, None)
    assert recommend([INCUMBENT], GOALS).standings[0].on_front


def test_an_equal_policy_does_not_beat_the_incumbent() -> None:
    assert choice(policy_of("same", (0, 0, 0), half=0)) == (Verdict.KEEP, "incumbent")


def test_the_front_is_of_feasible_policies() -> None:
    best = policy_of("best", (0.5, 0.5, 0.5), cost=(0.5, 0.0))
    found = recommend([INCUMBENT, best, policy_of("a", (0.1, 0.1, 0.1)), policy_of("b", (0.2, 0.0, 0.05))], GOALS)
    assert [one.on_front for one in found.standings] == [False, False, True, True]


def test_a_figure_to_minimise_gains_by_falling() -> None:
    goals = Goals((Objective("margin", -1),), ())
    found = recommend([INCUMBENT, policy_of("a", (0, 0, -0.1))], goals)
    assert found.verdict is Verdict.CERTAIN


class TestScenariosTogether:
    def test_the_error_is_that_between_replications_of_the_weighted_mean(self) -> None:
        values = np.array([[1.0, 3.0, 5.0], [10.0, 8.0, 6.0]])
        estimate = estimate_of(values, (0.5, 0.5))
        assert (estimate.mean, estimate.error) == (
            5.5,
            0.0,
        )  # the two move against each other; their mean never changes
        assert estimate_of(values[:1], (1.0,)).error == pytest.approx(2 / np.sqrt(3))
        alone = estimate_of(values[:, :1], (0.25, 0.75))
        assert (alone.mean, alone.error) == (7.75, 0)

    def test_the_interval_covers_errors_that_go_together(self) -> None:
        rng = np.random.default_rng(0)
        parts = [Uplift("gmv", 10, 12, 2, 2 - 1.96, 2 + 1.96), Uplift("gmv", 20, 21, 1, 1 - 3 * 1.96, 1 + 3 * 1.96)]
        together = weighted_uplift(parts, (0.5, 0.5))
        assert (together.baseline, together.value, together.difference) == (15, 16.5, 1.5)
        shared, own = rng.normal(size=20_000), rng.normal(size=(2, 20_000))
        for correlation in (0.0, 0.5, 1.0):
            errors = np.sqrt(correlation) * shared + np.sqrt(1 - correlation) * own
            means = 1.5 + 0.5 * (errors[0] + 3 * errors[1])
            covered = np.mean((together.low <= means) & (means <= together.high))
            assert covered >= 0.945
