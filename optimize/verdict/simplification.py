"""The simplest policy within one standard error of the best: changes that bring nothing are taken back, one by one.

Serves whoever has to build and explain the programme. A search moves every lever, also those that do not matter. Each
change is undone alone on the search's seeds, which tells what it does; then the least useful are undone together as
long as nothing is lost beyond one standard error (Breiman et al., 1984), and the result is confirmed on fresh seeds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from scipy import special

from memberlab.policies import DocumentError, Policy
from memberlab.results import CONFIDENCE, Uplift

from ..execution import Progress, Steps
from ..ledger import EvaluationLedger
from ..search import CONFIRMATION_CAUTION, SEARCH_CAUTION, Figures, Goals, Trials, Values, figures_of, values_of
from ..study import Plan, Robustness
from .binding_limits import gains_of
from .confirm import Confirmed, comparisons_of, confirm
from .recommend import Recommendation, Standing, gain

MOST_CONFIRMED = 2
"""Simpler policies that are confirmed on fresh seeds, simplest first, until one is good enough."""
LONGEST_STEM = 54


@dataclass(frozen=True, slots=True)
class ChangedLever:
    """One change of a policy, and what it does there: the policy against itself without the change."""

    address: str
    before: str
    after: str
    effects: Mapping[str, float] | None
    """Difference that the change makes to each objective's KPI, in its unit, on the search's seeds; None where the
    policy is not valid without it."""
    keeps_limits: bool
    """Whether the policy without it keeps the limits in the search."""


@dataclass(frozen=True)
class Simplification:
    """What is left of a policy when everything that brings nothing is taken back."""

    subject: str | None = None
    """The policy that was simplified; None where nothing was tried."""
    changes: tuple[ChangedLever, ...] = ()
    """Its changes against the incumbent, the least useful first."""
    simplest: Confirmed | None = None
    """The policy with the fewest changes that is within one standard error of it on fresh seeds and keeps the limits;
    None where it has none fewer."""
    kept: tuple[str, ...] = ()
    """Addresses that the simplest policy still changes."""
    was_tried: bool = False
    """Whether simpler policies were simulated, or only those looked at that were confirmed anyway."""


def simplify(
    plan: Plan,
    ledger: EvaluationLedger,
    executor: Executor,
    found: Recommendation,
    goals: Goals,
    folders: tuple[Path, Path],
    progress: Progress | None = None,
    *,
    simulate: bool = True,
) -> Simplification:
    """Return the simplest policy within one standard error of the chosen one, or of the best trade-off.

    `folders` keep the warm-ups of the search and of the populations held out. Without `simulate` only policies that
    were confirmed anyway are looked at.
    """
    subject = found.trade_off if found.chosen is found.standings[0] else found.chosen
    if subject is None:
        return Simplification()
    name, addresses = subject.confirmed.policy.name, changed_addresses(plan.incumbent, subject.confirmed.policy)
    goals = by_mean_where_regret(goals)
    errors = errors_of(subject.confirmed, plan, goals, comparisons_of(plan, len(found.standings) - 1))
    simpler = _among_confirmed(found, subject, plan, goals, errors)
    if not simulate:
        return _told(plan, name, (), simpler, was_tried=False)
    steps = Steps(len(addresses), progress)
    run = _Undoing(Trials(plan, ledger, executor, folders[0]), goals, subject, errors, steps)
    changes, prefixes = run.all(addresses)
    candidates = [policy for policy in prefixes[::-1] if _fewer(plan, policy, simpler)][:MOST_CONFIRMED]
    for policy in candidates:
        confirmed = confirm(
            plan, ledger, executor, [policy], replications=plan.study.confirmation.replications,
            comparisons=comparisons_of(plan, len(found.standings) - 1 + MOST_CONFIRMED), warm_up_folder=folders[1],
        )[1]  # fmt: skip
        if is_as_good(confirmed, subject.confirmed, goals, errors):
            simpler = confirmed
            break
    return _told(plan, name, changes, simpler, was_tried=True)


def lives_of_simplification(plan: Plan) -> int:
    """Return how many lives simplifying adds at most, when every lever of the study has been moved."""
    levers, scenarios = len(plan.study.levers), len(plan.scenarios)
    return scenarios * (
        2 * levers * plan.study.search.replications + 2 * MOST_CONFIRMED * plan.study.confirmation.replications
    )


def changed_addresses(incumbent: Policy, policy: Policy) -> list[str]:
    """Return the addresses at which a policy differs from the incumbent."""
    return [change.address for change in incumbent.diff(policy)]


def is_as_good(confirmed: Confirmed, best: Confirmed, goals: Goals, errors: Sequence[float]) -> bool:
    """Return whether a policy keeps the limits on fresh seeds and misses the best by one standard error at most.

    In each objective; `errors` are those of the best policy's gains, as shares of the incumbent's figures.
    """
    if not goals.is_feasible(confirmed.figures, CONFIRMATION_CAUTION):
        return False
    return all(
        gain(_uplifts(best, goals)[one.kpi], one) - gain(_uplifts(confirmed, goals)[one.kpi], one) <= error
        for one, error in zip(goals.objectives, errors, strict=True)
    )


def errors_of(best: Confirmed, plan: Plan, goals: Goals, comparisons: int) -> list[float]:
    """Return one standard error of each of the policy's gains, as a share of the incumbent's figure.

    `comparisons` are those that its intervals hold for together.
    """
    found = []
    for one in goals.objectives:
        if goals.robustness.criterion == "mean":
            halves = [uplifts[one.kpi].half_width for uplifts in best.by_scenario.values()]
            half = float(np.dot(plan.weights, halves))  # errors of scenarios are taken to go together
            quantile = float(special.ndtri(0.5 + CONFIDENCE / 2))
        else:
            half, freedom = best.aims[one.kpi].half_width, plan.study.confirmation.replications - 1
            quantile = float(special.stdtrit(freedom, 1 - (1 - CONFIDENCE) / 2 / comparisons))
        found.append(half / quantile / (abs(_uplifts(best, goals)[one.kpi].baseline) or 1.0))
    return found


def _uplifts(confirmed: Confirmed, goals: Goals) -> Mapping[str, Uplift]:
    return confirmed.overall if goals.robustness.criterion == "mean" else confirmed.aims


def by_mean_where_regret(goals: Goals) -> Goals:
    """Return goals by which policies can be held against each other alone: a regret depends on who else was tried."""
    if goals.robustness.criterion != "regret":
        return goals
    objectives = tuple(replace(one, criterion="mean") for one in goals.objectives)
    return replace(goals, objectives=objectives, robustness=Robustness())


def _among_confirmed(
    found: Recommendation, subject: Standing, plan: Plan, goals: Goals, errors: Sequence[float]
) -> Confirmed | None:
    """Return the confirmed policy with the fewest changes, fewer than the subject's, that is as good."""
    count = len(changed_addresses(plan.incumbent, subject.confirmed.policy))
    others = [one.confirmed for one in found.standings[1:] if one is not subject]
    counted = [(len(changed_addresses(plan.incumbent, one.policy)), one) for one in others]
    good = [(few, one) for few, one in counted if few < count and is_as_good(one, subject.confirmed, goals, errors)]
    return min(good, key=lambda pair: pair[0])[1] if good else None


def _fewer(plan: Plan, policy: Policy, than: Confirmed | None) -> bool:
    if than is None:
        return True
    return len(changed_addresses(plan.incumbent, policy)) < len(changed_addresses(plan.incumbent, than.policy))


def _told(
    plan: Plan, subject: str, changes: Sequence[ChangedLever], simplest: Confirmed | None, *, was_tried: bool
) -> Simplification:
    kept = () if simplest is None else tuple(changed_addresses(plan.incumbent, simplest.policy))
    return Simplification(subject, tuple(changes), simplest, kept, was_tried)


class _Undoing:
    """Takes back the changes of one policy, on the search's seeds."""

    def __init__(self, trials: Trials, goals: Goals, subject: Standing, errors: Sequence[float], steps: Steps) -> None:
        self._trials, self._goals, self._steps = trials, goals, steps
        self._incumbent = trials.plan.incumbent
        self._policy = subject.confirmed.policy
        self._replications = trials.plan.study.search.replications
        self._block = trials.block(self._replications)
        self._today = self._values(self._incumbent)
        self._baseline = self._lived(self._incumbent)
        self._errors = errors

    def all(self, addresses: Sequence[str]) -> tuple[list[ChangedLever], list[Policy]]:
        """Return what each change does, the least useful first, and the policies with more and more of them undone."""
        own = gains_of(self._lived(self._policy), self._baseline, self._goals)
        losses: dict[str, float] = {}
        changes: dict[str, ChangedLever] = {}
        for address in addresses:
            without = self._without([address])
            figures = None if without is None else self._lived(without)
            self._steps.step()
            changes[address] = self._change(address, figures)
            losses[address] = float("inf") if figures is None else self._loss(own, figures)
        order = sorted(addresses, key=lambda address: losses[address])
        undone: list[str] = []
        found: list[Policy] = []
        for address in order:
            self._steps.plan(1)
            without = self._without([*undone, address])
            figures = None if without is None else self._lived(without)
            self._steps.step()
            if without is None or figures is None:
                continue  # a ladder whose other steps have not been taken back yet
            if self._loss(own, figures) > 1 or not self._goals.is_feasible(figures, SEARCH_CAUTION):
                continue
            undone.append(address)
            found.append(without)
        return [changes[address] for address in order], [one for one in found if one != self._incumbent]

    def _without(self, addresses: Sequence[str]) -> Policy | None:
        """Return the policy with some changes taken back; None where that is no valid policy."""
        values = {address: self._incumbent.value_at(address) for address in addresses}
        left = len(changed_addresses(self._incumbent, self._policy)) - len(addresses)
        if left == 0:
            return self._incumbent
        try:
            policy = self._policy.with_(values)
            return policy.with_({"name": f"{self._policy.name[:LONGEST_STEM]}-simpler-{left}"})
        except (DocumentError, ValueError):
            return None

    def _lived(self, policy: Policy) -> Figures:
        values = self._values(policy)
        return figures_of(values, self._trials.plan.weights, self._goals, values, self._today)

    def _values(self, policy: Policy) -> Values:
        for _ in self._trials.live([policy], self._block):
            pass
        return values_of(self._trials.sums(policy, self._replications))

    def _loss(self, own: Sequence[float], figures: Figures) -> float:
        """Return the largest loss against the whole policy, in standard errors of its gain on fresh seeds."""
        other = gains_of(figures, self._baseline, self._goals)
        return max(
            (best - less) / error if error > 0 else (0.0 if less >= best else float("inf"))
            for best, less, error in zip(own, other, self._errors, strict=True)
        )

    def _change(self, address: str, figures: Figures | None) -> ChangedLever:
        before, after = (str(policy.value_at(address)) for policy in (self._incumbent, self._policy))
        if figures is None:
            return ChangedLever(address, before, after, None, False)
        whole = self._lived(self._policy)
        effects = {one.kpi: whole[one.kpi].mean - figures[one.kpi].mean for one in self._goals.objectives}
        return ChangedLever(address, before, after, effects, self._goals.is_feasible(figures, SEARCH_CAUTION))
