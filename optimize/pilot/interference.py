"""Where a pilot's shoppers touch each other, so that no replay of shoppers who lived apart can stand for it.

Serves pilot planning. Replays assume that a shopper's outcome does not depend on who else has the candidate (no
interference; Rubin, 1980). That is exact in a market in which shoppers share nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from memberlab.policies import Policy
from memberlab.scenarios import Scenario

NO_INTERFERENCE = (
    "Replays read each shopper from a world in which everybody had the shopper's own policy: they assume that nobody's "
    "outcome depends on who else is in which arm."
)
"""The assumption under every replay."""


def interferences(scenario: Scenario, *policies: Policy) -> tuple[str, ...]:
    """Return in words what shoppers share under these policies; nothing where the assumption holds exactly."""
    found = [f"{policy.name}: {shared}" for policy in policies for shared in _shared_under(policy)]
    if scenario.word_of_mouth is not None:
        found.append(f"{scenario.name}: newcomers come by word of mouth of those who are served well, in either arm")
    return tuple(found)


def _shared_under(policy: Policy) -> Iterator[str]:
    if policy.service is not None:
        yield "one service desk, where a ticket of one arm waits behind those of the other"
    if policy.special_price_pool is not None:
        yield "a pool of units at a special price, which is shorter the more shoppers may take from it"
    if policy.referral is not None:
        yield "referral, by which a friend of one arm may come into the other"
    if policy.points is not None and any(reward.stock is not None for reward in policy.points.rewards.values()):
        yield "a stock of rewards, which lasts longer with fewer shoppers"
    for name, campaign in policy.campaigns.items():
        budget = campaign.budget
        if any(one is not None for one in (budget.money, budget.units, budget.money_a_day, budget.units_a_day)):
            yield f"the budget of campaign {name}, which lasts longer with fewer shoppers"
        if campaign.event is not None and campaign.event.cost:
            yield f"the cost of the event {name}, which is shared among those who come"
        to = campaign.to
        if to.recency or to.frequency or to.spend or to.predicted < 10_000:
            yield f"campaign {name}, whose target is a rank among all shoppers"
