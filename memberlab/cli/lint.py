"""`memberlab lint`: what policies can have wrong though they parse, with line, money and mend.

Serves whoever writes a policy, and the pull request that changes one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from .exit_codes import ExitCode
from .explain import fail_if_in_another_currency
from .names import POLICY, POPULATION, SCENARIO
from .options import load_inputs, with_option
from .output_options import is_quiet, print_json, result_options

if TYPE_CHECKING:
    from memberlab.policies import Finding


@click.command()
@click.argument("policies", type=POLICY, nargs=-1, required=True, metavar="POLICY...")
@click.option("--scenario", default="baseline", show_default=True, type=SCENARIO, metavar="NAME|FILE",
              help="The world whose shoppers and gross margin the policies are held against.")  # fmt: skip
@click.option("--population", type=POPULATION, metavar="NAME|FILE", help="Population that replaces the scenario's.")
@with_option()
@click.option("--strict", is_flag=True, help="Exit with 1 for warnings too, not for errors only.")
@result_options("the findings as JSON")
@click.pass_context
def lint(
    context: click.Context, policies: tuple[str, ...], scenario: str, population: str | None,
    disturbances: tuple[str, ...], strict: bool, as_json: bool,
) -> None:  # fmt: skip
    """Look for what is doubtful in each POLICY (a name or a .yaml file): why it matters in money, and the mend.

    Exit code 1 when there is an error (with --strict, also for a warning), 2 when a file cannot be used.
    """
    from memberlab.policies import Severity
    from memberlab.policies import lint as find
    from memberlab.scenarios import customers_of
    from memberlab.sim import scenario_findings

    inputs = load_inputs(policies, (scenario,), None, population, None, disturbances=disturbances)
    world = inputs.scenarios[0]
    customers = customers_of(world, inputs.population)
    found: list[tuple[str, Finding]] = []
    for name, policy in zip(policies, inputs.policies, strict=True):
        fail_if_in_another_currency(name, policy, world)
        findings = sorted([*find(policy, customers), *scenario_findings(policy, world)],
                          key=lambda finding: -finding.severity)  # fmt: skip
        found += [(place_of(name, finding.address), finding) for finding in findings]
    if as_json:
        print_json([as_data(place, finding) for place, finding in found])
    else:
        show(found)
    least = Severity.WARNING if strict else Severity.ERROR
    if any(finding.severity >= least for _, finding in found):
        context.exit(ExitCode.ANSWER_IS_NO)


def place_of(name: str, address: str) -> str:
    """Return the file and line of an address in the policy `name`: `mine.yaml:21`; the name alone for what ships."""
    from memberlab.policies import is_path, policy_path, read_document

    document = read_document(policy_path(name))
    line = document.line_of(tuple(address.split(".")))
    return f"{name if is_path(name) else f'{name}.yaml'}:{line}"


def as_data(place: str, finding: Finding) -> dict[str, object]:
    """Return a finding as plain data."""
    file, _, line = place.rpartition(":")
    return {
        "file": file, "line": int(line), "address": finding.address, "rule": finding.rule,
        "severity": finding.severity.name.lower(), "message": finding.message, "money": finding.money,
        "mend": finding.mend,
    }  # fmt: skip


def show(found: list[tuple[str, Finding]]) -> None:
    """Print the findings, three lines each, and how many there are of each severity."""
    from memberlab.policies import Severity

    for place, finding in () if is_quiet() else found:
        severity = finding.severity.name.lower()
        click.echo(f"{place} {finding.address}: {severity} {finding.rule}: {finding.message}")
        click.echo(f"    in money: {finding.money}")
        click.echo(f"    mend: {finding.mend}")
    counts = {severity: sum(finding.severity is severity for _, finding in found) for severity in reversed(Severity)}
    told = [f"{number} {one.name.lower()}{'' if number == 1 else 's'}" for one, number in counts.items() if number]
    click.echo(", ".join(told) or "nothing found")
