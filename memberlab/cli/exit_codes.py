"""How a command can end: the one table of exit codes, from which help and docs/reference/exit-codes.md are made.

Serves scripts and continuous integration, which see nothing of a command but its code.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum


class ExitCode(IntEnum):
    """What the shell is told."""

    DONE = 0
    ANSWER_IS_NO = 1
    BAD_INPUT = 2
    UNDECIDED = 3
    NO_BASELINE = 4
    BOOKS_BROKEN = 5
    INTERRUPTED = 130


@dataclass(frozen=True, slots=True)
class Meaning:
    """A code in words: its name in `--json` errors, what it means, and which commands end so."""

    name: str
    means: str
    where: str


MEANINGS: dict[ExitCode, Meaning] = {
    ExitCode.DONE: Meaning("done", "the command did what it was asked", "every command"),
    ExitCode.ANSWER_IS_NO: Meaning(
        "answer-is-no",
        "the command worked, and what it was asked to hold does not: an outcome has changed, a claim or ceiling "
        "fails, the linter has found an error, statements do not tie out, a replay differs; or a worker has died",
        "check, budget, lint, finance, trace; a lost worker anywhere",
    ),
    ExitCode.BAD_INPUT: Meaning(
        "bad-input",
        "something is wrong with the command line or a file; nothing was written",
        "every command",
    ),
    ExitCode.UNDECIDED: Meaning(
        "undecided",
        "no policy found keeps the limits, today's included; or a cell of a strict check stays inconclusive",
        "optimize, check --strict",
    ),
    ExitCode.NO_BASELINE: Meaning(
        "no-baseline",
        "there is no baseline, or it is of another version of the model",
        "check, baseline show",
    ),
    ExitCode.BOOKS_BROKEN: Meaning(
        "books-broken",
        "an accounting identity does not hold, a fault of memberlab; nothing was written",
        "check, baseline accept",
    ),
    ExitCode.INTERRUPTED: Meaning(
        "interrupted",
        "stopped by Ctrl-C; commands with --out say how to go on",
        "every command",
    ),
}
"""Every code with its meaning."""


def name_of(code: int) -> str:
    """Return the name of a code, `failed` for one that is not in the table."""
    return MEANINGS[ExitCode(code)].name if code in MEANINGS else "failed"


def exit_codes_page() -> str:
    """Return the page docs/reference/exit-codes.md."""
    rows = [f"| {code:d} | `{one.name}` | {one.means} | {one.where} |" for code, one in MEANINGS.items()]
    return "\n".join(
        [
            "# Exit codes",
            "",
            "Made by `memberlab help exit-codes --page`. A code means the same in every command.",
            "",
            "| Code | Name | What it means | Commands |",
            "|---:|---|---|---|",
            *rows,
            "",
            "The name is that of `error.name` in the document that `--json` prints of a fault (docs/terminal.md).",
            "",
        ]
    )


def exit_codes_told() -> str:
    """Return the codes for the terminal, a paragraph each."""
    import click

    told = [
        click.wrap_text(f"{code:d}  {one.name}: {one.means} ({one.where}).", 79, f"{'':{4 - len(str(int(code)))}}",
                        "       ")
        for code, one in MEANINGS.items()
    ]  # fmt: skip
    return "\n".join(told)
