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
    "step": Definition("the number t of completed updates", every_step=True, whole=True, of_lane=False),
    "epoch": Definition(
        "completed passes over the training samples; with lanes of different batch sizes, the fewest of them",
        every_step=True,
        whole=True,
        of_lane=False,
    ),
    "train_loss": Definition("the loss on the whole training part, with the L1 and L2 penalties"),
    "test_loss": Definition("the loss on the whole test part, without penalties"),
    "train_accuracy": Definition("the share of the training samples put in the right class"),
    "test_accuracy": Definition("the share of the test samples put in the right class"),
    "batch_loss": Definition("the loss of step t on its batch, before the update, with penalties", every_step=True),
    "grad_norm": Definition(
        "‖g‖₂ of that step's gradient, of all layers or of layer d: with penalties, 0 for frozen layers",
        per_layer=True,
        every_step=True,
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
    "start_distance": Definition("‖θ − θ₀‖₂, the distance from the starting values", every_step=True),
    "dead_units": Definition("hidden units that are exactly 0 on every training sample", whole=True),
    "saturated_units": Definition(
        "units, the output's included, with abs(σ′) < 0.01 on at least 95 % of the training samples", whole=True
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
    "diverged_at": Definition("the step whose loss or update was not finite", every_step=True, whole=True),
}


def meaning_in(text: str) -> str:
    """The quantity that a text names last and what it means, "step: the number …"; empty where it names none."""
    named = [name for name in re.findall(r"\w+", text) if name in QUANTITIES]
    return f"{named[-1]}: {QUANTITIES[named[-1]].meaning}" if named else ""


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
