"""The fee finder: what the yearly fee of a paid membership does to margin, members and retention."""

from .finder import FeeFound, FeeOutcome, FeePoint, fee_grid, fee_shortfall, fees_between, find_fee, own_fee
from .lives import members_judged

__all__ = [
    "FeeFound",
    "FeeOutcome",
    "FeePoint",
    "fee_grid",
    "fee_shortfall",
    "fees_between",
    "find_fee",
    "members_judged",
    "own_fee",
]
