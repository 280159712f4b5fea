"""Facts 28, 29, 38, 40 and 42: who joins a membership, what it does to members, how long it lasts, and who renews.

Serves the evidence suite. The market is the assumed marketplace, whose shoppers order some 16 times a year.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from memberlab.policies import Policy, load_policy
from memberlab.results import decompose
from memberlab.sim import MEMBER, load_assumption_set

from .fact import Fact, Measured, Setting, Values, negative, positive
from .market import MEAN_BASKET, Life, Market, lift, programme

YEAR = 365
FIELDS = ("orders", "gmv", "status")
TWO_YEARS: Mapping[str, object] = {"horizon.months": 24}

CARD = programme("card", {"membership": {"fee": round(0.4 * MEAN_BASKET, 2), "discount": "5 %"}})
"""The membership with which `memberlab claims` tries the same comparison."""


def _are_members(life: Life, stop: int) -> NDArray[np.bool_]:
    members: NDArray[np.bool_] = (life.accounts["status"][stop].astype(np.int64) & MEMBER) != 0
    return members


def naive_against_effect(setting: Setting) -> Values:
    """Compare members with other buyers as a shop would, and with their twins, on the year after the label's."""
    market = Market(setting, changes=TWO_YEARS)
    stops = [YEAR, 2 * YEAR]
    with_card = market.live(CARD, stops=stops, fields=FIELDS)
    without = market.live(stops=stops, fields=FIELDS)
    bought = with_card.grown("orders", until=1) > 0
    spend = [life.grown("gmv", since=1).astype(np.int64)[bought] for life in (with_card, without)]
    found = decompose(_are_members(with_card, 1)[bought], spend[0], spend[1])
    return {"naive by effect": float(found.naive / found.effect)}


WELCOME = programme("welcome", {
    "campaigns": {
        "welcome": {"when": "2027-01-01", "to": {"arm_until": "50 %"},
                    "gift": {"cost": 5, "value": round(MEAN_BASKET / 2, 2)}},
    },
})  # fmt: skip
"""A welcome to a random half of all customers on launch day, and nothing after it."""

MONTHS = 12


def joining_and_fading(setting: Setting) -> Values:
    """See which third of shoppers joins first, and how long after a welcome its effect is felt."""
    market = Market(setting, shoppers=12_000)
    base = market.launch.shoppers["gmv"].astype(np.int64)
    joined = _are_members(market.live(CARD, stops=[90], fields=FIELDS), 1)
    order = np.argsort(base, kind="stable")
    light, _, heavy = (float(joined[third].mean()) for third in np.array_split(order, 3))

    stops = [market.opening(month) for month in range(1, MONTHS + 1)]
    welcomed, twins = market.live(WELCOME, stops=stops), market.live(stops=stops)
    spent = [np.diff(life.accounts["gmv"].sum(axis=1)) for life in (welcomed, twins)]
    return {"earlier": heavy - light, "half-life": _half_life((spent[0] - spent[1]) / spent[1])}


def _half_life(effects: NDArray[np.float64]) -> float:
    """Return the months in which effects by month halve: the exponential nearest to them by least squares."""
    middles = np.arange(len(effects)) + 0.5
    candidates = np.geomspace(0.25, 60, 1000)
    shapes = 0.5 ** (middles / candidates[:, None])
    explained = (shapes @ effects) * np.abs(shapes @ effects) / (shapes**2).sum(axis=1)
    return float(candidates[np.argmax(explained)])


DELIVERY: Mapping[str, object] = {"fee": 5, "free_from": 50}
FULL_PRICE = programme("delivery-only", {"shipping": DELIVERY})
SUBSCRIPTION = programme(
    "subscription", {"membership": {"fee": 15, "discount": "5 %", "free_shipping": True}}, FULL_PRICE
)
NO_FEELINGS: Mapping[str, float] = {"sunk_cost": 0.0, "membership_attrition": 0.0}
"""What a membership does beyond its benefits, switched off."""


def economic_share(setting: Setting) -> Values:
    """Split the effect on members into what benefits do and what having paid does, in the nine months after joining."""
    market = Market(setting, incumbent=FULL_PRICE)
    stops = [90, YEAR]
    full = market.live(SUBSCRIPTION, stops=stops, fields=FIELDS)
    benefits = market.live(SUBSCRIPTION, stops=stops, fields=FIELDS, assumptions=NO_FEELINGS)
    none = market.live(stops=stops, fields=FIELDS)
    members = _are_members(full, 1)
    spent, gained, usual = (float(life.grown("gmv", since=1)[members].sum()) for life in (full, benefits, none))
    orders, usual_orders = (float(life.grown("orders", since=1)[members].sum()) for life in (full, none))
    return {
        "economic": (gained - usual) / (spent - usual),
        "orders": lift(orders, usual_orders),
        "basket": lift(spent / orders, usual / usual_orders),
    }


US_PRICES: Mapping[str, object] = {"population.price_level": 1.4, "horizon.months": 30}
CHINA_PRICES: Mapping[str, object] = {**US_PRICES, "currency": "CNY", "population.price_level": 5}
PRIME = load_policy("amazon-prime").with_({
    "name": "prime-yearly", "membership.fee": 99, "membership.trial": None, "membership.plans": {},
    "membership.reminder": None, "membership.cancellation": {"refund": "none"},
})  # fmt: skip
"""Prime as the surveys of 2015 to 2017 met it, with the fee of a year only, which renews itself."""
JD_PLUS = load_policy("jd-plus").with_({
    "name": "jd-plus-2018", "shipping.free_from": 99, "membership.free_shipping": False,
    "membership.free_shipping_vouchers": {"count": 60, "per": "year"},
})  # fmt: skip
"""JD PLUS as it was when its renewal was told."""

JOINED = 90


def _renewals(market: Market, policy: Policy) -> tuple[float, float]:
    """Return which share of those who joined in the first quarter renew, and of these which share renews again."""
    life = market.live(policy, stops=[JOINED, JOINED + YEAR, JOINED + 2 * YEAR], fields=("status", "term_end"))
    ends = life.accounts["term_end"]
    members = _are_members(life, 1)
    once = members & _are_members(life, 2) & (ends[2] == ends[1] + YEAR)
    twice = once & _are_members(life, 3) & (ends[3] == ends[1] + 2 * YEAR)
    return float(once.sum() / members.sum()), float(twice.sum() / once.sum())


def renewal(setting: Setting) -> Values:
    """Follow members with a yearly fee that renews itself over two renewals."""
    market = Market(setting, shoppers=20_000, incumbent=load_policy("us-delivery-only"), changes=US_PRICES)
    first, second = _renewals(market, PRIME)
    return {"first": first, "second over first": second - first}


def renewal_in_china(setting: Setting) -> Values:
    """Follow members of JD PLUS under the assumptions that ship for a yearly fee in China, over both renewals."""
    assumed = load_assumption_set("annual-fee-china").assumptions
    market = Market(
        setting, shoppers=20_000, incumbent=load_policy("china-delivery-only"), changes=CHINA_PRICES,
        assumptions={name: float(value) for name, value in assumed.items()},
    )  # fmt: skip
    first, second = _renewals(market, JD_PLUS)
    return {"renewed": (first + first * second) / (1 + first)}


def _two_years(setting: Setting, policy: Policy | None) -> Life:
    market = Market(
        setting, shoppers=24_000, incumbent=load_policy("us-delivery-only"),
        changes={**US_PRICES, "horizon.months": 24},
    )  # fmt: skip
    return market.live(policy, stops=[YEAR, 2 * YEAR], fields=FIELDS)


def _ratio(groups: Life, outcome: Life) -> float:
    """Return the second year's mean spend of members at its start over that of other buyers of the first."""
    bought, are_members = groups.grown("orders", until=1) > 0, _are_members(groups, 1)
    spend = outcome.grown("gmv", since=1)
    return float(spend[bought & are_members].mean() / spend[bought & ~are_members].mean())


def members_against_others(setting: Setting) -> Values:
    """Compare the year's spend of members and of other buyers, as a survey does."""
    with_prime = _two_years(setting, PRIME)
    return {"ratio": _ratio(with_prime, with_prime)}


def selection_alone(setting: Setting) -> Values:
    """Compare the same two groups where the membership was never launched."""
    return {"ratio": _ratio(_two_years(setting, PRIME), _two_years(setting, None))}


FACTS = (
    Fact(
        28,
        "The naive effect of a membership is several times the true one",
        source="Leenheer, van Heerde, Bijmolt and Smidts 2007; Dutch households, 7 programmes",
        grade="B",
        use="H",
        how="5 % off for a fee of 0.4 of a mean basket; the label is membership after one year among that year's "
        "buyers, the outcome spend in the second; naive difference over the effect against twins",
        measured=(Measured("naive by effect", "7", 3.0, 15.0),),
        protocol=naive_against_effect,
    ),
    Fact(
        29,
        "Heavier buyers join earlier; the effect fades within months",
        source="Meyer-Waarden 2008; French household panel",
        grade="C",
        use="C",
        how="Share of the heavier third that joins within 90 days less that of the lighter; a gift of half a mean "
        "basket to a random half on launch day, spend by month against twins, exponential nearest to 12 months",
        measured=(
            positive("earlier", "heavier buyers join earlier"),
            Measured("half-life", "gone in 6 to 9 months", 4.0, 9.0),
        ),
        protocol=joining_and_fading,
        remark="The half-life follows from how long goodwill is remembered: about 4 months from 140 days of "
        "goodwill_memory on, 7 at 250.",
    ),
    Fact(
        38,
        "A third of what a subscription does is economic",
        source="Iyengar, Park and Yu 2022; Asian cosmetics retailer",
        grade="B",
        use="C",
        how="5 % off and free delivery for 15 dollars a year; twins with the membership, with its benefits only (no "
        "sunk cost, no loyalty to the membership), and without; nine months of those who joined in the first three",
        measured=(
            Measured("economic", "1/3", 0.20, 0.50, is_share=True),
            positive("orders", "more orders"),
            negative("basket", "smaller baskets"),
        ),
        protocol=economic_share,
        remark="Most of the economic part is free delivery, of baskets of 35 dollars against a fee of 5; the rest "
        "grows with sunk_cost.",
    ),
    Fact(
        40,
        "Renewal of a yearly fee",
        source="Prime 93 %, later 98 % (CIRP 2021); Costco 92 % (2025); JD PLUS some 80 % (2018)",
        grade="C",
        use="C",
        how="Prime without trial and monthly plan; members who joined in the first quarter, at both ends of a term",
        measured=(
            Measured("first", "93 %, 92 %, 80 %", 0.80, 0.95, is_share=True),
            positive("second over first", "the second renewal is higher"),
        ),
        protocol=renewal,
    ),
    Fact(
        40,
        "Renewal of JD PLUS under the set annual-fee-china",
        source="JD PLUS some 80 % (2018)",
        grade="C",
        use="prior only",
        how="JD PLUS by its terms of 2018 at Chinese prices; members who joined in the first quarter, both renewals "
        "together",
        measured=(Measured("renewed", "80 %", 0.75, 0.85, is_share=True),),
        protocol=renewal_in_china,
        remark="Own band of 5 points; a check of the set of assumptions, not of the default world.",
    ),
    Fact(
        42,
        "Members of Prime spend more than others, whatever the reason",
        source="CIRP surveys 2015 to 2017: 1,200 to 1,300 dollars a year against 700",
        grade="C",
        use="C",
        how="Prime without trial and monthly plan; the second year's spend of members at its start over that of other "
        "buyers of the first year",
        measured=(Measured("ratio", "1.7 to 1.9", 1.6, 3.0),),
        protocol=members_against_others,
    ),
    Fact(
        42,
        "The same without Prime: selection alone",
        source="no published figure; the same two groups of shoppers",
        grade="C",
        use="prior only",
        how="The shoppers of the comparison before, in the same market without the membership",
        measured=(Measured("ratio", "none", 1.0, 3.0),),
        protocol=selection_alone,
        remark="How much of the ratio would be there if the membership did nothing.",
    ),
)
"""Facts of this file by number."""
