"""What comparisons, runs and searches show of themselves in a notebook: cards of HTML and charts of Plotly."""

from .comparison_card import comparison_card
from .comparison_charts import bridge_chart, differences_chart
from .find_better import find_better
from .run_once import Run, run_policy
from .study_card import study_card, study_chart

__all__ = [
    "Run",
    "bridge_chart",
    "comparison_card",
    "differences_chart",
    "find_better",
    "run_policy",
    "study_card",
    "study_chart",
]
