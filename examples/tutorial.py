"""Ten minutes with memberlab, as a notebook: load a policy, move a lever, compare, look at the bridge, search a little.

`marimo edit examples/tutorial.py` opens it; `python examples/tutorial.py` runs it through. It takes
memberlab[notebook].
"""

import marimo

__generated_with = "0.25.2"
app = marimo.App(width="medium", app_title="memberlab in ten minutes")


@app.cell
def _():
    import marimo as mo

    from memberlab import compare, find_better, load_policy, load_scenario, run_policy

    return compare, find_better, load_policy, load_scenario, mo, run_policy


@app.cell
def _(mo):
    mo.md("""
    # memberlab in ten minutes

    A **policy** says what members are promised, a **scenario** what world the promise meets. The simulation lets
    shoppers live in that world, day by day, and tells what came of it. Here you change one promise and see what
    follows; every cell runs again when you change it.

    The very first run on a machine compiles the rules, which takes about a minute. After that it is seconds.
    """)
    return


@app.cell
def _(load_policy):
    today = load_policy("four-tiers-simple")  # or the path of your own .yaml file
    today
    return (today,)


@app.cell
def _(mo):
    mo.md("""
    ## A world

    The scenario `baseline` is an online shop as it is: a year of warm-up under today's policy, then two years. A
    notebook does with 2,000 shoppers; for a decision take the scenario's own 10,000, or more.
    """)
    return


@app.cell
def _(load_scenario):
    world = load_scenario("baseline").with_({"population.shoppers": 2000})
    world
    return (world,)


@app.cell
def _(run_policy, today, world):
    lived = run_policy(today, world)
    lived
    return (lived,)


@app.cell
def _(mo):
    mo.md("""
    ## Move a lever

    Every number of a policy has an address. `with_` changes values at addresses and checks the result: try
    `"tiers.gold.threshold": 100` and read what it says.
    """)
    return


@app.cell
def _(mo, today):
    threshold = mo.ui.slider(99, 399, step=50, value=299, label="Free delivery from, yuan", show_value=True)
    mo.vstack([threshold, mo.md(f"Today it is {today.value_at('shipping.free_from')} yuan.")])
    return (threshold,)


@app.cell
def _(mo, threshold, today):
    variant = today.with_({"name": "free-delivery-moved", "shipping.free_from": threshold.value})
    mo.md("\n".join(f"- `{change}`" for change in today.diff(variant)))
    return (variant,)


@app.cell
def _(mo):
    mo.md("""
    ## Compare

    The same shoppers live under both promises, with the same luck, so that the difference is what the promise did.
    The intervals hold for all figures at once; what is not bold may be chance.
    """)
    return


@app.cell
def _(compare, today, variant, world):
    comparison = compare([today, variant], [world], replications=2)
    comparison
    return (comparison,)


@app.cell
def _(comparison):
    comparison.chart()
    return


@app.cell
def _(mo):
    mo.md("""
    ## Where the margin went

    From the margin of today's policy to that of the variant, a step for each line that moved. The margin hangs on one
    assumption that no order log can tell, the attrition effect: before you decide, compare with `break_even=True`.
    """)
    return


@app.cell
def _(comparison, variant, world):
    comparison.bridge_chart(variant.name, world.name)
    return


@app.cell
def _(comparison, variant):
    # everything is a table as well; money in cents, shares from 0 to 1
    _own = comparison.table[comparison.table["policy"] == variant.name]
    _own[["kpi", "unit", "baseline", "value", "difference", "low", "high"]].round(4)
    return


@app.cell
def _(mo):
    mo.md("""
    ## Search a little

    Instead of moving levers by hand, say which may move and how far. This budget is far too small for a decision: it
    shows how a search looks. `memberlab optimize` takes a few hundred policies, races the best on fresh populations,
    and confirms what is left on others.
    """)
    return


@app.cell
def _(find_better, today, world):
    small = world.with_({"population.shoppers": 500, "horizon.months": 12})
    levers = {"shipping.free_from": (99, 399, 100), "tiers.gold.discount": ("2 %", "5 %", "1 %")}
    found = find_better(today, [small], levers, maximise=["gmv", "margin"], policies=10, replications=2)
    found
    return (found,)


@app.cell
def _(found):
    found.chart()
    return


@app.cell
def _(mo):
    mo.md("""
    ## Go on

    - `memberlab app` opens the what-if page: every lever a control, the same figures while you move it.
    - `memberlab compare four-tiers-simple mine.yaml --out DIR` writes a report that you can forward.
    - `print(variant.to_yaml())` is the policy as a file.
    """)
    return


if __name__ == "__main__":
    app.run()
