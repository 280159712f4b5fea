"""The same comparison as `memberlab compare`, in Python: what would a free-shipping threshold of 299 yuan do?

Run it with `python examples/compare_in_python.py`.
"""

from memberlab import compare, load_policy, load_scenario


def main() -> None:
    """Compare today's policy with one changed lever; print the tidy table, and at which attrition effects it pays."""
    today = load_policy("four-tiers-simple")
    candidate = today.with_({"name": "free-from-299", "shipping.free_from": 299})
    for change in today.diff(candidate):
        print(change)
    scenario = load_scenario("baseline").with_({"population.shoppers": 2000})
    comparison = compare([today, candidate], [scenario], replications=2, break_even=True)
    print(comparison.table.to_string(index=False))
    print(comparison.margin_table.to_string(index=False))
    print(f"By attrition_effect, {candidate.name} {comparison.arms[1].break_even}.")


if __name__ == "__main__":
    main()
