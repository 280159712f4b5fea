"""Sweeps: what one or two levers do to a policy's key figures, value by value, against today's policy.

Serves the strategist. Every value is lived by the same shoppers with the same chances; what the policy's or the
scenario's own checks refuse is kept with the reason, so that a gap in a picture explains itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from itertools import pairwise, product
from typing import TYPE_CHECKING

from memberlab.policies import DocumentError, Policy, Problem, load_policy
from memberlab.results import KPIS, Uplift
from memberlab.scenarios import Population, Scenario
from memberlab.sim import behaviour_record, fail_if_migration_does_not_fit, fail_if_policy_does_not_fit

from ..break_even import Crossing, find_break_even
from ..comparison import fail_if_not_comparable
from ..execution import Progress
from ..study import Level, Quantity, as_written, level_of, level_told
from .axis import OPTION, Axis
from .factor import ASSUMED
from .pairs import Outcome, Pair, live_pairs
from .places import place_in

if TYPE_CHECKING:
    import pandas as pd

MOST_AXES = 2
MOST_POINTS = 10_000


@dataclass(frozen=True, slots=True)
class SweepPoint:
    """One value of each axis: the uplifts there, or why nothing can be there."""

    levels: tuple[Level, ...]
    outcome: Outcome | None
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class Sweep:
    """The points of a sweep in the order of the axes, the first one slowest."""

    policy: Policy
    against: Policy
    scenario: Scenario
    axes: tuple[Axis, ...]
    replications: int
    points: tuple[SweepPoint, ...]

    @property
    def table(self) -> pd.DataFrame:
        """Return the figures as a tidy table: a row for each point and KPI; money in cents, shares 0 to 1.

        The first columns are the axes, by address, in file notation. A refused point has one row without a KPI, and the
        reason under `refusal`.
        """
        import pandas as pd

        rows: list[dict[str, object]] = []
        for point in self.points:
            head = {
                axis.address: float(level.number)
                if axis.is_ordered and isinstance(level, Quantity)
                else level_told(level)
                for axis, level in zip(self.axes, point.levels, strict=True)
            }
            if point.outcome is None:
                rows.append({**head, "kpi": "", "refusal": point.refusal})
            for uplift in (point.outcome or {}).values():
                rows.append({
                    **head, "kpi": uplift.kpi, "unit": KPIS[uplift.kpi].unit, "baseline": uplift.baseline,
                    "value": uplift.value, "difference": uplift.difference, "low": uplift.low, "high": uplift.high,
                    "refusal": "",
                })  # fmt: skip
        columns = [*(axis.address for axis in self.axes), "kpi", "unit", "baseline", "value", "difference", "low",
                   "high", "refusal"]  # fmt: skip
        return pd.DataFrame(rows, columns=columns)

    def own(self, axis: Axis) -> Level | None:
        """Return the value that policy or scenario have of themselves; None for a section or nothing."""
        if axis.is_lever:
            return level_of(self.policy.value_at(axis.address))
        if axis.address.startswith(f"{ASSUMED}."):
            name = axis.address.partition(".")[2]
            return level_of(float(behaviour_record(self.scenario.assumptions)[name][0]))
        place = place_in(self.scenario, axis.address)
        return None if place is None else level_of(self.scenario.value_at(place))

    def crossings(self, kpi: str) -> tuple[Crossing, ...]:
        """Return where a KPI's difference is zero along a single axis of numbers, read straight between its values."""
        (axis, *more) = self.axes
        if more or not axis.is_ordered:
            return ()
        known = {
            float(point.levels[0].number): point.outcome[kpi]
            for point in self.points if point.outcome is not None and isinstance(point.levels[0], Quantity)
        }  # fmt: skip
        return tuple(one for run in runs_of(dict(sorted(known.items()))) for one in run)


def runs_of(known: Mapping[float, Uplift]) -> Iterator[tuple[Crossing, ...]]:
    """Yield the crossings among rising values; one at which nothing differs, the policy's own, is known exactly."""
    values = list(known)
    exact = [place for place, value in enumerate(values) if known[value].is_zero]
    for start, end in pairwise([-1, *exact, len(values)]):
        run = {value: known[value] for value in values[start + 1 : end]}
        if run:
            yield find_break_even(run, None).crossings
        if 0 < end < len(values) - 1:
            before, after = (known[values[end + step]].difference for step in (-1, 1))
            if before * after < 0:
                yield (Crossing(values[end], values[end], values[end], after > 0),)


def sweep(
    policy: Policy,
    scenario: Scenario,
    axes: Sequence[Axis],
    *,
    against: Policy,
    replications: int = 1,
    executor: Executor | None = None,
    incumbent: Policy | None = None,
    population: Population | None = None,
    progress: Progress | None = None,
) -> Sweep:
    """Return the KPIs of `policy` at every value of one or two axes, paired with `against` in the same world.

    A figure of the world changes for both. Raises DocumentError when nothing can be lived, ValueError for a wrong
    number of axes or replications.
    """
    if not 1 <= len(axes) <= MOST_AXES or replications < 1:
        raise ValueError(f"{len(axes)} axes and {replications} replications; give 1 or 2 axes and 1 or more")
    fail_if_not_comparable([policy], [scenario], incumbent)
    fail_if_not_comparable([against], [scenario], incumbent)
    grid = list(product(*(axis.levels for axis in axes)))
    if len(grid) > MOST_POINTS:
        text = f"{len(grid):,} combinations; the most is {MOST_POINTS:,}, so write larger steps"
        raise DocumentError([Problem(OPTION, None, axes[-1].address, text)])
    old = incumbent or load_policy(scenario.incumbent)
    pairs: list[Pair | str] = [_pair(policy, against, old, scenario, population, axes, levels) for levels in grid]
    possible = [pair for pair in pairs if isinstance(pair, Pair)]
    if not possible:
        raise DocumentError([Problem(OPTION, None, axes[-1].address, f"no value can be lived: {pairs[0]}")])
    outcomes = iter(
        live_pairs(possible, replications=replications, executor=executor, incumbent=incumbent, progress=progress)
    )
    points = tuple(
        SweepPoint(levels, None, pair) if isinstance(pair, str) else SweepPoint(levels, next(outcomes))
        for levels, pair in zip(grid, pairs, strict=True)
    )
    return Sweep(policy, against, scenario, tuple(axes), replications, points)


def _pair(
    policy: Policy, against: Policy, old: Policy, scenario: Scenario, population: Population | None,
    axes: Sequence[Axis], levels: Sequence[Level],
) -> Pair | str:  # fmt: skip
    """Return what is lived at a point, or why it cannot be."""
    promises: dict[str, object] = {}
    figures: dict[str, object] = {}
    assumed = dict(scenario.assumptions)
    for axis, level in zip(axes, levels, strict=True):
        if axis.is_lever:
            promises[axis.address] = as_written(level)
        elif axis.address.startswith(f"{ASSUMED}."):
            assumed[axis.address.partition(".")[2]] = as_written(level)  # type: ignore[assignment]
        elif (place := place_in(scenario, axis.address)) is not None:
            figures[place] = as_written(level)
    try:
        candidate = policy.with_(promises) if promises else policy
        world = scenario.with_({**figures, ASSUMED: assumed}) if figures or assumed else scenario
        behaviour_record(world.assumptions)
        for one in (candidate, against):
            fail_if_policy_does_not_fit(one, world)
        if candidate.digest() != old.digest():
            fail_if_migration_does_not_fit(candidate, old)
    except DocumentError as error:
        first = error.problems[0]
        return f"{first.field}: {first.message}"
    return Pair(candidate, against, world, scenario, population)
