"""A world with a rhythm and amounts by quantiles: as exact as any other, under every driver, policy and region."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from memberlab.policies import load_policy
from memberlab.scenarios import Population
from memberlab.sim import LAPSED, Outcome, Snapshot, World, merge_regions, trace, warm_up

from .rhythms import market, regulars
from .worlds import brisk_population, full_policy, small_scenario

SECTIONS: dict[str, object] = {
    "spend": {
        "model": "quantiles", "level": 3.2, "between": [-0.8, -0.1, 0.9], "within": [-1.5, -0.2, 0.3, 1.4],
        "gap_slope": 0.15, "gap_level": 2.5,
    },
    "rhythm": {
        "weekdays": [0.8, 0.8, 0.9, 0.9, 1.1, 1.3, 1.2], "gaps": [0.4, 0.7, 0.9, 1.0, 1.1, 1.3, 1.6],
        "basket_weeks": [1.0] * 53, "drift": [{"weeks": 4, "spread": 0.3}, {"weeks": 26, "spread": 0.4}],
    },
    "entry": {"quantiles": [0, 0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 1]},
}  # fmt: skip
"""Every section that rules something."""


def rhythmic() -> Population:
    return brisk_population().with_(SECTIONS)


@pytest.fixture(scope="module")
def launch() -> Snapshot:
    return warm_up(small_scenario(), incumbent=full_policy(), population=rhythmic())


def lived(snapshot: Snapshot, policy: Any = None, *, day_by_day: bool = False) -> Outcome:
    world = World.resume(snapshot, policy)
    return world.run(world.end, day_by_day=day_by_day)


def test_each_section_moves_something(launch: Snapshot) -> None:
    without = warm_up(small_scenario(), incumbent=full_policy(), population=brisk_population())
    for part in ("rhythm", "spend", "entry"):
        one = warm_up(
            small_scenario(), incumbent=full_policy(), population=brisk_population().with_({part: SECTIONS[part]})
        )
        assert lived(one).digest() != lived(without).digest()


def test_same_bits_day_by_day_and_shopper_by_shopper(launch: Snapshot) -> None:
    assert lived(launch).digest() == lived(launch, day_by_day=True).digest()


def test_a_policy_under_another_name_changes_nothing(launch: Snapshot) -> None:
    renamed = full_policy().model_copy(update={"name": "other-name"})
    assert lived(launch).digest() == lived(launch, renamed).digest()


def test_no_policy_moves_the_days_on_which_shoppers_may_come(launch: Snapshot) -> None:
    one, other = lived(launch), lived(launch, load_policy("no-programme"))
    here = (one.shoppers["status"] | other.shoppers["status"]) & LAPSED == 0
    assert one.total("orders") != other.total("orders")
    assert (one.shoppers["next_visit"][here] == other.shoppers["next_visit"][here]).all()


def test_an_added_shopper_changes_nobody_else(launch: Snapshot) -> None:
    more = warm_up(small_scenario(population__shoppers=650), incumbent=full_policy(), population=rhythmic())
    assert lived(more).shoppers[:600].tobytes() == lived(launch).shoppers.tobytes()


def test_regions_live_as_the_whole_does(launch: Snapshot) -> None:
    parts = []
    for region in range(3):
        world = World(full_policy(), small_scenario(regions=3), region=region, population=rhythmic())
        world.run(world.launch)
        parts.append(lived(world.snapshot()))
    assert merge_regions(parts).shoppers.tobytes() == lived(launch).shoppers.tobytes()


def test_a_saved_world_goes_on_as_if_it_had_never_stopped(launch: Snapshot, tmp_path: Path) -> None:
    world = World.resume(launch)
    world.run(launch.day + 100)
    world.save(tmp_path / "world.npz")
    loaded = World.load(tmp_path / "world.npz")
    assert loaded.population == rhythmic()
    assert loaded.run(loaded.end).digest() == world.fork(world.policy).run(world.end).digest()


def test_a_life_alone_is_that_of_the_full_run(launch: Snapshot) -> None:
    shopper = int(np.argmax(lived(launch).shoppers["orders"]))
    (life,) = trace(launch, [full_policy()], shopper)
    assert life.is_the_full_runs
    assert sum(1 for moment in life.moments if moment.visit and moment.visit.ordered) > 10


@pytest.mark.parametrize("sections", [{"weekdays": [1] * 7}, {"gaps": [1] * 28, "weeks": [1] * 53}, {}])
def test_a_rhythm_in_which_all_days_are_alike_is_none(sections: dict[str, object]) -> None:
    plain, walked = brisk_population(), brisk_population().with_({"rhythm": sections})
    one = lived(warm_up(small_scenario(), incumbent=full_policy(), population=plain))
    other = lived(warm_up(small_scenario(), incumbent=full_policy(), population=walked))
    assert one.ledger.tobytes() == other.ledger.tobytes()
    kept = [outcome.shoppers.copy() for outcome in (one, other)]
    for shoppers in kept:  # with a rhythm no day is drawn beyond the end of the world
        shoppers["next_visit"] = np.minimum(shoppers["next_visit"], one.last_day)
    assert kept[0].tobytes() == kept[1].tobytes()


def test_a_conversion_near_1_makes_nearly_every_visit_an_order() -> None:
    world = market(regulars(0.2, {}), 500)
    outcome = world.run(world.end)
    assert outcome.total("orders") > 0.998 * outcome.total("visits")
    assert outcome.total("orders") / 500 / (world.end - 1) == pytest.approx(0.2, rel=0.02)


def test_tables_hold_the_longest_world() -> None:
    table = import_module("memberlab.sim.rhythm_table")
    calendar = import_module("memberlab.sim.calendar")
    longest = small_scenario(warm_up={"months": 60}, horizon={"months": 120})
    assert calendar.calendar_of(longest).end <= table.WORLD_DAYS
