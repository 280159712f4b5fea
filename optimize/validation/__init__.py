"""Validation: does a market that was fitted to some customers live as others did, whom the fit never saw?"""

from .cohort import POPULATIONS, CohortValidation, validate_cohort
from .cohort_marks import CohortLives, CohortMark, Standard
from .forecasts import VisitForecast
from .judging import Judged, judge
from .naive import simulate_naive
from .page import cohort_page, cohort_summary, figure_told, validation_page, validation_summary, within_or_missed
from .report_tables import cohort_tables, validation_tables
from .shapes import shape_of
from .simulated_log import simulate_market
from .split import Customers, split_by_sets, split_customers
from .tables import cohort_record, statistics_table, validation_record
from .validate import REPLICATIONS, Validation, population_of, validate

__all__ = [
    "POPULATIONS",
    "REPLICATIONS",
    "CohortLives",
    "CohortMark",
    "CohortValidation",
    "Customers",
    "Judged",
    "Standard",
    "Validation",
    "VisitForecast",
    "cohort_page",
    "cohort_record",
    "cohort_summary",
    "cohort_tables",
    "figure_told",
    "judge",
    "population_of",
    "shape_of",
    "simulate_market",
    "simulate_naive",
    "split_by_sets",
    "split_customers",
    "statistics_table",
    "validate",
    "validate_cohort",
    "validation_page",
    "validation_record",
    "validation_summary",
    "validation_tables",
    "within_or_missed",
]
