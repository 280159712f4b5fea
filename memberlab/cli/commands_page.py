"""The reference of the command line, made from the commands themselves: every command with its options and help.

Serves `memberlab schema commands` and docs/reference/commands.md, which a test keeps equal to it.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import click

INTRODUCTION = """\
# Reference: the command line

Every command says the same with `--help`. A POLICY, scenario, population or study is a name that
[`memberlab catalog`](#memberlab-catalog) lists, or a YAML file. `--out` writes a new folder and never into one that is
there, unless `--force` is given; `--json` prints figures for programs, money in cents, shares 0 to 1. A command that
ends with 2 has been given something that cannot be used and has written nothing.

This page is written by `memberlab schema commands --page`; do not edit it.
"""


class Described(NamedTuple):
    """One command: its words after `memberlab`, the command, and the context that knows its usage."""

    words: str
    command: click.Command
    context: click.Context


def every_command(group: click.Group) -> Iterator[Described]:
    """Yield the commands of `group` in the order of its help page, and those inside commands after them."""
    yield from _inside(group, click.Context(group, info_name="memberlab"), "")


def _inside(group: click.Group, context: click.Context, before: str) -> Iterator[Described]:
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if command is None or command.hidden:
            continue
        inner = click.Context(command, parent=context, info_name=name)
        yield Described(f"{before}{name}", command, inner)
        if isinstance(command, click.Group):
            yield from _inside(command, inner, f"{before}{name} ")


def commands_page(group: click.Group) -> str:
    """Return the page in Markdown: a section for each command with usage, help and a table of its options."""
    lines = [INTRODUCTION]
    for described in every_command(group):
        lines += _section(described)
    return "\n".join(lines)


def commands_as_data(group: click.Group) -> dict[str, Any]:
    """Return every command's usage, help and options by its words, as plain data."""
    return {
        words: {
            "usage": _usage(command, context),
            "help": _clean(command.help),
            "options": [
                {"names": [*one.opts, *one.secondary_opts], "value": _value(one, context), "help": one.help or ""}
                for one in _options(command)
            ],
        }
        for words, command, context in every_command(group)
    }


def _section(described: Described) -> list[str]:
    words, command, context = described
    lines = [f"## memberlab {words}", "", "```text", _usage(command, context), "```", ""]
    lines += _paragraphs(_clean(command.help))
    options = list(_options(command))
    if not options:
        return lines
    lines += ["| option | what it does | default |", "| --- | --- | --- |"]
    lines += [_row(one, context) for one in options]
    lines.append("")
    return lines


def _usage(command: click.Command, context: click.Context) -> str:
    return " ".join([context.command_path, *command.collect_usage_pieces(context)])


def _options(command: click.Command) -> Iterator[click.Option]:
    return (one for one in command.params if isinstance(one, click.Option) and not one.hidden)


def _clean(text: str | None) -> str:
    return inspect.cleandoc((text or "").split("\f")[0])


def _paragraphs(text: str) -> Iterator[str]:
    """Yield the lines of a help text in Markdown; what is kept as typed (after a line with \\b) is a block of code."""
    for paragraph in re.split(r"\n\s*\n", text):
        if paragraph.startswith("\b"):
            yield from ("```text", paragraph.removeprefix("\b").strip("\n"), "```", "")
        else:
            yield from (_escaped(" ".join(paragraph.split())), "")


def _row(option: click.Option, context: click.Context) -> str:
    names = " / ".join(f"`{', '.join(some)}`" for some in (option.opts, option.secondary_opts) if some)
    value = _value(option, context)
    names += f" `{value}`".replace("|", "\\|") if value else ""
    repeated = " May be given several times." if option.multiple and "several times" not in (option.help or "") else ""
    needed = "required" if option.required else _default(option, context)
    return f"| {names} | {_escaped(option.help or '')}{repeated} | {needed} |"


def _value(option: click.Option, context: click.Context) -> str:
    if option.is_flag or option.count:
        return ""
    kind = option.type
    if isinstance(kind, click.IntRange | click.FloatRange):
        word = option.metavar or ("INTEGER" if isinstance(kind, click.IntRange) else "NUMBER")
        if kind.max is None:
            return word if kind.min is None else f"{word} from {kind.min} on"
        return f"{word} from {kind.min} to {kind.max}"
    return option.make_metavar(context)


def _default(option: click.Option, context: click.Context) -> str:
    """Return what the help page says of the default, which is only what the command wants to be shown."""
    if isinstance(option.show_default, str):
        return option.show_default
    default = option.get_default(context, call=False) if option.show_default else None
    if isinstance(default, tuple | list):
        default = ", ".join(str(one) for one in default)
    return "" if default is None or isinstance(default, bool) else f"`{default}`"


def _escaped(text: str) -> str:
    """Return help text that Markdown leaves as it is: pages of docs/ become links, `<` and `*` and pipes stay."""
    text = re.sub(r"([|*<])", r"\\\1", text)
    return re.sub(r"docs/([a-z-]+)\.md", r"[\1](../\1.md)", text)
