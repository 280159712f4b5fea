"""The manifest of a member file: what its tables do not say. Written by people, or by `write_members`.

Serves whoever exports members, and scenarios, which name it.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, field_validator

from memberlab.policies import CountNotation, Currency, Day, RuleDocument, Slug, fault

Path = Annotated[str, Field(min_length=1, max_length=1_000)]
"""A path, seen from the manifest's folder."""


class MemberManifest(RuleDocument):
    """A member file, version 1: when it was drawn up, in which currency, and where its tables are."""

    name: Slug = "members"
    """Short name, used in tables and as a file name."""
    as_of: Day
    """Morning that the file describes, before anything of that day has happened: the first of a month. A file of the
    evening of 31 December is as of 1 January."""
    currency: Currency
    """Currency of every amount."""
    members: Path
    """The table of members, .csv or .parquet, seen from the manifest's folder."""
    lots: Path | None = None
    """The table of points lots, if there is one."""
    points_unit: Annotated[int, CountNotation("points of the policy", minimum=1, maximum=1_000_000)] = 1
    """Points of the policy that one point of the file stands for; 100 for a file that counts in hundreds."""
    ids: Literal["plain", "hashed"] = "plain"
    """Whether member ids are the retailer's, to be hashed on reading, or are hashes already."""
    salt: Path | None = None
    """File with the secret salt of the hashes; left out, the salt is drawn anew each time and forgotten, so that nobody
    can be found again."""

    @field_validator("as_of")
    @classmethod
    def _is_the_first_of_a_month(cls, as_of: Day) -> Day:
        if as_of.day != 1:
            following = as_of.replace(year=as_of.year + as_of.month // 12, month=as_of.month % 12 + 1, day=1)
            if (following - as_of).days == 1:
                raise fault(
                    f"{as_of} is not the first of a month; a file of the evening of that day is as of {following}"
                )
            raise fault(
                f"{as_of} is not the first of a month, on which worlds open, tiers are reviewed and points expire; "
                f"export the members as of {as_of.replace(day=1)} or {following}"
            )
        return as_of
