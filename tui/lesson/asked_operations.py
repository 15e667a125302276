"""Which operations of a step are filled in, and how many numbers each has."""

from __future__ import annotations

import numpy as np

from nncore.operations import OperationKind
from scenarios.guide import NamedOperation
from tui.session.actions import Fill
from tui.session.cursor import Cursor
from tui.session.frame import LaneFrame
from tui.session.frame_builder import FrameBuilder
from tui.session.session import Session

OF_PARAMETERS = (OperationKind.WEIGHT_GRADIENT, OperationKind.BIAS_GRADIENT, OperationKind.UPDATE)


def next_asked(lane: LaneFrame, index: int) -> int | None:
    """The first operation at or after a place of the step that is filled in; None where the step ends."""
    return next((place for place in range(max(index, 0), len(lane.operations)) if is_asked(lane, place)), None)


def is_copy(lane: LaneFrame, index: int) -> bool:
    """Whether an operation repeats the numbers before it, as the activation of a linear layer does."""
    operation = lane.operations[index]
    if operation.kind is not OperationKind.ACTIVATION:
        return False
    return lane.network.layers[operation.layer - 1].activation == "linear"


def is_asked(lane: LaneFrame, index: int) -> bool:
    """Whether an operation makes numbers: not the batch, nothing of a frozen layer, a function's value only once."""
    operation, trace = lane.operations[index], lane.trace
    if operation.kind is OperationKind.BATCH or (lane.is_function and operation.kind is OperationKind.LOSS):
        return False
    if operation.kind in OF_PARAMETERS and operation.layer in trace.settings.frozen:
        return False
    return bool(np.isfinite(trace.result(operation, _block(lane, index))).all())


def _block(lane: LaneFrame, index: int) -> slice:
    """The part of θ that an operation is about."""
    operation = lane.operations[index]
    if operation.kind is OperationKind.WEIGHT_GRADIENT:
        return lane.network.layers[operation.layer - 1].weights
    if operation.kind is OperationKind.BIAS_GRADIENT:
        return lane.network.layers[operation.layer - 1].biases
    return lane.lane.model.blocks[operation.layer - 1]


def refuse_wrong_score(session: Session, action: Fill) -> None:
    """Raise ValueError where what a journal says was filled in cannot have been, at the cursor."""
    if action.lane >= len(session.lane_runs):
        raise ValueError(f"there is no lane {action.lane}")
    cursor = session.cursor
    lane = FrameBuilder(session).lane(action.lane, cursor if cursor != Cursor() else Cursor(0, 0))
    places = [at for at, one in enumerate(lane.operations) if str(NamedOperation.of(one)) == action.operation]
    if not any(is_asked(lane, at) for at in places):
        raise ValueError(f"{action.operation} is nothing to fill in here")
    numbers = lane.trace.result(lane.operations[places[0]], _block(lane, places[0])).size
    filled = action.right + action.hinted + action.shown
    if filled > numbers:
        raise ValueError(f"{filled} numbers were filled in, but {action.operation} has {numbers}")
