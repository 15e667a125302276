"""How far runs were looked at, kept in the user's state folder, so that a later opening knows of an earlier one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

import msgspec
from platformdirs import user_state_path

from nncore.model import NetworkModel
from nncore.training import Lane
from scenarios.atomic_write import write
from scenarios.runs.build import build
from scenarios.scenario import Scenario
from tui.session.cursor import Cursor
from tui.session.seen import further

MOST = 2_000
"""How many runs are remembered, those looked at last."""


class SeenRuns:
    """The file of runs and places; several programs may share it, and what one of them loses it writes again."""

    def __init__(self) -> None:
        self._own: dict[str, Cursor] = {}
        self._written: dict[str, Cursor] = {}

    def seen(self, scenario: Scenario, seed: int) -> Cursor:
        """The furthest place of a run that was looked at, read anew."""
        key = run_key(scenario, seed)
        return further(self._own.get(key, Cursor()), _read().get(key, Cursor()))

    def note(self, scenario: Scenario, seed: int, place: Cursor) -> None:
        """Remember a place; `save` writes it."""
        key = run_key(scenario, seed)
        self._own[key] = further(place, self._own.pop(key, place))

    def save(self) -> str:
        """Write what is new; why that cannot be, or ""."""
        if self._own == self._written:
            return ""
        known = _read()
        for key, place in self._own.items():
            known[key] = further(place, known.pop(key, place))
        kept = dict(list(known.items())[-MOST:])
        try:
            write(_file(), msgspec.json.encode(kept))
        except OSError as error:
            return f"how far runs were looked at cannot be remembered: {error.strerror}"
        self._written = dict(self._own)
        return ""


@lru_cache(maxsize=16)
def run_key(scenario: Scenario, seed: int) -> str:
    """The same for all runs that show the same numbers: a digest of samples, starting values and settings."""
    digest = sha256()
    for lane in build(scenario, seed):
        for part in _parts(lane):
            digest.update(part)
    return digest.hexdigest()


def _parts(lane: Lane) -> Iterator[bytes]:
    model = lane.model
    yield repr((lane.settings, lane.edits, lane.seeds)).encode()
    yield lane.start.tobytes()
    if isinstance(model, NetworkModel):
        yield repr((model.network.sizes, model.network.activations, model.loss.name, model.reduction)).encode()
        yield model.data.x.tobytes()
        yield model.data.y.tobytes()
    else:
        yield repr((model.text, model.names, model.noise)).encode()


def _read() -> dict[str, Cursor]:
    """What is remembered; nothing where the file is missing or damaged."""
    with suppress(OSError, msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return msgspec.json.decode(_file().read_bytes(), type=dict[str, Cursor])
    return {}


def _file() -> Path:
    return user_state_path("gradstep") / "seen.json"
