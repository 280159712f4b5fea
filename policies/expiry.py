"""How long points live: the kinds of expiry, who keeps points longer, and who is reminded.

Serves the points currency. Exactly one kind is written: after months (to the end of a month, quarter or year, or to the
day), after days, on fixed dates of every year, or after a time without activity.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field, model_validator

from .model import Section
from .names import Label
from .notation import OrNever, fault
from .number import CountNotation
from .quantities import Money
from .yearly_day import YearlyDay

LONGEST_LIFE = 24
"""Months that points which expire may live at most."""

LONGEST_DAYS = 730
"""Days that points which expire may live at most."""

Months = Annotated[int, CountNotation("months", minimum=1, maximum=LONGEST_LIFE)]
"""Months of life."""

PERIODS = {"day": 0, "month": 1, "quarter": 3, "year": 12}
"""Periods at whose end points can expire, in months; a day has none."""


class Inactivity(Section):
    """Expiry of the whole balance after a time without activity; each activity starts the time again."""

    days: Annotated[int, CountNotation("days", minimum=1, maximum=LONGEST_DAYS)]
    """Days without activity after which the balance is gone."""
    reset_by: Literal["earning", "redeeming", "both"] = "both"
    """What counts as activity."""


class Reminder(Section):
    """A message to whoever is about to lose points."""

    days: Annotated[int, CountNotation("days", minimum=1, maximum=27)]
    """Days before the points are gone."""
    channel: Literal["app", "email", "sms"] = "app"
    """How the message goes out; channels differ in how many come."""
    cost: Money = 0
    """The shop's cost of one message. In code: cents."""


class Expiry(Section):
    """The life of each lot of points, one kind only."""

    months: Months | None = None
    """Months from earning to expiry."""
    end_of: Literal["day", "month", "quarter", "year"] | None = None
    """The end of the period that holds the last day, to which points live: month is the default, day is to the day;
    without months, the end of the period in which they are earned."""
    days: Annotated[int, CountNotation("days", minimum=1, maximum=LONGEST_DAYS)] | None = None
    """Days from earning to expiry, to the day."""
    dates: Annotated[tuple[YearlyDay, ...], Field(strict=False, max_length=12)] = ()
    """Days of every year after which every point is gone."""
    inactivity: Inactivity | None = None
    """Expiry after a time without activity."""
    extension: Mapping[Label, Annotated[int | None, OrNever(CountNotation("months", 1, LONGEST_LIFE))]] = Field(
        default_factory=dict[str, int | None]
    )
    """Months that members of a tier keep points longer, by tier; never: points do not expire in that tier."""
    reminder: Reminder | None = None
    """A message ahead of expiry."""

    @property
    def period(self) -> int:
        """Months of the period to whose end points live; 0: to the day."""
        return PERIODS[self.end_of or "month"]

    @property
    def average_months(self) -> float:
        """About how many months a point lives that is not kept alive; dates: from one to the next, on average half."""
        if self.days is not None:
            return self.days / 30.4375
        if self.inactivity is not None:
            return self.inactivity.days / 30.4375
        if self.dates:
            return 12 / len(self.dates)
        return float(self.months or self.period)

    @model_validator(mode="after")
    def _are_of_one_kind(self) -> Expiry:
        by_month = "months" if self.months is not None else "end_of" if self.end_of is not None else None
        others = [kind for kind in ("days", "dates", "inactivity") if getattr(self, kind)]
        kinds = ([by_month] if by_month else []) + others
        if len(kinds) != 1:
            given = f"{' and '.join(kinds)} are different kinds of expiry" if kinds else "no kind of expiry is given"
            raise fault(f"{given}; write one of months, end_of, days, dates or inactivity")
        if self.end_of == "day" and self.months is None:
            raise fault("end_of: day needs months; write months: 1, or days: 30 in its place")
        in_months = any(more is not None for more in self.extension.values())
        if others and self.extension and (in_months or self.inactivity is None):
            mend = "write never for these tiers" if self.inactivity is not None else "write months"
            raise fault(f"an extension in months does not go with {others[0]}; {mend}, or leave extension out")
        longest = (self.months or 0) + max((more or 0 for more in self.extension.values()), default=0)
        if self.extension and self.end_of == "day":
            raise fault("an extension does not go with end_of: day; write end_of: month, or leave extension out")
        if by_month and longest > LONGEST_LIFE:
            raise fault(f"months and extension come to {longest}, the most is {LONGEST_LIFE}; write fewer")
        if self.end_of in ("quarter", "year") and longest + self.period - 1 > LONGEST_LIFE:
            most = LONGEST_LIFE - self.period + 1
            raise fault(f"{longest} months to the end of the {self.end_of} can be more than {LONGEST_LIFE}; "
                        f"write {most} months or less")  # fmt: skip
        return self
