"""A lane that trains along with another program: on that program's batches, from that program's numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from nncore.arrays import Array
from nncore.batches import Indices
from nncore.mistakes.catalogue import sub
from nncore.model import NetworkModel
from nncore.network import activation_named
from nncore.operations import Operation, OperationKind, operations
from nncore.trace import Trace, trace
from nncore.training import Lane, Settings, State, add_penalty_gradient, penalty

_NAMES = {
    OperationKind.BATCH: "batch",
    OperationKind.PRE_ACTIVATION: "a",
    OperationKind.ACTIVATION: "z",
    OperationKind.LOSS: "loss",
    OperationKind.OUTPUT_DELTA: "delta",
    OperationKind.DELTA: "delta",
    OperationKind.WEIGHT_GRADIENT: "dW",
    OperationKind.BIAS_GRADIENT: "db",
    OperationKind.UPDATE: "update",
}


@dataclass(frozen=True)
class Line:
    """One array of a step: its name, as dW2, and the operation that computes it; an update makes two, W2 and b2."""

    name: str
    operation: Operation

    @property
    def kind(self) -> str:
        """The operation's name, without the layer."""
        return _NAMES[self.operation.kind]

    @property
    def layer(self) -> int | None:
        return None if self.kind in ("batch", "loss") else self.operation.layer


def lines(model: NetworkModel) -> Iterator[Line]:
    """The arrays of a step in causal order."""
    for operation in operations(model):
        name = _NAMES[operation.kind]
        if name == "update":
            yield from (Line(f"{part}{operation.layer}", operation) for part in "Wb")
        elif name == "loss":
            yield Line(name, operation)
        elif name != "batch":
            yield Line(f"{name}{operation.layer}", operation)


def inputs(model: NetworkModel, name: str) -> list[str]:
    """The arrays of a step that one is computed from. The loss stands for all that the forward pass makes."""
    letters, d, depth = letters_of(name), layer_of_name(name), model.network.depth
    below = [f"z{d - 1}"] if d > 1 else []
    match letters:
        case "a":
            return below
        case "z":
            return [f"a{d}"]
        case "loss":
            return [f"z{depth}"]
        case "delta":
            return [f"delta{d + 1}", f"a{d}"] if d < depth else ["loss"]
        case "dW":
            return [f"delta{d}", *below]
        case "db":
            return [f"delta{d}"]
        case _:
            return [f"d{name}"]


def letters_of(name: str) -> str:
    """dW of dW2."""
    return name.rstrip("0123456789")


def layer_of_name(name: str) -> int:
    """2 of dW2, 0 of the loss."""
    return int(name[len(letters_of(name)) :] or 0)


def symbol(name: str) -> str:
    """An array's name as on the screen: ∂W₂ for dW2."""
    letters, layer = letters_of(name), layer_of_name(name)
    return {"delta": "δ", "dW": "∂W", "db": "∂b"}.get(letters, letters) + (sub(layer) if layer else "")


class Reference:
    """The steps of a lane of one network, each from any state and on any batch."""

    def __init__(self, lane: Lane, model: NetworkModel) -> None:
        self.lane, self.model = lane, model
        self._whole = replace(
            lane,
            settings=replace(lane.settings, batch_size=0),
            edits=tuple(replace(edit, settings=_whole(edit.settings)) for edit in lane.edits),
        )
        self._latest: tuple[bytes, Lane] = b"", lane

    def trace(self, state: State, batch: Indices | None) -> Trace:
        """The step after a state, on these samples, or on those of the lane's own order."""
        if batch is None:
            return trace(self.lane, state)
        key = batch.tobytes()
        if key != self._latest[0]:
            data = replace(self.model.data, x=self.model.data.x[batch], y=self.model.data.y[batch])
            self._latest = key, replace(self._whole, model=replace(self.model, data=data))
        return replace(trace(self._latest[1], state), indices=batch)

    def after(self, state: State, made: Trace) -> State:
        """The state that a step leads to."""
        size, samples = self.lane.settings_at(state.step).batch_size, self.model.samples
        return replace(
            state,
            theta=made.after,
            optimizer_state=made.memory,
            step=state.step + 1,
            count=made.count + 1,
            place=state.place.after(size, samples),
            samples_seen=state.samples_seen + len(made.indices),
        )


def _whole(settings: Settings | None) -> Settings | None:
    return None if settings is None else replace(settings, batch_size=0)


def numbers(model: NetworkModel, made: Trace) -> dict[str, Array]:
    """The arrays of a step by their names."""
    found = {"loss": np.asarray(made.loss)}
    for name, arrays in (("a", made.a), ("z", made.z[1:]), ("delta", made.delta)):
        found |= {f"{name}{d}": array for d, array in enumerate(arrays, 1)}
    found |= {f"d{name}": part for name, part in model.parts(made.gradient)}
    return found | dict(model.parts(made.theta - made.change))


def completed(model: NetworkModel, made: Trace, given: Mapping[str, Array]) -> Trace:
    """A step with some of its arrays in place of its own, and all that follows worked out from them.

    What has another shape than the step's own is left aside.
    """
    own = numbers(model, made)
    given = {name: array for name, array in given.items() if name in own and array.shape == own[name].shape}
    network, loss, settings = model.network, model.loss, made.settings
    scale = model.scale(len(made.targets))
    parameters = network.split(made.theta)
    a: list[Array] = []
    z = [made.z[0]]
    derivative: list[Array] = []
    for d, (w, b) in enumerate(parameters, 1):
        activation = activation_named(network.activations[d - 1])
        a.append(given.get(f"a{d}", z[-1] @ w.T + b))
        activated = np.empty_like(a[-1])
        activation.value(a[-1], activated)
        z.append(given.get(f"z{d}", activated))
        derivative.append(np.ones_like(a[-1]))
        if d < network.depth or not (loss.from_logits or activation.name == "linear"):
            activation.derivative(a[-1], z[-1], derivative[-1])
    value = float(
        (loss.value(a[-1], z[-1], made.targets) * scale).sum() + penalty(settings, model.penalized, made.theta)
    )
    signal = np.empty_like(z[-1])
    loss.derivative(z[-1], made.targets, signal)
    signal *= scale
    delta: list[Array] = []
    gradient = np.zeros_like(made.gradient)
    for d in range(network.depth, 0, -1):
        delta.insert(0, given.get(f"delta{d}", signal * derivative[d - 1]))
        dw, db = network.split(gradient)[d - 1]
        dw[...], db[...] = delta[0].T @ z[d - 1], delta[0].sum(0)
        signal = delta[0] @ parameters[d - 1][0]
    add_penalty_gradient(settings, model.penalized, made.theta, gradient)
    for number in settings.frozen:
        gradient[model.blocks[number - 1]] = 0.0
    _put(
        model, gradient, {name[1:]: array for name, array in given.items() if name.startswith("d") and name[1] in "Wb"}
    )
    change, memory = settings.optimizer.update(gradient, made.memory_before, made.learning_rate, made.count)
    for number in settings.frozen:
        change[model.blocks[number - 1]] = 0.0
    return replace(
        made,
        a=tuple(a),
        z=tuple(z),
        derivative=tuple(derivative),
        delta=tuple(delta),
        loss=float(given.get("loss", value)),
        gradient=gradient,
        change=change,
        memory=memory,
        after=made.theta - change,
    )


def _put(model: NetworkModel, vector: Array, parts: Mapping[str, Array]) -> None:
    """Write parts of a vector (P,) by their names, W1, b1, …, into it."""
    for name, part in model.parts(vector):
        if name in parts:
            part[...] = parts[name]


def joined(model: NetworkModel, parts: Mapping[str, Array]) -> Array | None:
    """The vector (P,) of all parts W1, b1, …; None where one is missing or has another shape."""
    vector = np.empty(model.parameter_count)
    own = dict(model.parts(vector))
    if any(name not in parts or parts[name].shape != part.shape for name, part in own.items()):
        return None
    _put(model, vector, parts)
    return vector
