"""What the report of a validation draws, as tables: distributions and totals, nobody's own history.

Serves `validate --out`, which writes them as Parquet beside the report.
"""

from __future__ import annotations

from dataclasses import asdict

import numpy as np
import pandas as pd

from memberlab.results import LogShape

from .cohort import CohortValidation
from .shapes import shape_of
from .tables import statistics_table
from .validate import Validation

BARS = 25
LORENZ_POINTS = 51


def validation_tables(found: Validation) -> dict[str, pd.DataFrame]:
    """Return the tables of a panel's validation by name: statistics, forecasts, and real beside simulated figures."""
    real, made = shape_of([found.held_out]), shape_of(found.simulated)
    forecasts = pd.DataFrame([asdict(one) for one in found.forecasts]).drop(columns="groups")
    tables = {
        "statistics": statistics_table(found.statistics),
        "forecasts": forecasts,
        "calibration": pd.DataFrame(
            [
                {"forecast": one.name, "tenth": place, "expected": expected, "came": came}
                for one in found.forecasts for place, (expected, came) in enumerate(one.groups, start=1)
            ]
        ),
        "visits": _visits(real, made),
        "gaps": pd.DataFrame({"days": np.arange(1, len(real.gaps) + 1), "held_out": real.gaps, "simulated": made.gaps}),
        "amounts": pd.DataFrame(
            {"percentile": real.percentiles, "held_out": real.amounts, "simulated": made.amounts}
        ),
        "concentration": _lorenz(real, made),
        "weeks": pd.DataFrame(
            {"week": np.arange(1, len(real.weeks) + 1), "held_out": real.weeks, "simulated": made.weeks,
             "low": made.weeks_range[0], "high": made.weeks_range[1]}
        ),
    }  # fmt: skip
    return tables | ({"unseen-weeks": statistics_table(found.unseen)} if found.unseen else {})


def cohort_tables(found: CohortValidation) -> dict[str, pd.DataFrame]:
    """Return the tables of a cohort's validation by name: marks, repeat purchases by week, customers by repeats."""
    marks = pd.DataFrame(
        [
            {"model": model, "is_judged": model == found.judged, **asdict(mark), "passes": mark.passes}
            for model, rows in found.marks.items() for mark in rows
        ]
    )  # fmt: skip
    lives = {"real": found.real, **found.simulated}
    weeks = np.arange(1, len(found.real.path) // 7 + 1)
    path = pd.DataFrame({"week": weeks, **{name: one.path[weeks * 7 - 1] for name, one in lives.items()}})
    repeats = pd.DataFrame({name: one.histogram for name, one in lives.items()})
    repeats.insert(0, "repeats", np.arange(len(repeats)))
    return {"marks": marks, "repeat-purchases": path, "customers-by-repeats": repeats}


def _visits(real: LogShape, made: LogShape) -> pd.DataFrame:
    """Return the shares of customers by visits; the last bar holds all above."""
    edges = np.unique(np.round(np.linspace(0, max(float(np.quantile(real.visits, 0.99)), 5), BARS + 1)))
    shares = [
        np.histogram(np.minimum(one.visits, edges[-1] - 1e-9), edges)[0] / len(one.visits) for one in (real, made)
    ]
    return pd.DataFrame({"from": edges[:-1], "below": edges[1:], "held_out": shares[0], "simulated": shares[1]})


def _lorenz(real: LogShape, made: LogShape) -> pd.DataFrame:
    """Return the share of spend of those customers who spend least."""
    at = np.linspace(0, 1, LORENZ_POINTS)
    columns = {}
    for name, one in (("held_out", real), ("simulated", made)):
        spend = np.sort(one.spend)
        share = np.concatenate([[0.0], np.cumsum(spend) / spend.sum()])
        columns[name] = np.interp(at, np.linspace(0, 1, len(share)), share)
    return pd.DataFrame({"customers": at, **columns})
