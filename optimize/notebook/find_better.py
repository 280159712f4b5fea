"""A search for a better policy in one call: the policy, the scenarios, and what may change.

Serves notebooks; a study in a file can say more.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from pathlib import Path

from memberlab.policies import Document, Policy, model_from
from memberlab.scenarios import Population, Scenario, load_population

from ..execution import SerialExecutor
from ..findings import StageProgress, StudyResult, open_study_folder, run_study
from ..study import Lever, Plan, Study, draft_levers

Range = tuple[object, object, object]
"""Low, high and step in the notation of the policy: `("2 %", "6 %", "1 %")`."""


def find_better(
    policy: Policy,
    scenarios: Sequence[Scenario],
    levers: Mapping[str, Range | Lever] | Sequence[str],
    *,
    maximise: Sequence[str] = ("gmv", "retention", "margin"),
    policies: int = 200,
    replications: int = 8,
    population: Population | None = None,
    folder: Path | None = None,
    executor: Executor | None = None,
    progress: StageProgress | None = None,
    reactions: bool = False,
) -> StudyResult:
    """Return what a search over `levers` finds: ranges by address, or addresses whose ranges are drafted.

    `policies` are tried; the best race on fresh populations and are confirmed on `replications` held out. With a
    `folder` everything finished is kept there, and the same call goes on from it. Raises DocumentError with every
    fault.
    """
    chosen = _levers(policy, levers)
    study = model_from(Study, Document(f"search of {policy.name}", {
        "name": f"{policy.name[:57]}-search", "policy": policy.name, "scenarios": [one.name for one in scenarios],
        "levers": chosen, "objectives": dict.fromkeys(maximise, "maximise"),
        "search": {"policies": policies, "replications": 2},
        "race": {"shortlist": min(20, max(2, policies // 5)), "start": min(4, replications),
                 "replications": min(4, replications)},
        "confirmation": {"shortlist": min(8, max(2, policies // 5)), "replications": replications},
    }, {}))  # fmt: skip
    people = tuple(population or load_population(one.population.source) for one in scenarios)
    plan = Plan(study, Path("search.yaml"), policy, tuple(scenarios), tuple(1 / len(scenarios) for _ in scenarios),
                people, text=study.to_yaml())  # fmt: skip
    with tempfile.TemporaryDirectory(prefix="memberlab-search-") as temporary:
        place = folder or Path(temporary) / "search"
        with open_study_folder(place, plan) as ledger:
            return run_study(plan, ledger, place, executor or SerialExecutor(), progress=progress, reactions=reactions)


def _levers(policy: Policy, levers: Mapping[str, Range | Lever] | Sequence[str]) -> dict[str, object]:
    if not isinstance(levers, Mapping):
        for address in levers:
            policy.value_at(address)  # raises for an unknown one
        return dict(draft_levers(policy, levers))
    return {
        address: one if isinstance(one, Lever) else dict(zip(("low", "high", "step"), one, strict=True))
        for address, one in levers.items()
    }
