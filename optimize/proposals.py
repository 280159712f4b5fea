"""Which policies to try next: a first wave spread evenly over the space, then Optuna's TPE sampler, wave by wave.

Serves the search. The proposals of a wave follow from the study's seed, the number of the wave and the finished waves
alone: the sampler is made anew for each wave, over a study rebuilt from the ledger in the order of proposal, so that
they are the same with any number of workers and after any interruption. Independent TPE is pinned by name: on a loyalty
problem it led at 200 to 600 policies, while its multivariate form collapsed (reference/optimization.md, 2.3).
"""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from .goals import SEARCH_CAUTION, Figures, Goals
from .space import Point, SearchSpace

if TYPE_CHECKING:
    from optuna.distributions import BaseDistribution
    from optuna.study import Study as SamplerStudy

ATTEMPTS = 8
"""Questions to the sampler for one place in a wave before a point is drawn by lot."""
MOST_LISTED = 10_000
"""Size of a space whose untried points can be listed."""


@dataclass(frozen=True, slots=True)
class Known:
    """A point that has been evaluated, and its figures."""

    point: Point
    figures: Figures


def wave_seed(seed: int, wave: int) -> int:
    """Return the seed of a wave's proposals (32 bits), from a hash of study seed and wave."""
    return int.from_bytes(hashlib.blake2b(f"{seed}:{wave}".encode(), digest_size=4).digest(), "big")


def first_points(space: SearchSpace, count: int, seed: int, taken: set[Point]) -> list[Point]:
    """Return up to `count` points spread evenly over the space (scrambled Sobol sequence), none of them taken."""
    from scipy.stats import qmc

    sizes = np.array([len(levels) for levels in space.levels])
    sequence = qmc.Sobol(len(sizes), scramble=True, seed=wave_seed(seed, 0))
    draws = sequence.random_base2(int(np.ceil(np.log2(4 * max(count, 2)))))
    points: list[Point] = []
    for row in (draws * sizes).astype(int):
        point = tuple(int(level) for level in row)
        if point not in taken and len(points) < count:
            points.append(point)
            taken = taken | {point}
    return points + _by_lot(space, count - len(points), wave_seed(seed, 0), taken)


def next_points(
    space: SearchSpace, goals: Goals, known: Sequence[Known], *, count: int, seed: int, wave: int, taken: set[Point]
) -> list[Point]:
    """Return up to `count` points to try after those `known`, none of them taken; fewer when the space is used up."""
    distributions = _distributions(space)
    points: list[Point] = []
    with _quiet_optuna():
        study = _rebuilt(goals, known, distributions, wave_seed(seed, wave))
        while len(points) < count:
            point = _ask(study, distributions, taken)
            if point is None:
                break
            points.append(point)
            taken = taken | {point}
    return points + _by_lot(space, count - len(points), wave_seed(seed, wave), taken)


def _distributions(space: SearchSpace) -> dict[str, BaseDistribution]:
    """Return Optuna's view of the levers: level numbers, in order where neighbours are alike."""
    from optuna.distributions import CategoricalDistribution, IntDistribution

    return {
        address: IntDistribution(0, len(lever.levels) - 1)
        if lever.is_ordered
        else CategoricalDistribution(tuple(range(len(lever.levels))))
        for address, lever in space.levers.items()
    }


def _rebuilt(
    goals: Goals, known: Sequence[Known], distributions: dict[str, BaseDistribution], seed: int
) -> SamplerStudy:
    """Return an Optuna study in memory that holds what is known, with limits at half a standard error."""
    import optuna
    from optuna.trial import create_trial

    sampler = optuna.samplers.TPESampler(n_startup_trials=10, multivariate=False, constant_liar=True, seed=seed)
    directions = [optuna.study.StudyDirection.MAXIMIZE] * len(goals.objectives)
    study = optuna.create_study(directions=directions, sampler=sampler)
    study.add_trials([
        create_trial(
            params=dict(zip(distributions, one.point, strict=True)),
            distributions=distributions,
            values=goals.gains(one.figures),
            constraints={bound.name: bound.excess(one.figures, SEARCH_CAUTION) for bound in goals.bounds} or None,
        )
        for one in known
    ])  # fmt: skip
    return study


def _ask(study: SamplerStudy, distributions: dict[str, BaseDistribution], taken: set[Point]) -> Point | None:
    """Return a point of the sampler that is not taken; None when it insists on known ones.

    A question that led to a known point stays open, so that the sampler takes it for bad and moves away.
    """
    for _ in range(ATTEMPTS):
        params = study.ask(distributions).params
        point = tuple(int(params[address]) for address in distributions)
        if point not in taken:
            return point
    return None


def _by_lot(space: SearchSpace, count: int, seed: int, taken: set[Point]) -> list[Point]:
    """Return up to `count` points that are not taken, drawn by lot."""
    draw = np.random.default_rng([seed, 1])
    if count > 0 and space.size <= MOST_LISTED:
        ranges = [range(len(levels)) for levels in space.levels]
        left = [point for point in itertools.product(*ranges) if point not in taken]
        chosen = draw.permutation(len(left))[:count]
        return [left[int(number)] for number in chosen]
    points: list[Point] = []
    while len(points) < count:
        point = tuple(int(draw.integers(len(levels))) for levels in space.levels)
        if point not in taken and point not in points:
            points.append(point)
    return points


@contextmanager
def _quiet_optuna() -> Iterator[None]:
    """Silence Optuna's own log, and give it its voice back."""
    import optuna

    before = optuna.logging.get_verbosity()
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    try:
        yield
    finally:
        optuna.logging.set_verbosity(before)
