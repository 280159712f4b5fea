"""Accepted digests of runs: what a run was, its digest, and the figures that make a change readable in review.

Serves `assert_digest` and `--policy-update`. One JSON file, sorted, so that a change is one hunk of a diff.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .misuse import MisuseError

if TYPE_CHECKING:
    from memberlab.sim import Outcome


def record_of(run: Outcome) -> dict[str, Any]:
    """Return what is kept of a run: its digest, its documents' digests, the lab's version and its key figures."""
    from memberlab.optimize import ledger_digest, model_version
    from memberlab.results import KPIS, shopper_measures, written

    sums = shopper_measures(run, run.opened_under).sum(axis=0)
    return {
        "digest": ledger_digest(run),
        "policy": f"{run.policy.name} ({run.policy.digest()[:12]})",
        "scenario": f"{run.scenario.name} ({run.scenario.digest()[:12]})",
        "seed": run.seed,
        "lab": model_version(),
        "figures": {kpi.name: written(kpi.value(sums), kpi.unit) for kpi in KPIS.values()},
    }


def read_digests(file: Path) -> dict[str, dict[str, Any]]:
    """Return the accepted records by name, none without a file; raise MisuseError for a file that is none of ours."""
    if not file.exists():
        return {}
    try:
        kept = json.loads(file.read_text(encoding="utf-8"))
    except ValueError as fault:
        raise MisuseError(
            f"{file} is no JSON ({fault}); restore it from git, or write it anew with --policy-update"
        ) from None
    if not isinstance(kept, dict) or not all(isinstance(one, dict) and "digest" in one for one in kept.values()):
        raise MisuseError(f"{file} holds no digests; restore it from git, or remove it and run with --policy-update")
    return kept


def write_digests(file: Path, records: Mapping[str, Mapping[str, Any]]) -> None:
    """Write the accepted records, whole or not at all."""
    file.parent.mkdir(parents=True, exist_ok=True)
    beside = file.with_name(f".{file.name}.new")
    beside.write_text(json.dumps(records, indent=2, sort_keys=True, ensure_ascii=False) + "\n", encoding="utf-8")
    beside.replace(file)


def changes_told(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """Return why a digest may have changed and which figures moved with it, a line each."""
    lines = []
    for key, what in (("policy", "the policy"), ("scenario", "the scenario"), ("lab", "the lab"), ("seed", "the seed")):
        if before.get(key) != now[key]:
            lines.append(f"{what} is another: {before.get(key)} -> {now[key]}")
    if not lines:
        lines.append("policy, scenario, seed and lab are the same: the run was made otherwise, or is not reproducible")
    old = before.get("figures", {})
    moved = [f"{name} {old.get(name)} -> {value}" for name, value in now["figures"].items() if old.get(name) != value]
    lines.append("figures that moved: " + (", ".join(moved) or "none, as far as they are shown"))
    return lines
