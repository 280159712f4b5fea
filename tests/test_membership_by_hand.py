"""The paid membership, recomputed by hand: a fee earned day by day, renewals, cancellations and refunds.

The members of a quiet world have terms that the test has put there and do not shop, so every posting can be told in
advance. A fee f of a term of 365 days is earned as f * days // 365, cumulatively.
"""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from memberlab.policies import Policy, load_policy
from memberlab.sim import (
    MEMBER,
    TRAITS_DAY,
    Purpose,
    Snapshot,
    World,
    keyed_uniforms,
    normal_quantile,
)

from .worlds import LAUNCH_MONTH, days_with, let_buy, opening, quiet_snapshot

FEE = 9_999
TERM = 365
RENEWED = 8
"""The status bit of a member who has renewed before."""

FOR_SURE, NEVER_AGAIN = 1e6, -1e6
"""Expected benefits (cents a year) with which everybody renews, and nobody."""


def policy(**changes: object) -> Policy:
    membership = {"fee": 99.99, "discount": "5 %", "earn_multiplier": 2, "free_shipping": True}
    base = load_policy("no-programme").with_({"currency": "CNY", "membership": membership})
    return base.with_({address.replace("__", "."): value for address, value in changes.items()})


def members(starts: list[int], expected_benefit: float, **changes: object) -> Snapshot:
    """Return a snapshot of members whose terms began `starts` days before launch."""
    snapshot = quiet_snapshot(policy(), len(starts), **changes)
    shoppers = snapshot.shoppers
    shoppers["status"] |= MEMBER
    shoppers["term_end"] = snapshot.day - np.array(starts) + TERM
    shoppers["fee_paid"] = FEE
    shoppers["expected_benefit"] = expected_benefit
    return snapshot


def earned(fee: int, days: int) -> int:
    """Return the cents of a fee earned in the first `days` days of its term."""
    return fee * min(TERM, max(0, days)) // TERM


def postings(snapshot: Snapshot, until: int, fee: int = FEE) -> Counter[int]:
    """Return the fees earned by day of posting, for terms that are not renewed.

    A month's part is posted as the next month opens, a term's last part on its last day, and what is open when the
    books close on the day before.
    """
    posted: Counter[int] = Counter()
    for end in snapshot.shoppers["term_end"].tolist():
        start, done = end - TERM, snapshot.day
        month = LAUNCH_MONTH + 1
        while done < min(end, until):
            upto = min(opening(snapshot, month), end, until)
            day = until - 1 if upto == until else upto
            posted[day] += earned(fee, upto - start) - earned(fee, done - start)
            done, month = upto, month + 1
    return posted


STARTS = [1, 17, 30, 31, 59, 100, 181, 200, 299, 334, 335, 360, 364]


def test_fees_are_earned_month_by_month_and_the_term_ends_on_its_day() -> None:
    snapshot = members(STARTS, NEVER_AGAIN)
    until = snapshot.day + 400
    outcome = World.resume(snapshot).run(until)
    assert outcome.opening.deferred_fees == sum(FEE - earned(FEE, days) for days in STARTS)
    assert days_with(outcome, "fees_earned") == dict(postings(snapshot, until))
    assert days_with(outcome, "cancellations") == Counter(snapshot.day + TERM - days for days in STARTS)
    assert outcome.total("fees_earned") == outcome.opening.deferred_fees
    assert outcome.total("fees_billed") == outcome.total("renewals") == outcome.closing.members == 0


@pytest.mark.parametrize("days", [1, 15, 30, 31, 32, 58, 59, 180, 364])
def test_books_closed_on_any_day_have_earned_up_to_it(days: int) -> None:
    snapshot = members([10], NEVER_AGAIN)
    world = World.resume(snapshot)
    outcome = world.run(snapshot.day + days)
    assert outcome.total("fees_earned") == earned(FEE, 10 + days) - earned(FEE, 10)
    assert outcome.closing.deferred_fees == FEE - earned(FEE, 10 + days)
    assert outcome.shoppers["margin"].tolist() == [outcome.total("fees_earned")]
    assert days_with(outcome, "fees_earned") == dict(postings(snapshot, snapshot.day + days))
    assert world.run(snapshot.day + 390).total("fees_earned") == FEE - earned(FEE, 10)  # looking changed nothing


def test_a_renewal_bills_the_fee_of_the_day_and_starts_a_year() -> None:
    snapshot = members([200], FOR_SURE)
    arm = policy(membership__fee=149)
    end = snapshot.day + TERM - 200
    world = World.resume(snapshot, arm)
    before = world.run(end)
    assert (before.closing.members, before.total("fees_billed")) == (1, 0)
    outcome = world.run(end + 40)
    assert days_with(outcome, "renewals") == {end: 1}
    assert days_with(outcome, "fees_billed") == {end: 14_900}
    assert outcome.shoppers["term_end"].tolist() == [end + TERM]
    assert outcome.total("fees_earned") == FEE - earned(FEE, 200) + earned(14_900, 40)
    assert outcome.closing.deferred_fees == 14_900 - earned(14_900, 40)


def test_a_member_who_has_left_for_good_does_not_renew() -> None:
    snapshot = members([200, 200], FOR_SURE)
    snapshot.shoppers["lifetime_left"][1] = 100  # days; the term ends in 165
    outcome = World.resume(snapshot).run(snapshot.day + 200)
    assert (outcome.total("renewals"), outcome.total("cancellations")) == (1, 1)
    assert [bool(status & MEMBER) for status in outcome.shoppers["status"]] == [True, False]


@pytest.mark.parametrize(
    "arm", [load_policy("no-programme"), load_policy("four-tiers-simple")], ids=lambda arm: arm.name
)
def test_a_policy_without_the_membership_refunds_what_is_not_yet_earned(arm: Policy) -> None:
    snapshot = members(STARTS, FOR_SURE)
    outcome = World.resume(snapshot, arm).run(snapshot.day + 400)
    refunds = sum(FEE - earned(FEE, days) for days in STARTS)
    assert days_with(outcome, "fees_refunded") == {snapshot.day: refunds}
    assert days_with(outcome, "cancellations") == {snapshot.day: len(STARTS)}
    assert outcome.total("fees_earned") == outcome.total("renewals") == outcome.total("fees_billed") == 0
    assert outcome.closing.members == outcome.closing.deferred_fees == 0


def test_a_policy_launched_within_a_month_sells_no_membership_that_it_does_not_offer() -> None:
    snapshot = members([350, 360], FOR_SURE)
    world = World.resume(snapshot)
    world.run(snapshot.day + 3)
    outcome = world.fork(load_policy("no-programme")).run(snapshot.day + 60)
    assert outcome.total("renewals") == 0
    assert outcome.total("cancellations") == 2


def test_renewals_follow_the_logit_of_the_reference() -> None:
    """All draws recomputed: perks, what the term was worth, what is learnt from it, and who renews."""
    count, fee = 600, FEE
    snapshot = members([365 - day for day in range(1, 25)] * 25, fee * 0.4)
    ends = snapshot.shoppers["term_end"].astype(int)
    outcome = World.resume(snapshot).run(snapshot.day + 25)
    numbers, seed = range(count), snapshot.seed
    deviates = [normal_quantile(float(u)) for u in keyed_uniforms(seed, numbers, TRAITS_DAY, Purpose.PERK_VALUE)]
    perks = 20.0 * 700.0 * np.exp(0.8 * np.array(deviates) - 0.32)  # 20 a year in the population's currency, at 7
    expected = 0.4 * fee + 0.6 * (perks - 0.4 * fee)
    utility = 2.0 * (expected - fee) / fee + 2.0
    draws = np.array(
        [keyed_uniforms(seed, range(i, i + 1), int(ends[i]), Purpose.RENEW_MEMBERSHIP)[0] for i in numbers]
    )
    renews = draws < 1 / (1 + np.exp(-utility))
    assert ((outcome.shoppers["status"] & MEMBER) != 0).tolist() == renews.tolist()
    assert outcome.total("renewals") == int(renews.sum())
    assert 300 < outcome.total("renewals") < 550
    np.testing.assert_allclose(outcome.shoppers["expected_benefit"], expected, rtol=1e-5)


def test_a_second_renewal_is_easier_than_the_first() -> None:
    outcomes = []
    for renewed in (False, True):
        snapshot = members([365 - day for day in range(1, 25)] * 25, 0.0)
        snapshot.shoppers["status"] |= RENEWED if renewed else 0
        outcomes.append(World.resume(snapshot).run(snapshot.day + 25))
    first, second = ((outcome.shoppers["status"] & MEMBER) != 0 for outcome in outcomes)
    assert second[first].all()
    assert second.sum() > first.sum() + 5


def test_an_order_of_a_member_saves_discount_delivery_and_points() -> None:
    arm = policy(
        shipping={"fee": 10, "free_from": "never"},
        points={"earn": {"points": 1, "per": 1}, "redeem": {"points": 100, "value": 1}, "minimum": 10**9},
    )
    snapshot = members([5] * 10, NEVER_AGAIN)
    for shopper in range(10):
        let_buy(snapshot, shopper, snapshot.day + shopper)
    outcome = World.resume(snapshot, arm).run(snapshot.day + 10)
    for shopper in range(10):
        row = outcome.ledger[shopper, 1]  # one tier, with paid membership
        list_value, goods = int(row["list_value"]), int(row["gmv"])
        discount = list_value * 500 // 10_000
        assert (row["orders"], row["membership_discount"]) == (1, discount)
        assert goods == list_value - discount
        assert (row["shipping_charged"], row["shipping_waived_by_status"]) == (0, 1000)
        assert row["points_issued"] == goods // 100 * 2
        extra_points = goods // 100
        assert outcome.shoppers["term_saving"][shopper] == discount + 1000 + extra_points


def test_joining_bills_the_fee_on_the_day_and_earns_from_it() -> None:
    keen = {"membership_consideration": 0.5, "perk_value_mean": 60, "fee_sensitivity": 4}
    snapshot = quiet_snapshot(policy(membership__fee=1), 50, assumptions=keen)
    for shopper in range(50):
        let_buy(snapshot, shopper, snapshot.day + shopper % 5)
    outcome = World.resume(snapshot).run(snapshot.day + 30)
    joined = days_with(outcome, "joins")
    assert 10 < sum(joined.values()) < 45
    assert days_with(outcome, "fees_billed") == {day: 100 * count for day, count in joined.items()}
    assert outcome.total("fees_earned") == sum(
        count * earned(100, snapshot.day + 30 - day) for day, count in joined.items()
    )
    ends = Counter(outcome.shoppers["term_end"][(outcome.shoppers["status"] & MEMBER) != 0].tolist())
    assert ends == {day + TERM: count for day, count in joined.items()}
