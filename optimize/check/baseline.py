"""The baseline of a project: what came of its policies when somebody last said that this is as it should be.

Serves `memberlab check`, which holds new outcomes against it. It is a folder of the project's own repository: a
manifest, the outcomes of every population as a Parquet table, the policies as they were, and a page to read.
`baseline_files.py` writes it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from memberlab.policies import DocumentError, Policy, load_policy
from memberlab.results import COLUMNS, KPIS

from ..execution import outcome_sources
from .checks_plan import ChecksPlan

KIND = "memberlab baseline"
FORMAT = 1
BASELINE_FOLDER = "baseline"
"""Name of the folder in a project."""
MANIFEST, METRICS, BRIDGES, POLICIES = "manifest.json", "metrics.parquet", "bridges.parquet", "policies"
BASELINE_PAGE = "baseline.md"
"""Name of the page in the folder that a reviewer reads."""


class BaselineError(Exception):
    """There is no baseline, or not one that this check can be held against: the message says what, and the mend."""


@dataclass(frozen=True)
class Baseline:
    """A baseline as it was read; its tables are read when they are asked for."""

    folder: Path
    manifest: Mapping[str, Any]

    @property
    def settings(self) -> Mapping[str, Any]:
        """Return the settings of `checks.yaml` that its figures depend on."""
        return dict(self.manifest["settings"])

    @property
    def replications(self) -> int:
        """Return of how many populations it keeps the outcomes."""
        return int(self.manifest["settings"]["replications"])

    @property
    def bridge_replications(self) -> int:
        """Return over how many populations its bridges are summed."""
        return int(self.manifest["bridge_replications"])

    def ledgers(self, policy: str, world: str) -> Sequence[str]:
        """Return the digests of the small worlds' ledgers, one a replication; none for what it does not have."""
        return list(self.manifest["ledgers"].get(world, {}).get(policy, ()))

    def knows(self, policy: str, world: str) -> bool:
        """Return whether it has the outcomes of a policy in a world."""
        return bool(self.ledgers(policy, world))

    def has_same_documents(self, plan: ChecksPlan, policy: str, world: str) -> bool:
        """Return whether policy and world say what they said when it was accepted."""
        digests = {one.name: one.digest() for one in plan.policies}
        keys = {one.name: one.key() for one in plan.worlds}
        then = self.manifest["policies"].get(policy), self.manifest["worlds"].get(world)
        return then == (digests[policy], keys[world])

    @cached_property
    def policies(self) -> Mapping[str, Policy]:
        """Return the policies as they were, by name; those that this version cannot read are left out."""
        found = {}
        for path in sorted((self.folder / POLICIES).glob("*.yaml")):
            try:
                policy = load_policy(path)
            except DocumentError:
                continue
            found[policy.name] = policy
        return found

    @cached_property
    def _sums(self) -> Mapping[tuple[str, str], NDArray[np.float64]]:
        table = self._table(METRICS).sort_values(["scenario", "policy", "replication"])
        return {
            (str(policy), str(world)): rows[list(COLUMNS)].to_numpy(np.float64)
            for (policy, world), rows in table.groupby(["policy", "scenario"], observed=True)
        }

    def figures(self, policy: str, world: str, kpi: str) -> NDArray[np.float64]:
        """Return a key figure of every population (shape: replications)."""
        return np.array([KPIS[kpi].value(row) for row in self._sums[policy, world]])

    @cached_property
    def bridges(self) -> Mapping[tuple[str, str], dict[str, int]]:
        """Return the bridges in cents by policy and world, summed over the replications of the first look."""
        found: dict[tuple[str, str], dict[str, int]] = {}
        for row in self._table(BRIDGES).itertuples():
            found.setdefault((str(row.policy), str(row.scenario)), {})[str(row.line)] = int(row.cents)
        return found

    def _table(self, name: str) -> Any:
        import pandas as pd  # here, because the digest tier needs no table and pandas takes a while to load

        path = self.folder / name
        try:
            content = path.read_bytes()
        except OSError as fault:
            raise BaselineError(f"{path}: cannot be read: {fault.strerror or fault}; {ACCEPT}") from None
        if hashlib.sha256(content).hexdigest() != self.manifest["files"][name]:
            raise BaselineError(f"{path}: is not the table that {self.folder / MANIFEST} describes; take both from one "
                                f"commit, or {ACCEPT}")  # fmt: skip
        return pd.read_parquet(path)


ACCEPT = 'run `memberlab baseline accept --reason "..."` to write one anew'


def read_baseline(folder: Path) -> Baseline:
    """Return the baseline in `folder`. Raises BaselineError when there is none, or what is there is no baseline."""
    path = folder / MANIFEST
    if not folder.exists():
        raise BaselineError(f'{folder}: there is no baseline yet; run `memberlab baseline accept --reason "first"`')
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise BaselineError(f"{folder}: is no baseline, it has no {MANIFEST}; {ACCEPT}, in another folder") from None
    except (OSError, ValueError) as fault:
        raise BaselineError(f"{path}: cannot be read: {fault}; {ACCEPT}") from None
    if not isinstance(manifest, dict) or manifest.get("kind") != KIND:
        raise BaselineError(f"{folder}: is no baseline of `memberlab check`; name another folder with --baseline")
    if manifest.get("format") != FORMAT:
        raise BaselineError(f"{folder}: has format {manifest.get('format')}, and this is {FORMAT}; {ACCEPT}")
    wanted = ("settings", "ledgers", "policies", "worlds", "files", "sources", "reason", "bridge_replications")
    missing = [key for key in wanted if key not in manifest]
    if missing:
        raise BaselineError(f"{path}: has no {', '.join(missing)}; {ACCEPT}")
    return Baseline(folder, manifest)


def settings_of(plan: ChecksPlan) -> dict[str, Any]:
    """Return the settings of `checks.yaml` on which the figures of a baseline depend."""
    checks = plan.checks
    return {
        "shoppers": checks.shoppers,
        "months": checks.months,
        "replications": checks.replications.most,
        "digest_shoppers": checks.digest_worlds.shoppers,
        "digest_months": checks.digest_worlds.months,
        "digest_replications": checks.digest_worlds.replications,
    }


def fail_if_foreign(baseline: Baseline, plan: ChecksPlan, *, across_versions: bool = False) -> None:
    """Raise BaselineError when a baseline was made with other settings, or, unless `across_versions`, by another model.

    The message names everything that differs.
    """
    here, there = settings_of(plan), baseline.settings
    other = [
        f"{key} was {there.get(key)} and is {value}"
        for key, value in here.items()
        if there.get(key) != value and not (key == "replications" and value <= baseline.replications)
    ]
    if other:
        raise BaselineError(f"{baseline.folder}: was accepted with other settings in {plan.file.name}: "
                            f"{'; '.join(other)}. {ACCEPT[0].upper()}{ACCEPT[1:]}")  # fmt: skip
    if not across_versions and (changed := sources_changed(baseline)):
        raise BaselineError(
            f"{baseline.folder}: was accepted under another version of the model: {'; '.join(changed)}. See what this "
            f"does to outcomes with --across-versions, then {ACCEPT}"
        )


def sources_changed(baseline: Baseline) -> list[str]:
    """Return in words what of the model differs from that of the baseline: rooms and libraries by name."""
    here, there = outcome_sources(), baseline.manifest["sources"]
    told = []
    for name in dict.fromkeys((*there, *here)):
        if there.get(name) != here.get(name):
            what = f"sources of {name}/" if name in ROOMS_TOLD else name
            told.append(f"{what} {there.get(name, 'none')} then, {here.get(name, 'none')} now")
    return told


ROOMS_TOLD = frozenset({"policies", "scenarios", "sim", "results"})


def baseline_folder(plan: ChecksPlan) -> Path:
    """Return the folder of a project's baseline, where nothing else is said."""
    return plan.folder / BASELINE_FOLDER
