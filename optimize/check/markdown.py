"""What a check found as a page that fits the comment of a pull request, which holds 65,536 characters.

Serves reviewers: the verdict, what has changed in the policies in words, the figures that moved, the bridge of finance.
"""

from __future__ import annotations

from collections.abc import Iterator

from memberlab.results import KPIS, written

from .decision import CheckVerdict
from .judged import BridgeShift, Checked, Exit, PairedCell
from .words import (
    claim_figure,
    correlation_told,
    correlation_warning,
    digest_told,
    margin_told,
    now_of,
    replays,
    shift_of,
    verdict_line,
)

MOST_BYTES = 60_000
"""Bytes of a page; what is beyond is left out, and said to be."""
MARKS = {CheckVerdict.PASS: "✅", CheckVerdict.FAIL: "❌", CheckVerdict.INCONCLUSIVE: "❔"}
ACCEPT = 'memberlab baseline accept --reason "..."'


def check_markdown(checked: Checked, options: str = "") -> str:
    """Return the page; `options` are what a command that tries one cell again must repeat."""
    mark = {Exit.PASSED: "✅", Exit.INCONCLUSIVE: "❔"}.get(checked.exit, "❌")
    head = [f"## {mark} memberlab check: {verdict_line(checked)}", ""]
    sections = [
        [f"> ⚠ {one}" for one in _warnings(checked)],
        _broken(checked),
        _policies(checked),
        _moved(checked),
        _claims(checked),
        *(_bridge(one, checked) for one in checked.bridges),
        _again(checked, options),
        _all_cells(checked),
    ]
    return _fitting(head, [section for section in sections if section])


def _fitting(head: list[str], sections: list[list[str]]) -> str:
    """Return the page without the sections, and then the lines, that would make it too long."""
    text, left_out = "\n".join(head) + "\n", 0
    for section in sections:
        part = "\n".join(section) + "\n\n"
        if len((text + part).encode()) > MOST_BYTES - 200:
            left_out += 1
            continue
        text += part
    if left_out:
        text += f"_{left_out} parts did not fit into a comment; `--json` has everything._\n"
    return text


def _warnings(checked: Checked) -> Iterator[str]:
    yield from checked.notices
    yield from (f"{name} is not in the baseline; `{ACCEPT}` takes it in" for name in checked.missing)
    if (warning := correlation_warning(checked)) is not None:
        yield warning


def _broken(checked: Checked) -> list[str]:
    return [f"- **{one.name}**, population {one.replication}: {one.fault}" for one in checked.broken]


def _policies(checked: Checked) -> list[str]:
    lines = []
    for name, told in checked.differences.items():
        lines += [f"### What changes in {name}", "", *(f"- {_cell(one)}" for one in told[:60]), ""]
        if len(told) > 60:
            lines += [f"- and {len(told) - 60} more", ""]
    return lines


def _moved(checked: Checked) -> list[str]:
    moved = [one for one in checked.paired if one.has_moved]
    if not moved:
        return ["No figure has moved."] if checked.paired else []
    moved.sort(key=lambda one: one.decision.of_margin if one.decision is not None else 0.0, reverse=True)
    return ["### Figures that moved, the most against their margin first", "", *_table(moved[:80])]


def _table(cells: list[PairedCell]) -> list[str]:
    lines = [
        "| | Policy | Scenario | KPI | Baseline | Now | Shift | Margin | Populations | Correlation |",
        "|---|---|---|---|--:|--:|--:|--:|--:|--:|",
    ]
    for one in cells:
        kpi, decision = KPIS[one.kpi], one.decision
        count = "-" if decision is None else str(decision.replications)
        correlation = correlation_told(None if decision is None else decision.correlation)
        row = (
            MARKS[one.verdict], one.policy, one.world, kpi.title, written(one.before, kpi.unit),
            written(now_of(one), kpi.unit), shift_of(one), margin_told(one), count, correlation,
        )  # fmt: skip
        lines.append("| " + " | ".join(row) + " |")
    return lines


def _claims(checked: Checked) -> list[str]:
    if not checked.claims:
        return []
    lines = ["### Claims", "", "| | Claim | Scenario | Figure | Interval | Must be |", "|---|---|---|--:|--:|--:|"]
    for one in checked.claims:
        figure, interval, bound = claim_figure(one)
        row = (MARKS[one.verdict], _cell(one.cell.claim.claim), one.cell.world.name, figure, interval, bound)
        lines.append("| " + " | ".join(row) + " |")
    return lines


def _bridge(shift: BridgeShift, checked: Checked) -> list[str]:
    currency = checked.plan.worlds[0].scenario.currency
    lines = [
        f"<details><summary>Margin bridge of {shift.policy} in {shift.world}, {currency}, mean of "
        f"{shift.replications} populations</summary>",
        "",
        "| Line | Baseline | Now | Shift |",
        "|---|--:|--:|--:|",
    ]
    for then, now in zip(shift.before, shift.now, strict=True):
        if then.amount == now.amount == 0 or (then.amount == now.amount and not then.is_total):
            continue
        amounts = [amount / shift.replications / 100 for amount in (then.amount, now.amount, now.amount - then.amount)]
        title = f"**{then.title}**" if then.is_total else then.title
        lines.append(f"| {title} | {amounts[0]:,.2f} | {amounts[1]:,.2f} | {amounts[2]:+,.2f} |")
    return [*lines, "", "</details>"]


def _again(checked: Checked, options: str) -> list[str]:
    found = dict(replays(checked, options))
    lines = []
    if found:
        lines += ["Try one again:", "", "```", *list(found.values())[:40], "```"]
    if any(checked.failed_names()) or checked.missing:
        lines += ["", f"If outcomes are as they should be: `{ACCEPT}`"]
    return lines


def _all_cells(checked: Checked) -> list[str]:
    if not checked.paired and not checked.digests:
        return []
    lines = ["<details><summary>Every cell</summary>", ""]
    lines += [f"- {one.name}: {digest_told(one)}" for one in checked.digests]
    return [*lines, "", *(_table(checked.paired) if checked.paired else []), "", "</details>"]


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
