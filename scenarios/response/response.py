"""Everything that a log tells about campaigns: which offers have a lift, which have none that can be told, and why.

Serves `memberlab lift`, reports and the validation of the lab.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from memberlab.policies import DocumentError, Problem

from .basket_deals import BasketDeals, basket_deals
from .campaign_log import CampaignLog
from .observational_answers import Observational, observational_answers
from .own_price import PriceResponse, price_response
from .randomised_lift import RandomisedLift, randomised_lift
from .redemption_traits import RedemptionTraits, redemption_traits
from .weekly_panel import weekly_panel


@dataclass(frozen=True, slots=True)
class CampaignResponse:
    """The answers of one log; what it cannot tell is None or empty, and `notices` say why."""

    log: CampaignLog
    randomised: tuple[RandomisedLift, ...]
    observational: Observational | None
    price: PriceResponse | None
    deals: BasketDeals | None
    redemption: RedemptionTraits | None
    notices: tuple[str, ...]


def campaign_response(
    log: CampaignLog,
    offers: tuple[str, ...] = (),
    *,
    planned_share: float | None = None,
    product_weeks: pd.DataFrame | None = None,
    basket_lines: pd.DataFrame | None = None,
) -> CampaignResponse:
    """Return what the log tells about `offers` (all that were sent, without any named) and about prices.

    An offer with a row assigned by chance is taken as a trial; all others together are observational. Raise
    DocumentError for offers that are unknown or were sent to nobody, for each named one that cannot be read, and where
    nothing can be told at all.
    """
    chosen = log.offers_named(offers)
    by_chance = set(log.exposures.loc[log.exposures["assigned_by"] == "random", "offer_id"])
    problems: list[Problem] = []
    randomised = []
    for offer in (one for one in chosen if one in by_chance):
        try:
            randomised.append(randomised_lift(log, offer, planned_share))
        except DocumentError as fault:
            problems += fault.problems
    observational = None
    if others := tuple(one for one in chosen if one not in by_chance):
        try:
            observational = observational_answers(log, others)
        except DocumentError as fault:
            problems += fault.problems
    if problems and (offers or not (randomised or observational)):
        raise DocumentError(problems)
    price = None if product_weeks is None else price_response(product_weeks)
    notices = [f"{problem.field}: {problem.message}" for problem in problems]
    if product_weeks is None:
        notices.append("price response: the log has no lines, and no product-weeks were given")
    elif price is None:
        notices.append("price response: fewer than 20 products were sold in at least 15 weeks")
    deals = None if basket_lines is None else basket_deals(basket_lines, weekly_panel(log, chosen))
    redemption = redemption_traits(log, chosen)
    if redemption is None:
        notices.append("redemption: fewer than 30 redemptions by customers who were sent the offer")
    return CampaignResponse(log, tuple(randomised), observational, price, deals, redemption, tuple(notices))
