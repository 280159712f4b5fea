"""What a run means: measures by shopper, KPIs, paired uplift, the margin bridge, pictures and the run store."""

from .assumptions_page import assumptions_page, facts_told
from .bridge import BridgeLine, bridge_totals, margin_bridge
from .campaigns import CampaignLine, campaign_lines
from .claims_picture import ClaimPoint, claims_picture
from .evidence_picture import EvidencePoint, evidence_picture
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
from .run_store import MANIFEST, fail_if_not_usable, new_run, write_manifest
from .service_level import ServiceLevel, service_levels
from .twins import Decomposition, decompose
from .uplift import CONFIDENCE, Uplift, paired_uplift, uplift_across_worlds
from .validation_pictures import (
    LogShape,
    cohort_picture,
    validation_pictures,
)

__all__ = [
    "COLUMNS",
    "CONFIDENCE",
    "KPIS",
    "MANIFEST",
    "BridgeLine",
    "CampaignLine",
    "ClaimPoint",
    "Decomposition",
    "EvidencePoint",
    "Kpi",
    "LiftRow",
    "LogShape",
    "ParetoPoint",
    "Role",
    "ServiceLevel",
    "Unit",
    "Uplift",
    "assumptions_page",
    "axis_scale",
    "bridge_totals",
    "campaign_lines",
    "claims_picture",
    "cohort_picture",
    "decompose",
    "evidence_picture",
    "facts_told",
    "fail_if_not_usable",
    "lift_assumptions",
    "lift_page",
    "lift_picture",
    "lift_rows",
    "lift_told",
    "log_pictures",
    "margin_bridge",
    "margin_bridge_picture",
    "new_figure",
    "new_run",
    "paired_uplift",
    "pareto_picture",
    "relative_change",
    "save_picture",
    "service_levels",
    "shopper_measures",
    "uplift_across_worlds",
    "validation_pictures",
    "write_manifest",
    "written",
    "written_difference",
]
