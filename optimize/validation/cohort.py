"""The validation of a cohort: customers whose first purchase ever is in the log, few purchases each, and who leave.

Serves `memberlab validate --new-customers`. A purchase model is fitted on the first part of the log; markets of the
same customers, acquired on the real days, live to its end and are held against the weeks that the fit has not seen.
Marks: data reference, 2.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from memberlab.policies import Policy, load_model_text, load_policy
from memberlab.scenarios import UNKNOWN_CURRENCY, Population, Scenario, calibration
from memberlab.sim import World, keep_log

from ..executor import SerialExecutor

MODEL = "pareto-nbd"
"""The model that is judged: customers leave in time. Under BG/NBD who never comes again can never have left, which is
no matter within a window and makes forecasts beyond it too low."""

MOST_REPEATS = 7
POPULATIONS = 60
WEEK = 7
CONVERSION = "50 %"

Progress = Callable[[str, int, int], None]
Numbers = NDArray[np.float64]

SCENARIO = """
name: cohort
currency: {currency}
start: {start}
incumbent: no-programme
warm_up: {{months: 1}}
horizon: {{months: {months}}}
population: {{source: cd-retailer, shoppers: {shoppers}, established: 100 %, price_level: 1}}
gross_margin: 40 %
shipping_cost: 0
"""


@dataclass(frozen=True)
class CohortLives:
    """What a cohort did: repeat purchases by day (cumulative), customers by repeats in the window, later amounts."""

    path: Numbers
    histogram: Numbers
    amounts: Numbers


@dataclass(frozen=True, slots=True)
class CohortMark:
    """One measure: its value, what it may be at most (or at least, for a correlation), and the verdict."""

    words: str
    value: float
    mark: float
    at_least: bool = False

    @property
    def passes(self) -> bool:
        """Whether the mark is met, at the three digits that marks are told with."""
        value = round(self.value, 3)
        return value >= self.mark if self.at_least else value <= self.mark


@dataclass(frozen=True)
class CohortValidation:
    """What the validation of a cohort found, by purchase model; `judged` names the one that the verdict is on."""

    name: str
    currency: str
    customers: int
    first_day: datetime.date
    calibration_end: datetime.date
    last_day: datetime.date
    populations: int
    seed: int
    judged: str
    marks: dict[str, tuple[CohortMark, ...]]
    real: CohortLives
    simulated: dict[str, CohortLives]
    window_weeks: int

    @property
    def passed(self) -> int:
        """Number of marks met by the judged model."""
        return sum(mark.passes for mark in self.marks[self.judged])


def validate_cohort(
    log: calibration.TransactionLog, *, name: str | None = None, until: datetime.date | None = None,
    currency: str = UNKNOWN_CURRENCY, populations: int | None = None, seed: int = 1, executor: Executor | None = None,
    models: Sequence[str] | None = None, policy: Policy | None = None,
    progress: Progress = lambda what, done, total: None,
) -> CohortValidation:  # fmt: skip
    """Validate a log of new customers; the fit sees it up to `until`, by default the first half.
    `models` names those that are simulated, all by default, `populations` of each (60); the verdict is on MODEL.

    Raise DocumentError for a log that cannot support it, with what is missing.
    """
    end = calibration.calibration_end(log, until, False)
    window = calibration.window_of(log, end)
    calibration.fail_if_too_short(log, window)
    whole = calibration.window_of(log, log.days - 1, window.members)
    progress("fitting", 0, 1)
    candidates = calibration.fit_candidates(window, whole)
    first = _first_days(log)
    real = _real_lives(log, first, window)
    spend = calibration.spend_section(calibration.fit_repeat_spend(log, end))
    workers = executor or SerialExecutor()
    lived = POPULATIONS if populations is None else populations
    simulated, marks = {}, {}
    chosen = {name: one for name, one in candidates.items() if models is None or name in models}
    for number, (model, candidate) in enumerate(chosen.items()):
        progress(f"simulating {candidate.model.TITLE}", number, len(chosen))
        population = _population(candidate, spend, currency)
        jobs = [
            workers.submit(live, population, first, log.first_day, end, log.days, seed + copy, policy)
            for copy in range(lived)
        ]
        lives = [job.result() for job in jobs]
        mean = CohortLives(
            np.mean([one.path for one in lives], axis=0), np.mean([one.histogram for one in lives], axis=0),
            np.concatenate([one.amounts for one in lives]),
        )  # fmt: skip
        simulated[model] = mean
        marks[model] = _marks(real, mean, lives, candidate, end)
    return CohortValidation(
        name=name or log.name, currency=currency, customers=len(window.members), first_day=log.first_day,
        calibration_end=log.first_day + datetime.timedelta(days=end), last_day=log.last_day, populations=lived,
        seed=seed, judged=MODEL, marks=marks, real=real, simulated=simulated, window_weeks=(end + 1) // WEEK,
    )  # fmt: skip


def live(
    population: Population, first: NDArray[np.int64], first_day: datetime.date, end: int, days: int, seed: int,
    policy: Policy | None = None,
) -> CohortLives:  # fmt: skip
    """Return what one population does that is acquired on the given days (from the log's first)."""
    opening = first_day.replace(day=1)
    start = (opening + datetime.timedelta(days=31)).replace(day=1)
    offset = (first_day - opening).days
    text = SCENARIO.format(
        currency=population.currency, start=start, months=(offset + days) // 28 + 2, shoppers=len(first)
    )
    scenario = load_model_text(Scenario, text, "cohort")
    world = World(
        policy or load_policy("no-programme"), scenario, seed=seed, population=population, first_orders=first + offset
    )
    log = keep_log(world, offset + days)
    day = log.day - offset
    repeat = day > first[log.shopper]
    counts = np.bincount(log.shopper[repeat & (day <= end)], minlength=len(first))
    return CohortLives(
        np.cumsum(np.bincount(day[repeat], minlength=days)).astype(np.float64),
        _by_repeats(counts),
        log.goods[repeat & (day > end)] / 100.0,
    )


def _first_days(log: calibration.TransactionLog) -> NDArray[np.int64]:
    first = np.full(log.customers, log.days)
    np.minimum.at(first, log.customer, log.day)
    return first


def _real_lives(log: calibration.TransactionLog, first: NDArray[np.int64], window: calibration.Window) -> CohortLives:
    repeat = log.day > first[log.customer]
    later = repeat & (log.day > window.end) & (log.amount > 0)
    return CohortLives(
        np.cumsum(np.bincount(log.day[repeat], minlength=log.days)).astype(np.float64),
        _by_repeats(window.history.repeats.astype(np.int64)),
        log.amount[later],
    )


def _by_repeats(counts: NDArray[np.int64]) -> Numbers:
    return np.bincount(np.clip(counts, 0, MOST_REPEATS), minlength=MOST_REPEATS + 1).astype(np.float64)


def _population(candidate: calibration.Candidate, spend: dict[str, object], currency: str) -> Population:
    return Population.model_validate(
        {
            "name": "validated", "title": "A cohort", "currency": currency, "conversion": CONVERSION,
            "purchases": calibration.purchases_section(candidate), "spend": spend,
        }
    )  # fmt: skip


def _marks(
    real: CohortLives, mean: CohortLives, lives: list[CohortLives], candidate: calibration.Candidate, end: int
) -> tuple[CohortMark, ...]:
    """Return the measures of the match-or-beat list of the data reference, section 2."""
    weeks = np.arange((end + 1) // WEEK + 1, len(real.path) // WEEK + 1)
    at = weeks * WEEK - 1
    errors = np.abs(mean.path[at] / real.path[at] - 1)
    later = [path[-1] - path[end] for path in (mean.path, real.path)]
    expected = np.maximum(mean.histogram, 1e-9)
    chi_square = float(((real.histogram - mean.histogram) ** 2 / expected).sum())
    scores = candidate.scores
    assert scores is not None
    distances = [float(stats.ks_2samp(one.amounts, real.amounts).statistic) for one in lives if len(one.amounts)]
    return (
        CohortMark(
            f"cumulative repeats, weeks {weeks[0]} to {weeks[-1]}: mean error of the mean path",
            float(errors.mean()), 0.02,
        ),
        CohortMark("purchases in the hold-out: error of the mean market", abs(later[0] / later[1] - 1), 0.12),
        CohortMark("customers by repeats in the window: chi-square", chi_square, 12.3),
        CohortMark("expected purchases by repeats: weighted mean error", scores.mean_error_by_repeats, 0.107),
        CohortMark("expected purchases a customer: RMSE", scores.root_mean_square_error, 1.61),
        CohortMark("expected purchases a customer: correlation", scores.correlation or 0.0, 0.62, at_least=True),
        CohortMark("amounts in the hold-out: Kolmogorov-Smirnov distance", float(np.mean(distances)), 0.11),
    )  # fmt: skip
