"""The small reference rule set as the engine knows it: its files, its warm-up, and the year that is measured.

Serves the implementations that are measured. All of them start from one snapshot of the engine with a history, so that
lots of points come of age from the first month; all but the SimPy model run under the engine's own office.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from memberlab.scenarios import Scenario, load_scenario
from memberlab.sim import ENROLLED, EVERYBODY, Outcome, Snapshot, World, behaviour_record, calendar_of, kernel, warm_up
from memberlab.sim.day_book import new_day_book
from memberlab.sim.keyed_random import hashed
from memberlab.sim.ledger import new_ledger
from memberlab.sim.office import Office
from memberlab.sim.order import new_order
from memberlab.sim.order_days import no_order_days
from memberlab.sim.programme_table import compile_policy

FOLDER = Path(__file__).parent
ACCOUNTS = ("gmv", "margin", "benefit_cost", "orders")
SWITCHED_OFF = ("goodwill", "reference_price", "purchase_debt", "expected_benefit", "term_saving", "fee_paid")
"""Fields of a shopper that the small rule set never moves from 0."""


def reference_scenario(shoppers: int, seed: int = 1) -> Scenario:
    """Return the scenario of the small rule set for `shoppers` shoppers."""
    scenario = load_scenario(FOLDER / "reference-scenario.yaml")
    return scenario.with_({"population.shoppers": shoppers, "seed": seed})


def full_scenario(shoppers: int) -> Scenario:
    """Return the scenario of the full rule set for `shoppers` shoppers."""
    return load_scenario(FOLDER / "full-scenario.yaml").with_({"population.shoppers": shoppers})


@lru_cache(maxsize=1)
def reference_snapshot(shoppers: int, seed: int = 1) -> Snapshot:
    """Return the morning after the warm-up, checked to need no more than the small rule set."""
    snapshot = warm_up(reference_scenario(shoppers, seed))
    fail_if_not_small(snapshot)
    return snapshot


def fail_if_not_small(snapshot: Snapshot) -> None:
    """Raise ValueError when a shopper owns something that the small rule set does not know."""
    shoppers, market = snapshot.shoppers, snapshot.market
    moved = [field for field in SWITCHED_OFF if np.any(shoppers[field])]
    if moved:
        raise ValueError(f"the reference scenario must leave {', '.join(moved)} at 0: switch the mechanism off there")
    if np.any(shoppers["status"] & ENROLLED == 0):
        raise ValueError("the reference scenario must bring every shopper's first order in the warm-up")
    steady = market["attendance"] == 1.0, market["rival_adoption"] == 0.0, market["dropout_by_order"] == 0
    if not np.all(steady):
        raise ValueError("the reference scenario must have a flat season, dropout in time, no shock and no rival")


@dataclass(frozen=True, slots=True)
class Records:
    """Every array that the rules work on, and the numbers that address them."""

    shoppers: NDArray[np.void]
    cards: NDArray[np.void]
    due: NDArray[np.int16]
    terms: NDArray[np.void]
    programme: NDArray[np.void]
    behaviour: NDArray[np.void]
    market: NDArray[np.void]
    order: NDArray[np.void]
    day_book: NDArray[np.void]
    ledger: NDArray[np.void]
    hashed_seed: Any


class Month(Protocol):
    """What lives through one month: the engine's kernel or the C code."""

    def __call__(self, records: Records, day: int, until: int, origin: int) -> None:
        """Carry every shopper from the first of a month to `until`; the ledger begins on day `origin`."""


def prepare_year(snapshot: Snapshot, live: Month) -> Callable[[], Records]:
    """Return the year after `snapshot` as a call without arguments: copies are made here, the living is in the call."""
    scenario, origin = snapshot.scenario, snapshot.day
    end = calendar_of(scenario).end
    behaviour = behaviour_record(scenario.assumptions)
    table = compile_policy(snapshot.policy, scenario, behaviour)
    shoppers, due, market = snapshot.shoppers.copy(), snapshot.due.copy(), snapshot.market.copy()
    for account in ACCOUNTS:
        shoppers[account] = 0
    seed = hashed(snapshot.seed)
    ledger = new_ledger(end - origin)
    records = Records(
        shoppers,
        snapshot.cards,
        due,
        table.terms,
        table.programme,
        behaviour,
        market,
        new_order(),
        new_day_book(1),
        ledger,
        seed,
    )

    def live_a_year() -> Records:
        office, day = Office(snapshot.policy, scenario, calendar_of(scenario), market, origin), origin
        while day < end:
            until = min(office.morning(day), end)
            live(records, day, until, origin)
            day = until
        return records

    return live_a_year


def month_of_engine(r: Records, day: int, until: int, origin: int) -> None:
    """Live through one month by the engine's compiled rules alone."""
    kernel.live_shopper_by_shopper(
        r.shoppers, r.cards, r.due, r.terms, r.programme, r.behaviour, r.market, r.order, r.day_book, r.ledger,
        no_order_days(), EVERYBODY, day, until, origin, r.hashed_seed, 0, True,
    )  # fmt: skip


def year_of_engine(snapshot: Snapshot) -> Callable[[], Outcome]:
    """Return the year after `snapshot` as users get it: books closed, identities checked, an outcome."""
    world = World.resume(snapshot)
    return lambda: world.run(world.end)
