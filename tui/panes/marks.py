"""What the guide points at: in which panes it is, and what of a pane it is."""

from __future__ import annotations

from scenarios.guide import Target
from tui.panes.pane import View
from tui.render.palette import Look
from tui.render.selection import Sample, Unit
from tui.session.frame import Frame, LaneFrame

KINDS = {"W": "weights", "b": "weights", "dW": "gradients", "db": "gradients"}
"""The pane that draws a quantity; all others are in the network's."""


def pane_of(target: Target) -> str:
    """The kind of pane in which a target can be selected: its own, or the one that draws it."""
    return KINDS.get(target.name, "network" if _is_quantity(target) else target.name)


def pointed(frame: Frame, kind: str, lane: LaneFrame) -> tuple[Target, ...]:
    """What the guide points at in a pane of a lane: the pane itself, or things in it."""
    guide = frame.lesson.guide
    return tuple(target for target in guide.targets if _is_in(target, frame, kind, lane)) if guide else ()


def line_mark(frame: Frame, line: str, look: Look) -> str:
    """The first cell of the header, the equation or the timeline: a mark where the guide points at it."""
    guide = frame.lesson.guide
    spoken = guide is not None and any(target.name == line for target in guide.targets)
    return look.glyphs.pointing if spoken else " "


def _is_in(target: Target, frame: Frame, kind: str, lane: LaneFrame) -> bool:
    if target.name == kind:
        return target.lane in (None, lane.lane.id)
    if lane.lane.id != (target.lane or frame.lane.lane.id) or lane.is_function:
        return False
    if target.name in KINDS:
        return KINDS[target.name] == kind
    return _is_quantity(target) and (kind == "network" or (kind == "function" and sample_of(target) is not None))


def _is_quantity(target: Target) -> bool:
    return target.name in (*KINDS, "a", "z", "delta", "output")


def sample_of(target: Target) -> Sample | None:
    """The sample that a target speaks of: the first of its two indices."""
    of_samples = _is_quantity(target) and target.name not in KINDS and len(target.index) == 2
    return Sample(target.index[0]) if of_samples else None


def unit_of(target: Target, lane: LaneFrame) -> Unit | None:
    """The unit that a target speaks of."""
    if not _is_quantity(target) or target.name in KINDS or not target.index:
        return None
    return Unit(layer_of(target, lane), target.index[-1])


def layer_of(target: Target, lane: LaneFrame) -> int:
    """The layer of a target; outputs are those of the last one."""
    return target.layer or lane.network.network.depth


def pointed_units(view: View) -> tuple[Unit, ...]:
    """The units of the view's lane that the guide points at."""
    if view.lane.is_function:
        return ()
    found = (unit_of(target, view.lane) for target in pointed(view.frame, "network", view.lane))
    return tuple(unit for unit in found if unit is not None)


def pointed_layers(view: View) -> frozenset[int]:
    """The layers of the view's lane that the guide points at as a whole."""
    targets = pointed(view.frame, "network", view.lane)
    return frozenset(layer_of(one, view.lane) for one in targets if _is_quantity(one) and not one.index)


def pointed_samples(view: View) -> tuple[Sample, ...]:
    """The samples of the view's lane that the guide points at."""
    found = (sample_of(target) for target in pointed(view.frame, "function", view.lane))
    return tuple(sample for sample in found if sample is not None)
