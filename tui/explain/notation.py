"""Names of operations as they stand on the screen, in the field's notation."""

from __future__ import annotations

from nncore.operations import Operation, OperationKind
from nncore.parameters import SUBSCRIPTS
from tui.keymap.own_keys import keyed
from tui.render.numbers import num
from tui.session.breakpoints import Hit
from tui.session.cursor import Cursor
from tui.session.frame import Frame, Stop
from tui.session.session import Session


def subscript(value: int) -> str:
    """₁₂ for 12."""
    return str(value).translate(SUBSCRIPTS)


def the_others(count: int, things: str) -> str:
    """What is left out, counted: "the other 9 terms", "the other term"."""
    return f"the other {count} {things}s" if count > 1 else f"the other {things}"


def operation_name(operation: Operation) -> str:
    """An operation in a few words: "pre-activation a₂"."""
    d = subscript(operation.layer)
    match operation.kind:
        case OperationKind.BATCH:
            return "the batch"
        case OperationKind.PRE_ACTIVATION:
            return f"pre-activation a{d}"
        case OperationKind.ACTIVATION:
            return f"activation z{d}"
        case OperationKind.VALUE:
            return "value f(θ)"
        case OperationKind.LOSS:
            return "loss L"
        case OperationKind.OUTPUT_DELTA | OperationKind.DELTA:
            return f"error signal δ{d}"
        case OperationKind.WEIGHT_GRADIENT:
            return f"gradient ∂L/∂W{d}"
        case OperationKind.BIAS_GRADIENT:
            return f"gradient ∂L/∂b{d}"
        case OperationKind.GRADIENT:
            return "gradient ∂f/∂θ"
        case OperationKind.UPDATE:
            return f"update of layer {operation.layer}" if operation.layer else "update of θ"


def stopped_words(stop: Stop) -> str:
    """Why a lane stopped."""
    what = operation_name(stop.operation) if stop.operation else "the update"
    return f"stopped at step {stop.step}: {what} is no longer finite " + keyed("({autopsy}: autopsy)")


def losses_in_words(frame: Frame) -> str:
    """The train loss of every lane where the cursor stands."""
    losses = ", ".join(f"{lane.lane.label} {num(float(lane.evaluation.train_loss))}" for lane in frame.lanes)
    return f"step {frame.cursor.step:,}: train loss {losses}"


def operation_in_words(session: Session, cursor: Cursor, lane: int) -> str:
    """An operation of a step, of a lane or, while that waits, of another: "step 13, error signal δ₁ of deep"."""
    others = [number for number in range(len(session.lane_runs)) if number != lane]
    positions = {number: session.lockstep.lane_position(number, cursor) for number in (lane, *others)}
    there = next(number for number, position in positions.items() if not position.waiting)
    lane_run = session.lane_runs[there]
    of_lane = f" of {lane_run.lane.id}" if others else ""
    return f"step {cursor.step + 1:,}, {operation_name(lane_run.operations[positions[there].index])}{of_lane}"


def hit_in_words(session: Session, hit: Hit, lane: int) -> str:
    """Where a breakpoint stopped the run, which one, and why."""
    inside = hit.position is not None
    where = operation_in_words(session, hit.place, lane) if inside else f"step {hit.step}"
    return f"{where}: {hit.text}\n{hit.why}"
