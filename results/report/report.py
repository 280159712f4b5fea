"""From a run's folder to its report.

Serves the command line, and whoever wants another language of a report that was written before.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path

from .claims_report import claims_report
from .comparison_report import comparison_report
from .cutover_report import cutover_report
from .discovery_report import discovery_report
from .evidence_report import evidence_report
from .fee_report import fee_report
from .global_sensitivity_report import global_sensitivity_report
from .lift_report import lift_report
from .page import page_of
from .parts import Report
from .pilot_report import pilot_report
from .rollout_report import rollout_report
from .run_report import run_report
from .sensitivity_report import sensitivity_report
from .stored_run import StoredRun, open_run, refusal
from .study_report import study_report
from .sweep_report import sweep_report
from .tables_report import tables_report
from .validation_report import validation_report
from .wording import LANGUAGES

REPORT = "report.html"
"""The file of a report in its run's folder."""

REPORTS: Mapping[str, Callable[[StoredRun, str], Report]] = {
    "run": run_report,
    "comparison": comparison_report,
    "study": study_report,
    "evidence": evidence_report,
    "validation": validation_report,
    "sensitivity": sensitivity_report,
    "sweep": sweep_report,
    "fee": fee_report,
    "pilot": pilot_report,
    "rollout": rollout_report,
    "cutover": cutover_report,
    "claims": claims_report,
    "lift": lift_report,
    "discovery": discovery_report,
    "global sensitivity": global_sensitivity_report,
    "finance": tables_report,
    "budget": tables_report,
}
"""By the kind of run, what builds its report."""

NAMED = ("sweep", "fee", "pilot", "cutover", "discovery", "global sensitivity")
"""Kinds whose report needs the names that folders of older versions lack; those are shown as they are."""


def write_report(folder: Path, language: str = "en", out: Path | None = None) -> Path:
    """Write the report of the run in `folder` and return its file: `report.html` in the folder, or `out`.

    Raises DocumentError for a folder that is no run, broken or of a newer format, and for a kind without a report.
    """
    file = folder / REPORT if out is None else out
    fail_if_not_writable(file, folder)
    if language not in LANGUAGES:
        raise ValueError(f"language {language!r} is none of {', '.join(LANGUAGES)}")
    run = open_run(folder)
    build = REPORTS.get(run.kind)
    if build is None:
        raise refusal(folder, f"is a {run.kind}, of which there is no report; there is one of: {', '.join(REPORTS)}")
    if run.kind in NAMED and "names" not in run.manifest:
        build = tables_report
    page = page_of(build(run, language), language)
    beside = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        beside.write_text(page, encoding="utf-8")
        beside.replace(file)
    except OSError as fault:
        raise refusal(file, f"cannot be written: {fault.strerror or fault}") from None
    finally:
        beside.unlink(missing_ok=True)
    return file


def fail_if_not_writable(file: Path, folder: Path) -> None:
    """Raise DocumentError where a page cannot be written to `file`, before anything is read; a folder that is no run is
    told of as such.
    """
    if not folder.is_dir():
        return
    if file.is_dir():
        raise refusal(file, "is a folder; name a file, such as report.html")
    if not file.absolute().parent.is_dir():
        raise refusal(file, f"cannot be written: there is no folder {file.parent}")
