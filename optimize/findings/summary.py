"""What a study found, in sentences: the verdict, the effects with their intervals, the limits, and how much held.

Serves the strategist on the terminal, in the report and at the head of the recommended policy. Every figure comes from
fresh seeds unless it is called the search's estimate.
"""

from __future__ import annotations

from memberlab.policies import Policy
from memberlab.results import KPIS, Uplift, relative_change, written_difference

from ..break_even import DECISIVE_ASSUMPTION, BreakEven
from ..search import Bound
from ..verdict import Confirmed, Standing, Verdict, bound_told, limit_told, title_in_words, unmet, unmet_told
from .study_run import StudyResult

LONGEST_STEM = 52


def summary(result: StudyResult) -> list[str]:
    """Return the outcome in sentences: the verdict first, then effects, limits, and how far to trust them."""
    incumbent = result.plan.incumbent.name
    kept = result.recommendation.verdict is Verdict.KEEP
    said = [f"Recommended: keep {incumbent}." if kept else f"Recommended: {named(result)}.", _verdict(result)]
    subject = shown(result)
    if subject is not None:
        said.append(
            f"Against {incumbent}, mean over scenarios, {held_at(result)}: {effects(subject.confirmed, result)}."
        )
        said.append(_break_even(subject, result))
    found = unmet(result)
    if found is not None:
        return said + unmet_told(found, incumbent)
    told = (*(choice.told for choice in result.choices), _limits(result), _shrinkage(result))
    return said + [text for text in told if text]


def named(result: StudyResult) -> str:
    """Return the name of the recommended policy's file: that of the incumbent when it is kept."""
    incumbent = result.plan.incumbent.name
    if result.recommendation.verdict is Verdict.KEEP:
        return incumbent
    return f"{incumbent[:LONGEST_STEM].rstrip('-')}-recommended"


def shown(result: StudyResult) -> Standing | None:
    """Return the policy that the report is about: the chosen one, or the best trade-off where the incumbent is kept."""
    found = result.recommendation
    return found.trade_off if found.verdict is Verdict.KEEP else found.chosen


def label(standing: Standing, result: StudyResult) -> str:
    """Return how tables call a confirmed policy; the recommended one has its new name, with its number in brackets."""
    name = standing.confirmed.policy.name
    found = result.recommendation
    if found.verdict is Verdict.KEEP or standing is not found.chosen:
        return name
    return f"{named(result)} ({name.rpartition('-')[2]})"


def held_at(result: StudyResult) -> str:
    """Say under which value of the decisive assumption the figures hold."""
    own = result.tested.own
    return f"at {DECISIVE_ASSUMPTION} {own:g}" if own is not None else f"at each scenario's own {DECISIVE_ASSUMPTION}"


def break_even_of(subject: Standing, result: StudyResult) -> BreakEven:
    """Return where the margin of a confirmed policy against the incumbent turns."""
    return result.tested.break_evens[subject.confirmed.policy.name]


def _break_even(subject: Standing, result: StudyResult) -> str:
    """Say from which value of the decisive assumption the policy's margin pays, and what it is at several."""
    found = break_even_of(subject, result)
    margins = "; ".join(f"{effect(uplift)} at {value:g}" for value, uplift in found.margins.items())
    return f"By {DECISIVE_ASSUMPTION}, which no order log can tell, its contribution margin {found}: {margins}."


def effects(confirmed: Confirmed, result: StudyResult) -> str:
    """Return the objectives' uplifts with their intervals, as text."""
    currency = result.plan.scenarios[0].currency
    said = []
    for objective in result.goals.objectives:
        kpi, uplift = KPIS[objective.kpi], confirmed.overall[objective.kpi]
        amount = "" if kpi.unit == "share" else f"{written_difference(kpi, uplift.difference)}"
        unit = f" {currency}, " if kpi.unit == "money" else ", " if amount else ""
        said.append(f"{title_in_words(objective.kpi)} {amount}{unit}{effect(uplift)}")
    return "; ".join(said)


def effect(uplift: Uplift) -> str:
    """Return for example `+3.10 % (+2.50 to +3.70)`: percent of the incumbent's figure; points for a share."""
    unit = "pp" if KPIS[uplift.kpi].unit == "share" else "%"
    parts = (uplift.difference, uplift.low, uplift.high)
    middle, low, high = (relative_change(uplift.kpi, part, uplift.baseline) for part in parts)
    return f"{middle:+.2f} {unit} ({low:+.2f} to {high:+.2f})"


def _verdict(result: StudyResult) -> str:
    found, incumbent = result.recommendation, result.plan.incumbent.name
    *others, last = (title_in_words(objective.kpi) for objective in result.goals.objectives)
    aims = f"{', '.join(others)} and {last}" if others else last
    if found.verdict is Verdict.CERTAIN:
        return f"It beats {incumbent} on {aims}; every interval excludes zero."
    if found.verdict is Verdict.LIKELY:
        return f"On average it beats {incumbent} on {aims}, but not every interval excludes zero."
    count = {1: "its one objective", 2: "both objectives", 3: "all three objectives"}[len(result.goals.objectives)]
    text = f"Nothing found beats {incumbent} on {count}."
    if found.trade_off is None:
        return f"{text} No other policy kept the limits."
    return f"{text} The best trade-off found is {found.trade_off.confirmed.policy.name} (best-trade-off-policy.yaml)."


def _limits(result: StudyResult) -> str:
    """Say how the incumbent and the policy shown stand to the limits."""
    if not result.goals.bounds:
        return ""
    said = []
    for standing in (result.recommendation.standings[0], shown(result)):
        if standing is not None:
            figures = ", ".join(_limit(bound, standing.confirmed) for bound in result.goals.bounds)
            keeps = "keeps its limits" if standing.feasible else "BREAKS a limit"
            odds = result.odds[result.recommendation.standings.index(standing)]
            said.append(f"{label(standing, result)} {keeps}: {figures}; kept in {odds.feasible:.0%} of draws")
    return "; ".join(said) + "."


def _limit(bound: Bound, confirmed: Confirmed) -> str:
    figure = confirmed.figures[bound.figure]
    held = bound_told(bound, figure.mean)
    asked = limit_told(bound).removeprefix(f"{title_in_words(bound.kpi)} ")
    return f"{title_in_words(bound.kpi)} {held} ({asked})"


def _shrinkage(result: StudyResult) -> str:
    """Say what the search had estimated for the policy shown, and how much of it held."""
    subject = shown(result)
    if subject is None:
        return ""
    said = []
    for objective in result.goals.objectives:
        kpi, uplift = objective.kpi, subject.confirmed.overall[objective.kpi]
        estimate, baseline = estimated(subject.confirmed.policy, kpi, result), result.tried[0].figures[kpi].mean
        unit = "pp" if KPIS[kpi].unit == "share" else "%"
        was, is_ = relative_change(kpi, estimate, baseline), relative_change(kpi, uplift.difference, uplift.baseline)
        said.append(f"{title_in_words(kpi)} {was:+.2f} {unit} (now {is_:+.2f})")
    return f"The search's own estimate, on the seeds it chose by, was {', '.join(said)}."


def estimated(policy: Policy, kpi: str, result: StudyResult) -> float:
    """Return the difference to the incumbent that the search estimated for a confirmed policy."""
    digest = policy.digest()
    figures = [one.figures for one in result.tried if one.candidate.policy.digest() == digest]
    return figures[0][kpi].mean - result.tried[0].figures[kpi].mean
