"""Which benefits a budget can cap, and which rules of a policy promise each of them.

Serves the budget check, which names a ceiling on something that the policy does not promise. A benefit is a money line
of the ledger; a new line stands here with the rules that move it.
"""

from __future__ import annotations

from collections.abc import Mapping
from fnmatch import fnmatchcase

from memberlab.policies import Policy
from memberlab.sim import BENEFIT_ACCOUNTS, MONEY_LINES

TOTAL = "benefit_cost"
"""Name of the ceiling on all benefits together, as the KPI of that name counts them before the rise in what is owed."""

SERVICE = "service_labour"
GIVEN_BACK = "points_paid_back"

CAPPED_BENEFITS: Mapping[str, str] = {
    TOTAL: "All benefits together",
    **{
        line.name: line.title
        for line in MONEY_LINES
        if (line.account in BENEFIT_ACCOUNTS and line.name != GIVEN_BACK) or line.name == SERVICE
    },
}
"""Names that a ceiling can have, with titles: all benefits, each benefit's line of the ledger, and service labour.

Points given back for returns have no ceiling of their own; they are taken off all benefits together.
"""

_STATUS = ("tiers.*.free_shipping", "tiers.*.free_shipping_from", "membership.free_shipping",
           "membership.free_shipping_from", "qualification.soft_landing.free_shipping")  # fmt: skip
_GIFTS = ("campaigns.*.gift.cost", "campaigns.*.gifts.*.cost", "campaigns.*.challenge.*.cost")

PROMISED_BY: Mapping[str, tuple[str, ...]] = {
    "member_discount": ("member_discount",),
    "tier_discount": ("tiers.*.discount",),
    "membership_discount": ("membership.discount",),
    "landing_discount": ("qualification.soft_landing",),
    "category_discount": ("categories.*.discount",),
    "campaign_discount": ("campaigns.*.discount", "campaigns.*.amount_off", "campaigns.*.balance.most"),
    "coupon_discount": ("coupons",),
    "special_price_discount": ("special_price_pool",),
    "points_paid": ("points",),
    "credits_paid": ("points.automatic",),
    "shipping_waived_by_status": _STATUS,
    "shipping_waived_by_voucher": ("tiers.*.free_shipping_vouchers.count", "membership.free_shipping_vouchers"),
    "shipping_waived_by_threshold": ("shipping.free_from",),
    "shipping_waived_by_campaign": ("campaigns.*.free_shipping",),
    "campaign_gifts": _GIFTS,
    "gifts_without_order": _GIFTS,
    "messages": ("contact.channels.*.cost", "campaigns.*.personalised.cost"),
    "engagement": ("campaigns.*.event.cost", "campaigns.*.event.cost_each"),
    "rewards_cost": ("points.rewards.*.cost",),
    "donations": ("points.rewards.*.charity",),
    "prizes_cost": ("points.lottery",),
    "reminder_cost": ("points.expiry.reminder",),
    "make_goods": ("service.make_good.minor", "service.make_good.serious"),
    "referral_rewards": ("referral.referrer.credit", "referral.friend.credit"),
    "price_protection": ("price_protection",),
    "trial_cost": ("trial_before_buy",),
    "instalment_cost": ("instalments",),
    "instant_refunds": ("instant_refund",),
    "tier_welcome_gifts": ("tiers.*.welcome_gift.cost",),
    SERVICE: ("service",),
    "partner_content": ("membership.perks.*.cost",),
    "tier_content": ("tiers.*.perks.*.cost",),
    "welcome_gifts": ("membership.welcome_gift",),
    "renewal_reminders": ("membership.reminder",),
}
"""Dotted addresses of a policy of which one must be there, and not 0, for a benefit to cost anything."""

_NOTHING = (None, False, 0, "0 %", "never")
_BARE = Policy(name="bare")


def promised_by(benefit: str) -> tuple[str, ...]:
    """Return the addresses of which a policy needs one to promise `benefit`; none for all benefits together."""
    return PROMISED_BY.get(benefit, ())


def is_promised(benefit: str, policy: Policy) -> bool:
    """Return whether `policy` promises a benefit by its name; all benefits together are promised by every policy."""
    addresses = promised_by(benefit)
    if not addresses:
        return True
    if benefit.startswith("shipping_waived") and not policy.shipping.fee:
        return False
    if benefit == "shipping_waived_by_threshold":
        return policy.shipping.free_from is not None
    written = {change.address: change.after for change in _BARE.diff(policy)}
    return any(
        value not in _NOTHING and (fnmatchcase(address, one) or fnmatchcase(address, f"{one}.*"))
        for address, value in written.items()
        for one in addresses
    )
