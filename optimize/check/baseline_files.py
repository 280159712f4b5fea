"""Writing a baseline: tidy tables, digests, the policies as they are, and a page that a reviewer reads as a diff.

Serves `memberlab baseline accept`. The folder is filled beside its place and moved there whole.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from memberlab.policies import DocumentError, Problem
from memberlab.results import COLUMNS, KPIS, written, written_difference

from ..execution import outcome_sources
from .accept import Accepted, ShiftRow
from .baseline import BASELINE_PAGE, BRIDGES, FORMAT, KIND, MANIFEST, METRICS, POLICIES, Baseline, settings_of

MOST_KEPT = 50
"""Earlier acceptances that a manifest remembers."""
FRACTIONS = frozenset({"margin", "benefit_cost", "liability"})
"""Columns that hold fractions of a cent, because points are worth them; all others are whole numbers."""


def write_baseline(folder: Path, accepted: Accepted, reason: str, previous: Baseline | None) -> None:
    """Write the baseline to `folder`, in place of the one before.

    Raises DocumentError when the folder holds anything else, or the disk refuses; nothing is then half written.
    """
    fail_if_not_a_baseline(folder)
    target = folder.absolute()
    temporary = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        temporary.mkdir(parents=True)
        _fill(temporary, accepted, reason, previous)
        if target.exists():
            shutil.rmtree(target)
        temporary.rename(target)
    except OSError as fault:
        raise DocumentError([Problem(str(folder), None, "", f"cannot be written: {fault.strerror or fault}")]) from None
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def fail_if_not_a_baseline(folder: Path) -> None:
    """Raise DocumentError when `folder` holds files that are no baseline, which are never replaced."""
    if folder.exists() and not folder.is_dir():
        raise DocumentError([Problem(str(folder), None, "", "is a file; name another folder with --baseline")])
    if not folder.is_dir() or not any(folder.iterdir()):
        return
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        manifest = None
    if not isinstance(manifest, dict) or manifest.get("kind") != KIND:
        message = "holds files that are no baseline; name another folder with --baseline"
        raise DocumentError([Problem(str(folder), None, "", message)])


def _fill(folder: Path, accepted: Accepted, reason: str, previous: Baseline | None) -> None:
    import pandas as pd

    plan = accepted.plan
    metrics = pd.concat(_metrics(accepted), ignore_index=True)
    whole = {column: "int64" for column in COLUMNS if column not in FRACTIONS}
    metrics = metrics.astype({"scenario": "category", "policy": "category", "replication": "int16", **whole})
    metrics.to_parquet(folder / METRICS, index=False, compression="zstd")
    bridges = pd.DataFrame(
        [
            {"scenario": world, "policy": policy, "line": line, "cents": cents}
            for (world, policy), bridge in accepted.bridges.items()
            for line, cents in bridge.items()
            if cents
        ],
        columns=["scenario", "policy", "line", "cents"],
    ).astype({"scenario": "category", "policy": "category", "line": "category", "cents": "int64"})
    bridges.to_parquet(folder / BRIDGES, index=False, compression="zstd")
    (folder / POLICIES).mkdir()
    for policy in plan.policies:
        (folder / POLICIES / f"{policy.name}.yaml").write_text(policy.to_yaml(), encoding="utf-8")
    manifest = _manifest(folder, accepted, reason, previous)
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    (folder / BASELINE_PAGE).write_text(baseline_page(accepted, manifest), encoding="utf-8")


def _metrics(accepted: Accepted) -> Iterable[Any]:
    import pandas as pd

    for (world, policy), sums in accepted.sums.items():
        table = pd.DataFrame(sums, columns=list(COLUMNS))
        table.insert(0, "replication", range(len(table)))
        table.insert(0, "policy", policy)
        table.insert(0, "scenario", world)
        yield table


def _manifest(folder: Path, accepted: Accepted, reason: str, previous: Baseline | None) -> dict[str, Any]:
    plan = accepted.plan
    history: list[Any] = []
    if previous is not None:
        kept = {key: previous.manifest.get(key) for key in ("accepted", "reason", "commit")}
        history = [kept, *previous.manifest.get("history", [])][:MOST_KEPT]
    ledgers: dict[str, dict[str, list[str]]] = {}
    for (world, policy), digests in accepted.ledgers.items():
        ledgers.setdefault(world, {})[policy] = list(digests)
    return {
        "kind": KIND,
        "format": FORMAT,
        "reason": reason,
        "accepted": time.strftime("%Y-%m-%d", time.gmtime()),
        "commit": commit_of(plan.folder),
        "settings": settings_of(plan),
        "bridge_replications": plan.checks.replications.first,
        "sources": dict(outcome_sources()),
        "policies": {policy.name: policy.digest() for policy in plan.policies},
        "worlds": {world.name: world.key() for world in plan.worlds},
        "ledgers": ledgers,
        "files": {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in (METRICS, BRIDGES)},
        "history": history,
    }


def commit_of(folder: Path) -> str:
    """Return the git commit of a folder, with `+` where files differ from it; empty outside a repository."""
    told = _git(folder, "rev-parse", "HEAD")
    return f"{told}+" if told and _git(folder, "status", "--porcelain", "--untracked-files=no") else told


def _git(folder: Path, *words: str) -> str:
    try:
        done = subprocess.run(
            ["git", "-C", str(folder), *words], capture_output=True, text=True, timeout=30, check=True
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout.strip()


def baseline_page(accepted: Accepted, manifest: dict[str, Any]) -> str:
    """Return the page of a baseline in Markdown: figures, and what has moved since the one before."""
    plan = accepted.plan
    settings = manifest["settings"]
    lines = [
        "# Baseline",
        "",
        f"**{manifest['reason']}**",
        "",
        f"Accepted {manifest['accepted']}" + (f" at commit {manifest['commit']}" if manifest["commit"] else "")
        + f". Each figure is the mean of {settings['replications']} populations; money in "
        f"{plan.worlds[0].scenario.currency}. A shift is from paired differences, with twice its standard error.",
        "",
    ]  # fmt: skip
    for world in plan.worlds:
        for policy in plan.policies:
            rows = [row for row in accepted.shifts if (row.policy, row.world) == (policy.name, world.name)]
            lines += [f"## {policy.name} in {world.name}", "", *shift_table(rows), ""]
    if manifest["history"]:
        lines += ["## Earlier", "", *(f"- {one['accepted']}: {one['reason']}" for one in manifest["history"]), ""]
    return "\n".join(lines)


def shift_table(rows: Sequence[ShiftRow]) -> list[str]:
    """Return figures and their shifts as the lines of a Markdown table."""
    lines = ["| KPI | Before | Now | Shift |", "|---|--:|--:|--:|"]
    for row in rows:
        kpi = KPIS[row.kpi]
        before = "new" if row.before is None else written(row.before, kpi.unit)
        lines.append(f"| {kpi.title} | {before} | {written(row.now, kpi.unit)} | {shift_told(row)} |")
    return lines


def shift_told(row: ShiftRow) -> str:
    """Return a shift with twice its standard error, `0` where no population has moved, empty where it is new."""
    kpi = KPIS[row.kpi]
    if row.shift is None:
        return ""
    if row.shift == 0 and row.error == 0:
        return "0"
    return f"{written_difference(kpi, row.shift)} ± {written_difference(kpi, 2 * row.error).lstrip('+')}"
