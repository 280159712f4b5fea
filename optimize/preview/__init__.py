"""The engine of the what-if page: a preview within a blink, full figures in worker processes, levers of a policy."""

from .applied import apply_levers
from .cancelled import Cancelled, Stage
from .compiling import NotCompiled, without_compiling
from .figures import ACTIVE_MEMBERS, PREVIEW_KPIS, Figure, PairedFigures, TierCost
from .full_figures import FullComparison, FullFigures
from .levers import PolicyLever, levers_of
from .live_previews import LivePreviews
from .preview import Preview
from .shared_workers import SharedWorkers

__all__ = [
    "ACTIVE_MEMBERS",
    "PREVIEW_KPIS",
    "Cancelled",
    "Figure",
    "FullComparison",
    "FullFigures",
    "LivePreviews",
    "NotCompiled",
    "PairedFigures",
    "PolicyLever",
    "Preview",
    "SharedWorkers",
    "Stage",
    "TierCost",
    "apply_levers",
    "levers_of",
    "without_compiling",
]
