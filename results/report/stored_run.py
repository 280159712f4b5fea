"""A run folder as the report reads it: its manifest, its tables and the policies and scenarios that it kept.

Serves every report. What cannot be read is named with what to do, and nothing is written.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from memberlab.policies import DocumentError, Policy, Problem, load_policy
from memberlab.scenarios import Scenario, load_scenario

from ..comparison.catalogue import TABLES
from ..finance.books import RunBooks
from ..finance.store import arms_of, read_books
from ..run_store import FORMAT, MANIFEST

COLUMNS: Mapping[str, Sequence[str]] = {
    **{name: tuple(table.columns) for name, table in TABLES.items()},
    "bridge": ("scenario", "policy", "line", "title", "amount", "is_total"),
    "break-even": ("scenario", "policy", "own_attrition_effect", "pays", "break_even", "low", "high"),
    "margin-by-attrition-effect": ("scenario", "policy", "attrition_effect", "is_own", "difference", "low", "high"),
    "attribution": ("scenario", "baseline", "policy", "kpi", "mechanism", "effect", "deviation"),
}
"""The columns that a table must have, by its name."""


@dataclass(frozen=True)
class StoredRun:
    """A run on disk."""

    folder: Path
    manifest: dict[str, Any]

    @property
    def kind(self) -> str:
        """Return what wrote the run: run, comparison, study and so on."""
        return str(self.manifest["kind"])

    @property
    def command(self) -> list[str]:
        """Return the command that wrote the run."""
        return [str(word) for word in self.manifest.get("command", [])]

    def table(self, name: str) -> pd.DataFrame | None:
        """Return a table by its name, None where the run has not written it.

        Raises DocumentError for one that cannot be read or lacks a column.
        """
        for file in (self.folder / f"{name}.parquet", self.folder / "tables" / f"{name}.parquet"):
            if file.is_file():
                try:
                    found = pd.read_parquet(file)
                except (OSError, ValueError) as fault:
                    raise refusal(file, f"cannot be read ({_one_line(fault)}); write the run again") from None
                missing = [column for column in COLUMNS.get(name, ()) if column not in found] if len(found) else []
                if missing:
                    raise refusal(file, f"has no column {', '.join(missing)}; write the run again")
                return found
        return None

    def fact(self, name: str) -> Any:
        """Return what the manifest says under a name. Raises DocumentError where it says nothing."""
        if name not in self.manifest:
            raise refusal(self.folder / MANIFEST, f"says nothing of {name}; write the run again")
        return self.manifest[name]

    @cached_property
    def policies(self) -> dict[str, Policy]:
        """Return the policies of the run by name, in the order in which it compared them."""
        if "policies" not in self.manifest:
            policy = load_policy(self.folder / "policy.yaml")
            return {policy.name: policy}
        return {name: load_policy(self.folder / f"policy-{name}.yaml") for name in self.manifest["policies"]}

    @cached_property
    def scenarios(self) -> dict[str, Scenario]:
        """Return the scenarios of the run by name, in its order."""
        if "scenarios" not in self.manifest:
            scenario = load_scenario(self.folder / "scenario.yaml")
            return {scenario.name: scenario}
        return {name: load_scenario(self.folder / f"scenario-{name}.yaml") for name in self.manifest["scenarios"]}

    @property
    def digests(self) -> dict[str, str]:
        """Return the digest of every policy and scenario by its name."""
        if self.kind == "run":
            named: dict[str, Iterable[str]] = {"policy": self.policies, "scenario": self.scenarios}
            return {name: str(self.manifest.get(kind, "")) for kind, found in named.items() for name in found}
        told = {str(name): str(self.manifest[role]) for role, name in self.manifest.get("names", {}).items()
                if isinstance(self.manifest.get(role), str)}  # fmt: skip
        return {**told, **self.manifest.get("policies", {}), **self.manifest.get("scenarios", {})}

    @cached_property
    def books(self) -> list[RunBooks]:
        """Return the books of every arm in the order of the run, empty where it keeps none."""
        if not (self.folder / "finance").is_dir():
            return []
        kept = set(arms_of(self.folder))
        return [
            read_books(self.folder, policy, scenario)
            for scenario in self.scenarios for policy in self.policies if (scenario, policy) in kept
        ]  # fmt: skip


def open_run(folder: Path) -> StoredRun:
    """Return the run in `folder`.

    Raises DocumentError where there is none, its manifest is broken, or a newer memberlab has written it.
    """
    if not folder.is_dir():
        raise refusal(folder, "is no folder; name the folder that --out of run, compare or optimize wrote")
    file = folder / MANIFEST
    if not file.is_file():
        raise refusal(folder, f"is no run of memberlab: it has no {MANIFEST}")
    try:
        manifest = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as fault:
        raise refusal(file, f"is broken ({_one_line(fault)}); write the run again") from None
    if not isinstance(manifest, dict) or "kind" not in manifest or not isinstance(manifest.get("versions"), dict):
        raise refusal(file, "is not a manifest of memberlab; write the run again")
    written = manifest.get("format", 1)
    if not isinstance(written, int) or written > FORMAT:
        made = manifest["versions"].get("memberlab", "another version")
        raise refusal(file, f"has format {written}, this memberlab reads up to {FORMAT}; open it with memberlab {made}")
    return StoredRun(folder, manifest)


def _one_line(fault: Exception) -> str:
    return " ".join(str(fault).split())


def refusal(file: Path, message: str) -> DocumentError:
    """Return the error that names a file."""
    return DocumentError([Problem(str(file), None, "", message)])
