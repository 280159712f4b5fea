"""One shopper's life alone: equal to the full run, complete, and with utilities whose parts add up.

A full run is an ordinary `World`; the life alone comes from a process in which the rules run as plain Python.
"""

from __future__ import annotations

import datetime
import importlib
import math
import sys
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from memberlab.policies import Policy, load_policy
from memberlab.sim import (
    ENROLLED,
    LAPSED,
    MEMBER,
    Difference,
    Life,
    Outcome,
    Snapshot,
    World,
    behaviour_record,
    trace,
    warm_up,
)

from .worlds import (
    brisk_population,
    campaigning,
    full_policy,
    let_baskets_be,
    let_buy,
    opening,
    quiet_snapshot,
    small_scenario,
)

TRACE: Any = importlib.import_module("memberlab.sim.trace")
WATCHED_WORLD: Any = importlib.import_module("memberlab.sim.watched_world").WatchedWorld
PULLS: Any = importlib.import_module("memberlab.sim.utility_parts").PULLS
FOLDER = Path(__file__).parent.parent / "benchmarks"
sys.path.insert(0, str(FOLDER))
everything: Any = importlib.import_module("mechanics").everything
sys.path.remove(str(FOLDER))

POLICIES = ("plain", "full", "campaigning", "everything")


@lru_cache
def policy_of(name: str) -> Policy:
    if name == "plain":
        return load_policy("four-tiers-simple")
    return {"full": full_policy, "campaigning": campaigning}.get(name, lambda: full_policy().with_(everything()))()


@lru_cache
def launch(name: str) -> Snapshot:
    """Return launch day; under everything, of a market in which all that shoppers share or suffer happens."""
    scenario = small_scenario()
    if name == "everything":
        scenario = small_scenario(
            categories={"slow-brands": {"share": "15 %"}}, word_of_mouth={"reserve": 100}, sales_tax="13 %",
            failures={"minor": "10 %", "serious": "3 %", "questions": "5 %"},
            returns={"share": "10 %", "refund_days": 7},
            rival={"launch_month": 2, "adoption": "60 %", "ramp_months": 2},
        )  # fmt: skip
    incumbent = full_policy() if name in ("everything", "campaigning") else load_policy("four-tiers-simple")
    return warm_up(scenario, incumbent=incumbent, population=brisk_population())


@lru_cache
def full_run(name: str) -> Outcome:
    world = World.resume(launch(name), policy_of(name))
    return world.run(world.end)


def some_of_every_kind(name: str) -> dict[str, int]:
    """Return a shopper who lives through each thing that can happen to one."""
    start, end = launch(name), full_run(name)
    was, now, orders = start.shoppers["status"], end.shoppers["status"], end.shoppers["orders"]
    kinds = {
        "first in memory": np.arange(len(now)) == 0,
        "most orders": orders == orders.max(),
        "never came": now == 0,
        "came first after launch": (was == 0) & (orders > 1),
        "left": (was & LAPSED == 0) & (now & LAPSED > 0) & (orders > 1),
        "had left before": was & LAPSED > 0,
    }
    if name != "plain":
        kinds["joined"] = (was & MEMBER == 0) & (now & MEMBER > 0)
        kinds["lost membership"] = (was & MEMBER > 0) & (now & MEMBER == 0)
    if name == "everything":
        kinds["came as a friend"] = (end.cards["referrer"] > 0) & (orders > 1)
        kinds["brought a friend"] = (start.cards["first_friend"] == 0) & (end.cards["first_friend"] > 0)
    return {kind: int(np.flatnonzero(those)[0]) for kind, those in kinds.items() if those.any()}


@lru_cache
def lives(name: str) -> dict[str, Life]:
    """Return the lives alone of some of every kind, by kind."""
    kinds = some_of_every_kind(name)
    tapes = [TRACE.record(launch(name), policy_of(name), shopper) for shopper in kinds.values()]
    return dict(zip(kinds, TRACE.live_again(tapes), strict=True))


def all_lives() -> list[Life]:
    return [life for name in POLICIES for life in lives(name).values()]


# equal to the full run


@pytest.mark.parametrize("name", POLICIES)
def test_a_watched_world_lives_as_any_other(name: str) -> None:
    world = WATCHED_WORLD.resume(launch(name), policy_of(name))
    world.watch(some_of_every_kind(name)["most orders"])
    assert world.run(world.end).digest() == full_run(name).digest()


@pytest.mark.parametrize("name", POLICIES)
def test_alone_every_kind_of_shopper_is_the_one_of_the_full_run(name: str) -> None:
    told = lives(name)
    assert {"most orders", "came first after launch", "left", "had left before"} <= told.keys()
    assert name == "plain" or "joined" in told
    assert name in ("plain", "full") or "lost membership" in told
    assert name != "everything" or {"came as a friend", "brought a friend"} <= told.keys()
    for kind, life in told.items():
        assert life.differences == (), (name, kind)
        assert ends_as(life, full_run(name)), (name, kind)
    assert told["most orders"].turns >= (300 if name in ("campaigning", "everything") else 18)


def test_who_has_not_come_yet_has_nothing_to_tell() -> None:
    start, policy = launch("full"), policy_of("full")
    later = np.flatnonzero((start.shoppers["status"] == 0) & (start.due > start.day + 40))
    (life,) = trace(start, [policy], int(later[0]), until=start.day + 40)
    assert life.is_the_full_runs
    assert life.moments == ()
    assert not life.closing.enrolled
    assert life.turns == 3  # two months, and the closing of the books


def ends_as(life: Life, outcome: Outcome) -> bool:
    """Return whether a life ends in what the record of an ordinary full run holds, to the bit."""
    record, end = outcome.shoppers[life.shopper], life.closing
    fields = {
        "tier": end.tier, "points_balance": end.points, "window_spend": end.window_spend, "goodwill": end.goodwill,
        "reference_price": end.reference_price, "purchase_debt": end.purchase_debt, "gmv": end.gmv,
        "orders": end.orders, "margin": end.margin, "benefit_cost": end.benefit_cost,
        "lifetime_left": end.lifetime_left, "expected_benefit": end.expected_benefit,
    }  # fmt: skip
    bits = end.enrolled * ENROLLED + end.member * MEMBER + end.lapsed * LAPSED
    is_equal = all(record[name].item() == value for name, value in fields.items())
    return is_equal and int(record["status"]) & (ENROLLED | MEMBER | LAPSED) == bits


@pytest.mark.parametrize("array", ["shoppers", "cards", "markets", "ledger"])
def test_a_life_that_is_not_the_full_runs_is_found_out(array: str) -> None:
    shopper = some_of_every_kind("campaigning")["most orders"]
    tape = TRACE.record(launch("campaigning"), policy_of("campaigning"), shopper)
    changed = getattr(tape, array).copy()
    if array == "shoppers":
        changed["points_balance"][200:, 1] += 1  # after the turns from there on, and before none
    elif array == "cards":
        changed["message_place"][100, 1] += 1
    elif array == "markets":
        changed["cost_share"][100:] += 100  # the shopper alone meets other costs than in the full run
    else:
        changed["gmv"][np.nonzero(changed["gmv"])] += 1
    (life,) = TRACE.live_again([replace(tape, **{array: changed})])
    assert not life.is_the_full_runs
    field = {"shoppers": "points_balance", "cards": "message_place", "markets": "margin", "ledger": "gmv"}[array]
    assert field in {difference.field for difference in life.differences}


@pytest.mark.parametrize(
    ("alone", "full", "is_rounding"),
    [(0.1 + 0.2, 0.3, True), (1.0, 1.0 + 1e-9, False), (10**15, 10**15 + 1, False), (1e15, 1e15 + 0.25, True)],
)
def test_only_floats_may_differ_and_only_in_their_last_bits(alone: float, full: float, is_rounding: bool) -> None:
    assert Difference(1, "goodwill", alone, full).is_in_last_bits == is_rounding


def test_a_life_is_asked_of_the_region_in_which_it_is_lived_and_of_days_ahead() -> None:
    start = launch("plain")
    with pytest.raises(ValueError, match="shopper 600 does not live in region 0"):
        trace(start, [policy_of("plain")], 600)
    with pytest.raises(ValueError, match=r"until .* must be later than the day of the snapshot"):
        trace(start, [policy_of("plain")], 3, until=start.day)


# complete


def total(life: Life, measure: str) -> int:
    return sum(moment.posted.get(measure, 0) for moment in life.moments)


def test_moments_leave_nothing_out() -> None:
    for life in all_lives():
        end, start = life.closing, life.opening
        assert total(life, "orders") == end.orders
        assert total(life, "gmv") == end.gmv
        moved = total(life, "points_issued") - total(life, "points_redeemed") - total(life, "points_expired")
        credited = sum(one.after.points - one.before.points for one in life.moments if one.kind == "others")
        if total(life, "points_clawed_back") == total(life, "points_given_back") == end.pending_points == 0:
            assert start.points + moved + credited == end.points
        assert sum(life.lots.values()) == end.points
        assert sum(change for moment in life.moments for change in moment.lots.values()) == end.points - start.points
        assert life.moments == tuple(sorted(life.moments, key=lambda moment: moment.day))


def test_nothing_is_told_twice_where_others_act_on_the_last_evening() -> None:
    start, policy = launch("everything"), policy_of("everything")
    whole = lives("everything")["most orders"]
    last_order = [moment.day for moment in whole.moments if moment.visit and moment.visit.ordered][-1]
    (life,) = trace(start, [policy], whole.shopper, until=last_order + 1)
    assert life.moments[-1].day == last_order
    assert total(life, "orders") == life.closing.orders == whole.closing.orders
    assert total(life, "gmv") == life.closing.gmv


SALES_OPEN = {(6, 1), (11, 8)}
"""Days of the year on which sales of `campaigning` open, beside the 12th of each month."""


def test_messages_that_bring_a_visit_are_told() -> None:
    told = list(lives("campaigning").values())
    contacts = [contact for life in told for moment in life.moments for contact in moment.contacts]
    assert sum(contact.kind == "message" for contact in contacts) == sum(total(life, "messages_sent") for life in told)
    assert sum(contact.kind == "event" for contact in contacts) == sum(total(life, "event_guests") for life in told)
    brought = sum(contact.brought for contact in contacts)
    assert brought == sum(total(life, "prompted_visits") for life in told) > 0
    for life in told:
        days = {moment.day for moment in life.moments if any(contact.brought for contact in moment.contacts)}
        prompted = {moment.day for moment in life.moments if moment.visit and moment.visit.prompted}
        opened = {day - launch("campaigning").day for day in prompted - days}
        dates = [datetime.date(2026, 1, 1) + datetime.timedelta(day) for day in opened]
        assert all((date.day == 12) or (date.month, date.day) in SALES_OPEN for date in dates)  # remembered deals
    assert any(moment.visit.prompted for life in told for moment in life.moments if moment.visit)


# the utilities behind decisions


def test_parts_add_up_to_the_utility_that_decided() -> None:
    visits = [moment.visit for life in all_lives() for moment in life.moments if moment.visit is not None]
    weighed = [visit for visit in visits if visit.utility is not None]
    assert len(weighed) > 300
    for visit in weighed:
        assert visit.hurdle is not None
        assert visit.utility is not None
        assert math.isclose(sum(visit.parts.values()), visit.utility, abs_tol=1e-9)
        if visit.outcome != "ordered what was put off":
            assert (visit.utility > visit.hurdle) == (visit.outcome in ("ordered", "had enough", "waits for a sale"))
    assert {"waits for a sale", "ordered what was put off"} <= {visit.outcome for visit in weighed}
    names = {name for visit in weighed for name in visit.parts}
    assert names == {pull.name for pull in PULLS}
    untempted = [visit for visit in visits if visit.outcome == "not tempted"]
    assert len(untempted) > 300
    assert all(visit.bound is not None and visit.bound <= (visit.hurdle or 0.0) for visit in untempted)


def test_parts_of_a_membership_add_up_and_the_draw_decides() -> None:
    choices = [choice for life in all_lives() for moment in life.moments for choice in moment.choices]
    assert {"join", "renew", "pay with points"} <= {choice.kind for choice in choices}
    for choice in choices:
        if choice.utility is None or choice.draw is None:
            continue
        assert choice.taken == (choice.draw < 1.0 / (1.0 + math.exp(-choice.utility)))
        if choice.parts:
            assert math.isclose(sum(choice.parts.values()), choice.utility, abs_tol=1e-9)
    joined = sum(choice.kind == "join" and choice.taken for choice in choices)
    assert joined == sum(total(life, "joins") - total(life, "gifts_received") for life in all_lives()) > 0


def test_a_visit_by_hand() -> None:
    policy = full_policy()
    snapshot = quiet_snapshot(policy, 2, assumptions={"membership_consideration": 0, "reference_response": 1})
    day = snapshot.day + 3
    let_buy(snapshot, 1, day)
    let_baskets_be(snapshot, 20_000)
    (life,) = trace(snapshot, [policy], 1, until=day + 2)
    (moment,) = life.moments
    visit = moment.visit
    assert visit is not None
    assert visit.basket is not None
    assert (moment.day, moment.kind, visit.outcome, visit.prompted) == (day, "visit", "ordered", False)
    basket, behaviour = visit.basket, behaviour_record(snapshot.scenario.assumptions)[0]
    assert basket.goods == basket.list_value - basket.list_value // 100
    points_worth = basket.points * 0.01 * 100
    felt = (basket.goods + behaviour["shipping_weight"] * basket.shipping_fee
            - behaviour["earning_weight"] * points_worth) / basket.list_value  # fmt: skip
    assert basket.felt_share == pytest.approx(felt, rel=1e-6)
    response = float(snapshot.shoppers["response"][1])
    assert visit.parts["usual inclination"] == 60
    assert visit.parts["felt price"] == pytest.approx(-response * behaviour["price_response"] * math.log(felt))
    assert moment.lots == {12: basket.points} == life.lots
    assert moment.after.points == basket.points
    assert life.dated_lots == {}


def test_twins_are_one_until_a_policy_makes_a_difference() -> None:
    one, other = trace(launch("full"), [policy_of("full"), policy_of("full")], 5)
    assert one == other
    policies: Sequence[Policy] = [policy_of("full"), policy_of("full").with_({"member_discount": "9 %"})]
    shopper = some_of_every_kind("full")["most orders"]
    plain, cheaper = trace(launch("full"), policies, shopper)
    assert plain.opening == cheaper.opening
    assert plain.closing != cheaper.closing
    days = [{moment.day for moment in life.moments if moment.visit} for life in (plain, cheaper)]
    assert len(days[0] & days[1]) > 5  # candidate days are the shopper's own


def test_a_balance_that_expires_is_told_by_its_lot() -> None:
    policy = load_policy("four-tiers-simple")
    snapshot = quiet_snapshot(policy, 1)
    snapshot.shoppers["lots"][0, 5] = snapshot.shoppers["points_balance"][0] = 400
    (life,) = trace(snapshot, [policy], 0)
    (moment,) = [moment for moment in life.moments if moment.posted]
    assert moment.kind == "month"
    assert moment.posted == {"points_expired": 400}
    assert moment.lots == {5: -400}
    assert moment.day == opening(snapshot, 18)
    assert life.lots == {}
