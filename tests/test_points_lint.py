"""What the linter finds about points, and how the small print is told."""

from __future__ import annotations

import pytest

from memberlab.policies import Customers, Policy, Severity, TypicalShopper, lint, load_policy, told

POINTS = {"earn": {"points": 1, "per": 1}, "redeem": {"points": 100, "value": 1}}


@pytest.fixture(scope="module")
def customers() -> Customers:
    typical = tuple(TypicalShopper(name, orders, 24_000, 6.25) for name, orders in (("l", 1), ("m", 3), ("h", 15)))
    return Customers(typical, rare_spend=1_200_000, gross_margin=4_000)


def policy(**changes: object) -> Policy:
    named = {address.replace("__", "."): value for address, value in changes.items()}
    return load_policy("no-programme").with_({"currency": "CNY", "points": POINTS, **named})


@pytest.mark.parametrize(
    ("rule", "severity", "changes", "address"),
    [
        (
            "earns-on-points", Severity.WARNING, {"points__earn__base": {"points_paid": True}},
            "points.earn.base.points_paid",
        ),
        (
            "event-beats-the-margin", Severity.ERROR,
            {"points__earn__points": 21, "points__price_events": [
                {"when": "2026-01-01..2026-01-02", "price": "50 %"}]},
            "points.price_events.0.price",
        ),
        ("gives-more-than-it-earns", Severity.ERROR, {"points__earn__points": 45}, "points"),
        (
            "gives-more-than-it-earns", Severity.ERROR,
            {"points__earn__points": 30, "member_discount": "20 %"}, "member_discount",
        ),
        (
            "reward-out-of-reach", Severity.WARNING,
            {"points__minimum": 500, "points__expiry": {"days": 60}}, "points.expiry",
        ),
        (
            "reward-out-of-reach", Severity.WARNING,
            {"points__minimum": 500, "points__expiry": {"end_of": "quarter"}}, "points.expiry",
        ),
        (
            "reward-out-of-reach", Severity.WARNING,
            {"points__automatic": {"points": 900, "credit": 9}, "points__expiry": {"months": 12}},
            "points.expiry.months",
        ),
        (
            "reward-out-of-reach", Severity.WARNING,
            {"points__maximum_share": "0 %", "points__rewards": {"mug": {"points": 900, "cost": 5, "value": 20}},
             "points__expiry": {"inactivity": {"days": 100}}},
            "points.expiry",
        ),
        (
            "balance-never-reached", Severity.ERROR,
            {"points__automatic": {"points": 100, "credit": 1}, "points__minimum": 100}, "points.minimum",
        ),
        (
            "balance-never-reached", Severity.ERROR,
            {"points__automatic": {"points": 100, "credit": 1},
             "points__lottery": {"points": 150, "prizes": {"pen": {"chance": "1 %", "cost": 1, "value": 1}}}},
            "points.lottery.points",
        ),
        (
            "reward-dearer-than-money", Severity.WARNING,
            {"points__rewards": {"mug": {"points": 900, "cost": 5, "value": 8.99}}}, "points.rewards.mug.points",
        ),
        (
            "reward-dearer-than-money", Severity.WARNING,
            {"points__rewards": {"bon": {"points": 900, "coupons": 2}}, "coupons": {"value": 4, "minimum_spend": 50}},
            "points.rewards.bon.points",
        ),
        (
            "lottery-gives-more-than-it-takes", Severity.WARNING,
            {"points__lottery": {"points": 100, "prizes": {"car": {"chance": "1 %", "cost": 101, "value": 100}}}},
            "points.lottery.points",
        ),
    ],
)  # fmt: skip
def test_a_rule_finds_what_it_is_for(
    rule: str, severity: Severity, changes: dict[str, object], address: str, customers: Customers
) -> None:
    found = [one for one in lint(policy(**changes), customers) if one.rule == rule]
    assert [(one.severity, one.address) for one in found] == [(severity, address)]


@pytest.mark.parametrize(
    ("rule", "changes"),
    [
        ("reward-out-of-reach", {"points__minimum": 500, "points__expiry": {"inactivity": {"days": 130}}}),
        ("reward-out-of-reach", {"points__minimum": 500, "points__expiry": {"days": 400}}),
        ("balance-never-reached", {"points__automatic": {"points": 100, "credit": 1}, "points__minimum": 99}),
        ("reward-dearer-than-money", {"points__rewards": {"mug": {"points": 900, "cost": 5, "value": 9}}}),
        (
            "reward-dearer-than-money",
            {"points__rewards": {"bon": {"points": 900, "coupons": 1}}, "coupons": {"share": "5 %"}},
        ),
        (
            "event-beats-the-margin",
            {"points__earn__points": 19, "points__price_events": [
                {"when": "2026-01-01..2026-01-02", "price": "50 %"}]},
        ),
        (
            "lottery-gives-more-than-it-takes",
            {"points__lottery": {"points": 100, "prizes": {"car": {"chance": "1 %", "cost": 99, "value": 100}}}},
        ),
    ],
)  # fmt: skip
def test_a_rule_is_silent_where_nothing_is_wrong(rule: str, changes: dict[str, object], customers: Customers) -> None:
    assert [one for one in lint(policy(**changes), customers) if one.rule == rule] == []


def test_the_small_print_is_told() -> None:
    tiers = {"low": {"threshold": 0}, "gold": {"threshold": 900}}
    sentences = told(policy(
        tiers=tiers,
        points__earn={
            "points": 1, "per": 2, "rounding": "nearest", "each_order": 5,
            "base": {"before_discounts": True, "shipping": True},
            "caps": {"day": 50, "year": 9000, "excess": "refused"},
        },
        points__redeem__step=50,
        points__activities={
            "check_in": 1, "review": 50,
        },
        points__rewards={"mug": {"points": 300, "cost": 4, "value": 9, "stock": 1000, "tier_points": {"gold": 250}}},
        points__lottery={"points": 100, "prizes": {"car": {"chance": "0.1 %", "cost": 9000, "value": 9999}}},
        points__price_events=[{"when": "2026-11-01..2026-11-11", "price": "80 %"}],
        points__expiry={"months": 6, "end_of": "quarter", "extension": {"gold": "never"},
                        "reminder": {"days": 14, "channel": "email"}},
        points__returns={"pending_days": 15, "claw_back": "may_go_negative"},
    ))  # fmt: skip
    assert sentences[4:] == [
        "Each full 2 CNY of goods at list prices and delivery earns 1 point, and each order 5 points more; what is "
        "paid by points earns none. A part of it counts as a whole from one half on.",
        "100 points pay 1 CNY: 0.5 % of what was paid comes back.",
        "A member earns at most 50 a day and 9,000 a year points; a credit that goes beyond is refused as a whole.",
        "Points for more than orders: 1 for a check-in and 50 for a review.",
        "Any balance can be used and can pay a whole order, in steps of 50.",
        "300 points, 250 in gold buy mug, worth 9 CNY, while 1,000 last.",
        "100 points play the lottery once, with chances of 0.1 % for car, worth 9,999 CNY.",
        "On 2026-11-01..2026-11-11 whatever points buy costs 80 % of its points.",
        "Points expire at the end of the quarter that holds the day 6 months after earning; the oldest are used "
        "first; members of gold keep them for ever.",
        "14 days before points are gone, members are told by email.",
        "Points of an order can be used after 15 days.",
        "When an order is returned, its points are taken back, if need be from the points earned next; points that "
        "paid for it come back.",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("expiry", "told_as"),
    [
        ({"days": 90}, "Points expire 90 days after the day of earning; the oldest are used first."),
        ({"months": 1, "end_of": "day"}, "Points expire 1 month after the day of earning; the oldest are used first."),
        ({"end_of": "year"}, "Points expire at the end of the year in which they are earned."),
        ({"dates": ["06-30", "12-31"]}, "Points expire every year at the end of 06-30 and 12-31 (month-day)."),
        (
            {"inactivity": {"days": 1, "reset_by": "earning"}},
            "Points expire after 1 day in which no points are earned.",
        ),
    ],
)
def test_every_kind_of_expiry_is_told(expiry: object, told_as: str) -> None:
    assert told_as in told(policy(points__expiry=expiry))


def test_an_automatic_reward_is_told_and_needs_no_choice() -> None:
    sentences = told(policy(points__automatic={"points": 100, "credit": 5}))
    assert sentences[2].startswith("At a balance of 100 points they become a credit of 5 CNY by themselves")
    assert not any("Any balance" in sentence for sentence in sentences)
