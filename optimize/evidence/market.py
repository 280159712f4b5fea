"""The market in which a fact is tried: a scenario, its shoppers at launch, and their lives under one policy or another.

Serves every protocol. All arms of a market go on from one warm-up with the same random numbers, so that two of them are
twins; amounts are cents, days count from launch.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from memberlab.policies import Policy, load_model_text, load_policy
from memberlab.scenarios import Population, Scenario, load_population
from memberlab.sim import Outcome, Snapshot, World, warm_up

from .fact import Setting

NO_PROGRAMME = load_policy("no-programme")

MARKET = """
name: evidence
currency: USD
start: 2027-01-01
incumbent: no-programme
warm_up: {months: 12}
horizon: {months: 12}
population: {source: marketplace, shoppers: 1000, established: 100 %, price_level: 1}
gross_margin: 35 %
shipping_cost: 0
"""

MEAN_BASKET = 35.2
"""Mean basket of the shipped populations `marketplace` and `cd-retailer` at price level 1, in dollars."""


def cd_retailer() -> Population:
    """Return the online CD retailer's customers as Pareto/NBD (fact 1)."""
    population = load_population("cd-retailer")
    assert population.fit is not None
    fitted = population.fit.purchases["pareto-nbd"].estimates
    return population.with_({"name": "cd-retailer-pareto-nbd", "purchases": {"model": "pareto-nbd", **fitted}})


def programme(name: str, changes: Mapping[str, object], base: Policy = NO_PROGRAMME) -> Policy:
    """Return `base` with changes by address, in dollars, under a name of its own."""
    return base.with_({"currency": "USD"}).with_({"name": name, **changes})


def one_percent(share: float = 1, **points: object) -> Policy:
    """Return `share` percent back in points; unless `points` say otherwise usable at once, and they never expire."""
    terms = {"earn": {"points": 1, "per": 1}, "redeem": {"points": 100, "value": share}, "expiry": "never", **points}
    return programme("points", {"points": terms})


@dataclass(frozen=True)
class Life:
    """One arm: accounts of shoppers at stops by field (shape: stops x shoppers), and the outcome at the last one."""

    accounts: Mapping[str, NDArray[np.float64]]
    outcome: Outcome

    def grown(self, field: str, since: int = 0, until: int = -1) -> NDArray[np.float64]:
        """Return what each shopper's account grew by from one stop to another (shape: shoppers)."""
        both = self.accounts[field]
        grown: NDArray[np.float64] = both[until] - both[since]
        return grown

    def total(self, measure: str, since: int = 0, until: int | None = None) -> float:
        """Return the sum of a ledger measure from day `since` to before day `until`, counted from launch."""
        return float(self.outcome.ledger[measure][since:until].sum())


@dataclass(frozen=True)
class Market:
    """A scenario with its setting, and who buys in it. `size` of the setting multiplies the number of shoppers."""

    setting: Setting
    shoppers: int = 4000
    population: Population | None = None
    incumbent: Policy = NO_PROGRAMME
    changes: Mapping[str, object] | None = None
    assumptions: Mapping[str, float] | None = None
    """Assumptions of this market that stand whatever the setting says."""

    @cached_property
    def scenario(self) -> Scenario:
        """Return the scenario; `changes` by address replace what `MARKET` says."""
        assumed = {**self.setting.assumptions, **(self.assumptions or {})}
        changes = {
            "population.shoppers": max(200, round(self.shoppers * self.setting.size)),
            "assumptions": {name: float(value) for name, value in assumed.items()},
            **(self.changes or {}),
        }
        return load_model_text(Scenario, MARKET, "evidence").with_(changes)

    @cached_property
    def launch(self) -> Snapshot:
        """Return the morning of launch day after the warm-up under the incumbent."""
        return warm_up(self.scenario, incumbent=self.incumbent, seed=self.setting.seed, population=self.population)

    def opening(self, months: int) -> int:
        """Return the day from launch on which the month after `months` months opens."""
        world = World.resume(self.launch)
        starts = world.calendar.month_starts
        return starts[world.calendar.launch_month + months] - world.launch

    def live(
        self, policy: Policy | None = None, *, stops: Sequence[int] | None = None,
        fields: Sequence[str] = ("orders", "gmv", "margin", "benefit_cost"),
        assumptions: Mapping[str, float] | None = None, start: Snapshot | None = None,
    ) -> Life:  # fmt: skip
        """Live from launch under `policy`, or go on under the incumbent, and read accounts at `stops` (days).

        Without stops they are read at the end of the horizon; launch is always the first stop. `assumptions` replace
        those of the market from launch on, `start` the shoppers at launch.
        """
        snapshot = start or self.launch
        if assumptions:
            changed = {**snapshot.scenario.assumptions, **assumptions}
            snapshot = replace(snapshot, scenario=snapshot.scenario.with_({"assumptions": changed}))
        world = World.resume(snapshot, policy)
        days = [0, *(stops if stops is not None else [world.end - world.launch])]
        readings: dict[str, list[NDArray[np.float64]]] = {field: [] for field in fields}
        for day in days:
            outcome = world.run(world.launch + day)
            for field in fields:
                readings[field].append(outcome.shoppers[field].astype(np.float64))
        return Life({field: np.array(rows) for field, rows in readings.items()}, outcome)


def lift(after: float, before: float) -> float:
    """Return the relative change from `before` to `after`."""
    return float(after / before - 1.0)


def lift_by_third(base: NDArray[np.float64], before: NDArray[np.float64], after: NDArray[np.float64]) -> list[float]:
    """Return the relative change for the light, the moderate and the heavy third of shoppers by `base`."""
    order = np.argsort(base, kind="stable")
    return [lift(after[third].sum(), before[third].sum()) for third in np.array_split(order, 3)]
