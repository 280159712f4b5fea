"""Where a report's figures come from: the command, the versions, the seeds and every document's digest.

Serves whoever has to get the same figures again.
"""

from __future__ import annotations

import shlex

from .parts import Cell, DataTable, Fragment, Section
from .stored_run import StoredRun
from .wording import Wording


def provenance(run: StoredRun, wording: Wording) -> Section:
    """Return the section that lets a reader reproduce the run."""
    facts = [(wording.text("Written"), wording.moment(str(run.manifest.get("created", ""))))]
    if "duration_seconds" in run.manifest:
        facts.append(
            (wording.text("Took"), wording.text("{seconds} s", seconds=f"{run.manifest['duration_seconds']:.0f}"))
        )
    if "seed" in run.manifest:
        facts.append((wording.text("Seed"), str(run.manifest["seed"])))
    facts += [(wording.text("Digest of {document}", document=name), str(digest)[:16])
              for name, digest in run.digests.items()]  # fmt: skip
    facts += [(wording.text("Version of {library}", library=name), str(version))
              for name, version in run.manifest["versions"].items()]  # fmt: skip
    if "platform" in run.manifest:
        facts.append((wording.text("Machine"), f"Python {run.manifest.get('python', '')}, {run.manifest['platform']}"))
    rows = [[Cell(head, is_number=False), Cell(fact, is_number=False)] for head, fact in facts]
    return Section(
        "provenance", wording.text("Where these figures come from"),
        [wording.text("The same figures come again, to the cent, with this command where the documents of its folder "
                      "are the same:")],
        [Fragment("command.html.j2", {"command": shlex.join(run.command),
                                      "label": wording.text("Command that reproduces the run")}),
         DataTable(wording.text("Provenance"), [wording.text("Fact"), wording.text("Value")], rows)],
    )  # fmt: skip
