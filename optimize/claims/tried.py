"""Trying the claims: each programme and its control lived from one warm-up, and what the claimed comparison shows.

Serves `memberlab claims`. The warm-up knows no programme, so that the programme is launched into a market that never
had one; the placebo is the control under another name.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from memberlab.policies import DocumentError, Policy, Problem
from memberlab.results import Decomposition, decompose
from memberlab.scenarios import Population, Scenario
from memberlab.sim import fail_if_migration_does_not_fit, fail_if_policy_does_not_fit

from ..execution import Progress, SerialExecutor, working_folder
from ..lives import (
    LABEL_MONTHS,
    OUTCOME_MONTHS,
    Lives,
    WarmUp,
    merge_lives,
    prepare_warm_ups,
    replication_seeds,
    simulate_lives,
)
from .claims import CLAIMS, Claim, Label
from .programmes import control_of, programme_of

if TYPE_CHECKING:
    import pandas as pd

PLACEBO = "placebo"
RESERVE_SHARE = 5
"""One more shopper in reserve for so many of the population, where a claim is about bringing friends: assumed."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One claim under one programme: what is behind the difference, and behind that of a label which does nothing.

    A decomposition is None where one of the two groups is empty.
    """

    claim: Claim
    policy: Policy
    real: Decomposition | None
    placebo: Decomposition | None


@dataclass(frozen=True, slots=True)
class ClaimsTried:
    """All findings in one scenario, all replications together."""

    scenario: Scenario
    replications: int
    findings: tuple[Finding, ...]

    @property
    def table(self) -> pd.DataFrame:
        """Return one row a finding; lifts are relative to the others, 0.2 for +20 %, the causal one to the twins."""
        import pandas as pd

        return pd.DataFrame([_row(self.scenario, finding) for finding in self.findings])


@dataclass(frozen=True, slots=True)
class Trial:
    """A claim about a policy, in the market in which it is tried, and the policy of the market without it."""

    claim: Claim
    policy: Policy
    control: Policy
    scenario: Scenario


def try_claims(
    scenario: Scenario,
    policies: Sequence[Policy] = (),
    *,
    replications: int = 1,
    executor: Executor | None = None,
    population: Population | None = None,
    progress: Progress | None = None,
) -> ClaimsTried:
    """Return what each claim's comparison shows, with the built-in programmes or with `policies` that are given.

    A policy is tried with the claims about a benefit that it has. A horizon below two years becomes two years. Raises
    DocumentError when a policy fits no claim or not the scenario, ValueError for fewer than one replication.
    """
    if replications < 1:
        raise ValueError(f"replications ({replications}) must be at least 1")
    trials = trials_of(scenario, policies, population)
    workers = executor or SerialExecutor()
    with working_folder(executor) as folder:
        markets = Markets(workers, folder, population, replications)
        for trial in trials:
            for policy in (trial.policy, trial.control, placebo_of(trial.control)):
                markets.submit(trial.scenario, trial.control, policy)
        findings = []
        for done, trial in enumerate(trials, start=1):
            findings.append(_finding(trial, markets))
            if progress is not None:
                progress(done, len(trials))
    return ClaimsTried(scenario, replications, tuple(findings))


def trials_of(scenario: Scenario, policies: Sequence[Policy] = (), population: Population | None = None) -> list[Trial]:
    """Return what has to be tried, in the order of the claims. Raises DocumentError as `try_claims` does."""
    long_enough = scenario
    if scenario.horizon.months < LABEL_MONTHS + OUTCOME_MONTHS:
        long_enough = scenario.with_({"horizon.months": LABEL_MONTHS + OUTCOME_MONTHS})
    problems: list[Problem] = []
    for policy in policies:
        try:
            fail_if_policy_does_not_fit(policy, scenario)
            fail_if_migration_does_not_fit(policy, control_of(scenario, policy))
        except DocumentError as fault:
            problems.extend(fault.problems)
        if not any(is_about(claim, policy) for claim in CLAIMS):
            wanted = ", ".join(sorted({claim.section for claim in CLAIMS if claim.section}))
            problems.append(Problem(policy.name, None, "", f"no claim is about this policy; it has none of {wanted}"))
    if problems:
        raise DocumentError(tuple(problems))
    trials = []
    for claim in CLAIMS:
        world = _with_friends(long_enough) if claim.with_word_of_mouth else long_enough
        own = [policy for policy in policies if is_about(claim, policy)]
        for policy in own if policies else [programme_of(claim.programme, world, population)]:
            control = control_of(scenario, policy if policies else None)
            trials.append(Trial(claim, policy, control, world))
    return trials


def is_about(claim: Claim, policy: Policy) -> bool:
    """Return whether `policy` has the benefit that a claim is about; tiers must go by the spend of twelve months."""
    if claim.section is None or not getattr(policy, claim.section):
        return False
    return claim.section != "tiers" or policy.qualification is None


def placebo_of(control: Policy) -> Policy:
    """Return the programme that gives nothing: the control under another name."""
    return control.model_copy(update={"name": PLACEBO, "title": "A programme that gives nothing"})


def _with_friends(scenario: Scenario) -> Scenario:
    if scenario.word_of_mouth is not None:
        return scenario
    return scenario.with_({"word_of_mouth": {"reserve": max(1, scenario.population.shoppers // RESERVE_SHARE)}})


class Markets:
    """The lives under each policy in each market, every one lived once, whoever asks."""

    def __init__(self, executor: Executor, folder: Path, population: Population | None, replications: int) -> None:
        self._executor, self._folder, self._population = executor, folder, population
        self._replications = replications
        self._warm_ups: dict[tuple[str, str], tuple[WarmUp, ...]] = {}
        self._pending: dict[tuple[str, str, str, str], list[list[Future[Lives]]]] = {}

    def submit(self, scenario: Scenario, control: Policy, policy: Policy) -> None:
        """Let a policy be lived in a market that had `control` until then, unless it has been."""
        address = self._address(scenario, control, policy)
        if address in self._pending:
            return
        market = address[:2]
        if market not in self._warm_ups:
            seeds = replication_seeds(scenario, self._replications)
            self._warm_ups[market] = prepare_warm_ups(
                self._executor, self._folder, scenario, seeds, incumbent=control, population=self._population
            )
        self._pending[address] = [
            [self._executor.submit(simulate_lives, path, policy) for path in warm_up.snapshots]
            for warm_up in self._warm_ups[market]
        ]

    def lives(self, scenario: Scenario, control: Policy, policy: Policy) -> list[Lives]:
        """Return the lives of each replication, its regions in order."""
        pending = self._pending[self._address(scenario, control, policy)]
        return [merge_lives([region.result() for region in regions]) for regions in pending]

    @staticmethod
    def _address(scenario: Scenario, control: Policy, policy: Policy) -> tuple[str, str, str, str]:
        return scenario.digest(), control.digest(), policy.digest(), policy.name


def _finding(trial: Trial, markets: Markets) -> Finding:
    claim = trial.claim
    lived = markets.lives(trial.scenario, trial.control, trial.policy)
    twins = markets.lives(trial.scenario, trial.control, trial.control)
    in_vain = markets.lives(trial.scenario, trial.control, placebo_of(trial.control))
    return Finding(
        claim,
        trial.policy,
        decomposition_of(claim, claim.label, trial.policy, lived, twins),
        decomposition_of(claim, claim.placebo, trial.policy, in_vain, twins),
    )


def decomposition_of(
    claim: Claim, label: Label, policy: Policy, lived: Sequence[Lives], twins: Sequence[Lives]
) -> Decomposition | None:
    """Return what is behind a claim's difference by `label`; both labels and who is compared are told from `lived`.

    Each replication is a market of its own in which labels are given. None where nobody, or everybody, has the label.
    """
    labelled, outcomes, without = [], [], []
    for one, other in zip(lived, twins, strict=True):
        among = claim.among.rule(one, policy)
        labelled.append(label.rule(one, policy)[among])
        outcomes.append(claim.outcome.of(one)[among])
        without.append(claim.outcome.of(other)[among])
    marks = np.concatenate(labelled)
    if not 0 < marks.sum() < len(marks):
        return None
    are_same = all(one.are_those_of(other) for one, other in zip(lived, twins, strict=True))
    return decompose(marks, np.concatenate(outcomes), np.concatenate(without), are_same=are_same)


def _row(scenario: Scenario, finding: Finding) -> dict[str, object]:
    claim, real, placebo = finding.claim, finding.real, finding.placebo
    low, high = (real and real.causal_interval) or (None, None)
    return {
        "scenario": scenario.name, "claim": claim.name, "says": claim.says, "policy": finding.policy.name,
        "among": claim.among.words, "label": claim.label.words, "outcome": claim.outcome.words,
        "placebo_label": claim.placebo.words, "labelled": real and real.labelled, "others": real and real.others,
        "quoted": claim.quoted, "naive": real and real.naive_lift, "effect_part": real and real.effect_part,
        "selection_part": real and real.selection_lift, "spill_over_part": real and real.spill_over_part,
        "causal": real and real.causal_lift, "causal_low": low, "causal_high": high,
        "causal_on_all": real and real.lift_of_all, "placebo_naive": placebo and placebo.naive_lift,
        "placebo_causal": placebo and placebo.causal_lift,
    }  # fmt: skip
