"""What each shopper of one region did by several dates under one policy, as a pilot would read it.

Serves pilot planning. Accounts are read at each date in one pass: a stop changes nothing of what comes after it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from memberlab.policies import Policy
from memberlab.results import COLUMNS, shopper_measures
from memberlab.sim import ENROLLED, OPENING, Snapshot, World, read_snapshot

from ..lives import WarmUp

DAYS_A_WEEK = 7


@dataclass(frozen=True, slots=True)
class PilotArm:
    """One policy lived by one region or more.

    `readings` (shape: dates x columns x shoppers) are the measures asked for, counted from launch; `opening` (shape:
    shoppers) is what the shop knew of each shopper on launch morning; `launch` is that day.
    """

    readings: NDArray[np.float64]
    opening: NDArray[np.void]
    launch: int

    @property
    def known(self) -> NDArray[np.bool_]:
        """Return who had ordered or enrolled before launch: those whom a pilot can be planned with."""
        known = (self.opening["last_order_day"] >= 0) | ((self.opening["status"] & ENROLLED) != 0)
        return np.asarray(known, np.bool_)


def simulate_pilot_arm(
    path: Path,
    policy: Policy,
    weeks: Sequence[int],
    columns: Sequence[str],
    assumptions: Mapping[str, float] | None = None,
) -> PilotArm:
    """Live on under `policy` from the snapshot in `path` and read `columns` of the measures after each of the `weeks`,
    in rising order. `assumptions` by name replace the scenario's from launch on.
    """
    snapshot = _snapshot(path)
    if assumptions:
        changed = {**snapshot.scenario.assumptions, **assumptions}
        snapshot = replace(snapshot, scenario=snapshot.scenario.with_({"assumptions": changed}))
    world = World.resume(snapshot, policy)
    places = [COLUMNS.index(name) for name in columns]
    readings = np.empty((len(weeks), len(places), len(world.shoppers)))
    opening = np.zeros(0, OPENING)
    for row, week in enumerate(weeks):
        outcome = world.run(world.launch + week * DAYS_A_WEEK)
        readings[row] = shopper_measures(outcome, snapshot.policy)[:, places].T
        opening = outcome.opening_shoppers
    return PilotArm(readings, opening, world.launch)


@lru_cache(maxsize=16)
def _snapshot(path: Path) -> Snapshot:
    return read_snapshot(path)


def submit_pilot_arm(
    executor: Executor,
    warm_ups: Sequence[WarmUp],
    policy: Policy,
    weeks: Sequence[int],
    columns: Sequence[str],
    assumptions: Mapping[str, float] | None = None,
) -> list[list[Future[PilotArm]]]:
    """Submit one policy for every replication and region, in order; arguments as in `simulate_pilot_arm`."""
    return [
        [
            executor.submit(simulate_pilot_arm, path, policy, tuple(weeks), tuple(columns), assumptions)
            for path in warm_up.snapshots
        ]
        for warm_up in warm_ups
    ]


def collect_pilot_arms(pending: Sequence[Sequence[Future[PilotArm]]]) -> list[PilotArm]:
    """Return the arm of each replication, its regions put together in their order."""
    return [merge_pilot_arms([future.result() for future in regions]) for regions in pending]


def merge_pilot_arms(parts: Sequence[PilotArm]) -> PilotArm:
    """Return one arm for shoppers of several regions or replications, in their order."""
    return PilotArm(
        np.concatenate([part.readings for part in parts], axis=2),
        np.concatenate([part.opening for part in parts]),
        parts[0].launch,
    )
