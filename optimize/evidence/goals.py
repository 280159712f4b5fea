"""Facts 15, 17, 18, 21 and 24: how goals pull, and what happens once they are reached or missed.

Serves the evidence suite. Who has not taken a stamp card up collects nothing, and is left out of its facts.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from memberlab.policies import Policy, load_model_text
from memberlab.scenarios import Population, load_population
from memberlab.sim import OrderLog, World, keep_log, load_assumption_set

from .fact import Fact, Measured, Setting, Values, negative, positive
from .market import MEAN_BASKET, Market, lift, programme

STAMP_CARD_WORLD = {name: float(value) for name, value in load_assumption_set("stamp-card-world").assumptions.items()}
"""Assumptions of the world in which goals pull as on a stamp card."""

STAMPS = 10
CAFE = """
name: campus-cafe
currency: USD
purchases: {model: pareto-nbd, r: 4, alpha_weeks: 1.63}
spend: {p: 12, q: 8, v: 1.75}
conversion: 40 %
"""
"""A café whose card holders order 0.35 times a day (fact 15) and do not leave; how they differ is assumed."""

CUP = 4.0
"""Price of the free cup, in dollars; orders are 3 dollars on average."""

WASHES = """
name: car-wash
currency: USD
purchases: {model: pareto-nbd, r: 3, alpha_weeks: 11}
spend: {p: 12, q: 8, v: 5.25}
conversion: 25 %
"""
"""Customers of a car wash, who come 14 times a year and do not leave (assumed)."""

WASH = 9.0
NINE_MONTHS = 273


def stamp_card(stamps: int = STAMPS, worth: float = CUP, head_start: int = 0) -> Policy:
    """Return a card with a stamp for each order, and a credit of a free unit when it is full."""
    return programme("stamp-card", {"points": {
        "earn": {"points": 0, "per": 1000, "each_order": 1}, "redeem": {"points": stamps, "value": worth},
        "minimum": stamps, "automatic": {"points": stamps, "credit": worth}, "expiry": "never",
        "stamp_card": {"head_start": head_start},
    }})  # fmt: skip


def stamp_card_market(setting: Setting, population: str, shoppers: int) -> Market:
    """Return a year of shoppers without a programme, in the world of stamp cards."""
    return Market(
        setting,
        shoppers=shoppers,
        population=load_model_text(Population, population, "stamp-card-shop"),
        assumptions=STAMP_CARD_WORLD,
    )


def order_days(log: OrderLog, shoppers: int, orders: int) -> NDArray[np.float64]:
    """Return the days of each shopper's first orders in the log (shape: shoppers x orders), nan beyond the last."""
    by_shopper = np.lexsort((log.day, log.shopper))
    shopper, day = log.shopper[by_shopper], log.day[by_shopper]
    place = np.arange(len(shopper)) - np.searchsorted(shopper, shopper)
    days = np.full((shoppers, orders), np.nan)
    kept = place < orders
    days[shopper[kept], place[kept]] = day[kept]
    return days


def _card_days(setting: Setting, cards: int, shoppers: int) -> NDArray[np.float64]:
    """Return the days of the stamps of the café's cards, for those who fill `cards` of them."""
    market = stamp_card_market(setting, CAFE, shoppers)
    world = World.resume(market.launch, stamp_card())
    log = keep_log(world, world.launch + 110 * cards)
    days = order_days(log, len(world.shoppers), STAMPS * cards)
    held: NDArray[np.float64] = days[(world.cards["has_stamp_card"] == 1) & ~np.isnan(days).any(axis=1)]
    return held


def goal_gradient(setting: Setting) -> Values:
    """Compare the last interval of a card with its first, and the card's time with that at the first pace."""
    between = np.diff(_card_days(setting, 1, 8000), axis=1).mean(axis=0)
    return {
        "acceleration": float(1 - between[-1] / between[0]),
        "time saved": float(1 - between.sum() / (len(between) * between[0])),
    }


def endowed_progress(setting: Setting) -> Values:
    """Compare who fills a card of ten washes, two of them given, with who fills one of eight, within nine months."""
    market = stamp_card_market(setting, WASHES, 6000)
    filled = []
    for card in (stamp_card(8, WASH), stamp_card(10, WASH, head_start=2)):
        life = market.live(card, stops=[NINE_MONTHS], fields=("orders",))
        holds = life.outcome.cards["has_stamp_card"] == 1
        filled.append(float((holds & (life.grown("orders") >= 8)).mean()))
    return {"ratio": filled[1] / filled[0]}


def after_the_reward(setting: Setting) -> Values:
    """Compare intervals between orders before and after the first card's reward, and the times of three cards."""
    days = _card_days(setting, 3, 8000)
    between = np.diff(days, axis=1).mean(axis=0)
    before, after, first = between[STAMPS - 2], between[STAMPS + 1], between[0]  # the free cup has been drunk by then
    times = [days[:, end - 1] - days[:, end - STAMPS] for end in (STAMPS, 2 * STAMPS, 3 * STAMPS)]
    return {
        "slower than just before": float(after / before - 1),
        "still faster than at first": float(1 - after / first),
        "third card faster than the first": float(1 - times[2].mean() / times[0].mean()),
    }


def one_off_reward(setting: Setting) -> Values:
    """Offer a gift for a month's spend on two months' running in a grocery chain: effects during, and 8 weeks after."""
    market = Market(setting, shoppers=2500, population=load_population("grocery"), changes={"horizon.months": 4})
    offer = {
        "when": "2027-01-01..2027-02-28", "challenge": {"turkey": {"spend": 250, "cost": 8, "value": 14}},
        "budget": {"units_a_member": 1},
    }  # fmt: skip
    end = market.opening(2)
    gift, twin = market.live(programme("turkey", {"campaigns": {"turkey": offer}})), market.live()
    return {
        "during": lift(gift.total("gmv", 0, end), twin.total("gmv", 0, end)),
        "after": lift(gift.total("gmv", end, end + 56), twin.total("gmv", end, end + 56)),
    }


def slope_by_frequency(setting: Setting) -> Values:
    """Return by how much more the end of a buy-ten card is sped up than its start, by how often shoppers buy.

    The twin has no card; the same orders by number are compared, so that differences in taste cancel.
    """
    market = Market(
        setting, shoppers=6000, assumptions=STAMP_CARD_WORLD,
        changes={"horizon.months": 15},
    )  # fmt: skip
    days = []
    for policy in (stamp_card(worth=MEAN_BASKET), None):
        world = World.resume(market.launch, policy)
        log = keep_log(world, world.end)
        days.append(order_days(log, len(world.shoppers), STAMPS))
        if policy is not None:
            holds = world.cards["has_stamp_card"] == 1
    full = holds & ~np.isnan(days[0]).any(axis=1) & ~np.isnan(days[1]).any(axis=1)
    card, twin = days[0][full], days[1][full]
    speed = np.argsort(twin[:, -1] - twin[:, 0], kind="stable")
    quarters = np.array_split(speed, 4)
    slopes = []
    for quarter in (quarters[0], quarters[-1]):
        starts, ends = (
            [float((one[quarter, last] - one[quarter, last - 3]).mean()) for one in (card, twin)] for last in (3, 9)
        )
        slopes.append((1 - ends[0] / ends[1]) - (1 - starts[0] / starts[1]))
    return {"frequent less a third of infrequent": slopes[0] - slopes[1] / 3}


SPRINT_DAYS, SPRINT_SPEND, AFTER_DAYS = 60, 150.0, 180


def stretch_goal(setting: Setting) -> Values:
    """Set members a goal for two months, 1.25 to 2.5 times their usual spend, and follow them for half a year."""
    ladder = programme("ladder", {"tiers": {"member": {"threshold": 0}, "gold": {"threshold": 900}}})
    goal = programme("goal", {
        "points": {"earn": {"points": 0, "per": 1}, "redeem": {"points": 100, "value": 1}, "expiry": "never"},
        "qualification.sprint": {"within": "95 %", "spend": SPRINT_SPEND, "days": SPRINT_DAYS, "points": 1000},
    }, ladder)  # fmt: skip
    market = Market(setting, shoppers=12_000, incumbent=ladder)
    asked = World.resume(market.launch, goal)
    has_goal = asked.run(asked.launch + 1).cards["task"] > 0
    spent = asked.run(asked.launch + SPRINT_DAYS).shoppers["gmv"].astype(np.float64)
    twin = market.live(stops=[SPRINT_DAYS + 1, SPRINT_DAYS + 1 + AFTER_DAYS])
    asked.run(asked.launch + SPRINT_DAYS + 1)  # who has missed the goal is told so
    later = World.resume(asked.snapshot(), ladder)
    orders = later.run(later.day + AFTER_DAYS).shoppers["orders"].astype(np.float64)
    usual = market.launch.shoppers["window_spend"] * SPRINT_DAYS / 365
    has_goal &= (usual >= 100 * SPRINT_SPEND / 2.5) & (usual < 100 * SPRINT_SPEND / 1.25)
    before = twin.grown("orders", 1, 2)
    reached = has_goal & (spent >= 100 * SPRINT_SPEND)
    missed = has_goal & ~reached
    return {
        "reach": float(reached.sum() / has_goal.sum()),
        "afterwards": lift(orders[has_goal].sum(), before[has_goal].sum()),
        "who reached it": lift(orders[reached].sum(), before[reached].sum()),
        "who missed it": lift(orders[missed].sum(), before[missed].sum()),
    }


FACTS = (
    Fact(
        15,
        "Goal gradient on a café's stamp card",
        source="Kivetz, Urminsky and Zheng 2006",
        grade="A",
        use="C",
        how="Ten-stamp card at 0.35 orders a day in the world of stamp cards (goal_gradient 0.28)",
        measured=(
            Measured("acceleration", "20 %", 0.15, 0.25, is_share=True),
            Measured("time saved", "16 %", 0.08, 0.20, is_share=True),
        ),
        protocol=goal_gradient,
        remark="The published curve is steeper at the start of the card, so that more time is saved.",
    ),
    Fact(
        16,
        "Endowed progress on a car wash's card",
        source="Nunes and Drèze 2006, 300 cards",
        grade="A",
        use="C",
        how="Eight stamps from the start against ten with two given: who fills the card in nine months",
        measured=(Measured("ratio", "34 % against 19 %", 1.4, 2.2),),
        protocol=endowed_progress,
        remark="Carried by who takes the card up, which the head start makes likelier; the frequency is assumed.",
    ),
    Fact(
        17,
        "After the reward people slow down, but not to where they were",
        source="Drèze and Nunes 2011; Kivetz, Urminsky and Zheng 2006",
        grade="B",
        use="H",
        how="Three cards of fact 15 one after the other, by those who fill them",
        measured=(
            positive("slower than just before", "slower after the reward"),
            positive("still faster than at first", "but not at the old level"),
            positive("third card faster than the first", "each success speeds the next"),
        ),
        protocol=after_the_reward,
    ),
    Fact(
        18,
        "A one-off reward for two months",
        source="Taylor and Neslin 2005 (sizes from memory); Lewis 2004",
        grade="B",
        use="H",
        how="A gift for 250 dollars in a month, 1.6 times the mean, in a grocery chain, once in two months; twin",
        measured=(
            Measured("during", "about +6 %", 0.02, 0.10, is_share=True),
            Measured("after", "about +2 %", 0.005, 0.04, is_share=True),
        ),
        protocol=one_off_reward,
    ),
    Fact(
        21,
        "Frequent buyers hardly react to a buy-ten card",
        source="Hartmann and Viard 2008, a golf shop",
        grade="B",
        use="H",
        how="By how much more a card's end is sped up than its start: quickest quarter less a third of the slowest",
        measured=(negative("frequent less a third of infrequent", "next to flat"),),
        protocol=slope_by_frequency,
        remark="Frequent buyers have less headroom, which makes their slope about half as steep, not a third. Tried in "
        "the world of stamp cards, whose gradient is steep enough to be seen; that of the default is a sixth of it.",
    ),
    Fact(
        24,
        "A stretch goal that most members miss",
        source="Wang, Lewis, Cryder and Sprigg 2016, 95,532 hotel members",
        grade="A",
        use="C",
        how="A sprint of 1.25 to 2.5 times their usual spend for members below gold; orders of the half year after it",
        measured=(
            Measured("reach", "20 %", 0.15, 0.40, is_share=True),
            positive("afterwards", "more after than before"),
            positive("who reached it", "more"),
            negative("who missed it", "less"),
        ),
        protocol=stretch_goal,
    ),
)
"""Facts of this file by number."""
