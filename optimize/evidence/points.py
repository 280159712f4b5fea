"""Facts 19, 26 and 30 to 34: what points and other give-backs do, to whom, and what becomes of the points.

Serves the evidence suite.
"""

from __future__ import annotations

import numpy as np

from memberlab.policies import load_model_text
from memberlab.scenarios import Population

from .fact import Fact, Measured, Setting, Values, negative, positive
from .market import Life, Market, cd_retailer, lift, lift_by_third, one_percent, programme

SERVICE = """
name: service-chain
currency: USD
purchases: {model: pareto-nbd, r: 2, alpha_weeks: 14.9, s: 1, beta_weeks: 104}
spend: {p: 6.25, q: 3.744, v: 15.443}
conversion: 25 %
"""
"""Seven visits a year at a service chain (behaviour reference, 2.1; assumed)."""


def incentive_driven(setting: Setting) -> Values:
    """Return the second year's lift of sales by 1 % points, without an effect on attrition."""
    market = Market(
        setting, shoppers=8000, population=cd_retailer(),
        changes={"horizon.months": 24, "population.established": "60 %"}, assumptions={"attrition_effect": 0},
    )  # fmt: skip
    year = market.opening(12)
    points, twin = market.live(one_percent()), market.live()
    return {"of sales": lift(points.total("gmv", year), twin.total("gmv", year))}


def by_baseline(setting: Setting) -> Values:
    """Compare the lift of 3 % points between the heavy and the moderate third by the year before."""
    market = Market(setting, shoppers=6000, changes={"horizon.months": 24})
    points, twin = market.live(one_percent(3)), market.live()
    base = market.launch.shoppers["window_spend"].astype(np.float64)
    _, moderate, heavy = lift_by_third(base, twin.grown("gmv"), points.grown("gmv"))
    return {"heavy less moderate": heavy - moderate}


def five_years(setting: Setting) -> Values:
    """Enrol everybody of a service chain in 5 % points for five years."""
    population = load_model_text(Population, SERVICE, "service-chain")
    market = Market(setting, shoppers=2500, population=population, changes={"horizon.months": 60})
    points, twin = market.live(one_percent(5)), market.live()
    per_order = lift(points.total("gmv") / points.total("orders"), twin.total("gmv") / twin.total("orders"))
    return {"value": lift(points.total("gmv"), twin.total("gmv")), "spend an order": per_order}


def designs(setting: Setting) -> Values:
    """Compare 2 % off at once with 2 % in points that are far from usable, and points with and without a rival's."""
    market = Market(setting, shoppers=5000)
    twin = market.live().total("gmv")
    at_once = lift(market.live(programme("price", {"member_discount": "2 %"})).total("gmv"), twin)
    delayed = lift(market.live(one_percent(2, minimum=2500)).total("gmv"), twin)
    rival = Market(setting, shoppers=5000, changes={"rival": {"launch_month": 1, "adoption": "60 %"}})
    alone = lift(market.live(one_percent(2)).total("gmv"), twin)
    crowded = lift(rival.live(one_percent(2)).total("gmv"), rival.live().total("gmv"))
    return {"at once over delayed": at_once - delayed, "with a rival's less without": crowded - alone}


def expiry(setting: Setting) -> Values:
    """Return what an expiry after twelve months adds to the spend of the heavy and of the light third."""
    market = Market(setting, shoppers=5000, changes={"horizon.months": 24})
    terms = {"minimum": 200}
    endless = market.live(one_percent(2, **terms))
    limited = market.live(one_percent(2, expiry={"months": 12, "reminder": {"days": 20}}, **terms))
    base = market.launch.shoppers["window_spend"].astype(np.float64)
    light, _, heavy = lift_by_third(base, endless.grown("gmv"), limited.grown("gmv"))
    return {"heavy": heavy, "light": light}


def stockpiling(setting: Setting) -> Values:
    """Return the share of members with a usable balance at some time in two years who never redeem."""
    market = Market(setting, shoppers=8000, population=cd_retailer(), changes={"horizon.months": 24})
    months = [market.opening(month) for month in range(1, 25)]
    life = market.live(one_percent(minimum=500), stops=months, fields=("points_balance", "benefit_cost"))
    could = (life.accounts["points_balance"] >= 500).any(axis=0)
    has = life.accounts["benefit_cost"][-1] > 0
    return {"never redeem": float((could & ~has).sum() / (could | has).sum())}


def breakage(setting: Setting) -> Values:
    """Return the points that expired or are held by shoppers who have left, by those issued in three years."""
    changes = {"horizon.months": 36, "population.established": "60 %"}
    market = Market(setting, shoppers=6000, population=cd_retailer(), changes=changes)
    life: Life = market.live(
        one_percent(minimum=200, expiry={"months": 24}), fields=("points_balance", "lifetime_left")
    )
    has_left = life.accounts["lifetime_left"][-1] <= 0
    held = life.accounts["points_balance"][-1][has_left].sum()
    return {"breakage": float((life.total("points_expired") + held) / life.total("points_issued"))}


FACTS = (
    Fact(
        19,
        "Sales that points cause in a coalition scheme",
        source="Canada, cash-type points; 2021, 10.1007/s11747-021-00782-2",
        grade="B",
        use="C",
        how="1 % points at the CD retailer without an effect on attrition: lift of the second year's sales",
        measured=(Measured("of sales", "1.74 %", 0.005, 0.04, is_share=True),),
        protocol=incentive_driven,
    ),
    Fact(
        26,
        "Heavy buyers do not change, moderate ones grow",
        source="Liu 2007, a convenience chain",
        grade="B",
        use="H",
        how="3 % points for two years: lift of the heavy third less that of the moderate third, by the year before",
        measured=(negative("heavy less moderate", "heavy below moderate"),),
        protocol=by_baseline,
        remark="Needs headroom: without it heavy buyers, who redeem most, gain most.",
    ),
    Fact(
        30,
        "A programme of a service chain over five years",
        source="Gopalakrishnan, Jiang, Nevskaya and Thomadsen 2021",
        grade="B",
        use="prior only",
        how="5 % points for everybody at a chain with seven visits a year",
        measured=(
            Measured("value", "about +30 %", 0.10, 0.35, is_share=True),
            Measured("spend an order", "about 0", -0.02, 0.02, is_share=True),
        ),
        protocol=five_years,
        remark="The attrition effect behind it is a prior, and contradicted by facts 28 and 29; not judged.",
    ),
    Fact(
        31,
        "Which designs work",
        source="meta-analysis of 429 effects; Bombaij and Dekimpe 2020, 358 grocers",
        grade="B",
        use="H",
        how="2 % off at once against 2 % in points far from usable; 2 % points with and without a rival's programme",
        measured=(
            positive("at once over delayed", "direct immediate rewards work better"),
            negative("with a rival's less without", "better where few rivals have one"),
        ),
        protocol=designs,
    ),
    Fact(
        32,
        "Expiry moves only heavy members",
        source="Breugelmans and Liu-Thompkins 2017",
        grade="B",
        use="H",
        how="Points that expire after twelve months, with a reminder, against points that never do; spend by third",
        measured=(
            Measured("heavy", "not below 0", 0.0, float("inf"), is_share=True),
            Measured("light", "about 0", -0.01, 0.01, is_share=True),
        ),
        protocol=expiry,
        remark="Points about to expire are used, and a reminder brings visits, but what has expired is lost to members "
        "who would have paid with it: both effects are next to nothing, that on heavy members just below it.",
    ),
    Fact(
        33,
        "Many who could redeem never do",
        source="Stourm, Bradlow and Fader 2015, an international retailer",
        grade="B",
        use="C",
        how="1 % points usable from 500 on: members with a usable balance in two years who never redeemed",
        measured=(Measured("never redeem", "above 25 %", 0.25, 1.0, is_share=True),),
        protocol=stockpiling,
    ),
    Fact(
        34,
        "Breakage",
        source="Colloquy: one third of 48 bn; Bond: about 30 %",
        grade="C",
        use="C",
        how="1 % points for 24 months: expired, or held by who has left, by those issued in three years",
        measured=(Measured("breakage", "about 30 %", 0.10, 0.35, is_share=True),),
        protocol=breakage,
    ),
)
"""Facts of this file by number."""
