"""The tables of a search by name: the file, what a row is, and each column with its unit and meaning.

Serves whoever reads a study's folder, and the reference page. Money is cents, shares run from 0 to 1; differences are
from the incumbent, paired by shopper. `{kpi}` stands for each objective and limit, `{lever}` for each lever's address.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StudyTable:
    """One table: its name (the file without `.csv`), title, what a row is, and its columns in order."""

    name: str
    title: str
    row: str
    columns: Mapping[str, str]

    def columns_for(self, kpis: Sequence[str], levers: Sequence[str]) -> list[str]:
        """Return the columns of a study with these objectives and limits, and these levers, in order."""
        found: list[str] = []
        block: list[str] = []
        for column in [*self.columns, ""]:
            if "{kpi}" in column:
                block.append(column)
                continue
            found += [one.replace("{kpi}", kpi) for kpi in kpis for one in block]
            block = []
            found += list(levers) if column == "{lever}" else [column] if column else []
        return found


POLICY = {"policy": "name of the policy; the incumbent first"}
ROLE = {"role": "incumbent, recommended, front, other (another beats it) or infeasible (breaks a limit)"}
KPI = {"kpi": "name of the KPI", "unit": "money (cents), count or share (0 to 1)"}
ALONE = "end of the difference's 95 % interval, for this difference alone"

CATALOGUE: tuple[StudyTable, ...] = (
    StudyTable("pareto", "The confirmed policies", "a policy that was run on the populations held out", {
        **POLICY, **ROLE,
        "feasible": "whether it keeps every limit at 1.28 standard errors",
        "on_front": "whether no other that keeps the limits is at least as good in all objectives and better in one",
        "probability_feasible": "share of 1,000 draws of the populations in which it keeps every limit",
        "probability_dominated": "share of them in which another that keeps the limits dominates it",
        "probability_on_front": "share of them in which it keeps the limits and nobody dominates it",
        "probability_beats_incumbent": "share of them in which it keeps the limits and beats the incumbent in all "
        "objectives",
        "share_of_weightings": "share of 5,000 weightings of the objectives by which it is the best",
        "is_knee": "whether it is the best compromise on the front",
        "least_gain": "smallest gain over the objectives, as a share of the incumbent's figure",
        "certain_least_gain": "the same with each gain at the worse end of its interval; the rule goes by it",
        "changes": "levers in which it differs from the incumbent",
        "{kpi}": "figure, mean over scenarios by weight",
        "{kpi}_error": "standard error of the figure between populations",
        "{kpi}_value_low": "lower end of the figure's interval, 95 % for all policies and objectives together "
        "(Student between populations, Bonferroni)",
        "{kpi}_value_high": "upper end",
        "{kpi}_difference": "figure less the incumbent's",
        "{kpi}_low": "lower end of the difference's interval, 95 % for all policies and objectives together",
        "{kpi}_high": "upper end",
        "{kpi}_own_low": f"lower {ALONE}", "{kpi}_own_high": "upper end",
        "{kpi}_search_difference": "the difference that the search had estimated",
        "attrition_effect": "the value that the figures hold under; empty where scenarios differ",
        "break_even": "value from (or up to) which the margin pays; empty where there is none or several",
        "break_even_low": "lower end of its 95 % interval; empty where it has none", "break_even_high": "upper end",
        "break_even_told": "the same in words",
        "{lever}": "the lever's value, in file notation",
    }),
    StudyTable("by-scenario", "The same by scenario", "a policy, scenario and KPI", {
        **POLICY, **ROLE, "scenario": "name of the scenario", **KPI,
        "baseline": "the incumbent's figure", "value": "this policy's figure", "difference": "value less baseline",
        "low": f"lower {ALONE}", "high": "upper end",
        "regret": "by how much the value misses that of the best policy that keeps the limits, in this scenario",
        "is_worst": "whether the policy gains least on the incumbent here, of all scenarios",
    }),
    StudyTable("robustness", "By every criterion over scenarios", "a policy, objective and criterion", {
        **POLICY, **ROLE, **KPI,
        "criterion": "mean, worst (scenario), cvar (mean of the worst part), regret (largest loss against the best of "
        "a scenario) or satisficing (share of scenarios, by weight, that reach the reference)",
        "is_study": "whether the study chooses by this criterion",
        "more_is_better": "whether more of the figure is better", "reference": "what satisficing is held against",
        "baseline": "the incumbent's figure by the criterion, mean of populations", "value": "this policy's",
        "difference": "value less baseline", "low": f"lower {ALONE} (Student between populations)", "high": "upper end",
    }),
    StudyTable("shrinkage", "The search's estimates beside those held out", "a policy and objective", {
        **POLICY, **ROLE, **KPI,
        "search_difference": "difference to the incumbent on the seeds that the search chose by",
        "difference": "the same on the populations held out", "low": f"lower {ALONE}", "high": "upper end",
        "flattered_by": "what of the search's estimate was luck, in the direction of the objective; negative: it had "
        "been too modest",
        "flattered_errors": "the same in standard errors of the difference held out",
    }),
    StudyTable("lever-importance", "Which levers decide", "a lever and objective", {
        "lever": "address of the lever", "kpi": "name of the KPI",
        "importance": "the lever's part in what sets the best apart, 0 to 1 (PED-ANOVA over everything tried)",
        "noise_floor": "importance that a lever without effect exceeds in one case of twenty",
        "direction": "rank correlation of level and gain, -1 to 1; empty without order",
        "effect": "change of the KPI from the lever's lowest level to its highest, all others held still (fitted)",
        "effect_error": "standard error of the effect", "effect_floor": "size from which it is told from noise (95 %)",
        "told": "raises or lowers; empty where noise cannot be told from it",
    }),
    StudyTable("limits", "Which limits bind", "a limit and confirmed policy", {
        "limit": "KPI and relation", "kpi": "name of the KPI", "relation": "at_most or at_least",
        "bound": "the limit", **POLICY, "figure": "the policy's figure", "error": "its standard error",
        "room": "how far inside the limit it is; negative: missed", "room_errors": "the same in standard errors",
        "is_tight": "whether there is less room than 2 standard errors",
        "binds": "whether the search found something better that this limit alone keeps out",
        "broken_by": "policies of the search that break it", "only_this": "those that keep every other limit",
        "best_kept_gain": "largest least gain of those that keep every limit, by the search's figures",
        "nearest_policy": "the better policy that needs the smallest step of the limit",
        "nearest_relax_by": "that step", "nearest_gain": "its least gain, by the search's figures",
        "best_policy": "the best policy without the limit", "best_relax_by": "how far the limit would have to move",
        "best_gain": "its least gain, by the search's figures",
    }),
    StudyTable("recommendation-by-value", "What would be recommended under other values",
               "an assumption, a value of it and a confirmed policy", {
        "assumption": "attrition_effect, or rival_reaction (share of our give-back that the rival matches)",
        "value": "the value", "is_own": "whether the study assumes it", **POLICY,
        "is_recommended": "whether the rule chooses it at this value", "verdict": "certain, likely or keep",
        "feasible": "whether it keeps every limit there", "on_front": "whether it is on the front there",
        "least_gain": "smallest gain over the objectives, as a share of the incumbent's figure",
        "kpi": "name of the objective's KPI", "unit": "money (cents), count or share (0 to 1)",
        "baseline": "the incumbent's figure at this value", "difference": "this policy's less that",
        "low": "lower end of its 95 % interval, for all policies and objectives together", "high": "upper end",
    }),
    StudyTable("margin-by-attrition-effect", "Margin by attrition effect", "a policy and attrition effect", {
        "policy": "name of the policy", "searched": "whether its break-even was searched by simulation",
        "attrition_effect": "the value", "is_own": "whether the study assumes it",
        "baseline": "the incumbent's contribution margin", "value": "this policy's",
        "difference": "value less baseline",
        "low": "lower end of its 95 % interval, for all policies and objectives together", "high": "upper end",
    }),
    StudyTable("changed-levers", "What each change does", "a changed lever of the policy shown and an objective", {
        "policy": "the policy", "address": "address of the lever", "before": "the incumbent's value",
        "after": "the policy's", "kpi": "name of the objective's KPI", "unit": "money (cents), count or share (0 to 1)",
        "effect": "the policy's figure less that without this one change, on the search's seeds; empty where it is not "
        "valid without it, or nothing was taken back",
        "keeps_limits": "whether the policy without it keeps the limits in the search",
        "in_simplest": "whether the simplest policy as good still makes the change",
    }),
    StudyTable("simplest", "The simplest policy as good", "a policy (shown, simplest) and objective", {
        "policy": "name of the policy", "changes": "levers in which it differs from the incumbent", **KPI,
        "difference": "difference to the incumbent on the populations held out",
        "low": f"lower {ALONE}", "high": "upper end",
        "error": "standard error of the difference of the policy shown",
        "loss_errors": "what is lost against the policy shown, in these errors; 1 at most in the simplest",
    }),
    StudyTable("bridge", "The margin bridge", "a confirmed policy and line of the bridge", {
        **POLICY, **ROLE, "line": "name of the line", "title": "the same in words",
        "amount": "cents to add, mean over scenarios by weight and over the populations held out; what it comes to so "
        "far where it is a total",
        "is_total": "whether the line is a total of those above",
    }),
    StudyTable("search", "Everything that was tried", "a policy of the search", {
        "number": "number of the policy, in the order of proposal; 0 is the incumbent", "policy": "its name",
        "keeps_limits": "whether it keeps every limit on the search's seeds, at half a standard error",
        "{kpi}": "figure on the search's seeds, mean over scenarios by weight: an estimate, and the best flatter",
        "{kpi}_error": "standard error between populations", "{lever}": "the lever's value, in file notation",
    }),
)  # fmt: skip

STUDY_TABLES: Mapping[str, StudyTable] = {one.name: one for one in CATALOGUE}
"""The tables of a search by name, in the order of the reference page."""


def study_tables_page() -> str:
    """Return the reference of all columns in Markdown, for docs/search-report.md."""
    lines = []
    for table in CATALOGUE:
        lines += [f"### `{table.name}.csv`", "", f"{table.title}: one row for {table.row}.", ""]
        lines += ["| column | meaning |", "| --- | --- |"]
        lines += [f"| `{column}` | {meaning} |" for column, meaning in table.columns.items()]
        lines.append("")
    return "\n".join(lines)
