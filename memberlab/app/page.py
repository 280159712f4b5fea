"""One tab of the what-if page: its panels, and what each of them does to the tab's session.

Serves whoever opens the address. Everything shown is drawn from the session; an action that cannot be done is told in
a message and leaves the session as it was.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from pathlib import Path

from nicegui import ui
from nicegui.element import Element

from memberlab.optimize import PolicyLever
from memberlab.policies import DocumentError

from .desk import Desk, Doing, Laboratory
from .downloads import DownloadPanel
from .elements import Button, heading, raw
from .figures_panel import (
    bridge_chart,
    changes_list,
    figures_table,
    findings_list,
    key_strip,
    tier_chart,
    verdict,
)
from .front_panel import FrontPanel
from .fronts import Front
from .lever_panel import LeverPanel
from .messages import Messages
from .pin_panel import PinPanel
from .session import Session
from .top_bar import TopBar


class Page:
    """The page of one tab."""

    def __init__(self, laboratory: Laboratory, fronts: Sequence[tuple[Path, Front]]) -> None:
        self.session = Session()
        self.desk = Desk(self.session, laboratory, self.refresh)
        self._shown: object = None
        raw('<a class="skip" href="#results">Skip to the figures</a>')
        with ui.element("div").classes("lab"):
            self.top = TopBar(self.session, self.attempt)
            self.messages = Messages()
            with ui.element("div").classes("desk"):
                self.levers = LeverPanel(self.move)
                with ui.element("div").classes("results").props("id=results"):
                    self._draw_figures()
                    with ui.element("div").classes("pair"):
                        with _card("Margin bridge"):
                            self._bridge = raw()
                        with _card("Benefit cost by tier, by the preview"):
                            self._tiers = raw()
                    with ui.element("div").classes("pair"):
                        with _card("What changes"):
                            self._changes = raw()
                        self.downloads = DownloadPanel(self.session, laboratory, self.messages)
                    with _card("Linter"):
                        self._findings = raw()
                    self.pins = PinPanel(self.session, self.attempt)
                    self.front = FrontPanel(self.session, fronts, self.attempt, self.messages)
            self._strip = raw(classes="key-strip").props('aria-hidden="true"')
        ui.run_javascript(
            "if (matchMedia('(max-width: 860px)').matches) document.getElementById('levers').open = false"
        )
        self.reload()

    def _draw_figures(self) -> None:
        with _card("Figures"):
            with ui.element("div").classes("state busy").props("id=state role=status") as self._state:
                raw('<span class="dot"></span>')
                self._told = raw().props("id=told")
                self._end = Button("Stop", self._end_full, "plain", "Stop the full figures").classes("unseen")
            self._verdict = raw(classes="verdict")
            self._figures = raw('<p class="quiet">The first shoppers live their warm-up.</p>').props("id=figures")

    def attempt(self, act: Callable[[], object], *, reloads: bool = True) -> bool:
        """Do something to the session; tell why it cannot be done. With `reloads` the levers are drawn anew."""
        try:
            act()
        except (DocumentError, ValueError) as fault:
            self.messages.say(str(fault))
            self.top.show()
            return False
        self.messages.clear()
        if reloads:
            self.reload()
        else:
            self.refresh()
        return True

    def reload(self) -> None:
        """Draw everything of a session that has other policies or another world, and work out its figures."""
        self.levers.show(self.session.start, self.session.changes)
        self.top.show()
        self.session.preview = None
        self.draw_words()
        self.desk.moved()

    def move(self, lever: PolicyLever, value: object, rests: bool) -> None:
        """Set a lever to the value that its control shows."""
        session = self.session
        before = session.changes.get(lever.address)
        self.levers.controls[lever.address].keep(value)
        try:
            written = None if value is None else lever.written(value)
            is_valid = session.move(lever.address, written)
        except (ValueError, ArithmeticError) as fault:
            self.levers.tell({lever.address: str(fault)})
            return
        self.levers.tell(session.faults)
        if not is_valid:
            return
        if rests or session.changes.get(lever.address) != before or self.desk.state.doing is Doing.STUCK:
            self.draw_words()
            self.desk.moved(rests=rests)

    def refresh(self) -> None:
        """Draw figures and what the desk is at."""
        state, session = self.desk.state, self.session
        self._state.classes(remove="busy stuck")
        if state.doing is Doing.STUCK:
            self._state.classes("stuck")
        elif state.doing is not Doing.RESTING:
            self._state.classes("busy")
        self._told.set_content(told(self.desk))
        is_living = state.doing is Doing.LIVING
        self._end.classes(remove="unseen") if is_living else self._end.classes("unseen")
        sources = (session.preview, session.full)
        if sources != self._shown:
            self._shown = sources
            shown = session.shown
            self._figures.set_content("" if shown is None else figures_table(shown))
            self._verdict.set_content("" if shown is None else verdict(shown))
            self._bridge.set_content("" if shown is None else bridge_chart(shown))
            self._tiers.set_content("" if session.preview is None else tier_chart(session.preview))
            self._strip.set_content(key_strip(shown))
        self.pins.show()

    def draw_words(self) -> None:
        """Draw what can be told without living: changes and findings."""
        self._changes.set_content(changes_list(self.session.changed()))
        self._findings.set_content(findings_list(self.session.findings()))

    def close(self) -> None:
        """End what this tab has asked for, because it is gone."""
        self.downloads.close()
        self.desk.close()

    def _end_full(self) -> None:
        self.desk.end_full()
        self.refresh()


def told(desk: Desk) -> str:
    """Return as HTML what is shown, and what is being worked out."""
    state, session, shown = desk.state, desk.session, desk.session.shown
    if state.doing is Doing.STUCK:
        return escape(state.told)
    parts = []
    if shown is not None and shown.is_full:
        times = "" if shown.replications == 1 else f" in {shown.replications} replications"
        parts.append(f"Full figures: {shown.shoppers:,} shoppers{times}, intervals that hold at once with 95 %.")
    elif shown is not None:
        ms = "" if desk.seconds is None else f" in {1000 * desk.seconds:,.0f} ms"
        parts.append(f"Preview: {shown.shoppers:,} shoppers lived{ms}, projected to {shown.projected_to:,}.")
    if state.doing is Doing.PREPARING:
        parts.append(f"The shoppers of {session.scenario.name} live their warm-up, once for all variants.")
    elif state.doing is Doing.COMPILING or (state.stage is not None and state.stage.is_compiling):
        parts.append("Rules are being compiled, once for this shape of policy; that takes a minute or two.")
    elif state.doing is Doing.PREVIEWING and shown is None:
        parts.append("Previewing.")
    elif state.doing is Doing.LIVING:
        share = f" (step {state.stage.done} of {state.stage.planned})" if state.stage is not None else ""
        parts.append(f"Full figures are being worked out{share}.")
    return " ".join(parts)


def _card(title: str) -> Element:
    card = ui.element("section").classes("card").props(f'aria-label="{title}"')
    with card:
        heading(title)
    return card
