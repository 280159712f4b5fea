"""Messages, events and winning back, recomputed by hand: who gets one, what it costs, who comes, who has enough."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest

from memberlab.policies import DocumentError, Policy, load_policy, told
from memberlab.sim import ENROLLED, LAPSED, MEMBER, Outcome, Snapshot, World

from .worlds import days_with, let_baskets_be, let_buy, quiet_snapshot

CONTACT = {
    "channels": {"sms": {"cost": 0.05}, "call": {"cost": 3, "pull": 4}},
    "most_in_7_days": 8,
    "most_in_30_days": 8,
}
ALWAYS_COMES = {"assumptions__contact_visit": 0.2, "assumptions__contact_fatigue": 0, "assumptions__opt_out": 0}


def policy(*campaigns: Mapping[str, object], **contact: object) -> Policy:
    named = {f"c{number}": campaign for number, campaign in enumerate(campaigns)}
    changes = {f"contact.{address.replace('__', '.')}": value for address, value in contact.items()}
    return load_policy("no-programme").with_({"currency": "CNY", "contact": CONTACT, "campaigns": named, **changes})


def members(of: Policy, count: int, **changes: object) -> Snapshot:
    """Return a quiet world of shoppers who never come by themselves and last ordered on the eve of launch."""
    snapshot = quiet_snapshot(of, count, **changes)
    snapshot.shoppers["last_order_day"] = snapshot.day - 1
    snapshot.shoppers["visit_gap"], snapshot.shoppers["base_logit"] = 1e12, 60
    return snapshot


def lived(snapshot: Snapshot, days: int = 60) -> Outcome:
    """Return the outcome of `days` days, the same from both drivers, and the same after a night in a snapshot."""
    until = snapshot.day + days
    outcome = World.resume(snapshot).run(until)
    assert World.resume(snapshot).run(until, day_by_day=True).digest() == outcome.digest()
    world = World.resume(snapshot)
    world.run(snapshot.day + days // 2)
    resumed = World.resume(world.snapshot())
    resumed.run(until)
    for field in ("next_visit", "last_order_day", "goodwill", "status", "lifetime_left"):
        assert (resumed.shoppers[field] == outcome.shoppers[field]).all()
    assert (resumed.cards == outcome.cards).all()
    return outcome


def by_day(outcome: Outcome, measure: str) -> dict[int, int]:
    return {day - outcome.first_day: value for day, value in days_with(outcome, measure).items()}


def test_a_campaign_is_announced_on_the_first_day_of_each_occasion() -> None:
    outcome = lived(members(policy({"when": "12..14 monthly", "message": "sms"}), 20))
    assert by_day(outcome, "messages_sent") == {11: 20, 42: 20}
    assert by_day(outcome, "messages") == {11: 100, 42: 100}
    assert outcome.closing.benefit_cost == 200
    assert int(outcome.campaigns["messages"][0]) == 40
    assert int(outcome.campaigns["contact"][0]) == 200


def test_only_its_targets_are_written_to() -> None:
    snapshot = members(policy({"when": "01-05", "message": "sms", "to": {"stages": "lost"}}), 4)
    snapshot.shoppers["last_order_day"] = snapshot.shoppers["first_order_day"] = 0
    snapshot.shoppers["last_order_day"][:2] = snapshot.day - 1
    assert by_day(lived(snapshot), "messages_sent") == {4: 2}


def test_consent_is_a_share_and_the_same_members_every_time() -> None:
    both = policy(
        {"when": "01-05", "message": "sms"}, {"when": "02-05", "message": "sms"}, channels__sms__consent="30 %"
    )
    outcome = lived(members(both, 400))
    first, second = by_day(outcome, "messages_sent").values()
    assert first == second
    assert 90 <= first <= 150


def test_no_more_messages_than_the_cap_allows() -> None:
    daily = [{"when": f"01-{day:02}", "message": "sms"} for day in range(1, 13)]
    outcome = lived(members(policy(*daily, most_in_7_days=2, most_in_30_days=3), 10))
    assert by_day(outcome, "messages_sent") == {0: 10, 1: 10, 7: 10}  # two in a week, the third a week after the first


def test_the_whitelist_is_written_to_beyond_the_caps_and_only_with_consent() -> None:
    daily = [{"when": f"01-{day:02}", "message": "sms"} for day in range(1, 13)]
    rules = policy(*daily, most_in_7_days=2, most_in_30_days=3).with_(
        {
            "tiers": {"base": {"threshold": 0}, "gold": {"threshold": 1000}},
            "membership": {"fee": 9},
            "contact.whitelist": {"tiers": "gold", "paid_members": True},
        }
    )
    snapshot = members(rules, 10, assumptions__opt_out=0)
    snapshot.shoppers["window_spend"][:4] = snapshot.shoppers["month_spend"][:4, 11] = 100_000  # gold from launch on
    snapshot.shoppers["status"][4] |= MEMBER
    snapshot.shoppers["term_end"][4] = snapshot.day + 200
    snapshot.cards["opted_out"][0] = 1
    outcome = lived(snapshot)
    assert by_day(outcome, "messages_sent") == {day: 4 + 5 * (day in (0, 1, 7)) for day in range(12)}


def test_a_whitelist_names_members_who_exist() -> None:
    for listed, message in (
        ({"tiers": "gold"}, "contact.whitelist.tiers: unknown tier 'gold'; the policy has no tiers"),
        ({"paid_members": True}, "contact.whitelist.paid_members: means paid members, but the policy has no "
         "membership; write one, or leave it out"),
        ({}, "contact.whitelist: names nobody; write tiers or paid_members: true, or leave it out"),
    ):  # fmt: skip
        with pytest.raises(DocumentError) as caught:
            policy(whitelist=listed)
        assert message in [f"{problem.field}: {problem.message}" for problem in caught.value.problems]


def test_contact_is_told_with_consent_pull_and_whitelist() -> None:
    rules = policy(channels__sms__consent="80 %").with_({"membership": {"fee": 9}})
    assert (
        "Members are reached by sms at 0.05 CNY a message (to which 80 % agree) and call at 3 CNY a message (that "
        "brings 4 times the visits): at most 8 messages in 7 days and 8 in 30, which does not apply to paid members."
    ) in told(rules.with_({"contact.whitelist": {"paid_members": True}}))


def test_a_promotion_by_an_order_opens_its_campaign_and_is_told_on_the_next_morning() -> None:
    """Orders of 1,000 on 11 January: gold at once. The window is 11 to 18 January, the message comes on the 12th."""
    tiers = {"base": {"threshold": 0}, "gold": {"threshold": 1000}}
    rules = policy({"when": "tier upgrade and 7 days after", "message": "sms", "discount": "10 %"}).with_(
        {"tiers": tiers, "qualification": {"promotion": "instant"}}
    )
    for second, is_open in ((7, True), (8, False)):
        snapshot = members(rules, 2, assumptions__contact_visit=0)
        let_baskets_be(snapshot, 100_000)
        let_buy(snapshot, 0, snapshot.day + 10)
        world = World.resume(snapshot)
        world.run(snapshot.day + 11)
        later = world.snapshot()
        let_buy(later, 0, snapshot.day + 10 + second)
        outcome = World.resume(later).run(snapshot.day + 40)
        assert int(outcome.cards["upgraded_day"][0]) == snapshot.day + 10
        assert days_with(outcome, "messages_sent") == {snapshot.day + 11: 1}
        assert (outcome.total("campaign_discount") > 0) == is_open
    lived(snapshot)


def test_a_message_brings_so_many_visits_and_fewer_when_there_were_others() -> None:
    rules = policy({"when": "01-05", "message": "sms"}, {"when": "01-06", "message": "sms"})
    fresh = {"assumptions__contact_visit": 0.2, "assumptions__contact_fatigue": 1, "assumptions__opt_out": 0}
    outcome = lived(members(rules, 2000, **fresh))
    visits = by_day(outcome, "prompted_visits")
    assert visits[4] == pytest.approx(400, abs=60)
    assert visits[5] == pytest.approx(400 * np.exp(-1), abs=50)
    assert by_day(outcome, "orders") == visits  # who comes orders, and the own candidate days stay as they were
    assert (outcome.shoppers["next_visit"] > outcome.last_day).all()


def test_a_call_pulls_harder_and_costs_more() -> None:
    outcome = lived(members(policy({"when": "01-05", "message": "call"}), 1000, **ALWAYS_COMES))
    assert outcome.total("prompted_visits") == pytest.approx(800, abs=50)
    assert outcome.total("messages") == 300_000


def test_a_personal_offer_costs_more_and_lifts_the_pull_where_it_hits() -> None:
    personal = {"when": "01-05", "message": "sms", "personalised": {"cost": 0.10}}
    hits = {**ALWAYS_COMES, "assumptions__personal_hit": 0.5, "assumptions__personal_lift": 3}
    outcome = lived(members(policy(personal), 2000, **hits))
    assert outcome.total("messages") == 2000 * 15
    assert outcome.total("prompted_visits") == pytest.approx(2000 * 0.2 * 2, abs=80)


def test_over_messaging_drives_members_out() -> None:
    daily = [{"when": f"01-{day:02}", "message": "sms"} for day in range(1, 8)]
    tired = {"assumptions__opt_out": 0.02, "assumptions__opt_out_growth": 0.5}
    outcome = lived(members(policy(*daily), 2000, **tired))
    sent, out = by_day(outcome, "messages_sent"), by_day(outcome, "opt_outs")
    assert out[0] == pytest.approx(2000 * 0.02, abs=20)
    assert out[4] == pytest.approx(sent[4] * 0.02 * np.exp(0.5 * 4), abs=60)
    assert sent[4] == 2000 - sum(out[day] for day in range(4))
    assert outcome.total("opt_outs") == (outcome.cards["opted_out"] == 1).sum()


def test_own_days_are_announced_one_by_one() -> None:
    snapshot = members(policy({"when": "birthday and 6 days before", "message": "sms", "discount": "5 %"}), 200)
    outcome = lived(snapshot, 365)
    sent = by_day(outcome, "messages_sent")
    assert 194 <= sum(sent.values()) <= 200  # the first week's birthdays had begun before launch
    assert len(sent) > 100


def test_a_promotion_is_announced_on_its_morning() -> None:
    tiers = {"tiers": {"base": {"threshold": 0}, "gold": {"threshold": 1000}}}
    rules = policy({"when": "tier upgrade and 7 days after", "message": "sms"}).with_(tiers)
    world = World.resume(members(rules, 3))
    world.run(world.launch + 5)  # on launch day the office has seen everybody in the lowest tier
    snapshot = world.snapshot()
    snapshot.shoppers["window_spend"][:2] = snapshot.shoppers["month_spend"][:2, 0] = 150_000
    outcome = World.resume(snapshot).run(snapshot.day + 40)
    assert outcome.total("promotions") == 2
    assert by_day(outcome, "messages_sent") == {26: 2}  # 1 February


def test_silence_is_answered_once() -> None:
    snapshot = members(policy({"when": "30 silent days and 7 days after", "message": "sms"}), 3)
    snapshot.shoppers["last_order_day"] = snapshot.day - np.array([10, 20, 40])
    assert by_day(lived(snapshot, 120), "messages_sent") == {10: 1, 20: 1}


def test_an_event_reaches_a_share_and_costs_to_the_cent() -> None:
    event = {"when": "01-20", "event": {"cost": 99.99, "cost_each": 0.5, "reach": "25 %"}}
    snapshot = members(policy(event), 1000, assumptions__event_visit=0.2, assumptions__event_goodwill=0.1)
    outcome = lived(snapshot)
    guests = outcome.total("event_guests")
    assert guests == pytest.approx(250, abs=45)
    assert by_day(outcome, "engagement") == {19: 9_999 + 50 * guests}
    assert outcome.total("prompted_visits") == pytest.approx(guests * 0.2, abs=25)
    assert (outcome.shoppers["goodwill"] > 0).sum() == guests
    assert int(outcome.campaigns["contact"][0]) == 9_999 + 50 * guests


def test_nobody_at_the_event_and_its_cost_is_borne_all_the_same() -> None:
    outcome = lived(members(policy({"when": "01-20", "event": {"cost": 80, "reach": "0 %"}}), 3))
    assert outcome.total("engagement") == outcome.total("event_guests") == 0  # no reach: there is no event
    outcome = lived(members(policy({"when": "01-20", "event": {"cost": 80, "reach": "0.01 %"}}), 3))
    assert (outcome.total("engagement"), outcome.total("event_guests")) == (8_000, 0)


class TestWinBack:
    rule = policy({"when": "60 silent days and 7 days after", "message": "sms", "discount": "20 %"})

    def lost(self, count: int, **changes: object) -> Snapshot:
        snapshot = members(self.rule, count, **changes)
        snapshot.shoppers["status"] = ENROLLED | LAPSED
        snapshot.shoppers["last_order_day"] = snapshot.day - 50  # silent for 60 days on day 10
        snapshot.shoppers["next_visit"] = 32_767
        return snapshot

    def test_the_chance_is_the_logit_of_the_reference(self) -> None:
        snapshot = self.lost(
            3000, assumptions__win_back_rate=0, assumptions__win_back_fading=0.6, assumptions__win_back_discount=6
        )
        outcome = lived(snapshot, 30)
        chance = 1 / (1 + np.exp(3 - 6 * 0.2 + 0.6 * 60 / 365))
        assert by_day(outcome, "won_back")[10] == pytest.approx(3000 * chance, abs=90)
        assert outcome.total("won_back") == (outcome.shoppers["status"] & LAPSED == 0).sum()
        assert by_day(outcome, "orders")[10] == by_day(outcome, "won_back")[10]  # who returns comes at once
        assert outcome.total("campaign_discount") > 0

    def test_a_second_life_is_finite_and_has_visits_of_its_own(self) -> None:
        snapshot = self.lost(2000, assumptions__win_back_intercept=0, assumptions__win_back_rate=0)
        snapshot.shoppers["visit_gap"] = 5
        outcome = lived(snapshot, 360)
        back = by_day(outcome, "won_back")[10]
        assert outcome.total("orders") > 5 * back
        assert outcome.total("lapses") > 0.3 * back

    def test_who_has_left_unnoticed_is_found_to_have(self) -> None:
        snapshot = self.lost(200, assumptions__win_back_intercept=0, assumptions__win_back_rate=0)
        snapshot.shoppers["status"] = ENROLLED
        snapshot.shoppers["lifetime_left"] = -1
        outcome = lived(snapshot, 12)
        assert outcome.total("lapses") == 200
        assert 0 < outcome.total("won_back") < 200

    def test_who_is_still_there_is_not_won_back(self) -> None:
        snapshot = self.lost(50)
        snapshot.shoppers["status"] = ENROLLED
        assert lived(snapshot, 12).total("won_back") == 0
