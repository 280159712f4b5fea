"""Which customers are fitted on and which are held out: alike by how often they come.

Serves the validation. A plain random split of some hundred customers can differ by several visits a customer; customers
in the order of their visits are dealt out in blocks of ten instead (data reference, 3.3).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from memberlab.policies import DocumentError, Problem
from memberlab.scenarios import calibration

BLOCK = 10
TRAINING = 0.6
"""Customers in a block, and the share of them that is fitted on."""

FEWEST = 50
"""Customers on either side below which nothing is validated."""

Customers = NDArray[np.int64]
"""Numbers of customers in a log."""


def split_customers(
    log: calibration.VisitLog, *, training: float = TRAINING, seed: int = 1
) -> tuple[Customers, Customers]:
    """Return training and held-out customers (numbers, rising), alike by visits; chance decides within a block."""
    generator = np.random.default_rng(seed)
    order = np.lexsort((generator.random(log.customers), log.visits_each()))
    is_training = np.zeros(log.customers, dtype=bool)
    for start in range(0, log.customers, BLOCK):
        block = generator.permutation(order[start : start + BLOCK])
        is_training[block[: round(training * len(block))]] = True
    return np.flatnonzero(is_training), np.flatnonzero(~is_training)


def split_by_sets(
    read: calibration.ReadVisits, training: str, held_out: str, option: str
) -> tuple[Customers, Customers]:
    """Return the customers of two named sets. Raise DocumentError for a set that nobody is in."""
    assert read.sets is not None
    found = [np.flatnonzero(read.sets == name) for name in (training, held_out)]
    for name, customers in zip((training, held_out), found, strict=True):
        if not len(customers):
            known = ", ".join(sorted({str(one) for one in read.sets if one}))
            raise DocumentError(
                [Problem(read.name, None, option, f"no customer is in set '{name}'; there are {known}")]
            )
    return found[0], found[1]


def fail_if_too_few(name: str, training: Customers, held_out: Customers) -> None:
    """Raise DocumentError where either side has too few customers."""
    problems = [
        Problem(name, None, "", f"{len(customers)} customers {words}; a validation needs {FEWEST} or more")
        for words, customers in (("to fit on", training), ("held out", held_out))
        if len(customers) < FEWEST
    ]
    if problems:
        raise DocumentError(problems)
