"""The fit of the base process to a log of visits: closed forms first, then rounds of indirect inference.

Serves `memberlab calibrate` and `memberlab validate`.
"""

from __future__ import annotations

import numpy as np

from .base_process import MOST_GAPS, BaseProcess, DealProcess, VisitProcess, ones
from .calendar_pattern import fit_patterns
from .indirect_inference import refine
from .rate_drift import fit_kernels, log_ratios, usable_blocks
from .spend_levels import fit_spend
from .spend_statistics import deal_share_each, deals
from .visit_log import VisitLog

CONVERSION = 0.5
"""Assumed share of candidate days that end in an order: an order log cannot tell it. The higher, the more of the rhythm
of orders can be followed; the lower, the more room is left for orders that a programme adds.
"""


def fit_base_process(
    log: VisitLog, *, conversion: float = CONVERSION, seed: int = 1, trace: bool = False
) -> BaseProcess:
    """Fit the base process to a log; it is cut to whole weeks from Monday on. `seed` is that of the simulations."""
    log = log.whole_weeks()
    visits = log.visits_each().astype(np.float64)
    pattern = fit_patterns(log)
    blocks = usable_blocks(log.weeks)
    variances, constant = fit_kernels(log_ratios(log), blocks, log.weeks)
    start = VisitProcess(
        rate=float(visits.mean()) / log.days,
        shape=1 / max(float(np.expm1(constant)), 0.05),
        conversion=conversion,
        weekdays=pattern.weekdays,
        month_days=pattern.month_days,
        weeks=pattern.weeks,
        gaps=ones(MOST_GAPS),
        drift=tuple((block, float(np.sqrt(one))) for block, one in zip(blocks, variances, strict=True)),
    )
    process = BaseProcess(start, fit_spend(log), fit_deals(log), pattern.learnt)
    return refine(process, log, pattern, seed=seed, trace=trace)


def fit_deals(log: VisitLog) -> DealProcess | None:
    """Return mean and spread between customers of the share of shelf value given as price deals; None without data.

    Where all have shares of their own the overall share is above the mean of shares, by spread^2 / (1 - mean).
    """
    share = deal_share_each(log)
    if len(share) < 50:
        return None
    mean, spread = deals(log)["deal_share"], float(share.std())
    return DealProcess(mean - spread**2 / (1 - mean), spread)
