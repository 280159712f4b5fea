"""The reference page of the assumptions, made from the registry: docs/assumptions.md, which a test keeps equal to it.

Serves whoever has to decide how far to trust a result.
"""

from __future__ import annotations

from memberlab.sim import ASSUMPTIONS, FAMILIES, Assumption

HEAD = """# Reference: what is assumed about shoppers

Every number that shoppers' behaviour depends on, beside how they buy without any programme, which is fitted to real
purchases. A scenario changes one by its name under `assumptions`, a set of assumptions changes many
(`--assumptions NAME` of `run`, `compare` and `optimize`; `memberlab catalog` lists the sets that ship).

- **Grade** of the evidence: A experiment, B quasi-experiment or structural model, C correlation or survey, D
  laboratory or scenario; *prior* stands for no evidence of the size.
- **Facts** are numbers of the behaviour reference's table for which the assumption answers.
- **Learnt from**: what could tell the value. Most of what a programme changes cannot be read off an order log; only a
  change of policy or an experiment can tell it, and some of it nothing that a shop has.
- **Mechanism**: what is switched off together. 0 switches an assumption off wherever it is no time.
- The **prior** says how plausible the values of the range are: triangular has its peak at the default, uniform has
  none.
"""


def assumptions_page() -> str:
    """Return the page in Markdown: a summary, and a table for each family."""
    lines = [HEAD, *_summary(), ""]
    for family, members in FAMILIES.items():
        lines += [f"## {family}", ""]
        lines += ["| assumption | what it is | default | range, prior | grade | facts | learnt from | mechanism |"]
        lines += ["| --- | --- | --- | --- | --- | --- | --- | --- |"]
        lines += [_row(one) for one in members]
        lines += ["", "Sources:", ""]
        lines += [f"- `{one.name}`: {one.source}." for one in members]
        lines.append("")
    return "\n".join(lines)


def facts_told(assumption: Assumption) -> str:
    """Return the numbers of the facts that an assumption answers for, or that there are none."""
    return ", ".join(map(str, assumption.facts)) or "none"


def _summary() -> list[str]:
    unknown = sum(one.grade == "prior" for one in ASSUMPTIONS)
    logs = sum(one.learnt_from in ("order log", "log with points or coupons") for one in ASSUMPTIONS)
    return [
        f"Of {len(ASSUMPTIONS)} assumptions {unknown} have no evidence of their size, and {logs} can be learnt from "
        "the logs of a shop that has the benefit in question."
    ]


def _row(one: Assumption) -> str:
    symbol = "" if one.symbol == "-" else f" ({one.symbol})"
    cells = (
        f"`{one.name}`{symbol}", one.meaning, f"{one.default:g} {one.unit}",
        f"{one.low:g} to {one.high:g}, {one.prior}", one.grade, facts_told(one), one.learnt_from, one.mechanism or "-",
    )  # fmt: skip
    return f"| {' | '.join(cells)} |"
