"""Trying facts on simulated shoppers: replications of their protocols, intervals and verdicts.

Serves `memberlab evidence` and the tuning. A verdict is about the mean over replications; where only a sign is
published the mean must be told from 0 as well, with |t| above 3 (false-alarm rate below 2 % at 8 replications).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from memberlab.sim import replication_seed

from ..execution import SerialExecutor
from .fact import Fact, Measured, Setting, Use
from .facts import FACTS, fact_titled

if TYPE_CHECKING:
    import pandas as pd

Progress = Callable[[int, int], None]

EVIDENCE_SEED = 20_261_130
"""Start of the seeds of every run of the suite."""

LEAST_T = 3.0
"""The t from which on a sign counts as told from 0."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A quantity as simulated: mean over replications with its 95 % interval, and t against 0."""

    measured: Measured
    mean: float
    low: float
    high: float
    t: float

    @property
    def is_in_band(self) -> bool:
        """Return whether the mean lies in the band, and where only a sign is published is told from 0."""
        inside = self.measured.low <= self.mean <= self.measured.high
        return inside and (not self.measured.is_sign or abs(self.t) > LEAST_T)

    @property
    def is_near_an_edge(self) -> bool:
        """Return whether the interval holds an end of the band, so that other seeds may give another verdict."""
        return any(self.low < end < self.high for end in (self.measured.low, self.measured.high))


@dataclass(frozen=True, slots=True)
class Tried:
    """A fact with its estimates, in the order of what it measures."""

    fact: Fact
    estimates: tuple[Estimate, ...]

    @property
    def is_in_band(self) -> bool:
        """Return whether every quantity is in band."""
        return all(estimate.is_in_band for estimate in self.estimates)

    @property
    def verdict(self) -> str:
        """Return `in band`, `missed`, or `not judged`."""
        if self.fact.use == "prior only":
            return "not judged"
        return "in band" if self.is_in_band else "missed"


@dataclass(frozen=True, slots=True)
class Evidence:
    """All facts tried, by number, under one set of assumptions."""

    replications: int
    tried: tuple[Tried, ...]

    def of(self, use: Use) -> tuple[Tried, ...]:
        """Return what was tried of one use."""
        return tuple(one for one in self.tried if one.fact.use == use)

    def numbers(self, use: Use) -> dict[int, bool]:
        """Return the facts of one use by number, and whether each is in band in every way in which it is tried."""
        found: dict[int, bool] = {}
        for one in self.of(use):
            found[one.fact.number] = found.get(one.fact.number, True) and one.is_in_band
        return found

    @property
    def table(self) -> pd.DataFrame:
        """Return one row a quantity, with the fact's experiment in words; an interval is that of the mean, 95 %."""
        import pandas as pd

        return pd.DataFrame([
            {
                "fact": one.fact.number, "title": one.fact.title, "source": one.fact.source, "grade": one.fact.grade,
                "use": one.fact.use, "quantity": estimate.measured.name, "published": estimate.measured.published,
                "band_low": estimate.measured.low, "band_high": estimate.measured.high, "value": estimate.mean,
                "low": estimate.low, "high": estimate.high, "t": estimate.t, "in_band": estimate.is_in_band,
                "verdict": one.verdict, "is_share": estimate.measured.is_share, "how": one.fact.how,
                "remark": one.fact.remark,
            }
            for one in self.tried
            for estimate in one.estimates
        ])  # fmt: skip


def try_facts(
    facts: Sequence[Fact] = FACTS,
    *,
    replications: int = 8,
    executor: Executor | None = None,
    assumptions: Mapping[str, float] | None = None,
    size: float = 1.0,
    progress: Progress | None = None,
) -> Evidence:
    """Return what the protocols of `facts` show over replications with seeds of their own.

    `assumptions` by name replace the defaults, `size` multiplies the numbers of shoppers. Raises ValueError for fewer
    than two replications, which have no interval.
    """
    if replications < 2:
        raise ValueError(f"replications ({replications}) must be at least 2")
    workers = executor or SerialExecutor()
    assumed = dict(assumptions or {})
    pending = [
        [
            workers.submit(run_protocol, fact.title, Setting(replication_seed(EVIDENCE_SEED, number), assumed, size))
            for number in range(replications)
        ]
        for fact in facts
    ]
    tried = []
    for done, (fact, futures) in enumerate(zip(facts, pending, strict=True), start=1):
        values = [future.result() for future in futures]
        tried.append(
            Tried(fact, tuple(_estimate(one, np.array([v[one.name] for v in values])) for one in fact.measured))
        )
        if progress is not None:
            progress(done, len(facts))
    return Evidence(replications, tuple(tried))


def run_protocol(title: str, setting: Setting) -> dict[str, float]:
    """Run the protocol of a fact by its title once."""
    fact = fact_titled(title)
    values = fact.protocol(setting)
    return {one.name: float(values[one.name]) for one in fact.measured}


def _estimate(measured: Measured, values: NDArray[np.float64]) -> Estimate:
    from scipy import stats  # here, because it takes half a second to load

    seen = np.log(values) if measured.on_log_scale else values
    mean = float(seen.mean())
    error = float(seen.std(ddof=1)) / math.sqrt(len(seen))
    half = float(stats.t.ppf(0.975, len(seen) - 1)) * error
    low, high = mean - half, mean + half
    t = math.inf if error == 0 and mean else mean / error if error else 0.0
    if measured.on_log_scale:
        mean, low, high = math.exp(mean), math.exp(low), math.exp(high)
    return Estimate(measured, mean, low, high, t)
