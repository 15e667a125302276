"""Wrong ways through the forward pass: pre-activations, activations, the loss."""

from __future__ import annotations

import numpy as np

from nncore.activations import ACTIVATIONS, SOFTMAX
from nncore.arrays import Array
from nncore.mistakes.catalogue import Wrongs, wrong
from nncore.mistakes.step_values import StepValues, activated
from nncore.mistakes.terms import FINE, Terms
from nncore.parameters import SUBSCRIPTS


def pre_activation(s: StepValues) -> Terms:
    """z_{d−1} W_dᵀ + b_d."""
    return Terms.of(s.z(s.d - 1)) @ s.w(s.d).T + s.b(s.d)


def _no_bias(s: StepValues) -> Wrongs:
    yield wrong(Terms.of(s.z(s.d - 1)) @ s.w(s.d).T)


def _bias_twice(s: StepValues) -> Wrongs:
    yield wrong(pre_activation(s) + s.b(s.d))


def _input_not_activated(s: StepValues) -> Wrongs:
    if s.d > 1:
        below = s.d - 1
        yield wrong(Terms.of(s.a(below)) @ s.w(s.d).T + s.b(s.d), k=below, name=s.activation(below).name)


def _weights_transposed(s: StepValues) -> Wrongs:
    w = s.w(s.d)
    if w.shape[0] == w.shape[1]:
        yield wrong(Terms.of(s.z(s.d - 1)) @ w + s.b(s.d), k=s.d, right="each unit takes a row of it")


def activation(s: StepValues) -> Terms:
    """σ_d(a_d)."""
    return activated(s.activation(s.d), s.a(s.d))


def _no_activation(s: StepValues) -> Wrongs:
    yield wrong(Terms.of(s.a(s.d)), k=s.d, name=s.activation(s.d).name)


def _wrong_activation(s: StepValues) -> Wrongs:
    for other in (*ACTIVATIONS.values(), SOFTMAX):
        if other.name not in ("linear", s.activation(s.d).name):
            yield wrong(activated(other, s.a(s.d)), name=other.name, own=s.activation(s.d).name)


def _activation_of_other_layer(s: StepValues) -> Wrongs:
    for k in s.others():
        other = s.activation(k)
        if other.name != "linear":
            yield wrong(activated(other, s.a(s.d)), k=k, what=f"this is {other.name}, which")
        if s.a(k).shape == s.a(s.d).shape:
            what = f"the pre-activation a{str(k).translate(SUBSCRIPTS)}"
            yield wrong(activated(s.activation(s.d), s.a(k)), k=k, what=what)


def _sample_losses(s: StepValues) -> Array:
    """ℓ of every sample, (m,)."""
    values: Array = s.model.loss.value(s.a(s.depth), s.z(s.depth), s.trace.targets)
    return values


def _over_batch(s: StepValues, losses: Array, half: float = 0.5, on: Array | None = None) -> Terms:
    """Sample losses summed or averaged, with the penalties `half`·l2·Σ W² and l1·Σ|W| on some entries of θ."""
    on = s.model.penalized if on is None else on
    settings, weights = s.trace.settings, s.trace.theta * on
    data = Terms(losses, np.abs(losses) + FINE).sum() * s.scale
    return data + half * settings.l2 * np.square(weights).sum() + settings.l1 * np.abs(weights).sum()


def loss(s: StepValues) -> Terms:
    """The batch's loss, with penalties."""
    return _over_batch(s, _sample_losses(s))


def _no_half(s: StepValues) -> Wrongs:
    if "½ Σ" in s.model.loss.formula:
        yield wrong(_over_batch(s, 2.0 * _sample_losses(s)), where=": the loss is half the sum of squares")
    if s.trace.settings.l2:
        yield wrong(_over_batch(s, _sample_losses(s), 1.0), where=" in the penalty: it is ½·l2·Σ W²")
        if "½ Σ" in s.model.loss.formula:
            yield wrong(_over_batch(s, 2.0 * _sample_losses(s), 1.0), where=", of the squares and of the penalty")


def _sum_for_mean(s: StepValues) -> Wrongs:
    if s.averaged:
        yield wrong(_over_batch(s, s.m * _sample_losses(s)))


def _mean_for_sum(s: StepValues) -> Wrongs:
    if not s.averaged:
        yield wrong(_over_batch(s, _sample_losses(s) / s.m), over=f"{s.m} samples")
    outputs = s.trace.targets.shape[1]
    yield wrong(_over_batch(s, _sample_losses(s) / outputs), over=f"{outputs} outputs")


def _loss_sign(s: StepValues) -> Wrongs:
    yield wrong(_over_batch(s, -_sample_losses(s)))
    yield wrong(loss(s) * -1.0)


def _squared_on_logits(s: StepValues) -> Wrongs:
    errors = 0.5 * np.square(s.a(s.depth) - s.trace.targets).sum(-1)
    yield wrong(_over_batch(s, errors), right=_wanted_loss(s))


def _wanted_loss(s: StepValues) -> str:
    name = s.model.loss_name.replace("_", " ")
    return ": take that of z" if name == "squared" else f": the loss is {name}"


def _penalty_missing(s: StepValues) -> Wrongs:
    if s.penalized:
        yield wrong(_over_batch(s, _sample_losses(s), on=np.zeros(())), penalty=_penalty(s))


def _penalty(s: StepValues) -> str:
    """The penalty in symbols."""
    settings = s.trace.settings
    parts = ("½·l2·Σ W²" if settings.l2 else "", "l1·Σ |W|" if settings.l1 else "")
    return " + ".join(part for part in parts if part)


def _penalty_on_biases(s: StepValues) -> Wrongs:
    if s.penalized:
        yield wrong(_over_batch(s, _sample_losses(s), on=np.ones(())))


WRONG_PRE_ACTIVATIONS = {
    "no-bias": _no_bias,
    "bias-twice": _bias_twice,
    "no-activation": _input_not_activated,
    "weights-transposed": _weights_transposed,
}
WRONG_ACTIVATIONS = {
    "no-activation": _no_activation,
    "wrong-activation": _wrong_activation,
    "activation-of-other-layer": _activation_of_other_layer,
}
WRONG_LOSSES = {
    "no-half": _no_half,
    "sum-for-mean": _sum_for_mean,
    "mean-for-sum": _mean_for_sum,
    "loss-sign": _loss_sign,
    "squared-on-logits": _squared_on_logits,
    "penalty-missing": _penalty_missing,
    "penalty-on-biases": _penalty_on_biases,
}
