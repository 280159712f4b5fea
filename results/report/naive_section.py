"""The naive difference between members and others beside the causal effect, from the same shoppers' twins.

Serves whoever has been shown that members buy more than others. The twin is the same shopper with the same random
numbers under the policy held against; naive = effect on members + selection - spill-over, exactly.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from ..finance.books import RunBooks
from ..finance.people_statements import accounts_after_provision
from .figure_style import GAIN, LOSS, TOTAL, broken, figure, with_room, zero_line
from .parts import Cell, Chart, DataTable, Part, Section
from .stored_run import StoredRun
from .wording import Wording


@dataclass(frozen=True, slots=True)
class Naive:
    """Means a shopper in cents of one outcome: `members` and `others`, each with the policy and as twins."""

    members: float
    members_twin: float
    others: float
    others_twin: float

    @property
    def difference(self) -> float:
        """Return what a slide shows: members less others."""
        return self.members - self.others

    @property
    def effect(self) -> float:
        """Return what the policy has changed for members."""
        return self.members - self.members_twin

    @property
    def selection(self) -> float:
        """Return how far the same two groups are apart under the policy held against."""
        return self.members_twin - self.others_twin

    @property
    def spill_over(self) -> float:
        """Return what the policy has changed for the others."""
        return self.others - self.others_twin


def naive_section(run: StoredRun, wording: Wording) -> list[Section]:
    """Return the section; without twins it says how to get them."""
    title = wording.text("Members against others: naive and causal")
    if not any(one.twin for one in run.books):
        if run.kind != "run" or not run.books:
            return []
        return [Section("naive", title, [wording.text(
            "This run has no twins, so nothing is said here of what members would have bought anyway. "
            "`memberlab run POLICY --twin no-programme --out DIR` lives the same shoppers without the programme as "
            "well.")])]  # fmt: skip
    parts: list[Part] = []
    scenarios = list(run.scenarios)
    for books in run.books:
        label = label_of(books, wording)
        if books.twin is None or label is None:
            continue
        parts.append(_chart(books, label, wording, several=len(scenarios) > 1))
    if not parts:
        return [Section("naive", title, [wording.text("No policy of this run parts members from others.")])]
    said = wording.text(
        "Members buy more than others, but part of that they would do anyway: whoever buys more becomes a member. Each "
        "shopper is therefore held against a twin, the same shopper with the same random numbers under the other "
        "policy. The naive difference is the effect on members, plus selection, less what changes for the others; "
        "the parts add up exactly. Counted over the shoppers of one replication, so without intervals."
    )
    return [Section("naive", title, [said], parts)]


def label_of(books: RunBooks, wording: Wording) -> tuple[str, pd.Series] | None:
    """Return who counts as a member, in words and by row of the accounts; None where nobody or everybody does.

    Paid members at the end where there are any, otherwise those above the lowest tier at the end.
    """
    accounts, tiers = books.accounts, [*books.policy.tiers]
    for told, chosen in (
        (wording.text("paid members at the end"), accounts["paid_membership"]),
        (wording.text("members above the lowest tier at the end"), accounts["tier"].isin(tiers[1:])),
    ):
        members = int(accounts.loc[chosen, "shoppers"].sum())
        if 0 < members < int(accounts["shoppers"].sum()):
            return told, chosen
    return None


def naive_of(accounts: pd.DataFrame, chosen: pd.Series, outcome: str) -> Naive:
    """Return the four means a shopper (cents) of `outcome`, a column of the accounts that twins have as well."""
    found: list[float] = []
    for part in (accounts[chosen], accounts[~chosen]):
        count = float(part["shoppers"].sum())
        found += [float(part[outcome].sum()) / count, float(part[f"twin_{outcome}"].sum()) / count]
    return Naive(*found)


def _chart(books: RunBooks, label: tuple[str, pd.Series], wording: Wording, *, several: bool) -> Chart:
    told, chosen = label
    accounts = accounts_after_provision(books)
    outcomes = {
        wording.text("GMV"): naive_of(accounts, chosen, "gmv"),
        wording.text("Contribution margin"): naive_of(accounts, chosen, "margin"),
    }
    gmv, members = outcomes[wording.text("GMV")], int(accounts.loc[chosen, "shoppers"].sum())
    steps = [
        (wording.text("Naive difference"), "total", gmv.difference, TOTAL),
        (wording.text("Effect on members"), "part", gmv.effect, GAIN if gmv.effect >= 0 else LOSS),
        (wording.text("Selection"), "part", gmv.selection, "#999999"),
        (wording.text("Less what changes for others"), "part", -gmv.spill_over, "#CC79A7"),
    ]
    trace = {
        "type": "bar", "orientation": "h", "y": [broken(title) for title, *_ in steps],
        "x": [value / 100 for *_, value, _ in steps], "marker": {"color": [shade for *_, shade in steps]},
        "text": [wording.difference(value, "money") for *_, value, _ in steps], "textposition": "outside",
        "cliponaxis": False, "hovertemplate": "%{y}: %{text}<extra></extra>",
    }  # fmt: skip
    policy = f"{books.arm} ({books.scenario})" if several else books.arm
    title = wording.text("{policy} against {twin}: GMV a shopper, {members} against others", policy=policy,
                         twin=str(books.twin), members=told)  # fmt: skip
    return Chart(
        f"naive-{books.scenario}-{books.arm}", title,
        wording.text("{count} {members} buy {naive} more than the others each; {twin} would have seen {selection} of "
                     "that as well, and the policy causes {effect}.", count=wording.figure(members, "count"),
                     members=told, naive=wording.figure(gmv.difference, "money"), twin=str(books.twin),
                     selection=wording.figure(gmv.selection, "money"), effect=wording.figure(gmv.effect, "money")),
        figure([trace], x=wording.text("{currency} a shopper", currency=wording.currency), height=260,
               yaxis={"autorange": "reversed"}, shapes=[zero_line(upright=True)],
               xaxis={"range": with_room(*(end(value / 100 for *_, value, _ in steps) for end in (min, max)))}),
        table=_table(outcomes, wording, title),
    )  # fmt: skip


def _table(outcomes: dict[str, Naive], wording: Wording, title: str) -> DataTable:
    lines: Sequence[tuple[str, str]] = (
        (wording.text("Naive difference"), "difference"), (wording.text("Effect on members"), "effect"),
        (wording.text("Selection"), "selection"), (wording.text("Changes for others"), "spill_over"),
    )  # fmt: skip
    rows = [
        [Cell(head, is_number=False),
         *(Cell(wording.difference(float(getattr(one, name)), "money")) for one in outcomes.values())]
        for head, name in lines
    ]  # fmt: skip
    return DataTable(title, [wording.text("A shopper"), *outcomes], rows)
