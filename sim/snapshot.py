"""A world at rest: the arrays of one region on one morning, in memory or in one file.

Serves forks, resumed searches and worker processes, which read the warm-up that another process has simulated. The
file is a NumPy archive without pickles: arrays, and policy, scenario and population as the YAML text that made them.
"""

from __future__ import annotations

import json
import os
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from memberlab.policies import DocumentError, Policy, Problem, dump_model, load_model_text
from memberlab.scenarios import Population, Scenario

from .card import BLANK_CARD, CARD
from .day_book import NOTICE
from .market import MARKET
from .newcomers import DUE_REWARD
from .service_desk import AGENT
from .shopper import DUE, SHOPPER

FORMAT = 3

LAYOUTS = {
    "shoppers": SHOPPER, "cards": CARD, "due": DUE, "market": MARKET, "waiting": NOTICE, "agents": AGENT,
    "rewards": DUE_REWARD,
}  # fmt: skip
"""The arrays of a snapshot and the layout of each; the one card that all share has a layout of its own."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Everything needed to go on from the morning of `day`; the arrays are never written to."""

    policy: Policy
    scenario: Scenario
    population: Population
    seed: int
    region: int
    day: int
    shoppers: NDArray[np.void]
    cards: NDArray[np.void]
    due: NDArray[np.int16]
    market: NDArray[np.void]
    waiting: NDArray[np.void]
    agents: NDArray[np.void]
    rewards: NDArray[np.void]


def write_snapshot(snapshot: Snapshot, path: Path) -> None:
    """Write a snapshot to `path`, whole or not at all."""
    head = {
        "format": FORMAT,
        "policy": dump_model(snapshot.policy),
        "scenario": dump_model(snapshot.scenario),
        "population": dump_model(snapshot.population),
        "seed": snapshot.seed,
        "region": snapshot.region,
        "day": snapshot.day,
    }
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    arrays = {name: getattr(snapshot, name) for name in LAYOUTS}
    with temporary.open("wb") as file:
        np.savez(file, head=np.frombuffer(json.dumps(head).encode(), np.uint8), **arrays)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)


def read_snapshot(path: Path) -> Snapshot:
    """Return the snapshot in `path`. Raises DocumentError when the file is missing, damaged or of another version."""
    try:
        with np.load(path, allow_pickle=False) as archive:
            head = json.loads(bytes(archive["head"]))
            arrays = {name: archive[name] for name in LAYOUTS}
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as fault:
        raise _foreign(path, f"is no readable snapshot of a world ({fault}); simulate the warm-up again") from None
    fail_if_of_another_version(path, head, arrays)
    return Snapshot(
        policy=load_model_text(Policy, head["policy"], str(path)),
        scenario=load_model_text(Scenario, head["scenario"], str(path)),
        population=load_model_text(Population, head["population"], str(path)),
        seed=head["seed"],
        region=head["region"],
        day=head["day"],
        **arrays,
    )


def fail_if_of_another_version(path: Path, head: dict[str, Any], arrays: dict[str, NDArray[Any]]) -> None:
    """Raise DocumentError unless format and record layouts are this version's."""
    layouts = LAYOUTS | ({"cards": BLANK_CARD} if arrays["cards"].dtype == BLANK_CARD else {})
    if head.get("format") != FORMAT or any(arrays[name].dtype != layout for name, layout in layouts.items()):
        raise _foreign(path, "was written by another version of memberlab; simulate the warm-up again")


def _foreign(path: Path, message: str) -> DocumentError:
    return DocumentError((Problem(str(path), None, "", message),))
