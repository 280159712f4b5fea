"""The evidence: published facts, each with an experiment that tries it on simulated shoppers."""

from .ensemble import Vector, load_ensemble
from .fact import Fact, Measured
from .facts import FACTS, fact_titled
from .page import band_told, estimate_told, evidence_page, evidence_points, evidence_summary, verdict_told
from .trial import LEAST_T, Evidence, run_protocol, try_facts

__all__ = [
    "FACTS",
    "LEAST_T",
    "Evidence",
    "Fact",
    "Measured",
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
