"""The report of a study in Markdown.

Serves whoever has to decide, or to defend a decision later. Every figure comes from fresh seeds unless it is called the
search's estimate.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from memberlab.results import KPIS

from ..break_even import DECISIVE_ASSUMPTION
from ..verdict import Standing, Verdict, trade_off_table
from .advice_blocks import all_blocks, changes_block
from .blocks import Block
from .by_value import break_evens_note, value_rows
from .study_run import StudyResult
from .summary import break_even_of, effect, held_at, label, named, shown, summary
from .trade_offs_told import trade_off_section

TRADE_OFF_TITLE = "What the best trade-off would change, and what each change does"


def report(result: StudyResult) -> str:
    """Return the report of a study in Markdown."""
    plan, found = result.plan, result.recommendation
    subject = shown(result)
    lines = [f"# {plan.study.title or plan.study.name}", "", *(f"- {sentence}" for sentence in summary(result)), ""]
    if subject is not None:
        block = changes_block(result)
        title = block.title if found.verdict is not Verdict.KEEP else TRADE_OFF_TITLE
        lines += _section(replace(block, title=title))
    lines += ["## Confirmed on fresh seeds", "", *_table(*_confirmed_table(result)), ""]
    lines += [f"Figures hold {held_at(result)}. {break_evens_note(result)}".rstrip(), ""]
    heading, cells, traded, notes = trade_off_section(trade_off_table(result), named(result))
    if traded:
        lines += [f"## {heading}", "", *_table(cells, traded), "", *(f"- {note}" for note in notes), ""]
    for block in all_blocks(result):
        lines += _section(block)
    if subject is not None:
        lines += [f"## {label(subject, result)} by {DECISIVE_ASSUMPTION}", "", *_by_value(result, subject), ""]
    lines += ["## How this was found", "", *method(result), ""]
    return "\n".join(lines)


def _section(block: Block) -> list[str]:
    """Return a block in Markdown."""
    lines = [f"## {block.title}", ""]
    if block.rows:
        lines += [*_table(block.heads, block.rows), ""]
    return lines + [line for note in block.notes if note for line in (note, "")]


def _confirmed_table(result: StudyResult) -> tuple[Sequence[str], list[Sequence[str]]]:
    kpis = [one.kpi for one in result.goals.objectives]
    rows: list[Sequence[str]] = []
    for standing in result.recommendation.standings:
        one = standing.confirmed
        cells = [effect(one.overall[kpi]) for kpi in kpis]
        marks = "kept" if standing.feasible else "broken", "yes" if standing.on_front else "no"
        found = result.tested.break_evens.get(one.policy.name)
        rows.append((label(standing, result), *cells, "" if found is None else found.where, *marks))
    return (
        "policy",
        *(KPIS[kpi].title for kpi in kpis),
        f"margin pays at {DECISIVE_ASSUMPTION}",
        "limits",
        "on the front",
    ), rows


def _by_value(result: StudyResult, standing: Standing) -> list[str]:
    found = break_even_of(standing, result)
    return [*_table(*value_rows(result)), "", f"Its contribution margin {found}."]


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    lines = [f"| {' | '.join(heads)} |", f"|{' --- |' * len(heads)}"]
    return lines + [f"| {' | '.join(row)} |" for row in rows]


def method(result: StudyResult) -> list[str]:
    """Return how the figures came about, as a list in Markdown."""
    study = result.plan.study
    shoppers = ", ".join(f"{one.name} ({one.population.shoppers:,} shoppers)" for one in result.plan.scenarios)
    return [
        f"- {len(result.tried)} policies were tried in {shoppers}, {study.search.replications} populations each, all "
        f"by the same shoppers with the same random numbers; {len(result.kept)} kept the limits.",
        f"- {len(result.raced)} of the best raced on up to {study.race.replications} fresh populations each: "
        f"{len(result.race.fallen)} fell out, beaten by another in every objective or surely breaking a limit.",
        f"- {len(result.shortlist)} of those left were run again with the incumbent on "
        f"{study.confirmation.replications} populations that neither search nor race had used. Only those figures are "
        "reported.",
        "- Differences are paired by shopper. Intervals of the mean over scenarios are 95 % for all policies and "
        "objectives together (Bonferroni); those by scenario are 95 % each. Scenarios may share shoppers and random "
        "numbers, so their errors are added as if they always went together, which can only widen the interval.",
        "- Limits are held at the mean and 1.28 standard errors between populations.",
        "- Rule: of the policies that keep the limits and beat the incumbent in every objective, the one whose "
        "smallest gain is largest, counted at the worse end of its interval as a share of the incumbent's figure.",
        f"- What a programme does to attrition ({DECISIVE_ASSUMPTION}) cannot be learnt from an order log; the result "
        "is therefore shown at several values of it, lived by both policies from launch on, and with the value at "
        "which the margin turns; its interval holds the values at which the margin's own interval includes zero.",
    ]
