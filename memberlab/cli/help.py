"""`memberlab help`: the help page, that of a command, or the table of exit codes.

Serves whoever is used to asking so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from .commands import COMMANDS

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

EXIT_CODES = "exit-codes"


def topics(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Return the topics that begin so."""
    from click.shell_completion import CompletionItem

    known = {**{name: entry.line for name, entry in COMMANDS.items()}, EXIT_CODES: "How a command can end."}
    return [CompletionItem(name, help=line) for name, line in known.items() if name.startswith(incomplete)]


@click.command()
@click.argument("topic", required=False, metavar="[COMMAND|exit-codes]", shell_complete=topics)
@click.option("--page", is_flag=True, help="Print the exit codes as a page in Markdown.")
@click.pass_context
def help(context: click.Context, topic: str | None, page: bool) -> None:
    """Show the help of a command, of memberlab as a whole, or how commands end.

    \b
    memberlab help compare
    memberlab help exit-codes
    """
    from .exit_codes import exit_codes_page, exit_codes_told

    if topic == EXIT_CODES:
        click.echo(exit_codes_page() if page else exit_codes_told(), nl=not page)
        return
    above = context.find_root()
    group = above.command
    assert isinstance(group, click.Group)
    if topic is None:
        click.echo(group.get_help(above))
        return
    _, command, _ = group.resolve_command(above, [topic])
    assert command is not None
    with click.Context(command, info_name=topic, parent=above) as asked:
        click.echo(command.get_help(asked))
