"""Tables of a planned pilot for the terminal: the plan, what its replays say, and the attrition effects it can see.

Serves `memberlab pilot`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table

if TYPE_CHECKING:
    from memberlab.optimize import PilotPlan, PlanRow
    from memberlab.results import Kpi


NOBODY_HAS = 100_000_000
"""Shoppers from which on it does not matter how many more it takes."""


def plan_table(plan: PilotPlan) -> Table:
    """Return how many shoppers each duration and split needs; the recommended row is bold."""
    from memberlab.optimize import figure_of_pilot

    question, figure = plan.question, plan.question.figure
    unit = f", {plan.scenario.currency}" if figure.unit == "money" else ""
    arms = f"{plan.candidate.name} against {plan.incumbent.name} in {plan.scenario.name}"
    surely = f"power {question.certainty.power:g} at alpha {question.certainty.alpha:g}"
    title = f"{arms}: {figure_of_pilot(figure)}{unit}\nShoppers needed for {surely}, plain and adjusted by prior spend"
    table = Table(title=title, title_justify="left", title_style="bold")
    for head in ("Weeks", "Now", "Effect"):
        table.add_column(head, justify="right", no_wrap=True)
    table.add_column("Hold-out", no_wrap=True)
    heads = ("Plain", "Adjusted", *(() if question.customers else ("Saved", "Candidate + hold-out")))
    for head in heads:
        table.add_column(head, justify="right", no_wrap=True)
    if question.customers is not None:
        table.add_column(f"Power with\n{question.customers:,}", justify="right", no_wrap=True)
        table.add_column("Sees from", justify="right", no_wrap=True)
    pairs = list(zip(plan.rows[::2], plan.rows[1::2], strict=True))
    for place, (plain, adjusted) in enumerate(pairs):
        is_last = place + 1 == len(pairs) or pairs[place + 1][0].weeks != plain.weeks
        is_first = place == 0 or pairs[place - 1][0].weeks != plain.weeks
        table.add_row(
            *_row(figure, plain, adjusted, is_first), style="bold" if adjusted is plan.choice.row else "",
            end_section=is_last,
        )  # fmt: skip
    return table


def _row(figure: Kpi, plain: PlanRow, adjusted: PlanRow, is_first: bool) -> list[str]:
    from memberlab.optimize import pilot_value_told

    candidate, hold_out = adjusted.arms
    cells = [
        f"{adjusted.weeks}{' *' if adjusted.is_too_short else ''}" if is_first else "",
        pilot_value_told(figure, adjusted.baseline) if is_first else "",
        _effect(figure, adjusted.effect, adjusted.baseline) if is_first else "",
        f"{100 * (1 - adjusted.share):.0f} %{', cheapest' if adjusted.split == 'cheapest' else ''}",
        f"{plain.shoppers:,}",
        f"{adjusted.shoppers:,} {_error(adjusted.shoppers_error)}",
    ]  # fmt: skip
    if adjusted.power is None or adjusted.smallest_effect is None:
        cells += [f"{100 * adjusted.saved:.0f} %", f"{candidate:,} + {hold_out:,}"]
    else:
        cells += [f"{adjusted.power:.2f}", _effect(figure, adjusted.smallest_effect, adjusted.baseline)]
    return cells


def _error(share: float) -> str:
    return f"± {100 * share:.0f} %" if share < 1 else "unsure"


def _effect(figure: Kpi, effect: float, baseline: float) -> str:
    from memberlab.optimize import pilot_difference_told

    told = pilot_difference_told(figure, effect)
    return f"{told} ({100 * effect / abs(baseline):+.1f} %)" if baseline else told


def replays_table(plan: PilotPlan) -> Table:
    """Return what the replays say, a column for each way of reading."""
    from memberlab.optimize import Rate, pilot_difference_told

    figure, one = plan.question.figure, plan.verified[0]
    arms = f"{plan.replays.candidate_shoppers:,} + {plan.replays.incumbent_shoppers:,} shoppers"
    title = f"{one.replays:,} replays of {plan.choice.row.weeks} weeks with {arms}"
    table = Table(title=title, title_justify="left", title_style="bold")
    table.add_column("What the pilot finds")
    for verified in plan.verified:
        table.add_column(
            "Plain difference" if verified.method == "plain" else "Adjusted", justify="right", no_wrap=True
        )

    def rate(found: Rate) -> str:
        return f"{100 * found.value:.1f} % [{100 * found.low:.1f}, {100 * found.high:.1f}]"

    def told(value: float) -> str:
        return pilot_difference_told(figure, value)

    level = 100 * (1 - plan.question.certainty.alpha)
    rows = {
        "Truth": [told(v.truth) for v in plan.verified],
        "Estimates, mean": [told(v.mean) for v in plan.verified],
        "Bias (Monte-Carlo error)": [f"{told(v.bias)} ({told(v.mean_error).lstrip('+')})" for v in plan.verified],
        "Estimates, standard deviation": [told(v.deviation).lstrip("+") for v in plan.verified],
        f"{level:g} % intervals that hold the truth": [rate(v.coverage) for v in plan.verified],
        "Power at the planned effect, planned": [f"{100 * v.planned_power:.1f} %" for v in plan.verified],
        "Power at the planned effect, replayed": [rate(v.power_at_planned) for v in plan.verified],
        "Power at the simulated effect, expected": [f"{100 * v.expected_power:.1f} %" for v in plan.verified],
        "Power at the simulated effect, replayed": [rate(v.power_as_simulated) for v in plan.verified],
        "False alarms of placebos": [rate(v.false_alarms) for v in plan.verified],
        "Findings over the truth (type M)": [
            "-" if v.exaggeration is None else f"{v.exaggeration:.2f} times" for v in plan.verified
        ],
        "Findings of the wrong sign (type S)": [
            "-" if v.wrong_sign is None else f"{100 * v.wrong_sign:.1f} %" for v in plan.verified
        ],
    }  # fmt: skip
    for name, cells in rows.items():
        table.add_row(name, *cells)
    return table


def attrition_table(plan: PilotPlan, kpi: str) -> Table:
    """Return what the recommended pilot sees of one figure at each attrition effect, and the shoppers it would take."""
    from memberlab.optimize import figure_of_pilot, pilot_difference_told
    from memberlab.results import KPIS

    figure, weeks = KPIS[kpi], plan.choice.row.weeks
    name = figure_of_pilot(figure)
    title = f"{name[0].upper() + name[1:]} after {weeks} weeks, by attrition_effect ({plan.choice.shoppers:,} shoppers)"
    table = Table(title=title, title_justify="left", title_style="bold")
    table.add_column("attrition_effect")
    for head in ("Effect", "Seen", "Of it by attrition", "Told from 0"):
        table.add_column(head, justify="right", no_wrap=True)
    durations = plan.question.weeks
    for week in durations:
        table.add_column(f"Shoppers,\n{week} weeks", justify="right", no_wrap=True)
    found = {(one.weeks, one.attrition_effect): one for one in plan.attrition if one.kpi == kpi}
    for value in sorted({value for _, value in found}):
        one = found[weeks, value]
        needed = [found[week, value].shoppers_for_attrition for week in durations]
        error = pilot_difference_told(figure, 1.96 * one.from_attrition_error).lstrip("+")
        table.add_row(
            f"{value:g}", pilot_difference_told(figure, one.effect), f"{100 * one.power_of_effect:.0f} %",
            "" if value == 0 else f"{pilot_difference_told(figure, one.from_attrition)} ± {error}",
            "" if value == 0 else f"{100 * one.power_of_attrition:.0f} %",
            *("" if value == 0 else _needed(shoppers) for shoppers in needed),
        )  # fmt: skip
    return table


def _needed(shoppers: int | None) -> str:
    if shoppers is None:
        return "-"
    return f"{shoppers:,}" if shoppers <= NOBODY_HAS else f"> {NOBODY_HAS // 1_000_000} million"


ATTRITION_EXPLAINED = (
    "Seen: power to call the arms different. Told from 0: power to call the difference other than it would be at an "
    "attrition_effect of 0; Shoppers: needed for that after so many weeks (-: its part is not certain in these "
    "populations). That takes the rest of the model for granted, so it is a lower bound."
)
"""What a reader of `attrition_table` has to know."""
