"""A validation as tables and plain records: for CSV files, `--json` and notebooks.

Serves the command line.
"""

from __future__ import annotations

from dataclasses import asdict

import pandas as pd

from .cohort import CohortValidation
from .judging import Judged
from .validate import Validation


def statistics_table(judged: tuple[Judged, ...]) -> pd.DataFrame:
    """Return one row a statistic with its values, tolerance and verdicts."""
    rows = [{**asdict(one), "passes": one.passes, "naive_passes": one.naive_passes} for one in judged]
    return pd.DataFrame(rows)


def validation_record(found: Validation) -> dict[str, object]:
    """Return everything that a validation found, without histories, ready for JSON."""
    return {
        "name": found.name,
        "currency": found.currency,
        "training_customers": found.training_customers,
        "held_out_customers": found.held_out_customers,
        "first_day": str(found.first_day),
        "weeks": found.weeks,
        "holdout_weeks": found.holdout_weeks,
        "replications": found.replications,
        "seed": found.seed,
        "passed": found.passed,
        "of": len(found.statistics),
        "naive_passed": found.naive_passed,
        "statistics": _records(found.statistics),
        "left_out": found.left_out,
        "unseen_weeks": _records(found.unseen),
        "forecasts": [asdict(one) for one in found.forecasts],
        "learnt": dict(found.process.learnt),
    }


def cohort_record(found: CohortValidation) -> dict[str, object]:
    """Return everything that the validation of a cohort found, ready for JSON."""
    marks = {name: [{**asdict(mark), "passes": mark.passes} for mark in rows] for name, rows in found.marks.items()}
    return {
        "name": found.name,
        "currency": found.currency,
        "customers": found.customers,
        "first_day": str(found.first_day),
        "calibration_end": str(found.calibration_end),
        "last_day": str(found.last_day),
        "populations": found.populations,
        "seed": found.seed,
        "judged": found.judged,
        "why": found.why,
        "against": found.against,
        "passed": found.passed,
        "of": len(found.marks[found.judged]),
        "marks": marks,
    }


def _records(judged: tuple[Judged, ...]) -> list[dict[str, object]]:
    return [{**asdict(one), "passes": one.passes, "naive_passes": one.naive_passes} for one in judged]
