"""The experiments behind the published facts, run small.

Every quantity of a fact is measured and is a number, and one seed gives one answer.
"""

from __future__ import annotations

import math
from importlib import import_module
from typing import Any

import numpy as np
import pytest

# by name, because protocols are no part of the room's public face
FILES = [
    import_module(f"memberlab.optimize.evidence.{name}")
    for name in (
        "base_purchases",
        "prices",
        "offers_and_contact",
        "goals",
        "status",
        "points",
        "delivery",
        "paid_membership",
        "word_of_mouth",
    )
]
MEMBERSHIP = FILES[-2]
FACTS: list[Any] = [fact for file in FILES for fact in file.FACTS]
setting_of: Any = import_module("memberlab.optimize.evidence.fact").Setting
SMALL = setting_of(seed=5, size=0.1)


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: f"{fact.number} {fact.title}")
def test_a_protocol_measures_every_quantity_of_its_fact_and_the_same_again(fact: Any) -> None:
    values = fact.protocol(SMALL)
    assert set(values) == {quantity.name for quantity in fact.measured}
    assert all(type(value) is float and math.isfinite(value) for value in values.values())
    assert fact.protocol(SMALL) == values


CALIBRATION = {1, 3, 7, 8, 9, 13, 15, 16, 19, 23, 24, 25, 29, 33, 34, 36, 38, 40, 42, 43}
HOLD_OUT = {2, 4, 5, 10, 11, 12, 17, 18, 21, 22, 26, 28, 31, 32, 35, 37, 45}
"""The split of the behaviour reference, frozen."""


def test_every_fact_of_the_reference_is_tried_and_has_its_use() -> None:
    uses = {use: {fact.number for fact in FACTS if fact.use == use} for use in ("C", "H", "prior only")}
    assert uses["C"] == CALIBRATION
    assert uses["H"] == HOLD_OUT
    assert 30 in uses["prior only"]


def test_half_lives_are_told_from_effects_by_month() -> None:
    months = np.arange(12) + 0.5
    assert MEMBERSHIP._half_life(0.2 * 0.5 ** (months / 5)) == pytest.approx(5, rel=0.01)


def test_an_assumption_of_the_setting_reaches_the_protocol() -> None:
    coupons = next(fact for fact in FACTS if fact.number == 13)
    usual = coupons.protocol(SMALL)["redeemed"]
    assert coupons.protocol(setting_of(5, {"coupon_take_up": 0.1}, 0.1))["redeemed"] < 0.5 * usual


def test_only_benefits_are_left_where_a_fee_that_was_paid_pulls_nobody() -> None:
    subscription = next(fact for fact in FACTS if fact.number == 38)
    without = setting_of(5, {"sunk_cost": 0.0, "membership_attrition": 0.0}, 0.1)
    assert subscription.protocol(without)["economic"] == 1.0
