"""What a rollout prints: the stages of each arm as seen and as true, the stop rule in words, and the whole shop.

Serves `memberlab rollout`.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.table import Table

    from memberlab.optimize import RolloutResult, Seen


def amount(figure: str, value: float, *, sign: bool = False) -> str:
    """Return a figure a shopper: money in currency units, orders with three decimals."""
    from memberlab.results import FIGURES

    plus = "+" if sign else ""
    if FIGURES[figure][1] == "money":
        return f"{value / 100:{plus},.2f}"
    return f"{value:{plus}.3f}"


def stage_table(result: RolloutResult) -> Table:
    """Return what is seen of each arm in each stage, a shopper, beside the truth."""
    from rich.table import Table

    from memberlab.results import FIGURES

    runs = "1 replication" if result.replications == 1 else f"{result.replications} replications"
    title = f"{result.rollout.name} in {result.scenario.name}, a shopper ({result.scenario.currency}), {runs}"
    table = Table(title=title, title_justify="left", title_style="bold")
    for head in ("Arm", "Stage", "Days"):
        table.add_column(head)
    table.add_column("Shoppers in arm\nand hold-out", justify="right")
    table.add_column("Figure")
    for head in ("Arm", "Hold-out"):
        table.add_column(head, justify="right", no_wrap=True)
    table.add_column("Difference seen\n(95 %, one experiment)", justify="right", no_wrap=True)
    table.add_column("Truth", justify="right", no_wrap=True)
    for row in result.stages:
        for place, seen in enumerate(row.figures):
            is_first, is_last = place == 0, place == len(row.figures) - 1
            heads = (row.arm, row.stage, f"{row.first + 1}-{row.end}", f"{seen.shoppers:,.0f} and {seen.held:,.0f}")
            table.add_row(
                *(heads if is_first else ("", "", "", "")), FIGURES[seen.figure][0], amount(seen.figure, seen.mean),
                amount(seen.figure, seen.held_mean) if seen.held else "-", difference_told(seen),
                amount(seen.figure, seen.truth, sign=True), end_section=is_last,
            )  # fmt: skip
    return table


def difference_told(seen: Seen) -> str:
    """Return the difference between arm and hold-out with its interval."""
    if seen.held == 0:
        return "nobody left to compare"
    told = amount(seen.figure, seen.difference, sign=True)
    if not math.isfinite(seen.half):
        return f"{told} (no interval)"
    low, high = (amount(seen.figure, seen.difference + side * seen.half, sign=True) for side in (-1, 1))
    return f"{told} ({low} to {high})"


def verdict(result: RolloutResult) -> list[str]:
    """Return in words what an analyst could have told of the last stage of each arm's margin."""
    sentences = []
    for arm in result.rollout.arms:
        rows = [row for row in result.stages if row.arm == arm]
        if not rows:
            continue
        row, seen = rows[-1], rows[-1].figures[0]
        truth = f"truly {amount('margin', seen.truth, sign=True)} {result.scenario.currency} margin a shopper"
        if seen.held == 0 or not math.isfinite(seen.half):
            sentences.append(f"{arm} in its {row.stage}: {truth}; nobody is left to see it by.")
        elif abs(seen.truth) > seen.half:
            sentences.append(f"{arm} in its {row.stage}: {truth}; an experiment of this size sees that most times.")
        else:
            sentences.append(
                f"{arm} in its {row.stage}: {truth}, and one experiment of this size is only exact to "
                f"{amount('margin', seen.half)}: it cannot tell."
            )
        if seen.spill:
            sentences.append(f"Its rollout moved the hold-out by {amount('margin', seen.spill, sign=True)} a shopper.")
    return sentences


def stop_told(result: RolloutResult) -> list[str]:
    """Return what the stop rule did, in words."""
    rule = result.rollout.stop
    if rule is None:
        return []
    from memberlab.results import FIGURES

    side, limit = ("below", rule.below) if rule.below is not None else ("above", rule.above)
    sure = "" if not rule.confidence else f", with {rule.confidence / 100:g} % confidence"
    unit = f" {result.scenario.currency}" if FIGURES[rule.measure][1] == "money" else ""
    sentences = [
        f"Stop rule: {FIGURES[rule.measure][0].lower()} a shopper {side} {limit}{unit} against the hold-out{sure}, "
        f"from week {rule.after} on, every {rule.every} weeks; then "
        f"{'back to today’s policy' if rule.then == 'back' else 'nobody joins any more'}."
    ]
    for row in result.stops:
        days = [day for day in row.days if day is not None]
        if not days:
            sentences.append(f"{row.arm}: never stopped in {result.replications} replications.")
            continue
        when = ", ".join(f"day {day + 1}" for day in sorted(set(days)))
        good = "rightly every time" if not row.wrongly else f"wrongly in {row.wrongly}: the truth was on the good side"
        sentences.append(f"{row.arm}: stopped in {len(days)} of {result.replications} replications ({when}), {good}.")
    if result.saved is not None:
        told = "saved" if result.saved >= 0 else "cost"
        sentences.append(
            f"Where it fired, the rule {told} {abs(result.saved) / 100:,.2f} {result.scenario.currency} of the shop's "
            "margin over the horizon against going on."
        )
    return sentences


def shop_table(result: RolloutResult) -> Table:
    """Return what the whole shop gains on today's policy over the horizon, with and without the stop rule."""
    from rich.table import Table

    from memberlab.results import FIGURES

    currency = result.scenario.currency
    table = Table(title=f"The whole shop over the horizon, {currency}", title_justify="left", title_style="bold")
    table.add_column("Figure")
    worlds = ["rollout"] + (["without the rule"] if result.rollout.stop is not None else [])
    heads = {"rollout": "The rollout adds", "without the rule": "It would without the stop rule"}
    for world in worlds:
        table.add_column(heads[world], justify="right", no_wrap=True)
    base = result.totals["today's policy"]
    for figure, (title, unit) in FIGURES.items():
        changes = [result.totals[world][figure] - base[figure] for world in worlds]
        table.add_row(title, *(f"{change / 100:+,.2f}" if unit == "money" else f"{change:+,.1f}" for change in changes))
    return table


def draw_weeks(path: Path, result: RolloutResult, figure: str) -> None:
    """Draw the pilot of every arm week by week: what is seen with its interval, and the truth."""
    from memberlab.results import FIGURES, WeekPoint, rollout_picture

    panels = {
        arm: [
            WeekPoint(row.day / 7, *(next(
                (seen.difference, seen.half, seen.truth, seen.held) for seen in row.figures if seen.figure == figure
            )))
            for row in result.weeks if row.arm == arm
        ]
        for arm in result.rollout.arms
    }  # fmt: skip
    stages: dict[str, float] = {}
    for step in result.rollout.schedule:
        stages.setdefault(step.stage, step.day / 7)
    stops = {row.arm: [day / 7 for day in row.days if day is not None] for row in result.stops}
    title, unit = FIGURES[figure]
    label = f"{title} a shopper since the pilot began" + (f", {result.scenario.currency}" if unit == "money" else "")
    label += "\narm less hold-out"
    rule = result.rollout.stop
    limit = None
    if rule is not None and rule.measure == figure:
        written = rule.below if rule.below is not None else rule.above
        limit = None if written is None else float(written) * (100 if unit == "money" else 1)
    name = f"{result.rollout.name} in {result.scenario.name}: the pilot's shoppers, week by week"
    rollout_picture(panels, path, name, label, stages=stages, stops=stops, limit=limit,
                    scale=100.0 if unit == "money" else 1.0)  # fmt: skip
