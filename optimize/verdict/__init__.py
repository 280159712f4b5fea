"""What may be said of what a search found: confirmed on seeds held out, recommended, held against its limits."""

from .binding_limits import Allowed, Binding, binding_limits
from .confirm import FRESH, Confirmed, confirm, values_held_out, weighted_uplift
from .other_values import MOST_REPLICATIONS, Tested, try_values
from .recommend import Recommendation, Standing, Verdict, least_gain, recommend
from .recommendation_by_value import ChoiceByValue, choices_by_value
from .rival_reaction import REACTIONS, RIVAL_REACTION, Reacted, lives_of_reactions, try_reactions, under_reaction
from .robust_criteria import CRITERIA, Counted, count_all
from .simplification import (
    ChangedLever,
    Simplification,
    changed_addresses,
    is_as_good,
    lives_of_simplification,
    simplify,
)
from .trade_offs import TradeOff, fieller_ratio, trade_off_table, trade_offs
from .unmet_limits import (
    MOST_NEAREST,
    LimitReached,
    Unmet,
    bound_told,
    limit_told,
    nearest_of,
    passing_limit,
    title_in_words,
    unmet,
    unmet_told,
)

__all__ = [
    "CRITERIA",
    "FRESH",
    "MOST_NEAREST",
    "MOST_REPLICATIONS",
    "REACTIONS",
    "RIVAL_REACTION",
    "Allowed",
    "Binding",
    "ChangedLever",
    "ChoiceByValue",
    "Confirmed",
    "Counted",
    "LimitReached",
    "Reacted",
    "Recommendation",
    "Simplification",
    "Standing",
    "Tested",
    "TradeOff",
    "Unmet",
    "Verdict",
    "binding_limits",
    "bound_told",
    "changed_addresses",
    "choices_by_value",
    "confirm",
    "count_all",
    "fieller_ratio",
    "is_as_good",
    "least_gain",
    "limit_told",
    "lives_of_reactions",
    "lives_of_simplification",
    "nearest_of",
    "passing_limit",
    "recommend",
    "simplify",
    "title_in_words",
    "trade_off_table",
    "trade_offs",
    "try_reactions",
    "try_values",
    "under_reaction",
    "unmet",
    "unmet_told",
    "values_held_out",
    "weighted_uplift",
]
