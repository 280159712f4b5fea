"""The 31 validation statistics of a log, each with its name for people and the error that does not matter in practice.

Serves `memberlab validate`: the same figures are taken of a real log and of a simulated one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from . import spend_statistics as spend
from . import visit_statistics as visits
from .visit_log import VisitLog

Unit = str


@dataclass(frozen=True, slots=True)
class ValidationStatistic:
    """One statistic: its name, words for people, and the relative and absolute error that nobody minds in practice."""

    name: str
    words: str
    relative: float = 0.0
    absolute: float = 0.0


STATISTICS = (
    ValidationStatistic("visits_mean", "visits a customer", 0.05),
    ValidationStatistic("visits_cv", "visits a customer, coefficient of variation", 0.05),
    ValidationStatistic("visits_p10", "visits a customer, 10 % quantile", 0.25),
    ValidationStatistic("visits_p50", "visits a customer, median", 0.05),
    ValidationStatistic("visits_p90", "visits a customer, 90 % quantile", 0.05),
    ValidationStatistic("weeks_with_a_visit", "share of customer-weeks with a visit", 0.03),
    ValidationStatistic("weekly_fano", "Fano factor of weekly visits within a customer", 0.08),
    ValidationStatistic("weekly_autocorrelation_1", "autocorrelation of weekly visits, 1 week", absolute=0.02),
    ValidationStatistic("weekly_autocorrelation_8", "autocorrelation of weekly visits, 8 weeks", absolute=0.02),
    ValidationStatistic("gap_p50", "days between visits, median", absolute=1.0),
    ValidationStatistic("gap_p90", "days between visits, 90 % quantile", 0.05),
    ValidationStatistic("gap_one_day", "share of gaps of one day", 0.05),
    ValidationStatistic("gap_seven_day_bump", "gaps of 7 days over those of 6 and 8", 0.12),
    ValidationStatistic("spend_mean", "amount of a visit, mean", 0.05),
    ValidationStatistic("spend_p50", "amount of a visit, median", 0.05),
    ValidationStatistic("spend_p90", "amount of a visit, 90 % quantile", 0.05),
    ValidationStatistic("log_spend_sd_within", "log amount, standard deviation within a customer", 0.05),
    ValidationStatistic("log_spend_icc", "log amount, share of variance between customers", 0.05),
    ValidationStatistic("spend_gap_slope", "slope of log amount on log gap", 0.25),
    ValidationStatistic("frequency_spend_correlation", "rank correlation of visits and mean amount", absolute=0.03),
    ValidationStatistic("top_20_share", "share of spend of the top 20 %", 0.03),
    ValidationStatistic("top_5_share", "share of spend of the top 5 %", 0.03),
    ValidationStatistic("halves_correlation", "rank correlation of spend, first and second half", absolute=0.02),
    ValidationStatistic("top_fifth_stays", "share of the top fifth that stays", absolute=0.02),
    ValidationStatistic("halves_log_change_sd", "log change of spend between halves, standard deviation", 0.05),
    ValidationStatistic("gone_by_last_quarter", "active in the first quarter, gone in the last", absolute=0.01),
    ValidationStatistic("weekend_share", "share of visits at weekends", 0.04),
    ValidationStatistic("weekly_spend_cv", "weekly spend, coefficient of variation", 0.35),
    ValidationStatistic("peak_week_index", "index of the peak week", 0.05),
    ValidationStatistic("deal_share", "share of shelf value given as deals", 0.04),
    ValidationStatistic("deal_share_sd", "standard deviation of it between customers", 0.1),
)
"""All statistics in the order of the data reference. Practical errors are relative to the held-out value or absolute;
where sampling errors are larger, those decide.
"""


def peak_week(log: VisitLog) -> int | None:
    """Return the week of the year with the highest spend of a log of 52 weeks or more; None for a shorter one."""
    return int(np.argmax(spend.weekly_totals(log))) if log.weeks >= 52 else None


def validation_statistics(log: VisitLog, peak: int | None = None) -> dict[str, float]:
    """Return every statistic that a log of whole weeks from Monday on can tell, by name.

    `peak` is the week whose index is told, counted from the log's first; without it that one is left out.
    """
    found = {
        **visits.visits_per_customer(log),
        **visits.weekly_regularity(log),
        **visits.gaps_between_visits(log),
        **spend.amounts(log),
        **spend.spread_of_amounts(log),
        **spend.slope_on_gap(log),
        **spend.frequency_and_spend(log),
        **spend.concentration(log),
        **spend.stability(log),
        **visits.first_quarter_gone_in_last(log),
        **visits.weekends(log),
        **spend.weeks_of_the_year(log, peak),
        **spend.deals(log),
    }
    return {one.name: found[one.name] for one in STATISTICS if one.name in found}


def left_out(log: VisitLog, found: dict[str, float]) -> dict[str, str]:
    """Return why a statistic is not told of a log, by name."""
    reasons = {}
    for one in STATISTICS:
        if one.name in found:
            continue
        if one.name.startswith("deal_share"):
            reasons[one.name] = "the log has no shelf prices"
        elif one.name == "peak_week_index" and log.weeks < 52:
            reasons[one.name] = f"the log has {log.weeks} whole weeks; the year needs 52"
        elif log.weeks < 16:
            reasons[one.name] = f"the log has only {log.weeks} whole weeks"
        else:
            reasons[one.name] = "too few visits or customers for it"
    return reasons


def bootstrap_errors(
    log: VisitLog, peak: int | None, size: int, *, samples: int = 100, seed: int = 1
) -> dict[str, float]:
    """Return the standard error of each statistic at a sample of `size` customers, by resampling customers."""
    generator = np.random.default_rng(seed)
    drawn: dict[str, list[float]] = {}
    for _ in range(samples):
        sample = log.of(generator.integers(0, log.customers, size))
        for name, value in validation_statistics(sample, peak).items():
            drawn.setdefault(name, []).append(value)
    return {name: float(np.std(values, ddof=1)) for name, values in drawn.items() if len(values) > 1}
