"""The fee finder: what the yearly fee of a paid membership does to margin, members and retention, and which is best.

Serves the strategist who has to name a price. All fees are lived by the same shoppers with the same draws, first on a
grid, then nearer and nearer to the best; which fees are as good as the best is told by paired differences.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from memberlab.policies import DocumentError, Policy, Problem
from memberlab.results import COLUMNS, KPIS, Uplift, paired_uplift
from memberlab.scenarios import Population, Scenario
from memberlab.sim import fail_if_policy_does_not_fit

from ..break_even import Crossing
from ..execution import Progress, SerialExecutor, Steps, working_folder
from ..lives import WarmUp, prepare_warm_ups, replication_seeds
from ..uncertainty import runs_of
from ..verdict import weighted_uplift
from .lives import FeeLife, merge_fee_lives, submit_fee_life

if TYPE_CHECKING:
    import pandas as pd

FEE = "membership.fee"
PARTS = ("0.2", "0.4", "0.6", "0.8", "1", "1.25", "1.5", "2", "2.5", "3")
"""The grid as parts of the policy's own fee."""
MOST_FEES = 200
MARGIN = COLUMNS.index("margin")


@dataclass(frozen=True)
class FeeOutcome:
    """What a fee brings in one scenario, mean of replications."""

    uplifts: dict[str, Uplift]
    """By KPI, against today's policy."""
    fees_earned: float
    """Cents over the horizon."""
    gaining: float
    """Share of the members judged who have saved more than the fee so far; NaN where there are none."""
    margins: tuple[NDArray[np.float64], ...]
    """Each shopper's margin in cents, by replication."""


@dataclass(frozen=True)
class FeePoint:
    """One fee: what it brings by scenario, or why it cannot be asked."""

    fee: Decimal
    outcomes: tuple[FeeOutcome, ...] = ()
    refusal: str = ""

    def uplift(self, kpi: str) -> Uplift:
        """Return the mean uplift over scenarios."""
        return weighted_uplift([one.uplifts[kpi] for one in self.outcomes], [1 / len(self.outcomes)] * self.worlds)

    @property
    def worlds(self) -> int:
        """Return the number of scenarios."""
        return len(self.outcomes)

    @property
    def fees_earned(self) -> float:
        """Return the fees earned, mean over scenarios, in cents."""
        return float(np.mean([one.fees_earned for one in self.outcomes]))

    @property
    def gaining(self) -> float:
        """Return the share of members who gain more than they pay, mean over the scenarios that have any."""
        known = [one.gaining for one in self.outcomes if not math.isnan(one.gaining)]
        return float(np.mean(known)) if known else math.nan


@dataclass(frozen=True)
class FeeFound:
    """All fees in rising order, and what follows from them."""

    policy: Policy
    against: tuple[Policy, ...]
    """Today's policy in each scenario."""
    scenarios: tuple[Scenario, ...]
    replications: int
    points: tuple[FeePoint, ...]

    @property
    def lived(self) -> tuple[FeePoint, ...]:
        """Return the fees that could be asked."""
        return tuple(point for point in self.points if point.outcomes)

    def best(self, scenario: int | None = None) -> FeePoint:
        """Return the fee with the largest margin, in a scenario or on average."""
        return max(self.lived, key=lambda point: _margin(point, scenario))

    def as_good(self, scenario: int | None = None) -> tuple[Decimal, Decimal]:
        """Return the range of fees around the best whose margin is within one standard error of it, by pairs."""
        best = self.best(scenario)
        fees = [point.fee for point in self.lived]
        near = [fee_shortfall(best, point, scenario) for point in self.lived]
        place = fees.index(best.fee)
        low = high = place
        while low > 0 and near[low - 1][0] <= near[low - 1][1]:
            low -= 1
        while high < len(fees) - 1 and near[high + 1][0] <= near[high + 1][1]:
            high += 1
        return fees[low], fees[high]

    def break_evens(self, scenario: int | None = None) -> tuple[Crossing, ...]:
        """Return the fees at which the margin is today's, read straight between those lived."""
        known = {
            float(point.fee): point.uplift("margin") if scenario is None else point.outcomes[scenario].uplifts["margin"]
            for point in self.lived
        }
        return tuple(one for run in runs_of(known) for one in run)

    def at(self, fee: Decimal) -> Policy:
        """Return the policy at a fee."""
        return self.policy.with_({FEE: fee})

    @property
    def table(self) -> pd.DataFrame:
        """Return a row for each fee and scenario, and for their mean: money in cents, shares 0 to 1."""
        import pandas as pd

        rows: list[dict[str, object]] = []
        best = self.best()
        for point in self.points:
            if not point.outcomes:
                rows.append({"fee": float(point.fee), "refusal": point.refusal})
                continue
            short, error = fee_shortfall(best, point, None)
            parts = [(one.name, out.uplifts, out.fees_earned, out.gaining)
                     for one, out in zip(self.scenarios, point.outcomes, strict=True)]  # fmt: skip
            if len(parts) > 1:
                parts.append(("mean", {kpi: point.uplift(kpi) for kpi in KPIS}, point.fees_earned, point.gaining))
            for name, uplifts, fees, gaining in parts:
                row: dict[str, object] = {
                    "fee": float(point.fee), "scenario": name, "members": uplifts["paid_members"].value,
                    "fees_earned": fees, "gain_more_than_they_pay": gaining, "margin": uplifts["margin"].value,
                    "refusal": "", "below_best": short, "below_best_error": error,
                }  # fmt: skip
                for kpi in ("margin", "gmv", "retention"):
                    row |= {f"{kpi}_difference": uplifts[kpi].difference, f"{kpi}_low": uplifts[kpi].low,
                            f"{kpi}_high": uplifts[kpi].high}  # fmt: skip
                rows.append(row | {"retention": uplifts["retention"].value})
        return pd.DataFrame(rows)


def _margin(point: FeePoint, scenario: int | None) -> float:
    return (point.uplift("margin") if scenario is None else point.outcomes[scenario].uplifts["margin"]).difference


def fee_shortfall(best: FeePoint, point: FeePoint, scenario: int | None) -> tuple[float, float]:
    """Return by how many cents a fee's margin is below the best's, and the standard error of that, paired by shopper.

    Errors of several scenarios are added as if they always went together, since these may share shoppers.
    """
    chosen = range(best.worlds) if scenario is None else (scenario,)
    gaps, errors = [], []
    for place in chosen:
        pairs = zip(best.outcomes[place].margins, point.outcomes[place].margins, strict=True)
        differences = [one - other for one, other in pairs]
        gaps.append(float(np.mean([one.sum() for one in differences])))
        variances = [len(one) * float(one.var(ddof=1)) for one in differences]
        errors.append(math.sqrt(sum(variances)) / len(variances))
    return float(np.mean(gaps)), float(np.mean(errors))


def fee_grid(policy: Policy) -> tuple[Decimal, ...]:
    """Return fees from a fifth to three times the policy's own, in whole currency units where it is 10 or more.

    Raises DocumentError for a policy without a paid membership.
    """
    own = own_fee(policy)
    step = Decimal(1) if own >= 10 else Decimal("0.01")
    return tuple(dict.fromkeys((own * Decimal(part)).quantize(step, ROUND_HALF_UP) if part != "1" else own
                               for part in PARTS))  # fmt: skip


def own_fee(policy: Policy) -> Decimal:
    """Return the policy's own fee in currency units. Raises DocumentError for a policy without a paid membership."""
    if policy.membership is None:
        text = "has no paid membership, so there is no fee to find; add a section membership, or take another policy"
        raise DocumentError([Problem(policy.name, None, "membership", text)])
    return Decimal(policy.membership.fee) / 100


def find_fee(
    policy: Policy,
    scenarios: Sequence[Scenario],
    *,
    against: Sequence[Policy],
    fees: Sequence[Decimal] = (),
    rounds: int = 3,
    step: Decimal = Decimal(1),
    replications: int = 2,
    executor: Executor | None = None,
    incumbent: Policy | None = None,
    population: Population | None = None,
    progress: Progress | None = None,
) -> FeeFound:
    """Return what fees of `policy` bring in every scenario, held against today's policy there (one for each scenario).

    `fees` (currency units) are the grid, by default around the policy's own. In each of so many `rounds` the fees half
    way to the neighbours of the best on average are lived as well, in multiples of `step`. Raises DocumentError for a
    policy without a paid membership, and when no fee can be asked.
    """
    own_fee(policy)
    for scenario, other in zip(scenarios, against, strict=True):
        fail_if_policy_does_not_fit(policy, scenario)
        fail_if_policy_does_not_fit(other, scenario)
    grid = sorted(set(fees) or set(fee_grid(policy)))
    steps = Steps((len(grid) + 1) * len(scenarios), progress)
    with working_folder(executor) as folder:
        run = _Lives(executor or SerialExecutor(), folder, policy, tuple(scenarios), tuple(against), replications,
                     incumbent, population, steps)  # fmt: skip
        today = run.today()
        points = {fee: run.point(fee, today) for fee in grid}
        for _ in range(rounds):
            usable = sorted((one for one in points.values() if one.outcomes), key=lambda one: one.fee)
            more = fees_between(usable, step, beyond=not fees)
            steps.plan(len(more) * len(scenarios))
            points |= {fee: run.point(fee, today) for fee in more if fee not in points}
            if not more:
                break
    found = tuple(points[fee] for fee in sorted(points))
    if not any(point.outcomes for point in found):
        raise DocumentError([Problem(policy.name, None, FEE, f"no fee can be asked: {found[0].refusal}")])
    return FeeFound(policy, tuple(against), tuple(scenarios), replications, found)


def fees_between(points: Sequence[FeePoint], step: Decimal, *, beyond: bool = False) -> list[Decimal]:
    """Return the fees half way from the best to its neighbours, at multiples of `step`; none that is there already.

    With `beyond`, a best at the end of all fees has a neighbour at half of it, or half as much again.
    """
    if not points:
        return []
    fees = [point.fee for point in points]
    place = max(range(len(points)), key=lambda one: _margin(points[one], None))
    found = []
    for other in (place - 1, place + 1):
        if 0 <= other < len(fees):
            middle = ((fees[place] + fees[other]) / 2 / step).to_integral_value(ROUND_HALF_UP) * step
            if min(fees[place], fees[other]) < middle < max(fees[place], fees[other]):
                found.append(middle)
        elif beyond:
            part = Decimal("0.5") if other < 0 else Decimal("1.5")
            further = (fees[place] * part / step).to_integral_value(ROUND_HALF_UP) * step
            found += [further] if further > 0 and further != fees[place] else []
    return found


@dataclass(frozen=True)
class _Lives:
    """What stays the same from fee to fee."""

    executor: Executor
    folder: Path
    policy: Policy
    scenarios: tuple[Scenario, ...]
    against: tuple[Policy, ...]
    replications: int
    incumbent: Policy | None
    population: Population | None
    steps: Steps

    def today(self) -> list[list[FeeLife]]:
        """Return the lives under today's policy, by scenario and replication."""
        return [self._live(place, policy) for place, policy in enumerate(self.against)]

    def point(self, fee: Decimal, today: Sequence[Sequence[FeeLife]]) -> FeePoint:
        """Return what a fee brings, or why it cannot be asked."""
        try:
            policy = self.policy.with_({FEE: fee})
            for scenario in self.scenarios:
                fail_if_policy_does_not_fit(policy, scenario)
        except DocumentError as error:
            first = error.problems[0]
            for _ in self.scenarios:
                self.steps.step()
            return FeePoint(fee, refusal=f"{first.field}: {first.message}")
        return FeePoint(fee, tuple(_outcome(today[place], self._live(place, policy))
                                   for place in range(len(self.scenarios))))  # fmt: skip

    def _live(self, place: int, policy: Policy) -> list[FeeLife]:
        futures = [submit_fee_life(self.executor, warm_up, policy) for warm_up in self._warm_ups(place)]
        lives = [merge_fee_lives([one.result() for one in regions]) for regions in futures]
        self.steps.step()
        return lives

    def _warm_ups(self, place: int) -> tuple[WarmUp, ...]:
        scenario = self.scenarios[place]
        return prepare_warm_ups(
            self.executor, self.folder, scenario, replication_seeds(scenario, self.replications),
            incumbent=self.incumbent, population=self.population,
        )  # fmt: skip


def _outcome(today: Sequence[FeeLife], lives: Sequence[FeeLife]) -> FeeOutcome:
    before, after = ([life.measures for life in side] for side in (today, lives))
    judged = sum(life.judged for life in lives)
    return FeeOutcome(
        {name: paired_uplift(kpi, before, after) for name, kpi in KPIS.items()},
        float(np.mean([life.fees_earned for life in lives])),
        sum(life.gaining for life in lives) / judged if judged else math.nan,
        tuple(table[:, MARGIN].copy() for table in after),
    )
