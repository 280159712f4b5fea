"""What can be taken away: the variant as YAML, the report of the comparison, and the workbook for finance.

Serves the page.
"""

from __future__ import annotations

from nicegui import ui

from .desk import Laboratory
from .elements import Button, heading, raw
from .messages import Messages
from .session import Session


class DownloadPanel:
    """Buttons of one tab."""

    def __init__(self, session: Session, laboratory: Laboratory, messages: Messages) -> None:
        self.session, self.laboratory, self.messages = session, laboratory, messages
        with ui.element("section").classes("card").props('aria-label="Downloads" id=downloads'):
            heading("Take away")
            with ui.element("div").classes("actions"):
                Button("Policy (YAML)", self._policy)
            self._told = raw("", "quiet").props("role=status")

    def show(self) -> None:
        """Draw what is being written."""

    def _policy(self) -> None:
        policy = self.session.named_variant
        ui.download.content(self.session.variant_text(), f"{policy.name}.yaml", "application/yaml")
