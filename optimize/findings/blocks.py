"""What a study tells beside its verdict, block by block: a title, a table in words, and how to read it.

Serves the report in Markdown and the terminal, which show the same blocks; files and JSON have the same figures with
all digits (study_verdict_tables.py). Changes are percent of the incumbent's figure, or percentage points for a share.
This file has the blocks on the front; study_advice_blocks.py those on limits, other values and levers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from memberlab.results import KPIS, relative_change, written

from ..study import FEWEST_FOR_TAIL
from ..verdict import Standing
from .study_run import StudyResult
from .summary import effect, label, shown
from .tables import own_uplift, regret, value_interval, worst_of
from .verdict_tables import shrinkages

ODDS_NOTE = (
    "Shares of 1,000 draws of the populations held out, the same for all policies: how often the policy keeps every "
    "limit, is on the front (keeps them and nobody dominates it), is dominated by another that keeps them, and beats "
    "the incumbent in all objectives. Weightings: the share of weightings of the objectives, each scaled from the "
    "worst to the best confirmed policy, by which it is the best. The knee is the one whose least scaled gain is "
    "largest."
)


@dataclass(frozen=True, slots=True)
class Block:
    """One table in words; `notes` tell how to read it. Without rows there is nothing but the notes."""

    name: str
    title: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    notes: Sequence[str] = ()


def titled(kpi: str) -> str:
    """Return a KPI's title."""
    return KPIS[kpi].title


def change(kpi: str, difference: float | None, baseline: float, *, unit: bool = True) -> str:
    """Return a difference as percent of the baseline, or points for a share; empty where there is none."""
    if difference is None:
        return ""
    sign = ("pp" if KPIS[kpi].unit == "share" else "%") if unit else ""
    return f"{relative_change(kpi, difference, baseline):+.2f} {sign}".rstrip()


def figures_block(result: StudyResult) -> Block:
    """Return the confirmed policies' figures with simultaneous intervals, and each difference with its own."""
    kpis = [one.kpi for one in result.goals.objectives]
    currency = result.plan.scenarios[0].currency
    rows = []
    for standing in result.recommendation.standings:
        one = standing.confirmed
        cells = []
        for kpi in kpis:
            ends = value_interval(one.figures[kpi], kpi, result)
            low, high = (written(end, KPIS[kpi].unit) for end in ends)
            cells.append(f"{written(one.figures[kpi].mean, KPIS[kpi].unit)} ({low} to {high})")
            cells.append(effect(own_uplift(one, kpi, result)))
        rows.append((label(standing, result), *cells))
    heads = ["policy"]
    for kpi in kpis:
        money = f", {currency}" if KPIS[kpi].unit == "money" else ""
        heads += [f"{titled(kpi)}{money}", "against the incumbent, alone"]
    note = (
        "Figures: mean over scenarios, with intervals that hold for all policies and objectives together (Student "
        "between populations, Bonferroni); most of their width is that populations differ, which a difference does not "
        "feel. Differences: 95 % for each alone, paired by shopper; those above hold together."
    )
    return Block("figures", "The figures themselves", heads, rows, (note,))


def odds_block(result: StudyResult) -> Block:
    """Return what chance leaves open about each confirmed policy."""
    rows = []
    for standing, odds in zip(result.recommendation.standings, result.odds, strict=True):
        shares = (odds.feasible, odds.on_front, odds.dominated, odds.beats_incumbent, odds.weightings)
        changes = len(result.plan.incumbent.diff(standing.confirmed.policy))
        name = f"{label(standing, result)}{' (knee)' if odds.is_knee else ''}"
        rows.append((name, *(f"{share:.0%}" for share in shares), str(changes)))
    heads = ("policy", "keeps the limits", "on the front", "dominated", "beats the incumbent", "weightings",
             "levers changed")  # fmt: skip
    return Block("odds", "How sure the front is", heads, rows, (ODDS_NOTE,))


def criteria_blocks(result: StudyResult) -> list[Block]:
    """Return every confirmed policy by every criterion over scenarios, a block an objective."""
    blocks = []
    roles = {one.confirmed.policy.name: one for one in result.recommendation.standings}
    own, few = result.goals.robustness, len(result.plan.scenarios) < FEWEST_FOR_TAIL
    tail = f"worst {own.tail_share:.0%} (CVaR)"
    heads = ("policy", "mean", "worst scenario", tail, "largest regret", "scenarios satisfied")
    for objective in result.goals.objectives:
        found = [one for one in result.criteria if one.kpi == objective.kpi]
        rows, reference = [], None
        for name, standing in roles.items():
            cells = []
            for one in (one for one in found if one.policy == name):
                if one.criterion == "satisficing":
                    reference = one.reference
                    cells.append(f"{one.figure.value:.0%}")
                elif one.criterion == "regret":
                    baseline = standing.confirmed.overall[objective.kpi].baseline
                    cells.append(change(objective.kpi, one.figure.value, baseline).lstrip("+"))
                else:
                    cells.append(effect(one.figure))
            rows.append((label(standing, result), *cells))
        unit = KPIS[objective.kpi].unit
        told = "" if reference is None else written(reference, unit)
        source = "the study's reference" if objective.reference is not None else "the incumbent's mean"
        notes = [f"A scenario is satisfied from {told} on, {source}."]
        if objective.sign < 0:
            notes = [f"A scenario is satisfied up to {told}, {source}."]
        if objective is result.goals.objectives[-1]:
            notes.append(
                "Counted in each population held out. Mean, worst and tail: change of the figure against the "
                "incumbent's, with the 95 % interval of each alone. Regret: largest loss against the best policy of a "
                f"scenario. The study chooses by: {own.criterion}."
            )
        if few and objective is result.goals.objectives[-1]:
            notes.append(
                f"With {len(result.plan.scenarios)} scenarios a tail is little more than the worst of them."
            )  # fmt: skip
        blocks.append(Block("criteria", f"{titled(objective.kpi)} by every criterion", heads, rows, notes))
    return blocks


def scenarios_block(result: StudyResult) -> Block:
    """Return every policy of the front, and the one shown, scenario by scenario."""
    kpis = [one.kpi for one in result.goals.objectives]
    signs = {one.kpi: one.sign for one in result.goals.objectives}
    rows = []
    for standing in of_interest(result):
        for name, uplifts in standing.confirmed.by_scenario.items():
            cells = []
            for kpi in kpis:
                lost = change(kpi, regret(result, name, kpi, uplifts[kpi].value), uplifts[kpi].baseline).lstrip("+")
                worst = "*" if name == worst_of(standing, kpi, signs[kpi]) else ""
                cells += [effect(uplifts[kpi]).replace(" (", f"{worst} ("), lost]
            rows.append((label(standing, result), name, *cells))
    heads = ["policy", "scenario", *(head for kpi in kpis for head in (titled(kpi), "regret"))]
    note = (
        "* the scenario in which the policy gains least. Regret is what is missed against the best policy that keeps "
        "the limits, in that scenario; 0 is the best. Intervals are 95 % each."
    )
    return Block("scenarios", "The front by scenario", heads, rows, (note,))


def of_interest(result: StudyResult) -> list[Standing]:
    """Return the policies of the front and the one that the report is about, without the incumbent."""
    subject = shown(result)
    return [one for one in result.recommendation.standings[1:] if one.on_front or one is subject]


def shrinkage_block(result: StudyResult) -> Block:
    """Return the search's estimates beside the figures held out."""
    known = {(row["policy"], row["kpi"]): row for row in shrinkages(result)}
    baselines = result.tried[0].figures
    kpis = [one.kpi for one in result.goals.objectives]
    rows = []
    for standing in result.recommendation.standings[1:]:
        name = standing.confirmed.policy.name
        cells: list[str] = []
        for kpi in kpis:
            own = known[name, kpi]
            was = change(kpi, own["search_difference"], baselines[kpi].mean)
            uplift = standing.confirmed.overall[kpi]
            cells.append(f"{was}, now {change(kpi, uplift.difference, uplift.baseline)}")
            cells.append("" if own["flattered_errors"] is None else f"{own['flattered_errors']:+.1f}")
        rows.append((label(standing, result), *cells))
    heads = ["policy", *(head for kpi in kpis for head in (titled(kpi), "flattered by"))]
    note = (
        "What the search estimated, on the seeds it chose by, and what was left on populations held out. Flattered by: "
        "what was luck, in standard errors; negative where the search had been too modest."
    )
    return Block("shrinkage", "The search's estimates, and what held", heads, rows, (note,))
