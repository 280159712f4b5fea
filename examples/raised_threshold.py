"""A published fact in the lab: a raised threshold of free delivery (fact 37 of the behaviour reference).

Run with `python examples/raised_threshold.py`; it takes a minute or two. An online grocer raised its threshold of free
delivery from 80 to 100 dollars, and spend fell by 19.4 %, most of it smaller carts. What is assumed of shoppers was not
fitted to it. The grocer's fee and mean basket are not published; both are varied here.
"""

from __future__ import annotations

from collections.abc import Mapping

from memberlab import Policy, load_policy, load_scenario
from memberlab.policies import load_model_text
from memberlab.scenarios import Population, Scenario
from memberlab.sim import Outcome, World, warm_up

GROCER = """
name: online-grocer
currency: USD
purchases: {model: pareto-nbd, r: 1.43, alpha_weeks: 3.5, s: 1, beta_weeks: 500}
spend: {p: 6.25, q: 4.08, v: 15.44}
conversion: 25 %
"""
"""Orders every two to three weeks (assumed); customers differ as in the grocery population, and the baskets of one
as at CDNOW.
"""

MEAN_AT_LEVEL_1 = 6.25 * 15.44 / 3.08
WITHOUT = {"threshold_loss": 0, "threshold_fall_back": 0}


def grocer(mean_basket: float, assumptions: Mapping[str, float], shoppers: int = 4000) -> Scenario:
    """Return half a year of an online grocer after a warm-up of a year, with baskets of so many dollars on average."""
    return load_scenario("us-marketplace").with_(
        {
            "population.shoppers": shoppers, "population.price_level": round(mean_basket / MEAN_AT_LEVEL_1, 3),
            "population.established": "100 %", "regions": 1, "season": {}, "horizon.months": 6,
            "assumptions": dict(assumptions),
        }
    )  # fmt: skip


def delivery(free_from: float, fee: float = 7.99) -> Policy:
    """Return a shop of nothing but delivery, free from a threshold."""
    return load_policy("us-delivery-only").with_(
        {"name": f"free-from-{free_from:g}", "shipping": {"fee": fee, "free_from": free_from}}
    )


def lived(world: World) -> Outcome:
    """Return the horizon of a world."""
    return world.run(world.end)


def of_spend(before: Outcome, after: Outcome) -> tuple[float, float, float]:
    """Return the changes of spend, of the average cart and of orders, in percent."""
    spend = after.total("gmv") / before.total("gmv")
    orders = after.total("orders") / before.total("orders")
    return 100 * (spend - 1), 100 * (spend / orders - 1), 100 * (orders - 1)


def raised_threshold(
    mean_basket: float, assumptions: Mapping[str, float] | None = None, *, fee: float = 7.99, shoppers: int = 4000,
    before: float = 80, after: float = 100,
) -> tuple[float, float, float]:  # fmt: skip
    """Return what moving the threshold does to spend, carts and orders, in percent."""
    population = load_model_text(Population, GROCER, "online-grocer")
    scenario = grocer(mean_basket, assumptions or {}, shoppers)
    launch = warm_up(scenario, incumbent=delivery(before, fee), population=population)
    return of_spend(lived(World.resume(launch)), lived(World.resume(launch, delivery(after, fee))))


def main() -> None:
    """Print the table."""
    print("Threshold 80 to 100 dollars: spend, cart, orders (published: spend -19.4 %, most of it the cart)")
    for fee in (5.99, 7.99):
        for mean in (60, 70, 80, 90):
            for name, assumed in (("without", WITHOUT), ("with", {})):
                spend, cart, orders = raised_threshold(mean, assumed, fee=fee)
                print(f"  fee {fee}, mean basket {mean}, {name:7} {spend:+6.1f} % {cart:+6.1f} % {orders:+6.1f} %")


if __name__ == "__main__":
    main()
