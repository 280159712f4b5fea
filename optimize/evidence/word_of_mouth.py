"""Fact 43: what customers are worth who came because somebody told them of the shop.

Serves the evidence suite.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import special

from memberlab.scenarios import load_population

from .fact import Fact, Measured, Setting, Values
from .market import Market, programme

REFERRAL = programme("referral", {"referral": {"referrer": {"credit": 5}}})
"""5 dollars for the referrer when the friend first orders, and nothing for the friend, who then costs like others."""

OFTEN = 0.05
"""Orders after which somebody is referred: ten times the default, so that there are many to look at."""

ACQUIRED, WATCHED = 10, 36
"""Months from launch in which customers come, and until which they are watched."""

CUSTOMERS = load_population("marketplace").with_({
    "name": "service", "purchases": {"model": "pareto-nbd", "r": 2, "alpha_weeks": 14.9, "s": 1, "beta_weeks": 104},
})  # fmt: skip
"""Customers of a service, who order 7 times a year and leave more readily (behaviour reference, 2.1)."""


def referred_against_others(setting: Setting) -> Values:
    """Compare the margin of referred customers with that of others who first ordered in the same month.

    Margins are set against what each customer's own rate, basket and life at launch let expect from the first order on,
    so that it does not matter who of the reserve happened to be drawn heavy or light.
    """
    shoppers = 9000
    market = Market(
        setting, shoppers=shoppers, population=CUSTOMERS, assumptions={"referral_rate": OFTEN},
        changes={"horizon.months": WATCHED, "population.established": "20 %",
                 "word_of_mouth": {"reserve": max(200, round(shoppers * setting.size))}},
    )  # fmt: skip
    life = market.live(REFERRAL, fields=("margin", "first_order_day"))
    margin, first = life.accounts["margin"][1], life.accounts["first_order_day"][1] - market.launch.day
    expected = _expected(market.launch.shoppers, market.opening(WATCHED) - first)
    referred = life.outcome.cards["referrer"] > 0
    value = like_others = 0.0
    for month in range(ACQUIRED):
        came = (first >= market.opening(month)) & (first < market.opening(month + 1))
        friends, others = came & referred, came & ~referred
        if friends.any() and others.any():
            value += float(margin[friends].sum())
            like_others += float(expected[friends].sum() * margin[others].sum() / expected[others].sum())
    return {"value": value / like_others - 1}


def _expected(traits: NDArray[np.void], days: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return what shoppers would buy in `days` from their first order on at list prices, up to a common factor."""
    gap, conversion = traits["visit_gap"].astype(np.float64), special.expit(traits["base_logit"].astype(np.float64))
    rate = -np.expm1(-1.0 / gap) * conversion
    bought: NDArray[np.float64] = (1.0 + rate * np.minimum(traits["lifetime_left"], days)) * traits["basket_scale"]
    return bought


FACTS = (
    Fact(
        43,
        "Referred customers are worth more",
        source="Schmitt, Skiera and Van den Bulte 2011; bank, some 10,000 customers",
        grade="B",
        use="C",
        how="Customers who first ordered in ten months, watched until the end of the third year; margin of the "
        "referred over that of others who came in the same month and buy as much by nature",
        measured=(Measured("value", "16 % and more", 0.08, 0.25, is_share=True),),
        protocol=referred_against_others,
        remark="A bank's customers are stood for by those of a service who buy 7 times a year; referrals are ten times "
        "as frequent as by default, so that fewer shoppers will do. Lower attrition "
        "alone gives some 5 %; the rest are larger baskets at first and likeness to referrers, who order often.",
    ),
)
"""Facts of this file."""
