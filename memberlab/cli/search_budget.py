"""What `memberlab optimize --budget` takes: a budget by its name, or a number of simulations.

Serves the strategist who knows how long the machine may work, and not how search, race and hold-out should share it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from memberlab.optimize import BudgetName

NAMES: tuple[BudgetName, ...] = ("quick", "standard", "thorough")


class SearchBudget(click.ParamType["BudgetName | int"]):
    """One of the names, or simulations: policies times the populations that each meets in every scenario."""

    name = "budget"

    def convert(self, value: str | int, param: click.Parameter | None, ctx: click.Context | None) -> BudgetName | int:
        """Return the name or the number; anything else is a fault of the line."""
        for name in NAMES:
            if value == name:
                return name
        try:
            simulations = int(str(value).replace(",", "").replace("_", ""))
        except ValueError:
            self.fail(f"{value!r} is neither {', '.join(NAMES)} nor a number of simulations, such as 800", param, ctx)
        from memberlab.optimize import shares_of

        try:
            shares_of(simulations)
        except ValueError as fault:
            self.fail(str(fault), param, ctx)
        return simulations

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """Return the names that begin so."""
        from click.shell_completion import CompletionItem

        return [CompletionItem(name) for name in NAMES if name.startswith(incomplete)]
