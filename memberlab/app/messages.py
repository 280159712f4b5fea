"""Messages at the head of the page: what could not be done and why, until they are dismissed.

Serves every panel.
"""

from __future__ import annotations

from html import escape

from nicegui import ui
from nicegui.element import Element

from .elements import Button, raw

MOST = 3
"""Messages shown at once; older ones go."""


class Messages:
    """The place of messages, which screen readers announce."""

    def __init__(self) -> None:
        self._place = ui.element("div").classes("say").props("role=alert id=messages")
        self._shown: list[Element] = []

    def say(self, text: str, *, is_note: bool = False) -> None:
        """Show a message."""
        while len(self._shown) >= MOST:
            self._dismiss(self._shown[0])
        with self._place, ui.element("div").classes("message note" if is_note else "message") as message:
            raw(escape(text))
            Button("Dismiss", lambda: self._dismiss(message), "plain")
        self._shown.append(message)

    def clear(self) -> None:
        """Take all messages away."""
        for message in list(self._shown):
            self._dismiss(message)

    def _dismiss(self, message: Element) -> None:
        if message in self._shown:
            self._shown.remove(message)
            message.delete()
