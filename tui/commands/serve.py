"""`gradstep serve [SCENARIO]`: the app in a browser tab."""

from __future__ import annotations

import ipaddress
import os
import socket
import sys
from argparse import Namespace
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

from tui.commands.ascii_output import ascii_only
from tui.commands.errors import CommandError
from tui.commands.launch import opened
from tui.serving.visit import invitation

EXTRA = "aiohttp", "textual_serve"
"""What the extra `serve` brings."""


def serve(options: Namespace) -> int:
    """Serve the app until ctrl+c; raises CommandError where that cannot be, ScenarioError for a bad file."""
    if not all(map(find_spec, EXTRA)):
        raise CommandError(
            "serve needs textual-serve, which is not installed; it comes with: pip install 'gradstep[serve]'"
        )
    if options.scenario is not None:
        opened(options.scenario)  # what is wrong with it is told here, and not in a tab
    name, folder = _place(options.scenario)
    bound = _bound(options.host, options.port)
    host, port = bound.getsockname()[:2]
    shown = f"[{host}]" if ":" in host else host
    alone = ipaddress.ip_address(host.partition("%")[0]).is_loopback
    if not alone:
        warning = "whoever reaches it runs gradstep as you, and can read and write files in this folder"
        print(f"gradstep: {shown}:{port} can be reached from other machines: {warning}", file=sys.stderr)
    try:
        with TemporaryDirectory(prefix=".gradstep-visits-", dir=folder) as states:
            os.environ |= invitation(folder, Path(states))
            with suppress(KeyboardInterrupt):  # before the server listens to it
                print(f"gradstep in a browser: http://{shown}:{port}   files: {folder}   ctrl+c ends it", flush=True)
                _serve(name, bound, alone, options)
    except OSError as error:
        raise CommandError(f"the folder {folder} cannot be served: {error.strerror or error}") from None
    return 0


def _serve(name: str | None, bound: socket.socket, alone: bool, options: Namespace) -> None:
    from tui.serving.server import LOCAL, Server

    command = [sys.executable, "-m", "tui", *(["--ascii"] if ascii_only(options) else []), *([name] if name else [])]
    Server(command, (*LOCAL, options.host) if alone else ()).run(bound)


def _place(scenario: str | None) -> tuple[str | None, Path]:
    """What apps in tabs open, and the folder that is served, that of a file or the current one; raises CommandError."""
    try:
        here = Path.cwd()
    except OSError as error:
        raise CommandError(f"the current folder cannot be served: {error.strerror}") from None
    if scenario is None or not (Path(scenario).suffix or "/" in scenario or Path(scenario).is_dir()):
        return scenario, here
    path = here / scenario
    return ("./", path) if path.is_dir() else (f"./{path.name}", path.parent)


def _bound(host: str, port: int) -> socket.socket:
    """A socket that listens there; raises CommandError where that cannot be."""
    try:
        family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except (socket.gaierror, UnicodeError):
        raise CommandError(f"--host {host[:60]}: this machine knows no such host; allowed: as 127.0.0.1") from None
    try:
        return socket.create_server(address[:2], family=family, backlog=128)
    except OSError as error:
        what = f"cannot listen at {host}:{port}: {os.strerror(error.errno or 0)}"
        raise CommandError(f"{what}; allowed: an address of this machine, and with --port one that is free") from None
