"""The tables of `memberlab finance` on a terminal: amounts in currency units, one line a figure.

Serves whoever wants the period at a glance before opening the files.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.table import Table

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from memberlab.results import RunBooks


def money(cents: Any) -> str:
    """Return cents as an amount; a dash for what cannot be told."""
    import pandas as pd

    return "-" if pd.isna(cents) else f"{int(cents) / 100:,.2f}"


def rows(table: pd.DataFrame) -> Iterator[Any]:
    """Give each row of a table with its columns as attributes."""
    yield from table.itertuples(index=False)


def summary_tables(books: RunBooks, tables: dict[str, pd.DataFrame]) -> Iterator[Table]:
    """Give the bridge, benefit costs, points and fees of the period, each as a table."""
    months = tables["bridge"]["month"]
    told = f"{months.min():%Y-%m} to {months.max():%Y-%m}, {books.currency}"
    yield bridge_summary(f"{books.arm} in {books.scenario}: {told}", tables["bridge"])
    yield benefit_summary(f"Benefit cost, {told}", tables["benefits"], books.twin)
    if tables["contract_liability"]["closing"].any() or tables["points"]["closing"].any():
        yield points_summary(f"Points, {told}", tables)
    if tables["fees"][["billed", "opening"]].to_numpy().any():
        yield roll_forward("Deferred membership fees", tables["fees"], ["billed", "earned", "refunded"])
        yield heavy_user_summary(tables["heavy_users"])


def bridge_summary(title: str, bridge: pd.DataFrame) -> Table:
    """Return the bridge of the period; lines that did not move are left out."""
    import pandas as pd

    table = Table(title=title, title_justify="left")
    table.add_column("")
    table.add_column("amount", justify="right")
    sums = bridge.groupby(["line", "title", "is_total"], sort=False, as_index=False)["amount"].sum()
    for row in rows(pd.DataFrame(sums)):
        if row.amount or row.is_total:
            table.add_row(row.title, money(row.amount), style="bold" if row.is_total else "")
    return table


def benefit_summary(title: str, benefits: pd.DataFrame, twin: str | None) -> Table:
    """Return what each benefit costs, and with a twin what of it was paid on orders that would have happened anyway."""
    table = Table(title=title, title_justify="left")
    names = ["", "cost", "a member and month", "an order", "of GMV"]
    for name in [*names, "paid anyway", "incremental"] if twin else names:
        table.add_column(name, justify="left" if not name else "right")
    for row in rows(benefits[benefits["tier"] == "all"]):
        told = [row.title, money(row.cost), money(row.cost_per_member), money(row.cost_per_order),
                f"{100 * row.share_of_gmv:.2f} %" if row.gmv else "-"]  # fmt: skip
        table.add_row(*told, *([money(row.anyway), money(row.incremental)] if twin else []))
    if twin:
        table.caption = f"Paid anyway: on orders that the same shopper makes on the same day under {twin} as well."
    return table


def points_summary(title: str, tables: dict[str, pd.DataFrame]) -> Table:
    """Return the points' roll-forward beside the contract liability, at the period's ends."""
    points, contract = tables["points"], tables["contract_liability"]
    table = Table(title=title, title_justify="left")
    for name in ("", "points", "at expected cost", "IFRS 15 contract liability"):
        table.add_column(name, justify="left" if not name else "right")
    table.add_row("opening", f"{points['opening'].iloc[0]:,}", money(points["opening_value"].iloc[0]),
                  money(contract["opening"].iloc[0]))  # fmt: skip
    for name in ("issued", "given_back", "redeemed", "expired", "clawed_back"):
        beside = {"issued": contract["allocated"].sum(), "redeemed": contract["revenue"].sum()}.get(name)
        table.add_row(name.replace("_", " "), f"{points[name].sum():,}", money(points[f"{name}_value"].sum()),
                      "" if beside is None else money(beside))  # fmt: skip
    table.add_row("closing", f"{points['closing'].iloc[-1]:,}", money(points["closing_value"].iloc[-1]),
                  money(contract["closing"].iloc[-1]), style="bold")  # fmt: skip
    table.caption = "In the last column: allocated to points issued; revenue recognised as they are used."
    return table


def roll_forward(title: str, statement: pd.DataFrame, flows: list[str]) -> Table:
    """Return a roll-forward of cents over the period, with the current part of its end."""
    table = Table(title=title, title_justify="left")
    table.add_column("")
    table.add_column("amount", justify="right")
    table.add_row("opening", money(statement["opening"].iloc[0]))
    for name in flows:
        table.add_row(name, money(statement[name].sum()))
    for name in ("closing", "current", "non_current"):
        table.add_row(
            name.replace("_", " "), money(statement[name].iloc[-1]), style="bold" if name == "closing" else ""
        )
    return table


def heavy_user_summary(heavy: pd.DataFrame) -> Table:
    """Return what paid members cost by decile of use; a negative difference is the heavy users' loss."""
    table = Table(title="Paid members by decile of use, a member and year", title_justify="left")
    for name in ("decile", "members", "orders", "fee", "benefit cost", "fee less benefits", "margin"):
        table.add_column(name, justify="right")
    for row in rows(heavy):
        table.add_row(str(row.use_decile), f"{row.members:,}", f"{row.orders:.1f}", money(row.fee),
                      money(row.benefit_cost), money(row.fee_less_benefits), money(row.margin))  # fmt: skip
    return table


def statement_table(name: str, statement: pd.DataFrame, currency: str) -> Table:
    """Return a whole statement as it is, in cents and points."""
    import pandas as pd

    from memberlab.results import STATEMENTS

    table = Table(title=f"{STATEMENTS[name].title} ({name}; cents of {currency})", title_justify="left")
    for column in statement.columns:
        table.add_column(str(column), justify="right" if pd.api.types.is_numeric_dtype(statement[column]) else "left")
    for row in rows(statement):
        table.add_row(*(_told(value) for value in row))
    return table


def _told(value: Any) -> str:
    import pandas as pd

    if pd.isna(value):
        return "-"
    if isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m}"
    if isinstance(value, float):
        return f"{value:,.4f}"
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)
