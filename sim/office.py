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

from memberlab.policies import Policy
from memberlab.scenarios import Scenario

from .at_price import USUAL_PRICE
from .calendar import Calendar
from .market import attendance_bound
from .points_office import open_points_office
from .sales_tax import cost_share
from .shared_business import SharedBusiness
from .shared_office import open_shared_office
from .shock_levels import ShockLevels


class Office:
    """The processes of one world; `opens_month` says that this morning a month opens."""

    def __init__(
        self, policy: Policy, scenario: Scenario, calendar: Calendar, market: NDArray[np.void], day: int,
        shared: SharedBusiness | None = None, desk: Callable[[simpy.Environment], object] | None = None,
    ) -> None:  # fmt: skip
        """Start the processes as of the morning of `day`; `desk` starts those of the campaigns."""
        self.environment = simpy.Environment(initial_time=day)
        self.opens_month = False
        self._policy = policy
        self._scenario = scenario
        self._calendar = calendar
        self._market = market
        self._bound = attendance_bound(scenario)
        self._levels = ShockLevels(scenario, calendar)
        self.environment.process(self.keep_calendar())
        open_points_office(self.environment, policy, calendar, market)
        self.environment.process(self.apply_shocks())
        if scenario.rival is not None:
            self.environment.process(self.run_rival())
            self.environment.process(self.let_rival_react())
        if shared is not None and shared.is_kept:
            open_shared_office(self.environment, policy, calendar, market, shared)
        if desk is not None:
            desk(self.environment)

    def morning(self, day: int) -> int:
        """Let every process with business on `day` do it; return the day of the next business."""
        self.opens_month = False
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
        launch_month = self._calendar.launch_month + rival.launch_month - 1
        final = rival.adoption / 10_000
        for step in range(rival.ramp_months + 1):
            day = self._calendar.month_starts[launch_month + step]
            if day > self.environment.now:
                yield self._until(day)
            self._market["rival_adoption"] = final * (step + 1) / (rival.ramp_months + 1)

    def let_rival_react(self) -> Generator[simpy.Event, Any, None]:
        """Let the rival match its share of what our programme gives back, so many days after our launch."""
        rival = self._scenario.rival
        assert rival is not None
        day = self._calendar.launch + rival.reaction_days
        if day > self.environment.now:
            yield self._until(day)
        self._market["rival_match"] = rival.reaction / 10_000

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
