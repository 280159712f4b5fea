"""The break-even of the decisive assumption: from which attrition effect on a policy adds contribution margin.

Serves everybody who reads a profit figure. How much a programme cuts attrition cannot be learnt from an order log, and
the sign of most margins hangs on it; so a margin is told with the value at which it turns, and at several others.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise
from math import isfinite
from typing import TYPE_CHECKING

from memberlab.scenarios import Scenario
from memberlab.sim import behaviour_record

if TYPE_CHECKING:
    from memberlab.results import Uplift

DECISIVE_ASSUMPTION = "attrition_effect"
"""The programme's cut in attrition: it cannot be learnt from an order log (DESIGN, law 7)."""

VALUES_SHOWN: tuple[float, ...] = (0.0, 0.15, 0.30, 0.85)
"""Values of the attrition effect at which every recommendation is shown (behaviour reference, section 2.3)."""

LOWEST = VALUES_SHOWN[0]
"""The least attrition effect at which a break-even is looked for."""

HIGHEST = VALUES_SHOWN[-1]
"""The greatest one."""

MARGIN = "margin"
"""The KPI that a break-even is about."""

TOLERANCE = 0.005
"""How close the search comes to a break-even value, in units of the attrition effect."""

MarginUplift = Callable[[float], "Uplift"]
"""Gives the uplift of the contribution margin, in cents, at a value of the attrition effect."""


class Pays(Enum):
    """At which values of the attrition effect a policy adds margin."""

    NO_DIFFERENCE = "no difference at any value"
    ALWAYS = "at every value, 0 to 0.85"
    NEVER = "at no value, 0 to 0.85"
    FROM = "from a value up"
    UP_TO = "up to a value"
    UNCERTAIN = "uncertain at every value, 0 to 0.85"
    IN_PARTS = "at some values, with others between them"


@dataclass(frozen=True, slots=True)
class Crossing:
    """A value of the attrition effect at which the margin's difference is zero, with its 95 % interval.

    `low` or `high` is None where the interval reaches beyond the values looked at.
    """

    value: float
    low: float | None
    high: float | None
    rising: bool
    """Whether the policy pays above the value; otherwise it pays below."""

    @property
    def interval_told(self) -> str:
        """Return the interval in brackets, such as `(0.17 to above 0.85)`."""
        low = f"below {LOWEST:g}" if self.low is None else f"{self.low:.2f}"
        high = f"above {HIGHEST:g}" if self.high is None else f"{self.high:.2f}"
        return f"({low} to {high})"


@dataclass(frozen=True, slots=True)
class BreakEven:
    """Where a policy's margin against another's turns, and the margin's uplift at the values that are shown."""

    margins: Mapping[float, Uplift]
    """Uplift of the contribution margin in cents by attrition effect, in rising order."""
    own: float | None
    """The value that the other figures stand under; None where scenarios with different values are taken together."""
    crossings: tuple[Crossing, ...]
    refined: bool
    """Whether the crossings were searched by simulation, or only read between the values shown."""

    @property
    def pays(self) -> Pays:
        """Return at which values the policy adds margin, judged by the mean.

        `UNCERTAIN` is a margin whose mean keeps its sign, while the interval includes zero at every value shown.
        """
        if not self.crossings:
            differences = [uplift.difference for uplift in self.margins.values()]
            if not any(differences):
                return Pays.NO_DIFFERENCE
            if len(self.doubtful) == len(self.margins):
                return Pays.UNCERTAIN
            return Pays.ALWAYS if max(differences) > 0 else Pays.NEVER
        if len(self.crossings) > 1:
            return Pays.IN_PARTS
        return Pays.FROM if self.crossings[0].rising else Pays.UP_TO

    @property
    def doubtful(self) -> tuple[float, ...]:
        """Return the values shown at which the margin's interval includes zero without being exactly zero."""
        return tuple(value for value, one in self.margins.items() if _is_open(one) and not one.is_zero)

    @property
    def where(self) -> str:
        """Return where it pays, such as `from 0.22 up (0.17 to 0.28)`; the brackets hold 95 % intervals."""
        if not self.crossings:
            outcome: str = self.pays.value
            return outcome if self.pays is Pays.UNCERTAIN else outcome + _doubts(self.doubtful)
        about = "" if self.refined else "about "
        parts: list[str] = []
        for one in self.crossings:
            value, bracket = f"{about}{one.value:.2f}", one.interval_told
            if one.rising:
                parts.append(f"from {value} up {bracket}")
            elif parts:
                parts[-1] = f"{parts[-1].replace(' up', '')} to {value} {bracket}"
            else:
                parts.append(f"up to {value} {bracket}")
        return " and ".join(parts)

    def __str__(self) -> str:
        """Return the outcome as the rest of a sentence on the policy: `pays from 0.22 up (0.17 to 0.28)`."""
        if self.pays is Pays.UNCERTAIN:
            return f"may pay or not, {self.where}"
        if self.pays is Pays.NO_DIFFERENCE:
            return f"makes {self.where}"
        if self.pays is Pays.NEVER:
            return f"does not pay {self.where.replace('at no value', 'at any value', 1)}"
        return f"pays {self.where}"


def _doubts(values: Sequence[float]) -> str:
    if not values:
        return ""
    *others, last = (f"{value:g}" for value in values)
    return f", not certain at {', '.join(others)} and {last}" if others else f", not certain at {last}"


def own_value(scenarios: Sequence[Scenario]) -> float | None:
    """Return the attrition effect that holds in all `scenarios`, None where they differ."""
    values = {float(behaviour_record(one.assumptions)[DECISIVE_ASSUMPTION][0]) for one in scenarios}
    return values.pop() if len(values) == 1 else None


def own_value_told(scenario: Scenario) -> str:
    """Return for example `at attrition_effect 0.15`: what a margin in this scenario stands under."""
    return f"at {DECISIVE_ASSUMPTION} {own_value([scenario]):g}"


def values_shown(own: float | None) -> tuple[float, ...]:
    """Return the values at which a margin is shown, in rising order: the usual four, and the scenario's own."""
    return tuple(sorted({*VALUES_SHOWN, *([] if own is None else [own])}))


def find_break_even(
    margins: Mapping[float, Uplift],
    own: float | None,
    margin_at: MarginUplift | None = None,
    *,
    tolerance: float = TOLERANCE,
) -> BreakEven:
    """Return the break-even from the margin's uplift at the values shown.

    Between two values where the mean changes sign, `margin_at` is asked for more (Brent, 1973) until the value is known
    to `tolerance`; without it the mean is taken as straight in between. A change of sign and back between two
    neighbouring values is not seen. The interval holds the values at which the margin's own 95 % interval includes
    zero; with a straight mean and an even error that is the half-width over the slope. What lies between values that
    were simulated is taken as straight.
    """
    known = dict(sorted(margins.items()))
    roots = []
    for left, right in _sign_changes(known):
        rising = known[right].difference > known[left].difference
        roots.append((_root(known, left, right, margin_at, tolerance), rising))
    crossings = tuple(Crossing(root, *_interval(known, root), rising) for root, rising in roots)
    return BreakEven(dict(sorted(margins.items())), own, crossings, margin_at is not None)


def _sign_changes(margins: Mapping[float, Uplift]) -> list[tuple[float, float]]:
    """Return the pairs of neighbouring values between which the sign changes; those with zero itself are passed over.

    Where the mean is exactly zero up to some value, or from one on, and positive elsewhere, that value is the crossing.
    """
    signed = [value for value, uplift in margins.items() if uplift.difference]
    values = list(margins)
    pairs = [
        (left, right)
        for left, right in pairwise(signed)
        if (margins[left].difference > 0) != (margins[right].difference > 0)
    ]
    if signed and values[0] != signed[0] and margins[signed[0]].difference > 0:
        pairs.insert(0, (values[values.index(signed[0]) - 1], signed[0]))
    if signed and values[-1] != signed[-1] and margins[signed[-1]].difference > 0:
        pairs.append((signed[-1], values[values.index(signed[-1]) + 1]))
    return pairs


def _root(
    known: dict[float, Uplift], left: float, right: float, margin_at: MarginUplift | None, tolerance: float
) -> float:
    """Return where the mean is zero between two values; what is asked for on the way is added to `known`."""
    for end in (left, right):
        if known[end].difference == 0:
            return end
    if margin_at is None:
        start, end = known[left].difference, known[right].difference
        return left + (right - left) * start / (start - end)

    def mean(value: float) -> float:
        if value not in known:
            known[value] = margin_at(value)
        return known[value].difference

    from scipy.optimize import brentq  # here, because it takes a third of a second to load

    return float(brentq(mean, left, right, xtol=tolerance))


def _interval(known: Mapping[float, Uplift], root: float) -> tuple[float | None, float | None]:
    """Return the ends of the values around `root` at which the margin's interval includes zero, None where it has no
    end.
    """
    values = sorted(known)
    before = [value for value in values if value < root]
    after = [value for value in values if value > root]
    return _end(known, root, before[::-1]), _end(known, root, after)


def _end(known: Mapping[float, Uplift], root: float, outwards: Sequence[float]) -> float | None:
    """Return where, going `outwards` from `root`, the nearer end of the margin's interval reaches zero."""
    inner, edges = root, None
    if root in known and _is_open(known[root]):
        edges = known[root].low, known[root].high
    for value in outwards:
        one = known[value]
        if _is_open(one):
            inner, edges = value, (one.low, one.high)
            continue
        side = 0 if one.low > 0 else 1
        end = (one.low, one.high)[side]
        # where the root was only read between values, the mean is zero there and the error that of the value outside
        start = end - one.difference if edges is None else edges[side]
        return inner + (value - inner) * start / (start - end) if isfinite(start) else value
    return None


def _is_open(uplift: Uplift) -> bool:
    return uplift.low <= 0 <= uplift.high
