"""When no policy keeps the limits: which of them bind, the policy that misses them least, and what would let it pass.

Serves the strategist who has asked for the impossible, and has to know which wish to give up. How far each limit is out
of reach is told from all policies of the search; the nearest one is told on the populations held out.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from memberlab.results import KPIS, written, written_difference

from ..search import CONFIRMATION_CAUTION, SEARCH_CAUTION, Bound, Figures, Goals

if TYPE_CHECKING:
    from ..findings import StudyResult
    from ..search import Tried
    from .recommend import Standing

MOST_NEAREST = 3
"""Nearest policies that are run on populations held out, where none keeps the limits."""


@dataclass(frozen=True, slots=True)
class LimitReached:
    """One limit, and how the policies of the search stood to it alone."""

    bound: Bound
    kept: int
    """Policies that keep it, whatever they do to the others."""
    best: float
    """The nearest to it, or the farthest inside, in the unit of the KPI; the distance from today's where it is one."""
    policy: str
    """The policy that has it."""

    @property
    def binds(self) -> bool:
        """Return whether nothing tried keeps this limit even alone."""
        return self.kept == 0


@dataclass(frozen=True, slots=True)
class Unmet:
    """Why no policy could be recommended."""

    limits: tuple[LimitReached, ...]
    tried: int
    nearest: Standing
    """The policy held out whose largest miss, as a share of the limit, is least; it may be the incumbent."""

    def misses(self) -> list[tuple[Bound, float]]:
        """Return the limits that the nearest policy misses, and by how much, at the caution of the report."""
        found = [(one.bound, one.bound.excess(self.nearest.confirmed.figures, CONFIRMATION_CAUTION))
                 for one in self.limits]  # fmt: skip
        return [(bound, excess) for bound, excess in found if excess > 0]


def nearest_of(tried: Sequence[Tried], goals: Goals, count: int) -> list[Tried]:
    """Return the policies of the search, the incumbent apart, whose largest miss of a limit is least."""
    return sorted(tried[1:], key=lambda one: worst_miss(goals, one.figures, SEARCH_CAUTION))[:count]


def worst_miss(goals: Goals, figures: Figures, caution: float) -> float:
    """Return the largest miss of a limit as a share of it; below 0 where all are kept."""
    return max((bound.excess(figures, caution) / bound.scale(figures) for bound in goals.bounds), default=-math.inf)


def unmet(result: StudyResult) -> Unmet | None:
    """Return why nothing could be recommended; None where a policy, perhaps today's, keeps all limits."""
    standings = result.recommendation.standings
    if any(one.feasible for one in standings):
        return None
    nearest = min(standings, key=lambda one: worst_miss(result.goals, one.confirmed.figures, CONFIRMATION_CAUTION))
    reached = tuple(_reached(bound, result.tried) for bound in result.goals.bounds)
    return Unmet(reached, len(result.tried), nearest)


def _reached(bound: Bound, tried: Sequence[Tried]) -> LimitReached:
    excesses = [bound.excess(one.figures, SEARCH_CAUTION) for one in tried]
    best = tried[excesses.index(min(excesses))]
    kept = sum(excess <= 0 for excess in excesses)
    return LimitReached(bound, kept, best.figures[bound.figure].mean, best.candidate.policy.name)


def unmet_told(found: Unmet, incumbent: str) -> list[str]:
    """Return in sentences which limits bind, the nearest policy, and what limits would let it pass."""
    said = [f"None of the {found.tried} policies tried keeps every limit, today's included."]
    for one in found.limits:
        best = bound_told(one.bound, one.best)
        if one.binds:
            said.append(f"{limit_told(one.bound)} binds: no policy keeps it; the nearest is {best} ({one.policy}).")
        else:
            said.append(f"{limit_told(one.bound)} is kept by {one.kept} of them; the best is {best} ({one.policy}).")
    if not any(one.binds for one in found.limits):
        said.append("Each limit can be kept alone, but not all of them together.")
    name, misses = found.nearest.confirmed.policy.name, found.misses()
    called = f"today's policy, {name}" if name == incumbent else name
    held = found.nearest.confirmed.figures
    figures = "; ".join(f"{bound_told(bound, held[bound.figure].mean)} for {limit_told(bound)}" for bound, _ in misses)
    said.append(f"Nearest on fresh seeds is {called}: {figures}.")
    passing = " and ".join(limit_told(bound, passing_limit(bound, excess)) for bound, excess in misses)
    where = "" if name == incumbent else " (nearest-policy.yaml)"
    said.append(f"It would pass{where} with: {passing}.")
    return said


def passing_limit(bound: Bound, excess: float) -> float:
    """Return the limit at which a policy that misses it by `excess` would keep it, rounded outwards."""
    unit = {"share": 1e-4, "money": 100.0, "count": 1.0}[KPIS[bound.kpi].unit]
    steps = (bound.limit + bound.sign * excess) / unit
    return unit * (math.ceil(steps - 1e-9) if bound.sign > 0 else math.floor(steps + 1e-9))


def limit_told(bound: Bound, limit: float | None = None) -> str:
    """Return a limit in words: `retention at least today's - 1.00 pp`; with `limit` in place of its own."""
    value = bound.limit if limit is None else limit
    relation, kpi = "at most" if bound.sign > 0 else "at least", KPIS[bound.kpi]
    worlds = "" if bound.probability is None else f" in {bound.probability:.0%} of worlds"
    if not bound.times_today:
        return f"{title_in_words(bound.kpi)} {relation} {written(value, kpi.unit)}{worlds}"
    own = "today's" if bound.times_today == 1 else f"{100 * bound.times_today:.4g} % of today's"
    size = "" if value == 0 else f" {'-' if value < 0 else '+'} {written_difference(kpi, abs(value)).lstrip('+')}"
    return f"{title_in_words(bound.kpi)} {relation} {own}{size}{worlds}"


def bound_told(bound: Bound, value: float) -> str:
    """Return what is held against a limit in words: `8.20 %`, or `0.40 pp below today's`."""
    kpi = KPIS[bound.kpi]
    if not bound.times_today:
        return written(value, kpi.unit)
    own = "today's" if bound.times_today == 1 else f"{100 * bound.times_today:.4g} % of today's"
    if value == 0:
        return own
    return f"{written_difference(kpi, abs(value)).lstrip('+')} {'above' if value > 0 else 'below'} {own}"


def title_in_words(kpi: str) -> str:
    """Return a KPI's title as it stands in a sentence."""
    title = KPIS[kpi].title
    return title if title.isupper() else title[:1].lower() + title[1:]
