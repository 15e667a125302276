"""The file that a learner completes: one step of a lane's training as four empty functions, each with its formulas."""

from __future__ import annotations

import os
import re
import shlex
from dataclasses import dataclass, fields
from pathlib import Path

from nncore.model import NetworkModel
from nncore.network import activation_named
from nncore.training import Lane, Settings
from scenarios.file.course_file import LIBRARY
from scenarios.file.loader import find

_HEADER = re.compile(r"^# gradstep exercise (.+)$", re.MULTILINE)
_REMEMBER = (
    "`state` is a dictionary to remember things in: {} in step 1, then what was returned. It alone may be changed in",
    "place.",
)
MAX_BYTES = 2**20
"""A file to check is at most so large."""


@dataclass(frozen=True)
class Origin:
    """Which network a file is about: a scenario's name or path, and a lane's id, None for its first network."""

    scenario: str
    lane: str | None = None

    def __str__(self) -> str:
        """As it stands in the file."""
        return shlex.join([self.scenario, *(["--lane", self.lane] if self.lane else [])])

    @staticmethod
    def beside(file: Path, scenario: str, lane: str) -> Origin:
        """As a file says it: the scenario by its name in the library, or by its path from the file's own folder."""
        path = find(scenario)
        if path.parent == LIBRARY:
            return Origin(scenario, lane)
        found = os.path.relpath(path, file.absolute().parent)
        return Origin(found if os.path.dirname(found) else os.path.join(os.curdir, found), lane)

    @staticmethod
    def of(text: str) -> Origin | None:
        """What the text of a file says; None where it says nothing that can be read."""
        found = _HEADER.search(text)
        try:
            words = shlex.split(found[1]) if found else []
        except ValueError:
            words = []
        match words:
            case [scenario]:
                return Origin(scenario)
            case [scenario, "--lane", lane]:
                return Origin(scenario, lane)
        return None


def exercise(lane: Lane, origin: Origin, file: Path) -> str:
    """The text of the file, for a lane that is a network."""
    text = _Text(lane)
    return f'''"""One step of training in NumPy: {text.about}.

Complete the four functions, in any order. As often as you like have them checked, each on its own:

    gradstep check {shlex.quote(file.name)}

Layers are d = {text.layers}; samples are rows. Take the shapes from the arguments: m is the number of samples, and
functions are also called with layers of other widths. W, b, A, Z, D, dW, db are dictionaries by layer: W[1] is that
of layer 1. Leave the arguments as they are, and return new arrays.
"""
# gradstep exercise {origin}

import numpy as np


def forward(X, W, b):
    """{text.forward}
    """
    raise NotImplementedError
    return A, Z


def loss(output, Y, W):
    """{text.loss}
    """
    raise NotImplementedError
    return L


def backward(A, Z, Y, W):
    """{text.backward}
    """
    raise NotImplementedError
    return D, dW, db


def update(W, b, dW, db, state, step):
    """{text.update}
    """
    raise NotImplementedError
    return W, b, state
'''


class _Text:
    """What the docstrings say of a lane, in the notation of the notes."""

    def __init__(self, lane: Lane) -> None:
        assert isinstance(lane.model, NetworkModel)
        self.lane, self.model, self.settings = lane, lane.model, lane.settings
        self.last = self.model.network.depth
        self.layers = "1" if self.last == 1 else f"1 … {self.last}"
        self.mean = "1/m · " * (self.model.reduction == "mean")

    @property
    def about(self) -> str:
        sizes = "-".join(map(str, self.model.network.sizes))
        return f"a {sizes} network, {self.model.loss_name.replace('_', ' ')} loss, {_optimizer(self.settings)}"

    @property
    def forward(self) -> str:
        sizes = self.model.network.sizes
        shapes = [f"W[{d}] {sizes[d], sizes[d - 1]}, b[{d}] ({sizes[d]},)" for d in range(1, self.last + 1)]
        many = ["…"] if self.last > 4 else []
        return _lines(
            "The forward pass of a batch X (m, inputs): A[d] and Z[d] (m, out) of every layer.",
            "",
            "    Z[0] = X",
            f"    for d = {self.layers}:",
            "        A[d] = Z[d-1] W[d]ᵀ + b[d]",
            "        Z[d] = σ(A[d])",
            "",
            *_by_layer("σ", [activation_named(name).formula for name in self.model.network.activations]),
            "",
            "W[d] is (out, in), b[d] is (out,). In the scenario:",
            *(f"    {line}" for line in [*shapes[:3], *many, *(shapes[3:4] if not many else shapes[-1:])]),
        )

    @property
    def loss(self) -> str:
        loss = self.model.loss
        penalties = [
            *([f" + ½ · {self.settings.l2} · Σ W²"] if self.settings.l2 else []),
            *([f" + {self.settings.l1} · Σ |W|"] if self.settings.l1 else []),
        ]
        return _lines(
            "The loss of a batch, a number.",
            "",
            f"    L = {self.mean}Σ ℓ{''.join(penalties)}",
            f"    ℓ = {loss.formula}",
            "",
            "Σ ℓ is over the samples, the Σ in ℓ over the outputs.",
            *(["Penalties are over the weights of all layers, not over biases."] if penalties else []),
            self._output,
            self._targets,
        )

    @property
    def _output(self) -> str:
        if self.model.loss.from_logits:
            return f"output is A[{self.last}] (m, outputs): ℓ is computed from a, without overflow."
        return f"output is Z[{self.last}] (m, outputs)."

    @property
    def _targets(self) -> str:
        if self.model.loss_name == "softmax_cross_entropy":
            return "Y (m, 1) holds the number of the class, from 0."
        return "Y (m, outputs)."

    @property
    def backward(self) -> str:
        last, names = self.last, self.model.network.activations
        hot = " (Y here as rows of 0 with a 1 at the class)" * (self.model.loss_name == "softmax_cross_entropy")
        squashed = not self.model.loss.from_logits and names[-1] != "linear"
        error = self.model.loss.derivative_terms.format(z=f"Z[{last}]", y="Y").replace(" - ", " − ")
        penalties = [
            *([f" + {self.settings.l2} · W[d]"] if self.settings.l2 else []),
            *([f" + {self.settings.l1} · sign(W[d])"] if self.settings.l1 else []),
        ]
        derived = names if squashed else names[:-1]
        loop = [f"for d = {', '.join(map(str, range(last, 0, -1)))}:" if last < 4 else f"for d = {last} … 1:"]
        return _lines(
            "The backward pass: error signals D[d] = ∂L/∂A[d] (m, out), gradients dW[d] (out, in) and db[d] (out,).",
            "",
            f"    D[{last}] = {self.mean}{error}{f' ⊙ σ′(A[{last}])' * squashed}{hot}",
            *(f"    {line}" for line in loop),
            f"        dW[d] = D[d]ᵀ Z[d-1]{''.join(penalties)}",
            "        db[d] = the sum of the rows of D[d]",
            *(["        D[d-1] = (D[d] W[d]) ⊙ σ′(A[d-1]), if d > 1"] if last > 1 else []),
            *([""] if derived else []),
            *_by_layer("σ′", [activation_named(name).derivative_formula for name in derived]),
            "",
            *(["The mean's 1/m stands in D already."] if self.mean else []),
            f"{self._targets} sign(0) = 0." if self.model.loss.kinked else self._targets,
            *self._frozen("dW[{d}] and db[{d}] are 0"),
        )

    @property
    def update(self) -> str:
        settings = self.settings
        optimizer, schedule = settings.optimizer, settings.schedule.formula
        rule = optimizer.rule(0)
        formula = rule.formula.replace("^1)", "^step)")  # a power of the first update, and of every one
        rate = f"α = {optimizer.learning_rate}"
        others = [f"{one.name} = {getattr(optimizer, one.name)}" for one in fields(optimizer)[1:]] if rule.state else []
        starting = f"; its {' and '.join(rule.state)} begin at 0" if rule.state else ""
        return _lines(
            "One update of all layers; step = 1, 2, 3, … counts the updates.",
            "",
            *(f"    {part}" for part in reversed(formula.split(", "))),
            f"    {rate}" if schedule == "1" else f"    {rate} · {schedule}; t = step − 1",
            *([f"    ({', '.join(others)})"] if others else []),
            "",
            f"θ is W[d] or b[d] of each layer, g its gradient dW[d] or db[d]{starting}.",
            *(_REMEMBER if rule.state else ["Nothing has to be remembered: return `state` as it is."]),
            *self._frozen("W[{d}] and b[{d}] stay"),
        )

    def _frozen(self, words: str) -> list[str]:
        return [f"Layer {d} is frozen: {words.format(d=d)}." for d in sorted(self.settings.frozen)]


def _optimizer(settings: Settings) -> str:
    optimizer = settings.optimizer
    momentum = " with momentum" if getattr(optimizer, "momentum", 0.0) else ""
    return f"{type(optimizer).__name__.lower()}{momentum}"


def _by_layer(symbol: str, formulas: list[str]) -> list[str]:
    """A line for each formula, with the layers that have it."""
    same = {formula: [d for d, other in enumerate(formulas, 1) if other == formula] for formula in formulas}
    if len(same) == 1 and len(formulas) > 1:
        return [f"    {symbol} = {formulas[0]}"]
    return [f"    {symbol} = {formula} in {_numbered(layers)}" for formula, layers in same.items()]


def _numbered(layers: list[int]) -> str:
    if len(layers) == 1:
        return f"layer {layers[0]}"
    if layers == list(range(layers[0], layers[-1] + 1)):
        return f"layers {layers[0]} to {layers[-1]}"
    return f"layers {', '.join(map(str, layers))}"


def _lines(first: str, *rest: str) -> str:
    """The lines of a docstring, indented but for empty ones and the first."""
    return "\n".join([first, *(f"    {line}" if line else "" for line in rest)])
