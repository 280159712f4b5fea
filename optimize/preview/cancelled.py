"""What is raised where an answer is no longer wanted, and the token by which a worker process hears of it.

Serves whoever asks and whoever works. A token is a folder, which any process of the machine can look into and which
outlives the death of a worker.
"""

from __future__ import annotations

import json
import os
import shutil
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple


class Cancelled(Exception):
    """The answer is no longer wanted: the same person has asked something else since, or has gone."""


class Stage(NamedTuple):
    """How far a piece of work is: steps done and planned, and whether rules are being compiled now."""

    done: int
    planned: int
    is_compiling: bool = False


@dataclass(frozen=True, slots=True)
class Token:
    """The folder of one piece of work: `stage` is written by the worker, `cancelled` by whoever asked."""

    folder: Path

    def cancel(self) -> None:
        """Say that the answer is no longer wanted."""
        with suppress(FileNotFoundError):  # the work is over
            (self.folder / "cancelled").touch()

    def fail_if_cancelled(self) -> None:
        """Raise Cancelled when the answer is no longer wanted."""
        if not self.folder.is_dir() or (self.folder / "cancelled").exists():
            raise Cancelled("the same person has asked something else since, or has gone")

    def note(self, stage: Stage) -> None:
        """Tell how far the work is."""
        temporary = self.folder / f".stage.{os.getpid()}"
        with suppress(FileNotFoundError):
            temporary.write_text(json.dumps(stage))
            temporary.replace(self.folder / "stage")

    def stage(self) -> Stage | None:
        """Return how far the work is; None before it has begun."""
        try:
            return Stage(*json.loads((self.folder / "stage").read_text()))
        except FileNotFoundError:
            return None

    def remove(self) -> None:
        """Remove the folder, when the work is over."""
        shutil.rmtree(self.folder, ignore_errors=True)
