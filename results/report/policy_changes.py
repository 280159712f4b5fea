"""What a policy changes against today's, in words.

Serves strategists, who rarely read a difference of YAML.
"""

from __future__ import annotations

from memberlab.policies import Policy, differences, written_levers

from .parts import Cell, DataTable
from .wording import Wording

ABOUT = ("version", "name", "title", "description", "source")
"""What a policy says of itself and promises nobody."""


def changes_table(today: Policy, policy: Policy, wording: Wording) -> DataTable:
    """Return a row a changed lever: its address, what happens to it and what it means."""
    rows = [
        [
            Cell(one.change.address, is_number=False),
            Cell(wording.told(one.sentence), is_number=False),
            Cell(wording.text(one.meaning), is_number=False),
        ]
        for one in differences(today, policy)
    ]
    caption = wording.text("What {policy} changes against {today}", policy=policy.name, today=today.name)
    note = "" if rows else wording.text("Nothing: both policies are the same.")
    return DataTable(caption, [wording.text("Lever"), wording.text("Change"), wording.text("Meaning")], rows, note)


def levers_table(policy: Policy, wording: Wording) -> DataTable:
    """Return a row for each lever that the policy sets: its address, its value and what it means."""
    rows = [
        [Cell(address, is_number=False), Cell(value), Cell(wording.text(meaning), is_number=False)]
        for address, value, meaning in written_levers(policy) if address not in ABOUT
    ]  # fmt: skip
    heads = [wording.text("Lever"), wording.text("Value"), wording.text("Meaning")]
    return DataTable(wording.text("What {policy} promises", policy=policy.name), heads, rows)
