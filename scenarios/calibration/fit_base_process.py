"""The fit of the base process to a log of visits: closed forms first, then rounds of indirect inference.

Serves `memberlab calibrate` and `memberlab validate`.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from .base_process import MOST_GAPS, BaseProcess, VisitProcess, ones
from .calendar_pattern import fit_patterns
from .deal_traits import fit_coupons, fit_deals
from .indirect_inference import ROUNDS, refine
from .rate_drift import fit_kernels, log_ratios, usable_blocks
from .spend_levels import fit_spend
from .visit_log import VisitLog

CONVERSION = 0.8
"""Assumed share of candidate days that end in an order: an order log cannot tell it. The higher, the more of the rhythm
of orders can be followed; the lower, the more room is left for orders that a programme adds.
"""


def fit_base_process(
    log: VisitLog, *, conversion: float = CONVERSION, rounds: int = ROUNDS, seed: int = 1
) -> BaseProcess:
    """Fit the base process to a log; it is cut to whole weeks from Monday on. `rounds` and `seed` are those of the
    simulations."""
    log = log.whole_weeks()
    visits = log.visits_each().astype(np.float64)
    pattern = fit_patterns(log)
    weekdays, month_days, weeks = pattern.without_noise()
    blocks = usable_blocks(log.weeks)
    variances, constant = fit_kernels(log_ratios(log), blocks, log.weeks)
    start = VisitProcess(
        rate=float(visits.mean()) / log.days,
        shape=1 / max(float(np.expm1(constant)), 0.05),
        conversion=conversion,
        weekdays=weekdays,
        month_days=month_days,
        weeks=weeks,
        gaps=ones(MOST_GAPS),
        drift=tuple((block, float(np.sqrt(one))) for block, one in zip(blocks, variances, strict=True)),
    )
    process = BaseProcess(start, fit_spend(log), fit_deals(log), {}, fit_coupons(log))
    process = refine(process, log, pattern, rounds=rounds, seed=seed)
    return replace(process, learnt={**origins(process, log), **pattern.learnt})


def origins(process: BaseProcess, log: VisitLog) -> dict[str, str]:
    """Return where each part of a population comes from, by its address: the log, a prior, or not identified and why.

    Leaving and late entry are told from who is seen only early or only late, given how rates drift.
    """
    short = f"not identified: {log.weeks} weeks of log are too short"
    quarters = log.weeks >= 16
    leaving = "log" if process.visits.leaving > 0 else "not identified: the log shows no leaving beyond drifting rates"
    found = {
        "purchases.r": "log",
        "purchases.alpha_weeks": "log",
        "purchases.s": "prior" if process.visits.leaving > 0 else leaving,
        "purchases.beta_weeks": leaving if quarters else short,
        "spend": "log",
        "frequency_spend_correlation": "log",
        "conversion": "prior",
        "rhythm.gaps": "log",
        "rhythm.drift": "log" if process.visits.drift else short,
        "rhythm.basket_weeks": "log" if log.weeks >= 52 else f"not identified: {log.weeks} weeks are less than a year",
        "entry": "prior" if quarters else short,
        "traits.coupon_use": "log" if process.coupons else "not identified: the log has too few coupons",
        "traits.deal_share": "log" if process.deals else "not identified: the log has no shelf prices",
    }
    if log.coupon is None:
        found["traits.coupon_use"] = "not identified: the log has no coupons"
    return found
