"""The small reference rule set as a SimPy modeller would write it: a process per shopper, one for the office.

Serves the comparison of the engine with plain SimPy. Written to be quick without tricks: slots, local variables, the
C-coded `random.random`, totals instead of a ledger by day and tier. `ends_early` adds the engine's own trick, to leave
a visit before the basket is drawn when no basket could tempt the shopper; it is measured apart.
Visits happen at noon and office work at midnight, because SimPy orders events of the same time by when they were
scheduled: a visit planned long ago would come before the month's work of that day, and the totals would be wrong
without an error.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from math import exp, log
from typing import Any

import simpy
from keyed_draws import KeyedDraws
from simpy_customers import RandomDraws, Shopper, Tier

from memberlab.sim import SHOPPER, Snapshot, behaviour_record, calendar_of
from memberlab.sim.programme_table import compile_policy
from memberlab.sim.shopper import LOT_MONTHS, WINDOW_MONTHS

NOON = 0.5
MEASURES = (
    "visits", "orders", "lapses", "promotions", "demotions", "list_value", "tier_discount", "gmv", "points_paid",
    "shipping_charged", "shipping_waived_by_status", "shipping_waived_by_threshold", "cost_of_goods", "shipping_cost",
    "payment_cost", "points_issued", "points_redeemed", "points_expired",
)  # fmt: skip
"""What the small rule set books, by the engine's names; every other measure of the engine's ledger stays at 0."""


class Shop:
    """The shop: its programme, its customers, its books and its calendar."""

    def __init__(self, snapshot: Snapshot, draws: RandomDraws | KeyedDraws, ends_early: bool) -> None:
        """Turn the arrays of `snapshot` into objects and start a process for each shopper and one for the office."""
        behaviour = behaviour_record(snapshot.scenario.assumptions)
        table = compile_policy(snapshot.policy, snapshot.scenario, behaviour)
        self.programme = {name: table.programme[name][0].tolist() for name in table.programme.dtype.names or ()}
        self.behaviour = {name: float(behaviour[name][0]) for name in behaviour.dtype.names or ()}
        self.market = {name: snapshot.market[name][0].tolist() for name in snapshot.market.dtype.names or ()}
        price_response, levels = self.behaviour["price_response"], range(self.programme["tiers"])
        self.tiers = [Tier(table.terms[2 * level], price_response) for level in levels]
        names = SHOPPER.names or ()
        records = zip(*(snapshot.shoppers[name].tolist() for name in names), strict=True)
        people = (dict(zip(names, record, strict=True)) for record in records)
        self.shoppers = [Shopper(number, person) for number, person in enumerate(people)]
        self.books = dict.fromkeys(MEASURES, 0)
        self.draws, self.ends_early, self.calendar = draws, ends_early, calendar_of(snapshot.scenario)
        self.environment = simpy.Environment(initial_time=snapshot.day)
        self.month = self.calendar.month_of(snapshot.day)
        self.environment.process(self.keep_calendar())
        for shopper in self.shoppers:
            if not shopper.has_left:
                self.environment.process(self.live(shopper))

    def run(self) -> dict[str, int]:
        """Live until the end of the horizon and return the totals of the books."""
        self.environment.run(until=self.calendar.end)
        return self.books

    def live(self, s: Shopper) -> Generator[simpy.Event, Any, None]:
        """Visit after visit until the shopper leaves for good."""
        environment, timeout, books, tiers = self.environment, self.environment.timeout, self.books, self.tiers
        draw_gap, draw_purchase = self.draws.gap, self.draws.purchase
        address = self.draws.begin_day if self.draws.keyed else None
        visit_gap, base_logit, response = s.visit_gap, s.base_logit, s.response
        minimum, ends_early = self.programme["minimum_points"], self.ends_early
        yield timeout(s.next_visit + NOON - environment.now)
        while True:
            day = int(environment.now)
            if address:
                address(s.number, day)
            gap = 1 + int(-log(1.0 - draw_gap()) * visit_gap)
            if day >= s.leaves_on:
                books["lapses"] += 1
                return
            books["visits"] += 1
            tier = tiers[s.tier]
            share = draw_purchase()
            if ends_early:
                pull = tier.pull_with_points if s.points >= minimum else tier.pull
                if share >= 1.0 / (1.0 + exp(-(base_logit + response * pull))) + 1e-9:
                    yield timeout(gap)
                    continue
            self.serve(s, tier, day, share)
            yield timeout(gap)

    def serve(self, s: Shopper, tier: Tier, day: int, share: float) -> None:
        """Fill the basket, choose to pay by points or not, and buy with the chance that the felt price gives."""
        programme, behaviour, market = self.programme, self.behaviour, self.market
        value = self.draws.gammavariate(market["basket_shape"], 1.0) * s.basket_scale * tier.lift
        list_value = max(1, int(value + 0.5))
        goods = list_value - list_value * tier.discount // 10_000
        fee = 0 if goods >= tier.free_from else programme["shipping_fee"]
        paid_by_points = self.points_offered(s, goods, list_value, day)
        earned = self.points_earned(goods - paid_by_points, tier)
        worth = earned * programme["redeem_value"] / programme["redeem_points"]
        felt = goods + behaviour["shipping_weight"] * fee
        felt -= behaviour["earning_weight"] * worth + behaviour["redeeming_weight"] * paid_by_points
        log_price = log(max(0.05, felt / list_value))
        utility = s.base_logit + s.response * (-behaviour["price_response"] * log_price)
        if share < 1.0 / (1.0 + exp(-utility)):
            self.sell(s, list_value, goods, fee, paid_by_points, earned, day)

    def points_offered(self, s: Shopper, goods: int, list_value: int, day: int) -> int:
        """Return the cents that the shopper chooses to pay with points."""
        programme, behaviour = self.programme, self.behaviour
        if s.points <= 0 or s.points < programme["minimum_points"]:
            return 0
        balance_value = s.points * programme["redeem_value"] // programme["redeem_points"]
        value = min(balance_value, goods * programme["maximum_share"] // 10_000)
        if value <= 0:
            return 0
        utility = s.redemption_inertia + behaviour["redemption_slope"] * log(value / (0.10 * list_value))
        expiring = s.lots[(self.month - programme["expiry_months"]) % LOT_MONTHS]
        if expiring > 0:
            days_left = self.calendar.month_starts[self.month + 1] - day
            fear = exp(-days_left / behaviour["expiry_horizon"])
            utility += behaviour["expiry_urgency"] * fear * expiring / s.points
        return value if self.draws.redemption() < 1.0 / (1.0 + exp(-utility)) else 0

    def points_earned(self, paid: int, tier: Tier) -> int:
        """Return the points for `paid` cents of goods."""
        programme = self.programme
        return paid // programme["earn_per"] * programme["earn_points"] * tier.earn_multiplier // 100

    def sell(
        self, s: Shopper, list_value: int, goods: int, fee: int, paid_by_points: int, earned: int, day: int
    ) -> None:
        """Book one order."""
        books, programme, market = self.books, self.programme, self.market
        waived = programme["shipping_fee"] - fee
        cost = list_value * market["cost_share"] // 10_000
        paid = goods - paid_by_points + fee
        payment = paid * market["payment_share"] // 10_000 + market["payment_fixed"] if paid > 0 else 0
        books["orders"] += 1
        books["list_value"] += list_value
        books["gmv"] += goods
        books["tier_discount"] += list_value - goods
        books["shipping_charged"] += fee
        threshold = goods >= programme["shipping_free_from"]
        books["shipping_waived_by_threshold" if threshold else "shipping_waived_by_status"] += waived
        books["cost_of_goods"] += cost
        books["shipping_cost"] += market["shipping_cost"]
        books["payment_cost"] += payment
        if paid_by_points:
            self.spend_points(s, paid_by_points)
        s.points += earned
        s.lots[self.month % LOT_MONTHS] += earned
        books["points_issued"] += earned
        s.orders += 1
        s.last_order_day = day
        s.gmv += goods
        s.benefit_cost += list_value - goods + paid_by_points + waived
        s.margin += goods - paid_by_points + fee - cost - market["shipping_cost"] - payment
        s.month_spend[self.month % WINDOW_MONTHS] += goods
        s.window_spend += goods

    def spend_points(self, s: Shopper, paid: int) -> None:
        """Take the points that pay `paid` cents from the oldest lots first."""
        programme, lots = self.programme, s.lots
        points = -(-paid * programme["redeem_points"] // programme["redeem_value"])
        s.points -= points
        self.books["points_redeemed"] += points
        self.books["points_paid"] += paid
        month = self.month - programme["expiry_months"]
        while points > 0:
            taken = min(points, lots[month % LOT_MONTHS])
            lots[month % LOT_MONTHS] -= taken
            points -= taken
            month += 1

    def keep_calendar(self) -> Generator[simpy.Event, Any, None]:
        """Open month after month at midnight."""
        starts = self.calendar.month_starts
        while True:
            self.open_month()
            yield self.environment.timeout(starts[self.month + 1] - starts[self.month])
            self.month += 1

    def open_month(self) -> None:
        """Expire the lot that comes of age, review the tier, and drop the oldest month of the window."""
        books, thresholds = self.books, self.programme["threshold"][1 : self.programme["tiers"]]
        lot, place = (self.month - self.programme["expiry_months"] - 1) % LOT_MONTHS, self.month % WINDOW_MONTHS
        for s in self.shoppers:
            if s.lots[lot]:
                books["points_expired"] += s.lots[lot]
                s.points -= s.lots[lot]
                s.lots[lot] = 0
            tier = sum(s.window_spend >= threshold for threshold in thresholds)
            if tier != s.tier:
                books["promotions" if tier > s.tier else "demotions"] += 1
                s.tier = tier
            s.window_spend -= s.month_spend[place]
            s.month_spend[place] = 0


def year_of_simpy(
    snapshot: Snapshot, draws: RandomDraws | KeyedDraws, *, ends_early: bool = False
) -> Callable[[], dict[str, int]]:
    """Return the year after `snapshot` as a call without arguments: objects are made here, living is in the call."""
    return Shop(snapshot, draws, ends_early).run
