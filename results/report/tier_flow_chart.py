"""Who moved from which tier to which, as a Sankey diagram with a table beside it.

Serves strategists.
"""

from __future__ import annotations

import pandas as pd

from .figure_style import COLOURS, figure
from .parts import Cell, Chart, DataTable
from .wording import Wording


def tier_flow_chart(table: pd.DataFrame, wording: Wording, name: str, policy: str) -> Chart:
    """Return the flows of one policy in one scenario, from the tier at launch to that at the end."""
    opening = list(dict.fromkeys(table["opening_tier"]))
    closing = list(dict.fromkeys(table["closing_tier"]))
    flows = table[table["shoppers"] > 0]
    colours = {tier: COLOURS[place % len(COLOURS)] for place, tier in enumerate(dict.fromkeys([*closing, *opening]))}
    trace = {
        "type": "sankey", "arrangement": "snap",
        "node": {"label": [*(tier_named(tier, wording) for tier in (*opening, *closing))], "pad": 14, "thickness": 14,
                 "color": [*(colours[tier] for tier in opening), *(colours[tier] for tier in closing)]},
        "link": {
            "source": [opening.index(tier) for tier in flows["opening_tier"]],
            "target": [len(opening) + closing.index(tier) for tier in flows["closing_tier"]],
            "value": [float(count) for count in flows["shoppers"]],
            "color": [f"{colours[tier]}59" for tier in flows["opening_tier"]],
        },
    }  # fmt: skip
    opens, closes = (wording.text("the tier at launch"), wording.text("the tier at the end"))
    said = wording.text("Bands from {opening} on the left to {closing} on the right.", opening=opens, closing=closes)
    stayed = float(flows.loc[flows["opening_tier"] == flows["closing_tier"], "shoppers"].sum())
    share = stayed / float(flows["shoppers"].sum()) if len(flows) else 0.0
    return Chart(
        name, wording.text("Tier flows under {policy}", policy=policy),
        said if not set(opening) & set(closing) else said + " " + wording.text(
            "{share} of shoppers end where they began.", share=wording.figure(share, "share")),
        figure([trace], height=380, margin={"l": 8, "r": 8, "t": 8, "b": 8}),
        table=tier_flow_table(table, wording, policy),
    )  # fmt: skip


def tier_flow_table(table: pd.DataFrame, wording: Wording, policy: str) -> DataTable:
    """Return the same as a table: a row a tier at launch, a column a tier at the end."""
    counts = table.pivot_table(
        index="opening_tier", columns="closing_tier", values="shoppers", aggfunc="sum", sort=False
    )
    rows = [
        [
            Cell(tier_named(str(tier), wording), is_number=False),
            *(Cell(wording.figure(float(count), "count")) for count in row),
        ]
        for tier, row in zip(counts.index, counts.fillna(0).to_numpy(), strict=True)
    ]
    caption = wording.text("Shoppers by tier at launch (rows) and at the end (columns) under {policy}", policy=policy)
    return DataTable(
        caption, [wording.text("Tier at launch"), *(tier_named(str(tier), wording) for tier in counts.columns)], rows
    )


def tier_named(tier: str, wording: Wording) -> str:
    """Return a tier's name; of those without one, who they are."""
    return {
        "-": wording.text("no tiers"), "guest": wording.text("first orders"),
        "no order yet": wording.text("no order yet"),
    }.get(tier, tier)  # fmt: skip
