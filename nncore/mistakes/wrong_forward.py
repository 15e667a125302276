"""The forward pass and the wrong ways through it: pre-activations, activations, the loss."""

from __future__ import annotations

import numpy as np

from nncore.activations import ACTIVATIONS, SOFTMAX
from nncore.arrays import Array
from nncore.mistakes.catalogue import Wrongs, sub, wrong
from nncore.mistakes.step_values import StepValues, activated
from nncore.mistakes.terms import FINE, SHOWN, Terms


def pre_activation(s: StepValues) -> Terms:
    """z_{d−1} W_dᵀ + b_d (m, out)."""
    return _pre_activation(s, s.z(s.d - 1), s.w(s.d))


def _pre_activation(s: StepValues, z: Array, w: Array) -> Terms:
    return Terms.of(z) @ w.T + s.b(s.d)


def _no_bias(s: StepValues) -> Wrongs:
    yield wrong(Terms.of(s.z(s.d - 1)) @ s.w(s.d).T, s.b(s.d))


def _bias_twice(s: StepValues) -> Wrongs:
    yield wrong(pre_activation(s) + s.b(s.d), s.b(s.d))


def _input_not_activated(s: StepValues) -> Wrongs:
    k = s.d - 1
    if k:
        yield wrong(_pre_activation(s, s.a(k), s.w(s.d)), k=k, name=s.activation(k).name)


def _weights_transposed(s: StepValues) -> Wrongs:
    if s.square:
        yield wrong(_pre_activation(s, s.z(s.d - 1), s.w(s.d).T), k=s.d, right="a unit takes its row, not its column")


def activation(s: StepValues) -> Terms:
    """σ_d(a_d) (m, out)."""
    return activated(s.activation(s.d), s.a(s.d))


def _no_activation(s: StepValues) -> Wrongs:
    yield wrong(Terms.of(s.a(s.d)), k=s.d, name=s.activation(s.d).name)


def _wrong_activation(s: StepValues) -> Wrongs:
    own = s.activation(s.d).name
    for other in (*ACTIVATIONS.values(), SOFTMAX):
        if other.name not in ("linear", own):
            yield wrong(activated(other, s.a(s.d)), name=other.name, own=own)


def _activation_of_other_layer(s: StepValues) -> Wrongs:
    own = s.activation(s.d)
    for k in s.others:
        other = s.activation(k)
        if other.name != "linear":
            yield wrong(activated(other, s.a(s.d)), k=k, what=other.name, own=own.name)
        if s.a(k).shape == s.a(s.d).shape:
            yield wrong(activated(own, s.a(k)), k=k, what=f"a{sub(k)}", own=own.name)


def _sample_losses(s: StepValues) -> Terms:
    """ℓ of every sample (m,), as well as it can be told from the outputs as they are shown."""
    a, z, y = s.a(s.depth), s.z(s.depth), s.trace.targets
    values = s.model.loss.value(a, z, y)
    if s.model.loss.from_logits:
        logarithms = y + (1.0 - y) * np.minimum(0.1 / (1.0 - z), 400.0)  # of z, and of 1 − z with z in four digits
        return Terms(values, np.abs(values) + SHOWN * logarithms.sum(-1))
    slope = np.empty_like(z)
    s.model.loss.derivative(z, y, slope)
    return Terms(values, np.abs(values) + FINE + SHOWN * (np.abs(slope) * (np.abs(z) + np.abs(y))).sum(-1))


def _over_batch(s: StepValues, losses: Terms, half: float = 0.5, on: Array | float | None = None) -> Terms:
    """Sample losses, summed or averaged, with the penalties half·l2·Σ W² and l1·Σ|W| of θ · `on`."""
    settings, loss = s.trace.settings, losses.sum() * s.scale
    if not s.penalized:
        return loss
    weights = s.trace.theta * (s.model.penalized if on is None else on)
    penalty = half * settings.l2 * np.square(weights).sum() + settings.l1 * np.abs(weights).sum()
    return loss + np.asarray(penalty)


def loss(s: StepValues) -> Terms:
    """The batch's loss, with penalties ()."""
    return _over_batch(s, _sample_losses(s))


def _no_half(s: StepValues) -> Wrongs:
    losses, squared = _sample_losses(s), s.model.loss.formula.startswith("½")
    if squared:
        yield wrong(_over_batch(s, losses * 2.0), where=f": {s.model.loss.formula}")
    if s.trace.settings.l2:
        yield wrong(_over_batch(s, losses, half=1.0), where=" in the penalty: ½·l2·Σ W²")
        if squared:
            yield wrong(_over_batch(s, losses * 2.0, half=1.0), where=", in the loss and in the penalty")


def _sum_for_mean(s: StepValues) -> Wrongs:
    if s.averaged:
        yield wrong(_over_batch(s, _sample_losses(s) * s.m))


def _mean_for_sum(s: StepValues) -> Wrongs:
    outputs = s.layer.fan_out
    yield wrong(_over_batch(s, _sample_losses(s) * (1.0 / outputs)), over=f"{outputs} outputs")
    if not s.averaged:
        yield wrong(_over_batch(s, _sample_losses(s) * (1.0 / s.m)), over=f"{s.m} samples")


def _loss_sign(s: StepValues) -> Wrongs:
    yield wrong(_over_batch(s, _sample_losses(s) * -1.0))
    yield wrong(loss(s) * -1.0)


def _squared_on_logits(s: StepValues) -> Wrongs:
    own = s.model.loss.name.replace("_", " ")
    errors = Terms.of(0.5 * np.square(s.a(s.depth) - s.trace.targets).sum(-1))
    yield wrong(_over_batch(s, errors), right=f"take z{sub(s.d)}" if own == "squared" else f"the loss is {own}")


def _penalty_missing(s: StepValues) -> Wrongs:
    settings, alone = s.trace.settings, _over_batch(s, _sample_losses(s) * 0.0).value
    parts = [f"½·{settings.l2:g}·Σ W²"] * bool(settings.l2) + [f"{settings.l1:g}·Σ|W|"] * bool(settings.l1)
    if parts:
        yield wrong(_over_batch(s, _sample_losses(s), on=0.0), alone, penalty=" + ".join(parts))


def _penalty_on_biases(s: StepValues) -> Wrongs:
    if s.penalized:
        yield wrong(_over_batch(s, _sample_losses(s), on=1.0))


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
