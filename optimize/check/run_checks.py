"""A whole check: identities on every life, ledgers bit by bit, outcomes by their margins, claims.

Serves `memberlab check` and the pytest plugin. Small worlds come first, because they are quick and tell what cannot
have changed: where policy, scenario and model are what they were and the ledgers are equal, nothing more is lived.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field

from memberlab.policies import Policy, differences
from memberlab.results import KPIS, margin_bridge
from memberlab.sim import calendar_of

from ..execution import Progress, SerialExecutor
from .baseline import Baseline, fail_if_foreign, sources_changed
from .checks_plan import CheckedWorld, ChecksPlan, ClaimCell
from .claims_tier import try_claim
from .decision import CheckVerdict, decide_pairs
from .judged import BridgeShift, BrokenLife, Checked, CheckTier, ClaimFound, DigestCell, PairedCell
from .lived import CheckLives, LifeAsked, day_after_months, small_world
from .never_failing import claim_notices, fail_if_margins_are_all, margin_notices

Named = Callable[[str], bool]


def run_checks(
    plan: ChecksPlan,
    baseline: Baseline | None,
    tier: CheckTier = "full",
    *,
    strict: bool = False,
    only: Sequence[str] = (),
    across_versions: bool = False,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> Checked:
    """Return what a check finds. The tiers `digest`, `paired` and `full` need a `baseline`.

    `only` are names of cells, such as `gold/recession`, `gold/recession/margin` or `claims.2`, beside which nothing is
    tried; the error budget remains that of the whole, so that a cell asked for again is judged as before. Raises
    BaselineError as `fail_if_foreign` does, and ValueError without a baseline where one is needed.
    """
    started = time.monotonic()
    if baseline is None and tier not in ("invariants", "claims"):
        raise ValueError(f"the tier {tier} needs a baseline")
    if baseline is not None and tier not in ("invariants", "claims"):
        fail_if_foreign(baseline, plan, across_versions=across_versions)
        if tier != "digest":
            fail_if_margins_are_all(plan, baseline)
    run = _Run(
        plan, baseline, Checked(plan, tier, strict), CheckLives(executor or SerialExecutor(), progress), tuple(only)
    )
    if tier in ("invariants", "digest", "full", "paired"):
        run.live_small_worlds(hold_against_baseline=tier != "invariants")
    if tier in ("paired", "full") and not any(run.small.broken()):
        run.pair()
    if tier in ("claims", "full") and not any(run.small.broken()):
        run.try_claims()
    return run.close(time.monotonic() - started)


@dataclass
class _Run:
    plan: ChecksPlan
    baseline: Baseline | None
    checked: Checked
    lives: CheckLives
    only: tuple[str, ...]
    small: CheckLives = field(init=False)

    def __post_init__(self) -> None:
        self.small = CheckLives(self.lives.executor, self.lives.progress)
        if self.baseline is not None:
            self.checked.reason = str(self.baseline.manifest["reason"])

    def is_asked(self, name: str) -> bool:
        """Return whether a cell, or a part of it, was asked for."""
        return not self.only or any(
            f"{name}/".startswith(f"{one}/") or f"{one}/".startswith(f"{name}/") for one in self.only
        )

    def arms(self) -> list[tuple[CheckedWorld, Policy]]:
        """Return every world and policy asked for."""
        return [
            (world, policy)
            for world in self.plan.worlds
            for policy in self.plan.policies
            if self.is_asked(f"{policy.name}/{world.name}")
        ]

    def live_small_worlds(self, *, hold_against_baseline: bool) -> None:
        """Live the small worlds, whose identities are checked, and hold their ledgers against the baseline's."""
        ledgers = live_ledgers(self.plan, self.arms(), self.small)
        if self.baseline is None or not hold_against_baseline:
            return
        for (world, policy), now in ledgers.items():
            before = tuple(self.baseline.ledgers(policy, world))
            same = self.baseline.has_same_documents(self.plan, policy, world)
            verdict = "new" if not before else "equal" if before == now else "changed"
            self.checked.digests.append(DigestCell(policy, world, verdict, same, now, before))  # type: ignore[arg-type]
            if not before:
                self.checked.missing.append(f"{policy}/{world}")

    def pair(self) -> None:
        """Hold every key figure against the baseline; replications are doubled while a cell is open."""
        baseline = self.baseline
        if baseline is None:
            return
        same_model = not sources_changed(baseline)
        by_name = {(one.policy, one.world): one for one in self.checked.digests}
        decided: dict[str, PairedCell] = {}
        waiting: list[tuple[CheckedWorld, Policy, str]] = []
        for world, policy in self.arms():
            digest = by_name[policy.name, world.name]
            for kpi, tolerance in self.plan.checks.margins.items():
                name = f"{policy.name}/{world.name}/{kpi}"
                if digest.verdict == "new" or not self.is_asked(name):
                    continue
                if digest.verdict == "equal" and digest.same_documents and same_model:
                    before = float(baseline.figures(policy.name, world.name, kpi).mean())
                    decided[name] = PairedCell(policy.name, world.name, kpi, tolerance, None, before)
                else:
                    waiting.append((world, policy, kpi))
        order = [*decided, *(f"{policy.name}/{world.name}/{kpi}" for world, policy, kpi in waiting)]
        for size in self.plan.looks:
            self.lives.live(
                (world, LifeAsked(policy), number) for world, policy, _ in waiting for number in range(size)
            )
            if any(self.lives.broken()):
                return
            for world, policy, kpi in waiting:
                cell = self._paired(world, policy, kpi, size)
                decided[cell.name] = cell
            waiting = [
                (world, policy, kpi)
                for world, policy, kpi in waiting
                if decided[f"{policy.name}/{world.name}/{kpi}"].verdict is CheckVerdict.INCONCLUSIVE
            ]
        self.checked.paired = [decided[name] for name in order]

    def _paired(self, world: CheckedWorld, policy: Policy, kpi: str, size: int) -> PairedCell:
        assert self.baseline is not None
        tolerance = self.plan.checks.margins[kpi]
        stored = self.baseline.figures(policy.name, world.name, kpi)
        old, new = stored[:size], self.lives.figures(world.name, policy.name, kpi, size)
        least = 1e-6 if KPIS[kpi].unit == "share" else 1.0
        margin = max(tolerance.size(KPIS[kpi], float(stored.mean())), least)
        decision = decide_pairs((new, old), margin, self.plan.budget)
        return PairedCell(policy.name, world.name, kpi, tolerance, decision, float(old.mean()), (new, old))

    def try_claims(self) -> None:
        """Try every claim; replications are doubled while one is open."""
        policies = {policy.name: policy for policy in self.plan.policies}
        waiting = [cell for cell in self.plan.claims if self.is_asked(cell.name)]
        found: dict[int, ClaimFound] = {}
        places = {id(cell): place for place, cell in enumerate(waiting)}
        for size in self.plan.looks:
            self.lives.live(
                (cell.world, LifeAsked(policies[name], until_day(cell)), number)
                for cell in waiting
                for name in (cell.statement.policy, cell.statement.against)
                if name is not None
                for number in range(size)
            )
            if any(self.lives.broken()):
                return
            for cell in waiting:
                found[places[id(cell)]] = self._claim(cell, size)
            waiting = [cell for cell in waiting if found[places[id(cell)]].verdict is CheckVerdict.INCONCLUSIVE]
        self.checked.claims = [found[place] for place in sorted(found)]
        self.checked.notices += claim_notices(self.checked.claims, self.plan.file.name)

    def _claim(self, cell: ClaimCell, size: int) -> ClaimFound:
        statement, until = cell.statement, until_day(cell)
        figures = self.lives.figures(cell.world.name, statement.policy, statement.kpi, size, until)
        others = None
        if statement.against is not None:
            others = self.lives.figures(cell.world.name, statement.against, statement.kpi, size, until)
        return try_claim(cell, figures, others, self.plan.budget)

    def close(self, seconds: float) -> Checked:
        """Return what was found, with what explains it."""
        checked = self.checked
        for lives, is_small in ((self.small, True), (self.lives, False)):
            checked.lives += len(lives.found)
            checked.identities += sum(one.identities for one in lives.found.values())
            checked.broken += [
                BrokenLife(policy, world, replication, fault, is_small)
                for (world, policy, _, replication), fault in lives.broken()
            ]
        if self.baseline is not None and checked.tier not in ("invariants", "claims"):
            checked.differences = policy_differences(self.plan, self.baseline)
            checked.notices += notices(self.plan, self.baseline)
            if checked.tier != "digest":
                checked.notices += margin_notices(self.plan, self.baseline)
            if not checked.broken:
                checked.bridges = self._bridges(self.baseline)
        checked.seconds = seconds
        return checked

    def _bridges(self, baseline: Baseline) -> list[BridgeShift]:
        moved = dict.fromkeys((one.policy, one.world) for one in self.checked.paired if one.has_moved)
        count, shifts = baseline.bridge_replications, []
        for policy, world in moved:
            lived = [self.lives.found.get((world, policy, None, number)) for number in range(count)]
            before = baseline.bridges.get((policy, world))
            if before is None or any(life is None for life in lived):
                continue
            names = [*dict.fromkeys(name for life in lived if life is not None for name in life.bridge)]
            now = {name: sum(life.bridge[name] for life in lived if life is not None) for name in names}
            then = {name: before.get(name, 0) for name in names}
            shifts.append(BridgeShift(policy, world, margin_bridge(then), margin_bridge(now), count))
        return shifts


def until_day(cell: ClaimCell) -> int | None:
    """Return the day of the world's calendar after the last that counts for a claim; None for the horizon's end."""
    if cell.claim.until is None:
        return None
    return (cell.claim.until - calendar_of(cell.world.scenario).start).days + 1


def live_ledgers(
    plan: ChecksPlan, arms: Sequence[tuple[CheckedWorld, Policy]], lives: CheckLives
) -> dict[tuple[str, str], tuple[str, ...]]:
    """Return the digests of the small worlds' ledgers by world and policy, one a replication; `lives` keeps them."""
    asked = plan.checks.digest_worlds
    small = {world.name: small_world(world, asked.shoppers) for world in plan.worlds}
    ends = {name: day_after_months(world.scenario, asked.months) for name, world in small.items()}
    lives.live(
        (small[world.name], LifeAsked(policy, ends[world.name]), number)
        for world, policy in arms
        for number in range(asked.replications)
    )
    return {
        (world.name, policy.name): tuple(
            lives.found[world.name, policy.name, ends[world.name], number].ledger
            for number in range(asked.replications)
        )
        for world, policy in arms
    }


def policy_differences(plan: ChecksPlan, baseline: Baseline) -> dict[str, list[str]]:
    """Return in words what each policy says otherwise than in the baseline, by name."""
    found = {}
    for policy in plan.policies:
        before = baseline.policies.get(policy.name)
        if before is not None and (told := [str(one) for one in differences(before, policy)]):
            found[policy.name] = told
    return found


def notices(plan: ChecksPlan, baseline: Baseline) -> list[str]:
    """Return what is worth knowing beside the verdicts, a sentence each."""
    told = [f"the baseline is of another version of the model: {one}" for one in sources_changed(baseline)]
    names = {policy.name for policy in plan.policies}
    told += [f"{name} is in the baseline and no longer in {plan.file.name}; nothing checks it"
             for name in baseline.manifest["policies"] if name not in names]  # fmt: skip
    worlds = {world.name for world in plan.worlds}
    told += [f"the scenario {name} is in the baseline and no longer in {plan.file.name}; nothing is checked in it"
             for name in baseline.manifest["worlds"] if name not in worlds]  # fmt: skip
    return told
