"""Indirect inference: simulate what was fitted, take the same figures of it as of the log, and correct the fit.

Serves the fit of the base process, whose parts meet: regularity bends the rates, drift the gaps, those who leave the
drift. Closed forms start each part; a few rounds take out what is left (Gourieroux, Monfort and Renault, 1993). Only
the log that is fitted is looked at.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from .base_process import BaseProcess, SpendProcess, VisitProcess
from .calendar_pattern import CalendarPattern, fit_patterns
from .gap_pattern import PRIOR_VISITS, gap_hazards
from .process_simulation import calendar_multipliers, simulate_log
from .rate_drift import correction, residual_curve, usable_blocks
from .spend_levels import FEWEST_OWN
from .spend_statistics import slope_on_gap, spend_variances
from .visit_log import FloatArray, VisitLog
from .visit_statistics import first_quarter_gone_in_last, new_in_last_quarter

ROUNDS = 10
SIMULATED = 8_000
"""Rounds, and the customers simulated in each at least."""

LEAST_INVERSE_SHAPE = 0.01
LARGEST_LATE = 0.9


@dataclass(frozen=True)
class Moments:
    """What is matched: of the log once, of every simulated log again."""

    rate: float
    spread: float
    curve: FloatArray
    gone: float | None
    new: float | None
    seen_on_gaps: FloatArray
    expected_on_gaps: FloatArray
    within: float
    between: float
    slope: float
    correlation: float
    mean_paid: float


def moments_of(log: VisitLog, calendar: FloatArray) -> Moments:
    """Return the moments of a log of whole weeks; `calendar` holds the multiplier of each of its days."""
    visits = log.visits_each().astype(np.float64)
    seen, expected = gap_hazards(log, calendar)
    within, between = spend_variances(log) or (0.0, 0.0)
    return Moments(
        rate=float(visits.mean()) / log.days,
        spread=spread_of_roots(visits),
        curve=residual_curve(log),
        gone=first_quarter_gone_in_last(log).get("gone_by_last_quarter"),
        new=new_in_last_quarter(log).get("new_in_last_quarter"),
        seen_on_gaps=seen,
        expected_on_gaps=expected,
        within=within,
        between=spread_of_levels(log) or between,
        slope=slope_on_gap(log).get("spend_gap_slope", 0.0),
        correlation=visits_and_amount(log),
        mean_paid=float(np.log(log.paid[log.paid > 0]).mean()),
    )


def spread_of_roots(visits: FloatArray) -> float:
    """Return the squared coefficient of variation of the square roots of visits: light and heavy customers count alike.

    About a quarter of that of the visits themselves, which hangs on the few heaviest.
    """
    roots = np.sqrt(visits)
    return float(roots.var() / roots.mean() ** 2)


def visits_and_amount(log: VisitLog) -> float:
    """Return the correlation of visits and the log of the mean amount over customers who paid.

    Of visits, not of their ranks: what the heaviest customers pay decides how far spend is concentrated.
    """
    visits, total = log.visits_each(), np.bincount(log.customer, log.paid, minlength=log.customers)
    paid = total > 0
    if paid.sum() < 50 or np.ptp(visits[paid]) == 0:
        return 0.0
    return float(np.corrcoef(visits[paid], np.log(total[paid] / visits[paid]))[0, 1])


def spread_of_levels(log: VisitLog) -> float | None:
    """Return the variance of the log of mean amounts over customers with FEWEST_OWN paid visits; None if too few.

    Mean amounts rather than mean logs, because it is amounts that add up to a customer's spend.
    """
    paid = log.paid > 0
    number = np.bincount(log.customer[paid], minlength=log.customers)
    enough = number >= FEWEST_OWN
    if enough.sum() < 50:
        return None
    total = np.bincount(log.customer[paid], log.paid[paid], minlength=log.customers)
    return float(np.log(total[enough] / number[enough]).var())


def refine(
    process: BaseProcess, log: VisitLog, pattern: CalendarPattern, *, rounds: int = ROUNDS, seed: int = 1
) -> BaseProcess:  # fmt: skip
    """Return the process after some rounds of simulating it and correcting its parameters by what differs."""
    copies = max(-(-SIMULATED // log.customers), 1)
    calendar = calendar_multipliers(process.visits, log.first_day, log.days)
    real = moments_of(log, calendar)
    for number in range(rounds):
        simulated = simulate_log(process, log.customers * copies, log.first_day, log.days, seed + number)
        if log.everybody_came:
            simulated = simulated.seen()
        made = moments_of(simulated, calendar)
        step = 1.0 if number < rounds // 2 else 0.5
        process = replace(
            process,
            visits=_visits(_calendar(process.visits, pattern, simulated, step), real, made, log, step),
            spend=_spend(process.spend, real, made, step),
        )
    return process


def _visits(process: VisitProcess, real: Moments, made: Moments, log: VisitLog, step: float) -> VisitProcess:
    blocks = usable_blocks(log.weeks)
    variances = np.asarray([spread**2 for _, spread in process.drift])
    if len(blocks):
        variances = variances + step * (correction(real.curve - made.curve, blocks, log.weeks, variances) - variances)
    inverse = max(1 / process.shape + step * (4 * (real.spread - made.spread)), LEAST_INVERSE_SHAPE)
    gaps = process.gaps
    if len(gaps):
        prior = PRIOR_VISITS
        known = (real.seen_on_gaps + prior) / (real.expected_on_gaps + prior)
        scale = real.expected_on_gaps.sum() / max(made.expected_on_gaps.sum(), 1e-9)
        got = (made.seen_on_gaps * scale + prior) / (made.expected_on_gaps * scale + prior)
        gaps = np.clip(gaps * (known / got) ** step, 0.0, 20.0)
    leaving, late = process.leaving, process.late
    if real.gone is not None and made.gone is not None:
        elapsed = log.weeks * 0.625
        leaving = max(leaving + step * (real.gone - made.gone) / elapsed, 0.0)
    if real.new is not None and made.new is not None:
        late = float(np.clip(late + step * (real.new - made.new) / 0.75, 0.0, LARGEST_LATE))
    rate = process.rate * (real.rate / made.rate) ** step
    drift = tuple((block, float(np.sqrt(variance))) for block, variance in zip(blocks, variances, strict=True))
    return replace(process, rate=rate, shape=1 / inverse, gaps=gaps, leaving=leaving, late=late, drift=drift)


def _calendar(process: VisitProcess, pattern: CalendarPattern, simulated: VisitLog, step: float) -> VisitProcess:
    """Return the process with multipliers corrected by what saturation, habits, entry and leaving make of them."""
    made = fit_patterns(simulated)
    now = (process.weekdays, process.month_days, process.weeks)
    weekdays, month_days, weeks = (got / np.maximum(own, 1e-3) for got, own in zip(made.multipliers, now, strict=True))
    base = replace(made, multipliers=(weekdays, month_days, weeks))
    found = []
    for own, wanted in zip(now, pattern.without_noise(base), strict=True):
        moved = own ** (1 - step) * wanted**step
        found.append(moved / moved.mean())
    return replace(process, weekdays=found[0], month_days=found[1], weeks=found[2])


def _spend(process: SpendProcess, real: Moments, made: Moments, step: float) -> SpendProcess:
    def scaled(quantiles: FloatArray, wanted: float, got: float) -> FloatArray:
        return quantiles * (wanted / got) ** (step / 2) if wanted > 0 and got > 0 else quantiles

    correlation = float(np.clip(process.correlation + step * (real.correlation - made.correlation), -0.95, 0.95))
    return replace(
        process,
        level=process.level + step * (real.mean_paid - made.mean_paid),
        between=scaled(process.between, real.between, made.between),
        within=scaled(process.within, real.within, made.within),
        gap_slope=process.gap_slope + step * (real.slope - made.slope),
        correlation=correlation,
    )
