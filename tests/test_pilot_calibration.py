"""Calibration of pilot planning: planned pilots run on populations that the plan never saw (docs/pilot.md).

The plan knows eight populations. Each of the 300 others is a pilot of its own: its shoppers are assigned by key, and
each is read in its own arm only. Three standard errors of 300 repetitions are 7 points at a power of 0.8 and 4 points
at a rate of 5 %; a right program would fail one of the assertions under one seed in 370 each.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from memberlab.optimize import (
    PilotArm,
    PilotPlan,
    PilotQuestion,
    TwinOutcomes,
    assigned_by_key,
    lived_by,
    plan_pilot,
    read_pilot,
    replication_seeds,
    simulate_pilot_arm,
)
from memberlab.policies import load_policy
from memberlab.results import KPIS
from memberlab.sim import warm_up, write_snapshot

from .worlds import brisk_population, small_scenario

REPETITIONS, PLANNED_ON, WEEKS = 300, 8, 26
KPIS_PLANNED = ("gmv", "orders", "average_order_value", "retention")
COLUMNS = ("gmv", "orders", "retained", "base")

NONE = load_policy("no-programme")
GENEROUS = load_policy("four-tiers-simple").with_({"name": "generous", "member_discount": "12 %"})
SCENARIO = small_scenario(population__shoppers=4000, horizon__months=7, assumptions={"headroom": 0.7})


def planned(kpi: str) -> PilotPlan:
    return plan_pilot(NONE, GENEROUS, SCENARIO, PilotQuestion(kpi, weeks=(WEEKS,)), replications=PLANNED_ON,
                      attrition=False, population=brisk_population())  # fmt: skip


def populations(folder: Path, shoppers: int) -> list[tuple[int, PilotArm, PilotArm]]:
    """Return fresh populations with their seed, lived under both policies, those known at launch only."""
    scenario, found = SCENARIO.with_({"population.shoppers": shoppers}), []
    for seed in replication_seeds(scenario, REPETITIONS, first=1000):
        path = folder / f"{seed}.npz"
        write_snapshot(warm_up(scenario, incumbent=NONE, seed=seed, population=brisk_population()), path)
        arms = [simulate_pilot_arm(path, policy, (WEEKS,), COLUMNS) for policy in (NONE, GENEROUS)]
        path.unlink()
        known = arms[0].known
        before, after = (PilotArm(arm.readings[:, :, known], arm.opening[known], arm.launch) for arm in arms)
        found.append((seed, before, after))
    return found


def first(arm: PilotArm, shoppers: int) -> PilotArm:
    return PilotArm(arm.readings[:, :, :shoppers], arm.opening[:shoppers], arm.launch)


@pytest.mark.slow
def test_planned_pilots_keep_their_promises_on_populations_never_seen(tmp_path: Path) -> None:
    plans = {kpi: planned(kpi) for kpi in KPIS_PLANNED}
    needed = {kpi: plan.choice.shoppers for kpi, plan in plans.items()}
    largest = max(needed.values())
    lived = populations(tmp_path, round(largest * 1.5))
    assert min(len(before.opening) for _, before, _ in lived) >= largest
    for kpi, plan in plans.items():
        alone: list[TwinOutcomes] = [
            lived_by(KPIS[kpi], COLUMNS, (WEEKS,), [first(before, needed[kpi])], [first(after, needed[kpi])])[0]
            for _, before, after in lived
        ]
        truth = float(np.mean([one.effect for one in alone]))
        gets = [assigned_by_key(seed, needed[kpi], 0.5) for seed, _, _ in lived]
        pilots = [read_pilot(one, who) for one, who in zip(alone, gets, strict=True)]
        placebos = [read_pilot(one, who, placebo=True) for one, who in zip(alone, gets, strict=True)]
        for method, name in ((0, "plain"), (1, "adjusted")):
            power = np.mean([pilot.detected(0.05)[0, method] for pilot in pilots])
            alarms = np.mean([pilot.detected(0.05)[0, method] for pilot in placebos])
            covered = np.mean([
                abs(pilot.estimate[0, method] - truth) <= pilot.half_width(0.05)[0, method] for pilot in pilots
            ])  # fmt: skip
            promised = plan.verified[method].planned_power
            print(f"{kpi} {name}: {needed[kpi]} shoppers, promised {promised:.3f}, power {power:.3f}, false alarms "
                  f"{alarms:.3f}, coverage {covered:.3f}, planned effect {plan.choice.row.effect:.5g}, "
                  f"true {truth:.5g}, shoppers known to {plan.choice.row.shoppers_error:.2f}")  # fmt: skip
            assert power == pytest.approx(promised, abs=0.10), kpi  # a plan from eight populations is uncertain too
            assert alarms == pytest.approx(0.05, abs=0.04), kpi
            assert covered == pytest.approx(0.95, abs=0.04), kpi
