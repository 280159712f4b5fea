"""Terms, plans, first fees and trials of the paid membership, recomputed by hand to the cent and the day."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import numpy as np
import pytest

from memberlab.policies import load_policy
from memberlab.sim import MEMBER, Books, Position, Purpose, World, check_identities, keyed_uniforms

from .memberships import (
    FOR_SURE,
    NEVER_AGAIN,
    ON_TRIAL,
    YEAR,
    chance,
    draws,
    joined,
    keen_world,
    members,
    membership_policy,
    perks,
    stayed,
)
from .worlds import days_with


def earned(fee: int, elapsed: int, days: int) -> int:
    """Return the cents of a fee earned in the first `elapsed` days of a term."""
    return fee * min(days, max(0, elapsed)) // days


@pytest.mark.parametrize("months", [1, 3, 7, 24])
def test_terms_follow_each_other_without_drift_and_their_fees_are_earned_to_the_cent(months: int) -> None:
    world = keen_world(membership_policy({"fee": 1.99, "months": months}), 40)
    days, horizon = joined(world), 500
    outcome = world.run(world.launch + horizon)
    billed: Counter[int] = Counter()
    earned_by_then = deferred = 0
    for start in days.values():
        edges = [start + number * months * YEAR // 12 for number in range(horizon)]
        for edge, following in pairwise(edges):
            if edge < world.launch + horizon:
                billed[edge] += 199
                part = earned(199, world.launch + horizon - edge, following - edge)
                earned_by_then += part
                deferred += 199 - part
    assert days_with(outcome, "fees_billed") == dict(billed)
    assert outcome.total("fees_earned") == earned_by_then
    assert outcome.closing.deferred_fees == deferred
    assert outcome.total("renewals") == sum(billed.values()) // 199 - len(days)
    assert outcome.total("cancellations") == 0


def test_twelve_terms_of_a_month_are_a_year() -> None:
    world = keen_world(membership_policy({"fee": 1, "months": 1}), 40)
    days = joined(world)
    outcome = world.run(world.launch + YEAR + 5)
    ends = {shopper: int(outcome.shoppers["term_end"][shopper]) for shopper in days}
    assert ends == {shopper: day + 13 * YEAR // 12 for shopper, day in days.items()}
    assert outcome.total("renewals") == 12 * len(days)


def test_a_term_brought_over_from_another_policy_keeps_its_length() -> None:
    monthly, yearly = (membership_policy({"fee": 30, "months": months}) for months in (1, 12))
    snapshot = members(monthly, [10], FOR_SURE, days=30)
    for arm in (yearly, monthly.with_({"membership.fee": 40, "membership.months": 12})):
        outcome = World.resume(snapshot, arm).run(snapshot.day + 60)
        assert arm.membership is not None
        fee = arm.membership.fee
        assert outcome.opening.deferred_fees == 3_000 - earned(3_000, 10, 30)
        assert days_with(outcome, "fees_billed") == {snapshot.day + 20: fee}
        assert outcome.shoppers["term_end"].tolist() == [snapshot.day + 20 + YEAR]
        assert outcome.closing.deferred_fees == fee - earned(fee, 40, YEAR)
    outcome = World.resume(snapshot, load_policy("no-programme")).run(snapshot.day + 60)
    assert outcome.total("fees_refunded") == 3_000 - earned(3_000, 10, 30)
    yearly_snapshot = members(yearly, [100], FOR_SURE)
    outcome = World.resume(yearly_snapshot, monthly).run(snapshot.day + 300)
    assert min(days_with(outcome, "fees_billed")) == snapshot.day + 265
    assert outcome.total("fees_earned") > 3_000 - earned(3_000, 100, YEAR)


def test_short_terms_are_renewed_unseen_until_the_member_looks_at_a_charge() -> None:
    """Nobody wants to stay: whoever looks leaves. Of members of a month, 36 % look at each charge."""
    snapshot = members(
        membership_policy({"fee": 30, "months": 1}), [30 - day for day in range(1, 21)] * 30, NEVER_AGAIN, days=30
    )
    ends = snapshot.shoppers["term_end"].astype(np.int64)
    outcome = World.resume(snapshot).run(snapshot.day + 25)
    unseen = draws(snapshot, ends, Purpose.CHARGE_ATTENTION) < 1 - 0.36
    assert stayed(outcome) == unseen.tolist()
    assert outcome.total("renewals") == int(unseen.sum())
    quarter = members(
        membership_policy({"fee": 30, "months": 3}), [91 - day for day in range(1, 21)] * 30, NEVER_AGAIN, days=91
    )
    outcome = World.resume(quarter).run(quarter.day + 25)
    unseen = draws(quarter, quarter.shoppers["term_end"].astype(np.int64), Purpose.CHARGE_ATTENTION) < 0.64**3
    assert stayed(outcome) == unseen.tolist()


def test_a_month_moves_the_belief_by_the_part_that_compounds_to_a_year() -> None:
    snapshot = members(membership_policy({"fee": 30, "months": 1}), [30 - day for day in range(1, 21)], 4_000, days=30)
    snapshot.shoppers["term_saving"] = 700
    outcome = World.resume(snapshot).run(snapshot.day + 25)
    years = 30 / 365
    realised = 700 / years + perks(snapshot)
    expected = 4_000 + (1 - 0.4**years) * (realised - 4_000)
    np.testing.assert_allclose(outcome.shoppers["expected_benefit"], expected, rtol=1e-5)


def test_the_first_term_costs_less_and_who_comes_back_pays_the_full_fee() -> None:
    policy = membership_policy({"fee": 1.5, "months": 1, "introductory_fee": 1})
    world = keen_world(policy, 40)
    days = joined(world)
    outcome = world.run(world.launch + 45)
    first = Counter(days.values())
    second = Counter(day + 30 for day in days.values())
    assert days_with(outcome, "fees_billed") == {
        **{day: 100 * count for day, count in first.items()}, **{day: 150 * count for day, count in second.items()},
    }  # fmt: skip
    world.shoppers["expected_benefit"] = NEVER_AGAIN
    world.run(world.launch + 400)
    former = [shopper for shopper in days if not world.shoppers["status"][shopper] & MEMBER]
    assert len(former) > 0.9 * len(days)
    snapshot = world.snapshot()
    snapshot.shoppers["next_visit"][former] = snapshot.due[former] = snapshot.day
    outcome = World.resume(snapshot).run(snapshot.day + 1)
    assert outcome.total("joins") > 3
    assert outcome.total("fees_billed") == 150 * (outcome.total("joins") + outcome.total("renewals"))


def test_a_trial_costs_nothing_and_turns_into_a_term_at_the_introductory_fee() -> None:
    policy = membership_policy({"fee": 1.5, "introductory_fee": 1, "trial": {"days": 30}, "discount": "10 %"})
    world = keen_world(policy, 40)
    days = joined(world)
    outcome = world.run(world.launch + 60)
    assert outcome.total("trials") == outcome.total("joins") == len(days)
    assert days_with(outcome, "trial_conversions") == Counter(day + 30 for day in days.values())
    assert days_with(outcome, "fees_billed") == {
        day: 100 * count for day, count in days_with(outcome, "trial_conversions").items()
    }
    assert outcome.total("renewals") == outcome.total("cancellations") == 0
    last = next(iter(days))
    assert outcome.shoppers["term_end"][last] == days[last] + 30 + YEAR
    renewed = world.run(world.launch + 60 + YEAR)
    assert renewed.total("fees_billed") == len(days) * 250


def test_members_on_trial_have_the_benefits() -> None:
    policy = membership_policy({"fee": 1, "trial": {"days": 30}, "discount": "10 %"})
    world = keen_world(policy, 40)
    days = joined(world)
    snapshot = world.snapshot()
    snapshot.shoppers["next_visit"] = snapshot.due[:] = snapshot.day
    outcome = World.resume(snapshot).run(snapshot.day + 1)
    row = outcome.ledger[-1]
    assert row["orders"][1] == len(days)
    assert row["membership_discount"][1] > 0.09 * row["list_value"][1]
    assert outcome.total("fees_billed") == 0


def test_trials_convert_by_the_logit_after_the_trial() -> None:
    fee = 9_900
    snapshot = members(
        membership_policy({"fee": 99, "trial": {"days": 30}}),
        [30 - day for day in range(1, 25)] * 25,
        fee * 1.5,
        days=30,
        fee=0,
    )
    snapshot.cards["standing"] = ON_TRIAL
    ends = snapshot.shoppers["term_end"].astype(np.int64)
    outcome = World.resume(snapshot).run(snapshot.day + 25)
    believed = 1.5 * fee + (1 - 0.4 ** (30 / 365)) * (perks(snapshot) - 1.5 * fee)
    converts = draws(snapshot, ends, Purpose.RENEW_MEMBERSHIP) < chance(2.0 * (believed - fee) / fee + 0.25)
    assert stayed(outcome) == converts.tolist()
    assert outcome.total("trial_conversions") == int(converts.sum())
    assert outcome.total("cancellations") == outcome.total("trials_ended") == 600 - int(converts.sum())
    assert 100 < converts.sum() < 500


def test_shoppers_choose_between_plans_by_the_nested_logit() -> None:
    plans = {"fee": 139, "plans": {"monthly": {"fee": 14.99, "months": 1}}}
    world = keen_world(membership_policy(plans), 400, fee_sensitivity=2, perk_value_mean=60)
    days = joined(world)
    believed = {shopper: float(world.shoppers["expected_benefit"][shopper]) for shopper in days}
    monthly = 0
    for shopper, day in days.items():
        yearly_pull = 2 * (believed[shopper] - 13_900) / 13_900 - 3.5
        monthly_pull = 2 * (believed[shopper] / 12 - 1_499) / 1_499 - 3.5 + 0.5 * 11 / 12
        share = 1 / (1 + np.exp((monthly_pull - yearly_pull) / 0.5))
        draw = draws_of(world, shopper, day)
        takes_monthly = draw >= share
        monthly += takes_monthly
        assert world.cards["plan"][shopper] == int(takes_monthly)
        assert world.shoppers["fee_paid"][shopper] == (1_499 if takes_monthly else 13_900)
        assert world.shoppers["term_end"][shopper] == day + (30 if takes_monthly else YEAR)
    assert 3 < monthly < len(days) - 3


def draws_of(world: World, shopper: int, day: int) -> float:
    return float(keyed_uniforms(world.seed, range(shopper, shopper + 1), day, Purpose.PLAN)[0])


def test_the_deferred_fees_of_an_annual_report_roll_forward() -> None:
    """Opening 559 + billed 1,133 - earned 1,117 = closing 575 (millions, reference programme-mechanics)."""
    world = keen_world(membership_policy({"fee": 1}), 12)
    ledger = np.zeros_like(world.run(world.launch + 1).ledger)
    ledger["fees_billed"][0, 1], ledger["fees_earned"][0, 1] = 1_133, 1_117
    books = Books(Position(deferred_fees=559), ledger, Position(deferred_fees=575))
    (result,) = [one for one in check_identities(books) if one.name == "fee_deferral"]
    assert result.left == result.right == 575
