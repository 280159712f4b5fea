"""What finance asks of a policy's uncertain figures: where the programme and the paid plan turn, and what moves what is
owed.

Serves finance. Every difference is paired: the same shoppers with the same chances, from shared warm-ups.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from memberlab.policies import DocumentError, Policy
from memberlab.results import KPIS, Uplift, merge_costs, paired_uplift
from memberlab.scenarios import Population, Scenario

from ..break_even import MARGIN, BreakEven, arms_at_values_shown, break_evens, find_break_even, own_value
from ..comparison import fail_if_not_comparable
from ..execution import Progress, SerialExecutor, Steps, working_folder
from ..lives import ArmResult, WarmUp, merge_arms, prepare_warm_ups, replication_seeds, submit_arm
from .budget_runs import live_costs
from .sensitivity_settings import REDEMPTION, Setting, Variation, variations_of

LIABILITY = "points_liability"

FEES_TRIED = (10, 25, 50, 100, 200)
"""Fees at which the paid plan is tried first, in percent of its own."""

FEE_TOLERANCE = 0.01
"""How close the search comes to a break-even fee, as a part of the policy's own fee."""

Tables = list[NDArray[np.float64]]


@dataclass(frozen=True, slots=True)
class Swing:
    """What a variation does to the points liability and the margin at its lower and its higher setting, in cents."""

    variation: Variation
    liability: tuple[Uplift, Uplift]
    margin: tuple[Uplift, Uplift]


@dataclass(frozen=True, slots=True)
class DoublingRate:
    """The expected redemption at which the points liability is twice its own; `rate` and `own` are shares.

    The liability for the points outstanding is in proportion to the rate; reward credits stand beside it at face value.
    """

    own: float
    rate: float
    liability: float
    """Cents at the own rate, mean of replications."""
    most: float
    """Times the own liability at a rate of 1, which none can exceed."""

    @property
    def told(self) -> str:
        """Return where it doubles, or how far it gets."""
        if self.rate <= 1:
            return f"at {100 * self.rate:.1f} % instead of {100 * self.own:g} %"
        return f"at no rate: at 100 % instead of {100 * self.own:g} % it is {self.most:.2f} times as large"


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """The answers for one policy in one scenario; what does not apply to the policy is None, with a reason in `notes`.

    `pays` is the attrition effect from which the programme adds margin against `against`; `fee` the fee, in currency
    units, from which the paid plan adds margin against the same policy without it.
    """

    policy: Policy
    scenario: Scenario
    against: Policy
    replications: int
    own: Mapping[str, float]
    swings: tuple[Swing, ...]
    pays: BreakEven
    doubling: DoublingRate | None
    fee: BreakEven | None
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Runs:
    executor: Executor
    warm_ups: tuple[WarmUp, ...]
    steps: Steps

    def submit(self, setting: Setting) -> list[list[Future[ArmResult]]]:
        assumed = setting.assumptions or None
        return [submit_arm(self.executor, one, setting.policy, assumptions=assumed) for one in self.warm_ups]

    def collect(self, pending: list[list[Future[ArmResult]]]) -> Tables:
        results = [merge_arms([future.result() for future in regions]) for regions in pending]
        self.steps.step()
        return [result.measures for result in results if result.measures is not None]

    def live(self, policy: Policy) -> Tables:
        return self.collect(self.submit(Setting("", policy)))


def sensitivity(
    policy: Policy,
    scenario: Scenario,
    against: Policy,
    *,
    replications: int = 1,
    executor: Executor | None = None,
    incumbent: Policy | None = None,
    population: Population | None = None,
    progress: Progress | None = None,
) -> Sensitivity:
    """Return the sensitivity of a policy in a scenario over independent replications.

    `against` is what the programme is held against. Raises DocumentError when they do not fit the scenario or share a
    name, ValueError for fewer than one replication.
    """
    if replications < 1:
        raise ValueError(f"replications ({replications}) must be at least 1")
    fail_if_not_comparable([against, policy], [scenario], incumbent)
    own_effect = own_value([scenario]) or 0.0
    variations = variations_of(policy, own_effect)
    lived = [one for one in variations if one.name != REDEMPTION]
    steps = Steps(2 + 2 * len(lived) + arms_at_values_shown(scenario, [against, policy]), progress)
    with working_folder(executor) as folder:
        workers = executor or SerialExecutor()
        warm_ups = prepare_warm_ups(
            workers, folder, scenario, replication_seeds(scenario, replications),
            incumbent=incumbent, population=population,
        )  # fmt: skip
        runs = _Runs(workers, warm_ups, steps)
        own, swings = _swings(runs, policy, lived)
        credits = _credits(runs, policy)
        margin = paired_uplift(KPIS[MARGIN], runs.live(against), own)
        (pays,) = break_evens(workers, warm_ups, [against, policy], scenario, [margin], steps)
        notes: list[str] = []
        fee = _fee(runs, policy, own, notes)
    figures = {name: _mean(name, own) for name in (LIABILITY, MARGIN)}
    doubling = _doubling(policy, figures[LIABILITY], credits, notes)
    swings += tuple(
        _estimated(policy, one, figures, figures[LIABILITY] - credits) for one in variations if one not in lived
    )
    return Sensitivity(policy, scenario, against, replications, figures, swings, pays, doubling, fee, tuple(notes))


def _swings(runs: _Runs, policy: Policy, variations: Sequence[Variation]) -> tuple[Tables, tuple[Swing, ...]]:
    """Return the measures under the policy as it is, and what each variation changes."""
    pending = runs.submit(Setting("", policy))
    settings = [[runs.submit(setting) for setting in (one.low, one.high)] for one in variations]
    own = runs.collect(pending)
    swings = []
    for variation, (low, high) in zip(variations, settings, strict=True):
        ends = runs.collect(low), runs.collect(high)
        liability, margin = (tuple(paired_uplift(KPIS[kpi], own, end) for end in ends) for kpi in (LIABILITY, MARGIN))
        swings.append(Swing(variation, (liability[0], liability[1]), (margin[0], margin[1])))
    return own, tuple(swings)


def _mean(kpi: str, tables: Tables) -> float:
    return float(np.mean([KPIS[kpi].value(table.sum(axis=0)) for table in tables]))


def _credits(runs: _Runs, policy: Policy) -> float:
    """Return the reward credits outstanding at the end in cents, mean of replications."""
    if policy.points is None or policy.points.automatic is None:
        return 0.0
    pending = [[runs.executor.submit(live_costs, path, policy) for path in one.snapshots] for one in runs.warm_ups]
    ends = [merge_costs([future.result() for future in regions]).credits[-1] for regions in pending]
    return float(np.mean(ends))


def _estimated(policy: Policy, variation: Variation, own: Mapping[str, float], points: float) -> Swing:
    """Return what another estimate of redemption does to the liability for `points` (cents) and, at once, to the
    margin.
    """
    assert policy.points is not None
    rate = policy.points.expected_redemption
    ends = []
    for setting in (variation.low, variation.high):
        assert setting.policy.points is not None
        change = points * (setting.policy.points.expected_redemption / rate - 1) if rate else 0.0
        ends.append((_exact(LIABILITY, own, change), _exact(MARGIN, own, -change)))
    (low, low_margin), (high, high_margin) = ends
    return Swing(variation, (low, high), (low_margin, high_margin))


def _exact(kpi: str, own: Mapping[str, float], change: float) -> Uplift:
    """Return a change that follows by arithmetic, without an error of its own."""
    return Uplift(kpi, own[kpi], own[kpi] + change, change, change, change)


def _doubling(policy: Policy, liability: float, credits: float, notes: list[str]) -> DoublingRate | None:
    """Return the rate at which the liability in cents, `credits` of it in reward credits, doubles."""
    if policy.points is None:
        notes.append("The policy has no points, so there is no points liability.")
        return None
    own, points = policy.points.expected_redemption / 10_000, liability - credits
    if points <= 0 or not own:
        notes.append("Nothing is owed for points at the end, so there is no points liability to double.")
        return None
    return DoublingRate(own, own * (2 * liability - credits) / points, liability, (points / own + credits) / liability)


def _fee(runs: _Runs, policy: Policy, own: Tables, notes: list[str]) -> BreakEven | None:
    """Return where the paid plan's margin against the same policy without it turns, by its fee in currency units."""
    if policy.membership is None:
        notes.append("The policy has no paid membership, so there is no fee to break even.")
        return None
    try:
        without = policy.with_({"membership": None})
    except DocumentError as fault:
        notes.append(f"The policy cannot be lived without its paid membership: {fault.problems[0].message}.")
        return None
    fee = policy.membership.fee
    runs.steps.plan(len(FEES_TRIED))
    baseline = runs.live(without)
    margin_at = _margins_by_fee(runs, policy, baseline)
    tried = {}
    for percent in FEES_TRIED:
        if percent == 100:
            tried[fee / 100] = paired_uplift(KPIS[MARGIN], baseline, own)
        else:
            value = round(fee * percent / 100) / 100
            tried[value] = margin_at(value)
    return find_break_even(tried, fee / 100, margin_at, tolerance=FEE_TOLERANCE * fee / 100)


def _margins_by_fee(runs: _Runs, policy: Policy, baseline: Tables) -> Callable[[float], Uplift]:
    """Return the margin uplift of the paid plan over `baseline` as a function of its fee, in whole cents."""
    known: dict[int, Uplift] = {}

    def margin_at(fee: float) -> Uplift:
        cents = max(1, round(fee * 100))
        if cents not in known:
            if len(known) >= len(FEES_TRIED) - 1:
                runs.steps.plan(1)
            table = runs.live(policy.with_({"membership.fee": Decimal(cents) / 100}))
            known[cents] = paired_uplift(KPIS[MARGIN], baseline, table)
        return known[cents]

    return margin_at
