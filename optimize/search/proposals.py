"""Which policies to try next: a first wave spread evenly over the space, then a sampler of Optuna's, wave by wave.

Serves the search. The proposals of a wave follow from the study's seed, the number of the wave and the finished waves
alone: the sampler is made anew for each wave, over a study rebuilt from the ledger in the order of proposal, so that
they are the same with any number of workers and after any interruption.
"""

from __future__ import annotations

import hashlib
import itertools
import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

from ..study import Point, Sampler, marks_of, new_sampler
from .gaussian_process import Encoding
from .goals import SEARCH_CAUTION, Figures, Goals
from .neighbours import neighbours
from .pareto import front
from .surrogate import Surrogate

if TYPE_CHECKING:
    from optuna.distributions import BaseDistribution
    from optuna.study import Study as SamplerStudy


class Grid(Protocol):
    """What proposals need to know of a space of policies."""

    @property
    def names(self) -> Sequence[str]:
        """Return the levers' names."""

    @property
    def levels(self) -> Sequence[Sequence[object]]:
        """Return the levels of each lever."""

    @property
    def ordered(self) -> Sequence[bool]:
        """Return for each lever whether neighbouring levels are alike."""

    @property
    def size(self) -> int:
        """Return the number of points."""


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


def first_points(space: Grid, count: int, seed: int, taken: set[Point]) -> list[Point]:
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
    space: Grid,
    goals: Goals,
    known: Sequence[Known],
    *,
    count: int,
    seed: int,
    wave: int,
    taken: set[Point],
    sampler: Sampler = "tpe",
) -> list[Point]:
    """Return up to `count` points to try after those `known`, none of them taken; fewer when the space is used up."""
    points: list[Point] = []
    if sampler == "surrogate":
        if known:
            points = surrogate_of(space, goals, known, wave_seed(seed, wave)).proposals(count, taken)
        return points + _by_lot(space, count - len(points), wave_seed(seed, wave), taken | set(points))
    if sampler == "mixed":
        sampler, near = "tpe", count // 2
        sizes = [len(levels) for levels in space.levels]
        points = neighbours(_parents(goals, known), sizes, space.ordered, near, wave_seed(seed, wave), taken)
        taken = taken | set(points)
    distributions = _distributions(space, sampler)
    with quiet_optuna():
        study = _rebuilt(goals, known, distributions, sampler, wave_seed(seed, wave))
        while len(points) < count:
            point = _ask(study, distributions, taken)
            if point is None:
                break
            points.append(point)
            taken = taken | {point}
    return points + _by_lot(space, count - len(points), wave_seed(seed, wave), taken)


def surrogate_of(space: Grid, goals: Goals, known: Sequence[Known], seed: int) -> Surrogate:
    """Return a model of everything that the goals look at, fitted to what is known.

    All policies met the same shoppers, so what these are off from others is an error that the policies share.
    """
    encoding = Encoding(tuple(len(levels) for levels in space.levels), tuple(space.ordered))
    gains = np.array([goals.gains(one.figures) for one in known])
    limits = len(goals.bounds)
    excesses = np.array([[bound.excess(one.figures, 0) for bound in goals.bounds] for one in known])
    errors = np.array([[one.figures[bound.kpi].error for bound in goals.bounds] for one in known])
    shared = np.sqrt(np.square(errors.reshape(len(known), limits)).mean(axis=0))
    return Surrogate(encoding, [one.point for one in known], gains, excesses.reshape(len(known), limits), shared, seed)


def _parents(goals: Goals, known: Sequence[Known]) -> list[Point]:
    """Return the points on the front of those that keep the limits; where none does, the one that misses them least."""
    kept = [one for one in known if goals.is_feasible(one.figures, SEARCH_CAUTION)]
    if not kept and known:

        def worst_miss(one: Known) -> float:
            return max(bound.excess(one.figures, 0) / bound.scale(one.figures) for bound in goals.bounds)

        return [min(known, key=worst_miss).point]
    return [kept[row].point for row in front([goals.gains(one.figures) for one in kept])]


def _distributions(space: Grid, sampler: Sampler) -> dict[str, BaseDistribution]:
    """Return Optuna's view of the levers: level numbers, in order where neighbours are alike.

    A Gaussian process takes them for real numbers, which are rounded afterwards: its search over whole numbers costs
    ten times as much (reference/optimization.md, 1.4).
    """
    from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution

    def of_ordered(levels: int) -> BaseDistribution:
        # the upper end itself would be rounded to a level that is not there
        real = FloatDistribution(-0.5, math.nextafter(levels - 0.5, 0))
        return real if sampler == "gp" else IntDistribution(0, levels - 1)

    return {
        name: of_ordered(len(levels)) if ordered else CategoricalDistribution(tuple(range(len(levels))))
        for name, levels, ordered in zip(space.names, space.levels, space.ordered, strict=True)
    }


def _rebuilt(
    goals: Goals, known: Sequence[Known], distributions: dict[str, BaseDistribution], sampler: Sampler, seed: int
) -> SamplerStudy:
    """Return an Optuna study in memory that holds what is known, with limits at half a standard error."""
    import optuna
    from optuna.trial import create_trial

    directions = [optuna.study.StudyDirection.MAXIMIZE] * len(goals.objectives)
    study = optuna.create_study(directions=directions, sampler=new_sampler(sampler, seed))
    study.add_trials([
        create_trial(
            params=dict(zip(distributions, one.point, strict=True)),
            distributions=distributions,
            values=goals.gains(one.figures),
            constraints={bound.name: bound.excess(one.figures, SEARCH_CAUTION) for bound in goals.bounds} or None,
            system_attrs=marks_of(sampler, number),
        )
        for number, one in enumerate(known)
    ])  # fmt: skip
    return study


def rebuilt(space: Grid, goals: Goals, known: Sequence[Known]) -> SamplerStudy:
    """Return an Optuna study in memory that holds what is known, for whoever wants to ask it something."""
    return _rebuilt(goals, known, _distributions(space, "tpe"), "tpe", 0)


def _ask(study: SamplerStudy, distributions: dict[str, BaseDistribution], taken: set[Point]) -> Point | None:
    """Return a point of the sampler that is not taken; None when it insists on known ones.

    A question that led to a known point stays open, so that the sampler takes it for bad and moves away.
    """
    for _ in range(ATTEMPTS):
        params = study.ask(distributions).params
        point = tuple(round(params[name]) for name in distributions)
        if point not in taken:
            return point
    return None


def _by_lot(space: Grid, count: int, seed: int, taken: set[Point]) -> list[Point]:
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
def quiet_optuna() -> Iterator[None]:
    """Silence Optuna's own log, and give it its voice back."""
    import optuna

    before = optuna.logging.get_verbosity()
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    try:
        yield
    finally:
        optuna.logging.set_verbosity(before)
