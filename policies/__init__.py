"""Policies: what members are promised, as typed and checked data, and how every document of memberlab is read."""

from .amounts import money
from .catalogue import Catalogue, is_path, load_policy, policy_names, policy_path
from .categories import MOST_CATEGORIES, CategoryTerms
from .coupons import Coupons
from .differences import Difference, differences
from .document import Document, read_document
from .finding import Finding, Severity
from .give_back import GiveBack, give_back, tier_of
from .ladder import same_ladder, tiers_need_notes
from .lint import lint
from .membership import Membership
from .model import Change, RuleDocument, Section
from .names import Currency, Day, Label, Slug
from .notation import Notation, OrNever, SectionOrNever, fault
from .number import CountNotation, DecimalNotation, Number, NumberNotation, PositiveDecimal, PositiveNumber
from .plain_language import told
from .points import Earn, Expiry, Points, Redeem
from .policy import Policy
from .problems import DocumentError, Problem, hint
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
from .schema import json_schema
from .shipping import Shipping
from .stacking import OFFERS, Offer, Stacking
from .tiers import UNREACHABLE, Invitation, Tier
from .typical_shopper import Customers, TypicalShopper
from .validation import load_model, load_model_text, read_with_faults
from .writer import dump_model

__all__ = [
    "MOST_CATEGORIES",
    "OFFERS",
    "PERIOD_MONTHS",
    "UNREACHABLE",
    "Catalogue",
    "CategoryTerms",
    "Change",
    "CountNotation",
    "Coupons",
    "Currency",
    "Customers",
    "Day",
    "DecimalNotation",
    "Difference",
    "Discount",
    "Document",
    "DocumentError",
    "Earn",
    "Expiry",
    "Finding",
    "GiveBack",
    "Growth",
    "Invitation",
    "Label",
    "Membership",
    "Money",
    "MoneyNotation",
    "Multiplier",
    "MultiplierNotation",
    "Notation",
    "Number",
    "NumberNotation",
    "Observation",
    "Offer",
    "OrNever",
    "Percent",
    "PercentNotation",
    "Points",
    "Policy",
    "PositiveDecimal",
    "PositiveMoney",
    "PositiveNumber",
    "Problem",
    "Promise",
    "Qualification",
    "Redeem",
    "RuleDocument",
    "Section",
    "SectionOrNever",
    "Severity",
    "Shipping",
    "Slug",
    "SoftLanding",
    "Sprint",
    "Stacking",
    "Tier",
    "TypicalShopper",
    "differences",
    "dump_model",
    "fault",
    "give_back",
    "granted_level",
    "hint",
    "is_path",
    "json_schema",
    "lint",
    "load_model",
    "load_model_text",
    "load_policy",
    "money",
    "points_back",
    "policy_names",
    "policy_path",
    "promise",
    "read_document",
    "read_with_faults",
    "reference_page",
    "same_ladder",
    "tier_of",
    "tiers_need_notes",
    "told",
]
