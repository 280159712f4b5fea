"""The `memberlab` command: its subcommands, and how faults in a user's files are told.

Serves everyone at a terminal: bad input ends with exit code 2 and one line a fault, an interrupted run with 130.
"""

from __future__ import annotations

import importlib
from concurrent.futures import BrokenExecutor
from typing import Any

import click

from .interrupts import was_interrupted

COMMANDS = {
    "init": "memberlab.cli.init",
    "import": "memberlab.cli.import_log",
    "calibrate": "memberlab.cli.calibrate",
    "members": "memberlab.cli.members",
    "lift": "memberlab.cli.lift",
    "validate": "memberlab.cli.validate",
    "run": "memberlab.cli.run",
    "compare": "memberlab.cli.compare",
    "report": "memberlab.cli.report",
    "rollout": "memberlab.cli.rollout",
    "cutover": "memberlab.cli.cutover",
    "finance": "memberlab.cli.finance",
    "sensitivity": "memberlab.cli.sensitivity",
    "pilot": "memberlab.cli.pilot",
    "budget": "memberlab.cli.budget",
    "trace": "memberlab.cli.trace",
    "claims": "memberlab.cli.claims",
    "evidence": "memberlab.cli.evidence",
    "check": "memberlab.cli.check",
    "baseline": "memberlab.cli.baseline",
    "study": "memberlab.cli.study",
    "optimize": "memberlab.cli.optimize",
    "sweep": "memberlab.cli.sweep",
    "fee": "memberlab.cli.fee",
    "global-sensitivity": "memberlab.cli.global_sensitivity",
    "discover": "memberlab.cli.discover",
    "app": "memberlab.cli.app",
    "scenarios": "memberlab.cli.scenarios",
    "lint": "memberlab.cli.lint",
    "explain": "memberlab.cli.explain",
    "diff": "memberlab.cli.diff",
    "assumptions": "memberlab.cli.assumptions",
    "catalog": "memberlab.cli.catalog",
    "schema": "memberlab.cli.schema",
}
"""Subcommands in the order of the help page, and the module that holds each (a click command of the module's name)."""

BAD_INPUT, INTERRUPTED = 2, 130


class LazyCommands(click.Group):
    """A group whose commands are imported when they are used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands in the order of the help page."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command of that name, imported now."""
        if cmd_name not in COMMANDS:
            return None
        place = COMMANDS[cmd_name]
        command: click.Command = getattr(importlib.import_module(place), place.rpartition(".")[2])
        return command

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; tell the faults of the user's files without a traceback."""
        try:
            return super().invoke(ctx)
        except (click.exceptions.Exit, click.ClickException, click.Abort):
            raise
        except (Exception, KeyboardInterrupt) as fault:
            if was_interrupted(fault):
                click.echo("stopped", err=True)
                ctx.exit(INTERRUPTED)
            if is_bad_input(fault):
                click.echo(str(fault), err=True)
                ctx.exit(BAD_INPUT)
            if isinstance(fault, BrokenExecutor):
                raise click.ClickException(str(fault)) from None
            raise


def is_bad_input(fault: BaseException) -> bool:
    """Return whether `fault` tells what is wrong in a user's files."""
    if not isinstance(fault, ValueError):
        return False
    from memberlab.policies import DocumentError

    return isinstance(fault, DocumentError)


@click.group(cls=LazyCommands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="memberlab")
def main() -> None:
    """Try a membership or loyalty programme on a virtual market before it is rolled out on the real one.

    Policies, scenarios, populations and studies are YAML files, or names of those that ship with memberlab
    (`memberlab catalog` lists them).

    \b
    memberlab init DIR                                    begin a project with policies under test
    memberlab import SOURCE --out LOG                     check and take in your own data
    memberlab calibrate trips.csv --out population.yaml   fit shoppers to real purchases
    memberlab members members.yaml four-tiers-simple      check real members before a world opens with them
    memberlab lift LOG                                    what campaigns did, as far as a log can tell
    memberlab run four-tiers-simple                       simulate one policy
    memberlab compare four-tiers-simple jd-plus           the same shoppers under several policies
    memberlab report DIR                                  a run as a page to read and to forward
    memberlab rollout rollout.yaml                        pilot, ramp, launch, and when to stop
    memberlab cutover four-tiers-simple mine.yaml         what launch morning does to members
    memberlab finance DIR                                 the statements of a run or comparison
    memberlab pilot no-programme four-tiers-simple        shoppers, weeks and hold-out of an experiment
    memberlab trace 17 jd-plus                            one shopper's life, and why
    memberlab optimize fashion-thresholds --out DIR       search for a better policy
    memberlab fee jd-plus                                 the fee of a paid membership
    memberlab check                                       whether policies in git still do what they did
    memberlab lint mine.yaml                              what a policy can have wrong though it parses
    """
