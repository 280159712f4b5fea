"""The report of `memberlab cutover`: what happens to members on the morning on which another policy takes over.

Serves whoever decides on a launch day. Sentences are built from the frames (results/cutover/catalogue.py).
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from .cards import Card
from .cutover_tables import kinds_table, losers_chart, moves_table, paid_table, steps_chart
from .parts import Fragment, Part, Report, Section
from .provenance import provenance
from .stored_run import StoredRun, refusal
from .tier_flow_chart import tier_flow_chart
from .wording import Wording, to_translate


def cutover_report(run: StoredRun, language: str) -> Report:
    """Return the report of a folder of `memberlab cutover`."""
    frames = {}
    for name in ("members", "tier-flows", "points-steps", "memberships", "losers", "worst-kinds"):
        table = run.table(name)
        if table is None:
            raise refusal(run.folder, f"holds no {name}.parquet; write the cut-over again")
        frames[name] = table
    wording = Wording(language, str(run.fact("currency")))
    names, threshold = run.fact("names"), float(run.fact("threshold"))
    flows, members = frames["tier-flows"], frames["members"]
    shown = flows.rename(columns={"old_tier": "opening_tier", "new_tier": "closing_tier", "members": "shoppers"})
    tiers: list[Part] = [tier_flow_chart(shown, wording, "tier-flows", names["candidate"])] if len(flows) > 1 else []
    sections = [
        Section("figures", wording.text("The morning in figures"), (), [_cards(frames, wording)]),
        Section("tiers", wording.text("Tiers"), (), [*tiers, moves_table(flows, wording)]),
        Section("points", wording.text("Points and their liability"), (), [steps_chart(frames["points-steps"],
                                                                                       wording)]),
    ]  # fmt: skip
    if len(frames["memberships"]):
        sections.append(Section("memberships", wording.text("Paid memberships"), (),
                                [paid_table(frames["memberships"], wording)]))  # fmt: skip
    sections.append(_losers(members, frames, threshold, wording))
    return Report(
        wording.text("The morning on which {candidate} takes over from {incumbent}", candidate=names["candidate"],
                     incumbent=names["incumbent"]),
        wording.text("in {scenario}, {members} members; nothing is simulated beyond that morning",
                     scenario=names["scenario"], members=wording.figure(len(members), "count")),
        [_launch(members, frames, wording), _give_back(members, frames, threshold, wording)],
        [*sections, provenance(run, wording)],
    )  # fmt: skip


def _share(count: float, of: float, wording: Wording) -> str:
    return wording.figure(count / max(1, of), "share")


def _liability(frames: dict[str, pd.DataFrame]) -> tuple[float, float]:
    steps = frames["points-steps"]["liability"]
    return float(steps.iloc[0]), float(steps.iloc[-1])


def _launch(members: pd.DataFrame, frames: dict[str, pd.DataFrame], wording: Wording) -> str:
    """Return what the morning does to tiers, points and paid memberships."""
    down, up = (int((members["move"] == one).sum()) for one in ("down", "up"))
    if down or up:
        parts = [wording.text("{down} of {all} members ({share}) go down a tier and {up} go up",
                              down=wording.figure(down, "count"), all=wording.figure(len(members), "count"),
                              share=_share(down, len(members), wording), up=wording.figure(up, "count"))]  # fmt: skip
    else:
        parts = [wording.text("no member goes up or down a tier")]
    steps: Any = frames["points-steps"].set_index("step")
    for step, sentence in (
        (
            "forced expiry",
            to_translate("{points} points of {members} members expire because they are too old for the new rule"),
        ),
        ("forfeited", to_translate("{points} points of {members} members are forfeited")),
    ):
        if step in steps.index and steps.at[step, "points"]:
            parts.append(wording.text(sentence, points=wording.figure(-steps.at[step, "points"], "count"),
                                      members=wording.figure(steps.at[step, "members"], "count")))  # fmt: skip
    before, after = (wording.figure(one, "money") for one in _liability(frames))
    parts.append(
        wording.text("the points liability stays at {amount}", amount=before) if before == after
        else wording.text("the points liability goes from {before} to {after}", before=before, after=after)
    )  # fmt: skip
    paid: Any = frames["memberships"].set_index("paid_membership")
    if "refunded" in paid.index:
        parts.append(wording.text("{members} paid memberships end with refunds of {amount}",
                                  members=wording.figure(paid.at["refunded", "members"], "count"),
                                  amount=wording.figure(paid.at["refunded", "refunded"], "money")))  # fmt: skip
    if "converted" in paid.index:
        parts.append(wording.text("{members} paid memberships are converted",
                                  members=wording.figure(paid.at["converted", "members"], "count")))  # fmt: skip
    return wording.text("On that morning {parts}.", parts=wording.text("; ").join(parts))


def _give_back(
    members: pd.DataFrame, frames: dict[str, pd.DataFrame], threshold: float, wording: Wording
) -> str:  # fmt: skip
    """Return who would have got less for the orders of the year before."""
    had = members[members["give_back_before"] > 0]
    if not len(had):
        return wording.text("Nobody got anything back for the orders of the year before.")
    net = float(had["change"].sum())
    together = (
        wording.text("all members together {amount} more", amount=wording.figure(net, "money"))
        if net >= 0
        else wording.text("all members together {amount} less", amount=wording.figure(-net, "money"))
    )
    falling = had[had["falls"]]
    share = wording.figure(threshold, "share")
    if not len(falling):
        return wording.text("For the orders of the year before nobody would have got more than {threshold} less; "
                            "{together}.", threshold=share, together=together)  # fmt: skip
    return wording.text(
        "For the orders of the year before {members} members ({share} of those who got something back) would have got "
        "more than {threshold} less, {lost} together; {together}.",
        members=wording.figure(len(falling), "count"), share=_share(len(falling), len(had), wording), threshold=share,
        lost=wording.figure(-float(falling["change"].sum()), "money"), together=together,
    )  # fmt: skip


def _cards(frames: dict[str, pd.DataFrame], wording: Wording) -> Fragment:
    members = frames["members"]
    had = members[members["give_back_before"] > 0]
    before, after = _liability(frames)
    down, up = (int((members["move"] == one).sum()) for one in ("down", "up"))
    falling = int(had["falls"].sum())
    cards = [
        Card(wording.text("Members down a tier"), wording.figure(down, "count"),
             wording.text("{up} go up, of {all}", up=wording.figure(up, "count"),
                          all=wording.figure(len(members), "count"))),
        Card(wording.text("Points liability"), wording.difference(after - before, "money"),
             wording.text("from {before} to {after}", before=wording.figure(before, "money"),
                          after=wording.figure(after, "money"))),
        Card(wording.text("Members who lose much"), wording.figure(falling, "count"),
             wording.text("{share} of those who got something back", share=_share(falling, len(had), wording))),
        Card(wording.text("Given back a year"), wording.difference(float(had["change"].sum()), "money"),
             wording.text("for the same orders, of {amount}",
                          amount=wording.figure(float(had["give_back_before"].sum()), "money"))),
    ]  # fmt: skip
    return Fragment("cards.html.j2", {"cards": cards, "title": wording.text("On launch morning")})


def _losers(
    members: pd.DataFrame, frames: dict[str, pd.DataFrame], threshold: float, wording: Wording
) -> Section:  # fmt: skip
    """Return whose give-back falls, by tier and tenth, and the kinds hit hardest."""
    said = wording.text(
        "Each member's orders of the 12 months before launch are given back once by the terms of the old policy and "
        "once "
        "by those of the new one, with nobody reacting; a member loses much where that falls by more than {threshold}.",
        threshold=wording.figure(threshold, "share"),
    )  # fmt: skip
    parts: list[Part] = []
    if frames["losers"]["falling"].sum():
        parts.append(losers_chart(frames["losers"], wording))
    if len(frames["worst-kinds"]):
        parts.append(kinds_table(frames["worst-kinds"], wording))
    return Section("losers", wording.text("Who gets less for the same orders"), [said], parts)
