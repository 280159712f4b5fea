"""Service by tier: how many asked the desk, how long they waited, and how often what was promised was kept.

Serves whoever staffs a desk or promises an answer in time. Figures come from the ledger, so they hold for all regions.
"""

from __future__ import annotations

from dataclasses import dataclass

from memberlab.sim import GUEST_STATE, Outcome


@dataclass(frozen=True, slots=True)
class ServiceLevel:
    """The desk as one tier met it; `tier` is `-` where there are no tiers, `all` for everybody together."""

    tier: str
    tickets: int
    answered: int
    promised: int
    """Answered tickets for which a time was promised."""
    in_time: int
    """Of these, answered within it."""
    wait_minutes: int
    """Of the answered tickets together."""

    @property
    def mean_wait(self) -> float:
        """Minutes until an answer, over the tickets answered; 0 where none was."""
        return self.wait_minutes / self.answered if self.answered else 0.0

    @property
    def kept(self) -> float | None:
        """Share of promises kept (0 to 1); None where nothing was promised."""
        return self.in_time / self.promised if self.promised else None


def service_levels(outcome: Outcome) -> tuple[ServiceLevel, ...]:
    """Return one row for each tier, lowest first, and one for all; nothing where nobody asked the desk.

    A ticket counts where the shopper stood when it was written, its answer where the shopper stands by then; a first
    order's counts in the lowest tier.
    """
    if outcome.total("tickets") == 0:
        return ()
    names = list(outcome.policy.tiers) or ["-"]
    states = [(name, [2 * level, 2 * level + 1]) for level, name in enumerate(names)]
    states[0][1].append(GUEST_STATE)
    everybody = list(range(outcome.ledger.shape[1]))
    return tuple(_level(outcome, name, part) for name, part in [*states, ("all", everybody)])


def _level(outcome: Outcome, name: str, states: list[int]) -> ServiceLevel:
    measures = ("tickets", "tickets_answered", "tickets_promised", "tickets_in_time", "wait_minutes")
    return ServiceLevel(name, *(int(outcome.ledger[measure][:, states].sum()) for measure in measures))
