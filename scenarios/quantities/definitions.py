"""The quantities that claims, breakpoints, JSON and CSV name, each with its definition: the one place."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from scenarios.expressions.tree import Quantity

Number = int | float | None


@dataclass(frozen=True)
class Definition:
    """What a quantity means, and how a reference to it may be written.

    `meaning`: as the table in docs/quantities.md begins to say it.
    `per_layer`: `name[d]` is the quantity of layer d (d = 1 … L), beside `name` of the whole network.
    `layers_reported`: whether every run reports those of the layers, too.
    `whole_network`: whether it may be written without the layer.
    `counts`: of an entry, what its indices count.
    `costly`: computed where a check or a pane asks for it only; the others are reported by every run.
    `every_step`: known after each step without passing samples through the network once more.
    `whole`: a whole number.
    `of_lane`: written `lane.name`; the others stand alone.
    `computed_by`: the operation of a step that it comes from, as files name it; PARAMETERS where it is of θ, which
    updates change layer by layer; "" of what has no value inside a step.
    """

    meaning: str
    per_layer: bool = False
    layers_reported: bool = True
    whole_network: bool = True
    counts: tuple[str, ...] = ()
    costly: bool = False
    every_step: bool = False
    whole: bool = False
    of_lane: bool = True
    computed_by: str = ""


PARAMETERS = "parameters"


def _of_a_layer(meaning: str, every_step: bool = False, computed_by: str = "") -> Definition:
    return Definition(
        meaning, per_layer=True, whole_network=False, costly=True, every_step=every_step, computed_by=computed_by
    )


QUANTITIES: dict[str, Definition] = {
    "step": Definition("the number t of completed updates", every_step=True, whole=True, of_lane=False),
    "epoch": Definition(
        "completed passes over the training samples; with lanes of different batch sizes, the fewest of them",
        every_step=True,
        whole=True,
        of_lane=False,
    ),
    "train_loss": Definition(
        "the loss on the whole training part, with the L1 and L2 penalties", computed_by=PARAMETERS
    ),
    "test_loss": Definition("the loss on the whole test part, without penalties", computed_by=PARAMETERS),
    "train_accuracy": Definition("the share of the training samples put in the right class", computed_by=PARAMETERS),
    "test_accuracy": Definition("the share of the test samples put in the right class", computed_by=PARAMETERS),
    "batch_loss": Definition(
        "the loss of step t on its batch, before the update, with penalties", every_step=True, computed_by="loss"
    ),
    "grad_norm": Definition(
        "‖g‖₂ of that step's gradient, of all layers or of layer d: with penalties, 0 for frozen layers",
        per_layer=True,
        every_step=True,
        computed_by="db",
    ),
    "learning_rate": Definition("the rate that step t used, with its schedule applied", every_step=True),
    "samples_seen": Definition(
        "samples in all batches so far, counted again when they come again", every_step=True, whole=True
    ),
    "multiply_adds": Definition("multiply-adds of all forward and backward passes so far", every_step=True, whole=True),
    "parameters": Definition(
        "how many weights and biases the network has, or variables the function", every_step=True, whole=True
    ),
    "closed_form_distance": Definition("‖θ − θ*‖₂, where θ* solves the normal equations"),
    "closed_form_gap": Definition("the train loss at θ less the train loss at θ*, which solves the normal equations"),
    "start_distance": Definition(
        "‖θ − θ₀‖₂, the distance from the starting values", every_step=True, computed_by=PARAMETERS
    ),
    "dead_units": Definition(
        "hidden units that are exactly 0 on every training sample, of all layers or of layer d",
        per_layer=True,
        layers_reported=False,
        whole=True,
        computed_by=PARAMETERS,
    ),
    "saturated_units": Definition(
        "units, the output's included, with abs(σ′) < 0.01 on at least 95 % of the training samples, of all layers or "
        "of layer d",
        per_layer=True,
        layers_reported=False,
        whole=True,
        computed_by=PARAMETERS,
    ),
    "linear_pieces": Definition("how many linear pieces the function has on the data's domain", whole=True),
    "hessian_max": Definition(
        "the largest eigenvalue of the Hessian of the train loss at θ, with L2; [d] that of the block of layer d alone",
        per_layer=True,
        costly=True,
    ),
    "hessian_min": Definition(
        "the smallest eigenvalue of the train loss's Hessian; below 0 the loss is not convex at θ",
        per_layer=True,
        costly=True,
    ),
    "chord_violations": Definition(
        "the share of 64 random chords whose midpoint lies above the chord, where the loss is not convex", costly=True
    ),
    "chord_violations_last": Definition(
        "the share of 64 random chords whose midpoint lies above the chord, only the last layer moving", costly=True
    ),
    "gradient_variance": Definition(
        "the mean of ‖g_B − g‖² over the batches B of the present epoch, g being the gradient of the whole training "
        "part, both at θ",
        costly=True,
    ),
    "gradient_angle": Definition(
        "the angle in degrees between the gradient of the next batch and that of the whole training part, at θ",
        costly=True,
    ),
    "weight_norm": _of_a_layer(
        "‖W_d‖, the root of the sum of the squares of a layer's weights", every_step=True, computed_by=PARAMETERS
    ),
    "update_ratio": _of_a_layer(
        "‖change of W_d‖ / ‖W_d‖ of that step, W_d being as it was before the update", computed_by="update"
    ),
    "activation_mean": _of_a_layer("the mean of z_d over the training part and the layer's units"),
    "activation_std": _of_a_layer("the standard deviation of z_d over the training part and the layer's units"),
    "delta_norm": _of_a_layer(
        "‖Δ_d‖, the root of the sum of the squares of that step's error signals", computed_by="delta"
    ),
    "diverged_at": Definition("the step whose loss or update was not finite", every_step=True, whole=True),
}


_ROW, _COLUMN = "a unit of layer d", "what goes into layer d"
_SAMPLE = "a training sample"


def _entry(meaning: str, computed_by: str, *counts: str, whole: bool = False) -> Definition:
    every_step = computed_by == PARAMETERS and not whole
    return Definition(
        meaning,
        whole_network=False,
        counts=counts,
        costly=True,
        every_step=every_step,
        whole=whole,
        computed_by=computed_by,
    )


ENTRIES: dict[str, Definition] = {
    "W": _entry("one weight after t updates", PARAMETERS, _ROW, _COLUMN),
    "b": _entry("one bias after t updates", PARAMETERS, _ROW),
    "dW": _entry("one entry of that step's batch gradient, with penalties", "dW", _ROW, _COLUMN),
    "db": _entry("one entry of that step's batch gradient, of a bias", "db", _ROW),
    "a": _entry("a pre-activation of that step, null where the sample was not in its batch", "a", _SAMPLE, _ROW),
    "z": _entry("an activation of that step, null where the sample was not in its batch", "z", _SAMPLE, _ROW),
    "delta": _entry("an error signal of that step, null where the sample was not in its batch", "delta", _SAMPLE, _ROW),
    "output": _entry("an output of that step, null where the sample was not in its batch", "z", _SAMPLE, _ROW),
    "dead": _entry("1 where a hidden unit is exactly 0 on every training sample, else 0", PARAMETERS, _ROW, whole=True),
}
"""Single numbers of a lane by what they are of: followed by the layer's number, as in `W2[3,1]`, but for `output`."""

VARIABLE = Definition(
    "one variable of the function after t updates", costly=True, every_step=True, computed_by=PARAMETERS
)

_NUMBERED = re.compile(r"(W|b|dW|db|a|z|delta|dead)([1-9]\d*)")


def numbered(name: str) -> tuple[str, int] | None:
    """What an entry's name is of, a key of ENTRIES, and the layer, 0 for `output`; None where it is no entry's."""
    if name == "output":
        return name, 0
    found = _NUMBERED.fullmatch(name)
    return (found[1], int(found[2])) if found else None


def definition_of(name: str) -> Definition:
    """The definition of a quantity by that name; what else is valid is a function's variable."""
    entry = numbered(name)
    return QUANTITIES.get(name) or (ENTRIES[entry[0]] if entry else VARIABLE)


def meaning_in(text: str) -> str:
    """The quantity that a text names last and what it means, "step: the number …"; empty where it names none."""
    named = [name for name in re.findall(r"\w+", text) if name in QUANTITIES or numbered(name)]
    return f"{named[-1]}: {definition_of(named[-1]).meaning}" if named else ""


def references(name: str, layers: int) -> list[Quantity]:
    """A quantity of one lane as it is written, `name`, and of each of so many layers, `name[d]`, where it has them."""
    definition = QUANTITIES[name]
    of_layers = [(layer,) for layer in range(1, layers + 1)] if definition.per_layer else []
    return [Quantity(None, name, indices) for indices in ([()] if definition.whole_network else []) + of_layers]


def number(name: str, value: float) -> Number:
    """A value as files show it: None where it is not finite, whole numbers without a point."""
    if not np.isfinite(value):
        return None
    return int(value) if is_whole(name) else float(value)


def numbers(name: str, values: Iterable[float]) -> list[Number]:
    """Values of one quantity as files show them, say one a seed."""
    return [number(name, value) for value in values]


def is_whole(name: str) -> bool:
    """Whether a quantity by that name, `deep.dead_units` or `first_step(…)`, is a whole number."""
    if name.startswith("first_step("):
        return True
    definition = QUANTITIES.get(name.rpartition(".")[2].partition("[")[0])
    return definition is not None and definition.whole
