"""Write a member file from a simulated world, and open a world with it: what a retailer's export looks like.

Serves whoever wants to see the columns filled, and the test that a warm start goes on as the world it was taken from.
Run it: python examples/member_file_from_a_world.py members.yaml
"""

from __future__ import annotations

import datetime
import sys
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from memberlab.policies import load_policy
from memberlab.scenarios import MemberManifest, Members, load_scenario, members_from, with_members, write_members
from memberlab.sim import ENROLLED, MEMBER, World, calendar_of


def members_of_world(world: World, orders_a_year_ago: NDArray[np.int32]) -> Members:
    """Return the shoppers of a world as a retailer would export them on this morning.

    `orders_a_year_ago` are the orders of each shopper (shape: shoppers) when the last 12 months began. Tiers, points
    by month of expiry, paid terms of a year, orders and spend are taken; names and moods are not there to be taken.
    """
    calendar = calendar_of(world.scenario)
    month = calendar.month_of(world.day - 1)
    enrolled = np.flatnonzero(world.shoppers["status"] & ENROLLED)
    shoppers = world.shoppers[enrolled]

    def date(day: int) -> str:
        return calendar.date_of(int(day)).isoformat()

    paid = shoppers["status"] & MEMBER != 0
    tiers = list(world.policy.tiers)
    table = pd.DataFrame({
        "member_id": [f"shopper-{number}" for number in enrolled],
        "last_order_on": [date(day) for day in shoppers["last_order_day"]],
        "first_order_on": [date(day) for day in shoppers["first_order_day"]],
        "orders_last_12_months": shoppers["orders"] - orders_a_year_ago[enrolled],
        "spend_last_12_months": [f"{cents / 100:.2f}" for cents in shoppers["window_spend"]],
        "lifetime_orders": shoppers["orders"],
        "lifetime_spend": [f"{cents / 100:.2f}" for cents in shoppers["gmv"]],
        "tier": [tiers[level] if tiers else "" for level in shoppers["tier"]],
        "ends_on": [date(day - 1) if is_paid else "" for day, is_paid in zip(shoppers["term_end"], paid, strict=True)],
        "started_on": [date(day - 365) if is_paid else ""
                       for day, is_paid in zip(shoppers["term_end"].astype(int), paid, strict=True)],
        "fee_paid": [f"{cents / 100:.2f}" if is_paid else ""
                     for cents, is_paid in zip(shoppers["fee_paid"], paid, strict=True)],
    })  # fmt: skip
    manifest = MemberManifest(
        name="from-a-world", as_of=calendar.date_of(world.day), currency=world.scenario.currency, members="members.csv"
    )
    return members_from(manifest, table, lots_of_world(world, enrolled, shoppers, month))


def lots_of_world(
    world: World, enrolled: NDArray[np.int64], shoppers: NDArray[np.void], month: int
) -> pd.DataFrame | None:
    """Return the lots of points that still live when the month after `month` opens, where points live for months."""
    points = world.policy.points
    if points is None or points.expiry is None or points.expiry.months is None:
        return None
    calendar, rows = calendar_of(world.scenario), []
    for age in range(points.expiry.months):
        earned = month - age
        last = calendar.date_of(calendar.month_starts[earned + points.expiry.months + 1]) - datetime.timedelta(days=1)
        held = shoppers["lots"][:, earned % shoppers["lots"].shape[1]]
        rows += [(f"shopper-{enrolled[place]}", int(held[place]), last.isoformat()) for place in np.flatnonzero(held)]
    return pd.DataFrame(rows, columns=["member_id", "points", "expires_on"])


def main(manifest: Path) -> None:
    """Live two years under the incumbent, write the members down, and open another world with them."""
    scenario = load_scenario("baseline").with_({"warm_up.months": 24, "population.shoppers": 4000, "regions": 1})
    policy = load_policy(scenario.incumbent)
    world = World(policy, scenario)
    calendar = calendar_of(scenario)
    world.run(calendar.month_starts[12])
    a_year_ago = world.shoppers["orders"].copy()
    world.run(world.launch)
    write_members(members_of_world(world, a_year_ago), manifest)
    opened = World(policy, with_members(scenario, manifest))
    print(f"{manifest}: {len(opened.ties)} figures tie out")
    for tie in opened.ties:
        print(f"{tie.figure} {tie.of}: {tie.file:,} {tie.unit}")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        main(Path(sys.argv[1]))
    else:
        with tempfile.TemporaryDirectory() as folder:
            main(Path(folder) / "members.yaml")
