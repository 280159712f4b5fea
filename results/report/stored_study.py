"""A search's folder as its report reads it: the confirmed policies, what the study asked for, and every table.

Serves the report of `optimize`. Policies are made again from today's and the levers of `pareto.csv`; the digest in the
manifest says whether they are the same.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from memberlab.policies import DocumentError, Policy, load_policy, parse_document
from memberlab.scenarios import load_scenario

from ..run_store import AGAINST_TODAY
from .stored_run import StoredRun, open_run, refusal

RECOMMENDED, INCUMBENT, INFEASIBLE = "recommended", "incumbent", "infeasible"
PLAN = "plan.json"


@dataclass(frozen=True)
class StoredStudy:
    """A finished search on disk."""

    run: StoredRun

    def table(self, name: str) -> pd.DataFrame:
        """Return one of the study's tables; without rows where an earlier version did not write it.

        Raises DocumentError for one that cannot be read.
        """
        file = self.run.folder / f"{name}.csv"
        if not file.is_file():
            return pd.DataFrame()
        try:
            return pd.read_csv(file)
        except (OSError, ValueError) as fault:
            raise refusal(file, f"cannot be read ({fault}); run the same command of optimize again") from None

    @cached_property
    def pareto(self) -> pd.DataFrame:
        """Return the confirmed policies by name, today's first; the levers' values as they stand in files."""
        table = self.table("pareto")
        if not len(table):
            raise refusal(self.run.folder, "holds no pareto.csv; run the same command of optimize again, it goes on")
        return table.set_index("policy", drop=False)

    @cached_property
    def asked(self) -> dict[str, object]:
        """Return the study as it was searched."""
        file = self.run.folder / PLAN
        try:
            text = str(json.loads(file.read_text(encoding="utf-8"))["study"])
        except (OSError, ValueError, KeyError, TypeError) as fault:
            raise refusal(file, f"cannot be read ({fault}); run the same command of optimize again") from None
        return dict(parse_document(text, str(file)).data)

    @property
    def objectives(self) -> list[str]:
        """Return the KPIs of the objectives, in the order of the study."""
        return list(_mapping(self.asked.get("objectives")) or ("gmv", "retention", "margin"))

    @cached_property
    def kpis(self) -> list[str]:
        """Return the objectives, then the KPIs of limits: those of which the confirmed policies have figures."""
        columns = [str(column) for column in self.pareto]
        found = [column.removesuffix("_difference") for column in columns if column.endswith("_difference")]
        kpis = [kpi for kpi in found if not kpi.endswith("_search")]
        return [*self.objectives, *(kpi for kpi in kpis if kpi not in self.objectives)]

    @cached_property
    def levers(self) -> list[str]:
        """Return the addresses of the levers."""
        return [address for address in _mapping(self.asked.get("levers")) if address in self.pareto]

    @property
    def today(self) -> str:
        """Return the name of the incumbent."""
        return str(self.pareto["policy"].iloc[0])

    @cached_property
    def incumbent(self) -> Policy:
        """Return today's policy."""
        return load_policy(self.run.folder / "incumbent-policy.yaml")

    @property
    def others(self) -> list[str]:
        """Return the names of the confirmed policies but the incumbent."""
        return [str(name) for name in self.pareto["policy"][1:]]

    @cached_property
    def today_in_search(self) -> dict[str, float]:
        """Return the incumbent's figures on the populations of the search, by KPI; those held out without a search."""
        table = self.table("search")
        first: Any = table.iloc[0] if len(table) else self.pareto.loc[self.today]
        return {kpi: float(first[kpi]) for kpi in self.kpis if kpi in first}

    @cached_property
    def recommended(self) -> str | None:
        """Return the recommended policy, None where today's is to be kept."""
        own = self.pareto.loc[self.pareto["role"] == RECOMMENDED, "policy"]
        return str(own.iloc[0]) if len(own) and self.run.manifest.get("verdict") != "keep" else None

    @cached_property
    def shown(self) -> str | None:
        """Return the policy that the report is about: the recommended one, or the best trade-off; None without one."""
        if self.recommended is not None:
            return self.recommended
        changed = self.table("changed-levers")
        name = str(changed["policy"].iloc[0]) if len(changed) else ""
        return name if name in self.pareto.index else None

    @cached_property
    def against_today(self) -> StoredRun | None:
        """Return the comparison of the policy shown with today's, lived on the populations held out; None where the
        folder has none, or that of other policies.
        """
        folder = self.run.folder / AGAINST_TODAY
        if self.shown is None or not folder.is_dir():
            return None
        run, own = open_run(folder), self.run.manifest.get("policies", {})
        return run if run.fact("policies") == {name: own.get(name) for name in (self.today, self.shown)} else None

    @cached_property
    def currency(self) -> str:
        """Return the currency of the first scenario."""
        return load_scenario(self.run.folder / f"scenario-{self.scenarios[0]}.yaml").currency

    @property
    def scenarios(self) -> list[str]:
        """Return the names of the scenarios."""
        return list(self.run.manifest["scenarios"])

    def figure(self, name: str, column: str) -> float:
        """Return a number of a confirmed policy, such as `gmv` or `gmv_difference`."""
        value: Any = self.pareto.loc[name, column]
        return float(value)

    def number(self, name: str) -> str:
        """Return how charts call a policy: the number that the search gave it."""
        return name.rpartition("-")[2]

    @cached_property
    def _levers_as_text(self) -> pd.DataFrame:
        file = self.run.folder / "pareto.csv"
        return pd.read_csv(file, dtype=str, keep_default_na=False).set_index("policy")

    def policy(self, name: str) -> Policy | None:
        """Return a confirmed policy, None where it cannot be made again to the letter."""
        if name == self.today:
            return self.incumbent
        values = {address: _notation(str(self._levers_as_text.loc[name, address])) for address in self.levers}
        try:
            made = self.incumbent.with_({**values, "name": name})
        except DocumentError:
            return None
        return made if made.digest() == self.run.manifest.get("policies", {}).get(name) else None


def _mapping(value: object) -> dict[str, object]:
    return dict(value) if isinstance(value, dict) else {}


def _notation(text: str) -> object:
    """Return a lever's value as a file would give it."""
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return {"True": True, "False": False, "true": True, "false": False}.get(text, text)
