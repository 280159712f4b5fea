"""The plan of a search, read back from the copies in its folder, wherever its own files have gone.

Serves whoever wants to know what a folder's search did, such as the export to other tools.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from memberlab.policies import DocumentError, Problem, load_model_text, load_policy
from memberlab.scenarios import load_population, load_scenario

from ..execution import identity_of, model_version
from ..ledger import LEDGER_FILE, EvaluationLedger, Identity, copied, fail_if_damaged
from ..study import Plan, Study
from .folder import LEDGER_NOTE, PLAN_FILE, noted, place_of


def plan_in(folder: Path) -> Plan:
    """Return the plan whose search is in `folder`.

    Raises DocumentError when there is none, or when its copies are not as the search left them.
    """
    found = _identity_in(folder)
    if found["model"] != model_version():
        raise _refusal(
            folder,
            f"was made by {found['model']}, and this is {model_version()}; read it with the version that made it",
        )
    try:
        written = json.loads((folder / PLAN_FILE).read_text(encoding="utf-8"))
        study = load_model_text(Study, written["study"], str(folder / PLAN_FILE))
        worlds = [(str(world["scenario"]), str(world["population"])) for world in written["worlds"]]
    except (OSError, ValueError, KeyError, TypeError) as fault:
        if isinstance(fault, DocumentError):
            raise
        raise _refusal(folder / PLAN_FILE, "cannot be read; the search's own command writes it anew") from None
    parts = [float(use.weight) for use in study.scenarios]
    plan = Plan(
        study=study,
        file=folder / PLAN_FILE,
        incumbent=load_policy(folder / "incumbent-policy.yaml"),
        scenarios=tuple(load_scenario(folder / f"scenario-{scenario}.yaml") for scenario, _ in worlds),
        weights=tuple(part / sum(parts) for part in parts),
        populations=tuple(load_population(folder / f"population-{population}.yaml") for _, population in worlds),
    )
    if plan.digest() != found["study"]:
        raise _refusal(folder, "a copy in it has changed since the search; the search's own command writes them anew")
    return plan


@contextmanager
def recorded_ledger(folder: Path, plan: Plan, server: str | None = None) -> Iterator[EvaluationLedger]:
    """Give the ledger of the search in `folder` for reading, also while the search goes on.

    A file is read in a copy; a server may need its address with all that it takes to sign in. Raises DocumentError when
    the ledger is damaged or out of reach.
    """
    identity = Identity(plan.study.name, plan.digest(), model_version())
    if (folder / LEDGER_FILE).exists():
        place = place_of(folder, None)
    else:
        place = place_of(folder, server or noted(folder / LEDGER_NOTE)["ledger"])
    if isinstance(place, str):
        with EvaluationLedger(place, identity) as ledger:
            yield ledger
        return
    fail_if_damaged(place)
    with copied(place) as copy, EvaluationLedger(copy, identity) as ledger:
        yield ledger


def _identity_in(folder: Path) -> dict[str, str]:
    """Return what the ledger of a folder says of itself."""
    if (folder / LEDGER_FILE).is_file():
        found = identity_of(folder / LEDGER_FILE)
    elif (folder / LEDGER_NOTE).is_file():
        found = noted(folder / LEDGER_NOTE)
    else:
        raise _refusal(
            folder, "holds no search of memberlab; name the folder that `memberlab optimize` wrote with --out"
        )
    return {"model": "an unknown version", "study": "", **found}


def _refusal(path: Path, message: str) -> DocumentError:
    return DocumentError([Problem(str(path), None, "", message)])
