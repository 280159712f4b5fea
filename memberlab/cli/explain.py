"""`memberlab explain`: a policy as a member would be told it, and what it gives back to whom; a scenario in words.

Serves whoever approves a programme, or agrees on a scenario, without reading YAML.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from .names import POLICY_OR_SCENARIO, POPULATION, SCENARIO
from .options import load_inputs, with_option
from .output_options import print_json, result_options

if TYPE_CHECKING:
    from rich.table import Table

    from memberlab.policies import Customers, GiveBack, Policy
    from memberlab.scenarios import Scenario


@click.command()
@click.argument("policy", type=POLICY_OR_SCENARIO, metavar="POLICY|SCENARIO")
@click.option("--scenario", default="baseline", show_default=True, type=SCENARIO, metavar="NAME|FILE",
              help="The world whose shoppers the policy is explained for.")  # fmt: skip
@click.option("--population", type=POPULATION, metavar="NAME|FILE", help="Population that replaces the scenario's.")
@with_option()
@result_options("sentences and give-back as JSON (shares 0 to 1)")
def explain(
    policy: str, scenario: str, population: str | None, disturbances: tuple[str, ...], as_json: bool
) -> None:  # fmt: skip
    """Tell POLICY in plain language, and its give-back by tier for a light, a median and a heavy shopper; or tell a
    SCENARIO: who lives in it, and what befalls it from which day on.

    The give-back is computed in closed form for shoppers who change nothing: discounts, points at face value and
    delivery fees that tier or membership spare, and a tier's partner content at its perceived value, as shares of the
    list value of goods.
    """
    from memberlab.policies import told
    from memberlab.scenarios import customers_of

    if is_scenario(policy):
        explain_scenario(policy, population, disturbances, as_json)
        return
    inputs = load_inputs((policy,), (scenario,), None, population, None, disturbances=disturbances)
    loaded, world = inputs.policies[0], inputs.scenarios[0]
    fail_if_in_another_currency(policy, loaded, world)
    customers = customers_of(world, inputs.population)
    if as_json:
        rows = [
            {"terms": terms, "shopper": shopper, "discount": parts.discount, "points": parts.points,
             "shipping": parts.shipping, "content": parts.content, "total": parts.total}
            for terms, cells in give_backs(loaded, customers) for shopper, parts in cells.items()
        ]  # fmt: skip
        print_json({"policy": loaded.name, "told": told(loaded), "give_back": rows})
        return
    show(loaded, customers, world.name)


def is_scenario(name_or_path: str) -> bool:
    """Return whether a name or a file is a scenario's; names of policies come first."""
    from memberlab.policies import DocumentError, is_path, open_document, policy_names
    from memberlab.scenarios import scenario_names

    if not is_path(name_or_path):
        return name_or_path in scenario_names() and name_or_path not in policy_names()
    try:
        keys = open_document(name_or_path).data.keys()
    except DocumentError:
        return False
    return not keys.isdisjoint({"extends", "horizon", "warm_up", "incumbent", "shocks"})


def explain_scenario(name: str, population: str | None, disturbances: tuple[str, ...], as_json: bool) -> None:
    """Print a scenario in words, with the disturbances asked for."""
    from memberlab.scenarios import scenario_told

    from .tables import console

    world = load_inputs((), (name,), None, population, None, disturbances=disturbances).scenarios[0]
    sentences = scenario_told(world)
    if as_json:
        print_json({"scenario": world.name, "told": sentences})
        return
    screen = console()
    screen.print(world.title or world.name, style="bold", markup=False, highlight=False)
    for sentence in sentences:
        screen.verdict(sentence, markup=False, highlight=False)
    if world.source:
        screen.print(f"Source: {world.source}", markup=False, highlight=False, style="dim")


def fail_if_in_another_currency(name: str, policy: Policy, world: Scenario) -> None:
    """Raise DocumentError when the policy of that name or path is in another currency than the scenario."""
    from memberlab.policies import DocumentError, Problem
    from memberlab.scenarios import currency_problem

    if message := currency_problem(policy, world):
        raise DocumentError([Problem(name, None, "currency", f"{message}; name another with --scenario")])


def give_backs(policy: Policy, customers: Customers) -> list[tuple[str, dict[str, GiveBack]]]:
    """Return the give-back to each typical shopper under the terms of each tier, without and with the membership."""
    from memberlab.policies import give_back

    names = list(policy.tiers) or ["everybody"]
    rows = []
    for is_member in (False, True) if policy.membership is not None else (False,):
        for level, name in enumerate(names):
            cells = {one.name: give_back(policy, one, level, is_member=is_member) for one in customers.typical}
            rows.append((f"{name}, paid member" if is_member else name, cells))
    return rows


def show(policy: Policy, customers: Customers, scenario: str) -> None:
    """Print the sentences and the table."""
    from memberlab.policies import told

    from .tables import console

    screen = console()
    screen.print(policy.title or policy.name, style="bold", markup=False, highlight=False)
    for sentence in told(policy):
        screen.verdict(sentence, markup=False, highlight=False)
    screen.print()
    screen.print(give_back_table(policy, customers, scenario))
    has_content = any(tier.perks for tier in policy.tiers.values())
    screen.print(
        "Of the list value of goods, for shoppers who change nothing: discounts, points at face value (0 where they "
        "expire before there are enough to pay with), and delivery fees that tier or membership spare."
        + (" Partners' content of a tier is counted at its perceived value." if has_content else ""),
        highlight=False,
    )


def give_back_table(policy: Policy, customers: Customers, scenario: str) -> Table:
    """Return the give-back as a table: a row a tier, a column a shopper; bold where the shopper's own spend leads."""
    from rich.table import Table

    from memberlab.policies import money, tier_of

    table = Table(title=f"Give-back, shoppers of {scenario}", title_justify="left", title_style="bold")
    table.add_column("Tier")
    for one in customers.typical:
        basket = money(round(one.basket / 100) * 100, policy)
        orders = "1 order" if one.orders == 1 else f"{one.orders:g} orders"
        table.add_column(f"{one.name}: {orders} a year of {basket}", justify="right")
    names = list(policy.tiers)
    for terms, cells in give_backs(policy, customers):
        row: list[Any] = [terms]
        for one in customers.typical:
            text = f"{cells[one.name].total:.2%}"
            own = names[tier_of(policy, one)] if names else terms
            row.append(f"[bold]{text}[/bold]" if terms.partition(",")[0] == own.partition(",")[0] else text)
        table.add_row(*row)
    return table
