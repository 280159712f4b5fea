"""The horizon rule: no verdict on a campaign before six months after it have been lived.

Serves comparisons. A campaign pulls purchases forward; whoever looks only at its window, or shortly after, takes
borrowed sales for won ones. Standing campaigns (always, monthly, weekly, members' own days) run in every month of the
horizon and have their aftermath in it.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from itertools import pairwise

from memberlab.policies import Campaign, Occasion, Policy, day_ranges, personal_occasion
from memberlab.scenarios import Scenario
from memberlab.sim import calendar_of

DAYS_AFTER = 182
"""Days of the horizon that must follow the last day of a campaign."""

YEARLY = 330
"""Occasions at least so many days apart are a campaign of their own each; closer ones are a standing promise."""


@dataclass(frozen=True, slots=True)
class TooEarly:
    """A campaign in which an arm differs from the first, and which the horizon does not outlast by six months."""

    campaign: str
    last_day: datetime.date
    horizon_end: datetime.date
    months_needed: int

    @property
    def days_after(self) -> int:
        """Return the days of the horizon after the campaign's last."""
        return max(0, (self.horizon_end - self.last_day).days)

    def __str__(self) -> str:
        """Say what is missing, and the horizon that would do."""
        return (
            f"campaign {self.campaign} ends on {self.last_day}, and {_days(self.days_after)} of the horizon follow; "
            f"{DAYS_AFTER} must, because a campaign pulls purchases forward; set horizon.months to {self.months_needed}"
        )


def too_early(policy: Policy, baseline: Policy, scenario: Scenario) -> tuple[TooEarly, ...]:
    """Return the campaigns that forbid a verdict on `policy` against `baseline`; none where all have been outlived."""
    calendar = calendar_of(scenario)
    first, last = calendar.date_of(calendar.launch), calendar.date_of(calendar.end - 1)
    found = []
    for name, campaign in differing_campaigns(policy, baseline):
        end = _last_day(campaign, first, last)
        if end is not None and (last - end).days < DAYS_AFTER:
            needed = end + datetime.timedelta(days=DAYS_AFTER + 1)
            months = 12 * (needed.year - first.year) + needed.month - first.month + (needed.day > 1)
            found.append(TooEarly(name, end, last, months))
    return tuple(found)


def differing_campaigns(policy: Policy, baseline: Policy) -> list[tuple[str, Campaign]]:
    """Return the campaigns that only one of both has, or that both have on other terms; these count as `policy`'s."""
    own, other = dict(policy.campaigns), dict(baseline.campaigns)
    changed = [(name, campaign) for name, campaign in own.items() if other.get(name) != campaign]
    return changed + [(name, campaign) for name, campaign in other.items() if name not in own]


def _last_day(campaign: Campaign, first: datetime.date, last: datetime.date) -> datetime.date | None:
    """Return the last day of a dated campaign's last occasion in the horizon; None without one, or if standing."""
    if personal_occasion(campaign.when) is not None:
        return None
    dated = [one for one in campaign.when if not _is_standing(one, first)]
    ranges = day_ranges(dated, first, last) if dated else []
    return ranges[-1][1] if ranges else None


def _is_standing(occasion: Occasion, first: datetime.date) -> bool:
    """Return whether an occasion comes back within a year, or is on all the year."""
    ranges = day_ranges([occasion], first, first + datetime.timedelta(days=2 * 366))
    comes_back = any((later[0] - earlier[0]).days < YEARLY for earlier, later in pairwise(ranges))
    return comes_back or any((end - start).days >= YEARLY for start, end in ranges)


def _days(count: int) -> str:
    return "1 day" if count == 1 else f"{count} days"
