"""The page's own elements: native controls that a keyboard, a phone and a screen reader know already.

Serves the panels. NiceGUI carries their events and properties; the scripts stand beside this file.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from nicegui import ui
from nicegui.element import Element
from nicegui.elements.mixins.text_element import TextElement
from nicegui.events import GenericEventArguments

from memberlab.optimize import PolicyLever

Act = Callable[[], None] | Callable[[], Awaitable[None]]


class Button(TextElement):
    """A plain button; `look` is `primary`, `plain` or nothing."""

    def __init__(self, text: str, act: Act | None = None, look: str = "", spoken: str = "") -> None:
        super().__init__(tag="button", text=text)
        self.props("type=button").classes(look)
        if spoken:
            self._props["aria-label"] = spoken
        if act is not None:
            self.on("click", lambda _: act())

    def allow(self, allowed: bool) -> None:
        """Let the button be pressed, or not."""
        if ("disabled" not in self._props) != allowed:
            if allowed:
                del self._props["disabled"]
            else:
                self._props["disabled"] = True
            self.update()


class Choice(Element, component="choice.js"):
    """A labelled list; `choose` hears the value chosen."""

    def __init__(self, label: str, options: Mapping[str, str], value: str, choose: Callable[[str], object]) -> None:
        super().__init__()
        self._props["id"] = f"choice-{self.id}"
        self._props["label"] = label
        self._props["turn"] = 0
        self.show(options, value)
        self.on("choose", lambda event: choose(str(event.args["value"])))

    def show(self, options: Mapping[str, str], value: str) -> None:
        """Show these options (values and their texts) with that value chosen."""
        self._props["options"] = [{"value": one, "label": text} for one, text in options.items()]
        self._props["value"] = value
        self._props["turn"] += 1
        self.update()


class LeverControl(Element, component="lever.js"):
    """One lever; `move` hears (value, rests) while it moves and when it rests."""

    def __init__(self, lever: PolicyLever, value: object, move: Callable[[PolicyLever, object, bool], object]) -> None:
        super().__init__()
        self.lever = lever
        self._props.update(lever_props(lever), value=value)
        self.on("move", lambda event: move(lever, value_in(event), False))
        self.on("release", lambda event: move(lever, value_in(event), True))

    def tell(self, fault: str) -> None:
        """Show what is wrong with the value; nothing for an empty text."""
        if self._props.get("fault", "") != fault:
            self._props["fault"] = fault
            self.update()

    def keep(self, value: object) -> None:
        """Note the value that the browser shows already, for a page that is drawn anew."""
        self._props["value"] = value


def lever_props(lever: PolicyLever) -> dict[str, Any]:
    """Return what lever.js needs to know of a lever."""
    kind = lever.kind if lever.kind in ("choice", "switch") else "number"
    section, _, context = lever.group.partition(", ")
    place = " ".join(part for part in (section, context, lever.label) if part)
    return {
        "address": lever.address, "label": lever.label, "context": context, "spoken": place,
        "help": lever.help.replace("`", ""),
        "allowed": allowed_told(lever), "unit": lever.unit, "kind": kind, "minimum": lever.low, "maximum": lever.high,
        "step": lever.step, "hardMinimum": lever.minimum, "hardMaximum": lever.maximum, "choices": list(lever.choices),
        "word": "never" if lever.may_be_never else "", "original": lever.value, "fault": "",
    }  # fmt: skip


def allowed_told(lever: PolicyLever) -> str:
    """Return the range that is allowed, in words; empty where there is none to tell."""
    if lever.minimum is None or lever.maximum is None or lever.maximum >= 100_000_000:
        return f"At least {lever.minimum:,}." if lever.minimum is not None else ""
    return f"{lever.minimum:,} to {lever.maximum:,}{' %' if lever.kind == 'percent' else ''}."


def value_in(event: GenericEventArguments) -> object:
    """Return the value that a control sent, if it is one a control can send."""
    value = event.args.get("value") if isinstance(event.args, dict) else None
    return value if value is None or isinstance(value, str | int | float | bool) else None


def raw(content: str = "", classes: str = "") -> ui.html:
    """Return HTML that this package has written and escaped itself."""
    return ui.html(content, sanitize=False).classes(classes)


def heading(text: str, level: int = 2) -> TextElement:
    """Return a heading."""
    return TextElement(tag=f"h{level}", text=text)


def by_section(levers: Sequence[PolicyLever]) -> dict[str, list[PolicyLever]]:
    """Return the levers by section of the policy, in order; those at the top stand under `General`."""
    found: dict[str, list[PolicyLever]] = {}
    for lever in levers:
        found.setdefault(lever.group.partition(", ")[0] or "General", []).append(lever)
    return found
