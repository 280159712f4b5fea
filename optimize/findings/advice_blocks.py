"""What a study tells on limits, other values of what nobody knows, single changes and levers, block by block.

Serves the report in Markdown and the terminal; see study_blocks.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import isnan

from memberlab.results import KPIS, Unit, written

from ..verdict import Binding, Standing, Verdict, least_gain
from .blocks import Block, change, criteria_blocks, figures_block, odds_block, scenarios_block, shrinkage_block, titled
from .study_run import StudyResult
from .summary import effect, label, shown
from .tables import own_uplift
from .verdict_tables import changed_levers_table


def limits_block(result: StudyResult) -> Block:
    """Return the room that the policy shown and the incumbent leave, and what another limit would allow."""
    subject = shown(result)
    rows, notes, first = [], [], result.recommendation.standings[0]
    for one in result.bindings:
        unit, kpi = KPIS[one.bound.kpi].unit, one.bound.kpi
        relation = "at most" if one.bound.sign > 0 else "at least"
        bound = f"{titled(kpi)} {relation} {written(one.bound.limit, unit)}"
        for standing in (first, *([] if subject is None else [subject])):
            name = standing.confirmed.policy.name
            _, room, _ = next(row for row in one.rooms if row[0] == name)
            errors = one.room_in_errors(name)
            told = "no limit in sight" if errors == float("inf") else f"{errors:+.1f}"
            figure = written(standing.confirmed.figures[kpi].mean, unit)
            tight = "tight" if one.is_tight(name) else "room"
            rows.append((bound, label(standing, result), figure, _amount(room, unit), told, tight))
        notes.append(_allowed_told(bound, one, unit))
    heads = ("limit", "policy", "figure", "room", "in standard errors", "")
    return Block("limits", "Which limits bind", heads, rows, notes)


def _amount(value: float, unit: Unit) -> str:
    return f"{100 * value:+.2f} pp" if unit == "share" else written(value, unit, sign=True)


def _allowed_told(bound: str, one: Binding, unit: Unit) -> str:
    broken = f"{bound}: {one.broken_by} policies of the search break it, {one.only_this} of them no other limit."
    if one.best is None or one.nearest is None:
        return f"{broken} None of those would be better, so it does not bind."
    kept = f"the best that keeps all has {_pc(one.best_kept)}" if one.best_kept is not None else "nobody keeps all"
    step = _amount(one.nearest.relax_by, unit).lstrip("+")
    said = (
        f"{broken} It binds: moving it by {step} would allow {one.nearest.policy}, whose smallest gain is "
        f"{_pc(one.nearest.least_gain)} by the search's estimate ({kept})"
    )
    if one.best.policy != one.nearest.policy:
        far = _amount(one.best.relax_by, unit).lstrip("+")
        said += f"; by {far}, {one.best.policy} with {_pc(one.best.least_gain)}"
    return f"{said}. Confirm before you believe it."


def _pc(share: float) -> str:
    return f"{100 * share:+.2f} %"


def values_block(result: StudyResult) -> Block:
    """Return what would be recommended under each value of what nobody knows, and what the policy shown brings."""
    kpis = [one.kpi for one in result.goals.objectives]
    subject = shown(result)
    rows, notes = [], []
    for choice in result.choices:
        for value, found in choice.choices.items():
            own = " (assumed)" if value == choice.own else ""
            chosen = found.chosen.confirmed.policy.name
            keep = found.verdict is Verdict.KEEP
            cells = ["keep the incumbent" if keep else chosen, found.verdict.name.lower() if not keep else ""]
            there = _named(found.standings, None if subject is None else subject.confirmed.policy.name)
            cells += ["" if there is None else effect(there.confirmed.overall[kpi]) for kpi in kpis]
            rows.append((choice.name, f"{value:g}{own}", *cells))
        notes.append(choice.told)
    if not result.reacted.by_value:
        notes.append(_no_reaction(result))
    name = "" if subject is None else f", and what {subject.confirmed.policy.name} brings there"
    heads = ("assumption", "value", "recommended", "how sure", *(titled(kpi) for kpi in kpis))
    return Block("values", f"What would be recommended under other values{name}", heads, rows, notes)


def _no_reaction(result: StudyResult) -> str:
    if not any(one.rival is not None for one in result.plan.scenarios):
        return (
            "No scenario of the study has a rival, so nothing is said of its reaction; add one such as rival-launch to "
            "the study's scenarios."
        )
    return "The rival's reaction was not tried."


def _named(standings: Sequence[Standing], name: str | None) -> Standing | None:
    return next((one for one in standings if one.confirmed.policy.name == name), None)


def changes_block(result: StudyResult) -> Block:
    """Return what each change of the policy shown does, the least useful first, and which the simplest still makes."""
    kpis = [one.kpi for one in result.goals.objectives]
    table, baselines = changed_levers_table(result), result.tried[0].figures
    rows = []
    for address in dict.fromkeys(table["address"]):
        own = table[table["address"] == address].set_index("kpi")
        first = own.iloc[0]
        effects = [own.loc[kpi, "effect"] for kpi in kpis]
        cells = [
            "" if one is None or isnan(one) else change(kpi, float(one), baselines[kpi].mean)
            for kpi, one in zip(kpis, effects, strict=True)
        ]
        rows.append(
            (str(address), first["before"], first["after"], *cells, "yes" if first["in_simplest"] else "undone")
        )
    done = result.simplification
    notes = []
    if done.was_tried:
        notes.append(
            "What each change does: the policy against itself without it, on the search's seeds; the least useful "
            "first. Empty where it would be no valid policy without it."
        )
    notes.append(simplest_told(result))
    heads = ("lever", "incumbent", "new", *(titled(kpi) for kpi in kpis), "in the simplest as good")
    return Block("changes", "What changes, and what each change does", heads, rows, notes)


def simplest_told(result: StudyResult) -> str:
    """Say which policy is the simplest that is as good as the one shown, within one standard error."""
    done, subject = result.simplification, shown(result)
    if subject is None or done.subject is None:
        return ""
    count = len(result.plan.incumbent.diff(subject.confirmed.policy))
    said = label(subject, result)
    if done.simplest is None:
        if count == 1:
            return f"{said} makes a single change, so nothing simpler is left but the incumbent."
        tried = "" if done.was_tried else " among those confirmed; changes were not taken back one by one"
        return f"No policy with fewer changes than the {count} of {said} is within one standard error of it{tried}."
    few = len(done.kept)
    before, after = (least_gain(one, result.goals) for one in (subject.confirmed, done.simplest))
    more = f" Its smallest gain is even larger: {_pc(after)} in place of {_pc(before)}." if after > before else ""
    gains = "; ".join(
        f"{titled(one.kpi)} {effect(own_uplift(done.simplest, one.kpi, result))}" for one in result.goals.objectives
    )
    return (
        f"{few} of the {count} changes of {said} do as well within one standard error: {done.simplest.policy.name} "
        f"(simplest-policy.yaml), on the same populations {gains}.{more}"
    )


def levers_block(result: StudyResult) -> Block:
    """Return each lever's part in each objective and what more of it does."""
    rows: dict[str, list[str]] = {}
    baselines = result.tried[0].figures
    told: dict[str, list[str]] = {}
    for one in result.importances:
        below = "" if one.is_above_floor else " (noise)"
        way = "" if one.slope is None or one.raises is None else change(one.kpi, one.slope, baselines[one.kpi].mean)
        rows.setdefault(one.lever, []).extend((f"{one.share:.0%}{below}", way))
        if one.raises is not None:
            title = titled(one.kpi)
            name = title if title.isupper() else title.lower()
            told.setdefault(one.lever, []).append(f"{'raises' if one.raises else 'lowers'} {name}")
    kpis = [one.kpi for one in result.goals.objectives]
    heads = ("lever", *(head for kpi in kpis for head in (titled(kpi), "low to high")), "more of it")
    table = [(lever, *cells, ", ".join(told.get(lever, []))) for lever, cells in rows.items()]
    note = (
        "Importance: PED-ANOVA over everything tried, each lever's part in what sets the best apart; noise is what a "
        "lever without effect exceeds in one case of twenty. Low to high: fitted change of the figure over the lever's "
        "range with all others held still, only where it is told from noise (95 % each); empty: noise, or no order. A "
        "lever that stands above another is its increment."
    )
    return Block("levers", "Which levers decide", heads, table, (note,))


def all_blocks(result: StudyResult) -> list[Block]:
    """Return every block with something to tell, in the order of the report."""
    blocks = [figures_block(result), odds_block(result), *criteria_blocks(result), scenarios_block(result)]
    blocks.append(shrinkage_block(result))
    if result.bindings:
        blocks.append(limits_block(result))
    blocks.append(values_block(result))
    if result.importances:
        blocks.append(levers_block(result))
    return [one for one in blocks if one.rows or one.notes]
