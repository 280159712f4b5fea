"""Calibration: from a log of real purchases to a population that buys, leaves and spends as its customers did."""

from . import bg_nbd, gamma_gamma, nbd, pareto_nbd
from .calibrate import calibrate
from .choice import Candidate, Choice, choose
from .frequency_and_spend import Correlation, correlation_of_frequency_and_spend
from .holdout import HoldoutScores, SpendScores
from .maximum_likelihood import Fitted
from .purchase_history import PurchaseHistory, PurchaseModel, RatePosterior, SpendHistory
from .transaction_log import TransactionLog, read_transaction_log, transaction_log_of

__all__ = [
    "Candidate",
    "Choice",
    "Correlation",
    "Fitted",
    "HoldoutScores",
    "PurchaseHistory",
    "PurchaseModel",
    "RatePosterior",
    "SpendHistory",
    "SpendScores",
    "TransactionLog",
    "bg_nbd",
    "calibrate",
    "choose",
    "correlation_of_frequency_and_spend",
    "gamma_gamma",
    "nbd",
    "pareto_nbd",
    "read_transaction_log",
    "transaction_log_of",
]
