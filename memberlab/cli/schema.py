"""`memberlab schema`: the JSON Schema of a kind of document, for editors.

Serves whoever writes YAML in an editor that completes and checks it.
"""

from __future__ import annotations

import json
from typing import Any

import click

from .output_options import print_json

KINDS = (
    "policy", "scenario", "disturbance", "scenario-set", "rollout", "population", "members", "assumptions", "study",
    "budget", "log", "comparison", "checks", "statements", "kpis", "commands",
)  # fmt: skip


@click.command()
@click.argument("kind", type=click.Choice(KINDS))
@click.option("--page", is_flag=True, help="Print a reference page in Markdown instead.")
def schema(kind: str, page: bool) -> None:
    """Print the JSON Schema of a KIND of document; of a `log`, that of its manifest (--page has the tables); of a
    `comparison`, its tables with every column's meaning; so too of the `statements` of finance, of the `kpis` and of
    the `commands` of this command line.

    Save it beside your files and name it in their first line:
    `# yaml-language-server: $schema=policy.schema.json`
    """
    from pydantic import BaseModel

    from memberlab.optimize import Checks, ScenarioSet, Study
    from memberlab.policies import Policy, json_schema, reference_page
    from memberlab.results import Budget
    from memberlab.scenarios import (
        Disturbance,
        LogManifest,
        MemberManifest,
        Population,
        Rollout,
        Scenario,
        log_page,
        scenario_page,
    )
    from memberlab.scenarios import members as member_files
    from memberlab.sim import AssumptionSet

    if kind == "comparison":
        from memberlab.results import TABLES, comparison_tables_page

        tables = {
            name: {"title": one.title, "row": one.row, "columns": dict(one.columns)} for name, one in TABLES.items()
        }
        click.echo(comparison_tables_page() if page else json.dumps(tables, indent=2), nl=not page)
        return
    if kind in ("statements", "kpis", "commands"):
        _show_registry(kind, page)
        return
    models: dict[str, type[BaseModel]] = {
        "policy": Policy,
        "scenario": Scenario,
        "disturbance": Disturbance,
        "population": Population,
        "members": MemberManifest,
        "assumptions": AssumptionSet,
        "study": Study,
        "budget": Budget,
        "log": LogManifest,
        "rollout": Rollout,
        "scenario-set": ScenarioSet,
        "checks": Checks,
    }
    pages = {"log": log_page, "members": member_files.member_file_page, "scenario": scenario_page}
    if page and kind in pages:
        click.echo(pages[kind](), nl=False)
        return
    if page:
        click.echo(reference_page(models[kind], f"Reference: {kind} files"), nl=False)
        return
    print_json(_that_may_extend(json_schema(models[kind])))


def _show_registry(kind: str, page: bool) -> None:
    """Print a registry of the lab, which is no kind of document: as a page in Markdown, or as JSON."""
    from memberlab.results import KPIS, STATEMENTS, kpis_page, statements_page

    from .commands_page import commands_as_data, commands_page
    from .main import main

    if page:
        written = {"statements": statements_page, "kpis": kpis_page}
        click.echo(written[kind]() if kind in written else commands_page(main), nl=False)
        return
    if kind == "commands":
        found: dict[str, Any] = commands_as_data(main)
    elif kind == "kpis":
        found = {
            one.name: {"title": one.title, "unit": one.unit, "meaning": one.meaning, "numerator": one.numerator,
                       "denominator": one.denominator} for one in KPIS.values()
        }  # fmt: skip
    else:
        found = {
            one.name: {"title": one.title, "row": one.row, "columns": dict(one.columns)} for one in STATEMENTS.values()
        }
    click.echo(json.dumps(found, indent=2, ensure_ascii=False))


def _that_may_extend(schema: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a kind of document in which, where it can extend another, only a name is then required."""
    if "extends" not in schema.get("properties", {}):
        return schema
    required = schema.pop("required")
    return {**schema, "if": {"required": ["extends"]}, "then": {"required": ["name"]}, "else": {"required": required}}
