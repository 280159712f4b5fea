"""The market of the day: demand, prices of doing business and the rival, as one record that the office keeps up to
date.

Serves the rules, which read it, and the office's processes (calendar, shocks, rival), which write it.
"""

from __future__ import annotations

from typing import Annotated

import numpy as np
from numpy.typing import NDArray

from memberlab.scenarios import MOST_DRIFTS, MOST_GAPS, MOST_QUANTILES, Population, Scenario

from .at_price import USUAL_PRICE
from .calendar import calendar_of
from .campaign_record import CampaignState
from .campaign_table import forget_campaigns, set_years
from .cut_over_record import CutOverState
from .dropout import dropout_table
from .record import Float64, Int64, layout
from .rhythm_table import PACES, WORLD_DAYS, write_rhythm
from .sales_tax import cost_share
from .shopper import NEVER
from .spend_level import LOG_GAPS, write_spend


class Market(CampaignState, CutOverState):
    """The market of the day."""

    attendance: Float64  # share of candidate visits kept today: season and demand over their bound
    mean_attendance: Float64  # the same for a month with multiplier 1
    basket_factor: Float64
    price_sensitivity: Float64
    rival_adoption: Float64  # share of shoppers in the rival's programme
    basket_shape: Float64  # p of the gamma basket
    mean_basket: Float64  # cents
    currency_level: Float64  # cents of the scenario for one unit of the population's currency
    first_date: Int64  # day 0 as a proleptic Gregorian ordinal (1 = 1 January of year 1)
    month: Int64  # months since the start of the warm-up
    month_start: Int64
    next_month_start: Int64
    fees_from: Int64  # day up to which fees had been earned before this month opened
    fees_until: Int64  # day up to which they have been earned since
    cost_share: Int64  # basis points of list value
    shipping_cost: Int64  # cents an order
    payment_share: Int64  # basis points of the amount paid
    payment_fixed: Int64  # cents
    dropout_by_order: Int64  # 1: attrition after orders (BG/NBD); 0: in time (Pareto/NBD)
    # points
    first_month: Int64  # January 0: the calendar month of month 0
    points_price: Int64  # points asked today, basis points of the usual
    points_end: Int64  # day on which all points are gone next, where that is on fixed dates
    following_points_end: Int64  # the one after it
    lottery_is_on: Int64  # 1: points can play the lottery today
    rewards_left: Annotated[list[int], "i8", 8]  # pieces in stock; UNLIMITED without an end
    # points that went since the month opened, by age in months of their lot; kept for month-end books
    expired_by_age: Annotated[list[int], "i8", 26]
    clawed_back_by_age: Annotated[list[int], "i8", 26]
    # returns
    return_share: Int64  # basis points of orders
    return_padded: Int64  # basis points more for orders padded to reach free delivery
    return_days: Int64  # a return comes within so many days of the order
    return_resale: Int64  # basis points of the cost of goods recovered
    return_handling: Int64  # cents a return
    refund_days: Int64  # that a shopper waits for the money
    minor_failures: Float64  # share of orders
    serious_failures: Float64  # share of orders
    questions: Float64  # share of orders
    usual_minor_failures: Float64  # shares that shoppers are used to, without a shock
    usual_serious_failures: Float64
    missing_goods: Float64  # share of orders that find them out of stock
    referral_level: Float64  # chance of a referral against the usual
    staff: Float64  # part of the desk's hours that are worked
    wages: Int64  # basis points of the usual hourly cost of the desk
    gift_prices: Int64  # basis points of the policy's costs, as are the following
    partner_prices: Int64
    message_prices: Int64
    notices: Int64  # entries of today's day book
    spreads_word: Int64  # 1: shoppers come by word of mouth
    reserve_used: Int64  # shoppers of the reserve who have come
    price_level: Float64  # of list prices against those of a month without a shock
    pool_left: Int64  # units of the special-price pool in stock
    pool_opens: Int64  # day of this month from which everybody may buy them
    used_free_from: Int64  # cents, the threshold of free delivery that shoppers are used to; 0: it has not been raised
    threshold_rose: Int64  # day on which it was raised above that
    rival_match: Float64  # share of our give-back that the rival matches
    rival_follows: Int64  # 1: who joins follows from what the rival gives; `rival_adoption` is then how far it has come
    rival_strength: Float64  # share of spend that the rival gives back
    rival_fee: Float64  # cents a year
    rival_delivers: Int64  # 1: its members pay no delivery
    rival_homing: Float64  # weight of our give-back in the choice to join
    # a devaluation of points that has been announced and is still to come
    devaluation_day: Int64  # 0: none
    devaluation_paying: Float64  # share by which points will pay less
    devaluation_buying: Float64  # share by which they will buy less of the catalogue
    # bonus-hunters
    hunter_parts: Int64  # orders that one is split into; 0: none is
    hunter_returns: Int64  # basis points of orders that have earned a bonus
    hunter_farming: Int64  # times an activity is done; 0: as by everybody
    dropout_rate: Annotated[list[float], "f8", 64]  # of the population, by rank
    # rhythm of visits, by the population
    drawn_until: Int64  # candidate days before it are drawn at once; 0 with a rhythm
    rhythm_end: Int64  # day after the last of the world; 0 without a rhythm
    is_paced: Int64  # 1: visits would be rarer without the pace
    gaps: Int64  # days after a visit that have a multiplier of their own
    gap_level: Annotated[list[float], "f8", MOST_GAPS]
    drifts: Int64  # components of the drift
    drift_days: Annotated[list[int], "i8", MOST_DRIFTS]  # of a block
    drift_spread: Annotated[list[float], "f8", MOST_DRIFTS]
    drift_mean: Float64  # log of the mean of the components together
    pace: Annotated[list[float], "f8", PACES]
    shapes_baskets: Int64  # 1: baskets are not gamma, or change by week of the year
    has_basket_weeks: Int64
    basket_week: Annotated[list[float], "f8", 53]
    # amounts by quantiles
    spends_by_quantiles: Int64
    amounts: Int64  # how many quantiles
    amount: Annotated[list[float], "f8", MOST_QUANTILES]  # log of the shopper's own scale
    gap_slope: Float64
    log_gap: Annotated[list[float], "f8", LOG_GAPS]  # usual log gap, by log orders a day
    # last because it is long
    rhythm_day: Annotated[list[float], "f4", WORLD_DAYS]  # by day of the world


FULL_PRICE = 10_000
"""The usual price in points, basis points."""

UNLIMITED = 2**62
"""A stock without an end."""

MARKET = layout(Market)


def opening_market(scenario: Scenario, population: Population) -> NDArray[np.void]:
    """Return the market record (shape: 1) before the office has begun its work."""
    record = np.zeros(1, MARKET)
    bound = attendance_bound(scenario)
    level = 100.0 * float(scenario.population.price_level)
    record["attendance"] = record["mean_attendance"] = 1.0 / bound
    record["basket_factor"] = record["price_sensitivity"] = record["price_level"] = 1.0
    write_spend(record, population, level)
    record["currency_level"] = level
    record["first_date"] = calendar_of(scenario).start.toordinal()
    record["cost_share"] = cost_share(scenario)
    record["shipping_cost"] = scenario.shipping_cost
    record["payment_share"] = scenario.payment.share
    record["payment_fixed"] = scenario.payment.fixed
    record["mean_orders_a_day"] = population.purchases.r / (7.0 * population.purchases.alpha_weeks)
    record["dropout_rate"] = dropout_table(population)
    forget_campaigns(record)
    set_years(record, calendar_of(scenario).start)
    record["dropout_by_order"] = int(population.purchases.model == "bg-nbd")
    record["first_month"] = calendar_of(scenario).start.month - 1
    record["points_price"] = FULL_PRICE
    record["points_end"] = record["following_points_end"] = NEVER
    if (returns := scenario.returns) is not None:
        record["return_share"], record["return_padded"] = returns.share, returns.padded
        record["return_days"], record["return_resale"] = returns.days, returns.resale
        record["return_handling"], record["refund_days"] = returns.handling, returns.refund_days
    record["spreads_word"] = int(scenario.word_of_mouth is not None)
    record["minor_failures"] = scenario.failures.minor / 10_000
    record["serious_failures"] = scenario.failures.serious / 10_000
    record["usual_minor_failures"] = record["minor_failures"]
    record["usual_serious_failures"] = record["serious_failures"]
    record["questions"] = scenario.failures.questions / 10_000
    record["referral_level"] = record["staff"] = 1.0
    record["wages"] = record["gift_prices"] = record["partner_prices"] = record["message_prices"] = USUAL_PRICE
    if (rival := scenario.rival) is not None:
        record["rival_follows"], record["rival_delivers"] = rival.chooses_by_value, rival.free_delivery
        record["rival_strength"], record["rival_fee"] = rival.strength / 10_000, rival.fee or 0
        record["rival_homing"] = 1.0 - rival.multi_homing / 10_000
    if (hunters := scenario.bonus_hunters) is not None:
        record["hunter_parts"], record["hunter_returns"] = hunters.split_into or 0, hunters.returns
        record["hunter_farming"] = hunters.farming or 0
    calendar = calendar_of(scenario)
    write_rhythm(record, population, calendar.start, calendar.end)
    return record


def attendance_bound(scenario: Scenario) -> float:
    """Return the largest product of season and demand shocks that a month of the scenario can have.

    Candidate visits are drawn at this bound and thinned, so that no policy and no shock moves a shopper's candidate
    days. A shock that grows, fades or overlaps another is never above its own full size, so the product of the full
    sizes above 1 bounds every day.
    """
    season = max((float(level) for level in scenario.season.values()), default=1.0)
    shocks = 1.0
    for shock in scenario.shocks:
        shocks *= max(1.0, shock.visits / 100)
    return max(season, 1.0) * shocks
