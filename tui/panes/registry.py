"""All kinds of panes, in the order in which they are offered."""

from __future__ import annotations

from tui.panes.batch import BatchPane
from tui.panes.curvature import CurvaturePane
from tui.panes.features import FeaturesPane
from tui.panes.function import FunctionPane
from tui.panes.health import HealthPane
from tui.panes.landscape import LandscapePane
from tui.panes.lesson import LessonPane
from tui.panes.loss import LossPane
from tui.panes.matrices import GradientsPane, WeightsPane
from tui.panes.network import NetworkPane
from tui.panes.norms import NormsPane
from tui.panes.pane import Pane
from tui.panes.tally import TallyPane

PANES: dict[str, Pane] = {
    pane.kind: pane
    for pane in (
        FunctionPane(),
        NetworkPane(),
        WeightsPane(),
        GradientsPane(),
        LossPane(),
        NormsPane(),
        HealthPane(),
        FeaturesPane(),
        LandscapePane(),
        CurvaturePane(),
        BatchPane(),
        TallyPane(),
        LessonPane(),
    )
}

SHARED = frozenset(kind for kind, pane in PANES.items() if pane.shared)

DEFAULT = ("function", "weights", "gradients", "loss", "norms", "lesson")
"""What a scenario opens with that does not choose."""


def chosen(kinds: tuple[str, ...] | None) -> tuple[str, ...]:
    """The panes a scenario asks for, those that exist."""
    return tuple(kind for kind in kinds or DEFAULT if kind in PANES)
