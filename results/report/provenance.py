"""Where a report's figures come from: the command, the versions, the seeds and every document's digest.

Serves whoever has to get the same figures again.
"""

from __future__ import annotations

import shlex

from .parts import Cell, DataTable, Section
from .stored_run import StoredRun
from .wording import Wording


def provenance(run: StoredRun, wording: Wording) -> Section:
    """Return the section that lets a reader reproduce the run."""
    rows = [
        [
            Cell(wording.text("Written"), is_number=False),
            Cell(wording.moment(str(run.manifest.get("created", ""))), is_number=False),
        ]
    ]
    for name, digest in {**run.manifest.get("policies", {}), **run.manifest.get("scenarios", {})}.items():
        rows.append([Cell(name, is_number=False), Cell(str(digest)[:16], is_number=False)])
    for name, version in run.manifest["versions"].items():
        rows.append([Cell(name, is_number=False), Cell(str(version), is_number=False)])
    heads = [wording.text("Document or library"), wording.text("Digest or version")]
    return Section(
        "provenance", wording.text("Where these figures come from"),
        [wording.text("The same figures come again with: {command}", command=shlex.join(run.command))],
        [DataTable(wording.text("Provenance"), heads, rows)],
    )  # fmt: skip
