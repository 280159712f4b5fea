"""Partners' content in plain language: who has it, what it costs the shop, and what it is held to be worth.

Serves `memberlab explain`, for paid members and for tiers. Cost and worth are told apart.
"""

from __future__ import annotations

from collections.abc import Iterator

from .amounts import counted, listed, money, percent
from .membership_benefits import Perk, TierPerk
from .policy import Policy


def perk_told(whom: str, name: str, perk: Perk, policy: Policy) -> str:
    """Return one perk as a sentence: `Members have video; it costs 5 CNY a member and month.`"""
    borne = f", of which the partner bears {percent(perk.sponsor_share)}" if perk.sponsor_share else ""
    worth = f"; it is held to be worth {money(perk.perceived_value, policy)}" if perk.perceived_value else ""
    return f"{whom} have {name}; it costs {money(perk.cost, policy)} a member and month{borne}{worth}."


def tier_perks_told(policy: Policy) -> Iterator[str]:
    """Yield the perks of tiers as sentences; tiers with the same terms share one."""
    sharing: dict[tuple[str, TierPerk], list[str]] = {}
    for tier, terms in policy.tiers.items():
        for name, perk in terms.perks.items():
            sharing.setdefault((name, perk), []).append(tier)
    for (name, perk), tiers in sharing.items():
        since = "" if perk.active_days is None else f" with an order in the last {counted(perk.active_days, 'day')}"
        yield perk_told(f"Members of {listed(tiers)}{since}", name, perk, policy)
    paid = [] if policy.membership is None else policy.membership.perks
    if both := [name for name in dict.fromkeys(name for name, _ in sharing) if name in paid]:
        yield f"Paid members have {listed(both)} from the membership; it is not paid twice."
