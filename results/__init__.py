"""What a run means: measures by shopper, KPIs, paired uplift, the margin bridge, pictures, run store and finance."""

from typing import TYPE_CHECKING

from memberlab.policies import lazy_face

if TYPE_CHECKING:
    from .assumptions_page import assumptions_page, facts_told
    from .box_picture import BoxAxis, box_picture
    from .bridge import BRIDGE_STEPS, BridgeLine, BridgeParts, bridge_parts, bridge_totals, margin_bridge
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
    from .comparison.all_tables import breakdown_tables, lived_tables
    from .comparison.catalogue import TABLES, ComparisonTable, comparison_tables_page
    from .comparison.cell_uplift import CellUplifts, cell_uplifts
    from .comparison.cells import BREAKDOWNS, Breakdown, Sorting
    from .comparison.compared_arm import ComparedArm, ComparedScenario
    from .comparison.lived_history import LivedHistory, lived_history, merge_histories
    from .comparison.pictures import decile_picture, retention_picture, tier_flow_picture
    from .comparison.weekly_flow import weekly_flow
    from .cutover.catalogue import FRAMES
    from .cutover.frames import CHANGE_STEPS
    from .cutover.give_back_by_member import give_back_by_member, list_values
    from .cutover.launch_day import LaunchDay, YearOrders
    from .cutover.picture import cutover_picture
    from .cutover.report import BlastRadius, blast_radius
    from .evidence_picture import EvidencePoint, evidence_picture
    from .fee_picture import FeeDrawn, fee_picture
    from .finance.audit import Audit, Finding, audit
    from .finance.books import RunBooks, books_of
    from .finance.breakage import breakage
    from .finance.catalogue import CATALOGUE, STATEMENTS, Statement, statements_page
    from .finance.chain_ladder import ChainLadder, chain_ladder
    from .finance.chart_of_accounts import ACCOUNTS, LedgerAccount
    from .finance.checks import CHECKS
    from .finance.ifrs15 import allocated, expected_in_all, recognised, stand_alone_price
    from .finance.integer_shares import apportioned, rounded
    from .finance.lived_books import ACCOUNT, LivedBooks, lived_books, merge_lived_books
    from .finance.statements import Period, months_of, statements_of
    from .finance.store import arms_of, read_books, write_books
    from .finance.survival import Survival, survival
    from .hunters import HunterLine, hunter_lines, hunters_in
    from .importance_picture import LeverBar, importance_picture
    from .index_picture import IndexBar, index_picture
    from .joint_errors import JointErrors, joint_band, joint_errors
    from .kpis import KPIS, Kpi, Unit, kpis_page
    from .lift.assumptions import lift_assumptions
    from .lift.page import lift_page
    from .lift.picture import lift_picture
    from .lift.rows import LiftRow, lift_rows
    from .log_pictures import log_pictures
    from .measures import COLUMNS, shopper_measures
    from .money import axis_scale, lift_told, written, written_difference
    from .pareto_picture import ParetoPoint, Role, pareto_picture, relative_change
    from .picture_style import COLOURS, SERIES, MissingSigns, fonts, missing_signs
    from .pictures import margin_bridge_picture, new_figure, save_picture
    from .pilot_picture import Curve, ReplayedPilot, pilot_picture
    from .recommendation_picture import AlongValues, recommendation_picture
    from .report.report import REPORT, REPORTS, write_report
    from .report.verdict import comparison_verdict
    from .report.wording import LANGUAGES, Wording
    from .rollout_measures import FIGURES, Moments, Sight, added_moments, added_sights, moments_of, shopper_accounts
    from .rollout_picture import WeekPoint, rollout_picture
    from .run_index import FoundRun, find_runs, read_run
    from .run_places import LAST, RUNS_VARIABLE, run_meant, runs_below
    from .run_store import AGAINST_TODAY, FORMAT, MANIFEST, fail_if_not_usable, new_run, write_manifest, write_table
    from .service_level import ServiceLevel, service_levels
    from .sweep_picture import SweepAxis, sweep_line_picture, sweep_map_picture
    from .tornado_picture import TornadoBar, tornado_picture
    from .twins import Decomposition, decompose
    from .uplift import CONFIDENCE, Uplift, paired_uplift, uplift_across_worlds
    from .validation_pictures import (
        LogShape,
        cohort_picture,
        validation_pictures,
    )
    from .workbook.workbook import write_workbook
else:
    lazy_face(__name__)

__all__ = [
    "ACCOUNT",
    "ACCOUNTS",
    "AGAINST_TODAY",
    "BREAKDOWNS",
    "BRIDGE_STEPS",
    "CAPPED_BENEFITS",
    "CATALOGUE",
    "CHANGE_STEPS",
    "CHECKS",
    "COLOURS",
    "COLUMNS",
    "CONFIDENCE",
    "FIGURES",
    "FORMAT",
    "FRAMES",
    "KPIS",
    "LANGUAGES",
    "LAST",
    "MANIFEST",
    "REPORT",
    "REPORTS",
    "RUNS_VARIABLE",
    "SERIES",
    "STATEMENTS",
    "TABLES",
    "AlongValues",
    "Audit",
    "BlastRadius",
    "BoxAxis",
    "Breakdown",
    "BridgeLine",
    "BridgeParts",
    "Budget",
    "BudgetCheck",
    "CampaignLine",
    "Ceiling",
    "CeilingCheck",
    "CellUplifts",
    "ChainLadder",
    "ClaimPoint",
    "ComparedArm",
    "ComparedScenario",
    "ComparisonTable",
    "Curve",
    "DailyCosts",
    "Decomposition",
    "EvidencePoint",
    "FeeDrawn",
    "Finding",
    "FoundRun",
    "HunterLine",
    "IndexBar",
    "JointErrors",
    "Kpi",
    "LaunchDay",
    "LedgerAccount",
    "LeverBar",
    "LiabilityCeiling",
    "LiftRow",
    "LivedBooks",
    "LivedHistory",
    "LogShape",
    "MissingSigns",
    "Moments",
    "ParetoPoint",
    "Period",
    "PeriodCheck",
    "ReplayedPilot",
    "Role",
    "RunBooks",
    "ServiceLevel",
    "Sight",
    "Sorting",
    "Statement",
    "Survival",
    "SweepAxis",
    "TornadoBar",
    "Unit",
    "Uplift",
    "Verdict",
    "WeekPoint",
    "Wording",
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
    "box_picture",
    "breakage",
    "breakdown_tables",
    "bridge_parts",
    "bridge_totals",
    "campaign_lines",
    "cell_uplifts",
    "chain_ladder",
    "check_budget",
    "claims_picture",
    "cohort_picture",
    "comparison_tables_page",
    "comparison_verdict",
    "cutover_picture",
    "daily_costs",
    "decile_picture",
    "decompose",
    "evidence_picture",
    "expected_in_all",
    "facts_told",
    "fail_if_budget_does_not_fit",
    "fail_if_not_usable",
    "fee_picture",
    "find_runs",
    "fonts",
    "give_back_by_member",
    "hunter_lines",
    "hunters_in",
    "importance_picture",
    "index_picture",
    "is_promised",
    "joint_band",
    "joint_errors",
    "kpis_page",
    "lift_assumptions",
    "lift_page",
    "lift_picture",
    "lift_rows",
    "lift_told",
    "list_values",
    "lived_books",
    "lived_history",
    "lived_tables",
    "load_budget",
    "log_pictures",
    "margin_bridge",
    "margin_bridge_picture",
    "merge_costs",
    "merge_histories",
    "merge_lived_books",
    "missing_signs",
    "moments_of",
    "months_of",
    "new_figure",
    "new_run",
    "paired_uplift",
    "pareto_picture",
    "pilot_picture",
    "read_books",
    "read_run",
    "recognised",
    "recommendation_picture",
    "relative_change",
    "retention_picture",
    "rollout_picture",
    "rounded",
    "run_meant",
    "runs_below",
    "save_picture",
    "service_levels",
    "shopper_accounts",
    "shopper_measures",
    "stand_alone_price",
    "statements_of",
    "statements_page",
    "stored_costs",
    "survival",
    "sweep_line_picture",
    "sweep_map_picture",
    "tier_flow_picture",
    "tornado_picture",
    "uplift_across_worlds",
    "validation_pictures",
    "weekly_flow",
    "write_books",
    "write_manifest",
    "write_report",
    "write_table",
    "write_workbook",
    "written",
    "written_difference",
]
