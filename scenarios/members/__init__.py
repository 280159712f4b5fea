"""Member files: a retailer's real members on one morning, checked, without a personal field, ready to open a world."""

from .lots import NEVER_GONE, DatedLots, dated_lots, months_kept
from .manifest import MemberManifest
from .members import Members
from .page import member_file_page
from .policy_checks import (
    STANDARD_PLAN,
    fail_if_members_do_not_fit,
    notices_under,
    plans_of,
    tiers_that_spend_does_not_reach,
)
from .reading import load_members, members_from
from .report import Known, what_is_known
from .writing import lot_table, member_table, write_members

__all__ = [
    "NEVER_GONE",
    "STANDARD_PLAN",
    "DatedLots",
    "Known",
    "MemberManifest",
    "Members",
    "dated_lots",
    "fail_if_members_do_not_fit",
    "load_members",
    "lot_table",
    "member_file_page",
    "member_table",
    "members_from",
    "months_kept",
    "notices_under",
    "plans_of",
    "tiers_that_spend_does_not_reach",
    "what_is_known",
    "write_members",
]
