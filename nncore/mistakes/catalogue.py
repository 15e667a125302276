"""Every mistake that is known by name, in words for a learner."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from nncore.mistakes.terms import Terms
from nncore.parameters import SUBSCRIPTS


@dataclass(frozen=True)
class Mistake:
    """A named wrong way to compute something.

    words: one plain sentence; its fields are the layer d, the layers below and above, m samples, and what a wrong
    way says of itself: another layer k, a sample, a function by name, a factor.
    """

    id: str
    words: str

    def said(self, d: int, m: int, about: dict[str, object]) -> str:
        """The sentence for layer d of a batch of m samples; numbers of layers are written below the line."""
        layers = {"d": d, "below": d - 1, "above": d + 1, **about}
        below = {
            name: str(layers[name]).translate(SUBSCRIPTS) for name in ("d", "below", "above", "k") if name in layers
        }
        return self.words.format_map({"m": m, "layer": d, "other": about.get("k"), **about, **below})


@dataclass(frozen=True, eq=False)
class Wrong:
    """What one wrong way makes of a step's values; `about` are fields of the mistake's words."""

    terms: Terms
    about: dict[str, object]


Wrongs = Iterator[Wrong]


def wrong(terms: Terms, **about: object) -> Wrong:
    return Wrong(terms, about)


MISTAKES = {
    mistake.id: mistake
    for mistake in (
        # activations
        Mistake("no-bias", "the bias is missing: add b{d}"),
        Mistake("bias-twice", "the bias is added twice: add b{d} once"),
        Mistake("no-activation", "the activation function is missing: take {name} of a{k}"),
        Mistake("wrong-activation", "this is {name} of a{d}, but layer {layer} has {own}"),
        Mistake("activation-of-other-layer", "{what} belongs to layer {other}, not to layer {layer}"),
        Mistake("weights-transposed", "W{k} is used the wrong way round: {right}"),
        # loss
        Mistake("no-half", "the ½ is missing{where}"),
        Mistake("sum-for-mean", "this is the sum over the batch: take the mean, divide by the {m} samples"),
        Mistake("mean-for-sum", "this is a mean over the {over}: take their sum"),
        Mistake("loss-sign", "the sign of the loss is the other way round"),
        Mistake("squared-on-logits", "this is the squared error of a{d}{right}"),
        Mistake("penalty-missing", "the penalty is missing: add {penalty}"),
        Mistake("penalty-on-biases", "the penalty acts on the biases too: only weights have one"),
        # error signal
        Mistake("no-derivative", "σ′ is missing: multiply by σ′(a{d})"),
        Mistake("derivative-of-z", "σ′ is taken at z{d}: take it at a{d}"),
        Mistake("derivative-of-a", "{formula} is written with z{d}, and a{d} stands in its place"),
        Mistake("derivative-of-other-layer", "σ′ is that of layer {other}: take σ′(a{d}) of layer {layer}"),
        Mistake("weights-of-other-layer", "W{k} is used: the error signal comes back through W{above}"),
        Mistake("updated-weights", "W{above} is used as it is after the update: take it as it was before"),
        Mistake("delta-sign", "the difference is the wrong way round: z − y, not y − z"),
        Mistake("no-mean", "the mean over the batch is missing: divide by the {m} samples"),
        Mistake("mean-twice", "the mean over the batch is taken twice: δ holds 1/{m} already"),
        Mistake("no-target", "the target is missing: subtract y"),
        # gradients
        Mistake("gradient-transposed", "the gradient is transposed: W{d} has a row for each unit of layer {layer}"),
        Mistake("input-of-other-layer", "z{k} is used: the input of layer {layer} is z{below}"),
        Mistake("own-output", "z{d} is used, the layer's own output: its input is z{below}"),
        Mistake("one-sample", "this is sample {sample} of the batch alone: sum over all {m}"),
        Mistake("bias-not-summed", "the error signals are not summed: add those of all {m} samples"),
        Mistake("bias-mean", "this is the mean of δ{d} over the batch: take the sum"),
        Mistake("bias-one-sum", "this is one sum over all units: each bias has the sum of its own unit's δ{d}"),
        Mistake("bias-from-weights", "this is a sum over ∂W{d}: a bias takes the sum of δ{d} over the samples"),
        # update
        Mistake("uphill", "the sign is wrong: subtract, to go downhill"),
        Mistake("no-learning-rate", "the learning rate is missing: multiply by α"),
        Mistake("gradient-of-other-layer", "the gradient is that of layer {other}: take that of layer {layer}"),
        Mistake("dampening", "the gradient enters the velocity times 1 − μ: here it enters whole"),
        Mistake("velocity-lost", "the velocity is not carried on: add μ times the one before"),
        Mistake("no-look-ahead", "this is plain momentum: Nesterov's adds μ times the new velocity to the gradient"),
        Mistake("no-bias-correction", "the bias correction is missing: divide by 1 − βᵗ"),
        Mistake("step-from-zero", "t is one too small: the first update has t = 1"),
        Mistake("epsilon-inside-root", "ε stands inside the root: add it after the root"),
        Mistake("decay-coupled", "the weight decay is added to the gradient once more: it is in there already"),
        Mistake("decay-decoupled", "the weight decay acts apart from the optimizer: here it is a part of the gradient"),
        Mistake("previous-gradient", "this is the gradient of the step before: take that of this step"),
        # anything
        Mistake("factor", "yours is the true one times {factor}"),
        Mistake("sign", "the sign is the other way round"),
        # of code alone
        Mistake("in-place", "the function changes its arguments: work on a copy"),
        Mistake("shape", "its shape is {found}, and should be {expected}"),
        Mistake("not-finite", "it is not a finite number"),
        Mistake("raises", "the function raises an error"),
        Mistake("too-slow", "the function takes too long"),
        Mistake("unfinished", "the function is not written yet"),
    )
}
