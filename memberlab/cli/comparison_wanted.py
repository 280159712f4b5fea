"""What a comparison is to tell, how it is lived, and what identifies it when it is interrupted.

Serves `memberlab compare`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .options import Inputs
from .progress import work_bar
from .work_ahead import tell_what_lies_ahead, warn_of_small_workers
from .worker_options import Keeper

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from memberlab.optimize import Attribution, Comparison, Precision, Workers

REPLICATIONS, AT_MOST = 4, 64
"""Replications where none are asked for, and the most until a precision is reached."""


@dataclass(frozen=True)
class Wanted:
    """What is compared and how far it goes; `given_replications` is None where the command's own number holds."""

    inputs: Inputs
    given_replications: int | None
    weights: Mapping[str, float]
    until: tuple[Precision, ...]
    attribute: bool
    ensemble: bool
    break_even: bool
    books: bool
    tables: bool

    @property
    def replications(self) -> int:
        """Return the replications, of an ensemble one for each set of assumptions."""
        if self.ensemble:
            from memberlab.optimize import load_ensemble

            return len(load_ensemble())
        return self.given_replications or (AT_MOST if self.until else REPLICATIONS)

    def fail_if_not_comparable(self) -> None:
        """Raise DocumentError for policies that cannot be held against each other in these scenarios."""
        from memberlab.optimize import fail_if_not_comparable

        fail_if_not_comparable(self.inputs.policies, self.inputs.scenarios, self.inputs.incumbent)

    def question(self) -> dict[str, str]:
        """Return what is asked, for a comparison that can go on."""
        from memberlab.optimize import question

        inputs = self.inputs
        return question(
            inputs.policies, inputs.scenarios, inputs.incumbent, inputs.population, replications=self.replications,
            break_even=self.break_even or self.ensemble, attribute=self.attribute, ensemble=self.ensemble,
            weights=self.weights, until=[str(one) for one in self.until], tables=self.tables,
        )  # fmt: skip

    def live(self, workers: Workers, keeper: Keeper) -> tuple[Comparison, list[Attribution]]:
        """Live the comparison, and what its differences are made of if that is wanted."""
        from memberlab.optimize import WatchedExecutor, compare, load_ensemble, open_executor, work_of

        inputs = self.inputs
        ahead = work_of(inputs.policies, inputs.scenarios, self.replications, break_even=self.break_even)
        tell_what_lies_ahead(ahead, workers)
        with work_bar("comparing") as bar, open_executor(workers) as pool:
            warn_of_small_workers(ahead, pool)
            executor = WatchedExecutor(keeper.remembering(pool), ahead, bar)
            progress = keeper.heeding()
            result = compare(
                inputs.policies, inputs.scenarios, replications=self.replications, executor=executor,
                incumbent=inputs.incumbent, population=inputs.population, break_even=self.break_even,
                ensemble=load_ensemble() if self.ensemble else (), books=self.books, tables=self.tables,
                weights=self.weights, until=self.until, progress=progress,
            )  # fmt: skip
            split = attributions(result, inputs, executor, progress) if self.attribute else []
        return result, split


def attributions(
    result: Comparison, inputs: Inputs, executor: Executor, progress: Callable[[int, int], None]
) -> list[Attribution]:
    """Return what the differences of each policy from the first are made of, scenario by scenario."""
    from memberlab.optimize import attribute

    return [
        attribute(
            inputs.policies[0], arm.policy, arm.scenario, replications=result.replications, executor=executor,
            incumbent=inputs.incumbent, population=inputs.population, progress=progress,
        )
        for arm in result.arms
        if arm.policy is not inputs.policies[0]
    ]  # fmt: skip
