"""The percentages that slides quote, tried on twins: who is compared with whom, and what such a comparison shows."""

from .claims import CLAIMS, Claim, Label, Measure
from .page import claims_page, claims_told, figures_told
from .programmes import PROGRAMMES, control_of, programme_of
from .tried import ClaimsTried, Finding, Trial, decomposition_of, placebo_of, trials_of, try_claims

__all__ = [
    "CLAIMS",
    "PROGRAMMES",
    "Claim",
    "ClaimsTried",
    "Finding",
    "Label",
    "Measure",
    "Trial",
    "claims_page",
    "claims_told",
    "control_of",
    "decomposition_of",
    "figures_told",
    "placebo_of",
    "programme_of",
    "trials_of",
    "try_claims",
]
