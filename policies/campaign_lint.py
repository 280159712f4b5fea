"""What campaigns can have wrong though they parse: budgets too small for a day, days that never come, discounts that
eat the margin together with what stands already.

Serves the linter.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from itertools import combinations

from .amounts import money, percent
from .campaigns import Campaign
from .finding import Finding, Severity
from .occasions import DayRange, day_ranges, personal_occasion
from .policy import Policy
from .promise import promise
from .typical_shopper import Customers, TypicalShopper

YEARS_AHEAD = range(2026, 2030)
"""Years in which the days of campaigns are looked up: every date of the calendar but some lunar ones occurs in four."""

DAYS_A_YEAR = 365.0
LEAST_ORDERS = 1.0
"""A day's budget should pay for one typical order at least."""


def never_on(policy: Policy, customers: Customers) -> Iterator[Finding]:
    """Find campaigns whose days do not come within four years."""
    for name, campaign in policy.campaigns.items():
        if personal_occasion(campaign.when) is None and not _ranges(campaign):
            yield Finding(
                "campaign-never-on", Severity.WARNING, f"campaigns.{name}.when",
                f"none of its days comes from {YEARS_AHEAD[0]} to {YEARS_AHEAD[-1]}",
                "what it promises is worth 0",
                "write days that come every year, or drop the campaign",
            )  # fmt: skip


def budget_below_a_day(policy: Policy, customers: Customers) -> Iterator[Finding]:
    """Find budgets that do not pay for one order of the median shopper, or for one gift without an order."""
    shopper = customers.median
    for name, campaign in policy.campaigns.items():
        cost = cost_of_an_order(campaign, policy, shopper)
        limits = {"money": campaign.budget.money, "money_a_day": campaign.budget.money_a_day}
        for field, limit in limits.items():
            if limit is not None and limit < LEAST_ORDERS * cost:
                yield Finding(
                    "budget-below-a-day", Severity.WARNING, f"campaigns.{name}.budget.{field}",
                    f"{money(limit, policy)} does not pay for one order of a median shopper, which costs "
                    f"{money(round(cost), policy)}",
                    "the first order that it cannot pay in full ends the campaign, and members are told of nothing",
                    f"write {money(round(cost), policy)} for each order that is wanted",
                )  # fmt: skip
            elif limit is not None and campaign.gift is not None and limit < campaign.gift.cost:
                each = money(campaign.gift.cost, policy)
                yield Finding(
                    "budget-below-a-day", Severity.WARNING, f"campaigns.{name}.budget.{field}",
                    f"{money(limit, policy)} does not pay for one gift, which costs {each}",
                    "nobody gets the gift, and members are told of nothing",
                    f"write {each} for each gift that is wanted",
                )  # fmt: skip


def campaigns_eat_the_margin(policy: Policy, customers: Customers) -> Iterator[Finding]:
    """Find campaigns that together with the standing discount take more off a typical order than it earns."""
    shopper = customers.median
    levels = range(max(1, len(policy.tiers)))
    deepest = max(promise(policy, level, is_member=member).discount for level in levels for member in (False, True))
    for name, campaign in policy.campaigns.items():
        off = cost_of_an_order(campaign, policy, shopper) / shopper.basket * 10_000
        total = round(deepest + off * (1 - deepest / 10_000))
        loss = round(shopper.basket * (total - customers.gross_margin) / 10_000)
        if off and loss > 0:
            yield Finding(
                "campaign-eats-the-margin", Severity.ERROR, f"campaigns.{name}",
                f"with the standing discount of {percent(deepest)} it gives away {percent(total)} of a median order of "
                f"{money(round(shopper.basket), policy)}; the goods earn {percent(customers.gross_margin)}",
                f"each such order loses {money(loss, policy)}",
                "write a smaller discount, a minimum_spend or other tiers",
            )  # fmt: skip


def campaign_over_the_cap(policy: Policy, customers: Customers) -> Iterator[Finding]:
    """Find campaign discounts that the cap on all reductions of an order never lets through in full."""
    most = policy.stacking.most
    if most is None:
        return
    least = min(promise(policy, level).discount for level in range(max(1, len(policy.tiers))))
    for name, campaign in policy.campaigns.items():
        share = campaign.balance.most if campaign.balance is not None else campaign.discount
        total = round(least + share * (1 - least / 10_000))
        if share and total > most:
            yield Finding(
                "campaign-over-the-cap", Severity.WARNING, f"campaigns.{name}.discount",
                f"with the standing discount of {percent(least)} it comes to {percent(total)}; stacking.most lets "
                f"{percent(most)} through",
                f"members are promised {percent(total - most)} of the list value that nobody gets",
                "write a smaller discount, or a larger stacking.most",
            )  # fmt: skip


def campaigns_overlap(policy: Policy, customers: Customers) -> Iterator[Finding]:
    """Find pairs of campaigns whose gifts and cuts come together on one order and exceed the gross margin."""
    shopper = customers.median
    for (name, one), (other, two) in combinations(policy.campaigns.items(), 2):
        days = _common_days(one, two)
        cuts = _price_cut(one, policy, shopper), _price_cut(two, policy, shopper)
        together = max(cuts) + _gift(one, shopper) + _gift(two, shopper)  # of two price cuts the larger applies
        alone = max(cost_of_an_order(one, policy, shopper), cost_of_an_order(two, policy, shopper))
        earns = shopper.basket * customers.gross_margin / 10_000
        if days and together > earns >= alone:
            yield Finding(
                "campaigns-overlap", Severity.WARNING, f"campaigns.{other}.when",
                f"overlaps {name} on {days}: together they give {money(round(together), policy)} with a median order, "
                f"which earns {money(round(earns), policy)}",
                f"each such order loses {money(round(together - earns), policy)}",
                "move one of them, or let one of them have a minimum_spend",
            )  # fmt: skip


def cost_of_an_order(campaign: Campaign, policy: Policy, shopper: TypicalShopper) -> float:
    """Return what a campaign gives with a mean order of `shopper`, in cents, without points."""
    shipping = policy.shipping
    fee = shipping.fee if campaign.free_shipping and not _is_free(shipping.free_from, shopper) else 0
    reached = shopper.basket >= campaign.minimum_spend
    return _price_cut(campaign, policy, shopper) + _gift(campaign, shopper) + (fee if reached else 0)


def _is_free(threshold: int | None, shopper: TypicalShopper) -> bool:
    return threshold is not None and shopper.basket >= threshold


def _price_cut(campaign: Campaign, policy: Policy, shopper: TypicalShopper) -> float:
    if shopper.basket < campaign.minimum_spend:
        return 0.0
    share = campaign.balance.most if campaign.balance is not None else campaign.discount
    return shopper.basket * share / 10_000 + min(campaign.amount_off, shopper.basket)


def _gift(campaign: Campaign, shopper: TypicalShopper) -> float:
    reached = [gift.cost for gift in campaign.gifts.values() if shopper.basket >= gift.spend]
    return float(reached[-1]) if reached and shopper.basket >= campaign.minimum_spend else 0.0


def _ranges(campaign: Campaign) -> list[DayRange]:
    first, last = datetime.date(YEARS_AHEAD[0], 1, 1), datetime.date(YEARS_AHEAD[-1], 12, 31)
    return day_ranges(campaign.when, first, last)


def _common_days(one: Campaign, two: Campaign) -> str:
    """Return the first days on which both are on, empty if there are none or only members' own."""
    if personal_occasion(one.when) is not None or personal_occasion(two.when) is not None:
        return ""
    for start, end in _ranges(one):
        for other_start, other_end in _ranges(two):
            first, last = max(start, other_start), min(end, other_end)
            if first <= last:
                return f"{first}" if first == last else f"{first} to {last}"
    return ""


CAMPAIGN_RULES = (
    never_on,
    budget_below_a_day,
    campaigns_eat_the_margin,
    campaign_over_the_cap,
    campaigns_overlap,
)
"""The linter's rules about campaigns."""
