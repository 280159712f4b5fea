"""`memberlab app`: the what-if page in a browser.

Serves strategists and finance people who would rather move a lever than write YAML.
"""

from __future__ import annotations

import re
import socket
import webbrowser
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from memberlab.app import Doors


@click.command()
@click.argument("studies", nargs=-1, type=click.Path(path_type=Path), metavar="[STUDY_DIR]...")
@click.option("--host", default="127.0.0.1", show_default=True, metavar="ADDRESS",
              help="Address to listen on. Any other than this machine's own needs a token.")  # fmt: skip
@click.option("--port", type=click.IntRange(1, 65535), default=8080, show_default=True, help="Port to listen on.")
@click.option("--token", envvar="MEMBERLAB_TOKEN", show_envvar=True, metavar="TEXT",
              help="Ask every browser for this secret, 16 characters or more. On a command line other users of the "
              "machine can read it; the environment variable keeps it to you.")  # fmt: skip
@click.option("--shoppers", type=click.IntRange(50, 20_000), default=2_000, show_default=True,
              help="Shoppers of the preview, which follows a lever while it moves.")  # fmt: skip
@click.option("--full-shoppers", type=click.IntRange(50, 1_000_000), metavar="NUMBER",
              help="Shoppers of the full figures.  [default: the scenario's own]")  # fmt: skip
@click.option("--replications", type=click.IntRange(1, 64), default=1, show_default=True,
              help="Independent populations of the full figures.")  # fmt: skip
@click.option("--open/--no-open", "opens", default=True, help="Open the page in a browser.  [default: open]")
def app(
    studies: tuple[Path, ...], host: str, port: int, token: str | None, shoppers: int, full_shoppers: int | None,
    replications: int, opens: bool,
) -> None:  # fmt: skip
    """Serve the what-if page: move a policy's levers and see what the same shoppers do.

    \b
    memberlab app                          http://127.0.0.1:8080, for this machine only
    memberlab app search/                  with the Pareto front of the search in the folder search/
    MEMBERLAB_TOKEN=... memberlab app --host 0.0.0.0    for others, who need the token

    While a lever moves, a preview of 2,000 shoppers follows it; when it rests, full figures with intervals are worked
    out. Each browser tab has its own policy; nothing is written to disk. Ctrl-C ends the page and what it works on.

    A STUDY_DIR is a folder that `memberlab optimize --out` has written; points of its front can be loaded into the
    levers. So can those of the searches that `memberlab runs` finds from the folder in which the page is started. Other
    folders of the machine cannot be opened from the page.
    """
    from memberlab.app import SHORTEST_TOKEN, Doors, is_loopback

    if token is not None and not re.fullmatch(rf"[\w.~-]{{{SHORTEST_TOKEN},200}}", token, re.ASCII):
        raise click.UsageError(
            f"a token has {SHORTEST_TOKEN} characters or more: letters, digits, - and _; make one with: "
            'python -c "import secrets; print(secrets.token_urlsafe())"'
        )
    if token is None and not is_loopback(host):
        raise click.UsageError(
            f"{host} can be reached from other machines; set a token with MEMBERLAB_TOKEN, or leave --host out"
        )
    if find_spec("nicegui") is None:
        raise click.UsageError("the what-if page needs NiceGUI; install it with: pip install 'memberlab[app]'")
    fail_if_not_free(host, port)
    from memberlab.app.server import Settings, serve

    doors = Doors(host, port, token)

    def tell() -> None:
        click.echo(f"What-if page: {address_of(doors)}\nCtrl-C ends it.")
        if opens:
            webbrowser.open(address_of(doors))

    serve(Settings(doors, shoppers, full_shoppers, replications, studies), ready=tell)


def address_of(doors: Doors) -> str:
    """Return the address to open, with the token if there is one."""
    name = {"0.0.0.0": "localhost", "::": "localhost"}.get(doors.host, doors.host)
    shown = f"[{name}]" if ":" in name else name
    return f"http://{shown}:{doors.port}/" + (f"?token={doors.token}" if doors.token else "")


def fail_if_not_free(host: str, port: int) -> None:
    """Raise UsageError for an address that is not this machine's, and for a port that somebody listens on."""
    try:
        places = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        family, kind, protocol, _, place = places[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(place)
    except PermissionError:
        raise click.UsageError(f"port {port} may not be used by you; choose one above 1023 with --port") from None
    except socket.gaierror:
        raise click.UsageError(f"{host} is no address of this machine; leave --host out") from None
    except OSError as fault:
        if fault.errno == 98 or "in use" in str(fault).lower():
            raise click.UsageError(f"port {port} is in use; choose another with --port") from None
        raise click.UsageError(f"cannot listen on {host} port {port}: {fault.strerror or fault}") from None
