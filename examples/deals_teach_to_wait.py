"""A published fact in the lab: deep deals teach to wait for deals (behind fact 11 of the behaviour reference).

Run with `python examples/deals_teach_to_wait.py`; it takes a minute. In ten supermarkets customers who had been
offered 30 % off for some weeks, and not 10 %, bought 22 % more often at the sales that followed, which were the same
for all (Elberg, Gardete, Macera and Noton, 2019). Here each Friday is a sale, for nine weeks at 30 or at 10 %, and then
for nine at 10 %. The default of `deal_seeking` was set by this, with other seeds.
"""

from memberlab import load_policy, load_scenario
from memberlab.policies import Policy
from memberlab.sim import Snapshot, World, warm_up

FIRST = "01-02, 01-09, 01-16, 01-23, 01-30, 02-06, 02-13, 02-20, 02-27"
LATER = "03-06, 03-13, 03-20, 03-27, 04-03, 04-10, 04-17, 04-24, 05-01"
"""Fridays of 2026."""


def sales(percent: int) -> Policy:
    """Return a policy whose first nine sales have this depth and whose later ones take 10 % off."""
    campaigns = {
        "first": {"when": FIRST, "discount": f"{percent} %"},
        "later": {"when": LATER, "discount": "10 %"},
    }
    return load_policy("no-programme").with_({"name": f"sales-{percent}", "currency": "USD", "campaigns": campaigns})


def launch_with(deal_seeking: float, shoppers: int = 20_000) -> Snapshot:
    """Return the morning of launch day in a marketplace without a programme."""
    market = load_scenario("us-marketplace").with_({
        "start": "2026-01-01", "population.shoppers": shoppers, "regions": 1, "horizon.months": 6,
        "assumptions": {"deal_seeking": deal_seeking},
    })  # fmt: skip
    return warm_up(market, incumbent=load_policy("no-programme").with_({"currency": "USD"}))


def more_at_later_sales(deal_seeking: float) -> float:
    """Return by how many percent deep deals raise the orders at later sales, against shallow ones."""
    launch = launch_with(deal_seeking)
    deep, shallow = (World.resume(launch, sales(percent)) for percent in (30, 10))
    later = [int(world.run(world.launch + 125).campaigns["orders"][1]) for world in (deep, shallow)]
    return 100 * (later[0] / later[1] - 1)


def main() -> None:
    """Print the table."""
    for deal_seeking in (0.0, 0.5, 0.9, 1.0):
        print(f"deal_seeking {deal_seeking}: {more_at_later_sales(deal_seeking):+.1f} % orders at later sales")


if __name__ == "__main__":
    main()
