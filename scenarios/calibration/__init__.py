"""Calibration: from a log of real purchases to a population that buys, leaves and spends as its customers did."""

from . import bg_nbd, gamma_gamma, nbd, pareto_nbd
from .base_process import BaseProcess, CouponProcess, DealProcess, SpendProcess, VisitProcess
from .calibrate import calibrate, fit_candidates, purchases_section
from .choice import Candidate, Choice, choose
from .fit_base_process import fit_base_process
from .frequency_and_spend import Correlation, correlation_of_frequency_and_spend
from .holdout import ForecastScores, HoldoutScores, SpendScores, forecast_scores
from .maximum_likelihood import Fitted
from .process_population import population_sections, spend_section
from .process_simulation import entry_days, simulate_log, with_deals
from .purchase_history import PurchaseHistory, PurchaseModel, RatePosterior, SpendHistory
from .retail_visits import visits_of_retail_log
from .silences import Silences, fit_silences
from .spend_levels import fit_repeat_spend
from .spend_statistics import spend_variances
from .transaction_log import IdenticalRows, TransactionLog, read_transaction_log, transaction_log_of
from .validation_statistics import (
    STATISTICS,
    ValidationStatistic,
    bootstrap_errors,
    left_out,
    peak_week,
    validation_statistics,
)
from .visit_forecast import forecast_visits
from .visit_log import VisitLog, visit_log_from, visit_log_of
from .visit_log_reading import ReadVisits, read_visit_log, visit_log_of_frame
from .windows import Window, calibration_end, fail_if_too_short, window_of
from .with_base_process import why_no_rhythm, with_base_process

__all__ = [
    "STATISTICS",
    "BaseProcess",
    "Candidate",
    "Choice",
    "Correlation",
    "CouponProcess",
    "DealProcess",
    "Fitted",
    "ForecastScores",
    "HoldoutScores",
    "IdenticalRows",
    "PurchaseHistory",
    "PurchaseModel",
    "RatePosterior",
    "ReadVisits",
    "Silences",
    "SpendHistory",
    "SpendProcess",
    "SpendScores",
    "TransactionLog",
    "ValidationStatistic",
    "VisitLog",
    "VisitProcess",
    "Window",
    "bg_nbd",
    "bootstrap_errors",
    "calibrate",
    "calibration_end",
    "choose",
    "correlation_of_frequency_and_spend",
    "entry_days",
    "fail_if_too_short",
    "fit_base_process",
    "fit_candidates",
    "fit_repeat_spend",
    "fit_silences",
    "forecast_scores",
    "forecast_visits",
    "gamma_gamma",
    "left_out",
    "nbd",
    "pareto_nbd",
    "peak_week",
    "population_sections",
    "purchases_section",
    "read_transaction_log",
    "read_visit_log",
    "simulate_log",
    "spend_section",
    "spend_variances",
    "transaction_log_of",
    "validation_statistics",
    "visit_log_from",
    "visit_log_of",
    "visit_log_of_frame",
    "visits_of_retail_log",
    "why_no_rhythm",
    "window_of",
    "with_base_process",
    "with_deals",
]
