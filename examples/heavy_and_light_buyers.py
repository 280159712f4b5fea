"""A published fact in the lab: who grows in a points programme (fact 26 of the behaviour reference).

Run with `python examples/heavy_and_light_buyers.py`; it takes a minute or two. In a convenience chain's programme heavy
buyers redeemed most and did not change, while light and moderate ones grew. Three shops without any programme start one
that gives back 3 % in points; shoppers are told apart by their spend of the year before. Heavy buyers have little
headroom and grow less than moderate ones, as they did there, though not by nothing; with the set of assumptions
`no-headroom` they grow most.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from memberlab import load_policy, load_scenario
from memberlab.sim import World, load_assumption_set, warm_up

POINTS = {
    "earn": {"points": 1, "per": 1}, "redeem": {"points": 100, "value": 3}, "minimum": 300, "maximum_share": "100 %",
    "expiry": {"months": 12}, "expected_redemption": "80 %",
}  # fmt: skip
SHOPS = ("china-coffee-house", "us-marketplace", "baseline")
WITHOUT = {name: float(value) for name, value in load_assumption_set("no-headroom").assumptions.items()}


@dataclass(frozen=True)
class Growth:
    """By how many percent two years of the programme raise the spend of each third and of all, and who redeemed."""

    light: float
    moderate: float
    heavy: float
    everybody: float
    heavy_redeemed: float
    """Share of what points paid, percent."""


def growth_by_third(scenario: str, assumptions: Mapping[str, float], shoppers: int = 20_000) -> Growth:
    """Return what the programme does to thirds of last year's buyers, by their spend in that year."""
    world = load_scenario(scenario).with_(
        {"population.shoppers": shoppers, "regions": 1, "horizon.months": 24, "assumptions": dict(assumptions)}
    )
    nothing = load_policy("no-programme").with_({"currency": world.currency})
    launch = warm_up(world, incumbent=nothing)
    spent = launch.shoppers["window_spend"].astype(float)
    cuts = np.quantile(spent[spent > 0], [1 / 3, 2 / 3])
    third = np.where(spent > 0, np.searchsorted(cuts, spent), -1)
    arms = [World.resume(launch, arm) for arm in (None, nothing.with_({"name": "points", "points": POINTS}))]
    without, with_points = (arm.run(arm.end).shoppers for arm in arms)
    before, after, paid = without["gmv"], with_points["gmv"], with_points["benefit_cost"]
    lifts = [100 * (after[third == part].sum() / before[third == part].sum() - 1) for part in range(3)]
    everybody = 100 * (after.sum() / before.sum() - 1)
    return Growth(*map(float, lifts), float(everybody), float(100 * paid[third == 2].sum() / paid[third >= 0].sum()))


def main() -> None:
    """Print the table."""
    for scenario in SHOPS:
        for name, assumed in (("default", {}), ("no-headroom", WITHOUT)):
            growth = growth_by_third(scenario, assumed)
            shown = ", ".join(f"{field.replace('_', ' ')} {value:.1f} %" for field, value in vars(growth).items())
            print(f"{scenario:20}{name:13}{shown}")


if __name__ == "__main__":
    main()
