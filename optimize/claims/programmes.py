"""The small programmes that claims are tried with, in a scenario's own currency and at the size of its baskets.

Serves claims. Each programme has one benefit, so that what is found belongs to it; all stand against the preset
`no-programme`. Sizes are assumptions of this file, chosen like those of the shipped policies.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta

from memberlab.policies import Policy, load_policy
from memberlab.scenarios import Population, Scenario, customers_of
from memberlab.sim import calendar_of

from ..lives import LABEL_MONTHS

CONTROL = "no-programme"
"""The preset that every claim is held against."""

SOURCE = "Built into memberlab claims; sizes are assumed"

Changes = dict[str, object]


class Sizes:
    """Amounts of money by the scenario's mean basket, and the week of the campaign."""

    def __init__(self, scenario: Scenario, population: Population | None) -> None:
        self._basket = customers_of(scenario, population).typical[0].basket / 100
        calendar = calendar_of(scenario)
        last = calendar.date_of(calendar.month_starts[calendar.launch_month + LABEL_MONTHS]) - timedelta(days=1)
        first = last - timedelta(days=6)
        self.week = f"{first:%Y-%m-%d}..{last:%Y-%m-%d}"

    def baskets(self, number: float) -> float:
        """Return an amount of so many mean baskets, to two significant digits."""
        return round(float(f"{number * self._basket:.2g}"), 2)


def _points(sizes: Sizes) -> Changes:
    return {"points": {"earn": {"points": 1, "per": 1}, "redeem": {"points": 100, "value": 1}, "expiry": "never"}}


def _member_price(sizes: Sizes) -> Changes:
    return {"member_discount": "5 %"}


def _tiers(sizes: Sizes) -> Changes:
    return {
        "tiers": {
            "ordinary": {"threshold": 0},
            "silver": {"threshold": sizes.baskets(2.5), "discount": "2 %"},
            "gold": {"threshold": sizes.baskets(6), "discount": "4 %"},
            "diamond": {"threshold": sizes.baskets(16), "discount": "6 %"},
        }
    }


def _membership(sizes: Sizes) -> Changes:
    return {"membership": {"fee": sizes.baskets(0.4), "months": 12, "discount": "5 %"}}


def _event(sizes: Sizes) -> Changes:
    return {"campaigns": {"event": {"when": sizes.week, "discount": "10 %"}}}


def _referral(sizes: Sizes) -> Changes:
    reward = {"credit": sizes.baskets(0.1)}
    return {"referral": {"rewarded": "first-purchase", "referrer": reward, "friend": reward}}


PROGRAMMES: Mapping[str, tuple[str, Callable[[Sizes], Changes]]] = {
    "points": ("1 % back in points that never expire", _points),
    "member price": ("5 % off for everybody who has ordered", _member_price),
    "tiers": ("2, 4 and 6 % off from 2.5, 6 and 16 mean baskets a year", _tiers),
    "paid membership": ("5 % off for 12 months, for a fee of 0.4 of a mean basket", _membership),
    "event": ("10 % off in the last week of the first year", _event),
    "referral": ("0.1 of a mean basket for both sides at the friend's first order", _referral),
}
"""Programmes by name: what they give, and the changes of `no-programme` that give it."""


def programme_of(name: str, scenario: Scenario, population: Population | None = None) -> Policy:
    """Return a programme in the scenario's currency. Raises KeyError for an unknown name."""
    changes = PROGRAMMES[name][1](Sizes(scenario, population))
    about = {"name": name.replace(" ", "-"), "title": name, "description": PROGRAMMES[name][0], "source": SOURCE}
    return control_of(scenario).with_({**about, **changes})


def control_of(scenario: Scenario, policy: Policy | None = None) -> Policy:
    """Return the market without a programme: list prices, and the delivery terms of `policy`, if given, else none."""
    control = load_policy(CONTROL).with_({"currency": scenario.currency})
    if policy is None:
        return control
    return control.model_copy(update={"shipping": policy.shipping})
