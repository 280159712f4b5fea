"""Who is behind the figures of a comparison: breakdowns, curves, flows and cohorts, as tables and pictures."""
