"""The search methods that are held against each other on the programme on paper, each with the same budget.

Serves benchmarks/search_quality.py. A budget is a number of simulations: a policy lived in one replication counts as
one. The alternatives spend all of it on searching and report the feasible front of what they saw, as is usual; ours
spends two thirds on the search, a fifth on the race and the rest on seeds held out, and reports those.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from paper_programme import FIGURES, LIMITS, OBJECTIVES, SPACE, Table, observed
from scipy import stats

from memberlab.optimize import (
    CONFIRMATION_CAUTION,
    SEARCH_CAUTION,
    Bound,
    Estimate,
    Figures,
    Goals,
    Heats,
    Known,
    Objective,
    Point,
    Sampler,
    SamplerChoice,
    best_of,
    first_points,
    front,
    next_points,
    race,
    rounds_of,
    sampler_for,
    shortlist,
)

GOALS = Goals(
    tuple(Objective(name, 1) for name in OBJECTIVES), tuple(Bound(name, 1, limit) for name, limit in LIMITS.items())
)
START, WAVE = 32, 8
RACED, HELD_OUT = 500_000, 1_000_000


@dataclass(frozen=True)
class Report:
    """The policies that a method reports, with the means of its objectives and their 95 % half-widths."""

    points: list[Point]
    means: Table
    halves: Table
    spent: int
    """Simulations."""


@dataclass(frozen=True)
class Method:
    """A method: its name in tables, and how it searches."""

    name: str
    report: Callable[[int, int], Report]
    """Called with a budget and a seed."""
    is_ours: bool = False


def figures_of(cells: Table) -> Figures:
    """Return the estimates of one policy from its replications (shape: replications x FIGURES)."""
    errors = cells.std(axis=0, ddof=1) / np.sqrt(len(cells)) if len(cells) > 1 else np.zeros(len(FIGURES))
    return {
        name: Estimate(float(mean), float(error))
        for name, mean, error in zip(FIGURES, cells.mean(axis=0), errors, strict=True)
    }


def searched(
    policies: int, replications: int, seed: int, sampler: Sampler | None
) -> tuple[list[Point], NDArray[np.float64]]:
    """Return the policies tried and what each gave (shape: policies x replications x FIGURES); no sampler is by lot."""
    seeds = [seed * 1_000 + number for number in range(replications)]
    points: list[Point] = []
    cells = np.zeros((0, replications, len(FIGURES)))
    wave = 0
    while len(points) < policies:
        taken = set(points)
        if wave == 0:
            proposed = first_points(SPACE, min(START, policies), seed, taken)
        elif sampler is None:
            draw = np.random.default_rng([seed, wave])
            proposed = [tuple(int(draw.integers(len(one))) for one in SPACE.levels) for _ in range(WAVE)]
        else:
            known = [Known(point, figures_of(cell)) for point, cell in zip(points, cells, strict=True)]
            proposed = next_points(
                SPACE, GOALS, known, count=WAVE, seed=seed, wave=wave, taken=taken, sampler=sampler
            )  # fmt: skip
        proposed = proposed[: policies - len(points)]
        points += proposed
        cells = np.concatenate([cells, observed(proposed, seeds)])
        wave += 1
    return points, cells


def sobol(policies: int, replications: int, seed: int) -> tuple[list[Point], NDArray[np.float64]]:
    """Return policies spread evenly over the space, and what each gave."""
    points = first_points(SPACE, policies, seed, set())
    return points, observed(points, [seed * 1_000 + number for number in range(replications)])


def naive(points: Sequence[Point], cells: NDArray[np.float64]) -> Report:
    """Report the feasible front of what the search saw, with the means and errors that it saw."""
    means = cells.mean(axis=1)
    keeps = np.all([means[:, FIGURES.index(name)] <= limit for name, limit in LIMITS.items()], axis=0)
    rows = [int(row) for row in np.flatnonzero(keeps)]
    best = [rows[place] for place in front([list(means[row, : len(OBJECTIVES)]) for row in rows])] if rows else []
    return reported([points[row] for row in best], cells[best], cells.shape[0] * cells.shape[1])


def reported(points: list[Point], cells: NDArray[np.float64], spent: int) -> Report:
    """Report policies with what they gave; one replication has no interval."""
    objectives = cells[..., : len(OBJECTIVES)]
    count = objectives.shape[1]
    if count < 2:
        return Report(points, objectives.mean(axis=1), np.full((len(points), len(OBJECTIVES)), np.nan), spent)
    quantile = float(stats.t.ppf(0.975, count - 1))
    halves = quantile * objectives.std(axis=1, ddof=1) / np.sqrt(count)
    return Report(points, objectives.mean(axis=1), halves, spent)


def ours(budget: int, seed: int, choice: SamplerChoice = "auto") -> Report:
    """Search, race and hold-out, as `memberlab optimize` does; parts of the budget as in reference/optimization.md."""
    policies = max(START, int(0.65 * budget / 2))
    sampler = sampler_for(choice, policies)
    points, cells = searched(policies, 2, seed, sampler)
    spent = 2 * policies
    figures = [figures_of(cell) for cell in cells]
    rows = [row for row, one in enumerate(figures) if GOALS.is_feasible(one, SEARCH_CAUTION)]
    middle = list(cells.mean(axis=(0, 1))[: len(OBJECTIVES)])
    start = max(4, int(0.1 * budget / 8))
    raced = [rows[place] for place in shortlist([GOALS.gains(figures[row]) for row in rows], middle, start)]
    if not raced:
        return Report([], np.zeros((0, 3)), np.zeros((0, 3)), spent)
    lived = [0]

    def live(places: Sequence[int], replications: int) -> Heats:
        lived[0] += len(places) * (replications - (lived_rounds[-1] if lived_rounds else 0))
        lived_rounds.append(replications)
        seen = observed([points[raced[place]] for place in places], range(RACED + seed, RACED + seed + replications))
        limits = np.stack([seen[..., FIGURES.index(name)] - limit for name, limit in LIMITS.items()], axis=2)
        return Heats(seen[..., : len(OBJECTIVES)], limits)

    lived_rounds: list[int] = []
    outcome = race(live, len(raced), rounds_of(8, 32))
    spent += lived[0]
    if not outcome.standing:
        return Report([], np.zeros((0, 3)), np.zeros((0, 3)), spent)
    most = max(1, min(12, (budget - spent) // 24))
    listed = [points[raced[place]] for place in best_of(outcome, middle, most)]
    cells = observed(listed, range(HELD_OUT + seed, HELD_OUT + seed + 24))
    spent += 24 * len(listed)
    keeps = [GOALS.is_feasible(figures_of(cell), CONFIRMATION_CAUTION) for cell in cells]
    left = [row for row, kept in enumerate(keeps) if kept]
    best = [left[place] for place in front([list(cells[row].mean(axis=0)[:3]) for row in left])] if left else []
    return reported([listed[row] for row in best], cells[best], spent)


def methods(*, with_gaussian_process: bool) -> list[Method]:
    """Return the methods, ours first."""

    def by(sampler: Sampler, replications: int) -> Callable[[int, int], Report]:
        return lambda budget, seed: naive(*searched(budget // replications, replications, seed, sampler))

    found = [
        Method("ours", ours, is_ours=True),
        Method("random, 2 replications", lambda budget, seed: naive(*searched(budget // 2, 2, seed, None))),
        Method("Sobol, 2 replications", lambda budget, seed: naive(*sobol(budget // 2, 2, seed))),
        Method("TPE, 2 replications", by("tpe", 2)),
        Method("TPE, 4 replications", by("tpe", 4)),
        Method("NSGA-II, 1 replication", by("nsga-ii", 1)),
        Method("NSGA-II, 2 replications", by("nsga-ii", 2)),
    ]
    if with_gaussian_process:
        found.append(Method("Gaussian process, 8 replications", by("gp", 8)))
    return found
