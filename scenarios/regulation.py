"""Regulation: what the law of this world forbids a programme to do, from a day on, whatever its policy says.

Serves the scenario. The model of a ban on expiry is Ontario's, where points must not go by the passage of time alone
(Consumer Protection Act, amended 2016, in force since 2018) while expiry by inactivity stays allowed. That of a notice
before a membership renews itself is California's (Business and Professions Code, section 17602, as amended by AB 390 of
2021, in force since July 2022): between 15 and 45 days ahead, for terms of a year or more.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import model_validator

from memberlab.policies import CountNotation, Day, Membership, Money, Section, fault


class RenewalNotice(Section):
    """A message to the member that the law demands before a paid membership renews itself.

    California demands it 15 to 45 days ahead for terms of a year or more (Business and Professions Code, section 17602,
    as amended in 2021, in force since July 2022); France one to three months ahead (Code de la consommation, article
    L215-1, the Chatel law of 2005). The US rule on negative options ("click to cancel", 2024, set aside by a court in
    2025) has none. Where a policy sends no reminder, or later, the shop sends it as the law says, and pays for it.
    """

    days: Annotated[int, CountNotation("days", minimum=1, maximum=90)] = 15
    """Days before the end of a term by which the message must have gone out."""
    cost: Money = 0
    """What a message costs where the policy has no reminder of its own. In code: cents."""
    shortest_term_months: Annotated[int, CountNotation("months", minimum=1, maximum=36)] = 12
    """Shortest term for which it is demanded; a membership with such a term reminds the members of all its plans."""


class Regulation(Section):
    """What is forbidden; the world obeys it, and a policy that promises otherwise does not get its way."""

    since: Day
    """First day on which it holds; may lie before the world begins."""
    points_expiry: Literal["allowed", "forbidden", "by_inactivity_only"] = "allowed"
    """Whether points may expire: not at all, or only after a time without activity."""
    shortest_life_months: Annotated[int, CountNotation("months", minimum=1, maximum=24)] | None = None
    """Months that points must live at least, where the policy tells their life in months or days."""

    renewal_notice: RenewalNotice | None = None
    """Message that is due before a paid membership renews itself, if one is."""

    def notice_for(self, membership: Membership | None) -> RenewalNotice | None:
        """Return the message that is due before terms of a membership; None where it does not renew itself, or has
        shorter terms only.
        """
        notice = self.renewal_notice
        if notice is None or membership is None or not membership.auto_renew:
            return None
        longest = max(plan.months for plan in membership.all_plans)
        return notice if longest >= notice.shortest_term_months else None

    @model_validator(mode="after")
    def _rules_something(self) -> Regulation:
        if self.points_expiry == "allowed" and self.shortest_life_months is None and self.renewal_notice is None:
            raise fault("nothing is regulated; write points_expiry: forbidden, or shortest_life_months: 12")
        if self.points_expiry == "forbidden" and self.shortest_life_months is not None:
            raise fault("points that must not expire have no shortest life; leave shortest_life_months out")
        return self
