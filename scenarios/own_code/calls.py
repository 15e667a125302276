"""What is asked of a learner's file, call by call, and what each function gives back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from nncore.arrays import Array
from nncore.model import NetworkModel
from nncore.operations import Operation, OperationKind, operations
from nncore.training import Lane
from scenarios.own_code.cases import STEPS, Case, batches, cases, network, updates
from scenarios.own_code.worker import ARGUMENTS, frame

FUNCTIONS = tuple(ARGUMENTS)

_RESULTS: Mapping[OperationKind, tuple[str, ...]] = {
    OperationKind.PRE_ACTIVATION: ("A",),
    OperationKind.ACTIVATION: ("Z",),
    OperationKind.LOSS: ("L",),
    OperationKind.OUTPUT_DELTA: ("D",),
    OperationKind.DELTA: ("D",),
    OperationKind.WEIGHT_GRADIENT: ("dW",),
    OperationKind.BIAS_GRADIENT: ("db",),
    OperationKind.UPDATE: ("W", "b"),
}
_FUNCTION = {"A": "forward", "Z": "forward", "L": "loss", "D": "backward", "dW": "backward", "db": "backward"}


@dataclass(frozen=True)
class Result:
    """An array that a function returns: its name, as dW, and the operation that computes it."""

    name: str
    operation: Operation

    @property
    def function(self) -> str:
        return _FUNCTION.get(self.name, "update")

    @property
    def layer(self) -> int:
        """0 for the loss, which is one number."""
        return 0 if self.name == "L" else self.operation.layer

    @property
    def key(self) -> str:
        """Its name in a frame: dW2."""
        return f"{self.name}{self.layer or ''}"

    @property
    def made_from(self) -> str:
        """The key of what the same function computes before it, and takes for it; "" where there is nothing."""
        d = self.layer
        return {"A": f"Z{d - 1}", "Z": f"A{d}", "D": f"D{d + 1}", "dW": f"D{d}", "db": f"D{d}"}.get(self.name, "")


def results(model: NetworkModel) -> tuple[Result, ...]:
    """All that the functions return, in the order in which it is computed."""
    return tuple(Result(name, one) for one in operations(model) for name in _RESULTS.get(one.kind, ()))


@dataclass(frozen=True, eq=False)
class Call:
    """A function called for a case, with right values for all that comes before it."""

    function: str
    case: Case

    def frame(self) -> bytes:
        model, seen = self.case.model, self.case.trace
        arrays = {name: array for name, array in self._values(model).items() if name in ARGUMENTS[self.function]}
        about = {"function": self.function, "step": seen.count + 1, "fresh": self.case.fresh}
        return frame({**about, **_shape(model)}, _by_layer(arrays))

    def _values(self, model: NetworkModel) -> dict[str, Array | dict[int, Array]]:
        seen = self.case.trace
        a, z = dict(enumerate(seen.a, 1)), dict(enumerate(seen.z))
        w, b = _parameters(model, seen.theta)
        dw, db = _parameters(model, seen.gradient)
        output = (seen.a if model.loss.from_logits else seen.z)[-1]
        return {
            "X": seen.z[0],
            "Y": model.data.y,
            "output": output,
            "A": a,
            "Z": z,
            "W": w,
            "b": b,
            "dW": dw,
            "db": db,
        }


@dataclass(frozen=True, eq=False)
class Plan:
    """All that a file is asked of a lane: each function on its own, then whole steps on the lane's own batches."""

    lane: Lane

    @cached_property
    def calls(self) -> tuple[Call, ...]:
        made = cases(self.lane)
        own = [Call(function, case) for function in FUNCTIONS if function != "update" for case in made]
        return (*own, *(Call("update", case) for case in updates(made)))

    @cached_property
    def results(self) -> tuple[Result, ...]:
        return results(self.calls[0].case.model)

    @cached_property
    def batches(self) -> tuple[Lane, ...]:
        """The lane with the batch of each whole step for all of its data."""
        return tuple(batches(self.lane, STEPS))

    def asked(self, functions: Sequence[str]) -> list[Call | None]:
        """The calls of these functions; None, for whole steps, if all are among them."""
        calls: list[Call | None] = [call for call in self.calls if call.function in functions]
        return [*calls, None] if len(functions) == len(FUNCTIONS) else calls

    def frame(self, call: Call | None) -> bytes:
        """A call, or whole steps on the lane's own batches, as bytes."""
        if call is not None:
            return call.frame()
        model = self.calls[0].case.model
        w, b = _parameters(model, self.lane.start)
        arrays = _by_layer({"W": w, "b": b})
        for number, lane in enumerate(self.batches, 1):
            data = network(lane).data
            arrays |= {f"X@{number}": data.x, f"Y@{number}": data.y}
        return frame({"function": "steps", "steps": STEPS, **_shape(model)}, arrays)


def _shape(model: NetworkModel) -> dict[str, int | bool]:
    loss = model.loss
    classes = model.loss_name == "softmax_cross_entropy"
    return {"depth": model.network.depth, "logits": loss.from_logits, "classes": classes}


def _parameters(model: NetworkModel, vector: Array) -> tuple[dict[int, Array], dict[int, Array]]:
    """The weights and the biases in a vector (P,), by layer."""
    weights, biases = zip(*model.network.split(vector), strict=True)
    return dict(enumerate(weights, 1)), dict(enumerate(biases, 1))


def _by_layer(values: Mapping[str, Array | dict[int, Array]]) -> dict[str, Array]:
    """W1, W2, … for a dictionary W."""
    flat: dict[str, Array] = {}
    for name, value in values.items():
        flat |= {f"{name}{d}": array for d, array in value.items()} if isinstance(value, dict) else {name: value}
    return flat
