"""One digest of everything that a study found: proposals, figures of the search, race, confirmation.

Serves whoever wants to know that a search came out the same: by other workers, elsewhere, after an interruption.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from ..search import Figures

if TYPE_CHECKING:
    from .study_run import StudyResult


def result_digest(result: StudyResult) -> str:
    """Return the SHA-256 of a study's proposals and figures, to the last bit, in the order of proposal."""
    digest = hashlib.sha256()

    def add(*parts: object) -> None:
        digest.update(("\t".join(map(str, parts)) + "\n").encode())

    for one in result.tried:
        add("tried", one.candidate.number, one.candidate.point, one.candidate.policy.digest(), *_exact(one.figures))
    add("raced", *(one.candidate.number for one in result.raced))
    add("standing", *result.race.standing, result.race.heats.replications)
    digest.update(result.race.heats.gains.tobytes())
    digest.update(result.race.heats.excesses.tobytes())
    for standing in result.recommendation.standings:
        confirmed = standing.confirmed
        add("confirmed", confirmed.policy.digest(), standing.feasible, *_exact(confirmed.figures))
        for kpi, uplift in confirmed.overall.items():
            add(kpi, *(value.hex() for value in (uplift.difference, uplift.low, uplift.high)))
    add("verdict", result.recommendation.verdict.name, result.recommendation.chosen.confirmed.policy.digest())
    for value, shown in result.tested.shown.items():
        add("tested", value, shown.overall["margin"].difference.hex())
    return digest.hexdigest()


def _exact(figures: Figures) -> list[str]:
    """Return figures by name, exactly."""
    return [f"{name} {one.mean.hex()} {one.error.hex()}" for name, one in sorted(figures.items())]
