"""Listening to a replay: what the rules were asked and answered becomes moments of a life.

Serves the trace. A moment ends when one of the rules that the drivers call is over; whatever was heard and posted since
the moment before belongs to it, so that nothing is left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .keyed_random import Purpose
from .ledger import LEDGER
from .life import (
    FIRST_ORDER,
    HAD_ENOUGH,
    LEFT,
    NOT_TEMPTED,
    NOT_WORTH_IT,
    ORDERED,
    ORDERED_LATER,
    OUT_OF_STOCK,
    PUT_OFF,
    STAYED_AWAY,
    Basket,
    Choice,
    Condition,
    Contact,
    Life,
    Moment,
    Visit,
    condition_of,
    lots_of,
)
from .membership import LETS_GO, joining_utility, staying_utility
from .plain import Listener, listening
from .replay import Replay
from .shopper import LAPSED, MEMBER
from .tape import Kind, Tape
from .utility_parts import parts_of_buying_utility, parts_of_membership_utility

Call = Mapping[str, Any]

MEASURES = LEDGER.names or ()

MOMENTS = {
    "open_month": "month", "open_card_month": "month", "end_term": "term", "attend": "office", "visit": "visit",
}  # fmt: skip
"""The rules with whose end a moment ends, and its kind."""

TURNS = {Kind.CAMPAIGN: "campaign", Kind.EVENT: "event", Kind.BOOKS: "books"}


class Observer:
    """The listener of one replay."""

    def __init__(self, replay: Replay) -> None:
        """Look at the shopper as the replay begins."""
        self._replay = replay
        self._moments: list[Moment] = []
        first = replay.tape.turns[0]
        self._month = int(replay.market["month"][0]) - int(first["opens_month"])
        self._now, self._lots = self._read()
        self._opening = self._now
        self._posted: dict[int, NDArray[np.int64]] = {}  # by day, up to the last moment
        self._forget()

    def observe(self) -> Life:
        """Live the replay, and return the life."""
        with listening(self.listeners()):
            differences = self._replay.live(self)
        card = self._replay.cards[0]
        held = card["lot_points"] > 0
        return Life(
            shopper=self._replay.tape.number,
            first_day=self._replay.tape.origin,
            moments=tuple(self._moments),
            opening=self._opening,
            closing=self._now,
            lots={month: points for month, points in self._lots.items() if points},
            dated_lots=dict(zip(card["lot_days"][held].tolist(), card["lot_points"][held].tolist(), strict=True)),
            turns=len(self._replay.tape.turns),
            differences=tuple(differences),
        )

    def listeners(self) -> dict[str, Listener]:
        """Return who listens to which rule."""
        told: dict[str, Listener] = {
            "uniform": self._hear_draw,
            "shop": self._hear_shopping,
            "buying_utility": self._hear_utility,
            "chooses_to_redeem": self._hear_redemption,
            "joining_utility": self._hear_joining,
            "utility_of_all_plans": lambda call, result: self._heard.setdefault("all_plans", result),
            "staying_utility": self._hear_staying,
            "consider_membership": self._hear_thought_of_membership,
            "fee_accepted": self._hear_renewal,
            "wants_to_stay": self._hear_thought_of_leaving,
            "prompt": self._hear_prompt,
            "win_back": self._hear_win_back,
            "send_message": lambda call, sent: self._hear_contact("message", call, sent),
            "give_campaign_gift": lambda call, given: self._hear_contact("gift", call, given),
            "enjoy_event": lambda call, _: self._hear_contact("event", call, True),
        }
        for name in ("highest_utility", "find_campaigns", "logit", "felt_share", "cancelled_by_debt", "first_fee",
                     "redeeming_utility", "fill_basket", "puts_off", "places_what_was_put_off"):  # fmt: skip
            told[name] = self._remember(name)
        for name, kind in MOMENTS.items():
            if name != "open_month" or self._replay.programme["keeps_cards"][0] == 0:  # else it goes on with the card
                told[name] = self._ending(kind)
        return told

    # the turns of the replay

    def meet_others(self, day: int) -> None:
        """Note what others have done to the shopper since."""
        self._end("others", day)

    def end_turn(self, kind: Kind, day: int, campaign: int) -> None:
        """Note what a turn has left beside the moments of its days."""
        if kind in TURNS:
            self._end(TURNS[kind], day - 1 if kind == Kind.BOOKS else day)

    # what is heard

    def _forget(self) -> None:
        self._heard: dict[str, Any] = {}
        self._draws: dict[int, float] = {}
        self._choices: list[Choice] = []
        self._contacts: list[Contact] = []

    def _remember(self, name: str) -> Listener:
        return lambda call, result: self._heard.update({name: result})

    def _ending(self, kind: str) -> Listener:
        def listen(call: Call, result: Any) -> None:
            visit = None
            if kind == "visit":
                visit = self._visit(call, self._posted_since(call["day"])[0])
            self._end(kind, call["day"], visit)

        return listen

    def _hear_draw(self, call: Call, result: float) -> None:
        self._draws[int(call["purpose"])] = float(result)

    def _hear_utility(self, call: Call, result: float) -> None:
        self._heard.update(utility=result, parts=parts_of_buying_utility(call, result))

    def _hear_shopping(self, call: Call, result: None) -> None:
        self._heard["shopped"] = True
        if "fill_basket" not in self._heard:
            return  # was found to have left
        order = call["o"]
        numbers = {order.price_campaign, order.points_campaign, order.shipping_campaign} if order.campaigns else set()
        self._heard["basket"] = Basket(
            list_value=order.list_value,
            goods=order.goods,
            added=order.added,
            shipping_fee=order.shipping_fee,
            paid_by_points=order.paid_by_points,
            paid_by_credit=order.paid_by_credit,
            points_spent=order.points_spent,
            points=order.points,
            felt_share=self._heard.get("felt_share"),
            campaigns=tuple(sorted(number - 1 for number in numbers if number > 0)),
        )

    def _hear_redemption(self, call: Call, result: bool) -> None:
        if (draw := self._draws.get(Purpose.REDEMPTION)) is not None:
            utility = self._heard["redeeming_utility"]
            self._choices.append(Choice("pay with points", result, utility, draw, {}, None, call["value"]))

    def _hear_joining(self, call: Call, result: float) -> None:
        if call["plan"] == 0 and "joining" not in self._heard:  # else of the plan that is taken
            parts = parts_of_membership_utility(joining_utility, call, result)
            self._heard["joining"] = (result, parts, call["believed"], self._heard["first_fee"])

    def _hear_staying(self, call: Call, result: float) -> None:
        parts = parts_of_membership_utility(staying_utility, call, result)
        self._heard["staying"] = (result, parts, call["believed"], call["cost"])

    def _hear_thought_of_membership(self, call: Call, result: None) -> None:
        draw = self._draws.get(Purpose.JOIN_MEMBERSHIP)
        if draw is None:
            return
        utility, parts, believed, cost = self._heard["joining"]
        if "all_plans" in self._heard:
            whole = self._heard["all_plans"]
            parts, utility = {**parts, "choice of plans": whole - utility}, whole
        joined = call["s"].status & MEMBER != 0
        self._choices.append(Choice("join", joined, utility, draw, parts, believed, cost))

    def _hear_renewal(self, call: Call, result: int) -> None:
        renewed = result != LETS_GO
        draw = self._draws.get(Purpose.RENEW_MEMBERSHIP)
        if draw is not None:
            utility, parts, believed, cost = self._heard["staying"]
            self._choices.append(Choice("renew", renewed, utility, draw, parts, believed, cost))
        else:
            cost = result if renewed else None
            self._choices.append(Choice("renew", renewed, None, None, {}, call["s"].expected_benefit, cost))

    def _hear_thought_of_leaving(self, call: Call, result: bool) -> None:
        if "staying" in self._heard:
            utility, parts, believed, cost = self._heard["staying"]
            draw = self._draws[int(call["purpose"])]
            self._choices.append(Choice("keep", result, utility, draw, parts, believed, cost))

    def _hear_prompt(self, call: Call, result: None) -> None:
        if call["s"].status & LAPSED == 0:  # nothing brings one who has left
            self._heard["prompted"] = True

    def _hear_win_back(self, call: Call, result: None) -> None:
        if self._heard.pop("prompted", False):  # the message told before has brought back who had left
            self._contacts[-1] = replace(self._contacts[-1], brought=True)

    def _hear_contact(self, kind: str, call: Call, happened: bool) -> None:
        brought = self._heard.pop("prompted", False)
        if happened:
            self._contacts.append(Contact(kind, call["number"], brought))

    # moments

    def _visit(self, call: Call, posted: Mapping[str, int]) -> Visit:
        """Return what the visit that is just over was."""
        heard = self._heard
        return Visit(
            outcome=outcome_of(posted, heard),
            prompted=call["c"].prompted_day == call["day"],
            attendance=call["m"].attendance if Purpose.ATTENDANCE in self._draws else None,
            attendance_draw=self._draws.get(Purpose.ATTENDANCE),
            hurdle=heard.get("logit"),
            bound=heard["highest_utility"] + heard.get("find_campaigns", 0.0) if "highest_utility" in heard else None,
            utility=heard.get("utility"),
            parts=heard.get("parts", {}),
            basket=heard.get("basket"),
        )

    def _end(self, kind: str, day: int, visit: Visit | None = None) -> None:
        """End a moment with what was heard and posted since the last."""
        posted, sums = self._posted_since(day)
        if kind == "month":
            self._month = int(self._replay.market["month"][0])
        now, lots = self._read()
        months = lots.keys() | self._lots.keys()
        moved = {month: change for month in sorted(months)
                 if (change := lots.get(month, 0) - self._lots.get(month, 0))}  # fmt: skip
        choices, contacts = tuple(self._choices), tuple(self._contacts)
        moment = Moment(day, kind, visit, choices, contacts, posted, moved, self._now, now)
        if not moment.is_silent:
            self._moments.append(moment)
        self._now, self._lots = now, lots
        self._posted[day] = sums
        self._forget()

    def _posted_since(self, day: int) -> tuple[dict[str, int], NDArray[np.int64]]:
        """Return the measures posted on `day` since the last moment, and the sums of all of its measures."""
        row = day - self._replay.tape.origin
        ledgers = (self._replay.own, self._replay.events)
        if row == len(ledgers[0]):
            return {}, np.zeros(len(MEASURES), np.int64)
        sums = np.sum([ledger[row].view(np.int64).reshape(-1, len(MEASURES)).sum(axis=0) for ledger in ledgers], axis=0)
        since = sums - self._posted[day] if day in self._posted else sums
        return {MEASURES[place]: int(since[place]) for place in np.flatnonzero(since)}, sums

    def _read(self) -> tuple[Condition, dict[int, int]]:
        """Return what the shopper owns and feels, and the points by month of earning."""
        shopper = self._replay.shoppers[0]
        return condition_of(shopper, self._replay.cards[0]), lots_of(shopper, self._month)


def outcome_of(posted: Mapping[str, int], heard: Mapping[str, Any]) -> str:
    """Return how a visit ended, by what was posted and heard."""
    if "orders" in posted:
        if heard.get("places_what_was_put_off"):
            return ORDERED_LATER
        return FIRST_ORDER if "first_orders" in posted else ORDERED
    if "visits" not in posted:
        return LEFT if "lapses" in posted else STAYED_AWAY
    if "orders_lost_to_stock_outs" in posted:
        return OUT_OF_STOCK
    if heard.get("cancelled_by_debt"):
        return HAD_ENOUGH
    if heard.get("puts_off"):
        return PUT_OFF
    if "utility" in heard:
        return NOT_WORTH_IT
    return LEFT if "shopped" in heard else NOT_TEMPTED


def observe(tape: Tape) -> Life:
    """Return the life on a tape, lived again; rules must run as plain Python."""
    return Observer(Replay(tape)).observe()
