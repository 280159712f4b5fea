"""The server of the what-if page: doors, limits, one page a tab, and an end that leaves no worker behind.

Serves `memberlab app`. The only file that starts NiceGUI.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from .access import Access, Doors
from .fronts import read_front
from .uploads import SizeLimit

TITLE = "memberlab: what if?"
MOST_IN_A_MESSAGE = 200_000
"""Bytes of one WebSocket message from a browser; a movement of a lever has some hundred."""

ICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><rect width="16" height="16" rx="3" fill="#00609c"/>'
    '<path d="M3 11h10M3 5h10" stroke="#fff"/><circle cx="6" cy="5" r="2" fill="#fff"/><circle cx="11" cy="11" r="2" '
    'fill="#fff"/></svg>'
)


@dataclass(frozen=True, slots=True)
class Settings:
    """What the command line has asked for."""

    doors: Doors
    shoppers: int
    full_shoppers: int | None
    replications: int
    studies: tuple[Path, ...] = ()


def serve(settings: Settings, ready: Callable[[], object] | None = None) -> None:
    """Serve the page until Ctrl-C; `ready` is called when it can be opened.

    Raises DocumentError, before anything listens, for a study's folder that has no front.
    """
    fronts = [(folder, read_front(folder)) for folder in settings.studies]
    # NiceGUI would keep a folder for its storage beside the user's files; the page stores nothing.
    os.environ.setdefault("NICEGUI_STORAGE_PATH", tempfile.gettempdir())
    from nicegui import app, core, ui
    from nicegui.client import Client

    from .laboratory import SharedLaboratory
    from .page import Page

    laboratory = SharedLaboratory(settings.shoppers, settings.full_shoppers, settings.replications)
    opened: set[Page] = set()

    def leave(shown: Page) -> None:
        opened.discard(shown)
        shown.close()

    def close() -> None:
        for shown in list(opened):
            leave(shown)
        laboratory.close()

    style = (Path(__file__).parent / "page.css").read_text(encoding="utf-8")

    @ui.page("/", title=TITLE)
    def page(client: Client) -> None:
        ui.add_css(style)
        shown = Page(laboratory, fronts)
        opened.add(shown)
        client.on_delete(lambda: leave(shown))
        ui.timer(0, shown.front.look, once=True)  # files are looked for when the page stands already

    core.sio.eio.cors_allowed_origins = []  # the doors have held each origin against the host already
    app.add_middleware(SizeLimit)
    app.add_middleware(Access, doors=settings.doors)
    # Quasar's bar over uploads has no name that can be read out; the page tells its state in words
    app.config.quasar_config["loadingBar"]["skipHijack"] = True
    if ready is not None:
        app.on_startup(ready)
    app.on_shutdown(close)
    try:
        ui.run(
            host=settings.doors.host, port=settings.doors.port, title=TITLE, favicon=ICON, dark=None, reload=False,
            show=False, show_welcome_message=False, tailwind=False, language="en-US", reconnect_timeout=20,
            binding_refresh_interval=None, ws_max_size=MOST_IN_A_MESSAGE, access_log=False, server_header=False,
            timeout_graceful_shutdown=2,
        )  # fmt: skip
    except KeyboardInterrupt:
        pass  # uvicorn hands Ctrl-C on when everything is closed: it is how the page ends
    finally:
        laboratory.close()
