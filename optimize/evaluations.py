"""The ledger of a search: what was proposed, what every evaluation gave, what was confirmed; one SQLite file.

Serves search and confirmation. Each evaluation is recorded when it is finished and never simulated again, so that a
search can be stopped or killed at any moment and goes on from there. The file carries the identity of the study and of
the version of memberlab that fill it, and is refused by any other.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .execution import LedgerFile, identity_of, make_ledger, refusal
from .space import Point

FORMAT = "1"
LEDGER_FILE = "evaluations.sqlite"
"""Name of the ledger in the folder of a study."""
TABLES = """
CREATE TABLE proposal (wave INTEGER PRIMARY KEY, points TEXT NOT NULL);
CREATE TABLE evaluation (
    policy TEXT NOT NULL, scenario TEXT NOT NULL, seed INTEGER NOT NULL, sums TEXT NOT NULL,
    PRIMARY KEY (policy, scenario, seed)
);
CREATE TABLE confirmation (
    policy TEXT NOT NULL, scenario TEXT NOT NULL, replication INTEGER NOT NULL, figures TEXT NOT NULL,
    PRIMARY KEY (policy, scenario, replication)
);
"""


@dataclass(frozen=True, slots=True)
class Identity:
    """Whose evaluations a ledger holds."""

    name: str
    """Name of the study."""
    study: str
    """Digest of the study and of everything it refers to."""
    model: str
    """Version of memberlab, with a digest of its rules."""


class EvaluationLedger(LedgerFile):
    """The ledger, open for one process; others are kept out until it is closed or its process ends."""

    def __init__(self, path: Path, identity: Identity) -> None:
        """Open the ledger at `path`, or make a new one. Raises DocumentError when it is another study's, or in use."""
        if path.exists():
            fail_if_of_another_study(path, identity)
        else:
            content = {"format": FORMAT, "name": identity.name, "study": identity.study, "model": identity.model}
            make_ledger(path, TABLES, content)
        super().__init__(path)

    def points(self, wave: int) -> list[Point] | None:
        """Return the points proposed in a wave, None if there are none yet."""
        text = self.value("SELECT points FROM proposal WHERE wave = ?", wave)
        return None if text is None else [tuple(point) for point in json.loads(text)]

    def record_points(self, wave: int, points: list[Point]) -> None:
        """Record the points proposed in a wave."""
        self.write("INSERT OR IGNORE INTO proposal VALUES (?, ?)", wave, json.dumps(points))

    def sums(self, policy: str, scenario: str, seed: int) -> NDArray[np.float64] | None:
        """Return the column sums of an evaluation (as `results.COLUMNS`), None if it was not made yet."""
        question = "SELECT sums FROM evaluation WHERE policy = ? AND scenario = ? AND seed = ?"
        text = self.value(question, policy, scenario, seed)
        return None if text is None else np.array(json.loads(text), dtype=np.float64)

    def record_sums(self, policy: str, scenario: str, seed: int, sums: NDArray[np.float64]) -> None:
        """Record the column sums of an evaluation, exactly."""
        text = json.dumps(sums.tolist())
        self.write("INSERT OR IGNORE INTO evaluation VALUES (?, ?, ?, ?)", policy, scenario, seed, text)

    def figures(self, policy: str, scenario: str, replication: int) -> dict[str, Any] | None:
        """Return what a confirmation gave, None if it was not made yet."""
        question = "SELECT figures FROM confirmation WHERE policy = ? AND scenario = ? AND replication = ?"
        text = self.value(question, policy, scenario, replication)
        return None if text is None else dict(json.loads(text))

    def record_figures(self, policy: str, scenario: str, replication: int, figures: dict[str, Any]) -> None:
        """Record what a confirmation gave, exactly."""
        text = json.dumps(figures)
        self.write("INSERT OR IGNORE INTO confirmation VALUES (?, ?, ?, ?)", policy, scenario, replication, text)


def fail_if_of_another_study(path: Path, identity: Identity) -> None:
    """Raise DocumentError unless the ledger at `path` is of this study and this version; the file is not touched."""
    found = identity_of(path)
    if (found.get("format"), found.get("model")) != (FORMAT, identity.model):
        by = found.get("model", "an unknown version")
        raise refusal(path, f"was made by {by}, and this is {identity.model}; search again in another folder")
    if found.get("study") != identity.study:
        if found.get("name") == identity.name:
            reason = f"the study {identity.name}, or a policy, scenario or population it names, has changed since"
        else:
            reason = f"it holds the search of the study {found.get('name')}, not of {identity.name}"
        raise refusal(path.parent, f"{reason}; name another folder")
