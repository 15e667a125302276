"""The quantities that claims, breakpoints, JSON and CSV name, each with its definition: the one place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from scenarios.expressions.tree import Quantity

Number = int | float | None


@dataclass(frozen=True)
class Definition:
    """What a quantity means, and how a reference to it may be written.

    `per_layer`: `name[d]` is the quantity of layer d (d = 1 … L), beside `name` of the whole network.
    `costly`: computed where a check or a pane asks for it only; the others are reported by every run.
    `every_step`: known after each step without passing samples through the network once more.
    `whole`: a whole number.
    `of_lane`: written `lane.name`; the others stand alone.
    """

    meaning: str
    per_layer: bool = False
    costly: bool = False
    every_step: bool = False
    whole: bool = False
    of_lane: bool = True


QUANTITIES: dict[str, Definition] = {
    "step": Definition("Number t of completed updates.", every_step=True, whole=True, of_lane=False),
    "epoch": Definition(
        "Number of completed passes over the training samples, the fewest of all lanes.",
        every_step=True,
        whole=True,
        of_lane=False,
    ),
    "train_loss": Definition("Loss at θ after t updates on the whole training part, with L1 and L2 penalties."),
    "test_loss": Definition("Loss at θ after t updates on the whole test part, without penalties."),
    "train_accuracy": Definition(
        "Share of the training samples classified rightly, for labelled data and classification losses "
        "(threshold ½, or 0 for labels −1 and 1)."
    ),
    "test_accuracy": Definition(
        "Share of the test samples classified rightly, for labelled data and classification losses "
        "(threshold ½, or 0 for labels −1 and 1)."
    ),
    "batch_loss": Definition("Loss of step t on its batch, before its update, with penalties.", every_step=True),
    "grad_norm": Definition(
        "Euclidean norm of the gradient of step t on its batch, with penalties, without frozen layers.",
        per_layer=True,
        every_step=True,
    ),
    "learning_rate": Definition("Learning rate used at step t, with its schedule applied.", every_step=True),
    "samples_seen": Definition(
        "Samples in all batches so far, repeated ones counted again.", every_step=True, whole=True
    ),
    "multiply_adds": Definition(
        "Multiply-adds of all forward and backward passes so far.", every_step=True, whole=True
    ),
    "parameters": Definition(
        "Number of weights and biases of the network, or of variables of the function.",
        every_step=True,
        whole=True,
    ),
    "closed_form_distance": Definition(
        "‖θ − θ*‖₂ to the minimum θ* given by the normal equations, for a linear model with squared loss."
    ),
    "closed_form_gap": Definition(
        "Train loss at θ minus train loss at the minimum θ* given by the normal equations, "
        "for a linear model with squared loss."
    ),
    "start_distance": Definition("‖θ − θ₀‖₂, the distance from the starting values.", every_step=True),
    "dead_units": Definition("Number of hidden units whose output is 0 on every training sample.", whole=True),
    "saturated_units": Definition(
        "Number of units, those of the output included, with |σ′| < 0.01 on at least 95 % of the training samples.",
        whole=True,
    ),
    "linear_pieces": Definition(
        "Number of linear pieces of a ReLU network of one input, on its data's domain.", whole=True
    ),
    "hessian_max": Definition(
        "Largest eigenvalue of the train loss's Hessian; [d] is that of layer d's diagonal block.",
        per_layer=True,
        costly=True,
    ),
    "hessian_min": Definition(
        "Smallest eigenvalue of the train loss's Hessian; [d] is that of layer d's diagonal block.",
        per_layer=True,
        costly=True,
    ),
    "chord_violations": Definition(
        "Share of random chords through parameter space on which the train loss at the midpoint lies above "
        "the chord, all of θ moving.",
        costly=True,
    ),
    "chord_violations_last": Definition(
        "Share of random chords through parameter space on which the train loss at the midpoint lies above "
        "the chord, only the last layer moving.",
        costly=True,
    ),
    "gradient_variance": Definition(
        "Trace of the variance of the batch gradient over the batches of the present epoch, at θ.", costly=True
    ),
    "gradient_angle": Definition(
        "Angle between the gradients of the next batch and of the whole training part, at θ, in degrees.", costly=True
    ),
    "diverged_at": Definition("Step whose update or loss is not finite, else null.", every_step=True, whole=True),
}

FIRST_STEP = "first_step(…): first step at which the comparison in the brackets holds, else null."


def references(name: str, layers: int) -> list[Quantity]:
    """A quantity of one lane as it is written, `name`, and of each of so many layers, `name[d]`, where it has them."""
    indices = range(1, layers + 1) if QUANTITIES[name].per_layer else ()
    return [Quantity(None, name, index) for index in (None, *indices)]


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
