"""Gifts without an order, recomputed by hand: who gets one on which day, what is posted, where a budget ends.

Shoppers of a quiet world never come by themselves; only those meant by a test order, on a day that it sets.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import pytest

from memberlab.policies import Policy, load_policy
from memberlab.sim import ENROLLED, LAPSED, TRAITS_DAY, Outcome, Purpose, Snapshot, World, keyed_uniforms

from .worlds import LAUNCH_MONTH, days_with, let_baskets_be, let_buy, opening, quiet_snapshot

GIFT = {"cost": 6, "value": 20}
LADDER = {"base": {"threshold": 0}, "gold": {"threshold": 1000}}
BASKET = 20_000
PLEASED = 0.15 * 2 * 2_000 / BASKET
"""What a gift worth 20 yuan does to the goodwill of a member whose usual basket is 200."""


def policy(*campaigns: Mapping[str, object], **changes: object) -> Policy:
    """Return a policy with two tiers and campaigns named c0, c1, ...; `changes` are written with `__` for dots."""
    named = {f"c{number}": campaign for number, campaign in enumerate(campaigns)}
    base = {"currency": "CNY", "tiers": LADDER, "contact": {"channels": {"sms": {"cost": 0.05}}}, "campaigns": named}
    return load_policy("no-programme").with_({**base, **{a.replace("__", "."): v for a, v in changes.items()}})


def members(of: Policy, count: int, **changes: object) -> Snapshot:
    """Return members of the lowest tier, who last ordered on the eve of launch and whose usual basket is 200 yuan."""
    calm = {"assumptions__contact_visit": 0, "assumptions__opt_out": 0}
    snapshot = quiet_snapshot(of, count, **{**calm, **changes})
    snapshot.shoppers["last_order_day"] = snapshot.day - 1
    snapshot.shoppers["visit_gap"], snapshot.shoppers["base_logit"] = 1e12, 60
    snapshot.shoppers["next_visit"] = 32_767
    let_baskets_be(snapshot, BASKET)
    return snapshot


def lived(snapshot: Snapshot, days: int = 60) -> Outcome:
    """Return the outcome of `days` days, the same from both drivers, and the same after a night in a snapshot."""
    until = snapshot.day + days
    outcome = World.resume(snapshot).run(until)
    again = World.resume(snapshot).run(until, day_by_day=True)
    assert again.digest() == outcome.digest()
    assert (again.campaigns == outcome.campaigns).all()
    world = World.resume(snapshot)
    world.run(snapshot.day + days // 2)
    resumed = World.resume(world.snapshot()).run(until)
    assert (resumed.cards == outcome.cards).all()
    assert (resumed.shoppers["goodwill"] == outcome.shoppers["goodwill"]).all()
    return outcome


def by_day(outcome: Outcome, measure: str = "gifts_without_order") -> dict[int, int]:
    """Return a measure by day after launch."""
    return {day - outcome.first_day: value for day, value in days_with(outcome, measure).items()}


def row(outcome: Outcome, number: int = 0) -> dict[str, int]:
    """Return the report of one campaign."""
    names = outcome.campaigns.dtype.names or ()
    return {name: int(outcome.campaigns[name][number]) for name in names}


def birthdays(snapshot: Snapshot) -> list[int]:
    """Return the birthdays in the year from launch on; 2026 has no leap day."""
    count = len(snapshot.shoppers)
    draws = keyed_uniforms(snapshot.seed, range(count), TRAITS_DAY, Purpose.BIRTHDAY)
    return [int(day) for day in (draws * 365).astype(int)]


class TestOwnDays:
    def test_everybody_has_a_present_on_the_birthday_without_ordering_and_without_a_message(self) -> None:
        snapshot = members(policy({"when": "birthday", "gift": GIFT}), 100)
        outcome = lived(snapshot, 365)
        days = birthdays(snapshot)
        assert by_day(outcome) == {day: 600 * days.count(day) for day in sorted(set(days))}
        assert (outcome.total("orders"), outcome.total("messages_sent"), outcome.total("campaign_gifts")) == (0, 0, 0)
        assert outcome.shoppers["benefit_cost"].tolist() == [600] * 100
        assert outcome.shoppers["margin"].tolist() == [-600] * 100
        assert row(outcome) | {"money": 60_000, "units": 100, "orders": 0, "contact": 0} == row(outcome)

    def test_it_pleases_by_its_worth_against_a_usual_basket_and_the_pleasure_fades(self) -> None:
        snapshot = members(policy({"when": "birthday", "gift": GIFT}), 30)
        snapshot.shoppers["goodwill"] = 0.5  # since launch
        world = World.resume(snapshot)
        for shopper, day in enumerate(birthdays(snapshot)):
            if day == 0:
                continue
            outcome = world.fork(snapshot.policy).run(snapshot.day + day + 1)
            expected = 0.5 * math.exp(-day / 150) + PLEASED
            assert outcome.shoppers["goodwill"][shopper] == pytest.approx(expected, rel=1e-5)
            break
        dear = members(policy({"when": "birthday", "gift": {"cost": 0, "value": 500}}), 30)
        assert World.resume(dear).run(dear.day + 365).shoppers["goodwill"].max() <= 0.15 + 1e-6
        assert by_day(World.resume(dear).run(dear.day + 365)) == {}  # it costs nothing, and pleases all the same

    def test_a_message_goes_with_it_where_there_is_one(self) -> None:
        snapshot = members(policy({"when": "birthday", "gift": GIFT, "message": "sms"}), 40)
        outcome = lived(snapshot, 365)
        assert by_day(outcome, "messages_sent") == {day: cost // 600 for day, cost in by_day(outcome).items()}
        assert row(outcome)["contact"] == 40 * 5

    def test_only_those_whom_it_means(self) -> None:
        snapshot = members(policy({"when": "birthday", "to": {"tiers": "gold"}, "gift": GIFT}), 40)
        snapshot.shoppers["tier"][:10] = 1
        snapshot.shoppers["month_spend"][:10, 11] = snapshot.shoppers["window_spend"][:10] = 100_000
        outcome = lived(snapshot, 330)  # gold until the last day
        given = [shopper < 10 and day < 330 for shopper, day in enumerate(birthdays(snapshot))]
        assert (outcome.shoppers["benefit_cost"] == 600).tolist() == given

    def test_who_has_left_is_sent_one_and_is_not_pleased_and_guests_get_none(self) -> None:
        snapshot = members(policy({"when": "birthday", "gift": GIFT}), 40)
        snapshot.shoppers["status"][:10] = ENROLLED | LAPSED
        snapshot.shoppers["lifetime_left"][10:20] = 1e-3  # gone, and nobody knows
        snapshot.shoppers["status"][20:30] = 0
        outcome = lived(snapshot, 365)
        pleased = outcome.shoppers["goodwill"] > 0
        late = np.array(birthdays(snapshot)) > 0
        assert (outcome.shoppers["benefit_cost"] == 600).tolist() == [not 20 <= shopper < 30 for shopper in range(40)]
        assert not pleased[:10].any() and not pleased[10:30][late[10:30]].any()
        assert pleased[30:].all()

    @pytest.mark.parametrize(
        ("when", "days"),
        [("joining anniversary and 6 days before", [14]), ("first order and 3 days after", []), ("birthday month", [])],
    )
    def test_the_first_day_of_other_occasions(self, when: str, days: list[int]) -> None:
        snapshot = members(policy({"when": when, "gift": GIFT}), 1)
        snapshot.shoppers["first_order_day"] = 20  # 21 January 2025
        if when == "birthday month":
            month = next(
                m for m in range(12) if opening(snapshot, LAUNCH_MONTH + m + 1) - snapshot.day > birthdays(snapshot)[0]
            )
            days = [opening(snapshot, LAUNCH_MONTH + month) - snapshot.day]
        assert list(by_day(lived(snapshot, 360))) == days

    def test_what_an_order_begins_has_its_gift_on_the_next_morning(self) -> None:
        snapshot = members(policy({"when": "first order and 3 days after", "gift": GIFT}), 2)
        snapshot.shoppers["status"], snapshot.shoppers["first_order_day"] = 0, -1
        snapshot.shoppers["last_order_day"] = -1
        let_buy(snapshot, 0, snapshot.day + 9)
        assert by_day(lived(snapshot)) == {10: 600}
        silent = members(policy({"when": "30 silent days and 5 days after", "gift": GIFT}), 2)
        silent.shoppers["last_order_day"] = silent.day - np.array([10, 40])
        assert by_day(lived(silent)) == {20: 600}

    @pytest.mark.parametrize("when", ["tier upgrade", "tier upgrade and 7 days after"])
    def test_a_promotion_by_an_order_has_its_gift_on_the_next_morning_even_if_the_occasion_was_one_day(
        self, when: str
    ) -> None:
        rules = policy({"when": when, "gift": GIFT}, qualification={"promotion": "instant"})
        snapshot = members(rules, 2)
        let_baskets_be(snapshot, 100_000)
        let_buy(snapshot, 0, snapshot.day + 10)
        assert by_day(lived(snapshot)) == {11: 600}
        reviewed = members(policy({"when": when, "gift": GIFT}), 2)
        reviewed.cards["tier_seen"] = 1
        let_baskets_be(reviewed, 100_000)
        let_buy(reviewed, 0, reviewed.day + 10)
        assert by_day(lived(reviewed)) == {31: 600}  # 1 February, the morning of the review


class TestDaysOfTheCalendar:
    def test_every_member_meant_has_it_on_the_first_day(self) -> None:
        snapshot = members(policy({"when": "12..14 monthly", "to": {"stages": "new"}, "gift": GIFT}), 10)
        snapshot.shoppers["first_order_day"] = snapshot.shoppers["last_order_day"] = snapshot.day - 200
        snapshot.shoppers["first_order_day"][:3] = snapshot.shoppers["last_order_day"][:3] = snapshot.day - 5
        assert by_day(lived(snapshot)) == {11: 1_800}
        assert by_day(lived(members(policy({"when": "12..14 monthly", "gift": GIFT}), 10))) == {11: 6_000, 42: 6_000}

    def test_it_is_posted_to_the_members_own_tier(self) -> None:
        snapshot = members(policy({"when": "2026-01-20", "gift": GIFT}), 10)
        snapshot.shoppers["tier"][:4] = 1
        snapshot.shoppers["month_spend"][:4, 11] = snapshot.shoppers["window_spend"][:4] = 100_000
        outcome = lived(snapshot)
        assert outcome.ledger["gifts_without_order"][19, [0, 2]].tolist() == [3_600, 2_400]


class TestBudgets:
    @pytest.mark.parametrize("budget", [{"money": 25}, {"units": 4}])
    def test_the_campaign_ends_when_its_budget_is_spent(self, budget: dict[str, object]) -> None:
        """25 yuan pay 4 gifts of 6; the fifth cannot be paid in full."""
        rule = {"when": "2026-01-12..2026-01-20", "gift": GIFT, "discount": "10 %", "message": "sms", "budget": budget}
        snapshot = members(policy(rule), 10)
        let_buy(snapshot, 9, snapshot.day + 12)
        outcome = lived(snapshot)
        assert by_day(outcome) == {11: 2_400}
        assert np.flatnonzero(outcome.shoppers["benefit_cost"]).tolist() == [0, 1, 2, 3]
        assert by_day(outcome, "messages_sent") == {11: 4}  # nobody is told of what is over
        assert outcome.total("campaign_discount") == 0
        assert row(outcome) | {"money": 2_400, "units": 4, "days": 1, "ran_out": snapshot.day + 11} == row(outcome)

    def test_the_budget_of_the_day_is_not_the_end(self) -> None:
        rule = {"when": "birthday", "gift": GIFT, "budget": {"units_a_day": 1, "money_a_day": 6}}
        snapshot = members(policy(rule), 200)
        outcome = lived(snapshot, 365)
        days = birthdays(snapshot)
        assert max(days.count(day) for day in days) > 1
        assert by_day(outcome) == dict.fromkeys(sorted(set(days)), 600)
        assert row(outcome)["ran_out"] == -1

    def test_orders_and_gifts_share_it_for_one_member_too(self) -> None:
        rule = {"when": "2026-01-12..2026-01-20", "gift": GIFT, "discount": "10 %"}
        for uses, discounts in ((1, 0), (2, 1)):
            snapshot = members(policy({**rule, "budget": {"units_a_member": uses}}), 2)
            let_buy(snapshot, 1, snapshot.day + 12)
            outcome = lived(snapshot)
            assert by_day(outcome) == {11: 1_200}
            assert len(by_day(outcome, "campaign_discount")) == discounts
            assert row(outcome)["units"] == 2 + discounts

    def test_regions_share_it_by_shoppers(self) -> None:
        rules = policy({"when": "2025-03-10", "gift": GIFT, "budget": {"money": 31}})
        snapshot = members(rules, 30)
        scenario = snapshot.scenario.with_({"regions": 3})
        given = []
        for region in range(3):
            world = World(rules, scenario, region=region, first_orders=np.zeros(10, np.int64))
            given.append(world.run(100).total("gifts_without_order"))
        assert given == [600, 600, 600]  # 10.33 yuan for each region: the fourth and fifth gift fall between them
        whole = World(rules, snapshot.scenario, first_orders=np.zeros(30, np.int64))
        assert whole.run(100).total("gifts_without_order") == 3_000
