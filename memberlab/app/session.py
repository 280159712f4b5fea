"""What one browser tab has chosen and seen: worlds, levers, figures, pins. No tab sees another's.

Serves the page, which shows a session and tells it what the user does; knows nothing of NiceGUI. A wrong value changes
nothing but the message beside its lever: the last good variant and its figures stay.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from memberlab.optimize import apply_levers
from memberlab.policies import (
    Difference,
    DocumentError,
    Finding,
    Policy,
    Problem,
    differences,
    lint,
    load_policy,
    policy_names,
    policy_path,
)
from memberlab.scenarios import (
    Population,
    Scenario,
    currency_problem,
    customers_of,
    fail_if_incumbent_does_not_fit,
    load_scenario,
)
from memberlab.sim import fail_if_migration_does_not_fit, fail_if_policy_does_not_fit, scenario_findings

from .shown import Shown, shown_full, shown_preview

if TYPE_CHECKING:
    from memberlab.optimize import FullComparison, PairedFigures

FIRST_POLICY, FIRST_SCENARIO = "four-tiers-simple", "baseline"
MOST_PINS = 12
OWN_INCUMBENT = ""
"""Choice of the incumbent that a scenario names."""


@dataclass(frozen=True, slots=True)
class World:
    """A scenario and the policy that its members live under today."""

    scenario: Scenario
    incumbent: Policy
    population: Population | None = None
    """Replaces the scenario's own."""


@dataclass(frozen=True, slots=True)
class Pin:
    """A variant kept for comparison, with the figures that it had when it was kept."""

    name: str
    policy: Policy
    world: World
    shown: Shown


@dataclass
class Session:
    """The state of one tab. Methods that change what is shown raise DocumentError before they change anything."""

    scenario: Scenario = field(default_factory=lambda: load_scenario(FIRST_SCENARIO))
    start: Policy = field(default_factory=lambda: load_policy(FIRST_POLICY))
    """The policy whose levers are shown, as it was loaded."""
    held_against: Policy | None = None
    """Replaces the scenario's own incumbent."""
    population: Population | None = None
    """Replaces the scenario's own."""
    changes: dict[str, object] = field(default_factory=dict[str, object])
    """What was moved since loading, by address, in file notation; None leaves a key out."""
    text: str = ""
    """The YAML in which the policy in the levers was written, with its comments; empty: as it is written anew."""
    faults: dict[str, str] = field(default_factory=dict[str, str])
    """What is wrong with the values that were moved last, by address; empty key: the policy as a whole."""
    preview: PairedFigures | None = None
    full: FullComparison | None = None
    pins: list[Pin] = field(default_factory=list[Pin])
    own_policies: dict[str, Policy] = field(default_factory=dict[str, Policy])
    """Policies that this tab has uploaded or loaded from a search, by name."""
    own_texts: dict[str, str] = field(default_factory=dict[str, str])
    """The texts of uploaded policies by name."""
    own_scenarios: dict[str, Scenario] = field(default_factory=dict[str, Scenario])

    def __post_init__(self) -> None:
        self.variant = self.start
        self.text = self.text or shipped_text(self.start)

    @property
    def incumbent(self) -> Policy:
        """Return the policy that variants are held against."""
        return self.held_against or load_policy(self.scenario.incumbent)

    @property
    def world(self) -> World:
        """Return where the variant is tried."""
        return World(self.scenario, self.incumbent, self.population)

    @property
    def named_variant(self) -> Policy:
        """Return the variant under a name of its own."""
        return renamed(self.variant, self.incumbent, is_changed=self.is_changed)

    @property
    def is_changed(self) -> bool:
        """Return whether any lever stands elsewhere than where it was loaded."""
        return self.variant.digest() != self.start.digest()

    @property
    def shown(self) -> Shown | None:
        """Return the best figures of the variant that there are."""
        if self.full is not None:
            return shown_full(self.full)
        return None if self.preview is None else shown_preview(self.preview)

    def findings(self) -> list[Finding]:
        """Return what the linter finds about the variant, the gravest first."""
        found = [*lint(self.variant, customers_of(self.scenario)), *scenario_findings(self.variant, self.scenario)]
        return sorted(found, key=lambda finding: -finding.severity)

    def changed(self) -> list[Difference]:
        """Return in words what the variant changes of the incumbent."""
        return differences(self.incumbent, self.variant)

    def move(self, address: str, written: object) -> bool:
        """Set a lever; return whether the policy is valid, and so whether there is a new variant."""
        wanted = {**self.changes, address: written}
        if written == self.start.value_at(address):
            del wanted[address]
        self.changes = wanted
        try:
            variant = self.start.with_(wanted)
            fail_if_it_does_not_fit(variant, self.scenario, self.incumbent)
        except DocumentError as fault:
            self.faults = by_lever(fault, address)
            return False
        self.faults, self.variant = {}, variant
        self.forget_figures()
        return True

    def load(self, policy: Policy, text: str = "") -> None:
        """Take another policy into the levers, with the text in which it was written, if it is known."""
        fail_if_it_does_not_fit(policy, self.scenario, self.incumbent)
        self._take(self.scenario, policy, self.held_against)
        self.text = text or shipped_text(policy)

    def variant_text(self) -> str:
        """Return the variant as YAML, with the comments of the file that it came from."""
        policy = self.named_variant
        text, _ = apply_levers(self.text or self.start.to_yaml(), {**self.changes, "name": policy.name}, policy.name)
        return text

    def hold_against(self, policy: Policy | None) -> None:
        """Hold variants against another policy; None for the scenario's own incumbent."""
        incumbent = policy or load_policy(self.scenario.incumbent)
        fail_if_it_does_not_fit(self.variant, self.scenario, incumbent)
        self.held_against = policy
        self.forget_figures()

    def enter(self, scenario: Scenario) -> None:
        """Try the variant in another scenario, against its own incumbent unless another was chosen and fits there."""
        held = self.held_against
        if held is not None and currency_problem(held, scenario) is not None:
            held = None
        incumbent = held or load_policy(scenario.incumbent)
        if _in_another_currency(self.start, scenario):
            self._take(scenario, incumbent, held)
            self.population = None
            return
        fail_if_it_does_not_fit(self.variant, scenario, incumbent)
        self.scenario, self.held_against, self.population = scenario, held, None
        self.forget_figures()

    def go_to(
        self, scenario: Scenario, incumbent: Policy, policy: Policy, population: Population | None = None
    ) -> None:
        """Take scenario, incumbent and policy together, as a point of a search or a pin has them."""
        fail_if_it_does_not_fit(policy, scenario, incumbent)
        is_own = scenario.incumbent in policy_names() and load_policy(scenario.incumbent).digest() == incumbent.digest()
        self._take(scenario, policy, None if is_own else incumbent)
        self.population = population

    def pin(self, name: str = "") -> Pin:
        """Keep the variant with its figures. Raises ValueError where there are none yet, or too many pins."""
        shown = self.shown
        if shown is None:
            raise ValueError("there are no figures yet; wait for the preview")
        if len(self.pins) >= MOST_PINS:
            raise ValueError(f"{MOST_PINS} variants are pinned; remove one first")
        used = {pin.name for pin in self.pins}
        title = name or self.named_variant.name
        free = next(one for one in (title, *(f"{title} ({n})" for n in range(2, MOST_PINS + 2))) if one not in used)
        kept = Pin(free, self.variant, self.world, shown)
        self.pins = [*self.pins, kept]
        return kept

    def forget_figures(self) -> None:
        """Forget figures that are no longer the variant's."""
        self.full = None

    def _take(self, scenario: Scenario, policy: Policy, held_against: Policy | None) -> None:
        self.scenario, self.start, self.variant, self.held_against = scenario, policy, policy, held_against
        self.changes, self.faults, self.text = {}, {}, shipped_text(policy)
        self.forget_figures()


def shipped_text(policy: Policy) -> str:
    """Return the file of a policy that ships with memberlab; nothing for any other."""
    if policy.name not in policy_names() or load_policy(policy.name) != policy:
        return ""
    return Path(policy_path(policy.name)).read_text(encoding="utf-8")


def renamed(policy: Policy, incumbent: Policy, *, is_changed: bool) -> Policy:
    """Return the policy under another name if it was changed, or bears the incumbent's name and is not it."""
    if is_changed or (policy.name == incumbent.name and policy.digest() != incumbent.digest()):
        return policy.with_({"name": f"{policy.name[:56].rstrip('-')}-what-if"})
    return policy


def fail_if_it_does_not_fit(policy: Policy, scenario: Scenario, incumbent: Policy) -> None:
    """Raise DocumentError where a policy cannot be tried in a scenario, or cannot take over from the incumbent."""
    if _in_another_currency(policy, scenario):
        raise DocumentError([Problem(
            policy.name, None, "currency", f"its amounts are in {policy.currency}, and {scenario.name} is in "
            f"{scenario.currency}; choose a scenario in {policy.currency}",
        )])  # fmt: skip
    fail_if_policy_does_not_fit(policy, scenario)
    fail_if_incumbent_does_not_fit(scenario, incumbent)
    if policy.digest() != incumbent.digest():
        fail_if_migration_does_not_fit(policy, incumbent)


def _in_another_currency(policy: Policy, scenario: Scenario) -> bool:
    return policy.currency is not None and policy.currency != scenario.currency


def by_lever(fault: DocumentError, moved: str) -> dict[str, str]:
    """Return the faults by address; what names no lever stands beside the one that was moved."""
    found: dict[str, str] = {}
    for problem in fault.problems:
        told = problem.message if problem.field in ("", moved) else f"{problem.field}: {problem.message}"
        found.setdefault(moved, told)
    return found
