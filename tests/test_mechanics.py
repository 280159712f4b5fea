"""Every mechanic of the programme office in a lively market: it happens, ties out, and gives the same bits every way.

The mechanics are those of benchmarks/mechanics.py, so that none is measured that is not tested, and none is forgotten.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from memberlab.policies import Policy
from memberlab.sim import Snapshot, World, warm_up

from .worlds import brisk_population, full_policy, small_scenario

FOLDER = Path(__file__).parent.parent / "benchmarks"
sys.path.insert(0, str(FOLDER))
MECHANICS: dict[str, Mapping[str, object]] = importlib.import_module("mechanics").MECHANICS
everything: Any = importlib.import_module("mechanics").everything
sys.path.remove(str(FOLDER))


def launch(policy: Policy) -> Snapshot:
    scenario = small_scenario(
        categories={"slow-brands": {"share": "15 %"}}, word_of_mouth={"reserve": 100},
        failures={"minor": "10 %", "serious": "3 %", "questions": "5 %"}, returns={"share": "10 %", "refund_days": 7},
        sales_tax="13 %",
    )  # fmt: skip
    return warm_up(scenario, incumbent=policy, population=brisk_population())


@pytest.fixture(scope="module")
def without() -> Iterator[str]:
    world = World.resume(launch(full_policy()))
    yield world.run(world.end).digest()


@pytest.mark.parametrize("mechanic", [*MECHANICS, "everything"])
def test_a_mechanic_happens_and_gives_the_same_bits_every_way(mechanic: str, without: str) -> None:
    changes = everything() if mechanic == "everything" else MECHANICS[mechanic]
    policy = full_policy().with_(changes)
    snapshot = launch(policy)
    straight = World.resume(snapshot)
    outcome = straight.run(straight.end)
    assert outcome.digest() != without
    assert all(result.holds for result in outcome.identities())

    stopped = World.resume(snapshot)
    stopped.run(snapshot.day + 40, day_by_day=True)
    stopped.run(snapshot.day + 41)
    assert stopped.run(stopped.end, day_by_day=True).shoppers.tobytes() == outcome.shoppers.tobytes()

    handed_on = World.resume(snapshot)
    handed_on.run(snapshot.day + 100)
    later = World.resume(handed_on.snapshot())
    rest = later.run(later.end)
    moving = (
        "visit_gap",
        "lifetime_left",
        "goodwill",
        "points_balance",
        "tier",
        "status",
        "next_visit",
        "window_spend",
    )
    assert all((rest.shoppers[field] == outcome.shoppers[field]).all() for field in moving)


@pytest.mark.parametrize("mechanic", MECHANICS)
def test_a_mechanic_can_be_launched_and_withdrawn(mechanic: str) -> None:
    policy = full_policy().with_(MECHANICS[mechanic])
    plain = launch(full_policy())
    launched = World.resume(plain, policy)
    outcome = launched.run(launched.launch + 200)
    assert all(result.holds for result in outcome.identities())
    withdrawn = launched.fork(full_policy())
    assert all(result.holds for result in withdrawn.run(withdrawn.end).identities())
