"""What campaigns can contradict in the rest of a policy: tiers, channels, points and memberships that do not exist.

Serves loading: each contradiction is reported at its place, with the mend.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .campaigns import MOST_CAMPAIGNS, Campaign
from .occasions import OwnDay, Personal, personal_occasion
from .problems import hint

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .policy import Policy
    from .yaml_reader import Path


def campaign_contradictions(policy: Policy) -> Iterator[tuple[Path, str]]:
    """Yield what campaigns contradict in tiers, membership, points and contact."""
    if len(policy.campaigns) > MOST_CAMPAIGNS:
        yield ("campaigns",), f"{len(policy.campaigns)} campaigns are too many; write {MOST_CAMPAIGNS} or fewer"
    for name, campaign in policy.campaigns.items():
        for path, message in _faults(campaign, policy):
            yield ("campaigns", name, *path), message


def _faults(campaign: Campaign, policy: Policy) -> Iterator[tuple[Path, str]]:
    yield from _target_faults(campaign, policy)
    yield from _contact_faults(campaign, policy)
    gives_points = campaign.points_multiplier > 100 or campaign.bonus_points
    gives_points = gives_points or any(step.points for step in campaign.challenge.values())
    if gives_points and policy.points is None:
        field = "challenge" if not (campaign.bonus_points or campaign.points_multiplier > 100) else "bonus_points"
        field = "points_multiplier" if campaign.points_multiplier > 100 else field
        yield (field,), "gives points, but the policy has none; write a points section, or leave it out"
    if campaign.points_multiplier < 100:
        yield (
            ("points_multiplier",),
            "is below 1 and would take points away; write 1 or more",
        )
    own = personal_occasion(campaign.when)
    if own is not None and campaign.event is not None:
        yield ("event",), "an event is held on days of the calendar, not on each member's own; write dates in when"
    if (
        own is not None
        and own.kind is Personal.CHALLENGE
        and not any(one.challenge for one in policy.campaigns.values())
    ):
        yield ("when",), "waits for a challenge, but no campaign has one; write a challenge, or other days"
    activities = None if policy.points is None else policy.points.activities
    is_reviewed = activities is not None and activities.review is not None
    if own is not None and own.kind is Personal.REVIEWS and not is_reviewed:
        yield ("when",), "waits for reviews, but members write none; write points.activities.review, or other days"
    gives = campaign.gives_on_orders or campaign.gift is not None
    if not gives and campaign.event is None and campaign.message is None:
        yield (), "gives nothing and tells nobody; write a benefit, an event or a message, or drop it"


def _target_faults(campaign: Campaign, policy: Policy) -> Iterator[tuple[Path, str]]:
    to = campaign.to
    known = tuple(policy.tiers)
    for tier in to.tiers:
        if tier not in known:
            has = hint(tier, known) if known else "; the policy has no tiers"
            yield ("to", "tiers"), f"unknown tier '{tier}'{has}"
    if to.members == "paid" and policy.membership is None:
        yield ("to", "members"), "means paid members, but the policy has no membership; write one, or everyone"
    own = personal_occasion(campaign.when)
    if own is not None and own.kind is Personal.SILENCE and _never_silent(campaign, own):
        yield ("to",), f"leaves nobody who has been silent for {own.count} days; write other stages or days"


def _never_silent(campaign: Campaign, own: OwnDay) -> bool:
    """Return whether the target excludes everybody who has been silent for so long."""
    until = campaign.to.last_order_until
    return until is not None and until < own.count


def _contact_faults(campaign: Campaign, policy: Policy) -> Iterator[tuple[Path, str]]:
    if campaign.personalised is not None and campaign.message is None:
        yield ("personalised",), "makes messages personal, but there is none; write message, or leave it out"
    if campaign.message is None:
        return
    contact = policy.contact
    if contact is None:
        yield ("message",), f"'{campaign.message}' is no channel: the policy has no contact section; write one"
    elif campaign.message not in contact.channels:
        yield ("message",), f"unknown channel '{campaign.message}'{hint(campaign.message, tuple(contact.channels))}"
