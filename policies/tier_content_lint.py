"""Lint rules of partners' content that tiers carry: what it is worth less than it costs, and where it has no end.

Serves the linter. That a higher tier lacks content of a lower one is found with all other benefits that it may lack.
"""

from __future__ import annotations

from collections.abc import Iterator

from .amounts import money, percent
from .finding import Finding, Rule, Severity
from .policy import Policy
from .qualification import Qualification
from .typical_shopper import Customers


def tier_perk_dearer_than_its_worth(policy: Policy, customers: Customers) -> Iterator[Finding]:
    """Find content of a tier that costs the shop more than it is worth to a member of average taste."""
    for tier, terms in policy.tiers.items():
        for name, perk in terms.perks.items():
            if perk.net_cost > perk.perceived_value:
                yield Finding(
                    "perk-dearer-than-its-worth", Severity.NOTE, f"tiers.{tier}.perks.{name}",
                    f"costs {money(perk.net_cost, policy)} a month after the partner's "
                    f"{percent(perk.sponsor_share)} and is worth {money(perk.perceived_value, policy)} to a member",
                    f"{money(12 * perk.net_cost, policy)} a year would please members of {tier} more as a discount",
                    "negotiate the cost, write its perceived_value, or drop it",
                )  # fmt: skip


def content_without_end(policy: Policy, customers: Customers) -> Iterator[Finding]:
    """Find content that is paid for whoever has been in a tier once, because nobody leaves the tier downwards."""
    rules = policy.qualification or Qualification()
    for level, (tier, terms) in enumerate(policy.tiers.items()):
        is_kept = level == 0 or terms.never_demoted or rules.demotion == "none" or rules.window == "lifetime"
        for name, perk in terms.perks.items():
            if is_kept and perk.active_days is None and perk.net_cost:
                yield Finding(
                    "content-without-end", Severity.WARNING, f"tiers.{tier}.perks.{name}",
                    f"nobody in {tier} ever falls below it, and members who never come back have it too",
                    f"each of them costs {money(12 * perk.net_cost, policy)} a year, for good",
                    "write active_days, for example 90, so that it is paid for members who order",
                )  # fmt: skip


TIER_CONTENT_RULES: tuple[Rule, ...] = (tier_perk_dearer_than_its_worth, content_without_end)
"""The rules that are added to the linter's list."""
