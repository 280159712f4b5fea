"""Paid memberships as documents: what is refused at load, what the linter finds, and how they are told."""

from __future__ import annotations

import pytest

from memberlab.policies import (
    Customers,
    DocumentError,
    Policy,
    Severity,
    TypicalShopper,
    differences,
    lint,
    load_model_text,
    load_policy,
    promise,
    told,
)
from memberlab.sim import World

from .worlds import small_scenario

DOCUMENT = """
name: prime
currency: USD
tiers:
  basic: {threshold: 0}
  gold: {threshold: 900, discount: 3 %}
membership:
  fee: 139
  plans:
    monthly: {fee: 14.99, months: 1}
  CHANGED: 1
"""

PRIME = {
    "fee": 139, "plans": {"monthly": {"fee": 14.99, "months": 1}}, "free_shipping": True, "discount": "1 %",
}  # fmt: skip


@pytest.fixture(scope="module")
def customers() -> Customers:
    typical = tuple(TypicalShopper(name, orders, 24_000, 6.25) for name, orders in (("l", 1), ("m", 3), ("h", 15)))
    return Customers(typical, rare_spend=1_200_000, gross_margin=4_000)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (
            "gate: {tier: platinum, fee: 88}",
            "prime.yaml:11 membership.gate.tier: there is no tier 'platinum'; write one of basic, gold",
        ),
        (
            "gate: {fee: 88}",
            "prime.yaml:11 membership.gate: the gate asks for nothing; write one of tier, spend and score",
        ),
        ("gate: {tier: gold, spend: 9, fee: 88}", "membership.gate: the gate asks for a tier and for a spend"),
        ("gate: {tier: gold, fee: 139}", "membership.gate: its fee 139 is not below the membership's 139"),
        (
            "introductory_fee: 150",
            "prime.yaml:11 membership.introductory_fee: 150 is not below the fee 139; write less",
        ),
        (
            "reminder: {days: 30}",
            "membership.reminder: a reminder of 30 days does not fit a term of 1 month; write 29 days or fewer",
        ),
        (
            "cancellation: {money_back_days: 40}",
            "membership.cancellation: money back of 40 days does not fit a term of 1 month",
        ),
        ("points_cap: {points: 9, per: year}", "prime.yaml:11 membership.points_cap: the policy has no points to cap"),
        (
            "points_cap: {points: 9, per: week}",
            "membership.points_cap.per: 'week' is not allowed here; write 'month' or 'year'",
        ),
        ("trial: {days: 0}", "prime.yaml:11 membership.trial.days: 0 is below 1"),
        (
            "free_shipping_vouchers: {count: 2, per: month}\n  free_shipping: true",
            "vouchers beside unlimited free_shipping are worth nothing",
        ),
        ("months: 1", "membership.plans: monthly and the membership's own are both for 1 month"),
        ("renewal_discount: 5", "membership.renewal_discount: 5 has no unit; write 5 %"),
    ],
)
def test_contradictions_are_refused_where_they_stand(line: str, message: str) -> None:
    with pytest.raises(DocumentError) as refused:
        load_model_text(Policy, DOCUMENT.replace("CHANGED: 1", line), "prime.yaml")
    assert message in str(refused.value)


def test_tiers_that_do_not_exist_cannot_be_replaced() -> None:
    with pytest.raises(DocumentError, match="replaces_tiers: the policy has no tiers to replace"):
        load_policy("jd-plus").with_({"membership.replaces_tiers": True})


def test_a_policy_with_everything_loads_back_equal() -> None:
    policy = load_model_text(Policy, DOCUMENT.replace("CHANGED: 1", "gate: {tier: gold, fee: 99}"), "prime.yaml")
    again = load_model_text(Policy, policy.to_yaml(), "again")
    assert again.digest() == policy.digest()
    assert again.membership is not None
    assert [(plan.fee, plan.months) for plan in again.membership.all_plans] == [(13_900, 12), (1_499, 1)]
    assert again.membership.lowest_fee == 9_900


@pytest.mark.parametrize(
    ("rule", "severity", "changes", "address"),
    [
        (
            "fee-below-its-benefits",
            Severity.WARNING,
            {"membership.perks": {"video": {"cost": 20, "perceived_value": 30}}},
            "membership.fee",
        ),
        (
            "fee-below-its-benefits",
            Severity.WARNING,
            {"membership.gate": {"tier": "gold", "fee": 20}, "membership.earn_multiplier": 2},
            "membership.fee",
        ),
        ("trial-longer-than-the-term", Severity.WARNING, {"membership.trial": {"days": 31}}, "membership.trial.days"),
        (
            "gate-for-everybody",
            Severity.WARNING,
            {"membership.gate": {"tier": "ordinary", "fee": 130}},
            "membership.gate",
        ),
        ("gate-for-everybody", Severity.WARNING, {"membership.gate": {"spend": 0, "fee": 130}}, "membership.gate"),
        (
            "gift-cheaper-than-the-fee",
            Severity.WARNING,
            {"membership.gift_card": {"fee": 30, "months": 3}},
            "membership.gift_card.fee",
        ),
        (
            "gate-for-nobody",
            Severity.WARNING,
            {"membership.gate": {"spend": 12001, "fee": 130}},
            "membership.gate.spend",
        ),
        ("plan-without-advantage", Severity.WARNING, {"membership.plans.monthly.fee": 11}, "membership.fee"),
        (
            "plan-without-advantage",
            Severity.WARNING,
            {"membership.plans": {"long": {"fee": 300, "months": 24}}},
            "membership.plans.long.fee",
        ),
        (
            "allowance-never-binds",
            Severity.NOTE,
            {"membership.free_shipping": False, "membership.free_shipping_vouchers": {"count": 99, "per": "month"}},
            "membership.free_shipping_vouchers",
        ),
        (
            "allowance-never-binds",
            Severity.NOTE,
            {"membership.discount_cap": {"amount": 130, "per": "year"}},
            "membership.discount_cap",
        ),
        (
            "allowance-never-binds",
            Severity.NOTE,
            {"membership.earn_multiplier": 2, "membership.points_cap": {"points": 13000, "per": "year"}},
            "membership.points_cap",
        ),
        (
            "free-delivery-of-nothing",
            Severity.NOTE,
            {
                "shipping.fee": 0,
                "membership.free_shipping": False,
                "membership.free_shipping_vouchers": {"count": 1, "per": "month"},
            },
            "membership.free_shipping_vouchers",
        ),
        (
            "perk-dearer-than-its-worth",
            Severity.NOTE,
            {"membership.perks": {"video": {"cost": 2, "perceived_value": 1}}},
            "membership.perks.video",
        ),
        (
            "membership-worse-than-a-tier",
            Severity.WARNING,
            {"membership.replaces_tiers": True},
            "membership.replaces_tiers",
        ),
    ],
    ids=str,
)
def test_a_rule_finds_its_fault(
    rule: str, severity: Severity, changes: dict[str, object], address: str, customers: Customers
) -> None:
    clean = load_policy("four-tiers-simple").with_({"membership": PRIME})
    assert lint(clean, customers) == []
    found = {(one.rule, one.address): one for one in lint(clean.with_(changes), customers)}
    assert found[rule, address].severity is severity
    assert found[rule, address].money
    assert found[rule, address].mend


def test_an_allowance_that_binds_is_no_finding(customers: Customers) -> None:
    clean = load_policy("four-tiers-simple").with_({"membership": PRIME})
    binding = clean.with_({
        "membership.free_shipping": False, "membership.free_shipping_vouchers": {"count": 2, "per": "month"},
        "membership.discount_cap": {"amount": 110, "per": "year"}, "membership.earn_multiplier": 2,
        "membership.points_cap": {"points": 5000, "per": "year"},
    })  # fmt: skip
    assert [one.rule for one in lint(binding, customers)] == []


def test_a_membership_with_content_alone_has_benefits(customers: Customers) -> None:
    policy = load_policy("four-tiers-simple").with_(
        {"membership": {"fee": 99, "perks": {"video": {"cost": 2, "perceived_value": 4}}}}
    )
    assert lint(policy, customers) == []


def test_every_condition_is_told() -> None:
    membership = {
        **PRIME, "free_shipping": False, "introductory_fee": 99, "trial": {"days": 30}, "auto_renew": False,
        "gift_card": {"fee": 36, "months": 3}, "gate": {"spend": 1000, "fee": 88}, "renewal_discount": "5 %",
        "save_offer": "20 %",
        "reminder": {"days": 7}, "cancellation": {"refund": "pro-rata", "money_back_days": 14},
        "discount_cap": {"amount": 500, "per": "year"}, "free_shipping_vouchers": {"count": 1, "per": "month"},
        "perks": {"video": {"cost": 5, "perceived_value": 15, "sponsor_share": "20 %"}},
        "welcome_gift": {"cost": 10}, "replaces_tiers": True,
    }  # fmt: skip
    sentences = told(load_policy("four-tiers-simple").with_({"membership": membership}))
    begin = sentences.index(
        "The paid membership costs 139 CNY a year and gives 1 % off list prices, in place of the tier's benefits."
    )
    assert sentences[begin + 1 : -1] == [
        "It can also be paid as monthly: 14.99 CNY a month.",
        "Whoever has not been a member before can try it free for 30 days.",
        "Whoever has not been a member before pays 99 CNY for the first term.",
        "Who has spent 1,000 CNY in the last 12 calendar months pays 88 CNY.",
        "It can be given: 3 months for 36 CNY; a gift does not renew itself.",
        "Every term after the first costs 5 % less.",
        "1 delivery is free in each calendar month; what is not used is lost.",
        "Its discount saves 500 CNY at most in each year of membership, beyond what holds without it.",
        "Members have video; it costs 5 CNY a member and month, of which the partner bears 20 %; it is held to be "
        "worth 15 CNY.",
        "With the first paid term comes a gift that costs 10 CNY.",
        "A term ends unless the member renews it.",
        "Members are reminded 7 days before a term ends.",
        "Who would not renew is offered the next term for 20 % less.",
        "Within 14 days of joining or renewing the whole fee goes back on request.",
        "The membership can end on the first of any month; the part of the fee not yet earned goes back.",
    ]


def test_a_change_of_the_membership_is_told_lever_by_lever() -> None:
    before = load_policy("jd-plus")
    found = {
        one.change.address: one.words
        for one in differences(before, before.with_({"membership.trial": {"days": 14}, "membership.auto_renew": False}))
    }
    assert found == {"membership.trial": "is new: days 14", "membership.auto_renew": "changes from true to false"}


def test_a_membership_in_place_of_the_tier_has_only_its_own_terms() -> None:
    policy = load_policy("four-tiers-simple").with_(
        {"membership": {"fee": 99, "discount": "1 %", "replaces_tiers": True}}
    )
    terms = promise(policy, 3, is_member=True)
    assert (terms.discount, terms.earn_multiplier, terms.free_shipping_from) == (100, 100, 19_900)
    assert promise(policy, 3).discount == 600


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"membership.plans": {"monthly": {"fee": 30_000_000, "months": 1}}}, "membership.plans.monthly.fee"),
        ({"membership.discount_cap": {"amount": 30_000_000, "per": "year"}}, "membership.discount_cap.amount"),
    ],
    ids=str,
)
def test_amounts_that_a_member_cannot_hold_do_not_fit(change: dict[str, object], field: str) -> None:
    policy = load_policy("four-tiers-simple").with_({"membership": PRIME}).with_(change)
    with pytest.raises(DocumentError, match=rf"{field}: a (fee|cap) above 20,000,000 does not fit; write less"):
        World(policy, small_scenario())
