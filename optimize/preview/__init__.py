"""The engine of the what-if page: a preview within a blink, full figures in worker processes, levers of a policy."""

from .figures import ACTIVE_MEMBERS, PREVIEW_KPIS, Figure, PairedFigures, TierCost
from .preview import Preview

__all__ = ["ACTIVE_MEMBERS", "PREVIEW_KPIS", "Figure", "PairedFigures", "Preview", "TierCost"]
