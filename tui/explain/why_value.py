"""A number of a lane's run and what made it: the places that the way of a value leads through, and their names."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from nncore.operations import Operation, OperationKind, Phase
from nncore.parameters import parameter_symbol
from nncore.training import Model
from tui.explain.notation import subscript as sub


class Kind(StrEnum):
    """What a number is."""

    PARAMETER = "θ"
    MEMORY = "memory"
    GRADIENT = "gradient"
    PRE_ACTIVATION = "a"
    ACTIVATION = "z"
    DELTA = "δ"


OF_SAMPLES = (Kind.PRE_ACTIVATION, Kind.ACTIVATION, Kind.DELTA)


@dataclass(frozen=True)
class Value:
    """Which number of a lane's run it is.

    step: the updates made when it was there; of gradients and what is of a sample, those before the step that made it.
    entry: of θ, for a parameter, its gradient and what the optimizer remembers of it. memory: that one's symbol.
    layer, unit, sample: of a, z and δ; the sample by its number in the training part.
    """

    kind: Kind
    step: int
    entry: int = 0
    memory: str = ""
    layer: int = 0
    unit: int = 0
    sample: int = 0

    @property
    def made_in(self) -> int:
        """The step that made it, counted from 1; 0 for what was there at the start."""
        return self.step if self.kind in (Kind.PARAMETER, Kind.MEMORY) else self.step + 1

    def symbol(self, model: Model) -> str:
        """What it is called, without its step and sample: W₁[3,1], ∂L/∂W₁[3,1], m of W₁[3,1], δ₂[17]."""
        if self.kind in OF_SAMPLES:
            return f"{self.kind}{sub(self.layer)}[{self.unit}]"
        name = parameter_symbol(model, self.entry)
        match self.kind:
            case Kind.GRADIENT:
                return f"∂{'L' if model.layers else 'f'}/∂{name}"
            case Kind.MEMORY:
                return f"{self.memory} of {name}"
        return name

    def when(self) -> str:
        """Its step in words."""
        if self.kind in (Kind.PARAMETER, Kind.MEMORY):
            return f"after step {self.made_in}" if self.made_in else "at the start"
        return f"in step {self.made_in}"

    def named(self, model: Model) -> str:
        """What it is called, with its sample and step."""
        of_sample = f" of sample {self.sample}" if self.kind in OF_SAMPLES else ""
        return f"{self.symbol(model)}{of_sample} {self.when()}"

    def operation(self, model: Model) -> Operation | None:
        """The operation that made it; None for what stands between two steps."""
        match self.kind:
            case Kind.PRE_ACTIVATION:
                return Operation(Phase.FORWARD, OperationKind.PRE_ACTIVATION, self.layer)
            case Kind.ACTIVATION:
                return Operation(Phase.FORWARD, OperationKind.ACTIVATION, self.layer)
            case Kind.DELTA:
                last = self.layer == len(model.layers)
                kind = OperationKind.OUTPUT_DELTA if last else OperationKind.DELTA
                return Operation(Phase.BACKWARD, kind, self.layer)
            case Kind.GRADIENT:
                return _gradient_operation(model, self.entry)
        return None


def _gradient_operation(model: Model, entry: int) -> Operation:
    if not model.layers:
        return Operation(Phase.BACKWARD, OperationKind.GRADIENT, 0)
    layer = next(layer for layer in model.layers if entry < layer.stop)
    bias = layer.entry(entry)[1] is None
    kind = OperationKind.BIAS_GRADIENT if bias else OperationKind.WEIGHT_GRADIENT
    return Operation(Phase.BACKWARD, kind, layer.number)


@dataclass(frozen=True)
class Term:
    """A number that another one is made of.

    name: as the formula calls it. note: what it is, in words. made_by: where it comes from, None where the way ends.
    adds: what it adds to a sum, of a product at its first factor; None where there is no sum, or at another factor.
    """

    name: str
    number: float
    note: str
    made_by: Value | None = None
    adds: float | None = None


@dataclass(frozen=True)
class Others:
    """The terms that are left out: how many, of what, and what they add where there is a sum."""

    count: int
    things: str
    adds: float | None = None


@dataclass(frozen=True)
class Why:
    """A number and what made it.

    formula: in symbols. numbers: the same in numbers, up to the equals sign; both "" where the way ends. others: terms
    that are left out. remark: what else is to be known, such as where the way ends, and why.
    """

    value: Value
    number: float
    formula: str = ""
    numbers: str = ""
    terms: tuple[Term, ...] = ()
    others: Others | None = None
    remark: str = ""
