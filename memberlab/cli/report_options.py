"""The report that a command leaves in the folder it writes: its options, and the line that names the file.

Serves every command with `--out` whose run has a report.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from .output_options import is_json

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


def leaves_report(command: Command) -> Command:
    """Add `--lang` and `--no-report`, and leave the report when the command is done; it takes neither option.

    For a command whose `--out`, or whose `work`, names the folder, and that prints its result last. Stands next to the
    function, below `work_options`.
    """

    @functools.wraps(command)
    def with_page(*arguments: Any, language: str, with_report: bool, **named: Any) -> Any:
        result = command(*arguments, **named)
        out = named["out"] if "out" in named else named["work"].out
        if out is None:
            return result
        page = leave_report(out, language, with_report=with_report)
        if page is not None and not is_json() and not named.get("page"):
            click.echo(report_told(page))
        return result

    return report_options(with_page)  # type: ignore[return-value]


def leave_report(folder: Path, language: str, *, with_report: bool) -> Path | None:
    """Write the report into a run's folder and return its file, None where none is wanted."""
    if not with_report:
        return None
    from memberlab.results import write_report

    return write_report(folder, language)


def report_told(file: Path) -> str:
    """Return the last line of a command that has left a report."""
    return f"Report: {file}"
