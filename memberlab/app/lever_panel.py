"""All levers of a policy as controls, grouped by section, with a box that finds them.

Serves the page.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from nicegui import ui
from nicegui.element import Element
from nicegui.events import GenericEventArguments

from memberlab.optimize import PolicyLever, levers_of
from memberlab.policies import Policy

from .elements import LeverControl, by_section, raw

OPENED = ("Tiers", "Shipping", "Membership")
"""Sections that are open at first, the first that the policy has."""


class LeverPanel:
    """The controls of one policy; `move` hears of each movement."""

    def __init__(self, move: Callable[[PolicyLever, object, bool], object]) -> None:
        self.move = move
        self.controls: dict[str, LeverControl] = {}
        self.groups: list[tuple[Element, list[LeverControl]]] = []
        self._words, self._only_written = "", False
        with ui.element("details").classes("levers card").props("open id=levers"):
            self._title = ui.html("Levers", sanitize=False, tag="summary")
            with ui.element("div").classes("find"):
                box = ui.element("input").props(
                    'type=search placeholder="Find a lever: fee, gold, expiry" aria-label="Find a lever"'
                )
                box.on("input", self._find, js_handler="(event) => emit(event.target.value)", throttle=0.15)
                with ui.element("label"):
                    only = ui.element("input").props("type=checkbox")
                    only.on("change", self._narrow, js_handler="(event) => emit(event.target.checked)")
                    raw("set ones only")
            self._none = raw('<p class="quiet none">No lever has these words.</p>', "unseen").props("role=status")
            self._place = ui.element("div").classes("scroll")

    def show(self, policy: Policy, changes: Mapping[str, object]) -> None:
        """Show the levers of a policy; `changes` stand where they were moved to."""
        levers = levers_of(policy)
        self.controls, self.groups = {}, []
        self._title.set_content(f'Levers <span class="quiet">({len(levers)})</span>')
        self._place.clear()
        sections = by_section(levers)
        opened = next((name for name in OPENED if name in sections), next(iter(sections), ""))
        with self._place:
            for name, own in sections.items():
                group = ui.element("details").classes("group")
                if name == opened:
                    group.props("open")
                with group:
                    written = sum(lever.is_written for lever in own)
                    ui.html(f'{name} <span class="count">{written} set, {len(own)} in all</span>', sanitize=False,
                            tag="summary")  # fmt: skip
                    controls = [LeverControl(lever, lever.value, self.move) for lever in own]
                self.groups.append((group, controls))
                self.controls |= {control.lever.address: control for control in controls}
            lacking = lacking_sections(policy)
            if lacking:
                raw(
                    f'<p class="quiet none">This policy has no {", ".join(lacking)}. Choose or upload one that has.</p>'
                )
        self._apply_filter()

    def tell(self, faults: Mapping[str, str]) -> None:
        """Show faults beside their levers, and none elsewhere."""
        for address, control in self.controls.items():
            control.tell(faults.get(address, ""))

    def _find(self, event: GenericEventArguments) -> None:
        self._words = str(event.args or "")[:100].lower()
        self._apply_filter()

    def _narrow(self, event: GenericEventArguments) -> None:
        self._only_written = event.args is True
        self._apply_filter()

    def _apply_filter(self) -> None:
        words = self._words.split()
        any_found = False
        for group, controls in self.groups:
            found = 0
            for control in controls:
                lever = control.lever
                text = f"{lever.address} {lever.label} {lever.group} {lever.help}".replace("_", " ").lower()
                is_found = all(word in text for word in words) and (lever.is_written or not self._only_written)
                control.classes(remove="unseen") if is_found else control.classes("unseen")
                found += is_found
            group.classes(remove="unseen") if found else group.classes("unseen")
            if words and found:
                group.props("open")
            any_found = any_found or found > 0
        self._none.classes("unseen" if any_found else "", remove="" if any_found else "unseen")


def lacking_sections(policy: Policy) -> list[str]:
    """Return the benefits that a policy does not have, as words."""
    optional = ("points", "membership", "coupons", "service", "referral", "campaigns", "special_price_pool",
                "price_protection")  # fmt: skip
    return [name.replace("_", " ") for name in optional if not getattr(policy, name)]
