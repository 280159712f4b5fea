"""Indices of global sensitivity: SALib's designs and estimators, with a factor that is pure chance among the others.

Serves `global_sensitivity.py`; nothing here knows of policies, so that it can be held against functions whose indices
are known. Morris screening (Morris, 1991; Campolongo, Cariboni and Saltelli, 2007) and Sobol' indices (Saltelli et al.,
2010), each by groups if wanted (Sobol' 1993; Campolongo et al. 2007). The last factor, chance, changes nothing but the
random numbers: its index is what replication noise alone would give, and no other index below it means anything.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Method = Literal["morris", "sobol"]

CHANCE = "chance"
"""Name of the factor, and of its group, that changes nothing but the random numbers."""

LEVELS = 4
"""Levels of a factor in Morris' design; a step goes over two thirds of its probability."""

RESAMPLES = 500
"""Bootstrap samples behind an interval."""


@dataclass(frozen=True, slots=True)
class Index:
    """The index of one factor or group; `low` to `high` is its 95 % interval.

    `index` is Morris' mu* (mean size of an effect of going through the whole range, in the unit of the outcome) or
    Sobol's total index (share of the outcome's variance). `first` is Morris' mu, the mean effect with its sign, or
    Sobol's first-order index; None for Morris by groups, whose steps have no sign. `spread` is Morris' sigma, None for
    Sobol.
    """

    name: str
    index: float
    low: float
    high: float
    first: float | None
    spread: float | None
    flips: float
    """Share of the steps along it alone, from one case of the design to another, that change the outcome's sign."""
    is_above_chance: bool
    """Whether its interval lies above that of chance."""


@dataclass(frozen=True)
class Design:
    """A design over factors with shares from 0 to 1; the last one is chance. `groups` names the group of each."""

    method: Method
    names: tuple[str, ...]
    groups: tuple[str, ...]
    samples: int
    """Trajectories (Morris) or base samples, a power of 2 (Sobol)."""
    seed: int

    @cached_property
    def shares(self) -> NDArray[np.float64]:
        """Return the shares of all factors (shape: runs x factors)."""
        from SALib.sample import morris, sobol  # here, because SALib takes a second to load

        if self.method == "morris":
            drawn = morris.sample(self._problem, self.samples, num_levels=LEVELS, seed=self.seed)
        else:
            drawn = sobol.sample(self._problem, self.samples, calc_second_order=False, seed=self.seed)
        return np.asarray(drawn, np.float64)

    @cached_property
    def units(self) -> tuple[str, ...]:
        """Return what has an index, in SALib's order: the groups, each once."""
        return tuple(dict.fromkeys(self.groups))

    @property
    def block(self) -> int:
        """Return the runs of one trajectory, or of one base sample with its neighbours."""
        return len(self.units) + (1 if self.method == "morris" else 2)

    @cached_property
    def populations(self) -> NDArray[np.int64]:
        """Return the number of the population that each run meets, from 0: as many as chance has shares.

        A trajectory has two of its own.
        """
        number: dict[tuple[int, float], int] = {}
        found = []
        for row, share in enumerate(self.shares[:, -1]):
            key = (row // self.block if self.method == "morris" else 0, float(share))
            found.append(number.setdefault(key, len(number)))
        return np.asarray(found, np.int64)

    @property
    def independent(self) -> NDArray[np.int64]:
        """Return the runs that are a plain sample of the factors' probability: none for Morris, with its set levels."""
        if self.method == "morris":
            return np.zeros(0, np.int64)
        first = np.arange(0, len(self.shares), self.block)
        return np.sort(np.concatenate([first, first + self.block - 1]))

    def analyse(self, outcome: NDArray[np.float64]) -> tuple[Index, ...]:
        """Return the index of each unit from the outcome of every run, chance the last."""
        if np.ptp(outcome) == 0:
            found = dict.fromkeys(("index", "conf"), np.zeros(len(self.units)))
            firsts: Any = [None] * len(self.units)
            spreads: Any = [None] * len(self.units)
            index, conf = found["index"], found["conf"]
        else:
            index, conf, firsts, spreads = self._estimated(outcome)
        flips = self._flips(outcome)
        floor = index[-1] + conf[-1]
        return tuple(
            Index(
                unit, float(index[place]), float(index[place] - conf[place]), float(index[place] + conf[place]),
                None if firsts[place] is None else float(firsts[place]),
                None if spreads[place] is None else float(spreads[place]),
                flips[place], bool(index[place] - conf[place] > floor),
            )
            for place, unit in enumerate(self.units)
        )  # fmt: skip

    @property
    def _problem(self) -> dict[str, object]:
        count = len(self.names)
        return {"num_vars": count, "names": list(self.names), "bounds": [[0.0, 1.0]] * count,
                "groups": list(self.groups)}  # fmt: skip

    def _estimated(self, outcome: NDArray[np.float64]) -> tuple[Any, Any, Any, Any]:
        """Return index, half-width, first and spread of every unit."""
        from SALib.analyze import morris, sobol

        options: Mapping[str, Any] = {"num_resamples": RESAMPLES, "conf_level": 0.95, "seed": self.seed}
        if self.method == "morris":
            found = morris.analyze(self._problem, self.shares, outcome, num_levels=LEVELS, **options)
            order = [list(found["names"]).index(unit) for unit in self.units]
            single = len(self.units) == len(self.names)
            firsts = np.asarray(found["mu"])[order] if single else [None] * len(order)
            spreads = np.asarray(found["sigma"])[order] if single else [None] * len(order)
            return np.asarray(found["mu_star"])[order], np.asarray(found["mu_star_conf"])[order], firsts, spreads
        scaled = (outcome - outcome.mean()) / outcome.std()
        found = sobol.analyze(self._problem, scaled, calc_second_order=False, **options)
        return np.asarray(found["ST"]), np.asarray(found["ST_conf"]), np.asarray(found["S1"]), [None] * len(self.units)

    def _flips(self, outcome: NDArray[np.float64]) -> list[float]:
        """Return for each unit the share of steps along it alone over which the outcome changes its sign."""
        changes: dict[str, list[bool]] = {unit: [] for unit in self.units}
        for left, right in self._steps():
            moved = np.flatnonzero(self.shares[left] != self.shares[right])
            units = {self.groups[place] for place in moved}
            if len(units) == 1:
                changes[units.pop()].append(bool((outcome[left] > 0) != (outcome[right] > 0)))
        return [float(np.mean(found)) if found else 0.0 for found in changes.values()]

    def _steps(self) -> Sequence[tuple[int, int]]:
        starts = range(0, len(self.shares), self.block)
        if self.method == "morris":
            return [(start + place, start + place + 1) for start in starts for place in range(self.block - 1)]
        return [(start, start + place) for start in starts for place in range(1, self.block - 1)]
