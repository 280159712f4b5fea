"""The `memberlab` command: its subcommands, and how faults in a user's files are told.

Serves everyone at a terminal: bad input ends with exit code 2 and one line a fault, an interrupted run with 130
(exit_codes.py has all codes).
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

import click

from .commands import COMMANDS, GROUPS
from .output_options import JSON

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

WORDS = "memberlab.words"


class LazyCommands(click.Group):
    """A group whose commands are imported when they are used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands in the order of the help page."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command of that name, imported now."""
        entry = COMMANDS.get(cmd_name)
        if entry is None:
            return None
        command: click.Command = getattr(importlib.import_module(entry.module), entry.file)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands by purpose, a line each, without importing one."""
        width = max(map(len, COMMANDS)) + 2
        for purpose, entries in GROUPS.items():
            with formatter.section(purpose):
                formatter.write_dl([(name.ljust(width - 2), entry.line) for name, entry in entries.items()])

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Return the commands and options that begin so, without importing a command."""
        from click.shell_completion import CompletionItem

        commands = [CompletionItem(name, help=entry.line) for name, entry in COMMANDS.items()]
        found = [one for one in commands if one.value.startswith(incomplete)]
        return [*found, *click.Command.shell_complete(self, ctx, incomplete)]

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that the words name. Raises UsageError with a suggestion for one that is not there."""
        ctx.meta[WORDS] = args
        if args[0] not in COMMANDS and not args[0].startswith("-") and not ctx.resilient_parsing:
            from .faults import unknown_command

            raise unknown_command(args[0], list(COMMANDS), ctx)
        return super().resolve_command(ctx, args)

    def main(self, *args: Any, **extra: Any) -> Any:
        """Run the command line; Ctrl-C while the shell completes a word ends it without a word."""
        try:
            return super().main(*args, **extra)
        except KeyboardInterrupt:
            raise SystemExit(130) from None

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; tell the faults of the user's files without a traceback."""
        try:
            return super().invoke(ctx)
        except (click.exceptions.Exit, click.Abort):
            raise
        except (Exception, KeyboardInterrupt) as fault:
            from .faults import as_exit, in_house_style, print_fault

            told = in_house_style(fault) if isinstance(fault, click.ClickException) else as_exit(fault)
            if told is None:
                raise
            if ctx.meta.get(JSON) or (isinstance(fault, click.UsageError) and "--json" in ctx.meta.get(WORDS, ())):
                print_fault(told, fault)
            raise told from None


@click.group(cls=LazyCommands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="memberlab")
def main() -> None:
    """Try a membership or loyalty programme on a virtual market before it is rolled out on the real one.

    Policies, scenarios, populations and studies are YAML files, or names of those that ship with memberlab
    (`memberlab catalog` lists them). Begin with one of these:

    \b
    memberlab run four-tiers-simple               simulate one policy
    memberlab compare four-tiers-simple jd-plus   hold two against each other
    memberlab app                                 move levers on a page
    memberlab optimize jd-plus --out DIR          search for a better one
    memberlab import SOURCE --out LOG             take in your own data
    memberlab init DIR                            begin a project under test

    `memberlab help COMMAND` is the manual of a command; `memberlab help exit-codes` tells how they end.
    """
