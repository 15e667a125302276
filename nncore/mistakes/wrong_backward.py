"""The backward pass and the wrong ways through it: error signals, gradients of weights and of biases."""

from __future__ import annotations

import numpy as np

from nncore.arrays import Array
from nncore.mistakes.catalogue import Wrongs, sub, wrong
from nncore.mistakes.step_values import StepValues, derived
from nncore.mistakes.terms import Terms


def _from_loss(s: StepValues, z: Array, y: Array) -> Terms:
    """The loss's derivative (m, outputs), times 1/m of a mean: a difference z − y has two terms."""
    out = np.empty_like(z)
    s.model.loss.derivative(z, y, out)
    return Terms(out, np.where(out == z - y, np.abs(z) + np.abs(y), np.abs(out))) * s.scale


def _from_above(s: StepValues, w: Array) -> Terms:
    """δ_{d+1} times the weights of the layer above."""
    return Terms.of(s.delta(s.d + 1)) @ w


def _signal(s: StepValues) -> Terms:
    """What is multiplied by σ′(a_d) to make δ_d, (m, out)."""
    if s.at_output:
        return _from_loss(s, s.z(s.d), s.trace.targets)
    return _from_above(s, s.w(s.d + 1))


def _squash(s: StepValues, signal: Terms) -> Terms:
    return signal.through(s.derivative) if s.squashed else signal


def delta(s: StepValues) -> Terms:
    """δ_d (m, out): what comes back to the layer, through σ′(a_d)."""
    return _squash(s, _signal(s))


def _no_derivative(s: StepValues) -> Wrongs:
    if s.squashed:
        yield wrong(_signal(s), s.derivative)


def _derivative_of_z(s: StepValues) -> Wrongs:
    if s.squashed:
        yield wrong(_signal(s).through(derived(s.activation(s.d), s.z(s.d))), s.derivative)


def _derivative_of_a(s: StepValues) -> Wrongs:
    sigma, a = s.activation(s.d), s.a(s.d)
    if s.squashed and "a" not in sigma.derivative_formula:
        instead = derived(sigma, a, z=a)
        yield wrong(_signal(s).through(instead), s.derivative, formula=f"σ′ = {sigma.derivative_formula}")


def _derivative_of_other_layer(s: StepValues) -> Wrongs:
    for k in s.others:
        sigma = s.activation(k)
        if s.squashed and sigma.name not in ("linear", "softmax"):
            yield wrong(_signal(s).through(derived(sigma, s.a(s.d))), s.derivative, k=k)
            if s.a(k).shape == s.a(s.d).shape:
                yield wrong(_signal(s).through(derived(sigma, s.a(k))), s.derivative, k=k)


def _weights_of_other_layer(s: StepValues) -> Wrongs:
    if not s.at_output:
        for k in range(1, s.depth + 1):
            if k != s.d + 1 and s.w(k).shape == s.w(s.d + 1).shape:
                yield wrong(_squash(s, _from_above(s, s.w(k))), k=k)


def _weights_transposed(s: StepValues) -> Wrongs:
    if not s.at_output and s.model.layers[s.d].fan_in == s.model.layers[s.d].fan_out:
        right = "on the way back a unit takes its column, not its row"
        yield wrong(_squash(s, _from_above(s, s.w(s.d + 1).T)), k=s.d + 1, right=right)


def _updated_weights(s: StepValues) -> Wrongs:
    if not s.at_output and s.loop.after is not None:
        yield wrong(_squash(s, _from_above(s, s.model.network.split(s.loop.after)[s.d][0])))


def _delta_sign(s: StepValues) -> Wrongs:
    if s.at_output:
        yield wrong(delta(s) * -1.0)


def _squared_on_logits(s: StepValues) -> Wrongs:
    if s.at_output:
        yield wrong(_squash(s, _from_loss(s, s.a(s.d), s.trace.targets)), right=f"take z{sub(s.d)}")


def _no_target(s: StepValues) -> Wrongs:
    if s.at_output:
        y = s.trace.targets
        yield wrong(_squash(s, _from_loss(s, s.z(s.d), np.zeros_like(y))), y)


def _delta_no_mean(s: StepValues) -> Wrongs:
    if s.averaged:
        yield wrong(delta(s) * s.m)


def _delta_mean_twice(s: StepValues) -> Wrongs:
    if s.averaged:
        yield wrong(delta(s) * (1.0 / s.m))


def weight_gradient(s: StepValues) -> Terms:
    """δ_dᵀ z_{d−1}, with penalties (out, in)."""
    return _with_penalty(s, _products(s, s.z(s.d - 1)))


def _products(s: StepValues, z: Array) -> Terms:
    """δ_dᵀ z."""
    return Terms.of(s.delta(s.d).T) @ z


def _with_penalty(s: StepValues, gradient: Terms) -> Terms:
    """A gradient with penalties, where it has the shape of W_d."""
    w = s.w(s.d)
    return gradient + s.penalty_gradient(w) if gradient.value.shape == w.shape else gradient


def _gradient_transposed(s: StepValues) -> Wrongs:
    yield wrong(weight_gradient(s).transposed)
    if s.square:
        yield wrong(_with_penalty(s, _products(s, s.z(s.d - 1)).transposed))


def _input_of_other_layer(s: StepValues) -> Wrongs:
    for k in range(s.depth + 1):
        if k not in (s.d - 1, s.d):
            yield wrong(_with_penalty(s, _products(s, s.z(k))), k=k)


def _own_output(s: StepValues) -> Wrongs:
    yield wrong(_with_penalty(s, _products(s, s.z(s.d))))


def _one_sample_of_weights(s: StepValues) -> Wrongs:
    for row in s.rows:
        product = Terms.of(np.outer(s.delta(s.d)[row], s.z(s.d - 1)[row]))
        for factor in {1.0, 1.0 / s.scale}:
            yield wrong(_with_penalty(s, product * factor), sample=s.trace.indices[row])


def _penalty_missing(s: StepValues) -> Wrongs:
    settings = s.trace.settings
    parts = [f"{settings.l2:g}·W"] * bool(settings.l2) + [f"{settings.l1:g}·sign(W)"] * bool(settings.l1)
    if parts:
        missing = s.penalty_gradient(s.w(s.d)).value
        yield wrong(_products(s, s.z(s.d - 1)), missing, penalty=" + ".join(parts))


def _weights_no_mean(s: StepValues) -> Wrongs:
    if s.averaged:
        yield wrong(_with_penalty(s, _products(s, s.z(s.d - 1)) * s.m))


def _weights_mean_twice(s: StepValues) -> Wrongs:
    if s.averaged:
        yield wrong(_with_penalty(s, _products(s, s.z(s.d - 1)) * (1.0 / s.m)))


def bias_gradient(s: StepValues) -> Terms:
    """Σ over the samples of δ_d (out,)."""
    return Terms.of(s.delta(s.d)).sum(0)


def _one_sample_of_biases(s: StepValues) -> Wrongs:
    for row in s.rows:
        for factor in {1.0, 1.0 / s.scale}:
            yield wrong(Terms.of(s.delta(s.d)[row]) * factor, sample=s.trace.indices[row])


def _bias_not_summed(s: StepValues) -> Wrongs:
    yield wrong(Terms.of(s.delta(s.d)))
    if not s.whole:
        for row in s.rows:
            yield wrong(Terms.of(s.delta(s.d)[row]))


def _bias_mean(s: StepValues) -> Wrongs:
    yield wrong(bias_gradient(s) * (1.0 / s.m))


def _biases_no_mean(s: StepValues) -> Wrongs:
    if s.averaged:
        yield wrong(bias_gradient(s) * s.m)


def _bias_one_sum(s: StepValues) -> Wrongs:
    one_sum = bias_gradient(s).sum()
    yield wrong(one_sum * np.ones(s.layer.fan_out))
    yield wrong(one_sum)


def _bias_from_weights(s: StepValues) -> Wrongs:
    yield wrong(_products(s, s.z(s.d - 1)).sum(1))
    if s.penalized:
        yield wrong(weight_gradient(s).sum(1))


def _penalty_on_biases(s: StepValues) -> Wrongs:
    if s.penalized:
        yield wrong(bias_gradient(s) + s.penalty_gradient(s.b(s.d)))


WRONG_DELTAS = {
    "no-derivative": _no_derivative,
    "derivative-of-z": _derivative_of_z,
    "derivative-of-a": _derivative_of_a,
    "derivative-of-other-layer": _derivative_of_other_layer,
    "weights-of-other-layer": _weights_of_other_layer,
    "weights-transposed": _weights_transposed,
    "updated-weights": _updated_weights,
    "delta-sign": _delta_sign,
    "no-mean": _delta_no_mean,
    "mean-twice": _delta_mean_twice,
    "no-target": _no_target,
    "squared-on-logits": _squared_on_logits,
}
WRONG_WEIGHT_GRADIENTS = {
    "gradient-transposed": _gradient_transposed,
    "input-of-other-layer": _input_of_other_layer,
    "own-output": _own_output,
    "one-sample": _one_sample_of_weights,
    "penalty-missing": _penalty_missing,
    "no-mean": _weights_no_mean,
    "mean-twice": _weights_mean_twice,
}
WRONG_BIAS_GRADIENTS = {
    "one-sample": _one_sample_of_biases,
    "bias-not-summed": _bias_not_summed,
    "bias-mean": _bias_mean,
    "no-mean": _biases_no_mean,
    "bias-one-sum": _bias_one_sum,
    "bias-from-weights": _bias_from_weights,
    "penalty-on-biases": _penalty_on_biases,
}
