"""What a pilot is asked to tell: which figure, how large an effect, how surely, for how long, and by whom.

Serves pilot planning; every wrong answer is named before anything is simulated.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from memberlab.policies import Policy
from memberlab.results import KPIS, Kpi
from memberlab.scenarios import Scenario
from memberlab.sim import calendar_of

from .arms import DAYS_A_WEEK, PilotArm
from .sample_size import Certainty

WEEKS_OF_THE_RULE = 26
"""Half a year: a campaign or a programme is not judged on less, as purchases brought forward are missing later and
attrition has not shown."""

ACTIVE_DAYS = 365
KNOWN, ACTIVE = "known", "active"
"""Segments that every shop has: whoever ordered before launch, and whoever did so in the last year."""

_EFFECT = re.compile(r"\s*([-+]?[0-9]{1,12}(?:\.[0-9]{1,6})?)\s*(%|pp)?\s*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Effect:
    """The effect to detect: `size` as a share of the incumbent's figure if it is `relative`, else in the figure's unit
    (cents or pieces a shopper, a share of 1).
    """

    size: float
    relative: bool = True

    def of(self, baseline: float) -> float:
        """Return the effect in the figure's unit."""
        return self.size * abs(baseline) if self.relative else self.size


def read_effect(written: str, kpi: Kpi) -> Effect:
    """Return the effect that somebody wrote: `2 %` of the incumbent's figure, `1.5 pp` of a share, or an amount in
    currency units or pieces a shopper. Raises ValueError for anything else, and for 0.
    """
    match = _EFFECT.fullmatch(written)
    if match is None:
        raise ValueError(f"effect '{written}' is no effect; write for example 2 %, 1.5 pp or 3.50")
    size, unit = float(match[1]), match[2]
    if size == 0:
        raise ValueError("an effect of 0 cannot be seen by any pilot; write for example 2 %")
    if unit == "%":
        return Effect(size / 100)
    if (unit == "pp") != (kpi.unit == "share"):
        right = "percentage points, such as 1.5 pp" if kpi.unit == "share" else "an amount a shopper, such as 3.50"
        raise ValueError(f"effect '{written}' is not in the unit of {kpi.name}; write {right}, or a share such as 2 %")
    return Effect(size / 100 if unit == "pp" or kpi.unit == "share" else size * _inner(kpi), relative=False)


def _inner(kpi: Kpi) -> float:
    return 100.0 if kpi.unit == "money" else 1.0


@dataclass(frozen=True, slots=True)
class PilotQuestion:
    """What is asked; raises ValueError for what cannot be."""

    kpi: str = "margin"
    effect: Effect | None = None
    """The effect to detect; None: as large as the candidate's is simulated to be."""
    certainty: Certainty = field(default_factory=Certainty)
    weeks: tuple[int, ...] = (12, 26, 52)
    """Durations, in rising order."""
    share: float | None = None
    """Share of the pilot's shoppers who get the candidate; None: an even split, and others beside it."""
    cost_ratio: float = 1.0
    """What a shopper with the candidate costs over one in the hold-out, for the cheapest split."""
    customers: int | None = None
    """Shoppers there are for the pilot; None: as many as it needs."""
    segment: str = KNOWN
    """`known`, `active`, or tiers of the incumbent, separated by commas."""
    replays: int = 2_000

    def __post_init__(self) -> None:
        if self.kpi not in KPIS:
            raise ValueError(f"there is no KPI '{self.kpi}'; write one of {', '.join(KPIS)}")
        if self.effect is not None and self.effect.size == 0:
            raise ValueError("an effect of 0 cannot be seen by any pilot; write for example 2 %")
        if not self.weeks or min(self.weeks) < 1 or list(self.weeks) != sorted(set(self.weeks)):
            raise ValueError(f"weeks ({told(self.weeks)}) must be whole numbers from 1 up, each once, in rising order")
        if self.share is not None and not 0.0 < self.share < 1.0:
            arm = "the candidate" if self.share <= 0 else "the hold-out"
            raise ValueError(f"a share of {100 * self.share:g} % leaves {arm} without shoppers; write 1 % to 99 %")
        if not 0.0 < self.cost_ratio < float("inf"):
            raise ValueError(f"cost_ratio ({self.cost_ratio:g}) must be above 0, such as 1 or 2.5")
        if self.customers is not None and self.share is not None:
            least = self.customers * min(self.share, 1 - self.share)
            if least < 2:
                raise ValueError(
                    f"{self.customers} customers at a share of {100 * self.share:g} % leave an arm with fewer than two "
                    "shoppers; name more customers or a share nearer to 50 %"
                )
        if self.customers is not None and self.customers < 4:
            raise ValueError(f"customers ({self.customers}) must be 4 or more, two for each arm")
        if self.replays < 100:
            raise ValueError(f"replays ({self.replays}) must be 100 or more, or their rates say nothing")

    @property
    def figure(self) -> Kpi:
        """Return the figure that is asked for."""
        return KPIS[self.kpi]


def fail_if_pilot_does_not_fit(question: PilotQuestion, incumbent: Policy, scenario: Scenario) -> None:
    """Raise ValueError when a duration reaches beyond the scenario's horizon, or nobody knows the segment."""
    tiers_of(question, incumbent)
    calendar = calendar_of(scenario)
    longest = (calendar.end - calendar.launch) // DAYS_A_WEEK
    beyond = [week for week in question.weeks if week > longest]
    if beyond:
        raise ValueError(
            f"weeks {told(beyond)} reach beyond the horizon of {scenario.name}, which has {longest} whole weeks; write "
            f"{longest} or fewer, or a scenario with a longer horizon"
        )


def told(weeks: tuple[int, ...] | list[int]) -> str:
    """Return weeks as people write them."""
    return ", ".join(str(week) for week in weeks) or "none"


def tiers_of(question: PilotQuestion, incumbent: Policy) -> tuple[int, ...]:
    """Return the places of the tiers that the segment names; none for other segments. Raises ValueError for a segment
    that is neither.
    """
    if question.segment in (KNOWN, ACTIVE):
        return ()
    names = [name.strip() for name in question.segment.split(",")]
    known = list(incumbent.tiers)
    unknown = [name for name in names if name not in known]
    if unknown:
        tiers = f", or tiers of {incumbent.name}: {', '.join(known)}" if known else f"; {incumbent.name} has no tiers"
        raise ValueError(f"there is no segment '{', '.join(unknown)}'; write {KNOWN} or {ACTIVE}{tiers}")
    return tuple(known.index(name) for name in names)


def taking_part(question: PilotQuestion, incumbent: Policy, arm: PilotArm) -> NDArray[np.bool_]:
    """Return who of an arm's shoppers is in the segment, by what the shop knew on launch morning (shape: shoppers)."""
    who = arm.known
    if question.segment == ACTIVE:
        return np.asarray(who & (arm.opening["last_order_day"] >= arm.launch - ACTIVE_DAYS))
    if question.segment != KNOWN:
        return np.asarray(who & np.isin(arm.opening["tier"], tiers_of(question, incumbent)))
    return who
