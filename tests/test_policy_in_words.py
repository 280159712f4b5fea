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
    ]


def test_every_promise_of_the_tiers_is_told() -> None:
    sentences = told(load_policy("four-tier-fashion").with_({"member_discount": "1 %", "points.expiry": "never"}))
    assert "Whoever has ordered once gets 1 % off list prices." in sentences
    assert "- silver, from 600 CNY: 2 % off list prices, 1.2 times the points and free delivery." in sentences
    assert "- ordinary, from the first order: no benefit of its own." in sentences
    assert "Points never expire." in sentences
    assert sentences[-1] == "Discounts of member, tier and membership are not added up: the largest one applies."


def test_no_programme_says_so() -> None:
    assert told(load_policy("no-programme"))[-1].startswith("There is no programme")


def test_explain_shows_the_give_back_by_tier() -> None:
    rows = json.loads(run("explain", "jd-plus", "--json").output)["give_back"]
    totals = {(row["terms"], row["shopper"]): row["total"] for row in rows}
    assert totals["everybody", "light"] == 0
    assert 0.0049 < totals["everybody", "heavy"] < 0.005
    assert 0.0099 < totals["everybody, paid member", "heavy"] < 0.0101
    assert "silver" in run("explain", "four-tier-fashion").output


def test_differences_say_what_rises_falls_comes_and_goes() -> None:
    before = load_policy("four-tier-fashion")
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
    before = load_policy("four-tier-fashion")
    (found,) = differences(before, before.with_({"tiers.black": {"threshold": 9000, "discount": "8 %"}}))
    assert str(found).startswith("tiers.black is new: threshold 9000, discount 8 %")
    (lever,) = differences(before, before.with_({"points.expiry.months": 6}))
    assert str(lever) == "points.expiry.months falls from 12 to 6 (-50 %). Months from earning to expiry."


def test_diff_prints_the_levers() -> None:
    lines = run("diff", "four-tier-fashion", "jd-plus").output.splitlines()
    assert lines[0] == "four-tier-fashion -> jd-plus: 8 levers differ"
    assert run("diff", "jd-plus", "jd-plus").output == "jd-plus -> jd-plus: no lever differs\n"
    assert json.loads(run("diff", "jd-plus", "no-programme", "--json").output)[0]["after"] is not None


def test_diff_of_an_unknown_policy_is_refused() -> None:
    result = CliRunner().invoke(main, ["diff", "jd-pluss", "four-tier-fashion"])
    assert result.exit_code == 2
    assert "did you mean 'jd-plus'?" in result.output


def test_the_reference_page_is_up_to_date() -> None:
    """Write it anew with `memberlab schema policy --page > docs/policy-reference.md`."""
    page = reference_page(Policy, "Reference: policy files")
    assert (ROOT / "docs" / "policy-reference.md").read_text(encoding="utf-8") == page


def test_the_reference_page_has_every_key() -> None:
    page = reference_page(Policy, "x")
    rules = load_policy("four-tier-fashion").with_({"membership": {"fee": 1, "discount": "1 %"}}).model_dump()
    for section in ("shipping", "points", "membership"):
        part = page.split(f"\n## {section}\n")[1].split("\n## ")[0]
        assert all(f"| `{key}` |" in part for key in rules[section])
    part = page.split("\n## tiers.<name>\n")[1].split("\n## ")[0]
    assert all(f"| `{key}` |" in part for key in rules["tiers"]["gold"])
