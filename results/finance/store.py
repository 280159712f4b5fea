"""The books of a run on disk: one folder an arm below the run's `finance`, tables as Parquet beside a page of facts.

Serves `memberlab finance`, at any time after the run. The folder carries a version; what cannot be read is named, with
what to do.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd

from memberlab.policies import DocumentError, Policy, Problem, load_policy

from ..run_store import MANIFEST
from .accounts import ACCOUNT_COLUMNS
from .books import AGEING_COLUMNS, BALANCE_COLUMNS, LEDGER_COLUMNS, LOT_COLUMNS, SUSPENSE_COLUMNS, RunBooks

FOLDER, FACTS, FORMAT = "finance", "books.json", 1

TABLES = {
    "ledger": LEDGER_COLUMNS, "balances": BALANCE_COLUMNS, "lots": LOT_COLUMNS, "ageing": AGEING_COLUMNS,
    "suspense": SUSPENSE_COLUMNS, "accounts": ACCOUNT_COLUMNS, "identities": ("name", "rule", "left", "right"),
}  # fmt: skip
"""The tables of an arm, and their columns."""

AGAIN = "write the run again with this version of memberlab: memberlab run or compare, with --out"


def write_books(run: Path, books: RunBooks) -> None:
    """Write the books of one arm into the folder of its run."""
    folder = run / FOLDER / books.scenario / books.arm
    folder.mkdir(parents=True)
    facts = {
        "format": FORMAT, "policy": books.arm, "scenario": books.scenario, "currency": books.currency,
        "seed": books.seed, "sales_tax": books.sales_tax, "opening_liability": books.opening_liability,
        "twin": books.twin, "months": [f"{month:%Y-%m}" for month in books.months],
    }  # fmt: skip
    (folder / FACTS).write_text(json.dumps(facts, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    (folder / "policy.yaml").write_text(books.policy.to_yaml(), encoding="utf-8")
    if books.twin_policy is not None:
        (folder / "twin.yaml").write_text(books.twin_policy.to_yaml(), encoding="utf-8")
    for name in TABLES:
        table: pd.DataFrame = getattr(books, name)
        table.to_parquet(folder / f"{name}.parquet", index=False)


def arms_of(run: Path) -> list[tuple[str, str]]:
    """Return scenario and policy of every arm whose books a run holds. Raises DocumentError where there are none."""
    if not run.is_dir():
        raise _fault(run, "is no folder; name the folder of a run, as --out of memberlab run or compare wrote it")
    if not (run / MANIFEST).is_file():
        raise _fault(run, f"is no run of memberlab: it has no {MANIFEST}")
    found = sorted(file.parent for file in (run / FOLDER).glob(f"*/*/{FACTS}"))
    if not found:
        raise _fault(run, f"holds no books for finance (no {FOLDER} folder with {FACTS}); {AGAIN}")
    return [(folder.parent.name, folder.name) for folder in found]


def read_books(run: Path, policy: str | None = None, scenario: str | None = None) -> RunBooks:
    """Return the books of one arm of a run; `policy` and `scenario` may be left out where there is only one.

    Raises DocumentError for a folder that is no run, lacks the tables or was written by another version, for an arm
    that it does not hold, and where several arms, or currencies, are left to choose from.
    """
    arms = arms_of(run)
    for asked, place, kind in ((scenario, 0, "scenario"), (policy, 1, "policy")):
        names = list(dict.fromkeys(arm[place] for arm in arms))
        if asked is not None and asked not in names:
            raise _fault(run, f"holds no books of {kind} {asked}; it has {', '.join(names)}")
    chosen = [arm for arm in arms if scenario in (None, arm[0]) and policy in (None, arm[1])]
    if not chosen:
        raise _fault(run, f"holds no books of policy {policy} in scenario {scenario}")
    if len(chosen) > 1:
        raise _fault(run, _told_to_choose(run, chosen))
    return _read_arm(run / FOLDER / chosen[0][0] / chosen[0][1])


def _told_to_choose(run: Path, chosen: list[tuple[str, str]]) -> str:
    scenarios = list(dict.fromkeys(arm[0] for arm in chosen))
    policies = list(dict.fromkeys(arm[1] for arm in chosen))
    currencies = sorted({str(_facts(run / FOLDER / one / other)["currency"]) for one, other in chosen})
    if len(currencies) > 1:
        return f"holds books in {' and '.join(currencies)}, which cannot be told together; choose with --scenario " + (
            ", ".join(scenarios)
        )
    options = [f"--policy {', '.join(policies)}"] if len(policies) > 1 else []
    options += [f"--scenario {', '.join(scenarios)}"] if len(scenarios) > 1 else []
    return f"holds the books of {len(chosen)} arms; choose one with {' and '.join(options)}"


def _read_arm(folder: Path) -> RunBooks:
    facts = _facts(folder)
    policy = load_policy(str(folder / "policy.yaml"))
    if policy.currency not in (None, facts["currency"]):
        raise _fault(folder, f"its books are in {facts['currency']}, its policy in {policy.currency}; {AGAIN}")
    tables = {name: _table(folder / f"{name}.parquet", columns) for name, columns in TABLES.items()}
    twin: Policy | None = load_policy(str(folder / "twin.yaml")) if facts["twin"] is not None else None
    months = tuple(pd.Timestamp(f"{month}-01").as_unit("s") for month in facts["months"])
    return RunBooks(
        arm=facts["policy"], policy=replace_name(policy, facts["policy"]), scenario=facts["scenario"],
        currency=facts["currency"], seed=facts["seed"], sales_tax=facts["sales_tax"],
        opening_liability=facts["opening_liability"], twin=facts["twin"], twin_policy=twin, months=months, **tables,
    )  # fmt: skip


def replace_name(policy: Policy, name: str) -> Policy:
    """Return a policy under the name that it had in the run; a file's name is that of the file."""
    return policy if policy.name == name else policy.model_copy(update={"name": name})


def _facts(folder: Path) -> dict[str, Any]:
    path = folder / FACTS
    try:
        facts = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as fault:
        raise _fault(path, f"cannot be read ({fault}); {AGAIN}") from None
    if not isinstance(facts, dict) or facts.get("format") != FORMAT:
        raise _fault(path, f"was written by another version of memberlab (this one reads format {FORMAT}); {AGAIN}")
    wanted = ("policy", "scenario", "currency", "seed", "sales_tax", "opening_liability", "twin", "months")
    if missing := [name for name in wanted if name not in facts]:
        raise _fault(path, f"lacks {', '.join(missing)}; {AGAIN}")
    return facts


def _table(path: Path, columns: tuple[str, ...]) -> pd.DataFrame:
    if not path.is_file():
        raise _fault(path, f"is missing; {AGAIN}")
    try:
        table = pd.read_parquet(path)
    except (OSError, ValueError) as fault:
        raise _fault(path, f"is no readable table ({str(fault).splitlines()[0]}); {AGAIN}") from None
    if missing := [name for name in columns if name not in table.columns]:
        raise _fault(path, f"lacks the columns {', '.join(missing)}; {AGAIN}")
    return table


def _fault(path: Path, message: str) -> DocumentError:
    return DocumentError((Problem(str(path), None, "", message),))
