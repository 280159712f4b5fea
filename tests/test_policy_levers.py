"""Levers of a policy: every number and choice has one, and moving them changes nothing else of the file."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from memberlab.optimize import PolicyLever, apply_levers, levers_of
from memberlab.policies import DocumentError, Policy, load_policy, policy_names, policy_path

PRESETS = policy_names()
NUMBER = re.compile(r"[0-9.]+( %)?")


@cache
def preset(name: str) -> tuple[str, Policy, tuple[PolicyLever, ...]]:
    policy = load_policy(name)
    return Path(policy_path(name)).read_text(encoding="utf-8"), policy, tuple(levers_of(policy))


def lever(address: str, name: str = "four-tiers-simple") -> PolicyLever:
    return next(one for one in preset(name)[2] if one.address == address)


@pytest.mark.parametrize("name", PRESETS)
def test_every_number_and_switch_of_a_preset_has_a_lever(name: str) -> None:
    _, policy, levers = preset(name)
    found = {one.address: one for one in levers}
    for address in policy.written_addresses():
        value = policy.value_at(address)
        if isinstance(value, int | Decimal) or (isinstance(value, str) and NUMBER.fullmatch(value)):
            assert address in found, address
            assert found[address].is_written
            assert found[address].written(found[address].value) == value
    assert all(one.help for one in levers)
    assert all(one.low is None or one.step is None or one.high is None or one.low + one.step <= one.high + 1e-9
               for one in levers)  # fmt: skip


def test_levers_have_kind_unit_and_range() -> None:
    fee, discount, minimum = lever("shipping.fee"), lever("tiers.gold.discount"), lever("points.minimum")
    assert (fee.kind, fee.unit, fee.value, fee.low, fee.high) == ("money", "CNY", 10, 0, 20)
    assert (discount.kind, discount.unit, discount.value, discount.maximum) == ("percent", "%", 4, 99.99)
    assert (minimum.kind, minimum.unit, minimum.value, minimum.step) == ("integer", "points", 500, 50)
    assert (discount.label, discount.group) == ("Discount", "Tiers, gold")
    assert lever("tiers.silver.free_shipping").kind == "switch"
    assert lever("shipping.free_from").may_be_never
    rounding = lever("points.earn.rounding")
    assert (rounding.choices, rounding.may_be_left_out) == (("down", "nearest", "up"), True)
    assert lever("tiers.silver.threshold").kind == "money"
    assert "In code" not in fee.help
    assert "Unit" not in fee.help


@pytest.mark.parametrize("name", PRESETS)
def test_levers_at_their_values_leave_the_file_as_it_is(name: str) -> None:
    text, policy, levers = preset(name)
    assert apply_levers(text, {one.address: one.value for one in levers}, name) == (text, policy)


def values_of(one: PolicyLever) -> st.SearchStrategy[Any]:
    if one.kind == "switch":
        return st.booleans()
    if one.kind == "choice":
        return st.sampled_from(one.choices)
    assert one.low is not None
    assert one.high is not None
    assert one.step is not None
    steps = int((one.high - one.low) / one.step + 1e-9)
    return st.integers(0, steps).map(lambda number: float(one.low or 0) + number * float(one.step or 0))


@st.composite
def moves(draw: st.DrawFn) -> tuple[str, dict[str, Any]]:
    name = draw(st.sampled_from(PRESETS))
    chosen = draw(st.lists(st.sampled_from(preset(name)[2]), min_size=1, max_size=3, unique_by=lambda one: one.address))
    return name, {one.address: draw(values_of(one)) for one in chosen}


@settings(max_examples=80, deadline=None, derandomize=True)
@given(moves())
def test_a_moved_lever_reads_back_and_nothing_else_moves(moved: tuple[str, dict[str, Any]]) -> None:
    name, values = moved
    text, policy, _ = preset(name)
    try:
        changed, variant = apply_levers(text, values, name)
    except DocumentError as refused:
        assert all(problem.field for problem in refused.problems)
        return
    assert {change.address for change in policy.diff(variant)} <= set(values)
    for address, value in values.items():
        own = lever(address, name)
        assert variant.value_at(address) == own.written(value)
    assert changed.count("#") == text.count("#")  # comments stay
    assert apply_levers(changed, {}, name) == (changed, variant)


def test_comments_order_and_flow_style_stay() -> None:
    text, _, _ = preset("four-tiers-simple")
    changed, _ = apply_levers(text, {
        "tiers.gold.discount": 4.5, "points.redeem.value": 0.1 + 0.2, "points.redeem.step": 100,
        "tiers.diamond.orders": 2, "shipping.free_from": "never", "stacking.most": 30,
    })  # fmt: skip
    assert "discount: 4.5 %   # assumed" in changed
    assert "redeem: {points: 1000, value: 0.30, step: 100}" in changed.replace("0.3,", "0.30,")
    assert "free_from: never    # assumed" in changed
    assert "    free_shipping: true\n    orders: 2\n\npoints:" in changed
    assert changed.endswith("stacking:\n  most: 30 %\n")
    back, _ = apply_levers(changed, {"points.redeem.step": None, "tiers.diamond.orders": 0})
    assert "value: 0.3}" in back


@pytest.mark.parametrize(("address", "value", "message"), [
    ("tiers.gold.discount", 120, "120 % is above 99.99 %"),
    ("tiers.gold.threshold", 100, "100 is below silver's 600"),
    ("shipping.fee", "abc", "'abc' is not a number"),
    ("points.expiry.months", 1.5, "1.5 is not a whole number of months"),
    ("tiers.gold.discont", 5, "did you mean 'tiers.gold.discount'"),
    ("shipping.fee", float("inf"), "finite"),
])  # fmt: skip
def test_an_impossible_value_is_told_at_its_address(address: str, value: object, message: str) -> None:
    with pytest.raises(DocumentError, match=re.escape(message)) as refused:
        apply_levers(preset("four-tiers-simple")[0], {address: value})
    assert refused.value.problems[0].field == address


def test_a_text_that_is_no_policy_is_told_with_its_line() -> None:
    with pytest.raises(DocumentError, match=r"mine\.yaml:2 nme: unknown key 'nme'"):
        apply_levers("version: 1\nnme: x\n", {}, "mine.yaml")
