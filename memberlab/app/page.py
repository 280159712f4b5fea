"""One tab of the what-if page: its panels, and what each of them does to the tab's session.

Serves whoever opens the address. Everything shown is drawn from the session; an action that cannot be done is told in
a message and leaves the session as it was.
"""

from __future__ import annotations

from collections.abc import Callable

from nicegui import ui
from nicegui.element import Element

from memberlab.optimize import PolicyLever
from memberlab.policies import DocumentError

from .desk import Desk, Doing, Laboratory
from .downloads import DownloadPanel
from .elements import Button, heading, raw
from .figures_panel import changes_list, figures_table, findings_list, key_strip, tier_chart
from .front_panel import FrontPanel
from .fronts import Fronts
from .lever_panel import LeverPanel
from .messages import Messages
from .pin_panel import PinPanel
from .session import Session
from .top_bar import TopBar


class Page:
    """The page of one tab."""

    def __init__(self, laboratory: Laboratory, fronts: Fronts) -> None:
        self.session = Session()
        self.desk = Desk(self.session, laboratory, self.refresh)
        self._shown: object = None
        raw('<a class="skip" href="#results">Skip to the figures</a>')
        with ui.element("div").classes("lab"):
            self.top = TopBar(self.session, self.attempt)
            self.messages = Messages()
            with ui.element("main").classes("desk"):
                self.levers = LeverPanel(self.move)
                with ui.element("div").classes("results").props("id=results"):
                    self._draw_figures()
                    with ui.element("div").classes("pair"):
                        with _card("Benefit cost by tier"):
                            self._tiers = raw()
                        self.downloads = DownloadPanel(self.session, laboratory, self.messages)
                    with ui.element("div").classes("pair"):
                        with _card("What changes"):
                            self._changes = raw()
                        with _card("Linter"):
                            self._findings = raw()
                    self.pins = PinPanel(self.session, self.attempt)
                    FrontPanel(self.session, fronts, self.attempt)
            self._strip = raw(classes="key-strip").props('aria-hidden="true"')
        ui.run_javascript(
            "if (matchMedia('(max-width: 860px)').matches) document.getElementById('levers').open = false"
        )
        self.reload()

    def _draw_figures(self) -> None:
        with _card("Figures"):
            with ui.element("div").classes("state").props("id=state role=status") as self._state:
                raw('<span class="dot"></span>')
                self._told = raw().props("id=told")
                self._end = Button("Stop", self._end_full, "plain", "Stop the full figures").classes("unseen")
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
        figures = session.figures
        self._state.classes(remove="busy stuck")
        if state.doing is Doing.STUCK:
            self._state.classes("stuck")
        elif state.doing is not Doing.RESTING:
            self._state.classes("busy")
        self._told.set_content(told(self.desk))
        is_living = state.doing is Doing.LIVING
        self._end.classes(remove="unseen") if is_living else self._end.classes("unseen")
        if figures is not self._shown:
            self._shown = figures
            self._figures.set_content("" if figures is None else figures_table(figures))
            self._tiers.set_content("" if figures is None else tier_chart(figures))
            self._strip.set_content(key_strip(figures))
        self.pins.show()
        self.downloads.show()

    def draw_words(self) -> None:
        """Draw what can be told without living: changes and findings."""
        self._changes.set_content(changes_list(self.session.changed()))
        self._findings.set_content(findings_list(self.session.findings()))

    def _end_full(self) -> None:
        self.desk.end_full()
        self.refresh()


def told(desk: Desk) -> str:
    """Return in a sentence what is shown, and what is being worked out."""
    state, session = desk.state, desk.session
    figures = session.figures
    if state.doing is Doing.STUCK:
        from html import escape

        return escape(state.told)
    parts = []
    if figures is not None and session.full is figures:
        parts.append(f"Full figures: {figures.shoppers:,} shoppers, {figures.months} months, 95 % intervals.")
    elif figures is not None:
        ms = "" if desk.seconds is None else f" in {1000 * desk.seconds:,.0f} ms"
        parts.append(f"Preview: {figures.shoppers:,} shoppers lived{ms}, projected to {figures.market:,}.")
    if state.doing is Doing.PREPARING:
        parts.append(f"The shoppers of {session.scenario.name} live their warm-up, once for all variants.")
    elif state.doing is Doing.PREVIEWING and figures is None:
        parts.append("Previewing.")
    elif state.doing is Doing.LIVING:
        share = f" ({state.done} of {state.total})" if state.total else ""
        parts.append(f"Full figures are being worked out{share}.")
    return " ".join(parts)


def _card(title: str) -> Element:
    card = ui.element("section").classes("card").props(f'aria-label="{title}"')
    with card:
        heading(title)
    return card
