"""The validation of a fit: fit on some customers, simulate the market, compare it with customers the fit never saw.

Serves `memberlab validate`. Three questions: do the statistics of the market fit held-out customers; do they fit them
in weeks that no fit has seen; and does the model tell each held-out customer's visits in those weeks?
"""

from __future__ import annotations

import datetime
from concurrent.futures import Executor
from dataclasses import dataclass

import numpy as np

from memberlab.policies import DocumentError, Policy, Problem
from memberlab.scenarios import UNKNOWN_CURRENCY, Population, calibration

from ..execution import Progress, SerialExecutor, Steps
from .forecasts import VisitForecast, forecast_all
from .judging import Judged, judge
from .naive import simulate_naive
from .simulated_log import simulate_market
from .split import Customers, fail_if_too_few

HOLDOUT_SHARE = 14 / 52
"""Share of the weeks that are kept from the second fit and forecast."""

FEWEST_WEEKS = 16
FEWEST_VISITS = 1_000
"""Whole weeks and training visits below which there is nothing to validate a rhythm with."""

CONVERSION = 0.8
REPLICATIONS = 8
"""Markets that are lived unless the caller says otherwise."""


Log = calibration.VisitLog


@dataclass(frozen=True)
class Validation:
    """What a validation found. `statistics` are judged over all weeks, `unseen` on the weeks that no fit has seen."""

    name: str
    currency: str
    training_customers: int
    held_out_customers: int
    first_day: datetime.date
    weeks: int
    holdout_weeks: int
    replications: int
    seed: int
    conversion: float
    statistics: tuple[Judged, ...]
    left_out: dict[str, str]
    unseen: tuple[Judged, ...]
    forecasts: tuple[VisitForecast, ...]
    population: Population
    process: calibration.BaseProcess
    held_out: calibration.VisitLog
    simulated: tuple[calibration.VisitLog, ...]

    @property
    def passed(self) -> int:
        """Number of statistics within their tolerance."""
        return sum(one.passes for one in self.statistics)

    @property
    def naive_passed(self) -> int:
        """Number of statistics that the naive simulator meets."""
        return sum(one.naive_passes for one in self.statistics)


def validate(
    name: str, log: calibration.VisitLog, training: Customers, held_out: Customers, *, currency: str = UNKNOWN_CURRENCY,
    conversion: float = CONVERSION, replications: int = REPLICATIONS, seed: int = 1, executor: Executor | None = None,
    policy: Policy | None = None, progress: Progress | None = None,
) -> Validation:  # fmt: skip
    """Validate a log: fit on `training` customers, simulate, compare with the `held_out` ones.

    Raise DocumentError for a log that cannot support it, with what is missing.
    """
    fail_if_too_few(name, training, held_out)
    log = log.whole_weeks()
    fail_if_too_short(name, log, training)
    learn, test = log.of(training), log.of(held_out)
    everybody = log.everybody_came
    peak = calibration.peak_week(learn)
    steps = Steps(2 + 2 * replications, progress)
    process = calibration.fit_base_process(learn, conversion=conversion, seed=seed)
    population = population_of(name, currency, process)
    weeks = log.weeks - round(log.weeks * HOLDOUT_SHARE)
    steps.step()
    early = learn.between(0, weeks * 7)
    early_process = calibration.fit_base_process(early, conversion=conversion, seed=seed)
    steps.step()
    workers = executor or SerialExecutor()
    early_population = population_of(name, currency, early_process)
    jobs = [
        workers.submit(simulate_market, who, what, len(held_out), log.first_day, log.days, seed + number, policy)
        for number in range(replications)
        for who, what in ((population, process), (early_population, early_process))
    ]
    lived = []
    for job in jobs:
        lived.append(_seen(job.result(), everybody))
        steps.step()
    made, made_early = lived[::2], lived[1::2]
    naive = [
        _seen(simulate_naive(learn, len(held_out), log.first_day, log.days, seed + number), everybody)
        for number in range(replications)
    ]
    start = weeks * 7
    late = _judged(
        learn.between(start, log.days), test.between(start, log.days),
        [one.between(start, log.days) for one in made_early], [one.between(start, log.days) for one in naive], None,
        seed,
    )  # fmt: skip
    statistics = _judged(learn, test, made, naive, peak, seed)
    seen = test.between(0, start)
    actual = test.between(start, log.days).visits_each().astype(np.float64)
    return Validation(
        name=name, currency=currency, training_customers=len(training), held_out_customers=len(held_out),
        first_day=log.first_day, weeks=log.weeks, holdout_weeks=log.weeks - weeks, replications=replications,
        seed=seed, conversion=conversion, statistics=statistics,
        left_out=calibration.left_out(test, {one.name: one.held_out for one in statistics}), unseen=late,
        forecasts=forecast_all(early_process, early, seen, actual, log.weeks - weeks), population=population,
        process=process, held_out=test, simulated=tuple(made),
    )  # fmt: skip


def fail_if_too_short(name: str, log: calibration.VisitLog, training: Customers) -> None:
    """Raise DocumentError that says what a log lacks for a validation of its rhythm."""
    lacks = []
    visits = int(log.visits_each()[training].sum())
    if log.weeks < FEWEST_WEEKS:
        lacks.append(f"the log has {log.weeks} whole weeks; a validation needs {FEWEST_WEEKS} or more")
    if visits < FEWEST_VISITS:
        lacks.append(f"the customers to fit on have {visits:,} visits; a rhythm needs {FEWEST_VISITS:,} or more")
    if not (log.paid > 0).any():
        lacks.append("no visit was paid for, so nothing tells what customers spend")
    if lacks:
        raise DocumentError([Problem(name, None, "", f"too little to validate: {lack}") for lack in lacks])


def population_of(name: str, currency: str, process: calibration.BaseProcess) -> Population:
    """Return the population of a fitted process."""
    return Population.model_validate(
        {
            "name": "validated",
            "title": f"Fitted to {name}"[:200],
            "currency": currency,
            "conversion": f"{100 * process.visits.conversion:g} %",
            **calibration.population_sections(process),
        }
    )


def _seen(log: calibration.VisitLog, everybody_came: bool) -> calibration.VisitLog:
    """Return the log as a shop would have it: who never came is unknown where the real log has no such customers."""
    return log.seen() if everybody_came else log


def _judged(
    learn: Log, test: Log, made: list[Log], naive: list[Log], peak: int | None, seed: int
) -> tuple[Judged, ...]:
    return judge(
        calibration.validation_statistics(learn, peak),
        calibration.validation_statistics(test, peak),
        calibration.bootstrap_errors(learn, peak, test.customers, seed=seed),
        [calibration.validation_statistics(one, peak) for one in made],
        [calibration.validation_statistics(one, peak) for one in naive],
    )
