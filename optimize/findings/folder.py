"""The folder of a study: claimed for one study, filled while the search runs, completed with the results.

Serves the command line. A folder that holds anything else is never touched; results are written beside it and moved in
whole, the manifest last.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from memberlab.policies import DocumentError, Policy, Problem
from memberlab.results import write_manifest

from ..execution import model_version
from ..ledger import (
    LEDGER_FILE,
    PATIENCE,
    EvaluationLedger,
    Identity,
    fail_if_another,
    fail_if_of_another_study,
    server_name,
)
from ..study import Plan
from ..verdict import Verdict, trade_off_table, unmet
from .pictures import draw_pictures
from .policies import differences_text, explained_text, policy_text, simplest_said
from .report import report
from .result_digest import result_digest
from .study_run import StudyResult
from .summary import named
from .verdict_tables import study_tables

STUDY_COPY = "study.yaml"
LEDGER_NOTE = "ledger.json"
"""Says whose search a folder holds when its evaluations are on a server."""
PLAN_FILE = "plan.json"
"""Holds the study as it was searched, and which of the copied scenarios and populations belong together."""
RECOMMENDED = "recommended-policy.yaml"
TRADE_OFF = "best-trade-off-policy.yaml"
SIMPLEST = "simplest-policy.yaml"
NEAREST = "nearest-policy.yaml"
TRADE_OFFS = "trade-offs.csv"


@contextmanager
def open_study_folder(
    folder: Path,
    plan: Plan,
    *,
    server: str | None = None,
    patience: float = PATIENCE,
    tell: Callable[[str], object] | None = None,
) -> Iterator[EvaluationLedger]:
    """Claim `folder` for the plan, new or as an earlier call left it, and give its ledger.

    Evaluations are kept in the folder, or on a `server` (`postgresql://user@host/database`); one that goes away is
    tried again for `patience` seconds, which `tell` is told.
    Raises DocumentError, and touches nothing, when the folder holds anything else or cannot be written, or the ledger
    cannot be used.
    """
    identity = Identity(plan.study.name, plan.digest(), model_version())
    fail_if_not_claimable(folder, identity)
    place = place_of(folder, server)
    made = not folder.exists()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        ledger = EvaluationLedger(place, identity, patience=patience, tell=tell)
    except OSError as error:
        raise _refusal(folder, f"cannot be written: {error.strerror or error}") from None
    except DocumentError:
        if made:
            folder.rmdir()
        raise
    with ledger:
        if isinstance(place, str):
            note = {**identity.content(), "ledger": server_name(place)}
            write_whole(folder / LEDGER_NOTE, (json.dumps(note, indent=2) + "\n").encode())
        _write_inputs(folder, plan)
        yield ledger


def place_of(folder: Path, server: str | None) -> Path | str:
    """Return where the evaluations of a study's folder are kept: its file, or the address of a server.

    Raises DocumentError where a `server` is given and the folder keeps them elsewhere, or none and it needs one.
    """
    file, note = folder / LEDGER_FILE, folder / LEDGER_NOTE
    if server is None:
        if not note.exists() or file.exists():
            return file
        known = noted(note)["ledger"]
        raise _refusal(folder, f"keeps its evaluations on {known}; say so again with --ledger {known}")
    name = server_name(server)
    if file.exists():
        raise _refusal(folder, f"keeps its evaluations in {LEDGER_FILE}, not on {name}; leave out --ledger, "
                       "unset MEMBERLAB_LEDGER, or name another folder")  # fmt: skip
    known = noted(note)["ledger"] if note.exists() else name
    if known != name:
        raise _refusal(folder, f"keeps its evaluations on {known}, not on {name}; name another folder")
    return server


def noted(note: Path) -> dict[str, str]:
    """Return what a folder notes of its ledger on a server. Raises DocumentError for a note that is none."""
    try:
        read = json.loads(note.read_text(encoding="utf-8"))
        return {key: str(read[key]) for key in ("format", "name", "study", "model", "ledger")}
    except (OSError, ValueError, KeyError, TypeError):
        raise _refusal(
            note, "is damaged; search again in another folder, where what the server holds is not redone"
        ) from None


def fail_if_not_claimable(folder: Path, identity: Identity) -> None:
    """Raise DocumentError when `folder` is a file, or holds anything but this study's search."""
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise _refusal(folder, "is a file; name a folder that does not exist yet")
    try:
        if not folder.exists() or not any(folder.iterdir()):
            return
    except OSError as error:
        raise _refusal(folder, f"cannot be read: {error.strerror or error}") from None
    if (folder / LEDGER_FILE).is_file():
        fail_if_of_another_study(folder / LEDGER_FILE, identity)
    elif (folder / LEDGER_NOTE).is_file():
        fail_if_another(noted(folder / LEDGER_NOTE), identity, folder / LEDGER_NOTE)
    else:
        raise _refusal(folder, "holds files that are no study of memberlab; name a folder that does not exist yet")


def _write_inputs(folder: Path, plan: Plan) -> None:
    """Keep copies of everything that the study names."""
    write_whole(folder / STUDY_COPY, plan.file.read_bytes() if plan.text is None else plan.text.encode())
    worlds = [
        {"scenario": scenario.name, "population": population.name}
        for scenario, population in zip(plan.scenarios, plan.populations, strict=True)
    ]
    searched = {"study": plan.study.to_yaml(), "worlds": worlds}
    write_whole(folder / PLAN_FILE, (json.dumps(searched, indent=2) + "\n").encode())
    write_whole(folder / "incumbent-policy.yaml", plan.incumbent.to_yaml().encode())
    for scenario, population in zip(plan.scenarios, plan.populations, strict=True):
        write_whole(folder / f"scenario-{scenario.name}.yaml", scenario.to_yaml().encode())
        write_whole(folder / f"population-{population.name}.yaml", population.to_yaml().encode())


def write_whole(path: Path, content: bytes) -> None:
    """Write a file whole or not at all. Raises DocumentError when the disk refuses."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        temporary.write_bytes(content)
        temporary.replace(path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise _refusal(path, f"cannot be written: {error.strerror or error}") from None


def write_results(folder: Path, result: StudyResult, started: float) -> None:
    """Write policies, tables, pictures, report and manifest; `started` is time.time() at the start of the command."""
    fresh = folder / f".results.{os.getpid()}"
    try:
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir()
        _write_policies(fresh, result)
        _write_tables(fresh, result)
        draw_pictures(fresh, result)
        (fresh / "report.md").write_text(report(result), encoding="utf-8")
        _write_manifest(fresh, result, started)
        for name in (TRADE_OFF, SIMPLEST, NEAREST):
            if not (fresh / name).exists():
                for file in folder.glob(f"{Path(name).stem}*"):
                    file.unlink()
        for file in sorted(fresh.iterdir(), key=lambda file: file.name == "manifest.json"):
            file.replace(folder / file.name)
    except OSError as error:
        raise _refusal(folder, f"cannot be written: {error.strerror or error}") from None
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _write_policies(folder: Path, result: StudyResult) -> None:
    found, plan = result.recommendation, result.plan
    kept = found.verdict is Verdict.KEEP
    title = plan.incumbent.title if kept else f"Recommended by {plan.study.name}"
    _write_policy(folder / RECOMMENDED, result, found.chosen.confirmed.policy, named(result), title)
    if kept and found.trade_off is not None:
        policy = found.trade_off.confirmed.policy
        _write_policy(folder / TRADE_OFF, result, policy, policy.name, f"Best trade-off of {plan.study.name}")
    missed = unmet(result)
    if missed is not None and missed.nearest is not found.standings[0]:
        policy = missed.nearest.confirmed.policy
        _write_policy(folder / NEAREST, result, policy, policy.name, f"Nearest to the limits of {plan.study.name}")
    simplest = result.simplification.simplest
    if simplest is not None:
        title = f"Simplest policy as good, {plan.study.name}"
        _write_policy(
            folder / SIMPLEST, result, simplest.policy, simplest.policy.name, title, said=simplest_said(result)
        )


def _write_policy(
    file: Path, result: StudyResult, policy: Policy, name: str, title: str, *, said: list[str] | None = None
) -> None:
    """Write a policy with comments, and beside it what it changes and itself in words."""
    file.write_text(policy_text(result, policy, name, title, said=said), encoding="utf-8")
    changes = differences_text(result, policy, name)
    file.with_name(f"{file.stem}-changes.txt").write_text(changes, encoding="utf-8")
    words = explained_text(result, policy, name)
    file.with_name(f"{file.stem}-explained.md").write_text(words, encoding="utf-8")


def _write_tables(folder: Path, result: StudyResult) -> None:
    trade_off_table(result).to_csv(folder / TRADE_OFFS, index=False)
    for name, table in study_tables(result).items():
        table.to_csv(folder / f"{name}.csv", index=False)
        if name == "pareto":
            table.to_parquet(folder / f"{name}.parquet", index=False)


def _write_manifest(folder: Path, result: StudyResult, started: float) -> None:
    plan = result.plan
    write_manifest(
        folder, started, kind="study", study=plan.study.name, study_digest=plan.digest(), model=model_version(),
        result_digest=result_digest(result),
        verdict=result.recommendation.verdict.name.lower(), policies_tried=len(result.tried), feasible=len(result.kept),
        seeds={"study": plan.study.seed, **{scenario.name: scenario.seed for scenario in plan.scenarios}},
        policies={one.confirmed.policy.name: one.confirmed.policy.digest() for one in result.recommendation.standings},
        scenarios={one.name: one.digest() for one in plan.scenarios},
        populations={one.name: one.digest() for one in plan.populations},
        seconds={stage: round(seconds, 1) for stage, seconds in result.seconds.items()},
    )  # fmt: skip


def _refusal(path: Path, message: str) -> DocumentError:
    return DocumentError([Problem(str(path), None, "", message)])
