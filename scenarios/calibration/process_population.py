"""A fitted base process as the sections of a population file: rhythm, spend by quantiles, entry, traits, what was
learnt.

Serves `memberlab calibrate`, which writes them, and the validation, which lives in the market that they make.
"""

from __future__ import annotations

import numpy as np

from ..rhythm import with_mean_one
from .base_process import BaseProcess, SpendProcess
from .records import significant
from .visit_log import WEEK, FloatArray

DROPOUT_SHAPE = 1.0
"""Shape of the hazards of leaving: exponential over shoppers. A panel of a year or two cannot tell it."""


def population_sections(process: BaseProcess) -> dict[str, object]:
    """Return the sections of a population file that a base process fills, in file notation."""
    visits, spend = process.visits, process.spend
    purchases: dict[str, object] = {
        "model": "pareto-nbd",
        "r": significant(visits.shape, 6),
        "alpha_weeks": significant(visits.shape / (WEEK * visits.rate), 6),
    }
    if visits.leaving > 0:
        purchases |= {"s": DROPOUT_SHAPE, "beta_weeks": significant(DROPOUT_SHAPE / visits.leaving, 6)}
    rhythm: dict[str, object] = {
        "weekdays": _with_mean_one("weekdays", visits.weekdays),
        "month_days": _with_mean_one("month_days", visits.month_days),
        "weeks": _with_mean_one("weeks", visits.weeks),
        "basket_weeks": _with_mean_one("basket_weeks", spend.basket_weeks),
        "gaps": _rounded(visits.gaps),
        "drift": [
            {"weeks": weeks, "spread": significant(spread, 4)} for weeks, spread in visits.drift if spread >= 0.005
        ],
    }
    sections: dict[str, object] = {
        "purchases": purchases,
        "spend": spend_section(spend),
        "frequency_spend_correlation": significant(spend.correlation, 4),
        "rhythm": {name: value for name, value in rhythm.items() if not _is_flat(value)},
        "learnt": process.learnt,
    }
    if visits.late > 0:
        sections["entry"] = {"quantiles": _rounded(visits.entry)}
    traits: dict[str, object] = {}
    if process.deals is not None:
        traits["deal_share"] = {
            "mean": significant(process.deals.mean, 4),
            "spread": significant(process.deals.spread, 4),
        }
    if process.coupons is not None:
        traits["coupon_use"] = {
            "share_of_shoppers": significant(process.coupons.share, 4),
            "per_order": significant(process.coupons.per_order, 4),
            "rank_correlation_with_spend": significant(process.coupons.correlation, 4),
        }
    if traits:
        sections["traits"] = traits
    return sections


def spend_section(spend: SpendProcess) -> dict[str, object]:
    """Return the section of a population file that holds spend by quantiles."""
    return {
        "model": "quantiles",
        "level": significant(spend.level, 6),
        "between": _rounded(spend.between),
        "within": _rounded(spend.within),
        "gap_slope": significant(spend.gap_slope, 4),
    }


def _with_mean_one(part: str, multipliers: FloatArray) -> list[float]:
    return _rounded(np.asarray(with_mean_one(part, multipliers.tolist())))


def _rounded(values: FloatArray) -> list[float]:
    return [round(float(value), 4) for value in values]


def _is_flat(value: object) -> bool:
    return isinstance(value, list) and (not value or all(one == 1.0 for one in value))
