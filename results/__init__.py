"""What a run means: measures by shopper, KPIs, paired uplift, the margin bridge, pictures, run store and finance."""

import importlib
from typing import TYPE_CHECKING

from .assumptions_page import assumptions_page, facts_told
from .bridge import BridgeLine, BridgeParts, bridge_parts, bridge_totals, margin_bridge
from .budget import (
    CAPPED_BENEFITS,
    Budget,
    BudgetCheck,
    Ceiling,
    CeilingCheck,
    DailyCosts,
    LiabilityCeiling,
    PeriodCheck,
    Verdict,
    check_budget,
    daily_costs,
    fail_if_budget_does_not_fit,
    is_promised,
    load_budget,
    merge_costs,
    stored_costs,
)
from .campaigns import CampaignLine, campaign_lines
from .claims_picture import ClaimPoint, claims_picture
from .evidence_picture import EvidencePoint, evidence_picture
from .finance.lived_books import ACCOUNT, LivedBooks, lived_books, merge_lived_books
from .hunters import HunterLine, hunter_lines, hunters_in
from .kpis import KPIS, Kpi, Unit
from .lift_assumptions import lift_assumptions
from .lift_page import lift_page
from .lift_picture import lift_picture
from .lift_rows import LiftRow, lift_rows
from .log_pictures import log_pictures
from .measures import COLUMNS, shopper_measures
from .money import axis_scale, lift_told, written, written_difference
from .pareto_picture import ParetoPoint, Role, pareto_picture, relative_change
from .pictures import margin_bridge_picture, new_figure, save_picture
from .rollout_measures import FIGURES, Moments, Sight, added_moments, added_sights, moments_of, shopper_accounts
from .rollout_picture import WeekPoint, rollout_picture
from .run_store import MANIFEST, fail_if_not_usable, new_run, write_manifest
from .service_level import ServiceLevel, service_levels
from .tornado_picture import TornadoBar, tornado_picture
from .twins import Decomposition, decompose
from .uplift import CONFIDENCE, Uplift, paired_uplift, uplift_across_worlds
from .validation_pictures import (
    LogShape,
    cohort_picture,
    validation_pictures,
)

if TYPE_CHECKING:
    from .cutover.catalogue import FRAMES
    from .cutover.frames import CHANGE_STEPS
    from .cutover.give_back_by_member import give_back_by_member, list_values
    from .cutover.launch_day import LaunchDay, YearOrders
    from .cutover.picture import cutover_picture
    from .cutover.report import BlastRadius, blast_radius
    from .finance.audit import Audit, Finding, audit
    from .finance.books import RunBooks, books_of
    from .finance.breakage import breakage
    from .finance.catalogue import CATALOGUE, STATEMENTS, Statement
    from .finance.chain_ladder import ChainLadder, chain_ladder
    from .finance.chart_of_accounts import ACCOUNTS, LedgerAccount
    from .finance.checks import CHECKS
    from .finance.ifrs15 import allocated, expected_in_all, recognised, stand_alone_price
    from .finance.integer_shares import apportioned, rounded
    from .finance.statements import Period, months_of, statements_of
    from .finance.store import arms_of, read_books, write_books
    from .finance.survival import Survival, survival
    from .workbook.workbook import write_workbook

__all__ = [
    "ACCOUNT",
    "ACCOUNTS",
    "CAPPED_BENEFITS",
    "CATALOGUE",
    "CHANGE_STEPS",
    "CHECKS",
    "COLUMNS",
    "CONFIDENCE",
    "FIGURES",
    "FRAMES",
    "KPIS",
    "MANIFEST",
    "STATEMENTS",
    "Audit",
    "BlastRadius",
    "BridgeLine",
    "BridgeParts",
    "Budget",
    "BudgetCheck",
    "CampaignLine",
    "Ceiling",
    "CeilingCheck",
    "ChainLadder",
    "ClaimPoint",
    "DailyCosts",
    "Decomposition",
    "EvidencePoint",
    "Finding",
    "HunterLine",
    "Kpi",
    "LaunchDay",
    "LedgerAccount",
    "LiabilityCeiling",
    "LiftRow",
    "LivedBooks",
    "LogShape",
    "Moments",
    "ParetoPoint",
    "Period",
    "PeriodCheck",
    "Role",
    "RunBooks",
    "ServiceLevel",
    "Sight",
    "Statement",
    "Survival",
    "TornadoBar",
    "Unit",
    "Uplift",
    "Verdict",
    "WeekPoint",
    "YearOrders",
    "added_moments",
    "added_sights",
    "allocated",
    "apportioned",
    "arms_of",
    "assumptions_page",
    "audit",
    "axis_scale",
    "blast_radius",
    "books_of",
    "breakage",
    "bridge_parts",
    "bridge_totals",
    "campaign_lines",
    "chain_ladder",
    "check_budget",
    "claims_picture",
    "cohort_picture",
    "cutover_picture",
    "daily_costs",
    "decompose",
    "evidence_picture",
    "expected_in_all",
    "facts_told",
    "fail_if_budget_does_not_fit",
    "fail_if_not_usable",
    "give_back_by_member",
    "hunter_lines",
    "hunters_in",
    "is_promised",
    "lift_assumptions",
    "lift_page",
    "lift_picture",
    "lift_rows",
    "lift_told",
    "list_values",
    "lived_books",
    "load_budget",
    "log_pictures",
    "margin_bridge",
    "margin_bridge_picture",
    "merge_costs",
    "merge_lived_books",
    "moments_of",
    "months_of",
    "new_figure",
    "new_run",
    "paired_uplift",
    "pareto_picture",
    "read_books",
    "recognised",
    "relative_change",
    "rollout_picture",
    "rounded",
    "save_picture",
    "service_levels",
    "shopper_accounts",
    "shopper_measures",
    "stand_alone_price",
    "statements_of",
    "stored_costs",
    "survival",
    "tornado_picture",
    "uplift_across_worlds",
    "validation_pictures",
    "write_books",
    "write_manifest",
    "write_workbook",
    "written",
    "written_difference",
]

_CUTOVER = {
    "catalogue": ("FRAMES",),
    "frames": ("CHANGE_STEPS",),
    "give_back_by_member": ("give_back_by_member", "list_values"),
    "launch_day": ("LaunchDay", "YearOrders"),
    "picture": ("cutover_picture",),
    "report": ("BlastRadius", "blast_radius"),
}
"""The same of `cutover`."""

_FINANCE = {
    "audit": ("Audit", "Finding", "audit"),
    "chain_ladder": ("ChainLadder", "chain_ladder"),
    "survival": ("Survival", "survival"),
    "books": ("RunBooks", "books_of"),
    "breakage": ("breakage",),
    "catalogue": ("CATALOGUE", "STATEMENTS", "Statement"),
    "chart_of_accounts": ("ACCOUNTS", "LedgerAccount"),
    "checks": ("CHECKS",),
    "ifrs15": ("allocated", "expected_in_all", "recognised", "stand_alone_price"),
    "integer_shares": ("apportioned", "rounded"),
    "statements": ("Period", "months_of", "statements_of"),
    "store": ("arms_of", "read_books", "write_books"),
}
"""Names of the face that need pandas, by the file of `finance` that holds them."""


def __getattr__(name: str) -> object:
    """Return a name of finance or of a cut-over, importing its file when it is first asked for."""
    for folder, files in (("finance", _FINANCE), ("cutover", _CUTOVER)):
        for file, names in files.items():
            if name in names:
                return getattr(importlib.import_module(f"{__name__}.{folder}.{file}"), name)
    if name == "write_workbook":  # brings XlsxWriter besides
        return importlib.import_module(f"{__name__}.workbook.workbook").write_workbook
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
