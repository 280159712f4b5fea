"""The validation of a cohort: customers whose first purchase ever is in the log, few purchases each, and who leave.

Serves `memberlab validate --new-customers`. A purchase model is fitted on the first part of the log; markets of the
same customers, acquired on the real days, live to its end and are held against the weeks that the fit has not seen.
"""

from __future__ import annotations

import datetime
from concurrent.futures import Executor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from memberlab.policies import DocumentError, Policy, Problem, hint, load_policy
from memberlab.scenarios import UNKNOWN_CURRENCY, Population, calibration
from memberlab.sim import World, keep_log

from ..execution import Progress, SerialExecutor, Steps
from .bare_market import bare_market
from .cohort_marks import CohortLives, CohortMark, Hindsight, Standard, cohort_marks, mean_lives

MOST_REPEATS = 7
POPULATIONS = 60
"""Markets of each model that are lived unless the caller says otherwise."""

WEEK = 7
CONVERSION = "50 %"

Numbers = NDArray[np.float64]


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
    why: str
    """Why this model is judged, a sentence."""
    against: Standard
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
    currency: str = UNKNOWN_CURRENCY, populations: int = POPULATIONS, seed: int = 1, executor: Executor | None = None,
    model: str | None = None, against: Standard = "chance", policy: Policy | None = None,
    progress: Progress | None = None,
) -> CohortValidation:  # fmt: skip
    """Validate a log of new customers; the fit sees it up to `until`, by default the first half.

    `populations` of every model are lived. The verdict is on `model`, by default the one that a calibration would
    choose, and `against` says what it is held against. Raise DocumentError for an unknown model, and for a log that
    cannot support a validation, with what is missing.
    """
    end = calibration.calibration_end(log, until, False)
    window = calibration.window_of(log, end)
    calibration.fail_if_too_short(log, window)
    whole = calibration.window_of(log, log.days - 1, window.members)
    candidates = calibration.fit_candidates(window, whole)
    judged, why = _judged(candidates, model, log.name)
    steps = Steps(populations * len(candidates), progress)
    first = _first_days(log)
    seen = Hindsight(
        _real_lives(log, first, window), window.history, whole.history.repeats - window.history.repeats,
        (whole.end - end) / WEEK, end,
    )  # fmt: skip
    spend = calibration.spend_section(calibration.fit_repeat_spend(log, end))
    workers = executor or SerialExecutor()
    simulated, marks = {}, {}
    for key, candidate in candidates.items():
        population = _population(candidate, spend, currency)
        jobs = [
            workers.submit(live, population, first, log.first_day, end, log.days, seed + copy, policy)
            for copy in range(populations)
        ]
        lives = []
        for job in jobs:
            lives.append(job.result())
            steps.step()
        simulated[key] = mean_lives(lives)
        assert candidate.scores is not None
        marks[key] = cohort_marks(seen, lives, candidate.scores, against)
    return CohortValidation(
        name=name or log.name, currency=currency, customers=len(window.members), first_day=log.first_day,
        calibration_end=log.first_day + datetime.timedelta(days=end), last_day=log.last_day, populations=populations,
        seed=seed, judged=judged, why=why, against=against, marks=marks, real=seen.real, simulated=simulated,
        window_weeks=(end + 1) // WEEK,
    )  # fmt: skip


def _judged(candidates: dict[str, calibration.Candidate], model: str | None, log: str) -> tuple[str, str]:
    """Return the name of the model that the verdict is on, and why."""
    choice = calibration.choose(candidates)
    chosen = choice.candidate.model.NAME
    if model is None:
        return chosen, f"as a calibration chooses: {choice.reason}"
    if model not in candidates:
        known = hint(model, list(candidates), "the models are")
        raise DocumentError([Problem(log, None, "--model", f"'{model}' is no purchase model{known}")])
    return model, f"named by whoever asked (--model); a calibration would choose {chosen}"


def live(
    population: Population, first: NDArray[np.int64], first_day: datetime.date, end: int, days: int, seed: int,
    policy: Policy | None = None,
) -> CohortLives:  # fmt: skip
    """Return what one population does that is acquired on the given days (from the log's first)."""
    opening = first_day.replace(day=1)
    start = (opening + datetime.timedelta(days=31)).replace(day=1)
    offset = (first_day - opening).days
    scenario = bare_market(population, len(first), start, offset + days)
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
