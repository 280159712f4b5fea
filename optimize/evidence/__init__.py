"""The evidence: published facts, each with an experiment that tries it on simulated shoppers."""

from .fact import Fact, Measured, Setting
from .facts import FACTS, fact_of
from .trial import Estimate, Evidence, Tried, run_protocol, try_facts

__all__ = [
    "FACTS",
    "Estimate",
    "Evidence",
    "Fact",
    "Measured",
    "Setting",
    "Tried",
    "fact_of",
    "run_protocol",
    "try_facts",
]
