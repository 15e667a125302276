"""A visitor's own process of the app: within the served folder, with a state of its own."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from tempfile import mkdtemp

from scenarios.walls import keep_within

SERVED, STATES = "GRADSTEP_SERVED", "GRADSTEP_STATES"
"""What tells a visitor's process the folder that is served, and the one in it for what visitors leave behind."""

_HOMES = ("HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME")


def in_a_tab() -> bool:
    """Whether another program carries what the app draws to a browser, so that there is no terminal."""
    return bool(os.environ.get("TEXTUAL_DRIVER"))


def invitation(folder: Path, states: Path) -> Mapping[str, str]:
    """The environment of visitors' processes, beside what they inherit."""
    return {SERVED: str(folder), STATES: str(states)}


def enter() -> None:
    """Where this is a visitor's process, read and write nothing outside the served folder from now on."""
    served, states = os.environ.get(SERVED), os.environ.get(STATES)
    if served and states:
        os.environ |= dict.fromkeys(_HOMES, mkdtemp(prefix="visit-", dir=states))
        os.chdir(served)
        keep_within(Path(served))
