"""What becomes of tiers, points and memberships when a policy takes over, recomputed by hand for every rule.

In a quiet world nobody comes, so that all that moves is the office's business on launch morning and after it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest

from memberlab.policies import DocumentError, Policy, load_policy
from memberlab.sim import LAPSED, MEMBER, Outcome, Snapshot, World, launch_morning

from .memberships import FOR_SURE
from .worlds import LAUNCH_MONTH, let_buy, opening, quiet_snapshot

INCUMBENT = load_policy("four-tiers-simple")
HIGHER = {"tiers.diamond.threshold": 9000, "tiers.gold.threshold": 5000, "tiers.silver.threshold": 2000}
SPEND = (0, 70_000, 210_000, 600_000, 950_000)
"""Cents in the year before launch; under the old ladder tiers 0, 1, 2, 3, 3, under the higher one 0, 0, 1, 2, 3."""

OLD, NEW = [0, 1, 2, 3, 3], [0, 0, 1, 2, 3]
TIER_STEP, DEMOTION = 0.08, 2.25 * 0.08


def ladder(spend_month: int = LAUNCH_MONTH - 1, shoppers: int = len(SPEND)) -> Snapshot:
    """Return launch morning of members in the tiers that their spend, all of one month, has earned."""
    snapshot = quiet_snapshot(INCUMBENT, shoppers)
    snapshot.shoppers["tier"] = OLD
    snapshot.shoppers["month_spend"][:, spend_month % 12] = SPEND
    snapshot.shoppers["window_spend"] = SPEND
    return snapshot


def arm(migration: Mapping[str, object] | None, **changes: object) -> Policy:
    """Return the incumbent with a migration section and `changes`, whose dots are written `__`."""
    named = {address.replace("__", "."): value for address, value in changes.items()}
    return INCUMBENT.with_({**named, **({} if migration is None else {"migration": dict(migration)})})


def higher(rule: Mapping[str, object] | None) -> Policy:
    """Return the higher ladder with a rule for tiers."""
    return arm(None if rule is None else {"tiers": rule}).with_(HIGHER)


def lived(snapshot: Snapshot, policy: Policy, months: int = 0) -> Outcome:
    """Live the launch day, and so many months more and a day."""
    world = World.resume(snapshot, policy)
    return world.run(opening(snapshot, LAUNCH_MONTH + months) + 1)


# tiers


def test_reassessed_tiers_are_those_of_a_policy_that_says_nothing_and_a_loss_is_felt() -> None:
    snapshot = ladder()
    silent, told = lived(snapshot, higher(None)), lived(snapshot, higher({"rule": "reassess"}))
    assert silent.shoppers["tier"].tolist() == told.shoppers["tier"].tolist() == NEW
    assert silent.shoppers["goodwill"].tolist() == [0] * 5
    assert told.shoppers["goodwill"] == pytest.approx([0, -DEMOTION, -DEMOTION, -DEMOTION, 0], rel=1e-6)
    assert (told.total("lowered_at_cutover"), told.total("raised_at_cutover"), told.total("demotions")) == (3, 0, 0)
    assert silent.total("lowered_at_cutover") == 0


def test_how_much_a_lost_tier_hurts_is_an_assumption() -> None:
    snapshot = ladder()
    for weight in (0.0, 0.5):
        scenario = snapshot.scenario.with_({"assumptions": {"cutover_tier_loss": weight}})
        outcome = lived(replace(snapshot, scenario=scenario), higher({"rule": "reassess"}))
        assert outcome.shoppers["goodwill"][1] == pytest.approx(-weight * DEMOTION, rel=1e-6)


def test_who_has_left_is_not_hurt() -> None:
    snapshot = ladder()
    snapshot.shoppers["status"][1] |= LAPSED
    outcome = lived(snapshot, higher({"rule": "reassess"}))
    assert outcome.shoppers["tier"].tolist() == NEW
    assert outcome.shoppers["goodwill"][1] == 0


def test_a_tier_kept_until_the_review_is_lost_at_the_next_one_and_hurts_then() -> None:
    snapshot, policy = ladder(), higher({"rule": "keep until review"})
    on_launch, after = lived(snapshot, policy), lived(snapshot, policy, months=1)
    assert on_launch.shoppers["tier"].tolist() == OLD
    assert not on_launch.shoppers["goodwill"].any()
    assert after.shoppers["tier"].tolist() == NEW
    assert after.total("demotions") == 3
    assert after.shoppers["goodwill"][1:4] == pytest.approx([-DEMOTION] * 3, rel=1e-6)


def test_a_tier_kept_for_good_is_never_lost() -> None:
    snapshot, policy = ladder(), higher({"rule": "keep for good"})
    outcome = lived(snapshot, policy, months=14)  # the spend has left the window
    assert outcome.shoppers["tier"].tolist() == OLD
    assert outcome.total("demotions") == 0


def test_a_higher_tier_is_still_reached_by_who_keeps_one_for_good_and_lost_down_to_the_kept_one() -> None:
    snapshot = ladder()
    let_buy(snapshot, 0, snapshot.day + 3)
    snapshot.shoppers["basket_scale"][0] = 1e9
    world = World.resume(snapshot, higher({"rule": "keep for good"}))
    assert world.run(opening(snapshot, LAUNCH_MONTH + 1) + 1).shoppers["tier"][0] == 3
    assert world.run(opening(snapshot, LAUNCH_MONTH + 13) + 1).shoppers["tier"].tolist() == OLD


def test_nobody_falls_before_the_months_of_grandfathering_are_over() -> None:
    snapshot, policy = ladder(), higher({"rule": "grandfather", "months": 3})
    before, after = lived(snapshot, policy, months=2), lived(snapshot, policy, months=3)
    assert before.shoppers["tier"].tolist() == OLD
    assert after.shoppers["tier"].tolist() == NEW
    assert after.total("demotions") == 3


def test_who_has_earned_more_rises_though_tiers_are_grandfathered() -> None:
    lower = {"tiers.silver.threshold": 100, "tiers.gold.threshold": 200, "tiers.diamond.threshold": 300}
    snapshot = ladder()
    risen = lived(snapshot, arm({"tiers": {"rule": "grandfather", "months": 3}}).with_(lower))
    assert risen.shoppers["tier"].tolist() == [0, 3, 3, 3, 3]
    assert risen.total("raised_at_cutover") == 2
    assert not risen.shoppers["goodwill"].any()
    kept = lived(snapshot, arm({"tiers": {"rule": "keep until review"}}).with_(lower))
    assert kept.shoppers["tier"].tolist() == OLD


def test_a_map_says_which_tier_stands_for_an_old_one() -> None:
    tiers = {"member": {"threshold": 0}, "star": {"threshold": 2000, "discount": "2 %"},
             "crown": {"threshold": 5000, "discount": "4 %"}}  # fmt: skip
    names = {"ordinary": "member", "silver": "member", "gold": "star", "diamond": "crown"}
    policy = INCUMBENT.with_({"tiers": tiers, "migration": {"tiers": {"rule": "keep until review", "map": names}}})
    assert lived(ladder(), policy).shoppers["tier"].tolist() == [0, 0, 1, 2, 2]
    reassessed = policy.with_({"migration.tiers.rule": "reassess"})
    outcome = lived(ladder(), reassessed)
    assert outcome.shoppers["tier"].tolist() == [0, 0, 1, 2, 2]
    assert outcome.total("lowered_at_cutover") == 0  # each has the tier that stands for the old one
    assert not outcome.shoppers["goodwill"].any()


def test_tiers_of_a_policy_without_tiers_are_lost() -> None:
    none = load_policy("no-programme").with_({"migration": {"tiers": {"rule": "reassess"}}})
    outcome = lived(ladder(), none)
    assert outcome.shoppers["tier"].tolist() == [0] * 5
    assert outcome.total("lowered_at_cutover") == 4
    assert outcome.shoppers["goodwill"] == pytest.approx([-DEMOTION * level for level in OLD], rel=1e-6)


def test_grandfathering_goes_on_in_a_saved_world() -> None:
    snapshot, policy = ladder(), higher({"rule": "grandfather", "months": 3})
    world = World.resume(snapshot, policy)
    world.run(opening(snapshot, LAUNCH_MONTH + 1) + 5)
    again = World.resume(world.snapshot())
    assert again.run(opening(snapshot, LAUNCH_MONTH + 2) + 1).shoppers["tier"].tolist() == OLD
    assert again.run(opening(snapshot, LAUNCH_MONTH + 3) + 1).shoppers["tier"].tolist() == NEW


# points

LOTS = {LAUNCH_MONTH - 1: 101, LAUNCH_MONTH - 5: 1_003, LAUNCH_MONTH - 12: 77}
"""Points by month of earning."""


def with_points(pending: int = 0, debt: int = 0) -> Snapshot:
    """Return launch morning of one member with LOTS, points that are pending, and a debt."""
    snapshot = quiet_snapshot(arm({"points": {"rule": "keep"}}), 1)
    for month, points in LOTS.items():
        snapshot.shoppers["lots"][0, month % 25] = points
    snapshot.shoppers["points_balance"] = sum(LOTS.values())
    snapshot.cards["pending_points"] = snapshot.cards["pending_parts"][:, 0] = pending
    snapshot.cards["pending_days"][:, 0] = snapshot.day + 40
    snapshot.cards["office_day"] = snapshot.day + 40
    snapshot.cards["points_debt"] = debt
    return snapshot


def points_arm(rule: Mapping[str, object], **changes: object) -> Policy:
    return arm({"points": rule}, **{"member_discount": "1 %", **changes})


@pytest.mark.parametrize(
    ("rounding", "balance", "pending", "debt"), [("down", 944, 14, 9), ("nearest", 945, 13, 8), ("up", 945, 14, 8)]
)
def test_points_are_converted_and_rounded_once_for_a_whole_account(
    rounding: str, balance: int, pending: int, debt: int
) -> None:
    """1,181 points in lots and 17 pending come to 944.8 and 958.4 at 4 for 5; a debt of 11 to 8.8."""
    snapshot = with_points(pending=17, debt=11)
    outcome = lived(snapshot, points_arm({"rule": "convert", "old": 5, "new": 4, "rounding": rounding}))
    card = outcome.cards[0]
    assert int(outcome.shoppers["points_balance"][0]) == balance
    assert int(card["pending_points"]) == int(card["pending_parts"][0]) == pending
    expected = {"down": 9, "nearest": 9, "up": 8}[rounding]
    assert int(card["points_debt"]) == expected
    assert outcome.total("points_converted") == balance + pending - expected - (1_181 + 17 - 11)
    assert outcome.total("points_expired") == 0


def test_lots_keep_their_months_when_they_are_converted() -> None:
    outcome = lived(with_points(), points_arm({"rule": "convert", "old": 5, "new": 4}))
    lots = outcome.shoppers["lots"][0]
    # from the oldest: 77 -> 61.6; 1,080 -> 864; 1,181 -> 944.8
    assert [int(lots[month % 25]) for month in sorted(LOTS)] == [61, 864 - 61, 944 - 864]


def test_worth_lost_by_a_conversion_hurts_as_a_reward_of_that_worth_pleases_and_more() -> None:
    snapshot = with_points()
    outcome = lived(snapshot, points_arm({"rule": "convert", "old": 5, "new": 4}))
    market = snapshot.market[0]
    basket = float(market["basket_shape"]) * float(snapshot.shoppers["basket_scale"][0])
    loss = 1_181 - 944  # a point is worth a cent
    assert outcome.shoppers["goodwill"][0] == pytest.approx(-2.25 * 0.15 * min(1, 2 * loss / basket), rel=1e-4)
    richer = lived(snapshot, points_arm({"rule": "convert", "old": 1, "new": 2}))
    assert richer.shoppers["goodwill"][0] == 0
    assert richer.shoppers["points_balance"][0] == 2 * 1_181


def test_a_rate_that_keeps_the_worth_hurts_nobody_and_a_cheaper_point_does() -> None:
    """Where a point is worth twice as much, half as many are no loss; the same number at half the worth is one."""
    snapshot = with_points()
    halved = points_arm({"rule": "convert", "old": 2, "new": 1, "rounding": "up"}, points__redeem__value=20)
    assert lived(snapshot, halved).shoppers["goodwill"][0] == 0
    cheaper = points_arm({"rule": "keep"}, points__redeem__value=5)
    assert lived(snapshot, cheaper).shoppers["goodwill"][0] < 0
    silent = INCUMBENT.with_({"points.redeem.value": 5})
    assert lived(snapshot, silent).shoppers["goodwill"][0] == 0


def test_points_are_forfeited_on_launch_day_with_what_is_pending() -> None:
    outcome = lived(with_points(pending=17, debt=11), points_arm({"rule": "forfeit"}))
    assert outcome.closing.points == 0
    assert outcome.total("points_forfeited") == outcome.total("points_expired") == 1_181 + 17 - 11
    assert outcome.shoppers["goodwill"][0] < 0


def test_points_with_notice_are_used_until_then_and_forfeited_after_it() -> None:
    snapshot, policy = with_points(), points_arm({"rule": "forfeit", "notice_months": 2}, points__expiry="never")
    let_buy(snapshot, 0, snapshot.day + 10, pays_with_points=False)
    during, after = lived(snapshot, policy, months=1), lived(snapshot, policy, months=2)
    earned = during.total("points_issued")
    assert earned > 0
    assert during.total("points_forfeited") == 0
    assert during.shoppers["points_balance"][0] == 1_181 + earned
    assert after.total("points_forfeited") == after.total("points_expired") == 1_181
    assert after.shoppers["points_balance"][0] == earned
    assert after.shoppers["goodwill"][0] < 0


def test_points_to_the_day_with_notice_go_out_of_the_lots_of_the_card() -> None:
    snapshot = with_points()
    policy = points_arm({"rule": "forfeit", "notice_months": 2}, points__expiry={"days": 600})
    let_buy(snapshot, 0, snapshot.day + 10, pays_with_points=False)
    outcome = lived(snapshot, policy, months=2)
    card = outcome.cards[0]
    assert card["lot_points"].sum() == outcome.shoppers["points_balance"][0] == outcome.total("points_issued") > 0
    assert card["lot_points"][0] > 0


def test_points_too_old_for_the_new_rule_expire_on_launch_day_unless_the_old_rule_is_kept() -> None:
    """The lot of 12 months before stays by the old rule until the next month opens; new points live 3 months."""
    snapshot, short = with_points(), {"points__expiry__months": 3}
    at_once = lived(snapshot, points_arm({"rule": "keep"}, **short))
    assert at_once.total("points_expired") == 1_003 + 77
    kept = points_arm({"rule": "keep", "old_expiry_months": 4}, **short)
    assert lived(snapshot, kept).total("points_expired") == 0
    assert lived(snapshot, kept, months=1).total("points_expired") == 77  # by the old rule
    assert lived(snapshot, kept, months=3).total("points_expired") == 77
    assert lived(snapshot, kept, months=4).total("points_expired") == 77 + 1_003 + 101  # under the new one
    assert lived(snapshot, points_arm({"rule": "keep"}, **short), months=3).total("points_expired") == 1_181


def test_new_points_expire_by_the_new_rule_while_old_ones_are_protected() -> None:
    snapshot = with_points()
    let_buy(snapshot, 0, snapshot.day + 2, pays_with_points=False)
    policy = points_arm({"rule": "keep", "old_expiry_months": 8}, points__expiry__months=1)
    earned = lived(snapshot, policy).total("points_issued")
    before, after = lived(snapshot, policy, months=1), lived(snapshot, policy, months=2)
    earned = before.total("points_issued")
    assert earned > 0
    assert before.total("points_expired") == 77
    assert after.total("points_expired") == 77 + earned
    assert after.shoppers["points_balance"][0] == 101 + 1_003


# paid memberships

PLUS = INCUMBENT.with_({"membership": {"fee": 100, "discount": "3 %"}})
DEARER = {"membership.fee": 150}


def with_term(days_left: int = 100, fee: int = 10_000) -> Snapshot:
    """Return launch morning of one member whose paid year has so many days left."""
    snapshot = quiet_snapshot(PLUS, 1)
    snapshot.shoppers["status"] |= MEMBER
    snapshot.shoppers["term_end"] = snapshot.day + days_left
    snapshot.shoppers["fee_paid"] = fee
    snapshot.market["fees_until"] = snapshot.day
    return snapshot


def plus(rule: Mapping[str, object]) -> Policy:
    return PLUS.with_({**DEARER, "migration": {"memberships": dict(rule)}})


LEFT = 10_000 - 10_000 * 265 // 365


def test_a_membership_is_refunded_though_there_is_a_new_one() -> None:
    outcome = lived(with_term(), plus({"rule": "refund"}))
    assert outcome.total("fees_refunded") == LEFT
    assert outcome.closing.deferred_fees == 0
    assert not outcome.shoppers["status"][0] & MEMBER
    assert lived(with_term(), PLUS.with_(DEARER)).total("fees_refunded") == 0


def test_a_membership_is_kept_to_the_end_of_its_term() -> None:
    morning = launch_morning(with_term(), plus({"rule": "keep"}))
    assert morning.shoppers["term_end"].tolist() == [with_term().day + 100]
    assert morning.total("memberships_converted") == 0
    assert morning.opening.deferred_fees == LEFT


def test_a_membership_is_converted_with_the_days_that_are_left_or_with_its_money() -> None:
    days = lived(with_term(), plus({"rule": "convert"}))
    assert days.shoppers["term_end"].tolist() == [with_term().day + 100]
    assert (days.total("memberships_converted"), days.total("fees_converted")) == (1, LEFT)
    money = lived(with_term(), plus({"rule": "convert", "time": "pro rata"}))
    bought = -(-LEFT * 365 // 15_000)
    assert money.shoppers["term_end"].tolist() == [with_term().day + bought]
    assert money.total("fees_converted") == money.opening.deferred_fees == LEFT
    assert money.closing.deferred_fees == LEFT - LEFT // bought  # a day of it is earned
    later = lived(with_term(), plus({"rule": "convert", "time": "pro rata"}), months=3)
    assert later.total("fees_earned") == LEFT or later.total("renewals")


@pytest.mark.parametrize(("months", "fee"), [(None, 15_000), (3, 15_000), (5, 10_000)])
def test_members_of_launch_day_renew_at_the_old_fee_for_a_while(months: int | None, fee: int) -> None:
    """The term ends after 100 days, in the fourth month; whoever decides stays for sure."""
    snapshot = with_term()
    snapshot.shoppers["expected_benefit"] = FOR_SURE
    rule = {"rule": "keep", **({} if months is None else {"old_fee_months": months})}
    outcome = lived(snapshot, plus(rule), months=4)
    assert outcome.total("renewals") == 1
    assert outcome.total("fees_billed") == fee


def test_an_old_fee_that_is_higher_is_not_asked() -> None:
    snapshot = with_term()
    snapshot.shoppers["expected_benefit"] = FOR_SURE
    cheaper = plus({"rule": "keep", "old_fee_months": 12}).with_({"membership.fee": 60})
    assert lived(snapshot, cheaper, months=4).total("fees_billed") == 6_000


# what does not take over


def test_a_migration_is_about_the_takeover_alone() -> None:
    """Under the incumbent itself, and after the launch, the section does nothing more."""
    policy = points_arm({"rule": "convert", "old": 2, "new": 1})
    snapshot = quiet_snapshot(policy, 1)
    snapshot.shoppers["lots"][0, (LAUNCH_MONTH - 1) % 25] = snapshot.shoppers["points_balance"][0] = 100
    assert World.resume(snapshot).run(snapshot.day + 70).shoppers["points_balance"].tolist() == [100]


def test_without_mood_a_silent_and_a_reassessing_policy_live_the_same_life() -> None:
    snapshot = ladder()
    for place in range(5):
        let_buy(snapshot, place, snapshot.day + 3 + place)
    calm = replace(snapshot, scenario=snapshot.scenario.with_({"assumptions": {"cutover_tier_loss": 0.0}}))
    silent, told = (lived(calm, higher(rule), months=3) for rule in (None, {"rule": "reassess"}))
    for measure in silent.ledger.dtype.names or ():
        if measure != "lowered_at_cutover":
            assert silent.total(measure) == told.total(measure), measure
    assert (silent.shoppers["goodwill"] == told.shoppers["goodwill"]).all()
    assert np.array_equal(silent.shoppers["tier"], told.shoppers["tier"])


@pytest.mark.parametrize(
    ("policy", "former", "message"),
    [
        (arm({"tiers": {"rule": "reassess", "map": {"platinum": "gold"}}}), INCUMBENT,
         "migration.tiers.map.platinum: four-tiers-simple, the policy before, has no tier 'platinum'"),
        (INCUMBENT.with_({"tiers": {"one": {"threshold": 0}, "two": {"threshold": 10}},
                          "migration": {"tiers": {"rule": "keep for good"}}}), INCUMBENT,
         "nothing says which tier silver of four-tiers-simple becomes"),
        (arm({"points": {"rule": "keep", "old_expiry_months": 2}}),
         INCUMBENT.with_({"points.expiry": {"days": 90}}), "expire to the day; lots are kept apart by month only"),
        (arm({"points": {"rule": "convert", "old": 1, "new": 2}}), load_policy("no-programme"),
         "no-programme, the policy before, has no points to convert"),
    ],
    ids=("map", "name", "expiry", "points"),
)  # fmt: skip
def test_a_migration_that_does_not_fit_the_policy_before_is_refused(
    policy: Policy, former: Policy, message: str
) -> None:
    snapshot = replace(quiet_snapshot(INCUMBENT, 1), policy=former)
    with pytest.raises(DocumentError, match=re.escape(message)):
        World.resume(snapshot, policy)
