"""The report that a command leaves in the folder it writes: its options, and the line that names the file.

Serves every command with `--out` whose run has a report.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])


def lang_option(command: Command) -> Command:
    """Add the option `--lang`: the language of the report."""
    return click.option(
        "--lang", "language", type=click.Choice(("en", "zh")), default="en", show_default=True,
        help="Language of the report: English or Chinese.",
    )(command)  # fmt: skip


def report_options(command: Command) -> Command:
    """Add `--lang` and `--no-report`; the command takes `language` and `with_report`."""
    command = click.option(
        "--report/--no-report", "with_report", default=True,
        help="Write report.html into DIR as well, a page to read and to forward.  [default: report]",
    )(command)  # fmt: skip
    return lang_option(command)


def leave_report(folder: Path, language: str, *, with_report: bool) -> Path | None:
    """Write the report into a run's folder and return its file, None where none is wanted."""
    if not with_report:
        return None
    from memberlab.results import write_report

    return write_report(folder, language)


def report_told(file: Path) -> str:
    """Return the last line of a command that has left a report."""
    return f"Report: {file}"
