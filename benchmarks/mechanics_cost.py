"""What each mechanic costs a visit when it is on, and what all of them together cost against the full rule set.

Serves the mark on the whole rule set: at most twice the time a visit of the rules without any of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from statistics import median

from figures import Cell, Figures, Mark, Table
from measuring import Candidate, take_turns
from mechanics import MARKET, MECHANICS, everything
from reference_world import full_scenario, year_of_engine

from memberlab.policies import load_policy
from memberlab.sim import Outcome, Snapshot, warm_up

WITHOUT, ALL = "none of them", "all of them"
MOST_TIMES = 2.0


def measure_mechanics(figures: Figures, shoppers: int, rounds: int) -> None:
    """Add a year's time a visit under each mechanic alone and under all, against none, and the mark of the whole.

    Each is measured in turns with none and then dropped, so that a slow minute of the machine meets both, and memory
    does not fill with warm-ups.
    """
    without = snapshot_under(shoppers, {}, {})
    rows: list[list[Cell]] = []
    for name, changes, market in mechanics():
        row, _ = against_none(name, without, snapshot_under(shoppers, changes, market), rounds)
        rows.append(row)
    note = (
        f"Tiers, points, discounts and paid membership at once ({WITHOUT}), and each mechanic of the programme office "
        f"on top; {shoppers:,} shoppers, World.run over a year, median of {rounds} in turns. In the first column every "
        "mechanic is off: the code for it is there, and not reached."
    )
    figures.tables.append(Table("Mechanics", note, ("", "ns/visit without", "ns/visit", "times"), rows))
    name, _, _, measured = rows[-1]
    assert name == ALL and isinstance(measured, float)
    figures.marks.append(Mark("every mechanic at once against none, a visit", measured, MOST_TIMES, "times"))


def against_none(name: str, without: Snapshot, launch: Snapshot, rounds: int) -> tuple[list[Cell], Outcome]:
    """Return a row of name, ns a visit without any mechanic, ns with what `launch` has, and times; and its outcome."""
    seconds: dict[str, list[float]] = {}
    taken: dict[str, Candidate] = {WITHOUT: lambda: year_of_engine(without), name: lambda: year_of_engine(launch)}
    results = take_turns(taken, rounds, seconds)
    each = {one: median(times) / results[one].total("visits") * 1e9 for one, times in seconds.items()}
    return [name, each[WITHOUT], each[name], each[name] / each[WITHOUT]], results[name]


def mechanics() -> Iterator[tuple[str, Mapping[str, object], Mapping[str, object]]]:
    """Yield each mechanic with its changes to policy and market, and last all of them at once."""
    yield from ((name, changes, MARKET.get(name, {})) for name, changes in MECHANICS.items())
    yield ALL, everything(), {address: value for market in MARKET.values() for address, value in market.items()}


def snapshot_under(shoppers: int, changes: Mapping[str, object], market: Mapping[str, object]) -> Snapshot:
    """Return launch morning after a warm-up under the full policy with `changes`, in a market changed by `market`."""
    scenario = full_scenario(shoppers).with_(market)
    policy = load_policy(scenario.incumbent).with_(changes)
    return warm_up(scenario, incumbent=policy)
