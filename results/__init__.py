"""What a run means: measures by shopper, KPIs, paired uplift, the margin bridge, pictures and the run store."""

from .assumptions_page import assumptions_page, facts_told
from .bridge import BridgeLine, bridge_totals, margin_bridge
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
)
from .campaigns import CampaignLine, campaign_lines
from .claims_picture import ClaimPoint, claims_picture
from .evidence_picture import EvidencePoint, evidence_picture
from .kpis import KPIS, Kpi, Unit
from .measures import COLUMNS, shopper_measures
from .money import axis_scale, lift_told, written, written_difference
from .pareto_picture import ParetoPoint, Role, pareto_picture, relative_change
from .pictures import margin_bridge_picture, new_figure, save_picture
from .run_store import MANIFEST, fail_if_not_usable, new_run, write_manifest
from .service_level import ServiceLevel, service_levels
from .twins import Decomposition, decompose
from .uplift import CONFIDENCE, Uplift, paired_uplift, uplift_across_worlds

__all__ = [
    "CAPPED_BENEFITS",
    "COLUMNS",
    "CONFIDENCE",
    "KPIS",
    "MANIFEST",
    "BridgeLine",
    "Budget",
    "BudgetCheck",
    "CampaignLine",
    "Ceiling",
    "CeilingCheck",
    "ClaimPoint",
    "DailyCosts",
    "Decomposition",
    "EvidencePoint",
    "Kpi",
    "LiabilityCeiling",
    "ParetoPoint",
    "PeriodCheck",
    "Role",
    "ServiceLevel",
    "Unit",
    "Uplift",
    "Verdict",
    "assumptions_page",
    "axis_scale",
    "bridge_totals",
    "campaign_lines",
    "check_budget",
    "claims_picture",
    "daily_costs",
    "decompose",
    "evidence_picture",
    "facts_told",
    "fail_if_budget_does_not_fit",
    "fail_if_not_usable",
    "is_promised",
    "lift_told",
    "load_budget",
    "margin_bridge",
    "margin_bridge_picture",
    "merge_costs",
    "new_figure",
    "new_run",
    "paired_uplift",
    "pareto_picture",
    "relative_change",
    "save_picture",
    "service_levels",
    "shopper_measures",
    "uplift_across_worlds",
    "write_manifest",
    "written",
    "written_difference",
]
