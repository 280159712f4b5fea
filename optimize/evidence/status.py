"""Facts 22, 23 and 25: tiers beside points, the pull of the next tier, and how much worse it is to lose one.

Serves the evidence suite. Ladders without benefits show what status does by itself.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from .fact import Fact, Measured, Setting, Values, positive
from .market import Market, lift, one_percent, programme

LADDER = {"member": {"threshold": 0}, "gold": {"threshold": 600}}


def points_and_tiers(setting: Setting) -> Values:
    """Return what points and tiers add together beyond their sum, as a share of it."""
    market = Market(setting, shoppers=5000)
    tiers: dict[str, dict[str, object]] = {
        "member": {"threshold": 0}, "silver": {"threshold": 300, "discount": "2 %", "earn_multiplier": 1.25},
        "gold": {"threshold": 800, "discount": "4 %", "earn_multiplier": 1.5},
    }  # fmt: skip
    alone = {
        name: {term: value for term, value in tier.items() if term != "earn_multiplier"} for name, tier in tiers.items()
    }
    points = one_percent(2)
    ladder, both = programme("tiers", {"tiers": alone}), programme("both", {"tiers": tiers}, points)
    twin = market.live().total("gmv")
    of_points, of_tiers, of_both = (lift(market.live(one).total("gmv"), twin) for one in (points, ladder, both))
    return {"interaction": (of_both - of_points - of_tiers) / (of_points + of_tiers)}


def pressure_by_pace(setting: Setting) -> Values:
    """Compare the lift of the last quarter's orders by how far members are on pace for a calendar year's tier.

    The pace is the spend of a quarter at the twin's rate of the nine months before, by what is missing.
    """
    ladder = programme("ladder", {"qualification": {"window": "year"}, "tiers": LADDER})
    market = Market(setting, shoppers=8000)
    quarter = market.opening(9)
    stops = [quarter, market.opening(12)]
    chased, twin = market.live(ladder, stops=stops), market.live(stops=stops)
    missing = 60_000 - chased.grown("gmv", 0, 1)
    pace = twin.grown("gmv", 0, 1) * (stops[1] - quarter) / quarter / np.where(missing > 0, missing, 1)
    after, before = chased.grown("orders", 1, 2), twin.grown("orders", 1, 2)
    lifts = []
    for slowest, quickest in ((0.05, 0.3), (0.7, 1.4), (4.0, np.inf)):
        group = (missing > 0) & (pace >= slowest) & (pace < quickest)
        lifts.append(lift(after[group].sum(), before[group].sum()))
    behind, on_pace, ahead = lifts
    return {"on pace over behind": on_pace - behind, "on pace over ahead": on_pace - ahead}


FOLLOWED_DAYS = 120


def demotion(setting: Setting) -> Values:
    """Take the spend of half the gold members out of their window, give half of the others gold's; compare with twins.

    What follows is the review's doing. Orders of the four months after it are compared.
    """
    market = Market(
        setting, shoppers=8000, incumbent=programme("ladder", {"tiers": LADDER}), assumptions={"tier_pressure": 0}
    )
    twin = market.live(stops=[FOLLOWED_DAYS])
    changed = market.launch
    shoppers = changed.shoppers.copy()
    is_gold = shoppers["tier"] == 1
    even = np.arange(len(shoppers)) % 2 == 0
    lost = is_gold & even
    given = ~is_gold & even & (shoppers["window_spend"] > 20_000)
    shoppers["window_spend"][lost], shoppers["month_spend"][lost] = 0, 0
    shoppers["month_spend"][given, :] = 9_000  # enough to stay gold for the time that is followed
    shoppers["window_spend"][given] = 12 * 9_000
    moved = market.live(stops=[FOLLOWED_DAYS], start=replace(changed, shoppers=shoppers))
    after, before = moved.grown("orders"), twin.grown("orders")
    fall, rise = (lift(after[group].sum(), before[group].sum()) for group in (lost, given))
    return {"loss by gain": -fall / rise}


FACTS = (
    Fact(
        22,
        "Points and tiers, each and together",
        source="hotel chain, ssrn 2161130",
        grade="B",
        use="H",
        how="Two by two twins: 2 % in points, tiers of 2 and 4 % off (with 25 and 50 % more points), both; sales",
        measured=(Measured("interaction", "slight synergy", 0.0, 0.30, is_share=True),),
        protocol=points_and_tiers,
    ),
    Fact(
        23,
        "Status presses most on those who are on pace",
        source="airline, ssrn 3289321",
        grade="B",
        use="C",
        how="A year's ladder without benefits: lift of the last quarter's orders by pace, against the twin",
        measured=(
            positive("on pace over behind", "strongest on pace"),
            positive("on pace over ahead", "weak far ahead"),
        ),
        protocol=pressure_by_pace,
    ),
    Fact(
        25,
        "Demotion hurts more than promotion helps",
        source="Wagner, Hennig-Thurau and Rudolph 2009; scenario and field",
        grade="B",
        use="C",
        how="Half of gold demoted, half of those below promoted, on a ladder without benefits; orders of four months",
        measured=(Measured("loss by gain", "demoted below never promoted", 1.5, 3.0),),
        protocol=demotion,
        remark="The studies asked how people feel about the firm. The pull of the next tier, which works against the "
        "loss, is switched off.",
    ),
)
"""Facts of this file by number."""
