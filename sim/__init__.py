"""The virtual market: shoppers who live day by day under a policy, the programme office, the ledger, the world."""

from .assumption import MECHANISMS, Assumption
from .assumption_set import AssumptionSet, assumption_set_names, load_assumption_set, under
from .assumptions import ASSUMPTIONS, FAMILIES, behaviour_record, switched_off
from .calendar import Calendar, calendar_of
from .campaign_report import CAMPAIGN_REPORT
from .card import CARD, Card, are_kept, blank_card, new_cards
from .compiled import cache_folder, card_mechanic, sources_digest
from .fit import fail_if_policy_does_not_fit
from .gamma_quantile import gamma_quantile
from .identities import IDENTITIES, Books, IdentityError, IdentityResult, check_identities, fail_if_broken
from .kept_books import KeptBooks
from .keyed_random import TRAITS_DAY, Purpose, gamma_draws, keyed_uniforms, normal_quantile, replication_seed
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
from .shopper import BYTES_PER_SHOPPER, ENROLLED, GUEST_STATE, LAPSED, LOT_MONTHS, MEMBER, SHOPPER, STATES
from .snapshot import Snapshot, read_snapshot, write_snapshot
from .trace import trace
from .world import World, warm_up

__all__ = [
    "AHEAD",
    "ASSUMPTIONS",
    "BENEFIT_ACCOUNTS",
    "BYTES_PER_SHOPPER",
    "CAMPAIGN_REPORT",
    "CARD",
    "COUNTS",
    "ENROLLED",
    "FAMILIES",
    "GUEST_STATE",
    "IDENTITIES",
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
    "Snapshot",
    "Tie",
    "Visit",
    "World",
    "are_kept",
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
    "fail_if_not_tied_out",
    "fail_if_policy_does_not_fit",
    "gamma_draws",
    "gamma_quantile",
    "keep_log",
    "keyed_uniforms",
    "load_assumption_set",
    "merge_regions",
    "merge_ties",
    "new_cards",
    "no_pilot",
    "normal_quantile",
    "pilot_of",
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
