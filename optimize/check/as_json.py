"""What a check found as plain data, for whoever reads it with a program: cents, pieces, shares of 1.

Serves `memberlab check --json`.
"""

from __future__ import annotations

from typing import Any

from ..execution import outcome_sources
from .judged import Checked, PairedCell
from .words import correlation_warning, decision_numbers, replays, verdict_line


def check_json(checked: Checked, options: str = "") -> dict[str, Any]:
    """Return everything found; `options` are what a command that tries one cell again must repeat."""
    plan = checked.plan
    return {
        "format": 1,
        "file": str(plan.file),
        "tier": checked.tier,
        "exit": int(checked.exit),
        "verdict": verdict_line(checked),
        "seconds": round(checked.seconds, 2),
        "baseline": {"reason": checked.reason} if checked.reason else None,
        "sources": dict(outcome_sources()),
        "budget": {
            "false_alarms": plan.checks.false_alarms / 10_000, "cells": plan.cells, "looks": list(plan.looks),
            "level": plan.budget.level,
        },
        "currency": plan.worlds[0].scenario.currency,
        "identities": {
            "hold": checked.identities,
            "lives": checked.lives,
            "broken": [
                {"policy": one.policy, "scenario": one.world, "replication": one.replication, "fault": one.fault}
                for one in checked.broken
            ],
        },
        "digests": [
            {"policy": one.policy, "scenario": one.world, "verdict": one.verdict,
             "same_documents": one.same_documents, "now": list(one.now), "before": list(one.before)}
            for one in checked.digests
        ],
        "paired": [_paired(one) for one in checked.paired],
        "claims": [
            {"claim": one.cell.claim.claim, "name": one.name, "line": one.cell.line, "scenario": one.cell.world.name,
             "statement": one.cell.statement.words, "verdict": str(one.verdict), "figure": one.figure,
             "bound": one.bound, "low": one.low, "high": one.high, "kept_by": one.share,
             "replications": one.replications, "correlation": one.correlation}
            for one in checked.claims
        ],
        "policies": {name: list(told) for name, told in checked.differences.items()},
        "bridges": [
            {"policy": one.policy, "scenario": one.world, "replications": one.replications,
             "lines": [{"line": then.name, "before": then.amount, "now": now.amount}
                       for then, now in zip(one.before, one.now, strict=True)]}
            for one in checked.bridges
        ],
        "missing": checked.missing,
        "notices": checked.notices,
        "warning": correlation_warning(checked),
        "replay": dict(replays(checked, options)),
    }  # fmt: skip


def _paired(cell: PairedCell) -> dict[str, Any]:
    decision = None if cell.decision is None else decision_numbers(cell.decision)
    return {"policy": cell.policy, "scenario": cell.world, "kpi": cell.kpi, "name": cell.name,
            "verdict": str(cell.verdict), "before": cell.before, "tolerance": str(cell.tolerance),
            "moved": cell.has_moved, "decision": decision}  # fmt: skip
