"""The figures of a variant beside those of today, as HTML: key figures with intervals, bridge, benefit cost by tier.

Serves the page. A preview's totals are projected to the scenario's shoppers, so that they can be read beside full
figures; which of both is shown is always said.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING

from memberlab.optimize import PREVIEW_KPIS
from memberlab.policies import Difference, Finding
from memberlab.results import margin_bridge, written, written_difference

from .bars import PairOfBars, bars
from .shown import LEAD, Shown

if TYPE_CHECKING:
    from memberlab.optimize import Figure, PairedFigures

FALLING_IS_GOOD = ("benefit_cost", "benefit_cost_share", "points_liability")
NEITHER = ("top_tier_share", "average_order_value", "orders", "paid_members", "active_members")


def figures_table(shown: Shown) -> str:
    """Return the key figures as a table: today, the variant, the difference and its interval."""
    rows = []
    for one in shown.figures:
        lead = ' class="lead"' if one.name in LEAD else ""
        rows.append(
            f'<tr{lead} data-kpi="{one.name}"><th scope="row" title="{escape(one.meaning)}">{escape(one.title)}</th>'
            f'<td class="number">{escape(written(one.today, one.unit))}</td>'
            f'<td class="number">{escape(written(one.variant, one.unit))}</td>'
            f'<td class="number {tone(one)}">{escape(told_difference(one))}</td>'
            f'<td class="number range">{escape(told_interval(one))}</td></tr>'
        )
    return (
        '<div class="wide" tabindex="0" role="region" aria-label="Key figures">'
        '<table class="figures"><thead><tr><th scope="col">Key figure</th>'
        f'<th scope="col" class="number">Today<br><span class="who">{escape(shown.today)}</span></th>'
        f'<th scope="col" class="number">Variant<br><span class="who">{escape(shown.variant)}</span></th>'
        '<th scope="col" class="number">Difference</th><th scope="col" class="number range">95 % interval</th>'
        f"</tr></thead><tbody>{''.join(rows)}</tbody></table></div>"
    )


def verdict(shown: Shown) -> str:
    """Return the verdict of full figures, and under which attrition effects the margin pays."""
    turns = f" By attrition_effect, the variant {shown.break_even}." if shown.break_even else ""
    return f"<p>{escape(shown.verdict)}{escape(turns)}</p>" if shown.verdict else ""


def told_difference(one: Figure) -> str:
    """Return the difference with its sign."""
    kpi = PREVIEW_KPIS[one.name]
    if one.unit == "money" and abs(one.difference) >= 100_000:
        return signed(one.difference)
    return written_difference(kpi, one.difference)


def told_interval(one: Figure) -> str:
    """Return the interval of a difference, in the unit of the difference."""
    if one.low == one.high == 0:
        return "exactly 0"
    if one.unit == "share":
        return f"{100 * one.low:+.2f} to {100 * one.high:+.2f} pp"
    if one.unit == "money" and max(abs(one.low), abs(one.high)) >= 100_000:
        return f"{signed(one.low)} to {signed(one.high)}"
    return f"{written(one.low, one.unit, sign=True)} to {written(one.high, one.unit, sign=True)}"


def tone(one: Figure) -> str:
    """Return whether a difference is good or bad for the shop; nothing where its interval holds 0 or nobody can say."""
    if one.name in NEITHER or one.low <= 0 <= one.high:
        return ""
    return "good" if (one.difference > 0) != (one.name in FALLING_IS_GOOD) else "bad"


def key_strip(shown: Shown | None) -> str:
    """Return the three leading differences, for the foot of a phone's screen."""
    if shown is None:
        return "<div>…</div>" * 3
    return "".join(
        f"<div><b>{escape(one.title.replace('Contribution margin', 'Margin'))}</b>"
        f'<span class="{tone(one)}">{escape(told_difference(one))}</span></div>'
        for one in map(shown.figure, LEAD)
    )


def tier_chart(figures: PairedFigures) -> str:
    """Return what benefits cost by tier."""
    projected = figures.in_market
    titles = {"guests": "not enrolled", "points_promised": "rise of points owed"}
    rows = [
        PairOfBars(
            titles.get(one.tier, one.tier), one.today, one.variant, signed(one.variant - one.today),
            f"{amount(one.today)} today, {amount(one.variant)} under the variant",
        )
        for one in projected.benefit_cost_by_tier
        if one.today or one.variant
    ]  # fmt: skip
    if not rows:
        return '<p class="quiet">Neither policy costs anything.</p>'
    return bars(rows)


def bridge_chart(shown: Shown) -> str:
    """Return the margin bridge: every line in which both differ, and the totals."""
    if shown.bridges is None:
        return '<p class="quiet">Comes with the full figures.</p>'
    rows = []
    for before, after in zip(*map(margin_bridge, shown.bridges), strict=True):
        if before.is_total or before.amount != after.amount:
            rows.append(PairOfBars(
                before.title, before.amount, after.amount, signed(after.amount - before.amount),
                f"{amount(before.amount)} today, {amount(after.amount)} under the variant", before.is_total,
            ))  # fmt: skip
    return bars(rows)


def amount(cents: float) -> str:
    """Return whole currency units."""
    return f"{cents / 100:,.0f}"


def signed(cents: float) -> str:
    """Return whole currency units with a sign."""
    return "0" if round(cents / 100) == 0 else f"{cents / 100:+,.0f}"


def findings_list(findings: Sequence[Finding]) -> str:
    """Return what the linter finds as a list."""
    if not findings:
        return '<p class="quiet">Nothing found.</p>'
    items = [
        f'<li class="{(kind := one.severity.name.lower())}"><b>{kind}</b> <code>{escape(one.address)}</code> '
        f"{escape(one.message)}. {escape(one.money)}. <span class='quiet'>Mend: {escape(one.mend)}.</span></li>"
        for one in findings
    ]
    return f'<ul class="findings">{"".join(items)}</ul>'


def changes_list(changes: Sequence[Difference]) -> str:
    """Return what a variant changes of today's policy as a list."""
    if not changes:
        return '<p class="quiet">Nothing: both policies promise the same.</p>'
    items = [f"<li><code>{escape(one.change.address)}</code> {escape(one.words)}</li>" for one in changes]
    return f'<ul class="changes">{"".join(items)}</ul>'
