"""What an interrupted run leaves: a folder beside that of the run, from which the same question goes on.

Serves every command with `--resume`. The folder is called `<name>.partial` and never looks like a run; it is gone when
the run is written. It says what was asked, and another question is refused with what differs.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from memberlab.policies import Policy
from memberlab.scenarios import Population, Scenario

from .finished_work import FILES, FINISHED_FILE, TABLES, FinishedWork
from .ledger_file import identity_of, make_ledger, refusal
from .model_version import model_version

FORMAT = "1"
DIGEST = re.compile(r"[0-9a-f]{40,}( .*)?")


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A run that is under way, and what is finished of it."""

    folder: Path
    finished: FinishedWork

    @property
    def files(self) -> Path:
        """Return the folder for warm-ups."""
        return self.folder / FILES


def partial_folder(out: Path) -> Path:
    """Return where an interrupted run of `out` is kept."""
    absolute = out.absolute()
    return absolute.with_name(f"{absolute.name}.partial")


@contextmanager
def unfinished_run(
    out: Path, asked: Mapping[str, str], *, resume: bool = False, anew: bool = False
) -> Iterator[Unfinished]:
    """Give a run that can be interrupted; what it has finished outlives the block unless the block ends well.

    `asked` says in words what was asked, by a digest or value each, the version of memberlab among them. With `resume`
    an interrupted run goes on; `anew` throws one away. Raises DocumentError when one is there and neither is said, when
    there is none to go on with, or when something else was asked, and names what.
    """
    folder = partial_folder(out)
    file = folder / FINISHED_FILE
    identity = {"format": FORMAT, **asked}
    if resume:
        fail_if_not_resumable(folder, out, identity)
    elif folder.exists():
        if not file.is_file():
            raise refusal(folder, "is in the way, and no interrupted run of memberlab; name another folder")
        if not anew:
            raise refusal(
                folder, "holds an interrupted run; add --resume to go on with it, or --force to throw it away"
            )
        FinishedWork(file).__exit__(None, None, None)  # raises when another process is at work on it
        shutil.rmtree(folder)
    new_parents = [parent for parent in folder.parents if not parent.exists()]  # deepest first
    if not file.exists():
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as fault:
            raise refusal(folder, f"cannot be written: {fault.strerror or fault}") from None
        make_ledger(file, TABLES, identity)
    keep = True
    with FinishedWork(file) as finished:
        try:
            yield Unfinished(folder, finished)
            keep = False
        except BaseException:
            keep = finished.count() > 0
            raise
        finally:
            if not keep:
                shutil.rmtree(folder, ignore_errors=True)
                for parent in new_parents:
                    with suppress(OSError):  # it holds the run
                        parent.rmdir()


def question(
    policies: Sequence[Policy],
    scenarios: Sequence[Scenario],
    incumbent: Policy | None = None,
    population: Population | None = None,
    **settings: object,
) -> dict[str, str]:
    """Return what an experiment asks, for `unfinished_run`: its documents by digest, and `settings` in words."""
    return {
        "this version": model_version(),
        "order of policies": ", ".join(policy.name for policy in policies),
        **{f"policy {policy.name}": policy.digest() for policy in policies},
        **{f"scenario {scenario.name}": scenario.digest() for scenario in scenarios},
        **({"the incumbent": f"{incumbent.digest()} {incumbent.name}"} if incumbent else {}),
        **({"the population": f"{population.digest()} {population.name}"} if population else {}),
        **{name.replace("_", "-"): str(value) for name, value in settings.items()},
    }


def fail_if_not_resumable(folder: Path, out: Path, identity: Mapping[str, str]) -> None:
    """Raise DocumentError unless `folder` holds an interrupted run that asked the same."""
    if not (folder / FINISHED_FILE).is_file():
        raise refusal(out, f"has no interrupted run: there is no {folder.name} beside it; leave out --resume")
    found = identity_of(folder / FINISHED_FILE)
    changes = [told for name in dict.fromkeys([*found, *identity]) if (told := _change(name, found, identity))]
    if changes:
        raise refusal(
            folder, f"asked something else: {'; '.join(changes)}; put it back, or start anew with --force, not --resume"
        )


def _change(name: str, before: Mapping[str, str], now: Mapping[str, str]) -> str | None:
    """Return in words what differs in one thing that was asked, None where nothing does."""
    if before.get(name) == now.get(name):
        return None
    if name not in now:
        return f"{name} was in it, and is not now"
    if name not in before:
        return f"{name} is new"
    if DIGEST.fullmatch(now[name]):
        return f"{name} has changed since"
    return f"{name} was {before[name]} and is now {now[name]}"
