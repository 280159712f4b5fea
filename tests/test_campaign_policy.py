"""Campaigns in a policy file: contradictions are refused with file and line; words, linter and differences."""

# ruff: noqa: E501 - a row of a table stands on one line

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

from memberlab.cli import main
from memberlab.policies import Customers, DocumentError, Policy, TypicalShopper, differences, lint, load_policy, told

from .worlds import small_scenario

PLAN = """name: plan
currency: CNY
points: {earn: {points: 1, per: 1}, redeem: {points: 1000, value: 10}}
tiers: {base: {threshold: 0}, gold: {threshold: 1000, discount: 2 %}}
contact:
  channels: {sms: {cost: 0.05}}
campaigns:
  member-day:
    when: 12..14 monthly
    to: {tiers: gold}
    discount: 5 %
    message: sms
    budget: {money: 50000, units_a_member: 1}
  ladder:
    when: lunar 8-15 and 7 days before
    gifts:
      small: {spend: 400, cost: 20, value: 30}
      large: {spend: 800, cost: 40, value: 70}
"""


def plan(tmp_path: Path, text: str = PLAN) -> Policy:
    path = tmp_path / "plan.yaml"
    path.write_text(text, encoding="utf-8")
    return load_policy(str(path))


def customers(basket: float = 20_000.0) -> Customers:
    typical = tuple(
        TypicalShopper(name, orders, basket, 6.0) for name, orders in (("light", 1), ("median", 4), ("heavy", 20))
    )
    return Customers(typical, 10_000_000.0, 4_000)


def test_a_plan_loads_and_is_written_back_the_same(tmp_path: Path) -> None:
    loaded = plan(tmp_path)
    assert plan(tmp_path, loaded.to_yaml()) == loaded
    assert loaded.campaigns["member-day"].budget.money == 5_000_000
    assert loaded.value_at("campaigns.ladder.gifts.large.cost") == 40


@pytest.mark.parametrize(
    ("old", "new", "line", "address", "wrong"),
    [
        ("tiers: gold", "tiers: golt", 10, "campaigns.member-day.to.tiers", "unknown tier 'golt', did you mean 'gold'?"),
        ("tiers: gold", "members: paid", 10, "campaigns.member-day.to.members", "the policy has no membership"),
        ("tiers: gold", "stages: fresh", 10, "campaigns.member-day.to.stages", "unknown stage 'fresh'"),
        ("tiers: gold", "arm_from: 60 %, arm_until: 50 %", 10, "campaigns.member-day.to.arm_until", "nobody is meant"),
        ("tiers: gold", "last_order_from: 9, last_order_until: 3", 10, "campaigns.member-day.to.last_order_until", "nobody is meant"),
        ("message: sms", "message: smz", 12, "campaigns.member-day.message", "unknown channel 'smz', did you mean 'sms'?"),
        ("50000", "50000 USD", 13, "campaigns.member-day.budget.money", "'50000 USD' is not a number"),
        ("50000", "100, money_a_day: 200", 13, "campaigns.member-day.budget.money_a_day", "200 a day is above money, 100"),
        ("8-15", "13-1", 15, "campaigns.ladder.when", "the lunar year has no month 13"),
        ("spend: 800", "spend: 300", 18, "campaigns.ladder.gifts.large.spend", "300 is not above small's 400"),
        ("  ladder:", "  member-day:", 14, "campaigns.member-day", "duplicate"),
        ("discount: 5 %", "amount_off: 30\n    discount: 5 %", 11, "campaigns.member-day.amount_off", "write two campaigns"),
        ("discount: 5 %", "amount_off: 30\n    minimum_spend: 20", 12, "campaigns.member-day.minimum_spend", "20 is not above amount_off, 30"),
        ("discount: 5 %", "discount: 5 %\n    points_multiplier: 0.5", 12, "campaigns.member-day.points_multiplier", "is below 1"),
        ("discount: 5 %", "discount: 5 %\n    balance: {margin: 30 %, least: 6 %, most: 9 %}", 12, "campaigns.member-day.balance", "outside 6 % to 9 %"),
        ("discount: 5 %", "discount: 5 %\n    balance: {margin: 30 %, least: 6 %, most: 6 %}", 12, "campaigns.member-day.balance.most", "is not above least"),
        ("when: 12..14 monthly", "when: challenge reached and 2 days after", 9, "campaigns.member-day.when", "no campaign has one"),
        ("when: 12..14 monthly", "when: birthday\n    event: {reach: 5 %}", 10, "campaigns.member-day.event", "write dates in when"),
        ("message: sms", "personalised: {cost: 1}", 12, "campaigns.member-day.personalised", "write message"),
        ("cost: 0.05}}", "cost: 0.05}}\n  most_in_7_days: 7", 7, "contact.most_in_30_days", "is below most_in_7_days"),
    ],
)  # fmt: skip
def test_contradictions_are_refused_with_file_and_line(
    tmp_path: Path, old: str, new: str, line: int, address: str, wrong: str
) -> None:
    assert old in PLAN
    with pytest.raises(DocumentError) as error:
        plan(tmp_path, PLAN.replace(old, new, 1))
    problem = error.value.problems[0]
    assert Path(problem.file).name == "plan.yaml"
    assert wrong in problem.message
    if address != "contact.most_in_30_days":  # a default that does not fit: the message stands at the section
        assert (problem.line, problem.field) == (line, address)


def test_points_contact_and_benefits_must_be_there(tmp_path: Path) -> None:
    no_points = PLAN.replace("points: {earn", "# {earn").replace("discount: 5 %", "points_multiplier: 2")
    no_contact = PLAN.replace("contact:\n  channels: {sms: {cost: 0.05}}\n", "")
    nothing = PLAN.replace("    discount: 5 %\n    message: sms\n", "")
    for text, wrong in (
        (no_points, "the policy has none"), (no_contact, "the policy has no contact section"), (nothing, "gives nothing and tells nobody")
    ):  # fmt: skip
        with pytest.raises(DocumentError, match=wrong):
            plan(tmp_path, text)


def test_seventeen_campaigns_and_five_channels_are_too_many(tmp_path: Path) -> None:
    base = plan(tmp_path)
    with pytest.raises(DocumentError, match="17 campaigns are too many"):
        base.with_({"campaigns": {f"c{n}": {"when": "always", "discount": "1 %"} for n in range(17)}})
    with pytest.raises(DocumentError, match="5 channels are too many"):
        base.with_({"contact.channels": {f"c{n}": {} for n in range(5)}})


def test_words(tmp_path: Path) -> None:
    sentences = told(plan(tmp_path))
    assert (
        "- member-day: on 12..14 monthly, for tier gold: 5 % off; announced by a message on sms; until 50,000 CNY are spent or a member has used it once."
        in sentences
    )
    assert (
        "- ladder: on lunar 8-15 and 7 days before, for all: a gift worth 30 CNY from 400 CNY of goods and a gift worth 70 CNY from 800 CNY of goods."
        in sentences
    )
    assert "Members are reached by sms at 0.05 CNY a message: at most 2 messages in 7 days and 6 in 30." in sentences


@pytest.mark.parametrize(
    ("when", "words"),
    [
        ("birthday and 6 days before", "on the birthday and 6 days before it"),
        ("birthday month", "in the month of the member's birthday"),
        ("first order and 7 days after", "for 7 days after the first order"),
        ("every 100 orders and 7 days after", "for 7 days after every 100 orders"),
        ("90 silent days and 14 days after", "from 90 days after the last order on, for 15 days"),
        ("tier upgrade and 7 days after", "on the day of a promotion and 7 days after it"),
        ("always", "always"),
    ],
)
def test_words_for_own_days(tmp_path: Path, when: str, words: str) -> None:
    changed = plan(tmp_path).with_({"campaigns.member-day.when": when})
    assert any(sentence.startswith(f"- member-day: {words}, for tier gold") for sentence in told(changed))


def test_differences_name_the_lever(tmp_path: Path) -> None:
    base = plan(tmp_path)
    changed = base.with_({"campaigns.member-day.discount": "8 %", "campaigns.ladder.when": "11-11"})
    lines = [str(one) for one in differences(base, changed)]
    assert lines[0].startswith("campaigns.member-day.discount rises from 5 % to 8 %")
    assert lines[1].startswith("campaigns.ladder.when changes from lunar 8-15 and 7 days before to 11-11")


def test_a_run_shows_and_keeps_what_each_campaign_did(tmp_path: Path) -> None:
    plan(tmp_path, PLAN.replace("12..14 monthly", "12..14 monthly, 01-20"))
    scenario = tmp_path / "small.yaml"
    scenario.write_text(small_scenario(population__shoppers=100, horizon__months=2).to_yaml(), encoding="utf-8")
    command = ["run", str(tmp_path / "plan.yaml"), "--scenario", str(scenario), "--out", str(tmp_path / "out")]
    result = CliRunner().invoke(main, command)
    assert result.exit_code == 0, result.output
    assert re.search("Campaigns, CNY.*member-day.*ladder", result.output, re.DOTALL)
    table = pd.read_parquet(tmp_path / "out" / "campaigns.parquet").set_index("name")
    assert table.loc["member-day", "days"] == 7
    daily = pd.read_parquet(tmp_path / "out" / "daily.parquet").groupby("measure")["value"].sum()
    assert table["messages"].sum() == daily.get("messages_sent", 0)


class TestLinter:
    def rules(self, policy: Policy) -> dict[str, str]:
        return {finding.rule: finding.address for finding in lint(policy, customers())}

    def test_a_sound_plan_has_no_finding_about_campaigns(self, tmp_path: Path) -> None:
        assert not [rule for rule in self.rules(plan(tmp_path)) if "campaign" in rule or "budget" in rule]

    def test_days_that_never_come(self, tmp_path: Path) -> None:
        past = plan(tmp_path).with_({"campaigns.ladder.when": "2020-05-01"})
        assert self.rules(past)["campaign-never-on"] == "campaigns.ladder.when"

    def test_a_budget_that_does_not_pay_for_one_order(self, tmp_path: Path) -> None:
        small = plan(tmp_path).with_({"campaigns.member-day.budget.money": 9})  # a median order costs 10
        assert self.rules(small)["budget-below-a-day"] == "campaigns.member-day.budget.money"
        enough = plan(tmp_path).with_({"campaigns.member-day.budget.money": 10})
        assert "budget-below-a-day" not in self.rules(enough)

    def test_a_campaign_that_eats_the_margin_with_the_standing_discount(self, tmp_path: Path) -> None:
        # 2 % standing and 39 % of the rest: 40.22 % of an order that earns 40 %
        deep = plan(tmp_path).with_({"campaigns.member-day.discount": "39 %"})
        assert self.rules(deep)["campaign-eats-the-margin"] == "campaigns.member-day"
        less = plan(tmp_path).with_({"campaigns.member-day.discount": "38 %"})
        assert "campaign-eats-the-margin" not in self.rules(less)

    def test_a_discount_that_the_cap_cuts(self, tmp_path: Path) -> None:
        capped = plan(tmp_path).with_({"stacking.most": "4 %"})
        assert self.rules(capped)["campaign-over-the-cap"] == "campaigns.member-day.discount"
        roomy = plan(tmp_path).with_({"stacking.most": "10 %"})
        assert "campaign-over-the-cap" not in self.rules(roomy)

    def test_campaigns_that_overlap_and_give_too_much_together(self, tmp_path: Path) -> None:
        changes = {
            "campaigns.ladder.when": "14 monthly", "campaigns.ladder.gifts": {"g": {"cost": 50, "value": 90}},
            "campaigns.member-day.discount": "30 %",
        }  # fmt: skip
        assert self.rules(plan(tmp_path).with_(changes))["campaigns-overlap"] == "campaigns.ladder.when"
        apart = plan(tmp_path).with_({**changes, "campaigns.ladder.when": "20 monthly"})
        assert "campaigns-overlap" not in self.rules(apart)
