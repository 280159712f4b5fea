"""The engine of the what-if page: a preview within a blink, full figures in worker processes, levers of a policy."""

from .applied import apply_levers
from .figures import ACTIVE_MEMBERS, PREVIEW_KPIS, Figure, PairedFigures, TierCost
from .levers import PolicyLever, levers_of
from .preview import Preview

__all__ = [
    "ACTIVE_MEMBERS",
    "PREVIEW_KPIS",
    "Figure",
    "PairedFigures",
    "PolicyLever",
    "Preview",
    "TierCost",
    "apply_levers",
    "levers_of",
]
