"""Levers applied to the text of a policy: what people have written around them stays.

Serves the what-if page, which moves levers of uploaded files and hands the changed file back.
"""

from __future__ import annotations

from collections.abc import Mapping

from memberlab.policies import DocumentError, Policy, load_model_text, parse_document

from .edited_text import edited
from .levers import PolicyLever, levers_of


def apply_levers(text: str, values: Mapping[str, object], name: str = "policy") -> tuple[str, Policy]:
    """Return a policy's YAML and the policy, with each lever at its value as the control has it; None leaves it out.

    Comments, order and notation stay where the text has a place for every change; else it is written anew with the
    comments at its head. `name` stands for the file in messages. Raises DocumentError, with the address, for a value
    that the policy cannot have, and with the line for a text that is no policy.
    """
    document = parse_document(text, name)
    if document.problems:
        raise DocumentError(document.problems)
    policy = load_model_text(Policy, text, name)
    changes = in_notation(policy, values)
    if not changes:
        return text, policy
    wanted = policy.with_(changes)
    changed = edited(text, changes)
    if changed is None or not _says(changed, wanted, name):
        changed = _head_comments(text) + wanted.to_yaml()
    return changed, load_model_text(Policy, changed, name)


def in_notation(policy: Policy, values: Mapping[str, object]) -> dict[str, object]:
    """Return the values that differ from the policy's by address, in file notation."""
    levers = {lever.address: lever for lever in levers_of(policy)}
    changes = {}
    for address, value in values.items():
        lever: PolicyLever | None = levers.get(address)
        written = value if lever is None else lever.written(value)
        if (
            lever is None
            or written != lever.written(lever.value)
            or isinstance(written, bool) is not isinstance(lever.value, bool)
        ):
            changes[address] = written
    return changes


def _says(text: str, wanted: Policy, name: str) -> bool:
    try:
        return load_model_text(Policy, text, name) == wanted
    except DocumentError:
        return False


def _head_comments(text: str) -> str:
    """Return the comment lines with which a text begins."""
    lines = []
    for line in text.removeprefix("\ufeff").splitlines():
        if line.strip() and not line.startswith("#"):
            break
        lines.append(line)
    return "".join(f"{line}\n" for line in lines)
