"""The race: the best of a search on fresh seeds, in rounds of doubling length; who is clearly beaten falls out.

Serves the search's shortlist. Policies meet the same fresh populations, so their differences are paired by replication.
The rule is that of Kim and Nelson (2001), screening by paired differences, carried to several objectives: a policy
falls out when another beats it in every objective, or when it breaks a limit, each at a level that is split over the
rounds.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

RACE_LEVEL = 0.05
"""Chance that a policy which is not beaten falls out, over all rounds and for each policy that it is held against."""


@dataclass(frozen=True, slots=True)
class Heats:
    """What each policy of a race gave in each replication so far.

    `gains` (policies x replications x objectives): more is better. `excesses` (policies x replications x limits): by
    how much a limit is missed; 0 or less where it is kept.
    """

    gains: NDArray[np.float64]
    excesses: NDArray[np.float64]

    @property
    def replications(self) -> int:
        """Return how many replications have been lived."""
        return int(self.gains.shape[1])


@dataclass(frozen=True, slots=True)
class Fallen:
    """A policy that fell out of the race: its place among those that started, the round's length, and why."""

    place: int
    replications: int
    beaten_by: int | None
    """Place of the policy that beat it in every objective; None where it broke a limit."""


@dataclass(frozen=True, slots=True)
class RaceResult:
    """Who is left after the last round, in the order of the start, and who fell out when."""

    standing: tuple[int, ...]
    fallen: tuple[Fallen, ...]
    heats: Heats
    """Of those who are left."""


def rounds_of(start: int, most: int) -> tuple[int, ...]:
    """Return the lengths of the rounds in replications: `start`, doubled until `most`."""
    lengths = [start]
    while lengths[-1] < most:
        lengths.append(min(2 * lengths[-1], most))
    return tuple(lengths)


def race(live: Callable[[Sequence[int], int], Heats], policies: int, rounds: Sequence[int]) -> RaceResult:
    """Return who is left of so many policies after the last round.

    `live(places, replications)` returns what the policies at these places gave in the first so many replications. No
    more rounds are run when one or none is left.
    """
    standing, fallen = list(range(policies)), list[Fallen]()
    level = RACE_LEVEL / max(len(rounds), 1)
    heats = Heats(np.zeros((0, 0, 0)), np.zeros((0, 0, 0)))
    for length in rounds if policies else ():
        heats = live(standing, length)
        out = falling(heats, level)
        fallen += [Fallen(standing[row], length, None if by is None else standing[by]) for row, by in out.items()]
        left = [row for row in range(len(standing)) if row not in out]
        heats = Heats(heats.gains[left], heats.excesses[left])
        standing = [standing[row] for row in left]
        if len(standing) < 2:
            break
    return RaceResult(tuple(standing), tuple(fallen), heats)


def falling(heats: Heats, level: float) -> dict[int, int | None]:
    """Return the rows that fall out after a round, and the row that beats each; None for a broken limit.

    Tests are one-sided at `level`. A policy that falls out itself beats nobody, so of two that are alike one stays.
    """
    if heats.replications < 2:
        return {}
    quantile = float(special.stdtrit(heats.replications - 1, 1 - level))
    out: dict[int, int | None] = {
        row: None for row in range(len(heats.gains)) if _breaks(heats.excesses[row], quantile)
    }
    means = heats.gains.mean(axis=1)
    for row in range(len(heats.gains)):
        if row in out:
            continue
        rivals = [
            one for one in range(len(means)) if one not in out and one != row and np.all(means[one] >= means[row])
        ]
        by = next((one for one in rivals if _beats(heats.gains[one] - heats.gains[row], quantile)), None)
        if by is not None:
            out[row] = by
    return out


def _breaks(excesses: NDArray[np.float64], quantile: float) -> bool:
    """Return whether a limit is surely missed (shape: replications x limits)."""
    mean = excesses.mean(axis=0)
    return bool(np.any(mean - quantile * _error(excesses) > 0))


def _beats(leads: NDArray[np.float64], quantile: float) -> bool:
    """Return whether paired leads (shape: replications x objectives) are surely above 0 in every objective.

    An objective in which both are always equal decides nothing, but one must be decided.
    """
    mean, error = leads.mean(axis=0), _error(leads)
    equal = ~np.any(leads, axis=0)
    above = mean - quantile * error > 0
    return bool(np.all(above | equal) and np.any(above))


def _error(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the standard error of the mean over the first axis."""
    error: NDArray[np.float64] = values.std(axis=0, ddof=1) / np.sqrt(len(values))
    return error
