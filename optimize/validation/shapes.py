"""What the pictures of a validation show of a log: distributions and totals, nobody's own history.

Serves the pictures.
"""

from __future__ import annotations

import numpy as np

from memberlab.results import LogShape
from memberlab.scenarios.calibration import VisitLog

PERCENTILES = np.concatenate([np.arange(1.0, 99.5, 1.0), [99.5]])
LONGEST_GAP = 28


def shape_of(log: VisitLog) -> LogShape:
    """Return the shape of a log of whole weeks."""
    _, gaps = log.gaps()
    counts = np.bincount(np.minimum(gaps, LONGEST_GAP + 1), minlength=LONGEST_GAP + 2)
    weekly = np.bincount(log.week, log.paid, minlength=log.weeks)[: log.weeks]
    return LogShape(
        visits=log.visits_each().astype(np.float64),
        gaps=counts[1 : LONGEST_GAP + 1] / max(len(gaps), 1),
        percentiles=PERCENTILES,
        amounts=np.percentile(log.paid[log.paid > 0], PERCENTILES),
        spend=np.bincount(log.customer, log.paid, minlength=log.customers),
        weeks=weekly / weekly.mean(),
    )
