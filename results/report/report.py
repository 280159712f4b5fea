"""From a run's folder to its report.

Serves the command line, and whoever wants another language of a report that was written before.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from .comparison_report import comparison_report
from .page import page_of
from .parts import Report
from .run_report import run_report
from .stored_run import StoredRun, open_run, refusal
from .study_report import study_report
from .wording import LANGUAGES

REPORT = "report.html"
"""The file of a report in its run's folder."""

REPORTS: Mapping[str, Callable[[StoredRun, str], Report]] = {
    "run": run_report,
    "comparison": comparison_report,
    "study": study_report,
}
"""By the kind of run, what builds its report."""


def write_report(folder: Path, language: str = "en", out: Path | None = None) -> Path:
    """Write the report of the run in `folder` and return its file: `report.html` in the folder, or `out`.

    Raises DocumentError for a folder that is no run, broken or of a newer format, and for a kind without a report.
    """
    if language not in LANGUAGES:
        raise ValueError(f"language {language!r} is none of {', '.join(LANGUAGES)}")
    run = open_run(folder)
    build = REPORTS.get(run.kind)
    if build is None:
        raise refusal(folder, f"is a {run.kind}, of which there is no report; there is one of: {', '.join(REPORTS)}")
    page = page_of(build(run, language), language)
    file = folder / REPORT if out is None else out
    beside = file.with_name(f".{file.name}.tmp")
    beside.write_text(page, encoding="utf-8")
    beside.replace(file)
    return file
