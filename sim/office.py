"""The programme office: SimPy processes for the calendar, the shocks and the rival.

Serves the world. Processes keep nothing of their own: each works out its next date from the day and the scenario, so an
office can be opened on any day of a saved world. What they decide they write into the market record; the population
lives between two of their dates.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any

import numpy as np
import simpy
from numpy.typing import NDArray

from memberlab.policies import Policy, part_lost
from memberlab.scenarios import Rival, Scenario

from .at_price import USUAL_PRICE
from .calendar import Calendar
from .in_force import days_of_change
from .market import attendance_bound
from .points_office import open_points_office
from .sales_tax import cost_share
from .shared_business import SharedBusiness
from .shared_office import open_shared_office
from .shock_levels import ShockLevels


class Office:
    """The processes of one world, and what they ask of the world this morning.

    `opens_month` says that a month opens, `changes_promises` that points lose value or a law comes into force,
    `announces_devaluation` that members hear of the former; `adoption` is how far a rival's programme has come once
    everybody's life has been carried up to today.
    """

    def __init__(
        self, policy: Policy, scenario: Scenario, calendar: Calendar, market: NDArray[np.void], day: int,
        shared: SharedBusiness | None = None, desk: Callable[[simpy.Environment], object] | None = None,
    ) -> None:  # fmt: skip
        """Start the processes as of the morning of `day`; `desk` starts those of the campaigns."""
        self.environment = simpy.Environment(initial_time=day)
        self.opens_month = self.changes_promises = self.announces_devaluation = False
        self.adoption: float | None = None
        self._policy = policy
        self._scenario = scenario
        self._calendar = calendar
        self._market = market
        self._bound = attendance_bound(scenario)
        self._levels = ShockLevels(scenario, calendar)
        self.environment.process(self.keep_calendar())
        open_points_office(self.environment, policy, calendar, market)
        self.environment.process(self.apply_shocks())
        self.environment.process(self.change_promises())
        self._open_devaluation(policy)
        if scenario.rival is not None:
            self.environment.process(self.run_rival())
            self.environment.process(self.let_rival_react())
        if shared is not None and shared.is_kept:
            open_shared_office(self.environment, policy, calendar, market, shared)
        if desk is not None:
            desk(self.environment)

    def morning(self, day: int) -> int:
        """Let every process with business on `day` do it; return the day of the next business."""
        self.opens_month = self.changes_promises = self.announces_devaluation = False
        self.adoption = None
        while self.environment.peek() <= day:
            self.environment.step()
        return int(self.environment.peek())

    def keep_calendar(self) -> Generator[simpy.Event, Any, None]:
        """Open each month: season, month number, and the day up to which fees have been earned."""
        starts = self._calendar.month_starts
        month = self._calendar.month_of(int(self.environment.now))
        if starts[month] < self.environment.now:  # opened in the middle of a month: wait for the next
            yield self._until(starts[month + 1])
            month += 1
        while True:
            market = self._market
            market["month"], market["month_start"], market["next_month_start"] = month, starts[month], starts[month + 1]
            market["fees_from"], market["fees_until"] = market["fees_until"], starts[month]
            self.opens_month = True
            self._set_demand()
            month += 1
            yield self._until(starts[month])

    def apply_shocks(self) -> Generator[simpy.Event, Any, None]:
        """Set what shocks change on every day on which one begins, grows, fades or ends."""
        days = self._levels.change_days()
        while True:
            self._set_demand()
            later = [day for day in days if day > self.environment.now]
            if not later:
                return
            yield self._until(min(later))

    def run_rival(self) -> Generator[simpy.Event, Any, None]:
        """Let the rival's programme grow month by month from its launch to its final share of shoppers."""
        rival = self._scenario.rival
        assert rival is not None
        launch, first_month = launch_of(rival, self._calendar)
        final = 1.0 if rival.adoption is None else rival.adoption / 10_000
        for step in range(rival.ramp_months + 1):
            day = self._calendar.month_starts[first_month + step] if step else launch
            adoption = final * (step + 1) / (rival.ramp_months + 1)
            if day > self.environment.now:
                yield self._until(day)
                if rival.strength > 0 or rival.adoption is None:
                    self.adoption = adoption
                    continue
            self._market["rival_adoption"] = adoption

    def let_rival_react(self) -> Generator[simpy.Event, Any, None]:
        """Let the rival match its share of what our programme gives back, so many days after our launch."""
        rival = self._scenario.rival
        assert rival is not None
        day = self._calendar.launch + rival.reaction_days
        if day > self.environment.now:
            yield self._until(day)
        self._market["rival_match"] = rival.reaction / 10_000

    def change_promises(self) -> Generator[simpy.Event, Any, None]:
        """Tell on each day on which points lose value or a law comes into force that promises change."""
        for day in days_of_change(self._policy, self._scenario, self._calendar):
            if day < self.environment.now:
                continue
            if day > self.environment.now:
                yield self._until(day)
            self.changes_promises = True

    def _open_devaluation(self, policy: Policy) -> None:
        """See that a devaluation to come is announced in time, or forget one that another policy has announced."""
        change = None if policy.points is None else policy.points.devaluation
        day = 0 if change is None else (change.on - self._calendar.start).days
        if self._market["devaluation_day"][0] != day:
            self._market["devaluation_day"] = 0
            if change is not None and change.announced_days > 0 and day > self.environment.now:
                announced = max(int(self.environment.now), day - change.announced_days)
                self.environment.process(self.announce_devaluation(day, announced))

    def announce_devaluation(self, day: int, announced: int) -> Generator[simpy.Event, Any, None]:
        """Let everybody know from the day `announced` on that points lose value on `day`."""
        if announced > self.environment.now:
            yield self._until(announced)
        paying, buying = part_lost(self._policy)
        self._market["devaluation_day"] = day
        self._market["devaluation_paying"], self._market["devaluation_buying"] = float(paying), float(buying)
        self.announces_devaluation = True

    def _until(self, day: int) -> simpy.Timeout:
        return self.environment.timeout(day - self.environment.now)

    def _set_demand(self) -> None:
        """Set today's demand from the season, and with it all that shocks change, from every shock that is on."""
        day, scenario, levels, market = int(self.environment.now), self._scenario, self._levels, self._market
        attendance = levels.times("visits", day, self._calendar.season_on(day, scenario.season))
        prices = levels.times("prices", day)
        market["attendance"] = attendance / self._bound
        market["basket_factor"] = levels.times("baskets", day) * prices
        market["price_sensitivity"] = levels.times("price_sensitivity", day)
        market["price_level"] = prices
        market["cost_share"] = cost_share(scenario, prices, levels.times("cost_of_goods", day))
        market["shipping_cost"] = round(scenario.shipping_cost * levels.times("shipping_cost", day))
        payment = levels.times("payment_cost", day)
        market["payment_share"] = round(scenario.payment.share * payment)
        market["payment_fixed"] = round(scenario.payment.fixed * payment)
        for field in ("wages", "gift_prices", "partner_prices", "message_prices"):
            market[field] = round(USUAL_PRICE * levels.times(field, day))
        market["referral_level"] = levels.times("referrals", day)
        market["staff"] = levels.times("staff", day)
        market["missing_goods"] = levels.share("missing_goods", day)
        usual = scenario.failures
        market["minor_failures"] = levels.share("minor_failures", day, usual.minor / 10_000)
        market["serious_failures"] = levels.share("serious_failures", day, usual.serious / 10_000)
        market["questions"] = levels.share("questions", day, usual.questions / 10_000)


def launch_of(rival: Rival, calendar: Calendar) -> tuple[int, int]:
    """Return the day of the rival's launch, and the number of the month that holds it."""
    if rival.launch_day is not None:
        day = (rival.launch_day - calendar.start).days
        return day, calendar.month_of(day)
    month = calendar.launch_month + (rival.launch_month or 1) - 1
    return calendar.month_starts[month], month
