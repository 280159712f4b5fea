"""What every document of rules shares: its head, and reading, changing, comparing and writing it by dotted address."""

from __future__ import annotations

import hashlib
import json
import weakref
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, Self

from pydantic import BaseModel, ConfigDict, Field

from .addresses import change, flattened, look_up
from .document import Document
from .html_card import html_card
from .names import Slug
from .validation import model_from
from .writer import dump_model, notable, notation_of

if TYPE_CHECKING:
    import pandas as pd


class Section(BaseModel):
    """A part of a document: unknown keys are refused, types are strict, and nothing changes after loading.

    Constructors take file notation as files do: `Membership(fee=149)` has 14900 cents. Attributes are the exact values.
    """

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


@dataclass(frozen=True, slots=True)
class Change:
    """One difference between two documents, in file notation; None where a document has nothing at the address."""

    address: str
    before: object
    after: object

    def __str__(self) -> str:
        """Return `membership.fee: 99 -> 149`."""
        return f"{self.address}: {_told(self.before)} -> {_told(self.after)}"


class RuleDocument(Section):
    """A document with a head, whose rules are known by address (`points.expiry.months`) in file notation."""

    HEAD: ClassVar[frozenset[str]] = frozenset({"name", "title", "description", "source"})
    """Fields that describe and rule nothing: they count neither in `digest` nor in `diff`."""

    version: Literal[1] = 1
    """Version of the notation."""
    name: Slug
    """Short name, used in tables and as a file name."""
    title: Annotated[str, Field(max_length=200)] = ""
    """Name for people, in any language."""
    description: Annotated[str, Field(max_length=10_000)] = ""
    """What it is for."""
    source: Annotated[str, Field(max_length=2_000)] = ""
    """Where its figures come from."""

    def with_(self, changes: Mapping[str, object]) -> Self:
        """Return a copy with values changed: `policy.with_({"membership.fee": 149, "tiers.gold.discount": "5 %"})`.

        Addresses are dotted, values are in file notation, `None` removes a section. Raise DocumentError with every
        unknown address and every value that breaks a rule.
        """
        name = f"{self.name} (changed)"
        data = change(type(self), notation_of(self), changes, name)
        return model_from(type(self), Document(name, data, {}))

    def value_at(self, address: str) -> object:
        """Return the value at a dotted address in file notation; None if its section is absent.

        Raise DocumentError for an address that the document cannot have.
        """
        return look_up(type(self), notation_of(self), address, self.name)

    def diff(self, other: Self) -> list[Change]:
        """Return the rules in which *other* differs, by address; head fields such as name and title do not count."""
        before, after = self._rules(), other._rules()
        places = dict.fromkeys([*before, *after])
        pairs = [(address, before.get(address), after.get(address)) for address in places]
        return [Change(address, old, new) for address, old, new in pairs if old != new]

    def digest(self) -> str:
        """Return the SHA-256 of the rules: equal for documents that differ in name and description only.

        Rules at their defaults do not count, so that a new kind of rule changes no digest of a policy without it.
        """
        place = id(self)
        known = _DIGESTS.get(place)
        if known is not None and known[0]() is self:
            return known[1]
        rules = flattened({key: value for key, value in notable(self).items() if key not in self.HEAD})
        text = json.dumps(rules, sort_keys=True, default=str, ensure_ascii=True)
        digest = hashlib.sha256(text.encode("ascii")).hexdigest()
        _DIGESTS[place] = weakref.ref(self, lambda _: _DIGESTS.pop(place, None)), digest
        return digest

    def written_addresses(self) -> tuple[str, ...]:
        """Return the addresses of all rules that are not at their defaults, in the order of the document."""
        return tuple(flattened({key: value for key, value in notable(self).items() if key not in self.HEAD}))

    @property
    def table(self) -> pd.DataFrame:
        """Return all rules that are not at their defaults: `address` and `value`, in file notation."""
        import pandas as pd

        rows = [(address, str(self.value_at(address))) for address in self.written_addresses()]
        return pd.DataFrame(rows, columns=["address", "value"])

    def _repr_html_(self) -> str:
        """Return the document as a table of its rules, for notebooks."""
        rows = [[address, _told(self.value_at(address))] for address in self.written_addresses()]
        return html_card(f"{self.title or self.name} ({self.name})", (), ["rule", "value"], rows)

    def to_yaml(self) -> str:
        """Return the document as YAML text that loads back to an equal document."""
        return dump_model(self)

    def __hash__(self) -> int:
        return hash((type(self), self.name, self.digest()))

    def _rules(self) -> dict[str, Any]:
        return flattened({key: value for key, value in notation_of(self).items() if key not in self.HEAD})


_DIGESTS: dict[int, tuple[weakref.ref[RuleDocument], str]] = {}
"""Digests by the identity of living documents, since a search asks for each some hundred times; not kept with the
document, where a changed copy would inherit them and pickles would hold them."""


def _told(value: object) -> str:
    if value is None:
        return "nothing"
    return str(value).lower() if isinstance(value, bool) else str(value)
