"""The page of the evidence: every fact with its band, what was simulated, and the verdict, made by the command itself.

Serves docs/evidence.md and the terminal.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from memberlab.results import EvidencePoint

from .fact import Measured, Use
from .trial import Estimate, Evidence, Tried

USES: Mapping[Use, str] = {"C": "calibration", "H": "hold-out", "prior only": "prior only"}

HEAD = """# Evidence: which published facts the shoppers reproduce

Each fact of the behaviour reference is tried in the lab: the study's experiment is run on simulated shoppers, mostly
with twins (the same shoppers with the same random numbers under another policy), and what comes out is held against a
band. Bands are those of the reference: the published interval if there is one; a quarter up and down for experiments
and quasi-experiments; half to double for correlations and surveys; or a sign that has to be told from 0 (|t| above 3).

- **Calibration** facts may be tuned on, **hold-out** facts never are; the split is frozen.
- **Simulated** is the mean over replications with its 95 % interval. The verdict is that of the mean; *near an edge*
  says that the interval holds an end of the band, so that other seeds may tell otherwise.
- A fact is in band when all its quantities are.
"""


def evidence_page(evidence: Evidence, command: str) -> str:
    """Return the page in Markdown, with the command that made it."""
    lines = [
        HEAD,
        f"Made by `{command}`: {evidence.replications} replications.",
        "",
        f"**{evidence_summary(evidence)}**",
        "",
    ]
    lines += ["![Where each quantity lies in its band](pictures/evidence.png)", ""]
    for use, words in USES.items():
        tried = evidence.of(use)
        if not tried:
            continue
        lines += [f"## {words.capitalize()}", ""]
        lines += ["| fact | source, grade | quantity | published | band | simulated | verdict |"]
        lines += ["| --- | --- | --- | --: | --: | --: | --- |"]
        lines += [row for one in tried for row in _rows(one)]
        lines += [""]
    missed = [one for one in evidence.tried if one.verdict == "missed"]
    lines += ["## Misses", ""] if missed else []
    lines += [
        f"- **{one.fact.number}, {one.fact.title}**: {one.fact.remark or 'no explanation yet.'}" for one in missed
    ]
    lines += ["", "## How each fact is tried", ""]
    lines += [f"- **{one.fact.number}** {one.fact.how}. {one.fact.remark}".rstrip() for one in evidence.tried]
    return "\n".join([*lines, ""])


def evidence_summary(evidence: Evidence) -> str:
    """Return how many facts of each use are in band, in words."""
    parts = []
    for use, words in USES.items():
        tried = evidence.numbers(use)
        if tried and use != "prior only":
            hits = sum(tried.values())
            parts.append(f"{hits} of {len(tried)} {words} facts in band ({hits / len(tried):.0%})")
    return "; ".join(parts)


def band_told(measured: Measured) -> str:
    """Return the band as people write it: `15 % to 25 %`, `above 0`."""
    low, high = (told(measured, end) for end in (measured.low, measured.high))
    if math.isinf(measured.low):
        return f"below {high}"
    return f"above {low}" if math.isinf(measured.high) else f"{low} to {high}"


def estimate_told(estimate: Estimate) -> str:
    """Return mean and interval: `19.5 % [18.9 %, 20.1 %]`."""
    mean, low, high = (told(estimate.measured, value) for value in (estimate.mean, estimate.low, estimate.high))
    return f"{mean} [{low}, {high}]"


def told(measured: Measured, value: float) -> str:
    """Return a value in the unit of a quantity."""
    return f"{100 * value:.3g} %" if measured.is_share else f"{value:.3g}"


def verdict_told(estimate: Estimate, is_judged: bool = True) -> str:
    """Return `in band`, `missed`, and whether the interval holds an end of the band."""
    verdict = ("in band" if estimate.is_in_band else "missed") if is_judged else "not judged"
    return f"{verdict}, near an edge" if estimate.is_near_an_edge and not estimate.measured.is_sign else verdict


def evidence_points(evidence: Evidence) -> Sequence[EvidencePoint]:
    """Return what the picture shows: places in the band, or t of the published sign, in the order of the facts."""
    points = []
    for one in evidence.tried:
        if one.fact.use == "prior only":
            continue
        for estimate in one.estimates:
            measured = estimate.measured
            words = f"{one.fact.number} {one.fact.title}: {measured.name}"
            if measured.is_sign or math.isinf(measured.low) or math.isinf(measured.high):
                t = estimate.t if math.isinf(measured.high) else -estimate.t
                points.append(EvidencePoint(words, one.fact.use, estimate.is_in_band, t, None))
                continue
            width = measured.high - measured.low
            place, low, high = ((end - measured.low) / width for end in (estimate.mean, estimate.low, estimate.high))
            points.append(EvidencePoint(words, one.fact.use, estimate.is_in_band, place, (low, high)))
    return points


def _rows(one: Tried) -> list[str]:
    rows = []
    for place, estimate in enumerate(one.estimates):
        fact = (
            (f"{one.fact.number} {one.fact.title}", f"{one.fact.source} ({one.fact.grade})") if place == 0 else ("", "")
        )
        measured = estimate.measured
        verdict = verdict_told(estimate, one.fact.use != "prior only")
        cells = (*fact, measured.name, measured.published, band_told(measured), estimate_told(estimate), verdict)
        rows.append(f"| {' | '.join(cells)} |")
    return rows
