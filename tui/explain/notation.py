"""Names of operations as they stand on the screen, in the field's notation."""

from __future__ import annotations

from nncore.operations import Operation, OperationKind
from nncore.parameters import SUBSCRIPTS
from tui.keymap.own_keys import keyed
from tui.render.numbers import num
from tui.session.frame import Frame, Stop


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
