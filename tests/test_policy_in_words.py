"""Policies in words: explained to a member, compared lever by lever, and documented key by key."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner, Result

from memberlab.cli import main
from memberlab.policies import Policy, differences, load_policy, reference_page, told

ROOT = Path(__file__).parent.parent


def run(*arguments: str) -> Result:
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 0, result.output
    return result


def test_a_policy_is_told_as_a_member_would_hear_it() -> None:
    assert told(load_policy("jd-plus")) == [
        "Delivery costs 6 CNY an order and is free from 59 CNY.",
        "Each full 2 CNY paid for goods earns 1 point; what is paid by points and for delivery earns none.",
        "100 points pay 1 CNY: 0.5 % of what was paid comes back.",
        "From a balance of 500 points they can pay a whole order.",
        "Points expire when 24 months have passed after the month of earning; the oldest are used first.",
        "The paid membership costs 149 CNY a year and gives 2 times the points and free delivery.",
        "It adds 50,000 points at most in each year of membership to those earned without it.",
    ]


def test_every_promise_of_the_tiers_is_told() -> None:
    sentences = told(load_policy("four-tiers-simple").with_({"member_discount": "1 %", "points.expiry": "never"}))
    assert "Whoever has ordered once gets 1 % off list prices." in sentences
    assert "- silver, from 600 CNY: 2 % off list prices, 1.2 times the points and free delivery." in sentences
    assert "- ordinary, from the first order: no benefit of its own." in sentences
    assert "Points never expire." in sentences
    assert sentences[-1] == "Discounts of member, tier and membership are not added up: the largest one applies."


def test_the_service_desk_is_told() -> None:
    desk = {
        "shifts": {"day": {"starts": 9, "ends": 18, "agents": 2, "days": "weekdays"},
                   "own": {"starts": 8, "ends": 24, "agents": 1, "dedicated": True}},
        "hourly_cost": 30, "make_good": {"serious": 20},
        "promises": {"diamond": {"minutes": 30, "priority": 1, "dedicated": True}},
    }  # fmt: skip
    assert told(load_policy("four-tiers-simple").with_({"service": desk}))[-4:] == [
        "A service desk answers questions and complaints. Its shifts: day, 2 agents from 9 to 18 o'clock on weekdays; "
        "own, 1 agent from 8 to 24 o'clock every day, for those with dedicated service only.",
        "- diamond: place 1 in line, an answer within 30 minutes is promised, dedicated service.",
        "A complaint about an order is made good at once: 20 CNY for a serious failure, at most what was paid.",
        "An agent costs the shop 30 CNY an hour; in its hours an ordinary day has time for about 408 questions of "
        "5 minutes.",
    ]


def test_referral_limited_stock_and_price_protection_are_told() -> None:
    shared = {
        "referral": {"referrer": {"points": 500, "credit": 5}, "minimum_order": 50, "pending_days": 7,
                     "yearly_cap": 20},
        "special_price_pool": {"units": 1000, "price": 99, "discount": "30 %", "opens": 8,
                               "early_access": {"diamond": 3}},
        "price_protection": {"days": 15, "refund": "50 %"},
        "trial_before_buy": {"cost": 12, "from_tier": "gold"},
        "instalments": {"months": 6, "monthly_cost": "0.5 %", "minimum_order": 300},
        "instant_refund": {"from_tier": "diamond"},
    }  # fmt: skip
    assert told(load_policy("four-tiers-simple").with_(shared))[-7:] == [
        "Whoever refers a friend is rewarded for the friend's first order of 50 CNY or more: the referrer gets 500 "
        "points and 5 CNY, the friend nothing, 7 days later. A referrer gets it 20 times a year at most.",
        "Each month 1,000 units of 99 CNY are sold at 30 % off while stock lasts, from day 8 of the month, 1 to a "
        "member at most.",
        "Some may buy before that: diamond 3 days.",
        "If the price falls within 15 days of an order, 50 % of the difference is refunded to whoever asks.",
        "Goods can be tried before they are paid, by gold and above.",
        "Orders can be paid in 6 monthly instalments without interest, by whoever has ordered once on orders of "
        "300 CNY or more.",
        "Goods that are sent back are refunded at once, before they have arrived, to diamond and above.",
    ]


def test_no_programme_says_so() -> None:
    assert told(load_policy("no-programme"))[-1].startswith("There is no programme")


def test_explain_shows_the_give_back_by_tier() -> None:
    rows = json.loads(run("explain", "jd-plus", "--json").output)["give_back"]
    totals = {(row["terms"], row["shopper"]): row["total"] for row in rows}
    assert totals["everybody", "light"] == 0
    assert 0.0049 < totals["everybody", "heavy"] < 0.005
    assert 0.0099 < totals["everybody, paid member", "heavy"] < 0.0101
    assert "silver" in run("explain", "four-tiers-simple").output


def test_differences_say_what_rises_falls_comes_and_goes() -> None:
    before = load_policy("four-tiers-simple")
    changes = {
        "tiers.silver.threshold": 900, "tiers.gold.discount": "3 %", "shipping.free_from": "never",
        "membership": {"fee": 99, "discount": "5 %"}, "tiers.gold.free_shipping": False,
    }  # fmt: skip
    found = {one.change.address: one.words for one in differences(before, before.with_(changes))}
    assert found == {
        "shipping.free_from": "changes from 199 to never",
        "tiers.silver.threshold": "rises from 600 to 900 (+50 %)",
        "tiers.gold.discount": "falls from 4 % to 3 % (-1 percentage points)",
        "tiers.gold.free_shipping": "changes from true to false",
        "membership": "is new: fee 99, discount 5 %",
    }
    back = {one.change.address: one.words for one in differences(before.with_(changes), before)}
    assert back["membership"].startswith("is dropped; it was fee 99")


def test_a_tier_that_comes_is_one_difference_and_has_its_meaning() -> None:
    before = load_policy("four-tiers-simple")
    (found,) = differences(before, before.with_({"tiers.black": {"threshold": 9000, "discount": "8 %"}}))
    assert str(found).startswith("tiers.black is new: threshold 9000, discount 8 %")
    (lever,) = differences(before, before.with_({"points.expiry.months": 6}))
    assert str(lever) == "points.expiry.months falls from 12 to 6 (-50 %). Months from earning to expiry."


def test_diff_prints_the_levers() -> None:
    lines = run("diff", "four-tiers-simple", "jd-plus").output.splitlines()
    assert lines[0] == "four-tiers-simple -> jd-plus: 8 levers differ"
    assert run("diff", "jd-plus", "jd-plus").output == "jd-plus -> jd-plus: no lever differs\n"
    assert json.loads(run("diff", "jd-plus", "no-programme", "--json").output)[0]["after"] is not None


def test_diff_of_an_unknown_policy_is_refused() -> None:
    result = CliRunner().invoke(main, ["diff", "jd-pluss", "four-tiers-simple"])
    assert result.exit_code == 2
    assert "did you mean 'jd-plus'?" in result.output


def test_the_reference_page_is_up_to_date() -> None:
    """Write it anew with `memberlab schema policy --page > docs/policy-reference.md`."""
    page = reference_page(Policy, "Reference: policy files")
    assert (ROOT / "docs" / "policy-reference.md").read_text(encoding="utf-8") == page


def test_the_reference_page_has_every_key() -> None:
    page = reference_page(Policy, "x")
    rules = load_policy("four-tiers-simple").with_({"membership": {"fee": 1, "discount": "1 %"}}).model_dump()
    for section in ("shipping", "points", "membership"):
        part = page.split(f"\n## {section}\n")[1].split("\n## ")[0]
        assert all(f"| `{key}` |" in part for key in rules[section])
    part = page.split("\n## tiers.<name>\n")[1].split("\n## ")[0]
    assert all(f"| `{key}` |" in part for key in rules["tiers"]["gold"])
