"""What each mechanic costs a visit when it is on, and what all of them together cost against the full rule set.

Serves the mark on the whole rule set: at most twice the time a visit of the rules without any of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from statistics import median

from figures import Cell, Figures, Mark, Table
from measuring import Candidate, take_turns
from mechanics import MARKET, MECHANICS, everything
from reference_world import full_scenario, year_of_engine

from memberlab.policies import load_policy
from memberlab.sim import Snapshot, warm_up

WITHOUT, ALL = "none of them", "all of them"
MOST_TIMES = 2.0


def measure_mechanics(figures: Figures, shoppers: int, rounds: int) -> None:
    """Add a year's time a visit under each mechanic alone and under all, in turns, and the mark of the whole."""
    seconds: dict[str, list[float]] = {}
    results = take_turns(candidates(shoppers), rounds, seconds)
    each = {name: median(times) / results[name].total("visits") * 1e9 for name, times in seconds.items()}
    rows: list[list[Cell]] = [[name, each[name], each[name] / each[WITHOUT]] for name in seconds]
    note = (
        f"Tiers, points, discounts and paid membership at once ({WITHOUT}), and each mechanic of the programme office "
        f"on top; {shoppers:,} shoppers, World.run over a year, median of {rounds} in turns. In the first line every "
        "mechanic is off: the code for it is there, and not reached."
    )
    figures.tables.append(Table("Mechanics", note, ("", "ns/visit", "times none"), rows))
    measured = each[ALL] / each[WITHOUT]
    figures.marks.append(Mark("every mechanic at once against none, a visit", measured, MOST_TIMES, "times"))


def candidates(shoppers: int) -> dict[str, Candidate]:
    """Return a year's life under each set of mechanics; every warm-up is lived under the same set."""
    changes: dict[str, Mapping[str, object]] = {WITHOUT: {}, **MECHANICS, ALL: everything()}
    markets = {**MARKET, ALL: {address: value for market in MARKET.values() for address, value in market.items()}}
    launches = {name: snapshot_under(shoppers, changed, markets.get(name, {})) for name, changed in changes.items()}
    return {name: lambda s=launch: year_of_engine(s) for name, launch in launches.items()}


def snapshot_under(shoppers: int, changes: Mapping[str, object], market: Mapping[str, object]) -> Snapshot:
    """Return launch morning after a warm-up under the full policy with `changes`, in a market changed by `market`."""
    scenario = full_scenario(shoppers).with_(market)
    policy = load_policy(scenario.incumbent).with_(changes)
    return warm_up(scenario, incumbent=policy)
