"""What a command says and where: `--json` for programs, `--quiet` for those who only want verdict and files.

Serves every command that prints a result; none declares these options itself. A command asks nothing of `--quiet`:
the console, progress and what lies ahead ask here.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])

JSON, QUIET = "memberlab.json", "memberlab.quiet"
"""Keys under which a click context keeps what was asked."""

CENTS_AND_SHARES = "money in cents, shares 0 to 1"


def result_options(what: str = f"the figures as JSON ({CENTS_AND_SHARES})") -> Callable[[Command], Command]:
    """Return the options `--json`, which reaches the command as `as_json`, and `--quiet`, which does not reach it.

    `what` follows the word "Print" in the help of `--json`.
    """

    def add(command: Command) -> Command:
        as_json = click.option(
            "--json", "as_json", is_flag=True, is_eager=True, callback=_take_note(JSON),
            help=f"Print {what}; nothing else goes to standard output, a fault neither.",
        )  # fmt: skip
        return as_json(quiet_option(command))

    return add


def quiet_option(command: Command) -> Command:
    """Add the option `--quiet`."""
    return click.option(
        "-q", "--quiet", is_flag=True, is_eager=True, expose_value=False, callback=_take_note(QUIET),
        help="Print the verdict and the files written only; no tables, no progress.",
    )(command)  # fmt: skip


def _take_note(key: str) -> Callable[[click.Context, click.Parameter, Any], Any]:
    def noted(context: click.Context, option: click.Parameter, value: Any) -> Any:
        if value is True or value == Path("-"):
            context.meta[key] = True
        return value

    return noted


note_json = _take_note(JSON)
"""Callback of a `--json` with a file: `-` is standard output."""


def is_quiet() -> bool:
    """Return whether only verdict and files are wanted."""
    return _is_noted(QUIET)


def is_json() -> bool:
    """Return whether standard output is for one JSON document."""
    return _is_noted(JSON)


def is_silent() -> bool:
    """Return whether progress, and what lies ahead, is not wanted."""
    return is_quiet() or is_json()


def _is_noted(key: str) -> bool:
    context = click.get_current_context(silent=True)
    return context is not None and bool(context.meta.get(key))


def print_json(document: object, default: Callable[[Any], Any] | None = None) -> None:
    """Print the one JSON document of a command; `default` makes plain data of what json does not know."""
    click.echo(json.dumps(document, indent=2, ensure_ascii=False, default=default))
