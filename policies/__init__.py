"""Policies: what members are promised, as typed and checked data, and how every document of memberlab is read."""

from .activities import Activities
from .amounts import money
from .campaigns import MOST_CAMPAIGNS, MOST_STEPS, Balance, Budget, Campaign, ChallengeStep, Event, GiftStep
from .catalogue import Catalogue, is_path, load_policy, policy_names, policy_path
from .categories import MOST_CATEGORIES, CategoryTerms
from .contact import MOST_MESSAGES, Channel, Contact, Whitelist
from .coupons import Coupons
from .devaluation import Devaluation, in_force, part_lost
from .differences import Difference, differences, meanings, written_levers
from .document import Document, open_document, parse_document, read_document
from .earning import Caps, Earn, EarningBase
from .entitlement import Entitlement, is_entitled
from .expiry import Expiry, Inactivity, Reminder
from .finding import Finding, Severity
from .gifts import Gift
from .give_back import GiveBack, give_back, tier_of
from .html_card import html_card
from .instant_refund import InstantRefund
from .ladder import same_ladder, standing_needs_notes
from .lazy_face import lazy_face
from .lint import lint
from .membership import Membership
from .membership import Reminder as MembershipReminder
from .membership_benefits import MOST_PERKS, TierPerk, Vouchers
from .migration import Migration, TierMigration, tier_counterparts, worth_kept
from .model import Change, RuleDocument, Section
from .names import Currency, Day, Label, Slug
from .notation import Notation, OrNever, SectionOrNever, fault, shown
from .number import CountNotation, DecimalNotation, Number, NumberNotation, PositiveDecimal, PositiveNumber
from .occasions import LAST_LUNAR_YEAR, DayRange, Lunar, Occasion, Personal, day_ranges, personal_occasion
from .payment_options import Instalments, TrialBeforeBuy
from .places_in_file import problems_in_file
from .plain_language import told
from .points import Freeze, Points, PointsAtReturns, Redeem
from .policy import Policy
from .price_protection import PriceProtection
from .problems import DocumentError, Problem, closest, hint
from .promise import Promise, granted_level, points_back, promise
from .qualification import PERIOD_MONTHS, Growth, Observation, Qualification, SoftLanding, Sprint
from .quantities import (
    Discount,
    Money,
    MoneyNotation,
    Multiplier,
    MultiplierNotation,
    Percent,
    PercentNotation,
    PositiveMoney,
)
from .reference_page import reference_page
from .referral import Referral, Reward
from .rewards import AutomaticReward, Lottery, PriceEvent, Prize
from .schema import json_schema
from .sentence import Listing, Sentence
from .service import AnswerPromise, Service, Shift
from .shapes import addresses
from .shipping import Shipping
from .special_price_pool import SpecialPricePool
from .stacking import OFFERS, Offer, Stacking
from .target import STAGE_DAYS, STAGES, THIRDS, Target
from .tier_content import TierContent, content_of_tier, value_added_by_membership
from .tiers import UNREACHABLE, Invitation, Tier
from .typical_shopper import Customers, TypicalShopper
from .validation import load_model, load_model_text, model_from, read_with_faults
from .writer import dump_model, notation_of

__all__ = [
    "LAST_LUNAR_YEAR",
    "MOST_CAMPAIGNS",
    "MOST_CATEGORIES",
    "MOST_MESSAGES",
    "MOST_PERKS",
    "MOST_STEPS",
    "OFFERS",
    "PERIOD_MONTHS",
    "STAGES",
    "STAGE_DAYS",
    "THIRDS",
    "UNREACHABLE",
    "Activities",
    "AnswerPromise",
    "AutomaticReward",
    "Balance",
    "Budget",
    "Campaign",
    "Caps",
    "Catalogue",
    "CategoryTerms",
    "ChallengeStep",
    "Change",
    "Channel",
    "Contact",
    "CountNotation",
    "Coupons",
    "Currency",
    "Customers",
    "Day",
    "DayRange",
    "DecimalNotation",
    "Devaluation",
    "Difference",
    "Discount",
    "Document",
    "DocumentError",
    "Earn",
    "EarningBase",
    "Entitlement",
    "Event",
    "Expiry",
    "Finding",
    "Freeze",
    "Gift",
    "GiftStep",
    "GiveBack",
    "Growth",
    "Inactivity",
    "Instalments",
    "InstantRefund",
    "Invitation",
    "Label",
    "Listing",
    "Lottery",
    "Lunar",
    "Membership",
    "MembershipReminder",
    "Migration",
    "Money",
    "MoneyNotation",
    "Multiplier",
    "MultiplierNotation",
    "Notation",
    "Number",
    "NumberNotation",
    "Observation",
    "Occasion",
    "Offer",
    "OrNever",
    "Percent",
    "PercentNotation",
    "Personal",
    "Points",
    "PointsAtReturns",
    "Policy",
    "PositiveDecimal",
    "PositiveMoney",
    "PositiveNumber",
    "PriceEvent",
    "PriceProtection",
    "Prize",
    "Problem",
    "Promise",
    "Qualification",
    "Redeem",
    "Referral",
    "Reminder",
    "Reward",
    "RuleDocument",
    "Section",
    "SectionOrNever",
    "Sentence",
    "Service",
    "Severity",
    "Shift",
    "Shipping",
    "Slug",
    "SoftLanding",
    "SpecialPricePool",
    "Sprint",
    "Stacking",
    "Target",
    "Tier",
    "TierContent",
    "TierMigration",
    "TierPerk",
    "TrialBeforeBuy",
    "TypicalShopper",
    "Vouchers",
    "Whitelist",
    "addresses",
    "closest",
    "content_of_tier",
    "day_ranges",
    "differences",
    "dump_model",
    "fault",
    "give_back",
    "granted_level",
    "hint",
    "html_card",
    "in_force",
    "is_entitled",
    "is_path",
    "json_schema",
    "lazy_face",
    "lint",
    "load_model",
    "load_model_text",
    "load_policy",
    "meanings",
    "model_from",
    "money",
    "notation_of",
    "open_document",
    "parse_document",
    "part_lost",
    "personal_occasion",
    "points_back",
    "policy_names",
    "policy_path",
    "problems_in_file",
    "promise",
    "read_document",
    "read_with_faults",
    "reference_page",
    "same_ladder",
    "shown",
    "standing_needs_notes",
    "tier_counterparts",
    "tier_of",
    "told",
    "value_added_by_membership",
    "worth_kept",
    "written_levers",
]
