"""A search that is killed again and again: a program that forks searches, kills each at a random point, and counts.

Serves test_search_kills. A start of memberlab takes seconds, so all attempts are forks of one process that has loaded
and compiled everything; each is ended by SIGKILL, half of them while they write to the ledger. What an attempt said it
had recorded must be there afterwards, once, and never be done again.

    python -m tests.killed_search STUDY OUT KILLS SEED
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import sqlite3
import sys
import time
from collections.abc import Callable
from concurrent.futures import Executor, Future
from contextlib import closing
from pathlib import Path
from typing import Any

from memberlab.optimize import (
    LEDGER_FILE,
    EvaluationLedger,
    Plan,
    SerialExecutor,
    open_study_folder,
    plan_study,
    result_digest,
    run_study,
)

COLUMNS = {
    "evaluation": "policy, scenario, assumptions, seed",
    "confirmation": "policy, scenario, assumptions, replication",
    "proposal": "wave",
}
EVENTS_A_KILL = 6
"""Pieces of work or records that an attempt gets done at most before it is killed."""
LONGEST_WORK, LONGEST_WRITE = 0.01, 0.0006
"""Seconds into a piece of work, or into a write, at which a kill comes at the latest."""


class TellingLedger(EvaluationLedger):
    """A ledger that says of each record when it is about to be written and when it is."""

    tell: Callable[[str], None] = staticmethod(lambda line: None)

    def _record(self, table: str, key: tuple[object, ...], value: object) -> None:
        of = 1 if table == "proposal" else 0
        name = f"{table} " + " ".join(str(part) for part in key[of:] if not str(part).startswith("memberlab "))
        self.tell(f"writing {name}")
        super()._record(table, key, value)
        self.tell(f"written {name}")


class TellingExecutor(Executor):
    """An executor that says when a piece of work begins."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        self.tell = tell

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        self.tell("working")
        return SerialExecutor().submit(fn, *args, **kwargs)


def attempt(plan: Plan, out: Path, tell: Callable[[str], None]) -> str:
    """Search in `out`, going on where an earlier attempt was, and return the digest of the result."""
    TellingLedger.tell = staticmethod(tell)
    with open_study_folder(out, plan) as ledger:
        ledger.__class__ = TellingLedger
        return result_digest(run_study(plan, ledger, out, TellingExecutor(tell)))


def forked(plan: Plan, out: Path) -> tuple[int, int]:
    """Start an attempt in a process of its own; return its number and the end of the pipe on which it tells."""
    reader, writer = os.pipe()
    child = os.fork()
    if child:
        os.close(writer)
        return child, reader
    os.close(reader)
    try:
        digest = attempt(plan, out, lambda line: _write(writer, line))
        _write(writer, f"finished {digest}")
    except BaseException as fault:  # told to the parent, which ends the test
        _write(writer, f"failed {fault!r}"[:3000].replace("\n", " "))
    finally:
        os._exit(0)
    raise AssertionError


def _write(pipe: int, line: str) -> None:
    os.write(pipe, f"{line}\n".encode())


def killed_or_finished(
    plan: Plan, out: Path, kind: str, count: int, delay: float, recorded: set[str]
) -> tuple[str | None, list[str]]:
    """Let an attempt run until the `count`-th event of a `kind`, and kill it `delay` seconds later.

    Return its digest if it ended before, and what it told; what it recorded is added to `recorded`.
    """
    child, pipe = forked(plan, out)
    told, digest, left = [], None, count
    with os.fdopen(pipe, encoding="utf-8") as lines:
        for line in lines:
            word, _, rest = line.strip().partition(" ")
            told.append(line.strip())
            if word == "failed":
                raise AssertionError(rest)
            if word == "finished":
                digest = rest
            if word == "writing" and rest in recorded:
                raise AssertionError(f"done twice: {rest}")
            if word == "written":
                recorded.add(rest)
            left -= word == kind
            if left == 0 and digest is None:
                until = time.perf_counter() + delay
                while time.perf_counter() < until:
                    pass
                os.kill(child, signal.SIGKILL)
                left = -1
        # the pipe is read to its end: what was told before the kill counts
    os.waitpid(child, 0)
    return digest, told


def records_in(out: Path) -> list[str]:
    """Return all records of a ledger, and hold it against SQLite's own check."""
    copy = shutil.copytree(out, out.with_name("looked-at"), dirs_exist_ok=True)
    with closing(sqlite3.connect(copy / LEDGER_FILE)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        found = [
            f"{table} {' '.join(map(str, row))}"
            for table, columns in COLUMNS.items()
            for row in connection.execute(f"SELECT {columns} FROM {table}")
        ]
    shutil.rmtree(copy)
    return found


def main(study: str, out: str, kills: int, seed: int) -> dict[str, Any]:
    """Kill so many searches; return what was counted."""
    plan, draw = plan_study(study), random.Random(seed)
    whole = attempt(plan, Path(out) / "whole", lambda line: None)
    records = sorted(records_in(Path(out) / "whole"))
    done, in_writes, lives, during_writes = 0, 0, 0, 0
    while done < kills:
        folder, recorded = Path(out) / f"killed-{lives}", set[str]()
        lives += 1
        digest = None
        while digest is None:
            kind = "writing" if done % 2 else "working"
            count, delay = draw.randint(1, EVENTS_A_KILL), draw.random()
            delay *= LONGEST_WRITE if kind == "writing" else LONGEST_WORK
            kind = kind if done < kills else "never"
            digest, told = killed_or_finished(plan, folder, kind, count, delay, recorded)
            if not folder.exists() or not (folder / LEDGER_FILE).exists():
                assert not recorded
                continue
            found = records_in(folder)
            assert len(found) == len(set(found)), "a record is doubled"
            assert recorded <= set(found), f"lost: {recorded - set(found)}"
            begun = {line.removeprefix("writing ") for line in told if line.startswith("writing ")}
            assert set(found) - recorded <= begun, "a record that nobody wrote"
            if digest is None:
                done += 1
                in_writes += kind == "writing"
                during_writes += told[-1].startswith("writing") if told else 0
                recorded |= set(found)
        assert digest == whole, "another digest"
        assert sorted(records_in(folder)) == records, "other records"
    return {"kills": done, "aimed at writes": in_writes, "hit in a write": during_writes, "searches": lives,
            "records": len(records), "digest": whole}  # fmt: skip


if __name__ == "__main__":
    study, out, kills, seed = sys.argv[1:]
    print(json.dumps(main(study, out, int(kills), int(seed))))
