"""Member files: a retailer's real members on one morning, checked, without a personal field, ready to open a world."""

import importlib
from typing import TYPE_CHECKING

from .lots import NEVER_GONE, DatedLots, dated_lots, months_kept
from .manifest import MemberManifest
from .members import Members
from .policy_checks import (
    STANDARD_PLAN,
    fail_if_members_do_not_fit,
    notices_under,
    plans_of,
    tiers_that_spend_does_not_reach,
)
from .report import Known, what_is_known

if TYPE_CHECKING:
    from .page import member_file_page
    from .reading import load_members, members_from
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

_LAZY = {
    "page": ("member_file_page",),
    "reading": ("load_members", "members_from"),
    "writing": ("lot_table", "member_table", "write_members"),
}
"""Files that read and write tables, which brings pandas, and their names on this face."""


def __getattr__(name: str) -> object:
    """Return a name of what reads and writes member files when it is first asked for."""
    for file, names in _LAZY.items():
        if name in names:
            return getattr(importlib.import_module(f".{file}", __name__), name)
    raise AttributeError(f"module '{__name__}' has no attribute {name!r}")
