"""All kinds of panes, in the order in which they are offered; each is loaded when it is first asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module

from tui.panes.pane import Pane

_CLASSES = {
    "function": ("function", "FunctionPane"),
    "network": ("network", "NetworkPane"),
    "weights": ("matrices", "WeightsPane"),
    "gradients": ("matrices", "GradientsPane"),
    "loss": ("loss", "LossPane"),
    "norms": ("norms", "NormsPane"),
    "health": ("health", "HealthPane"),
    "features": ("features", "FeaturesPane"),
    "landscape": ("landscape", "LandscapePane"),
    "curvature": ("curvature", "CurvaturePane"),
    "batch": ("batch", "BatchPane"),
    "tally": ("tally", "TallyPane"),
    "watch": ("watch", "WatchPane"),
    "lesson": ("lesson", "LessonPane"),
}
"""The module and the class of each kind."""

SHARED = frozenset(("loss", "norms", "tally", "watch", "lesson"))
"""The kinds that show all lanes at once."""

DEFAULT = ("function", "weights", "gradients", "loss", "norms", "lesson")
"""What a scenario opens with that does not choose."""


class _Panes(Mapping[str, Pane]):
    """The panes by their kinds."""

    def __getitem__(self, kind: str) -> Pane:
        return _loaded(*_CLASSES[kind])

    def __iter__(self) -> Iterator[str]:
        return iter(_CLASSES)

    def __len__(self) -> int:
        return len(_CLASSES)

    def __contains__(self, kind: object) -> bool:
        return kind in _CLASSES


@cache
def _loaded(module: str, name: str) -> Pane:
    pane: Pane = getattr(import_module(f"tui.panes.{module}"), name)()
    return pane


PANES = _Panes()


def chosen(kinds: tuple[str, ...] | None) -> tuple[str, ...]:
    """The panes a scenario asks for, those that exist."""
    return tuple(kind for kind in kinds or DEFAULT if kind in PANES)
