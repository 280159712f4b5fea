"""Policies: what members are promised, as typed and checked data, and how every document of memberlab is read."""

from .activities import Activities, Challenge, ChallengeStep
from .catalogue import Catalogue, is_path, load_policy, policy_names, policy_path
from .differences import Difference, differences
from .document import Document, read_document
from .earning import Caps, Earn, EarningBase
from .expiry import Expiry, Inactivity, Reminder
from .finding import Finding, Severity
from .give_back import GiveBack, give_back, tier_of
from .lint import lint
from .membership import Membership
from .model import Change, RuleDocument, Section
from .names import Currency, Day, Label, Slug
from .notation import Notation, OrNever, SectionOrNever, fault
from .number import CountNotation, DecimalNotation, Number, NumberNotation, PositiveDecimal, PositiveNumber
from .plain_language import money, told
from .points import Freeze, Points, PointsAtReturns, Redeem
from .policy import Policy
from .problems import DocumentError, Problem, hint
from .promise import Promise, points_back, promise
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
from .rewards import AutomaticReward, Lottery, PriceEvent, Prize, Reward
from .schema import json_schema
from .shipping import Shipping
from .tiers import Tier
from .typical_shopper import Customers, TypicalShopper
from .validation import load_model, load_model_text, read_with_faults
from .writer import dump_model

__all__ = [
    "Activities",
    "AutomaticReward",
    "Caps",
    "Catalogue",
    "Challenge",
    "ChallengeStep",
    "Change",
    "CountNotation",
    "Currency",
    "Customers",
    "Day",
    "DecimalNotation",
    "Difference",
    "Discount",
    "Document",
    "DocumentError",
    "Earn",
    "EarningBase",
    "Expiry",
    "Finding",
    "Freeze",
    "GiveBack",
    "Inactivity",
    "Label",
    "Lottery",
    "Membership",
    "Money",
    "MoneyNotation",
    "Multiplier",
    "MultiplierNotation",
    "Notation",
    "Number",
    "NumberNotation",
    "OrNever",
    "Percent",
    "PercentNotation",
    "Points",
    "PointsAtReturns",
    "Policy",
    "PositiveDecimal",
    "PositiveMoney",
    "PositiveNumber",
    "PriceEvent",
    "Prize",
    "Problem",
    "Promise",
    "Redeem",
    "Reminder",
    "Reward",
    "RuleDocument",
    "Section",
    "SectionOrNever",
    "Severity",
    "Shipping",
    "Slug",
    "Tier",
    "TypicalShopper",
    "differences",
    "dump_model",
    "fault",
    "give_back",
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
    "tier_of",
    "told",
]
