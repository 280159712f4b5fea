"""What the pictures of a validation show of a log: distributions and totals, nobody's own history.

Serves the pictures.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from memberlab.results import LogShape
from memberlab.scenarios import calibration

PERCENTILES = np.concatenate([np.arange(1.0, 99.5, 1.0), [99.5]])
LONGEST_GAP = 28


def shape_of(logs: Sequence[calibration.VisitLog]) -> LogShape:
    """Return the shape of one or several logs of the same whole weeks; several are taken together."""
    gaps = np.concatenate([log.gaps()[1] for log in logs])
    counts = np.bincount(np.minimum(gaps, LONGEST_GAP + 1), minlength=LONGEST_GAP + 2)
    paid = np.concatenate([log.paid for log in logs])
    weekly = np.stack([np.bincount(log.week, log.paid, minlength=log.weeks)[: log.weeks] for log in logs])
    index = weekly / weekly.mean(axis=1, keepdims=True)
    spend = [np.bincount(log.customer, log.paid, minlength=log.customers).astype(np.float64) for log in logs]
    return LogShape(
        visits=np.concatenate([log.visits_each() for log in logs]).astype(np.float64),
        gaps=counts[1 : LONGEST_GAP + 1] / max(len(gaps), 1),
        percentiles=PERCENTILES,
        amounts=np.percentile(paid[paid > 0], PERCENTILES),
        spend=np.concatenate(spend),
        weeks=index.mean(axis=0),
        weeks_range=(index.min(axis=0), index.max(axis=0)),
    )
