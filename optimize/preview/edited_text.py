"""A policy's YAML with some values changed in place: comments, order and quotes of everything else stay.

Serves whoever moves levers of a policy that somebody has written by hand. Only single values and new keys are written;
whoever calls it looks whether the text then says what it should, and writes the document anew where it does not.
"""

from __future__ import annotations

from collections.abc import Mapping

import yaml

Edit = tuple[int, int, str]
"""Place in the text from and to which it is replaced, and by what."""


def edited(text: str, values: Mapping[str, object]) -> str | None:
    """Return `text` with each value (a word, number, truth or None) at its dotted address, in file notation.

    None removes the key. Returns None where the text has no place for a change that can be filled in line.
    """
    for address, value in values.items():
        root = yaml.compose(text, Loader=yaml.SafeLoader)
        edit = _edit(text, root, address.split("."), value)
        if edit is None:
            return None
        start, end, new = edit
        text = text[:start] + new + text[end:]
    return text


def _edit(text: str, root: yaml.Node | None, keys: list[str], value: object) -> Edit | None:
    around: yaml.Node | None = None
    name: yaml.Node | None = None
    node = root
    for place, key in enumerate(keys):
        found = _entry(node, key)
        if found is None:
            return _addition(text, node, keys[place:], value)
        around, (name, node) = node, found
    if not isinstance(node, yaml.ScalarNode):
        return None
    if value is None:
        if name is None or not isinstance(around, yaml.MappingNode):
            return None
        return _removal(text, around, name, node)
    start, end = node.start_mark.index, node.end_mark.index
    return start, end, _told(value) if end > start else f" {_told(value)}"


def _entry(node: yaml.Node | None, key: str) -> tuple[yaml.Node | None, yaml.Node] | None:
    """Return the nodes of a key and its value, or of an entry of a list; None where there is none."""
    if isinstance(node, yaml.MappingNode):
        return next(((name, inner) for name, inner in node.value if name.value == key), None)
    if isinstance(node, yaml.SequenceNode) and key.isdecimal() and int(key) < len(node.value):
        return None, node.value[int(key)]
    return None


def _addition(text: str, node: yaml.Node | None, keys: list[str], value: object) -> Edit | None:
    """Return the edit that adds a key with its value at the end of a section, and the sections on the way to it."""
    if value is None or not isinstance(node, yaml.MappingNode) or not node.value:
        return None
    told = _told(value)
    *around, last = map(_told, keys)
    name, end = node.value[-1][0], node.value[-1][1].end_mark.index
    if node.flow_style:
        inside = "".join(f"{key}: {{" for key in around) + f"{last}: {told}" + "}" * len(around)
        return end, end, f", {inside}"
    indent = name.start_mark.column
    lines = [f"{' ' * (indent + 2 * depth)}{key}:" for depth, key in enumerate(around)]
    lines.append(f"{' ' * (indent + 2 * len(around))}{last}: {told}")
    at = _end_of_content(text, end)
    return at, at, "".join(f"\n{line}" for line in lines)


def _end_of_content(text: str, end: int) -> int:
    """Return the end of the line on which a value ends, with the comment behind it."""
    while end > 0 and text[end - 1] in " \n\r":  # a block ends where the next one begins
        end -= 1
    line_start = text.rfind("\n", 0, end) + 1
    while text[line_start:end].lstrip().startswith("#"):  # comments before that belong to what follows
        end = len(text[:line_start].rstrip())
        line_start = text.rfind("\n", 0, end) + 1
    line_end = text.find("\n", end)
    return len(text) if line_end < 0 else line_end


def _removal(text: str, section: yaml.MappingNode, name: yaml.Node, value: yaml.ScalarNode) -> Edit | None:
    """Return the edit that takes a key and its single value away with its line; None for the only one of a section."""
    if len(section.value) < 2:
        return None
    if not section.flow_style:
        end = text.find("\n", value.end_mark.index)
        return text.rfind("\n", 0, name.start_mark.index) + 1, len(text) if end < 0 else end + 1, ""
    place = next(number for number, (key, _) in enumerate(section.value) if key is name)
    if place == 0:
        return name.start_mark.index, section.value[1][0].start_mark.index, ""
    return section.value[place - 1][1].end_mark.index, value.end_mark.index, ""


def _told(value: object) -> str:
    """Return a single value as YAML writes it in a line."""
    if isinstance(value, bool):
        return str(value).lower()
    if not isinstance(value, str):
        return format(value, "f") if hasattr(value, "as_tuple") else str(value)
    dumped = yaml.safe_dump(value, default_flow_style=True, allow_unicode=True, width=10_000)
    return dumped.removesuffix("\n").removesuffix("\n...")
