"""Coupons, categories and stacking in a policy file: what is refused, what the linter says, how it is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from memberlab.policies import DocumentError, Finding, lint, load_policy, told
from memberlab.scenarios import customers_of, load_scenario
from memberlab.sim import fail_if_policy_does_not_fit

HEAD = """version: 1
name: offers
currency: CNY
tiers:
  low: {threshold: 0}
  high: {threshold: 500, coupons_a_month: 2}
"""


def problems(tmp_path: Path, text: str) -> list[str]:
    file = tmp_path / "offers.yaml"
    file.write_text(HEAD + text, encoding="utf-8")
    with pytest.raises(DocumentError) as refusal:
        load_policy(str(file))
    return [str(problem).removeprefix(f"{file}:") for problem in refusal.value.problems]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "6 tiers.high.coupons_a_month: 2 coupons a month, but the policy says nowhere what a coupon is"),
        ("coupons: {a_month: 1, minimum_spend: 5}\n", "7 coupons.minimum_spend: a coupon has neither a value nor a"),
        ("coupons: {value: 5, share: 5 %, minimum_spend: 9}\n", "7 coupons.minimum_spend: a coupon has both a value"),
        ("coupons: {value: 5, minimum_spend: 5}\n", "7 coupons.minimum_spend: the minimum spend must be above the"),
        ("coupons: {value: 5, minimum_spend: 9, valid_days: 121}\n", "7 coupons.valid_days: 121 is above 120"),
        ("coupons: {value: 5, minimum_spend: 9}\ncategories: {shoes: {discount: 5 %, tiers: [hgih]}}\n",
         "8 categories.shoes.tiers.0: there is no tier 'hgih'; write one of low, high"),
        ("coupons: {value: 5, minimum_spend: 9}\ncategories: {shoes: {discount: 5 %, paid_members_only: true}}\n",
         "8 categories.shoes.paid_members_only: there is no paid membership"),
        ("coupons: {value: 5, minimum_spend: 9}\ncategories: {shoes: {earn_multiplier: 2}}\n",
         "8 categories.shoes.earn_multiplier: there are no points to multiply"),
        ("coupons: {value: 5, minimum_spend: 9}\ncategories: {shoes: {}}\n", "8 categories.shoes: promises nothing"),
        ("stacking:\n  exclusive: [[standing, coupon], [coupon, category]]\n",
         "8 stacking.exclusive.1: 'coupon' stands in group 1 already; groups may not overlap, join them"),
        ("stacking: {exclusive: [[coupon]]}\n", "7 stacking.exclusive.0: a group of one excludes nothing"),
        ("stacking: {order: [coupon, coupon]}\n", "7 stacking.order: coupon stands there twice; write each kind once"),
        ("stacking: {order: [voucher]}\n", "7 stacking.order.0: 'voucher' is not allowed here; write 'standing',"),
    ],
)  # fmt: skip
def test_contradictions_are_named_with_their_line(tmp_path: Path, text: str, expected: str) -> None:
    assert any(problem.startswith(expected) for problem in problems(tmp_path, text)), problems(tmp_path, text)


def test_nobody_gets_a_coupon(tmp_path: Path) -> None:
    text = "coupons: {value: 5, minimum_spend: 9}\n".join(["", ""])
    file = tmp_path / "offers.yaml"
    file.write_text(HEAD.replace(", coupons_a_month: 2", "") + text, encoding="utf-8")
    with pytest.raises(DocumentError, match=r"offers\.yaml:7 coupons: nobody gets a coupon"):
        load_policy(str(file))


def test_a_category_that_the_scenario_lacks_is_refused() -> None:
    policy = load_policy("no-programme").with_({"categories": {"shoes": {"discount": "5 %"}}})
    with pytest.raises(DocumentError, match=r"categories\.shoes: scenario baseline has no such category"):
        fail_if_policy_does_not_fit(policy, load_scenario("baseline"))


def findings(**changes: object) -> dict[str, Finding]:
    base = {"currency": "CNY", "coupons": {"value": 20, "minimum_spend": 200, "a_month": 1}}
    policy = load_policy("no-programme").with_(base).with_({a.replace("__", "."): v for a, v in changes.items()})
    return {finding.rule: finding for finding in lint(policy, customers_of(load_scenario("baseline")))}


def test_a_coupon_that_takes_the_margin_is_an_error() -> None:
    """20 off 45 is 44 % of list value, the margin is 40 %: 45 of list value lose 2 before delivery."""
    assert "coupon-takes-the-margin" not in findings()
    found = findings(coupons__minimum_spend=45)["coupon-takes-the-margin"]
    assert "44.4% of list value" in found.message
    assert "loses 2 CNY" in found.money
    assert "coupon-takes-the-margin" not in findings(coupons__minimum_spend=45, stacking__most="30 %")


def test_a_cap_that_never_binds_is_noted() -> None:
    assert "cap-that-never-binds" not in findings(stacking__most="9.9 %")
    assert "10 % is more than all reductions" in findings(stacking__most="10 %")["cap-that-never-binds"].message


def test_coupons_count_as_a_benefit_of_a_tier() -> None:
    tiers = {"low": {"threshold": 0}, "high": {"threshold": 500, "coupons_a_month": 2}}
    assert "dominated-tier" not in findings(tiers=tiers)
    assert "dominated-tier" in findings(tiers={"low": {"threshold": 0}, "high": {"threshold": 500}})
    lost = {"low": {"threshold": 0, "coupons_a_month": 2}, "high": {"threshold": 500, "discount": "1 %"}}
    assert "coupons_a_month" in findings(tiers=lost)["benefit-lost"].address


def test_offers_are_told() -> None:
    policy = load_policy("no-programme").with_(
        {"currency": "CNY", "member_discount": "2 %", "categories": {"shoes": {"discount": "5 %"}},
         "coupons": {"share": "10 %", "minimum_spend": 50, "a_month": 1, "most_used_a_month": 1},
         "stacking": {"order": ["coupon"], "exclusive": [["standing", "category"]], "most": "20 %"}}
    )  # fmt: skip
    sentences = told(policy)
    assert "On shoes, members get 5 % off list prices." in sentences
    coupon = "A coupon takes 10 % off an order from a spend of 50 CNY and can be used for 30 days from the first of its"
    assert f"{coupon} month." in sentences
    assert "A member can use 1 coupon a month at most." in sentences
    assert "All reductions together take at most 20 % off an order's list value." in sentences
    assert any(
        sentence.startswith("Prices come down in this order: coupons, the discount of") for sentence in sentences
    )
