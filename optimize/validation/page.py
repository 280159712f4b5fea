"""The page of a validation in Markdown, made by the command itself.

Serves docs/validation.md, reports and the terminal.
"""

from __future__ import annotations

from collections.abc import Iterable

from .cohort import CohortValidation
from .cohort_marks import Standard
from .judging import Judged
from .validate import Validation

SCALE_FREE = (
    "Amounts are compared in the log's own currency; thresholds are told in median purchases of the log, so that "
    "nothing depends on the currency."
)


def validation_summary(found: Validation) -> str:
    """Return the verdict in a sentence or two."""
    model, best = found.forecasts[-1], min(found.forecasts[:-1], key=lambda one: one.root_mean_square_error)
    return (
        f"{found.passed} of {len(found.statistics)} statistics of the simulated market are within their tolerance of "
        f"customers that the fit never saw (the naive simulator: {found.naive_passed}). Visits of each of them in "
        f"{found.holdout_weeks} unseen weeks are forecast with an RMSE of {model.root_mean_square_error:.2f} "
        f"(the best simple rule, {best.name}: {best.root_mean_square_error:.2f})."
    )


def validation_page(found: Validation, pictures: Iterable[str] = (), level: int = 2) -> str:
    """Return a validation as a section of a page; `pictures` are paths of pictures as seen from the page."""
    head = "#" * level
    unseen = sum(one.passes for one in found.unseen)
    lines = [
        f"{head} {found.name}", "",
        f"**{validation_summary(found)}**", "",
        f"{found.training_customers:,} customers are fitted on, {found.held_out_customers:,} are held out, over "
        f"{found.weeks} whole weeks from {found.first_day}. Simulated are means of {found.replications} markets "
        f"without a programme, as large as the held-out sample (seed {found.seed}, conversion "
        f"{found.conversion:.0%}). Tolerance: 2.5 bootstrap standard errors at the size of the held-out sample, or the "
        f"error that does not matter in practice if that is larger. {SCALE_FREE}", "",
    ]  # fmt: skip
    lines += [f"![{_words(picture)}]({picture})" + "\n" for picture in pictures]
    lines += [f"{head}# Held-out customers, all weeks", "", *_table(found.statistics), ""]
    if found.left_out:
        lines += [f"- {name.replace('_', ' ')}: left out, {why}." for name, why in found.left_out.items()] + [""]
    lines += [
        f"{head}# Held-out customers in {found.holdout_weeks} weeks that no fit has seen", "",
        f"A second fit sees the training customers and the first {found.weeks - found.holdout_weeks} weeks only; its "
        f"market goes on into the weeks after them. {unseen} of {len(found.unseen)} statistics that so short a window "
        "can tell are within their tolerance.", "", *_table(found.unseen), "",
        f"{head}# Visits of each held-out customer in those weeks", "",
        "Forecast from the customer's own visits before. Calibration error is the mean absolute one over tenths of "
        "customers by forecast.", "",
        "| forecast | RMSE | correlation | bias | calibration error |", "| --- | --: | --: | --: | --: |",
    ]  # fmt: skip
    lines += [
        f"| {one.name} | {one.root_mean_square_error:.2f} | {one.correlation:.3f} | {one.bias:+.1%} | "
        f"{one.calibration_error:.2f} |"
        for one in found.forecasts
    ]
    lines += ["", f"{head}# What was fitted", "", *_fitted(found), ""]
    return "\n".join(lines)


MARKS_TOLD: dict[Standard, str] = {
    "chance": "Marks: what one market in twenty of the same model misses by chance (5 % of the path and of the total, "
    "and a distance of 0.1, matter to nobody), and the best forecast without a model.",
    "cdnow": "Marks: the list of the data reference for CDNOW, which holds for that log alone; its figures are those "
    "of Pareto/NBD.",
}
"""What a cohort is held against, in words."""


def cohort_page(found: CohortValidation, pictures: Iterable[str] = (), level: int = 2) -> str:
    """Return the validation of a cohort as a section of a page."""
    head = "#" * level
    names = list(found.marks)
    judged = found.marks[found.judged]
    lines = [
        f"{head} {found.name}", "",
        f"**{cohort_summary(found)}**", "",
        f"{found.customers:,} customers, all new in the log; the fit sees {found.first_day} to "
        f"{found.calibration_end}, what is compared goes on to {found.last_day}. Figures of markets are means of "
        f"{found.populations} populations acquired on the real days (seed {found.seed}). The verdict is on "
        f"{found.judged}, {found.why}. {MARKS_TOLD[found.against]}", "",
    ]  # fmt: skip
    lines += [f"![{_words(picture)}]({picture})" + "\n" for picture in pictures]
    lines += [
        "| measure | mark | " + " | ".join(names) + " | verdict |",
        "| --- | --: | " + "--: | " * len(names) + "--- |",
    ]
    for place, mark in enumerate(judged):
        values = " | ".join(figure_told(found.marks[name][place].value) for name in names)
        sign = "at least" if mark.at_least else "at most"
        lines.append(f"| {mark.words} | {sign} {figure_told(mark.mark)} | {values} | {within_or_missed(mark.passes)} |")
    return "\n".join([*lines, ""])


def cohort_summary(found: CohortValidation) -> str:
    """Return the verdict on a cohort in a sentence."""
    marks = found.marks[found.judged]
    path = marks[0]
    return (
        f"{found.passed} of {len(marks)} marks are met by {found.judged}; its mean path of cumulative repeats misses "
        f"the real one by {path.value:.1%} on average in the weeks that the fit has not seen."
    )


def figure_told(value: float) -> str:
    """Return a figure as the tables show it."""
    return f"{value:,.1f}" if abs(value) >= 100 else f"{value:.3g}" if abs(value) >= 1 else f"{value:.3f}"


def within_or_missed(passes: bool) -> str:
    """Return the verdict in a word."""
    return "within" if passes else "missed"


def _table(judged: Iterable[Judged]) -> list[str]:
    lines = [
        "| statistic | training | held out | tolerance | simulated | naive | verdict |",
        "| --- | --: | --: | --: | --: | --: | --- |",
    ]
    for one in judged:
        naive = "-" if one.naive is None else figure_told(one.naive) + ("" if one.naive_passes else " x")
        lines.append(
            f"| {one.words} | {figure_told(one.training)} | {figure_told(one.held_out)} | "
            f"{figure_told(one.tolerance)} | {figure_told(one.simulated)} | {naive} | {within_or_missed(one.passes)} |"
        )
    return lines


def _fitted(found: Validation) -> list[str]:
    visits, spend = found.process.visits, found.process.spend
    drift = ", ".join(f"{spread:.2f} over {weeks} weeks" for weeks, spread in visits.drift if spread >= 0.005)
    leaving = f"{1 - 2.718281828 ** (-52 * visits.leaving):.1%} of customers leave in a year"
    lines = [
        f"- Rates: {7 * visits.rate:.3g} visits a week on average, shape {visits.shape:.2f}; their logarithm drifts by "
        f"{drift or 'nothing'} (standard deviations); {leaving if visits.leaving else 'nobody leaves for good'}, "
        f"{visits.late:.1%} come late.",
        f"- Amounts: slope {spend.gap_slope:.3f} on the log gap, copula correlation with frequency "
        f"{spend.correlation:.2f}.",
    ]
    lines += [f"- {name}: {origin}." for name, origin in found.process.learnt.items() if origin != "log"]
    return lines


def _words(picture: str) -> str:
    stem = picture.rsplit("/", 1)[-1].removesuffix(".png")
    return stem.replace("-", " ")
