"""Campaign and discount response from a log: lifts from randomised tables, and what observational exposure is worth."""

from .additive_or_proportional import FormOfLift, form_of_lift
from .arms import Arms, arms_of
from .balance import Balance, balance_of
from .basket_deals import BasketDeals, basket_deals, basket_lines_of
from .campaign_log import CampaignLog, campaign_log, campaign_log_of
from .estimate import Estimate
from .exposed_weeks import exposed_over_unexposed, with_customer_and_week_effects
from .first_exposure import FirstExposure, around_first_exposure, known_customers
from .learnt_response import (
    LearntEffect,
    LearntLift,
    LearntPrice,
    LearntResponse,
    learnt_response,
    load_learnt_response,
)
from .matched_differences import Windows, matched_differences
from .observational_answers import Answer, Observational, observational_answers
from .own_price import PriceResponse, ProductSpread, price_response, product_weeks_of, read_product_weeks, true_sd
from .randomised_lift import OutcomeLift, RandomisedLift, Redeemed, randomised_lift
from .redemption_traits import KindOfOffer, RedemptionTraits, redemption_traits
from .response import CampaignResponse, campaign_response
from .response_in_words import PRIOR_LIFT, lift_in_words, observational_in_words, price_in_words, share_told
from .two_way_effects import Coefficients, effects_on_each, two_way_effects
from .weekly_panel import NEVER, WeeklyPanel, weekly_panel

__all__ = [
    "NEVER",
    "PRIOR_LIFT",
    "Answer",
    "Arms",
    "Balance",
    "BasketDeals",
    "CampaignLog",
    "CampaignResponse",
    "Coefficients",
    "Estimate",
    "FirstExposure",
    "FormOfLift",
    "KindOfOffer",
    "LearntEffect",
    "LearntLift",
    "LearntPrice",
    "LearntResponse",
    "Observational",
    "OutcomeLift",
    "PriceResponse",
    "ProductSpread",
    "RandomisedLift",
    "Redeemed",
    "RedemptionTraits",
    "WeeklyPanel",
    "Windows",
    "arms_of",
    "around_first_exposure",
    "balance_of",
    "basket_deals",
    "basket_lines_of",
    "campaign_log",
    "campaign_log_of",
    "campaign_response",
    "effects_on_each",
    "exposed_over_unexposed",
    "form_of_lift",
    "known_customers",
    "learnt_response",
    "lift_in_words",
    "load_learnt_response",
    "matched_differences",
    "observational_answers",
    "observational_in_words",
    "price_in_words",
    "price_response",
    "product_weeks_of",
    "randomised_lift",
    "read_product_weeks",
    "redemption_traits",
    "share_told",
    "true_sd",
    "two_way_effects",
    "weekly_panel",
    "with_customer_and_week_effects",
]
