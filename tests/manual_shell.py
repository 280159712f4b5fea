"""A small shell for the commands of the manual: `memberlab` lines run within this process, made smaller if asked for.

Serves tests/test_manual.py. A process for each of the manual's commands would cost 3 to 4 CPU seconds each. What is
smaller is told in docs/explanation/how-this-manual-is-tested.md; the weekly suite runs every line as it is written.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
from click.testing import CliRunner

from memberlab.cli import main

SMALLER: dict[str, tuple[str, ...]] = {
    "--shoppers": ("200",),
    "--replications": ("2",),
    "--policies": ("4",),
    "--cases": ("12",),
    "--samples": ("2",),
    "--replays": ("50",),
    "--workers": ("1",),
    "--no-report": (),
    "--no-break-even": (),
    "--no-simpler": (),
    "--no-rival-reaction": (),
}
"""Options that are added in the daily suite to every command that has them, with their values."""

SMALLER_COMMANDS: dict[str, tuple[str, ...]] = {"init": ("--without-baseline",)}
"""Options added in the daily suite to one command."""


class Shell:
    """The commands of one page, in a folder of their own; `small` makes what they simulate smaller."""

    def __init__(self, folder: Path, small: bool) -> None:
        self.folder, self.small = folder, small

    def run(self, text: str, code: int = 0, written: bool = False) -> str:
        """Run the lines of a block and return what they print; the last command must end with `code`.

        Made smaller it may also end with 0, because small shops keep ceilings that large ones break.
        """
        printed = []
        commands = list(commands_in(text))
        for number, (words, into) in enumerate(commands, start=1):
            expected = code if number == len(commands) else 0
            out, ended = self._one(words, written)
            if ended != expected and not (ended == 0 and self.small and not written):
                raise AssertionError(f"`{shlex.join(words)}` ended with {ended}, not {expected}:\n{out[-3000:]}")
            if into is None:
                printed.append(out)
            else:
                file = self.folder / into
                file.parent.mkdir(exist_ok=True)
                file.write_text(out, encoding="utf-8")
        return "".join(printed)

    def _one(self, words: list[str], written: bool) -> tuple[str, int]:
        program, *arguments = [name for word in words for name in self._meant(word)]
        if program == "memberlab":
            return self._memberlab(arguments if written or not self.small else smaller(arguments))
        if program == "cd":
            self.folder = (self.folder / arguments[0]).resolve(strict=True)
            return "", 0
        if program == "sed" and arguments[0] == "-i":
            _, old, new, _ = arguments[1].split(arguments[1][1])
            file = self.folder / arguments[2]
            changed, times = re.subn(old, new, file.read_text(encoding="utf-8"), flags=re.MULTILINE)
            file.write_text(changed, encoding="utf-8")
            return "", 0 if times else 1
        if program in ("mkdir", "cp"):
            place = [self.folder / one for one in arguments]
            (place[0] if program == "mkdir" else place[1].parent).mkdir(exist_ok=True)
            if program == "cp":
                shutil.copy(*place)
            return "", 0
        if self.small:
            raise AssertionError(
                f"the daily suite cannot run {program!r}: mark the block weekly or never, with the reason"
            )
        done = subprocess.run(words, cwd=self.folder, capture_output=True, text=True, check=False)
        return done.stdout + done.stderr, done.returncode

    def _meant(self, word: str) -> list[str]:
        """Return the files that a word with `*` stands for, or the word."""
        files = self.folder.glob(word) if "*" in word and " " not in word else ()
        return sorted(str(file.relative_to(self.folder)) for file in files) or [word]

    def _memberlab(self, arguments: list[str]) -> tuple[str, int]:
        before = Path.cwd()
        os.chdir(self.folder)
        try:
            result = CliRunner(env={"COLUMNS": "100"}).invoke(main, arguments)
        finally:
            os.chdir(before)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise AssertionError(f"`memberlab {shlex.join(arguments)}` failed") from result.exception
        return (result.stdout if result.exit_code == 0 else result.output), result.exit_code


def commands_in(text: str) -> Iterator[tuple[list[str], str | None]]:
    """Yield the words of every command of a block, with the file that its output goes into; `#` begins a comment."""
    for line in text.replace("\\\n", " ").splitlines():
        lexer = shlex.shlex(line, posix=True, punctuation_chars="&>|")
        lexer.whitespace_split = True
        words: list[str] = []
        for word in [*lexer, "&&"]:
            if word != "&&":
                words.append(word)
            elif words:
                yield (words[:-2], words[-1]) if ">" in words[-2:-1] else (words, None)
                words = []


def smaller(arguments: list[str]) -> list[str]:
    """Return the arguments with the options of `SMALLER` that the command knows put last, where they count."""
    _, command = the_command(arguments)
    known = {
        name for one in command.params if isinstance(one, click.Option) for name in (*one.opts, *one.secondary_opts)
    }
    added = [word for name, value in SMALLER.items() if name in known for word in (name, *value)]
    return [*arguments, *added, *SMALLER_COMMANDS.get(arguments[0], ())]


def the_command(arguments: list[str]) -> tuple[list[str], click.Command]:
    """Return what stands after a command's own words, and the command; an unknown one is a fault."""
    command: click.Command = main
    rest = list(arguments)
    while isinstance(command, click.Group) and rest and not rest[0].startswith("-"):
        inner = command.get_command(click.Context(command), rest[0])
        if inner is None:
            raise AssertionError(f"there is no command `memberlab {' '.join(arguments)}`")
        command, rest = inner, rest[1:]
    return rest, command


def fail_if_unknown(words: list[str]) -> None:
    """Fail if a `memberlab` line that is not run names a command or an option that there is not."""
    if words[0] != "memberlab":
        return
    rest, command = the_command(words[1:])
    context: Any = click.Context(command, info_name="memberlab")
    command.make_parser(context).parse_args(list(rest))
