"""Variants that were pinned, beside each other: what each does against its incumbent, with buttons to go back to one.

Serves the page.
"""

from __future__ import annotations

from functools import partial
from html import escape

from nicegui import ui

from .elements import Button, heading, raw
from .figures_panel import told_difference, told_interval
from .session import Pin, Session
from .top_bar import Attempt

SHOWN = ("margin", "gmv", "retention", "benefit_cost_share")


class PinPanel:
    """The table of pins of one tab."""

    def __init__(self, session: Session, attempt: Attempt) -> None:
        self.session, self.attempt = session, attempt
        self._drawn: list[Pin] | None = None
        with ui.element("section").classes("card").props('aria-label="Pinned variants" id=pins'):
            heading("Pinned variants")
            with ui.element("div").classes("actions"):
                self._button = Button("Pin this variant", self._pin, "primary")
            self._place = ui.element("div").classes("wide")
            self._place.props('tabindex=0 role=region aria-label="Table of pinned variants"')

    def show(self) -> None:
        """Draw the pins if they have changed."""
        self._button.allow(self.session.shown is not None)
        if self._drawn is self.session.pins:
            return
        self._drawn = self.session.pins
        self._place.clear()
        with self._place:
            if not self._drawn:
                ui.html("Keep a variant and its figures, move on, and compare.", sanitize=False, tag="p").classes(
                    "quiet"
                )
                return
            self._table(self._drawn)

    def _table(self, pins: list[Pin]) -> None:
        titles = {one.name: one.title for one in pins[0].shown.figures}
        with ui.element("table"):
            with ui.element("thead"), ui.element("tr"):
                _cell("Variant", "th")
                for name in SHOWN:
                    _cell(titles[name], "th", "number")
            with ui.element("tbody"):
                for pin in pins:
                    self._row(pin)

    def _row(self, pin: Pin) -> None:
        kind = "full figures" if pin.shown.is_full else "preview"
        with ui.element("tr"):
            where = f"{pin.world.scenario.name}, against {pin.world.incumbent.name}; {kind}"
            with ui.element("th"):  # buttons stand here, as a column at the end would be out of sight on a narrow page
                raw(f'{escape(pin.name)}<br><span class="quiet">{escape(where)}</span>')
                with ui.element("div").classes("actions"):
                    Button("Load", partial(self._load, pin), spoken=f"Load {pin.name} into the levers")
                    Button("Remove", partial(self._remove, pin), "plain", f"Remove {pin.name}")
            for name in SHOWN:
                one = pin.shown.figure(name)
                text = f'{escape(told_difference(one))}<br><span class="quiet">{escape(told_interval(one))}</span>'
                ui.html(text, sanitize=False, tag="td").classes("number")

    def _pin(self) -> None:
        self.attempt(self.session.pin, reloads=False)

    def _load(self, pin: Pin) -> None:
        world = pin.world
        self.attempt(lambda: self.session.go_to(world.scenario, world.incumbent, pin.policy, world.population))

    def _remove(self, pin: Pin) -> None:
        self.session.pins = [one for one in self.session.pins if one is not pin]
        self.show()


def _cell(text: str, tag: str, classes: str = "") -> None:
    ui.html(escape(text), sanitize=False, tag=tag).classes(classes)
