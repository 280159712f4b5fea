"""Campaigns, recomputed by hand: what an order gets on which day, what it costs, and where a budget ends.

Shoppers of a quiet world order for certain on days that the test sets. Baskets are what the same shoppers put together
without a campaign; the price does not move them (`basket_elasticity: 0`).
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest

from memberlab.policies import Policy, load_policy
from memberlab.sim import MEMBER, TRAITS_DAY, Outcome, Purpose, Snapshot, World, keyed_uniforms

from .worlds import days_with, let_buy, quiet_snapshot

POINTS = {"earn": {"points": 1, "per": 1}, "redeem": {"points": 1000, "value": 10}}
TIERS = {"base": {"threshold": 0}, "gold": {"threshold": 1000}}


def policy(*campaigns: Mapping[str, object], **changes: object) -> Policy:
    """Return a policy with points and two tiers, and campaigns named c0, c1, ..."""
    named = {f"c{number}": {"when": "always", **campaign} for number, campaign in enumerate(campaigns)}
    base = {"currency": "CNY", "points": POINTS, "tiers": TIERS, "campaigns": named}
    return load_policy("no-programme").with_({**base, **{a.replace("__", "."): v for a, v in changes.items()}})


def buyers(of: Policy, days: list[int], **changes: object) -> Snapshot:
    """Return a quiet world in which shopper i orders on day `days[i]` after launch."""
    calm = {"assumptions__basket_elasticity": 0, "assumptions__forward_buying": 0}
    snapshot = quiet_snapshot(of, len(days), **{**calm, **changes})
    snapshot.shoppers["last_order_day"] = snapshot.day - 1
    for shopper, day in enumerate(days):
        let_buy(snapshot, shopper, snapshot.day + day, pays_with_points=False)
    return snapshot


def lived(snapshot: Snapshot, days: int = 60) -> Outcome:
    """Return the outcome of `days` days, the same from both drivers."""
    outcome = World.resume(snapshot).run(snapshot.day + days)
    again = World.resume(snapshot).run(snapshot.day + days, day_by_day=True)
    assert again.digest() == outcome.digest()
    assert (again.campaigns == outcome.campaigns).all()
    return outcome


def by_day(outcome: Outcome, measure: str) -> dict[int, int]:
    """Return a measure by day after launch."""
    return {day - outcome.first_day: value for day, value in days_with(outcome, measure).items()}


def row(outcome: Outcome, number: int = 0) -> dict[str, int]:
    """Return the report of one campaign."""
    names = outcome.campaigns.dtype.names or ()
    return {name: int(outcome.campaigns[name][number]) for name in names}


class TestPrice:
    def test_member_days_take_their_share_off_what_the_standing_discount_leaves(self) -> None:
        outcome = lived(
            buyers(policy({"when": "12..14 monthly", "discount": "7 %"}, member_discount="3 %"), [10, 11, 13, 14])
        )
        baskets = by_day(outcome, "list_value")  # 10: 11 January; 11 to 13: the member days
        after = {day: value - value * 300 // 10_000 for day, value in baskets.items()}
        assert by_day(outcome, "campaign_discount") == {day: after[day] * 700 // 10_000 for day in (11, 13)}
        assert outcome.total("gmv") == sum(after.values()) - outcome.total("campaign_discount")
        assert row(outcome) | {"days": 6} == row(outcome)  # 12 to 14 January and February
        assert (row(outcome)["orders"], row(outcome)["money"]) == (2, outcome.total("campaign_discount"))

    def test_an_amount_off_needs_its_minimum_spend(self) -> None:
        outcome = lived(buyers(policy({"amount_off": 30, "minimum_spend": 200}), list(range(12))))
        baskets = by_day(outcome, "list_value")
        reached = {day: 3_000 for day, value in baskets.items() if value >= 20_000}
        assert 0 < len(reached) < 12
        assert by_day(outcome, "campaign_discount") == reached

    def test_of_two_campaigns_the_one_that_takes_more_off_applies(self) -> None:
        outcome = lived(buyers(policy({"discount": "10 %"}, {"amount_off": 30, "minimum_spend": 31}), list(range(12))))
        best = {
            day: max(value // 10, 3_000 if value >= 3_100 else 0)
            for day, value in by_day(outcome, "list_value").items()
        }
        assert by_day(outcome, "campaign_discount") == best
        assert row(outcome, 0)["orders"] > 0 and row(outcome, 1)["orders"] > 0
        assert row(outcome, 0)["money"] + row(outcome, 1)["money"] == sum(best.values())

    def test_a_lower_price_fills_the_basket(self) -> None:
        """The basket grows by (1 - d) ** -psi."""
        plain = buyers(policy(), [3], assumptions__basket_elasticity=0.5)
        lowered = buyers(policy({"discount": "36 %"}), [3], assumptions__basket_elasticity=0.5)
        before, after = (lived(snapshot).total("list_value") for snapshot in (plain, lowered))
        assert after == pytest.approx(before / 0.8, abs=1)  # one cent: both are rounded

    def test_it_stacks_as_the_policy_says(self) -> None:
        sale = {"discount": "20 %", "when": "2026-01-03"}
        usual = by_day(lived(buyers(policy(sale, member_discount="10 %"), [2])), "campaign_discount")
        outcome = lived(
            buyers(policy(sale, member_discount="10 %", stacking={"exclusive": [["standing", "campaign"]]}), [2])
        )
        value = outcome.total("list_value")
        assert usual == {2: (value - value // 10) * 2_000 // 10_000}
        assert (outcome.total("member_discount"), outcome.total("campaign_discount")) == (0, value // 5)
        capped = lived(buyers(policy(sale, member_discount="10 %", stacking={"most": "25 %"}), [2]))
        assert capped.total("campaign_discount") == value * 2_500 // 10_000 - value // 10
        assert row(capped)["money"] == capped.total("campaign_discount")

    def test_delivery_is_free_and_has_its_own_line(self) -> None:
        fee = {"shipping": {"fee": 10, "free_from": "never"}}
        outcome = lived(
            buyers(policy({"when": "2026-01-03", "free_shipping": True, "minimum_spend": 100}, **fee), [2, 2, 2, 2, 4])
        )
        assert outcome.total("shipping_waived_by_campaign") == 1_000 * row(outcome)["orders"] > 0
        assert outcome.total("shipping_charged") == 5_000 - outcome.total("shipping_waived_by_campaign")
        assert row(outcome)["money"] == outcome.total("shipping_waived_by_campaign")

    def test_the_minimum_is_held_against_the_goods_before_the_campaign(self) -> None:
        rule = {"amount_off": 100, "minimum_spend": 150, "gifts": {"g": {"cost": 4, "value": 5}}}
        outcome = lived(buyers(policy(rule), list(range(20))))
        reached = sum(value >= 15_000 for value in by_day(outcome, "list_value").values())
        assert 0 < reached < 20
        assert outcome.total("campaign_discount") == 10_000 * reached
        assert outcome.total("campaign_gifts") == 400 * reached


class TestPointsAndGifts:
    def test_double_points_and_a_bonus(self) -> None:
        outcome = lived(buyers(policy({"points_multiplier": 2, "bonus_points": 50, "when": "2026-01-03"}), [2, 4]))
        usual = {day: value // 100 for day, value in by_day(outcome, "list_value").items()}
        assert by_day(outcome, "campaign_points") == {2: usual[2] + 50}
        assert outcome.total("points_issued") == sum(usual.values()) + usual[2] + 50
        assert row(outcome)["points"] == usual[2] + 50

    def test_spend_and_redeem_ladder(self) -> None:
        ladder = {"s": {"spend": 100, "cost": 5, "value": 8}, "m": {"spend": 200, "cost": 11, "value": 19},
                  "l": {"spend": 400, "cost": 23, "value": 40}}  # fmt: skip
        outcome = lived(buyers(policy({"gifts": ladder}), list(range(20))))
        steps = [(40_000, 2_300), (20_000, 1_100), (10_000, 500), (0, 0)]
        baskets = by_day(outcome, "list_value")
        expected = {day: next(cost for spend, cost in steps if value >= spend) for day, value in baskets.items()}
        assert len(set(expected.values())) == 4
        assert by_day(outcome, "campaign_gifts") == {day: cost for day, cost in expected.items() if cost}
        assert row(outcome)["units"] == sum(cost > 0 for cost in expected.values())

    def test_a_gift_pleases_and_is_felt_in_the_price(self) -> None:
        snapshot = buyers(policy({"gifts": {"one": {"cost": 5, "value": 100_000}}}), [2])
        outcome = World.resume(snapshot).run(snapshot.day + 3)
        assert outcome.shoppers["goodwill"][0] == pytest.approx(0.15)

    def test_a_challenge_rewards_each_step_of_a_month_once(self) -> None:
        steps = {"first": {"spend": 1, "points": 40}, "second": {"spend": 1500, "points": 100, "cost": 60, "value": 90}}
        snapshot = buyers(policy({"challenge": steps}), [1, 2])
        for shopper in (0, 1):
            snapshot.shoppers["visit_gap"][shopper] = 1.0  # comes and orders every few days
        outcome = lived(snapshot, 90)
        goals = [(100, 40, 0), (150_000, 100, 6_000)]
        expected = {"points": 0, "cost": 0, "goals": 0}
        for month in range(3):
            for spent in outcome.shoppers["month_spend"][:, month]:  # January is the first place of the window's ring
                for goal, points, cost in goals:
                    expected["points"] += points * (spent >= goal)
                    expected["cost"] += cost * (spent >= goal)
                    expected["goals"] += spent >= goal
        assert expected["cost"] > 0
        assert outcome.total("challenge_points") == row(outcome)["points"] == expected["points"]
        assert outcome.total("campaign_points") == 0
        assert outcome.total("campaign_gifts") == expected["cost"]
        assert outcome.total("goals_reached") == expected["goals"]


class TestWho:
    def test_tiers_and_paid_members(self) -> None:
        base = policy({"to": {"tiers": "gold"}, "discount": "10 %"}, membership={"fee": 99})
        snapshot = buyers(base, [2, 3])
        snapshot.shoppers["tier"][1] = 1
        snapshot.shoppers["month_spend"][1, 5] = snapshot.shoppers["window_spend"][1] = 200_000
        assert list(by_day(lived(snapshot), "campaign_discount")) == [3]
        paid = buyers(policy({"to": {"members": "paid"}, "discount": "10 %"}, membership={"fee": 99}), [2, 3])
        paid.shoppers["status"][0] |= MEMBER
        paid.shoppers["term_end"][0], paid.shoppers["fee_paid"][0] = paid.day + 300, 9_900
        assert list(by_day(lived(paid), "campaign_discount")) == [2]

    @pytest.mark.parametrize(
        ("to", "who"),
        [
            ({"stages": "new"}, [0]),
            ({"stages": "active"}, [1]),
            ({"stages": "silent, lost"}, [2, 3]),
            ({"last_order_from": 91, "last_order_until": 200}, [2]),
        ],
    )
    def test_stages_and_time_since_the_last_order(self, to: dict[str, object], who: list[int]) -> None:
        snapshot = buyers(policy({"to": to, "discount": "10 %"}), [2, 3, 4, 5])
        snapshot.shoppers["first_order_day"] = snapshot.day + np.array([-10, -300, -300, -360])
        snapshot.shoppers["last_order_day"] = snapshot.day + np.array([-5, -80, -150, -364])
        assert list(by_day(lived(snapshot), "campaign_discount")) == [2 + shopper for shopper in who]

    def test_thirds_by_spend_are_ranked_by_the_office_when_a_month_opens(self) -> None:
        snapshot = buyers(policy({"to": {"spend": "high"}, "discount": "10 %"}), [2, 3, 4, 5, 6, 7])
        spend = np.array([10, 60, 20, 50, 30, 40]) * 1_000
        snapshot.shoppers["window_spend"] = spend
        snapshot.shoppers["month_spend"][:, 5] = spend
        assert list(by_day(lived(snapshot), "campaign_discount")) == [3, 5]

    def test_two_halves_at_random_are_everybody_once(self) -> None:
        halves: list[dict[str, object]] = [
            {"to": {"arm_until": "50 %"}, "discount": "10 %"},
            {"to": {"arm_from": "50 %"}, "bonus_points": 5},
        ]
        snapshot = buyers(policy(*halves), list(range(40)))
        place = keyed_uniforms(snapshot.seed, range(40), TRAITS_DAY, Purpose.TEST_ARM)
        outcome = lived(snapshot)
        assert list(by_day(outcome, "campaign_discount")) == list(np.flatnonzero(place < 0.5))
        assert list(by_day(outcome, "campaign_points")) == list(np.flatnonzero(place >= 0.5))

    def test_a_preference_is_a_share_of_shoppers_and_the_same_ones_in_every_campaign(self) -> None:
        shoes = {"prefers": {"kind": "shoes", "share": "30 %"}}
        outcome = lived(
            buyers(policy({"to": shoes, "discount": "10 %"}, {"to": shoes, "bonus_points": 5}), list(range(59)))
        )
        chosen = by_day(outcome, "campaign_discount")
        assert 9 <= len(chosen) <= 27
        assert list(chosen) == list(by_day(outcome, "campaign_points"))

    def test_a_perfect_prediction_finds_the_shoppers_who_order_most(self) -> None:
        best = policy({"to": {"predicted": "25 %"}, "discount": "10 %"})
        snapshot = buyers(best, list(range(59)), assumptions__prediction_quality=0.95)
        frequency = keyed_uniforms(snapshot.seed, range(59), TRAITS_DAY, Purpose.PURCHASE_RATE)
        chosen = list(by_day(lived(snapshot), "campaign_discount"))
        blind = buyers(best, list(range(59)), assumptions__prediction_quality=0)
        blindly = list(by_day(lived(blind), "campaign_discount"))
        assert 5 <= len(chosen) <= 25
        assert frequency[chosen].mean() > 0.8 > frequency[blindly].mean()


class TestBudgets:
    def test_money_is_spent_to_the_order_that_it_cannot_pay_in_full(self) -> None:
        snapshot = buyers(policy({"discount": "10 %", "budget": {"money": 100}}), list(range(30)))
        outcome = lived(snapshot)
        left, expected, over = 10_000, {}, -1
        for day, value in by_day(outcome, "list_value").items():
            if value // 10 > left:
                over = day
                break
            expected[day] = value // 10
            left -= value // 10
        assert over > 0
        assert by_day(outcome, "campaign_discount") == expected
        assert row(outcome)["ran_out"] == snapshot.day + over
        assert row(outcome)["days"] == over + 1

    def test_units_on_one_day_go_to_the_first_shoppers_under_both_drivers(self) -> None:
        outcome = lived(buyers(policy({"discount": "10 %", "budget": {"units": 3}}), [5] * 10))
        assert row(outcome)["units"] == 3
        assert row(outcome)["ran_out"] == outcome.first_day + 5
        assert np.flatnonzero(outcome.shoppers["benefit_cost"]).tolist() == [0, 1, 2]

    def test_a_flash_sale_has_so_many_units_every_day(self) -> None:
        days = [5] * 4 + [6] * 4 + [7]
        outcome = lived(buyers(policy({"discount": "10 %", "budget": {"units_a_day": 2}}), days))
        assert np.flatnonzero(outcome.shoppers["benefit_cost"]).tolist() == [0, 1, 4, 5, 8]
        assert row(outcome)["ran_out"] == -1

    def test_money_a_day_is_not_carried_over(self) -> None:
        outcome = lived(
            buyers(
                policy({"bonus_points": 1, "gifts": {"g": {"cost": 4, "value": 5}}, "budget": {"money_a_day": 10}}),
                [5] * 4 + [6],
            )
        )
        assert by_day(outcome, "campaign_gifts") == {5: 800, 6: 400}

    def test_a_member_may_use_it_so_often_in_one_occasion(self) -> None:
        rule = {"when": "12..14 monthly", "discount": "10 %", "budget": {"units_a_member": 1}}
        snapshot = buyers(policy(rule), [11])
        snapshot.shoppers["visit_gap"] = 1e-6  # comes every day
        outcome = lived(snapshot)
        assert list(by_day(outcome, "campaign_discount")) == [11, 42]  # 12 January and 12 February

    def test_each_occasion_has_a_budget_of_its_own(self) -> None:
        rule = {"when": "12..14 monthly", "discount": "10 %", "budget": {"units": 1}}
        outcome = lived(buyers(policy(rule), [11, 12, 43, 44]))
        assert list(by_day(outcome, "campaign_discount")) == [11, 43]
        assert row(outcome)["days"] == 1 + 2
        assert row(outcome)["ran_out"] == outcome.first_day + 43

    def test_regions_share_a_budget_by_shoppers(self) -> None:
        snapshot = buyers(policy({"discount": "10 %", "budget": {"units": 5}}), [5] * 10)
        scenario = snapshot.scenario.with_({"regions": 3})
        units = [World(snapshot.policy, scenario, region=region)._part.of(5) for region in range(3)]
        assert units == [1, 2, 2]


class TestOwnDays:
    def test_the_birthday_and_the_six_days_before(self) -> None:
        rule = policy({"when": "birthday and 6 days before", "discount": "10 %"})
        shoppers = 25
        snapshot = buyers(rule, [0] * shoppers)
        birthdays = (keyed_uniforms(snapshot.seed, range(shoppers), TRAITS_DAY, Purpose.BIRTHDAY) * 365).astype(int)
        for shopper, birthday in enumerate(birthdays):  # 2026 has no leap day: the place in the year is the day
            offset = (-7, -6, 0, 1)[shopper % 4]
            let_buy(snapshot, shopper, snapshot.day + max(0, int(birthday) + offset), pays_with_points=False)
        outcome = lived(snapshot, 370)
        inside = [shopper for shopper in range(shoppers) if shopper % 4 in (1, 2) and birthdays[shopper] > 7]
        outside = [shopper for shopper in range(shoppers) if shopper % 4 in (0, 3) and birthdays[shopper] > 7]
        assert inside and outside
        assert (outcome.shoppers["benefit_cost"][inside] > 0).all()
        assert (outcome.shoppers["benefit_cost"][outside] == 0).all()

    def test_the_birthday_month(self) -> None:
        rule = policy({"when": "birthday month", "discount": "10 %"})
        snapshot = buyers(rule, [40] * 60)  # 10 February
        birthdays = (keyed_uniforms(snapshot.seed, range(60), TRAITS_DAY, Purpose.BIRTHDAY) * 365).astype(int)
        inside = (birthdays >= 31) & (birthdays < 59)
        assert inside.any()
        assert ((lived(snapshot).shoppers["benefit_cost"] > 0) == inside).all()

    def test_the_joining_anniversary(self) -> None:
        snapshot = buyers(
            policy({"when": "joining anniversary and 6 days after", "discount": "10 %"}), [0, 9, 10, 16, 17]
        )
        snapshot.shoppers["first_order_day"] = 10  # 11 January 2025
        assert list(by_day(lived(snapshot), "campaign_discount")) == [10, 16]

    def test_the_days_after_the_first_order(self) -> None:
        snapshot = buyers(policy({"when": "first order and 7 days after", "discount": "10 %"}), [10, 11, 17, 18])
        snapshot.shoppers["first_order_day"] = snapshot.day + 10
        assert list(by_day(lived(snapshot), "campaign_discount")) == [11, 17]

    def test_every_third_order(self) -> None:
        snapshot = buyers(policy({"when": "every 3 orders and 2 days after", "discount": "10 %"}), [1])
        snapshot.shoppers["visit_gap"] = 1e-6  # orders every day
        # orders on days 1, 2, 3: open on 4 and 5; the sixth order on day 6: open on 7 and 8
        assert list(by_day(lived(snapshot, 12), "campaign_discount")) == [4, 5, 7, 8, 10, 11]

    def test_so_many_silent_days(self) -> None:
        snapshot = buyers(policy({"when": "60 silent days and 5 days after", "discount": "10 %"}), [10, 11, 16, 17])
        snapshot.shoppers["last_order_day"] = snapshot.day - 49
        assert list(by_day(lived(snapshot), "campaign_discount")) == [11, 16]

    def test_the_days_after_a_promotion(self) -> None:
        snapshot = buyers(policy({"when": "tier upgrade and 7 days after", "discount": "10 %"}), [2, 31, 38, 39])
        snapshot.cards["tier_seen"] = 1
        world = World.resume(snapshot)
        assert world.run(snapshot.day + 5).total("campaign_discount") == 0
        later = world.snapshot()
        later.shoppers["window_spend"] = later.shoppers["month_spend"][:, 0] = 150_000
        outcome = World.resume(later).run(snapshot.day + 60)  # promoted on 1 February, day 31
        assert outcome.total("promotions") == 4
        assert [day - snapshot.day for day in days_with(outcome, "campaign_discount")] == [31, 38]

    def test_after_a_challenge(self) -> None:
        challenge = {"challenge": {"any": {"spend": 0.01, "points": 1}}}
        reached = {"when": "challenge reached and 2 days after", "discount": "10 %"}
        snapshot = buyers(policy(challenge, reached), [1])
        snapshot.shoppers["visit_gap"] = 1e-6
        assert list(by_day(lived(snapshot, 40), "campaign_discount")) == [2, 3, 32, 33]


class TestANightInASnapshot:
    """A world goes on in the morning as if there had been no night, also when a sale's last day was yesterday."""

    SALES = (
        {"when": "5..7 monthly", "discount": "20 %"},
        {"when": "01-06", "discount": "30 %", "budget": {"units": 2}},
        {"when": "birthday", "discount": "10 %"},
    )

    @pytest.mark.parametrize("night", range(1, 12))
    def test_changes_nothing(self, night: int) -> None:
        snapshot = buyers(policy(*self.SALES), [4, 5, 5, 6, 7, 8, 9, 9, 12, 35, 40])
        whole = World.resume(snapshot)
        outcome = whole.run(snapshot.day + 60)
        before = World.resume(snapshot)
        first = before.run(snapshot.day + night)
        after = World.resume(before.snapshot())
        second = after.run(snapshot.day + 60)
        assert (after.cards == whole.cards).all()
        assert first.total("gmv") + second.total("gmv") == outcome.total("gmv")
        for what in ("days", "orders", "money"):
            assert (first.campaigns[what] + second.campaigns[what]).tolist() == outcome.campaigns[what].tolist()
