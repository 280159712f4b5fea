"""The campaign desk of the programme office: SimPy processes that switch campaigns on and off, keep their budgets, let
balanced discounts move, and rank the members.

Serves the office. Everything that must last stands in the market record and on the cards; a process finds its place in
them again when an office is opened on any day. A campaign with a budget is looked at every morning, so that the
population then lives one day at a time and its last cent goes to the same shopper under every driver.
"""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Any

import numpy as np
import simpy
from numpy.typing import NDArray

from memberlab.policies import Balance, Budget, Campaign, Policy, personal_occasion

from .calendar import Calendar
from .campaign_record import NOT_ON, UNLIMITED
from .campaign_table import ranks_members
from .ledger import Account, lines_of
from .shopper import ENROLLED, NEVER, WINDOW_MONTHS

Process = Generator[simpy.Event, Any, None]


@dataclass(frozen=True, slots=True)
class Arrays:
    """What the desk reads of a region: the shoppers and cards now, the ledger and the day on which it begins."""

    shoppers: NDArray[np.void]
    cards: NDArray[np.void]
    ledger: NDArray[np.void]
    origin: int


@dataclass(slots=True)
class Part:
    """A region's part of what is for all shoppers: `first` to `first + count` of `total`.

    In a rollout an arm has a part of the region's part: as many as `members` of its `count` shoppers live under it.
    """

    first: int
    count: int
    total: int
    members: int | None = None

    def of(self, amount: int) -> int:
        """Return the region's part of an amount; the parts of all regions add up to it."""
        whole = amount * (self.first + self.count) // self.total - amount * self.first // self.total
        return whole if self.members is None else whole * self.members // self.count


class CampaignDesk:
    """The processes of all campaigns of one policy in one region."""

    def __init__(
        self, environment: simpy.Environment, policy: Policy, calendar: Calendar, market: NDArray[np.void],
        part: Part, arrays: Callable[[], Arrays],
    ) -> None:  # fmt: skip
        """Start the processes as of the environment's day."""
        self._environment, self._calendar, self._market = environment, calendar, market[0]
        self._part, self._arrays = part, arrays
        for number, campaign in enumerate(policy.campaigns.values()):
            environment.process(self.run_campaign(number, campaign))
            if campaign.balance is not None:
                environment.process(self.hold_margin(number, campaign.balance))
        if ranks_members(policy):
            environment.process(self.rank_members())

    def run_campaign(self, number: int, campaign: Campaign) -> Process:
        """Open and close a campaign on its days, and keep its budget while it is on."""
        days = self._days(campaign)
        self._close_what_ended(number, days)
        for (start, end), (following, _) in itertools.pairwise([*days, (NEVER, NEVER)]):
            if start > self._now:
                self._market["campaign_next"][number] = start
                yield self._until(start)
            self._market["campaign_next"][number] = following
            if self._market["campaign_opened"][number] != start:
                self._open(number, start, campaign)
            budget = campaign.budget
            money = self._purse(budget.money, "money_left", number)
            units = self._purse(budget.units, "units_left", number)
            daily = budget.money_a_day is not None or budget.units_a_day is not None
            while self._now < end and (money or units or daily) and not self._is_spent(number):
                self._fill_day(number, budget)
                yield self._until(self._now + 1)
                for purse, field in ((money, "money_left"), (units, "units_left")):
                    if purse is not None and (spent := purse.level - int(self._market[field][number])) > 0:
                        yield purse.get(spent)
            if self._now < end:
                yield self._until(end)
            self._close(number)

    def hold_margin(self, number: int, balance: Balance) -> Process:
        """Deepen a discount by a step when last month's margin was above the target, and take a step back below it."""
        for month, start in enumerate(self._calendar.month_starts):
            if month == 0 or start < self._now:
                continue
            if start > self._now:
                yield self._until(start)
            gmv, margin = self._result_of(month - 1)
            if gmv > 0 and margin * 10_000 != balance.margin * gmv:
                step = balance.step if margin * 10_000 > balance.margin * gmv else -balance.step
                depth = int(self._market["campaign_depth"][number]) + step
                self._market["campaign_depth"][number] = min(balance.most, max(balance.least, depth))

    def rank_members(self) -> Process:
        """Note on every card, as each month opens, the thirds in which the member stands."""
        for start in self._calendar.month_starts:
            if start < self._now:
                continue
            if start > self._now:
                yield self._until(start)
            arrays = self._arrays()
            rank(arrays.shoppers, arrays.cards)

    @property
    def _now(self) -> int:
        return int(self._environment.now)

    def _until(self, day: int) -> simpy.Timeout:
        return self._environment.timeout(day - self._environment.now)

    def _days(self, campaign: Campaign) -> list[tuple[int, int]]:
        """Return the occasions from today on as first day and the day after the last; own days count by year."""
        calendar = self._calendar
        last = calendar.date_of(calendar.month_starts[-1])
        today = calendar.date_of(self._now)
        if personal_occasion(campaign.when) is None:
            return calendar.days_of(campaign.when, self._now)
        ranges = [_year(year) for year in range(today.year, last.year + 1)]
        return [((first - calendar.start).days, (end - calendar.start).days + 1) for first, end in ranges]

    def _open(self, number: int, start: int, campaign: Campaign) -> None:
        market, budget = self._market, campaign.budget
        if market["campaign_opened"][number] == NOT_ON:
            market["campaign_depth"][number] = campaign.discount
        market["campaign_opened"][number], market["campaign_ran_out"][number] = start, NOT_ON
        market["campaign_counted"][number] = self._now
        market["campaigns_on"] |= 1 << number
        market["campaigns_open_today"] |= 1 << number
        market["money_left"][number] = self._own_part(budget.money)
        market["units_left"][number] = self._own_part(budget.units)
        market["money_left_today"][number] = market["units_left_today"][number] = UNLIMITED

    def _close_what_ended(self, number: int, days: list[tuple[int, int]]) -> None:
        """Close an occasion whose last day was yesterday, when the office was closed for the night in a snapshot."""
        market = self._market
        was_open = market["campaigns_on"] >> number & 1 or self._is_spent(number)
        if was_open and (not days or days[0][0] != market["campaign_opened"][number]):
            self._close(number)

    def _close(self, number: int) -> None:
        """Close an occasion, and count its days unless its budget was spent before."""
        count_days(self._market, number, self._now)
        self._market["campaigns_on"] &= ~(1 << number)

    def _purse(self, amount: int | None, field: str, number: int) -> simpy.Container | None:
        """Return the container of a budget with what is left of it; None where there is no limit."""
        if amount is None:
            return None
        left = int(self._market[field][number])
        return simpy.Container(self._environment, capacity=max(1, self._own_part(amount), left), init=left)

    def _fill_day(self, number: int, budget: Budget) -> None:
        self._market["money_left_today"][number] = self._own_part(budget.money_a_day)
        self._market["units_left_today"][number] = self._own_part(budget.units_a_day)

    def _own_part(self, amount: int | None) -> int:
        return UNLIMITED if amount is None else self._part.of(amount)

    def _is_spent(self, number: int) -> bool:
        return bool(self._market["campaign_ran_out"][number] != NOT_ON)

    def _result_of(self, month: int) -> tuple[int, int]:
        """Return GMV and margin, in cents, of the month that ends this morning, earlier books included."""
        arrays, market = self._arrays(), self._market
        gmv, margin = month_so_far(arrays.ledger, arrays.origin, self._calendar.month_starts[month], self._now)
        if market["carried_month"] == month:
            gmv, margin = gmv + int(market["carried_gmv"]), margin + int(market["carried_margin"])
        return gmv, margin


def _year(year: int) -> tuple[datetime.date, datetime.date]:
    return datetime.date(year, 1, 1), datetime.date(year, 12, 31)


def count_days(market: np.void, number: int, day: int) -> None:
    """Count the days on which a campaign has been on up to `day`; the day on which it ran out is the last."""
    until = day
    if market["campaign_ran_out"][number] != NOT_ON:
        until = min(day, int(market["campaign_ran_out"][number]) + 1)
    market["campaign_days"][number] += max(0, until - int(market["campaign_counted"][number]))
    market["campaign_counted"][number] = day


def month_so_far(ledger: NDArray[np.void], origin: int, month_start: int, day: int) -> tuple[int, int]:
    """Return GMV and margin of a ledger from `month_start` up to `day`, in cents; membership fees are left out."""
    rows = ledger[max(0, month_start - origin) : max(0, day - origin)]

    def added(*accounts: Account) -> int:
        return sum(int(rows[line].sum()) for line in lines_of(*accounts) if line != "fees_earned")

    gmv = added(Account.GMV)
    outgo = added(Account.PAID_IN_KIND, Account.RETURN, Account.TAX, Account.BENEFIT, Account.COST)
    return gmv, gmv + added(Account.INCOME) - outgo


def rank(shoppers: NDArray[np.void], cards: NDArray[np.void]) -> None:
    """Write the thirds of all enrolled shoppers on their cards: recency, months with an order, spend."""
    enrolled = np.flatnonzero(shoppers["status"] & ENROLLED)
    if len(enrolled) == 0:
        return
    members = shoppers[enrolled]
    months = (members["month_spend"].reshape(len(members), WINDOW_MONTHS) > 0).sum(axis=1)
    scores = (members["last_order_day"].astype(np.int64), months, members["window_spend"].astype(np.int64))
    coded = np.zeros(len(members), np.int64)
    for place, score in enumerate(scores):
        ordered = np.sort(score)
        third = 1 + (score >= ordered[len(score) // 3]).astype(np.int64) + (score >= ordered[2 * len(score) // 3])
        coded |= third << (2 * place)
    cards["third"][enrolled] = coded


def carry_month(market: NDArray[np.void], ledger: NDArray[np.void], origin: int, calendar: Calendar, day: int) -> None:
    """Add GMV and margin of yesterday's month to `market`, so that books opened on `day` know them at its end."""
    month = calendar.month_of(max(0, day - 1))  # on the first of a month: the one that has just ended
    gmv, margin = month_so_far(ledger, origin, calendar.month_starts[month], day)
    if market["carried_month"][0] != month:
        market["carried_month"], market["carried_gmv"], market["carried_margin"] = month, 0, 0
    market["carried_gmv"] += gmv
    market["carried_margin"] += margin
