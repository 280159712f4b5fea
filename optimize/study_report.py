"""The report of a study in Markdown, and the recommended policy's file with what it changes at its head.

Serves whoever has to decide, or to defend a decision later. Every figure comes from fresh seeds unless it is called the
search's estimate.
"""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import wrap

from memberlab.policies import Policy
from memberlab.results import KPIS

from .break_even import DECISIVE_ASSUMPTION
from .recommend import Standing, Verdict
from .study_by_value import break_evens_note, value_rows
from .study_run import StudyResult
from .study_summary import break_even_of, effect, held_at, label, named, shown, summary
from .trade_offs import trade_off_table
from .trade_offs_told import trade_off_section

COMMENT_WIDTH = 110
LEAST_DIRECTION = 0.1
"""Rank correlation below which no direction is told."""
ODDS_NOTE = (
    "Shares of 1,000 draws of the replications held out, the same for all policies: how often the policy keeps every "
    "limit, and how often another that does is at least as good in all objectives. The last column is the share of "
    "weightings of the objectives, each scaled from the worst to the best confirmed policy, by which it is the best; "
    "the knee is the policy whose least scaled gain is largest."
)
IMPORTANCE_NOTE = (
    "PED-ANOVA over everything tried: each lever's part in what sets the best apart. + and - tell whether more of it "
    "goes with more of the objective's gain; no sign means that neither does, or that its choices have no order."
)


def report(result: StudyResult) -> str:
    """Return the report of a study in Markdown."""
    plan, found = result.plan, result.recommendation
    subject = shown(result)
    lines = [f"# {plan.study.title or plan.study.name}", "", *(f"- {sentence}" for sentence in summary(result)), ""]
    if subject is not None:
        heading = "What changes" if found.verdict is not Verdict.KEEP else "What the best trade-off would change"
        lines += [f"## {heading}", "", *_table(("lever", "incumbent", "new"), _changes(plan.incumbent, subject)), ""]
    lines += ["## Confirmed on fresh seeds", "", *_table(*_confirmed_table(result)), ""]
    lines += ["## How sure the front is", "", *_table(*_odds_table(result)), "", ODDS_NOTE, ""]
    lines += [f"Figures hold {held_at(result)}. {break_evens_note(result)}".rstrip(), ""]
    heading, cells, traded, notes = trade_off_section(trade_off_table(result), named(result))
    if traded:
        lines += [f"## {heading}", "", *_table(cells, traded), "", *(f"- {note}" for note in notes), ""]
    if result.importances:
        heads = ("lever", *(KPIS[one.kpi].title for one in result.goals.objectives))
        lines += ["## Which levers decide", "", *_table(heads, _importance_rows(result)), "", IMPORTANCE_NOTE, ""]
    if subject is not None:
        lines += [f"## {label(subject, result)} by scenario", "", *_table(*_scenario_table(result, subject)), ""]
        lines += [f"## {label(subject, result)} by {DECISIVE_ASSUMPTION}", "", *_by_value(result, subject), ""]
    lines += ["## How this was found", "", *method(result), ""]
    return "\n".join(lines)


def _changes(incumbent: Policy, standing: Standing) -> list[tuple[str, str, str]]:
    changes = incumbent.diff(standing.confirmed.policy)
    return [(change.address, str(change.before), str(change.after)) for change in changes]


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


def _odds_table(result: StudyResult) -> tuple[Sequence[str], list[Sequence[str]]]:
    rows: list[Sequence[str]] = []
    for standing, odds in zip(result.recommendation.standings, result.odds, strict=True):
        name = f"{label(standing, result)}{' (knee)' if odds.is_knee else ''}"
        rows.append((name, f"{odds.feasible:.0%}", f"{odds.dominated:.0%}", f"{odds.weightings:.0%}"))
    return ("policy", "keeps the limits", "is dominated", "weightings that choose it"), rows


def _importance_rows(result: StudyResult) -> list[Sequence[str]]:
    """Return a row a lever: its part in each objective, with an arrow for the direction."""
    cells: dict[str, list[str]] = {}
    for one in result.importances:
        way = one.direction or 0.0
        arrow = "" if abs(way) < LEAST_DIRECTION else "+" if way > 0 else "-"
        cells.setdefault(one.lever, []).append(f"{one.share:.0%} {arrow}".rstrip())
    return [(lever, *shares) for lever, shares in cells.items()]


def _by_value(result: StudyResult, standing: Standing) -> list[str]:
    found = break_even_of(standing, result)
    return [*_table(*value_rows(result)), "", f"Its contribution margin {found}."]


def _scenario_table(result: StudyResult, standing: Standing) -> tuple[Sequence[str], list[Sequence[str]]]:
    kpis = list(dict.fromkeys([one.kpi for one in result.goals.objectives] + [one.kpi for one in result.goals.bounds]))
    rows: list[Sequence[str]] = [
        (name, *(effect(uplifts[kpi]) for kpi in kpis)) for name, uplifts in standing.confirmed.by_scenario.items()
    ]
    return ("scenario", *(KPIS[kpi].title for kpi in kpis)), rows


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


def policy_text(result: StudyResult, standing: Standing, name: str, title: str) -> str:
    """Return the YAML of a policy under a new name, with what it changes and what that does in comments at its head."""
    plan = result.plan
    policy = standing.confirmed.policy.with_(
        {"name": name, "title": title, "description": "", "source": _source(result)}
    )
    seeds = ", ".join(f"{scenario.name} {scenario.seed}" for scenario in plan.scenarios)
    head = [*summary(result), f"Seeds: study {plan.study.seed}; {seeds}."]
    changes = [str(change) for change in plan.incumbent.diff(policy)]
    head += [f"Changes to {plan.incumbent.name}:", *(f"- {change}" for change in changes)] if changes else []
    wrapped = [part for line in head for part in wrap(line, COMMENT_WIDTH, subsequent_indent="  ")]
    return "".join(f"# {line}\n" for line in wrapped) + policy.to_yaml()


def _source(result: StudyResult) -> str:
    return f"memberlab optimize, study {result.plan.study.name}"
