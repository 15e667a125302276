"""Every mistake that is known by name, in words for a learner."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from nncore.arrays import Array
from nncore.mistakes.terms import Terms
from nncore.parameters import SUBSCRIPTS


def sub(number: int) -> str:
    """₁₂ for 12."""
    return str(number).translate(SUBSCRIPTS)


@dataclass(frozen=True)
class Mistake:
    """A named wrong way to compute something.

    words: one plain sentence. Its fields are d, the layer, below and above, those beside it, and k, another, as
    subscripts; layer and other, d and k as numbers; m samples; value, the term that is wrong; and what else a wrong
    way says of itself.
    """

    id: str
    words: str

    def said(self, layer: int, m: int, about: Mapping[str, Any], value: str = "") -> str:
        """The sentence, for a layer and a batch of m samples; `about` may hold k and other fields."""
        below = {"d": sub(layer), "below": sub(layer - 1), "above": sub(layer + 1)}
        other = {"k": sub(about["k"]), "other": about["k"]} if "k" in about else {}
        return self.words.format_map({"layer": layer, "m": m, "value": value, **about, **below, **other})


@dataclass(frozen=True, eq=False)
class Wrong:
    """What one wrong way makes of a step's values.

    shows: the term that is wrong, as far as there is one for each entry; about: fields of the mistake's words.
    """

    terms: Terms
    shows: Array | float | None
    about: Mapping[str, Any]


Wrongs = Iterator[Wrong]
"""The variants of one mistake, none where it cannot be made."""


def wrong(terms: Terms, shows: Array | float | None = None, **about: Any) -> Wrong:
    return Wrong(terms, shows, about)


MISTAKES = {
    mistake.id: mistake
    for mistake in (
        # activations
        Mistake("no-bias", "the bias is missing: add b{d}{value}"),
        Mistake("bias-twice", "the bias is added twice: add b{d}{value} once"),
        Mistake("no-activation", "the activation function is missing: take {name} of a{k}"),
        Mistake("wrong-activation", "this is {name} of a{d}: layer {layer} has {own}"),
        Mistake("activation-of-other-layer", "{what} belongs to layer {other}: take {own} of a{d}"),
        Mistake("weights-transposed", "W{k} is used the wrong way round: {right}"),
        # loss
        Mistake("no-half", "the ½ is missing{where}"),
        Mistake("sum-for-mean", "this is the sum over the batch: take the mean, divide by the {m} samples"),
        Mistake("mean-for-sum", "this is a mean over the {over}: take their sum"),
        Mistake("loss-sign", "the sign of the loss is the wrong way round"),
        Mistake("squared-on-logits", "a{d} is compared with y: {right}"),
        Mistake("penalty-missing", "the penalty is missing: add {penalty}{value}"),
        Mistake("penalty-on-biases", "the penalty acts on biases too: only weights have one"),
        # error signals
        Mistake("no-derivative", "σ′ is missing: multiply by σ′(a{d}){value}"),
        Mistake("derivative-of-z", "σ′ is taken at z{d}: take σ′(a{d}){value}"),
        Mistake("derivative-of-a", "a{d} stands in place of z{d} in {formula}: take σ′(a{d}){value}"),
        Mistake(
            "derivative-of-other-layer", "σ′ is that of layer {other}: take that of layer {layer}, σ′(a{d}){value}"
        ),
        Mistake("weights-of-other-layer", "W{k} is used: δ{d} comes back through W{above}"),
        Mistake("updated-weights", "W{above} is used as it is after the update: take it as it was before"),
        Mistake("delta-sign", "the difference is the wrong way round: z − y, not y − z"),
        Mistake("no-mean", "the mean over the batch is missing: divide by the {m} samples"),
        Mistake("mean-twice", "the mean over the batch is taken twice: divide by the {m} samples once"),
        Mistake("no-target", "the target is missing: subtract y{value}"),
        # gradients
        Mistake("gradient-transposed", "the gradient is transposed: a row for each unit of layer {layer}, as in W{d}"),
        Mistake("input-of-other-layer", "z{k} is used: what goes into layer {layer} is z{below}"),
        Mistake("own-output", "z{d} is used, what comes out of layer {layer}: take what goes in, z{below}"),
        Mistake("one-sample", "this is sample {sample} alone: sum over all {m} of the batch"),
        Mistake("bias-not-summed", "the error signals are not summed: add δ{d} of all {m} samples"),
        Mistake("bias-mean", "this is the mean of δ{d} over the samples: take the sum"),
        Mistake("bias-one-sum", "this is one sum over all units: each bias has the sum of its own unit's δ{d}"),
        Mistake("bias-from-weights", "this is a sum over ∂W{d}: a bias takes the sum of δ{d} over the samples"),
        # updates
        Mistake("uphill", "the sign is wrong: subtract, to go downhill"),
        Mistake("no-learning-rate", "the learning rate is missing: multiply by α{value}"),
        Mistake(
            "gradient-of-other-layer", "the gradient is that of layer {other}: take that of layer {layer}, g{value}"
        ),
        Mistake("dampening", "the gradient is damped by 1 − μ: v ← μ·v + g takes it whole"),
        Mistake("velocity-lost", "the step before is forgotten: go on from its {what}{value}"),
        Mistake("no-look-ahead", "this is plain momentum: Nesterov's takes g + μ·v, with the new velocity v{value}"),
        Mistake("no-bias-correction", "the bias correction is missing: divide {what} by 1 − βᵗ"),
        Mistake("step-from-zero", "t is one too small in 1 − βᵗ{where}: this update has t = {t}"),
        Mistake("epsilon-inside-root", "ε stands inside the root: add it to the root"),
        Mistake("decay-coupled", "the weight decay is added once more: the gradient holds l2·W{value} already"),
        Mistake(
            "decay-decoupled",
            "the weight decay acts beside the optimizer: the gradient holds l2·W{value}, and passes through it",
        ),
        Mistake("previous-gradient", "the gradient is that of the step before: take that of this step, g{value}"),
        # anything
        Mistake("factor", "yours is the true one times {times}"),
        Mistake("sign", "the sign is the wrong way round"),
        # code
        Mistake("in-place", "the function changes its arguments: work on a copy"),
        Mistake("shape", "the shape is {found}: it should be {expected}"),
        Mistake("not-finite", "this is not a finite number"),
        Mistake("raises", "the function raises an error"),
        Mistake("too-slow", "the function takes too long"),
        Mistake("unfinished", "the function is not written yet"),
    )
}
