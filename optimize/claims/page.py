"""The page of claims: the figures of one run in Markdown, with who was compared with whom, made by the command itself.

Serves docs/claims.md.
"""

from __future__ import annotations

from collections.abc import Sequence

from memberlab.results import lift_told

from .programmes import PROGRAMMES
from .tried import ClaimsTried, Finding

CAUSED = 4
"""Place of the causal lift among the figures of a finding."""

HEAD = """# Claims: selection or effect?

What slides quote of loyalty programmes is mostly a comparison of two groups: members and others, those who climbed and
those who did not. In the simulated market each shopper has a twin, the same shopper with the same random numbers in a
market without the programme, so the comparison can be taken apart without a rest:

> labelled against others = effect on the labelled + selection - spill-over on the others

- **Shown** is what the comparison shows, relative to the others; effect, selection and spill-over are its parts in
  the same unit and add up to it exactly.
- **Caused** is the effect relative to what the labelled would have done without the programme: the figure that the
  slide pretends to quote. Its 95 % interval is paired by shopper. **On everybody** is the same over both groups.
- **Placebo** is what the same comparison shows in a market without any programme, where the effect is exactly 0.

A label is earned in the first year after launch, outcomes are counted after it, so that nobody is in a group because of
what is counted. The market knew no programme before.
"""

AFTER = """
A claim whose placebo is as large as what the comparison shows says nothing about the programme, not even that it does
not harm. Where a label asks for a benefit (a paid membership, points), its placebo is a coin tossed at each order,
which picks those who order often; who takes the benefit picks still more, and that is in the selection.

How large selection is depends on how unequal shoppers are and on the label; how large the effect is depends on what is
assumed about shoppers, above all on `attrition_effect`, which no order log can tell. Try other worlds with `--scenario`
and `--assumptions`, and hold-out groups in the real one.
"""

UNDER_OTHERS = """\
A quoted figure that is reached here is reached by assumption: where programmes are taken to keep shoppers longer, they
do. The comparisons, which a shop could make, are about as large in every column's world.
"""


def claims_page(worlds: Sequence[ClaimsTried], command: str) -> str:
    """Return the page in Markdown, with the command that made it; of several worlds the first is told in full."""
    tried = worlds[0]
    scenario = tried.scenario
    runs = "1 replication" if tried.replications == 1 else f"{tried.replications} replications"
    shoppers = f"{scenario.population.shoppers:,} shoppers"
    lines = [HEAD, f"Made by `{command}`: scenario `{scenario.name}`, {shoppers}, {runs}.", ""]
    lines += ["| claim | shown | = effect | + selection | - spill-over | caused | on everybody | placebo |"]
    lines += ["| --- | --: | --: | --: | --: | --: | --: | --: |"]
    lines += [_row(claims_told(finding), *figures_told(finding)) for finding in tried.findings]
    lines += ["", "![What is quoted, shown, shown by a placebo, and caused](pictures/claims.png)", AFTER]
    if len(worlds) > 1:
        lines += ["## Caused, under other assumptions", ""]
        lines += [_row("claim", *(f"`{world.scenario.name}`" for world in worlds)), "| --- |" + " --: |" * len(worlds)]
        for findings in zip(*(world.findings for world in worlds), strict=True):
            lines.append(_row(claims_told(findings[0]), *(figures_told(one)[CAUSED] for one in findings)))
        lines += ["", UNDER_OTHERS]
    lines += ["## How each claim is tried", ""]
    lines += ["| claim | programme | among | labelled | placebo | outcome | labelled, others |"]
    lines += ["| --- | --- | --- | --- | --- | --- | --: |"]
    lines += [_terms(finding) for finding in tried.findings]
    return "\n".join([*lines, ""])


def claims_told(finding: Finding) -> str:
    """Return a claim's words, with the policy if it is not the built-in programme."""
    built_in = finding.claim.programme.replace(" ", "-") == finding.policy.name
    return finding.claim.says if built_in else f"{finding.claim.says} ({finding.policy.name})"


def figures_told(finding: Finding) -> tuple[str, ...]:
    """Return a finding's figures as people write them, in the order of the tables; `-` where a group is empty."""
    real, placebo = finding.real, finding.placebo
    shown_by_placebo = lift_told(None if placebo is None else placebo.naive_lift)
    if real is None:
        return ("-",) * 6 + (shown_by_placebo,)
    caused = lift_told(real.causal_lift)
    if real.causal_interval is not None and real.half_width:
        low, high = real.causal_interval
        caused += f" [{lift_told(low)}, {lift_told(high)}]"
    return (
        lift_told(real.naive_lift), lift_told(real.effect_part), lift_told(real.selection_lift),
        lift_told(real.spill_over_part), caused, lift_told(real.lift_of_all), shown_by_placebo,
    )  # fmt: skip


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _terms(finding: Finding) -> str:
    claim, real = finding.claim, finding.real
    own = claims_told(finding) != claim.says
    programme = finding.policy.name if own else PROGRAMMES[claim.programme][0]
    sizes = "-" if real is None else f"{real.labelled:,}, {real.others:,}"
    words = (claim.among.words, claim.label.words, claim.placebo.words, claim.outcome.words)
    return _row(claim.says, programme, *words, sizes)
