"""The compiled drivers: they carry all shoppers of a region from one SimPy event to the next.

Serves the world. Two drivers, same rules, same bits: shopper by shopper (the default), and day by day through a list of
shoppers that are due, fetched ahead of use, for when something couples shoppers daily.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .attrition import settle
from .card import Card
from .compiled import kernel, rule
from .day_book import has_news, write_down
from .keyed_random import shopper_key
from .membership import end_term
from .membership_term import earn_fee
from .month import open_card_month, open_month
from .office_day import attend
from .order_days import note_order_day, rows_for_twin
from .prefetch import (
    FETCH_AHEAD,
    NEXT_DUE_AHEAD,
    prefetch,
    prefetch_all,
    prefetch_all_of_card,
    prefetch_card,
)  # fmt: skip
from .rival import in_rival_programme
from .shopper import ENROLLED, GUEST_STATE, LAPSED, MEMBER, NEVER, Shopper
from .soft_landing import terms_of
from .visit import visit, visits_count


@rule
def place(number: int) -> np.uint64:
    """Return `number` as an index that cannot be negative, so that Numba leaves out counting from the end."""
    return np.uint64(number)


@rule
def state_of(s: Shopper) -> np.uint64:
    """Return the ledger state: two for each tier (without and with paid membership), and one for guests."""
    if s.status & ENROLLED == 0:
        return place(GUEST_STATE)
    return place(2 * s.tier + (1 if s.status & MEMBER else 0))


@rule
def whole(stored: int) -> int:
    """Return a day that is stored in 16 bits in the width in which rules count days.

    Otherwise Numba would compile every rule of a visit twice, for either width.
    """
    return stored + 0


@rule
def next_event_day(s: Shopper, c: Card, next_visit: int) -> int:
    """Return the day of the shopper's next own event: a visit, the end of a paid term or business of the office."""
    return min(whole(next_visit), whole(s.term_end), whole(c.office_day), whole(c.prompted_day))


@rule
def is_visited(c: Card, candidate: int, today: int) -> bool:
    """Return whether today is the shopper's own candidate day or one that the shop prompted."""
    return candidate == today or c.prompted_day == today  # noqa: PLR1714 - a tuple is slower when compiled


@rule
def after_visit(s: Shopper, c: Card, candidate: int, following: int, today: int) -> int:
    """Return the next candidate day after a visit today; a visit that the shop prompted leaves the shopper's own as
    they were.
    """
    if c.prompted_day == today:
        c.prompted_day = NEVER
        if candidate != today and s.status & LAPSED == 0:
            return candidate
    elif c.prompted_day < NEVER and s.status & LAPSED:
        c.prompted_day = NEVER  # who has left does not come when once prompted to
    return following


@kernel
def open_month_for_all(
    shoppers: NDArray[np.void], cards: NDArray[np.void], due: NDArray[np.int16], terms: NDArray[np.void],
    programme: NDArray[np.void], behaviour: NDArray[np.void], market: NDArray[np.void], order: NDArray[np.void],
    day_book: NDArray[np.void], ledger: NDArray[np.void], cohorts: NDArray[np.uint8], day: int, origin: int,
    hashed_seed: np.uint64, first_shopper: int,
) -> None:  # fmt: skip
    """Run the month's office work on every shopper of the region; `ledger` begins on day `origin`."""
    p, b, m = programme[0], behaviour[0], market[0]
    for i in range(shoppers.shape[0]):
        if cohorts[place(i * p.has_cohorts)] != p.cohort:
            continue
        if p.keeps_cards:
            prefetch_all_of_card(cards, i + 1)
        s, c = shoppers[i], cards[place(i * p.keeps_cards)]
        key = shopper_key(hashed_seed, first_shopper + i)
        state = state_of(s)
        own = terms[terms_of(s, c, p, state)]
        rival = in_rival_programme(s, own, p, b, m, key)
        open_month(s, c, own, p, b, m, ledger[place(day - origin), state], day, rival, key)
        if p.keeps_cards:
            state = state_of(s)
            own = terms[terms_of(s, c, p, state)]
            rival = in_rival_programme(s, own, p, b, m, key)
            open_card_month(s, c, own, p, b, m, ledger[place(day - origin), state], day, rival, key)
        due[i] = next_event_day(s, c, s.next_visit)


@kernel
def live_shopper_by_shopper(
    shoppers: NDArray[np.void], cards: NDArray[np.void], due: NDArray[np.int16], terms: NDArray[np.void],
    programme: NDArray[np.void], behaviour: NDArray[np.void], market: NDArray[np.void], order: NDArray[np.void],
    day_book: NDArray[np.void], ledger: NDArray[np.void], order_days: NDArray[np.uint8], cohorts: NDArray[np.uint8],
    day: int, until: int, origin: int, hashed_seed: np.uint64, first_shopper: int, opens_month: bool,
) -> None:  # fmt: skip
    """Carry every shopper from `day` to `until`, one after the other; with `opens_month`, its office work comes
    first.
    """
    p, b, m, o = programme[0], behaviour[0], market[0], order[0]
    o.most_of = 0  # the policy or the depth of a campaign may be another since
    every_visit_counts = visits_count(p, m)
    for i in range(shoppers.shape[0]):
        ahead = i + NEXT_DUE_AHEAD
        if p.keeps_cards and ahead < shoppers.shape[0] and (due[ahead] < until or opens_month):
            prefetch_all(shoppers, ahead)
            prefetch_all_of_card(cards, ahead)
        if (due[i] >= until and not opens_month) or cohorts[place(i * p.has_cohorts)] != p.cohort:
            continue
        s, c = shoppers[i], cards[place(i * p.keeps_cards)]
        key = shopper_key(hashed_seed, first_shopper + i)
        if opens_month:
            state = state_of(s)
            own = terms[terms_of(s, c, p, state)]
            rival = in_rival_programme(s, own, p, b, m, key)
            open_month(s, c, own, p, b, m, ledger[place(day - origin), state], day, rival, key)
            if p.keeps_cards:
                state = state_of(s)
                own = terms[terms_of(s, c, p, state)]
                rival = in_rival_programme(s, own, p, b, m, key)
                open_card_month(s, c, own, p, b, m, ledger[place(day - origin), state], day, rival, key)
        next_visit = whole(s.next_visit)  # in a register: the next day is what the processor waits for
        today = next_event_day(s, c, next_visit)
        while today < until:
            state = state_of(s)
            if today == s.term_end:
                own = terms[terms_of(s, c, p, state)]
                rival = in_rival_programme(s, own, p, b, m, key)
                end_term(s, c, own, p, b, m, ledger[place(today - origin), state], today, rival, key)
                state = state_of(s)
            if today == c.office_day:
                s.next_visit = next_visit
                own = terms[terms_of(s, c, p, state)]
                rival = in_rival_programme(s, own, p, b, m, key)
                attend(s, c, own, p, b, m, ledger[place(today - origin), state], today, rival, key)
                next_visit = whole(s.next_visit)
                state = state_of(s)
            if is_visited(c, next_visit, today):
                posted_to = state + rows_for_twin(p, order_days, place(i), today - origin)
                row, own = ledger[place(today - origin), posted_to], terms[terms_of(s, c, p, state)]
                rival = in_rival_programme(s, own, p, b, m, key)
                following = visit(s, c, own, p, b, m, o, row, today, rival, every_visit_counts, key)
                note_order_day(s, p, order_days, place(i), today, origin)
                next_visit = after_visit(s, c, next_visit, following, today)
                if has_news(s, c, p, o):
                    write_down(day_book[place(m.notices)], o, terms[state], first_shopper + i)
                    m.notices += 1
            today = next_event_day(s, c, next_visit)
        s.next_visit = next_visit
        due[i] = today


@kernel
def live_day_by_day(
    shoppers: NDArray[np.void], cards: NDArray[np.void], due: NDArray[np.int16], terms: NDArray[np.void],
    programme: NDArray[np.void], behaviour: NDArray[np.void], market: NDArray[np.void], order: NDArray[np.void],
    day_book: NDArray[np.void], ledger: NDArray[np.void], order_days: NDArray[np.uint8], cohorts: NDArray[np.uint8],
    day: int, until: int, origin: int, hashed_seed: np.uint64, first_shopper: int,
) -> None:  # fmt: skip
    """Carry every shopper from `day` to `until`, all of a day before the next."""
    p, b, m, o = programme[0], behaviour[0], market[0], order[0]
    o.most_of = 0  # the policy or the depth of a campaign may be another since
    every_visit_counts = visits_count(p, m)
    today_list = np.empty(shoppers.shape[0], np.int64)
    for today in range(day, until):
        count = 0
        for i in range(shoppers.shape[0]):
            today_list[count] = i
            count += due[i] == today
        for position in range(count):
            if position + FETCH_AHEAD < count:
                prefetch(shoppers, today_list[position + FETCH_AHEAD])
                if p.keeps_cards:
                    prefetch_card(cards, today_list[position + FETCH_AHEAD])
            if p.keeps_cards and position + FETCH_AHEAD // 2 < count:
                near = today_list[position + FETCH_AHEAD // 2]
                if cards[near].office_day == today:  # business reads all of a card; its first line is here by now
                    prefetch_all(shoppers, near)
                    prefetch_all_of_card(cards, near)
            i = today_list[position]
            if cohorts[place(i * p.has_cohorts)] != p.cohort:
                continue
            s, c = shoppers[i], cards[place(i * p.keeps_cards)]
            key = shopper_key(hashed_seed, first_shopper + i)
            state = state_of(s)
            if today == s.term_end:
                own = terms[terms_of(s, c, p, state)]
                rival = in_rival_programme(s, own, p, b, m, key)
                end_term(s, c, own, p, b, m, ledger[place(today - origin), state], today, rival, key)
                state = state_of(s)
            if today == c.office_day:
                own = terms[terms_of(s, c, p, state)]
                rival = in_rival_programme(s, own, p, b, m, key)
                attend(s, c, own, p, b, m, ledger[place(today - origin), state], today, rival, key)
                state = state_of(s)
            if is_visited(c, s.next_visit, today):
                posted_to = state + rows_for_twin(p, order_days, place(i), today - origin)
                row, own = ledger[place(today - origin), posted_to], terms[terms_of(s, c, p, state)]
                rival = in_rival_programme(s, own, p, b, m, key)
                following = visit(s, c, own, p, b, m, o, row, today, rival, every_visit_counts, key)
                note_order_day(s, p, order_days, place(i), today, origin)
                s.next_visit = after_visit(s, c, s.next_visit, following, today)
                if has_news(s, c, p, o):
                    write_down(day_book[place(m.notices)], o, terms[state], first_shopper + i)
                    m.notices += 1
            due[i] = next_event_day(s, c, s.next_visit)


@kernel
def settle_everyone(
    shoppers: NDArray[np.void], cards: NDArray[np.void], terms: NDArray[np.void], programme: NDArray[np.void],
    behaviour: NDArray[np.void], market: NDArray[np.void], cohorts: NDArray[np.uint8], day: int,
    hashed_seed: np.uint64, first_shopper: int,
) -> None:  # fmt: skip
    """Carry goodwill and life of every enrolled shopper up to `day` under `terms`, before the terms change."""
    p, b, m = programme[0], behaviour[0], market[0]
    for i in range(shoppers.shape[0]):
        s, c = shoppers[i], cards[place(i * p.keeps_cards)]
        if s.status & ENROLLED and cohorts[place(i * p.has_cohorts)] == p.cohort:
            own = terms[terms_of(s, c, p, state_of(s))]
            rival = in_rival_programme(s, own, p, b, m, shopper_key(hashed_seed, first_shopper + i))
            settle(s, own, b, m, day, rival)


@kernel
def close_books(
    shoppers: NDArray[np.void], cards: NDArray[np.void], programme: NDArray[np.void], market: NDArray[np.void],
    ledger: NDArray[np.void], cohorts: NDArray[np.uint8], day: int, origin: int,
) -> None:  # fmt: skip
    """Earn the fees of the running month up to `day`, on the last day of the ledger that is being closed."""
    p, m = programme[0], market[0]
    for i in range(shoppers.shape[0]):
        s, c = shoppers[i], cards[place(i * p.keeps_cards)]
        if s.status & MEMBER and cohorts[place(i * p.has_cohorts)] == p.cohort:
            earn_fee(s, c, p, ledger[place(day - 1 - origin), state_of(s)], m.fees_until, day)
