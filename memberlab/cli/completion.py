"""`memberlab completion`: the script by which a shell completes commands, options, names and files.

Serves whoever types the command often.
"""

from __future__ import annotations

import os
from pathlib import Path

import click

VARIABLE = "_MEMBERLAB_COMPLETE"

INSTALL = {
    "bash": "memberlab completion bash > ~/.local/share/bash-completion/completions/memberlab",
    "zsh": "memberlab completion zsh > ~/.zfunc/_memberlab    # with fpath+=~/.zfunc before compinit in ~/.zshrc",
    "fish": "memberlab completion fish > ~/.config/fish/completions/memberlab.fish",
}
"""How the script of each shell is installed."""


@click.command()
@click.argument("shell", type=click.Choice(list(INSTALL)), required=False)
def completion(shell: str | None) -> None:
    """Print the completion script of SHELL; without SHELL, how to install that of yours.

    \b
    memberlab completion bash > ~/.local/share/bash-completion/completions/memberlab
    memberlab completion zsh  > ~/.zfunc/_memberlab
    memberlab completion fish > ~/.config/fish/completions/memberlab.fish

    Tab then completes commands, options and their values, the policies, scenarios, disturbances, studies and other
    documents that ship, and files.
    """
    if shell is None:
        own = Path(os.environ.get("SHELL", "")).name
        for name in [own] if own in INSTALL else list(INSTALL):
            click.echo(f"{name}: {INSTALL[name]}")
        return
    click.echo(script_of(shell), nl=False)


def script_of(shell: str) -> str:
    """Return the script of a shell. Not `source()`, which would ask the shell for its version."""
    from click.shell_completion import get_completion_class

    from .main import main

    kind = get_completion_class(shell)
    assert kind is not None
    made = kind(main, {}, "memberlab", VARIABLE)
    return str(made.source_template % made.source_vars()).lstrip()
