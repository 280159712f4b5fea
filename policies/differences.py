"""How two documents of rules differ, in words: what rises, falls, comes and goes, and what each lever means.

Serves `memberlab diff` and whoever reviews a change of a policy.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from pydantic import BaseModel

from .addresses import flattened
from .model import Change, RuleDocument
from .shapes import entry_type, sections
from .writer import notable, notation_of


@dataclass(frozen=True, slots=True)
class Difference:
    """One changed lever."""

    change: Change
    words: str
    """What happens to it: `rises from 600 to 900 (+50 %)`."""
    meaning: str
    """The first sentence of the lever's help text."""

    def __str__(self) -> str:
        """Return address, words and meaning as one line."""
        return f"{self.change.address} {self.words}. {self.meaning}".rstrip()


def differences(before: RuleDocument, after: RuleDocument) -> list[Difference]:
    """Return the rules in which *after* differs from *before*, in the order of the document, each in words.

    A section or an entry, such as a tier, that only one of them has is one difference.
    """
    old, new = (flattened(notation_of(document)) for document in (before, after))
    written_old, written_new = (flattened(notable(document)) for document in (before, after))
    found: dict[str, Change] = {}
    for change in before.diff(after):
        part = _part(change.address, old, new)
        whole = (
            change
            if part == change.address
            else Change(part, _contents(old, written_old, part), _contents(new, written_new, part))
        )
        found.setdefault(part, whole)
    return [Difference(change, in_words(change), meaning_of(type(before), part)) for part, change in found.items()]


def _part(address: str, *documents: Mapping[str, object]) -> str:
    """Return the largest part around a lever that one of the documents lacks; the lever itself if both have it."""
    steps = address.split(".")
    parts = (".".join(steps[:end]) for end in range(1, len(steps)))
    return next((part for part in parts if not all(_below(rules, part) for rules in documents)), address)


def _below(rules: Mapping[str, object], part: str) -> dict[str, object]:
    """Return what a document holds below a part, by the rest of its address."""
    prefix = f"{part}."
    return {address.removeprefix(prefix): value for address, value in rules.items() if address.startswith(prefix)}


def _contents(rules: Mapping[str, object], written: Mapping[str, object], part: str) -> str | None:
    """Return what is written of a part as one line: `fee 149, months 12`; None where the rules have no such part."""
    if not _below(rules, part):
        return None
    return ", ".join(f"{tail} {_told(value)}" for tail, value in _below(written, part).items()) or "as by default"


def in_words(change: Change) -> str:
    """Return what happens to a lever, with its values in file notation."""
    old, new = change.before, change.after
    if old is None:
        return f"is new: {_told(new)}"
    if new is None:
        return f"is dropped; it was {_told(old)}"
    before, after = _number(old), _number(new)
    if before is None or after is None:
        return f"changes from {_told(old)} to {_told(new)}"
    verb = "rises" if after > before else "falls"
    return f"{verb} from {_told(old)} to {_told(new)}{_size(old, before, after)}"


def _size(written: object, before: Decimal, after: Decimal) -> str:
    """Return how large a change is: in percentage points for shares, else relative to what was."""
    if isinstance(written, str):
        return f" ({after - before:+f} percentage points)"
    return f" ({(after / before - 1) * 100:+.0f} %)" if before else ""


def _number(written: object) -> Decimal | None:
    """Return a quantity or a share as a number; None for anything else."""
    if isinstance(written, int | Decimal) and not isinstance(written, bool):
        return Decimal(written)
    if isinstance(written, str) and written.endswith(" %"):
        return Decimal(written.removesuffix(" %"))
    return None


def _told(written: object) -> str:
    return str(written).lower() if isinstance(written, bool) else str(written)


def meaning_of(model: type[BaseModel], address: str) -> str:
    """Return the first sentence of the help text of a lever; empty where the address leads nowhere."""
    found: object = model
    text = ""
    for step in address.split("."):
        fields = [one.model_fields[step] for one in sections(found) if step in one.model_fields]
        if fields:
            found, text = fields[0].annotation, fields[0].description or ""
        else:
            found, text = entry_type(found), ""
    return f"{text.split('. ')[0].removesuffix('.')}." if text else ""
