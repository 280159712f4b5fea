"""The search methods that are held against each other on the programme on paper, each with the same budget.

Serves benchmarks/search_quality.py. A budget is a number of simulations: a policy lived in one replication counts as
one, today's policy too. Every method reports differences to today's policy, lived by the same shoppers, as `memberlab
optimize` does. The alternatives spend all of the budget on searching and report the feasible front of what they saw,
as is usual; ours keeps a part for seeds held out, and reports those.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from paper_programme import FIGURES, INCUMBENT, LIMITS, OBJECTIVES, SPACE, Table, observed
from scipy import stats

from memberlab.optimize import (
    CONFIRMATION_CAUTION,
    Bound,
    Estimate,
    Figures,
    Goals,
    Heats,
    Known,
    Objective,
    Point,
    Preset,
    Sampler,
    best_of,
    first_points,
    front,
    next_points,
    promising,
    race,
    rounds_of,
    sampler_for,
    shares_of,
)

GOALS = Goals(
    tuple(Objective(name, 1) for name in OBJECTIVES), tuple(Bound(name, 1, limit) for name, limit in LIMITS.items())
)
START, WAVE = 32, 8
RACED, HELD_OUT = 500_000_000, 1_000_000_000
BLOCKS = 10
"""Times that the hold-out is repeated on other seeds for each search of ours, to know its luck from its worth."""


@dataclass(frozen=True)
class Report:
    """The policies that a method reports, with their differences to today's policy and what these are known to."""

    points: list[Point]
    leads: Table
    halves: Table
    """Half-widths of 95 % intervals, each by itself."""
    together: Table
    """Half-widths of intervals that hold together with a chance of 95 % (Bonferroni)."""
    spent: int
    """Simulations."""


@dataclass(frozen=True)
class Method:
    """A method: its name in tables, and how it searches."""

    name: str
    report: Callable[[int, int], list[Report]]
    """Called with a budget and a seed; more than one report are the same search with other seeds held out."""
    is_ours: bool = False
    most: int = 10_000
    """Largest budget that it is tried with; beyond, its proposals take too long."""


def figures_of(cells: Table) -> Figures:
    """Return the estimates of one policy from its replications (shape: replications x FIGURES)."""
    errors = cells.std(axis=0, ddof=1) / np.sqrt(len(cells)) if len(cells) > 1 else np.zeros(len(FIGURES))
    return {
        name: Estimate(float(mean), float(error))
        for name, mean, error in zip(FIGURES, cells.mean(axis=0), errors, strict=True)
    }


def seeds_of(run: int, replications: int, first: int = 0) -> range:
    """Return the seeds of a run's replications; no two runs share any."""
    return range(first + run * 10_000, first + run * 10_000 + replications)


def known_of(points: Sequence[Point], cells: NDArray[np.float64]) -> list[Known]:
    """Return what a sampler may know."""
    return [Known(point, figures_of(cell)) for point, cell in zip(points, cells, strict=True)]


def searched(
    policies: int, replications: int, run: int, sampler: Sampler | None
) -> tuple[list[Point], NDArray[np.float64]]:
    """Return the policies tried and what each gave (shape: policies x replications x FIGURES); no sampler is by lot.

    Today's policy is the first.
    """
    seeds = seeds_of(run, replications)
    points = [INCUMBENT, *first_points(SPACE, min(START, policies) - 1, run, {INCUMBENT})]
    cells = observed(points, seeds)
    wave = 1
    while len(points) < policies:
        if sampler is None:
            draw = np.random.default_rng([run, wave])
            proposed = [tuple(int(draw.integers(len(one))) for one in SPACE.levels) for _ in range(WAVE)]
        else:
            proposed = next_points(
                SPACE, GOALS, known_of(points, cells), count=WAVE, seed=run, wave=wave, taken=set(points),
                sampler=sampler,
            )  # fmt: skip
        proposed = proposed[: policies - len(points)]
        points = [*points, *proposed]
        cells = np.concatenate([cells, observed(proposed, seeds)])
        wave += 1
    return points, cells


def sobol(policies: int, replications: int, run: int) -> tuple[list[Point], NDArray[np.float64]]:
    """Return today's policy and others spread evenly over the space, and what each gave."""
    points = [INCUMBENT, *first_points(SPACE, policies - 1, run, {INCUMBENT})]
    return points, observed(points, seeds_of(run, replications))


def naive(points: Sequence[Point], cells: NDArray[np.float64]) -> list[Report]:
    """Report the feasible front of what the search saw, with the means and errors that it saw."""
    means = cells.mean(axis=1)
    keeps = np.all([means[:, FIGURES.index(name)] <= limit for name, limit in LIMITS.items()], axis=0)
    rows = [int(row) for row in np.flatnonzero(keeps)]
    best = [rows[place] for place in front([list(means[row, : len(OBJECTIVES)]) for row in rows])] if rows else []
    return [reported([points[row] for row in best], cells[best], cells[0], cells.shape[0] * cells.shape[1])]


def reported(points: list[Point], cells: NDArray[np.float64], today: NDArray[np.float64], spent: int) -> Report:
    """Report policies with what they gave above today's policy; one replication has no interval."""
    leads = cells[..., : len(OBJECTIVES)] - today[None, :, : len(OBJECTIVES)]
    count = leads.shape[1]
    if count < 2 or not points:
        unknown = np.full((len(points), len(OBJECTIVES)), np.nan)
        return Report(points, leads.mean(axis=1), unknown, unknown, spent)
    errors = leads.std(axis=1, ddof=1) / np.sqrt(count)
    each, together = (float(stats.t.ppf(1 - 0.025 / among, count - 1)) for among in (1, errors.size))
    return Report(points, leads.mean(axis=1), each * errors, together * errors, spent)


@lru_cache(maxsize=1)
def our_search(policies: int, replications: int, run: int) -> tuple[list[Point], NDArray[np.float64]]:
    """Return what our search tried; kept, because tuning asks again and again."""
    return searched(policies, replications, run, sampler_for("auto", policies))


def ours(budget: int, run: int, shares: Preset | None = None) -> list[Report]:
    """Search, race and hold-out, as `memberlab optimize` does, by the shares that it takes of such a budget."""
    own = shares or shares_of(budget)
    points, cells = our_search(own.policies, own.replications, run)
    spent = cells.shape[0] * cells.shape[1]
    known = known_of(points, cells)
    baseline = GOALS.gains(known[0].figures)
    raced = [1 + row for row in promising(SPACE, GOALS, known[1:], baseline, own.raced, run)]
    lived = [0]

    def live(places: Sequence[int], replications: int) -> Heats:
        lived.append(replications)
        nonlocal spent
        spent += (1 + len(places)) * (replications - lived[-2])
        return heats([points[raced[place]] for place in places], seeds_of(run, replications, RACED))

    outcome = race(live, len(raced), rounds_of(own.race_start, own.race_replications))
    middle = list(heats([INCUMBENT], seeds_of(run, max(lived[-1], 2), RACED)).gains[0].mean(axis=0))
    most = min(own.held_out, (budget - spent) // own.held_out_replications - 1)
    listed = [points[raced[place]] for place in best_of(outcome, middle, most)] if outcome.standing else []
    spent += own.held_out_replications * (len(listed) + 1)
    return [held_out(listed, own.held_out_replications, run, block, spent) for block in range(BLOCKS)]


def heats(points: Sequence[Point], seeds: Sequence[int]) -> Heats:
    """Return what policies gave in a race."""
    seen = observed(points, seeds)
    limits = np.stack([seen[..., FIGURES.index(name)] - limit for name, limit in LIMITS.items()], axis=2)
    return Heats(seen[..., : len(OBJECTIVES)], limits)


def held_out(listed: Sequence[Point], replications: int, run: int, block: int, spent: int) -> Report:
    """Report those of the list that keep the limits on seeds held out and that no other beats there."""
    cells = observed([INCUMBENT, *listed], seeds_of(run, replications, HELD_OUT * (block + 1)))
    kept = [
        row for row, cell in enumerate(cells) if row > 0 and GOALS.is_feasible(figures_of(cell), CONFIRMATION_CAUTION)
    ]
    best = [kept[place] for place in front([list(cells[row].mean(axis=0)[:3]) for row in kept])] if kept else []
    return reported([listed[row - 1] for row in best], cells[best], cells[0], spent)


def methods(*, with_gaussian_process: bool) -> list[Method]:
    """Return the methods, ours first."""

    def by(sampler: Sampler | None, replications: int) -> Callable[[int, int], list[Report]]:
        return lambda budget, run: naive(*searched(budget // replications, replications, run, sampler))

    found = [
        Method("ours", ours, is_ours=True),
        Method("surrogate, 1 replication, as seen", by("surrogate", 1), most=400),
        Method("TPE, 1 replication", by("tpe", 1), most=800),
        Method("TPE, 2 replications", by("tpe", 2)),
        Method("TPE, 4 replications", by("tpe", 4)),
        Method("NSGA-II, 1 replication", by("nsga-ii", 1)),
        Method("NSGA-II, 2 replications", by("nsga-ii", 2)),
        Method("Sobol, 2 replications", lambda budget, run: naive(*sobol(budget // 2, 2, run))),
        Method("random, 2 replications", by(None, 2)),
    ]
    if with_gaussian_process:
        found.append(Method("Gaussian process (Optuna), 4 replications", by("gp", 4), most=400))
    return found
