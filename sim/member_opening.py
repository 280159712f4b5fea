"""Opening a world with the members of a file: everything that they own, feel and will do, on the as-of morning.

Serves the world. What the file says is set; what follows from the member's history is drawn from its posterior
(member_posterior.py); what no file can say is the mean of shoppers who lived under the same policy (member_pilot.py).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from memberlab.policies import Policy
from memberlab.scenarios import GammaGamma, Members, Population, Scenario
from memberlab.scenarios import members as member_files

from .arrivals import set_visits
from .calendar import Calendar
from .card import are_kept, new_cards
from .compiled import kernel
from .headroom import headroom
from .keyed_random import Purpose, shopper_key, trait_uniforms
from .market import attendance_bound
from .member_history import histories, liveliness_before, spend_known
from .member_membership import Terms, lay_memberships, needs_cards_for, terms_of_members
from .member_pilot import Pilot
from .member_places import member_rows
from .member_points import lay_dated_points, lay_points
from .member_posterior import Draws, Floats, Rates, draw_level_scores, draw_rates, draw_spend_rate
from .member_standing import lay_standing, lay_tiers
from .member_ties import Tie, fail_if_not_tied_out, ties_of
from .member_year import spread_year
from .membership_benefit import perk_value, yearly_benefit
from .programme_table import ProgrammeTable
from .region import Region
from .rhythm import next_day_in_rhythm
from .shopper import ENROLLED, LAPSED, LARGEST_HOLDING, LAST_DAY, MEMBER, NEVER, RENEWED, WINDOW_MONTHS
from .spend_level import basket_scales


@dataclass(frozen=True, slots=True)
class Opening:
    """What a world lays its members down with."""

    policy: Policy
    scenario: Scenario
    population: Population
    calendar: Calendar
    pilot: Pilot
    table: ProgrammeTable
    behaviour: NDArray[np.void]
    market: NDArray[np.void]
    hashed_seed: np.uint64
    region: Region

    @property
    def first_shopper(self) -> int:
        """Return the number of the region's first shopper."""
        return self.region.first


def open_with_members(
    opening: Opening, members: Members, shoppers: NDArray[np.void], cards: NDArray[np.void], due: NDArray[np.int16]
) -> tuple[NDArray[np.void], tuple[Tie, ...]]:
    """Write the region's part of `members` into its shoppers and due days; return their cards, and how they tie out.

    A term that is not a plain year needs cards, of everybody in every region. Raises DocumentError for members that
    cannot have become what they are under the policy, and IdentityError when anything does not tie out with the file.
    """
    policy, region = opening.policy, opening.region
    member_files.fail_if_members_do_not_fit(members, policy)
    if needs_cards_for(terms_of_members(members, policy)) and not are_kept(cards):
        cards = new_cards(region.count)
    opening.table.programme["keeps_cards"] = are_kept(cards)
    places, rows = member_rows(opening.scenario, len(members), region.first, region.count)
    here = members.part(rows)
    terms = terms_of_members(here, policy)
    lay_members(opening, here, terms, places, shoppers, cards, due)
    _turn_calendar(opening)
    own_cards = cards[places] if are_kept(cards) else cards
    ties = ties_of(here, terms, policy, opening.calendar, opening.table, shoppers[places], own_cards)
    fail_if_not_tied_out(ties)
    return cards, ties


def _turn_calendar(opening: Opening) -> None:
    """Let the market stand where it stands on the morning on which the office opens the as-of month."""
    month, market = opening.calendar.launch_month, opening.market
    starts = opening.calendar.month_starts
    market["month"], market["month_start"], market["next_month_start"] = month - 1, starts[month - 1], starts[month]
    market["fees_from"] = market["fees_until"] = starts[month]


def lay_members(
    opening: Opening, members: Members, terms: Terms, places: NDArray[np.int64], shoppers: NDArray[np.void],
    cards: NDArray[np.void], due: NDArray[np.int16],
) -> None:  # fmt: skip
    """Write `members` into the records of a region's shoppers at `places`; cards are the one that all share, or one
    each.
    """
    own = shoppers[places]
    own_cards = cards[places] if len(cards) == len(shoppers) else None
    first_date, launch = opening.calendar.start.toordinal(), opening.calendar.launch
    own["status"], own["settled_day"] = ENROLLED, launch
    lay_memberships(members, terms, opening.policy, own, own_cards, first_date)
    _lay_life(opening, members, places, own)
    by_month, orders = _lay_year(opening, members, places, own)
    lay_tiers(members, opening.policy, own)
    lay_points(members, opening.policy, own, by_month, opening.calendar.launch_month)
    _lay_days(members, own, first_date)
    _lay_moods(opening, own)
    own["gmv"] = np.where(members.lifetime_spend >= 0, members.lifetime_spend, own["window_spend"])
    own["orders"] = np.where(members.lifetime_orders >= 0, members.lifetime_orders, orders.sum(axis=1))
    if own_cards is not None:
        lay_standing(members, opening.policy, own, own_cards, opening.calendar)
        lay_dated_points(members, opening.policy, own_cards, opening.calendar.launch_month, first_date)
        own_cards["office_day"] = launch
        cards[places] = own_cards
    numbers = places + opening.first_shopper
    believe(own, numbers, opening.table.terms, opening.table.programme, opening.behaviour, opening.market, launch,
            terms.begin - first_date, opening.hashed_seed)  # fmt: skip
    shoppers[places] = own
    due[places] = np.minimum(own["next_visit"], own["term_end"])
    if own_cards is not None:
        due[places] = np.minimum(due[places], own_cards["office_day"])


def _drawn(opening: Opening, places: NDArray[np.int64], purpose: Purpose) -> Floats:
    """Return the lifelong uniforms of the shoppers at `places`, drawn by their numbers."""
    if not len(places):
        return np.zeros(0)
    return trait_uniforms(opening.hashed_seed, opening.first_shopper, int(places[-1]) + 1, purpose)[places]


def _state(opening: Opening, members: Members, own: NDArray[np.void]) -> NDArray[np.int64]:
    """Return the ledger state of members, by the tier of the file and the paid membership."""
    names = list(opening.policy.tiers)
    tier = np.array([names.index(name) if name else 0 for name in members.tier], dtype=np.int64)
    return np.asarray(2 * tier + (own["status"] & MEMBER != 0))


def _lay_life(opening: Opening, members: Members, places: NDArray[np.int64], own: NDArray[np.void]) -> None:
    """Draw purchase rate, spend level and life of members."""
    scenario, population = opening.scenario, opening.population
    state = _state(opening, members, own)
    pace, wear = opening.pilot.pace[state], opening.pilot.wear[state]

    def drawn(purpose: Purpose) -> Floats:
        return _drawn(opening, places, purpose)

    draws = Draws(
        here=drawn(Purpose.MEMBER_IS_HERE), left=drawn(Purpose.MEMBER_LEFT), rate=drawn(Purpose.MEMBER_RATE),
        dropout=drawn(Purpose.MEMBER_DROPOUT), life=drawn(Purpose.MEMBER_LIFE),
    )  # fmt: skip
    liveliness = liveliness_before(scenario, opening.calendar, opening.market)
    rates = draw_rates(population.purchases, histories(members, liveliness), draws, pace, wear)
    frequency = _score(population.purchases.r, rates.orders_a_week * population.purchases.alpha_weeks)
    set_visits(own, population, rates.orders_a_week / 7.0, attendance_bound(scenario))
    spend = _lay_spend(opening, members, own, state, frequency, drawn(Purpose.MEMBER_SPEND))
    if (exponent := float(opening.behaviour["headroom"][0])) > 0:
        own["response"] *= headroom(population, frequency, spend, exponent)
    own["lifetime_left"] = rates.life_left
    _lay_next_visit(opening, rates, places, own, drawn(Purpose.MEMBER_NEXT_VISIT))


def _score(shape: float, values: Floats) -> Floats:
    """Return the normal scores of draws from the gamma distribution with scale 1, exact in both tails."""
    below = special.gammainc(shape, values)
    above = special.gammaincc(shape, values)
    tiny = np.finfo(float).tiny
    return np.where(below < 0.5, special.ndtri(np.maximum(below, tiny)), -special.ndtri(np.maximum(above, tiny)))


def _lay_spend(
    opening: Opening, members: Members, own: NDArray[np.void], state: NDArray[np.int64], frequency: Floats,
    uniforms: Floats,
) -> Floats:  # fmt: skip
    """Draw the level of baskets from what members have spent, and where nothing is known from their purchase rate.

    Return its normal scores in the population.
    """
    population = opening.population
    spend, rho = population.spend, population.frequency_spend_correlation
    orders, cents = spend_known(members)
    level = 100.0 * float(opening.scenario.population.price_level)
    total, spread = cents / level / opening.pilot.amount[state], float(np.sqrt(1 - rho * rho))
    if not isinstance(spend, GammaGamma):
        scores = draw_level_scores(spend, orders, total, rho * frequency, spread, uniforms)
        own["basket_scale"] = basket_scales(spend, scores, level)
        return scores
    unknown = rho * frequency - spread * special.ndtri(uniforms)
    nu = np.where(orders > 0, draw_spend_rate(spend, orders, total, uniforms),
                  special.gammaincinv(spend.q, special.ndtr(-unknown)) / spend.v)  # fmt: skip
    own["basket_scale"] = level / nu
    return -_score(spend.q, nu * spend.v)


def _lay_next_visit(
    opening: Opening, rates: Rates, places: NDArray[np.int64], own: NDArray[np.void], uniforms: Floats
) -> None:
    """Set the next candidate day: memoryless for who is still here; who has left is found at the first visit after."""
    launch, gap = opening.calendar.launch, -np.log(uniforms) * own["visit_gap"]
    if opening.population.purchases.model == "bg-nbd":
        gone = ~rates.here
    else:
        gone = ~rates.here & (launch - 7.0 * rates.weeks_gone + gap < launch)
        gap = np.where(rates.here, gap, gap - 7.0 * rates.weeks_gone)
    own["status"] |= np.where(gone, LAPSED, 0).astype(np.int8)
    without_gaps = opening.market.copy()
    without_gaps["gaps"] = 0
    coming = days_after(own, places + opening.first_shopper, gap, without_gaps, launch - 1, opening.hashed_seed)
    back = float(opening.behaviour["spontaneous_return"][0])
    returns = launch - np.log(uniforms) / back if back > 0 else np.full(len(gap), np.inf)
    returning = np.where(returns < LAST_DAY, np.floor(np.minimum(returns, LAST_DAY)), NEVER)
    own["next_visit"] = np.where(gone, returning, coming).astype(np.int16)


@kernel
def days_after(
    shoppers: NDArray[np.void], numbers: NDArray[np.int64], gaps: NDArray[np.float64], market: NDArray[np.void],
    day: int, hashed_seed: np.uint64,
) -> NDArray[np.int64]:  # fmt: skip
    """Return the candidate day that each shopper's drawn gap (days, if all were alike) leads to from `day` on."""
    m = market[0]
    found = np.empty(shoppers.shape[0], np.int64)
    for i in range(shoppers.shape[0]):
        if gaps[i] >= m.drawn_until - day - 1:
            found[i] = next_day_in_rhythm(shoppers[i], m, gaps[i], day, shopper_key(hashed_seed, numbers[i]))
        else:
            found[i] = day + 1 + int(max(0.0, gaps[i]))
    return found


def _lay_year(
    opening: Opening, members: Members, places: NDArray[np.int64], own: NDArray[np.void]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Spread the year's orders and spend over its months, the oldest first, and fill the window."""
    as_of, last = members.as_of, members.last_order_on
    starts = [as_of.toordinal()]
    for month in range(WINDOW_MONTHS):
        following = as_of.month - 1 - month - 1
        starts.append(as_of.replace(year=as_of.year + following // 12, month=following % 12 + 1).toordinal())
    month_starts = np.array(starts[::-1])
    shape = opening.population.spend.shape
    mean = shape * own["basket_scale"] * opening.pilot.amount[_state(opening, members, own)]
    in_year = last >= month_starts[0]
    spend = members.spend_last_12_months
    orders = np.where(members.orders_last_12_months >= 0, members.orders_last_12_months,
                      np.where(spend > 0, np.maximum(1, np.rint(spend / mean)), 1)).astype(np.int64)  # fmt: skip
    orders = np.where(in_year, orders, 0)
    share = _drawn(opening, places, Purpose.MEMBER_TOTAL)
    total = special.gammaincinv(shape * np.maximum(orders, 1), share) * mean / shape
    spend = np.where(spend >= 0, spend, np.where(in_year, np.minimum(np.rint(total), LARGEST_HOLDING), 0)).astype(
        np.int64
    )
    by_month, counts = spread_year(
        opening.hashed_seed, places + opening.first_shopper, orders, spend, members.first_order_on, last, month_starts,
        shape,
    )  # fmt: skip
    for age in range(1, WINDOW_MONTHS + 1):
        place = (opening.calendar.launch_month - age) % WINDOW_MONTHS
        own["month_spend"][:, place] = by_month[:, WINDOW_MONTHS - age]
    own["window_spend"] = by_month.sum(axis=1)
    return by_month, counts


def _lay_days(members: Members, own: NDArray[np.void], first_date: int) -> None:
    """Write the days of the last order and of the first; a first one before the calendar keeps its day of the year."""
    last = members.last_order_on
    own["last_order_day"] = np.where(last > 0, np.maximum(last - first_date, 0), -1)
    known = np.select([members.first_order_on > 0, members.enrolled_on > 0, last > 0],
                      [members.first_order_on, members.enrolled_on, last], members.as_of.toordinal() - 1)  # fmt: skip
    epoch = np.datetime64("0001-01-01") - np.timedelta64(1, "D")
    dates, opened = epoch + known.astype("timedelta64[D]"), epoch + np.timedelta64(first_date, "D")
    months = dates.astype("datetime64[M]")
    years = np.maximum(0, -((known - first_date) // 365))
    moved = months + np.timedelta64(12, "M") * years
    day = (moved.astype("datetime64[D]") - opened).astype(np.int64) + (dates - months.astype("datetime64[D]")).astype(
        int
    )
    own["first_order_day"] = np.maximum(day, 0)


def _lay_moods(opening: Opening, own: NDArray[np.void]) -> None:
    """Let members feel as shoppers of their tier and membership do on average."""
    state = 2 * own["tier"].astype(np.int64) + (own["status"] & MEMBER != 0)
    for field in ("goodwill", "reference_price", "purchase_debt"):
        own[field] = getattr(opening.pilot, field)[state]


@kernel
def believe(
    shoppers: NDArray[np.void], numbers: NDArray[np.int64], terms: NDArray[np.void], programme: NDArray[np.void],
    behaviour: NDArray[np.void], market: NDArray[np.void], day: int, begun: NDArray[np.int64], hashed_seed: np.uint64,
) -> None:  # fmt: skip
    """Let paid members believe of the membership what they expected when they joined, or have learnt since they
    renewed, and have saved in this term at that pace; `begun` is the day on which it began.
    """
    p, b, m = programme[0], behaviour[0], market[0]
    for i in range(shoppers.shape[0]):
        s = shoppers[i]
        if s.status & MEMBER == 0:
            continue
        key = shopper_key(hashed_seed, numbers[i])
        t = terms[np.uint64(2 * s.tier + 1)]
        benefit = yearly_benefit(s, t, p, b, m, key)
        s.expected_benefit = benefit if s.status & RENEWED else b.optimism * benefit
        saved = (benefit - perk_value(t, b, m, key)) * (day - begun[i]) / 365.0
        s.term_saving = int(max(0.0, min(saved, 2e9)))
