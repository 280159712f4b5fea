"""A budget held against a policy: the policy lived by several populations, each day's costs kept, ceilings checked.

Serves finance. Replications are those of a comparison with the same scenario, so that a figure found there is found
here.
"""

from __future__ import annotations

from concurrent.futures import Executor
from pathlib import Path

from memberlab.policies import Policy
from memberlab.results import Budget, BudgetCheck, DailyCosts, check_budget, daily_costs, merge_costs
from memberlab.scenarios import Population, Scenario
from memberlab.sim import World

from ..comparison import fail_if_not_comparable
from ..execution import Progress, SerialExecutor, Steps, working_folder
from ..lives import kept_snapshot, prepare_warm_ups, replication_seeds


def live_budget(
    budget: Budget,
    policy: Policy,
    scenario: Scenario,
    *,
    replications: int = 1,
    executor: Executor | None = None,
    incumbent: Policy | None = None,
    population: Population | None = None,
    progress: Progress | None = None,
) -> BudgetCheck:
    """Return the check of `budget` against `policy` over independent replications of `scenario`.

    `incumbent` and `population` replace the scenario's. Raises DocumentError when policy and scenario do not fit,
    ValueError for fewer than one replication.
    """
    if replications < 1:
        raise ValueError(f"replications ({replications}) must be at least 1")
    fail_if_not_comparable([policy], [scenario], incumbent)
    steps = Steps(replications, progress)
    workers = executor or SerialExecutor()
    with working_folder(executor) as folder:
        seeds = replication_seeds(scenario, replications)
        warm_ups = prepare_warm_ups(
            workers, folder, scenario, seeds, incumbent=incumbent, population=population
        )  # fmt: skip
        pending = [[workers.submit(live_costs, path, policy) for path in one.snapshots] for one in warm_ups]
        runs = []
        for regions in pending:
            runs.append(merge_costs([future.result() for future in regions]))
            steps.step()
    return check_budget(budget, policy, runs)


def live_costs(path: Path, policy: Policy) -> DailyCosts:
    """Live the horizon under `policy` from the snapshot in `path`, and return its costs by day."""
    world = World.resume(kept_snapshot(path), policy)
    return daily_costs(world.run(world.end))
