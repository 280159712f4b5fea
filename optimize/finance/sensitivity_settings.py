"""The settings that finance varies one at a time: a point's value, its life, expected redemption, the fee, attrition.

Serves the sensitivity table. Each setting has a lower and a higher value around the policy's own, as a changed policy
or a changed assumption.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from memberlab.policies import Policy

from ..break_even import DECISIVE_ASSUMPTION, HIGHEST, LOWEST

QUARTER = 25
"""Percent by which amounts of money are moved down and up."""

RATE_STEP = 1_000
"""Basis points by which the expected redemption is moved down and up."""


REDEMPTION = "expected_redemption"
"""The variation that is an estimate of finance's own, and is not lived."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One value of what is varied: how it is told, and the policy and assumptions with it."""

    told: str
    policy: Policy
    assumptions: Mapping[str, float] = field(default_factory=dict[str, float])


@dataclass(frozen=True, slots=True)
class Variation:
    """What is varied, its own value in words, and the settings below and above it."""

    name: str
    title: str
    own: str
    low: Setting
    high: Setting


def variations_of(policy: Policy, attrition_effect: float) -> tuple[Variation, ...]:
    """Return what can be varied of a policy, in the order of the reference; what it does not promise is left out."""
    found = [_attrition(policy, attrition_effect)]
    if policy.points is not None:
        found += [_point_value(policy), _expiry(policy), _redemption(policy)]
    if policy.membership is not None:
        found.append(_fee(policy))
    return tuple(found)


def _attrition(policy: Policy, own: float) -> Variation:
    low, high = (Setting(f"{value:g}", policy, {DECISIVE_ASSUMPTION: value}) for value in (LOWEST, HIGHEST))
    return Variation(DECISIVE_ASSUMPTION, "Attrition effect", f"{own:g}", low, high)


def _amounts(policy: Policy, address: str, cents: int) -> tuple[Setting, Setting]:
    """Return the policy with an amount of `cents` moved down and up by a quarter."""
    settings = []
    for percent in (100 - QUARTER, 100 + QUARTER):
        moved = max(1, round(cents * percent / 100))
        settings.append(Setting(f"{moved / 100:.2f}", policy.with_({address: Decimal(moved) / 100})))
    return settings[0], settings[1]


def _point_value(policy: Policy) -> Variation:
    assert policy.points is not None
    value, worth = policy.points.worth
    address = "points.redeem.value" if policy.points.automatic is None else "points.automatic.credit"
    return Variation(
        "point_value", f"Value of {worth:,} points", f"{value / 100:.2f}", *_amounts(policy, address, value)
    )


def _expiry(policy: Policy) -> Variation:
    """Vary the life of a point: half of it and never, or one year and never where it has no plain life in months."""
    assert policy.points is not None
    expiry = policy.points.expiry
    months = None if expiry is None else expiry.months
    half = 12 if months is None else max(1, months // 2)
    own = "never" if expiry is None else f"{months} months" if months is not None else "as the policy says"
    short = {"months": half} if expiry is None or months is None else None
    address = {"points.expiry": short} if short is not None else {"points.expiry.months": half}
    return Variation(
        "expiry", "Life of a point", own, Setting(f"{half} months", policy.with_(address)),
        Setting("never", policy.with_({"points.expiry": "never"})),
    )  # fmt: skip


def _redemption(policy: Policy) -> Variation:
    """Vary the estimate of what will be redeemed, as at a year's end: what shoppers have done stays as it is."""
    assert policy.points is not None
    own = policy.points.expected_redemption
    settings = []
    for rate in (max(0, own - RATE_STEP), min(10_000, own + RATE_STEP)):
        changed = policy.with_({"points.expected_redemption": f"{Decimal(rate) / 100} %"})
        settings.append(Setting(f"{rate / 100:g} %", changed))
    return Variation(REDEMPTION, "Expected redemption", f"{own / 100:g} %", settings[0], settings[1])


def _fee(policy: Policy) -> Variation:
    assert policy.membership is not None
    fee = policy.membership.fee
    return Variation("fee", "Membership fee", f"{fee / 100:.2f}", *_amounts(policy, "membership.fee", fee))
