"""How a policy comes into force: rollouts in stages, as an experiment sees them, and the morning of a cut-over."""

from .cutover import find_blast_radius
from .rollout import RolloutResult, Seen, StageRow, StopRow, WeekRow, fail_if_rollout_does_not_fit, roll_out

__all__ = [
    "RolloutResult",
    "Seen",
    "StageRow",
    "StopRow",
    "WeekRow",
    "fail_if_rollout_does_not_fit",
    "find_blast_radius",
    "roll_out",
]
