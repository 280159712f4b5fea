"""The campaign desk: campaigns in a full world, margins that are held, budgets over nights and regions."""

from __future__ import annotations

import datetime
from functools import lru_cache
from pathlib import Path

import numpy as np
import pytest

from memberlab.policies import DocumentError
from memberlab.results import campaign_lines
from memberlab.sim import GUEST_STATE, Outcome, Snapshot, World, calendar_of, merge_regions, warm_up

from .worlds import CAMPAIGNS, CONTACT, brisk_population, campaigning, full_policy, small_scenario


@lru_cache(maxsize=1)
def morning() -> Snapshot:
    return warm_up(small_scenario(), incumbent=campaigning(), population=brisk_population())


def test_every_kind_of_campaign_is_used_and_both_drivers_agree() -> None:
    outcome = World.resume(morning()).run(calendar_of(small_scenario()).end)
    other = World.resume(morning()).run(calendar_of(small_scenario()).end, day_by_day=True)
    assert other.digest() == outcome.digest()
    assert (other.campaigns == outcome.campaigns).all()
    assert (other.cards == outcome.cards).all()
    report = dict(zip(CAMPAIGNS, outcome.campaigns, strict=True))
    assert [name for name, one in report.items() if one["units"] == 0 and name != "live"] == []
    given = (
        outcome.total("campaign_discount")
        + outcome.total("campaign_gifts")
        + outcome.total("gifts_without_order")
        + outcome.total("shipping_waived_by_campaign")
    )
    assert outcome.campaigns["money"].sum() == given
    assert outcome.campaigns["contact"].sum() == outcome.total("messages") + outcome.total("engagement")
    assert outcome.campaigns["points"].sum() == outcome.total("campaign_points") + outcome.total("challenge_points")
    assert outcome.campaigns["messages"].sum() == outcome.total("messages_sent")
    assert outcome.campaigns["visits"].sum() == outcome.total("prompted_visits")
    assert report["double-11"]["days"] == 4  # 8 to 11 November 2026; the horizon ends in June 2027


def test_a_night_in_a_file_changes_nothing(tmp_path: Path) -> None:
    start, end = morning().day, morning().day + 380
    whole = World.resume(morning())
    expected = whole.run(end)
    world = World.resume(morning())
    pieces = [world.run(start + 133)]  # the middle of a month, and of a member day
    for number, until in enumerate((start + 181, end)):  # 1 July, on whose morning discounts are balanced
        world.save(tmp_path / f"{number}.npz")
        world = World.load(tmp_path / f"{number}.npz")
        pieces.append(world.run(until))
    ledger = np.concatenate([piece.ledger for piece in pieces])
    posted_as_books_close = {"fees_earned", "fees_of_month_before", "tax_of_month_before"}  # the running month's fees
    for measure in set(ledger.dtype.names or ()) - posted_as_books_close:
        assert (ledger[measure] == expected.ledger[measure]).all(), measure
    for field in ("money", "contact", "units", "orders", "points", "messages", "visits", "days"):
        added = np.sum([piece.campaigns[field] for piece in pieces], axis=0)
        assert (added == expected.campaigns[field]).all(), field
    assert (world.cards == whole.cards).all()


def test_campaigns_that_stay_go_on_in_an_arm_and_new_ones_begin_on_launch_day() -> None:
    same = World.resume(morning()).run(morning().day + 90)
    renamed = World.resume(morning(), campaigning().with_({"name": "another"})).run(morning().day + 90)
    assert renamed.digest() == same.digest()
    sale = full_policy().with_(
        {"contact": CONTACT, "campaigns": {"sale": {"when": "12-20..01-10", "discount": "9 %", "message": "sms"}}}
    )
    arm = World.resume(warm_up(small_scenario(), incumbent=full_policy(), population=brisk_population()), sale)
    outcome = arm.run(arm.launch + 30)
    used = np.flatnonzero(outcome.ledger["campaign_discount"].sum(axis=1))
    assert used.max() == 9  # to 10 January
    assert outcome.ledger["messages_sent"].sum(axis=1)[0] == outcome.total("messages_sent") > 0
    assert outcome.campaigns["days"][0] == 10


def regions(parts: int, until: int) -> list[Outcome]:
    scenario = small_scenario(regions=parts)
    first = (World(campaigning(), scenario, region=region, population=brisk_population()) for region in range(parts))
    return [world.run(until) for world in first]


def test_regions_spend_no_more_than_the_budget_together() -> None:
    merged = merge_regions(regions(3, 365))
    names = list(CAMPAIGNS)
    assert merged.campaigns["money"][names.index("member-day")] <= 12 * 40_000
    assert merged.campaigns["units"][names.index("double-11")] <= 4 * 8
    assert merged.campaigns["units"][names.index("festival")] == 20  # there are more members than gifts
    assert merged.campaigns["money"][names.index("festival")] == 20 * 400
    assert merged.campaigns["contact"][names.index("live")] > 0
    costs = [
        int(
            World(campaigning(), small_scenario(regions=3), region=r)._table.programme["campaign_cost"][
                0, names.index("live")
            ]
        )
        for r in range(3)
    ]
    assert sum(costs) == 6_000


def test_lunar_days_need_a_table() -> None:
    festival = full_policy().with_({"campaigns": {"f": {"when": "lunar 8-15", "discount": "5 %"}}})
    World(festival, small_scenario(start="2098-01-01"))
    with pytest.raises(DocumentError, match="the lunar calendar's tables end in 2100"):
        World(festival, small_scenario(start="2101-01-01"))


def test_a_line_for_each_campaign_says_when_its_budget_ran_out() -> None:
    capped = {"when": "03-05..03-20", "discount": "5 %", "budget": {"units": 2}}
    rules = full_policy().with_({"campaigns": {"capped": capped, "open": {"when": "04-01", "discount": "5 %"}}})
    world = World.resume(warm_up(small_scenario(), incumbent=rules, population=brisk_population()))
    outcome = world.run(world.launch + 120)
    first, second = campaign_lines(outcome)
    daily = outcome.ledger["campaign_discount"].sum(axis=1)
    march = np.flatnonzero(daily[:80])
    assert (first.name, first.units, first.given) == ("capped", 2, int(daily[:80].sum()))
    assert first.ran_out == datetime.date(2026, 1, 1) + datetime.timedelta(days=int(march.max()))
    assert first.days == (first.ran_out - datetime.date(2026, 3, 5)).days + 1
    assert (second.days, second.ran_out) == (1, None)


@pytest.mark.parametrize(("target", "least", "most"), [("0 %", "0 %", "6 %"), ("99 %", "0 %", "6 %")])
def test_a_balanced_discount_moves_a_step_a_month_within_its_bounds(target: str, least: str, most: str) -> None:
    balance = {"margin": target, "least": least, "most": most, "step": "2 %"}
    rule = full_policy().with_({"campaigns": {"all": {"when": "always", "discount": "4 %", "balance": balance}}})
    world = World.resume(warm_up(small_scenario(), incumbent=rule, population=brisk_population()))
    depth = 600 if target == "0 %" else 0
    outcome = world.run(world.launch + 31)
    members = outcome.ledger[:, :GUEST_STATE]  # a first order is nobody's yet
    after = sum(int(members[line].sum()) for line in ("gmv", "campaign_discount"))
    assert outcome.total("campaign_discount") == pytest.approx(after * depth / 10_000, rel=0.001)


def test_the_depth_follows_last_months_margin_step_by_step() -> None:
    """Recomputed from the ledger: margin of orders of each month against the target."""
    balance = {"margin": "33 %", "least": "0 %", "most": "9 %", "step": "1.5 %"}
    rule = full_policy().with_({"campaigns": {"all": {"when": "always", "discount": "3 %", "balance": balance}}})
    world = World(rule, small_scenario(), population=brisk_population())
    starts = calendar_of(small_scenario()).month_starts
    depth, moves = 300, set()
    for month in range(1, 12):
        outcome = world.run(starts[month] + 1)
        rows = outcome.ledger[starts[month - 1] : starts[month]]
        margin = sum(int(rows[line].sum()) for line in ("gmv", "shipping_charged"))
        margin -= sum(
            int(rows[line].sum()) for line in ("points_paid", "cost_of_goods", "shipping_cost", "payment_cost")
        )
        above = margin * 10_000 > 3_300 * int(rows["gmv"].sum())
        moves.add(above)
        depth = min(900, max(0, depth + (150 if above else -150)))
        assert world._market["campaign_depth"][0, 0] == depth
    assert moves
