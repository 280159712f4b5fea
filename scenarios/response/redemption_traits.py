"""Redemption as a trait of customers: who redeems, how often again, and when within a campaign.

Serves the priors of coupon use, and whoever plans expiry dates.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from .campaign_log import CampaignLog

FIFTHS = 5
REPEATED = 3
"""Campaigns a customer must have been in to tell whether redemption repeats."""
FEWEST_REDEMPTIONS = 30


@dataclass(frozen=True, slots=True)
class KindOfOffer:
    """Redemption of the offers of one kind and scope, per customer and campaign."""

    name: str
    campaigns: int
    targeted: int
    """Customers targeted, once a campaign."""
    redeeming_share: float
    per_redeemer: float
    """Redemptions of one who redeems, a campaign."""
    by_fifth: tuple[float, ...]
    """Share redeeming by fifth of those targeted, by their spend in the log, lowest first."""


@dataclass(frozen=True, slots=True)
class RedemptionTraits:
    """How redemption is spread over customers and time."""

    kinds: tuple[KindOfOffer, ...]
    ever: float
    """Share of targeted customers who ever redeem."""
    repeat: tuple[float, float, float, float] | None
    """Of customers in at least 3 campaigns: never, once, twice, more often; None if there are few."""
    rank_correlation: float
    """Spearman correlation of a customer's redeeming share with its spend."""
    timing: tuple[float, float, float]
    """Moments of the first, second and third quarter of redemptions, as shares of the campaign."""
    last_fifth: float
    """Share of redemptions in the last fifth of the campaign: 0.2 if they came evenly."""


def redemption_traits(log: CampaignLog, offers: tuple[str, ...]) -> RedemptionTraits | None:
    """Return the traits for `offers`; None with fewer than 30 redemptions by customers who were sent the offer."""
    sent = log.exposures[log.exposures["offer_id"].isin(offers) & ~log.exposures["control"]]
    sent = sent.drop_duplicates(["customer", "offer_id"])[["customer", "offer_id", "start", "end"]]
    sent = sent[(sent["end"] >= 0) & (sent["start"] < log.days)]
    used = log.redemptions.merge(sent, on=["customer", "offer_id"])
    if len(used) < FEWEST_REDEMPTIONS:
        return None
    counts = used.groupby(["customer", "offer_id"]).size().rename("count")
    cases = sent.join(counts, on=["customer", "offer_id"]).fillna({"count": 0})
    kind = (log.offers["kind"] + ", " + log.offers["scope"]).str.strip(", ")
    cases["kind"] = kind.reindex(cases["offer_id"]).to_numpy()
    spend = np.bincount(log.purchases["customer"], log.purchases["spend"], minlength=len(log.customers))
    by_customer = cases.assign(redeems=cases["count"] > 0).groupby("customer")["redeems"].agg(["sum", "mean", "size"])
    own_spend = spend[by_customer.index.to_numpy()]
    cases["spend"] = spend[cases["customer"].to_numpy()]
    moment = ((used["day"] - used["start"] + 0.5) / (used["end"] - used["start"] + 1)).clip(0.0, 1.0)
    first, second, third = np.quantile(moment, [0.25, 0.5, 0.75]).tolist()
    return RedemptionTraits(
        kinds=tuple(_kind(str(name), group) for name, group in cases.groupby("kind")),
        ever=float((by_customer["sum"] > 0).mean()),
        repeat=_repeat(by_customer),
        rank_correlation=float(stats.spearmanr(by_customer["mean"], own_spend).statistic),
        timing=(first, second, third),
        last_fifth=float((moment > 1 - 1 / FIFTHS).mean()),
    )


def _kind(name: str, cases: pd.DataFrame) -> KindOfOffer:
    redeeming = cases["count"] > 0
    per = float(cases["count"][redeeming].mean()) if redeeming.any() else 0.0
    borders = np.quantile(cases["spend"], np.arange(1, FIFTHS) / FIFTHS)
    fifth = np.searchsorted(borders, cases["spend"].to_numpy())
    by_fifth = redeeming.groupby(fifth).mean().reindex(range(FIFTHS), fill_value=0.0)
    return KindOfOffer(
        name, cases["offer_id"].nunique(), len(cases), float(redeeming.mean()), per, tuple(by_fifth.tolist())
    )


def _repeat(by_customer: pd.DataFrame) -> tuple[float, float, float, float] | None:
    times = by_customer.loc[by_customer["size"] >= REPEATED, "sum"]
    if len(times) < FEWEST_REDEMPTIONS:
        return None
    never, once, twice = (float((times == count).mean()) for count in range(3))
    return never, once, twice, 1.0 - never - once - twice
