"""What the engine costs: scaling, the full rule set, snapshots, arms, and the two drivers.

Serves the marks on the time of a million shoppers and of a second arm.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from figures import Cell, Figures, Mark, Table
from measuring import cpu_seconds, median_seconds, take_turns
from reference_world import full_scenario, reference_scenario, reference_snapshot, year_of_engine

from memberlab.policies import load_policy
from memberlab.sim import World, warm_up

MOST_SECONDS, MILLION = 6.0, 1_000_000
MOST_TIMES_FIRST_ARM = 1.25
"""A second arm may cost a quarter more than the first, for its policy and noise; a second warm-up would double it."""


def measure_scaling(figures: Figures, sizes: list[int]) -> None:
    """Add the small rule set's time a visit from small to large populations, and the cost of drawing shoppers."""
    rows: list[list[Cell]] = []
    for shoppers in sizes:
        scenario = reference_scenario(shoppers)
        policy = load_policy(scenario.incumbent)
        drawing = median_seconds(lambda s=scenario, p=policy: lambda: World(p, s), 3)
        snapshot = reference_snapshot(shoppers)
        seconds = median_seconds(lambda s=snapshot: year_of_engine(s), 3)
        visits = year_of_engine(snapshot)().total("visits")
        rows.append([shoppers, seconds, seconds / visits * 1e9, visits / seconds / 1e6, drawing / shoppers * 1e6])
    columns = ("shoppers", "CPU s", "ns/visit", "M visits/s", "us to draw a shopper")
    note = "World.run over a year, median of 3 runs; drawing a shopper is what World() costs before any day is lived."
    figures.tables.append(Table("Scaling, small rule set", note, columns, rows))


def measure_full_rules(figures: Figures, shoppers: int, rounds: int) -> None:
    """Add the time of a year under every rule of version 1 at once, and its mark at a million shoppers."""
    snapshot = warm_up(full_scenario(shoppers))
    seconds = median_seconds(lambda: year_of_engine(snapshot), rounds)
    outcome = year_of_engine(snapshot)()
    visits, days = outcome.total("visits"), outcome.last_day - outcome.first_day
    row: list[Cell] = [
        shoppers, rounds, seconds, visits / shoppers, seconds / visits * 1e9, shoppers * days / seconds / 1e6,
        outcome.total("orders") / visits, outcome.closing.members / shoppers,
    ]  # fmt: skip
    columns = (
        "shoppers",
        "runs",
        "CPU s",
        "visits/shopper",
        "ns/visit",
        "M shopper-days/s",
        "orders/visit",
        "paid members",
    )
    note = (
        "Tiers, points, member discount and paid membership at once, every assumption at its default, a season; "
        "World.run over a year with the books closed and the identities checked. Visits that the season thinned out "
        "are not counted."
    )
    figures.tables.append(Table("Full rule set", note, columns, [row]))
    measured = seconds if shoppers == MILLION else None
    figures.marks.append(Mark("full rules, 1,000,000 shoppers x 365 days x 40 visits", measured, MOST_SECONDS, "CPU s"))


def measure_snapshots(figures: Figures, sizes: list[int]) -> None:
    """Add what it costs to photograph, fork, save and load a world."""
    rows: list[list[Cell]] = []
    with tempfile.TemporaryDirectory() as folder:
        for shoppers in sizes:
            world = World.resume(reference_snapshot(shoppers))
            file = Path(folder, f"{shoppers}.npz")
            calls = {
                "snapshot": world.snapshot,
                "fork": lambda w=world: w.fork(w.policy),
                "save": lambda w=world, f=file: w.save(f),
                "load": lambda f=file: World.load(f),
            }
            seconds: dict[str, list[float]] = {}
            take_turns({name: lambda call=call: call for name, call in calls.items()}, 3, seconds)
            milliseconds = [sorted(times)[1] * 1e3 for times in seconds.values()]
            held = world.shoppers.nbytes + 2 * shoppers
            rows.append([shoppers, *milliseconds, held / 1e6, file.stat().st_size / 1e6])
    columns = ("shoppers", "snapshot ms", "fork ms", "save ms", "load ms", "MB in memory", "MB on disk")
    note = (
        "CPU time, median of 3. A fork is a snapshot and a world that goes on from it; saving waits for the disk too."
    )
    figures.tables.append(Table("Snapshot, fork, save, load", note, columns, rows))


def measure_arms(figures: Figures, shoppers: int) -> None:
    """Add what a second arm costs after the first: it shares the warm-up."""
    scenario = full_scenario(shoppers)
    incumbent = load_policy(scenario.incumbent)
    candidate = incumbent.with_({"tiers.silver.discount": "3 %", "points.expiry.months": 18})
    warming, snapshot = cpu_seconds(lambda: warm_up(scenario))

    def arm(policy: object) -> float:
        return median_seconds(lambda: lambda: _live_on(World.resume(snapshot, policy)), 3)

    first, second = arm(incumbent), arm(candidate)
    rows: list[list[Cell]] = [
        ["warm-up, 13 months", warming, None],
        ["arm 1, the incumbent", first, 1.0],
        ["arm 2, another policy", second, second / first],
        ["arm 2 against warm-up and arm 1", None, second / (warming + first)],
    ]
    note = f"Full rule set, {shoppers:,} shoppers; an arm is a fork and its year."
    figures.tables.append(Table("A second arm", note, ("", "CPU s", "ratio"), rows))
    figures.marks.append(Mark("a second arm against the first", second / first, MOST_TIMES_FIRST_ARM, "times"))


def _live_on(world: World) -> None:
    world.run(world.end)


def measure_drivers(figures: Figures, sizes: list[int], rounds: int) -> None:
    """Add shopper-by-shopper against day-by-day living. Raise RuntimeError when their results differ."""
    rows: list[list[Cell]] = []
    for shoppers in sizes:
        snapshot = reference_snapshot(shoppers)

        def by_day(s: object = snapshot) -> object:
            world = World.resume(s)
            return lambda: world.run(world.end, day_by_day=True)

        seconds: dict[str, list[float]] = {}
        candidates = {"shopper by shopper": lambda s=snapshot: year_of_engine(s), "day by day": by_day}
        results = take_turns(candidates, rounds, seconds)
        if len({outcome.digest() for outcome in results.values()}) != 1:
            raise RuntimeError("the two drivers differ: no figure of this run can be trusted")
        shopper, day = (sorted(times)[len(times) // 2] for times in seconds.values())
        visits = results["day by day"].total("visits")
        rows.append([shoppers, shopper / visits * 1e9, day / visits * 1e9, day / shopper])
    columns = ("shoppers", "shopper by shopper ns/visit", "day by day ns/visit", "ratio")
    note = f"World.run of the small rule set over a year, median of {rounds} in turns; the same bits both ways."
    figures.tables.append(Table("The two drivers", note, columns, rows))
