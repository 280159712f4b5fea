"""Gifts without an order in a policy file: refused with file and line, told, compared, held against the margin."""

from __future__ import annotations

from pathlib import Path

import pytest

from memberlab.policies import Customers, DocumentError, Policy, TypicalShopper, differences, lint, load_policy, told

PLAN = """name: plan
currency: CNY
tiers:
  base: {threshold: 0, welcome_gift: {cost: 2, value: 5}}
  gold: {threshold: 1000, welcome_gift: {cost: 40, value: 99}}
  lent: {threshold: never}
membership: {fee: 99, grants_tier: lent}
campaigns:
  birthday:
    when: birthday
    to: {tiers: gold}
    gift: {cost: 15, value: 30}
    budget: {money: 3000}
"""


def plan(tmp_path: Path, text: str = PLAN) -> Policy:
    path = tmp_path / "plan.yaml"
    path.write_text(text, encoding="utf-8")
    return load_policy(str(path))


def found(policy: Policy) -> dict[str, str]:
    """Return the findings about gifts and budgets: rule and address."""
    typical = tuple(
        TypicalShopper(name, orders, 20_000.0, 6.0) for name, orders in (("light", 1), ("median", 4), ("heavy", 20))
    )
    rules = {finding.rule: finding.address for finding in lint(policy, Customers(typical, 10_000_000.0, 4_000))}
    return {rule: address for rule, address in rules.items() if "gift" in rule or "budget" in rule}


def test_a_plan_loads_and_is_written_back_the_same(tmp_path: Path) -> None:
    loaded = plan(tmp_path)
    assert plan(tmp_path, loaded.to_yaml()) == loaded
    gift, welcome = loaded.campaigns["birthday"].gift, loaded.tiers["gold"].welcome_gift
    assert gift is not None and (gift.cost, gift.value) == (1_500, 3_000)
    assert welcome is not None and (welcome.cost, welcome.value) == (4_000, 9_900)


@pytest.mark.parametrize(
    ("old", "new", "line", "address", "wrong"),
    [
        ("gift: {cost: 15, value: 30}", "gift: {cost: 15}", 12, "campaigns.birthday.gift.value",
         "this key is required"),
        ("gift: {cost: 15", "gift: {cost: -15", 12, "campaigns.birthday.gift.cost", "-15"),
        ("gift: {cost: 15", "gift: {worth: 15", 12, "campaigns.birthday.gift.worth", "unknown key"),
        ("{cost: 40, value: 99}", "{cost: 40, value: much}", 5, "tiers.gold.welcome_gift.value", "'much' is not a"),
        ("{threshold: never}", "{threshold: never, welcome_gift: {cost: 1, value: 2}}", 6, "tiers.lent.welcome_gift",
         "is never given, as neither a threshold nor an invitation leads to the tier"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_with_file_and_line(
    tmp_path: Path, old: str, new: str, line: int, address: str, wrong: str
) -> None:
    assert old in PLAN
    with pytest.raises(DocumentError) as error:
        plan(tmp_path, PLAN.replace(old, new, 1))
    places = {(problem.line, problem.field): problem.message for problem in error.value.problems}
    assert wrong in places[line, address]


def test_a_campaign_may_give_a_gift_and_nothing_else(tmp_path: Path) -> None:
    bare = PLAN.replace("    gift: {cost: 15, value: 30}\n", "")
    with pytest.raises(DocumentError, match="gives nothing and tells nobody"):
        plan(tmp_path, bare)


def test_an_invited_tier_may_have_a_welcome_gift(tmp_path: Path) -> None:
    black = {"threshold": "never", "invitation": {"value": 1}, "welcome_gift": {"cost": 1, "value": 2}}
    assert plan(tmp_path).with_({"tiers.black": black}).tiers["black"].welcome_gift is not None


def test_words(tmp_path: Path) -> None:
    sentences = told(plan(tmp_path))
    assert (
        "- birthday: on the birthday, for tier gold: a gift worth 30 CNY without an order; until 3,000 CNY are spent."
    ) in sentences
    assert "- gold, from 1,000 CNY: a welcome gift worth 99 CNY." in sentences


def test_differences(tmp_path: Path) -> None:
    base = plan(tmp_path)
    other = base.with_({"tiers.base.welcome_gift": None, "campaigns.birthday.gift.value": 60})
    assert [str(one) for one in differences(base, other)] == [
        "tiers.base.welcome_gift is dropped; it was cost 2, value 5. Gift once a member on first reaching the tier, on "
        "the next morning.",
        "campaigns.birthday.gift.value rises from 30 to 60 (+100 %). What it is worth to a member.",
    ]


def test_a_gift_may_cost_more_than_it_is_worth(tmp_path: Path) -> None:
    assert found(plan(tmp_path).with_({"campaigns.birthday.gift.value": 1})) == {}


def test_a_budget_that_does_not_pay_for_one_gift(tmp_path: Path) -> None:
    assert found(plan(tmp_path).with_({"campaigns.birthday.budget.money": 14})) == {
        "budget-below-a-day": "campaigns.birthday.budget.money"
    }
    assert found(plan(tmp_path).with_({"campaigns.birthday.budget.money": 15})) == {}
    assert found(plan(tmp_path).with_({"campaigns.birthday.budget.money_a_day": 9})) == {
        "budget-below-a-day": "campaigns.birthday.budget.money_a_day"
    }


def test_a_welcome_that_costs_more_than_the_way_to_the_tier_earns(tmp_path: Path) -> None:
    """A median first order of 200 earns 80, the way to gold 400."""
    base = plan(tmp_path)
    for tier, earns in (("base", 80), ("gold", 400)):
        address = f"tiers.{tier}.welcome_gift.cost"
        assert found(base.with_({address: earns})) == {}
        assert found(base.with_({address: earns + 1})) == {"welcome-gift-above-its-margin": address}
