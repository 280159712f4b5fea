"""Policies: what members are promised, as typed and checked data, and how every document of memberlab is read."""

from .catalogue import Catalogue, is_path, load_policy, policy_names
from .document import Document, read_document
from .membership import Membership
from .model import Change, RuleDocument, Section
from .names import Currency, Day, Label, Slug
from .notation import Notation, OrNever, SectionOrNever, fault
from .number import CountNotation, DecimalNotation, Number, NumberNotation, PositiveDecimal, PositiveNumber
from .points import Earn, Expiry, Points, Redeem
from .policy import Policy
from .problems import DocumentError, Problem, hint
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
from .schema import json_schema
from .shipping import Shipping
from .tiers import Tier
from .validation import load_model, load_model_text, read_with_faults
from .writer import dump_model

__all__ = [
    "Catalogue",
    "Change",
    "CountNotation",
    "Currency",
    "Day",
    "DecimalNotation",
    "Discount",
    "Document",
    "DocumentError",
    "Earn",
    "Expiry",
    "Label",
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
    "Policy",
    "PositiveDecimal",
    "PositiveMoney",
    "PositiveNumber",
    "Problem",
    "Redeem",
    "RuleDocument",
    "Section",
    "SectionOrNever",
    "Shipping",
    "Slug",
    "Tier",
    "dump_model",
    "fault",
    "hint",
    "is_path",
    "json_schema",
    "load_model",
    "load_model_text",
    "load_policy",
    "policy_names",
    "read_document",
    "read_with_faults",
]
