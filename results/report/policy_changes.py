"""What a policy changes against today's, in words.

Serves strategists, who rarely read a difference of YAML.
"""

from __future__ import annotations

from memberlab.policies import Policy, differences

from .parts import Cell, DataTable
from .wording import Wording


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
