"""The virtual market: shoppers who live day by day under a policy, the programme office, the ledger, the world."""

from typing import TYPE_CHECKING

from memberlab.policies import lazy_face

if TYPE_CHECKING:
    from .assumption import MECHANISMS, Assumption
    from .assumption_set import AssumptionSet, assumption_set_names, load_assumption_set, under
    from .assumptions import ASSUMPTIONS, FAMILIES, behaviour_record, switched_off
    from .calendar import Calendar, calendar_of
    from .campaign_report import CAMPAIGN_REPORT
    from .card import CARD, Card, are_kept, blank_card, new_cards
    from .cohort import EVERYBODY
    from .compiled import cache_folder, card_mechanic, sources_digest
    from .cut_over_terms import fail_if_migration_does_not_fit, migration_problems, old_fees
    from .fit import fail_if_policy_does_not_fit
    from .gamma_quantile import gamma_quantile
    from .identities import IDENTITIES, Books, IdentityError, IdentityResult, check_identities, fail_if_broken
    from .kept_books import KeptBooks
    from .keyed_random import TRAITS_DAY, Purpose, gamma_draws, keyed_uniforms, normal_quantile, replication_seed
    from .launch_morning import fees_not_earned, launch_morning
    from .ledger import BENEFIT_ACCOUNTS, COUNTS, LEDGER, MONEY, MONEY_LINES, POINTS, Account, MoneyLine
    from .life import Basket, Choice, Condition, Contact, Life, Moment, Visit
    from .log_traits import coupons_an_order, deal_shares
    from .member_pilot import Pilot, no_pilot, pilot_of
    from .member_posterior import Draws, History, Rates, draw_rates, draw_spend_rate, probability_here
    from .member_ties import Tie, fail_if_not_tied_out, merge_ties
    from .month_end import AHEAD, MONTH_END, MonthEnd
    from .notices import scenario_findings
    from .order_log import OrderLog, keep_log
    from .outcome import OPENING, Outcome, merge_regions, points_liability
    from .position import Position, credits_owed, points_owed, position_of
    from .region import Region, regions_of
    from .replay import Difference
    from .rollout_assignment import arms_drawn, is_held_out, places_drawn
    from .rollout_world import INCUMBENT, RolloutWorld
    from .shopper import BYTES_PER_SHOPPER, ENROLLED, GUEST_STATE, LAPSED, LOT_MONTHS, MEMBER, SHOPPER, STATES
    from .snapshot import Snapshot, read_snapshot, write_snapshot
    from .trace import trace
    from .world import World, warm_up
else:
    lazy_face(__name__)

__all__ = [
    "AHEAD",
    "ASSUMPTIONS",
    "BENEFIT_ACCOUNTS",
    "BYTES_PER_SHOPPER",
    "CAMPAIGN_REPORT",
    "CARD",
    "COUNTS",
    "ENROLLED",
    "EVERYBODY",
    "FAMILIES",
    "GUEST_STATE",
    "IDENTITIES",
    "INCUMBENT",
    "LAPSED",
    "LEDGER",
    "LOT_MONTHS",
    "MECHANISMS",
    "MEMBER",
    "MONEY",
    "MONEY_LINES",
    "MONTH_END",
    "OPENING",
    "POINTS",
    "SHOPPER",
    "STATES",
    "TRAITS_DAY",
    "Account",
    "Assumption",
    "AssumptionSet",
    "Basket",
    "Books",
    "Calendar",
    "Card",
    "Choice",
    "Condition",
    "Contact",
    "Difference",
    "Draws",
    "History",
    "IdentityError",
    "IdentityResult",
    "KeptBooks",
    "Life",
    "Moment",
    "MoneyLine",
    "MonthEnd",
    "OrderLog",
    "Outcome",
    "Pilot",
    "Position",
    "Purpose",
    "Rates",
    "Region",
    "RolloutWorld",
    "Snapshot",
    "Tie",
    "Visit",
    "World",
    "are_kept",
    "arms_drawn",
    "assumption_set_names",
    "behaviour_record",
    "blank_card",
    "cache_folder",
    "calendar_of",
    "card_mechanic",
    "check_identities",
    "coupons_an_order",
    "credits_owed",
    "deal_shares",
    "draw_rates",
    "draw_spend_rate",
    "fail_if_broken",
    "fail_if_migration_does_not_fit",
    "fail_if_not_tied_out",
    "fail_if_policy_does_not_fit",
    "fees_not_earned",
    "gamma_draws",
    "gamma_quantile",
    "is_held_out",
    "keep_log",
    "keyed_uniforms",
    "launch_morning",
    "load_assumption_set",
    "merge_regions",
    "merge_ties",
    "migration_problems",
    "new_cards",
    "no_pilot",
    "normal_quantile",
    "old_fees",
    "pilot_of",
    "places_drawn",
    "points_liability",
    "points_owed",
    "position_of",
    "probability_here",
    "read_snapshot",
    "regions_of",
    "replication_seed",
    "scenario_findings",
    "sources_digest",
    "switched_off",
    "trace",
    "under",
    "warm_up",
    "write_snapshot",
]
