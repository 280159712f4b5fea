"""Report and workbook of a variant beside today's policy, as `compare --out` would leave them; for downloads.

Serves the page; works in a worker process, in a folder that is gone afterwards.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from memberlab.optimize import compare, write_comparison
from memberlab.policies import Policy, policy_names
from memberlab.results import read_books, statements_of, write_report, write_workbook
from memberlab.scenarios import Population, Scenario

LANGUAGES = ("en", "zh")


@dataclass(frozen=True, slots=True)
class Documents:
    """What can be taken away of one comparison: pages of HTML by language, and an Excel workbook."""

    reports: dict[str, bytes]
    workbook: bytes


def documents_of(
    progress: Callable[[int, int], None], incumbent: Policy, variant: Policy, scenario: Scenario,
    population: Population | None, replications: int,
) -> Documents:  # fmt: skip
    """Return the documents of a comparison that is lived for them, with books and tables."""
    if variant.name == incumbent.name:
        variant = variant.with_({"name": f"{variant.name[:56]}-variant"})
    started = time.time()
    result = compare(
        [incumbent, variant], [scenario], incumbent=incumbent, population=population, replications=replications,
        break_even=True, books=True, tables=True, progress=progress,
    )  # fmt: skip
    # The manifest tells the command that repeats the comparison; the page itself was started by another.
    command = command_of(incumbent, variant, scenario, replications)
    with tempfile.TemporaryDirectory(prefix="memberlab-page-") as place:
        folder = Path(place) / "comparison"
        write_comparison(
            folder, result, started=started, incumbent=incumbent, population=population, command=command
        )  # fmt: skip
        reports = {one: write_report(folder, one).read_bytes() for one in LANGUAGES}
        books = read_books(folder, variant.name, scenario.name)
        file = Path(place) / "workbook.xlsx"
        write_workbook(file, books, statements_of(books, None), scenario)
        return Documents(reports, file.read_bytes())


def command_of(incumbent: Policy, variant: Policy, scenario: Scenario, replications: int) -> list[str]:
    """Return the command that lives the same comparison, with the downloaded policy beside it."""
    named = [one.name if one.name in policy_names() else f"{one.name}.yaml" for one in (incumbent, variant)]
    words = ["memberlab", "compare", *named, "--scenario", scenario.name, "--incumbent", named[0]]
    return [*words, "--shoppers", str(scenario.population.shoppers), "--replications", str(replications)]
