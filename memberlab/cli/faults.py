"""How a fault is told: one style of sentence and suggestion, one exit code, and one document for `--json`.

Serves everyone at a terminal, and the programs that read it.
"""

from __future__ import annotations

import click

from .exit_codes import ExitCode, name_of
from .interrupts import was_interrupted
from .output_options import print_json


class Refusal(click.ClickException):
    """A command ends with a sentence, as it is, and the code of its class: bad input."""

    exit_code = int(ExitCode.BAD_INPUT)

    def show(self, file: object = None) -> None:
        """Print the sentence."""
        click.echo(self.message, err=True)


class NoBaseline(Refusal):
    """There is no baseline that outcomes can be held against."""

    exit_code = int(ExitCode.NO_BASELINE)


class BooksBroken(Refusal):
    """An accounting identity does not hold."""

    exit_code = int(ExitCode.BOOKS_BROKEN)


class Stopped(Refusal):
    """Ctrl-C was pressed."""

    exit_code = int(ExitCode.INTERRUPTED)


def in_house_style(fault: click.ClickException) -> click.ClickException:
    """Return the fault with the suggestion that memberlab makes everywhere: `..., did you mean 'compare'?`."""
    from memberlab.policies import closest

    context = fault.ctx if isinstance(fault, click.UsageError) else None
    if isinstance(fault, click.NoSuchOption):
        known = [] if context is None else [name for one in context.command.params for name in one.opts]
        guess = closest(fault.option_name, [name for name in known if name.startswith("--")])
        return click.UsageError(f"No such option: {fault.option_name}{suggestion(guess)}", context)
    if isinstance(fault, click.BadParameter) and fault.param is not None:
        kind = fault.param.type
        word = fault.message.split("'")[1] if fault.message.count("'") > 1 else ""
        if isinstance(kind, click.Choice) and (guess := closest(word, [str(one) for one in kind.choices])):
            told = f"{fault.message.rstrip('.')}{suggestion(guess)}"
            return click.BadParameter(told, context, fault.param, fault.param_hint)
    return fault


def suggestion(guess: str | None) -> str:
    """Return the end of a sentence about an unknown word, empty where nothing is like it."""
    return f", did you mean '{guess}'?" if guess else ""


def unknown_command(word: str, known: list[str], context: click.Context) -> click.UsageError:
    """Return the fault of a subcommand that is not there."""
    from memberlab.policies import closest

    guess = suggestion(closest(word, known))
    return click.UsageError(f"No such command: {word}{guess or '; memberlab --help lists all'}", context)


def as_exit(fault: BaseException) -> click.ClickException | None:
    """Return a fault as a sentence and an exit code, None for a fault of memberlab itself."""
    from concurrent.futures import BrokenExecutor

    if was_interrupted(fault):
        return Stopped("stopped")
    if is_bad_input(fault):
        return Refusal(str(fault))
    if isinstance(fault, BrokenExecutor):
        return click.ClickException(str(fault))
    return None


def is_bad_input(fault: BaseException | None) -> bool:
    """Return whether `fault` tells what is wrong in a user's files."""
    if not isinstance(fault, ValueError):
        return False
    from memberlab.policies import DocumentError

    return isinstance(fault, DocumentError)


def print_fault(told: click.ClickException, cause: BaseException | None) -> None:
    """Print the JSON document of a fault; `cause` is what it was made of, if it is a fault of files."""
    problems = []
    if is_bad_input(cause):
        problems = [
            {"file": one.file, "line": one.line, "field": one.field, "message": one.message}
            for one in getattr(cause, "problems", ())
        ]
    error = {
        "code": told.exit_code, "name": name_of(told.exit_code), "message": told.format_message(), "problems": problems,
    }  # fmt: skip
    print_json({"error": error})
