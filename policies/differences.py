"""How two documents of rules differ, in words: what rises, falls, comes and goes, and what each lever means.

Serves `memberlab diff` and whoever reviews a change of a policy.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from pydantic import BaseModel

from .addresses import flattened
from .help_texts import help_texts
from .model import Change, RuleDocument
from .sentence import Sentence
from .shapes import entry_type, sections
from .writer import notable, notation_of


@dataclass(frozen=True, slots=True)
class Difference:
    """One changed lever."""

    change: Change
    sentence: Sentence
    """What happens to it: `rises from 600 to 900 (+50 %)`."""
    meaning: str
    """The first sentence of the lever's help text."""

    @property
    def words(self) -> str:
        """Return what happens to it in English."""
        return str(self.sentence)

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


def _contents(rules: Mapping[str, object], written: Mapping[str, object], part: str) -> str | Sentence | None:
    """Return what is written of a part as one line: `fee 149, months 12`; None where the rules have no such part."""
    if not _below(rules, part):
        return None
    contents = ", ".join(f"{tail} {_told(value)}" for tail, value in _below(written, part).items())
    return contents or Sentence("as by default")


def in_words(change: Change) -> Sentence:
    """Return what happens to a lever, with its values in file notation."""
    old, new = change.before, change.after
    if old is None:
        return Sentence("is new: {after}", {"after": _told(new)})
    if new is None:
        return Sentence("is dropped; it was {before}", {"before": _told(old)})
    gaps = {"before": _told(old), "after": _told(new)}
    before, after = _number(old), _number(new)
    if before is None or after is None:
        return Sentence("changes from {before} to {after}", gaps)
    rises = after > before
    if isinstance(old, str):
        gaps["points"] = f"{after - before:+f}"
        if rises:
            return Sentence("rises from {before} to {after} ({points} percentage points)", gaps)
        return Sentence("falls from {before} to {after} ({points} percentage points)", gaps)
    if not before:
        if rises:
            return Sentence("rises from {before} to {after}", gaps)
        return Sentence("falls from {before} to {after}", gaps)
    gaps["percent"] = f"{(after / before - 1) * 100:+.0f}"
    if rises:
        return Sentence("rises from {before} to {after} ({percent} %)", gaps)
    return Sentence("falls from {before} to {after} ({percent} %)", gaps)


def _number(written: object) -> Decimal | None:
    """Return a quantity or a share as a number; None for anything else."""
    if isinstance(written, int | Decimal) and not isinstance(written, bool):
        return Decimal(written)
    if isinstance(written, str) and written.endswith(" %"):
        return Decimal(written.removesuffix(" %"))
    return None


def _told(written: object) -> str | Sentence:
    if isinstance(written, Sentence):
        return written
    return str(written).lower() if isinstance(written, bool) else str(written)


def meaning_of(model: type[BaseModel], address: str) -> str:
    """Return the first sentence of the help text of a lever; empty where the address leads nowhere."""
    found: object = model
    text = ""
    for step in address.split("."):
        holding = [one for one in sections(found) if step in one.model_fields]
        if holding:
            found, text = (
                holding[0].model_fields[step].annotation,
                _first_sentence(help_texts(holding[0]).get(step, "")),
            )
        else:
            found, text = entry_type(found), ""
    return _first_sentence(text)


def written_levers(document: RuleDocument) -> list[tuple[str, str, str]]:
    """Return address, value in file notation and meaning of every lever that a document sets."""
    return [
        (address, str(_told(value)), meaning_of(type(document), address))
        for address, value in flattened(notable(document)).items()
    ]


def meanings(model: type[BaseModel]) -> Iterator[str]:
    """Yield everything that `meaning_of` can return for a model, for whoever has to translate it; some come twice."""
    seen: set[type[BaseModel]] = set()
    waiting: list[object] = [model]
    while waiting:
        found = waiting.pop(0)
        if (entries := entry_type(found)) is not None:
            waiting.append(entries)
        for section in sections(found):
            if section not in seen:
                seen.add(section)
                waiting += [one.annotation for one in section.model_fields.values()]
                yield from filter(None, (_first_sentence(text) for text in help_texts(section).values()))


def _first_sentence(description: str) -> str:
    """Return the first sentence of a help text on one line, with its full stop."""
    text = " ".join(description.split())
    return f"{text.split('. ')[0].removesuffix('.')}." if text else ""
