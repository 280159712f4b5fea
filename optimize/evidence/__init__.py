"""The evidence: published facts, each with an experiment that tries it on simulated shoppers."""

from .ensemble import Vector, load_ensemble
from .fact import Fact, Measured, Setting
from .facts import FACTS, fact_titled
from .page import band_told, estimate_told, evidence_page, evidence_points, evidence_summary, verdict_told
from .trial import LEAST_T, Estimate, Evidence, Tried, run_protocol, try_facts

__all__ = [
    "FACTS",
    "LEAST_T",
    "Estimate",
    "Evidence",
    "Fact",
    "Measured",
    "Setting",
    "Tried",
    "Vector",
    "band_told",
    "estimate_told",
    "evidence_page",
    "evidence_points",
    "evidence_summary",
    "fact_titled",
    "load_ensemble",
    "run_protocol",
    "try_facts",
    "verdict_told",
]
