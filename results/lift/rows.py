"""The answers of a log's campaigns as rows: what the terminal, the page and the picture have in common.

Serves `memberlab lift`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from memberlab.scenarios import response

RowKind = Literal["naive", "fake", "own", "trial", "unsound"]
"""What a figure is: one that targeting can make; the same on a fake date; the lab's own; the lift of a trial; a trial
whose arms were not alike.
"""
OWN = ("first-all", "first", "first-narrow")


@dataclass(frozen=True, slots=True)
class LiftRow:
    """One answer: its key and words, what it is, effects as shares by outcome, and on how many customers it rests."""

    key: str
    says: str
    kind: RowKind
    effects: dict[str, response.Estimate]
    exposed: int
    others: int
    remark: str = ""


def lift_rows(found: response.CampaignResponse) -> list[LiftRow]:
    """Return the trials' lifts, then the answers of observational exposure from the naive to the controlled."""
    rows = []
    for lift in found.randomised:
        effects = {name: outcome.share for name, outcome in lift.outcomes.items()}
        sizes = lift.balance.treated, lift.balance.controls
        kind: RowKind = "trial" if lift.is_sound else "unsound"
        remark = "randomised" if lift.is_sound else "arms not alike: no lift"
        rows.append(LiftRow(lift.offer, f"offer {lift.offer}, trial", kind, effects, *sizes, remark))
    for answer in () if found.observational is None else found.observational.answers:
        kind = "fake" if answer.key.endswith("-fake") else "own" if answer.key in OWN else "naive"
        remark = answer.remark or ("no lift" if kind == "naive" else "")
        rows.append(LiftRow(answer.key, answer.method, kind, answer.effects, answer.exposed, answer.others, remark))
    return rows
