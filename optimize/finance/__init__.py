"""What finance asks of policies: costs held against a budget's ceilings, and which uncertain figure moves what."""

from .budget_runs import live_budget, live_costs
from .sensitivity import DoublingRate, Sensitivity, Swing, sensitivity
from .sensitivity_settings import Setting, Variation, variations_of

__all__ = [
    "DoublingRate",
    "Sensitivity",
    "Setting",
    "Swing",
    "Variation",
    "live_budget",
    "live_costs",
    "sensitivity",
    "variations_of",
]
