"""What is left of the variance of shopper pairs: the effect, which differs between shoppers, and the chance of a life.

Serves docs/comparison.md, which says why pairing has a bound where a whole programme is taken away. Run it by hand:
`python benchmarks/pairing_parts.py [SHOPPERS]`. The shoppers of one launch morning live two futures with other random
numbers, each under every policy: the covariance of a shopper's two differences is what belongs to the shopper.
"""

from __future__ import annotations

import sys
from dataclasses import replace

import numpy as np
from comparison import CUT_KPIS, four_policies
from numpy.typing import NDArray

from memberlab.policies import Policy
from memberlab.results import COLUMNS, KPIS, shopper_measures
from memberlab.scenarios import load_scenario
from memberlab.sim import World, warm_up

OTHER_FUTURE = 7_919
"""What is added to the seed of launch morning for the second future."""


def futures(policies: list[Policy], shoppers: int) -> list[dict[str, NDArray[np.float64]]]:
    """Return each shopper's measures after two years under each policy, by its name, in two futures."""
    changes = {"population.shoppers": shoppers, "horizon.months": 24, "regions": 1}
    morning = warm_up(load_scenario("baseline").with_(changes), incumbent=policies[0])
    found = []
    for more in (0, OTHER_FUTURE):
        lives = {}
        for policy in policies:
            world = World.resume(replace(morning, seed=morning.seed + more), policy)
            lives[policy.name] = shopper_measures(world.run(world.end), morning.policy)
        found.append(lives)
    return found


def main() -> None:
    """Print for each policy and figure how far pairing goes, and could go."""
    policies = four_policies()
    first, second = futures(policies, int(sys.argv[1]) if len(sys.argv) > 1 else 20_000)
    today = policies[0].name
    print("| policy | figure | cut, first future | second | part that is the effect | cut without chance |")
    print("| --- | --- | ---: | ---: | ---: | ---: |")
    for policy in policies[1:]:
        for kpi in CUT_KPIS:
            old, new = (
                [KPIS[kpi].influence(lives[name]) for lives in (first, second)] for name in (today, policy.name)
            )
            pairs = [after - before for before, after in zip(old, new, strict=True)]
            alone = [before.var() + after.var() for before, after in zip(old, new, strict=True)]
            cuts = [one / pair.var() for one, pair in zip(alone, pairs, strict=True)]
            effect = float(np.cov(pairs[0], pairs[1])[0, 1])
            part = effect / float(np.mean([pair.var() for pair in pairs]))
            most = f"{np.mean(alone) / effect:,.0f}" if effect > 0 else "-"
            print(f"| {policy.name} | {kpi} | {cuts[0]:,.0f} | {cuts[1]:,.0f} | {part:.0%} | {most} |")
        for column in ("orders", "gmv", "retained"):
            place = COLUMNS.index(column)
            moved = first[policy.name][:, place] - first[today][:, place]
            print(f"{policy.name}: {column} the same for {np.mean(moved == 0):.1%} of shoppers, less for "
                  f"{np.mean(moved < 0):.2%}, more for {np.mean(moved > 0):.2%}")  # fmt: skip


if __name__ == "__main__":
    main()
