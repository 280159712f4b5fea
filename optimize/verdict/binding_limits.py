"""Which limits bind: how much room each leaves on fresh seeds, and what the search would have taken without it.

Serves whoever set the limits and can move them. Room is that of confirmed policies; what another limit would allow is
read off everything the search tried, on its own seeds, and has to be confirmed before it is believed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..search import CONFIRMATION_CAUTION, SEARCH_CAUTION, Bound, Figures, Goals, Tried
from .confirm import Confirmed

TIGHT = 2.0
"""Standard errors of room below which a limit is called tight."""


@dataclass(frozen=True, slots=True)
class Allowed:
    """A policy that only one limit keeps out, by the search's figures."""

    policy: str
    relax_by: float
    """How much further the limit would have to be, in the KPI's unit."""
    least_gain: float
    """Its smallest gain over the objectives, as a share of the incumbent's figure."""
    gains: tuple[float, ...]
    """Its gain in each objective, likewise."""


@dataclass(frozen=True, slots=True)
class Binding:
    """One limit of the study."""

    bound: Bound
    rooms: tuple[tuple[str, float, float], ...]
    """Policy, room in the KPI's unit (negative: missed) and its standard error, for each confirmed policy."""
    broken_by: int
    """Policies of the search that break it."""
    only_this: int
    """Those of them that keep every other limit."""
    best_kept: float | None
    """Largest least gain among policies that keep every limit, by the search's figures; None where nobody does."""
    nearest: Allowed | None
    """The policy better than that which needs the smallest step; None where no policy would be better."""
    best: Allowed | None
    """The best one without this limit."""

    @property
    def binds(self) -> bool:
        """Return whether the search found something better that only this limit keeps out."""
        return self.best is not None

    def room_in_errors(self, policy: str) -> float:
        """Return the room that a confirmed policy leaves, in standard errors; infinite where there is no error."""
        _, room, error = next(one for one in self.rooms if one[0] == policy)
        return room / error if error > 0 else float("inf") if room >= 0 else float("-inf")

    def is_tight(self, policy: str) -> bool:
        """Return whether a confirmed policy is within two standard errors of the limit, or beyond it."""
        return self.room_in_errors(policy) < max(TIGHT, CONFIRMATION_CAUTION)


def binding_limits(tried: Sequence[Tried], confirmed: Sequence[Confirmed], goals: Goals) -> tuple[Binding, ...]:
    """Return how each limit binds; `tried` and `confirmed` begin with the incumbent."""
    return tuple(_binding(bound, tried, confirmed, goals) for bound in goals.bounds)


def _binding(bound: Bound, tried: Sequence[Tried], confirmed: Sequence[Confirmed], goals: Goals) -> Binding:
    incumbent, *others = tried
    baseline = incumbent.figures
    kept = [one for one in others if goals.is_feasible(one.figures, SEARCH_CAUTION)]
    broken = [one for one in others if bound.excess(one.figures, SEARCH_CAUTION) > 0]
    alone = [one for one in broken if _keeps_others(one.figures, bound, goals)]
    best_kept = max((min(gains_of(one.figures, baseline, goals)) for one in kept), default=None)
    found = [_allowed(one, bound, baseline, goals) for one in alone]
    # keeping the incumbent gains nothing and costs nothing, so a policy must do better than that as well
    mark = max(0.0, best_kept or 0.0)
    better = [one for one in found if one.least_gain > mark]
    rooms = [
        (one.policy.name, -bound.excess(one.figures, 0.0), one.figures[bound.figure].error) for one in confirmed
    ]  # fmt: skip
    return Binding(
        bound, tuple(rooms), len(broken), len(alone), best_kept,
        min(better, key=lambda one: (one.relax_by, one.policy), default=None),
        max(better, key=lambda one: one.least_gain, default=None),
    )  # fmt: skip


def _allowed(one: Tried, bound: Bound, baseline: Figures, goals: Goals) -> Allowed:
    gains = gains_of(one.figures, baseline, goals)
    return Allowed(one.candidate.policy.name, bound.excess(one.figures, SEARCH_CAUTION), min(gains), gains)


def _keeps_others(figures: Figures, bound: Bound, goals: Goals) -> bool:
    return all(other.excess(figures, SEARCH_CAUTION) <= 0 for other in goals.bounds if other is not bound)


def gains_of(figures: Figures, baseline: Figures, goals: Goals) -> tuple[float, ...]:
    """Return the gain in each objective on `baseline`, as a share of its figure (of 1 where that is 0)."""
    return tuple(
        one.aim * (figures[one.figure].mean - baseline[one.figure].mean) / (abs(baseline[one.figure].mean) or 1.0)
        for one in goals.objectives
    )
